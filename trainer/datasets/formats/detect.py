"""Detection of the format of a file, a folder or an archive."""

from __future__ import annotations

import weakref
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from trainer.datasets.formats.arrays import open_npy, open_npz
from trainer.datasets.formats.class_folders import LabelledPictures, labelled_pictures
from trainer.datasets.formats.csv import is_table, open_csv
from trainer.datasets.formats.file_tree import (
    FileTree,
    archive_tree,
    folder_tree,
    is_archive,
    shown,
    summary,
    unpack,
)
from trainer.datasets.formats.idx import open_idx
from trainer.datasets.formats.ink import (
    INK_DOCUMENTS,
    open_ink_document,
    open_ink_folders,
    open_ink_lines,
    open_pen_archive,
)
from trainer.datasets.formats.matlab import HDF5_START, open_matlab
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.formats.parquet import START as PARQUET_START
from trainer.datasets.formats.parquet import open_parquet
from trainer.datasets.formats.pictures import how_to_arrange, open_pictures
from trainer.datasets.formats.source import ImportSource, is_labels_file, split_of
from trainer.datasets.idx import find_splits, is_idx, open_plain
from trainer.datasets.store import SPLITS, TRAIN
from trainer.errors import DatasetError, Message, joined
from trainer.files.extensions import extensions
from trainer.files.npz import reading
from trainer.files.paths import temporary_folder
from trainer.files.profiles import is_exported_profile
from trainer.ink.documents import document_format
from trainer.ink.picture_file import PDF_SUFFIX, SUFFIXES, UNREAD_SUFFIXES

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
_OTHERS = (
    (
        (".xlsx", ".xls", ".xlsm", ".ods", ".numbers"),
        Message("a spreadsheet"),
        Message("Save it as CSV."),
    ),
    (
        (
            *(".feather", ".arrow", ".avro", ".orc", ".tfrecord", ".tfrecords", ".rds"),
            *(".rdata", ".dta", ".sav", ".db", ".sqlite", ".sqlite3", ".lmdb", ".msgpack"),
        ),
        Message("a table or database of other programs"),
        Message("Save it as CSV or .npz where it was made, for instance with pandas or R."),
    ),
    (
        (".keras", ".tflite", ".onnx", ".pb", ".safetensors"),
        Message("a model"),
        Message("Open it as a model, or choose the data."),
    ),
    (
        tuple(UNREAD_SUFFIXES - {PDF_SUFFIX}),
        Message("a picture in a format that is not read"),
        Message("Save it as PNG or JPEG."),
    ),
    (
        (*SUFFIXES, PDF_SUFFIX),
        Message("a single picture or page"),
        Message(
            "The Draw tab reads it, and so does: python -m trainer recognize FILE. A dataset has a "
            "folder of pictures for each class, or a table that names each with its label."
        ),
    ),
)
"""Ends of names of other files, what they are, and what helps."""

_INK_LINES = (".jsonl", ".ndjson")

_PICTURES = tuple((SUFFIXES | UNREAD_SUFFIXES) - {".svg"})
_TEXTS = (
    *(".txt", ".md", ".rst", ".py", ".ipynb", ".m", ".html", ".xml", ".json", ".yaml", ".yml"),
    *(".toml", ".names", ".info", ".sha256", ".md5", ".log", ".svg"),
)
"""Files beside data that are opened only if they look like data."""

_MOST_OPENED = 50
"""Files of data in a folder that are looked into."""

_DEEPEST = 2
"""Levels of archives in archives."""

_UNPACK = Message("Unpack it, and import what is inside.")

_Pairs = Sequence[tuple[Path, Path | None]]
"""Tables or arrays, with the files of their labels if those are given."""

_Check = Callable[[], None] | None


class _UnknownFormatError(DatasetError):
    """A file that may be anything."""


def open_source(path: Path, options: ImportOptions, check: _Check = None) -> ImportSource:
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
    source = _open(path, options, check, 0)
    ordered = {split: source.splits[split] for split in SPLITS if split in source.splits}
    return replace(source, splits=ordered)


def _open(path: Path, options: ImportOptions, check: _Check, depth: int) -> ImportSource:
    if not path.exists():
        raise DatasetError("There is no {path}.", "Check the path.").format(path=path)
    if options.labels is not None and not options.labels.is_file():
        raise DatasetError("There is no {path}.", "Check the path of the labels.").format(
            path=options.labels
        )
    if path.is_dir():
        return _open_folder(path, options, check, depth)
    start = _start(path)
    if not start:
        raise DatasetError("{path} is empty.", "Fetch or copy it again.").format(path=path.name)
    if is_archive(path, start):
        return _open_archive(path, options, check, depth)
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


