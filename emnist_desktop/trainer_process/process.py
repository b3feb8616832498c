"""A command of the trainer in a child process: started and ended from the window's thread.

Code that may block, in a thread or a shell, uses `trainer.processes.trainer_process`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QObject,
    QProcess,
    QProcessEnvironment,
    Slot,
)

from emnist_desktop.ui.task import MOST_MILLISECONDS
from trainer.files.paths import Profile
from trainer.processes.launch import trainer_command
from trainer.processes.trainer_process import child_environment, put_behind

_MOST_LINES = 1000
"""Of the child's standard error that are kept."""


class TrainerChild(QObject):
    """Runs one child at a time; usable again after each end.

    Parameters
    ----------
    profile : Profile
        Where the child finds datasets and runs.
    program : sequence of str, optional
        What starts the trainer; by default this interpreter, or, frozen, the program itself.
    """

    is_behind = False
    """Whether the child runs at a lower priority than the window."""

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
        self._killed: list[QProcess] = []
        self._errors: deque[str] = deque(maxlen=_MOST_LINES)
        self._rest = b""

    @property
    def is_running(self) -> bool:
        """Whether a child is running."""
        return self._process is not None

    def shutdown(self) -> None:
        """Kill the child and wait for its process; it emits nothing more."""
        self.drop()
        self.wait(QDeadlineTimer(MOST_MILLISECONDS))

    def drop(self) -> None:
        """Kill the child without waiting; it emits nothing more."""
        if self._process is not None:
            self._process.kill()
            self._killed.append(self._process)
            self._process = None

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for killed processes; one that goes on, where a disk stalls, is left behind.

        Qt would wait half a minute for it: see `lingers`.
        """
        for process in self._killed:
            process.waitForFinished(max(0, deadline.remainingTime()))
            if process.state() is QProcess.ProcessState.NotRunning:
                process.deleteLater()
            else:
                process.setParent(QCoreApplication.instance())
        self._killed.clear()

    @property
    def _error_output(self) -> str:
        return "\n".join(self._errors)

    def _launch(self, arguments: Sequence[str]) -> None:
        """Start a child; kills the one before."""
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

    def _handle_line(self, line: str) -> None:
        """Handle a line of standard error."""
        self._errors.append(line)

    def _end(self, output: str, code: int | None) -> None:
        """Handle the end: the rest of standard output, and the exit status; None after a crash."""
        raise NotImplementedError

    def _fail(self, message: str, hint: str) -> None:
        """Report that the child has ended without a result."""
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
            self._handle_line(line.decode("utf-8", "replace"))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        self._on_error_ready()
        self._handle_line(self._rest.decode("utf-8", "replace"))
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
