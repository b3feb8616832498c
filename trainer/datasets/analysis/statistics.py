"""What a dataset is like: how many of each class, mean images, pixels, and labels in doubt.

Everything goes through the images block by block, so that mapped datasets of any size fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.ink.render import Images

Check = Callable[[], None]
"""Raises to end the work."""

Report = Callable[[float], None]
"""Is told how much is done, 0 to 1."""

Indices = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: places of samples in a split."""

Planes = npt.NDArray[np.float32]
"""Array of shape (n_classes, height, width), dtype=float32: an image for each class."""

BLOCK = 2048
"""Images looked at at once: a few megabytes."""


def nothing_to_check() -> None:
    """Let the work go on."""


def nothing_to_report(_: float) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True)
class Balance:
    """How evenly samples are spread over the classes that have any.

    Attributes
    ----------
    fewest, most : int
        Classes: the one with the fewest samples, and with the most.
    ratio : float
        How many times more the latter has; 1 is even.
    missing : tuple of int
        Classes without a sample.
    """

    fewest: int
    most: int
    ratio: float
    missing: tuple[int, ...]


def balance(counts: Sequence[int]) -> Balance | None:
    """Return how even the counts of the classes are; None where there are no samples."""
    present = [label for label, count in enumerate(counts) if count]
    if not present:
        return None
    fewest = min(present, key=counts.__getitem__)
    most = max(present, key=counts.__getitem__)
    missing = tuple(label for label, count in enumerate(counts) if not count)
    return Balance(fewest, most, counts[most] / counts[fewest], missing)


