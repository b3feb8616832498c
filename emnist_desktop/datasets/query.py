"""Which samples the grid shows, and in which order: arrays of indices, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.statistics import ClassDistances
from trainer.datasets.dataset import Dataset, Labels
from trainer.ink.alphabet import merged

Indices = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: places of samples in a split."""


class SampleOrder(StrEnum):
    """Order of the samples.

    ``FARTHEST`` and ``NEAREST`` are about the mean image of their class, ``CONFUSED`` begins with
    those that are nearer to the mean of another one.
    """

    INDEX = "index"
    CLASS = "class"
    FARTHEST = "farthest"
    NEAREST = "nearest"
    CONFUSED = "confused"
    SHUFFLED = "shuffled"


_BY_DISTANCE = frozenset({SampleOrder.FARTHEST, SampleOrder.NEAREST, SampleOrder.CONFUSED})


NO_CLASS = frozenset({-1})
"""Of a query for characters that the dataset does not have."""


@dataclass(frozen=True, eq=False)
class SampleQuery:
    """Filters and order of the samples to show.

    Attributes
    ----------
    classes : frozenset of int
        Only these; empty for all, `NO_CLASS` for none.
    writer : int or None
        Only what this one wrote.
    like : int or None
        Only those to which, of all classes but their own, this one is the nearest.
    among : ndarray of shape (m,), dtype=int64, or None
        Only these samples, in this order where the order is that of the index.
    title : str
        What `among` is; empty without.
    order : SampleOrder
    seed : int
        Of the shuffled order.
    """

    classes: frozenset[int] = field(default_factory=frozenset)
    writer: int | None = None
    like: int | None = None
    among: Indices | None = None
    title: str = ""
    order: SampleOrder = SampleOrder.INDEX
    seed: int = 1

    @property
    def is_filter(self) -> bool:
        """Whether it leaves anything out."""
        narrowing = (self.writer, self.like, self.among)
        return bool(self.classes) or any(part is not None for part in narrowing)

    @property
    def needs_distances(self) -> bool:
        """Whether it asks how far samples are from the mean images."""
        return self.like is not None or self.order in _BY_DISTANCE


def select(data: Dataset, query: SampleQuery, distances: ClassDistances | None = None) -> Indices:
    """Return the samples that a query asks for, in its order.

    Parameters
    ----------
    data : Dataset
    query : SampleQuery
    distances : ClassDistances or None
        Of the whole split; without them nothing is filtered or sorted by distance.
    """
    chosen = _filtered(data, query, distances)
    if query.order is SampleOrder.CLASS:
        # Stable sorting of 16-bit numbers is by radix: a hundredth of a second for a million.
        keys = np.asarray(data.labels)[chosen].astype(np.uint16)
        return chosen[np.argsort(keys, kind="stable")]
    if query.order is SampleOrder.SHUFFLED:
        return np.random.default_rng(query.seed).permutation(chosen)
    if query.order in _BY_DISTANCE and distances is not None:
        return chosen[np.argsort(_keys(query.order, distances)[chosen], kind="stable")]
    return chosen


def _keys(order: SampleOrder, distances: ClassDistances) -> npt.NDArray[np.float32]:
    if order is SampleOrder.NEAREST:
        return distances.own
    return -(distances.own if order is SampleOrder.FARTHEST else distances.strangeness)


def _filtered(data: Dataset, query: SampleQuery, distances: ClassDistances | None) -> Indices:
    labels: Labels = np.asarray(data.labels)
    keep: npt.NDArray[np.bool_] | None = None
    if len(query.classes) == 1:
        keep = labels == next(iter(query.classes))
    elif query.classes:
        wanted = np.zeros(len(data.alphabet), dtype=bool)
        wanted[list(query.classes)] = True
        keep = wanted[labels]
    if query.writer is not None and data.writers is not None:
        wrote = np.asarray(data.writers) == query.writer
        keep = wrote if keep is None else keep & wrote
    if query.like is not None and distances is not None:
        alike = distances.nearest_other == query.like
        keep = alike if keep is None else keep & alike
    if query.among is not None:
        among = query.among[(query.among >= 0) & (query.among < len(labels))]
        return among if keep is None else among[keep[among]]
    return np.arange(len(labels)) if keep is None else np.flatnonzero(keep)


def position_of(indices: Indices, index: int) -> int | None:
    """Return where a sample stands among those shown; None if it is not among them."""
    places = np.flatnonzero(indices == index)
    return int(places[0]) if len(places) else None


def classes_of_text(text: str, alphabet: Sequence[str]) -> frozenset[int]:
    """Return the classes that typed characters mean.

    Words that are names of classes are taken whole ("16"); of all else every character counts,
    where it is no class by itself by the class that merges it ("c" by "C"), or by the other case.
    """
    names = {name: place for place, name in enumerate(alphabet)}
    found: set[int] = set()
    for word in text.replace(",", " ").split():
        if word in names:
            found.add(names[word])
            continue
        for character in word:
            for name in (character, merged(character), character.upper(), character.lower()):
                if name in names:
                    found.add(names[name])
                    break
    return frozenset(found)


def writers_of(data: Dataset) -> tuple[tuple[int, int], ...]:
    """Return the writers of a split, each with how many samples are theirs, most first."""
    if data.writers is None:
        return ()
    names, counts = np.unique(np.asarray(data.writers), return_counts=True)
    order = np.lexsort((names, -counts))
    pairs: list[Any] = np.stack([names[order], counts[order]], axis=1).tolist()
    return tuple((int(name), int(count)) for name, count in pairs)
