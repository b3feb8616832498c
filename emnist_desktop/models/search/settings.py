"""What every training of a search has: model, dataset, epochs, samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.page import ModelContext
from emnist_desktop.ui.controls import caption, combo_box, form_rows, spin_box
from emnist_desktop.ui.style import centre_labels
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.models.presets import PRESETS, PresetKind

FORM_WIDTH = 640
"""Wider, titles and editors would be too far apart, in pixels."""

FIRST_PRESET = "cnn-small"
_MOST_SAMPLES = 10_000_000
_SAMPLES_STEP = 1000


class BaseSettings(QWidget):
    """Edits the settings that all trainings share.

    Signals
    -------
    changed
        Something else was chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: dict[str, Any] = {}
        self.setMaximumWidth(FORM_WIDTH)
        self.preset = combo_box(
            [(trainer_text(each.title), each.name) for each in PRESETS.values()],
            tip=self.tr("The model that is trained again and again"),
            width=18,
        )
        self.data = combo_box(
            tip=self.tr("What it learns from; test data are never touched"), width=18
        )
        self.data.setPlaceholderText(self.tr("none yet: see Datasets"))
        epochs = FIELDS["epochs"]
        low, high = int(epochs.low), int(epochs.high)
        self.epochs = spin_box(low, high, low, tip=trainer_text(epochs.help))
        self.samples = spin_box(
            0,
            _MOST_SAMPLES,
            0,
            step=_SAMPLES_STEP,
            zero=self.tr("all"),
            tip=self.tr("Train on so many samples, chosen at random; fewer find an answer sooner"),
        )
        for box in (self.epochs, self.samples):
            box.setMinimumHeight(self.preset.sizeHint().height())
        self.note = caption()
        form = QFormLayout(self)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form_rows(
            form,
            (self.tr("Model"), self.preset),
            (self.tr("Dataset"), self.data),
            (self.tr("Epochs"), self.epochs),
            (self.tr("Samples"), self.samples),
        )
        form.addRow(self.note)
        centre_labels(form)
        self.preset.currentIndexChanged.connect(self._on_preset_changed)
        self.data.currentIndexChanged.connect(self.changed)
        self.epochs.valueChanged.connect(self.changed)
        self.samples.valueChanged.connect(self.changed)
        self._choose(self.preset, FIRST_PRESET)
        self._on_preset_changed()

    def set_datasets(self, names: Sequence[tuple[str, str]]) -> None:
        """Offer datasets: name and text of each; what is chosen stays chosen."""
        chosen = self.data.currentData()
        with QSignalBlocker(self.data):
            self.data.clear()
            for name, text in names:
                self.data.addItem(text, name)
        if chosen:
            self.choose_data(str(chosen))
        self.changed.emit()

    def choose_data(self, name: str) -> None:
        """Choose a dataset; one that is not in the list is added."""
        if name and self.data.findData(name) < 0:
            self.data.addItem(Path(name).name, name)
        self._choose(self.data, name)

    def show_subject(self, subject: ModelContext | None) -> None:
        """Apply the model and dataset chosen in the tab."""
        if subject is None:
            return
        self._run = _settings_of_run(subject.model)
        if self._run:
            self._choose(self.preset, str(self._run["preset"]))
            self._on_preset_changed()
        self.choose_data(subject.data or str(self._run.get("data", "")))

    def record(self) -> dict[str, Any]:
        """Return the settings, as `TrainingConfig.from_record` reads them.

        Raises
        ------
        ConfigError
            If there is no dataset, or they do not fit one another.
        """
        if not self.data.currentData():
            raise ConfigError(
                self.tr("There is no dataset to learn from."),
                self.tr("Fetch one in the Datasets tab, or make the starter set there."),
            )
        preset = str(self.preset.currentData())
        record = dict(self._run) if self._is_of_run() else {}
        record |= {"preset": preset, "data": str(self.data.currentData() or "")}
        if self.samples.value() != _default(preset, "limit") or "limit" in record:
            record["limit"] = self.samples.value()
        if PRESETS[preset].kind is PresetKind.NETWORK:
            record["epochs"] = self.epochs.value()
            for name in ("warmup_epochs", "screen_after"):
                if record.get(name, _default(preset, name)) > self.epochs.value():
                    record[name] = type(_default(preset, name))(0)
        TrainingConfig.from_record(record)
        return record

    def model(self) -> dict[str, Any]:
        """Return the preset, and the layers where they are those of the chosen run."""
        layers = {"layers": self._run["layers"]} if self._is_of_run() else {}
        return {"preset": str(self.preset.currentData()), **layers}

    def words(self) -> str:
        """Return the model and the dataset, for a name."""
        return f"{self.preset.currentData()} {Path(str(self.data.currentData() or '')).stem}"

    @Slot()
    def _on_preset_changed(self) -> None:
        preset = str(self.preset.currentData())
        source: Mapping[str, Any] = self._run if self._is_of_run() else {}
        self.epochs.setValue(int(source.get("epochs", _default(preset, "epochs"))))
        self.samples.setValue(int(source.get("limit", _default(preset, "limit"))))
        self.epochs.setEnabled(PRESETS[preset].kind is PresetKind.NETWORK)
        self.note.setText(
            self.tr("All other settings are those of the chosen run.")
            if self._is_of_run()
            else self.tr("All other settings are the usual ones of the model.")
        )
        self.changed.emit()

    def _is_of_run(self) -> bool:
        return bool(self._run) and self._run.get("preset") == self.preset.currentData()

    @staticmethod
    def _choose(box: QComboBox, name: str) -> None:
        index = box.findData(name)
        if index >= 0:
            box.setCurrentIndex(index)


def _default(preset: str, name: str) -> Any:
    plain = {field.name: field.default for field in dataclasses.fields(TrainingConfig)}
    return PRESETS[preset].defaults.get(name, plain[name])


def _settings_of_run(model: Path) -> dict[str, Any]:
    """Return the settings of the run that has left a bundle; empty for other models."""
    try:
        return dataclasses.asdict(TrainingConfig.load(model.parent / "config.json"))
    except ConfigError:
        return {}
