"""What the catalogue knows of a dataset, there or not."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from trainer.datasets.download.sources import Published
from trainer.datasets.store import DatasetCard, read_card
from trainer.datasets.synthetic.starter import (
    STARTER_SAMPLES,
    STARTER_SOURCE,
    STARTER_TERMS,
    STARTER_TITLE,
)
from trainer.errors import DatasetError, Message
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import IMAGE_SIZE

_STARTER_BYTES = 950
"""A sample on the disk: its image, its label, its ink."""


class Kind(StrEnum):
    """Where a dataset comes from."""

    EMNIST = "emnist"
    MNIST = "mnist"
    STARTER = "starter"
    SAMPLES = "samples"
    IMPORTED = "imported"


@dataclass(frozen=True)
class CatalogEntry:
    """One dataset in the catalogue.

    Attributes
    ----------
    name, title, description : str
    kind : Kind
    alphabet : tuple of str
        The character of each class; empty while unknown.
    image_shape : tuple of int
        Height and width in pixels.
    counts : mapping of str to int
        Samples by split; empty while unknown.
    class_counts : mapping of str to tuple of int
        For each split the samples of each class; splits of which that is unknown are left out.
    download_bytes : int
        To be fetched; 0 where nothing is.
    disk_bytes : int
        On the disk; what it will be, while it is not present.
    terms, citation, source : str
    folder : Path
        Where it lies, or will lie.
    is_present : bool
        Whether it can be opened.
    arrived_bytes : int
        What a download that was ended has left to go on with.
    error, hint : str
        Why it cannot although it is there, and what to do; else empty.
    """

    name: str
    title: str
    description: str
    kind: Kind
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    counts: Mapping[str, int]
    class_counts: Mapping[str, tuple[int, ...]]
    download_bytes: int
    disk_bytes: int
    terms: str
    citation: str
    source: str
    folder: Path
    is_present: bool = False
    arrived_bytes: int = 0
    error: str = ""
    hint: str = ""

    @property
    def classes(self) -> int:
        """How many classes it has."""
        return len(self.alphabet)

    @property
    def can_be_obtained(self) -> bool:
        """Whether `Catalog.obtain` can get it."""
        return self.kind in (Kind.EMNIST, Kind.MNIST, Kind.STARTER)


def published_entry(facts: Published, folder: Path) -> CatalogEntry:
    """Return the entry of a dataset that can be fetched, as if it were not there."""
    return CatalogEntry(
        name=facts.name,
        title=facts.title,
        description=facts.description,
        kind=Kind.EMNIST if facts.transposed else Kind.MNIST,
        alphabet=facts.alphabet,
        image_shape=(IMAGE_SIZE, IMAGE_SIZE),
        counts={split: part.samples for split, part in facts.splits.items()},
        class_counts={s: part.per_class for s, part in facts.splits.items() if part.per_class},
        download_bytes=facts.download_bytes,
        disk_bytes=facts.stored_bytes,
        terms=facts.terms,
        citation=facts.citation,
        source=facts.mirrors[0],
        folder=folder,
    )


def starter_entry(folder: Path) -> CatalogEntry:
    """Return the entry of the starter set, as if it were not there."""
    for_test = STARTER_SAMPLES // 6
    return replace(
        bare_entry(folder),
        title=STARTER_TITLE,
        description=Message("All 62 characters, made by this program: no network is needed."),
        kind=Kind.STARTER,
        alphabet=BYCLASS,
        counts={"train": STARTER_SAMPLES - for_test, "test": for_test},
        disk_bytes=STARTER_SAMPLES * _STARTER_BYTES,
        terms=STARTER_TERMS,
        source=STARTER_SOURCE,
    )


def bare_entry(folder: Path) -> CatalogEntry:
    """Return the entry of a folder of which nothing but the name is known."""
    shape = (IMAGE_SIZE, IMAGE_SIZE)
    name = folder.name
    return CatalogEntry(name, name, "", Kind.IMPORTED, (), shape, {}, {}, 0, 0, "", "", "", folder)


def on_disk(expected: CatalogEntry) -> CatalogEntry:
    """Return an entry with what its folder says, if it is there; its error, if it is damaged."""
    if not expected.folder.exists():
        return expected
    try:
        card = read_card(expected.folder)
        size = _checked_size(expected.folder, card)
    except DatasetError as error:
        size = size_of(expected.folder)
        return replace(expected, disk_bytes=size, error=error.message, hint=error.hint)
    return replace(
        expected,
        title=card.title,
        alphabet=card.alphabet,
        image_shape=card.image_shape,
        counts={split: sum(counts) for split, counts in card.counts.items()},
        class_counts=card.counts,
        disk_bytes=size,
        terms=card.terms,
        citation=card.citation,
        source=card.source,
        is_present=True,
    )


def size_of(folder: Path) -> int:
    """Return the bytes of the files in a folder and below."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def _checked_size(folder: Path, card: DatasetCard) -> int:
    """Return the bytes of a dataset, all of whose arrays are there and long enough.

    Raises
    ------
    DatasetError
        If one is missing or cut short.
    """
    height, width = card.image_shape
    for split, counts in card.counts.items():
        for array, size in (("images", height * width), ("labels", 8)):
            path = folder / f"{split}-{array}.npy"
            if not path.is_file() or path.stat().st_size < sum(counts) * size:
                raise DatasetError(
                    "{path} of {title} is missing or cut short.",
                    "Remove the dataset and fetch or import it again.",
                ).format(path=path.name, title=card.title)
    return size_of(folder)
