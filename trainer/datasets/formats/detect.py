"""Detection of the format of a file or folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from trainer.datasets.formats.arrays import open_npy, open_npz
from trainer.datasets.formats.class_folders import labelled_pictures
from trainer.datasets.formats.csv import is_table, open_csv
from trainer.datasets.formats.file_tree import FileTree, folder_tree, is_archive, summary
from trainer.datasets.formats.idx import open_idx
from trainer.datasets.formats.ink import open_ink_document, open_ink_lines, open_pen_archive
from trainer.datasets.formats.matlab import HDF5_START, open_matlab
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.formats.parquet import START as PARQUET_START
from trainer.datasets.formats.parquet import open_parquet
from trainer.datasets.formats.pictures import how_to_arrange, open_archive, open_pictures
from trainer.datasets.formats.source import ImportSource, is_labels_file
from trainer.datasets.idx import find_splits, is_idx, open_plain
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError, Message
from trainer.files.extensions import extensions
from trainer.files.npz import reading
from trainer.ink.documents import document_format

_FORMATS = (
    "IDX (also .gz), .mat, .h5, .npz, .npy, .parquet, .csv, ARFF and LIBSVM, .jsonl with drawings, "
    "and folders of class folders with pictures, also as ZIP or tar, can be imported."
)
_START = 1024
"""Bytes in which a format is looked for."""

_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".arff")
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".joblib")
_PICKLE_STARTS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_PACKED = (".rar", ".7z", ".xz", ".txz", ".zst", ".lzma")
_INK_LINES = (".jsonl", ".ndjson")

_Pairs = Sequence[tuple[Path, Path | None]]
"""Tables or arrays, with the files of their labels if those are given."""

_Opener = Callable[[_Pairs], ImportSource]


def open_source(
    path: Path, options: ImportOptions, check: Callable[[], None] | None = None
) -> ImportSource:
    """Detect the format of a file or folder and open it.

    Parameters
    ----------
    path : Path
    options : ImportOptions
    check : callable, optional
        Raises to cancel.

    Raises
    ------
    DatasetError
        If it is missing, of no known format, or damaged.
    """
    source = _open(path, options, check)
    ordered = {split: source.splits[split] for split in SPLITS if split in source.splits}
    return replace(source, splits=ordered)


def _open(path: Path, options: ImportOptions, check: Callable[[], None] | None) -> ImportSource:
    if not path.exists():
        raise DatasetError("There is no {path}.", "Check the path.").format(path=path)
    if options.labels is not None and not options.labels.is_file():
        raise DatasetError("There is no {path}.", "Check the path of the labels.").format(
            path=options.labels
        )
    if path.is_dir():
        return _open_folder(path, options)
    start = _start(path)
    if not start:
        raise DatasetError("{path} is empty.", "Fetch or copy it again.").format(path=path.name)
    if document_format(path):
        return open_ink_document(path)
    if start.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise DatasetError(
            "Expected data in {path}. Received: a web page.",
            "The download gave a page instead of the file; open its address in a browser.",
        ).format(path=path.name)
    if path.name.lower().endswith(".mat") or start.startswith(HDF5_START):
        return open_matlab(path, check)
    if start.startswith(PARQUET_START):
        return open_parquet(path, [path])
    return _open_file(path, start, options)


def _start(path: Path) -> bytes:
    with reading(path), open_plain(path) as stream:
        return stream.read(_START)


def _open_file(  # noqa: PLR0911 - one for each format
    path: Path, start: bytes, options: ImportOptions
) -> ImportSource:
    name = path.name.lower()
    if is_archive(path, start):
        return open_archive(path)
    if is_idx(start) or "idx3-ubyte" in name or "idx1-ubyte" in name:
        return open_idx(path, options.labels)
    if name.endswith(".npz"):
        return open_pen_archive(path) if _holds_strokes(path) else open_npz(path)
    if name.endswith(".npy"):
        return open_npy(path, [(path, options.labels)])
    if name.endswith(_INK_LINES):
        return open_ink_lines(path)
    if name.endswith(_TABLES) or is_table(start):
        return open_csv(path, [(path, options.labels)], options)
    if name.endswith(_PACKED):
        raise DatasetError(
            "{path} is an archive of a kind that is not read.",
            "Unpack it, and import what is inside.",
        ).format(path=path.name)
    for source in extensions("importers", lambda _, opened: opened(path)).values():
        if isinstance(source, ImportSource):
            return source
    raise DatasetError(
        "Expected a file of a known format. Received: {path}.",
        "Files with pickled objects can run code and are never opened. {formats}"
        if name.removesuffix(".gz").endswith(_PICKLES) or start[:2] in _PICKLE_STARTS
        else _FORMATS,
    ).format(path=path.name, formats=_FORMATS)


def _holds_strokes(path: Path) -> bool:
    with reading(path), zipfile.ZipFile(path) as archive:
        return "stroke_start.npy" in archive.namelist()


def _open_folder(folder: Path, options: ImportOptions) -> ImportSource:
    try:
        if find_splits(folder):
            return open_idx(folder, None)
        tree = folder_tree(folder)
        found = labelled_pictures(tree)
    except OSError as error:
        raise DatasetError("{path} cannot be read: {reason}.", "Check its rights.").format(
            path=folder, reason=error
        ) from error
    labels = {label for pictures in found.splits.values() for _, label in pictures}
    pairs, opened = _data_files(folder, tree, options)
    if pairs and len(labels) < 2:  # a lone picture beside data is no class
        try:
            return _without_strays(pairs, opened)
        except DatasetError:
            if not labels:
                raise
    if labels:
        return open_pictures(tree, found)
    raise DatasetError(
        "There is nothing to import in the folder {folder}. Found: {files}.", "{how}"
    ).format(
        folder=folder.name,
        files=summary(tree.files),
        how=how_to_arrange(found, Message(_FORMATS)),
    )


def _data_files(folder: Path, tree: FileTree, options: ImportOptions) -> tuple[_Pairs, _Opener]:
    """Return the arrays, else the tables, of a folder or the only one in it that has some."""
    for suffixes, opened in (
        ((".npy",), lambda pairs: open_npy(folder, pairs)),
        ((".parquet",), lambda pairs: open_parquet(folder, [file for file, _ in pairs])),
        (_TABLES, lambda pairs: open_csv(folder, pairs, options)),
    ):
        files = [folder / name for name in tree.files if name.lower().endswith(suffixes)]
        # Some programs unpack a file into a folder of the same name.
        places = [f.parent.parent if f.parent.name == f.name else f.parent for f in files]
        place = folder if folder in places or len(set(places)) != 1 else places[0]
        chosen = [f for f, at in zip(files, places, strict=True) if at == place]
        if pairs := [(file, None) for file in chosen if not is_labels_file(file)]:
            return pairs, opened
    return [], lambda _: open_npy(folder, [])


def _without_strays(pairs: _Pairs, opened: _Opener) -> ImportSource:
    """Open files together; without those that cannot be opened, and with a note on each."""
    try:
        return opened(pairs)
    except DatasetError:
        good, notes = [], []
        for pair in pairs:
            try:
                opened([pair])
                good.append(pair)
            except DatasetError as error:
                notes.append(
                    Message("{path} is left out: {reason}", path=pair[0].name, reason=error.message)
                )
        if not 0 < len(good) < len(pairs):
            raise
    source = opened(good)
    return replace(source, notes=[*source.notes, *notes])
