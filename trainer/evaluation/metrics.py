"""Metrics of one recogniser on one dataset, from arrays.

``probabilities`` is everywhere an ndarray of shape (n, n_classes), dtype=float32, rows that sum
to 1; ``labels`` an ndarray of shape (n,), dtype=int64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.evaluation.calibration import Confidence, Correct, bin_indices
from trainer.ink.alphabet import AMBIGUOUS_GROUPS
from trainer.recognition.recognizer import Probabilities

Counts = npt.NDArray[np.int64]
"""Array of shape (n_classes, n_classes), dtype=int64: rows true, columns predicted."""

_RESAMPLES = 2000
_Z95 = 1.959964
"""Normal quantile of a 95 % interval."""


def accuracy(probabilities: Probabilities, labels: Labels) -> float:
    """Return the share of samples whose most probable class is right; NaN for none."""
    return _mean(probabilities.argmax(axis=1) == labels)


def top_k_accuracy(probabilities: Probabilities, labels: Labels, k: int) -> float:
    """Return the share of samples whose class is among the `k` most probable; NaN for none.

    Of equally probable classes, of which a forest or neighbours give many, the first come first.
    """
    truth = probabilities[np.arange(len(labels)), labels][:, None]
    is_earlier = np.arange(probabilities.shape[1]) < labels[:, None]
    ahead = (probabilities > truth) | ((probabilities == truth) & is_earlier)
    return _mean(np.count_nonzero(ahead, axis=1) < k)


def accuracy_interval(
    correct: npt.NDArray[np.bool_], writers: Labels | None = None
) -> tuple[float, float]:
    """Return the 95 % interval of an accuracy.

    With writers, whose samples are not independent, as `bootstrap_interval`; without, as `wilson`.

    Parameters
    ----------
    correct : ndarray of shape (n,), dtype=bool
    writers : ndarray of shape (n,), dtype=int64, optional
    """
    n = len(correct)
    if n == 0:
        return (0.0, 1.0)
    if writers is not None and len(np.unique(writers)) > 1:
        return bootstrap_interval(correct, writers)
    return wilson(float(correct.mean()), n)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of n >= 1 samples, by Wilson's score (1927)."""
    z2 = _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (float(max(0.0, middle - half)), float(min(1.0, middle + half)))


