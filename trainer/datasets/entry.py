"""Catalogue entries of datasets, present or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from trainer.datasets.download.sources import PublishedDataset
from trainer.datasets.store import DatasetCard, read_card
from trainer.datasets.synthetic.about import (
    STARTER_SAMPLES,
    STARTER_SOURCE,
    STARTER_TERMS,
    STARTER_TITLE,
)
from trainer.errors import DatasetError, Message
from trainer.files.disk import size_of
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import IMAGE_SIZE

_STARTER_BYTES = 950
"""Size of a stored sample: image, label and ink."""


class Kind(StrEnum):
    """Origin of a dataset."""

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
        The samples of each class by split; without splits for which they are unknown.
    download_bytes : int
        Download size; 0 if there is no download.
    disk_bytes : int
        Size on the disk; the expected one while it is not present.
    terms, citation, source : str
    folder : Path
        Its present or future folder.
    is_present : bool
        Whether it can be opened.
    arrived_bytes : int
        Size of a partial download that can be resumed.
    error, hint : str
        Why it cannot be opened although it exists, and what to do; else empty.
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
        """Number of classes."""
        return len(self.alphabet)

    @property
    def can_be_obtained(self) -> bool:
        """Whether `Catalog.obtain` can download or generate it."""
        return self.kind in (Kind.EMNIST, Kind.MNIST, Kind.STARTER)


def published_entry(source: PublishedDataset, folder: Path) -> CatalogEntry:
    """Return the entry of a published dataset that is not present."""
    return CatalogEntry(
        name=source.name,
        title=source.title,
        description=source.description,
        kind=Kind.EMNIST if source.transposed else Kind.MNIST,
        alphabet=source.alphabet,
        image_shape=(IMAGE_SIZE, IMAGE_SIZE),
        counts={name: split.samples for name, split in source.splits.items()},
        class_counts={n: split.per_class for n, split in source.splits.items() if split.per_class},
        download_bytes=source.download_bytes,
        disk_bytes=source.stored_bytes,
        terms=source.terms,
        citation=source.citation,
        source=source.mirrors[0],
        folder=folder,
    )


def starter_entry(folder: Path) -> CatalogEntry:
    """Return the entry of a starter set that is not present."""
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
    """Return the entry of a folder of which only the name is known."""
    shape = (IMAGE_SIZE, IMAGE_SIZE)
    name = folder.name
    return CatalogEntry(name, name, "", Kind.IMPORTED, (), shape, {}, {}, 0, 0, "", "", "", folder)


def on_disk(expected: CatalogEntry) -> CatalogEntry:
    """Return an entry completed from its folder: with the card, or the error if damaged."""
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


def _checked_size(folder: Path, card: DatasetCard) -> int:
    """Return the size of a dataset after checking that its arrays are complete.

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
