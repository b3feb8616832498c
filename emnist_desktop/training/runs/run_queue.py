"""The runs of this window: one trains, the others wait for their turn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QObject, Signal, Slot

from emnist_desktop.trainer_process.run_worker import Launch, Outcome, RunWorker, train_launch
from trainer.files.paths import Profile
from trainer.runs.folder import Request

MakeLaunch = Callable[[Path, Profile], Launch]
"""From a run's folder and the profile to how its trainer is started."""


class RunQueue(QObject):
    """Starts runs one after the other, and follows those started elsewhere.

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
        Folder of a run that is followed from now on; `worker_of` tells what it says.
    run_ended : object, object
        Folder and `Outcome`.
    """

    run_started = Signal(object)
    run_ended = Signal(object, object)

    def __init__(
        self, profile: Profile, launch: MakeLaunch = train_launch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._launch = launch
        self._workers: dict[Path, RunWorker] = {}
        self.waiting: list[Path] = []

    @property
    def running(self) -> list[Path]:
        """Folders of the runs that are followed."""
        return list(self._workers)

    def worker_of(self, root: Path) -> RunWorker | None:
        """Return the worker that follows a run; None without one."""
        return self._workers.get(root)

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
        """Send a request to the trainer of a run."""
        if root in self._workers:
            self._workers[root].ask(request)

    def drop(self) -> None:
        """Stop following; the trainers continue."""
        self.waiting.clear()
        for worker in self._workers.values():
            worker.leave()

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for those that followed."""
        for worker in self._workers.values():
            worker.wait_left(deadline)
        self._workers.clear()

    def _begin_next(self) -> None:
        if self.waiting and not self._workers:
            root = self.waiting.pop(0)
            self._follow(root, self._launch(root, self._profile))

    def _follow(self, root: Path, launch: Launch | None) -> None:
        worker = self._workers[root] = RunWorker(root, launch, self)
        worker.ended.connect(self._on_run_ended)
        worker.start()
        self.run_started.emit(root)

    @Slot(object, object)
    def _on_run_ended(self, root: Path, outcome: Outcome) -> None:
        worker = self._workers.pop(root, None)
        if worker is None:
            return
        worker.wait()
        worker.deleteLater()
        self.run_ended.emit(root, outcome)
        self._begin_next()
