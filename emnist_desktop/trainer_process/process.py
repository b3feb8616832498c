"""A command of the trainer in a child process of the window's thread: its start, and how it ends.

What may wait for its child, in a thread or a shell, uses `trainer.processes.trainer_process`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Slot

from trainer.files.paths import Profile
from trainer.processes.launch import trainer_command
from trainer.processes.trainer_process import child_environment, put_behind

_MILLISECONDS_TO_END = 5000
_MOST_LINES = 1000
"""Of what the child says on standard error that are kept."""


class TrainerChild(QObject):
    """Has one child at a time, and is usable again after each end.

    Parameters
    ----------
    profile : Profile
        Where the child finds datasets and runs.
    program : sequence of str, optional
        What starts the trainer; by default this interpreter, or, frozen, the program itself.
    """

    is_behind = False
    """Whether the child gets the processor after the window."""

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
        self._errors: deque[str] = deque(maxlen=_MOST_LINES)
        self._rest = b""

    @property
    def is_running(self) -> bool:
        """Whether there is a child."""
        return self._process is not None

    def shutdown(self) -> None:
        """End the child and wait for its process; nothing more is heard of it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.waitForFinished(_MILLISECONDS_TO_END)
            process.deleteLater()

    close = shutdown

    @property
    def _said(self) -> str:
        """What the child has said on standard error."""
        return "\n".join(self._errors)

    def _launch(self, arguments: Sequence[str]) -> None:
        """Start a child; ends the one before."""
        self.shutdown()
        self._errors.clear()
        self._rest = b""
        process = self._process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in child_environment(self._profile.variables).items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.started.connect(self._on_started)
        process.readyReadStandardOutput.connect(self._on_output_ready)
        process.readyReadStandardError.connect(self._on_error_ready)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error_occurred)
        process.start(self._program[0], [*self._program[1:], *arguments])

    def _hear(self, line: str) -> None:
        """Take a line of standard error."""
        self._errors.append(line)

    def _end(self, output: str, code: int | None) -> None:
        """Take the end: what is left of standard output, and the exit status; None of a crash."""
        raise NotImplementedError

    def _fail(self, message: str, hint: str) -> None:
        """Tell that the child has ended without an answer."""
        raise NotImplementedError

    def _log_hint(self) -> str:
        return self.tr("The log says more: Help, Open log folder.")

    @Slot()
    def _on_started(self) -> None:
        if self._process is not None and self.is_behind:
            put_behind(self._process.processId())

    @Slot()
    def _on_output_ready(self) -> None:
        """Leave standard output until the end."""

    @Slot()
    def _on_error_ready(self) -> None:
        if self._process is None:
            return
        received = self._rest + bytes(self._process.readAllStandardError().data())
        *lines, self._rest = received.split(b"\n")
        for line in lines:
            self._hear(line.decode("utf-8", "replace"))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        self._on_error_ready()
        self._hear(self._rest.decode("utf-8", "replace"))
        output = bytes(process.readAllStandardOutput().data()).decode("utf-8", "replace")
        self._process = None
        process.deleteLater()
        self._end(output, code if status is QProcess.ExitStatus.NormalExit else None)

    @Slot(QProcess.ProcessError)
    def _on_error_occurred(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._process.deleteLater()
            self._process = None
            self._fail(self.tr("The trainer cannot be started: {0}.").format(reason), "")
