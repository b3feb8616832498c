"""CSV: a label and the pixels of one sample per line, or images and labels in two files.

Large files are read in blocks of lines. Integer pixels of up to three digits, which nearly all
files have, are parsed by numpy; other lines one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.classes import kind_of, known_characters
from trainer.datasets.formats.options import ImportChoice, ImportOptions
from trainer.datasets.formats.source import (
    Chunk,
    ImportSource,
    RawLabels,
    SourceSplit,
    as_bytes,
    check_same_length,
    image_shape,
    labels_beside,
    split_of,
    spread,
    value_scale,
    whole_labels,
)
from trainer.datasets.idx import open_plain
from trainer.errors import DatasetError, Message
from trainer.files.npz import reading

_BLOCK_LINES = 200
"""Lines parsed at once, so that their arrays stay in the processor's cache."""

_HEAD_LINES = 500
"""Lines inspected before an import."""

_LONGEST_LINE = 16 * 1024 * 1024
_SEPARATORS = b",;\t "
_COMMA, _NEWLINE, _ZERO = b",\n0"
_DIGITS = 3
_LABEL_TITLES = (b"label", b"labels", b"class", b"target", b"y")
_PAPER = (b"0", b"255", b"0.0", b"1.0")

_Pixels: TypeAlias = npt.NDArray[np.float32] | npt.NDArray[np.uint8]
"""Array of shape (n_lines, width), dtype=uint8 or float32."""


@dataclass(frozen=True)
class Form:
    """The layout of a table.

    Attributes
    ----------
    path : Path
    separator : bytes
    skip : int
        Header lines.
    labelled : bool
        Whether one column is the label.
    width : int
        Pixels per line.
    label_is_last : bool
        Whether the label is in the last column instead of the first.
    """

    path: Path
    separator: bytes
    skip: int
    labelled: bool
    width: int
    label_is_last: bool = False

    @property
    def pixels(self) -> slice:
        """The pixel columns."""
        if not self.labelled:
            return slice(0, self.width)
        return slice(0, self.width) if self.label_is_last else slice(1, self.width + 1)

    def label(self, line: bytes) -> bytes:
        """Return the label cell of a line."""
        if self.label_is_last:
            line = line.rstrip(b" \r\n")
            return line[line.rfind(self.separator) + 1 :].strip(b'" \t')
        return line[: line.find(self.separator)].strip(b'" \t\r\n')


def open_csv(
    path: Path, tables: Sequence[tuple[Path, Path | None]], options: ImportOptions
) -> ImportSource:
    """Open tables, train and test, with the files of their labels; None to find them by name.

    Raises
    ------
    DatasetError
        If one is empty, or not of this form.
    """
    splits: dict[str, SourceSplit] = {}
    notes: list[str] = []
    shapes = set()
    for table, given in tables:
        labels = given or labels_beside(table)
        form = _form(table, options, labelled=labels is None)
        shapes.add(image_shape(form.width, table.name))
        if form.label_is_last:
            notes.append(
                Message("The labels of {path} are taken from the last column.", path=table.name)
            )
        split = split_of(table)
        if split in splits:
            raise DatasetError(
                "{path} has several tables for {split}.", "Import them one by one."
            ).format(path=path.name, split=split)
        splits[split] = _split(form, labels)
    if len(shapes) != 1:
        raise DatasetError("The images of train and test differ in size.", "Import one of them.")
    first = tables[0][0]
    kind = kind_of(first)
    return ImportSource(
        format="CSV" + (", gzipped" if first.suffix == ".gz" else ""),
        title=path.name.removesuffix(".gz").removesuffix(".csv"),
        image_shape=shapes.pop(),
        splits=splits,
        transposed=True if kind else None,
        characters=known_characters(first),
        notes=notes,
    )


def _lines(path: Path, skip: int) -> Iterator[bytes]:
    with reading(path), open_plain(path) as stream:
        for line in islice(stream, skip, None):
            if line.strip():
                yield line


