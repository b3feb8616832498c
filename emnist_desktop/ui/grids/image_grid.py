"""Images in lines: with a caption each, or maps of values in the colours of a scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.images import Table, colored, grey_image, warm_table
from emnist_desktop.ui.item_view import GridView

_PART_GAP = 2
"""Between two images of one tile, in pixels."""

_CAPTION_GAP = 2
_LARGEST_GROWTH = 1.4
"""Tiles grow by so much to fill a line."""

_LEAST_SIDE = 52
_CELL = 16
_NAMED_CELL = 34
"""Sides of a map and of a unit, in pixels."""

_MAP_GAP = 4
_LIGHT = 110
"""From this lightness on a name is black."""


@dataclass(frozen=True, eq=False)
class Tile:
    """One or two images with a line below.

    Attributes
    ----------
    images : tuple of ndarrays of shape (height, width), dtype=uint8
    caption : str
    name : str
        Tool tip and accessible description.
    is_marked : bool
        Whether the caption is highlighted.
    """

    images: tuple[npt.NDArray[np.uint8], ...]
    caption: str
    name: str
    is_marked: bool = False


class TileGrid(GridView):
    """Images with a line below each, flowing from left to right; its items are the images.

    Parameters
    ----------
    side : int
        Least side of an image, in pixels.
    parts : int
        Images in each tile.
    growth : float
        By how much images may grow to fill a line.
    """

    edge = 2

    def __init__(self, side: int = 46, parts: int = 1, growth: float = _LARGEST_GROWTH) -> None:
        super().__init__()
        self._least_side, self._most_side = side, round(side * growth)
        self._parts = parts
        self.tiles: tuple[Tile, ...] = ()
        self._pictures: tuple[tuple[QImage, ...], ...] = ()

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other tiles."""
        self.tiles = tuple(tiles)
        self._pictures = tuple(tuple(map(grey_image, tile.images)) for tile in self.tiles)
        self.items_changed()

    @property
    def n_cells(self) -> int:
        """How many tiles there are."""
        return len(self.tiles)

    @property
    def count(self) -> int:
        """How many images there are."""
        return len(self.tiles) * self._parts

    def item_at(self, place: QPointF) -> int:
        """Return the image at a place; the line below belongs to it."""
        tile = self.cell_at(place)
        for part in range(len(self.tiles[tile].images) if tile >= 0 else 0):
            area = self.tile_rect(tile, part).adjusted(0, 0, 0, self._caption_height())
            if area.contains(place.toPoint()):
                return tile * self._parts + part
        return -1

    def item_rect(self, number: int) -> QRect:
        """Return where an image is."""
        return self.tile_rect(*divmod(number, self._parts))

    def item_text(self, number: int) -> str:
        """Return what the tile of an image is."""
        return self.tiles[number // self._parts].name

    def columns(self) -> int:
        """Return how many tiles of the least size are beside each other."""
        room = self.width() - 2 * self.edge + self.gap
        return max(1, room // (self._tile_width(self._least_side) + self.gap))

    def cell_size(self) -> QSize:
        """Return the size of a tile with its caption."""
        side = self._side()
        return QSize(self._tile_width(side), side + self._caption_height())

    def tile_rect(self, number: int, part: int = 0) -> QRect:
        """Return where an image of a tile is, in this widget."""
        side = self._side()
        left_top = self.cell_rect(number).topLeft()
        return QRect(left_top.x() + part * (side + _PART_GAP), left_top.y(), side, side)

    @override
    def sizeHint(self) -> QSize:
        return QSize(4 * (self._tile_width(self._least_side) + self.gap), self.minimumHeight())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._tile_width(self._least_side) + 2 * self.edge, self.minimumHeight())

    def _side(self) -> int:
        columns = self.columns()
        gaps = (columns - 1) * self.gap + columns * (self._parts - 1) * _PART_GAP
        side = (self.width() - 2 * self.edge - gaps) // (columns * self._parts)
        return max(8, min(side, self._most_side))

    def _tile_width(self, side: int) -> int:
        return side * self._parts + _PART_GAP * (self._parts - 1)

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + _CAPTION_GAP

    def steps(self) -> dict[Qt.Key, int]:
        """Go to the next image, or by a line of tiles."""
        line = self.columns() * self._parts
        return {**super().steps(), Qt.Key.Key_Up: -line, Qt.Key.Key_Down: line}

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a tile: its images, a frame around the current one, the line below."""
        tile, palette = self.tiles[number], self.palette()
        for part, picture in enumerate(self._pictures[number]):
            square = self.tile_rect(number, part)
            size = picture.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
            fitted = QRect(QPoint(), size)
            fitted.moveCenter(square.center())
            painter.fillRect(square, Qt.GlobalColor.black)
            painter.drawImage(fitted, picture)
            item = number * self._parts + part
            if self.has_cursor(item) or item == self.hovered:
                color = palette.color(QPalette.ColorRole.Highlight)
                painter.setPen(QPen(color, 3.0 if self.has_cursor(item) else 2.0))
                painter.drawRect(QRectF(square).adjusted(0, 0, -1, -1))
        room = QRect(area)
        room.setTop(self.tile_rect(number).bottom() + _CAPTION_GAP)
        role = QPalette.ColorRole.BrightText if tile.is_marked else QPalette.ColorRole.WindowText
        painter.setPen(palette.color(role))
        text = painter.fontMetrics().elidedText(
            tile.caption, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


Tip = Callable[[int], str]


class MapGrid(GridView):
    """Maps of values in lines, or units without spatial extent: a cell each, perhaps named."""

    gap = _MAP_GAP
    edge = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[QImage] = []
        self._units: list[QColor] = []
        self._tip: Tip = str
        self._names: Sequence[str] = ()
        self._side = QSize(_LEAST_SIDE, _LEAST_SIDE)

    @property
    def count(self) -> int:
        """How many maps, or units, are shown."""
        return len(self._pictures) or len(self._units)

    @property
    def are_units(self) -> bool:
        """Whether units are shown, which have no spatial extent."""
        return bool(self._units)

    def item_text(self, number: int) -> str:
        """Return the tip of a map or unit."""
        return self._tip(number)

    def is_active(self, number: int) -> bool:
        """Return whether it is a map: units cannot be enlarged."""
        return super().is_active(number) and not self.are_units

    def picture(self, number: int) -> QImage:
        """Return one map as it is painted."""
        return self._pictures[number]

    def show_maps(
        self, levels: npt.NDArray[np.uint8], tip: Tip, table: Table | None = None
    ) -> None:
        """Show maps of shape (n, height, width), dtype=uint8; `tip` describes each."""
        _, height, width = levels.shape
        scale = max(1, -(-_LEAST_SIDE // max(height, width)))
        self._side = QSize(scale * width, scale * height)
        self._names, self._units, self.gap = (), [], _MAP_GAP
        self._pictures = [colored(each, table or warm_table()) for each in levels]
        self._tip = tip
        self.items_changed()

    def show_units(
        self, levels: npt.NDArray[np.uint8], tip: Tip, names: Sequence[str] = ()
    ) -> None:
        """Show units of shape (n,), dtype=uint8, perhaps named; `tip` describes each."""
        side = _NAMED_CELL if names else _CELL
        self._side, self.gap = QSize(side, side), _MAP_GAP if names else 1
        self._names, self._pictures = tuple(names), []
        table = [QColor(color) for color in warm_table()]
        self._units = [table[level] for level in levels.tolist()]
        self._tip = tip
        self.items_changed()

    def clear(self) -> None:
        """Show nothing."""
        self.show_units(np.zeros(0, dtype=np.uint8), str)

    def cell_size(self) -> QSize:
        """Return the size of a map, or of a unit."""
        return self._side

    @override
    def sizeHint(self) -> QSize:
        return QSize(6 * (_LEAST_SIDE + self.gap), self.minimumHeight())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._side.width() + 2 * self.edge, self.minimumHeight())

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a map, or a unit with its name."""
        if not self.are_units:
            painter.drawImage(area, self._pictures[number])
            return
        color = self._units[number]
        painter.fillRect(area, color)
        if self._names:
            is_light = color.lightness() > _LIGHT
            painter.setPen(Qt.GlobalColor.black if is_light else Qt.GlobalColor.white)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._names[number])

    def paint_cursor(self, painter: QPainter, area: QRect) -> None:
        """Frame the one at which the keyboard is."""
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
