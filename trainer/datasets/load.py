"""Data by name: loading and describing what ``--data`` accepts."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.entry import CatalogEntry, bare_entry, on_disk
from trainer.datasets.idx import find_splits, read_idx_dataset
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.samples import Data, as_images, concatenated
from trainer.datasets.store import (
    CARD_NAME,
    SPLITS,
    TEST,
    TRAIN,
    StoredDataset,
    class_counts,
    in_memory,
    name_from,
    open_dataset,
)
from trainer.errors import DatasetError, Message, NoSplitError
from trainer.files.disk import size_of
from trainer.files.npz import UNREADABLE
from trainer.files.paths import Profile
from trainer.ink.render import IMAGE_SIZE

T = TypeVar("T")

ALL = "all"
"""All splits of a dataset, concatenated."""


def load_data(name: str, split: str = "") -> Data:
    """Load a dataset of the catalogue, a pen archive, IDX images, or any importable data.

    Parameters
    ----------
    name : str
        A name in the catalogue, or a path. A dataset of the catalogue takes precedence; `./name`
        is the path.
    split : str
        "train", "validation" or "test" if the data have them, "all" for all; empty for test if
        there is one, else all. Data without splits have "train" only.

    Returns
    -------
    Dataset or PenArchive
        The drawings, if a dataset has them and one split is requested.

    Raises
    ------
    DatasetError
        If it is missing or cannot be read.
    NoSplitError
        If it has no such split.
    """
    path = Path(name).expanduser()
    catalog = Catalog(Profile.locate())
    if _is_in_catalog(name, catalog):
        return _split_of(catalog.open(name), split)
    check_is_there(name)
    if (path / CARD_NAME).is_file():
        return _split_of(open_dataset(path), split)
    if is_pen_archive(path):
        if split not in ("", TRAIN, ALL):
            raise NoSplitError(
                "{path} has no split {split}: a pen archive is one split.", "Leave --split out."
            ).format(path=path.name, split=repr(split))
        return read_pen_archive(path)
    pairs = find_splits(path)
    if not pairs:
        return _split_of(read_foreign(path), split)
    return _read_split(path.name, pairs, split, read_idx_dataset)


def check_is_there(name: str) -> None:
    """Raise a `DatasetError` if there are no data of a name as of `load_data`; nothing is read."""
    path, catalog = Path(name).expanduser(), Catalog(Profile.locate())
    if _is_in_catalog(name, catalog):
        if not catalog.holds(name):
            catalog.entry(name)  # which names those like it
    elif not path.exists():
        raise DatasetError("There is no {path}.", "Check the path after --data.").format(path=path)


def describe(name: str) -> CatalogEntry:
    """Describe a dataset, by a name as of `load_data`.

    Raises
    ------
    DatasetError
        If there is no such dataset, or it cannot be read.
    """
    path = Path(name).expanduser()
    catalog = Catalog(Profile.locate())
    if _is_in_catalog(name, catalog):
        return catalog.entry(name)
    if not path.exists():
        raise DatasetError("There is no {path}.", "Check the path.").format(path=path)
    path = path.absolute()
    if (path / CARD_NAME).is_file():
        return on_disk(bare_entry(path))
    pairs = {} if is_pen_archive(path) else find_splits(path)
    if path.is_file():
        pairs = {split: pair for split, pair in pairs.items() if pair.images == path}
    splits: Mapping[str, Data]
    if is_pen_archive(path):
        splits = {TRAIN: read_pen_archive(path)}
    elif pairs:
        splits = {split: read_idx_dataset(pairs[split]) for split in SPLITS if split in pairs}
    else:
        splits = read_foreign(path).splits
    first = next(iter(splits.values()))
    height, width = first.images.shape[1:] if isinstance(first, Dataset) else (IMAGE_SIZE,) * 2
    return replace(
        bare_entry(path),
        description=Message(
            "A pen archive." if isinstance(first, PenArchive) else "Images, not imported."
        ),
        alphabet=first.alphabet,
        image_shape=(height, width),
        counts={split: len(data) for split, data in splits.items()},
        class_counts={s: class_counts(d.labels, len(d.alphabet)) for s, d in splits.items()},
        disk_bytes=path.stat().st_size if path.is_file() else size_of(path),
        terms=first.terms,
        is_present=True,
    )


def _is_in_catalog(name: str, catalog: Catalog) -> bool:
    """Return whether a name means a dataset of the catalogue, not a path."""
    return catalog.holds(name) or not (Path(name).expanduser().exists() or is_path(name))


def is_path(name: str) -> bool:
    """Return whether a name looks like a path."""
    return name.startswith("~") or any(mark in name for mark in (os.sep, os.altsep or os.sep, "."))


def is_pen_archive(path: Path) -> bool:
    """Return whether a file is a pen archive, or a damaged archive."""
    if path.suffix != ".npz":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "points.npy" in archive.namelist()
    except UNREADABLE:
        return True


def read_foreign(path: Path) -> StoredDataset:
    """Read data of any other importable format into memory.

    Raises
    ------
    DatasetError
        If the format is unknown, or the data are damaged.
    """
    from trainer.datasets.formats.detect import open_source
    from trainer.datasets.formats.import_plan import make_plan
    from trainer.datasets.formats.options import ImportOptions

    source = open_source(path, ImportOptions())
    plan = make_plan(source, ImportOptions())
    splits = {}
    for name, source_split in source.splits.items():
        title = f"{path.stem}-{name}"
        parts = [plan.dataset(title, chunk) for chunk in source_split.chunks()]
        splits[name] = replace(concatenated(title, parts), terms=source.terms)
    inks = {split: plan.archive(archive) for split, archive in source.archives.items()}
    return in_memory(name_from(path.stem), source.title, splits, inks)


def _split_of(stored: StoredDataset, split: str) -> Data:
    def read(chosen: str) -> Data:
        inks = stored.inks(chosen)
        return stored.splits[chosen] if inks is None else inks

    names = {name: name for name in stored.splits}
    return _read_split(stored.card.title, names, split, read)


def _read_split(title: str, splits: Mapping[str, T], split: str, read: Callable[[T], Data]) -> Data:
    """Read the requested split; by default test if there is one, else the first."""
    chosen = split or (TEST if TEST in splits else next(iter(splits)))
    if chosen == ALL:
        if len(splits) > 1:
            return concatenated(title, [as_images(read(part)) for part in splits.values()])
        chosen = next(iter(splits))
    if chosen not in splits:
        raise NoSplitError(
            "{name} has no split {split}. Found: {splits}.",
            "Leave --split out, or name one of these.",
        ).format(name=title, split=repr(chosen), splits=", ".join(splits))
    return read(splits[chosen])
