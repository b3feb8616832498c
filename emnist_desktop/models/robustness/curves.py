"""Accuracy against strength: one small plot a corruption, painted."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from emnist_desktop.models.robustness.result import (
    NO_RESULT,
    AccuracyEstimate,
    ModelRobustness,
    RobustnessResult,
)
from emnist_desktop.ui.charts.axis import Axis
from emnist_desktop.ui.charts.plot import Dots, Line, Plot, Points, Series, Spans
from emnist_desktop.ui.colors import BLUE, ORANGE
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.item_view import GridView
from emnist_desktop.ui.style import SPACING
from trainer.evaluation.corruptions import N_STRENGTHS, Corruption

_LEAST_WIDTH, _LEAST_HEIGHT = 150, 132
"""Of a plot with its title, in pixels."""

_ASPECT = 0.72
"""Height of a plot, as a part of its width."""

_MOST_COLUMNS = 5

_NEAR = 12.0
"""A point is meant when the mouse is so near, in pixels."""

_COLORS = (BLUE, ORANGE)
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
"""Of the first and the second model."""

_ACCURACIES = Axis(marks=((0.0, "0"), (0.5, "50"), (1.0, "100")))


class RobustnessCurves(GridView):
    """Plots in lines, as many beside each other as fit.

    Signals
    -------
    corruption_chosen : str
        The plot that was clicked, or reached with the arrows.
    """

    gap = SPACING
    corruption_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = NO_RESULT
        self.setAccessibleName(self.tr("Accuracy against strength, for each corruption"))
        self.cursor_moved.connect(self._on_cursor_moved)

    @property
    def count(self) -> int:
        """How many corruptions there are."""
        return len(self._result.corruptions)

    def show_result(self, result: RobustnessResult) -> None:
        """Show another measurement."""
        self._result = result
        self.cursor_item = 0
        self.items_changed()

    def choose(self, name: str) -> None:
        """Mark the plot of a corruption, without a signal."""
        names = [each.name for each in self._result.corruptions]
        if name in names:
            self.cursor_item = names.index(name)
            self.describe()
            self.update()

    def point(self, place: int, model: int, strength: int) -> QPointF:
        """Return where a point of a curve is; strength 0 is untouched."""
        cells = _cells(self._result.models[model], self._result.corruptions[place])
        return self._plot(place).point(strength, cells[strength].value)

    def columns(self) -> int:
        """Return how many plots of the least width are beside each other."""
        fitting = (self.width() + self.gap) // (_LEAST_WIDTH + self.gap)
        return min(_MOST_COLUMNS, max(1, fitting))

    def cell_size(self) -> QSize:
        """Return the size of a plot with its title."""
        columns = self.columns()
        width = (self.width() - (columns - 1) * self.gap) // columns
        return QSize(width, max(_LEAST_HEIGHT, round(_ASPECT * width)))

    def header_height(self) -> int:
        """Return room for the names of two models."""
        two = len(self._result.models) == 2
        return self.fontMetrics().height() + SPACING if two else 0

    def sizeHint(self) -> QSize:
        """Return the size of three plots beside one another."""
        return QSize(3 * (_LEAST_WIDTH + SPACING), self.minimumHeight())

    def _plot(self, number: int) -> Plot:
        """Return the field of a plot between its axes."""
        text, area = self.fontMetrics(), QRectF(self.cell_rect(number))
        left = text.horizontalAdvance("100") + 8
        right = text.horizontalAdvance("0.15") / 2 + 4
        field = area.adjusted(left, 1.5 * text.height() + 6, -right, -text.height() - 6)
        strengths = enumerate(self._result.corruptions[number].strengths, 1)
        marks = tuple((place, local(strength, "g")) for place, strength in strengths)
        x = Axis(high=N_STRENGTHS, marks=marks, has_lines=False)
        return Plot(field, x, _ACCURACIES, self.palette())

    def paint_ground(self, painter: QPainter) -> None:
        """Name two models."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self._result.models) < 2:
            return
        text = painter.fontMetrics()
        left, room = 4.0, self.width() // 2 - 40
        for number, figures in enumerate(self._result.models):
            key = Plot(QRectF(left, 0, 22, text.height()), Axis(), Axis(), self.palette())
            _paint_line(painter, key, [(0.0, 0.5), (1.0, 0.5)], [(0.5, 0.5)], number)
            name = text.elidedText(figures.name, Qt.TextElideMode.ElideMiddle, room)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QPointF(left + 28, text.ascent()), name)
            left += 28 + text.horizontalAdvance(name) + 2 * SPACING

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a plot: its frame, its axes, a curve for each model."""
        palette, text, plot = self.palette(), painter.fontMetrics(), self._plot(number)
        chosen = number == self.cursor_item
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        role = QPalette.ColorRole.Highlight if chosen else QPalette.ColorRole.Mid
        width = 1.0 + chosen * (1.5 if self.hasFocus() else 0.5)
        painter.setPen(QPen(palette.color(role), width))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 5, 5)
        plot.paint_axes(painter)
        unit = _title(self._result.corruptions[number])
        title = text.elidedText(unit, Qt.TextElideMode.ElideRight, area.width() - 12)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(QPointF(area.left() + 7, area.top() + 3 + text.ascent()), title)
        for model, figures in enumerate(self._result.models):
            cells = _cells(figures, self._result.corruptions[number])
            spans = [(strength, *cell.interval) for strength, cell in enumerate(cells)]
            Spans(spans, _COLORS[model]).paint(painter, plot)
            points = [(strength, cell.value) for strength, cell in enumerate(cells)]
            _paint_line(painter, plot, points, points, model)

    def tip_at(self, place: QPointF) -> str:
        """Return the description of the points near the mouse."""
        number = self.cell_at(place)
        if number < 0:
            return ""
        corruption = self._result.corruptions[number]
        lines = []
        for model, figures in enumerate(self._result.models):
            for strength, cell in enumerate(_cells(figures, corruption)):
                away = self.point(number, model, strength) - place
                if away.manhattanLength() <= _NEAR:
                    lines.append(self._sentence(figures, corruption, strength, cell))
        return "\n".join(lines) or _title(corruption)

    def _sentence(
        self,
        figures: ModelRobustness,
        corruption: Corruption,
        strength: int,
        cell: AccuracyEstimate,
    ) -> str:
        what = self.tr("untouched")
        if strength:
            amount = local(corruption.strengths[strength - 1], "g")
            what = f"{corruption.title} {amount} {corruption.unit}"
        low, high = (100 * bound for bound in cell.interval)
        text = self.tr("{0}, {1}: {2:.1f} % (95 %: {3:.1f} to {4:.1f} %)")
        return fill_in(text, figures.name, what, 100 * cell.value, low, high)

    def item_text(self, number: int) -> str:
        """Describe the accuracies of a plot."""
        corruption = self._result.corruptions[number]
        texts = []
        for figures in self._result.models:
            values = [local(cell.value, ".0%") for cell in _cells(figures, corruption)]
            texts.append(f"{figures.name}: {', '.join(values)}")
        return f"{corruption.title}. {'; '.join(texts)}"

    @Slot(int)
    def _on_cursor_moved(self, number: int) -> None:
        self.corruption_chosen.emit(self._result.corruptions[number].name)


def _cells(figures: ModelRobustness, corruption: Corruption) -> tuple[AccuracyEstimate, ...]:
    return (figures.untouched, *figures.strengths[corruption.name])


def _title(corruption: Corruption) -> str:
    return f"{corruption.title}, {corruption.unit}"


def _paint_line(painter: QPainter, plot: Plot, points: Points, marked: Points, model: int) -> None:
    """Paint a line with discs for the first model, dashed with squares for the second."""
    color = _COLORS[model]
    series: tuple[Series, ...] = (
        Line(points, color, 1.6, _STYLES[model]),
        Dots(marked, color, 2.6, are_squares=model == 1, rim=None),
    )
    for each in series:
        each.paint(painter, plot)
