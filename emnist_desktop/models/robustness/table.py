"""Accuracy by corruption and strength: a table that is sorted by its columns, heat-coloured."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from emnist_desktop.models.robustness.result import (
    NO_RESULT,
    AccuracyEstimate,
    ModelRobustness,
    RobustnessResult,
)
from emnist_desktop.ui.colors import BLUE, WRONG, mixed, text_on
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.table import RIGHT, SORT_ROLE, Index, RecordModel, sorted_by_amounts
from trainer.evaluation.corruptions import N_STRENGTHS, Corruption

_MEAN = 1 + N_STRENGTHS
_LOST = _MEAN + 1
_STRONGEST = 0.75
"""A cell is filled at most so much, so that its figure stays readable."""

_LARGE_DIFFERENCE = 0.2
"""From here on a difference of accuracies has the full colour."""

_ROW_ROOM = 9
"""Above and below the text of a row, in pixels."""


class RobustnessModel(RecordModel[Corruption]):
    """A row a corruption: five strengths, their mean, and what is lost."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._result = NO_RESULT
        self._figures: ModelRobustness | None = None

    def show_figures(self, result: RobustnessResult, figures: ModelRobustness | None) -> None:
        """Show a model of a result, or the difference of two."""
        self._result, self._figures = result, figures
        lost = self.tr("Part of the untouched accuracy that is lost, in %")
        accuracy = self.tr("Accuracy at strength {0} of 5, in %")
        self.columns = [
            (self.tr("Corruption"), self.tr("What is done to the pictures")),
            *((str(n), accuracy.format(n)) for n in range(1, _MEAN)),
            (self.tr("Mean"), self.tr("Mean of the five strengths, in %")),
            *(() if self.is_difference else [(self.tr("Lost"), lost)]),
        ]
        self.show_rows(() if figures is None else result.corruptions)

    @property
    def is_difference(self) -> bool:
        """Whether the figures are differences."""
        return self._figures is not None and self._figures is self._result.difference

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        corruption, figures = self.rows[index.row()], self._figures
        if figures is None:
            return None
        if index.column() == 0:
            return self._name(corruption, role)
        is_strength = index.column() < _MEAN
        name, strength = corruption.name, index.column() - 1
        cell = figures.strengths[name][strength] if is_strength else figures.means[name]
        shown = figures.lost(cell) if index.column() == _LOST else cell.value
        if role == Qt.ItemDataRole.DisplayRole:
            return local(100 * shown, "+.1f") if self.is_difference else local(100 * shown, ".1f")
        if role == SORT_ROLE:
            return shown
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            amount = (
                f" {local(corruption.strengths[strength], 'g')} {corruption.unit}"
                if is_strength
                else ""
            )
            return self._sentence(corruption.title + amount, cell)
        return self._look(role, cell, figures.lost(cell))

    def _name(self, corruption: Corruption, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            return corruption.title
        if role == Qt.ItemDataRole.ToolTipRole:
            strengths = ", ".join(local(strength, "g") for strength in corruption.strengths)
            return f"{corruption.title}: {strengths} {corruption.unit}"
        return None

    def _sentence(self, what: str, cell: AccuracyEstimate) -> str:
        value, low, high = (100 * share for share in (cell.value, *cell.interval))
        if not self.is_difference:
            text = self.tr("{0}: {1:.1f} % (95 %: {2:.1f} to {3:.1f} %)")
            return fill_in(text, what, value, low, high)
        text = self.tr("{0}: {1:+.1f} points (95 %: {2:+.1f} to {3:+.1f})")
        sentence = fill_in(text, what, value, low, high)
        noise = self.tr("within noise")
        return f"{sentence}, {noise}" if low <= 0 <= high else sentence

    def _look(self, role: int, cell: AccuracyEstimate, lost: float) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        base = self._view.palette().color(QPalette.ColorRole.Base)
        ground = (
            _difference_ground(cell, base) if self.is_difference else _filled(base, WRONG, lost)
        )
        if role == Qt.ItemDataRole.BackgroundRole:
            return ground
        return text_on(ground) if role == Qt.ItemDataRole.ForegroundRole else None


class RobustnessTable(QTableView):
    """The table; a click on a title sorts, a cell chooses a corruption and a strength.

    Signals
    -------
    cell_chosen : str, int
        Corruption and strength from 1 to 5; strength 0 for the columns that have none.
    """

    cell_chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_silent = False
        self.figures = RobustnessModel(self)
        self._sorted = sorted_by_amounts(self.figures)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName(self.tr("Accuracy by corruption and strength"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _ROW_ROOM)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("+100.0 ▾"))
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_figures(self, result: RobustnessResult, figures: ModelRobustness | None) -> None:
        """Show other figures."""
        self.figures.show_figures(result, figures)
        resize = QHeaderView.ResizeMode.ResizeToContents
        self.horizontalHeader().setSectionResizeMode(0, resize)

    def choose(self, name: str, strength: int) -> None:
        """Go to a cell without a signal."""
        names = [each.name for each in self.figures.rows]
        if name in names:
            index = self.figures.index(names.index(name), strength or _MEAN)
            self._is_silent = True
            self.setCurrentIndex(self._sorted.mapFromSource(index))
            self._is_silent = False

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
        super().changeEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, before: QModelIndex) -> None:
        if self._is_silent or not index.isValid():
            return
        name = self.figures.rows[self._sorted.mapToSource(index).row()].name
        self.cell_chosen.emit(name, index.column() if 1 <= index.column() < _MEAN else 0)


def _difference_ground(difference: AccuracyEstimate, base: QColor) -> QColor:
    """Return the ground of a difference: blue for better, orange for worse, none within noise."""
    low, high = difference.interval
    if low <= 0 <= high:
        return base
    color = QColor(BLUE[0]) if difference.value > 0 else WRONG
    return _filled(base, color, abs(difference.value) / _LARGE_DIFFERENCE)


def _filled(base: QColor, color: QColor, share: float) -> QColor:
    return mixed(base, color, _STRONGEST * min(max(share, 0.0), 1.0))
