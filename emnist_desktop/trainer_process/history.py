"""The events of a run so far, in the form in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from emnist_desktop.ui.compat import override
from trainer.runs import events
from trainer.runs.events import RunHistory
from trainer.runs.folder import RunFolder

Curve = npt.NDArray[np.float64]
"""Of shape (n, 2): epochs, value."""

MOST_POINTS = 1500
"""Batches that are remembered; beyond it every second is dropped."""

_TINY = 1e-9


@dataclass
class History(RunHistory):
    """The events of one run, with what is shown while it goes on."""

    last_batch: events.Batch | None = None
    last_progress: events.Progress | None = None
    resources: events.Resources | None = None
    _batches: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The characters of the classes; empty before the start."""
        return () if self.started is None else self.started.alphabet

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

    @override
    def _take(self, event: events.Event) -> None:
        super()._take(event)
        match event:
            case events.Started():
                self.last_batch = self.last_progress = self.resources = None
                done = event.first_epoch - 1
                self._batches = [row for row in self._batches if row[0] <= done]
            case events.Batch():
                self._add_batch(event)
            case events.Progress():
                self.last_progress = event
            case events.Resources():
                self.resources = event

    def _add_batch(self, event: events.Batch) -> None:
        self.last_batch = event
        share = event.batch / max(event.batches, 1)
        self._batches.append((event.epoch - 1 + share, event.loss, event.accuracy))
        if len(self._batches) > MOST_POINTS:
            del self._batches[::2]


def read_history(root: Path) -> History:
    """Read the whole history of a run from its folder."""
    return History.of(RunFolder(root).events())
