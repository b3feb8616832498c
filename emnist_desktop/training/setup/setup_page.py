"""The page where a run is set up: the form, what it will take, and the start."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QProgressBar,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_texts
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.settings import DEVICE, Settings
from emnist_desktop.trainer_process.standby import WARM_BYTES
from emnist_desktop.training.code_dialog import show_code
from emnist_desktop.training.setup.augmentation_preview import VariantPreview
from emnist_desktop.training.setup.estimator import Estimator
from emnist_desktop.training.setup.missing_data import (
    MissingData,
    absent_choice,
    dataset_choices,
    find_missing,
    makes_starter,
)
from emnist_desktop.training.setup.setup_form import FIRST_PRESET, MY_SAMPLES, SetupForm
from emnist_desktop.ui.controls import plain_label, push_button
from emnist_desktop.ui.dialogs.file_dialog import ask_open, ask_save
from emnist_desktop.ui.format import size_text
from emnist_desktop.ui.layout import hbox, scroll_area, vbox
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.task import Task
from trainer.config.fields import DEVICES
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry, Kind
from trainer.errors import ConfigError, TrainerError
from trainer.files.paths import Profile, replacing, with_ending
from trainer.models.presets import PRESETS, PresetKind

_FILTER = "JSON (*.json)"


class SetupPage(QWidget):
    """Fills a form; a start gets the data first where they have to be made.

    What a run will take is estimated by itself when the form has been left alone for a moment,
    but not beside a training, which would be slowed down and would spoil the figure.

    Parameters
    ----------
    profile : Profile
    catalog : Catalog
    settings : Settings, optional
        Has the device of new runs.

    Signals
    -------
    start_requested : object
        A `TrainingConfig` whose data are present.
    notice_raised : str, str
        A sentence and a hint: something failed.
    dataset_requested : str
        A dataset that is not on this computer, to be looked for in the Datasets tab.
    """

    start_requested = Signal(object)
    dataset_requested = Signal(str)
    notice_raised = Signal(str, str)

    def __init__(
        self, profile: Profile, catalog: Catalog, settings: Settings | None = None
    ) -> None:
        super().__init__()
        self._profile = profile
        self._catalog = catalog
        self._settings = settings
        self._requested_dataset = ""
        self._entries: dict[str, CatalogEntry] = {}
        self._pending: Callable[[], None] | None = None
        self._missing_data: MissingData | None = None
        self._is_training = False
        self.form = SetupForm()
        self._make_buttons()
        self.preview = VariantPreview(catalog)
        self.form.add_preview(self.preview)
        self.info = plain_label()
        self.bar = QProgressBar()
        self.bar.setMaximumHeight(6)
        self.bar.setTextVisible(False)
        self.bar.hide()
        self._obtaining = Task(self, self._on_data_obtained, self._on_work_failed)
        self.estimator = Estimator(profile, self)
        self._listing = Task(self, self._on_entries_listed)
        self._lay_out()
        self._connect()
        self._apply_device()

    def restore(self, config: TrainingConfig) -> None:
        """Fill the form with what was started last; the device is what new runs compute on."""
        self.form.show_config(config)
        self.form.reset_device()

    def refresh_datasets(self) -> None:
        """List the datasets again."""
        catalog = self._catalog
        self._listing.start(lambda _: catalog.entries())

    def set_up_first(self) -> None:
        """Fill the form for a first run."""
        self.form.rows["preset"].set_value(FIRST_PRESET)
        self.form.rows["data"].set_value(STARTER)
        self.start.setFocus()

    def choose_dataset(self, name: str) -> None:
        """Choose the data to train on, as soon as it is known which there are."""
        self._requested_dataset = name
        self.refresh_datasets()

    def apply_fields(self, fields: Mapping[str, Any]) -> None:
        """Fill the form with some settings; the others stay as they are, or as the model has them.

        A field that does not fit is told of, and the form stays as it was.
        """
        known = {field.name for field in dataclasses.fields(TrainingConfig)}
        record = {name: value for name, value in fields.items() if name in known}
        data = record.get("data") or self.form.rows["data"].value()
        before = self.form.sound_config()
        if before is not None and record.get("preset", before.preset) == before.preset:
            record = _merged(dataclasses.asdict(before), record)
        try:
            config = TrainingConfig.from_record({**record, "data": data or STARTER})
        except ConfigError as error:
            self.notice_raised.emit(*error_texts(error))
            return
        self.form.show_config(config)
        self._requested_dataset = config.data

    def set_training(self, is_training: bool) -> None:
        """Set whether a run is under way."""
        self._is_training = is_training
        if is_training:
            self._end_estimate()

    def changeEvent(self, event: QEvent) -> None:
        """Catch up with the settings, whose dialog may have been closed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._apply_device()

    def showEvent(self, event: QShowEvent) -> None:
        """Start an estimate."""
        super().showEvent(event)
        self._apply_device()
        self.estimator.touch()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel the estimate."""
        self._end_estimate()
        super().hideEvent(event)

    def _make_buttons(self) -> None:
        tip = self.tr(
            "Begin the training; it goes on while you do other things.\nSo that it begins at once, "
            "a trainer is kept ready while this tab is shown; it takes about {0} of memory."
        )
        self.start = push_button(self.tr("Start"), tip.format(size_text(WARM_BYTES)))
        self.start.setDefault(True)
        self.estimate = push_button(
            self.tr("Estimate"),
            self.tr("How much memory a training takes; of a network, parameters and time, too"),
        )
        self.find_rate = push_button(
            self.tr("Find rate…"), self.tr("Try rising learning rates, and suggest one")
        )
        self.code = push_button(
            self.tr("Show the code…"),
            self.tr("Show a script that trains the same without this program"),
        )
        self.load = push_button(self.tr("Load…"), self.tr("Fill the form from a file"))
        self.save = push_button(
            self.tr("Save…"), self.tr("Keep the form as a file, to load it again or pass it on")
        )
        self.cancel = push_button(
            self.tr("Cancel"), self.tr("End what is being prepared; nothing is left of it")
        )
        self.cancel.hide()
        self.find_data = push_button(
            self.tr("Go to Datasets"), self.tr("Datasets are fetched and imported there")
        )
        self.find_data.hide()

    def _lay_out(self) -> None:
        scroll = scroll_area(self.form, self.tr("Settings of the run"))
        left = (self.start, self.estimate, self.find_rate, self.cancel, self.find_data)
        row = hbox(*left, (self.info, 1), self.code, self.load, self.save)
        self.setLayout(vbox((scroll, 1), self.bar, row, spacing=MARGIN))

    def _connect(self) -> None:
        self.start.clicked.connect(self._on_start_clicked)
        self.estimate.clicked.connect(self._on_estimate_clicked)
        self.find_rate.clicked.connect(self._on_find_rate_clicked)
        self.find_data.clicked.connect(self._on_find_data_clicked)
        self.code.clicked.connect(self._on_code_clicked)
        self.load.clicked.connect(self._on_load_clicked)
        self.save.clicked.connect(self._on_save_clicked)
        self.form.changed.connect(self._on_form_changed)
        self._obtaining.reported.connect(self._on_data_progress)
        self._obtaining.cancelled.connect(self._on_obtaining_cancelled)
        self.cancel.clicked.connect(self._on_cancel_clicked)
        self.preview.kind_changed.connect(self.form.show_kind)
        self.estimator.settled.connect(self._on_form_settled)
        self.estimator.estimated.connect(self._on_estimated)
        self.estimator.failed.connect(self._on_work_failed)

    @Slot(object)
    def _on_entries_listed(self, entries: tuple[CatalogEntry, ...]) -> None:
        usable = [e for e in entries if (e.is_present and not e.error) or e.kind is Kind.STARTER]
        self._entries = {entry.name: entry for entry in usable}
        names = dataset_choices(usable)
        for field in ("data", "validation"):
            chosen = str(self.form.rows[field].value() or "")
            if chosen and chosen not in dict(names):
                names.append(absent_choice(chosen, entries))
        self.form.set_datasets(names, has_samples=MY_SAMPLES in self._entries)
        if self._requested_dataset in self._entries:
            self.form.rows["data"].set_value(self._requested_dataset)
        self._requested_dataset = ""
        self._show_preview()

    def _checked_config(self) -> TrainingConfig | None:
        """Return the settings; None if one is wrong or its data are lacking, which is marked."""
        config = self.form.config()
        self._missing_data = None if config is None else find_missing(self._catalog, config)
        if self._missing_data is not None:
            self.form.mark(self._missing_data.field, self._missing_data.sentence)
        self.find_data.setVisible(self._missing_data is not None)
        return config if self._missing_data is None else None

    @Slot()
    def _on_find_data_clicked(self) -> None:
        if self._missing_data is not None:
            self.dataset_requested.emit(self._missing_data.dataset)

    @Slot()
    def _on_start_clicked(self) -> None:
        config = self._checked_config()
        if config is not None:
            self._with_data(config, lambda: self.start_requested.emit(config))

    def _with_data(self, config: TrainingConfig, action: Callable[[], None]) -> None:
        """Do something that needs the data of a run, after the starter set is made if it must."""
        self.estimator.cancel()
        self._pending = action
        if not makes_starter(self._catalog, config):
            self._on_data_obtained()
            return
        obtain = self._catalog.obtain
        self._show_busy(self.tr("Making the starter set"))
        self.start.setEnabled(False)
        self.estimate.setEnabled(False)
        self._obtaining.start(lambda context: obtain(STARTER, context.report, context.check))

    @Slot(object)
    def _on_data_progress(self, progress: TransferProgress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    @Slot()
    def _on_data_obtained(self) -> None:
        self._show_idle("")
        action, self._pending = self._pending, None
        if action is not None:
            action()
        self.refresh_datasets()

    @Slot(object)
    def _on_work_failed(self, error: Exception) -> None:
        self._show_idle("")
        self.notice_raised.emit(*error_texts(error))

    @Slot()
    def _on_obtaining_cancelled(self) -> None:
        self._pending = None
        self._show_idle(self.tr("Nothing was started"))
        self.refresh_datasets()

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self._end_estimate()
        self._obtaining.cancel()

    def _end_estimate(self) -> None:
        if self.estimator.is_running:
            self._show_idle("")
        self.estimator.cancel()

    @Slot()
    def _on_estimate_clicked(self) -> None:
        config = self._checked_config()
        if config is not None:
            text = self._trying()
            if makes_starter(self._catalog, config):
                text = self.tr("Making the starter set, then estimating …")
                self.start.setEnabled(False)  # it would make the set a second time, beside this
                self.estimate.setEnabled(False)
            self._show_busy(text)
            self.estimator.estimate(config, is_requested=True)

    def _trying(self) -> str:
        is_network = self.form.preset.kind is PresetKind.NETWORK
        return self.tr("Trying two batches …") if is_network else self.tr("Estimating …")

    @Slot(str)
    def _on_estimated(self, info: str) -> None:
        self._show_idle(info)
        self.refresh_datasets()  # it may have made the starter set

    @Slot()
    def _on_form_settled(self) -> None:
        config = self.form.sound_config()
        if config is None or self._is_training or self._obtaining.is_running:
            return
        is_here = find_missing(self._catalog, config) is None
        if self.isVisible() and is_here and not makes_starter(self._catalog, config):
            self.info.setText(self._trying())
            self.estimator.estimate(config, is_requested=False)

    @Slot()
    def _on_form_changed(self) -> None:
        self.find_data.hide()
        self.find_rate.setVisible(self.form.preset.kind is PresetKind.NETWORK)
        self._show_preview()
        if not self._obtaining.is_running:
            self._show_idle("")
            self.estimator.touch()

    @Slot()
    def _on_code_clicked(self) -> None:
        """Show the code of the form as it stands."""
        config = self.form.config()
        if config is not None:
            title = trainer_text(PRESETS[config.preset].title)
            show_code(config, title, self._profile, self._settings, self)

    @Slot()
    def _on_find_rate_clicked(self) -> None:
        """Sweep the learning rate with the form as it stands."""
        config = self._checked_config()
        if config is not None:
            self._with_data(config, lambda: self._sweep(config))

    def _sweep(self, config: TrainingConfig) -> None:
        from emnist_desktop.training.setup.rate_dialog import RateDialog

        dialog = RateDialog(config, self._profile, self)
        dialog.rate_chosen.connect(self._on_rate_chosen)
        dialog.open()

    @Slot(float)
    def _on_rate_chosen(self, rate: float) -> None:
        self.form.rows["learning_rate"].set_value(rate)

    def _apply_device(self) -> None:
        """Apply the device of new runs from the settings."""
        device = DEVICE.default if self._settings is None else self._settings.get(DEVICE)
        self.form.set_device(device if device in DEVICES else DEVICE.default)

    def _show_preview(self) -> None:
        form = self.form
        name = str(form.rows["data"].value() or "")
        entry = self._entries.get(name)
        if entry is not None and entry.classes:
            form.show_data(entry.image_shape, entry.classes)
        self.preview.show_settings(name, form.image_augmentation(), form.stroke_augmentation())

    @Slot()
    def _on_save_clicked(self) -> None:
        """Ask for a file and save the settings."""
        config = self.form.config()
        if config is None:
            return
        name = f"{config.preset}.json"
        chosen, _ = ask_save(self, self.tr("Save the settings"), name, _FILTER)
        if chosen is not None:
            try:
                with replacing(with_ending(chosen, ".json")) as temporary:
                    temporary.write_text(config.to_json(), encoding="utf-8")
            except OSError as error:
                self.notice_raised.emit(
                    self.tr("The settings cannot be saved: {0}.").format(error.strerror or error),
                    self.tr("Choose another folder."),
                )

    @Slot()
    def _on_load_clicked(self) -> None:
        """Ask for a file and fill the form from it."""
        chosen = ask_open(self, self.tr("Load settings"), _FILTER)
        if chosen is not None:
            try:
                self.form.show_config(TrainingConfig.load(chosen))
            except TrainerError as error:
                self.notice_raised.emit(*error_texts(error))

    def _show_busy(self, text: str) -> None:
        self.info.setText(text)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.cancel.show()

    @Slot(str)
    def _show_idle(self, text: str) -> None:
        self.info.setText(text)
        self.bar.hide()
        self.cancel.hide()
        self.start.setEnabled(True)
        self.estimate.setEnabled(True)


def _merged(before: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return settings with some taken over; of an augmentation only the named strengths."""
    record = {**before, **fields}
    for name in ("augmentation", "image_augmentation"):
        if isinstance(before.get(name), dict) and isinstance(fields.get(name), dict):
            record[name] = {**before[name], **fields[name]}
    return record
