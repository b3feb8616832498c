"""What the charts of a search have in common: colours, axes, a trial under the mouse."""

from __future__ import annotations

import itertools
import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.search.record import (
    NO_STUDY,
    StudyRecord,
    TrialRecord,
    known_fields,
    shown_value,
)

BEST = ("#c2570c", "#f0a050")
"""Of the best trial, in the light and in the dark theme."""

_LOW, _HIGH = (("#b9bfca", "#4a515d"), ("#174ea6", "#8ab4ff"))
"""Of the worst and of the others' best trial; told apart by lightness alone, too."""

_NEAR = 8.0
"""A trial is meant when the mouse is so near, in pixels."""


def theme_of(palette: QPalette) -> int:
    """Return 0 in a light theme, 1 in a dark one."""
    return int(palette.color(QPalette.ColorRole.Base).lightness() < 128)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Return a colour between two; `share` of the second."""
    ours, theirs = ((color.red(), color.green(), color.blue()) for color in (first, second))
    return QColor(*(round(a + share * (b - a)) for a, b in zip(ours, theirs, strict=True)))


class SearchChart(QWidget):
    """A painted chart: a frame, lines across, texts beside."""

    def sizeHint(self) -> QSize:
        """Return a size at which lines can be told apart."""
        return QSize(420, 260)

    def begin(self) -> QPainter:
        """Return a painter over an empty ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        return painter

    def color(self, role: QPalette.ColorRole) -> QColor:
        """Return a colour of the theme."""
        return self.palette().color(role)

    def say(self, painter: QPainter, text: str) -> None:
        """Write what there is to say instead of a chart."""
        painter.setPen(self.color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, text)

    def across(self, painter: QPainter, field: QRectF, y: float, text: str) -> None:
        """Draw a line across with a text on its left."""
        painter.setPen(QPen(self.color(QPalette.ColorRole.Mid), 1.0))
        painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
        height = painter.fontMetrics().height()
        box = QRectF(0, y - height / 2, field.left() - 6, height)
        painter.setPen(self.color(QPalette.ColorRole.Text))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def below(self, painter: QPainter, x: float, top: float, text: str, width: float) -> None:
        """Write a text centred below a place, cut to a width, within the chart."""
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(width))
        half = painter.fontMetrics().horizontalAdvance(shown) / 2 + 1
        x = min(max(x, half), self.width() - half)
        box = QRectF(x - half, top, 2 * half, painter.fontMetrics().height())
        painter.setPen(self.color(QPalette.ColorRole.Text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


class TrialChart(SearchChart):
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
        self._trials: list[TrialRecord] = []
        self._range = (0.0, 1.0)
        self.chosen: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(220, 140)

    def show_study(self, study: StudyRecord | None) -> None:
        """Show the trials of another study, or more of them."""
        self.study = study or NO_STUDY
        self._trials = self.study.measured
        accuracies = [trial.accuracy or 0.0 for trial in self._trials]
        self._range = (min(accuracies, default=0.0), max(accuracies, default=1.0))
        self.update()

    def choose(self, number: int | None) -> None:
        """Mark a trial."""
        self.chosen = number
        trial = self.study.trial(number)
        self.setAccessibleDescription("" if trial is None else self.tip(trial))
        self.update()

    def places(self, trial: TrialRecord) -> list[list[QPointF]]:
        """Return where a trial is: lines, or single points."""
        raise NotImplementedError

    def trials(self) -> list[TrialRecord]:
        """Return the trials that have a place."""
        return self._trials

    def trial_color(self, trial: TrialRecord) -> QColor:
        """Return a colour: the better the stronger, the best in its own."""
        theme = theme_of(self.palette())
        if trial.number == self.study.best:
            return QColor(BEST[theme])
        low, high = self._range
        share = ((trial.accuracy or 0.0) - low) / (high - low) if high > low else 1.0
        return mixed(QColor(_LOW[theme]), QColor(_HIGH[theme]), share)

    def tip(self, trial: TrialRecord) -> str:
        """Return a trial in words."""
        known = known_fields(self.study.base)
        lines = [self.tr("Trial {0}").format(trial.number)]
        if trial.accuracy is not None:
            lines[0] += f": {100 * trial.accuracy:.2f} %"
        for name, value in trial.settings.items():
            title = trainer_text(known[name].title) if name in known else name
            lines.append(f"{title}: {shown_value(value)}")
        return "\n".join(lines)

    def near(self, position: QPointF) -> TrialRecord | None:
        """Return the trial at a place in this widget."""
        found, least = None, _NEAR
        for trial in self.trials():
            for line in self.places(trial):
                distance = _distance(position, line)
                if distance <= least:
                    found, least = trial, distance
        return found

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a trial can be clicked."""
        over = self.near(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the trial under the mouse."""
        trial = self.near(event.position())
        if event.button() == Qt.MouseButton.LeftButton and trial is not None:
            self.choose(trial.number)
            self.trial_chosen.emit(trial.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from trial to trial with the arrows, the best first."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        order = sorted(self.trials(), key=lambda trial: -(trial.accuracy or 0.0))
        if not order or event.key() not in steps:
            super().keyPressEvent(event)
            return
        numbers = [trial.number for trial in order]
        step = steps[Qt.Key(event.key())]
        place = numbers.index(self.chosen) + step if self.chosen in numbers else 0
        self.choose(numbers[place % len(numbers)])
        self.trial_chosen.emit(numbers[place % len(numbers)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Describe the trial under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            trial = self.near(QPointF(event.pos()))
            if trial is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.tip(trial), self)
            return True
        return super().event(event)

    def paint_focus(self, painter: QPainter) -> None:
        """Frame the chart while the keyboard is here."""
        if self.hasFocus():
            painter.setPen(QPen(self.color(QPalette.ColorRole.Highlight), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))


def _distance(point: QPointF, line: list[QPointF]) -> float:
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
