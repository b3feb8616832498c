"""The samples most like a given one, over everything; and labels that neighbours doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.statistics import (
    Check,
    Indices,
    PixelStatistics,
    Report,
    class_distances,
    nothing_to_check,
    nothing_to_report,
)
from trainer.errors import DatasetError
from trainer.ink.render import Images

_BLOCK = 1024
"""Images looked at at once: as single precision they stay in the processor's cache."""

_ROUNDING = 2.0**-26
"""Per pixel, a squared distance in single precision is off by less than this share of the square
of both norms' sum: half a unit in the last place for every term, of which four or more are
added side by side."""


class NeighbourSearch:
    """Finds nearest neighbours by Euclidean distance between grey levels.

    Nothing is copied but one number an image, so that mapped datasets of any size do.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        May be mapped from a file.
    """

    def __init__(self, images: Images) -> None:
        self._images = images
        self._pixels = images.reshape(len(images), images.shape[1] * images.shape[2])
        self._norms: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self._images)

    def nearest(
        self,
        image: npt.NDArray[np.uint8],
        k: int,
        where: npt.NDArray[np.bool_] | None = None,
        check: Check = nothing_to_check,
    ) -> tuple[Indices, npt.NDArray[np.float32]]:
        """Return the nearest images, the nearest first; of equals the first in the data.

        Parameters
        ----------
        image : ndarray of shape (height, width), dtype=uint8
        k : int
        where : ndarray of shape (n,), dtype=bool, or None
            Look among these only.
        check : callable
            Raises to end the search.

        Returns
        -------
        indices : ndarray of shape (m,), dtype=int64
            m = k, or fewer where there are no more.
        distances : ndarray of shape (m,), dtype=float32
            Root of the sum of squared differences of grey levels.
        """
        squared = self._squared_distances(image, check)
        return self._best(squared, image, k, where)

    def nearest_by_class(
        self,
        image: npt.NDArray[np.uint8],
        label: int,
        labels: npt.NDArray[np.int64],
        k: int,
        without: int = -1,
        check: Check = nothing_to_check,
    ) -> tuple[tuple[Indices, npt.NDArray[np.float32]], tuple[Indices, npt.NDArray[np.float32]]]:
        """Return the nearest of a class and the nearest of all others, in one search.

        Parameters
        ----------
        label : int
        labels : ndarray of shape (n,), dtype=int64
        without : int
            Index of the image itself, if it is one of them; -1 if not.

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
            self._best(squared, image, k, wanted & same),
            self._best(squared, image, k, wanted & ~same),
        )

    def _squared_distances(
        self, image: npt.NDArray[np.uint8], check: Check
    ) -> npt.NDArray[np.float32]:
        """Return all squared distances, but for rounding; the norms are kept for the next time."""
        if image.shape != self._images.shape[1:]:
            height, width = self._images.shape[1:]
            raise DatasetError(
                "Expected an image of {height}×{width} pixels. Received: {shape}."
            ).format(height=height, width=width, shape="×".join(map(str, image.shape)))
        query = image.reshape(-1).astype(np.float32)
        n = len(self._pixels)
        products = np.empty(n, dtype=np.float32)
        norms = np.empty(n, dtype=np.float32) if self._norms is None else self._norms
        block = np.empty((min(_BLOCK, n), len(query)), dtype=np.float32)
        for low in range(0, n, _BLOCK):
            check()
            pixels = self._pixels[low : low + _BLOCK]
            values = block[: len(pixels)]
            values[:] = pixels
            np.dot(values, query, out=products[low : low + len(pixels)])
            if self._norms is None:
                norms[low : low + len(pixels)] = np.einsum("ij,ij->i", values, values)
        self._norms = norms
        products *= np.float32(-2.0)
        products += norms
        products += np.dot(query, query)
        return products

    def _best(
        self,
        squared: npt.NDArray[np.float32],
        image: npt.NDArray[np.uint8],
        k: int,
        where: npt.NDArray[np.bool_] | None,
    ) -> tuple[Indices, npt.NDArray[np.float32]]:
        allowed = np.arange(len(squared)) if where is None else np.flatnonzero(where)
        k = min(k, len(allowed))
        if k <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        found = squared[allowed]
        kth = float(np.partition(found, k - 1)[k - 1])
        query = image.reshape(-1).astype(np.int64)
        # An image no farther than the k-th has at most the query's norm and that distance more.
        reach = 2 * np.sqrt(float(query @ query)) + np.sqrt(max(kth, 0.0))
        slack = 2 * _ROUNDING * len(query) * reach**2 + 1.0
        candidates = allowed[found <= kth + slack]
        exact = _exact(self._pixels, candidates, query)
        order = np.lexsort((candidates, exact))[:k]
        return candidates[order], np.sqrt(exact[order]).astype(np.float32)


def _exact(
    pixels: npt.NDArray[np.uint8], candidates: Indices, query: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return squared distances in whole numbers."""
    parts: list[npt.NDArray[Any]] = [np.empty(0, dtype=np.int64)]
    for low in range(0, len(candidates), _BLOCK):
        difference = pixels[candidates[low : low + _BLOCK]] - query
        parts.append(np.einsum("ij,ij->i", difference, difference))
    return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class Suspects:
    """Samples whose label is in doubt, the most doubtful first.

    Attributes
    ----------
    indices : ndarray of shape (n,), dtype=int64
    suggested : ndarray of shape (n,), dtype=int64
        The class of most of its neighbours.
    votes : ndarray of shape (n,), dtype=float32
        The share of its neighbours that have another label than it, 0 to 1.
    strangeness : ndarray of shape (n,), dtype=float32
        How many times farther the mean of its class is than the nearest other mean.
    n_strange : int
        How many samples are nearer to another mean, these among them.
    """

    indices: Indices
    suggested: npt.NDArray[np.int64]
    votes: npt.NDArray[np.float32]
    strangeness: npt.NDArray[np.float32]
    n_strange: int

    def __len__(self) -> int:
        return len(self.indices)


