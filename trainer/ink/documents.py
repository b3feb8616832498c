"""Inks from files of other programs: InkML, UJIpenchars, Quick Draw, Xournal++ and SVG.

XML is read without entities and external files, and within limits of size and depth.
"""

from __future__ import annotations

import gzip
import io
import itertools
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np

from trainer.errors import InkError, Message
from trainer.ink.strokes import MAX_POINTS, Ink

_MOST_BYTES = 1 << 26
_MOST_POINTS = 10_000_000
"""Of all inks of a document, which may refer to one trace many times."""

_LONGEST_PATH = 1 << 21
"""Characters of an SVG path."""

_MOST_DEPTH = 64
_MOST_ELEMENTS = 1_000_000
_START = 4_096
_CHUNK = 1 << 16
_ROOTS = {"ink": "InkML", "svg": "SVG", "xournal": "Xournal++"}
_LABELS = ("truth", "label", "character", "transcription")
"""Types of annotations of InkML that state what is written."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TRACE = re.compile(rf"([!'\"]?)\s*({_NUMBER.pattern}|\*|#?[0-9A-Fa-f]+|[TF])")
_PATH = re.compile(rf"([MmLlHhVvCcSsQqTtAaZz])|({_NUMBER.pattern})")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_SMOOTH = {"S": "CS", "T": "QT"}
"""Commands that mirror the control point of these before them."""

_CURVE_STEPS = 12
"""Straight pieces of a curve; a character is some hundred units large."""

_HIDDEN = ("defs", "clipPath", "mask", "symbol", "marker", "pattern", "metadata")
_ANOTHER = "Save it again with the program that made it."

_Point = tuple[float, float]
_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class WrittenInk:
    """A drawing of a document.

    Attributes
    ----------
    ink : Ink
    label : str
        What the document says it shows; empty where it says nothing.
    split : str
        "train", "test", or empty.
    """

    ink: Ink
    label: str = ""
    split: str = ""


def document_format(path: Path) -> str:
    """Return the name of the format of a document with inks; empty for another file."""
    try:
        return _format_of(_start_of(path))
    except (OSError, EOFError, zlib.error):
        return ""


def _format_of(start: str) -> str:
    found = re.search(r"<(?:[\w.-]+:)?(ink|svg|xournal)[\s>]", start)
    if found and start.lstrip("\ufeff \r\n\t").startswith("<"):
        is_page = re.search(r"<(html|body)\b", start[: found.start()], re.IGNORECASE)
        return "" if is_page else _ROOTS[found[1]]
    return "UJIpenchars" if re.search(r"^\s*WORD\s.*\n\s*NUMSTROKES\s", start, re.MULTILINE) else ""


def read_document(path: Path) -> list[WrittenInk]:
    """Read the inks of a document whose format `document_format` knows.

    Raises
    ------
    InkError
        If it cannot be read, or holds no strokes.
    """
    with _reading(path.name), path.open("rb") as stream:
        return _inks(_unpacked(stream), path.name)


def inks_from_bytes(data: bytes, name: str) -> list[WrittenInk]:
    """Read the inks of a document, or one as JSON; as `read_document`."""
    if name.lower().endswith(".json"):
        return [WrittenInk(Ink.from_json(data))]
    with _reading(name):
        return _inks(_unpacked(io.BytesIO(data)), name)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, ValueError, KeyError, ArithmeticError) as error:
        raise InkError("{path} cannot be read: {reason}.", _ANOTHER).format(
            path=name, reason=error
        ) from error


def _inks(content: bytes, name: str) -> list[WrittenInk]:
    if len(content) > _MOST_BYTES:
        raise InkError("{path} is far too large for a document of inks.").format(path=name)
    kind = _format_of(content[:_START].decode("utf-8", "replace"))
    if not kind:
        raise InkError("{path} is no document of inks.", _ANOTHER).format(path=name)
    inks = _uji(content) if kind == "UJIpenchars" else _READERS[kind](_xml(content, name))
    inks = [each for each in inks if not each.ink.is_empty]
    if not inks:
        raise InkError(
            "{path} ({format}) holds no pen strokes.",
            "Filled shapes and pictures are no strokes; save it as a picture instead.",
        ).format(path=name, format=kind)
    return inks


def _start_of(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(_START)
    if start[:2] == b"\x1f\x8b":
        with gzip.open(path) as packed:
            start = packed.read(_START)
    return start.decode("utf-8", "replace")


def _unpacked(stream: BinaryIO) -> bytes:
    """Return the content of a document, or more than is read of one."""
    is_packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    if is_packed:
        with gzip.open(stream) as packed:
            return packed.read(_MOST_BYTES + 1)
    return stream.read(_MOST_BYTES + 1)


def _xml(content: bytes, name: str) -> ElementTree.Element:
    """Parse XML without entities; names of elements come without their namespaces."""
    builder, depth, elements = ElementTree.TreeBuilder(), 0, 0

    def refuse(*_: object) -> None:
        raise InkError("{path} declares XML entities; it is not opened.", _ANOTHER).format(
            path=name
        )

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > _MOST_DEPTH or elements > _MOST_ELEMENTS:
            raise InkError("{path} is nested too deeply, or too large.").format(path=name)
        builder.start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(tag))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise InkError("{path} is no valid XML: {reason}.", _ANOTHER).format(
            path=name, reason=error
        ) from error
    return builder.close()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


# InkML


def _inkml(root: ElementTree.Element) -> list[WrittenInk]:
    """Return the innermost labelled groups of traces, and the rest as one ink without a label."""
    x, y, flips = _channels(root)
    signs = np.array([-1 if flips[0] else 1, -1 if flips[1] else 1])
    traces = {
        trace: signs * np.array(_trace(trace.text or "", x, y)).reshape(-1, 2)
        for trace in root.iter("trace")
        if trace.get("type", "penDown") == "penDown"
    }
    by_id = {trace.get("id", ""): trace for trace in traces}

    def traces_of(holder: ElementTree.Element) -> list[ElementTree.Element]:
        references = [each.get("traceDataRef", "").lstrip("#") for each in holder.iter("traceView")]
        referred = [by_id[each] for each in references if each in by_id]
        return [*(each for each in holder.iter("trace") if each in traces), *referred]

    n_points = 0

    def ink(chosen: Iterable[ElementTree.Element]) -> Ink:
        nonlocal n_points
        chosen = list(chosen)
        n_points += sum(len(traces[each]) for each in chosen)
        if n_points > _MOST_POINTS:
            raise ValueError(Message("its groups refer to far too many points"))
        return Ink.from_points([traces[each] for each in chosen])

    groups = [
        group
        for tag in ("traceGroup", "traceView")
        for group in root.iter(tag)
        if _annotation(group) and not any(_annotation(g) for g in group.iter() if g is not group)
    ]
    if not groups:
        return [WrittenInk(ink(traces), _annotation(root))]
    used = {trace for group in groups for trace in traces_of(group)}
    found = [WrittenInk(ink(traces_of(group)), _annotation(group)) for group in groups]
    return [*found, WrittenInk(ink(each for each in traces if each not in used))]


def _annotation(element: ElementTree.Element) -> str:
    if element.tag not in ("ink", "traceGroup", "traceView"):
        return ""
    for each in element.findall("annotation"):
        if each.get("type", "").lower() in _LABELS:
            return (each.text or "").strip()
    return ""


def _channels(root: ElementTree.Element) -> tuple[int, int, tuple[bool, bool]]:
    """Return the positions of X and Y among the values of a point, and which run backwards."""
    first = next(root.iter("traceFormat"), None)
    channels = [] if first is None else list(first.iter("channel"))
    names = [each.get("name", "").upper() for each in channels]
    if "X" not in names or "Y" not in names:
        return 0, 1, (False, False)
    x, y = names.index("X"), names.index("Y")
    return x, y, (_is_reversed(channels[x]), _is_reversed(channels[y]))


def _is_reversed(channel: ElementTree.Element) -> bool:
    return channel.get("orientation", "+ve") == "-ve"


def _trace(text: str, x: int, y: int) -> list[_Point]:
    """Return the points of a trace; values may be explicit, or first or second differences."""
    points: list[_Point] = []
    orders: dict[int, str] = {}
    values: dict[int, float] = {}
    speeds: dict[int, float] = {}
    for point in text.split(","):
        for channel, (prefix, text_of_value) in enumerate(_TRACE.findall(point)):
            if channel not in (x, y):
                continue
            if prefix in ("!", "'", '"'):
                orders[channel] = prefix
            value, order = values.get(channel, 0.0), orders.get(channel, "!")
            if text_of_value != "*":
                value = float(text_of_value)
            if text_of_value == "*":
                pass  # as before
            elif order == "'":
                speeds[channel] = value
                value += values.get(channel, 0.0)
            elif order == '"':
                speeds[channel] = speeds.get(channel, 0.0) + value
                value = values.get(channel, 0.0) + speeds[channel]
            values[channel] = value
        if point.strip() and x in values and y in values:
            points.append((values[x], values[y]))
    return points


# UJIpenchars


def _uji(content: bytes) -> list[WrittenInk]:
    """Return the characters of UJIpenchars 2: WORD, NUMSTROKES and POINTS lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    found: list[WrittenInk] = []
    strokes: list[Any] = []
    label, split = "", ""

    def finish() -> None:
        if strokes:
            found.append(WrittenInk(Ink.from_points(strokes), label, split))

    for line in text.splitlines():
        key, _, rest = line.strip().partition(" ")
        if key == "WORD":
            finish()
            label, _, session = rest.strip().partition(" ")
            split = {"tst": "test", "trn": "train"}.get(session.strip()[:3], "")
            strokes = []
        elif key == "POINTS":
            numbers = [float(each) for each in rest.partition("#")[2].split()]
            strokes.append(np.array(numbers).reshape(-1, 2))
    finish()
    return found


