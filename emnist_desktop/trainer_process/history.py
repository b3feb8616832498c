"""The events of a run so far, in the form in which they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.runs import events
from trainer.runs.folder import RunFolder

Counts = npt.NDArray[np.int64]
"""Of shape (n_classes, n_classes): rows true, columns predicted."""

Curve = npt.NDArray[np.float64]
"""Of shape (n, 2): epochs, value."""

MOST_POINTS = 1500
"""Batches that are remembered; beyond it every second is dropped."""

_TINY = 1e-9


@dataclass
class History:
    """Collects the events of one run; a resumed run's epochs replace the lost ones.

    A warning is not its `last` event: one may follow a pause or the end.
    """

    started: events.Started | None = None
    last: events.Event | None = None
    last_batch: events.Batch | None = None
    last_progress: events.Progress | None = None
    resources: events.Resources | None = None
    warnings: list[events.Warned] = field(default_factory=list)
    epochs: dict[int, events.Epoch] = field(default_factory=dict)
    confusions: dict[int, Counts] = field(default_factory=dict)
    _batches: list[tuple[float, float, float]] = field(default_factory=list)

    def add(self, read: Iterable[events.Event]) -> None:
        """Add events."""
        for event in read:
            if not isinstance(event, events.Warned):
                self.last = event
            match event:
                case events.Started():
                    self._begin(event)
                case events.Batch():
                    self._add_batch(event)
                case events.Progress():
                    self.last_progress = event
                case events.Resources():
                    self.resources = event
                case events.Warned():
                    self.warnings.append(event)
                case events.Epoch():
                    self.epochs[event.epoch] = event
                case events.Confusion():
                    self.confusions[event.epoch] = np.array(event.matrix, dtype=np.int64)

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The characters of the classes; empty before the start."""
        return () if self.started is None else self.started.alphabet

    @property
    def best(self) -> events.Epoch | None:
        """The epoch whose weights the run keeps."""
        return events.kept_epoch(self.epochs)

    @property
    def is_paused(self) -> bool:
        """Whether the trainer waits for a request."""
        return isinstance(self.last, events.Paused)

    def batch_curve(self, name: str) -> Curve:
        """Return the loss or the accuracy of the batches, against the epochs done.

        They are means since the beginning of their epoch; between two epochs stands a NaN.
        """
        column = ("epoch", "loss", "accuracy").index(name)
        curve = np.array([(row[0], row[column]) for row in self._batches]).reshape(-1, 2)
        breaks = np.flatnonzero(np.diff(np.ceil(curve[:, 0] - _TINY)) > 0) + 1
        return np.insert(curve, breaks, np.nan, axis=0)

    def epoch_curve(self, name: str) -> Curve:
        """Return a field of the epochs, against their numbers."""
        ordered = sorted(self.epochs)
        rows = [(number, getattr(self.epochs[number], name)) for number in ordered]
        return np.array(rows, dtype=np.float64).reshape(-1, 2)

    def _begin(self, event: events.Started) -> None:
        self.started = event
        self.last_batch = self.last_progress = self.resources = None
        first = event.first_epoch
        self.epochs = {n: epoch for n, epoch in self.epochs.items() if n < first}
        self.confusions = {n: matrix for n, matrix in self.confusions.items() if n < first}
        self._batches = [row for row in self._batches if row[0] <= first - 1]

    def _add_batch(self, event: events.Batch) -> None:
        self.last_batch = event
        share = event.batch / max(event.batches, 1)
        self._batches.append((event.epoch - 1 + share, event.loss, event.accuracy))
        if len(self._batches) > MOST_POINTS:
            del self._batches[::2]


def read_history(root: Path) -> History:
    """Read the whole history of a run from its folder."""
    history = History()
    history.add(RunFolder(root).events())
    return history
