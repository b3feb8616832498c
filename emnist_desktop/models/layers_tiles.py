"""Many small maps beside one another; a click or Enter enlarges one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
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

from emnist_desktop.models.layers_colors import Table, colored, warm_table

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


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a frameless area in which a widget scrolls up and down."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
