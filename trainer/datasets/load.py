"""From the name on a command line to data: what ``--data`` accepts."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.idx import find_splits, read_idx_dataset
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.store import (
    CARD_NAME,
    TEST,
    TRAIN,
    StoredDataset,
    in_memory,
    name_from,
    open_dataset,
)
from trainer.errors import DatasetError
from trainer.files.npz import UNREADABLE
from trainer.files.paths import Profile

Data = Dataset | PenArchive
T = TypeVar("T")

ALL = "all"
"""Every split of a dataset, one after the other."""


def load_data(name: str, split: str = "") -> Data:
    """Open a dataset of the catalogue, a pen archive, IDX images, or whatever can be imported.

    Parameters
    ----------
    name : str
        A name in the catalogue, or a path. What the catalogue has on this computer comes first:
        `./name` is the folder beside it.
    split : str
        "train" or "test" where the data have them, "all" for both; empty for test where there
        is one, else all. Data without a division have "train" only.

    Returns
    -------
    Dataset or PenArchive
        The drawings, where a dataset has them and one split is asked for.

    Raises
    ------
    DatasetError
        If nothing is there, it cannot be read, or it has no such split.
    """
    path = Path(name).expanduser()
    catalog = Catalog(Profile.locate())
    if catalog.holds(name) or not (path.exists() or is_path(name)):
        return _split_of(catalog.open(name), split)
    if not path.exists():
        raise DatasetError("There is no {path}.", "Check the path after --data.").format(path=path)
    if (path / CARD_NAME).is_file():
        return _split_of(open_dataset(path), split)
    if is_pen_archive(path):
        if split not in ("", TRAIN, ALL):
            raise DatasetError(
                "{path} has no split {split}: a pen archive is one split.", "Leave --split out."
            ).format(path=path.name, split=repr(split))
        return read_pen_archive(path)
    pairs = find_splits(path)
    if not pairs:
        return _split_of(read_foreign(path), split)
    return _chosen(path.name, pairs, split, read_idx_dataset)


def samples_at(data: Data, indices: npt.NDArray[np.int64]) -> Data:
    """Return some samples, in ascending order of `indices`."""
    if isinstance(data, PenArchive):
        keep = np.zeros(len(data), dtype=bool)
        keep[indices] = True
        return data.select(keep)
    return data.take(indices)


def as_images(data: Data) -> Dataset:
    """Return images: a pen archive is rendered, a dataset is what it is."""
    return data.render() if isinstance(data, PenArchive) else data


def is_path(name: str) -> bool:
    """Tell whether a name that is no file was meant to be one."""
    return name.startswith("~") or any(mark in name for mark in (os.sep, os.altsep or os.sep, "."))


def is_pen_archive(path: Path) -> bool:
    """Tell whether a file is a pen archive, or as damaged as one may be."""
    if path.suffix != ".npz":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "points.npy" in archive.namelist()
    except UNREADABLE:
        return True


def read_foreign(path: Path) -> StoredDataset:
    """Read data of any other format that can be imported, into memory.

    Raises
    ------
    DatasetError
        If the format is not known, or the data are damaged.
    """
    from trainer.datasets.formats.detect import open_source
    from trainer.datasets.formats.import_plan import make_plan
    from trainer.datasets.formats.options import ImportOptions

    source = open_source(path, ImportOptions())
    plan = make_plan(source, ImportOptions())
    splits = {}
    for split, part in source.parts.items():
        chunks = list(part.chunks())
        images = np.concatenate([plan.images(chunk.images) for chunk in chunks])
        labels = np.concatenate([plan.labels(chunk.labels) for chunk in chunks])
        name = f"{path.stem}-{split}"
        splits[split] = Dataset(name, plan.alphabet, images, labels, terms=source.terms)
    inks = {split: plan.archive(archive) for split, archive in source.archives.items()}
    return in_memory(name_from(path.stem), source.title, splits, inks)


def _split_of(stored: StoredDataset, split: str) -> Data:
    def read(chosen: str) -> Data:
        inks = stored.inks(chosen)
        return stored.splits[chosen] if inks is None else inks

    names = {name: name for name in stored.splits}
    return _chosen(stored.card.title, names, split, read)


def _chosen(title: str, splits: Mapping[str, T], split: str, read: Callable[[T], Data]) -> Data:
    """Read the split that is asked for; empty for test where there is one, else the first."""
    chosen = split or (TEST if TEST in splits else next(iter(splits)))
    if chosen == ALL:
        if len(splits) > 1:
            return _joined(title, [as_images(read(part)) for part in splits.values()])
        chosen = next(iter(splits))
    if chosen not in splits:
        raise DatasetError(
            "{name} has no split {split}. Found: {splits}.",
            "Leave --split out, or name one of these.",
        ).format(name=title, split=repr(chosen), splits=", ".join(splits))
    return read(splits[chosen])


def _joined(name: str, parts: Sequence[Dataset]) -> Dataset:
    """Return all splits in one, read into memory."""
    writers = [part.writers for part in parts if part.writers is not None]
    return replace(
        parts[0],
        name=name,
        images=np.concatenate([part.images for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        writers=np.concatenate(writers) if len(writers) == len(parts) else None,
    )
