"""The runs as a table's model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.format import (
    accuracy_text,
    chosen_after_text,
    run_title,
    size_text,
    status_text,
    test_text,
    time_text,
)
from trainer.runs.list_runs import RunSummary

NAME, NOTE = 0, 10
"""Columns that can be edited."""

SORT_ROLE = Qt.ItemDataRole.UserRole
"""What rows are sorted by: amounts, not their texts."""

_Index = QModelIndex | QPersistentModelIndex


class RunModel(QAbstractTableModel):
    """The runs as a table; their name and note can be edited.

    Signals
    -------
    label_edited : object, str, str
        Folder, new title, new note.
    """

    label_edited = Signal(object, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: list[RunSummary] = []
        self._titles = (
            self.tr("Name"),
            self.tr("Status"),
            self.tr("Validation accuracy (95 %)"),
            self.tr("Test accuracy"),
            self.tr("Model"),
            self.tr("Dataset"),
            self.tr("Epochs"),
            self.tr("Time"),
            self.tr("Size"),
            self.tr("Seed"),
            self.tr("Note"),
        )

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Replace all rows; what is selected stays where the runs are the same."""
        if [run.root for run in runs] == [run.root for run in self.runs]:
            self.runs = list(runs)
            if runs:
                last = self.index(len(runs) - 1, len(self._titles) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.runs = list(runs)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let the name and the note be edited."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() in (NAME, NOTE):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(run)[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return run.note if index.column() == NOTE else run_title(run)
        if role == SORT_ROLE:
            return self._keys(run)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            made = time.strftime("%x %X", time.localtime(run.created))
            mark = chosen_after_text(run)
            begun, said = self.tr("Started {0}").format(made), error_text(run.message)
            parts = (run_title(run), begun, said, mark, run.note)
            return "\n".join(filter(None, parts))
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        run, text = self.runs[index.row()], str(value).strip()
        if index.column() == NOTE:
            self.label_edited.emit(run.root, run.own_title, text)
        elif text != run_title(run):  # what nobody has typed stays the default, which grows
            self.label_edited.emit(run.root, text, run.note)
        return True

    def _texts(self, run: RunSummary) -> tuple[str, ...]:
        return (
            run_title(run),
            status_text(run.status),
            accuracy_text(run),
            test_text(run),
            run.preset,
            run.dataset,
            self.tr("{0} of {1}").format(run.epochs_done, run.epochs),
            time_text(run.seconds) if run.seconds else "–",
            size_text(run.n_bytes),
            str(run.seed),
            run.note,
        )

    @staticmethod
    def _keys(run: RunSummary) -> tuple[str | float, ...]:
        return (
            run_title(run).lower(),
            run.status.value,
            -1.0 if run.accuracy is None else run.accuracy,
            -1.0 if run.test_result is None else run.test_result.accuracy,
            run.preset,
            run.dataset,
            run.epochs_done,
            run.seconds,
            run.n_bytes,
            run.seed,
            run.note.lower(),
        )