def _form(path: Path, options: ImportOptions, *, labelled: bool) -> Form:
    first = next(_lines(path, 0), b"").removeprefix(b"\xef\xbb\xbf").strip()
    if not first or len(first) > _LONGEST_LINE:
        raise DatasetError("Expected lines of numbers in {path}. Received: none.").format(
            path=path.name
        )
    separator = max((bytes([mark]) for mark in _SEPARATORS), key=first.count)
    cells = first.split(separator)
    pixels = cells[1:] if labelled else cells
    if not pixels:
        raise DatasetError(
            "Expected a label and pixels in each line of {path}. Received: {first}.",
            "If this file has the labels only, choose the one with the images.",
        ).format(path=path.name, first=repr(first[:40].decode("utf-8", "replace")))
    has_header = options.header == ImportChoice.YES
    if options.header == ImportChoice.AUTO:
        has_header = not all(map(_is_number, pixels))
    form = Form(path, separator, int(has_header), labelled, len(pixels))
    names = cells if has_header else []
    return replace(form, label_is_last=True) if labelled and _is_last(form, names) else form


def _is_last(form: Form, names: list[bytes]) -> bool:
    """Return whether the last column holds the labels, by the header or by the cells.

    A corner of an image is nearly always paper; so a constant first column of paper, with a last
    column of several integers, is a pixel and not the label.
    """
    titles = [name.strip(b'" ').lower() for name in names]
    if titles and (titles[0] in _LABEL_TITLES or titles[-1] in _LABEL_TITLES):
        return titles[-1] in _LABEL_TITLES and titles[0] not in _LABEL_TITLES
    last = replace(form, label_is_last=True)
    lines = list(islice(_lines(form.path, form.skip), _HEAD_LINES))
    first_cells, last_cells = ([each.label(line) for line in lines] for each in (form, last))
    if len(set(first_cells)) != 1 or not all(cell.isdigit() for cell in last_cells):
        return False
    most = max(map(last_cells.count, set(last_cells)), default=0)
    return first_cells[0] in _PAPER and 2 * most <= len(last_cells)


def _is_number(cell: bytes) -> bool:
    try:
        float(cell.strip(b'" '))
    except ValueError:
        return False
    return True


def _split(form: Form, labels_file: Path | None) -> SourceSplit:
    if labels_file is None:
        labels = _typed([form.label(line) for line in _lines(form.path, form.skip)], form)
    else:
        labels = _labels(labels_file)
        n_images = sum(1 for _ in _lines(form.path, form.skip))
        check_same_length(n_images, len(labels), f"{form.path.name} and {labels_file.name}")
    check_same_length(len(labels), len(labels), form.path.name)
    head = list(islice(_lines(form.path, form.skip), _HEAD_LINES))
    first = _parse(head, form, 0)
    scale = value_scale(first, form.path.name)
    shape = image_shape(form.width, form.path.name)

    def sample(n: int) -> Chunk:
        chosen = spread(len(first), n)
        return Chunk(as_bytes(first[chosen], scale).reshape(-1, *shape), labels[chosen])

    def chunks() -> Iterator[Chunk]:
        low = 0
        for values in _blocks(form):
            if scale == (0.0, 1.0):
                value_scale(values, form.path.name)
            images = as_bytes(values, scale).reshape(-1, *shape)
            yield Chunk(images, labels[low : low + len(images)])
            low += len(images)

    return SourceSplit(labels, sample, chunks)


def _typed(cells: list[bytes], form: Form) -> RawLabels:
    """Return labels as integers if all of them are numbers, else as strings."""
    where = form.path.name
    if all(map(_is_number, set(cells))):
        return whole_labels(np.array(cells, dtype=np.float64), where)
    if b"" in cells:
        raise DatasetError(
            "Expected a label in line {line} of {where}. Received: nothing.",
            "Remove the line, or add its label.",
        ).format(line=_line_number(form, cells.index(b"")), where=where)
    return np.array([cell.decode("utf-8", "replace") for cell in cells])


