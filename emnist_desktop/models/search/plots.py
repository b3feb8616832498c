"""The charts of a search: lines through all fields, a field against accuracy, what matters."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.search.chart import BEST, SearchChart, TrialChart, theme_of
from emnist_desktop.models.search.record import (
    Scale,
    StudyRecord,
    TrialRecord,
    Value,
    known_fields,
    round_ticks,
    scale_of,
)

_TOP, _BOTTOM, _SIDE = 16.0, 44.0, 56.0
_AXIS_TEXT = 90.0
_LINE, _STRONG_LINE = 1.0, 3.2
"""A line wider than a pixel takes Qt some twenty times as long; only the marked ones are."""
_DOT, _STRONG_DOT = 4.0, 6.0
_ROOM = 0.05
_MOST_LINES = 6
_LEAST_SPAN = 0.01
"""Of accuracies in a chart: a hundredth."""


class ParallelPlot(TrialChart):
    """An axis for each field and one for the accuracy; a line for each trial."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scales: list[tuple[str, Scale]] = []
        self.setAccessibleName(self.tr("Lines of the trials through all fields to their accuracy"))

    def show_study(self, study: StudyRecord | None) -> None:
        """Show the trials of another study, or more of them."""
        self._scales = []
        measured = [] if study is None else study.measured
        if study is not None and measured:
            known = known_fields(study.base)
            for name in study.fields:
                values = [trial.settings[name] for trial in measured]
                scale = scale_of(values, is_log=name in study.logarithmic)
                self._scales.append(
                    (trainer_text(known[name].title) if name in known else name, scale)
                )
            accuracies: list[Value] = [100 * (t.accuracy or 0.0) for t in measured]
            self._scales.append((self.tr("Accuracy, %"), scale_of(accuracies)))
        super().show_study(study)

    def places(self, trial: TrialRecord) -> list[list[QPointF]]:
        """Return the line of a trial."""
        field = self._field()
        values: list[Value] = [trial.settings[name] for name in self.study.fields]
        values.append(100 * (trial.accuracy or 0.0))
        shares = [scale.place(v) for (_, scale), v in zip(self._scales, values, strict=True)]
        return [
            [
                QPointF(self._axis_x(number), field.bottom() - share * field.height())
                for number, share in enumerate(shares)
            ]
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines, the better over the worse, then the axes."""
        painter = self.begin()
        if not self._scales:
            self.say(painter, self.tr("Each trial will be a line here, from its settings on the "
                                      "left to its accuracy on the right."))  # fmt: skip
        else:
            order = sorted(self.trials(), key=lambda t: (t.number == self.chosen, t.accuracy or 0))
            for trial in order:
                strong = trial.number in (self.chosen, self.study.best)
                painter.setPen(QPen(self.trial_color(trial), _STRONG_LINE if strong else _LINE))
                painter.drawPolyline(QPolygonF(self.places(trial)[0]))
            self._paint_axes(painter)
        self.paint_focus(painter)
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        field = self._field()
        height = painter.fontMetrics().height()
        width = min(_AXIS_TEXT, field.width() / max(1, len(self._scales) - 1) - 6)
        ground = QColor(self.color(QPalette.ColorRole.Base))
        ground.setAlpha(200)
        for number, (title, scale) in enumerate(self._scales):
            x = self._axis_x(number)
            painter.setPen(QPen(self.color(QPalette.ColorRole.Text), 1.2))
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            for share, text in scale.ticks:
                y = field.bottom() - share * field.height()
                shown = painter.fontMetrics().elidedText(
                    text, Qt.TextElideMode.ElideRight, int(width)
                )
                box = QRectF(x + 4, y - height / 2, 0, height)
                box.setWidth(painter.fontMetrics().horizontalAdvance(shown) + 2)
                if number == len(self._scales) - 1:
                    box.moveRight(x - 4)
                painter.fillRect(box, ground)
                painter.setPen(self.color(QPalette.ColorRole.Text))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
            self.below(painter, x, field.bottom() + 10, title, width + 24)

    def _axis_x(self, number: int) -> float:
        field = self._field()
        return field.left() + field.width() * number / max(1, len(self._scales) - 1)

    def _field(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_SIDE - 16, _TOP, 16 - _SIDE, -_BOTTOM)


class SlicePlot(TrialChart):
    """One field against accuracy, a dot for each trial."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field_name = ""
        self._scale = scale_of([0])
        self._limits = (0.0, 1.0)
        self.setAccessibleName(self.tr("A field against accuracy, a dot for each trial"))

    def show_field(self, name: str) -> None:
        """Show another field."""
        self.field_name = name
        self._measure()

    def show_study(self, study: StudyRecord | None) -> None:
        """Show the trials of another study, or more of them."""
        super().show_study(study)
        self._measure()

    def places(self, trial: TrialRecord) -> list[list[QPointF]]:
        """Return the dot of a trial."""
        field, (low, high) = self._field(), self._limits
        x = self._scale.place(trial.settings[self.field_name])
        y = ((trial.accuracy or 0.0) - low) / (high - low)
        inner = field.adjusted(12, 0, -12, 0)
        return [[QPointF(inner.left() + x * inner.width(), field.bottom() - y * field.height())]]

    def trials(self) -> list[TrialRecord]:
        """Return the trials with a value of the field."""
        return super().trials() if self.field_name in self.study.fields else []

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dots, the better over the worse."""
        painter = self.begin()
        if not self.trials():
            self.say(painter, self.tr("Each trial will be a dot here: one field to the right, "
                                      "accuracy upwards."))  # fmt: skip
        else:
            self._paint_axes(painter)
            for trial in sorted(self.trials(), key=lambda trial: trial.accuracy or 0.0):
                is_chosen = trial.number == self.chosen
                text = self.color(QPalette.ColorRole.Text)
                base = self.color(QPalette.ColorRole.Base)
                painter.setPen(QPen(text if is_chosen else base, 1.5))
                painter.setBrush(self.trial_color(trial))
                size = _STRONG_DOT if is_chosen else _DOT
                painter.drawEllipse(self.places(trial)[0][0], size, size)
        self.paint_focus(painter)
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        field, (low, high) = self._field(), self._limits
        for mark in round_ticks(100 * low, min(100.0, 100 * high), _MOST_LINES):
            y = field.bottom() - (mark / 100 - low) / (high - low) * field.height()
            self.across(painter, field, y, f"{mark:.4g} %")
        ticks, inner = self._scale.ticks, field.adjusted(12, 0, -12, 0)
        for share, text in ticks:
            x = inner.left() + share * inner.width()
            painter.setPen(QPen(self.color(QPalette.ColorRole.Mid), 1.0))
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            self.below(painter, x, field.bottom() + 3, text, inner.width() / len(ticks))
        known = known_fields(self.study.base)
        name = self.field_name
        title = trainer_text(known[name].title) if name in known else name
        below = field.bottom() + painter.fontMetrics().height() + 4
        self.below(painter, field.center().x(), below, title, field.width())

    def _measure(self) -> None:
        """Make room for all trials."""
        if self.trials():
            values = [trial.settings[self.field_name] for trial in self.trials()]
            self._scale = scale_of(values, is_log=self.field_name in self.study.logarithmic)
            accuracies = [trial.accuracy or 0.0 for trial in self.trials()]
            low, high = min(accuracies), max(accuracies)
            room = max(_LEAST_SPAN / 2, _ROOM * (high - low))
            self._limits = low - room, high + room
        self.update()

    def _field(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_SIDE, _TOP, -_TOP, -_BOTTOM)


class ImportancePlot(SearchChart):
    """How much of the differences between trials each field explains, as bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[tuple[str, float]] = []
        self.setMinimumSize(220, 140)
        self.setAccessibleName(self.tr("How much each field matters"))

    def show_study(self, study: StudyRecord | None) -> None:
        """Show what matters in another study."""
        self._bars = []
        if study is not None:
            known = known_fields(study.base)
            self._bars = [
                (trainer_text(known[name].title) if name in known else name, share)
                for name, share in sorted(study.importances.items(), key=lambda each: -each[1])
            ]
        self.setAccessibleDescription(
            ", ".join(f"{title} {share:.0%}" for title, share in self._bars)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars, the longest first."""
        painter = self.begin()
        if not self._bars:
            self.say(painter, self.tr("After four finished trials of different accuracy, bars "
                                      "show here which field matters."))  # fmt: skip
        text = painter.fontMetrics()
        width = max((text.horizontalAdvance(title) for title, _ in self._bars), default=0)
        left = min(width + 24.0, self.width() * 0.45)
        right = text.horizontalAdvance("100 %") + 20.0
        height = min(34.0, (self.height() - 16.0) / max(1, len(self._bars)))
        painter.setBrush(QColor(BEST[theme_of(self.palette())]))
        for number, (title, share) in enumerate(self._bars):
            top = 8 + number * height
            box = QRectF(8, top, left - 16, height)
            shown = text.elidedText(title, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.setPen(self.color(QPalette.ColorRole.Text))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, shown)
            length = max(1.0, (self.width() - left - right) * share)
            bar = QRectF(left, top + 0.2 * height, length, 0.6 * height)
            painter.drawText(
                QRectF(bar.right() + 6, top, right, height),
                Qt.AlignmentFlag.AlignVCenter,
                f"{100 * share:.0f} %",
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRect(bar)
        painter.end()
