"""Tables: a label and the pixels of one sample per line, or images and labels in two files.

CSV in the dialects of spreadsheets, pandas and UCI, ARFF and LIBSVM. Large files are read in blocks
of lines. Integer pixels of up to three digits, which nearly all files have, are parsed by numpy;
other lines one by one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.classes import kind_of, known_characters
from trainer.datasets.formats.options import ImportChoice, ImportOptions
from trainer.datasets.formats.source import (
    COLOURED,
    Chunk,
    ImportSource,
    RawLabels,
    SourceSplit,
    as_bytes,
    check_same_length,
    full_scale,
    grey_rows,
    image_shape,
    is_picture,
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
_SNIFFED = 1 << 16
_NEWLINE, _ZERO = b"\n0"
_DIGITS = 3
_LABEL_TITLES = (b"label", b"labels", b"class", b"target", b"y", b"digit", b"letter", b"character")
_INDEX_TITLES = (b"", b"unnamed: 0", b"index", b"id", b"idx", b"imageid", b"image_id", b"no", b"#")
_PAPER = (b"0", b"255", b"0.0", b"1.0")
_LEAST_DISTINCT = 20
"""A row of a picture has equal pixels among so many."""

_LEAST_PIXELS = 49
"""In one cell: 7×7."""

_MOST_ONE_HOT = 100
_SPARSE = re.compile(rb"\s*\S+(\s+\d+:\S+)+\s*")
_DECIMAL_COMMA = re.compile(rb"-?\d+(,\d+)?")

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
        Lines before the first sample.
    columns : int
        Cells per line.
    pixels : slice
        The columns of the pixels.
    labels : slice
        The column of the label; several are one-hot, none if the labels are in another file.
    translate : callable or None
        Returns a line of the file with single separators, if it differs.
    is_sparse : bool
        Whether the file is one of LIBSVM's.
    """

    path: Path
    separator: bytes
    skip: int
    columns: int = 0
    pixels: slice = field(default_factory=lambda: slice(0, 0))
    labels: slice = field(default_factory=lambda: slice(0, 0))
    translate: Callable[[bytes], bytes] | None = None
    is_sparse: bool = False

    @property
    def width(self) -> int:
        """Values per image."""
        return int(self.pixels.stop - self.pixels.start)

    def label(self, line: bytes) -> bytes:
        """Return the label cell of a line; empty if it is one-hot, and no single 1."""
        low, high = self.labels.start, self.labels.stop
        if (low, high) == (0, 1):
            return line[: line.find(self.separator)].strip(b'" \t\r\n')
        if high - low == 1 and high == self.columns:
            line = line.rstrip(b" \r\n")
            return line[line.rfind(self.separator) + 1 :].strip(b'" \t')
        cells = [cell.strip(b'" \t\r\n') for cell in line.split(self.separator)[low:high]]
        return cells[0] if high - low == 1 and cells else _hot(cells)


def _hot(cells: Sequence[bytes]) -> bytes:
    """Return the index of the single 1 among zeros; empty if there is none."""
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        return b""
    is_one_hot = values.count(1.0) == 1 and values.count(0.0) == len(values) - 1
    return b"%d" % values.index(1.0) if is_one_hot else b""


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
    shapes, is_sparse = set(), False
    for table, given in tables:
        labels = given or labels_beside(table)
        form, said = _form(table, options, labelled=labels is None)
        notes += said
        shapes.add(image_shape(form.width, table.name))
        split = split_of(table)
        if split in splits:
            raise DatasetError(
                "{path} has several tables for {split}.", "Import them one by one."
            ).format(path=path.name, split=split)
        splits[split] = _split(form, labels)
        is_sparse = form.is_sparse
    if len(shapes) != 1:
        raise DatasetError("The images of train and test differ in size.", "Import one of them.")
    first = tables[0][0]
    written = "LIBSVM" if is_sparse else "ARFF" if first.suffix.lower() == ".arff" else "CSV"
    kind = kind_of(first)
    return ImportSource(
        format=Message("{format}, gzipped", format=written) if first.suffix == ".gz" else written,
        title=Path(path.name.removesuffix(".gz")).stem if path.is_file() else path.name,
        image_shape=shapes.pop(),
        splits=splits,
        transposed=True if kind else None,
        characters=known_characters(first),
        notes=notes,
    )


