"""The jobs of the tab: plain functions for a `Task`, which know no widgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from emnist_desktop.datasets.query import writers_of
from emnist_desktop.ui.task import Context
from trainer.datasets.analysis.neighbours import NeighbourSearch
from trainer.datasets.analysis.statistics import ClassDistances, class_distances, pixel_statistics
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import StoredDataset
from trainer.ink.alphabet import class_names
from trainer.ink.render import Image

N_NEIGHBOURS = 10
"""Of each kind."""

_POLL_SECONDS = 0.1
"""Between two checks whether a waiting job was cancelled."""


@dataclass(frozen=True, eq=False)
class OpenedDataset:
    """A dataset that was opened.

    Attributes
    ----------
    name : str
    stored : StoredDataset
    writers : mapping of str to tuple of (int, int)
        For each split its writers with their counts.
    disk_bytes : int
        Its size on the disk before it was read.
    """

    name: str
    stored: StoredDataset
    writers: Mapping[str, tuple[tuple[int, int], ...]]
    disk_bytes: int


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


@contextmanager
def exclusive(lock: Lock, context: Context) -> Iterator[None]:
    """Wait until a job that was cancelled before has really ended: it may wait for a server."""
    while not lock.acquire(timeout=_POLL_SECONDS):
        context.check()
    try:
        yield
    finally:
        lock.release()


def obtain_dataset(catalog: Catalog, name: str, lock: Lock, context: Context) -> str:
    """Fetch or make a dataset once the lock is free; return its name."""
    with exclusive(lock, context):
        catalog.obtain(name, context.report, context.check)
    return name


def remove_dataset(catalog: Catalog, name: str, lock: Lock, context: Context) -> str:
    """Remove a dataset once the lock is free; return its name."""
    with exclusive(lock, context):
        catalog.remove(name)
    return name


def open_dataset(catalog: Catalog, name: str, context: Context) -> OpenedDataset:
    """Open a dataset and count the samples of its writers."""
    disk_bytes = catalog.entry(name).disk_bytes
    stored = catalog.open(name)
    context.check()
    writers = {split: writers_of(data) for split, data in stored.splits.items()}
    return OpenedDataset(name, stored, writers, disk_bytes)


def measure_distances(data: Dataset, context: Context) -> ClassDistances:
    """Measure how far samples are from the mean of their class; reports shares from 0 to 1."""
    images, labels, n = data.images, data.labels, len(data.alphabet)
    first_half, second_half = context.part(0.0, 0.5), context.part(0.5, 1.0)
    statistics = pixel_statistics(images, labels, n, first_half, context.check)
    return class_distances(images, labels, statistics, second_half, context.check)


def find_neighbours(
    search: NeighbourSearch, data: Dataset, index: int, context: Context
) -> Neighbours:
    """Find the samples most like one, of its own class and of all others."""
    label = int(data.labels[index])
    nearest = search.nearest_by_class(
        data.images[index], label, data.labels, N_NEIGHBOURS, index, context.check
    )
    names = class_names(data.alphabet)
    same, other = (
        tuple(
            Neighbour(i, names[int(data.labels[i])], data.images[i].copy(), distance)
            for i, distance in zip(indices.tolist(), distances.tolist(), strict=True)
        )
        for indices, distances in nearest
    )
    return Neighbours(same, other)
