"""The Draw tab on a projector: a sheet, and the answer."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from emnist_desktop.draw.canvas import Canvas
from emnist_desktop.draw.live_recognition import LiveRecognition
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.format import probability_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.projector import BigText, Projector
from emnist_desktop.ui.style import MARGIN
from trainer.ink.alphabet import CharacterSet
from trainer.recognition.recognizer import Recognition, Recognizer

_PEN_FACTOR = 1.5


class DrawProjector(Projector):
    """A sheet of its own, and what is read; the drawing in the tab stays as it is."""

    def __init__(
        self,
        pen_width: float,
        recognizer: Recognizer | None,
        character_set: CharacterSet,
        parent: QWidget,
    ) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Projector: draw"))
        self._recognizer, self._character_set = recognizer, character_set
        self._live = LiveRecognition(self)
        self._live.recognized.connect(self._on_recognized)
        self.canvas = Canvas()
        self.canvas.set_pen_width(_PEN_FACTOR * pen_width)
        self.answer, self.sure, self.others = BigText(), BigText(), BigText()
        clear = push_button(self.tr("Clear"))
        clear.setShortcut("Del")
        clear.clicked.connect(self.canvas.clear)
        side = vbox((self.answer, 6), (self.sure, 1), (self.others, 1), hbox(1, clear))
        self.setLayout(hbox((self.canvas, 3), (side, 2), margins=MARGIN))
        self.canvas.drawing_changed.connect(self._on_drawing_changed)
        self.canvas.setFocus()

    @Slot()
    def _on_drawing_changed(self) -> None:
        if self.canvas.is_dot:
            self._show("", "", self.tr("A dot: draw the character larger"))
        elif self._recognizer is not None:
            self._live.ask(self._recognizer, self.canvas.ink(), self._character_set)

    @Slot(object)
    def _on_recognized(self, recognition: Recognition) -> None:
        first, *others = [
            (each.title, probability_text(each.probability)) for each in recognition.candidates[:3]
        ] or [("", "")]
        self._show(*first, "   ".join(" ".join(each) for each in others))

    def _show(self, answer: str, sure: str, others: str) -> None:
        self.answer.set_text(answer)
        self.sure.set_text(sure)
        self.others.set_text(others)
