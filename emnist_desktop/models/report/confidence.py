"""Two charts: whether confidence is justified, and what setting answers aside is good for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QLineF, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.charts.axis import Axis
from emnist_desktop.ui.charts.chart import Chart
from emnist_desktop.ui.charts.plot import Bars, Line, Plot
from emnist_desktop.ui.format import fill_in, local, percent
from emnist_desktop.ui.item_view import PointerView
from trainer.evaluation.report.axes import Limits, round_limits, ticks

_WHOLE: Limits = (0.0, 1.0)


class ConfidenceChart(PointerView, Chart):
    """Shares over shares, and an upright line that the mouse or the arrow keys move.

    Signals
    -------
    described : str
        What is at the line; empty when it has gone.
    """

    described = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._records: Sequence[dict[str, Any]] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(240)

    @property
    def count(self) -> int:
        """The number of positions of the line."""
        return len(self._records)

    def value(self, number: int) -> float:
        """Return the value of a record on the horizontal axis."""
        raise NotImplementedError

    def show_records(self, records: Sequence[dict[str, Any]], x: Axis, y: Axis) -> None:
        """Show other records, one for each position of the line."""
        self._records = records
        self.cursor_item = -1
        self.show_series(x, y, self.make_series())

    def make_series(self) -> Sequence[Bars | Line]:
        """Return the records as they are painted."""
        raise NotImplementedError

    def item_at(self, position: QPointF) -> int:
        """Return the record nearest to the mouse."""
        apart = [abs(self.point(self.value(n), 0).x() - position.x()) for n in range(self.count)]
        return apart.index(min(apart)) if apart else -1

    def describe(self) -> None:
        """Emit a description of the record at the line."""
        self.described.emit(self.item_text(self.cursor_item) if self.cursor_item >= 0 else "")

    def steps(self) -> dict[Qt.Key, int]:
        """Walk with the arrows, Home and End."""
        last, now = self.count - 1, self.cursor_item
        targets = {
            Qt.Key.Key_Left: max(now - 1, 0),
            Qt.Key.Key_Right: min(now + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        return {key: target - now for key, target in targets.items()}

    def leaveEvent(self, event: QEvent) -> None:
        """Take the line away, unless the keys hold it."""
        if not self.hasFocus():
            self.hold(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the line away."""
        super().focusOutEvent(event)
        self.hold(-1)

    def paint_series(self, painter: QPainter, plot: Plot) -> None:
        """Paint the line over the series."""
        super().paint_series(painter, plot)
        if self.cursor_item >= 0:
            x = plot.point(self.value(self.cursor_item), plot.y.low).x()
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.5))
            painter.drawLine(QLineF(x, plot.field.top(), x, plot.field.bottom()))


def _share_axis(title: str, limits: Limits = _WHOLE) -> Axis:
    return Axis(title, *limits, tuple(ticks(*limits)))


class ReliabilityChart(ConfidenceChart):
    """Bars: of answers of about this confidence, how many are right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Reliability: accuracy by confidence"))

    def show_bins(self, bins: Sequence[dict[str, Any]]) -> None:
        """Show other bins, as a report has them."""
        self.show_records(
            [found for found in bins if found["samples"]],
            _share_axis(self.tr("confidence of the answer, %")),
            _share_axis(self.tr("right, %")),
        )

    def value(self, number: int) -> float:
        """Return the middle of a bin."""
        return float(self._records[number]["low"] + self._records[number]["high"]) / 2

    def item_text(self, number: int) -> str:
        """Describe a bin."""
        found = self._records[number]
        return fill_in(
            self.tr(
                "{0} answers that were {1:.0f} to {2:.0f} % sure: {3} of them are right, "
                "{4} was expected"
            ),
            local(found["samples"]),
            100 * found["low"],
            100 * found["high"],
            percent(found["accuracy"]),
            percent(found["confidence"]),
        )

    def make_series(self) -> Sequence[Bars | Line]:
        """Return the bars, and the line on which they would end."""
        bars = [(found["low"], found["high"], found["accuracy"]) for found in self._records]
        role, style = QPalette.ColorRole, Qt.PenStyle.DashLine
        return Bars(bars, role.Highlight), Line([(0, 0), (1, 1)], role.Text, 1.5, style)


class CoverageChart(ConfidenceChart):
    """A curve: the accuracy of the rest when the least sure answers are set aside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Accuracy when the least sure are set aside"))

    def show_curve(self, curve: Sequence[dict[str, Any]]) -> None:
        """Show another curve, as a report has it."""
        values = [kept["accuracy"] for kept in curve] or [0.0, 1.0]
        reach = (0.0, curve[-1]["set_aside"]) if len(curve) > 1 else _WHOLE
        self.show_records(
            list(curve),
            _share_axis(self.tr("least sure set aside, %"), reach),
            _share_axis(self.tr("right of the rest, %"), round_limits(min(values), max(values))),
        )

    def value(self, number: int) -> float:
        """Return the share that is set aside."""
        return float(self._records[number]["set_aside"])

    def item_text(self, number: int) -> str:
        """Describe a point of the curve."""
        kept = self._records[number]
        return fill_in(
            self.tr(
                "Without the least sure {0:.0f} %: {1} of the other {2} are right, each at least "
                "{3} sure"
            ),
            100 * kept["set_aside"],
            percent(kept["accuracy"]),
            local(kept["samples"]),
            percent(kept["least_confidence"]),
        )

    def make_series(self) -> Sequence[Bars | Line]:
        """Return the curve."""
        points = [(kept["set_aside"], kept["accuracy"]) for kept in self._records]
        return (Line(points, QPalette.ColorRole.Highlight),)
