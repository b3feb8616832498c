"""The search for better settings: which fields, how, how often."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.command_page import FAILURE
from emnist_desktop.models.search.experiment_panel import ExperimentPanel
from emnist_desktop.models.search.fields import SearchSpaceForm
from emnist_desktop.models.search.record import WAITS, TrialRecord, study_from, subject_texts
from emnist_desktop.models.search.results import StudyResults
from emnist_desktop.models.search.settings import FORM_WIDTH
from emnist_desktop.ui.controls import (
    caption,
    check_box,
    combo_box,
    form_rows,
    spin_box,
    tool_button,
)
from emnist_desktop.ui.format import local
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.style import centre_labels
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, DatasetError
from trainer.search.experiment_folder import SEARCH, experiment_folder
from trainer.search.space import Point, check_points, grid_points, settings_with

_TRIALS = 20
_MOST_TRIALS = 10_000
_MORE_TRIALS = 10


class SearchPanel(ExperimentPanel):
    """Tries settings, and shows which read best."""

    kind = SEARCH

    def make_form(self) -> QWidget:
        """Return the fields to vary and how."""
        self.fields = SearchSpaceForm()
        self.method = combo_box(tip=self.tr("How the next values are chosen"))
        for name, text, tip in (
            ("tpe", self.tr("Learning from trials (TPE)"), self.tr(
                "Begins at random, then tries more of what read well")),
            ("random", self.tr("Random"), self.tr("Draws values at random")),
            ("grid", self.tr("Every combination (grid)"), self.tr(
                "Tries all; needs single values, or ranges with a step")),
        ):  # fmt: skip
            self.method.addItem(text, name)
            last = self.method.count() - 1
            self.method.setItemData(last, tip, Qt.ItemDataRole.ToolTipRole)
        self.trials = spin_box(
            1,
            _MOST_TRIALS,
            _TRIALS,
            tip=self.tr("How often it is trained, each time with other settings"),
        )
        self.trials.setMinimumHeight(self.method.sizeHint().height())
        self.prune = check_box(
            self.tr("End hopeless trainings early"),
            self.tr("A training that reads worse than most others did after as many epochs ends"),
            checked=True,
        )
        self.shared = QLineEdit()
        self.shared.setPlaceholderText(self.tr("on this computer"))
        self.shared.setToolTip(
            self.tr("A file on a shared disk, or the address of a database: start the same search "
                    "of the same name on several computers, and they share the work")
        )  # fmt: skip
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("made up"))
        self.name.setToolTip(self.tr("Small letters, digits and hyphens"))
        self.fields.set_base(self.base.model())
        self.base.preset.currentIndexChanged.connect(self._on_model_changed)
        self.method.currentIndexChanged.connect(self._on_plan_changed)
        self.fields.changed.connect(self._on_plan_changed)
        return self._laid_out_form()

    def make_results(self) -> QWidget:
        """Return the table and the charts."""
        self.study_results = StudyResults()
        self.study_results.run_requested.connect(self._on_run_requested)
        self.study_results.form_requested.connect(self._on_form_requested)
        return self.study_results

    def new_words(self) -> tuple[str, str]:
        """Return what the list calls a new search, and what its start does."""
        tip = self.tr("Train with other settings each time, and remember which read best")
        return self.tr("New search"), tip

    def words(self) -> str:
        """Return what a new search is named after."""
        return self.name.text().strip() or super().words()

    def start_arguments(self) -> list[str] | None:
        """Return the command of a new search; None if a field is wrong, which is then marked."""
        space = self.fields.dimensions()
        if space is None or not self._name_is_free():
            return None
        method = str(self.method.currentData())
        try:
            check_points(self.base.record(), space)
            if method == "grid":
                grid_points(space)
        except ConfigError as error:
            self.banner.show_notice(error.message, error.hint, topic=FAILURE)
            return None
        arguments = ["search", "--method", method, "--trials", str(self.trials.value())]
        for line in self.fields.lines:
            arguments += ["--vary", line.text]
        arguments += ["--prune"] if self.prune.isChecked() else []
        arguments += ["--storage", self.shared.text().strip()] if self.shared.text().strip() else []
        return [*arguments, "--study"]

    def resume_arguments(self, record: dict[str, Any], settings: Path) -> list[str]:
        """Return the command that continues a search."""
        shared = self.shared.text().strip()
        storage = ["--storage", shared] if shared else []
        wanted = len(record["trials"])
        if not any(trial["state"] in WAITS for trial in record["trials"]):
            wanted += _MORE_TRIALS
        return ["search", "--study", str(record["study"]), "--trials", str(wanted), *storage]

    def more_text(self, record: dict[str, Any]) -> str:
        """Return what adds trials to a search that is done; a grid has no more."""
        is_running = any(trial["state"] == "running" for trial in record["trials"])
        if record.get("method") == "grid" or is_running:
            return ""
        return self.tr("{0} more trials").format(_MORE_TRIALS)

    def show_record(self, record: dict[str, Any]) -> None:
        """Show the trials."""
        study = study_from(record)
        if study is not None:
            self.study_results.show_study(study)

    def describe(self, record: dict[str, Any]) -> str:
        """Return what is searched, and the best so far."""
        study = study_from(record)
        if study is None:
            return self.tr("This search was made by another version of the program.")
        done = len(study.trials) - study.waiting - study.running
        text = self.tr("{0} on {1}: {2}. {3} of {4} trials are done.").format(
            *subject_texts(study.base),
            ", ".join(map(study.title, study.fields)),
            done,
            len(study.trials),
        )
        best = study.trial(study.best)
        if best is not None and best.accuracy is not None:
            text += " " + self.tr("The best reads {0} % of the validation data.").format(
                local(100 * best.accuracy, ".2f")
            )
        return text

    def _name_is_free(self) -> bool:
        name = self.name.text().strip()
        try:
            is_free = not name or not experiment_folder(self.profile, SEARCH, name).exists()
        except DatasetError as error:
            self.banner.show_notice(error.message, error.hint, topic=FAILURE)
            return False
        if not is_free:
            self.banner.show_notice(
                self.tr("There is a search {0} already.").format(name),
                self.tr("Choose it above to go on with it, or choose another name."),
                topic=FAILURE,
            )
        return is_free

    @Slot()
    def _on_model_changed(self) -> None:
        self.fields.set_base(self.base.model())

    @Slot()
    def _on_plan_changed(self) -> None:
        is_grid = self.method.currentData() == "grid"
        if not is_grid:
            self.plan.hide()
        else:
            self.plan.show()
            space = self.fields.dimensions() or []
            try:
                count = len(grid_points(space)) if space else 0
                self.plan.setText(self.tr("{0} combinations").format(local(count)))
                self.trials.setValue(max(1, count))
            except ConfigError as error:
                self.plan.setText(error_text(error.message, error.hint))
        self._on_form_changed()

    @Slot(object)
    def _on_run_requested(self, trial: TrialRecord) -> None:
        settings = self._settings_of(trial)
        if settings is not None:
            self.run_requested.emit(TrainingConfig.from_record(settings))

    @Slot(object)
    def _on_form_requested(self, trial: TrialRecord) -> None:
        settings = self._settings_of(trial)
        if settings is not None:
            self.form_requested.emit(settings)

    def _settings_of(self, trial: TrialRecord) -> dict[str, Any] | None:
        if not trial.settings:
            return None
        point: Point = dict(trial.settings)
        settings = settings_with(self.study_results.study.base, point)
        try:
            TrainingConfig.from_record(settings)
        except ConfigError as error:
            self.banner.show_notice(error.message, error.hint, topic=FAILURE)
            return None
        return settings

    def _laid_out_form(self) -> QWidget:
        self.plan = caption()
        self.plan.hide()
        self.more = tool_button(self.tr("Several computers"), "", checkable=True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.toggled.connect(self._on_more_toggled)
        method = form_rows(
            QFormLayout(),
            (self.tr("Vary"), self.fields),
            (self.tr("Method"), self.method),
            (self.tr("Trials"), self.trials),
        )
        self.sharing = sheet(
            form_rows(
                QFormLayout(), (self.tr("Name"), self.name), (self.tr("Shared in"), self.shared)
            )
        )
        self.sharing.hide()
        centre_labels(method)
        more = hbox(self.more, 1)
        form = sheet(vbox(method, self.plan, self.prune, more, self.sharing))
        form.setMaximumWidth(FORM_WIDTH)
        return form

    @Slot(bool)
    def _on_more_toggled(self, is_open: bool) -> None:
        self.sharing.setVisible(is_open)
        self.more.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
