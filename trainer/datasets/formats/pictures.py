"""Pictures in class folders, optionally below folders of splits; also in an archive of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.class_folders import LabelledPictures, labelled_pictures
from trainer.datasets.formats.file_tree import FileTree, archive_tree, shown, summary
from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    RawLabels,
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


def open_archive(path: Path) -> ImportSource:
    """Open a ZIP or tar archive of class folders.

    Raises
    ------
    DatasetError
        If it is damaged, or holds something else.
    """
    tree = archive_tree(path)
    found = labelled_pictures(tree)
    if not found.splits:
        raise DatasetError(
            "There are no class folders of pictures in the archive {path}. Found: {files}.",
            "Unpack it, and import what is inside. {how}",
        ).format(path=path.name, files=summary(tree.files), how=how_to_arrange(found))
    return open_pictures(tree, found)


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
    skipped: set[str] = set()
    size = _common_size(tree, [file for split in found.splits.values() for file, _ in split])
    sources = {}
    for name, pictures in found.splits.items():
        files = [file for file, _ in pictures]
        labels = np.array([label for _, label in pictures])
        sources[name] = _split(tree, files, labels, size, skipped, found.notes)
    return ImportSource(
        format="pictures in class folders",
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
    for index in spread(len(files), _PROBED).tolist():
        try:
            height, width = tree.picture(files[index]).shape
        except PictureError:
            continue
        sizes.add((height, width))
        if len(sizes) > 1 or max(height, width) > _LARGEST_SIDE:
            return None
    if not sizes:
        raise DatasetError(
            "None of the pictures can be read, {example} for instance.",
            "Pictures may be PNG, JPEG, BMP, WebP, GIF, TIFF or PGM.",
        ).format(example=shown(files[0]))
    return sizes.pop()


def _split(
    tree: FileTree,
    files: list[str],
    labels: RawLabels,
    size: tuple[int, int] | None,
    skipped: set[str],
    notes: list[str],
) -> SourceSplit:
    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        images, readable = [], []
        for index in indices.tolist():
            image = _image(tree, files[index], size)
            if image is None:
                _skip(files[index], skipped, notes)
            else:
                images.append(image)
                readable.append(index)
        shape = size or (IMAGE_SIZE, IMAGE_SIZE)
        stack = np.stack(images) if images else np.empty((0, *shape), dtype=np.uint8)
        return Chunk(stack, labels[readable])

    return indexed_split(labels, read, CHUNK // 20)


def _skip(file: str, skipped: set[str], notes: list[str]) -> None:
    """Count a picture that cannot be used, in the note on all of them."""
    before = _skipped_note(skipped)
    skipped.add(file)
    if before in notes:
        notes.remove(before)
    notes.append(_skipped_note(skipped))


def _skipped_note(skipped: set[str]) -> str:
    n = len(skipped)
    return Message(
        "{n} picture could not be used and is left out, {example} for instance."
        if n == 1
        else "{n} pictures could not be used and are left out, {example} for instance.",
        n=f"{n:,}",
        example=PurePosixPath(min(skipped, default="")).name,
    )


def _image(tree: FileTree, file: str, size: tuple[int, int] | None) -> Image | None:
    """Read a picture: unchanged if all have one size, else normalised to EMNIST's geometry."""
    try:
        grey = tree.picture(file)
    except PictureError:
        return None
    if size is not None:
        return np.asarray(grey, dtype=np.uint8) if grey.shape == size else None
    found = single_character(grey)
    return None if found is None else found.image
