"""Axes and what is drawn between them, painted into any field of any widget."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPolygonF

from emnist_desktop.ui.charts.axis import Axis
from emnist_desktop.ui.colors import Pair, themed

Color = Pair | QPalette.ColorRole | QColor
Points = Sequence[tuple[float, float]]

_GAP = 5.0
"""Between an axis and what is written at it, in pixels."""


@dataclass(frozen=True)
class Plot:
    """A field of pixels with an axis below and one on the left.

    Attributes
    ----------
    field : QRectF
    x, y : Axis
    palette : QPalette
        The colours of the theme.
    """

    field: QRectF
    x: Axis
    y: Axis
    palette: QPalette

    def point(self, x: float, y: float) -> QPointF:
        """Return where a pair of values is, in pixels."""
        across = self.field.adjusted(self.x.margin, 0, -self.x.margin, 0)
        return QPointF(
            across.left() + self.x.share(x) * across.width(),
            self.field.bottom() - self.y.share(y) * self.field.height(),
        )

    def color(self, color: Color) -> QColor:
        """Return a colour as this theme has it."""
        if isinstance(color, tuple):
            return themed(color, self.palette)
        return QColor(self.palette.color(color) if isinstance(color, QPalette.ColorRole) else color)

    def paint_axes(self, painter: QPainter) -> None:
        """Paint the lines, the marks and the titles; marks that have no room are left out."""
        field, text = self.field, painter.fontMetrics()
        line = QPen(self.color(QPalette.ColorRole.Mid), 1.0)
        faint = self.color(QPalette.ColorRole.PlaceholderText)
        for value, name in self.y.marks:
            y = self.point(self.x.low, value).y()
            painter.setPen(line)
            painter.drawLine(QLineF(field.left(), y, field.right(), y))
            painter.setPen(faint)
            room = QRectF(field.left() - 80 - _GAP, y - text.height() / 2, 80, text.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, name)
        for x, width, name in self._marks_below(text):
            if self.x.has_lines:
                painter.setPen(line)
                painter.drawLine(QLineF(x, field.top(), x, field.bottom()))
            painter.setPen(faint)
            room = QRectF(x - width / 2, field.bottom() + 3, width, text.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)
        self._paint_titles(painter)

    def _marks_below(self, text: QFontMetrics) -> list[tuple[float, float, str]]:
        """Return middle, width and text of the marks: each, or each second, …, that has room."""
        field, marks = self.field, self.x.marks
        most = field.width() / max(1, len(marks)) if self.x.are_words else field.width()
        placed = []
        for value, name in marks:
            x = self.point(value, self.y.low).x()
            if field.left() - 1 <= x <= field.right() + 1:
                shown = text.elidedText(name, Qt.TextElideMode.ElideMiddle, int(most))
                placed.append((x, text.horizontalAdvance(shown) + 2.0, shown))
        for step in range(1, len(placed)):
            pairs = itertools.pairwise(placed[::step])
            if all(b[0] - a[0] >= (a[1] + b[1]) / 2 for a, b in pairs):
                return placed[::step]
        return placed[:1]

    def _paint_titles(self, painter: QPainter) -> None:
        field, text = self.field, painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignCenter
        painter.setPen(self.color(QPalette.ColorRole.Text))
        below = QRectF(field.left(), field.bottom() + text.height() + 4, field.width(), 0)
        below.setHeight(text.height())
        painter.drawText(below, middle, self.x.title)
        if self.y.title:
            painter.save()
            painter.translate(2, field.bottom())
            painter.rotate(-90)
            painter.drawText(QRectF(0, 0, field.height(), text.height()), middle, self.y.title)
            painter.restore()


@dataclass(frozen=True)
class Line:
    """A line through points, a number of pixels wide."""

    points: Points
    color: Color
    width: float = 2.0
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    opacity: float = 1.0

    def paint(self, painter: QPainter, plot: Plot) -> None:
        """Paint it."""
        color = plot.color(self.color)
        color.setAlphaF(self.opacity)
        painter.setPen(QPen(color, self.width, self.style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([plot.point(*point) for point in self.points]))


@dataclass(frozen=True)
class Dots:
    """A disc, or a square, at each point; `size` is half its width in pixels."""

    points: Points
    color: Color
    size: float = 4.5
    are_squares: bool = False
    rim: Color | None = QPalette.ColorRole.Base

    def paint(self, painter: QPainter, plot: Plot) -> None:
        """Paint them."""
        painter.setPen(Qt.PenStyle.NoPen if self.rim is None else QPen(plot.color(self.rim), 1.0))
        painter.setBrush(plot.color(self.color))
        reach = QPointF(self.size, self.size)
        for point in self.points:
            place = plot.point(*point)
            square = QRectF(place - reach, place + reach)
            if self.are_squares:
                painter.drawRect(square)
            else:
                painter.drawEllipse(square)


@dataclass(frozen=True)
class Bars:
    """Bars from the ground up: each has a left end, a right end and a height."""

    bars: Sequence[tuple[float, float, float]]
    color: Color
    opacity: float = 0.75

    def paint(self, painter: QPainter, plot: Plot) -> None:
        """Paint them, a gap between any two."""
        color = plot.color(self.color)
        color.setAlphaF(self.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for left, right, height in self.bars:
            area = QRectF(plot.point(left, height), plot.point(right, plot.y.low))
            painter.drawRect(area.adjusted(1, 0, -1, 0))


@dataclass(frozen=True)
class Band:
    """What lies between two heights, shaded."""

    low: float
    high: float
    color: Color
    opacity: float = 0.18

    def paint(self, painter: QPainter, plot: Plot) -> None:
        """Paint it."""
        color = plot.color(self.color)
        color.setAlphaF(self.opacity)
        top, bottom = (plot.point(plot.x.low, end).y() for end in (self.high, self.low))
        painter.fillRect(QRectF(plot.field.left(), top, plot.field.width(), bottom - top), color)


@dataclass(frozen=True)
class Spans:
    """Upright lines, each with its place, its lower and its upper end."""

    spans: Sequence[tuple[float, float, float]]
    color: Color
    width: float = 1.0

    def paint(self, painter: QPainter, plot: Plot) -> None:
        """Paint them."""
        painter.setPen(QPen(plot.color(self.color), self.width))
        for x, low, high in self.spans:
            painter.drawLine(QLineF(plot.point(x, low), plot.point(x, high)))


Series = Line | Dots | Bars | Band | Spans
