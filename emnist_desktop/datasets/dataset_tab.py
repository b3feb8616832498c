"""The Datasets tab: costs nothing until it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from emnist_desktop.settings import Settings
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.lazy import LazyWidget, load_modules
from emnist_desktop.ui.style import MARGIN
from trainer.datasets.store import TEST

if TYPE_CHECKING:
    from emnist_desktop.datasets.browser import Browser
    from emnist_desktop.datasets.query import SampleQuery
    from trainer.datasets.catalog import Catalog
    from trainer.recognition.recognizer import Recognizer

_MODULES = tuple(
    f"emnist_desktop.datasets.{name}"
    for name in ("jobs", "image_grid", "catalog_panel", "analysis.analysis_panel", "browser")
)
"""What it is made of, each of which takes a moment to load."""


class DatasetTab(LazyWidget):
    """Get, look at and search datasets; its contents are built when it is first shown.

    Signals
    -------
    status_changed : str
        A short message for the status bar.
    use_for_training : str
        Train on this dataset.
    errors_requested : str, str, str
        Dataset, split and character: the Models tab shall show how models misread it.
    """

    status_changed = Signal(str)
    use_for_training = Signal(str)
    errors_requested = Signal(str, str, str)

    def __init__(self, catalog: Catalog, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._catalog = catalog
        self._settings = settings
        self._recognizer: Recognizer | None = None
        self._pending: tuple[str, str, SampleQuery] | None = None
        """Dataset, split and samples that are shown once it is open."""

    def build(self) -> Iterator[None]:
        """Make what is inside."""
        yield from load_modules(*_MODULES)
        from emnist_desktop.datasets.browser import Browser

        self._browser = Browser(self._catalog, self._settings)
        self._browser.status_changed.connect(self.status_changed)
        self._browser.use_for_training.connect(self.use_for_training)
        self._browser.dataset_opened.connect(self._on_dataset_opened)
        self._browser.inspector.errors_requested.connect(self.errors_requested)
        self._browser.inspector.set_recognizer(self._recognizer)
        self.setLayout(vbox(self._browser, margins=MARGIN))
        self.is_built = True
        self._browser.catalog.refresh()

    @property
    def browser(self) -> Browser:
        """The contents of the tab; built on the first call."""
        self.ensure_built()
        return self._browser

    def set_recognizer(self, recognizer: Recognizer | None) -> None:
        """Recognise samples with this from now on."""
        self._recognizer = recognizer
        if self.is_built:
            self._browser.inspector.set_recognizer(recognizer)

    def show_samples(self, name: str, split: str, indices: object, title: str) -> None:
        """Open a dataset and show some samples of it.

        Parameters
        ----------
        name : str
        split : str
            Empty for "test" where there is one, else the first.
        indices : ndarray of shape (n,), dtype=int64
            Indices in the split.
        title : str
            What they have in common.
        """
        from emnist_desktop.datasets.query import SampleQuery

        query = SampleQuery(among=np.asarray(indices, dtype=np.int64), title=title)
        self._pending = name, split or TEST, query
        self.browser.open_dataset(name)

    def show_catalog(self, name: str) -> None:
        """Show the list of datasets, and one of them, which may not be here yet."""
        self.browser.show_in_catalog(name)

    def open_dataset(self, name: str) -> None:
        """Show a dataset of the catalogue."""
        self.browser.open_dataset(name)

    def import_path(self, path: Path) -> None:
        """Show what a file or folder holds, and import it if that is wanted."""
        self.browser.import_path(path)

    @Slot(str)
    def _on_dataset_opened(self, name: str) -> None:
        pending, self._pending = self._pending, None
        if pending is not None and pending[0] == name:
            filters = self.browser.filters
            filters.split.setCurrentIndex(max(0, filters.split.findData(pending[1])))
            filters.restrict(pending[2])

    def set_current(self, is_current: bool) -> None:
        """Tell whether this tab is the one in front: what came meanwhile is looked up."""
        if not self.is_built or self.is_closed:
            return
        if is_current:
            self._browser.catalog.refresh()
        else:
            self._browser.inspector.replay.stop()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what is dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.import_path(Path(files[0]))
