"""Reading while one draws: at once with a network, beside the window with a classic model.

A classic model answers from a child process and may take a second. It is asked about one drawing
at a time; of the drawings that come meanwhile the newest is asked about next.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.ui.task import Context, Task
from trainer.errors import BundleError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognition, Recognizer

_Question = tuple[Recognizer, Ink, CharacterSet]


class LiveRecognition(QObject):
    """Asks a recogniser about drawings.

    Signals
    -------
    recognized : object
        The `Recognition` of the drawing that was asked about last.
    failed : object, bool
        A `BundleError`: the recogniser cannot answer any more; and False: none takes its place.
    """

    recognized = Signal(object)
    failed = Signal(object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: _Question | None = None
        self._next: _Question | None = None
        self._task = Task(self)
        self._task.succeeded.connect(self._on_answered)
        self._task.failed.connect(self._on_failed)

    @property
    def is_waiting(self) -> bool:
        """Whether the drawing is not read yet."""
        return self._next is not None or self._asked is not None

    def ask(self, recognizer: Recognizer, ink: Ink, reading: CharacterSet) -> None:
        """Read a drawing; `recognized` follows, before this returns if it takes no time."""
        if not recognizer.bundle.is_classic:
            self._next = self._asked = None
            self.recognized.emit(recognizer.recognize(ink, reading))
            return
        self._next = (recognizer, ink, reading)
        if not self._task.is_running:
            self._begin()

    def close(self) -> None:
        """Wait for the answer under way and drop it."""
        self._next = self._asked = None
        self._task.close()

    def _begin(self) -> None:
        self._asked, self._next = self._next, None
        if self._asked is None:
            return
        recognizer, ink, reading = self._asked

        def read(_: Context) -> Recognition:
            try:
                return recognizer.recognize(ink, reading)
            except (OSError, ValueError) as error:  # its pipes were closed: another one is in use
                raise BundleError("{bundle} has ended.").format(
                    bundle=recognizer.bundle.name
                ) from error

        self._task.start(read)

    @Slot(object)
    def _on_answered(self, recognition: Recognition) -> None:
        is_wanted = self._asked is not None and self._next is None
        self._begin()
        if is_wanted:
            self.recognized.emit(recognition)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        is_wanted = self._asked is not None and self._next is None
        self._begin()
        if is_wanted:
            known = isinstance(error, BundleError)
            self.failed.emit(
                error if known else BundleError("It cannot answer: {reason}.").format(reason=error),
                False,
            )
