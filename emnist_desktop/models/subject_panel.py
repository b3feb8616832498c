"""The left of the Models tab: which model, and on which data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QInputDialog,
    QListView,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text, error_texts
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.known_models import (
    KnownModel,
    UserFile,
    files_from_json,
    files_to_json,
    find_models,
)
from emnist_desktop.models.page import ModelContext
from emnist_desktop.settings import SettingEntry, Settings
from emnist_desktop.ui.controls import caption_form, combo_box, push_button, refill
from emnist_desktop.ui.dialogs.file_dialog import ask_open
from emnist_desktop.ui.format import local, merged_text, preset_text, title_text, unbroken
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.load import ALL
from trainer.datasets.store import TEST
from trainer.files.paths import Profile

FILES = SettingEntry("models/files", "")
"""Model files that the user has added, as JSON."""

DATA = SettingEntry("models/data", "")
"""The dataset that was chosen last."""

_WIDTH = 250
_TEXT_WIDTH, _AROUND = 216, 10
"""Of the entries, beside a scroll bar: width of the text, and what is above and below it."""

_ALPHABETS = ("digits", "all", "cased", "uppercase", "lowercase")
_MODEL = Qt.ItemDataRole.UserRole


class ModelContextPanel(QWidget):
    """Chooses the model and dataset of the pages.

    Signals
    -------
    subject_changed : object
        A `ModelContext`, or None while there is no usable model.
    notice_raised : str, str
        A sentence and a hint.
    """

    subject_changed = Signal(object)
    notice_raised = Signal(str, str)

    def __init__(self, profile: Profile, settings: Settings, catalog: Catalog) -> None:
        super().__init__()
        self._profile = profile
        self._settings = settings
        self._catalog = catalog
        self._files = files_from_json(settings.get(FILES))
        self._entries: dict[str, CatalogEntry] = {}
        self._requested_model: Path | None = None
        self._requested_data: tuple[str, str] | None = None
        self._subject: ModelContext | None = None
        self._task = Task(self, self._on_listed)
        self._making = Task(self, self._on_starter_made, self._on_making_failed)
        self._making.reported.connect(self._on_making_progressed)
        self._build()
        self._lay_out()
        self.models.currentItemChanged.connect(self._emit_subject)
        self.data.currentIndexChanged.connect(self._on_data_changed)
        self.split.currentIndexChanged.connect(self._emit_subject)
        self.input_range.currentIndexChanged.connect(self._on_range_changed)
        self.add.clicked.connect(self._on_add_clicked)
        self.make.clicked.connect(self._on_make_clicked)

    @property
    def has_data(self) -> bool:
        """Whether there is a dataset."""
        return bool(self._entries)

    def refresh(self) -> None:
        """List the models and datasets again."""
        profile, files, catalog = self._profile, list(self._files), self._catalog

        def look(context: Context) -> tuple[list[KnownModel], tuple[CatalogEntry, ...]]:
            models = find_models(profile, files)
            context.check()
            return models, catalog.entries()

        self._task.start(look)

    def choose(self, model: Path) -> None:
        """Choose a model by its folder or file, as soon as it is listed."""
        self._requested_model = model
        self.refresh()

    def choose_data(self, name: str, split: str) -> None:
        """Choose a dataset and its part, as soon as they are listed."""
        self._requested_data = (name, split)
        self.refresh()

    def add_file(self, path: Path, alphabet: str = "") -> None:
        """List another model, and choose it."""
        self._files = [own for own in self._files if own.path != path] + [UserFile(path, alphabet)]
        self._settings.set(FILES, files_to_json(self._files))
        self.choose(path)

    @Slot()
    def _on_range_changed(self) -> None:
        item = self.models.currentItem()
        if item is None or not item.data(_MODEL).alphabet:
            return
        model = replace(item.data(_MODEL), input_range=self.input_range.currentData())
        item.setData(_MODEL, model)
        self._files = [
            replace(own, input_range=model.input_range) if own.path == model.path else own
            for own in self._files
        ]
        self._settings.set(FILES, files_to_json(self._files))
        self._emit_subject()

    def _show_range(self) -> None:
        """Offer the input range for a file; a bundle's is known."""
        item = self.models.currentItem()
        model: KnownModel | None = None if item is None else item.data(_MODEL)
        is_file = model is not None and bool(model.alphabet)
        self._form.setRowVisible(self.input_range, is_file)
        with QSignalBlocker(self.input_range):
            refill(self.input_range, self._ranges(), model.input_range if model else "")

    def _ranges(self) -> list[tuple[str, str]]:
        titles = {
            "0-255": self.tr("0 to 255"),
            "0-1": self.tr("0 to 1"),
            "-1-1": self.tr("−1 to 1"),
            "normalised": self.tr("normalised (MNIST)"),
        }
        dark = {
            f"{name}-inverted": self.tr("{0}, dark ink").format(title)
            for name, title in titles.items()
        }
        named = [(title, name) for name, title in (titles | dark).items()]
        return [(self.tr("find out"), ""), *named]

    def _build(self) -> None:
        self.models = QListWidget()
        self.models.setAccessibleName(self.tr("Models"))
        self.models.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.models.setWordWrap(True)
        self.models.setResizeMode(QListView.ResizeMode.Adjust)
        self.models.setObjectName("models")
        self.add = push_button(
            self.tr("Open a model…"), self.tr("A Keras or LiteRT file, or the card of a recogniser")
        )
        self.make = push_button(
            self.tr("Make the starter set"), self.tr("12,000 samples, without a network")
        )
        self.make.hide()
        self.data = combo_box(name=self.tr("Dataset"), width=8)
        self.split = combo_box(name=self.tr("Part of the dataset"), width=8)
        self.input_range = combo_box(name=self.tr("Input range of the model"), width=8)
        self.input_range.setToolTip(
            self.tr("What the model expects for paper and ink; tried on samples by default")
        )

    def _lay_out(self) -> None:
        form = self._form = caption_form(
            (self.tr("Data"), self.data),
            (self.tr("Part"), self.split),
            (self.tr("Pixels"), self.input_range),
        )
        layout = vbox((self.models, 1), self.add)
        self.setLayout(layout)
        layout.addSpacing(SPACING)
        layout.addLayout(form)
        layout.addWidget(self.make)
        self.setFixedWidth(_WIDTH)

    @Slot(object)
    def _on_listed(self, found: tuple[list[KnownModel], tuple[CatalogEntry, ...]]) -> None:
        models, entries = found
        self._show_models(models)
        self._show_datasets(entries)
        self._emit_subject()

    def _show_models(self, models: list[KnownModel]) -> None:
        item = self.models.currentItem()
        current = self._requested_model or (item.data(_MODEL).path if item is not None else None)
        self._requested_model = None
        paths = [model.path for model in models]
        with QSignalBlocker(self.models):
            self.models.clear()
            for model in models:
                text = unbroken(f"{model.title}\n{self._detail(model)}".rstrip())
                item = QListWidgetItem(text)
                item.setSizeHint(self._room_of(text))
                item.setData(_MODEL, model)
                item.setToolTip(error_text(model.problem) or str(model.path))
                if model.problem:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
                self.models.addItem(item)
            self.models.setCurrentRow(paths.index(current) if current in paths else 0)

    def _room_of(self, text: str) -> QSize:
        """Return the room of an entry; Qt forgets its padding where it breaks the lines."""
        wrap = Qt.TextFlag.TextWordWrap.value
        metrics = self.models.fontMetrics()
        height = metrics.boundingRect(QRect(0, 0, _TEXT_WIDTH, 0), wrap, text).height()
        return QSize(_TEXT_WIDTH, height + _AROUND)

    def _detail(self, model: KnownModel) -> str:
        if model.problem:
            return self.tr("cannot be used")
        accuracy = "" if model.accuracy is None else local(model.accuracy, ".1%")
        if accuracy and model.is_merged:
            accuracy = merged_text(accuracy)
        data = title_text(Path(model.data).name)
        known = (
            preset_text(model.preset),
            data,
            accuracy,
        )  # what a run's own title does not say already
        shown = [each for each in known if each and each not in model.title]
        return " · ".join(shown) or model.path.suffix.removeprefix(".")

    def _show_datasets(self, entries: tuple[CatalogEntry, ...]) -> None:
        self._entries = {entry.name: entry for entry in entries if entry.is_present}
        wanted, self._requested_data = self._requested_data or ("", ""), None
        current = wanted[0] or self.data.currentData() or self._settings.get(DATA)
        items = [(trainer_text(entry.title), entry.name) for entry in self._entries.values()]
        refill(self.data, items or [(self.tr("none yet: see Datasets"), "")], current)
        self._show_splits(wanted[1])
        self.make.setVisible(not self.has_data)

    @Slot()
    def _on_make_clicked(self) -> None:
        obtain = self._catalog.obtain
        self.make.setEnabled(False)
        self.make.setText(self.tr("The starter set is made …"))
        self._making.start(lambda context: obtain(STARTER, context.report, context.check))

    @Slot(object)
    def _on_making_progressed(self, progress: TransferProgress) -> None:
        share = progress.done / max(1, progress.total)
        self.make.setText(self.tr("The starter set is made: {0}").format(local(share, ".0%")))

    @Slot(object)
    def _on_starter_made(self, _: object) -> None:
        self._end_making()
        self.choose_data(STARTER, TEST)

    @Slot(object)
    def _on_making_failed(self, error: Exception) -> None:
        self._end_making()
        self.notice_raised.emit(*error_texts(error))

    def _end_making(self) -> None:
        self.make.setEnabled(True)
        self.make.setText(self.tr("Make the starter set"))

    def _show_splits(self, wanted: str = "") -> None:
        current = wanted or self.split.currentData()
        entry = self._entries.get(self.data.currentData() or "")
        splits = list(entry.counts) if entry is not None else []
        titles = {
            "train": self.tr("training"),
            "validation": self.tr("validation"),
            TEST: self.tr("test"),
        }
        items = [(titles.get(split, split), split) for split in splits]
        items += [(self.tr("all"), ALL)] if len(splits) > 1 else []
        refill(self.split, items, current if current in splits else TEST)
        self.split.setEnabled(len(splits) > 1)

    @Slot()
    def _on_data_changed(self) -> None:
        self._settings.set(DATA, self.data.currentData() or "")
        self._show_splits()
        self._emit_subject()

    @Slot()
    def _emit_subject(self) -> None:
        self._show_range()
        subject = self._chosen()
        if subject != self._subject:
            self._subject = subject
            self.subject_changed.emit(subject)

    def _chosen(self) -> ModelContext | None:
        item = self.models.currentItem()
        if item is None or item.data(_MODEL).problem:
            return None
        model: KnownModel = item.data(_MODEL)
        data, split = self.data.currentData() or "", self.split.currentData() or ""
        return ModelContext(model.path, model.title, model.alphabet, data, split, model.input_range)

    @Slot()
    def _on_add_clicked(self) -> None:
        kinds = self.tr("Models (*.keras *.h5 *.hdf5 *.tflite bundle.json)")
        path = ask_open(self, self.tr("Open a model"), kinds)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """List and choose a model that the user opens; a network's classes are asked for."""
        if path.name == "bundle.json":
            self.add_file(path.parent)
            return
        alphabet, is_given = QInputDialog.getItem(
            self,
            self.tr("Open a model"),
            self.tr("The characters of its classes, in order:\n(a name, or the characters)"),
            _ALPHABETS,
        )
        if is_given and alphabet:
            self.add_file(path, alphabet)
