"""Every run there is, in a table: sort, rename, note, compare, delete, use."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.style import SPACING
from emnist_desktop.training.facts import accuracy_text, size_text, status_text, time_text
from trainer.runs.listing import RunSummary, Status

_NAME, _NOTE = 0, 9
_SORT_ROLE = Qt.ItemDataRole.UserRole
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
        if index.column() in (_NAME, _NOTE):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(run)[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return run.note if index.column() == _NOTE else run.title
        if role == _SORT_ROLE:
            return self._keys(run)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            made = time.strftime("%x %X", time.localtime(run.created))
            parts = (run.title, self.tr("Started {0}").format(made), run.message, run.note)
            return "\n".join(filter(None, parts))
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        run, text = self.runs[index.row()], str(value).strip()
        title, note = (
            (run.title, text) if index.column() == _NOTE else (text or run.title, run.note)
        )
        self.label_edited.emit(run.root, title, note)
        return True

    def _texts(self, run: RunSummary) -> tuple[str, ...]:
        return (
            run.title,
            status_text(run.status),
            accuracy_text(run),
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
            run.title.lower(),
            run.status.value,
            -1.0 if run.accuracy is None else run.accuracy,
            run.preset,
            run.dataset,
            run.epochs_done,
            run.seconds,
            run.n_bytes,
            run.seed,
            run.note.lower(),
        )


class RunList(QWidget):
    """The table and what can be done with its rows.

    Signals
    -------
    open_requested, resume_requested, use_requested, folder_requested : object
        Folder of the run.
    delete_requested, compare_requested : object
        Folders, a tuple.
    label_edited : object, str, str
        Folder, title, note.
    """

    open_requested = Signal(object)
    resume_requested = Signal(object)
    use_requested = Signal(object)
    folder_requested = Signal(object)
    delete_requested = Signal(object)
    compare_requested = Signal(object)
    label_edited = Signal(object, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RunModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(_SORT_ROLE)
        self._sorted.setFilterKeyColumn(-1)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a run"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(self.tr("Find a run"))
        self.filter.textChanged.connect(self._sorted.setFilterFixedString)
        self.table = self._make_table()
        self.nothing = QLabel(self.tr("No run yet. Set one up under New run."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setObjectName("caption")
        self._make_buttons()
        self._lay_out()
        self.model.label_edited.connect(self.label_edited)
        self.table.selectionModel().selectionChanged.connect(self._show_possible)
        self.table.doubleClicked.connect(self._on_row_opened)
        self.model.modelReset.connect(self._show_possible)
        self.model.dataChanged.connect(self._show_possible)
        self._show_possible()

    @property
    def selected(self) -> list[RunSummary]:
        """The selected runs, from the top."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        places = [self._sorted.mapToSource(self._sorted.index(row, 0)).row() for row in rows]
        return [self.model.runs[place] for place in places]

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Replace the rows."""
        selected = {run.root for run in self.selected}
        self.model.show_runs(runs)
        if not self.table.selectionModel().hasSelection():
            for root in selected:
                self.select(root)
        self.nothing.setVisible(not runs)
        self.table.setVisible(bool(runs))
        self._show_possible()

    def select(self, root: Path) -> None:
        """Add a run to the selection."""
        for place, run in enumerate(self.model.runs):
            if run.root == root:
                flags = self.table.selectionModel().SelectionFlag
                index = self._sorted.mapFromSource(self.model.index(place, 0))
                self.table.selectionModel().select(index, flags.Select | flags.Rows)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # the newest first, as they come
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setAlternatingRowColors(False)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.setAccessibleName(self.tr("Runs"))
        return table

    def _make_buttons(self) -> None:
        self.show_run = self._button(self.tr("Show"), self.tr("Look at the run's curves"))
        self.resume = self._button(self.tr("Resume"), self.tr("Go on from the last checkpoint"))
        self.use = self._button(
            self.tr("Use for drawing"), self.tr("Let this run read what you draw")
        )
        self.compare = self._button(
            self.tr("Compare"), self.tr("Select several runs to see their curves in one plot")
        )
        self.rename = self._button(self.tr("Rename"), self.tr("Give the run another name (F2)"))
        self.annotate = self._button(self.tr("Note"), self.tr("Write a note beside the run"))
        self.folder = self._button(self.tr("Folder"), self.tr("Open the run's folder"))
        self.delete = self._button(self.tr("Delete"), self.tr("Put it into the recycle folder"))
        for button, slot in (
            (self.show_run, self._on_row_opened),
            (self.resume, self._on_resume_clicked),
            (self.use, self._on_use_clicked),
            (self.compare, self._on_compare_clicked),
            (self.rename, self._on_rename_clicked),
            (self.annotate, self._on_note_clicked),
            (self.folder, self._on_folder_clicked),
            (self.delete, self._on_delete_clicked),
        ):
            button.clicked.connect(slot)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACING // 2)
        for button in (
            self.show_run, self.resume, self.use, self.compare, self.rename, self.annotate,
            self.folder, self.delete,
        ):  # fmt: skip
            self._row.addWidget(button)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.filter)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.nothing, 1)
        layout.addLayout(self._row)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        return button

    @Slot()
    def _show_possible(self) -> None:
        selected = self.selected
        one = selected[0] if len(selected) == 1 else None
        for button in (self.show_run, self.rename, self.annotate, self.folder):
            button.setEnabled(one is not None)
        self.resume.setEnabled(one is not None and one.status.is_resumable)
        self.use.setEnabled(one is not None and one.has_bundle)
        self.compare.setEnabled(len(selected) > 1)
        busy = any(run.status in (Status.RUNNING, Status.PAUSED) for run in selected)
        self.delete.setEnabled(bool(selected) and not busy)

    @Slot()
    def _on_row_opened(self) -> None:
        if self.selected:
            self.open_requested.emit(self.selected[0].root)

    @Slot()
    def _on_resume_clicked(self) -> None:
        self.resume_requested.emit(self.selected[0].root)

    @Slot()
    def _on_use_clicked(self) -> None:
        self.use_requested.emit(self.selected[0].root)

    @Slot()
    def _on_folder_clicked(self) -> None:
        self.folder_requested.emit(self.selected[0].root)

    @Slot()
    def _on_compare_clicked(self) -> None:
        self.compare_requested.emit(tuple(run.root for run in self.selected))

    @Slot()
    def _on_delete_clicked(self) -> None:
        self.delete_requested.emit(tuple(run.root for run in self.selected))

    @Slot()
    def _on_rename_clicked(self) -> None:
        self._edit(_NAME)

    @Slot()
    def _on_note_clicked(self) -> None:
        self._edit(_NOTE)

    def _edit(self, column: int) -> None:
        row = self.table.selectionModel().selectedRows()[0].row()
        index = self._sorted.index(row, column)
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.edit(index)
