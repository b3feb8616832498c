"""The long work of the tab: plain functions for a `Task`, which know no widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from emnist_desktop.datasets.query import writers_of
from emnist_desktop.ui.task import Context
from trainer.datasets.analysis.neighbours import NeighbourSearch
from trainer.datasets.analysis.statistics import ClassDistances, class_distances, pixel_statistics
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.store import StoredDataset
from trainer.ink.alphabet import class_names
from trainer.ink.render import Image

N_NEIGHBOURS = 10
"""Of each kind."""

_PATIENCE_S = 0.1
"""Between two looks whether the work is still wanted."""


@dataclass(frozen=True, eq=False)
class OpenedDataset:
    """A dataset that was opened, and for each split its writers with their counts."""

    name: str
    stored: StoredDataset
    writers: Mapping[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, eq=False)
class Neighbour:
    """A sample that is like another one.

    Attributes
    ----------
    index : int
        In its split.
    name : str
        Its character, as shown.
    image : ndarray of shape (height, width), dtype=uint8
    distance : float
        Root of the sum of squared differences of grey levels.
    """

    index: int
    name: str
    image: Image
    distance: float


@dataclass(frozen=True, eq=False)
class Neighbours:
    """What is like a sample: of its own class, and of all others."""

    same: tuple[Neighbour, ...]
    other: tuple[Neighbour, ...]


@dataclass(frozen=True, eq=False)
class Measured:
    """How far each sample of a split is from the mean images."""

    name: str
    split: str
    distances: ClassDistances


def list_work(catalog: Catalog) -> Callable[[Context], tuple[CatalogEntry, ...]]:
    """Return what looks which datasets there are."""

    def work(context: Context) -> tuple[CatalogEntry, ...]:
        context.check()
        return catalog.entries()

    return work


@contextmanager
def in_turn(turn: Lock, context: Context) -> Iterator[None]:
    """Wait until work that was cancelled before has really ended: it may wait for a server."""
    while not turn.acquire(timeout=_PATIENCE_S):
        context.check()
    try:
        yield
    finally:
        turn.release()


def obtain_work(catalog: Catalog, name: str, turn: Lock) -> Callable[[Context], str]:
    """Return what fetches or makes a dataset when it is its turn."""

    def work(context: Context) -> str:
        with in_turn(turn, context):
            catalog.obtain(name, context.report, context.check)
        return name

    return work


def remove_work(catalog: Catalog, name: str, turn: Lock) -> Callable[[Context], str]:
    """Return what removes a dataset when it is its turn."""

    def work(context: Context) -> str:
        with in_turn(turn, context):
            catalog.remove(name)
        return name

    return work


def open_work(catalog: Catalog, name: str) -> Callable[[Context], OpenedDataset]:
    """Return what opens a dataset."""

    def work(context: Context) -> OpenedDataset:
        stored = catalog.open(name)
        context.check()
        return OpenedDataset(
            name, stored, {k: writers_of(data) for k, data in stored.splits.items()}
        )

    return work


def distances_work(name: str, split: str, data: Dataset) -> Callable[[Context], Measured]:
    """Return what measures how far samples are from the mean of their class."""

    def work(context: Context) -> Measured:
        def first_half(share: float) -> None:
            context.report(share / 2)

        def second_half(share: float) -> None:
            context.report((1 + share) / 2)

        images, labels, n = data.images, data.labels, len(data.alphabet)
        statistics = pixel_statistics(images, labels, n, first_half, context.check)
        found = class_distances(images, labels, statistics, second_half, context.check)
        return Measured(name, split, found)

    return work


def neighbours_work(
    search: NeighbourSearch, data: Dataset, index: int
) -> Callable[[Context], Neighbours]:
    """Return what finds the neighbours of a sample."""

    def work(context: Context) -> Neighbours:
        label = int(data.labels[index])
        both = search.nearest_by_class(
            data.images[index], label, data.labels, N_NEIGHBOURS, index, context.check
        )
        names = class_names(data.alphabet)
        same, other = (
            tuple(
                Neighbour(
                    place,
                    names[int(data.labels[place])],
                    data.images[place].copy(),
                    distance,
                )
                for place, distance in zip(places.tolist(), distances.tolist(), strict=True)
            )
            for places, distances in both
        )
        return Neighbours(same, other)

    return work


def inks_work(stored: StoredDataset, split: str) -> Callable[[Context], PenArchive | None]:
    """Return what reads the drawings of a split."""

    def work(context: Context) -> PenArchive | None:
        context.check()
        return stored.inks(split)

    return work
