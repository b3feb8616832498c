"""What accuracy costs: the runs over the time to train, or over the size of the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QButtonGroup, QLabel, QWidget

from emnist_desktop.ui.charts.axis import Axis, Mark, accuracy_axis
from emnist_desktop.ui.charts.chart import Chart
from emnist_desktop.ui.charts.plot import Color, Dots, Plot, Series, Spans
from emnist_desktop.ui.colors import BLUE, ORANGE
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.format import run_title, share_text, size_text, time_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.comparison.leaderboard import LeaderboardEntry

TIME, SIZE = 0, 1
"""What the axis below shows."""

_SECONDS = (0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0)
_BYTES = (1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10)

_DOT = 5.0
_CHOSEN_DOT = 7.0
_ROOM, _LEAST_ROOM = 0.08, 0.15
"""Beside the outermost points, as a part of the axis and as a logarithm of costs."""

_OTHER = QPalette.ColorRole.PlaceholderText
"""The colour of the runs that are not compared."""


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


class Scatter(Chart):
    """Points over a logarithmic axis; the mouse names them, a click chooses.

    Signals
    -------
    dot_clicked : object
        Folder of the run that was clicked, or chosen with the arrows and the space bar.
    """

    near = 12.0
    dot_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dots: list[Dot] = []
        self._chosen: tuple[Path, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 150)
        self.setAccessibleName(self.tr("Accuracy against cost, a point for each run"))
        self.activated.connect(self._on_activated)

    @property
    def dots(self) -> Sequence[Dot]:
        """What is shown, the cheapest first."""
        return self._dots

    @property
    def count(self) -> int:
        """How many runs are shown."""
        return len(self._dots)

    def show_dots(self, dots: Sequence[Dot], title: str, amounts: Sequence[Mark]) -> None:
        """Show other points; `amounts` are the marks that the axis below may have."""
        self._dots = sorted(dots, key=lambda dot: (dot.cost, dot.title))
        bounds = [bound for dot in dots for bound in dot.interval or (dot.accuracy,)]
        costs = [math.log10(dot.cost) for dot in dots] or [0.0]
        room = max(_LEAST_ROOM, _ROOM * (max(costs) - min(costs)))
        ends = 10.0 ** (min(costs) - room), 10.0 ** (max(costs) + room)
        axis = Axis(title, *ends, tuple(amounts), is_log=True)
        self.show_series(axis, accuracy_axis(bounds), self._make_series())

    def choose(self, roots: Sequence[Path]) -> None:
        """Mark the runs that are compared, the first and the second."""
        self._chosen = tuple(roots)
        self.series = self._make_series()
        self.update()

    def shape(self, number: int) -> Sequence[QPointF]:
        """Return where a run is."""
        dot = self._dots[number]
        return [self.point(dot.cost, dot.accuracy)]

    def item_text(self, number: int) -> str:
        """Name a run."""
        return self._dots[number].tip

    def steps(self) -> dict[Qt.Key, int]:
        """Go from point to point, after the last to the first."""
        n, now = self.count, self.cursor_item
        return {Qt.Key.Key_Left: (now - 1) % n - now, Qt.Key.Key_Right: (now + 1) % n - now}

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def paint_series(self, painter: QPainter, plot: Plot) -> None:
        """Paint the points, the names of the chosen, and where the keyboard is."""
        super().paint_series(painter, plot)
        self._paint_names(painter, plot)
        if self.hasFocus():
            dot = self._dots[self.cursor_item]
            reach = (_CHOSEN_DOT if dot.root in self._chosen else _DOT) + 4
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(plot.point(dot.cost, dot.accuracy), reach, reach)

    def _make_series(self) -> list[Series]:
        """Return the points, those of the chosen over the others, with their intervals."""
        series: list[Series] = []
        for dot in sorted(self._dots, key=lambda dot: dot.root in self._chosen):
            rank = self._chosen.index(dot.root) if dot.root in self._chosen else -1
            color: Color = (BLUE, ORANGE)[rank] if rank in (0, 1) else _OTHER
            if dot.interval is not None:
                series.append(Spans([(dot.cost, *dot.interval)], color))
            size = _DOT if rank < 0 else _CHOSEN_DOT
            series.append(Dots([(dot.cost, dot.accuracy)], color, size, are_squares=rank == 1))
        return series

    def _paint_names(self, painter: QPainter, plot: Plot) -> None:
        """Name the chosen: the first above its point, the second below, so that both are read."""
        text, field = painter.fontMetrics(), plot.field
        for dot in self._dots:
            if dot.root not in self._chosen:
                continue
            name = text.elidedText(dot.title, Qt.TextElideMode.ElideMiddle, int(field.width()) - 8)
            place, width = plot.point(dot.cost, dot.accuracy), text.horizontalAdvance(name)
            x = min(max(field.left() + 4, place.x() - width / 2), field.right() - width - 4)
            above = place.y() - _CHOSEN_DOT - 4
            below = place.y() + _CHOSEN_DOT + 2 + text.ascent()
            is_first = self._chosen.index(dot.root) == 0
            y = above if is_first and above > text.ascent() else below
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            painter.drawText(QPointF(x, y), name)

    @Slot(int)
    def _on_activated(self, number: int) -> None:
        self.dot_clicked.emit(self._dots[number].root)


class CostPlot(QWidget):
    """A scatter plot and the switch above it.

    Signals
    -------
    dot_clicked : object
        Folder of a run.
    """

    dot_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[LeaderboardEntry] = ()
        self.scatter = Scatter()
        self.choice = QButtonGroup(self)
        for number, (text, tip) in enumerate(
            (
                (self.tr("time"), self.tr("Accuracy against the time to train")),
                (self.tr("size"), self.tr("Accuracy against the size of the model on disk")),
            )
        ):
            self.choice.addButton(tool_button(text, tip, checkable=True), number)
        label = QLabel(self.tr("Accuracy against"))
        row = hbox(label, *self.choice.buttons(), 1, spacing=SPACING // 2)
        self.choice.button(TIME).setChecked(True)
        self.setLayout(vbox(row, (self.scatter, 1), spacing=SPACING // 2))
        self.choice.idClicked.connect(self._show_dots)
        self.scatter.dot_clicked.connect(self.dot_clicked)

    def show_entries(self, entries: Sequence[LeaderboardEntry]) -> None:
        """Show other runs."""
        self._entries = entries
        self._show_dots()

    @Slot()
    def _show_dots(self) -> None:
        by_size = self.choice.checkedId() == SIZE
        shown, amounts = (size_text, _BYTES) if by_size else (time_text, _SECONDS)
        dots = []
        for entry in self._entries:
            run = entry.run
            cost = float(entry.size_bytes or 0) if by_size else run.seconds
            if cost > 0 and run.accuracy is not None:
                tip = f"{run_title(run)}\n{share_text(run.accuracy)} · {shown(cost)}"
                dots.append(Dot(run.root, run_title(run), tip, cost, run.accuracy, run.interval))
        title = self.tr("size on disk") if by_size else self.tr("time to train")
        self.scatter.show_dots(dots, title, [(amount, shown(amount)) for amount in amounts])
