"""What a dataset is: by its name in the catalogue, or by a path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from trainer.datasets.catalog import Catalog
from trainer.datasets.entry import CatalogEntry, bare_entry, on_disk
from trainer.datasets.idx import find_splits
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import Data, is_path, is_pen_archive, load_data, read_foreign
from trainer.datasets.store import CARD_NAME, SPLITS, TRAIN, class_counts
from trainer.errors import DatasetError, Message
from trainer.files.paths import Profile
from trainer.ink.render import IMAGE_SIZE


def describe(name: str) -> CatalogEntry:
    """Describe a dataset.

    Parameters
    ----------
    name : str
        A name in the catalogue, or a path. What the catalogue has on this computer comes first:
        `./name` is the folder beside it.

    Raises
    ------
    DatasetError
        If there is nothing of that name, or it cannot be read.
    """
    path = Path(name).expanduser()
    catalog = Catalog(Profile.locate())
    if catalog.holds(name) or not (path.exists() or is_path(name)):
        return catalog.entry(name)
    if not path.exists():
        raise DatasetError("There is no {path}.", "Check the path.").format(path=path)
    path = path.absolute()
    if (path / CARD_NAME).is_file():
        return on_disk(bare_entry(path))
    if is_pen_archive(path):
        return _entry(path, {TRAIN: load_data(str(path))})
    splits = find_splits(path)
    if path.is_file():
        splits = {split: pair for split, pair in splits.items() if pair.images == path}
    if not splits:
        return _entry(path, read_foreign(path).splits)
    return _entry(path, {split: load_data(str(path), split) for split in SPLITS if split in splits})


def _entry(path: Path, splits: Mapping[str, Data]) -> CatalogEntry:
    first = next(iter(splits.values()))
    files = [path] if path.is_file() else [file for file in path.iterdir() if file.is_file()]
    return replace(
        bare_entry(path),
        description=Message("A pen archive.")
        if isinstance(first, PenArchive)
        else Message("Images, not imported."),
        alphabet=first.alphabet,
        image_shape=_shape(first),
        counts={split: len(data) for split, data in splits.items()},
        class_counts={s: class_counts(d.labels, len(d.alphabet)) for s, d in splits.items()},
        disk_bytes=sum(file.stat().st_size for file in files),
        terms=first.terms,
        is_present=True,
    )


def _shape(data: Data) -> tuple[int, int]:
    if isinstance(data, PenArchive):
        return IMAGE_SIZE, IMAGE_SIZE
    height, width = data.images.shape[1:]
    return height, width
