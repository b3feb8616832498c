"""Tables of records: shown as texts, sorted by amounts; and rows of plain texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from emnist_desktop.ui.compat import override

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
"""What rows are sorted by: amounts, not their texts."""

EDIT_TRIGGERS = QAbstractItemView.EditTrigger.DoubleClicked | (
    QAbstractItemView.EditTrigger.EditKeyPressed
)
"""A double click or F2 edits; any other key would overwrite what stands there."""

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RecordModel(QAbstractTableModel, Generic[R]):
    """A row a record; a subclass says what stands in its cells.

    Attributes
    ----------
    columns : sequence of (str, str)
        Title of each, and what it means, which may be empty.
    rows : list
        The records.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.columns: Sequence[tuple[str, str]] = ()
        self.rows: list[R] = []

    def show_rows(self, rows: Sequence[R]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def texts(self, row: R) -> Sequence[str]:
        """Return the texts of the cells of a row."""
        raise NotImplementedError

    def keys(self, row: R) -> Sequence[str | float]:
        """Return what each column is sorted by."""
        raise NotImplementedError

    def tip(self, row: R, column: int) -> str:
        """Return the tool tip of a cell; none by default."""
        return ""

    def alignment(self, column: int) -> Qt.AlignmentFlag | None:
        """Return where the text of a cell stands; None for Qt's way."""
        return None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        title, meaning = self.columns[section]
        found = {Qt.ItemDataRole.DisplayRole: title, Qt.ItemDataRole.ToolTipRole: meaning or None}
        return found.get(Qt.ItemDataRole(role))

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts(row)[column]
        if role == SORT_ROLE:
            return self.keys(row)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row, column)
        return self.alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None


def sorted_by_amounts(model: QAbstractItemModel) -> QSortFilterProxyModel:
    """Return what sorts a model by its `SORT_ROLE`."""
    proxy = QSortFilterProxyModel(model)
    proxy.setSourceModel(model)
    proxy.setSortRole(SORT_ROLE)
    return proxy


def fill(
    table: QTableWidget,
    rows: Iterable[tuple[Sequence[str], str | None]],
    right: Collection[int] = (),
) -> None:
    """Replace the rows of a table, each texts and a tool tip; a cell without one repeats its text.

    Parameters
    ----------
    table : QTableWidget
    rows : iterable of (sequence of str, str or None)
    right : collection of int
        Columns of amounts.
    """
    shown = list(rows)
    table.setRowCount(len(shown))
    for number, (texts, tip) in enumerate(shown):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text if tip is None else tip)
            if column in right:
                item.setTextAlignment(RIGHT)
            table.setItem(number, column, item)
