"""The page where a run is set up: the form, what it will take, and the start."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.style import MARGIN, SPACING
from emnist_desktop.task import Context, Task
from emnist_desktop.training.facts import size_text, time_text
from emnist_desktop.training.setup_form import FIRST_PRESET, MY_SAMPLES, SetupForm
from trainer.config import TrainingConfig
from trainer.datasets.catalog import STARTER, Catalog, Entry, Kind, Progress
from trainer.errors import RunError, TrainerError
from trainer.paths import PROFILE_VARIABLE, Profile, replacing
from trainer.program import trainer_command

_SECONDS_PER_LOOK = 0.1


class SetupPage(QWidget):
    """Fills a form; a start gets the data first where they have to be made.

    Signals
    -------
    start_requested : object
        A `TrainingConfig` whose data are present.
    notice_raised : str, str
        A sentence and a hint: something failed.
    """

    start_requested = Signal(object)
    notice_raised = Signal(str, str)

    def __init__(self, profile: Profile, catalog: Catalog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._catalog = catalog
        self._wanted = ""
        self._entries: dict[str, Entry] = {}
        self._asked: TrainingConfig | None = None
        self.form = SetupForm()
        self.start = QPushButton(self.tr("Start"))
        self.start.setToolTip(self.tr("Begin the training; it goes on while you do other things"))
        self.start.setDefault(True)
        self.estimate = QPushButton(self.tr("Estimate"))
        self.estimate.setToolTip(
            self.tr("Try two batches: how many parameters, how much memory, how long an epoch")
        )
        self.load = QPushButton(self.tr("Load…"))
        self.load.setToolTip(self.tr("Fill the form from a file"))
        self.save = QPushButton(self.tr("Save…"))
        self.save.setToolTip(
            self.tr("Keep the form as a file, which python -m trainer train --config takes too")
        )
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setMaximumHeight(6)
        self.bar.setTextVisible(False)
        self.bar.hide()
        self._obtaining = Task(self)
        self._estimating = Task(self)
        self._listing = Task(self)
        self._lay_out()
        self._connect()

    def refresh_datasets(self) -> None:
        """Look again which datasets there are."""
        catalog = self._catalog

        def entries(context: Context) -> tuple[Entry, ...]:
            context.check()
            return catalog.entries()

        self._listing.start(entries)

    def set_up_first(self) -> None:
        """Fill the form for somebody who trains for the first time."""
        self.form.rows["preset"].set_value(FIRST_PRESET)
        self.form.rows["data"].set_value(STARTER)
        self.start.setFocus()

    def choose_dataset(self, name: str) -> None:
        """Choose the data to train on, as soon as it is known which there are."""
        self._wanted = name
        self.refresh_datasets()

    def close_page(self) -> None:
        """End what is under way."""
        for task in (self._obtaining, self._estimating, self._listing):
            task.close()

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self.start)
        row.addWidget(self.estimate)
        row.addWidget(self.facts, 1)
        row.addWidget(self.load)
        row.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(MARGIN)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.bar)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.start.clicked.connect(self._on_start_clicked)
        self.estimate.clicked.connect(self._on_estimate_clicked)
        self.load.clicked.connect(self._on_load_clicked)
        self.save.clicked.connect(self._on_save_clicked)
        self.form.changed.connect(self._on_form_changed)
        self._listing.succeeded.connect(self._on_entries_listed)
        self._obtaining.reported.connect(self._on_data_progress)
        self._obtaining.succeeded.connect(self._on_data_obtained)
        self._obtaining.failed.connect(self._on_work_failed)
        self._estimating.succeeded.connect(self._on_estimated)
        self._estimating.failed.connect(self._on_work_failed)

    @Slot(object)
    def _on_entries_listed(self, entries: tuple[Entry, ...]) -> None:
        usable = [e for e in entries if (e.is_present and not e.error) or e.kind is Kind.STARTER]
        self._entries = {entry.name: entry for entry in usable}
        names = [(e.name, self._text_of(e)) for e in usable if e.name != MY_SAMPLES]
        self.form.set_datasets(names, has_samples=MY_SAMPLES in self._entries)
        if self._wanted in self._entries:
            self.form.rows["data"].set_value(self._wanted)
        self._wanted = ""

    def _text_of(self, entry: Entry) -> str:
        if not entry.is_present:
            return self.tr("{0} (made at the start)").format(entry.title)
        return self.tr("{0} · {1} samples").format(entry.title, f"{sum(entry.counts.values()):,}")

    @Slot()
    def _on_start_clicked(self) -> None:
        config = self.form.config()
        if config is None:
            return
        self._estimating.cancel()
        self._asked = config
        entry = self._entries.get(config.data)
        if entry is None or entry.is_present:
            self._on_data_obtained()
            return
        catalog, name = self._catalog, config.data

        def obtain(context: Context) -> None:
            catalog.obtain(name, context.report, context.check)

        self._show_busy(self.tr("Making {0}").format(entry.title))
        self._obtaining.start(obtain)

    @Slot(object)
    def _on_data_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    @Slot()
    def _on_data_obtained(self) -> None:
        self._show_idle("")
        if self._asked is not None:
            self.start_requested.emit(self._asked)
            self._asked = None
        self.refresh_datasets()

    @Slot(object)
    def _on_work_failed(self, error: Exception) -> None:
        self._show_idle("")
        hint = error.hint if isinstance(error, TrainerError) else ""
        self.notice_raised.emit(str(error), hint)

    @Slot()
    def _on_estimate_clicked(self) -> None:
        config = self.form.config()
        if config is not None:
            self._show_busy(self.tr("Trying two batches …"))
            self.start.setEnabled(True)
            profile = self._profile
            self._estimating.start(lambda context: estimate(config, profile, context))

    @Slot(object)
    def _on_estimated(self, record: dict[str, Any]) -> None:
        facts = []
        if record.get("parameters"):
            facts.append(self.tr("{0} parameters").format(f"{record['parameters']:,}"))
        if record.get("memory_bytes"):
            facts.append(self.tr("{0} memory").format(size_text(record["memory_bytes"])))
        if record.get("seconds_per_epoch"):
            seconds = time_text(record["seconds_per_epoch"])
            facts.append(self.tr("about {0} an epoch").format(seconds))
        self._show_idle(" · ".join(facts))

    @Slot()
    def _on_form_changed(self) -> None:
        if self._estimating.is_running:
            self._estimating.cancel()
            self._show_idle("")
        self.facts.setText("")

    @Slot()
    def _on_save_clicked(self) -> None:
        config = self.form.config()
        if config is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the settings"), f"{config.preset}.json", "JSON (*.json)"
        )
        if chosen:
            try:
                with replacing(Path(chosen)) as temporary:
                    temporary.write_text(config.to_json(), encoding="utf-8")
            except OSError as error:
                self.notice_raised.emit(
                    self.tr("The settings cannot be saved: {0}.").format(error.strerror or error),
                    self.tr("Choose another folder."),
                )

    @Slot()
    def _on_load_clicked(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Load settings"), "", "JSON (*.json)")
        if not chosen:
            return
        try:
            config = TrainingConfig.from_json(Path(chosen).read_text(encoding="utf-8"))
        except TrainerError as error:
            self.notice_raised.emit(error.message, error.hint)
        except (OSError, UnicodeDecodeError) as error:
            self.notice_raised.emit(self.tr("The file cannot be read: {0}.").format(error), "")
        else:
            self.form.show_config(config)

    def _show_busy(self, text: str) -> None:
        self.facts.setText(text)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.start.setEnabled(False)

    def _show_idle(self, text: str) -> None:
        self.facts.setText(text)
        self.bar.hide()
        self.start.setEnabled(True)


def estimate(config: TrainingConfig, profile: Profile, context: Context) -> dict[str, Any]:
    """Ask a trainer what a run will take, in a process that ends with the task.

    Raises
    ------
    RunError
        If it cannot say.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.json"
        file.write_text(config.to_json(), encoding="utf-8")
        command = [*trainer_command(), "train", "--config", str(file), "--estimate", "--json"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, PROFILE_VARIABLE: str(profile.root)},
        ) as process:
            try:
                output, errors = _communicate(process, context)
            except BaseException:
                process.kill()
                raise
    try:
        record = json.loads(output.splitlines()[-1])
        return dict(record)
    except (ValueError, IndexError) as error:
        said = [line for line in errors.splitlines() if line.strip()]
        raise RunError(
            "The run cannot be estimated.", said[-1] if said else "Start it and see."
        ) from error


def _communicate(process: subprocess.Popen[str], context: Context) -> tuple[str, str]:
    while True:
        context.check()
        try:
            return process.communicate(timeout=_SECONDS_PER_LOOK)
        except subprocess.TimeoutExpired:
            continue
