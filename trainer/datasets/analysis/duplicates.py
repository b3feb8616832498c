"""Duplicate samples, exact and near; across training and test they are a leak."""

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
from trainer.datasets.store import SPLITS, TEST, TRAIN
from trainer.ink.render import Images

NEAR = 8.0
"""Maximum difference of near duplicates, in grey levels per pixel (root mean square)."""

MOST_PAIRS = 50_000
"""Near pairs after which the search stops; data of blank images have billions."""

_DIMENSIONS = 24
"""Dimensions of the projection that rules out most pairs."""

_SAMPLED = 4000
"""Images from which the projection is computed."""

_ROWS = 512
_COLUMNS = 8192
"""Size of the distance tables."""

_HASHING_SHARE = 0.1
"""Share of the run time of hashing; the projection takes the same."""

_HASH_SEED = 0x5EED


@dataclass(frozen=True)
class SamplePosition:
    """Split and index of a sample."""

    split: str
    index: int


@dataclass(frozen=True, eq=False)
class DuplicatePairs:
    """Pairs of samples, as positions in all splits concatenated.

    Attributes
    ----------
    splits : tuple of str
    starts : tuple of int
        Position at which each split starts.
    first, second : ndarrays of shape (n,), dtype=int64
        first < second.
    distances : ndarray of shape (n,), dtype=float32
        Grey levels per pixel, root mean square; the pairs are sorted by it.
    disagree : ndarray of shape (n,), dtype=bool
        Whether the labels differ.
    is_complete : bool
        Whether these are all pairs.
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

    def place(self, position: int) -> SamplePosition:
        """Return the split and index of a position in `first` or `second`."""
        number = int(self._owner(position))
        return SamplePosition(self.splits[number], int(position) - self.starts[number])

    @property
    def crossing(self) -> npt.NDArray[np.bool_]:
        """Array of shape (n,): whether the samples are in different splits."""
        crosses: npt.NDArray[np.bool_] = self._owner(self.first) != self._owner(self.second)
        return crosses

    def n_leaked(self, split: str = TEST) -> int:
        """Return the number of samples of a split that are also in the training data."""
        if not {TRAIN, split} <= set(self.splits):
            return 0
        is_trained = self._owner(self.first) == self.splits.index(TRAIN)
        is_in_split = self._owner(self.second) == self.splits.index(split)
        return len(np.unique(self.second[is_trained & is_in_split]))

    @property
    def n_superfluous(self) -> int:
        """Number of samples that duplicate an earlier one."""
        return len(np.unique(self.second))

    def _owner(self, positions: Indices | int) -> Indices:
        """Return the number of the split in which each position is."""
        owner: Indices = np.searchsorted(self.starts, positions, side="right") - 1
        return owner


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Pairs of equal images, and of different images that are nearly equal."""

    exact: DuplicatePairs
    near: DuplicatePairs


class _AllSamples:
    """The samples of all splits, concatenated, training first."""

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
    """Find all pairs of equal or nearly equal images.

    The first of equal images is paired with each of the others. Near pairs are searched among
    distinct images: a projection onto principal directions only shrinks distances, so pairs that
    are farther than `near` in it are ruled out; the others are measured in integers. No pair is
    missed.

    Parameters
    ----------
    splits : mapping of str to Dataset
        All of one image size.
    near : float
        Maximum difference in grey levels per pixel, root mean square; 0 for equal images only.
    report, check : callables
        Called after every block.
    """
    samples = _AllSamples(splits)
    first, second = _equal(samples, report, check)
    exact = samples.pairs(first, second, np.zeros(len(first), dtype=np.int64))
    is_distinct = np.ones(samples.n, dtype=bool)
    is_distinct[second] = False
    search = _NearSearch(samples, np.flatnonzero(is_distinct), near)
    return Duplicates(exact, search.run(report, check))