def _labels(path: Path) -> RawLabels:
    """Read a labels file: the last cell of each line, without a header."""
    lines = list(_lines(path, 0))
    marks = [bytes([mark]) for mark in _SEPARATORS]
    separator = max(marks, key=lines[0].count) if lines else b","
    cells = [line.strip().rsplit(separator, 1)[-1].strip(b'" ') for line in lines]
    has_header = len(cells) > 1 and not _is_number(cells[0]) and _is_number(cells[1])
    return _typed(cells[has_header:], Form(path, separator, int(has_header), True, 0))


def _blocks(form: Form) -> Iterator[_Pixels]:
    lines = _lines(form.path, form.skip)
    index = 0
    while block := list(islice(lines, _BLOCK_LINES)):
        yield _parse(block, form, index)
        index += len(block)


def _parse(lines: list[bytes], form: Form, index: int) -> _Pixels:
    """Return the pixels of lines, the first of which is that of sample `index`."""
    values = _parse_integers(lines, form)
    return _parse_numbers(lines, form, index) if values is None else values


def _parse_integers(lines: list[bytes], form: Form) -> npt.NDArray[np.uint8] | None:
    """Parse lines of integers from 0 to 255; None if there is anything else."""
    body = b"".join(lines)
    if not body.endswith(b"\n"):
        body += b"\n"
    text = np.frombuffer(body.replace(b"\r", b""), dtype=np.uint8)
    digits = text - np.uint8(_ZERO)
    ends = np.flatnonzero(digits > 9)
    columns = form.width + form.labelled
    if len(ends) != len(lines) * columns:
        return None
    marks = text[ends].reshape(-1, columns)
    if (marks[:, -1] != _NEWLINE).any() or (marks[:, :-1] != form.separator[0]).any():
        return None
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() < 1 or lengths.max() > _DIGITS:
        return None
    values = digits[ends - 1].astype(np.uint16)
    values += np.where(lengths > 1, digits[ends - 2], 0) * np.uint16(10)
    values += np.where(lengths > 2, digits[ends - 3], 0) * np.uint16(100)
    pixels = values.reshape(-1, columns)[:, form.pixels]
    return None if pixels.max() > 255 else pixels.astype(np.uint8)


def _line_number(form: Form, sample: int) -> int:
    """Return the line number of a sample, counting header and empty lines."""
    with open_plain(form.path) as stream:
        numbered = enumerate(islice(stream, form.skip, None), start=form.skip + 1)
        filled = (number for number, line in numbered if line.strip())
        return next(islice(filled, sample, None))


def _parse_numbers(lines: list[bytes], form: Form, index: int) -> npt.NDArray[np.float32]:
    """Parse line by line; an error names the line."""
    result = np.empty((len(lines), form.width), dtype=np.float32)
    columns = form.width + form.labelled
    for row, line in enumerate(lines):
        cells = line.strip(b"\r\n ").split(form.separator)
        if len(cells) != columns:
            line_number = _line_number(form, index + row)
            raise DatasetError(
                "Expected {columns} cells in line {line_number} of {path}. Received: {n_cells}.",
                "Mend or remove the line; the file may be cut short.",
            ).format(
                columns=columns, line_number=line_number, path=form.path.name, n_cells=len(cells)
            )
        for column, cell in enumerate(cells[form.pixels]):
            try:
                with np.errstate(over="ignore"):  # becomes infinite, which is rejected later
                    result[row, column] = float(cell.strip(b'" '))
            except ValueError as error:
                raise DatasetError(
                    "Expected a number in line {line}, cell {cell} of {path}. Received: {text}.",
                    "Pixels are numbers from 0 to 255; only the first line may be a header.",
                ).format(
                    line=_line_number(form, index + row),
                    cell=column + form.pixels.start + 1,
                    path=form.path.name,
                    text=repr(cell[:20].decode("utf-8", "replace")),
                ) from error
    return result
