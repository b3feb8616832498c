"""Tables that name the pictures beside them, with a label for each."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from trainer.datasets.formats.file_tree import FileTree
from trainer.files.npz import UNREADABLE
from trainer.files.records import RecordError, parse
from trainer.files.tables import text_of

_DAMAGED: tuple[type[Exception], ...] = (*UNREADABLE, csv.Error, RecordError)
_SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl")
_SAID = (".csv", ".tsv")
_NESTED = (dict, list)
_SEPARATORS = ",;\t "
_PROBED = 200
"""Rows in which the columns are found."""

_LABEL_TITLES = (
    "character",
    "char",
    "label",
    "labels",
    "class",
    "classes",
    "class_name",
    "classname",
    "letter",
    "digit",
    "target",
    "truth",
    "ground_truth",
    "symbol",
    "category",
    "text",
    "y",
)
"""In the order in which they are preferred."""

_SPLIT_TITLES = ("split", "set", "subset", "usage", "partition")
_WRITER_TITLES = ("writer", "writers", "writer_id", "writerid", "author", "author_id")


@dataclass(frozen=True, eq=False)
class LabelTable:
    """The labels of pictures from a table.

    Attributes
    ----------
    file : str
        The table.
    column : str
        The title of the labels; "" without one.
    labels : mapping of str to str
        By the path of the picture.
    splits : mapping of str to str
        What a column of splits holds; empty without one.
    writers : mapping of str to str
        What a column of writers holds; empty without one.
    n_missing : int
        Rows whose picture is missing.
    """

    file: str
    column: str
    labels: Mapping[str, str]
    splits: Mapping[str, str]
    writers: Mapping[str, str]
    n_missing: int


def label_tables(tree: FileTree, pictures: Sequence[str]) -> tuple[list[LabelTable], list[str]]:
    """Return the tables that together name at least half of the pictures, and the other tables."""
    names = [file for file in tree.files if file.lower().endswith(_SUFFIXES)]
    tables = [table for file in names if (table := _table(tree, file, pictures)) is not None]
    if 2 * len({picture for table in tables for picture in table.labels}) < len(pictures):
        tables = []
    used = {table.file for table in tables}
    return tables, [file for file in names if file not in used and file.endswith(_SAID)]


def _table(tree: FileTree, file: str, pictures: Sequence[str]) -> LabelTable | None:
    rows = _rows(tree, file)
    if "submission" in file.lower() or len(rows) < 2:
        return None
    where = str(PurePosixPath(file).parent)
    keys = _keys(pictures, "" if where == "." else where + "/")
    width = max(map(len, rows[:_PROBED]))
    hits = [
        {keys.get(_cell(row, column), "") for row in rows[:_PROBED]} - {""}
        for column in range(width)
    ]
    paths = max(range(width), key=lambda column: len(hits[column]))
    if 2 * len(hits[paths]) < min(len(rows), _PROBED) - 1 or not hits[paths]:
        return None
    has_titles = _cell(rows[0], paths) not in keys
    titles = [title.strip().lower() for title in rows[0]] if has_titles else []
    body = rows[has_titles:]
    labels = _labels(rows[0], titles, body, paths, width)
    if labels is None:
        return None
    column, values = labels
    split, writer = (
        next((titles.index(t) for t in names if t in titles), None)
        for names in (_SPLIT_TITLES, _WRITER_TITLES)
    )
    by_picture, splits, writers, n_missing = {}, {}, {}, 0
    for row, value in zip(body, values, strict=True):
        picture = keys.get(_cell(row, paths), "")
        if picture and value:
            by_picture[picture] = value
            if split is not None:
                splits[picture] = _cell(row, split)
            if writer is not None:
                writers[picture] = _cell(row, writer)
        else:
            n_missing += 1
    return LabelTable(file, column, by_picture, splits, writers, n_missing)


def _rows(tree: FileTree, file: str) -> list[list[str]]:
    """Return the cells of a table; none if it cannot be read."""
    try:
        data = tree.read(file)
        is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
        if file.lower().endswith((".json", ".jsonl")):
            return _json_rows(text, has_lines=file.lower().endswith("l"))
        first = text.splitlines()[0] if text else ""
        separator = max(_SEPARATORS, key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [row for row in reader if any(cell.strip() for cell in row)]
    except _DAMAGED:
        return []


def _json_rows(text: str, *, has_lines: bool) -> list[list[str]]:
    """Return the cells of labels by file, ``{"1.png": "A"}``, or of records with both."""
    value = (
        [parse(line) for line in text.splitlines() if line.strip()] if has_lines else parse(text)
    )
    if isinstance(value, dict):
        return [[key, str(label)] for key, label in value.items() if not isinstance(label, _NESTED)]
    records = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    titles = list(records[0]) if records else []
    return [titles, *([str(each.get(title, "")) for title in titles] for each in records)]


def _cell(row: list[str], column: int) -> str:
    """Return a cell; "" for one that a short row lacks."""
    return text_of(row[column].strip()) if column < len(row) else ""


def _keys(pictures: Sequence[str], above: str) -> dict[str, str]:
    """Return the picture that each unambiguous way to write its name stands for."""
    keys: dict[str, str] = {}
    for picture in pictures:
        path = PurePosixPath(picture)
        # A set: from the root, from the table's folder, the name alone, and without its suffix.
        for key in {picture, picture.removeprefix(above), path.name, path.stem}:
            keys[key] = picture if keys.get(key, picture) == picture else ""
    return {key: picture for key, picture in keys.items() if picture}


def _labels(
    first: list[str], titles: list[str], body: list[list[str]], paths: int, width: int
) -> tuple[str, list[str]] | None:
    """Return the title and the labels of the rows: a column of labels, or one-hot columns."""
    label = next((titles.index(title) for title in _LABEL_TITLES if title in titles), None)
    if label is None and width == 2:
        label = 1 - paths
    if label is not None and label != paths:
        return _cell(first, label) if titles else "", [_cell(row, label) for row in body]
    others = [column for column in range(width) if column != paths]
    if not titles or len(first) < width or len(others) < 2:
        return None
    values = []
    for row in body:
        marks = [_cell(row, column) for column in others]
        if sorted(marks) != ["0"] * (len(others) - 1) + ["1"]:
            return None
        values.append(first[others[marks.index("1")]].strip())
    return "", values
