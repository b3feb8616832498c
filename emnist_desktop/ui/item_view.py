"""Painted items that mouse and keys reach: the base of every grid and every chart."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from emnist_desktop.ui.compat import override

_BESIDE = 12
"""Pixels above and below an item that come into sight with it."""

_CHOICE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class TipView(QWidget):
    """A widget whose tool tip depends on what is below the mouse."""

    def tip_at(self, place: QPointF) -> str:
        """Return the tool tip at a place; empty hides it."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Say what is below the mouse when it rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)


class ItemView(TipView):
    """Items counted from 0: one has the cursor, one may be below the mouse.

    A subclass defines their number, places and descriptions; here the cursor follows clicks and
    arrow keys, stays in sight, and sets the accessible description.

    Signals
    -------
    activated : int
        The item that was clicked, or chosen with Enter or Space.
    cursor_moved : int
        The item that a click or an arrow key has reached.
    """

    activated = Signal(int)
    cursor_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cursor_item = 0
        self.hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def count(self) -> int:
        """How many items there are."""
        raise NotImplementedError

    def item_at(self, place: QPointF) -> int:
        """Return the item at a place of the widget; -1 without."""
        raise NotImplementedError

    def item_rect(self, number: int) -> QRect:
        """Return what comes into sight with an item."""
        raise NotImplementedError

    def item_text(self, number: int) -> str:
        """Return the description of an item."""
        raise NotImplementedError

    def steps(self) -> Mapping[Qt.Key, int]:
        """Return how many items further each arrow key goes."""
        return {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}

    def is_active(self, number: int) -> bool:
        """Return whether an item can be clicked."""
        return 0 <= number < self.count

    def tip_at(self, place: QPointF) -> str:
        """Return the words of the item at a place."""
        number = self.item_at(place)
        return self.item_text(number) if number >= 0 else ""

    def items_changed(self) -> None:
        """Update after the items have changed: the cursor stays where there still is one."""
        self.cursor_item = min(self.cursor_item, max(0, self.count - 1))
        self.hovered = -1
        self.describe()
        self.update()

    def describe(self) -> None:
        """Set the accessible description to that of the item at the cursor."""
        is_one = 0 <= self.cursor_item < self.count
        self.setAccessibleDescription(self.item_text(self.cursor_item) if is_one else "")

    def move_cursor(self, number: int) -> None:
        """Move the cursor to an item, if it exists."""
        if 0 <= number < self.count:
            self.cursor_item = number
            self.describe()
            self.update()
            self._bring_into_sight(self.item_rect(number))
            self.cursor_moved.emit(number)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.item_at(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the item below the mouse."""
        number = self.item_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self.move_cursor(number)
            self._activate(number)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrows, choose with Enter or Space."""
        key, steps = Qt.Key(event.key()), self.steps() if self.count else {}
        if key in steps:
            self.move_cursor(self.cursor_item + steps[key])
        elif self.count and key in _CHOICE_KEYS:
            self._activate(self.cursor_item)
        else:
            super().keyPressEvent(event)

    def has_cursor(self, number: int) -> bool:
        """Return whether an item has the cursor and the keyboard focus."""
        return self.hasFocus() and number == self.cursor_item

    def _activate(self, number: int) -> None:
        if self.is_active(number):
            self.activated.emit(number)

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            is_over = self.is_active(number)
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def _bring_into_sight(self, rect: QRect) -> None:
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if isinstance(area, QScrollArea):
            middle = rect.center()
            area.ensureVisible(middle.x(), middle.y(), 0, rect.height() // 2 + _BESIDE)


class PointerView(ItemView):
    """Items of which the one below the mouse has the cursor: −1 while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cursor_item = -1

    def lines(self) -> tuple[int, int]:
        """Return in how many rows and columns the items stand."""
        return 1, self.count

    def is_active(self, number: int) -> bool:
        """Return False: items are looked at, not clicked."""
        return False

    def tip_at(self, place: QPointF) -> str:
        """Return the static tool tip: the item at the cursor is described elsewhere."""
        return self.toolTip()

    def steps(self) -> Mapping[Qt.Key, int]:
        """Go to the next place; at the edges the cursor stays."""
        rows, columns = self.lines()
        row, column = divmod(max(0, self.cursor_item), columns)
        targets = {
            Qt.Key.Key_Left: (row, max(0, column - 1)),
            Qt.Key.Key_Right: (row, min(columns - 1, column + 1)),
            Qt.Key.Key_Up: (max(0, row - 1), column),
            Qt.Key.Key_Down: (min(rows - 1, row + 1), column),
        }
        return {key: y * columns + x - self.cursor_item for key, (y, x) in targets.items()}

    def hold(self, number: int) -> None:
        """Put the cursor on an item, or take it away with −1."""
        if number != self.cursor_item:
            self.cursor_item = number
            self.describe()
            self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hold(self.item_at(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.hold(-1)


class SquaresView(PointerView):
    """Square cells side by side in a field, in as many rows and columns as `lines` says."""

    def field(self) -> QRectF:
        """Return where all cells are."""
        raise NotImplementedError

    @property
    def count(self) -> int:
        """How many cells there are."""
        rows, columns = self.lines()
        return rows * columns

    def item_at(self, place: QPointF) -> int:
        """Return the cell at a place."""
        area, (rows, columns) = self.field(), self.lines()
        if not self.count or not area.contains(place):
            return -1
        side = area.height() / rows
        row = min(rows - 1, int((place.y() - area.top()) / side))
        return row * columns + min(columns - 1, int((place.x() - area.left()) / side))

    def cell_area(self, number: int) -> QRectF:
        """Return where a cell is."""
        area, (rows, columns) = self.field(), self.lines()
        row, column = divmod(number, columns)
        side = area.height() / rows
        return QRectF(area.left() + column * side, area.top() + row * side, side, side)

    def item_rect(self, number: int) -> QRect:
        """Return where a cell is, in whole pixels."""
        return self.cell_area(number).toRect()


class GridView(ItemView):
    """Cells of one size in lines, as many beside each other as fit; those in sight are painted."""

    gap = 8
    """Between two cells, in pixels."""

    edge = 0
    """Free around all cells, for the frame of the outermost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def cell_size(self) -> QSize:
        """Return the size of every cell in this width."""
        raise NotImplementedError

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a cell."""
        raise NotImplementedError

    def paint_ground(self, painter: QPainter) -> None:
        """Prepare to paint cells, and paint the header."""

    def header_height(self) -> int:
        """Return how much room there is above the cells."""
        return 0

    def columns(self) -> int:
        """Return how many cells are beside each other."""
        room = self.width() - 2 * self.edge + self.gap
        return max(1, room // (self.cell_size().width() + self.gap))

    @property
    def n_cells(self) -> int:
        """How many cells there are."""
        return self.count

    def cell_rect(self, number: int) -> QRect:
        """Return where a cell is, in this widget."""
        size = self.cell_size()
        row, column = divmod(number, self.columns())
        x = self.edge + column * (size.width() + self.gap)
        y = self.header_height() + self.edge + row * (size.height() + self.gap)
        return QRect(QPoint(x, y), size)

    def cell_at(self, place: QPointF) -> int:
        """Return the cell at a place; -1 without."""
        size, columns = self.cell_size(), self.columns()
        column = int((place.x() - self.edge) // (size.width() + self.gap))
        top = self.header_height() + self.edge
        number = int((place.y() - top) // (size.height() + self.gap)) * columns + column
        is_one = 0 <= column < columns and 0 <= number < self.n_cells
        return number if is_one and self.cell_rect(number).contains(place.toPoint()) else -1

    def item_at(self, place: QPointF) -> int:
        """Return the cell at a place."""
        return self.cell_at(place)

    def item_rect(self, number: int) -> QRect:
        """Return where a cell is."""
        return self.cell_rect(number)

    def steps(self) -> Mapping[Qt.Key, int]:
        """Go to the next cell, or by a line."""
        line = self.columns()
        return {**super().steps(), Qt.Key.Key_Up: -line, Qt.Key.Key_Down: line}

    def items_changed(self) -> None:
        """Take the height that the cells need."""
        super().items_changed()
        self.fit_height()

    def fit_height(self) -> None:
        """Ask for the height that the cells need in this width."""
        last = self.cell_rect(self.n_cells - 1).bottom() + 1 + self.edge if self.n_cells else 0
        if last != self.minimumHeight():
            self.setMinimumHeight(last)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_height()
        super().resizeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.n_cells:
            self.paint_ground(painter)
            columns, step = self.columns(), self.cell_size().height() + self.gap
            top = event.rect().top() - self.header_height() - self.edge
            bottom = event.rect().bottom() - self.header_height() - self.edge
            first = max(0, top // step) * columns
            for number in range(first, min(self.n_cells, (bottom // step + 1) * columns)):
                self.paint_cell(painter, number, self.cell_rect(number))
            if self.hasFocus():
                self.paint_cursor(painter, self.item_rect(self.cursor_item))
        painter.end()

    def paint_cursor(self, painter: QPainter, area: QRect) -> None:
        """Mark the item with the keyboard focus, over all cells."""
