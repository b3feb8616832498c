"""The trials of a search, a row each."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.search.record import StudyRecord, TrialRecord, shown_value
from emnist_desktop.ui.controls import prepare_table
from emnist_desktop.ui.format import local

_NUMBER, _STATE, _ACCURACY, _FIRST_FIELD = 0, 1, 2, 3
_ROOM_OF_ARROW = 18
"""Beside a heading, for the arrow that says what the table is sorted by."""

_KEY = Qt.ItemDataRole.UserRole


class TrialTable(QTableWidget):
    """A live table; sorted by what its heading is clicked for.

    Signals
    -------
    trial_chosen : int
        Its number.
    trial_opened : int
        It was double-clicked, or return was pressed on it.
    """

    trial_chosen = Signal(int)
    trial_opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare_table(self, self.tr("Trials"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._columns: tuple[str, ...] = ()
        self._shown: dict[int, tuple[TrialRecord, bool]] = {}
        self.itemSelectionChanged.connect(self._on_selection_changed)
        self.itemActivated.connect(self._on_item_activated)

    def show_study(self, study: StudyRecord) -> None:
        """Show the trials of a study; the chosen one stays chosen."""
        chosen = self.chosen
        self.blockSignals(True)
        self.setSortingEnabled(False)
        is_new = self._columns != (study.study, *study.fields)
        if is_new:
            self._columns = (study.study, *study.fields)
            titles = map(study.title, study.fields)
            heads = [self.tr("Trial"), self.tr("State"), self.tr("Accuracy"), *titles]
            self.setColumnCount(len(heads) + 1)
            self.setHorizontalHeaderLabels([*heads, self.tr("Time")])
            self._shown = {}
            self.setRowCount(0)
        rows = {
            item.data(_KEY): row for row in range(self.rowCount()) if (item := self.item(row, 0))
        }
        self.setRowCount(len(study.trials))
        for trial in study.trials:
            shown = (trial, trial.number == study.best)
            if self._shown.get(trial.number) != shown:  # a cell costs ten times a comparison
                self._shown[trial.number] = shown
                self._fill(rows.setdefault(trial.number, len(rows)), trial, study)
        if is_new:
            self.horizontalHeader().setSortIndicator(_NUMBER, Qt.SortOrder.AscendingOrder)
            self.resizeColumnsToContents()
            for column in range(self.columnCount()):
                self.setColumnWidth(column, self.columnWidth(column) + _ROOM_OF_ARROW)
        self.setSortingEnabled(True)
        self.choose(chosen)
        self.blockSignals(False)

    @property
    def chosen(self) -> int | None:
        """The number of the chosen trial."""
        rows = self.selectionModel().selectedRows(_NUMBER)
        return int(rows[0].data(_KEY)) if rows else None

    def choose(self, number: int | None) -> None:
        """Mark a trial, without a signal."""
        with QSignalBlocker(self):
            self.clearSelection()
            for row in range(self.rowCount()):
                item = self.item(row, _NUMBER)
                if item is not None and item.data(_KEY) == number:
                    self.selectRow(row)

    @Slot()
    def _on_selection_changed(self) -> None:
        if self.chosen is not None:
            self.trial_chosen.emit(self.chosen)

    @Slot(QTableWidgetItem)
    def _on_item_activated(self, item: QTableWidgetItem) -> None:
        if self.chosen is not None:
            self.trial_opened.emit(self.chosen)

    def _fill(self, row: int, trial: TrialRecord, study: StudyRecord) -> None:
        accuracy = "–" if trial.accuracy is None else local(trial.accuracy, ".2%")
        if trial.number == study.best:
            accuracy = f"★ {accuracy}"
        cells: list[tuple[str, Any]] = [
            (str(trial.number), trial.number),
            (self._state_text(trial), trial.state),
            (accuracy, -1.0 if trial.accuracy is None else trial.accuracy),
        ]
        for name in study.fields:
            value = trial.settings.get(name)
            cells.append(("–", "") if value is None else (shown_value(value), value))
        cells.append((f"{local(trial.seconds, ',.1f')} s" if trial.seconds else "–", trial.seconds))
        tip = error_text(trial.message) or self._place_text(trial)
        for column, (text, key) in enumerate(cells):
            item = _Cell(text)
            item.setData(_KEY, key)
            item.setToolTip(tip)
            if column != _STATE and not isinstance(key, str):
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                item.setTextAlignment(flags)
            if trial.state == "failed":
                item.setForeground(QBrush(self.palette().brightText()))
            self.setItem(row, column, item)

    def _state_text(self, trial: TrialRecord) -> str:
        texts = {
            "waiting": self.tr("waits"),
            "running": self.tr("training, {0} epochs").format(len(trial.epochs)),
            "interrupted": self.tr("interrupted"),
            "finished": self.tr("finished"),
            "pruned": self.tr("ended early"),
            "failed": self.tr("failed"),
        }
        return texts.get(trial.state, trial.state)

    def _place_text(self, trial: TrialRecord) -> str:
        if not trial.run:
            return ""
        return self.tr("{0}\non {1}").format(trial.run, trial.host)


class _Cell(QTableWidgetItem):
    def __lt__(self, other: QTableWidgetItem) -> bool:
        ours, theirs = self.data(_KEY), other.data(_KEY)
        try:
            return bool(ours < theirs)
        except TypeError:
            return str(ours) < str(theirs)
