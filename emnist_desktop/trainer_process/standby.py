"""A trainer kept on standby while the Training tab is shown, so that a run starts quickly."""

from __future__ import annotations

import contextlib
import subprocess
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from emnist_desktop.trainer_process.run_worker import Launch, train_launch
from emnist_desktop.ui.task import MOST_MILLISECONDS
from trainer.errors import TrainerError
from trainer.files.paths import Profile
from trainer.models.presets import PresetKind, preset
from trainer.processes.memory import available_memory
from trainer.processes.trainer_process import TrainerProcess
from trainer.runs.folder import RunFolder

WARM_BYTES = 620_000_000
"""Approximate memory of a trainer that has loaded TensorFlow and waits."""

_DELAY_MILLISECONDS = 1500
"""Whoever only passes by needs no trainer."""

_IDLE_MILLISECONDS = 10 * 60_000
"""After the tab was hidden for so long the trainer is stopped."""

_SPARE = 5
"""Multiple of `WARM_BYTES` that must be free: the training itself needs memory, too."""


class StandbyTrainer(QObject):
    """Starts a trainer when the tab is shown, and gives it the next run of a network.

    It is ended with the window, and also by the end of its input if the window dies.

    Parameters
    ----------
    profile : Profile
    tab : QWidget
        While it is shown a trainer is kept ready.
    is_wanted : bool
        False keeps none.
    """

    def __init__(self, profile: Profile, tab: QWidget, *, is_wanted: bool = True) -> None:
        super().__init__(tab)
        self._profile = profile
        self._tab = tab
        self._is_wanted = is_wanted and find_spec("tensorflow") is not None
        self._is_training = False
        self.child: TrainerProcess | None = None
        self._killed: TrainerProcess | None = None
        self._soon = QTimer(self, singleShot=True, interval=_DELAY_MILLISECONDS)
        self._soon.timeout.connect(self.warm)
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MILLISECONDS)
        self._idle.timeout.connect(self.stop)
        tab.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the tab being shown and hidden."""
        if event.type() == QEvent.Type.Show:
            self._idle.stop()
            self._soon.start()
        elif event.type() == QEvent.Type.Hide:
            self._soon.stop()
            self._idle.start()
        return super().eventFilter(watched, event)

    @Slot()
    def warm(self) -> None:
        """Start a trainer that waits, if none does and there is memory for it."""
        has_room = available_memory() > _SPARE * WARM_BYTES
        if self._is_wanted and not self._is_training and self.child is None and has_room:
            self.child = _start_trainer(self._profile)

    def launch(self, root: Path, profile: Profile) -> Launch:
        """Return how a run is started: by the trainer that waits, where there is one."""
        cold = train_launch(root, profile)
        if self.child is None or not _is_network(root):
            return cold
        child, self.child = self.child, None
        return Launch(cold.command, cold.variables, child)

    def set_training(self, is_training: bool) -> None:
        """Set whether a run is under way: then no other trainer competes with it."""
        self._is_training = is_training
        if not is_training and self._tab.isVisible():
            self._soon.start()

    def drop(self) -> None:
        """Kill the trainer and watch the tab no more."""
        self._tab.removeEventFilter(self)
        self._kill()

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for the trainer that was killed, which may end later where a disk stalls."""
        if self._killed is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._killed.wait(max(0, deadline.remainingTime()) / 1000)
            if self._killed.stdin is not None:
                self._killed.stdin.close()
            self._killed = None

    @Slot()
    def stop(self) -> None:
        """Stop the trainer, until the tab is shown again."""
        self._kill()
        self.wait(QDeadlineTimer(MOST_MILLISECONDS))

    def _kill(self) -> None:
        self._soon.stop()
        self._idle.stop()
        if self.child is not None:
            self.child.kill()
            self._killed, self.child = self.child, None


def _start_trainer(profile: Profile) -> TrainerProcess | None:
    try:
        return TrainerProcess(
            ("train", "--wait"),
            variables=profile.variables,
            is_behind=True,
            is_detached=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None  # a start will say what is wrong


def _is_network(root: Path) -> bool:
    try:
        return preset(RunFolder(root).config().preset).kind is PresetKind.NETWORK
    except TrainerError:
        return False
