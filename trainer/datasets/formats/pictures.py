"""Pictures in class folders, optionally below folders of splits; also in an archive of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.class_folders import Labelled, LabelledPictures
from trainer.datasets.formats.file_tree import FileTree, shown
from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    SourceSplit,
    indexed_split,
    spread,
)
from trainer.errors import DatasetError, Message, PictureError, joined
from trainer.ink.picture import single_character
from trainer.ink.render import IMAGE_SIZE, Image

_PROBED = 200
"""Pictures whose size is checked."""

_LARGEST_SIDE = 128
"""Larger pictures are scans, from which the character is cropped."""

_ARRANGED = Message(
    "Pictures belong into a folder for each class, named like it, or beside a CSV that names each "
    "with its label."
)


def how_to_arrange(found: LabelledPictures, *others: str) -> Message:
    """Return what is wrong with pictures, how they are arranged, and other sentences."""
    return joined(*found.notes, _ARRANGED, *others)


def open_pictures(tree: FileTree, found: LabelledPictures) -> ImportSource:
    """Open what `labelled_pictures` found in a tree.

    Raises
    ------
    DatasetError
        If none of the pictures can be read.
    """
    skipped: dict[str, str] = {}
    size = _common_size(tree, [file for split in found.splits.values() for file, _ in split])
    sources = {}
    for name, pictures in found.splits.items():
        sources[name] = _split(tree, found, pictures, size, skipped)
    return ImportSource(
        format=Message("pictures in class folders"),
        title=tree.title,
        image_shape=size or (IMAGE_SIZE, IMAGE_SIZE),
        splits=sources,
        transposed=None,
        inverted=None if size else False,
        notes=found.notes,
    )


def _common_size(tree: FileTree, files: Sequence[str]) -> tuple[int, int] | None:
    """Return height and width if all pictures have the same small size, else None."""
    sizes: set[tuple[int, int]] = set()
    reason = ""
    for index in spread(len(files), _PROBED).tolist():
        try:
            height, width = tree.picture(files[index]).shape
        except PictureError as error:
            reason = reason or error.message
            continue
        sizes.add((height, width))
        if len(sizes) > 1 or max(height, width) > _LARGEST_SIDE:
            return None
    if not sizes:
        raise DatasetError(
            "None of the pictures can be read. {reason}",
            "Pictures may be PNG, JPEG, BMP, WebP, GIF, TIFF or PGM.",
        ).format(reason=reason)
    return sizes.pop()


def _split(
    tree: FileTree,
    found: LabelledPictures,
    pictures: Labelled,
    size: tuple[int, int] | None,
    skipped: dict[str, str],
) -> SourceSplit:
    files = [file for file, _ in pictures]
    labels = np.array([label for _, label in pictures])
    writers = np.array([found.writers.get(file, 0) for file in files], dtype=np.int64)

    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        images, readable = [], []
        for index in indices.tolist():
            try:
                images.append(_image(tree, files[index], size))
                readable.append(index)
            except PictureError as error:
                _skip(files[index], error.message, skipped, found.notes)
        shape = size or (IMAGE_SIZE, IMAGE_SIZE)
        stack = np.stack(images) if images else np.empty((0, *shape), dtype=np.uint8)
        return Chunk(stack, labels[readable], writers[readable] if found.writers else None)

    return indexed_split(labels, read, CHUNK // 20)


def _skip(file: str, reason: str, skipped: dict[str, str], notes: list[str]) -> None:
    """Count a picture that cannot be used, in the note on all of them."""
    before = _skipped_note(skipped)
    skipped[file] = reason
    if before in notes:
        notes.remove(before)
    notes.append(_skipped_note(skipped))


def _skipped_note(skipped: Mapping[str, str]) -> str:
    n, example = len(skipped), min(skipped, default="")
    return Message(
        "{n} picture is left out: {reason}"
        if n == 1
        else "{n} pictures are left out, {example} for instance: {reason}",
        n=f"{n:,}",
        example=shown(example),
        reason=skipped.get(example, ""),
    )


def _image(tree: FileTree, file: str, size: tuple[int, int] | None) -> Image:
    """Read a picture: unchanged if all have one size, else normalised to EMNIST's geometry.

    Raises
    ------
    PictureError
        If it cannot be read, is of another size, or shows nothing.
    """
    grey = tree.picture(file)
    if size is None:
        found = single_character(grey)
        if found is None:
            raise PictureError("{path} shows no ink.").format(path=shown(file))
        return found.image
    if grey.shape != size:
        raise PictureError(
            "{path} has {width}×{height} pixels, others {usual_width}×{usual_height}."
        ).format(
            path=shown(file),
            width=grey.shape[1],
            height=grey.shape[0],
            usual_width=size[1],
            usual_height=size[0],
        )
    return np.asarray(grey, dtype=np.uint8)