# Xournal++


def _xournal(root: ElementTree.Element) -> list[WrittenInk]:
    """Return each page as one ink; highlighters and erasers leave no writing."""
    return [
        WrittenInk(
            Ink.from_points(
                np.array(_NUMBER.findall(stroke.text or ""), dtype=np.float64).reshape(-1, 2)
                for stroke in page.iter("stroke")
                if stroke.get("tool", "pen") == "pen"
            )
        )
        for page in root.iter("page")
    ]


# SVG


def _svg(root: ElementTree.Element) -> list[WrittenInk]:
    strokes: list[list[_Point]] = []
    n_points = 0
    for points in _svg_strokes(root, _SAME, {}):
        strokes.append(points)
        n_points += len(points)
        if n_points > MAX_POINTS:
            raise ValueError(Message("it has far too many points for one character"))
    title = root.find("title")
    label = "" if title is None else (title.text or "").strip()
    return [WrittenInk(Ink.from_points(strokes), label if len(label) == 1 else "")]


def _svg_strokes(
    element: ElementTree.Element, outer: _Matrix, inherited: dict[str, str]
) -> Iterator[list[_Point]]:
    style = dict(inherited)
    style |= {key: element.attrib[key] for key in ("stroke", "fill") if key in element.attrib}
    for rule in element.get("style", "").split(";"):
        key, _, value = rule.partition(":")
        style[key.strip()] = value.strip()
    if element.tag in _HIDDEN or style.get("display") == "none":
        return
    matrix = _times(outer, _transform(element.get("transform", "")))
    for points, is_closed in _shape(element):
        is_filled = style.get("fill", "none" if not is_closed else "black") != "none"
        has_stroke = style.get("stroke", "none") != "none" or "class" in element.attrib
        if points and (has_stroke or not is_filled):
            yield [_moved(matrix, point) for point in points]
    for child in element:
        yield from _svg_strokes(child, matrix, style)


