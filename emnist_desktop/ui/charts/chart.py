"""Two small charts, painted: whether confidence is justified, and what to set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.format import percent
from trainer.evaluation.report.axes import Limits, round_limits, ticks

_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 14, 12, 40
_TICK_GAP = 5
_BAR_OPACITY = 0.75


class Chart(QWidget):
    """Axes in per cent, and a cursor that the mouse or the arrow keys move.

    Signals
    -------
    described : str
        What is at the cursor; empty when it has gone.
    """

    described = Signal(str)

    def __init__(self, x_title: str, y_title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = (x_title, y_title)
        self._x: Limits = (0.0, 1.0)
        self._y: Limits = (0.0, 1.0)
        self._cursor = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(QSize(220, 240))

    @property
    def places(self) -> list[float]:
        """Where the cursor can stand, on the horizontal axis; ascending."""
        raise NotImplementedError

    def describe(self, number: int) -> str:
        """Say what is at a place."""
        raise NotImplementedError

    def paint_content(self, painter: QPainter) -> None:
        """Paint what the axes are for."""
        raise NotImplementedError

    def point(self, x: float, y: float) -> QPointF:
        """Return where a pair of values is, in pixels."""
        area = self._area()
        return QPointF(
            area.left() + (x - self._x[0]) / (self._x[1] - self._x[0]) * area.width(),
            area.bottom() - (y - self._y[0]) / (self._y[1] - self._y[0]) * area.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axes, the content and the cursor."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        if self.places:
            self.paint_content(painter)
            self._paint_cursor(painter)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the cursor to the nearest place."""
        places = self.places
        if places:
            at = event.position().x()
            distances = [abs(self.point(place, 0).x() - at) for place in places]
            self._move(distances.index(min(distances)))

    def leaveEvent(self, event: QEvent) -> None:
        """Take the cursor away, unless the keys hold it."""
        if not self.hasFocus():
            self._move(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the cursor away."""
        super().focusOutEvent(event)
        self._move(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, Home and End."""
        last = len(self.places) - 1
        targets = {
            Qt.Key.Key_Left: max(self._cursor - 1, 0),
            Qt.Key.Key_Right: min(self._cursor + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last >= 0 and event.key() in targets:
            self._move(targets[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def forget_cursor(self) -> None:
        """Take the cursor away: there are other values."""
        self._cursor = -1
        self.described.emit("")
        self.update()

    def _move(self, number: int) -> None:
        if number != self._cursor:
            self._cursor = number
            self.described.emit(self.describe(number) if number >= 0 else "")
            self.update()

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _paint_axes(self, painter: QPainter) -> None:
        palette, area = self.palette(), self._area()
        grid = QPen(palette.color(QPalette.ColorRole.Mid), 1)
        text = palette.color(QPalette.ColorRole.PlaceholderText)
        height = self.fontMetrics().height()
        for value, name in ticks(*self._x):
            at = self.point(value, self._y[0]).x()
            painter.setPen(grid)
            painter.drawLine(QLineF(at, area.top(), at, area.bottom()))
            painter.setPen(text)
            below = QRectF(at - 30, area.bottom() + 3, 60, height)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, name)
        for value, name in ticks(*self._y):
            at = self.point(self._x[0], value).y()
            painter.setPen(grid)
            painter.drawLine(QLineF(area.left(), at, area.right(), at))
            painter.setPen(text)
            left = QRectF(height, at - height / 2, _LEFT - height - _TICK_GAP, height)
            painter.drawText(left, Qt.AlignmentFlag.AlignRight, name)
        self._paint_titles(painter, area, height)

    def _paint_titles(self, painter: QPainter, area: QRectF, height: int) -> None:
        x_title, y_title = self._titles
        foot = QRectF(area.left(), self.height() - height - 1, area.width(), height)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, x_title)
        painter.save()
        painter.translate(0, area.bottom())
        painter.rotate(-90)
        side = QRectF(0, 0, area.height(), height)
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, y_title)
        painter.restore()

    def _paint_cursor(self, painter: QPainter) -> None:
        if 0 <= self._cursor < len(self.places):
            area = self._area()
            at = self.point(self.places[self._cursor], self._y[0]).x()
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.5))
            painter.drawLine(QLineF(at, area.top(), at, area.bottom()))


class ReliabilityChart(Chart):
    """Bars: of answers of about this confidence, how many are right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._titles = (self.tr("confidence of the answer, %"), self.tr("right, %"))
        self._bins: list[dict[str, Any]] = []
        self.setAccessibleName(self.tr("Reliability: accuracy by confidence"))

    def show_bins(self, bins: Sequence[dict[str, Any]]) -> None:
        """Show other bins, as a report has them."""
        self._bins = [found for found in bins if found["samples"]]
        self.forget_cursor()

    @property
    def places(self) -> list[float]:
        """Return the middles of the bins that have samples."""
        return [(found["low"] + found["high"]) / 2 for found in self._bins]

    def describe(self, number: int) -> str:
        """Say a bin in words."""
        found = self._bins[number]
        return self.tr(
            "{0} answers that were {1:.0f} to {2:.0f} % sure: {3} of them are right, "
            "{4} was expected"
        ).format(
            f"{found['samples']:,}",
            100 * found["low"],
            100 * found["high"],
            percent(found["accuracy"]),
            percent(found["confidence"]),
        )

    def paint_content(self, painter: QPainter) -> None:
        """Paint the bars, and the line on which they would end."""
        color = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        color.setAlphaF(_BAR_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for found in self._bins:
            top, bottom = self.point(found["low"], found["accuracy"]), self.point(found["high"], 0)
            painter.drawRect(QRectF(top, bottom).adjusted(1, 0, -1, 0))
        painter.setPen(
            QPen(self.palette().color(QPalette.ColorRole.Text), 1.5, Qt.PenStyle.DashLine)
        )
        painter.drawLine(QLineF(self.point(0, 0), self.point(1, 1)))


class CoverageChart(Chart):
    """A curve: the accuracy of the rest when the least sure answers are set aside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._titles = (self.tr("least sure set aside, %"), self.tr("right of the rest, %"))
        self._curve: list[dict[str, Any]] = []
        self.setAccessibleName(self.tr("Accuracy when the least sure are set aside"))

    def show_curve(self, curve: Sequence[dict[str, Any]]) -> None:
        """Show another curve, as a report has it."""
        self._curve = list(curve)
        values = [kept["accuracy"] for kept in curve] or [0.0, 1.0]
        self._x = (0.0, curve[-1]["set_aside"]) if len(curve) > 1 else (0.0, 1.0)
        self._y = round_limits(min(values), max(values))
        self.forget_cursor()

    @property
    def places(self) -> list[float]:
        """Return the shares that are set aside."""
        return [kept["set_aside"] for kept in self._curve]

    def describe(self, number: int) -> str:
        """Say a point of the curve in words."""
        kept = self._curve[number]
        return self.tr(
            "Without the least sure {0:.0f} %: {1} of the other {2} are right, each at least {3} "
            "sure"
        ).format(
            100 * kept["set_aside"],
            percent(kept["accuracy"]),
            f"{kept['samples']:,}",
            percent(kept["least_confidence"]),
        )

    def paint_content(self, painter: QPainter) -> None:
        """Paint the curve."""
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        points = [self.point(kept["set_aside"], kept["accuracy"]) for kept in self._curve]
        painter.drawPolyline(QPolygonF(points))
