"""The views of a model on one sheet, as PNG or HTML: "intermediate representations"."""

from __future__ import annotations

import base64
import importlib.util
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from trainer.errors import ConfigError
from trainer.explain.base import HeatValues, LayerMaps, ModelInspector
from trainer.explain.client import Pictures
from trainer.explain.embedding import Plane
from trainer.explain.embedding_map import EmbeddingMap
from trainer.explain.inspect import Inspection
from trainer.files.pages import render_page
from trainer.files.paths import replacing

FORMATS = (".png", ".html")

_WIDTH = 1000
_MARGIN = 16
_GAP = 3
_TILE = 56
"""Smallest side of a map on the sheet, in pixels."""

_FLAT_CELL = 10
_HEAT_SIDE = 224
_MOST_MAPS = 128
_FONT_SIZE = 15
_LINE = 22
_GROUND, _INK, _FRAME = (255, 255, 255), (27, 31, 39), (230, 233, 239)
_CLASSES = ("#0068a8", "#a84300", "#006b55", "#8f3571", "#4d4d4d", "#6e5400")
"""After Okabe and Ito 2008, darkened; each class also has its letter."""

_METHODS = {"pca": "PCA", "tsne": "t-SNE"}
_AGAINST, _FOR = np.array([33, 102, 172]), np.array([217, 95, 2])
"""Blue and orange, which colour-blind people distinguish, too."""


@dataclass(frozen=True, eq=False)
class Section:
    """A section of the sheet: a title, and a picture below."""

    title: str
    picture: PillowImage.Image


def write_sheet(
    path: Path, inspector: ModelInspector, inspection: Inspection, filters: LayerMaps | None
) -> None:
    """Write the views of one picture, all or nothing.

    Raises
    ------
    ConfigError
        If the name does not end with .png or .html, or it cannot be written.
    """
    _write(path, inspector, _read_as(inspection), make_sections(inspection, filters))


def write_map(
    path: Path,
    inspector: ModelInspector,
    embedding_map: EmbeddingMap,
    method: str,
    alphabet: Sequence[str],
) -> None:
    """Write an embedding map with a letter for each sample, all or nothing.

    Raises
    ------
    ConfigError
        As `write_sheet`.
    """
    title = f"{len(embedding_map.vectors):,} samples laid out by {_METHODS[method]}"
    positions = embedding_map.positions(method)
    characters = [alphabet[label] for label in embedding_map.selected.labels.tolist()]
    colors = [_CLASSES[label % len(_CLASSES)] for label in embedding_map.selected.labels.tolist()]
    _write(path, inspector, title, [Section("", _letters(positions, characters, colors))])


def check_format(path: Path) -> None:
    """Raise `ConfigError` unless a sheet can be written into a file of this name."""
    if path.suffix.lower() not in FORMATS:
        raise ConfigError(
            "Expected a file .png or .html after --out. Received: {path}.", field="out"
        ).format(path=path.name)


def make_sections(inspection: Inspection, filters: LayerMaps | None) -> list[Section]:
    """Return the parts of the sheet, in order."""
    sections = [Section("What the model was given", _grey(inspection.image))]
    if inspection.occlusion is not None:
        title = f"Covered: by how much {inspection.target} becomes less probable (orange)"
        sections.append(Section(title, _heat(inspection.image, inspection.occlusion)))
    if inspection.gradient is not None:
        title = f"More ink here speaks for {inspection.target} (orange) or against it (blue)"
        sections.append(Section(title, _heat(inspection.image, inspection.gradient)))
    if filters is not None:
        n = len(filters.maps)
        sections.append(Section(f"{filters.name}: {n} filters or weights", _tiles(filters)))
    sections += [Section(_caption(layer), _tiles(layer)) for layer in inspection.layers]
    return sections