def _shape(element: ElementTree.Element) -> Iterator[tuple[list[_Point], bool]]:
    """Yield the lines of one element, and whether each is closed."""
    if element.tag == "path":
        yield from _path(element.get("d", ""))
    elif element.tag in ("polyline", "polygon"):
        numbers = [float(each) for each in _NUMBER.findall(element.get("points", ""))]
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        is_closed = element.tag == "polygon"
        yield points + points[:1] if is_closed else points, is_closed
    elif element.tag == "line":
        x1, y1, x2, y2 = (_length(element, name) for name in ("x1", "y1", "x2", "y2"))
        yield [(x1, y1), (x2, y2)], False
    elif element.tag in ("circle", "ellipse"):
        rx, ry = (_length(element, name) or _length(element, "r") for name in ("rx", "ry"))
        angles = [2 * math.pi * step / (4 * _CURVE_STEPS) for step in range(4 * _CURVE_STEPS + 1)]
        x, y = _length(element, "cx"), _length(element, "cy")
        yield [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles], True


def _length(element: ElementTree.Element, name: str) -> float:
    found = _NUMBER.match(element.get(name, "0").strip())
    return float(found[0]) if found else 0.0


def _path(text: str) -> Iterator[tuple[list[_Point], bool]]:
    """Yield the subpaths of path data as points, with curves flattened."""
    points: list[_Point] = []
    start: _Point = (0.0, 0.0)
    control, last = start, ""
    for command, given in _steps(text):
        here = points[-1] if points else start
        kind, origin = command.upper(), here if command.islower() else (0.0, 0.0)
        if kind == "Z":
            yield [*points, start], True
            points = [start]
        elif kind == "M":
            if len(points) > 1:
                yield points, False
            start = (origin[0] + given[0], origin[1] + given[1])
            points = [start]
        elif kind == "A":
            points += _arc(here, given, (origin[0] + given[5], origin[1] + given[6]))
        else:
            is_smooth = last != "" and last in _SMOOTH.get(kind, "")
            mirrored = (2 * here[0] - control[0], 2 * here[1] - control[1]) if is_smooth else here
            ends = _ends(kind, given, here, origin, mirrored)
            points += _bezier([here, *ends])
            control = ends[-2] if len(ends) > 1 else here
        last = kind
        if len(points) > MAX_POINTS:
            raise ValueError(Message("a path has far too many points"))
    if len(points) > 1:
        yield points, False