@dataclass(frozen=True, eq=False)
class PixelStatistics:
    """What each pixel is like over all samples, and in each class.

    Attributes
    ----------
    counts : ndarray of shape (n_classes,), dtype=int64
    class_means, class_deviations : ndarrays of shape (n_classes, height, width), dtype=float32
        Grey levels, 0 to 255; zero for a class without samples.
    mean, deviation : ndarrays of shape (height, width), dtype=float64
        Over all samples; the deviation is that of the population, as scikit-learn has it.
    least, greatest : ndarrays of shape (height, width), dtype=uint8
    """

    counts: npt.NDArray[np.int64]
    class_means: Planes
    class_deviations: Planes
    mean: npt.NDArray[np.float64]
    deviation: npt.NDArray[np.float64]
    least: npt.NDArray[np.uint8]
    greatest: npt.NDArray[np.uint8]

    def after_standard_scaler(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Return values as scikit-learn's StandardScaler gives them.

        A pixel that never changes is divided by 1.

        Parameters
        ----------
        values : ndarray of shape (…, height, width)
            Grey levels.
        """
        scale = np.where(self.deviation == 0.0, 1.0, self.deviation)
        scaled: npt.NDArray[np.float64] = (values - self.mean) / scale
        return scaled

    def after_min_max_scaler(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Return values as scikit-learn's MinMaxScaler gives them.

        A pixel that never changes is divided by 1.

        Parameters
        ----------
        values : ndarray of shape (…, height, width)
            Grey levels.
        """
        extent = self.greatest.astype(np.float64) - self.least
        scaled: npt.NDArray[np.float64] = (values - self.least) / np.where(extent == 0, 1.0, extent)
        return scaled


def pixel_statistics(
    images: Images,
    labels: Labels,
    n_classes: int,
    report: Report = nothing_to_report,
    check: Check = nothing_to_check,
    indices: Indices | None = None,
) -> PixelStatistics:
    """Look at every pixel of every sample once.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    labels : ndarray of shape (n,), dtype=int64
    n_classes : int
    report, check : callables
        Called after every block.
    indices : ndarray of shape (m,), dtype=int64, or None
        Look at these samples only.
    """
    shape = images.shape[1:]
    n_pixels = shape[0] * shape[1]
    sums = np.zeros((n_classes, n_pixels), dtype=np.int64)
    squares = np.zeros((n_classes, n_pixels), dtype=np.int64)
    least = np.full(n_pixels, 255, dtype=np.uint8)
    greatest = np.zeros(n_pixels, dtype=np.uint8)
    counts = np.zeros(n_classes, dtype=np.int64)
    for block, block_labels in _blocks(images, labels, indices, report, check):
        pixels = block.reshape(len(block), n_pixels)
        np.minimum(least, pixels.min(axis=0), out=least)
        np.maximum(greatest, pixels.max(axis=0), out=greatest)
        # In single precision the sums of a block are whole numbers below 2^24, and exact; the
        # squares, up to 2^27, are off by a millionth at the worst.
        member = np.zeros((n_classes, len(block)), dtype=np.float32)
        member[block_labels, np.arange(len(block))] = 1.0
        values = pixels.astype(np.float32)
        present = np.unique(block_labels)
        sums[present] += (member[present] @ values).astype(np.int64)
        values *= values
        squares[present] += (member[present] @ values).astype(np.int64)
        counts += np.bincount(block_labels, minlength=n_classes)
    n = max(1, int(counts.sum()))
    if not counts.any():
        least[:] = 0
    each = np.maximum(counts, 1)[:, None]
    means = sums / each
    deviations = np.sqrt(np.maximum(squares / each - means**2, 0.0))
    mean = sums.sum(axis=0) / n
    deviation = np.sqrt(np.maximum(squares.sum(axis=0) / n - mean**2, 0.0))
    deviation[least == greatest] = 0.0
    return PixelStatistics(
        counts,
        means.reshape(n_classes, *shape).astype(np.float32),
        deviations.reshape(n_classes, *shape).astype(np.float32),
        mean.reshape(shape),
        deviation.reshape(shape),
        least.reshape(shape),
        greatest.reshape(shape),
    )


def one_of_each(
    labels: Labels,
    n_classes: int,
    generator: np.random.Generator,
    indices: Indices | None = None,
) -> Indices:
    """Return the place of one random sample of every class; -1 for a class without any.

    Parameters
    ----------
    labels : ndarray of shape (n,), dtype=int64
    indices : ndarray of shape (m,), dtype=int64, or None
        Choose among these samples only.

    Returns
    -------
    ndarray of shape (n_classes,), dtype=int64
    """
    places = np.arange(len(labels)) if indices is None else indices
    own = np.asarray(labels)[places]
    counts = np.bincount(own, minlength=n_classes)
    ends = np.cumsum(counts)
    order = np.argsort(own, kind="stable")
    which = (ends - counts) + (generator.random(n_classes) * counts).astype(np.int64)
    chosen = np.full(n_classes, -1, dtype=np.int64)
    present = counts > 0
    chosen[present] = places[order[which[present]]]
    return chosen


@dataclass(frozen=True, eq=False)
class ClassDistances:
    """How near each sample is to the mean image of its class, and of the nearest other one.

    Attributes
    ----------
    indices : ndarray of shape (m,), dtype=int64
        The samples that were looked at.
    own, other : ndarrays of shape (m,), dtype=float32
        Distances (root of the sum of squared grey levels).
    nearest_other : ndarray of shape (m,), dtype=int64
        The class that `other` is about; -1 where there is but one class.
    """

    indices: Indices
    own: npt.NDArray[np.float32]
    other: npt.NDArray[np.float32]
    nearest_other: npt.NDArray[np.int64]

    @property
    def strangeness(self) -> npt.NDArray[np.float32]:
        """How many times farther the own mean is than the nearest other: above 1 is odd."""
        return (self.own / np.maximum(self.other, 1e-6)).astype(np.float32)


def class_distances(
    images: Images,
    labels: Labels,
    statistics: PixelStatistics,
    report: Report = nothing_to_report,
    check: Check = nothing_to_check,
    indices: Indices | None = None,
) -> ClassDistances:
    """Measure each sample's distance to the mean images.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    labels : ndarray of shape (n,), dtype=int64
    statistics : PixelStatistics
        With the mean images; classes without samples have none to be near to.
    report, check : callables
        Called after every block.
    indices : ndarray of shape (m,), dtype=int64, or None
        Look at these samples only.
    """
    n_classes = len(statistics.counts)
    means = statistics.class_means.reshape(n_classes, -1)
    mean_norms = np.einsum("ij,ij->i", means, means)
    own, other, nearest = [], [], []
    for block, block_labels in _blocks(images, labels, indices, report, check):
        values = block.reshape(len(block), means.shape[1]).astype(np.float32)
        squared = mean_norms - 2.0 * (values @ means.T)
        squared += np.einsum("ij,ij->i", values, values)[:, None]
        rows = np.arange(len(block))
        own.append(np.sqrt(np.maximum(squared[rows, block_labels], 0.0)))
        squared[rows, block_labels] = np.inf
        squared[:, statistics.counts == 0] = np.inf
        best = squared.argmin(axis=1)
        least = squared[rows, best]
        other.append(np.sqrt(np.maximum(least, 0.0)))
        nearest.append(np.where(np.isfinite(least), best, -1))
    places = np.arange(len(labels)) if indices is None else indices
    empty = np.empty(0, dtype=np.float32)
    return ClassDistances(
        places,
        np.concatenate([empty, *own]).astype(np.float32),
        np.concatenate([empty, *other]).astype(np.float32),
        np.concatenate([np.empty(0, dtype=np.int64), *nearest]).astype(np.int64),
    )


def _blocks(
    images: Images, labels: Labels, indices: Indices | None, report: Report, check: Check
) -> Iterator[tuple[Images, Labels]]:
    n = len(labels) if indices is None else len(indices)
    for low in range(0, n, BLOCK):
        check()
        high = min(n, low + BLOCK)
        chosen: Any = slice(low, high) if indices is None else indices[low:high]
        yield np.asarray(images[chosen]), np.asarray(labels[chosen])
        report(high / n)
