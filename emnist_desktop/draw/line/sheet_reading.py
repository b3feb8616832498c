"""Reading a sheet beside the window, while it is written on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.draw.recognizer_source import Opener
from emnist_desktop.ui.task import Context, LatestTask
from trainer.errors import BundleError
from trainer.ink.strokes import Ink
from trainer.recognition.language import TextLanguage
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Memory
from trainer.writing.sheet_reader import SheetReader
from trainer.writing.sheet_text import SheetLine, SheetWord


class SheetReading(QObject):
    """Reads with a recogniser of its own, which is opened when there is something to read.

    A recogniser that knows other characters than a line has is replaced by the bundled one.

    Signals
    -------
    read : object, object
        The `Ink` and its lines, a tuple of `SheetLine`; of the newest ink only.
    failed : object
        The error for which nothing can be read.
    replaced : bool
        Whether the bundled recogniser reads in the place of the one that is in use.
    """

    read = Signal(object, object)
    failed = Signal(object)
    replaced = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: Callable[[], tuple[SheetReader, bool]] | None = None
        self._memory: Memory | None = None
        self._task = LatestTask(self, self._on_read, self.failed.emit)

    def use(self, openers: Sequence[Opener], language: TextLanguage) -> None:
        """Read with the first recogniser that can read lines, in a language."""
        self._open = _kept(openers, language)

    def use_memory(self, memory: Memory | None) -> None:
        """Read with what was learned of a person with the first of the recognisers."""
        self._memory = memory

    def ask(self, ink: Ink, fixed: Sequence[SheetWord]) -> None:
        """Read a sheet with its fixed words; an older one that is not read yet is dropped."""
        opened, memory = self._open, self._memory
        if opened is not None:

            def work(_: Context) -> tuple[Ink, tuple[SheetLine, ...], bool]:
                reader, is_replaced = opened()
                reader.use(None if is_replaced else memory)
                return ink, reader.read(ink, fixed), is_replaced

            self._task.ask(work)

    @Slot(object)
    def _on_read(self, answer: tuple[Ink, tuple[SheetLine, ...], bool]) -> None:
        ink, lines, is_replaced = answer
        self.replaced.emit(is_replaced)
        self.read.emit(ink, lines)


def _kept(
    openers: Sequence[Opener], language: TextLanguage
) -> Callable[[], tuple[SheetReader, bool]]:
    """Return what opens a reader when it is first called, and returns it again later."""
    made: list[tuple[SheetReader, bool]] = []

    def opened() -> tuple[SheetReader, bool]:
        if not made:
            made.append(_opened(openers, language))
        return made[0]

    return opened


def _opened(openers: Sequence[Opener], language: TextLanguage) -> tuple[SheetReader, bool]:
    for opener in openers[:-1]:
        try:
            return SheetReader(LineReader(opener(), language)), False
        except BundleError:
            continue
    return SheetReader(LineReader(openers[-1](), language)), len(openers) > 1
