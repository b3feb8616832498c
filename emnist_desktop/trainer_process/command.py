"""One command of the trainer in a child process: its arguments, its progress and its result."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import Signal

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.trainer_process.process import TrainerChild
from trainer.files.records import RecordError, decode, parse
from trainer.processes.trainer_process import error_of, json_answer, last_words

logger = logging.getLogger(__name__)


class Command(TrainerChild):
    """Runs one command at a time; usable again after each end.

    Signals
    -------
    progressed : int, int, str
        Steps done, steps in all (0 if unknown), and what is being done, in the window's language.
    succeeded : dict
        What the command printed as JSON.
    failed : str, str
        A sentence and a hint, likewise.
    cancelled
        It was ended by `cancel`.
    """

    progressed = Signal(int, int, str)
    succeeded = Signal(dict)
    failed = Signal(str, str)
    cancelled = Signal()

    is_behind = True

    def start(self, arguments: list[str]) -> None:
        """Start a command, such as ``["evaluate", "--data", "starter"]``; kills the one before."""
        self._launch([*arguments, "--json", "--progress"])

    def cancel(self) -> None:
        """Cancel the command under way, if any; `cancelled` follows at once."""
        if self._process is not None:
            self.shutdown()
            self.cancelled.emit()

    def _handle_line(self, line: str) -> None:
        progress = _progress_of(line)
        if progress is None:
            super()._handle_line(line)
        else:
            done, total, phase = progress
            self.progressed.emit(done, total, error_text(phase))

    def _end(self, output: str, code: int | None) -> None:
        result = json_answer(output)
        if code == 0 and result is not None:
            self.succeeded.emit(result)
            return
        message, hint = last_words(self._error_output)
        is_sentence = code is not None and not self._error_output.lstrip("\n").startswith(
            ("Traceback", " ")
        )
        if not message or not (is_sentence or error_of(self._error_output)):
            message, hint = self.tr("The trainer ended unexpectedly."), self._log_hint()
        logger.info("A command failed: %s %s\n%s", message, hint, self._error_output)
        self._fail(message, hint)

    def _fail(self, message: str, hint: str) -> None:
        self.failed.emit(error_text(message), error_text(hint))


def _progress_of(line: str) -> tuple[int, int, str] | None:
    if not line.startswith('{"done"'):
        return None
    try:
        record = decode(dict[str, Any], parse(line))
        figures = [record.get(name) for name in ("done", "total", "phase")]
        return decode(tuple[int, int, str], figures)
    except RecordError:
        return None
