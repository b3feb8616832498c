"""A sweep of the learning rate (Smith 2017, arXiv 1506.01186). Imports Keras."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.recognition.recognizer import Probabilities
from trainer.training.batches import Inputs
from trainer.training.learner import Learner

_SMOOTHING = 0.9
"""Share of the earlier losses in the average."""

_DIVERGED = 4.0
"""A loss of so many times the least ends the sweep."""


@dataclass(frozen=True)
class RateSweep:
    """The losses at rising learning rates.

    Attributes
    ----------
    rates : tuple of float
    losses : tuple of float
        Smoothed; of the batch at each rate.
    suggestion : float or None
        Where the loss falls fastest; None if it never falls.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    suggestion: float | None


def find_rate(
    config: TrainingConfig,
    low: float,
    high: float,
    n_batches: int,
    report: Callable[[int, int], None],
) -> RateSweep:
    """Train on batches at learning rates from `low` to `high`, and forget the weights.

    Parameters
    ----------
    config : TrainingConfig
        Of a network; its rate and schedule are not used.
    low, high : float
    n_batches : int
        At most; a loss that diverges ends the sweep.
    report : callable
        Called with batches done and in all.

    Raises
    ------
    TrainerError
        If the data or the settings are not usable.
    """
    if not 0 < low < high:
        raise ConfigError(
            "Expected a range of learning rates from less to more. Received: {low} to {high}.",
            field="learning_rate",
        ).format(low=f"{low:g}", high=f"{high:g}")
    learner = Learner(replace(config, schedule="constant", warmup_epochs=0.0))
    rates: list[float] = []
    losses: list[float] = []
    mean = 0.0
    for number, (inputs, targets) in zip(range(n_batches), _batches(learner), strict=False):
        rate = low * (high / low) ** (number / max(1, n_batches - 1))
        learner.network.optimizer.learning_rate = rate
        learner.stepper.start_epoch()
        learner.stepper.train_batches([inputs], [targets])
        loss = learner.stepper.means()[0]
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        smoothed = mean / (1 - _SMOOTHING ** (number + 1))
        report(number + 1, n_batches)
        if not math.isfinite(loss) or (losses and smoothed > _DIVERGED * min(losses)):
            break
        rates.append(rate)
        losses.append(smoothed)
    return RateSweep(tuple(rates), tuple(losses), suggested_rate(rates, losses))


def suggested_rate(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """Return the rate at which the loss falls fastest, before its least; None if it never falls.

    Parameters
    ----------
    rates : sequence of float
        Rising by a constant factor.
    losses : sequence of float
        Smoothed.
    """
    end = int(np.argmin(losses)) + 1 if losses else 0
    if end < 2:
        return None
    slopes = np.gradient(np.asarray(losses[:end]), np.log(np.asarray(rates[:end])))
    return float(rates[int(np.argmin(slopes))])


def _batches(learner: Learner) -> Iterator[tuple[Inputs, Probabilities]]:
    """Yield batches without end."""
    with learner.batch_maker(1) as maker:
        epoch = 1
        while True:
            yield from learner.batches(maker, epoch)
            epoch += 1
