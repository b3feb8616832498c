"""Parquet files of encoded pictures and labels, as the Hugging Face hub stores image datasets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    RawLabels,
    SourceSplit,
    check_image_shape,
    check_same_length,
    indexed_split,
    split_of,
    whole_labels,
    whole_writers,
)
from trainer.datasets.store import SPLITS, TRAIN
from trainer.errors import DatasetError, PictureError
from trainer.files.records import RecordError, decode_or, nested, parse
from trainer.ink.picture_file import picture_from_bytes
from trainer.processes.launch import missing_hint

START = b"PAR1"
"""Of every file."""

_IMAGES = ("image", "img", "images", "picture")
_LABELS = ("label", "labels", "character", "class", "target", "fine_label")
_WRITERS = "writer"
_SPLIT = b"split"
"""Key of the split in the description of a file that this program has exported."""

_LARGEST_GROUP = 1 << 30
"""Bytes of a row group, which is read whole."""


def open_parquet(path: Path, files: Sequence[Path]) -> ImportSource:
    """Open Parquet files, whose names say their splits, or our own export.

    Parameters
    ----------
    path : Path
        What is imported: the file or its folder.
    files : sequence of Path

    Raises
    ------
    DatasetError
        If pyarrow is missing, or a file is damaged or holds no pictures with labels.
    """
    parts: dict[str, list[_Part]] = {}
    for part in map(_Part, sorted(files)):
        parts.setdefault(part.split, []).append(part)
    first = next(iter(parts.values()))[0]
    height, width = first.pictures(np.array([0]))[0].shape
    size = check_image_shape(height, width, path.name)
    splits = {name: _split(of_split, size) for name, of_split in parts.items()}
    return ImportSource("Parquet", path.stem, size, splits)


class _Part:
    """A file: its labels and writers in memory, its pictures by row groups."""

    def __init__(self, path: Path) -> None:
        try:
            from pyarrow import ArrowException
            from pyarrow.parquet import ParquetFile
        except ImportError as error:
            raise DatasetError(
                "Parquet needs a package that is not installed: {package}.",
                missing_hint("parquet"),
            ).format(package=error.name) from error
        self._path, self._errors = path, (ArrowException, OSError)
        try:
            self._file = ParquetFile(path)
            names = self._file.schema_arrow.names
            self._image = _column(names, _IMAGES, path)
            label = _column(names, _LABELS, path)
            labels = np.asarray(self._file.read([label])[label].to_pylist())
            writers = self._numbers(_WRITERS)
        except self._errors as error:
            raise self._damaged(error) from error
        self.labels = self._named(whole_labels(labels, path.name), label)
        self.writers = whole_writers(writers, len(labels))
        metadata = self._file.metadata
        rows = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
        check_same_length(sum(rows), len(self.labels), path.name)
        self._starts = [0, *accumulate(rows)]
        self._group: tuple[int, Any] = (-1, None)

    def pictures(self, indices: npt.NDArray[np.int64]) -> list[npt.NDArray[np.uint8]]:
        """Return the pictures at rising indices."""
        return [self._picture(index) for index in indices.tolist()]

    def _picture(self, index: int) -> npt.NDArray[np.uint8]:
        group = bisect_right(self._starts, index) - 1
        if group != self._group[0]:
            self._group = group, self._read(group)
        stored = self._group[1][index - self._starts[group]].as_py()
        data = stored.get("bytes") if isinstance(stored, dict) else stored
        if not isinstance(data, bytes):
            raise DatasetError(
                "Expected encoded pictures in the column {column} of {path}. Received: others.",
                "The Hugging Face hub stores them as PNG or JPEG within the file.",
            ).format(column=self._image, path=self._path.name)
        try:
            return np.asarray(picture_from_bytes(data, f"{self._path.name}, row {index + 1:,}"))
        except PictureError as error:
            raise DatasetError(error.message, error.hint) from error

    def _read(self, group: int) -> Any:
        size = self._file.metadata.row_group(group).total_byte_size
        if size > _LARGEST_GROUP:
            raise DatasetError("{path} has row groups of more than a gigabyte.").format(
                path=self._path.name
            )
        try:
            return self._file.read_row_group(group, [self._image])[self._image]
        except self._errors as error:
            raise self._damaged(error) from error

    def _numbers(self, column: str) -> npt.NDArray[Any]:
        """Return a column of whole numbers; something else if there is none."""
        fields = [each for each in self._file.schema_arrow if each.name == column]
        if len(fields) != 1 or not str(fields[0].type).startswith(("int", "uint")):
            return np.array(0)
        numbers: npt.NDArray[Any] = self._file.read([column])[column].to_numpy()
        return numbers

    @property
    def split(self) -> str:
        """Its split by its name; where that says none, by what our own export says."""
        by_name, name = split_of(self._path), self._path.name.lower()
        if by_name != TRAIN or TRAIN in name:
            return by_name
        said = (self._file.schema_arrow.metadata or {}).get(_SPLIT, b"")
        return next((split for split in SPLITS if split.encode() == said), by_name)

    def _named(self, labels: RawLabels, column: str) -> RawLabels:
        """Return the names of the classes, where the file has them."""
        texts = self._file.schema_arrow.metadata or {}
        try:
            record = parse(texts.get(b"huggingface", b"{}"))
        except RecordError:
            return labels
        record = decode_or({}, dict[str, Any], record)
        feature = nested(nested(nested(record, "info"), "features"), column)
        names = decode_or([], list[str], feature.get("names"))
        fits = (
            labels.dtype.kind in "iu" and names and 0 <= labels.min() <= labels.max() < len(names)
        )
        return np.array(names)[labels] if fits else labels

    def _damaged(self, error: Exception) -> DatasetError:
        return DatasetError("{path} cannot be read: {reason}.", "Fetch or copy it again.").format(
            path=self._path.name, reason=str(error).splitlines()[0] if str(error) else error
        )


def _column(names: Sequence[str], known: Sequence[str], path: Path) -> str:
    for name in known:
        if name in names:
            return name
    raise DatasetError(
        "Expected a column {name} in {path}. Received: {columns}.",
        "Pictures are looked for in the column image, classes in the column label.",
    ).format(name=known[0], path=path.name, columns=", ".join(names) or "none")


def _split(parts: Sequence[_Part], size: tuple[int, int]) -> SourceSplit:
    starts = [0, *accumulate(len(part.labels) for part in parts)]
    labels = np.concatenate([part.labels for part in parts])
    known = [part.writers for part in parts if part.writers is not None]
    writers = np.concatenate(known) if len(known) == len(parts) else None

    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        pictures = []
        for number, part in enumerate(parts):
            low, high = starts[number], starts[number + 1]
            pictures += part.pictures(indices[(indices >= low) & (indices < high)] - low)
        if any(each.shape != size for each in pictures):
            raise DatasetError(
                "Expected pictures of {height}×{width} pixels. Received: others, too.",
                "Bring them to one size first.",
            ).format(height=size[0], width=size[1])
        some = None if writers is None else writers[indices]
        return Chunk(np.stack(pictures), labels[indices], some)

    return indexed_split(labels, read, CHUNK // 10)
