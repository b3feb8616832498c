"""The contents of the Datasets tab: catalogue and filters, the grid, and one sample."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QWidget

from emnist_desktop.datasets.analysis.analysis_panel import AnalysisPanel
from emnist_desktop.datasets.catalog_panel import CatalogPanel
from emnist_desktop.datasets.empty_state import DatasetsEmptyState
from emnist_desktop.datasets.filter_bar import FilterBar
from emnist_desktop.datasets.grid_page import GridPage
from emnist_desktop.datasets.inspect.inspector import Inspector
from emnist_desktop.datasets.jobs import OpenedDataset, open_dataset
from emnist_desktop.datasets.query import NO_CLASS, SampleOrder, SampleQuery, position_of, select
from emnist_desktop.datasets.sidebar import Sidebar
from emnist_desktop.datasets.transfer.export_dialog import ExportDialog
from emnist_desktop.datasets.typicality import Typicality
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.settings import SettingEntry, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.dialogs.file_dialog import ask_folder, ask_open, ask_open_several
from emnist_desktop.ui.format import fill_in, size_text, split_text
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.task import Task
from trainer.datasets.analysis.statistics import ClassDistances
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.dataset import Dataset
from trainer.datasets.entry import CatalogEntry
from trainer.datasets.export import Selection
from trainer.datasets.store import TEST
from trainer.ink.alphabet import class_names

LAST_DATASET = SettingEntry("datasets/name", "")
GRID_SIZE = SettingEntry("datasets/image_size", 56.0)

_BALANCED = "emnist-balanced"
_PROBLEM = "dataset"
_SIDES = (250, 520, 270)
"""Widths of the three parts, in pixels."""

_LEAST_VIEW_WIDTH = 240
_MOST_NAMED = 62


class Browser(QWidget):
    """Catalogue and filters at the left, the grid in the middle, one sample at the right."""

    status_changed = Signal(str)
    use_for_training = Signal(str)
    dataset_opened = Signal(str)

    def __init__(self, catalog: Catalog, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._settings = settings
        self._opened: OpenedDataset | None = None
        self._is_listed = self._shows_catalog = False
        self._split = ""
        self._open = Task(self)
        self._typicality = Typicality(self)
        self.banner = Banner()
        self.catalog = CatalogPanel(catalog)
        self.filters = FilterBar()
        self.side = Sidebar(self.catalog, self.filters)
        self.first_run = DatasetsEmptyState()
        self.waiting = QWidget()
        self.page = GridPage()
        self.grid = self.page.grid
        self.inspector = Inspector()
        self.analysis = AnalysisPanel()
        self.views = QTabWidget()
        self.middle = QStackedWidget()
        self._lay_out()
        self._connect()
        self.page.size_slider.setValue(round(settings.get(GRID_SIZE)))

    @property
    def data(self) -> Dataset | None:
        """The split that is shown."""
        return None if self._opened is None else self._opened.stored.splits.get(self._split)

    def shutdown(self) -> None:
        """Remember how large the images are shown."""
        self._settings.set(GRID_SIZE, float(self.grid.image_size))

    def import_path(self, path: Path) -> None:
        """Show what a file or folder holds, and import it if that is wanted."""
        from emnist_desktop.datasets.transfer.import_dialog import ImportDialog

        dialog = ImportDialog(path, self._catalog.entry(STARTER).folder.parent, self)
        dialog.imported.connect(self._on_imported)
        dialog.open()

    @Slot(bool)
    def choose_import(self, is_folder: bool) -> None:
        """Ask for a folder (True) or a file (False), then show what it holds."""
        if is_folder:
            path = ask_folder(self, self.tr("Import a folder"))
        else:
            path = ask_open(self, self.tr("Import a file"))
        if path is not None:
            self.import_path(path)

    @Slot(bool)
    def choose_class(self, is_folder: bool) -> None:
        """Ask for the files of a class, or a folder of them (True), then show their writers."""
        from emnist_desktop.datasets.transfer.class_dialog import ClassDialog

        title = self.tr("Import from a class")
        paths: tuple[Path, ...]
        if is_folder:
            folder = ask_folder(self, title)
            paths = () if folder is None else (folder,)
        else:
            kinds = self.tr("Pen archives ({0})").format("*.npz")
            paths = tuple(ask_open_several(self, title, kinds))
        if paths:
            dialog = ClassDialog(paths, self._catalog, self)
            dialog.imported.connect(self._on_imported)
            dialog.open()

    @Slot(str)
    def open_dataset(self, name: str) -> None:
        """Open a dataset and show it."""
        self._shows_catalog = False
        self._start_opening(name)

    def show_in_catalog(self, name: str) -> None:
        """Show the list of datasets and one of them, whatever is being opened."""
        self._shows_catalog = True
        self.side.fold.setChecked(True)
        self.catalog.select(name)

    def _start_opening(self, name: str) -> None:
        self.banner.withdraw(_PROBLEM)
        self.status_changed.emit(self.tr("Opening {0}…").format(name))
        self._open.start(partial(open_dataset, self._catalog, name))

    @Slot(object)
    def _on_listed(self, entries: tuple[CatalogEntry, ...]) -> None:
        self._is_listed = True
        present = [entry.name for entry in entries if entry.is_present]
        sizes = {entry.name: size_text(entry.download_bytes) for entry in entries}
        self.first_run.offer_fetch(sizes.get(_BALANCED, ""))
        if self._opened is not None and self._opened.name not in present:
            self._close_dataset()
        elif self._opened is not None:
            self._reopen_if_changed(self._opened, entries)
        if self._opened is None and present and not self._open.is_running:
            last = self._settings.get(LAST_DATASET)
            self._start_opening(last if last in present else present[0])
        elif not present:
            self._show_middle()

    def _reopen_if_changed(self, opened: OpenedDataset, entries: tuple[CatalogEntry, ...]) -> None:
        """Show what became of the open dataset meanwhile.

        The file of my samples grows with each one, and with each correction of a label.
        """
        sizes = {entry.name: entry.disk_bytes for entry in entries}
        if sizes[opened.name] != opened.disk_bytes and not self._open.is_running:
            self._on_dataset_arrived(opened.name)

    @Slot(str)
    def _on_dataset_arrived(self, name: str) -> None:
        self._typicality.forget(name)
        self.open_dataset(name)

    @Slot(object)
    def _on_opened(self, opened: OpenedDataset) -> None:
        self._cancel_measuring()
        if self._opened is None or self._opened.name != opened.name:
            self.grid.show_samples(None, np.empty(0, dtype=np.int64))
            self.filters.forget_order()
        self._opened, title = opened, trainer_text(opened.stored.card.title)
        self._settings.set(LAST_DATASET, opened.name)
        counts = {split: len(data) for split, data in opened.stored.splits.items()}
        split = self._split if self._split in counts else next(iter(counts), "")
        self.filters.show_splits(counts, TEST if self._split == TEST and TEST in counts else split)
        self.side.show_title(title)
        if self._shows_catalog:
            self.side.fold.setChecked(True)
        else:
            self.catalog.select(opened.name)
        self._show_split(self.filters.split_name)
        self._show_middle()
        self.status_changed.emit(self.tr("{0} is open").format(title))
        self.dataset_opened.emit(opened.name)

    @Slot(object)
    def _on_work_failed(self, error: Exception) -> None:
        sentence = self.tr("This failed: {0}").format(error)
        self.banner.show_error(error, sentence, topic=_PROBLEM)
        self._show_middle()

    @Slot(str)
    def _on_removing(self, name: str) -> None:
        self._typicality.forget(name)
        if self._opened is not None and self._opened.name == name:
            self._close_dataset()

    def _close_dataset(self) -> None:
        self._cancel_measuring()
        self._opened = None
        self.grid.show_samples(None, np.empty(0, dtype=np.int64))
        self.inspector.show_split(None, "")
        self.analysis.show_nothing()
        self.side.show_title("")
        self._show_middle()

    def _show_middle(self) -> None:
        is_open = self._opened is not None
        if is_open:
            self.middle.setCurrentWidget(self.page)
        elif self._is_listed and not self._open.is_running:
            self.middle.setCurrentWidget(self.first_run)
        self.views.setVisible(is_open)
        self.side.show_filters(is_open)

    @Slot(str)
    def _show_split(self, split: str) -> None:
        self._cancel_measuring()
        self._split = split
        data, opened = self.data, self._opened
        if data is None or opened is None:
            return
        self.inspector.show_split(opened.stored, split)
        self.filters.show_classes(data.alphabet, opened.stored.card.counts[split])
        self.filters.show_writers(opened.writers.get(split, ()), data)
        self._on_query_changed()

    @Slot()
    def _on_query_changed(self) -> None:
        self._cancel_measuring()
        data, opened, query = self.data, self._opened, self.filters.query
        if data is None or opened is None:
            return
        distances = self._typicality.of(opened.name, self._split, data)
        before = self.grid.current
        self.grid.show_samples(data, select(data, query, distances))
        position = None if before < 0 else position_of(self.grid.indices, before)
        if position is None:
            self.inspector.show_sample(-1)
        else:
            self.grid.go_to(position)
        self._count_classes(opened, distances)
        lack = self._unknown_text(data) if query.classes == NO_CLASS else ""
        self.page.show_summary(self.summary(), is_filtered=query.is_filter, lack=lack)
        shown = self.grid.indices if query.is_filter else None
        self.analysis.show_dataset(opened.stored, self._split, shown)
        if query.needs_distances and distances is None:
            self._typicality.start(opened.name, self._split, data)

    def _count_classes(self, opened: OpenedDataset, distances: ClassDistances | None) -> None:
        """Let each key count what the other filters leave of its class."""
        data, others = self.data, replace(self.filters.query, classes=frozenset())
        if data is None or not others.is_filter:
            self.filters.picker.show_counts(opened.stored.card.counts[self._split])
            return
        chosen = select(data, replace(others, order=SampleOrder.INDEX), distances)
        labels = np.asarray(data.labels)[chosen]
        self.filters.picker.show_counts(np.bincount(labels, minlength=len(data.alphabet)).tolist())

    def _unknown_text(self, data: Dataset) -> str:
        text = self.tr("This dataset has no character “{0}”. It has: {1}")
        names = " ".join(class_names(data.alphabet[:_MOST_NAMED]))
        more = " …" if len(data.alphabet) > _MOST_NAMED else ""
        return text.format(self.filters.search.text().strip(), names + more)

    def _cancel_measuring(self) -> None:
        self._typicality.cancel()
        self.page.show_measuring("")

    def summary(self) -> str:
        """Return how many samples are shown, of how many, and which."""
        n, which = len(self.data or ()), split_text(self._split)
        text = fill_in(self.tr("{0:,} of {1:,} · {2}"), len(self.grid.indices), n, which)
        return f"{text} · {self.filters.query.title}" if self.filters.query.title else text

    @Slot(object)
    def _on_measuring(self, share: float) -> None:
        text = self.tr("Measuring how typical each sample is: {0:.0%}")
        self.page.show_measuring(fill_in(text, share))

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.filters.restrict(replace(self.filters.query, order=SampleOrder.INDEX, like=None))

    @Slot(object)
    def _on_measuring_failed(self, error: Exception) -> None:
        self._on_work_failed(error)
        self._on_cancel_clicked()

    @Slot(int)
    def _on_current_changed(self, index: int) -> None:
        if index != self.inspector.index:
            self.inspector.show_sample(index)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.views.setCurrentWidget(self.inspector)
        self.inspector.show_sample(index)
        self.inspector.pixels.setFocus()

    @Slot()
    def _on_selection_changed(self) -> None:
        self.analysis.show_selection(self.grid.selected())

    @Slot(int)
    def show_sample(self, index: int) -> None:
        """Show a sample of the split, whatever is filtered."""
        data = self.data
        if data is None or not 0 <= index < len(data):
            n = 0 if data is None else len(data)
            text = self.tr("Expected a number from 0 to {0:,}. Received: {1:,}.")
            self.status_changed.emit(fill_in(text, max(0, n - 1), index))
            return
        position = position_of(self.grid.indices, index)
        if position is None:
            self.filters.show_all()
            position = position_of(self.grid.indices, index)
            self.status_changed.emit(self.tr("It was filtered out: all samples are shown"))
        if position is not None:
            self.grid.go_to(position)

    @Slot(str, int)
    def _on_sample_requested(self, split: str, index: int) -> None:
        if split != self._split and self._opened is not None:
            self.filters.split.setCurrentIndex(self.filters.split.findData(split))
        self.show_sample(index)

    @Slot(object, str)
    def _on_filter_requested(self, indices: object, title: str) -> None:
        among = np.asarray(indices, dtype=np.int64)
        self.filters.restrict(SampleQuery(among=among, title=title))

    @Slot()
    def _on_export_clicked(self) -> None:
        if self._opened is None:
            return
        chosen = self.grid.selected()
        indices = chosen if len(chosen) > 1 else self.grid.indices
        dialog = ExportDialog.ask(Selection(self._opened.stored, self._split, indices), self)
        dialog.exported.connect(self._on_exported)

    @Slot(str)
    def _on_exported(self, path: str) -> None:
        self.status_changed.emit(self.tr("Exported to {0}").format(path))

    @Slot(str)
    def _on_imported(self, name: str) -> None:
        self.catalog.refresh()
        self._on_dataset_arrived(name)

    def _lay_out(self) -> None:
        self.middle.addWidget(self.waiting)
        self.middle.addWidget(self.first_run)
        self.middle.addWidget(self.page)
        self.views.setDocumentMode(True)
        self.views.setMinimumWidth(_LEAST_VIEW_WIDTH)
        self.views.tabBar().setDrawBase(False)
        self.views.addTab(self.inspector, self.tr("Sample"))
        self.views.addTab(self.analysis, self.tr("Understand"))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(2 * SPACING)
        for position, widget in enumerate((self.side, self.middle, self.views)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(position, int(position == 1))
        self.splitter.setSizes(list(_SIDES))
        self.setLayout(vbox(self.banner, (self.splitter, 1)))
        self._show_middle()

    def _connect(self) -> None:
        self.catalog.listed.connect(self._on_listed)
        self.catalog.open_requested.connect(self.open_dataset)
        self.catalog.obtained.connect(self._on_dataset_arrived)
        self.catalog.removing.connect(self._on_removing)
        self.catalog.import_requested.connect(self.choose_import)
        self.catalog.class_requested.connect(self.choose_class)
        self.catalog.use_for_training.connect(self.use_for_training)
        self.first_run.fetch.clicked.connect(partial(self.catalog.obtain, _BALANCED))
        self.first_run.make.clicked.connect(partial(self.catalog.obtain, STARTER))
        self.filters.split_changed.connect(self._show_split)
        self.filters.query_changed.connect(self._on_query_changed)
        self.grid.current_changed.connect(self._on_current_changed)
        self.grid.selection_changed.connect(self._on_selection_changed)
        self.grid.activated.connect(self._on_activated)
        self.page.shuffle.clicked.connect(self.filters.shuffle)
        self.page.go_requested.connect(self.show_sample)
        self.page.show_all.clicked.connect(self.filters.show_all)
        self.page.cancel.clicked.connect(self._on_cancel_clicked)
        self.page.export.clicked.connect(self._on_export_clicked)
        self.inspector.sample_requested.connect(self.show_sample)
        self.inspector.neighbours_requested.connect(self._on_filter_requested)
        self.analysis.sample_requested.connect(self._on_sample_requested)
        self.analysis.filter_requested.connect(self._on_filter_requested)
        self.catalog.status_changed.connect(self.status_changed)
        self.grid.notice.connect(self.status_changed)
        self.grid.failed.connect(self._on_work_failed, Qt.ConnectionType.QueuedConnection)
        self._open.succeeded.connect(self._on_opened)
        self._open.failed.connect(self._on_work_failed)
        self._typicality.progressed.connect(self._on_measuring)
        self._typicality.measured.connect(self._on_query_changed)
        self._typicality.failed.connect(self._on_measuring_failed)
        QShortcut(QKeySequence(self.tr("Ctrl+F")), self, self.filters.search.setFocus)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.filters.show_all)
