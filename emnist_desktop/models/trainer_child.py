"""A command of the trainer in a child process of the window: its start, and how it fails."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Slot

from trainer.paths import PROFILE_VARIABLE, Profile
from trainer.program import trainer_command

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
