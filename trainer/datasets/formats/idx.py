"""Import of IDX, the format of MNIST and EMNIST: one file, or a folder of splits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from trainer.datasets.dataset import Labels
from trainer.datasets.formats.classes import kind_of, known_characters
from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    SourceSplit,
    check_image_shape,
    check_same_length,
    labels_beside,
    split_of,
    spread,
)
from trainer.datasets.idx import EMNIST_TERMS, find_splits, read_idx, stream_idx
from trainer.errors import DatasetError


def open_idx(path: Path, labels: Path | None) -> ImportSource:
    """Open an images file, or a folder of EMNIST's or MNIST's files.

    Raises
    ------
    DatasetError
        If files are missing, damaged or do not match.
    """
    if path.is_dir():
        pairs = {split: (pair.images, pair.labels) for split, pair in find_splits(path).items()}
    else:
        pairs = {split_of(path): (path, _labels_of(path, labels))}
    splits, shapes = {}, set()
    for split, (images_file, labels_file) in sorted(pairs.items(), reverse=True):
        splits[split], shape = _split(images_file, labels_file)
        shapes.add(shape)
    if len(shapes) > 1:
        raise DatasetError("The images of train and test differ in size.", "Import one of them.")
    first = next(iter(pairs.values()))[0]
    emnist = first.name.startswith("emnist-")
    is_packed = first.suffix == ".gz"
    title = first.name.split("-images")[0] if emnist else path.name.removesuffix(".gz")
    return ImportSource(
        format="IDX, gzipped" if is_packed else "IDX",
        title=f"EMNIST {kind_of(first)}".strip() if emnist else title,
        image_shape=shapes.pop(),
        splits=splits,
        transposed=True if emnist else None,
        inverted=None,
        characters=known_characters(first),
        terms=EMNIST_TERMS if emnist else "",
    )


def _labels_of(images: Path, labels: Path | None) -> Path:
    found = labels or labels_beside(images)
    if found is None:
        raise DatasetError(
            "{images} has no labels beside it.", "Choose the file with the labels too (--labels)."
        ).format(images=images.name)
    return found


def _split(images: Path, labels: Path) -> tuple[SourceSplit, tuple[int, int]]:
    values = read_idx(labels)
    if values.ndim != 1:
        raise DatasetError("Expected labels in {labels}. Received: images.").format(
            labels=labels.name
        )
    all_labels: Labels = values.astype(np.int64)
    shape, first = stream_idx(images, CHUNK)
    if len(shape) != 3:
        raise DatasetError(
            "Expected images in {images}. Received: labels.", "Choose the images file."
        ).format(images=images.name)
    first.close()
    check_same_length(shape[0], len(all_labels), f"{images.name} and {labels.name}")

    def sample(n: int) -> Chunk:
        pieces = stream_idx(images, min(CHUNK, 4 * n))[1]
        piece = next(pieces)
        pieces.close()
        chosen = spread(len(piece), n)
        return Chunk(piece[chosen], all_labels[: len(piece)][chosen])

    def chunks() -> Iterator[Chunk]:
        low = 0
        for piece in stream_idx(images, CHUNK)[1]:
            yield Chunk(piece, all_labels[low : low + len(piece)])
            low += len(piece)

    shape_2d = check_image_shape(shape[1], shape[2], images.name)
    return SourceSplit(all_labels, sample, chunks), shape_2d
