"""Every run there is, in a table: sort, rename, note, compare, delete, use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QTableView,
    QWidget,
)

from emnist_desktop.training.runs.export_menu import ExportMenu
from emnist_desktop.training.runs.run_actions import RunActions
from emnist_desktop.training.runs.run_model import NAME, NOTE, RunModel
from emnist_desktop.ui.controls import caption, centred_caption, prepare_table, push_button
from emnist_desktop.ui.flow_layout import FlowLayout
from emnist_desktop.ui.format import chosen_after_legend, is_marked, moment_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.table import sorted_by_amounts
from trainer.runs.list_runs import RunSummary, Status
from trainer.runs.trash import DeletedRun

_MOST_DELETED = 30
"""The runs deleted last that are offered."""


class RunList(QWidget):
    """The table and what can be done with its rows.

    Parameters
    ----------
    actions : RunActions
        What the buttons do.
    can_train : bool
        Whether runs can be started here, and gone on with.

    Signals
    -------
    open_requested : object
        Folder of a run that shall be shown.
    compare_requested : object
        Folders, a tuple.
    """

    open_requested = Signal(object)
    compare_requested = Signal(object)

    def __init__(self, actions: RunActions, *, can_train: bool = True) -> None:
        super().__init__()
        self._actions = actions
        self.deleted_menu = DeletedMenu(actions.deleted, self)
        self.deleted_menu.chosen.connect(actions.restore)
        self.model = RunModel(self)
        self._sorted = sorted_by_amounts(self.model)
        self._sorted.setFilterKeyColumn(-1)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a run"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(self.tr("Find a run"))
        self.filter.textChanged.connect(self._sorted.setFilterFixedString)
        self.table = self._make_table()
        self.nothing = centred_caption(
            self.tr("No run yet. Set one up under New run.")
            if can_train
            else self.tr("No run yet. Import a recogniser that was trained elsewhere.")
        )
        self.legend = caption(chosen_after_legend())
        self._make_buttons()
        self._make_top_buttons()
        if not can_train:
            self.resume.hide()
            self.code.hide()
        self._lay_out()
        self.model.label_edited.connect(actions.set_label)
        self.table.selectionModel().selectionChanged.connect(self._show_possible)
        self.table.doubleClicked.connect(self._on_row_opened)
        self.model.modelReset.connect(self._show_possible)
        self.model.dataChanged.connect(self._show_possible)
        self._show_possible()

    @property
    def selected(self) -> list[RunSummary]:
        """The selected runs, from the top."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        indices = (self._sorted.mapToSource(self._sorted.index(row, 0)) for row in rows)
        return [self.model.rows[index.row()] for index in indices]

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Replace the rows."""
        selected = {run.root for run in self.selected}
        self.model.show_rows(runs)
        if not self.table.selectionModel().hasSelection():
            for root in selected:
                self.select(root)
        self.nothing.setVisible(not runs)
        self.legend.setVisible(any(map(is_marked, runs)))
        self.table.setVisible(bool(runs))
        self._show_possible()

    def select(self, root: Path) -> None:
        """Add a run to the selection."""
        for row, run in enumerate(self.model.rows):
            if run.root == root:
                flags = self.table.selectionModel().SelectionFlag
                index = self._sorted.mapFromSource(self.model.index(row, 0))
                self.table.selectionModel().select(index, flags.Select | flags.Rows)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self._sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # the newest first, as they come
        prepare_table(table, self.tr("Runs"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setAlternatingRowColors(False)
        table.horizontalHeader().setStretchLastSection(True)
        return table

    def _make_buttons(self) -> None:
        self.show_run = push_button(self.tr("Show"), self.tr("Look at the run's curves"))
        self.resume = push_button(self.tr("Resume"), self.tr("Go on from the last checkpoint"))
        self.use = push_button(
            self.tr("Use for drawing"), self.tr("Let this run read what you draw")
        )
        self.compare = push_button(
            self.tr("Compare"), self.tr("Select several runs to see their curves in one plot")
        )
        self.test = push_button(
            self.tr("Test"), self.tr("Measure the run once on data that nothing was chosen by")
        )
        self.export = push_button(
            self.tr("Export"), self.tr("Write the run's model, report or table as a file")
        )
        self.export_menu = ExportMenu(self)
        self.export.setMenu(self.export_menu)
        self.export_menu.form_chosen.connect(self._on_form_chosen)
        self.code = push_button(
            self.tr("Code…"), self.tr("Show a script that trains the same without this program")
        )
        self.rename = push_button(self.tr("Rename"), self.tr("Give the run another name (F2)"))
        self.annotate = push_button(self.tr("Note"), self.tr("Write a note beside the run"))
        self.folder = push_button(self.tr("Folder"), self.tr("Open the run's folder"))
        self.delete = push_button(self.tr("Delete"), self.tr("Move it to the trash"))
        self.show_run.clicked.connect(self._on_row_opened)
        self.resume.clicked.connect(self._on_resume_clicked)
        self.use.clicked.connect(self._on_use_clicked)
        self.compare.clicked.connect(self._on_compare_clicked)
        self.test.clicked.connect(self._on_test_clicked)
        self.code.clicked.connect(self._on_code_clicked)
        self.rename.clicked.connect(self._on_rename_clicked)
        self.annotate.clicked.connect(self._on_note_clicked)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.delete.clicked.connect(self._on_delete_clicked)

    def _make_top_buttons(self) -> None:
        self.import_file = push_button(
            self.tr("Import…"), self.tr("Add a recogniser that was exported as a bundle")
        )
        self.import_file.clicked.connect(self._actions.import_bundle)
        self.restore = push_button(
            self.tr("Restore"), self.tr("Put a deleted run back among the others")
        )
        self.restore.setMenu(self.deleted_menu)

    def _lay_out(self) -> None:
        self._row = FlowLayout()
        self._row.setSpacing(SPACING // 2)
        for button in (
            self.show_run, self.resume, self.use, self.compare, self.test, self.export,
            self.code, self.rename, self.annotate, self.folder, self.delete,
        ):  # fmt: skip
            self._row.addWidget(button)
        top = hbox((self.filter, 1), self.import_file, self.restore)
        self.setLayout(vbox(top, (self.table, 1), (self.nothing, 1), self.legend, self._row))

    @Slot()
    def _show_possible(self) -> None:
        selected = self.selected
        one = selected[0] if len(selected) == 1 else None
        self.folder.setEnabled(one is not None)
        for button in (self.rename, self.annotate):
            button.setEnabled(one is not None and not one.is_newer)
        self.show_run.setEnabled(one is not None and _has_curves(one))
        self.code.setEnabled(one is not None and _has_curves(one))
        self.test.setEnabled(one is not None and one.is_testable)
        self.export.setEnabled(one is not None and (one.has_bundle or one.has_epochs))
        if one is not None:
            self.export_menu.offer(one)
        self.resume.setEnabled(one is not None and one.status.is_resumable)
        self.use.setEnabled(one is not None and one.has_bundle)
        self.compare.setEnabled(len(selected) > 1)
        busy = any(run.status in (Status.RUNNING, Status.PAUSED) for run in selected)
        self.delete.setEnabled(bool(selected) and not busy)

    @Slot()
    def _on_row_opened(self) -> None:
        if self.selected and _has_curves(self.selected[0]):
            self.open_requested.emit(self.selected[0].root)

    @Slot()
    def _on_resume_clicked(self) -> None:
        self._actions.resume(self.selected[0].root)

    @Slot()
    def _on_use_clicked(self) -> None:
        self._actions.use(self.selected[0].root)

    @Slot()
    def _on_folder_clicked(self) -> None:
        self._actions.open_folder(self.selected[0].root)

    @Slot()
    def _on_test_clicked(self) -> None:
        self._actions.test(self.selected[0])

    @Slot()
    def _on_code_clicked(self) -> None:
        self._actions.show_code(self.selected[0].root)

    @Slot(str)
    def _on_form_chosen(self, form: str) -> None:
        self._actions.export(self.selected[0], form)

    @Slot()
    def _on_compare_clicked(self) -> None:
        self.compare_requested.emit(tuple(run.root for run in self.selected))

    @Slot()
    def _on_delete_clicked(self) -> None:
        self._actions.delete(tuple(run.root for run in self.selected))

    @Slot()
    def _on_rename_clicked(self) -> None:
        self._edit(NAME)

    @Slot()
    def _on_note_clicked(self) -> None:
        self._edit(NOTE)

    def _edit(self, column: int) -> None:
        row = self.table.selectionModel().selectedRows()[0].row()
        index = self._sorted.index(row, column)
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.edit(index)


class DeletedMenu(QMenu):
    """The runs that were deleted and not thrown away yet; filled whenever it opens.

    Parameters
    ----------
    deleted : callable
        Returns the deleted runs, the one that was deleted last first.

    Signals
    -------
    chosen : object
        A `DeletedRun` that shall come back.
    """

    chosen = Signal(object)

    def __init__(self, deleted: Callable[[], Sequence[DeletedRun]], parent: QWidget) -> None:
        super().__init__(parent)
        self._deleted = deleted
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._on_about_to_show)
        self.triggered.connect(self._on_triggered)

    @Slot()
    def _on_about_to_show(self) -> None:
        self.clear()
        runs = self._deleted()[:_MOST_DELETED]
        for run in runs:
            moment = moment_text(round(run.deleted))
            text = self.tr("{0} (deleted {1})").format(run.title, moment)
            action = self.addAction(text.replace("&", "&&"))
            action.setToolTip(run.root.name)
            action.setData(run)
        if not runs:
            self.addAction(self.tr("No run was deleted")).setEnabled(False)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())


def _has_curves(run: RunSummary) -> bool:
    return not (run.is_imported or run.is_newer)
