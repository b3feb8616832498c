"""Recognition while drawing: at once with a network, beside the window with a classic model.

A classic model answers from a child process and may take a second. It is asked about one drawing
at a time; of the drawings that come meanwhile the newest is asked about next.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.ui.task import LatestTask
from trainer.errors import BundleError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognition, Recognizer

_Request = tuple[Recognizer, Ink, CharacterSet]


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
        self._task = LatestTask(self, self.recognized.emit, self._on_failed)

    def ask(self, recognizer: Recognizer, ink: Ink, character_set: CharacterSet) -> None:
        """Read a drawing: at once with a network, beside the window with a classic model."""
        if recognizer.bundle.is_classic:
            request = (recognizer, ink, character_set)
            self._task.ask(lambda _: _answer(request))
            self.postponed.emit(ink)
            return
        self._task.forget()
        try:
            recognition = recognizer.recognize(ink, character_set)
        except BundleError as error:
            self.failed.emit(error, False)
        else:
            self.recognized.emit(recognition)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        known = isinstance(error, BundleError)
        self.failed.emit(
            error if known else BundleError("It cannot answer: {reason}.").format(reason=error),
            False,
        )


def _answer(request: _Request) -> Recognition:
    recognizer, ink, character_set = request
    try:
        return recognizer.recognize(ink, character_set)
    except (OSError, ValueError) as error:  # its pipes were closed: another one is in use
        raise BundleError("{bundle} has ended.").format(bundle=recognizer.bundle.name) from error
