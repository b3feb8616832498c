"""A moving average of a network's weights, which generalises better than the last weights.

Polyak and Juditsky 1992; in the exponential form of Tarvainen and Valpola 2017 (arXiv
1703.01780). The statistics of batch normalisation are averaged with the weights they belong to.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Weights = list[npt.NDArray[np.float32]]

WARM_UP = 10
"""The decay is at most n / (n + this) after n updates, so that early averages adapt faster."""

STEPS_PER_UPDATE = 10
"""Steps between two updates, or an epoch if that is less; an update takes about a millisecond."""


class AveragedWeights:
    """The averaged weights of a network.

    Parameters
    ----------
    weights : list of ndarray
        Initial value of the average.
    epochs : float
        Time constant in epochs; 0 for no averaging.
    n_batches : int
        Steps of an epoch.
    """

    def __init__(self, weights: Weights, epochs: float, n_batches: int) -> None:
        self.weights = [weight.copy() for weight in weights]
        self.updates = 0
        self._horizon = epochs * n_batches / _interval(n_batches)

    def is_due(self, before: int, done: int, n_batches: int) -> bool:
        """Return whether the steps of an epoch from one number to another reach an update."""
        interval = _interval(n_batches)
        return bool(self._horizon) and before // interval < done // interval

    def update(self, weights: Weights) -> None:
        """Update the average with the newest weights."""
        self.updates += 1
        keep = min(1 - 1 / (self._horizon + 1), self.updates / (self.updates + WARM_UP))
        for average, weight in zip(self.weights, weights, strict=True):
            average += (weight - average) * np.float32(1 - keep)

    def finish_epoch(self, weights: Weights) -> None:
        """Use the newest weights if nothing is averaged, or nothing yet."""
        if not self.updates:
            self.weights = [weight.copy() for weight in weights]

    def restore(self, weights: Weights, updates: int) -> None:
        """Restore the average from a checkpoint."""
        self.weights, self.updates = weights, updates


def _interval(n_batches: int) -> int:
    return min(STEPS_PER_UPDATE, n_batches)
