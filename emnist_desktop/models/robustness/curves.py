"""Accuracy against strength: one small plot a corruption, painted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from emnist_desktop.models.robustness.colors import model_colors
from emnist_desktop.models.robustness.result import Cell, Figures, Result
from emnist_desktop.ui.style import SPACING
from trainer.evaluation.corruptions import N_STRENGTHS, Corruption

_LEAST_WIDTH, _LEAST_HEIGHT = 150, 132
"""Of a plot with its title, in pixels."""

_ASPECT = 0.72
"""Height of a plot, as a part of its width."""

_MOST_COLUMNS = 5

_NEAR = 12.0
"""A point is meant when the mouse is so near, in pixels."""

_DOT = 2.6
_LINES = (0.0, 0.5, 1.0)
"""Accuracies at which a line crosses the plots."""


class RobustnessCurves(QWidget):
    """Plots in lines, as many beside each other as fit.

    Signals
    -------
    corruption_chosen : str
        The plot that was clicked, or reached with the arrows.
    """

    corruption_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: Result | None = None
        self._chosen = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(self.tr("Accuracy against strength, for each corruption"))

    def show_result(self, result: Result | None) -> None:
        """Show another measurement."""
        self._result = result
        self._chosen = 0
        self._describe()
        self._fit_height()
        self.update()

    def choose(self, name: str) -> None:
        """Mark the plot of a corruption, without a signal."""
        names = [each.name for each in self._corruptions]
        if name in names:
            self._chosen = names.index(name)
            self._describe()
            self.update()

    def plot_rect(self, place: int) -> QRect:
        """Return where a plot is, with its title, in this widget."""
        columns = self._columns()
        gaps = (columns - 1) * SPACING
        width = (self.width() - gaps) // columns
        height = max(_LEAST_HEIGHT, round(_ASPECT * width))
        row, column = divmod(place, columns)
        top = self._legend_height() + row * (height + SPACING)
        return QRect(column * (width + SPACING), top, width, height)

    def point(self, place: int, model: int, strength: int) -> QPointF:
        """Return where a point of a curve is; strength 0 is untouched."""
        if self._result is None:
            return QPointF()
        figures = self._result.models[model]
        cells = self._cells(figures, self._corruptions[place])
        return self._to_pixels(self._axes(place), strength, cells[strength].value)

    def sizeHint(self) -> QSize:
        """Return the size of three plots beside one another."""
        return QSize(3 * (_LEAST_WIDTH + SPACING), self.minimumHeight())

    @property
    def _corruptions(self) -> tuple[Corruption, ...]:
        return () if self._result is None else self._result.corruptions

    def _columns(self) -> int:
        fitting = (self.width() + SPACING) // (_LEAST_WIDTH + SPACING)
        return min(_MOST_COLUMNS, max(1, fitting))

    def _legend_height(self) -> int:
        two = self._result is not None and len(self._result.models) == 2
        return QFontMetrics(self.font()).height() + SPACING if two else 0

    def _fit_height(self) -> None:
        n = len(self._corruptions)
        self.setMinimumHeight(self.plot_rect(n - 1).bottom() + 2 if n else 0)

    def _axes(self, place: int) -> QRectF:
        """Return the field of a plot between its axes."""
        text = QFontMetrics(self.font())
        area = QRectF(self.plot_rect(place))
        left = text.horizontalAdvance("100") + 8
        right = text.horizontalAdvance("0.15") / 2 + 4
        return area.adjusted(left, 1.5 * text.height() + 6, -right, -text.height() - 6)

    @staticmethod
    def _to_pixels(axes: QRectF, strength: int, accuracy: float) -> QPointF:
        x = axes.left() + axes.width() * strength / N_STRENGTHS
        return QPointF(x, axes.bottom() - axes.height() * accuracy)

    @staticmethod
    def _cells(figures: Figures, corruption: Corruption) -> tuple[Cell, ...]:
        return (figures.untouched, *figures.strengths[corruption.name])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plots that are in sight."""
        if self._result is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        for place in range(len(self._corruptions)):
            if self.plot_rect(place).intersects(event.rect()):
                self._paint_plot(painter, place)
        painter.end()

    def _paint_legend(self, painter: QPainter) -> None:
        if self._result is None or len(self._result.models) < 2:
            return
        text = painter.fontMetrics()
        room = self.width() // 2 - 40
        left = 4.0
        for number, figures in enumerate(self._result.models):
            middle = text.height() / 2
            color = model_colors(self.palette())[number]
            self._prepare(painter, color, number)
            painter.drawLine(QPointF(left, middle), QPointF(left + 22, middle))
            self._paint_dot(painter, QPointF(left + 11, middle), color, number)
            name = text.elidedText(figures.name, Qt.TextElideMode.ElideMiddle, room)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QPointF(left + 28, text.ascent()), name)
            left += 28 + text.horizontalAdvance(name) + 2 * SPACING

    def _paint_plot(self, painter: QPainter, place: int) -> None:
        palette = self.palette()
        area, axes = QRectF(self.plot_rect(place)), self._axes(place)
        chosen = place == self._chosen
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        role = QPalette.ColorRole.Highlight if chosen else QPalette.ColorRole.Mid
        width = 1.0 + chosen * (1.5 if self.hasFocus() else 0.5)
        painter.setPen(QPen(palette.color(role), width))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        self._paint_axes(painter, place, axes)
        if self._result is not None:
            for number, figures in enumerate(self._result.models):
                self._paint_curve(
                    painter, axes, self._cells(figures, self._corruptions[place]), number
                )

    def _paint_axes(self, painter: QPainter, place: int, axes: QRectF) -> None:
        palette, text = self.palette(), painter.fontMetrics()
        corruption, area = self._corruptions[place], QRectF(self.plot_rect(place))
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        for level in _LINES:
            y = axes.bottom() - axes.height() * level
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1.0))
            painter.drawLine(QPointF(axes.left(), y), QPointF(axes.right(), y))
            painter.setPen(faint)
            label = QRectF(area.left(), y - text.height() / 2, axes.left() - area.left() - 4, 20)
            painter.drawText(label, Qt.AlignmentFlag.AlignRight, f"{100 * level:.0f}")
        values = [f"{strength:g}" for strength in corruption.strengths]
        widest = max(map(text.horizontalAdvance, values)) + 4
        step = 1 if widest < axes.width() / N_STRENGTHS else 2
        for strength in range(1, N_STRENGTHS + 1, step):
            x = self._to_pixels(axes, strength, 0).x()
            label = QRectF(x - 20, axes.bottom() + 3, 40, text.height())
            painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, values[strength - 1])
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        unit = f"{corruption.title}, {corruption.unit}"
        title = text.elidedText(unit, Qt.TextElideMode.ElideRight, int(area.width()) - 12)
        painter.drawText(QPointF(area.left() + 7, area.top() + 3 + text.ascent()), title)

    def _paint_curve(
        self, painter: QPainter, axes: QRectF, cells: tuple[Cell, ...], number: int
    ) -> None:
        color = model_colors(self.palette())[number]
        points = [self._to_pixels(axes, n, cell.value) for n, cell in enumerate(cells)]
        painter.setPen(QPen(color, 1.0))
        for strength, cell in enumerate(cells):
            low, high = (self._to_pixels(axes, strength, bound) for bound in cell.interval)
            painter.drawLine(low, high)
        self._prepare(painter, color, number)
        painter.drawPolyline(points)
        for point in points:
            self._paint_dot(painter, point, color, number)

    @staticmethod
    def _prepare(painter: QPainter, color: QColor, number: int) -> None:
        style = Qt.PenStyle.DashLine if number else Qt.PenStyle.SolidLine
        painter.setPen(QPen(color, 1.6, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @staticmethod
    def _paint_dot(painter: QPainter, point: QPointF, color: QColor, number: int) -> None:
        """Paint a disc for the first model, a square for the second."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        if number:
            painter.drawRect(QRectF(point.x() - _DOT, point.y() - _DOT, 2 * _DOT, 2 * _DOT))
        else:
            painter.drawEllipse(point, _DOT, _DOT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the plots need in this width."""
        self._fit_height()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the plot below the mouse."""
        place = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._move_to(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrows."""
        columns = self._columns()
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move_to(self._chosen + steps[key])
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what a point is when the mouse rests near it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._text_at(event.pos()), self)
            return True
        return super().event(event)

    def _at(self, place: QPoint) -> int:
        for number in range(len(self._corruptions)):
            if self.plot_rect(number).contains(place):
                return number
        return -1

    def _text_at(self, place: QPoint) -> str:
        number = self._at(place)
        if number < 0 or self._result is None:
            return ""
        corruption = self._corruptions[number]
        lines = []
        for model, figures in enumerate(self._result.models):
            for strength, cell in enumerate(self._cells(figures, corruption)):
                away = self.point(number, model, strength) - QPointF(place)
                if away.manhattanLength() <= _NEAR:
                    lines.append(self._sentence(figures, corruption, strength, cell))
        return "\n".join(lines) or f"{corruption.title}, {corruption.unit}"

    def _sentence(self, figures: Figures, corruption: Corruption, strength: int, cell: Cell) -> str:
        what = self.tr("untouched")
        if strength:
            what = f"{corruption.title} {corruption.strengths[strength - 1]:g} {corruption.unit}"
        low, high = (100 * bound for bound in cell.interval)
        text = self.tr("{0}, {1}: {2:.1f} % (95 %: {3:.1f} to {4:.1f} %)")
        return text.format(figures.name, what, 100 * cell.value, low, high)

    def _move_to(self, place: int) -> None:
        if 0 <= place < len(self._corruptions):
            self._chosen = place
            self._describe()
            self.update()
            viewport = self.parentWidget()
            area = viewport.parentWidget() if viewport is not None else None
            if isinstance(area, QScrollArea):
                middle = self.plot_rect(place).center()
                area.ensureVisible(middle.x(), middle.y(), 0, _LEAST_HEIGHT // 2)
            self.corruption_chosen.emit(self._corruptions[place].name)

    def _describe(self) -> None:
        if self._result is None or not self._corruptions:
            self.setAccessibleDescription("")
            return
        corruption = self._corruptions[self._chosen]
        texts = []
        for figures in self._result.models:
            values = [f"{100 * cell.value:.0f} %" for cell in self._cells(figures, corruption)]
            texts.append(f"{figures.name}: {', '.join(values)}")
        self.setAccessibleDescription(f"{corruption.title}. {'; '.join(texts)}")