def _write(
    path: Path, inspector: ModelInspector, prediction: str, sections: Sequence[Section]
) -> None:
    check_format(path)
    try:
        with replacing(path) as temporary:
            if path.suffix.lower() == ".html":
                page = _page(inspector, prediction, sections)
                temporary.write_text(page, encoding="utf-8")
            else:
                sheet = _sheet(inspector, prediction, sections)
                sheet.save(temporary, format="PNG", optimize=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError("{path} cannot be written: {reason}.", "Choose another place.").format(
            path=path, reason=reason
        ) from error


def _letters(
    positions: Plane, characters: Sequence[str], colors: Sequence[str]
) -> PillowImage.Image:
    """Return letters at positions; y goes up."""
    side = _WIDTH - 2 * _MARGIN
    low, high = positions.min(axis=0), positions.max(axis=0)
    unit = (positions - (low + high) / 2) / max(float((high - low).max()), 1e-12)
    picture = PillowImage.new("RGB", (side, side), _GROUND)
    draw = ImageDraw.Draw(picture)
    font = _font()
    for (x, y), character, color in zip(unit.tolist(), characters, colors, strict=True):
        position = (side / 2 + x * (side - 2 * _LINE), side / 2 - y * (side - 2 * _LINE))
        draw.text(position, character, fill=color, font=font, anchor="mm")
    return picture


def _caption(layer: LayerMaps) -> str:
    n, height, width = layer.maps.shape
    low, high = float(layer.maps.min()), float(layer.maps.max())
    what = f"{width} units" if layer.is_flat else f"{n} maps of {height} by {width}"
    more = f", the first {_MOST_MAPS} shown" if n > _MOST_MAPS else ""
    return f"{layer.name}: {what}, {low:.3g} to {high:.3g}{more}"


def _tiles(layer: LayerMaps) -> PillowImage.Image:
    if layer.is_flat:
        return _flat(layer)
    pictures = Pictures.from_maps(layer.name, layer.maps[:_MOST_MAPS], is_flat=False)
    n, height, width = pictures.levels.shape
    scale = max(1, math.ceil(_TILE / max(height, width)))
    room = _WIDTH - 2 * _MARGIN
    columns = max(1, min(n, (room + _GAP) // (scale * width + _GAP)))
    lines = math.ceil(n / columns)
    size = (
        columns * (scale * width + _GAP) - _GAP,
        lines * (scale * height + _GAP) - _GAP,
    )
    sheet = PillowImage.new("RGB", size, _FRAME)
    for number, levels in enumerate(pictures.levels):
        tile = _enlarged(PillowImage.fromarray(levels), scale)
        x = number % columns * (scale * width + _GAP)
        sheet.paste(tile, (x, number // columns * (scale * height + _GAP)))
    return sheet


def _flat(layer: LayerMaps) -> PillowImage.Image:
    levels = Pictures.from_maps(layer.name, layer.maps, is_flat=True).levels.reshape(-1)
    columns = min(len(levels), (_WIDTH - 2 * _MARGIN) // _FLAT_CELL)
    lines = math.ceil(len(levels) / columns)
    cells = np.full((lines * columns, 3), _FRAME, dtype=np.uint8)
    cells[: len(levels)] = levels[:, None]
    return _enlarged(PillowImage.fromarray(cells.reshape(lines, columns, 3)), _FLAT_CELL)


def _enlarged(picture: PillowImage.Image, scale: int) -> PillowImage.Image:
    size = (scale * picture.width, scale * picture.height)
    return picture.resize(size, PillowImage.Resampling.NEAREST)


def _grey(image: npt.NDArray[np.uint8]) -> PillowImage.Image:
    picture = PillowImage.fromarray(255 - image).convert("RGB")
    return _enlarged(picture, max(1, _HEAT_SIDE // max(image.shape)))


def _heat(image: npt.NDArray[np.uint8], values: HeatValues) -> PillowImage.Image:
    """Return the picture in grey under a heat map: orange is positive, blue negative."""
    greatest = float(np.abs(values).max()) or 1.0
    strength = np.abs(values)[..., None] / greatest
    colors = np.where(values[..., None] >= 0, _FOR, _AGAINST)
    paper = 255 - 0.35 * image[..., None].astype(np.float64)
    mixed = (1 - strength) * paper + strength * colors
    picture = PillowImage.fromarray(np.rint(mixed).astype(np.uint8))
    return _enlarged(picture, max(1, _HEAT_SIDE // max(image.shape)))


def _read_as(inspection: Inspection) -> str:
    ranked = ", ".join(f"{character} {share:.1%}" for character, share in inspection.top)
    return f"The image is read as {ranked}" if ranked else "A blank picture"


def _sheet(
    inspector: ModelInspector, prediction: str, sections: Sequence[Section]
) -> PillowImage.Image:
    height = 2 * _MARGIN + 2 * _LINE
    height += sum(_LINE + section.picture.height + _MARGIN for section in sections)
    sheet = PillowImage.new("RGB", (_WIDTH, height), _GROUND)
    draw = ImageDraw.Draw(sheet)
    font = _font()
    y = _MARGIN
    for text in (inspector.info.name, prediction):
        draw.text((_MARGIN, y), text, fill=_INK, font=font)
        y += _LINE
    for section in sections:
        draw.text((_MARGIN, y), section.title, fill=_INK, font=font)
        sheet.paste(section.picture, (_MARGIN, y + _LINE))
        y += _LINE + section.picture.height + _MARGIN
    return sheet


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return matplotlib's font, which has most alphabets; Pillow's own without matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if path.is_file():
            return ImageFont.truetype(path, _FONT_SIZE)
    return ImageFont.load_default(_FONT_SIZE)


def _page(inspector: ModelInspector, prediction: str, sections: Sequence[Section]) -> str:
    return render_page(
        "layers.html",
        title=inspector.info.name,
        prediction=prediction,
        sections=[(section.title, _png(section.picture)) for section in sections],
        layers=inspector.graph,
        total=sum(layer.parameters for layer in inspector.graph),
    )


def _png(picture: PillowImage.Image) -> str:
    stream = io.BytesIO()
    picture.save(stream, format="PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode("ascii")
