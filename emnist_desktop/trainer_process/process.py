"""A command of the trainer in a child process of the window: its start, and how it fails."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, Slot

from emnist_desktop.ui.task import Context
from trainer.errors import JSON_VARIABLE, RunError, error_of, from_json
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.processes.launch import trainer_command, trainer_environment

_MILLISECONDS_TO_END = 5000


class TrainerChild(QObject):
    """Has one child at a time, and is usable again after each end.

    Parameters
    ----------
    profile : Profile
        Where the child finds datasets and runs.
    program : sequence of str, optional
        What starts the trainer; by default this interpreter, or, frozen, the program itself.
    """

    def __init__(
        self,
        profile: Profile,
        parent: QObject | None = None,
        program: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._program = list(program or trainer_command())
        self._process: QProcess | None = None

    @property
    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._process is not None

    def close(self) -> None:
        """End the child and wait for its process; nothing more is heard of it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(_MILLISECONDS_TO_END)
            process.deleteLater()

    def _make_process(self) -> QProcess:
        """Return a process that is connected and not yet started; ends the child before."""
        self.close()
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert(PROFILE_VARIABLE, str(self._profile.root))
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.insert(JSON_VARIABLE, "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardError.connect(self._on_error_ready)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error_occurred)
        self._process = process
        return process

    def _start(self, process: QProcess, arguments: Sequence[str]) -> None:
        process.start(self._program[0], [*self._program[1:], *arguments])

    def _fail(self, message: str, hint: str) -> None:
        """Tell that the child has ended without an answer."""
        raise NotImplementedError

    def _log_hint(self) -> str:
        return self.tr("The log says more: Help, Open log folder.")

    @Slot()
    def _on_error_ready(self) -> None:
        raise NotImplementedError

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        raise NotImplementedError

    @Slot(QProcess.ProcessError)
    def _on_error_occurred(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._process.deleteLater()
            self._process = None
            self._fail(self.tr("The trainer cannot be started: {0}.").format(reason), "")


_SECONDS_PER_LOOK = 0.1
_PRIORITY = 5
"""Niceness of the child: the window comes first."""


def creation_flags() -> int:
    """Return how Windows starts a child: behind the window, and without one of its own."""
    if sys.platform == "win32":
        return subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
    return 0


def put_behind(pid: int) -> None:
    """Let the window come first; Windows was told when the child was started."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, _PRIORITY)


def ask_trainer(arguments: Sequence[str], profile: Profile, context: Context) -> dict[str, Any]:
    """Run a command that prints one JSON object, and return it.

    Raises
    ------
    RunError
        What the trainer said instead.
    """
    with subprocess.Popen(
        [*trainer_command(), *arguments, "--json"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={
            **trainer_environment(),
            PROFILE_VARIABLE: str(profile.root),
            "PYTHONIOENCODING": "utf-8",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        creationflags=creation_flags(),
    ) as process:
        put_behind(process.pid)
        try:
            output, errors = _communicate(process, context)
        except BaseException:
            process.kill()
            raise
    try:
        return from_json(dict(json.loads(output.splitlines()[-1])))
    except (ValueError, TypeError, IndexError) as error:
        raise _said(errors) from error


def _communicate(process: subprocess.Popen[str], context: Context) -> tuple[str, str]:
    while True:
        context.check()
        try:
            return process.communicate(timeout=_SECONDS_PER_LOOK)
        except subprocess.TimeoutExpired:
            continue


def _said(errors: str) -> RunError:
    if told := error_of(errors):
        return RunError(told.message, told.hint)
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    unexplained = QCoreApplication.translate(
        "Child", "The trainer was ended from outside, or ran out of memory."
    )
    return RunError(lines[-1] if lines else unexplained)
