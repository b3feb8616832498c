"""Samples that occur twice, exactly or nearly; between training and test they are a leak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.statistics import (
    BLOCK,
    Check,
    Indices,
    Report,
    nothing_to_check,
    nothing_to_report,
)
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import SPLITS
from trainer.ink.render import Images

NEAR = 8.0
"""Images are near duplicates up to this difference, in grey levels a pixel (root mean square)."""

MOST_PAIRS = 50_000
"""The search ends when it has found so many near pairs: data of blank images have billions."""

_DIMENSIONS = 24
"""Of the projection in which most pairs are told apart."""

_SAMPLED = 4000
"""Images from which the projection's directions are taken."""

_ROWS = 512
_COLUMNS = 8192
"""Size of the tables of distances."""

_HASHING_SHARE = 0.1
"""Of the time that the whole search takes; the projection takes as much again."""

_HASH_SEED = 0x5EED


@dataclass(frozen=True)
class Place:
    """Where a sample is."""

    split: str
    index: int


@dataclass(frozen=True, eq=False)
class DuplicatePairs:
    """Pairs of samples, by their places in all splits one after the other.

    Attributes
    ----------
    splits : tuple of str
    starts : tuple of int
        Where each split starts.
    first, second : ndarrays of shape (n,), dtype=int64
        first < second.
    distances : ndarray of shape (n,), dtype=float32
        Grey levels a pixel, root mean square; the pairs are sorted by it.
    disagree : ndarray of shape (n,), dtype=bool
        Whether the two have different labels.
    is_complete : bool
        Whether these are all.
    """

    splits: tuple[str, ...]
    starts: tuple[int, ...]
    first: Indices
    second: Indices
    distances: npt.NDArray[np.float32]
    disagree: npt.NDArray[np.bool_]
    is_complete: bool = True

    def __len__(self) -> int:
        return len(self.first)

    def place(self, position: int) -> Place:
        """Return split and index of a position in `first` or `second`."""
        number = int(np.searchsorted(self.starts, position, side="right")) - 1
        return Place(self.splits[number], int(position) - self.starts[number])

    @property
    def crossing(self) -> npt.NDArray[np.bool_]:
        """Array of shape (n,): whether the two are in different splits."""
        ends = self.starts[1:]
        crosses: npt.NDArray[np.bool_] = np.searchsorted(
            ends, self.first, side="right"
        ) != np.searchsorted(ends, self.second, side="right")
        return crosses

    @property
    def n_leaked(self) -> int:
        """How many samples of the later split are in the earlier one too."""
        return len(np.unique(self.second[self.crossing]))

    @property
    def n_superfluous(self) -> int:
        """How many samples an earlier one stands for already."""
        return len(np.unique(self.second))


@dataclass(frozen=True, eq=False)
class Duplicates:
    """What `find_duplicates` found: equal images, and unequal ones that differ by little."""

    exact: DuplicatePairs
    near: DuplicatePairs


class _Stack:
    """The samples of all splits, one after the other; training first."""

    def __init__(self, splits: Mapping[str, Dataset]) -> None:
        self.names = tuple(sorted(splits, key=lambda name: (name not in SPLITS[:1], name)))
        self._parts = [splits[name] for name in self.names]
        ends = np.cumsum([0, *(len(part) for part in self._parts)])
        self.starts = tuple(int(start) for start in ends[:-1])
        self._ends = ends[1:]
        self.n = int(ends[-1])
        self.n_pixels = int(np.prod(self._parts[0].images.shape[1:]))
        self.labels = np.concatenate([np.asarray(part.labels) for part in self._parts])

    def rows(self, positions: Indices) -> npt.NDArray[np.uint8]:
        """Return images as rows of pixels."""
        rows = np.empty((len(positions), self.n_pixels), dtype=np.uint8)
        owner = np.searchsorted(self._ends, positions, side="right")
        for number, part in enumerate(self._parts):
            own = np.flatnonzero(owner == number)
            if len(own):
                chosen: Images = part.images[positions[own] - self.starts[number]]
                rows[own] = chosen.reshape(len(own), -1)
        return rows

    def blocks(self, positions: Indices) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
        for low in range(0, len(positions), BLOCK):
            yield low, self.rows(positions[low : low + BLOCK])

    def pairs(
        self,
        first: Indices,
        second: Indices,
        squared: npt.NDArray[np.int64],
        *,
        is_complete: bool = True,
    ) -> DuplicatePairs:
        distances = np.sqrt(squared / self.n_pixels).astype(np.float32)
        order = np.lexsort((second, first, distances))
        first, second = first[order], second[order]
        disagree = self.labels[first] != self.labels[second]
        return DuplicatePairs(
            self.names, self.starts, first, second, distances[order], disagree, is_complete
        )


