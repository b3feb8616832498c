"""A chart: axes, series, and items that mouse and keys reach; callers give data and words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.charts.axis import Axis
from emnist_desktop.ui.charts.plot import Plot, Series
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.item_view import ItemView

_MARGINS = (60.0, 14.0, -16.0, -42.0)


class Chart(ItemView):
    """Series over two axes; a subclass may have items, which take the keyboard's focus.

    Attributes
    ----------
    empty_text : str
        Stands where there are neither series nor items.
    """

    near = 8.0
    """An item is meant when the mouse is so near, in pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.x_axis, self.y_axis = Axis(), Axis()
        self.series: Sequence[Series] = ()
        self.empty_text = ""
        self.setMinimumSize(220, 140)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_series(self, x: Axis, y: Axis, series: Sequence[Series]) -> None:
        """Show other series, the later over the earlier; none for an empty chart."""
        self.x_axis, self.y_axis, self.series = x, y, series
        self.items_changed()

    @property
    def count(self) -> int:
        """How many items can be reached: none, but a subclass may have some."""
        return 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to paint."""
        return not self.series and not self.count

    def shape(self, number: int) -> Sequence[QPointF]:
        """Return where an item is, in pixels: a point, or a line."""
        raise NotImplementedError

    def item_at(self, place: QPointF) -> int:
        """Return the item that is nearest to a place, if it is near."""
        found, least = -1, self.near
        for number in range(self.count):
            distance = _distance(place, self.shape(number))
            if distance <= least:
                found, least = number, distance
        return found

    def item_rect(self, number: int) -> QRect:
        """Return the whole chart, which comes into sight at once."""
        return self.rect()

    def field(self) -> QRectF:
        """Return where the series are, between the axes."""
        return QRectF(self.rect()).adjusted(*_MARGINS)

    @property
    def plot(self) -> Plot:
        """The axes, as large as the chart now is."""
        return Plot(self.field(), self.x_axis, self.y_axis, self.palette())

    def point(self, x: float, y: float) -> QPointF:
        """Return where a pair of values is, in pixels."""
        return self.plot.point(x, y)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Paint ground, axes, series, items, and the ring of the focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if not self.is_empty:
            self.paint_series(painter, self.plot)
        else:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, self.empty_text)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def paint_series(self, painter: QPainter, plot: Plot) -> None:
        """Paint axes and series."""
        plot.paint_axes(painter)
        for series in self.series:
            series.paint(painter, plot)


def _distance(point: QPointF, line: Sequence[QPointF]) -> float:
    """Return how far a point is from a line of pieces, or from a single point."""
    if len(line) == 1:
        return math.hypot(point.x() - line[0].x(), point.y() - line[0].y())
    return min(_to_piece(point, a, b) for a, b in itertools.pairwise(line))


def _to_piece(point: QPointF, start: QPointF, end: QPointF) -> float:
    along = end - start
    length = QPointF.dotProduct(along, along)
    share = QPointF.dotProduct(point - start, along) / length if length else 0.0
    nearest = start + along * min(max(share, 0.0), 1.0)
    return math.hypot(point.x() - nearest.x(), point.y() - nearest.y())