def mean_interval(values: npt.NDArray[np.floating], writers: Labels | None) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a figure over the samples.

    With writers as `bootstrap_interval`; without, the normal approximation.

    Parameters
    ----------
    values : ndarray of shape (n,)
        n >= 1; such as the share of a sample's images that were predicted right, or the
        difference of two models.
    writers : ndarray of shape (n,), dtype=int64, optional
    """
    if writers is not None and len(np.unique(writers)) > 1:
        return bootstrap_interval(values, writers)
    middle = float(values.mean())
    half = _Z95 * float(values.std()) / float(np.sqrt(len(values)))
    return middle - half, middle + half


def bootstrap_interval(
    values: npt.NDArray[Any], writers: Labels, sizes: npt.NDArray[Any] | None = None
) -> tuple[float, float]:
    """Return the 95 % interval of a mean when whole writers are resampled, with a fixed seed.

    A percentile bootstrap over clusters (Efron and Tibshirani 1993).

    Parameters
    ----------
    values : ndarray of shape (n,)
    writers : ndarray of shape (n,), dtype=int64
    sizes : ndarray of shape (n,), optional
        What the sum of the values is divided by: the characters of texts, if the values are their
        errors. By default 1 each.
    """
    _, index = np.unique(writers, return_inverse=True)
    count = np.bincount(index, weights=np.ones(len(index)) if sizes is None else sizes)
    total = np.bincount(index, weights=values)
    drawn = np.random.default_rng(0).integers(0, len(count), (_RESAMPLES, len(count)))
    means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def calibration_error(probabilities: Probabilities, labels: Labels) -> float:
    """Return the expected calibration error over bins of equal width.

    Naeini et al. 2015, as used by Guo et al. 2017 (arXiv 1706.04599).
    """
    if len(labels) == 0:
        return float("nan")
    return confidence_gap(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels)


def confidence_gap(confidence: Confidence, correct: Correct) -> float:
    """Return the expected calibration error of predictions, of which there is at least one."""
    gap = np.bincount(bin_indices(confidence), confidence.astype(np.float64) - correct)
    return float(np.abs(gap).sum() / len(confidence))


def forgiving_accuracy(
    probabilities: Probabilities, labels: Labels, characters: Sequence[str]
) -> float:
    """Return the accuracy when confusions within `AMBIGUOUS_GROUPS` count as right."""
    group = ambiguity(characters)
    return _mean(group[probabilities.argmax(axis=1)] == group[labels])


def ambiguous_classes(characters: Sequence[str]) -> list[list[int]]:
    """Return the groups of `AMBIGUOUS_GROUPS` with two or more of `characters`, as indices."""
    groups = [
        [index for index, character in enumerate(characters) if character in members]
        for members in AMBIGUOUS_GROUPS
    ]
    return [classes for classes in groups if len(classes) > 1]


def ambiguity(characters: Sequence[str]) -> Labels:
    """Return for each class the first class of its ambiguous group, else itself."""
    group = np.arange(len(characters))
    for classes in ambiguous_classes(characters):
        group[classes] = classes[0]
    return group


def edit_distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many characters, or words, are changed, added or deleted (Levenshtein 1966)."""
    row = list(range(len(second) + 1))
    for i, x in enumerate(first, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(second, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def confusion_matrix(predicted: Labels, labels: Labels, n_classes: int) -> Counts:
    """Return counts of shape (n_classes, n_classes): rows true, columns predicted."""
    flat = np.bincount(labels * n_classes + predicted, minlength=n_classes * n_classes)
    return flat.reshape(n_classes, n_classes)


def most_confused(confusion: Counts, n: int) -> list[tuple[int, int]]:
    """Return at most `n` pairs (true, predicted) with errors, the most frequent first."""
    wrong = confusion.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:n]
    pairs = [divmod(int(index), len(confusion)) for index in order]
    return [pair for pair in pairs if wrong[pair] > 0]


@dataclass(frozen=True, eq=False)
class PerClass:
    """Metrics of each class; 0 where the divisor is 0, as in scikit-learn.

    Attributes
    ----------
    precision, recall, f1 : ndarrays of shape (n_classes,), dtype=float64
        Shares of the samples predicted as the class, and of those of the class, that are right;
        their harmonic mean.
    support, predicted : ndarrays of shape (n_classes,), dtype=int64
        Samples of the class, and samples predicted as it.
    """

    precision: npt.NDArray[np.float64]
    recall: npt.NDArray[np.float64]
    f1: npt.NDArray[np.float64]
    support: Labels
    predicted: Labels

    def average(self, weights: npt.NDArray[np.float64] | None = None) -> dict[str, float]:
        """Return the means over the classes that occur or were predicted, NaN for none.

        Parameters
        ----------
        weights : ndarray of shape (n_classes,), dtype=float64, optional
            The same for all classes by default (macro); `support` for the weighted average.
        """
        occurs = (self.support + self.predicted) > 0
        chosen = occurs.astype(np.float64) if weights is None else weights * occurs
        total = float(chosen.sum())
        values = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {
            name: float((value * chosen).sum()) / total if total else float("nan")
            for name, value in values.items()
        }


def per_class(confusion: Counts) -> PerClass:
    """Return precision, recall and F1 (van Rijsbergen 1979) of each class."""
    right = np.diag(confusion).astype(np.float64)
    support, predicted = confusion.sum(axis=1), confusion.sum(axis=0)
    return PerClass(
        right / np.maximum(predicted, 1),
        right / np.maximum(support, 1),
        2 * right / np.maximum(support + predicted, 1),
        support,
        predicted,
    )


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
