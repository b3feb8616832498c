"""One command of the trainer in a child process: what a page asks for, and its answer."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.trainer_process.process import TrainerChild
from trainer.errors import error_of, from_json
from trainer.files.paths import Profile

logger = logging.getLogger(__name__)

_PRIORITY = 5
"""Niceness of the child: the window comes first."""


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

    def __init__(
        self,
        profile: Profile,
        parent: QObject | None = None,
        program: Sequence[str] | None = None,
    ) -> None:
        super().__init__(profile, parent, program)
        self._errors: list[str] = []
        self._rest = b""

    def start(self, arguments: list[str]) -> None:
        """Begin a command, such as ``["evaluate", "--data", "starter"]``; ends the one before."""
        process = self._make_process()
        process.started.connect(self._on_started)
        self._errors, self._rest = [], b""
        self._start(process, [*arguments, "--json", "--progress"])

    def cancel(self) -> None:
        """End the command under way, if any; `cancelled` follows at once."""
        if self._process is not None:
            self.close()
            self.cancelled.emit()

    @Slot()
    def _on_started(self) -> None:
        if self._process is not None and sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.processId(), _PRIORITY)

    @Slot()
    def _on_error_ready(self) -> None:
        if self._process is None:
            return
        received = self._rest + bytes(self._process.readAllStandardError().data())
        *lines, self._rest = received.split(b"\n")
        for line in lines:
            self._read(line.decode("utf-8", "replace"))

    def _read(self, line: str) -> None:
        progress = _progress_of(line)
        if progress is None:
            self._errors.append(line)
        else:
            done, total, phase = progress
            self.progressed.emit(done, total, error_text(phase))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        self._on_error_ready()
        self._read(self._rest.decode("utf-8", "replace"))
        output = bytes(process.readAllStandardOutput().data())
        self._process = None
        process.deleteLater()
        result = _object_of(output) if status is QProcess.ExitStatus.NormalExit else None
        if code == 0 and result is not None:
            self.succeeded.emit(result)
            return
        message, hint = self._reason()
        logger.info("A command failed: %s %s\n%s", message, hint, "\n".join(self._errors[-20:]))
        self._fail(message, hint)

    def _fail(self, message: str, hint: str) -> None:
        self.failed.emit(error_text(message), error_text(hint))

    def _reason(self) -> tuple[str, str]:
        """Return the sentence and the hint that the command left on standard error."""
        if told := error_of("\n".join(self._errors)):
            return told.message, told.hint
        lines = [line for line in self._errors if line.strip()]
        if lines and not lines[0].startswith(("Traceback", " ")):
            return lines[-1], ""
        return self.tr("The trainer ended unexpectedly."), self._log_hint()


def _progress_of(line: str) -> tuple[int, int, str] | None:
    if not line.startswith('{"done"'):
        return None
    try:
        record = from_json(json.loads(line))
        return int(record["done"]), int(record["total"]), record["phase"]
    except (ValueError, TypeError, KeyError):
        return None


def _object_of(output: bytes) -> dict[str, Any] | None:
    """Return the JSON object on the last line of what was printed."""
    lines = output.decode("utf-8", "replace").strip().splitlines()
    try:
        record = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return from_json(record) if isinstance(record, dict) else None
