"""A few images in a row, each with its character: click one to see it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from emnist_desktop.datasets.jobs import Neighbour
from emnist_desktop.datasets.row_painter import image_of, ink_table

_SIDE = 40
_GAP = 5


class NeighbourStrip(QWidget):
    """Neighbours, the nearest first, in as many lines as they need.

    Signals
    -------
    clicked : int
        Index of the sample that was clicked, or chosen with Enter.
    """

    clicked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._neighbours: tuple[Neighbour, ...] = ()
        self._pictures: list[QImage] = []
        self._current = 0

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """What is shown."""
        return self._neighbours

    def show_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        """Show these."""
        self._neighbours = tuple(neighbours)
        self._pictures = [image_of(neighbour.image, ink_table()) for neighbour in neighbours]
        self._current = 0
        self._take_room()
        self.update()
        self._describe()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the room for all lines."""
        super().resizeEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        # Fixed, since a scroll area gives its inside no more than the least height.
        lines = -(-max(1, len(self._neighbours)) // self._columns(self.width()))
        self.setFixedHeight(lines * self._cell_height())

    def area(self, place: int) -> QRectF:
        """Return where a neighbour is painted."""
        row, column = divmod(place, self._columns(self.width()))
        return QRectF(
            column * (_SIDE + _GAP) + 1, row * self._cell_height() + 1, _SIDE, self._cell_height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the neighbours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, picture in enumerate(self._pictures):
            area = self.area(place)
            painter.drawImage(QRectF(area.left(), area.top(), _SIDE, _SIDE), picture)
            painter.setPen(self.palette().text().color())
            below = area.adjusted(0, _SIDE, 0, -_GAP)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._neighbours[place].name)
            if self.hasFocus() and place == self._current:
                painter.setPen(QPen(self.palette().highlight().color(), 2.0))
                painter.drawRect(QRectF(area.left(), area.top(), _SIDE, _SIDE))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for what is clicked."""
        place = self._place_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.clicked.emit(self._neighbours[place].index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the release that belongs to a press."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, ask with Enter or Space."""
        n = len(self._neighbours)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and n:
            self._current = min(n - 1, max(0, self._current + step))
            self.update()
            self._describe()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and n:
            self.clicked.emit(self._neighbours[self._current].index)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell of the neighbour under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._place_at(event.pos())
            if place >= 0:
                QToolTip.showText(event.globalPos(), self._facts(place), self)
            return True
        return super().event(event)

    def _columns(self, width: int) -> int:
        return max(1, width // (_SIDE + _GAP))

    def _cell_height(self) -> int:
        return _SIDE + self.fontMetrics().height() + _GAP

    def _place_at(self, point: QPoint) -> int:
        for place in range(len(self._neighbours)):
            if self.area(place).contains(point):
                return place
        return -1

    def _facts(self, place: int) -> str:
        neighbour = self._neighbours[place]
        text = self.tr("{0} · number {1:,} · distance {2:,.0f}")
        return text.format(neighbour.name, neighbour.index, neighbour.distance)

    def _describe(self) -> None:
        self.setAccessibleDescription(self._facts(self._current) if self._neighbours else "")
