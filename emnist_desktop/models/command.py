"""One command of the trainer in a child process: what a page asks for, and its answer."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

from trainer.paths import PROFILE_VARIABLE, Profile
from trainer.program import trainer_command

logger = logging.getLogger(__name__)

_PRIORITY = 5
"""Niceness of the child: the window comes first."""

_SECONDS_TO_END = 5.0
_HINT = "Hint: "
"""How the command line begins the line after an error."""


class Command(QObject):
    """Runs one command at a time; usable again after each end.

    Parameters
    ----------
    profile : Profile
        Where the command finds datasets and runs.
    program : list of str, optional
        What starts the trainer; by default this interpreter, or, frozen, the program itself.

    Signals
    -------
    progressed : int, int, str
        Steps done, steps in all (0 if unknown), and what is being done.
    succeeded : dict
        What the command printed as JSON.
    failed : str, str
        A sentence and a hint.
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
        program: list[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._program = program or trainer_command()
        self._process: QProcess | None = None
        self._errors: list[str] = []
        self._rest = b""

    @property
    def is_running(self) -> bool:
        """Whether a command is under way."""
        return self._process is not None

    def start(self, arguments: list[str]) -> None:
        """Begin a command, such as ``["evaluate", "--data", "starter"]``; ends the one before."""
        self._end()
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert(PROFILE_VARIABLE, str(self._profile.root))
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.readyReadStandardError.connect(self._on_error_ready)
        process.started.connect(self._on_started)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error_occurred)
        self._errors, self._rest = [], b""
        self._process = process
        process.start(self._program[0], [*self._program[1:], *arguments, "--json", "--progress"])

    def cancel(self) -> None:
        """End the command under way, if any; `cancelled` follows at once."""
        if self._process is not None:
            self._end()
            self.cancelled.emit()

    def close(self) -> None:
        """End the command and wait for its process, before the window goes."""
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.waitForFinished(int(_SECONDS_TO_END * 1000))
        process.deleteLater()

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
            self.progressed.emit(*progress)

    @Slot(QProcess.ProcessError)
    def _on_error_occurred(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._process.deleteLater()
            self._process = None
            self.failed.emit(self.tr("The trainer cannot be started: {0}.").format(reason), "")

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
        self.failed.emit(message, hint)

    def _reason(self) -> tuple[str, str]:
        """Return the sentence and the hint that the command left on standard error."""
        lines = [line for line in self._errors if line.strip()]
        for place, line in enumerate(lines):
            if line.startswith(_HINT) and place:
                return lines[place - 1], line.removeprefix(_HINT)
        if lines and not lines[0].startswith(("Traceback", " ")):
            return lines[-1], ""
        return (
            self.tr("The trainer ended unexpectedly."),
            self.tr("The log says more: Help, Open log folder."),
        )


def _progress_of(line: str) -> tuple[int, int, str] | None:
    if not line.startswith('{"done"'):
        return None
    try:
        record = json.loads(line)
        return int(record["done"]), int(record["total"]), str(record["phase"])
    except (ValueError, TypeError, KeyError):
        return None


def _object_of(output: bytes) -> dict[str, Any] | None:
    """Return the JSON object on the last line of what was printed."""
    lines = output.decode("utf-8", "replace").strip().splitlines()
    try:
        record = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
