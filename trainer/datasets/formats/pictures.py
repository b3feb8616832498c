"""Pictures in class folders, optionally below ``train`` and ``test`` folders."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.datasets.export import TABLE_NAME
from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    RawLabels,
    SourceSplit,
    indexed_split,
    spread,
)
from trainer.datasets.store import TEST, TRAIN
from trainer.errors import DatasetError, Message, PictureError
from trainer.files.tables import text_of
from trainer.ink.picture import single_character
from trainer.ink.picture_file import SUFFIXES, UNREAD_SUFFIXES, open_picture, picture_shape
from trainer.ink.render import IMAGE_SIZE, Image

_PROBED = 200
"""Pictures whose size is checked."""

_LARGEST_SIDE = 128
"""Larger pictures are scans, from which the character is cropped."""

_SPLIT_FOLDERS = {"train": TRAIN, "training": TRAIN, "test": TEST, "testing": TEST, "val": TEST}


def class_folders(folder: Path) -> dict[str, list[tuple[str, list[Path]]]]:
    """Return the classes of each split with their pictures; empty without pictures."""
    children = [child for child in sorted(folder.iterdir()) if child.is_dir()]
    splits = {
        _SPLIT_FOLDERS[c.name.lower()]: c for c in children if c.name.lower() in _SPLIT_FOLDERS
    }
    found = {}
    for split, above in (splits or {TRAIN: folder}).items():
        names = _exported_names(above)
        folders = [child for child in sorted(above.iterdir()) if child.is_dir()]
        classes = [(names.get(c.name, c.name), _pictures(c)) for c in folders]
        classes = [(name, pictures) for name, pictures in classes if pictures]
        if classes:
            found[split] = classes
    return found


def _exported_names(folder: Path) -> dict[str, str]:
    """Return the character of each folder of one of our exports; empty for other data."""
    try:
        with (folder / TABLE_NAME).open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        return {Path(row["file"]).parent.name: text_of(row["character"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return {}


def _pictures(folder: Path) -> list[Path]:
    return sorted(f for f in folder.iterdir() if f.suffix.lower() in SUFFIXES | UNREAD_SUFFIXES)


def open_pictures(folder: Path, splits: dict[str, list[tuple[str, list[Path]]]]) -> ImportSource:
    """Open what `class_folders` found.

    Raises
    ------
    DatasetError
        If none of the pictures can be read.
    """
    notes: list[str] = []
    all_files = [file for classes in splits.values() for _, files in classes for file in files]
    size = _common_size(all_files)
    sources = {}
    for split, classes in splits.items():
        files = [file for _, members in classes for file in members]
        labels = np.array([name for name, members in classes for _ in members])
        sources[split] = _split(files, labels, size, notes)
    return ImportSource(
        format="pictures in class folders",
        title=folder.name,
        image_shape=size or (IMAGE_SIZE, IMAGE_SIZE),
        splits=sources,
        transposed=None,
        inverted=None if size else False,
        notes=notes,
    )


def _common_size(files: Sequence[Path]) -> tuple[int, int] | None:
    """Return height and width if all pictures have the same small size, else None."""
    sizes = set()
    refusals = []
    for index in spread(len(files), _PROBED).tolist():
        try:
            sizes.add(picture_shape(files[index]))
        except PictureError as error:
            refusals.append(error)
    if not sizes:
        raise DatasetError("None of the pictures can be read. {reason}", refusals[0].hint).format(
            reason=refusals[0]
        )
    return sizes.pop() if len(sizes) == 1 and max(next(iter(sizes))) <= _LARGEST_SIDE else None


def _split(
    files: list[Path], labels: RawLabels, size: tuple[int, int] | None, notes: list[str]
) -> SourceSplit:
    skipped: dict[Path, str] = {}

    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        images, readable = [], []
        for index in indices.tolist():
            try:
                images.append(_image(files[index], size))
                readable.append(index)
            except PictureError as error:
                skipped[files[index]] = error.message
                notes[:] = [_skipped_note(skipped)]
        shape = size or (IMAGE_SIZE, IMAGE_SIZE)
        stack = np.stack(images) if images else np.empty((0, *shape), dtype=np.uint8)
        return Chunk(stack, labels[readable])

    return indexed_split(labels, read, CHUNK // 20)


def _skipped_note(skipped: dict[Path, str]) -> str:
    n = len(skipped)
    return Message(
        "{n} picture could not be used and is left out. {reason}"
        if n == 1
        else "{n} pictures could not be used and are left out. For instance: {reason}",
        n=f"{n:,}",
        reason=skipped[min(skipped)],
    )


def _image(file: Path, size: tuple[int, int] | None) -> Image:
    """Read a picture: unchanged if all have one size, else normalised to EMNIST's geometry."""
    grey = open_picture(file)
    if size is None:
        found = single_character(grey)
        if found is None:
            raise PictureError("{image} shows no character.").format(image=file.name)
        return found.image
    if grey.shape != size:
        raise PictureError("{image} is not of the size of the others.").format(image=file.name)
    return grey
