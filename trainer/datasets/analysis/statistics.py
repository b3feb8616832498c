"""Statistics of a dataset: class balance, pixel statistics, and distances to the class means.

Images are processed in blocks, so that datasets on disk may have any size.
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
"""Raises to cancel."""

Report = Callable[[float], None]
"""Receives the progress, 0 to 1."""

Indices = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: indices of samples in a split."""

Planes = npt.NDArray[np.float32]
"""Array of shape (n_classes, height, width), dtype=float32: one image per class."""

BLOCK = 1024
"""Images processed at once: a few megabytes, and few enough for exact sums.

Products of `about_middle` are at most 2^14, so 1024 of them sum to at most 2^24: single precision
represents every intermediate integer, so that the result does not depend on the order of addition.
"""

MIDDLE = 128
"""The middle grey level."""


def about_middle(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.int8]:
    """Return grey levels minus `MIDDLE`, by flipping the highest bit in two's complement."""
    return (pixels ^ np.uint8(MIDDLE)).view(np.int8)


def products_of(
    values: npt.NDArray[np.float32], others: npt.NDArray[np.float32]
) -> npt.NDArray[Any]:
    """Return ``values @ others``, exactly for integers from -128 to 128.

    Parameters
    ----------
    values : ndarray of shape (n, n_pixels), dtype=float32
    others : ndarray of shape (n_pixels,) or (n_pixels, m), dtype=float32
    """
    total: npt.NDArray[Any] = values[:, :BLOCK] @ others[:BLOCK]
    for low in range(BLOCK, len(others), BLOCK):
        some = values[:, low : low + BLOCK] @ others[low : low + BLOCK]
        total = np.add(total, some, dtype=np.float64)
    return total