def _open_file(path: Path, start: bytes, options: ImportOptions) -> ImportSource:
    name = path.name.lower()
    if is_idx(start) or "idx3-ubyte" in name or "idx1-ubyte" in name:
        return open_idx(path, options.labels)
    if name.endswith(".npz"):
        return open_pen_archive(path) if _holds_strokes(path) else open_npz(path)
    if name.endswith(".npy"):
        return open_npy(path, [(path, options.labels)])
    if name.endswith(_INK_LINES):
        return open_ink_lines(path)
    if name.endswith(_TABLES) or (is_table(start) and not start.startswith((b"%PDF", b"%!"))):
        return open_csv(path, [(path, options.labels)], options)
    if name.endswith(_PACKED):
        raise DatasetError(
            "{path} is an archive of a kind that is not read.",
            "Unpack it, and import what is inside.",
        ).format(path=path.name)
    for source in extensions("importers", lambda _, opened: opened(path)).values():
        if isinstance(source, ImportSource):
            return source
    raise _refusal(path, start)


def _refusal(path: Path, start: bytes) -> DatasetError:
    """Return why a file is not imported."""
    name = path.name.lower()
    for suffixes, kind, hint in _OTHERS:
        if name.endswith(suffixes):
            return DatasetError("{path} is {kind}, and is not imported.", hint).format(
                path=path.name, kind=kind
            )
    if name.removesuffix(".gz").endswith(_PICKLES) or start[:2] in _PICKLE_STARTS:
        return DatasetError(
            "Expected a file of a known format. Received: {path}.",
            "Files with pickled objects can run code and are never opened. {formats}",
        ).format(path=path.name, formats=_FORMATS)
    return _UnknownFormatError(
        "Expected a file of a known format. Received: {path}.", _FORMATS
    ).format(path=path.name)


def _holds_strokes(path: Path) -> bool:
    with reading(path), zipfile.ZipFile(path) as archive:
        return "stroke_start.npy" in archive.namelist()


def _open_archive(path: Path, options: ImportOptions, check: _Check, depth: int) -> ImportSource:
    """Open pictures and inks as they lie in an archive, else its data, unpacked for a while."""
    tree = archive_tree(path)
    if is_exported_profile(tree.files):
        raise DatasetError(
            "{path} is an exported profile.", "It is imported by File, Profile, Manage profiles…"
        ).format(path=path.name)
    found = labelled_pictures(tree)
    data = [file for file in tree.files if not file.lower().endswith(_PICTURES)]
    if len(_labels(found)) < 2 and data and depth < _DEEPEST:
        inks = _open_inks(tree, check)
        if inks is not None:
            return inks
        folder = temporary_folder()
        place = Path(folder.name) / (tree.title.strip(".") or "archive")  # of "...zip"
        place.mkdir()
        keeper = _Keeper()
        weakref.finalize(keeper, folder.cleanup)
        try:
            unpack(path, tree, data, place, check)
            source = _open_unpacked(path, place, options, check, depth + 1)
        except DatasetError:
            if not found.splits:
                raise
        else:
            rest = sorted({*tree.files, *tree.left_out}.difference(data))
            notes = [*source.notes, *_strays(rest)]
            return replace(source, keeper=(keeper, source.keeper), notes=notes)
    if found.splits:
        return open_pictures(tree, found)
    raise _nothing(Message("the archive {path}", path=path.name), tree, found)


def _open_unpacked(
    path: Path, place: Path, options: ImportOptions, check: _Check, depth: int
) -> ImportSource:
    try:
        return _open_folder(place, options, check, depth)
    except DatasetError as error:
        hint = error.hint if depth > 1 else joined(error.hint, _UNPACK)
        raise DatasetError("In {path}: {reason}", hint).format(
            path=path.name, reason=error.message
        ) from error


class _Keeper:
    """What lives as long as an unpacked source."""


def _open_folder(folder: Path, options: ImportOptions, check: _Check, depth: int) -> ImportSource:
    try:
        tree = folder_tree(folder)
        if find_splits(folder):
            return _with_strays(open_idx(folder, None), tree, filter(_is_idx_name, tree.files))
        found = labelled_pictures(tree)
    except OSError as error:
        raise DatasetError("{path} cannot be read: {reason}.", "Check its rights.").format(
            path=folder, reason=error
        ) from error
    if len(_labels(found)) < 2:  # a lone picture beside data is no class
        try:
            source = _open_inks(tree, check) or _open_data(folder, tree, options, check, depth)
        except _UnknownFormatError:
            pass
        except DatasetError:
            if not found.splits:
                raise
        else:
            if source is not None:
                return source
    if found.splits:
        return open_pictures(tree, found)
    raise _nothing(Message("the folder {path}", path=folder.name), tree, found)


def _labels(found: LabelledPictures) -> set[str]:
    return {label for pictures in found.splits.values() for _, label in pictures}


def _open_inks(tree: FileTree, check: _Check) -> ImportSource | None:
    """Open class folders of inks; None without inks."""
    found = labelled_pictures(tree, INK_DOCUMENTS)
    return open_ink_folders(tree, found, check) if len(_labels(found)) > 1 else None


def _nothing(where: str, tree: FileTree, found: LabelledPictures) -> DatasetError:
    return DatasetError("There is nothing to import in {where}. Found: {files}.", "{how}").format(
        where=where,
        files=summary(tree.files),
        how=how_to_arrange(found, Message(_FORMATS)),
    )