def _equal(samples: _AllSamples, report: Report, check: Check) -> tuple[Indices, Indices]:
    """Return pairs of equal images: the first of each group with each of the others."""
    n_words = -(-samples.n_pixels // 8)
    generator = np.random.default_rng(_HASH_SEED)
    factors = generator.integers(0, 2**63, n_words, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    hashes = np.empty(samples.n, dtype=np.uint64)
    for low, rows in samples.blocks(np.arange(samples.n)):
        check()
        words = np.zeros((len(rows), n_words * 8), dtype=np.uint8)
        words[:, : samples.n_pixels] = rows
        hashes[low : low + len(rows)] = (words.view(np.uint64) * factors).sum(axis=1)
        report(_HASHING_SHARE * (low + len(rows)) / samples.n)
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    shared = np.zeros(samples.n, dtype=bool)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    first: list[int] = []
    second: list[int] = []
    seen: dict[bytes, int] = {}
    suspected = np.flatnonzero(shared)
    for low, rows in samples.blocks(suspected):
        check()
        for position, row in zip(suspected[low : low + len(rows)].tolist(), rows, strict=True):
            earlier = seen.setdefault(row.tobytes(), position)
            if earlier != position:
                first.append(earlier)
                second.append(position)
    return np.array(first, dtype=np.int64), np.array(second, dtype=np.int64)


class _NearSearch:
    """Search for pairs within a distance, by a projection sorted into cells."""

    def __init__(self, samples: _AllSamples, members: Indices, near: float) -> None:
        self._samples = samples
        self._members = members
        self._most = int(near * near * samples.n_pixels)
        # The projection is in single precision, hence the tolerance.
        self._radius = float(np.sqrt(self._most)) * 1.001 + 0.5
        self._first: list[Indices] = []
        self._second: list[Indices] = []
        self._squared: list[npt.NDArray[np.int64]] = []
        self._n_pairs = 0

    def run(self, report: Report, check: Check) -> DuplicatePairs:
        done = 0
        if self._most > 0 and len(self._members) > 1:
            projected = self._projected(report, check)
            for n in self._cells(projected, check):
                done += n
                share = done / len(projected)
                report(2 * _HASHING_SHARE + (1 - 2 * _HASHING_SHARE) * share)
                if self._n_pairs >= MOST_PAIRS:
                    break
        report(1.0)
        empty = np.empty(0, dtype=np.int64)
        return self._samples.pairs(
            np.concatenate([empty, *self._first]),
            np.concatenate([empty, *self._second]),
            np.concatenate([empty, *self._squared]),
            is_complete=self._n_pairs < MOST_PAIRS,
        )

    def _projected(self, report: Report, check: Check) -> npt.NDArray[np.float32]:
        """Return the members' coordinates (n, d) in their principal directions, widest first."""
        samples, n = self._samples, len(self._members)
        some = self._members[:: max(1, n // _SAMPLED)][:_SAMPLED]
        sample = samples.rows(some).astype(np.float64)
        middle = sample.mean(axis=0)
        sample -= middle
        check()
        basis = _principal_directions(sample).astype(np.float32)
        projected = np.empty((n, basis.shape[1]), dtype=np.float32)
        for low, rows in samples.blocks(self._members):
            check()
            np.dot(rows - middle.astype(np.float32), basis, out=projected[low : low + len(rows)])
            report(_HASHING_SHARE * (1 + (low + len(rows)) / n))
        return projected

    def _cells(self, projected: npt.NDArray[np.float32], check: Check) -> Iterator[int]:
        """Compare each cell of the first two directions with its neighbours; yield its size."""
        last = projected.shape[1] - 1
        first, second, third = (projected[:, min(axis, last)] for axis in range(3))
        row = ((first - first.min()) / self._radius).astype(np.int64)
        column = ((second - second.min()) / self._radius).astype(np.int64)
        # An empty column at the end separates the rows.
        width = int(column.max()) + 2
        cell = row * width + column
        order = np.lexsort((third, cell))
        numbers, starts = np.unique(cell[order], return_index=True)
        members = dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True))
        for number, own in members.items():
            for around in (0, 1, width - 1, width, width + 1):
                others = members.get(number + around)
                if others is not None:
                    self._compare(projected, third, own, others, check)
            yield len(own)

    def _compare(
        self,
        projected: npt.NDArray[np.float32],
        across: npt.NDArray[np.float32],
        own: Indices,
        others: Indices,
        check: Check,
    ) -> None:
        """Compare two cells, each sorted by the third direction."""
        own_across, other_across = across[own], across[others]
        squares = np.einsum("ij,ij->i", projected[others], projected[others])
        for low in range(0, len(own), _ROWS):
            rows = own[low : low + _ROWS]
            last = low + len(rows) - 1
            bounds = own_across[low] - self._radius, own_across[last] + self._radius
            begin, end = np.searchsorted(other_across, bounds).tolist()
            if own is others:
                begin = low
            block = projected[rows]
            own_squares = np.einsum("ij,ij->i", block, block)[:, None]
            for left in range(begin, end, _COLUMNS):
                check()
                right = min(end, left + _COLUMNS)
                table = block @ (projected[others[left:right]].T * np.float32(-2.0))
                table += squares[left:right]
                table += own_squares
                # Single precision is off by a millionth of the norms at the most.
                slack = 1e-6 * (float(squares.max()) + own_squares)
                row, column = np.nonzero(table <= self._radius**2 + slack)
                if own is others:
                    once = column + left > row + low
                    row, column = row[once], column[once]
                self._keep_near(rows[row], others[left + column], check)
                if self._n_pairs >= MOST_PAIRS:
                    return

    def _keep_near(self, one: Indices, other: Indices, check: Check) -> None:
        """Keep the pairs whose full distance is small enough."""
        for low in range(0, len(one), BLOCK):
            check()
            pair = np.stack([one[low : low + BLOCK], other[low : low + BLOCK]])
            first, second = self._members[pair.min(axis=0)], self._members[pair.max(axis=0)]
            difference = self._samples.rows(first).astype(np.int32) - self._samples.rows(second)
            squared = np.einsum("ij,ij->i", difference, difference).astype(np.int64)
            near = squared <= self._most
            self._first.append(first[near])
            self._second.append(second[near])
            self._squared.append(squared[near])
            self._n_pairs += int(near.sum())
            if self._n_pairs >= MOST_PAIRS:
                return


def _principal_directions(sample: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return an orthonormal basis (n_pixels, d) near the principal directions of centred rows.

    By subspace iteration (Halko, Martinsson & Tropp 2011, SIAM Review 53). Any orthonormal basis is
    correct; a better one rules out more pairs.
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
