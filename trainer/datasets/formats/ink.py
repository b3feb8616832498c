"""Drawings: pen archives (``.npz``), JSON Lines of one labelled drawing each, and documents."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.class_folders import LabelledPictures
from trainer.datasets.formats.file_tree import FileTree, shown
from trainer.datasets.formats.source import (
    Chunk,
    ImportSource,
    SourceSplit,
    check_same_length,
    indexed_split,
)
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.store import TEST, TRAIN
from trainer.errors import DatasetError, InkError, Message
from trainer.files.npz import UNREADABLE, reading
from trainer.files.records import RecordError, parse
from trainer.ink.alphabet import BYCLASS
from trainer.ink.documents import document_format, inks_from_bytes, read_document
from trainer.ink.render import IMAGE_SIZE
from trainer.ink.strokes import MAX_JSON_LENGTH, Ink

_LABEL_KEYS = ("label", "character", "word")
"""The last is Quick Draw's."""

INK_DOCUMENTS = (".svg", ".inkml", ".xopp", ".json")
"""Names of files with the inks of one class each."""

_LARGEST_LABEL = 2**53
"""Larger numbers in JSON may have been rounded."""

_FORM = 'Each line is like {"label": "g", "strokes": [[[x, y], [x, y]]]}.'


def open_pen_archive(path: Path) -> ImportSource:
    """Open an archive of drawings."""
    return _source(path, Message("pen archive"), {TRAIN: read_pen_archive(path)})


def open_ink_lines(path: Path) -> ImportSource:
    """Open a file with one labelled drawing per line.

    Raises
    ------
    DatasetError
        If a line, which it names, has no drawing or no label.
    """
    inks, names = [], []
    with path.open("rb") as raw:
        wide = raw.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encoding = "utf-16" if wide else "utf-8-sig"
    with reading(path, _FORM), path.open(encoding=encoding) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                ink, name = _drawing(
                    line, Message("line {number} of {path}", number=number, path=path.name)
                )
                inks.append(ink)
                names.append(name)
    check_same_length(len(inks), len(names), path.name)
    return _source(path, Message("ink, JSON Lines"), {TRAIN: _archive(path, inks, names)})


def open_ink_document(path: Path) -> ImportSource:
    """Open an InkML, UJIpenchars or other document with labelled drawings.

    Drawings without a label are left out, which a note says.

    Raises
    ------
    DatasetError
        If it cannot be read, or labels none of its drawings.
    """
    kind = document_format(path)
    try:
        found = read_document(path)
    except InkError as error:
        raise DatasetError(error.message, error.hint) from error
    labelled = [each for each in found if each.label]
    if not labelled:
        raise DatasetError(
            "{path} ({format}) holds drawings, but does not say what they show.",
            "The Draw tab reads it, and so does: python -m trainer recognize FILE. To import "
            "drawings, write them as JSON Lines with labels, or import class folders of pictures.",
        ).format(path=path.name, format=kind)
    splits = {}
    for split in (TRAIN, TEST):
        some = [each for each in labelled if (each.split or TRAIN) == split]
        if some:
            inks, names = [each.ink for each in some], [each.label for each in some]
            splits[split] = _archive(path, inks, names)
    source = _source(path, kind, splits)
    if len(labelled) < len(found):
        n_lacking = len(found) - len(labelled)
        note = Message(
            "Left out for lack of a label: {n_lacking} of {n_inks} drawings.",
            n_lacking=n_lacking,
            n_inks=len(found),
        )
        source.notes.append(note)
    return source


def open_ink_folders(
    tree: FileTree, found: LabelledPictures, check: Callable[[], None] | None
) -> ImportSource:
    """Open class folders of documents with inks; what cannot be read is left out with a note.

    Raises
    ------
    DatasetError
        If none can be read.
    """
    title = Path(tree.title)
    archives = {}
    damaged: dict[str, InkError] = {}
    for split, files in found.splits.items():
        inks: list[Ink] = []
        names: list[str] = []
        for file, label in files:
            if check is not None:
                check()
            try:
                some = [each.ink for each in inks_from_bytes(tree.read(file), file)]
            except InkError as error:
                damaged[file] = error
                continue
            except UNREADABLE as error:
                damaged[file] = InkError(
                    "{path} cannot be read: {reason}.", "Check the archive."
                ).format(path=file, reason=error)
                continue
            inks += some
            names += [label] * len(some)
        if inks:
            archives[split] = _archive(title, inks, names)
    file = min(damaged, default="")
    if not archives:
        raise DatasetError(damaged[file].message, damaged[file].hint)
    source = _source(title, Message("inks in class folders"), archives)
    notes = list(found.notes)
    if damaged:
        sentence = "{n} files with inks are left out, {example} for instance: {reason}"
        if len(damaged) == 1:
            sentence = "{n} file with inks is left out: {reason}"
        reason = damaged[file].message
        notes.append(Message(sentence, n=f"{len(damaged):,}", example=shown(file), reason=reason))
    return replace(source, title=tree.title, notes=notes)


def _archive(path: Path, inks: Sequence[Ink], names: Sequence[str]) -> PenArchive:
    known = set(names)
    alphabet = tuple(c for c in BYCLASS if c in known) + tuple(sorted(known - set(BYCLASS)))
    indices = {name: index for index, name in enumerate(alphabet)}
    labels = np.array([indices[name] for name in names], dtype=np.int64)
    return PenArchive.from_inks(path.stem, alphabet, inks, labels)


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
    name = next((holder[key] for key in _LABEL_KEYS if key in holder), None)
    if isinstance(name, int | float) and not isinstance(name, bool) and abs(name) <= _LARGEST_LABEL:
        name = f"{name:.15g}"
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


def _source(path: Path, kind: str, archives: Mapping[str, PenArchive]) -> ImportSource:
    return ImportSource(
        format=kind,
        title=path.stem,
        image_shape=(IMAGE_SIZE, IMAGE_SIZE),
        splits={split: _split(path, archive) for split, archive in archives.items()},
        transposed=False,
        inverted=False,
        archives=archives,
        terms=next(iter(archives.values())).terms,
    )


def _split(path: Path, archive: PenArchive) -> SourceSplit:
    check_same_length(len(archive), len(archive), path.name)
    names = np.array(archive.alphabet)[archive.labels]

    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        data = archive.select(np.isin(np.arange(len(archive)), indices)).render()
        return Chunk(data.images, names[indices], data.writers)

    return indexed_split(names, read)
