"""The runs as a table's model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.format import (
    accuracy_text,
    chosen_after_text,
    extent_text,
    merged_accuracy_text,
    moment_text,
    preset_text,
    run_title,
    size_text,
    status_text,
    test_text,
    time_text,
    title_text,
)
from emnist_desktop.ui.table import Index, RecordModel
from trainer.runs.list_runs import RunSummary

NAME, NOTE = 0, 10
"""Columns that can be edited."""


class RunModel(RecordModel[RunSummary]):
    """The runs as a table; their name and note can be edited.

    Signals
    -------
    label_edited : object, str, str
        Folder, new title, new note.
    """

    label_edited = Signal(object, str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        titles = (
            self.tr("Name"),
            self.tr("Status"),
            self.tr("Validation accuracy (95 %)"),
            self.tr("Test accuracy"),
            self.tr("Model"),
            self.tr("Dataset"),
            self.tr("Extent"),
            self.tr("Time"),
            self.tr("Folder size"),
            self.tr("Seed"),
            self.tr("Note"),
        )
        self.columns = [(title, "") for title in titles]

    def show_rows(self, rows: Sequence[RunSummary]) -> None:
        """Replace all rows; what is selected stays where the runs are the same."""
        if [run.root for run in rows] != [run.root for run in self.rows]:
            super().show_rows(rows)
            return
        self.rows = list(rows)
        if rows:
            last = self.index(len(rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the name and the note be edited."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() in (NAME, NOTE):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        if role == Qt.ItemDataRole.EditRole:
            run = self.rows[index.row()]
            return run.note if index.column() == NOTE else run_title(run)
        return super().data(index, role)

    def tip(self, row: RunSummary, column: int) -> str:
        """Return what is known of a run beside its figures."""
        begun = self.tr("Started {0}").format(moment_text(round(row.created)))
        said = error_text(row.message)
        figures = (merged_accuracy_text(row), chosen_after_text(row))
        parts = (run_title(row), begun, said, *figures, row.note)
        return "\n".join(filter(None, parts))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        run, text = self.rows[index.row()], str(value).strip()
        if index.column() == NOTE:
            self.label_edited.emit(run.root, run.own_title, text)
        elif text != run_title(run):  # what nobody has typed stays the default, which grows
            self.label_edited.emit(run.root, text, run.note)
        return True

    def texts(self, row: RunSummary) -> tuple[str, ...]:
        """Return the texts of the cells of a row."""
        return (
            run_title(row),
            status_text(row.status),
            accuracy_text(row),
            test_text(row),
            preset_text(row.preset),
            row.trained_on(title_text),
            extent_text(row),
            time_text(row.seconds) if row.seconds else "–",
            size_text(row.n_bytes),
            str(row.seed),
            row.note,
        )

    def keys(self, row: RunSummary) -> tuple[str | float, ...]:
        """Return what each column is sorted by."""
        return (
            run_title(row).lower(),
            row.status.value,
            -1.0 if row.accuracy is None else row.accuracy,
            -1.0 if row.test_result is None else row.test_result.accuracy,
            preset_text(row.preset).lower(),
            row.trained_on(title_text).lower(),
            row.epochs_done,
            row.seconds,
            row.n_bytes,
            row.seed,
            row.note.lower(),
        )
