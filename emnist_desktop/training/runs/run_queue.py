"""The runs of this window: one trains, the others wait for their turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.trainer_process.run_worker import Launch, Outcome, RunWorker, train_launch
from emnist_desktop.training.runs.history import History
from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError
from trainer.files.paths import Profile
from trainer.runs import events
from trainer.runs.folder import Request, RunFolder

MakeLaunch = Callable[[Path, Profile], Launch]
"""From a run's folder and the profile to how its trainer is started."""


class RunQueue(QObject):
    """Starts runs one after the other, and follows those that somebody else has started.

    Parameters
    ----------
    profile : Profile
    launch : callable
        From a run's folder and the profile to how its trainer is started.

    Attributes
    ----------
    waiting : list of Path
        Folders of the runs whose turn comes, in order.

    Signals
    -------
    run_started : object
        Folder of a run that is followed from now on.
    run_changed : object
        Folder of a run that said something; `history_of` holds it.
    run_ended : object, object
        Folder and `Outcome`.
    """

    run_started = Signal(object)
    run_changed = Signal(object)
    run_ended = Signal(object, object)

    def __init__(
        self, profile: Profile, launch: MakeLaunch = train_launch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._launch = launch
        self._workers: dict[Path, RunWorker] = {}
        self._histories: dict[Path, History] = {}
        self.waiting: list[Path] = []

    @property
    def running(self) -> list[Path]:
        """Folders of the runs that are followed."""
        return list(self._workers)

    def history_of(self, root: Path) -> History | None:
        """Return what a followed run has said."""
        return self._histories.get(root)

    def add(self, root: Path) -> None:
        """Put a run at the end; it begins at once if none is training."""
        if root in self._workers or root in self.waiting:
            return
        self.waiting.append(root)
        self._begin_next()

    def remove(self, root: Path) -> None:
        """Take a run that waits out of the queue."""
        if root in self.waiting:
            self.waiting.remove(root)

    def attach(self, root: Path) -> None:
        """Follow a run that is trained already."""
        if root not in self._workers:
            self.remove(root)
            self._follow(root, None)

    def ask(self, root: Path, request: Request) -> None:
        """Ask the trainer of a run for something."""
        if root in self._workers:
            self._workers[root].ask(request)

    def close(self) -> None:
        """Stop following; the trainers go on."""
        self.waiting.clear()
        for worker in self._workers.values():
            worker.leave()
        self._workers.clear()

    def _begin_next(self) -> None:
        if self.waiting and not self._workers:
            root = self.waiting.pop(0)
            self._follow(root, self._launch(root, self._profile))

    def _follow(self, root: Path, launch: Launch | None) -> None:
        worker = self._workers[root] = RunWorker(root, launch, self)
        self._histories[root] = History()
        worker.events_read.connect(self._on_events_read)
        worker.ended.connect(self._on_run_ended)
        worker.start()
        self.run_started.emit(root)

    @Slot(object, object)
    def _on_events_read(self, root: Path, read: tuple[events.Event, ...]) -> None:
        if read and root in self._workers:
            self._histories[root].add(read)
            self.run_changed.emit(root)

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        worker = self._workers.pop(root, None)
        if worker is None:
            return
        worker.wait()
        worker.deleteLater()
        self.run_ended.emit(root, outcome)
        self._begin_next()


def new_run(runs: Path, config: TrainingConfig) -> Path:
    """Make the folder of a run, with its settings in it, and return it.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    stem = time.strftime(f"%Y-%m-%d-%H%M%S-{config.preset}")
    names = [stem, *(f"{stem}-{number}" for number in range(2, 100))]
    root = next(path for name in names if not (path := runs / name).exists())
    try:
        RunFolder(root).open(config, resume=False)
    except OSError as error:
        raise RunError(
            "The run's folder cannot be made: {reason}.",
            "Free some space, or choose another profile with --profile-dir.",
        ).format(reason=error.strerror or error) from error
    return root
