"""Written lines as files of other programs: text, JSON, SVG, PNG, InkML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from trainer.errors import HistoryError
from trainer.files.paths import replacing
from trainer.ink.strokes import Ink, Points
from trainer.writing.history import HistoryEntry

_MARGIN: Final = 16.0
_PEN_WIDTH: Final = 4.0
_PNG_SCALE: Final = 2
_MOST_PIXELS: Final = 100_000_000


def _text(entry: HistoryEntry) -> bytes:
    return f"{entry.text}\n".encode()


def _json(entry: HistoryEntry) -> bytes:
    record = {"time": entry.time, "text": entry.text, "ink": entry.ink.to_record()}
    return f"{json.dumps(record, ensure_ascii=False)}\n".encode()


def _svg(entry: HistoryEntry) -> bytes:
    width, height, strokes = _placed(entry.ink)
    root = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
    )
    ElementTree.SubElement(root, "title").text = entry.text
    group = ElementTree.SubElement(
        root,
        "g",
        {"fill": "none", "stroke": "#000", "stroke-width": f"{_PEN_WIDTH:g}"},
    )
    for points in strokes:
        pairs = [f"{x:.2f},{y:.2f}" for x, y in points.tolist()]
        ElementTree.SubElement(
            group,
            "polyline",
            {"points": " ".join(pairs), "stroke-linecap": "round", "stroke-linejoin": "round"},
        )
    return _xml(root)


def _inkml(entry: HistoryEntry) -> bytes:
    root = ElementTree.Element("ink", xmlns="http://www.w3.org/2003/InkML")
    ElementTree.SubElement(root, "annotation", type="transcription").text = entry.text
    for stroke in entry.ink.strokes:
        trace = ElementTree.SubElement(root, "trace")
        trace.text = ", ".join(f"{x:.2f} {y:.2f}" for x, y in stroke.points.tolist())
    return _xml(root)


def _xml(root: ElementTree.Element) -> bytes:
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _png(entry: HistoryEntry) -> bytes:
    from io import BytesIO

    from PIL import Image, ImageDraw

    width, height, strokes = _placed(entry.ink)
    scale = min(_PNG_SCALE, (_MOST_PIXELS / (width * height)) ** 0.5)
    image = Image.new("L", (round(width * scale) + 1, round(height * scale) + 1), 255)
    draw = ImageDraw.Draw(image)
    radius = _PEN_WIDTH * scale / 2
    for points in strokes:
        path = [tuple(point) for point in (points * scale).tolist()]
        draw.line(path, fill=0, width=max(1, round(2 * radius)), joint="curve")
        for x, y in (path[0], path[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


FORMATS: Final[Mapping[str, Callable[[HistoryEntry], bytes]]] = {
    ".txt": _text,
    ".json": _json,
    ".svg": _svg,
    ".png": _png,
    ".inkml": _inkml,
}


def export_entry(entry: HistoryEntry, path: Path) -> None:
    """Write an entry in the format that the name of the file asks for.

    Raises
    ------
    HistoryError
        If there is no such format, or it cannot be written.
    """
    write = FORMATS.get(path.suffix.lower())
    if write is None:
        raise HistoryError(
            "Lines are not exported as {suffix}.", "Choose one of {formats}."
        ).format(suffix=path.suffix or path.name, formats=", ".join(FORMATS))
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(write(entry))
    except OSError as error:
        raise HistoryError("{path} cannot be written: {reason}.", "Choose another place.").format(
            path=path, reason=error.strerror or error
        ) from error


def _placed(ink: Ink) -> tuple[float, float, list[Points]]:
    """Return width, height, and the strokes within a margin."""
    points, _ = ink.flat()
    if not len(points):
        return 2 * _MARGIN, 2 * _MARGIN, []
    low = points.min(axis=0) - np.float32(_MARGIN)
    width, height = (points.max(axis=0) + np.float32(_MARGIN) - low).tolist()
    return width, height, [stroke.points - low for stroke in ink.strokes]
