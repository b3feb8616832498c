"""The charts of a cross-validation and of a learning curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from emnist_desktop.models.search.chart import BEST, SearchChart, theme_of
from emnist_desktop.models.search.record import round_ticks

_BLUE = ("#2f6fde", "#5b93f5")
_TOP, _BOTTOM, _LEFT, _RIGHT = 14.0, 42.0, 60.0, 16.0
_DOT = 4.5
_ROOM = 0.06
_LEAST_SPAN = 0.01
_MOST_LINES = 6


class AccuracyChart(SearchChart):
    """Accuracies upwards, something else to the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(220, 140)
        self._limits = (0.0, 1.0)

    def set_limits(self, accuracies: Sequence[float]) -> None:
        """Make room for accuracies."""
        low, high = min(accuracies, default=0.0), max(accuracies, default=1.0)
        room = max(_LEAST_SPAN / 2, _ROOM * (high - low))
        self._limits = low - room, high + room

    def field(self) -> QRectF:
        """Return where the lines are."""
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def height_of(self, accuracy: float) -> float:
        """Return the y of an accuracy."""
        (low, high), field = self._limits, self.field()
        return field.bottom() - (accuracy - low) / (high - low) * field.height()

    def paint_lines(self, painter: QPainter, title: str) -> None:
        """Paint the lines across, and what the axis below is."""
        low, high = self._limits
        for mark in round_ticks(100 * low, min(100.0, 100 * high), _MOST_LINES):
            self.across(painter, self.field(), self.height_of(mark / 100), f"{mark:.4g} %")
        top = self.field().bottom() + painter.fontMetrics().height() + 4
        self.below(painter, self.field().center().x(), top, title, self.field().width())

    def theme_color(self, colors: tuple[str, str]) -> QColor:
        """Return a colour of the theme."""
        return QColor(colors[theme_of(self.palette())])


