"""Calibration: reliability, and accuracy without the least confident predictions.

``confidence`` is everywhere an ndarray of shape (n,), dtype=float32: the probability of the
prediction, 0 to 1; ``correct`` an ndarray of shape (n,), dtype=bool.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 15
"""As in Guo et al. 2017 (arXiv 1706.04599)."""

SHARES = tuple(percent / 100 for percent in range(91))
"""Shares of the samples that are set aside."""

Confidence = npt.NDArray[np.float32]
Correct = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ReliabilityBin:
    """Predictions of similar confidence.

    Attributes
    ----------
    low, high : float
        Limits of the confidence, 0 to 1.
    samples : int
    confidence, accuracy : float or None
        Means over the samples; None without samples.
    """

    low: float
    high: float
    samples: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class CoveragePoint:
    """The accuracy when the least confident predictions are set aside.

    Attributes
    ----------
    set_aside : float
        Their share, 0 to 1.
    samples : int
        That remain.
    accuracy : float
        Of those that remain.
    least_confidence : float
        Lowest confidence that remains.
    """

    set_aside: float
    samples: int
    accuracy: float
    least_confidence: float


def bin_indices(confidence: Confidence) -> npt.NDArray[np.int64]:
    """Return the bin of each confidence, of `BINS` of equal width; shape (n,)."""
    return np.minimum((confidence.astype(np.float64) * BINS).astype(np.int64), BINS - 1)


def reliability(confidence: Confidence, correct: Correct) -> tuple[ReliabilityBin, ...]:
    """Return the reliability diagram (DeGroot and Fienberg 1983) in bins of equal width."""
    index = bin_indices(confidence)
    samples = np.bincount(index, minlength=BINS)
    sure = np.bincount(index, weights=confidence.astype(np.float64), minlength=BINS)
    right = np.bincount(index, weights=correct, minlength=BINS)
    return tuple(
        ReliabilityBin(
            number / BINS,
            (number + 1) / BINS,
            n,
            float(sure[number]) / n if n else None,
            float(right[number]) / n if n else None,
        )
        for number, n in enumerate(samples.tolist())
    )


def coverage(confidence: Confidence, correct: Correct) -> tuple[CoveragePoint, ...]:
    """Return the accuracy of the most confident predictions: the risk-coverage curve.

    El-Yaniv and Wiener 2010, JMLR 11. At least one sample remains; without samples the curve is
    empty.
    """
    n = len(confidence)
    if n == 0:
        return ()
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(correct[order])
    sure = confidence[order]
    kept = [max(n - int(share * n + 1e-9), 1) for share in SHARES]
    return tuple(
        CoveragePoint(share, rest, float(right[rest - 1]) / rest, float(sure[rest - 1]))
        for share, rest in zip(SHARES, kept, strict=True)
    )
