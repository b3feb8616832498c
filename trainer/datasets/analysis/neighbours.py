"""Nearest neighbours of a sample, and label issues that they reveal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.statistics import (
    Check,
    Indices,
    PixelStatistics,
    Report,
    about_middle,
    class_distances,
    norms_of,
    nothing_to_check,
    nothing_to_report,
    products_of,
)
from trainer.errors import DatasetError
from trainer.ink.render import Images

_BLOCK = 1024
"""Images processed at once, so that they stay in the processor's cache in single precision."""


class NeighbourSearch:
    """Nearest neighbours by Euclidean distance of grey levels.

    Only one number per image is stored, so that datasets on disk may have any size.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        May be in a file.
    """

    def __init__(self, images: Images) -> None:
        self._images = images
        self._norms: npt.NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self._images)

    def nearest(
        self,
        image: npt.NDArray[np.uint8],
        k: int,
        where: npt.NDArray[np.bool_] | None = None,
        check: Check = nothing_to_check,
    ) -> tuple[Indices, npt.NDArray[np.float32]]:
        """Return the nearest images in ascending order of distance; ties in data order.

        Parameters
        ----------
        image : ndarray of shape (height, width), dtype=uint8
        k : int
        where : ndarray of shape (n,), dtype=bool, or None
            Search among these only.
        check : callable
            Raises to cancel.

        Returns
        -------
        indices : ndarray of shape (m,), dtype=int64
            m = k, or fewer if there are not enough.
        distances : ndarray of shape (m,), dtype=float32
            Euclidean distances of grey levels.
        """
        squared = self._squared_distances(image, check)
        return self._best(squared, k, where)

    def nearest_by_class(
        self,
        image: npt.NDArray[np.uint8],
        label: int,
        labels: npt.NDArray[np.int64],
        k: int,
        without: int = -1,
        check: Check = nothing_to_check,
    ) -> tuple[tuple[Indices, npt.NDArray[np.float32]], tuple[Indices, npt.NDArray[np.float32]]]:
        """Return the nearest images of a class and of all other classes, in one search.

        Parameters
        ----------
        label : int
        labels : ndarray of shape (n,), dtype=int64
        without : int
            Index of the image itself; -1 if it is not among them.

        Returns
        -------
        same, other : each as `nearest` returns
        """
        squared = self._squared_distances(image, check)
        wanted = np.ones(len(self), dtype=bool)
        if without >= 0:
            wanted[without] = False
        same = labels == label
        return (
            self._best(squared, k, wanted & same),
            self._best(squared, k, wanted & ~same),
        )

    def _squared_distances(
        self, image: npt.NDArray[np.uint8], check: Check
    ) -> npt.NDArray[np.float64]:
        """Return all squared distances; the norms are cached."""
        if image.shape != self._images.shape[1:]:
            height, width = self._images.shape[1:]
            raise DatasetError(
                "Expected an image of {height}×{width} pixels. Received: {shape}."
            ).format(height=height, width=width, shape="×".join(map(str, image.shape)))
        n = len(self)
        squared = np.empty(n)
        norms = np.empty(n) if self._norms is None else self._norms
        query = about_middle(image.reshape(-1)).astype(np.float32)
        block = np.empty((min(_BLOCK, n), len(query)), dtype=np.float32)
        for low in range(0, n, _BLOCK):
            check()
            here = slice(low, low + _BLOCK)
            values = block[: len(squared[here])]
            values[:] = about_middle(self._images[here].reshape(len(values), -1))
            squared[here] = products_of(values, query)
            if self._norms is None:
                norms[here] = norms_of(values)
        self._norms = norms
        squared *= -2.0
        squared += norms
        squared += norms_of(query[None])
        return squared

    def _best(
        self, squared: npt.NDArray[np.float64], k: int, where: npt.NDArray[np.bool_] | None
    ) -> tuple[Indices, npt.NDArray[np.float32]]:
        allowed = np.arange(len(squared)) if where is None else np.flatnonzero(where)
        k = min(k, len(allowed))
        if k <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        found = squared[allowed]
        near = np.flatnonzero(found <= np.partition(found, k - 1)[k - 1])
        order = near[np.argsort(found[near], kind="stable")[:k]]
        return allowed[order], np.sqrt(found[order]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class LabelIssues:
    """Samples with a suspicious label, the most suspicious first.

    Attributes
    ----------
    indices : ndarray of shape (n,), dtype=int64
    suggested : ndarray of shape (n,), dtype=int64
        The majority class of the neighbours.
    votes : ndarray of shape (n,), dtype=float32
        The share of neighbours with a different label, 0 to 1.
    strangeness : ndarray of shape (n,), dtype=float32
        Distance to the mean of its class, relative to the nearest other mean.
    n_strange : int
        Number of samples nearer to another mean, including these.
    """

    indices: Indices
    suggested: npt.NDArray[np.int64]
    votes: npt.NDArray[np.float32]
    strangeness: npt.NDArray[np.float32]
    n_strange: int

    def __len__(self) -> int:
        return len(self.indices)


MAX_CANDIDATES = 1000
"""Maximum number of candidates whose neighbours are searched."""

N_NEIGHBOURS = 10
"""Neighbours that vote on a label."""

_DISTANCES_SHARE = 0.2
"""Share of the run time of measuring distances."""


def find_label_issues(
    images: Images,
    labels: npt.NDArray[np.int64],
    statistics: PixelStatistics,
    report: Report = nothing_to_report,
    check: Check = nothing_to_check,
    indices: Indices | None = None,
) -> LabelIssues:
    """Find samples that are far from their class, and whose neighbours have other labels.

    The mean images yield candidates in one pass. Since many ways to write a character are far from
    its mean, the nearest samples decide.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    labels : ndarray of shape (n,), dtype=int64
    statistics : PixelStatistics
        The statistics of these samples.
    report, check : callables
        Called after every block.
    indices : ndarray of shape (m,), dtype=int64, or None
        Check these samples only; all vote.
    """

    def report_distances(done: float) -> None:
        report(_DISTANCES_SHARE * done)

    def report_neighbours(done: float) -> None:
        report(_DISTANCES_SHARE + (1.0 - _DISTANCES_SHARE) * done)

    distances = class_distances(images, labels, statistics, report_distances, check, indices)
    strangeness = distances.strangeness
    strange = np.flatnonzero(strangeness > 1.0)
    strange = strange[np.argsort(-strangeness[strange], kind="stable")]
    chosen = strange[:MAX_CANDIDATES]
    candidates = distances.indices[chosen]
    nearest = _nearest_of_many(images, candidates, N_NEIGHBOURS, report_neighbours, check)
    n_classes = len(statistics.counts)
    ballots = np.zeros((len(candidates), n_classes), dtype=np.float32)
    for column in nearest.T:
        ballots[np.arange(len(candidates)), labels[column]] += 1.0
    totals = np.maximum(ballots.sum(axis=1), 1.0)
    votes = (1.0 - ballots[np.arange(len(candidates)), labels[candidates]] / totals).astype(
        np.float32
    )
    ballots[np.arange(len(candidates)), labels[candidates]] = -1.0
    suggested = ballots.argmax(axis=1)
    order = np.lexsort((candidates, -strangeness[chosen], -ballots.max(axis=1), -votes))
    return LabelIssues(
        candidates[order],
        suggested[order],
        votes[order],
        strangeness[chosen][order],
        len(strange),
    )


def _rows(images: Images) -> npt.NDArray[np.float32]:
    """Return images as rows of grey levels about their middle."""
    return about_middle(images.reshape(len(images), -1)).astype(np.float32)


def _nearest_of_many(
    images: Images, queries: Indices, k: int, report: Report, check: Check
) -> Indices:
    """Return the nearest neighbours of some images, excluding themselves, in ascending distance.

    Ties are in data order; the result has shape (len(queries), min(k, n - 1)).
    """
    n = len(images)
    k = max(0, min(k, n - 1))
    if not len(queries) or k <= 0:
        return np.zeros((len(queries), k), dtype=np.int64)
    columns = np.ascontiguousarray(_rows(images[queries]).T)
    owners, positions = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    distances, reach = np.empty(0), np.full(len(queries), np.inf)
    for low in range(0, n, 2 * _BLOCK):
        check()
        values = _rows(images[low : low + 2 * _BLOCK])
        # Half the squared distance, without the query's norm, which is the same for all.
        table = 0.5 * norms_of(values)[:, None] - products_of(values, columns)
        own = np.flatnonzero((queries >= low) & (queries < low + len(values)))
        table[queries[own] - low, own] = np.inf
        if low == 0:
            reach = np.partition(table, k - 1, axis=0)[k - 1]
        row, column = np.nonzero(table <= reach)
        owners = np.concatenate([owners, column])
        positions = np.concatenate([positions, low + row])
        distances = np.concatenate([distances, table[row, column]])
        order = np.lexsort((distances, owners))  # stable, so ties stay in data order
        first = np.searchsorted(owners[order], np.arange(len(queries)))
        keep = order[(first[:, None] + np.arange(k)).ravel()]
        owners, positions, distances = owners[keep], positions[keep], distances[keep]
        reach = distances[k - 1 :: k]
        report(min(1.0, (low + len(values)) / n))
    return positions.reshape(len(queries), k)