def norms_of(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the sum of squares of each row, exactly for integers from -128 to 128."""
    total = np.zeros(len(values))
    for low in range(0, values.shape[1], BLOCK):
        some = values[:, low : low + BLOCK]
        total += np.einsum("ij,ij->i", some, some)
    return total


def nothing_to_check() -> None:
    """Never cancel."""


def nothing_to_report(_: float) -> None:
    """Ignore the progress."""


@dataclass(frozen=True)
class Balance:
    """The balance of the classes that have samples.

    Attributes
    ----------
    fewest, most : int
        The classes with the fewest and the most samples.
    ratio : float
        Ratio of the latter to the former; 1 is balanced.
    missing : tuple of int
        Classes without samples.
    """

    fewest: int
    most: int
    ratio: float
    missing: tuple[int, ...]


def balance(counts: Sequence[int]) -> Balance | None:
    """Return the balance of class counts; None without samples."""
    present = [label for label, count in enumerate(counts) if count]
    if not present:
        return None
    fewest = min(present, key=counts.__getitem__)
    most = max(present, key=counts.__getitem__)
    missing = tuple(label for label, count in enumerate(counts) if not count)
    return Balance(fewest, most, counts[most] / counts[fewest], missing)


@dataclass(frozen=True, eq=False)
class PixelStatistics:
    """Mean, deviation and range of each pixel, overall and by class.

    Attributes
    ----------
    counts : ndarray of shape (n_classes,), dtype=int64
    class_means, class_deviations : ndarrays of shape (n_classes, height, width), dtype=float32
        Grey levels, 0 to 255; zero for a class without samples.
    mean, deviation : ndarrays of shape (height, width), dtype=float64
        Over all samples; the population's deviation, as in scikit-learn.
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
        """Scale values as scikit-learn's StandardScaler does; constant pixels are divided by 1.

        Parameters
        ----------
        values : ndarray of shape (…, height, width)
            Grey levels.
        """
        scale = np.where(self.deviation == 0.0, 1.0, self.deviation)
        scaled: npt.NDArray[np.float64] = (values - self.mean) / scale
        return scaled

    def after_min_max_scaler(self, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Scale values as scikit-learn's MinMaxScaler does; constant pixels are divided by 1.

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
    """Compute the pixel statistics in one pass.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    labels : ndarray of shape (n,), dtype=int64
    n_classes : int
    report, check : callables
        Called after every block.
    indices : ndarray of shape (m,), dtype=int64, or None
        Use these samples only.
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
        present = np.unique(block_labels)
        member = (block_labels == present[:, None]).astype(np.float32)
        values = about_middle(pixels).astype(np.float32)
        sums[present] += (member @ values).astype(np.int64)
        values *= values
        squares[present] += (member @ values).astype(np.int64)
        counts += np.bincount(block_labels, minlength=n_classes)
    if not counts.any():
        least[:] = 0
    means, deviations = _moments(sums, squares, counts[:, None])
    mean, deviation = _moments(sums.sum(axis=0), squares.sum(axis=0), counts.sum())
    return PixelStatistics(
        counts,
        means.reshape(n_classes, *shape).astype(np.float32),
        deviations.reshape(n_classes, *shape).astype(np.float32),
        mean.reshape(shape),
        deviation.reshape(shape),
        least.reshape(shape),
        greatest.reshape(shape),
    )


def _moments(
    sums: npt.NDArray[np.int64], squares: npt.NDArray[np.int64], counts: Any
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return means and deviations from sums relative to `MIDDLE`; 0 without samples."""
    each = np.maximum(counts, 1)
    shifted = sums / each
    deviations = np.sqrt(np.maximum(squares / each - shifted**2, 0.0))
    return np.where(counts > 0, shifted + MIDDLE, 0.0), deviations


def pick_class_samples(
    labels: Labels,
    n_classes: int,
    generator: np.random.Generator,
    indices: Indices | None = None,
) -> Indices:
    """Return the index of one random sample of each class; -1 for a class without samples.

    Parameters
    ----------
    labels : ndarray of shape (n,), dtype=int64
    indices : ndarray of shape (m,), dtype=int64, or None
        Choose among these samples only.

    Returns
    -------
    ndarray of shape (n_classes,), dtype=int64
    """
    selected = np.arange(len(labels)) if indices is None else indices
    own = np.asarray(labels)[selected]
    counts = np.bincount(own, minlength=n_classes)
    ends = np.cumsum(counts)
    order = np.argsort(own, kind="stable")
    which = (ends - counts) + (generator.random(n_classes) * counts).astype(np.int64)
    chosen = np.full(n_classes, -1, dtype=np.int64)
    present = counts > 0
    chosen[present] = selected[order[which[present]]]
    return chosen


@dataclass(frozen=True, eq=False)
class ClassDistances:
    """Distances of samples to the mean image of their class, and to the nearest other one.

    Attributes
    ----------
    indices : ndarray of shape (m,), dtype=int64
        The measured samples.
    own, other : ndarrays of shape (m,), dtype=float32
        Euclidean distances of grey levels.
    nearest_other : ndarray of shape (m,), dtype=int64
        The class of `other`; -1 if there is only one class.
    """

    indices: Indices
    own: npt.NDArray[np.float32]
    other: npt.NDArray[np.float32]
    nearest_other: npt.NDArray[np.int64]

    @property
    def strangeness(self) -> npt.NDArray[np.float32]:
        """Distance to the own mean, relative to the nearest other; above 1 is suspicious."""
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
        With the mean images; classes without samples are ignored.
    report, check : callables
        Called after every block.
    indices : ndarray of shape (m,), dtype=int64, or None
        Use these samples only.
    """
    n_classes = len(statistics.counts)
    means = statistics.class_means.reshape(n_classes, -1) - np.float32(MIDDLE)
    # Products with the fractional parts of the means are small, and so are rounding errors.
    whole = np.rint(means)
    both = np.ascontiguousarray(np.concatenate([whole, means - whole]).T)
    mean_norms = np.square(means, dtype=np.float64).sum(axis=1)
    own, other, nearest = [], [], []
    for block, block_labels in _blocks(images, labels, indices, report, check):
        values = about_middle(block.reshape(len(block), means.shape[1])).astype(np.float32)
        products = products_of(values, both)
        squared = mean_norms + norms_of(values)[:, None]
        squared -= 2.0 * products[:, :n_classes]
        squared -= 2.0 * products[:, n_classes:]
        distances = np.sqrt(np.maximum(squared, 0.0)).astype(np.float32)
        rows = np.arange(len(block))
        own.append(distances[rows, block_labels])
        distances[rows, block_labels] = np.inf
        distances[:, statistics.counts == 0] = np.inf
        best = distances.argmin(axis=1)
        least = distances[rows, best]
        other.append(least)
        nearest.append(np.where(np.isfinite(least), best, -1))
    selected = np.arange(len(labels)) if indices is None else indices
    empty = np.empty(0, dtype=np.float32)
    return ClassDistances(
        selected,
        np.concatenate([empty, *own]),
        np.concatenate([empty, *other]),
        np.concatenate([np.empty(0, dtype=np.int64), *nearest]),
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
