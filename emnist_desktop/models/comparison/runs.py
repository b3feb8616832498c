"""The runs beside one another: a leaderboard, accuracy against cost, and two of them compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QRect, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.command_page import CommandPage
from emnist_desktop.models.comparison.costs import CostPlot
from emnist_desktop.models.comparison.model import VALIDATION, LeaderboardModel
from emnist_desktop.models.comparison.verdict import Verdict
from emnist_desktop.ui.controls import caption, centred_caption, prepare_table, push_button, refill
from emnist_desktop.ui.dialogs.confirm_test import wants_test
from emnist_desktop.ui.dialogs.file_dialog import ask_save
from emnist_desktop.ui.format import (
    fill_in,
    repeated_text,
    run_title,
    short_name,
    title_text,
    unbroken,
)
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, splitter, vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.table import sorted_by_amounts
from emnist_desktop.ui.task import Context, Task
from trainer.comparison.leaderboard import LeaderboardEntry, leaderboard, repetitions, write_table
from trainer.comparison.mcnemar import (
    PairedOutcomes,
    pair_outcomes,
    report_outcomes,
    validation_outcomes,
)
from trainer.datasets.store import TEST
from trainer.errors import TrainerError
from trainer.runs.list_runs import list_runs
from trainer.runs.test_result import is_first_test

_PAIR = 2
_WIDEST_NAME = 220
"""Of the first column, in pixels, where the others leave no more room."""

_AROUND = 20
"""Pixels beside the text of a cell."""


class _RunTable(QTableView):
    """A table whose first column takes what the others leave, and more lines where it must."""

    def fit_names(self) -> None:
        header = self.horizontalHeader()
        free = self.viewport().width() - header.length() + header.sectionSize(0)
        wanted = self.sizeHintForColumn(0) + SPACING
        self.setColumnWidth(0, min(wanted, max(_WIDEST_NAME, free)))
        self.resizeRowsToContents()

    def sizeHintForRow(self, row: int) -> int:
        """Return the height of a row; Qt forgets the padding where it breaks the lines."""
        name = str(self.model().index(row, 0).data())
        room = QRect(0, 0, self.columnWidth(0) - _AROUND, 0)
        wrapped = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap.value, name)
        return max(super().sizeHintForRow(row), wrapped.height() + SPACING // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_names()


class LeaderboardView(CommandPage):
    """All runs of the profile; nothing is measured before a button is pressed."""

    def showEvent(self, event: QShowEvent) -> None:
        """List the runs."""
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the runs again."""
        runs = self.profile.runs

        def work(context: Context) -> list[LeaderboardEntry]:
            found = list_runs(runs, title_text)
            context.check()
            return leaderboard(found)

        self.listing.start(work)

    @property
    def chosen(self) -> list[LeaderboardEntry]:
        """The runs that are selected, in the order in which they were."""
        entries = {entry.run.root: entry for entry in self.entries}
        return [entries[root] for root in self._chosen if root in entries]

    def build(self) -> None:
        """Make the table, the plot and the comparison of two runs."""
        super().build()
        self.entries: list[LeaderboardEntry] = []
        self._chosen: list[Path] = []
        self._measured: tuple[Path, ...] = ()
        self._reports: tuple[Path, ...] = ()
        self._pair: PairedOutcomes | None = None
        self.listing = Task(self, self._on_runs_listed, self._on_listing_failed)
        self.dataset = QComboBox()
        self.dataset.setAccessibleName(self.tr("Dataset"))
        self.dataset.setToolTip(self.tr("Show the runs that learnt from one dataset only"))
        self.dataset.addItem(self.tr("All datasets"), "")
        self.export = push_button(self.tr("Export…"), self.tr("Write the table as CSV"))
        self.model = LeaderboardModel(self)
        self.sorted = sorted_by_amounts(self.model)
        self.table = self._make_table()
        self.repeats = caption()
        self.nothing = centred_caption(
            self.tr("No run has finished an epoch yet. Train two models in the Training tab.")
        )
        self.costs = CostPlot()
        self.verdict = Verdict()
        self._lay_out()
        self._connect()

    def _make_table(self) -> _RunTable:
        table = _RunTable()
        table.setModel(self.sorted)
        table.setSortingEnabled(True)
        table.sortByColumn(VALIDATION, Qt.SortOrder.DescendingOrder)
        prepare_table(table, self.tr("Leaderboard of the runs"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.verticalHeader().setMinimumSectionSize(table.verticalHeader().defaultSectionSize())
        table.horizontalHeader().sortIndicatorChanged.connect(table.fit_names)
        table.setMinimumHeight(90)
        table.setStyleSheet("QTableView::item { padding: 0 6px; }")
        return table

    def _lay_out(self) -> None:
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        lower = splitter(horizontal, self.costs, self._verdict_sheet(), sizes=(1000, 900))
        upper = sheet(vbox((self.table, 1), self.repeats))
        self.halves = splitter(vertical, upper, lower, sizes=(1000, 1100))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self.halves)
        self.setLayout(vbox(self.banner, hbox((self.dataset, 1), self.export), (self.stack, 1)))

    def _verdict_sheet(self) -> QWidget:
        area = scroll_area(self.verdict, self.tr("The two runs"))
        area.viewport().setAutoFillBackground(False)
        self.verdict.setAutoFillBackground(False)
        return sheet(vbox((area, 1), self.running, hbox(self.start, 1), margins=(SPACING, 0, 0, 0)))

    def _connect(self) -> None:
        self.dataset.currentIndexChanged.connect(self._show_entries)
        self.export.clicked.connect(self._on_export_clicked)
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.costs.dot_clicked.connect(self._on_dot_clicked)
        self.verdict.count_clicked.connect(self._on_count_clicked)
        self._show_entries()

    @Slot(object)
    def _on_runs_listed(self, entries: list[LeaderboardEntry]) -> None:
        self.entries = entries
        names = sorted({entry.run.dataset for entry in entries})
        refill(
            self.dataset,
            [(self.tr("All datasets"), ""), *((title_text(name), name) for name in names)],
        )
        self._show_entries()

    @Slot(object)
    def _on_listing_failed(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic="listing")

    @Slot()
    def _show_entries(self) -> None:
        """Show the runs on the chosen dataset; those that were selected stay so."""
        name = self.dataset.currentData()
        shown = [entry for entry in self.entries if not name or entry.run.dataset == name]
        kept = [root for root in self._chosen if root in {entry.run.root for entry in shown}]
        self.model.show_rows(shown)
        self.table.fit_names()
        self._chosen = []
        for root in kept:
            self._select(root)
        self._chosen = kept
        self.stack.setCurrentWidget(self.halves if self.entries else self.nothing)
        self.export.setEnabled(bool(shown))
        self.repeats.setText(unbroken("\n".join(map(repeated_text, repetitions(shown)))))
        self.repeats.setVisible(bool(self.repeats.text()))
        self.costs.show_entries(shown)
        self.costs.scatter.choose(kept[:_PAIR])
        self._show_pair()

    def _select(self, root: Path, *, on: bool = True) -> None:
        flags = QItemSelectionModel.SelectionFlag
        for row, entry in enumerate(self.model.rows):
            if entry.run.root == root:
                index = self.sorted.mapFromSource(self.model.index(row, 0))
                how = flags.Select if on else flags.Deselect
                self.table.selectionModel().select(index, how | flags.Rows)
                self.table.scrollTo(index)

    @Slot()
    def _on_selection_changed(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        selected = [self.model.rows[self.sorted.mapToSource(row).row()].run.root for row in rows]
        kept = [root for root in self._chosen if root in selected]
        self._chosen = kept + [root for root in selected if root not in kept]
        self.costs.scatter.choose(self._chosen[:_PAIR])
        self._show_pair()

    @Slot(object)
    def _on_dot_clicked(self, root: Path) -> None:
        self._select(root, on=root not in self._chosen)

    def _show_pair(self) -> None:
        """Compare the two that are chosen by the samples that they chose by."""
        self.show_state()
        self._pair = None
        if len(self.chosen) != _PAIR:
            self.verdict.show_text(
                self.tr("Choose two runs: is one better, or was it lucky?"),
                self.tr("Click them in the table or in the plot; click again to leave one out."),
            )
            return
        first, second = self.chosen
        about = self.tr("On the {0:,} samples by which both chose their best epoch.")
        try:
            if tuple(self._chosen) == self._measured and self._reports:
                outcomes = [report_outcomes(folder) for folder in self._reports]
                pair = pair_outcomes(*outcomes)
                about = self.tr("On {0:,} samples of {1}.")
                if any(each.merges_case for each in outcomes):
                    about = self.tr("On {0:,} samples of {1}, case merged.")
            else:
                pair = pair_outcomes(
                    validation_outcomes(first.run), validation_outcomes(second.run)
                )
        except TrainerError as error:
            text = self.tr("They can be measured on a dataset: choose one on the left.")
            self.verdict.show_text(error_text(error.message), text)
            return
        self._pair = pair
        text = fill_in(about, len(pair.indices), title_text(Path(pair.data).name))
        names = (run_title(entry.run) for entry in (first, second))
        self.verdict.show_test(pair.record(*names), text)

    @Slot(str)
    def _on_count_clicked(self, name: str) -> None:
        pair = self._pair
        if pair is not None and len(self.chosen) == _PAIR:
            titles = [short_name(run_title(entry.run)) for entry in self.chosen]
            title = {
                "both_right": self.tr("Read rightly by {0} and {1}"),
                "only_first": self.tr("Read rightly by {0}, not by {1}"),
                "only_second": self.tr("Read rightly by {1}, not by {0}"),
                "both_wrong": self.tr("Misread by {0} and {1}"),
            }[name].format(*titles)
            self.samples_requested.emit(pair.data, pair.split, pair.samples(name), title)

    def missing(self) -> str:
        """Return what is missing before two runs can be measured."""
        if self.subject is None or not self.subject.data:
            return self.tr("Choose a dataset on the left")
        if len(self.chosen) != _PAIR or not all(each.run.has_bundle for each in self.chosen):
            return self.tr("Choose two finished runs")
        return ""

    def start_words(self) -> tuple[str, str]:
        """Return what is measured, and how."""
        name = self.subject.data_title if self.subject is not None else ""
        text = self.tr("Measure both on {0}").format(name) if name else self.tr("Measure both")
        return text, self.tr("Let both read the same samples, and compare their answers")

    def arguments(self) -> list[str] | None:
        """Return the command that measures both runs."""
        if self.subject is None:
            return None
        self._measured, self._reports = tuple(entry.run.root for entry in self.chosen), ()
        split = ["--split", self.subject.split] if self.subject.split else []
        return ["compare", *map(str, self._measured), "--data", self.subject.data, *split]

    def may_begin(self) -> bool:
        """Ask before the first look at the test data of a run."""
        subject = self.subject
        if subject is None or subject.split != TEST:
            return True
        untested = [
            run_title(entry.run)
            for entry in self.chosen
            if is_first_test(entry.run.root, subject.data, subject.split)
        ]
        return not untested or wants_test(self, untested, subject.data_title)

    def handle_answer(self, answer: dict[str, Any]) -> None:
        """Compare the two by the reports that were made."""
        self._reports = tuple(Path(each["report"]) for each in answer["measured"])
        self._show_pair()
        self.refresh()

    @Slot()
    def _on_export_clicked(self) -> None:
        kinds = self.tr("Table (*.csv)")
        path, _ = ask_save(self, self.tr("Export the table"), "runs.csv", kinds)
        if path is None:
            return
        try:
            write_table(path.with_suffix(path.suffix or ".csv"), self.model.rows)
        except TrainerError as error:
            self.banner.show_notice(error.message, error.hint, topic="export")
            return
        self.status_changed.emit(self.tr("{0} written").format(path.name))
