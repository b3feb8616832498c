"""A line for each class: precision, recall, F1, and what it is often read as. Sortable."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
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

from emnist_desktop.ui.controls import prepare_table
from emnist_desktop.ui.format import percent

CLASS, SAMPLES, ACCURACY, READ_AS, PRECISION, RECALL, F1 = range(7)
"""The columns."""

_SORTED_BY = Qt.ItemDataRole.UserRole
_ROWS_SHOWN = 64
"""With more classes the table scrolls by itself."""

_LEAST_COLUMN, _ROW_HEIGHT = 52, 25
_LARGEST_WIDTH = 760
"""Of the table: in a wide window the columns of a line must not drift apart."""

_BAR_WIDTH = 44
_GAP = 6
_Index = QModelIndex | QPersistentModelIndex


class ClassTableModel(QAbstractTableModel):
    """The classes of a report, in the order of its alphabet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: list[dict[str, Any]] = []
        self._worst: list[tuple[str, int]] = []

    def show_figures(self, figures: dict[str, Any]) -> None:
        """Show the classes of another report."""
        self.beginResetModel()
        self._classes = figures["per_class"]
        characters = figures["characters"]
        self._worst = []
        for true, row in enumerate(figures["confusion"]):
            errors = [0 if each == true else count for each, count in enumerate(row)]
            most = max(errors)
            self._worst.append((characters[errors.index(most)], most) if most else ("", 0))
        self.endResetModel()

    def pair_of(self, row: int) -> tuple[str, str]:
        """Return a class, and what it is most often misread as; empty if never."""
        return self._classes[row]["character"], self._worst[row][0]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many classes there are."""
        return 0 if parent is not None and parent.isValid() else len(self._classes)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else F1 + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column, or what it means."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        title, meaning = _titles()[section]
        return {
            Qt.ItemDataRole.DisplayRole: title,
            Qt.ItemDataRole.ToolTipRole: meaning,
            Qt.ItemDataRole.TextAlignmentRole: _alignment(section),
        }.get(Qt.ItemDataRole(role))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell: its text, or the number that it is sorted by."""
        row, column = index.row(), index.column()
        if role == _SORTED_BY:
            return self._value(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and column == READ_AS:
            return _palette_of(self).color(QPalette.ColorRole.Link)
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _value(self, row: int, column: int) -> int | float:
        entry = self._classes[row]
        if column in _NAMES:
            number: int | float = entry[_NAMES[column]]
            return number
        return row if column == CLASS else self._worst[row][1]

    def _text(self, row: int, column: int) -> str:
        entry = self._classes[row]
        if column == CLASS:
            return str(entry["character"])
        if column == READ_AS:
            character, count = self._worst[row]
            return f"{character} ({count:,})" if count else "–"
        value = self._value(row, column)
        if column == SAMPLES:
            return f"{value:,}"
        is_known = entry["predicted"] if column == PRECISION else entry["support"]
        return percent(value) if is_known else "–"

    def _tip(self, row: int, column: int) -> str:
        entry = self._classes[row]
        name, (worst, count) = entry["character"], self._worst[row]
        if column == READ_AS and count:
            text = tr("{0} of the samples of {1} were read as {2}: click to see them.")
            return text.format(f"{count:,}", name, worst)
        if column == PRECISION:
            text = tr("{0} samples were read as {1}; {2} of them are.")
            return text.format(f"{entry['predicted']:,}", name, f"{entry['correct']:,}")
        text = tr("{0} of the {1} samples of {2} were read right. Enter: its errors.")
        return text.format(f"{entry['correct']:,}", f"{entry['support']:,}", name)


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
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._list)
        self._sorted.setSortRole(_SORTED_BY)
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
        character, worst = self._list.pair_of(self._sorted.mapToSource(index).row())
        self.class_chosen.emit(character, worst if index.column() == READ_AS else "")

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        pair = self._list.pair_of(self._sorted.mapToSource(index).row())
        if index.column() == READ_AS and pair[1]:
            self.class_chosen.emit(*pair)


class _BarPainter(QStyledItemDelegate):
    """Paints a share as a bar with its figure."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return room for both."""
        size = super().sizeHint(option, index)
        return QSize(size.width() + _BAR_WIDTH + 2 * _GAP, size.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the figure as every cell's, and the bar to its left."""
        super().paint(painter, option, index)
        share = float(index.data(_SORTED_BY))
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


_NAMES = {
    SAMPLES: "support",
    ACCURACY: "accuracy",
    PRECISION: "precision",
    RECALL: "recall",
    F1: "f1",
}


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


def _alignment(column: int) -> Qt.AlignmentFlag:
    sides = {CLASS: Qt.AlignmentFlag.AlignLeft, READ_AS: Qt.AlignmentFlag.AlignHCenter}
    return sides.get(column, Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter


def _palette_of(item: QObject) -> QPalette:
    parent = item.parent()
    return parent.palette() if isinstance(parent, QWidget) else QPalette()


def tr(text: str) -> str:
    """Return a text in the language; lupdate collects what is given to a function of this name."""
    return QCoreApplication.translate("Report", text)
