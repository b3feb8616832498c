"""Reading while one draws: at once with a network, beside the window with a classic model.

A classic model answers from a child process and may take a second. It is asked about one drawing
at a time; of the drawings that come meanwhile the newest is asked about next.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.ui.task import Task
from trainer.errors import BundleError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognition, Recognizer

_Question = tuple[Recognizer, Ink, CharacterSet]


class LiveRecognition(QObject):
    """Asks a recogniser about drawings, and answers with signals only.

    Before `ask` returns it emits exactly one of `recognized`, `failed` and `postponed`. After
    `postponed` comes `recognized` or `failed`, once, unless another drawing is asked about before;
    so an answer always belongs to the drawing that was asked about last.

    Signals
    -------
    recognized : object
        The `Recognition` of the drawing.
    failed : object, bool
        A `BundleError`: the recogniser cannot answer any more; and False: none takes its place.
    postponed : object
        The `Ink`, which is being read beside the window.
    """

    recognized = Signal(object)
    failed = Signal(object, bool)
    postponed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: _Question | None = None
        self._next: _Question | None = None
        self._task = Task(self)
        self._task.succeeded.connect(self._on_answered)
        self._task.failed.connect(self._on_failed)

    def ask(self, recognizer: Recognizer, ink: Ink, reading: CharacterSet) -> None:
        """Read a drawing: at once with a network, beside the window with a classic model."""
        if recognizer.bundle.is_classic:
            self._next = (recognizer, ink, reading)
            if not self._task.is_running:
                self._begin()
            self.postponed.emit(ink)
            return
        self._next = self._asked = None
        try:
            recognition = recognizer.recognize(ink, reading)
        except BundleError as error:
            self.failed.emit(error, False)
        else:
            self.recognized.emit(recognition)

    def shutdown(self) -> None:
        """Wait for the answer under way and drop it."""
        self._next = self._asked = None
        self._task.close()

    def _begin(self) -> None:
        question = self._asked = self._next
        self._next = None
        if question is not None:
            self._task.start(lambda _: _answer(question))

    @Slot(object)
    def _on_answered(self, recognition: Recognition) -> None:
        if self._is_wanted():
            self.recognized.emit(recognition)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        if self._is_wanted():
            known = isinstance(error, BundleError)
            self.failed.emit(
                error if known else BundleError("It cannot answer: {reason}.").format(reason=error),
                False,
            )

    def _is_wanted(self) -> bool:
        """Tell whether the answer is about the newest drawing, and ask about a newer one."""
        is_wanted = self._asked is not None and self._next is None
        self._begin()
        return is_wanted


def _answer(question: _Question) -> Recognition:
    """Read a drawing with a classic model; blocks.

    Raises
    ------
    BundleError
        If the recogniser cannot any more.
    """
    recognizer, ink, reading = question
    try:
        return recognizer.recognize(ink, reading)
    except (OSError, ValueError) as error:  # its pipes were closed: another one is in use
        raise BundleError("{bundle} has ended.").format(bundle=recognizer.bundle.name) from error
