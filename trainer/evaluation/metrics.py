"""Figures of one recogniser on one dataset: arrays in, numbers out.

``probabilities`` is everywhere an ndarray of shape (n, n_classes), dtype=float32, rows that sum
to 1; ``labels`` an ndarray of shape (n,), dtype=int64.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.alphabet import AMBIGUOUS_GROUPS
from trainer.datasets.dataset import Labels
from trainer.recognizer import Probabilities

_RESAMPLES = 2000
_Z95 = 1.959964
"""The normal quantile of a 95 % interval."""


def accuracy(probabilities: Probabilities, labels: Labels) -> float:
    """Return the share of samples whose most probable class is right; NaN for none."""
    return _mean(probabilities.argmax(axis=1) == labels)


def top_k_accuracy(probabilities: Probabilities, labels: Labels, k: int) -> float:
    """Return the share of samples whose class is among the `k` most probable; NaN for none."""
    k = min(k, probabilities.shape[1])
    best = np.argpartition(-probabilities, k - 1, axis=1)[:, :k]
    return _mean((best == labels[:, None]).any(axis=1))


def accuracy_interval(
    correct: npt.NDArray[np.bool_], writers: npt.NDArray[np.int64] | None = None
) -> tuple[float, float]:
    """Return the 95 % interval of an accuracy.

    With writers, samples of one hand are not independent: whole writers are resampled (a
    percentile bootstrap over clusters, Efron and Tibshirani 1993, seed fixed). Without, the
    score interval of Wilson (1927).

    Parameters
    ----------
    correct : ndarray of shape (n,), dtype=bool
    writers : ndarray of shape (n,), dtype=int64, optional
    """
    n = len(correct)
    if n == 0:
        return (0.0, 1.0)
    if writers is not None and len(np.unique(writers)) > 1:
        _, index = np.unique(writers, return_inverse=True)
        total = np.bincount(index).astype(np.float64)
        right = np.bincount(index, weights=correct)
        drawn = np.random.default_rng(0).integers(0, len(total), (_RESAMPLES, len(total)))
        rates = right[drawn].sum(axis=1) / total[drawn].sum(axis=1)
        low, high = np.quantile(rates, (0.025, 0.975))
        return (float(low), float(high))
    share, z2 = float(correct.mean()), _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (float(max(0.0, middle - half)), float(min(1.0, middle + half)))


def calibration_error(probabilities: Probabilities, labels: Labels, bins: int = 15) -> float:
    """Return the expected calibration error over bins of equal width.

    Naeini et al. 2015, as used by Guo et al. 2017 (arXiv 1706.04599).
    """
    if len(labels) == 0:
        return float("nan")
    confidence = probabilities.max(axis=1).astype(np.float64)
    correct = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gap = np.bincount(place, weights=confidence - correct, minlength=bins)
    return float(np.abs(gap).sum() / len(labels))


def forgiving_accuracy(
    probabilities: Probabilities, labels: Labels, characters: Sequence[str]
) -> float:
    """Return the accuracy when confusions within `AMBIGUOUS_GROUPS` count as right."""
    group = np.arange(len(characters))
    for members in AMBIGUOUS_GROUPS:
        places = [i for i, character in enumerate(characters) if character in members]
        group[places] = places[0] if places else 0
    return _mean(group[probabilities.argmax(axis=1)] == group[labels])


def confusion_matrix(predicted: Labels, labels: Labels, n_classes: int) -> npt.NDArray[np.int64]:
    """Return counts of shape (n_classes, n_classes): rows true, columns predicted."""
    flat = np.bincount(labels * n_classes + predicted, minlength=n_classes * n_classes)
    return flat.reshape(n_classes, n_classes)


def fit_temperature(logits: npt.NDArray[np.float32], labels: Labels) -> float:
    """Return the temperature that makes the labels most likely.

    Golden-section search for the minimum of the negative log-likelihood of
    ``softmax(logits / temperature)`` over the logarithm of the temperature, which is unimodal
    there (Guo et al. 2017, arXiv 1706.04599, section 4.2).

    Parameters
    ----------
    logits : ndarray of shape (n, n_classes), dtype=float32
    labels : ndarray of shape (n,), dtype=int64
    """

    def loss(log_temperature: float) -> float:
        scaled = logits.astype(np.float64) / np.exp(log_temperature)
        scaled -= scaled.max(axis=1, keepdims=True)
        likelihood = scaled[np.arange(len(labels)), labels] - np.log(np.exp(scaled).sum(axis=1))
        return -float(likelihood.mean())

    ratio = (np.sqrt(5.0) - 1) / 2
    low, high = np.log(0.1), np.log(10.0)
    while high - low > 1e-3:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _mean(values: npt.NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")
