"""A line for each class: precision, recall, F1, and what it is often read as. Sortable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from emnist_desktop.models.report.metric_cards import tr
from emnist_desktop.ui.controls import prepare_table
from emnist_desktop.ui.format import local, percent
from emnist_desktop.ui.table import SORT_ROLE, Index, RecordModel, sorted_by_amounts

CLASS, SAMPLES, ACCURACY, READ_AS, PRECISION, RECALL, F1 = range(7)
"""The columns."""

_ROWS_SHOWN = 64
"""With more classes the table scrolls by itself."""

_LEAST_COLUMN, _ROW_HEIGHT = 52, 25
_LARGEST_WIDTH = 760
"""Of the table: in a wide window the columns of a line must not drift apart."""

_BAR_WIDTH = 44
_GAP = 6


@dataclass(frozen=True)
class ClassRow:
    """A class of a report: its index and figures, and what it is most often misread as."""

    index: int
    figures: dict[str, Any]
    worst: str
    count: int


class ClassTableModel(RecordModel[ClassRow]):
    """The classes of a report, in the order of its alphabet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns, self._view = _titles(), parent

    def show_figures(self, figures: dict[str, Any]) -> None:
        """Show the classes of another report."""
        characters, rows = figures["characters"], []
        for true, (entry, counts) in enumerate(
            zip(figures["per_class"], figures["confusion"], strict=True)
        ):
            errors = [0 if each == true else count for each, count in enumerate(counts)]
            most = max(errors)
            worst = characters[errors.index(most)] if most else ""
            rows.append(ClassRow(true, entry, worst, most))
        self.show_rows(rows)

    def texts(self, row: ClassRow) -> tuple[str, ...]:
        """Return the texts of the cells of a class."""
        found, count = row.figures, row.figures["support"]
        return (
            str(found["character"]),
            local(count),
            _share(found["accuracy"], count),
            f"{row.worst} ({local(row.count)})" if row.count else "–",
            _share(found["precision"], found["predicted"]),
            _share(found["recall"], count),
            _share(found["f1"], count),
        )

    def keys(self, row: ClassRow) -> tuple[float, ...]:
        """Return what each column is sorted by."""
        found = row.figures
        shares = (found[name] for name in ("precision", "recall", "f1"))
        return (row.index, found["support"], found["accuracy"], row.count, *shares)

    def tip(self, row: ClassRow, column: int) -> str:
        """Return the counts behind a cell, in words."""
        found, name = row.figures, row.figures["character"]
        if column == READ_AS and row.count:
            text = tr("{0} of the samples of {1} were read as {2}: click to see them.")
            return text.format(local(row.count), name, row.worst)
        if column == PRECISION:
            text = tr("{0} samples were read as {1}; {2} of them are.")
            return text.format(local(found["predicted"]), name, local(found["correct"]))
        text = tr("{0} of the {1} samples of {2} were read right. Enter: its errors.")
        return text.format(local(found["correct"]), local(found["support"]), name)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Put classes on the left, what they are read as in the middle, amounts on the right."""
        sides = {CLASS: Qt.AlignmentFlag.AlignLeft, READ_AS: Qt.AlignmentFlag.AlignHCenter}
        return sides.get(column, Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Put a title above its cells."""
        is_above = orientation is Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.TextAlignmentRole and is_above:
            return self.alignment(section)
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell; what a class is read as is a link."""
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == READ_AS:
            return self._view.palette().color(QPalette.ColorRole.Link)
        return super().data(index, role)


class ClassTable(QTableView):
    """The table; a click on a heading sorts, Enter or a double click opens a class.

    Signals
    -------
    class_chosen : str, str
        A class, and as what it was misread; empty for whatever it was read as.
    """

    class_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = ClassTableModel(self)
        self._sorted = sorted_by_amounts(self._list)
        self._bars = _BarPainter(self)
        self.setModel(self._sorted)
        self.setItemDelegateForColumn(ACCURACY, self._bars)
        self.setSortingEnabled(True)
        self.sortByColumn(CLASS, Qt.SortOrder.AscendingOrder)
        prepare_table(self, self.tr("Figures of each class"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMaximumWidth(_LARGEST_WIDTH)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(_LEAST_COLUMN)
        header.setSectionResizeMode(READ_AS, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_clicked)

    def show_figures(self, figures: dict[str, Any]) -> None:
        """Show the classes of another report, in the order that was chosen."""
        self._list.show_figures(figures)
        rows = min(self._list.rowCount(), _ROWS_SHOWN)
        height = self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(rows * height + self.horizontalHeader().sizeHint().height() + bar)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        row = self._list.rows[self._sorted.mapToSource(index).row()]
        worst = row.worst if index.column() == READ_AS else ""
        self.class_chosen.emit(row.figures["character"], worst)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row = self._list.rows[self._sorted.mapToSource(index).row()]
        if index.column() == READ_AS and row.worst:
            self._on_activated(index)


class _BarPainter(QStyledItemDelegate):
    """Paints a share as a bar with its figure."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + _BAR_WIDTH + 2 * _GAP, size.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the figure as every cell's, and the bar to its left."""
        super().paint(painter, option, index)
        share = float(index.data(SORT_ROLE))
        palette: QPalette = option.palette
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        track = QRectF(option.rect).adjusted(_GAP, 0, 0, 0)
        track.setWidth(_BAR_WIDTH)
        track.adjust(0, track.height() / 2 - 4, 0, 4 - track.height() / 2)
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Highlight
        bar, ground = palette.color(role), QColor(palette.color(QPalette.ColorRole.Mid))
        ground.setAlphaF(0.6)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(bar)
        track.setWidth(_BAR_WIDTH * share)
        painter.drawRoundedRect(track, 2, 2)
        painter.restore()


def _share(value: float, n: int) -> str:
    return percent(value) if n else "–"


def _titles() -> tuple[tuple[str, str], ...]:
    return (
        (tr("Class"), tr("The true class")),
        (tr("Samples"), tr("How many samples of the class there are: its support")),
        (tr("Accuracy"), tr("Share of the samples of the class that were read right")),
        (tr("Read as"), tr("The class that it is most often mistaken for, and how often")),
        (tr("Precision"), tr("Share of what was read as the class that is of the class")),
        (tr("Recall"), tr("Share of the class that was found: the same as its accuracy")),
        (tr("F1"), tr("Harmonic mean of precision and recall")),
    )