class FoldsChart(AccuracyChart):
    """A dot for each fold, the mean as a line, one standard deviation to each side shaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds: list[tuple[int, float]] = []
        self._count = 0
        self._mean: float | None = None
        self._sd: float | None = None
        self.setAccessibleName(self.tr("Accuracy of each fold, with mean and standard deviation"))

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what is known of a cross-validation."""
        runs = record["runs"]
        done = [run for run in runs if run["state"] == "finished"]
        self._folds = [(int(run["fold"]), float(run["accuracy"])) for run in done]
        self._count = len(runs)
        self._mean, self._sd = record["mean"], record["sd"]
        spread = [self._mean + s * (self._sd or 0.0) for s in (-1, 1)] if self._mean else []
        self.set_limits([*(accuracy for _, accuracy in self._folds), *spread])
        self.setAccessibleDescription(
            ", ".join(f"{fold}: {100 * accuracy:.2f} %" for fold, accuracy in self._folds)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint band, mean and dots."""
        painter = self.begin()
        if not self._folds:
            self.say(painter, self.tr("A dot for each part of the data appears here when the "
                                      "training without it is done."))  # fmt: skip
            painter.end()
            return
        field = self.field()
        if self._mean is not None and self._sd:
            top, bottom = (self.height_of(self._mean + s * self._sd) for s in (1, -1))
            shade = self.theme_color(BEST)
            shade.setAlpha(45)
            painter.fillRect(QRectF(field.left(), top, field.width(), bottom - top), shade)
        self.paint_lines(painter, self.tr("part that was set aside"))
        if self._mean is not None:
            y = self.height_of(self._mean)
            painter.setPen(QPen(self.theme_color(BEST), 2.0, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
        for fold, accuracy in self._folds:
            x = field.left() + (fold - 0.5) / self._count * field.width()
            painter.setPen(QPen(self.color(QPalette.ColorRole.Base), 1.0))
            painter.setBrush(self.theme_color(_BLUE))
            painter.drawEllipse(QPointF(x, self.height_of(accuracy)), _DOT, _DOT)
            self.below(painter, x, field.bottom() + 3, str(fold), field.width() / self._count)
        painter.end()


class EpochsChart(AccuracyChart):
    """Validation accuracy after each epoch, a line for each fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: list[list[tuple[int, float]]] = []
        self.setAccessibleName(self.tr("Validation accuracy of each fold, epoch by epoch"))

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what is known of a cross-validation."""
        self._curves = [
            [(int(epoch), float(accuracy)) for epoch, _, accuracy in run["epochs"]]
            for run in record["runs"]
            if run["epochs"]
        ]
        self.set_limits([accuracy for curve in self._curves for _, accuracy in curve])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the curves."""
        painter = self.begin()
        if not self._curves:
            self.say(painter, self.tr("A line for each part of the data grows here, epoch by "
                                      "epoch."))  # fmt: skip
            painter.end()
            return
        self.paint_lines(painter, self.tr("epochs"))
        field, last = self.field(), max(curve[-1][0] for curve in self._curves)
        for mark in dict.fromkeys(round(tick) for tick in round_ticks(1, last, 8)):
            x = self._epoch_x(mark, last)
            self.below(painter, x, field.bottom() + 3, str(mark), 60)
        color = self.theme_color(_BLUE)
        color.setAlpha(200)
        painter.setPen(QPen(color, 1.6))
        painter.setBrush(color)
        for curve in self._curves:
            points = [
                QPointF(self._epoch_x(epoch, last), self.height_of(accuracy))
                for epoch, accuracy in curve
            ]
            painter.drawPolyline(QPolygonF(points))
            painter.drawEllipse(points[-1], 2.5, 2.5)
        painter.end()

    def _epoch_x(self, epoch: float, last: int) -> float:
        field = self.field().adjusted(8, 0, -8, 0)
        return field.left() + (epoch - 1) / max(1, last - 1) * field.width()


class SizesChart(AccuracyChart):
    """Accuracy against the number of training samples, on a logarithmic scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[tuple[int, float, float]] = []
        self._dots: list[tuple[int, float]] = []
        self.setAccessibleName(self.tr("Accuracy against the number of training samples"))

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what is known of a learning curve."""
        self._points = [
            (int(point["size"]), float(point["mean"]), float(point["sd"] or 0.0))
            for point in record["points"]
            if point["mean"] is not None
        ]
        self._dots = [
            (int(run["size"]), float(run["accuracy"]))
            for run in record["runs"]
            if run["state"] == "finished"
        ]
        bounds = [mean + sign * sd for _, mean, sd in self._points for sign in (-1, 1)]
        self.set_limits([*bounds, *(accuracy for _, accuracy in self._dots)])
        self.setAccessibleDescription(
            ", ".join(f"{size:,}: {100 * mean:.2f} %" for size, mean, _ in self._points)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the means with their spread, and a dot for each training."""
        painter = self.begin()
        if not self._points:
            self.say(painter, self.tr("Accuracy against the number of samples appears here, a "
                                      "point for each size."))  # fmt: skip
            painter.end()
            return
        field = self.field()
        self.paint_lines(painter, self.tr("samples to train on"))
        blue = self.theme_color(_BLUE)
        places = {size: self._size_x(size) for size, _, _ in self._points}
        end = -math.inf
        for size, x in places.items():
            text = f"{size:,}"
            half = painter.fontMetrics().horizontalAdvance(text) / 2 + 4
            if x - half > end:
                self.below(painter, x, field.bottom() + 3, text, 2 * half)
                end = x + half
        painter.setPen(QPen(blue, 2.0))
        line = [QPointF(places[size], self.height_of(mean)) for size, mean, _ in self._points]
        painter.drawPolyline(QPolygonF(line))
        for size, mean, sd in self._points:
            top, bottom = (self.height_of(mean + sign * sd) for sign in (1, -1))
            painter.drawLine(QPointF(places[size], top), QPointF(places[size], bottom))
        painter.setPen(QPen(self.color(QPalette.ColorRole.Base), 1.0))
        painter.setBrush(blue)
        for size, accuracy in self._dots:
            painter.drawEllipse(QPointF(places[size], self.height_of(accuracy)), 3.5, 3.5)
        painter.end()

    def _size_x(self, size: int) -> float:
        field = self.field().adjusted(14, 0, -14, 0)
        low, high = math.log10(self._points[0][0]), math.log10(self._points[-1][0])
        share = (math.log10(size) - low) / (high - low) if high > low else 0.5
        return field.left() + share * field.width()
