"""Cross-validation and learning curve: experiments of many trainings besides the search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QTableWidget,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.command_page import FAILURE
from emnist_desktop.models.search.curves import EpochsChart, FoldsChart, SizesChart
from emnist_desktop.models.search.experiment_panel import ExperimentPanel
from emnist_desktop.models.search.record import subject_texts
from emnist_desktop.models.search.settings import FORM_WIDTH
from emnist_desktop.ui.controls import caption, check_box, form_rows, prepare_table, spin_box
from emnist_desktop.ui.format import local
from emnist_desktop.ui.layout import hbox, sheet, splitter, vbox
from emnist_desktop.ui.style import centre_labels
from emnist_desktop.ui.table import fill
from trainer.models.presets import PRESETS, PresetKind
from trainer.search.experiment_folder import CROSS_VALIDATION, LEARNING_CURVE
from trainer.search.folds import MOST_FOLDS

_FOLDS = 5
_EDITOR_HEIGHT = 32


class CrossValidationPanel(ExperimentPanel):
    """Trains on every part of the data but one, in turn."""

    kind = CROSS_VALIDATION

    def make_form(self) -> QWidget:
        """Return how the data are divided."""
        self.folds = spin_box(
            2,
            MOST_FOLDS,
            _FOLDS,
            tip=self.tr("So many trainings; each is measured by the part it lacks"),
        )
        self.by_writer = check_box(
            self.tr("No writer in two parts"),
            self.tr("Says how well it reads people it has never seen; the dataset must tell who "
                    "wrote what"),
        )  # fmt: skip
        self.at_once = check_box(
            self.tr("All parts at once"),
            self.tr("For classic models: uses every core of the processor, keeps no models, and "
                    "shows nothing before the end"),
        )  # fmt: skip
        self.base.preset.currentIndexChanged.connect(self._on_model_changed)
        self._on_model_changed()
        return _form(
            self.tr("One training can be lucky. Here the data are divided, and each part is read "
                    "once by a model that has not seen it: the mean says what to expect, the "
                    "spread how sure that is."),
            [(self.tr("Parts"), self.folds), ("", self.by_writer), ("", self.at_once)],
        )  # fmt: skip

    def make_results(self) -> QWidget:
        """Return the charts and the table."""
        self.chart, self.curves = FoldsChart(), EpochsChart()
        self.table = _Table(
            [self.tr("Part"), self.tr("State"), self.tr("Accuracy"), self.tr("To train on"),
             self.tr("To measure"), self.tr("Time")]
        )  # fmt: skip
        return _split([self.chart, self.curves], self.table)

    def new_words(self) -> tuple[str, str]:
        """Return what the list calls a new one, and what its start does."""
        return self.tr("New cross-validation"), self.tr("Train once for each part")

    def words(self) -> str:
        """Return what a new one is named after."""
        return f"{self.base.words()} {self.folds.value()} folds"

    def start_arguments(self) -> list[str] | None:
        """Return the command."""
        options = ["--by-writer"] if self.by_writer.isChecked() else []
        if self.at_once.isChecked() and self.at_once.isEnabled():
            options.append("--side-by-side")
        return ["crossvalidate", "--folds", str(self.folds.value()), *options, "--name"]

    def resume_arguments(self, record: dict[str, Any], settings: Path) -> list[str]:
        """Return the command that continues the experiment."""
        about = record["about"]
        options = ["--by-writer"] if about["by_writer"] else []
        options += ["--side-by-side"] if about.get("side_by_side") else []
        name = ["--name", str(record["name"]), "--config", str(settings)]
        return ["crossvalidate", "--folds", str(about["folds"]), *options, *name]

    def show_record(self, record: dict[str, Any]) -> None:
        """Show the folds."""
        self.chart.show_record(record)
        self.curves.show_record(record)
        self.table.show_runs(
            record,
            lambda run: (
                str(run["fold"]),
                *self.table.state_cells(run),
                local(run["samples"]),
                local(run["validation_samples"]),
                f"{local(run['seconds'], ',.1f')} s",
            ),
        )

    def describe(self, record: dict[str, Any]) -> str:
        """Return what is validated, and mean and spread so far."""
        settings = record["about"]["settings"]
        text = self.tr("{0} on {1}: {2} of {3} parts are done.").format(
            *subject_texts(settings),
            record["finished"],
            len(record["runs"]),
        )
        if record["sd"] is not None:
            text += " " + self.tr("Accuracy {0} ± {1} % (mean and standard deviation).").format(
                local(100 * record["mean"], ".2f"), local(100 * record["sd"], ".2f")
            )
        return text

    @Slot()
    def _on_model_changed(self) -> None:
        preset = PRESETS[str(self.base.preset.currentData())]
        self.at_once.setEnabled(preset.kind is PresetKind.CLASSICAL)


class LearningCurvePanel(ExperimentPanel):
    """Trains on more and more samples."""

    kind = LEARNING_CURVE

    def make_form(self) -> QWidget:
        """Return the sizes and the seeds."""
        self.sizes = QLineEdit()
        self.sizes.setPlaceholderText(self.tr("100, 300, 1000, … up to all"))
        self.sizes.setToolTip(self.tr("Numbers of samples to train on, with commas"))
        self.seeds = spin_box(
            1,
            20,
            1,
            tip=self.tr("Each with other samples and another start; more show how much is chance"),
        )
        return _form(
            self.tr("Would more samples help? The same model is trained on more and more of them "
                    "and measured on the same validation data. A curve that still rises says "
                    "yes; one that has become flat says: try another model."),
            [(self.tr("Sizes"), self.sizes), (self.tr("Trainings a size"), self.seeds)],
        )  # fmt: skip

    def make_results(self) -> QWidget:
        """Return the chart and the table."""
        self.chart = SizesChart()
        self.table = _Table(
            [self.tr("Samples"), self.tr("Seed"), self.tr("State"), self.tr("Accuracy"),
             self.tr("Time")]
        )  # fmt: skip
        return _split([self.chart], self.table)

    def new_words(self) -> tuple[str, str]:
        """Return what the list calls a new one, and what its start does."""
        return self.tr("New learning curve"), self.tr("Train once for each size")

    def words(self) -> str:
        """Return what a new one is named after."""
        return f"{self.base.words()} curve"

    def start_arguments(self) -> list[str] | None:
        """Return the command; None if the sizes cannot be read."""
        texts = [text for text in self.sizes.text().replace(" ", "").split(",") if text]
        if not all(text.isdecimal() for text in texts):
            self.banner.show_notice(
                self.tr("Expected whole numbers with commas. Received: {0}.").format(
                    self.sizes.text()
                ),
                self.tr("For instance 100, 300, 1000."),
                topic=FAILURE,
            )
            return None
        sizes = ["--sizes", ",".join(texts)] if texts else []
        seeds = ",".join(str(seed) for seed in range(1, self.seeds.value() + 1))
        return ["learningcurve", *sizes, "--seeds", seeds, "--name"]

    def resume_arguments(self, record: dict[str, Any], settings: Path) -> list[str]:
        """Return the command that continues the experiment."""
        about = record["about"]
        numbers = {name: ",".join(map(str, about[name])) for name in ("sizes", "seeds")}
        asked = ["--sizes", numbers["sizes"], "--seeds", numbers["seeds"]]
        name = ["--name", str(record["name"]), "--config", str(settings)]
        return ["learningcurve", *asked, *name]

    def show_record(self, record: dict[str, Any]) -> None:
        """Show the points."""
        self.chart.show_record(record)
        self.table.show_runs(
            record,
            lambda run: (
                local(run["size"]),
                str(run["seed"]),
                *self.table.state_cells(run),
                f"{local(run['seconds'], ',.1f')} s",
            ),
        )

    def describe(self, record: dict[str, Any]) -> str:
        """Return what is trained, and the progress."""
        settings = record["about"]["settings"]
        done = sum(run["state"] == "finished" for run in record["runs"])
        return self.tr("{0} on {1}: {2} of {3} trainings are done.").format(
            *subject_texts(settings),
            done,
            len(record["runs"]),
        )


class _Table(QTableWidget):
    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(0, len(titles))
        self.setHorizontalHeaderLabels(list(titles))
        prepare_table(self, self.tr("Trainings"))
        self.setAlternatingRowColors(True)

    def show_runs(
        self, record: dict[str, Any], cells: Callable[[dict[str, Any]], Sequence[str]]
    ) -> None:
        """Show a row for each training of a record, and in a tip why it failed or where it is."""
        runs = record["runs"]
        fill(self, ((cells(run), error_text(run["message"]) or run["run"]) for run in runs))

    def state_cells(self, run: dict[str, Any]) -> tuple[str, str]:
        texts = {
            "waiting": self.tr("waits"),
            "running": self.tr("training, {0} epochs").format(len(run["epochs"])),
            "interrupted": self.tr("interrupted"),
            "finished": self.tr("finished"),
            "failed": self.tr("failed"),
        }
        accuracy = "–" if run["accuracy"] is None else local(run["accuracy"], ".2%")
        return texts.get(run["state"], str(run["state"])), accuracy


def _form(text: str, rows: Sequence[tuple[str, QWidget]]) -> QWidget:
    layout = form_rows(QFormLayout(), *rows)
    for _, editor in rows:
        if isinstance(editor, QSpinBox):
            editor.setMinimumHeight(_EDITOR_HEIGHT)
    centre_labels(layout)
    form = sheet(vbox(layout, caption(text)))
    form.setMaximumWidth(FORM_WIDTH)
    return form


def _split(charts: Sequence[QWidget], table: QWidget) -> QWidget:
    upper = sheet(hbox(*((chart, 1) for chart in charts)))
    return splitter(Qt.Orientation.Vertical, upper, table, sizes=(1200, 800))