def find_duplicates(
    splits: Mapping[str, Dataset],
    near: float = NEAR,
    report: Report = nothing_to_report,
    check: Check = nothing_to_check,
) -> Duplicates:
    """Find every pair of samples that are equal, or nearly so.

    Of equal images the first one is paired with each of the others. Near pairs are looked for
    among images without their equals: in a projection onto the directions in which the images
    differ most, distances only shrink, so that pairs farther than `near` there need not be
    looked at; the rest are measured in whole numbers. No pair is missed.

    Parameters
    ----------
    splits : mapping of str to Dataset
        All of one image size.
    near : float
        Greatest difference in grey levels a pixel, root mean square; 0 for equal ones only.
    report, check : callables
        Called after every block.
    """
    stack = _Stack(splits)
    first, second = _equal(stack, report, check)
    exact = stack.pairs(first, second, np.zeros(len(first), dtype=np.int64))
    alone = np.ones(stack.n, dtype=bool)
    alone[second] = False
    search = _NearSearch(stack, np.flatnonzero(alone), near)
    return Duplicates(exact, search.run(report, check))


def _equal(stack: _Stack, report: Report, check: Check) -> tuple[Indices, Indices]:
    """Return pairs of equal images: the first of each kind with each of the others."""
    n_words = -(-stack.n_pixels // 8)
    generator = np.random.default_rng(_HASH_SEED)
    factors = generator.integers(0, 2**63, n_words, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    hashes = np.empty(stack.n, dtype=np.uint64)
    for low, rows in stack.blocks(np.arange(stack.n)):
        check()
        words = np.zeros((len(rows), n_words * 8), dtype=np.uint8)
        words[:, : stack.n_pixels] = rows
        hashes[low : low + len(rows)] = (words.view(np.uint64) * factors).sum(axis=1)
        report(_HASHING_SHARE * (low + len(rows)) / stack.n)
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    shared = np.zeros(stack.n, dtype=bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    first: list[int] = []
    second: list[int] = []
    seen: dict[bytes, int] = {}
    suspected = np.flatnonzero(shared)
    for low, rows in stack.blocks(suspected):
        check()
        for position, row in zip(suspected[low : low + len(rows)].tolist(), rows, strict=True):
            earlier = seen.setdefault(row.tobytes(), position)
            if earlier != position:
                first.append(earlier)
                second.append(position)
    return np.array(first, dtype=np.int64), np.array(second, dtype=np.int64)


class _NearSearch:
    """Pairs of images within a distance, by a projection that is sorted into cells."""

    def __init__(self, stack: _Stack, members: Indices, near: float) -> None:
        self._stack = stack
        self._members = members
        self._most = int(near * near * stack.n_pixels)
        # The projection is in single precision: a little more is let through, and measured.
        self._radius = float(np.sqrt(self._most)) * 1.001 + 0.5
        self._first: list[Indices] = []
        self._second: list[Indices] = []
        self._squared: list[npt.NDArray[np.int64]] = []
        self._n_found = 0

    def run(self, report: Report, check: Check) -> DuplicatePairs:
        done = 0
        if self._most > 0 and len(self._members) > 1:
            places = self._projected(report, check)
            for n in self._cells(places, check):
                done += n
                share = done / len(places)
                report(2 * _HASHING_SHARE + (1 - 2 * _HASHING_SHARE) * share)
                if self._n_found >= MOST_PAIRS:
                    break
        report(1.0)
        empty = np.empty(0, dtype=np.int64)
        return self._stack.pairs(
            np.concatenate([empty, *self._first]),
            np.concatenate([empty, *self._second]),
            np.concatenate([empty, *self._squared]),
            is_complete=self._n_found < MOST_PAIRS,
        )

    def _projected(self, report: Report, check: Check) -> npt.NDArray[np.float32]:
        """Project the members onto their principal directions, the widest first.

        Returns
        -------
        ndarray of shape (n, d), dtype=float32
        """
        stack, n = self._stack, len(self._members)
        some = self._members[:: max(1, n // _SAMPLED)][:_SAMPLED]
        sample = stack.rows(some).astype(np.float64)
        middle = sample.mean(axis=0)
        sample -= middle
        check()
        basis = _principal_directions(sample).astype(np.float32)
        places = np.empty((n, basis.shape[1]), dtype=np.float32)
        for low, rows in stack.blocks(self._members):
            check()
            np.dot(rows - middle.astype(np.float32), basis, out=places[low : low + len(rows)])
            report(_HASHING_SHARE * (1 + (low + len(rows)) / n))
        return places

    def _cells(self, places: npt.NDArray[np.float32], check: Check) -> Iterator[int]:
        """Compare each cell of the first two directions with itself and those around it.

        Yields
        ------
        int
            The number of images in a cell that is done.
        """
        last = places.shape[1] - 1
        first, second, third = (places[:, min(axis, last)] for axis in range(3))
        row = ((first - first.min()) / self._radius).astype(np.int64)
        column = ((second - second.min()) / self._radius).astype(np.int64)
        # An empty column at the end keeps the cells of two rows apart.
        width = int(column.max()) + 2
        cell = row * width + column
        order = np.lexsort((third, cell))
        numbers, starts = np.unique(cell[order], return_index=True)
        members = dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True))
        for number, own in members.items():
            for around in (0, 1, width - 1, width, width + 1):
                others = members.get(number + around)
                if others is not None:
                    self._compare(places, third, own, others, check)
            yield len(own)

    def _compare(
        self,
        places: npt.NDArray[np.float32],
        across: npt.NDArray[np.float32],
        own: Indices,
        others: Indices,
        check: Check,
    ) -> None:
        """Compare two cells, each sorted by the third direction."""
        own_across, other_across = across[own], across[others]
        squares = np.einsum("ij,ij->i", places[others], places[others])
        for low in range(0, len(own), _ROWS):
            rows = own[low : low + _ROWS]
            begin, end = np.searchsorted(
                other_across,
                (
                    own_across[low] - self._radius,
                    own_across[low + len(rows) - 1] + self._radius,
                ),
            ).tolist()
            if own is others:
                begin = low
            mine = places[rows]
            own_squares = np.einsum("ij,ij->i", mine, mine)[:, None]
            for left in range(begin, end, _COLUMNS):
                check()
                right = min(end, left + _COLUMNS)
                table = mine @ (places[others[left:right]].T * np.float32(-2.0))
                table += squares[left:right]
                table += own_squares
                # Single precision is off by a millionth of the norms at the most.
                slack = 1e-6 * (float(squares.max()) + own_squares)
                row, column = np.nonzero(table <= self._radius**2 + slack)
                if own is others:
                    once = column + left > row + low
                    row, column = row[once], column[once]
                self._measure(rows[row], others[left + column], check)
                if self._n_found >= MOST_PAIRS:
                    return

    def _measure(self, one: Indices, other: Indices, check: Check) -> None:
        """Keep the pairs that are near in all pixels."""
        for low in range(0, len(one), BLOCK):
            check()
            pair = np.stack([one[low : low + BLOCK], other[low : low + BLOCK]])
            first, second = self._members[pair.min(axis=0)], self._members[pair.max(axis=0)]
            difference = self._stack.rows(first).astype(np.int32) - self._stack.rows(second)
            squared = np.einsum("ij,ij->i", difference, difference).astype(np.int64)
            near = squared <= self._most
            self._first.append(first[near])
            self._second.append(second[near])
            self._squared.append(squared[near])
            self._n_found += int(near.sum())
            if self._n_found >= MOST_PAIRS:
                return


def _principal_directions(sample: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return an orthonormal basis near the directions of greatest variance, greatest first.

    By subspace iteration (Halko, Martinsson & Tropp 2011, SIAM Review 53); any orthonormal basis
    would be right, a better one only tells more pairs apart.

    Parameters
    ----------
    sample : ndarray of shape (n, n_pixels), dtype=float64
        Their mean is zero.

    Returns
    -------
    ndarray of shape (n_pixels, d), dtype=float64
    """
    n_pixels = sample.shape[1]
    generator = np.random.default_rng(_HASH_SEED)
    basis = generator.standard_normal((n_pixels, min(_DIMENSIONS, n_pixels)))
    for _ in range(3):
        basis, _ = np.linalg.qr(sample.T @ (sample @ basis) + 1e-9 * basis)
    small = sample @ basis
    _, turn = np.linalg.eigh(small.T @ small)
    directions: npt.NDArray[np.float64] = basis @ turn[:, ::-1]
    return directions
