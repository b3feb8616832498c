"""Drawings: pen archives (``.npz``) and ink JSON Lines, one drawing with its label a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from trainer.datasets.formats.source import (
    CHUNK,
    Chunk,
    ImportSource,
    SourceSplit,
    check_same_length,
    spread,
)
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.store import TRAIN
from trainer.errors import DatasetError, InkError, Message
from trainer.files.records import RecordError, parse
from trainer.ink.alphabet import BYCLASS
from trainer.ink.render import IMAGE_SIZE
from trainer.ink.strokes import MAX_JSON_LENGTH, Ink

_FORM = 'Each line is like {"label": "g", "strokes": [[[x, y], [x, y]]]}.'


def open_pen_archive(path: Path) -> ImportSource:
    """Open an archive of drawings."""
    return _source(path, "pen archive", read_pen_archive(path))


def open_ink_lines(path: Path) -> ImportSource:
    """Open a file with a drawing and its label a line.

    Raises
    ------
    DatasetError
        If a line is no drawing or has no label; it is named.
    """
    inks, names = [], []
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    ink, name = _drawing(
                        line, Message("line {number} of {path}", number=number, path=path.name)
                    )
                    inks.append(ink)
                    names.append(name)
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", _FORM).format(
            path=path.name, reason=error
        ) from error
    check_same_length(len(inks), len(names), path.name)
    known = set(names)
    alphabet = tuple(c for c in BYCLASS if c in known) + tuple(sorted(known - set(BYCLASS)))
    place = {name: index for index, name in enumerate(alphabet)}
    labels = np.array([place[name] for name in names], dtype=np.int64)
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

    def sample(n: int) -> Chunk:
        mask = np.zeros(len(archive), dtype=bool)
        mask[spread(len(archive), n)] = True
        return Chunk(archive.select(mask).render().images, names[mask])

    def chunks() -> Iterator[Chunk]:
        for low in range(0, len(archive), CHUNK):
            mask = np.zeros(len(archive), dtype=bool)
            mask[low : low + CHUNK] = True
            piece = archive.select(mask).render()
            yield Chunk(piece.images, names[mask], piece.writers)

    return ImportSource(
        format=kind,
        title=path.stem,
        image_shape=(IMAGE_SIZE, IMAGE_SIZE),
        parts={TRAIN: SourceSplit(names, sample, chunks)},
        transposed=False,
        inverted=False,
        archives={TRAIN: archive},
        terms=archive.terms,
    )
