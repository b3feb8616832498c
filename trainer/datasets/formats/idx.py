"""Import of IDX, the format of MNIST and EMNIST: one file, or a folder of splits."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from trainer.datasets.download.sources import EMNIST_CITATION, published
from trainer.datasets.formats.arrays import shaped_images
from trainer.datasets.formats.classes import kind_of, known_characters
from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    SourceSplit,
    as_bytes,
    check_same_length,
    labels_beside,
    split_of,
    spread,
    value_scale,
    whole_labels,
)
from trainer.datasets.idx import (
    EMNIST_TERMS,
    find_splits,
    is_packed,
    labels_of,
    read_idx,
    stream_idx,
)
from trainer.errors import DatasetError, Message
from trainer.ink.render import Images


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
    title = first.name.split("-images")[0] if emnist else path.name.removesuffix(".gz")
    return ImportSource(
        format=Message("{format}, gzipped", format="IDX") if is_packed(first) else "IDX",
        title=f"EMNIST {kind_of(first)}".strip() if emnist else title,
        image_shape=shapes.pop(),
        splits=splits,
        transposed=True if emnist else None,
        inverted=None,
        characters=known_characters(first),
        terms=EMNIST_TERMS if emnist else "",
        citation=EMNIST_CITATION if emnist else "",
        notes=_official([file for pair in pairs.values() for file in pair]),
    )


def _official(files: Sequence[Path]) -> list[str]:
    """Compare files that are named as published ones with their checksums; return the remarks."""
    known = {file.name: file for dataset in published() for file in dataset.files}
    named = [file for file in files if file.name in known and known[file.name].packed_sha256]
    others = [file.name for file in named if _checksum(file) != known[file.name].packed_sha256]
    if others:
        return [
            Message(
                "{files} differs from the published file of that name: its checksum is another.",
                files=", ".join(others),
            )
        ]
    return [Message("These are the published files: their checksums are right.")] if named else []


def _checksum(file: Path) -> str:
    status = file.stat()
    return _checksum_of(file, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _checksum_of(file: Path, _size: int, _modified: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _labels_of(images: Path, labels: Path | None) -> Path:
    found = labels or labels_of(images) or labels_beside(images)
    if found is None:
        raise DatasetError(
            "{images} has no labels beside it.", "Choose the file with the labels too (--labels)."
        ).format(images=images.name)
    return found


def _split(images: Path, labels: Path) -> tuple[SourceSplit, tuple[int, int]]:
    values = read_idx(labels)
    if values.ndim > 2:
        raise DatasetError("Expected labels in {labels}. Received: images.").format(
            labels=labels.name
        )
    all_labels = whole_labels(values, labels.name)
    shape, first = stream_idx(images, CHUNK)
    if len(shape) == 1:
        raise DatasetError(
            "Expected images in {images}. Received: labels.", "Choose the images file."
        ).format(images=images.name)
    check_same_length(shape[0], len(all_labels), f"{images.name} and {labels.name}")
    piece = shaped_images(next(first), images.name)
    first.close()
    scale = (0.0, 1.0) if piece.dtype == np.uint8 else value_scale(piece, images.name)

    def sample(n: int) -> Chunk:
        pieces = _read(min(CHUNK, 4 * n))
        piece = next(pieces)
        pieces.close()
        chosen = spread(len(piece), n)
        return Chunk(piece[chosen], all_labels[: len(piece)][chosen])

    def chunks() -> Iterator[Chunk]:
        low = 0
        for piece in _read(CHUNK):
            yield Chunk(piece, all_labels[low : low + len(piece)])
            low += len(piece)

    def _read(rows: int) -> Generator[Images, None, None]:
        for piece in stream_idx(images, rows)[1]:
            yield as_bytes(shaped_images(piece, images.name), scale)

    return SourceSplit(all_labels, sample, chunks), (piece.shape[1], piece.shape[2])
