"""Detection of the format of a file or folder."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from trainer.datasets.formats.arrays import open_npy, open_npz
from trainer.datasets.formats.csv import is_table, open_csv
from trainer.datasets.formats.idx import open_idx
from trainer.datasets.formats.ink import open_ink_lines, open_pen_archive
from trainer.datasets.formats.matlab import HDF5_START, open_matlab
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.formats.pictures import class_folders, open_pictures
from trainer.datasets.formats.source import ImportSource, is_labels_file
from trainer.datasets.idx import find_splits
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError
from trainer.files.npz import reading

_FORMATS = (
    "IDX (also .gz), .mat, .h5, .npz, .npy, .csv, ARFF and LIBSVM, .jsonl with drawings, and "
    "folders of class folders with pictures can be imported."
)
_IDX_STARTS = (b"\0\0\x08\x01", b"\0\0\x08\x03")
_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".arff")
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".joblib")
_PICKLE_STARTS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_INK_LINES = (".jsonl", ".ndjson")


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
    if start.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise DatasetError(
            "Expected data in {path}. Received: a web page.",
            "The download gave a page instead of the file; open its address in a browser.",
        ).format(path=path.name)
    if path.name.lower().endswith(".mat") or start.startswith(HDF5_START):
        return open_matlab(path, check)
    return _open_file(path, start, options)


def _start(path: Path) -> bytes:
    with reading(path):
        with path.open("rb") as stream:
            start = stream.read(1024)
        if start[:2] == b"\x1f\x8b":
            with gzip.open(path, "rb") as packed:
                return packed.read(1024)
    return start


def _open_file(path: Path, start: bytes, options: ImportOptions) -> ImportSource:
    name = path.name.lower()
    if start[:4] in _IDX_STARTS or "idx3-ubyte" in name or "idx1-ubyte" in name:
        return open_idx(path, options.labels)
    if name.endswith(".npz"):
        return open_pen_archive(path) if _holds_strokes(path) else open_npz(path)
    if name.endswith(".npy"):
        return open_npy(path, [(path, options.labels)])
    if name.endswith(_INK_LINES):
        return open_ink_lines(path)
    if name.endswith(_TABLES) or is_table(start):
        return open_csv(path, [(path, options.labels)], options)
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
        files = sorted(child for child in folder.iterdir() if child.is_file())
        if find_splits(folder):
            return open_idx(folder, None)
        pictures = class_folders(folder)
    except OSError as error:
        raise DatasetError("{path} cannot be read: {reason}.", "Check its rights.").format(
            path=folder, reason=error
        ) from error
    if pictures:
        return open_pictures(folder, pictures)
    images = [(file, None) for file in files if not is_labels_file(file)]
    if arrays := [pair for pair in images if pair[0].suffix == ".npy"]:
        return open_npy(folder, arrays)
    if tables := [pair for pair in images if pair[0].name.lower().endswith(_TABLES)]:
        return open_csv(folder, tables, options)
    raise DatasetError(
        "There is nothing to import in the folder {folder}.",
        "A folder of pictures has a folder for each class, named like it. {formats}",
    ).format(folder=folder.name, formats=_FORMATS)
