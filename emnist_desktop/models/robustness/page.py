"""How a model reads pictures that were made worse."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QDateTime, QLocale, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.known_models import KnownModel, files_from_json, find_models
from emnist_desktop.models.page import ModelContext, Page
from emnist_desktop.models.robustness.preview import preview
from emnist_desktop.models.robustness.result import (
    Result,
    load_result,
    place_in_split,
    read_result,
    report_file,
)
from emnist_desktop.models.robustness.results_view import RobustnessResults
from emnist_desktop.models.subject_panel import FILES
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.style import SPACING, indented
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.catalog import Catalog
from trainer.errors import TrainerError
from trainer.files.paths import Profile

_SAMPLES = 2000
_MOST_SAMPLES = 10_000_000
_SAMPLES_STEP = 500
_FAILURE = "failure"


@dataclass(frozen=True)
class _Kept:
    """The last result of a subject, if there is one, and when it was measured.

    Attributes
    ----------
    measured : int
        Seconds since 1970.
    """

    subject: ModelContext | None
    result: Result | None
    measured: int


class RobustnessPage(Page):
    """Measures in a child process; the last result of each model on each dataset is kept.

    Parameters
    ----------
    command : Command, optional
        What runs the trainer.
    """

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
        command: Command | None = None,
    ) -> None:
        super().__init__(profile, settings, catalog, parent)
        self.result: Result | None = None
        self.command = command or Command(profile, self)
        self._under_way: ModelContext | None = None
        self._is_built = False
        self._finding, self._loading, self._previewing = Task(self), Task(self), Task(self)

    def show_subject(self, subject: ModelContext | None) -> None:
        """Show the last result of another model or dataset, once the page is looked at."""
        super().show_subject(subject)
        if self._is_built:
            self._refresh()

    def close_page(self) -> None:
        """End the measurement and what is being looked up."""
        self.command.close()
        for task in (self._finding, self._loading, self._previewing):
            task.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the page when it is first looked at; look each time which models there are."""
        super().showEvent(event)
        if not self._is_built:
            self._is_built = True
            self._build()
            self._lay_out()
            self._connect()
        self._refresh()

    def _build(self) -> None:
        self.banner = Banner()
        self.samples = indented(QSpinBox())
        self.samples.setRange(0, _MOST_SAMPLES)
        self.samples.setSingleStep(_SAMPLES_STEP)
        self.samples.setValue(_SAMPLES)
        self.samples.setGroupSeparatorShown(True)
        self.samples.setSpecialValueText(self.tr("all"))
        self.samples.setAccessibleName(self.tr("Samples"))
        self.samples.setToolTip(
            self.tr("So many samples, chosen at random, are shown 51 times each; 0 for all")
        )
        self.other = QComboBox()
        self.other.addItem(self.tr("no other model"), None)
        self.other.setAccessibleName(self.tr("Compare with"))
        self.other.setToolTip(self.tr("Show the same pictures to a second model"))
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.other.setSizeAdjustPolicy(policy)
        self.other.setMinimumContentsLength(10)
        self.samples.setMinimumHeight(self.other.sizeHint().height())
        self.start = QPushButton(self.tr("Measure"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("End the measurement; the last result stays"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the measurement"))
        self.phase, self.summary = QLabel(), QLabel()
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.results = RobustnessResults()

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.setHorizontalSpacing(SPACING)
        parts = (self.samples, self.other)
        for place, (text, part) in enumerate(
            zip((self.tr("Samples"), self.tr("Compare with")), parts, strict=True)
        ):
            label = QLabel(text)
            label.setBuddy(part)
            top.addWidget(label, 0, 2 * place)
            top.addWidget(part, 0, 2 * place + 1)
        top.addWidget(self.start, 0, 4)
        top.setColumnStretch(3, 1)
        self.running = QWidget()
        row = QHBoxLayout(self.running)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.progress, 1)
        row.addWidget(self.phase)
        row.addWidget(self.cancel)
        self.running.hide()
        self.results.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.banner)
        layout.addLayout(top)
        layout.addWidget(self.running)
        layout.addWidget(self.summary)
        layout.addWidget(self.results, 1)
        layout.addStretch(0)

    def _connect(self) -> None:
        self._finding.succeeded.connect(self._on_models_found)
        self._loading.succeeded.connect(self._on_kept_loaded)
        self._previewing.succeeded.connect(self._on_preview_made)
        self.command.progressed.connect(self._on_command_progressed)
        self.command.succeeded.connect(self._on_command_succeeded)
        self.command.failed.connect(self._on_command_failed)
        self.command.cancelled.connect(self._on_command_cancelled)
        self.start.clicked.connect(self._on_start_clicked)
        self.cancel.clicked.connect(self.command.cancel)
        self.results.sample_chosen.connect(self._on_sample_chosen)
        self.results.training_asked.connect(self.form_asked)

    def _refresh(self) -> None:
        """Look for models to compare with, and for the last result."""
        profile, files = self.profile, files_from_json(self.settings.get(FILES))
        subject = self.subject

        def find(context: Context) -> list[KnownModel]:
            context.check()
            return find_models(profile, files)

        def load(context: Context) -> _Kept:
            context.check()
            return _kept(profile, subject)

        self._finding.start(find)
        self._loading.start(load)
        self._show_possible()

    def _show_possible(self) -> None:
        """Say what can be started."""
        has_data = self.subject is not None and bool(self.subject.data)
        is_running = self.command.is_running
        self.start.setEnabled(has_data and not is_running)
        tip = self.tr("Show the model its pictures made worse in ten ways of five strengths")
        if not has_data:
            tip = self.tr("Choose a model and a dataset on the left")
        elif is_running:
            tip = self.tr("A measurement is under way")
        self.start.setToolTip(tip)
        self.running.setVisible(is_running)

    def _show_result(self, result: Result | None, measured: int) -> None:
        self.result = result
        self._previewing.cancel()
        self.results.setVisible(result is not None)
        if result is None:
            text = self.tr(
                "How well does it read what is noisy, blurred, turned, covered or drawn with "
                "another pen? Press Measure: its accuracy is taken on the same samples under "
                "ten corruptions of five strengths."
            )
            if self.subject is None or not self.subject.data:
                text += "\n\n" + self.tr("Choose a model and a dataset on the left")
            self.summary.setText(text)
            self._start_preview()
        else:
            self.summary.setText(self._summary(result, measured))
            self.results.show_result(result)

    def _start_preview(self) -> None:
        subject, catalog = self.subject, self.catalog
        if subject is None or not subject.data:
            return

        def make(context: Context) -> Result:
            return preview(catalog, subject, context)

        self._previewing.start(make)

    def _summary(self, result: Result, measured: int) -> str:
        form = self.tr("drawings") if result.is_of_drawings else self.tr("images")
        moment = QDateTime.fromSecsSinceEpoch(measured)
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        lines = [f"{result.data} · {result.samples:,} {form} · {when}"]
        for figures in result.models:
            text = self.tr(
                "{0}: untouched {1:.1f} %, mean corruption accuracy {2:.1f} % "
                "(95\u00a0%: {3:.1f} to {4:.1f}\u00a0%), {5:.0f}\u00a0% lost"
            )
            low, high = figures.mean.interval
            lost = figures.lost(figures.mean)
            shares = (figures.untouched.value, figures.mean.value, low, high, lost)
            lines.append(text.format(figures.name, *(100 * share for share in shares)))
        return "\n".join(lines)

    @Slot()
    def _on_start_clicked(self) -> None:
        subject = self.subject
        if subject is None or not subject.data:
            return
        other = self.other.currentData()
        options = subject.options()
        if isinstance(other, KnownModel):
            options += ["--model2", str(other.path)]
            options += ["--alphabet2", other.alphabet] if other.alphabet else []
        options += ["--samples", str(self.samples.value()), "--pictures"]
        options += ["--out", str(report_file(self.profile, subject))]
        self.banner.hide_notice()
        self._under_way = subject
        self.progress.setRange(0, 0)
        self.phase.setText(self.tr("Starting"))
        tip = self.tr("Measuring {0} on {1}").format(subject.title, subject.data)
        self.running.setToolTip(tip)
        self.command.start(["robustness", *options])
        self._show_possible()
        self.cancel.setFocus()

    @Slot(int, int, str)
    def _on_command_progressed(self, done: int, total: int, phase: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.phase.setText(error_text(phase))

    @Slot(dict)
    def _on_command_succeeded(self, record: dict[str, object]) -> None:
        try:
            result = read_result(record)
        except ValueError as error:
            self._on_command_failed(str(error), "")
            return
        subject = self._under_way
        if subject == self.subject:
            self._show_result(result, int(time.time()))
        title = "" if subject is None else subject.title
        self._end(self.tr("Robustness of {0} measured").format(title))

    @Slot(str, str)
    def _on_command_failed(self, message: str, hint: str) -> None:
        self.banner.show_notice(message, hint, topic=_FAILURE)
        self._end(self.tr("Robustness could not be measured"))

    @Slot()
    def _on_command_cancelled(self) -> None:
        self._end(self.tr("Measurement cancelled"))

    def _end(self, status: str) -> None:
        had_focus = self.cancel.hasFocus()
        self._under_way = None
        self._show_possible()
        if had_focus:
            self.start.setFocus()
        self.status_changed.emit(status)

    @Slot(object)
    def _on_models_found(self, models: list[KnownModel]) -> None:
        current = self.other.currentData()
        wanted = current.path if isinstance(current, KnownModel) else None
        own = None if self.subject is None else self.subject.model
        while self.other.count() > 1:
            self.other.removeItem(1)
        for model in models:
            if not model.problem and model.path != own:
                self.other.addItem(model.title, model)
                if model.path == wanted:
                    self.other.setCurrentIndex(self.other.count() - 1)

    @Slot(object)
    def _on_kept_loaded(self, kept: _Kept) -> None:
        is_shown = kept.result is not None and kept.result == self.result
        if kept.subject == self.subject and not is_shown:
            self._show_result(kept.result, kept.measured)

    @Slot(object)
    def _on_preview_made(self, pictures: Result) -> None:
        self.results.show_result(pictures)
        self.results.show()

    @Slot(int)
    def _on_sample_chosen(self, number: int) -> None:
        subject = self.subject
        if subject is None:
            return
        try:
            split, place = place_in_split(self.catalog, subject, number)
        except TrainerError as error:
            self.banner.show_notice(error.message, error.hint, topic=_FAILURE)
            return
        title = self.tr("A sample of the robustness page")
        self.samples_asked.emit(subject.data, split, np.array([place], dtype=np.int64), title)


def _kept(profile: Profile, subject: ModelContext | None) -> _Kept:
    path = None if subject is None else report_file(profile, subject)
    result = None if path is None else load_result(path)
    if path is None or result is None:
        return _Kept(subject, None, 0)
    return _Kept(subject, result, int(path.stat().st_mtime))