SUSPECTS = 1000
"""The strangest samples of which the neighbours are asked."""

VOTERS = 10
"""Neighbours that are asked about a label."""

_DISTANCES_SHARE = 0.2
"""Of the time that the search for suspects takes."""


def suspicious_labels(
    images: Images,
    labels: npt.NDArray[np.int64],
    statistics: PixelStatistics,
    report: Report = nothing_to_report,
    check: Check = nothing_to_check,
    indices: Indices | None = None,
) -> Suspects:
    """Find samples that are far from their class, and ask their neighbours.

    The mean images find candidates in one pass. Many ways to write a character are far from
    its mean; so the nearest samples decide: where they bear other labels, the label is in doubt.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    labels : ndarray of shape (n,), dtype=int64
    statistics : PixelStatistics
        Of these samples.
    report, check : callables
        Called after every block.
    indices : ndarray of shape (m,), dtype=int64, or None
        Doubt these samples only; all are asked.
    """

    def first_part(done: float) -> None:
        report(_DISTANCES_SHARE * done)

    def second_part(done: float) -> None:
        report(_DISTANCES_SHARE + (1.0 - _DISTANCES_SHARE) * done)

    distances = class_distances(images, labels, statistics, first_part, check, indices)
    strangeness = distances.strangeness
    strange = np.flatnonzero(strangeness > 1.0)
    strange = strange[np.argsort(-strangeness[strange], kind="stable")]
    chosen = strange[:SUSPECTS]
    doubted = distances.indices[chosen]
    nearest = _nearest_of_many(images, doubted, VOTERS, second_part, check)
    n_classes = len(statistics.counts)
    ballots = np.zeros((len(doubted), n_classes), dtype=np.float32)
    for column in nearest.T:
        ballots[np.arange(len(doubted)), labels[column]] += 1.0
    cast = np.maximum(ballots.sum(axis=1), 1.0)
    votes = (1.0 - ballots[np.arange(len(doubted)), labels[doubted]] / cast).astype(np.float32)
    ballots[np.arange(len(doubted)), labels[doubted]] = -1.0
    suggested = ballots.argmax(axis=1)
    order = np.lexsort((doubted, -strangeness[chosen], -ballots.max(axis=1), -votes))
    return Suspects(
        doubted[order],
        suggested[order],
        votes[order],
        strangeness[chosen][order],
        len(strange),
    )


def _nearest_of_many(
    images: Images, queries: Indices, k: int, report: Report, check: Check
) -> Indices:
    """Return the nearest neighbours of some of the images, themselves left out.

    Distances are in single precision: of two that are all but equal either may come first.

    Returns
    -------
    ndarray of shape (len(queries), min(k, n - 1)), dtype=int64
    """
    n = len(images)
    k = max(0, min(k, n - 1))
    best = np.full((len(queries), k), np.inf, dtype=np.float32)
    nearest = np.zeros((len(queries), k), dtype=np.int64)
    if not len(queries) or k <= 0:
        return nearest
    pixels = images.reshape(n, images.shape[1] * images.shape[2])
    asked = pixels[queries].astype(np.float32)
    asked *= np.float32(-2.0)
    for low in range(0, n, 2 * _BLOCK):
        check()
        values = pixels[low : low + 2 * _BLOCK].astype(np.float32)
        # The norm of the query is the same for all its neighbours, and left out.
        table = asked @ values.T
        table += np.einsum("ij,ij->i", values, values)
        inside = np.flatnonzero((queries >= low) & (queries < low + len(values)))
        table[inside, queries[inside] - low] = np.inf
        both = np.concatenate([best, table], axis=1)
        keep = np.argpartition(both, k - 1, axis=1)[:, :k]
        where = np.concatenate(
            [nearest, np.broadcast_to(np.arange(low, low + len(values)), table.shape)], axis=1
        )
        best = np.take_along_axis(both, keep, axis=1)
        nearest = np.take_along_axis(where, keep, axis=1)
        report(min(1.0, (low + len(values)) / n))
    return nearest
