"""Images with a line below each, flowing from left to right; click or Enter chooses one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from emnist_desktop.ui.colors import Table, colored, warm_table

_GAP = 8
_PART_GAP = 2
"""Between two images of one tile, in pixels."""

_CAPTION_GAP = 2
_LARGEST_GROWTH = 1.4
"""Tiles grow by so much to fill a line."""


@dataclass(frozen=True, eq=False)
class Tile:
    """One or two images with a line below.

    Attributes
    ----------
    images : tuple of ndarrays of shape (height, width), dtype=uint8
    caption : str
    name : str
        What it is, for the tooltip and for who cannot see it.
    is_marked : bool
        Whether it asks for attention.
    """

    images: tuple[npt.NDArray[np.uint8], ...]
    caption: str
    name: str
    is_marked: bool = False


def grey_image(image: npt.NDArray[np.uint8]) -> QImage:
    """Return an image of shape (height, width), dtype=uint8 as Qt's, which owns its pixels."""
    height, width = image.shape
    shared = QImage(image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return shared.copy()


class TileGrid(QWidget):
    """Tiles in lines, as many beside each other as fit; only those in sight are painted.

    Parameters
    ----------
    side : int
        Least side of an image, in pixels.
    parts : int
        Images in each tile.

    Signals
    -------
    activated : int, int
        The tile that was clicked, and which of its images.
    """

    activated = Signal(int, int)

    def __init__(self, side: int = 46, parts: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_side = side
        self._parts = parts
        self._tiles: tuple[Tile, ...] = ()
        self._pictures: tuple[tuple[QImage, ...], ...] = ()
        self._cursor = 0
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What is shown."""
        return self._tiles

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show other tiles."""
        self._tiles = tuple(tiles)
        self._pictures = tuple(tuple(map(grey_image, tile.images)) for tile in self._tiles)
        self._cursor = min(self._cursor, max(0, len(self._tiles) * self._parts - 1))
        self._hovered = -1
        self._name_cursor()
        self._fit_height()
        self.update()

    def tile_rect(self, number: int, part: int = 0) -> QRect:
        """Return where an image is, in this widget."""
        columns, side = self._measure()
        x = number % columns * (self._tile_width(side) + _GAP) + part * (side + _PART_GAP)
        y = number // columns * (side + self._caption_height() + _GAP)
        return QRect(x + 2, y + 2, side, side)

    def sizeHint(self) -> QSize:
        """Return the size of a few tiles."""
        return QSize(4 * (self._tile_width(self._least_side) + _GAP), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return the size of one tile."""
        return QSize(self._tile_width(self._least_side) + 4, self.minimumHeight())

    def _measure(self) -> tuple[int, int]:
        """Return how many tiles are beside each other, and the side of an image."""
        room = max(1, self.width() - 4)
        columns = max(1, (room + _GAP) // (self._tile_width(self._least_side) + _GAP))
        gaps = (columns - 1) * _GAP + columns * (self._parts - 1) * _PART_GAP
        side = (room - gaps) // (columns * self._parts)
        return columns, max(8, min(side, round(self._least_side * _LARGEST_GROWTH)))

    def _tile_width(self, side: int) -> int:
        return side * self._parts + _PART_GAP * (self._parts - 1)

    def _caption_height(self) -> int:
        return QFontMetrics(self.font()).height() + _CAPTION_GAP

    def _fit_height(self) -> None:
        height = self.tile_rect(len(self._tiles) - 1).bottom() if self._tiles else 0
        self.setMinimumHeight(height + self._caption_height() + 4 if self._tiles else 0)

    def _at(self, place: QPoint) -> int:
        """Return the image at a place, counted over all tiles; -1 without."""
        columns, side = self._measure()
        line = place.y() // (side + self._caption_height() + _GAP)
        column = place.x() // (self._tile_width(side) + _GAP)
        number = line * columns + column
        if column >= columns or not 0 <= number < len(self._tiles):
            return -1
        for part in range(len(self._tiles[number].images)):
            area = self.tile_rect(number, part).adjusted(0, 0, 0, self._caption_height())
            if area.contains(place):
                return number * self._parts + part
        return -1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the tiles need in this width."""
        self._fit_height()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight."""
        painter = QPainter(self)
        columns, side = self._measure()
        step = side + self._caption_height() + _GAP
        first = max(0, event.rect().top() // step) * columns
        last = min(len(self._tiles), (event.rect().bottom() // step + 1) * columns)
        for number in range(first, last):
            self._paint_tile(painter, number)
        painter.end()

    def _paint_tile(self, painter: QPainter, number: int) -> None:
        tile, palette = self._tiles[number], self.palette()
        for part, picture in enumerate(self._pictures[number]):
            area = self.tile_rect(number, part)
            painter.drawImage(area, picture)
            place = number * self._parts + part
            focused = self.hasFocus() and place == self._cursor
            if focused or place == self._hovered:
                color = palette.color(QPalette.ColorRole.Highlight)
                painter.setPen(QPen(color, 3.0 if focused else 2.0))
                painter.drawRect(QRectF(area).adjusted(0, 0, -1, -1))
        first, last = self.tile_rect(number), self.tile_rect(number, self._parts - 1)
        room = QRect(first.left(), first.bottom() + _CAPTION_GAP, last.right() - first.left(), 0)
        room.setHeight(self._caption_height())
        role = QPalette.ColorRole.BrightText if tile.is_marked else QPalette.ColorRole.WindowText
        painter.setPen(palette.color(role))
        text = painter.fontMetrics().elidedText(
            tile.caption, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the image below the mouse."""
        self._hover(self._at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the image below the mouse."""
        place = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._move_cursor(place)
            self.activated.emit(place // self._parts, place % self._parts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrows, choose with Enter or Space."""
        line = self._measure()[0] * self._parts
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -line,
            Qt.Key.Key_Down: line,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move_cursor(self._cursor + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._tiles:
            self.activated.emit(self._cursor // self._parts, self._cursor % self._parts)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what an image is when the mouse rests on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(event.pos())
            name = self._tiles[place // self._parts].name if place >= 0 else ""
            QToolTip.showText(event.globalPos(), name, self)
            return True
        return super().event(event)

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            shape = Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def _move_cursor(self, place: int) -> None:
        if 0 <= place < len(self._tiles) * self._parts:
            self._cursor = place
            self._name_cursor()
            self.update()
            area = self._scroll_area()
            if area is not None:
                middle = self.tile_rect(place // self._parts, place % self._parts).center()
                area.ensureVisible(middle.x(), middle.y(), 0, self._least_side)

    def _name_cursor(self) -> None:
        at = self._cursor // self._parts
        self.setAccessibleDescription(self._tiles[at].name if at < len(self._tiles) else "")

    def _scroll_area(self) -> QScrollArea | None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        return area if isinstance(area, QScrollArea) else None


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a frameless area in which a widget scrolls up and down."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


_GAP = 4
_EDGE = 3
"""Room for the frame of the outermost tiles."""

_LEAST_SIDE = 52
_CELL = 16
_NAMED_CELL = 34
"""Sides of a map and of a unit, in pixels."""


_LIGHT = 110
"""From this lightness on a name is black."""

Tip = Callable[[int], str]


class TileView(QWidget):
    """Maps in lines, as many beside each other as fit; only those in sight are painted.

    Units without places are cells. Where each has a name, it stands in the cell.

    Signals
    -------
    activated : int
        The map that was clicked.
    """

    activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[QImage] = []
        self._units: list[QColor] = []
        self._tip: Tip = str
        self._names: Sequence[str] = ()
        self._side = QSize(_LEAST_SIDE, _LEAST_SIDE)
        self._cursor = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def count(self) -> int:
        """How many maps, or units, are shown."""
        return len(self._pictures) or len(self._units)

    @property
    def are_units(self) -> bool:
        """Whether units are shown, which have no places."""
        return bool(self._units)

    def tip(self, number: int) -> str:
        """Return what is said of one."""
        return self._tip(number)

    def picture(self, number: int) -> QImage:
        """Return one map as it is painted."""
        return self._pictures[number]

    def show_maps(
        self, levels: npt.NDArray[np.uint8], tip: Tip, table: Table | None = None
    ) -> None:
        """Show maps of shape (n, height, width), dtype=uint8; `tip` says what each is."""
        _, height, width = levels.shape
        scale = max(1, -(-_LEAST_SIDE // max(height, width)))
        self._side = QSize(scale * width, scale * height)
        self._names, self._units = (), []
        self._pictures = [colored(each, table or warm_table()) for each in levels]
        self._take(tip)

    def show_units(
        self, levels: npt.NDArray[np.uint8], tip: Tip, names: Sequence[str] = ()
    ) -> None:
        """Show units of shape (n,), dtype=uint8, perhaps with names; `tip` says what each is."""
        side = _NAMED_CELL if names else _CELL
        self._side = QSize(side, side)
        self._names, self._pictures = tuple(names), []
        table = [QColor(color) for color in warm_table()]
        self._units = [table[level] for level in levels.tolist()]
        self._take(tip)

    def clear(self) -> None:
        """Show nothing."""
        self.show_units(np.zeros(0, dtype=np.uint8), str)

    def tile_rect(self, number: int) -> QRect:
        """Return where a map is, in this widget."""
        columns = self._columns()
        gap = self._gap()
        x = _EDGE + number % columns * (self._side.width() + gap)
        y = _EDGE + number // columns * (self._side.height() + gap)
        return QRect(QPoint(x, y), self._side)

    def sizeHint(self) -> QSize:
        """Return the size of some tiles."""
        return QSize(6 * (_LEAST_SIDE + _GAP), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return the size of one tile."""
        return QSize(self._side.width() + 2 * _EDGE, self.minimumHeight())

    def _take(self, tip: Tip) -> None:
        self._tip = tip
        self._cursor = min(self._cursor, max(0, self.count - 1))
        self._fit_height()
        self._say_cursor()
        self.update()

    def _gap(self) -> int:
        return 1 if self.are_units and not self._names else _GAP

    def _columns(self) -> int:
        gap = self._gap()
        return max(1, (self.width() - 2 * _EDGE + gap) // (self._side.width() + gap))

    def _fit_height(self) -> None:
        bottom = self.tile_rect(self.count - 1).bottom() + 1 + _EDGE if self.count else 0
        if bottom != self.minimumHeight():
            self.setMinimumHeight(bottom)

    def _at(self, place: QPoint) -> int:
        """Return the map at a place; -1 without."""
        columns, gap = self._columns(), self._gap()
        column = (place.x() - _EDGE) // (self._side.width() + gap)
        number = (place.y() - _EDGE) // (self._side.height() + gap) * columns + column
        if not 0 <= column < columns or not 0 <= number < self.count:
            return -1
        return number if self.tile_rect(number).contains(place) else -1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the tiles need in this width."""
        self._fit_height()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in sight."""
        if not self.count:
            return
        painter = QPainter(self)
        step, columns = self._side.height() + self._gap(), self._columns()
        first = max(0, (event.rect().top() - _EDGE) // step) * columns
        last = min(self.count, ((event.rect().bottom() - _EDGE) // step + 1) * columns)
        for number in range(first, last):
            area = self.tile_rect(number)
            if self.are_units:
                self._paint_unit(painter, area, number)
            else:
                painter.drawImage(area, self._pictures[number])
        if self.hasFocus():
            pen = QPen(self.palette().color(QPalette.ColorRole.Highlight), 3)
            painter.setPen(pen)
            painter.drawRect(self.tile_rect(self._cursor).adjusted(-1, -1, 0, 0))
        painter.end()

    def _paint_unit(self, painter: QPainter, area: QRect, number: int) -> None:
        color = self._units[number]
        painter.fillRect(area, color)
        if not self._names:
            return
        is_light = color.lightness() > _LIGHT
        painter.setPen(Qt.GlobalColor.black if is_light else Qt.GlobalColor.white)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._names[number])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a map can be clicked."""
        is_over = self._at(event.position().toPoint()) >= 0 and not self.are_units
        shape = Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the map below the mouse."""
        number = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self._move_cursor(number)
            self._activate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrows, enlarge with Enter or Space."""
        columns = self._columns()
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move_cursor(self._cursor + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.count:
            self._activate()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the cursor."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say what a map is when the mouse rests on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._tip(number) if number >= 0 else "", self)
            return True
        return super().event(event)

    def _activate(self) -> None:
        if not self.are_units:
            self.activated.emit(self._cursor)

    def _move_cursor(self, number: int) -> None:
        if 0 <= number < self.count:
            self._cursor = number
            self._say_cursor()
            self.update()
            viewport = self.parentWidget()
            area = viewport.parentWidget() if viewport is not None else None
            if isinstance(area, QScrollArea):
                middle = self.tile_rect(number).center()
                area.ensureVisible(middle.x(), middle.y(), 0, self._side.height())

    def _say_cursor(self) -> None:
        self.setAccessibleDescription(self._tip(self._cursor) if self.count else "")
