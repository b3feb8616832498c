"""How many samples each class has: a bar for each, which filters the grid."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, DatasetView
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import fill_in, local, split_text
from emnist_desktop.ui.item_view import GridView
from emnist_desktop.ui.layout import scroll_area
from emnist_desktop.ui.style import wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.statistics import balance
from trainer.datasets.store import SPLITS, class_counts

_ROW_HEIGHT = 24
_BAR_HEIGHT, _THIN_BAR_HEIGHT = 12.0, 6.0
_GAP = 8
_SPLIT_ROLES = (
    QPalette.ColorRole.Highlight,
    QPalette.ColorRole.BrightText,
    QPalette.ColorRole.WindowText,
)
"""Colours of the first, the second and the third split."""

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


class BarChart(GridView):
    """Bars below one another; one to three in each row, a click on which chooses the class."""

    gap = 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[ClassBar, ...] = ()
        """What is shown, from top to bottom."""
        self._splits: tuple[str, ...] = ()
        self._left, self._right, self._most = 0, 0, 1
        self.setAccessibleName(self.tr("Samples of each class"))

    @property
    def count(self) -> int:
        """How many classes are shown."""
        return len(self.bars)

    def set_bars(self, bars: tuple[ClassBar, ...], splits: tuple[str, ...]) -> None:
        """Show other bars; `splits` names their counts."""
        self.bars, self._splits = bars, splits
        self.items_changed()

    def cell_size(self) -> QSize:
        """Return the size of a row."""
        return QSize(self.width(), _ROW_HEIGHT)

    def steps(self) -> dict[Qt.Key, int]:
        """Go up and down."""
        return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

    @override
    def sizeHint(self) -> QSize:
        return QSize(280, self.minimumHeight())

    def paint_ground(self, painter: QPainter) -> None:
        """Measure how much room names and counts leave."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold, plain = QFontMetrics(self._bold()), self.fontMetrics()
        names = max(bold.horizontalAdvance(bar.name) for bar in self.bars)
        texts = max(plain.horizontalAdvance(_counts_text(bar)) for bar in self.bars)
        self._left = min(names + 2 * _GAP, self.width() // 3)
        self._right = texts + 2 * _GAP
        self._most = max(1, *(max(bar.counts) for bar in self.bars))

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a row: its name, its bars, its counts."""
        self._paint_row(painter, number, QRectF(area))
        self._paint_bars(
            painter, self.bars[number], QRectF(area).adjusted(self._left, 0, -self._right, 0)
        )

    def _paint_row(self, painter: QPainter, number: int, area: QRectF) -> None:
        palette, bar = self.palette(), self.bars[number]
        if number == self.hovered or self.has_cursor(number):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(area, 4, 4)
        if self.has_cursor(number):
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
        painter.drawText(area.adjusted(0, 0, -_GAP, 0), right, _counts_text(bar))

    def _paint_bars(self, painter: QPainter, bar: ClassBar, room: QRectF) -> None:
        height = _BAR_HEIGHT if len(bar.counts) == 1 else _THIN_BAR_HEIGHT
        top = room.center().y() - height * len(bar.counts) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        for number, count in enumerate(bar.counts):
            length = max(0.0, room.width() * count / self._most)
            painter.setBrush(self.palette().color(_SPLIT_ROLES[number]))
            painter.drawRoundedRect(QRectF(room.left(), top, length, height - 1), 2, 2)
            top += height

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def item_text(self, number: int) -> str:
        """Say the counts of a class."""
        bar = self.bars[number]
        counts = zip(self._splits, bar.counts, strict=True)
        parts = [f"{local(count)} {split_text(name)}" for name, count in counts]
        return self.tr("{0}: {1}. Click to see them in the grid.").format(
            bar.name, ", ".join(parts)
        )


def _counts_text(bar: ClassBar) -> str:
    return " · ".join(local(count) for count in bar.counts)


class ClassDistribution(DatasetView):
    """Bars, their order, and one sentence about how even they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = QComboBox()
        self.order.addItems([self.tr("By class"), self.tr("Most first"), self.tr("Fewest first")])
        self.order.setAccessibleName(self.tr("Order of the classes"))
        self.order.setToolTip(self.tr("Order of the classes"))
        self.order.currentIndexChanged.connect(self._show_bars)
        self.legend = wrapped_label()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.chart = BarChart()
        self.chart.activated.connect(self._on_chart_activated)
        self.controls.addWidget(self.order)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.sentence)
        self.body.addWidget(scroll_area(self.chart), 1)

    def work(self, shown: DatasetSelection) -> Work:
        """Count."""

        def count(context: Context) -> dict[str, tuple[int, ...]]:
            context.check()
            if shown.indices is None:
                order = [s for s in SPLITS if s in shown.stored.splits]
                return {split: shown.stored.card.counts[split] for split in order}
            labels = np.asarray(shown.data.labels)[shown.indices]
            return {shown.split: class_counts(labels, len(shown.alphabet))}

        return count

    def clear_result(self) -> None:
        """Show no bars."""
        super().clear_result()
        self.chart.set_bars((), ())

    def show_result(self, shown: DatasetSelection, result: dict[str, tuple[int, ...]]) -> None:
        """Show the counts."""
        self.sentence.setText(self._evenness(shown, result[shown.split]))
        self._show_bars()

    @Slot()
    def _show_bars(self) -> None:
        shown, counts = self.shown, self.result
        if shown is None or counts is None:
            return
        columns = list(counts.values())
        bars = [
            ClassBar(label, name, tuple(column[label] for column in columns))
            for label, name in enumerate(shown.names)
        ]
        if self.order.currentIndex():
            sign = -1 if self.order.currentIndex() == 1 else 1
            bars.sort(key=lambda bar: sign * sum(bar.counts))
        palette = self.palette()
        marks = []
        for role, (split, column) in zip(_SPLIT_ROLES, counts.items(), strict=False):
            square = f'<span style="color:{palette.color(role).name()}">■</span>'
            marks.append(f"{square}&nbsp;{escape(split_text(split))}&nbsp;{local(sum(column))}")
        self.legend.setText(" &nbsp;".join(marks))
        self.chart.set_bars(tuple(bars), tuple(counts))

    def _evenness(self, shown: DatasetSelection, counts: tuple[int, ...]) -> str:
        found = balance(counts)
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
            sentence = fill_in(
                self.tr(
                    "The classes are nearly even: “{0}” has {1:.1f} times as many samples as “{2}”."
                ),
                most,
                found.ratio,
                fewest,
            )
        else:
            sentence = fill_in(
                self.tr(
                    "“{0}” has {1:.1f} times as many samples as “{2}”: a network that is trained "
                    "on them will guess “{0}” too readily."
                ),
                most,
                found.ratio,
                fewest,
            )
        if missing:
            sentence += " " + self.tr("{0} of {1} classes have none.").format(missing, len(names))
        return sentence

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._show_bars()
        super().changeEvent(event)

    @Slot(int)
    def _on_chart_activated(self, number: int) -> None:
        shown = self.shown
        if shown is not None:
            label = self.chart.bars[number].label
            name = shown.names[label]
            self.filter_requested.emit(shown.of_class(label), self.tr("Class {0}").format(name))
