"""How many samples each class has: a bar for each, which filters the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QComboBox, QScrollArea, QToolTip, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetView, Shown
from emnist_desktop.ui.format import split_text
from emnist_desktop.ui.image_grid import scrolled
from emnist_desktop.ui.style import wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.statistics import balance
from trainer.datasets.store import TEST, TRAIN, class_counts

_ROW_HEIGHT = 24
_BAR_HEIGHT, _THIN_BAR_HEIGHT = 12.0, 6.0
_GAP = 8
_EVEN, _NEARLY_EVEN = 1.1, 1.5
"""Up to these ratios classes are called even and nearly even."""


@dataclass(frozen=True)
class ClassBar:
    """The bars of one class.

    Attributes
    ----------
    label : int
    name : str
        Its character.
    counts : tuple of int
        Samples in each split that is shown.
    """

    label: int
    name: str
    counts: tuple[int, ...]


class BarChart(QWidget):
    """Bars below one another; one or two in each row.

    Signals
    -------
    activated : int
        The label of the bar that was clicked.
    """

    activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[ClassBar, ...] = ()
        self._splits: tuple[str, ...] = ()
        self._cursor = 0
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Samples of each class"))

    @property
    def bars(self) -> tuple[ClassBar, ...]:
        """What is shown, from top to bottom."""
        return self._bars

    def set_bars(self, bars: tuple[ClassBar, ...], splits: tuple[str, ...]) -> None:
        """Show other bars; `splits` names their counts."""
        self._bars, self._splits = bars, splits
        self._cursor = min(self._cursor, max(0, len(bars) - 1))
        self._hovered = -1
        self.setMinimumHeight(_ROW_HEIGHT * len(bars))
        self._describe_cursor()
        self.update()

    def row_center(self, row: int) -> QPoint:
        """Return a place on a bar, in this widget."""
        return QPoint(self.width() // 2, row * _ROW_HEIGHT + _ROW_HEIGHT // 2)

    def sizeHint(self) -> QSize:
        """Return a width in which bars can be told apart."""
        return QSize(280, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self._bold())
        names = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        names = min(names + 2 * _GAP, self.width() // 3)
        texts = max((self._advance(bar) for bar in self._bars), default=0) + _GAP
        most = max((max(bar.counts) for bar in self._bars), default=0)
        first = event.rect().top() // _ROW_HEIGHT
        last = min(len(self._bars), event.rect().bottom() // _ROW_HEIGHT + 1)
        for row in range(first, last):
            area = QRectF(0, row * _ROW_HEIGHT, self.width(), _ROW_HEIGHT)
            self._paint_row(painter, row, area)
            room = area.adjusted(names, 0, -texts - _GAP, 0)
            self._paint_bars(painter, self._bars[row], room, max(1, most))
        painter.end()

    def _paint_row(self, painter: QPainter, row: int, area: QRectF) -> None:
        palette, bar = self.palette(), self._bars[row]
        if row == self._hovered or (self.hasFocus() and row == self._cursor):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(area, 4, 4)
        if self.hasFocus() and row == self._cursor:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.setFont(self._bold())
        name = area.adjusted(_GAP, 0, 0, 0)
        name.setWidth(self.width() / 3 - _GAP)
        elided = painter.fontMetrics().elidedText(
            bar.name, Qt.TextElideMode.ElideRight, int(name.width())
        )
        painter.drawText(name, middle, elided)
        painter.setFont(self.font())
        right = middle | Qt.AlignmentFlag.AlignRight
        painter.drawText(area.adjusted(0, 0, -_GAP, 0), right, self._text(bar))

    def _paint_bars(self, painter: QPainter, bar: ClassBar, room: QRectF, most: int) -> None:
        palette = self.palette()
        height = _BAR_HEIGHT if len(bar.counts) == 1 else _THIN_BAR_HEIGHT
        top = room.center().y() - height * len(bar.counts) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        roles = (QPalette.ColorRole.Highlight, QPalette.ColorRole.BrightText)
        for number, count in enumerate(bar.counts):
            length = max(0.0, room.width() * count / most)
            painter.setBrush(palette.color(roles[number % 2]))
            painter.drawRoundedRect(QRectF(room.left(), top, length, height - 1), 2, 2)
            top += height

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _advance(self, bar: ClassBar) -> int:
        return self.fontMetrics().horizontalAdvance(self._text(bar))

    def _text(self, bar: ClassBar) -> str:
        return " · ".join(f"{count:,}" for count in bar.counts)

    def _described(self, bar: ClassBar) -> str:
        counts = zip(self._splits, bar.counts, strict=True)
        parts = [f"{count:,} {split_text(name)}" for name, count in counts]
        return self.tr("{0}: {1}. Click to see them in the grid.").format(
            bar.name, ", ".join(parts)
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row below the mouse."""
        self._hover(self._row_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a class."""
        row = self._row_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._move_cursor(row)
            self.activated.emit(self._bars[row].label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with the arrows, choose with Enter or Space."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self._move_cursor(self._cursor + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._bars:
            self.activated.emit(self._bars[self._cursor].label)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say the counts when the mouse rests on a row."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(event.pos())
            text = self._described(self._bars[row]) if row >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _row_at(self, place: QPoint) -> int:
        row = place.y() // _ROW_HEIGHT
        return row if 0 <= row < len(self._bars) else -1

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            shape = Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def _move_cursor(self, row: int) -> None:
        if 0 <= row < len(self._bars):
            self._cursor = row
            self._describe_cursor()
            self.update()
            viewport = self.parentWidget()
            area = viewport.parentWidget() if viewport is not None else None
            if isinstance(area, QScrollArea):
                area.ensureVisible(0, self.row_center(row).y(), 0, _ROW_HEIGHT)

    def _describe_cursor(self) -> None:
        bars = self._bars
        self.setAccessibleDescription(self._described(bars[self._cursor]) if bars else "")


class ClassDistribution(DatasetView):
    """Bars, their order, and one sentence about how even they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = QComboBox()
        self.order.addItem(self.tr("By class"))
        self.order.addItem(self.tr("Most first"))
        self.order.addItem(self.tr("Fewest first"))
        self.order.setAccessibleName(self.tr("Order of the classes"))
        self.order.setToolTip(self.tr("Order of the classes"))
        self.order.currentIndexChanged.connect(self._on_order_changed)
        self.legend = wrapped_label()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.sentence = wrapped_label()
        self.chart = BarChart()
        self.chart.activated.connect(self._on_chart_activated)
        self.controls.addWidget(self.order)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.sentence)
        self.body.addWidget(scrolled(self.chart), 1)
        self._counts: dict[str, tuple[int, ...]] = {}

    def work(self, shown: Shown) -> Work:
        """Count."""

        def count(context: Context) -> dict[str, tuple[int, ...]]:
            context.check()
            if shown.indices is None:
                order = [s for s in (TRAIN, TEST) if s in shown.stored.splits]
                return {split: shown.stored.card.counts[split] for split in order}
            labels = np.asarray(shown.data.labels)[shown.indices]
            return {shown.split: class_counts(labels, len(shown.alphabet))}

        return count

    def clear_result(self) -> None:
        """Show no bars."""
        self._counts = {}
        self.sentence.setText("")
        self.chart.set_bars((), ())

    def show_result(self, shown: Shown, result: Any) -> None:
        """Show the counts."""
        self._counts = result
        self.sentence.setText(self._evenness(shown))
        self._show_bars()

    def _show_bars(self) -> None:
        shown = self.shown
        if shown is None or not self._counts:
            return
        columns = list(self._counts.values())
        bars = [
            ClassBar(label, name, tuple(column[label] for column in columns))
            for label, name in enumerate(shown.names)
        ]
        if self.order.currentIndex():
            sign = -1 if self.order.currentIndex() == 1 else 1
            bars.sort(key=lambda bar: sign * sum(bar.counts))
        palette = self.palette()
        roles = (QPalette.ColorRole.Highlight, QPalette.ColorRole.BrightText)
        marks = []
        for role, (split, column) in zip(roles, self._counts.items(), strict=False):
            square = f'<span style="color:{palette.color(role).name()}">■</span>'
            marks.append(f"{square}&nbsp;{split_text(split)}&nbsp;{sum(column):,}")
        self.legend.setText(" &nbsp;".join(marks))
        self.chart.set_bars(tuple(bars), tuple(self._counts))

    def _evenness(self, shown: Shown) -> str:
        """Return one sentence about how even the classes of the split are."""
        found = balance(self._counts[shown.split])
        if found is None:
            return self.tr("There are no samples here.")
        names = shown.names
        most, fewest = names[found.most], names[found.fewest]
        missing = len(found.missing)
        if missing == len(names) - 1:
            return self.tr("All samples are of one class: “{0}”.").format(most)
        if found.ratio <= _EVEN:
            sentence = self.tr("The classes are even: none has much more than another.")
        elif found.ratio <= _NEARLY_EVEN:
            sentence = self.tr(
                "The classes are nearly even: “{0}” has {1:.1f} times as many samples as “{2}”."
            ).format(most, found.ratio, fewest)
        else:
            sentence = self.tr(
                "“{0}” has {1:.1f} times as many samples as “{2}”: a network that is trained on "
                "them will guess “{0}” too readily."
            ).format(most, found.ratio, fewest)
        if missing:
            sentence += " " + self.tr("{0} of {1} classes have none.").format(missing, len(names))
        return sentence

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._show_bars()
        super().changeEvent(event)

    @Slot()
    def _on_order_changed(self) -> None:
        self._show_bars()

    @Slot(int)
    def _on_chart_activated(self, label: int) -> None:
        shown = self.shown
        if shown is not None:
            name = shown.names[label]
            self.filter_requested.emit(shown.of_class(label), self.tr("Class {0}").format(name))
