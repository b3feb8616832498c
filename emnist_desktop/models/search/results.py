"""What a search has found: a table, charts, and what can be done with a trial."""

from __future__ import annotations

import shlex

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QTabWidget,
    QWidget,
)

from emnist_desktop.models.search.plots import ImportancePlot, ParallelPlot, SlicePlot
from emnist_desktop.models.search.record import NO_STUDY, StudyRecord, TrialRecord
from emnist_desktop.models.search.table import TrialTable
from emnist_desktop.ui.controls import push_button, refill
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.style import SPACING


class StudyResults(QWidget):
    """The trials of a study; what is chosen in one view is chosen in all.

    Signals
    -------
    run_requested : object
        The `TrialRecord` whose settings shall be trained with.
    form_requested : object
        The `TrialRecord` whose settings the form shall take over.
    """

    run_requested = Signal(object)
    form_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.study = NO_STUDY
        self._chosen: int | None = None
        self.table = TrialTable()
        self.lines = ParallelPlot()
        self.slices = SlicePlot()
        self.importance = ImportancePlot()
        self.field = QComboBox()
        self.field.setAccessibleName(self.tr("Field"))
        self.field.setToolTip(self.tr("The field whose values are shown against accuracy"))
        self.make_run = push_button(
            self.tr("Make this a run"),
            self.tr("Train with the settings of the chosen trial, in the Training tab"),
        )
        self.to_form = push_button(
            self.tr("Take to the form"),
            self.tr("Fill the form of the Training tab, to change something before the start"),
        )
        self.copy = push_button(
            self.tr("Copy the command"),
            self.tr("For other computers: started there, it takes part in this search"),
        )
        self.copy.hide()
        self.chosen_text = QLabel()
        self.chosen_text.setObjectName("caption")
        self.tabs = QTabWidget()
        self._lay_out()
        self._connect()

    def show_study(self, study: StudyRecord) -> None:
        """Show a study, or what is new in it."""
        if study.study != self.study.study:
            self._chosen = None
        self.study = study
        self._fill_fields()
        self.copy.setVisible(bool(study.storage))
        self.table.show_study(study)
        for chart in (self.lines, self.slices, self.importance):
            chart.show_study(study)
        self._mark()

    @property
    def chosen(self) -> TrialRecord | None:
        """The chosen trial; the best until one is chosen."""
        return self.study.trial(self._chosen) or self.study.trial(self.study.best)

    def _lay_out(self) -> None:
        below = sheet(vbox(self.field, (self.slices, 1), margins=(0, SPACING, 0, 0)))
        for widget, title, tip in (
            (self.table, self.tr("Trials"), self.tr("Every training with its settings")),
            (
                self.lines,
                self.tr("All fields"),
                self.tr("Which settings go together: a line for each trial"),
            ),
            (below, self.tr("One field"), self.tr("How accuracy depends on one field")),
            (
                self.importance,
                self.tr("What matters"),
                self.tr("Which fields the differences come from (fANOVA)"),
            ),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(widget, title), tip)
        row = hbox(self.make_run, self.to_form, (self.chosen_text, 1), self.copy)
        self.setLayout(vbox((self.tabs, 1), row))

    def _connect(self) -> None:
        self.table.trial_chosen.connect(self._on_trial_chosen)
        self.table.trial_opened.connect(self._on_trial_opened)
        self.lines.trial_chosen.connect(self._on_trial_chosen)
        self.slices.trial_chosen.connect(self._on_trial_chosen)
        self.field.currentIndexChanged.connect(self._show_field)
        self.make_run.clicked.connect(self._on_make_run_clicked)
        self.to_form.clicked.connect(self._on_to_form_clicked)
        self.copy.clicked.connect(self._on_copy_clicked)

    def _fill_fields(self) -> None:
        names = [self.field.itemData(index) for index in range(self.field.count())]
        if names != list(self.study.fields):
            refill(self.field, [(self.study.title(name), name) for name in self.study.fields], "")
        self._show_field()

    def _mark(self) -> None:
        trial = self.chosen
        self.lines.choose(self._chosen)
        self.slices.choose(self._chosen)
        self.table.choose(self._chosen)
        is_usable = trial is not None and bool(trial.settings)
        self.make_run.setEnabled(is_usable)
        self.to_form.setEnabled(is_usable)
        text = ""
        if trial is not None:
            sentence = self.tr("Trial {0}") if self._chosen else self.tr("Trial {0}, the best")
            text = sentence.format(trial.number)
        self.chosen_text.setText(text)

    @Slot(int)
    def _on_trial_chosen(self, number: int) -> None:
        self._chosen = number
        self._mark()

    @Slot(int)
    def _on_trial_opened(self, number: int) -> None:
        self._on_trial_chosen(number)
        self._on_to_form_clicked()

    @Slot()
    def _show_field(self) -> None:
        self.slices.show_field(str(self.field.currentData() or ""))

    @Slot()
    def _on_make_run_clicked(self) -> None:
        if self.chosen is not None:
            self.run_requested.emit(self.chosen)

    @Slot()
    def _on_to_form_clicked(self) -> None:
        if self.chosen is not None:
            self.form_requested.emit(self.chosen)

    @Slot()
    def _on_copy_clicked(self) -> None:
        parts = ["search", "--study", self.study.study, "--storage", self.study.storage]
        QGuiApplication.clipboard().setText(f"python -m trainer {shlex.join(parts)}")
