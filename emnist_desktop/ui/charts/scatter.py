"""Accuracy against what it costs: a point a run, painted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

_MARGIN_LEFT, _MARGIN_RIGHT = 52.0, 14.0
_MARGIN_TOP, _MARGIN_BOTTOM = 24.0, 40.0
_DOT = 5.0
_CHOSEN_DOT = 7.0
_NEAR = 12.0
"""A point is meant when the mouse is so near, in pixels."""

_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Distances of the lines across, in per cent."""

_MOST_LINES = 6
_ROOM = 0.08
"""Beside the outermost points, as a part of the field."""

COLORS = (("#2f6fde", "#5b93f5"), ("#c2570c", "#f0a050"))
"""Of the first and the second chosen run, in the light and in the dark theme."""


@dataclass(frozen=True)
class Dot:
    """A run in the plot.

    Attributes
    ----------
    root : Path
        Its folder.
    title, tip : str
    cost : float
        Above 0.
    accuracy : float
        0 to 1.
    interval : tuple of float or None
    """

    root: Path
    title: str
    tip: str
    cost: float
    accuracy: float
    interval: tuple[float, float] | None = None


class Scatter(QWidget):
    """Points over a logarithmic axis; the mouse names them, a click chooses.

    Signals
    -------
    dot_clicked : object
        Folder of the run that was clicked, or chosen with the arrows and the space bar.
    """

    dot_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dots: list[Dot] = []
        self._chosen: tuple[Path, ...] = ()
        self._cursor = 0
        self._title = ""
        self._amounts: tuple[tuple[float, str], ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 150)
        self.setAccessibleName(self.tr("Accuracy against cost, a point for each run"))

    @property
    def dots(self) -> Sequence[Dot]:
        """What is shown, the cheapest first."""
        return self._dots

    def show_dots(
        self, dots: Sequence[Dot], title: str, amounts: Sequence[tuple[float, str]]
    ) -> None:
        """Show other points; `amounts` are the ticks that the axis below may have."""
        self._dots = sorted(dots, key=lambda dot: (dot.cost, dot.title))
        self._title, self._amounts = title, tuple(amounts)
        self._cursor = min(self._cursor, max(0, len(dots) - 1))
        self._describe()
        self.update()

    def choose(self, roots: Sequence[Path]) -> None:
        """Mark the runs that are compared, the first and the second."""
        self._chosen = tuple(roots)
        self.update()

    def place(self, dot: Dot) -> QPointF:
        """Return where a point is, in this widget."""
        field, (left, right), (low, high) = self._field(), self._costs(), self._accuracies()
        x = (math.log10(dot.cost) - left) / (right - left)
        y = (100 * dot.accuracy - low) / (high - low)
        return QPointF(field.left() + x * field.width(), field.bottom() - y * field.height())

    def sizeHint(self) -> QSize:
        """Return a size at which points can be told apart."""
        return QSize(360, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the chosen points over the others."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, field = self.palette(), self._field()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1.0))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRect(field)
        if self._dots:
            self._paint_axes(painter, field)
            for number, dot in sorted(
                enumerate(self._dots), key=lambda each: each[1].root in self._chosen
            ):
                self._paint_dot(painter, number, dot)
            self._paint_names(painter, field)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a point can be clicked."""
        over = self._near(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the point under the mouse."""
        number = self._near(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._cursor = number
            self._describe()
            self.dot_clicked.emit(self._dots[number].root)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point with the arrows, choose with space or return."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if self._dots and event.key() in steps:
            self._cursor = (self._cursor + steps[Qt.Key(event.key())]) % len(self._dots)
            self._describe()
            self.update()
        elif self._dots and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.dot_clicked.emit(self._dots[self._cursor].root)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the point at which the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Name the point under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._near(QPointF(event.pos()))
            if number is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._dots[number].tip, self)
            return True
        return super().event(event)

    def _near(self, position: QPointF) -> int | None:
        distances = [
            (QPointF(self.place(dot) - position).manhattanLength(), number)
            for number, dot in enumerate(self._dots)
        ]
        distance, number = min(distances, default=(math.inf, 0))
        return number if distance <= _NEAR else None

    def _field(self) -> QRectF:
        return QRectF(self.rect()).adjusted(
            _MARGIN_LEFT, _MARGIN_TOP, -_MARGIN_RIGHT, -_MARGIN_BOTTOM
        )

    def _costs(self) -> tuple[float, float]:
        """Return the ends of the axis below, as logarithms."""
        values = [math.log10(dot.cost) for dot in self._dots]
        return _widened(min(values), max(values), 0.3)

    def _accuracies(self) -> tuple[float, float]:
        """Return the ends of the axis on the left, in per cent."""
        bounds = [dot.interval or (dot.accuracy, dot.accuracy) for dot in self._dots]
        low, high = _widened(
            100 * min(bound[0] for bound in bounds), 100 * max(bound[1] for bound in bounds), 0.5
        )
        return low, high

    def _paint_axes(self, painter: QPainter, field: QRectF) -> None:
        palette, text = self.palette(), painter.fontMetrics()
        line, faint = (
            palette.color(role) for role in (QPalette.ColorRole.Mid, QPalette.ColorRole.Text)
        )
        low, high = self._accuracies()
        step = next((s for s in _STEPS if (high - low) / s <= _MOST_LINES), _STEPS[-1])
        for number in range(math.ceil(low / step), math.floor(high / step) + 1):
            y = field.bottom() - (number * step - low) / (high - low) * field.height()
            painter.setPen(QPen(line, 1.0))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(faint)
            label = QRectF(0, y - text.height() / 2, field.left() - 5, text.height())
            painter.drawText(label, Qt.AlignmentFlag.AlignRight, f"{number * step:g} %")
        left, right = self._costs()
        end = -math.inf
        for value, name in self._amounts:
            x = field.left() + (math.log10(value) - left) / (right - left) * field.width()
            half = text.horizontalAdvance(name) / 2
            if field.left() <= x <= field.right() and x - half > end:
                painter.setPen(QPen(line, 1.0))
                painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
                painter.setPen(faint)
                painter.drawText(QPointF(x - half, field.bottom() + 3 + text.ascent()), name)
                end = x + half + text.averageCharWidth()
        below = QRectF(field.left(), field.bottom() + text.height() + 3, field.width(), 20)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self._title)

    def _paint_dot(self, painter: QPainter, number: int, dot: Dot) -> None:
        place, color = self.place(dot), self._color(dot)
        is_chosen = dot.root in self._chosen
        if dot.interval is not None:
            low, high = (self.place(Dot(dot.root, "", "", dot.cost, b)) for b in dot.interval)
            painter.setPen(QPen(color, 1.0))
            painter.drawLine(low, high)
        size = _CHOSEN_DOT if is_chosen else _DOT
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), 1.0))
        painter.setBrush(color)
        if is_chosen and self._chosen.index(dot.root) == 1:
            painter.drawRect(QRectF(place.x() - size, place.y() - size, 2 * size, 2 * size))
        else:
            painter.drawEllipse(place, size, size)
        if self.hasFocus() and number == self._cursor:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, size + 4, size + 4)

    def _paint_names(self, painter: QPainter, field: QRectF) -> None:
        """Name the chosen: the first above its point, the second below, so that both are read."""
        text = painter.fontMetrics()
        for dot in self._dots:
            if dot.root not in self._chosen:
                continue
            name = text.elidedText(dot.title, Qt.TextElideMode.ElideMiddle, int(field.width()) - 8)
            place, width = self.place(dot), text.horizontalAdvance(name)
            x = min(max(field.left() + 4, place.x() - width / 2), field.right() - width - 4)
            above = place.y() - _CHOSEN_DOT - 4
            below = place.y() + _CHOSEN_DOT + 2 + text.ascent()
            is_first = self._chosen.index(dot.root) == 0
            y = above if is_first and above > text.ascent() else below
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            painter.drawText(QPointF(x, y), name)

    def _color(self, dot: Dot) -> QColor:
        theme = int(self.palette().color(QPalette.ColorRole.Base).lightness() < 128)
        if dot.root in self._chosen[:2]:
            return QColor(COLORS[self._chosen.index(dot.root)][theme])
        return self.palette().color(QPalette.ColorRole.PlaceholderText)

    def _describe(self) -> None:
        tip = self._dots[self._cursor].tip if self._dots else ""
        self.setAccessibleDescription(tip)


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    """Return the ends of an axis with room beside the outermost points."""
    room = max(least / 2, _ROOM * (high - low))
    return low - room, high + room
