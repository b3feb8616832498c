"""One character after the other: the request, a sheet to draw on, and what looks wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPalette, QPen, QShortcut
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from emnist_desktop.draw.canvas import Canvas
from emnist_desktop.settings import COLLECT_PAUSE, PEN_WIDTH, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import bold, plain_label, push_button
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.errors import DatasetError
from trainer.hand.collecting import Collecting
from trainer.hand.quality import Doubt, Quality, quality
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognizer

_TOPIC = "collecting"
_LETTER_PIXELS = 72
_GUIDES = (0.3, 0.7)
"""Heights of the guides, from the top: of capitals, and of the line to write on."""


class GuidedCanvas(Canvas):
    """A sheet with two lines to write between while it is empty."""

    @override
    def paint_empty(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1.0))
        for share in _GUIDES:
            height = round(share * self.height()) + 0.5
            painter.drawLine(QLineF(0, height, self.width(), height))


class RequestPage(QWidget):
    """Asks for the characters of a `Collecting`.

    Parameters
    ----------
    collecting : Collecting
    recognizer : Recognizer or None
        Looks at the drawings; None if there is none that answers at once.
    settings : Settings
    banner : Banner
        Shows errors.

    Signals
    -------
    finished
        All characters were asked for.
    """

    finished = Signal()

    def __init__(
        self,
        collecting: Collecting,
        recognizer: Recognizer | None,
        settings: Settings,
        banner: Banner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._collecting, self._recognizer = collecting, recognizer
        self._settings, self._banner = settings, banner
        self._earlier: tuple[Ink, ...] = ()
        self._quality = Quality()
        self._asked: set[tuple[str, Doubt]] = set()
        self.letter, self.name = QLabel(), plain_label()
        font = self.letter.font()
        font.setPixelSize(_LETTER_PIXELS)
        self.letter.setFont(font)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress"))
        self.count = QLabel()
        self.question = bold(plain_label())
        self.question.setMinimumHeight(2 * self.question.fontMetrics().lineSpacing())
        self.canvas = GuidedCanvas()
        self.canvas.set_pen_width(settings.get(PEN_WIDTH))
        self.canvas.setAccessibleDescription(self.tr("Draw the character that is asked for."))
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._on_paused)
        self.back = self._button(self.tr("Back"), "Left", self.go_back)
        self.clear = self._button(self.tr("Clear"), "Del", self.canvas.clear)
        self.skip = self._button(self.tr("Skip"), "Right", self.go_on)
        self.next = self._button(self.tr("Next"), "Return", self.take)
        for key in ("Enter", "Space"):
            self._shortcut(key, self.take)
        self.canvas.history_changed.connect(self._look)
        self.canvas.drawing_changed.connect(self._wait)
        self._lay_out()

    def begin(self) -> None:
        """Ask for the character at which the collecting is."""
        self._asked.clear()
        self._show_request()

    @Slot()
    def take(self) -> None:
        """Keep the drawing and go on; ask once where something looks wrong."""
        self._pause.stop()
        character = self._collecting.state.character
        if self.canvas.is_empty:
            self.question.setText(self.tr("Draw {0}, or skip it.").format(character))
            return
        doubt = self._quality.doubt
        if doubt is not None and (character, doubt) not in self._asked:
            self._asked.add((character, doubt))
            self.question.setText(self._doubt_text(character))
            return
        self._step(lambda: self._collecting.keep(self.canvas.ink()))

    @Slot()
    def go_on(self) -> None:
        """Leave the character out."""
        self._step(self._collecting.skip)

    @Slot()
    def go_back(self) -> None:
        """Ask for the character before again, with its drawing."""
        if self._collecting.state.position == 0:
            return
        drawn: list[Ink] = []
        if self._step(lambda: drawn.append(self._collecting.back())):
            self.canvas.set_ink(drawn[0])
            self._pause.stop()

    def act(self, act: Callable[[], object]) -> bool:
        """Do something that writes; return whether that worked, after showing the error if not."""
        try:
            act()
        except DatasetError as error:
            self._banner.show_error(error, str(error), topic=_TOPIC)
            return False
        self._banner.withdraw(_TOPIC)
        return True

    def _step(self, act: Callable[[], object]) -> bool:
        if not self.act(act):
            return False
        self._show_request()
        return True

    def _show_request(self) -> None:
        state = self._collecting.state
        self.canvas.clear()
        self._pause.stop()
        self.question.setText("")
        character = state.character
        if not character:
            self.finished.emit()
            return
        self._earlier = tuple(
            each.ink for each in self._collecting.samples.live() if each.character == character
        )
        self.letter.setText(character)
        self.name.setText(self._name_of(character))
        self.canvas.setAccessibleName(self.tr("Draw: {0}").format(self._name_of(character)))
        self.progress.setRange(0, len(state))
        self.progress.setValue(state.position)
        text = self.tr("{0:,} of {1:,} · round {2} of {3}")
        round_ = state.position // len(state.characters) + 1
        self.count.setText(fill_in(text, state.position + 1, len(state), round_, state.rounds))
        self.back.setEnabled(state.position > 0)
        self.canvas.setFocus()

    @Slot()
    def _look(self) -> None:
        self.question.setText("")
        ink, character = self.canvas.ink(), self._collecting.state.character
        if not ink.is_empty:
            self._quality = quality(ink, character, self._earlier, self._recognizer)

    @Slot()
    def _wait(self) -> None:
        seconds = self._settings.get(COLLECT_PAUSE)
        if self.canvas.is_empty or seconds <= 0:
            self._pause.stop()
            return
        share = 0.5 if self._quality.is_sure else 1.0
        self._pause.start(round(1000 * share * seconds))

    @Slot()
    def _on_paused(self) -> None:
        if self.canvas.is_drawing:
            self._wait()
        elif not self.question.text():
            self.take()

    def _doubt_text(self, character: str) -> str:
        if self._quality.doubt is Doubt.EMPTY:
            text = self.tr("That is hardly more than a dot.")
        elif self._quality.doubt is Doubt.SAME:
            text = self.tr("That is the same drawing as before.")
        else:
            text = self.tr("That looks like {0}.").format(self._quality.looks_like)
        rest = self.tr("Next keeps it as {0}; Clear lets you draw it again.").format(character)
        return f"{text} {rest}"

    def _name_of(self, character: str) -> str:
        if character.isdecimal():
            return self.tr("digit {0}").format(character)
        if character.isupper():
            return self.tr("capital {0}").format(character)
        return self.tr("small {0}").format(character) if character.islower() else character

    def _button(self, text: str, key: str, slot: Callable[[], object]) -> QPushButton:
        name = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        button = push_button(text, f"{text} ({name})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        self._shortcut(key, slot)
        return button

    def _shortcut(self, key: str, slot: Callable[[], object]) -> None:
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(key), self, slot, context=within)

    def _lay_out(self) -> None:
        self.letter.setMinimumWidth(_LETTER_PIXELS + 2 * SPACING)
        self.letter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        request = hbox(self.letter, (vbox(1, self.name, self.count, self.progress, 1), 1))
        buttons = hbox(self.back, self.clear, self.skip, 1, self.next)
        self.setLayout(vbox(request, (self.canvas, 1), self.question, buttons))
