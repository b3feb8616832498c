"""The charts of a search: lines through all fields, a field against accuracy, what matters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from emnist_desktop.models.search.record import (
    NO_STUDY,
    Scale,
    StudyRecord,
    TrialRecord,
    Value,
    scale_of,
    shown_value,
)
from emnist_desktop.ui.charts.axis import Axis, accuracy_axis
from emnist_desktop.ui.charts.chart import Chart
from emnist_desktop.ui.charts.plot import Dots, Plot
from emnist_desktop.ui.colors import ORANGE, Pair, mixed, themed
from emnist_desktop.ui.format import local

_LOW: Pair = ("#b9bfca", "#4a515d")
_HIGH: Pair = ("#174ea6", "#8ab4ff")
"""Of the worst and of the others' best trial; told apart by lightness alone, too."""

_AXIS_TEXT = 90.0
_LINE, _STRONG_LINE = 1.0, 3.2
"""A line wider than a pixel takes Qt some twenty times as long; only the marked ones are."""

_DOT, _STRONG_DOT = 4.0, 6.0


class TrialChart(Chart):
    """A chart of trials, one of which is chosen: with the mouse, or with the arrows.

    Signals
    -------
    trial_chosen : int
        Its number.
    """

    trial_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.study = NO_STUDY
        self.trials: list[TrialRecord] = []
        self.chosen: int | None = None
        self._range = (0.0, 1.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cursor_moved.connect(self._on_cursor_moved)

    @property
    def count(self) -> int:
        """The number of trials shown."""
        return len(self.trials)

    def show_study(self, study: StudyRecord | None) -> None:
        """Show the trials of another study, or more of them."""
        self.study = study or NO_STUDY
        self.show_trials(self.study.measured)

    def show_trials(self, trials: list[TrialRecord]) -> None:
        """Show these trials of the study; the chosen one stays so."""
        self.trials = trials
        accuracies = [trial.accuracy or 0.0 for trial in trials]
        self._range = (min(accuracies, default=0.0), max(accuracies, default=1.0))
        self.choose(self.chosen)

    def choose(self, number: int | None) -> None:
        """Mark a trial."""
        self.chosen = number
        numbers = [trial.number for trial in self.trials]
        self.cursor_item = numbers.index(number) if number in numbers else -1
        self.items_changed()

    def by_accuracy(self) -> list[int]:
        """Return the items, the worst first."""
        return sorted(range(self.count), key=lambda number: self.trials[number].accuracy or 0.0)

    def steps(self) -> dict[Qt.Key, int]:
        """Go from trial to trial, the best first."""
        order, now = self.by_accuracy()[::-1], self.cursor_item
        places = [0, 0] if now < 0 else [order.index(now) - 1, order.index(now) + 1]
        back, forth = (order[place % len(order)] - now for place in places)
        return {Qt.Key.Key_Left: back, Qt.Key.Key_Right: forth}

    def trial_color(self, trial: TrialRecord) -> QColor:
        """Return a colour: the better the stronger, the best in its own."""
        palette = self.palette()
        if trial.number == self.study.best:
            return themed(ORANGE, palette)
        low, high = self._range
        share = ((trial.accuracy or 0.0) - low) / (high - low) if high > low else 1.0
        return mixed(themed(_LOW, palette), themed(_HIGH, palette), share)

    def item_text(self, number: int) -> str:
        """Return a trial in words."""
        trial = self.trials[number]
        lines = [self.tr("Trial {0}").format(trial.number)]
        if trial.accuracy is not None:
            lines[0] += f": {local(trial.accuracy, '.2%')}"
        for name, value in trial.settings.items():
            lines.append(f"{self.study.title(name)}: {shown_value(value)}")
        return "\n".join(lines)

    @Slot(int)
    def _on_cursor_moved(self, number: int) -> None:
        self.chosen = self.trials[number].number
        self.trial_chosen.emit(self.chosen)


class ParallelPlot(TrialChart):
    """An axis for each field and one for the accuracy; a line for each trial."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scales: list[tuple[str, Scale]] = []
        self.setAccessibleName(self.tr("Lines of the trials through all fields to their accuracy"))
        self.empty_text = self.tr(
            "Each trial will be a line here, from its settings on the left to its accuracy on the "
            "right."
        )

    def show_study(self, study: StudyRecord | None) -> None:
        """Show the trials of another study, or more of them."""
        self._scales = []
        measured = [] if study is None else study.measured
        if study is not None and measured:
            for name in study.fields:
                values = [trial.settings[name] for trial in measured]
                scale = scale_of(values, is_log=name in study.logarithmic)
                self._scales.append((study.title(name), scale))
            accuracies: list[Value] = [100 * (t.accuracy or 0.0) for t in measured]
            self._scales.append((self.tr("Accuracy, %"), scale_of(accuracies)))
        super().show_study(study)

    def shape(self, number: int) -> Sequence[QPointF]:
        """Return the line of a trial."""
        field, trial = self.field(), self.trials[number]
        values: list[Value] = [trial.settings[name] for name in self.study.fields]
        values.append(100 * (trial.accuracy or 0.0))
        return [
            QPointF(self._axis_x(axis), field.bottom() - scale.position(value) * field.height())
            for axis, ((_, scale), value) in enumerate(zip(self._scales, values, strict=True))
        ]

    def paint_series(self, painter: QPainter, plot: Plot) -> None:
        """Paint the lines, the better over the worse, then the axes."""
        order = self.by_accuracy()
        for number in sorted(order, key=lambda number: number == self.cursor_item):
            trial = self.trials[number]
            strong = trial.number in (self.chosen, self.study.best)
            painter.setPen(QPen(self.trial_color(trial), _STRONG_LINE if strong else _LINE))
            painter.drawPolyline(QPolygonF(self.shape(number)))
        width = min(_AXIS_TEXT, plot.field.width() / max(1, len(self._scales) - 1) - 6)
        for number in range(len(self._scales)):
            self._paint_axis(painter, number, width)

    def _paint_axis(self, painter: QPainter, number: int, width: float) -> None:
        field, text, x = self.field(), painter.fontMetrics(), self._axis_x(number)
        title, scale = self._scales[number]
        ground = QColor(self.palette().color(QPalette.ColorRole.Base))
        ground.setAlpha(200)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1.2))
        painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        for share, name in scale.ticks:
            y = field.bottom() - share * field.height()
            shown = text.elidedText(name, Qt.TextElideMode.ElideRight, int(width))
            box = QRectF(x + 4, y - text.height() / 2, 0, text.height())
            box.setWidth(text.horizontalAdvance(shown) + 2)
            if number == len(self._scales) - 1:
                box.moveRight(x - 4)
            painter.fillRect(box, ground)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        shown = text.elidedText(title, Qt.TextElideMode.ElideMiddle, int(width + 24))
        half = text.horizontalAdvance(shown) / 2 + 1
        middle = min(max(x, half), self.width() - half)
        box = QRectF(middle - half, field.bottom() + 10, 2 * half, text.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _axis_x(self, number: int) -> float:
        field = self.field()
        return field.left() + field.width() * number / max(1, len(self._scales) - 1)

    def field(self) -> QRectF:
        """Return where the lines are."""
        return QRectF(self.rect()).adjusted(40, 16, -40, -44)


class SlicePlot(TrialChart):
    """One field against accuracy, a dot for each trial."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field_name = ""
        self._scale = scale_of([0])
        self.setAccessibleName(self.tr("A field against accuracy, a dot for each trial"))
        self.empty_text = self.tr(
            "Each trial will be a dot here: one field to the right, accuracy upwards."
        )

    def show_field(self, name: str) -> None:
        """Show another field."""
        self.field_name = name
        self.show_study(self.study)

    def show_trials(self, trials: list[TrialRecord]) -> None:
        """Show the trials, which have a value of the field if the study varies it."""
        name = self.field_name
        shown = trials if name in self.study.fields else []
        if shown:
            values = [trial.settings[name] for trial in shown]
            self._scale = scale_of(values, is_log=name in self.study.logarithmic)
            self.x_axis = Axis(
                self.study.title(name),
                marks=self._scale.ticks,
                are_words=bool(self._scale.choices),
                margin=12,
            )
            self.y_axis = accuracy_axis(trial.accuracy or 0.0 for trial in shown)
        super().show_trials(shown)

    def shape(self, number: int) -> Sequence[QPointF]:
        """Return the dot of a trial."""
        return [self.point(*self._values(self.trials[number]))]

    def paint_series(self, painter: QPainter, plot: Plot) -> None:
        """Paint the dots, the better over the worse."""
        plot.paint_axes(painter)
        for number in self.by_accuracy():
            trial, is_chosen = self.trials[number], number == self.cursor_item
            Dots(
                [self._values(trial)],
                self.trial_color(trial),
                _STRONG_DOT if is_chosen else _DOT,
                rim=QPalette.ColorRole.Text if is_chosen else QPalette.ColorRole.Base,
            ).paint(painter, plot)

    def _values(self, trial: TrialRecord) -> tuple[float, float]:
        return self._scale.position(trial.settings[self.field_name]), trial.accuracy or 0.0


class ImportancePlot(Chart):
    """How much of the differences between trials each field explains, as bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[tuple[str, float]] = []
        self.setAccessibleName(self.tr("How much each field matters"))
        self.empty_text = self.tr(
            "After four finished trials of different accuracy, bars show here which field matters."
        )

    def show_study(self, study: StudyRecord | None) -> None:
        """Show what matters in another study."""
        study = study or NO_STUDY
        shares = sorted(study.importances.items(), key=lambda each: -each[1])
        self._bars = [(study.title(name), share) for name, share in shares]
        self.setAccessibleDescription(
            ", ".join(f"{title} {local(share, '.0%')}" for title, share in self._bars)
        )
        self.update()

    @property
    def is_empty(self) -> bool:
        """Whether there are no bars."""
        return not self._bars

    def paint_series(self, painter: QPainter, plot: Plot) -> None:
        """Paint the bars, the longest first."""
        text = painter.fontMetrics()
        width = max(text.horizontalAdvance(title) for title, _ in self._bars)
        left = min(width + 24.0, self.width() * 0.45)
        right = text.horizontalAdvance("100 %") + 20.0
        height = min(34.0, (self.height() - 16.0) / len(self._bars))
        painter.setBrush(plot.color(ORANGE))
        for number, (title, share) in enumerate(self._bars):
            top = 8 + number * height
            box = QRectF(8, top, left - 16, height)
            shown = text.elidedText(title, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.setPen(plot.color(QPalette.ColorRole.Text))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, shown)
            length = max(1.0, (self.width() - left - right) * share)
            bar = QRectF(left, top + 0.2 * height, length, 0.6 * height)
            beside = QRectF(bar.right() + 6, top, right, height)
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, local(share, ".0%"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRect(bar)
