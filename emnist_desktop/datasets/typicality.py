"""How typical samples are: their distances from the mean images, measured once a split."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from emnist_desktop.datasets.jobs import measure_distances
from emnist_desktop.ui.task import Task
from trainer.datasets.analysis.statistics import ClassDistances
from trainer.datasets.dataset import Dataset

_REMEMBERED = 4
"""Splits whose distances are kept, some 16 bytes a sample."""


class Typicality(QObject):
    """Measures distances beside the window, and remembers them.

    Signals
    -------
    progressed : object
        Share that is done, a float from 0 to 1.
    measured
        `of` knows more.
    failed : object
        The error.
    """

    progressed = Signal(object)
    measured = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._distances: dict[tuple[str, str], ClassDistances] = {}
        self._measuring = ("", "")
        self._task = Task(self)
        self._task.reported.connect(self.progressed)
        self._task.succeeded.connect(self._on_measured)
        self._task.failed.connect(self.failed)

    @property
    def is_running(self) -> bool:
        """Whether a split is being measured."""
        return self._task.is_running

    def of(self, name: str, split: str, data: Dataset) -> ClassDistances | None:
        """Return the distances of a split of a dataset; None if they were not measured.

        Those of fewer samples are of no use: my samples grow while they are measured.
        """
        known = self._distances.get((name, split))
        return known if known is not None and len(known.own) == len(data) else None

    def start(self, name: str, split: str, data: Dataset) -> None:
        """Measure a split."""
        self._measuring = name, split
        self._task.start(partial(measure_distances, data))

    def cancel(self) -> None:
        """Cancel measuring."""
        self._task.cancel()

    def forget(self, name: str) -> None:
        """Drop what is known of a dataset: it has changed, or is gone."""
        self._distances = {key: value for key, value in self._distances.items() if key[0] != name}

    @Slot(object)
    def _on_measured(self, distances: ClassDistances) -> None:
        self._distances[self._measuring] = distances
        while len(self._distances) > _REMEMBERED:
            del self._distances[next(iter(self._distances))]
        self.measured.emit()