def _open_data(
    folder: Path, tree: FileTree, options: ImportOptions, check: _Check, depth: int
) -> ImportSource | None:
    """Open the arrays of a folder, else its tables, else its other files of data; None without.

    If they lie in one folder in it, those; files that cannot be opened are left out with a note.
    """
    files = [folder / name for name in tree.files if not is_labels_file(folder / name)]
    raw = {_place(f) for f in files if "idx3-ubyte" in f.name.lower()} - {folder}
    if len(raw) == 1:
        return _with_strays(open_idx(raw.pop(), None), tree, filter(_is_idx_name, tree.files))

    def ending(suffixes: Iterable[str]) -> list[Path]:
        found = [f for f in files if f.name.lower().endswith(tuple(suffixes))]
        places = set(map(_place, found))
        place = folder if folder in places or len(places) != 1 else places.pop()
        return [file for file in found if _place(file) == place]

    def opened(file: Path) -> ImportSource:
        return _open(file, options, check, depth)

    used = ending([".npy"])
    if used:
        source = _without_strays(used, lambda some: open_npy(folder, _unlabelled(some)))
    elif used := ending([".parquet"]):
        source = _without_strays(used, lambda some: open_parquet(folder, some))
    elif used := ending(_TABLES):
        source = _without_strays(used, lambda some: open_csv(folder, _unlabelled(some), options))
    else:
        others = [file for file in files if not file.name.lower().endswith(_PICTURES)]
        used = [file for file in others if _is_data(file)] if len(others) <= _MOST_OPENED else []
        if not used:
            return None
        source = _without_strays(used, lambda some: _merged(folder, some, list(map(opened, some))))
    names = [file.relative_to(folder).as_posix() for file in used]
    labels = [name for name in tree.files if is_labels_file(folder / name)]
    return _with_strays(source, tree, [*names, *labels])


def _with_strays(source: ImportSource, tree: FileTree, used: Iterable[str]) -> ImportSource:
    """Add a note on the files of a tree that are not used."""
    rest = {*tree.files, *tree.left_out}.difference(used)
    strays = sorted(name for name in rest if not name.endswith("mapping.txt"))
    return replace(source, notes=[*source.notes, *_strays(strays)])


def _is_idx_name(name: str) -> bool:
    return "-ubyte" in name.lower()


def _is_data(file: Path) -> bool:
    if not file.name.lower().endswith(_TEXTS):
        return True
    return bool(document_format(file)) or (file.suffix.lower() == ".txt" and is_table(_start(file)))


def _place(file: Path) -> Path:
    """Return the folder of a file; some programs unpack it into a folder of the same name."""
    return file.parent.parent if file.parent.name == file.name else file.parent


def _unlabelled(files: Iterable[Path]) -> _Pairs:
    return [(file, None) for file in files]


def _strays(files: Sequence[str]) -> list[str]:
    if not files:
        return []
    sentence = "{n} files are left out, {example} for instance."
    if len(files) == 1:
        sentence = "{n} file is left out: {example}."
    return [Message(sentence, n=f"{len(files):,}", example=shown(files[0]))]


def _without_strays(
    files: Sequence[Path], opened: Callable[[Sequence[Path]], ImportSource]
) -> ImportSource:
    """Open files together; without those that cannot be opened, and with a note on each."""
    try:
        return opened(files)
    except DatasetError:
        good, notes = [], []
        for file in files:
            try:
                opened([file])
                good.append(file)
            except DatasetError as error:
                notes.append(
                    Message("{path} is left out: {reason}", path=file.name, reason=error.message)
                )
        if not 0 < len(good) < len(files):
            raise
    source = opened(good)
    return replace(source, notes=[*source.notes, *notes])


def _merged(folder: Path, files: Sequence[Path], sources: Sequence[ImportSource]) -> ImportSource:
    """Return one source of the splits of several files, which their names state.

    Raises
    ------
    DatasetError
        If several hold the same split, or inks and images.
    """
    if len(sources) == 1:
        return sources[0]
    splits, archives, notes = {}, {}, []
    for file, source in zip(files, sources, strict=True):
        for name, split in source.splits.items():
            chosen = split_of(file) if name == TRAIN and len(source.splits) == 1 else name
            if chosen in splits or bool(source.archives) != bool(sources[0].archives):
                raise DatasetError(
                    "{folder} holds several data sets: {first} and {second}.",
                    "Import one of these files.",
                ).format(folder=folder.name, first=files[0].name, second=file.name)
            splits[chosen] = split
            if name in source.archives:
                archives[chosen] = source.archives[name]
        notes += source.notes
    if len({source.image_shape for source in sources}) > 1:
        raise DatasetError("The images of train and test differ in size.", "Import one of them.")
    return replace(
        sources[0],
        title=folder.name,
        splits=splits,
        archives=archives,
        notes=notes,
        keeper=tuple(source.keeper for source in sources),
    )