def is_table(start: bytes) -> bool:
    """Return whether the start of a file of an unknown name looks like a table of pixels."""
    lines = (line for line in start.splitlines() if line.strip() and line[:2] != b"# ")
    first = next(lines, b"")
    if first.lower().startswith((b"@relation", b"%")) or _SPARSE.match(first):
        return True
    cells = re.split(rb"[,;\s]+", first.strip())[1:-1]
    return len(cells) >= 5 and all(map(_is_number, cells))


def _raw_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file as UTF-8, whatever ends them."""
    with reading(path), ExitStack() as stack:
        stream = stack.enter_context(open_plain(path))
        start = stream.read(_SNIFFED)
        stream.seek(0)
        encoding = ""
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "utf-16"
        elif b"\0" in start[:2]:
            encoding = "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
        elif b"\r" in start and b"\n" not in start:
            encoding = "latin-1"
        lines: Iterable[bytes] = stream
        if encoding:
            to = "latin-1" if encoding == "latin-1" else "utf-8"
            text = stack.enter_context(io.TextIOWrapper(stream, encoding))
            lines = (line.encode(to) for line in text)
        for number, line in enumerate(lines):
            yield line if number else line.removeprefix(b"\xef\xbb\xbf")


def _lines(form: Form) -> Iterator[bytes]:
    """Yield the lines of the samples."""
    for line in islice(_raw_lines(form.path), form.skip, None):
        if line.strip():
            yield line if form.translate is None else form.translate(line)


def _preamble(path: Path) -> tuple[int, list[bytes], bytes]:
    """Return how many lines precede a table, its column names in ARFF, and a stated separator."""
    names: list[bytes] = []
    separator, is_arff = b"", False
    skip = 0
    for skip, line in enumerate(_raw_lines(path)):
        text = line.strip()
        lower = text.strip(b'"').lower()
        if lower.startswith(b"sep=") and len(lower) <= len(b"sep=;"):
            separator = lower[4:] or b"\t"
        elif lower.startswith(b"@relation"):
            is_arff = True
        elif is_arff and lower.startswith(b"@attribute"):
            names += (word.strip(b"'\"") for word in re.split(rb"[\s{]+", text)[1:2])
        elif text and not lower.startswith((b"# ", b"@data")) and not _is_comment(text):
            return skip, names, separator
    return skip + 1, names, separator


def _is_comment(text: bytes) -> bool:
    """Return whether a line is a comment of ARFF, and not the sample of a label %."""
    return text[:1] == b"%" and text[1:2] not in (b",", b";", b"\t")


def _form(path: Path, options: ImportOptions, *, labelled: bool) -> tuple[Form, list[str]]:
    """Return the layout of a table, and what was decided without being told."""
    skip, names, stated = _preamble(path)
    form = Form(path, stated, skip)
    lines = list(islice(_lines(form), _HEAD_LINES))
    if not lines or len(lines[0]) > _LONGEST_LINE:
        raise DatasetError("Expected lines of numbers in {path}. Received: none.").format(
            path=path.name
        )
    notes: list[str] = []
    form = _dialect(form, lines, notes)
    rows = [[cell.strip(b'" \r\n') for cell in _translated(form, line)] for line in lines]
    if len(rows[0]) < 2 and len(rows[-1]) < 2:
        raise DatasetError(
            "Expected a label and pixels in each line of {path}. Received: {first}.",
            "If this file has the labels only, choose the one with the images.",
        ).format(path=path.name, first=repr(lines[0][:40].decode("utf-8", "replace").strip()))
    has_header = options.header == ImportChoice.YES
    if options.header == ImportChoice.AUTO and not names:
        has_header = _is_header(rows)
    if has_header:
        names, rows = rows[0], rows[1:]
        form = replace(form, skip=next(_numbered(form))[0])
        if all(map(_is_number, names)):
            note = Message("The first line of {path} is taken for column names.", path=path.name)
            notes.append(note)
    if not rows:
        check_same_length(0, 0, path.name)
    titles = [name.lower() for name in names] if len(names) == len(rows[0]) else []
    return _with_columns(form, rows, titles, labelled, notes), notes


def _translated(form: Form, line: bytes) -> list[bytes]:
    return (form.translate(line) if form.translate else line).split(form.separator)


def _dialect(form: Form, lines: list[bytes], notes: list[str]) -> Form:
    """Return the form with the separator, and a translation if the lines need one."""
    line = lines[min(1, len(lines) - 1)].strip(b"\r\n")
    if line.lstrip().startswith(b"{"):
        raise DatasetError(
            "{path} is a sparse ARFF file.", "Save it dense, with a value for each pixel."
        ).format(path=form.path.name)
    if _SPARSE.fullmatch(line):
        return _sparse(form)
    separator = form.separator or _separator(line)
    if separator != b" " and any(map(_is_long, _quoted_cells(line, separator))):
        return _packed(form, separator, lines, notes)
    some = [each.strip(b"\r\n") for each in lines[-20:]]
    if separator == b" ":
        needed = any(b"  " in each or each != each.strip() for each in some) or b"," in line
        commas = b"," in line
        return (
            replace(
                form,
                separator=b",",
                translate=lambda raw: b",".join(
                    (raw.replace(b",", b".") if commas else raw).split()
                ),
            )
            if needed
            else replace(form, separator=b" ")
        )
    has_commas = separator != b"," and b"," in line
    ends = all(each.rstrip(b" ").endswith(separator) for each in some)
    if not has_commas and not ends:
        return replace(form, separator=separator)

    def translate(raw: bytes) -> bytes:
        raw = raw.rstrip(b" \r\n")
        raw = raw.removesuffix(separator) if ends else raw
        return raw.replace(b",", b".") if has_commas else raw

    return replace(form, separator=separator, translate=translate)


def _separator(line: bytes) -> bytes:
    for mark in (b"\t", b";"):
        if line.strip().count(mark):
            return mark
    cells = line.split()
    are_decimals = line.count(b",") > 3 and all(map(_DECIMAL_COMMA.fullmatch, cells))
    return b"," if b"," in line and not (len(cells) > 1 and are_decimals) else b" "


def _quoted_cells(line: bytes, separator: bytes) -> list[str]:
    text = line.decode("utf-8", "replace")
    try:
        return next(csv.reader([text], delimiter=separator.decode("latin-1")), [])
    except (csv.Error, TypeError):
        return []


def _is_long(cell: str) -> bool:
    """Return whether a cell holds the pixels of an image."""
    return cell.strip(" []").replace(",", " ").count(" ") >= _LEAST_PIXELS - 1


def _packed(form: Form, separator: bytes, lines: list[bytes], notes: list[str]) -> Form:
    """Return the form of a table with the pixels of an image in one cell."""
    cells = _quoted_cells(lines[-1].strip(b"\r\n"), separator)
    pixels = [index for index, cell in enumerate(cells) if _is_long(cell)]
    titles = [name.strip() for name in _quoted_cells(lines[0].strip(b"\r\n"), separator)]
    others = [index for index in range(len(cells)) if index not in pixels]
    named = [
        index
        for index in others
        if index < len(titles) and titles[index].lower().encode() in _LABEL_TITLES
    ]
    if len(pixels) != 1:
        raise DatasetError(
            "Expected one cell with the pixels of an image in {path}. Received: {n_cells}.",
            "Write a column for each pixel.",
        ).format(path=form.path.name, n_cells=len(pixels))
    label = next(iter(named or others), None)
    left_out = [titles[index] for index in others if index != label and index < len(titles)]
    if left_out:
        note = "Columns that are neither label nor pixels are left out: {names}."
        notes.append(Message(note, names=", ".join(left_out)))

    def translate(raw: bytes) -> bytes:
        cells = _quoted_cells(raw.strip(b"\r\n"), separator)
        if len(cells) <= max(pixels[0], label or 0) or "..." in cells[pixels[0]]:
            return raw  # is refused by the number of its cells
        values = cells[pixels[0]].strip(" []").replace(",", " ").split()
        front = [] if label is None else [cells[label].strip()]
        return ",".join([*front, *values]).encode()

    is_header = not any(map(_is_long, _quoted_cells(lines[0].strip(b"\r\n"), separator)))
    if is_header:
        form = replace(form, skip=next(_numbered(form))[0])
        del lines[0]
    return replace(form, separator=b",", translate=translate)


def _sparse(form: Form) -> Form:
    """Return the form of a LIBSVM file: a label, and index:value of pixels that are not 0."""
    highest = 1
    for line in _lines(form):
        last = line.rsplit(None, 1)[-1].partition(b":")[0]
        if last.isdigit():
            highest = max(highest, int(last[:9]))
    side = max(7, int(np.ceil(np.sqrt(min(highest, 1 << 20)))))

    def translate(raw: bytes) -> bytes:
        label, *pairs = raw.split()
        cells = [b"0"] * side**2
        for pair in pairs:
            index, _, value = pair.partition(b":")
            if not index.isdigit() or not 0 < int(index) <= len(cells):
                return raw  # is refused by the number of its cells
            cells[int(index) - 1] = value
        return b",".join([label, *cells])

    return replace(form, separator=b",", translate=translate, is_sparse=True)


def _is_header(rows: list[list[bytes]]) -> bool:
    """Return whether the first row names columns, be it by numbers."""
    first = rows[0]
    inner = first[1:-1] or first[1:]
    if not all(map(_is_number, inner)) or any(cell.lower() in _LABEL_TITLES for cell in first[:1]):
        return True
    if len(first) < _LEAST_DISTINCT or len(rows) < 2:
        return False
    return len(set(first)) == len(first) and len(set(rows[1])) < len(rows[1])


def _with_columns(
    form: Form, rows: list[list[bytes]], titles: list[bytes], labelled: bool, notes: list[str]
) -> Form:
    """Find the columns of label and pixels by their names, their number and their cells."""
    n, name = len(rows[0]), form.path.name
    low = int(bool(titles) and titles[0] in _INDEX_TITLES)
    if not low and not is_picture(n - labelled) and is_picture(n - labelled - 1):
        low = int(_counts(rows))
    if low:
        notes.append(Message("The first column of {path} numbers the lines.", path=name))
    if n - low - labelled < 2:
        raise DatasetError(
            "{path} has no pixels: {n} columns in each line.",
            "It may hold labels only: choose the file with the images.",
        ).format(path=name, n=n)
    labels = _label_columns(form, rows, titles, low) if labelled else slice(low, low)
    pixels = slice(low, labels.start) if labels.start > low else slice(labels.stop, n)
    width, n_labels = pixels.stop - pixels.start, labels.stop - labels.start
    image_shape(width, name)
    if n_labels > 1:
        sentence = "The labels of {path} are one-hot, in {n_columns} columns."
        notes.append(Message(sentence, path=name, n_columns=n_labels))
    elif labels.start > low:
        notes.append(Message("The labels of {path} are taken from the last column.", path=name))
    if width in COLOURED:
        sentence = "The pixels of {path} have three colours; they become grey."
        notes.append(Message(sentence, path=name))
    return replace(form, columns=n, pixels=pixels, labels=labels)


def _label_columns(form: Form, rows: list[list[bytes]], titles: list[bytes], low: int) -> slice:
    """Return the columns of the labels; the first `low` columns number the lines."""
    n = len(rows[0])
    named = [index for index in (low, n - 1) if titles and titles[index] in _LABEL_TITLES]
    if not named and not is_picture(n - low - 1):
        if is_picture(n - low):
            raise DatasetError(
                "{path} has no labels: each line has {n_pixels} pixels.",
                "Choose the file with the labels too (--labels).",
            ).format(path=form.path.name, n_pixels=n - low)
        if hot := _one_hot(rows, low):
            return hot
    is_last = _is_last([row[low:] for row in rows], titles[low:])
    return slice(n - 1, n) if is_last else slice(low, low + 1)


def _counts(rows: list[list[bytes]]) -> bool:
    """Return whether the first column counts the lines, from 0 or 1."""
    cells = [row[0] for row in rows]
    return any(cells == [b"%d" % (i + first) for i in range(len(cells))] for first in (0, 1))


def _one_hot(rows: list[list[bytes]], low: int) -> slice | None:
    """Return the columns of one-hot labels, at the end or the beginning of all rows."""
    n = len(rows[0])
    for width in range(2, min(_MOST_ONE_HOT, n - low)):
        if is_picture(n - low - width):
            for columns in (slice(n - width, n), slice(low, low + width)):
                if all(_hot(row[columns]) for row in rows):
                    return columns
    return None


def _is_last(rows: list[list[bytes]], titles: list[bytes]) -> bool:
    """Return whether the last column holds the labels, by the header or by the cells.

    A corner of an image is nearly always paper; so a constant first column of paper, with a last
    column of several integers beside another corner of paper, is a pixel and not the label.
    """
    if titles and (titles[0] in _LABEL_TITLES or titles[-1] in _LABEL_TITLES):
        return titles[-1] in _LABEL_TITLES and titles[0] not in _LABEL_TITLES
    full = [row for row in rows if len(row) == len(rows[0])]
    first, before, last = ([row[column] for row in full] for column in (0, -2, -1))
    if not all(map(_is_number, first)):
        return False
    if not any(map(_is_number, last)) and all(last):
        return True
    if len(set(first)) != 1 or not all(cell.isdigit() for cell in last):
        return False
    most = max(map(last.count, set(last)), default=0)
    corner = max(map(before.count, set(before)), default=0)
    return first[0] in _PAPER and 2 * most <= len(last) and corner > most


def _is_number(cell: bytes) -> bool:
    try:
        float(cell.strip(b'" '))
    except ValueError:
        return False
    return True


def _split(form: Form, labels_file: Path | None) -> SourceSplit:
    if labels_file is None:
        labels = _typed([form.label(line) for line in _lines(form)], form)
    else:
        labels = _labels(labels_file)
        n_images = sum(1 for _ in _lines(form))
        check_same_length(n_images, len(labels), f"{form.path.name} and {labels_file.name}")
    check_same_length(len(labels), len(labels), form.path.name)
    first = _parse(list(islice(_lines(form), _HEAD_LINES)), form, 0)
    scale = value_scale(first, form.path.name)
    shape = image_shape(form.width, form.path.name)

    def images(values: _Pixels) -> npt.NDArray[np.uint8]:
        grey = grey_rows(values) if form.width in COLOURED else values
        return as_bytes(grey, scale).reshape(-1, *shape)

    def sample(n: int) -> Chunk:
        chosen = spread(len(first), n)
        return Chunk(images(first[chosen]), labels[chosen])

    def chunks() -> Iterator[Chunk]:
        low = 0
        for values in _blocks(form):
            _check_range(values, scale, form.path)
            yield Chunk(images(values), labels[low : low + len(values)])
            low += len(values)

    return SourceSplit(labels, sample, chunks, full_scale(scale))


def _check_range(values: _Pixels, scale: tuple[float, float], path: Path) -> None:
    """Raise `DatasetError` if a block of lines has another range than the first one."""
    if values.dtype != np.uint8:
        value_scale(values, path.name)
    most = full_scale(scale)
    if float(values.max(initial=0)) > most:
        raise DatasetError(
            "Expected pixels up to {most} in {path}, as in its first lines. Received: {highest}.",
            "Bring all lines to one range.",
        ).format(most=f"{most:g}", path=path.name, highest=f"{values.max():g}")


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
    """Read a labels file: a column of labels, alone or after another, or one-hot rows."""
    skip, _, stated = _preamble(path)
    form = Form(path, stated, skip)
    lines = list(_lines(form))
    separator = stated or _separator(lines[min(1, len(lines) - 1)] if lines else b"")
    rows = [[cell.strip(b'" \t\r\n') for cell in line.strip().split(separator)] for line in lines]
    first, second = (*rows[:2], [b""], [b""])[:2]
    titles = [cell.lower() for cell in first]
    has_header = len(rows) > 1 and (
        any(title in _LABEL_TITLES for title in titles)
        or (not _is_number(first[-1]) and _is_number(second[-1]))
    )
    form = replace(form, separator=separator, skip=skip + has_header)
    rows = rows[has_header:]
    n = len(second) if len(rows) > 1 else len(first)
    if n > 1 and all(_hot(row) for row in rows):
        return _typed([_hot(row) for row in rows], form)
    named = [index for index, title in enumerate(titles) if title in _LABEL_TITLES]
    if n > 2 and not (has_header and named):
        raise DatasetError(
            "Expected one label in each line of {path}. Received: {n} cells.",
            "Name the column of the labels label, or write them one-hot: a single 1, all others 0.",
        ).format(path=path.name, n=n)
    column = named[0] if has_header and named else n - 1
    return _typed([row[column] if len(row) > column else b"" for row in rows], form)


def _blocks(form: Form) -> Iterator[_Pixels]:
    lines = _lines(form)
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
    body = b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines)
    if not body.endswith(b"\n"):
        body += b"\n"
    text = np.frombuffer(body.replace(b"\r", b""), dtype=np.uint8)
    digits = text - np.uint8(_ZERO)
    ends = np.flatnonzero(digits > 9)
    columns = form.columns
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


def _numbered(form: Form) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of the samples with their numbers in the file."""
    numbered = enumerate(_raw_lines(form.path), start=1)
    return ((number, line) for number, line in islice(numbered, form.skip, None) if line.strip())


def _line_number(form: Form, sample: int) -> int:
    """Return the line number of a sample, counting header and empty lines."""
    return next(islice(_numbered(form), sample, None))[0]


def _parse_numbers(lines: list[bytes], form: Form, index: int) -> npt.NDArray[np.float32]:
    """Parse line by line; an error names the line."""
    result = np.empty((len(lines), form.width), dtype=np.float32)
    columns = form.columns
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