def _steps(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield the commands of path data with their numbers; repeated ones are written out."""
    if len(text) > _LONGEST_PATH:
        raise ValueError(Message("a path has far too many points"))
    tokens = [(m[1], m[2]) for m in _PATH.finditer(_flags_apart(text))]
    command, at = "", 0
    while at < len(tokens):
        if tokens[at][0]:
            command, at = tokens[at][0], at + 1
        elif command in ("", "Z", "z"):
            return
        n = _ARGUMENTS[command.upper()]
        given = [float(number) for _, number in tokens[at : at + n] if number]
        if len(given) < n:
            return
        yield command, given
        at += n
        command = {"m": "l", "M": "L"}.get(command, command)


def _ends(
    kind: str, given: Sequence[float], here: _Point, origin: _Point, mirrored: _Point
) -> list[_Point]:
    """Return the control points and the end of a line or curve."""
    if kind == "H":
        return [(origin[0] + given[0], here[1])]
    if kind == "V":
        return [(here[0], origin[1] + given[0])]
    pairs = zip(given[::2], given[1::2], strict=True)
    ends = [(origin[0] + x, origin[1] + y) for x, y in pairs]
    return [mirrored, *ends] if kind in _SMOOTH else ends


def _flags_apart(text: str) -> str:
    """Separate the flags of arcs, which need no space: ``a1 1 0 01.5.5``."""
    if "a" not in text.lower():
        return text
    n = _NUMBER.pattern
    arc = re.compile(
        rf"({n}[\s,]+{n}[\s,]+{n})[\s,]+([01])[\s,]*([01])[\s,]*({n}(?:[\s,]+|(?=[-+.])){n})"
    )
    parts = re.split(r"([Aa][^A-DF-Za-df-z]*)", text)
    return "".join(arc.sub(r" \1 \2 \3 \4 ", p) if p[:1] in ("A", "a") else p for p in parts)


def _bezier(controls: Sequence[_Point]) -> list[_Point]:
    """Return points of a curve of 1 to 3 degrees, without its first (de Casteljau)."""
    steps = 1 if len(controls) == 2 else _CURVE_STEPS
    found = []
    for step in range(1, steps + 1):
        t, points = step / steps, list(controls)
        while len(points) > 1:
            points = [
                (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
                for a, b in itertools.pairwise(points)
            ]
        found.append(points[0])
    return found


def _arc(start: _Point, given: Sequence[float], end: _Point) -> list[_Point]:
    """Return points of an elliptical arc without its first (SVG 1.1, appendix F.6.5)."""
    rx, ry, turn = abs(given[0]), abs(given[1]), math.radians(given[2])
    if not rx or not ry or start == end:
        return [end]
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    grow = max(1.0, math.sqrt((x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    off = (rx * y) ** 2 + (ry * x) ** 2
    root = math.sqrt(max(0.0, (rx * ry) ** 2 - off) / off)
    root = -root if bool(given[3]) == bool(given[4]) else root
    cx, cy = root * rx * y / ry, -root * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    sweep = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    if given[4] and sweep < 0:
        sweep += 2 * math.pi
    elif not given[4] and sweep > 0:
        sweep -= 2 * math.pi
    mx, my = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    found = []
    for step in range(1, 2 * _CURVE_STEPS + 1):
        angle = first + sweep * step / (2 * _CURVE_STEPS)
        px, py = cx + rx * math.cos(angle), cy + ry * math.sin(angle)
        found.append((cos * px - sin * py + mx, sin * px + cos * py + my))
    return found


def _transform(text: str) -> _Matrix:
    matrix = _SAME
    for name, inside in re.findall(r"(\w+)\s*\(([^)]*)\)", text):
        v = [float(each) for each in _NUMBER.findall(inside)]
        if name == "matrix" and len(v) == 6:
            step: _Matrix = (v[0], v[1], v[2], v[3], v[4], v[5])
        elif name == "translate" and v:
            step = (1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0)
        elif name == "scale" and v:
            step = (v[0], 0, 0, v[-1], 0, 0)
        elif name == "rotate" and v:
            cos, sin = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
            x, y = v[1:3] if len(v) > 2 else (0.0, 0.0)
            step = (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
        else:
            continue
        matrix = _times(matrix, step)
    return matrix


def _times(a: _Matrix, b: _Matrix) -> _Matrix:
    return (
        a[0] * b[0] + a[2] * b[1],
        a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3],
        a[1] * b[2] + a[3] * b[3],
        *_moved(a, (b[4], b[5])),
    )


def _moved(matrix: _Matrix, point: _Point) -> _Point:
    a, b, c, d, e, f = matrix
    return (a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f)


_READERS: dict[str, Any] = {"InkML": _inkml, "SVG": _svg, "Xournal++": _xournal}
