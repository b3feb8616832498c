"""Drawings: pen archives (``.npz``), and JSON Lines of one labelled drawing each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.source import (
    Chunk,
    ImportSource,
    check_same_length,
    indexed_split,
)
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.store import TRAIN
from trainer.errors import DatasetError, InkError, Message
from trainer.files.npz import reading
from trainer.files.records import RecordError, parse
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import IMAGE_SIZE
from trainer.ink.strokes import MAX_JSON_LENGTH, Ink

_FORM = 'Each line is like {"label": "g", "strokes": [[[x, y], [x, y]]]}.'


def open_pen_archive(path: Path) -> ImportSource:
    """Open an archive of drawings."""
    return _source(path, "pen archive", read_pen_archive(path))


def open_ink_lines(path: Path) -> ImportSource:
    """Open a file with one labelled drawing per line.

    Raises
    ------
    DatasetError
        If a line, which it names, has no drawing or no label.
    """
    inks, names = [], []
    with reading(path, _FORM), path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                ink, name = _drawing(
                    line, Message("line {number} of {path}", number=number, path=path.name)
                )
                inks.append(ink)
                names.append(name)
    check_same_length(len(inks), len(names), path.name)
    known = set(names)
    alphabet = tuple(c for c in BYCLASS if c in known) + tuple(sorted(known - set(BYCLASS)))
    labels = np.array([alphabet.index(name) for name in names], dtype=np.int64)
    archive = PenArchive.from_inks(path.stem, alphabet, inks, labels)
    return _source(path, "ink, JSON Lines", archive)


def _drawing(line: str, where: str) -> tuple[Ink, str]:
    if len(line) > MAX_JSON_LENGTH:
        raise DatasetError("The drawing in {where} is far too long.", _FORM).format(where=where)
    try:
        record = parse(line)
    except RecordError as error:
        raise DatasetError("Expected JSON in {where}. Received: {line}.", _FORM).format(
            where=where, line=repr(line[:40])
        ) from error
    holder = record if isinstance(record, dict) else {}
    name = holder.get("label", holder.get("character"))
    if not isinstance(name, str) or not name.strip():
        raise DatasetError("Expected a label in {where}. Received: {name}.", _FORM).format(
            where=where, name=repr(name)
        )
    try:
        ink = Ink.from_record(holder.get("ink") if "ink" in holder else holder)
    except InkError as error:
        raise DatasetError("In {where}: {reason}", error.hint or _FORM).format(
            where=where, reason=error.message
        ) from error
    if ink.is_empty:
        raise DatasetError("The drawing in {where} is empty.", "Remove the line.").format(
            where=where
        )
    return ink, name.strip()


def _source(path: Path, kind: str, archive: PenArchive) -> ImportSource:
    check_same_length(len(archive), len(archive), path.name)
    names = np.array(archive.alphabet)[archive.labels]

    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        data = archive.select(np.isin(np.arange(len(archive)), indices)).render()
        return Chunk(data.images, names[indices], data.writers)

    return ImportSource(
        format=kind,
        title=path.stem,
        image_shape=(IMAGE_SIZE, IMAGE_SIZE),
        splits={TRAIN: indexed_split(names, read)},
        transposed=False,
        inverted=False,
        archives={TRAIN: archive},
        terms=archive.terms,
    )
