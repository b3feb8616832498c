"""The base of analyses: each result is computed beside the window, once for each selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from emnist_desktop.ui.flow_layout import FlowLayout
from emnist_desktop.ui.grids.image_grid import TileGrid
from emnist_desktop.ui.layout import hbox, scroll_area, vbox
from emnist_desktop.ui.style import SPACING, wrapped_label
from emnist_desktop.ui.task import Context, Task, Work, failure_text
from trainer.datasets.analysis.statistics import Indices, PixelStatistics, pixel_statistics
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import StoredDataset
from trainer.ink.alphabet import class_names

_REMEMBERED = 4
"""Results that a view keeps, so that going back to a selection shows them at once."""

_STEPS = 1000


@dataclass(frozen=True, eq=False)
class DatasetSelection:
    """A split of a dataset, or some of its samples.

    Attributes
    ----------
    stored : StoredDataset
    split : str
    indices : ndarray of shape (n,), dtype=int64, or None
        None for the whole split.
    """

    stored: StoredDataset
    split: str
    indices: Indices | None = None

    @property
    def data(self) -> Dataset:
        """The split."""
        return self.stored.splits[self.split]

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The character of each class."""
        return self.stored.card.alphabet

    @property
    def names(self) -> tuple[str, ...]:
        """How each class is shown: "C c" for one that stands for both cases."""
        return class_names(self.alphabet)

    @property
    def n(self) -> int:
        """How many samples are looked at."""
        return len(self.data) if self.indices is None else len(self.indices)

    def statistics(self, context: Context) -> PixelStatistics:
        """Average the samples; a job."""
        images, labels, n = self.data.images, self.data.labels, len(self.alphabet)
        report, check = context.report, context.check
        return pixel_statistics(images, labels, n, report, check, self.indices)

    def of_class(self, label: int) -> Indices:
        """Return where the samples of a class are, of those that are looked at."""
        if self.indices is None:
            return np.flatnonzero(np.asarray(self.data.labels) == label)
        own: Indices = self.indices[np.asarray(self.data.labels)[self.indices] == label]
        return own


class DatasetView(QWidget):
    """One picture of a dataset; a subclass says what to compute and how to show it.

    A job starts when `present` is called and there is no result yet. A line below the controls
    shows its progress, and lets it be cancelled or started again.

    Attributes
    ----------
    sentence : QLabel
        For a subclass to lay out and fill.
    shown : DatasetSelection or None
        What is looked at.
    result : Any
        What is shown of it; None for nothing.

    Signals
    -------
    sample_requested : str, int
        Split and index of a sample that was clicked.
    filter_requested : object, str
        Indices that the grid shall show, and a title.
    """

    sample_requested = Signal(str, int)
    filter_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = Task(self)
        self.task.succeeded.connect(self._on_task_succeeded)
        self.task.failed.connect(self._on_task_failed)
        self.task.cancelled.connect(self._on_task_cancelled)
        self.task.reported.connect(self._on_task_reported)
        self.shown: DatasetSelection | None = None
        self.result: Any = None
        self._results: dict[object, Any] = {}
        self._requested: object = None
        self.status = _AnalysisStatus()
        self.status.button.clicked.connect(self._on_button_clicked)
        self.sentence = wrapped_label()
        self.controls = FlowLayout()
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACING)
        self.setLayout(vbox(self.controls, self.status, (self.body, 1)))

    def present(self, shown: DatasetSelection) -> None:
        """Show something; what is known of it is shown at once."""
        if shown is not self.shown:
            self.shown = shown
            if self.key(shown) not in self._results:
                self.clear_result()
            self.refresh()

    def refresh(self) -> None:
        """Show what is known for the present settings, or begin to find it out."""
        if self.shown is None:
            return
        key = self.key(self.shown)
        if key in self._results:
            self._cancel_task()
            self.status.hide()
            self.result = self._results[key]
            self.show_result(self.shown, self.result)
        elif key != self._requested or not self.task.is_running:
            self._requested = key
            self.status.show_working()
            self.task.start(self.work(self.shown))

    def forget(self) -> None:
        """End the work, show nothing, and let go of all data."""
        self.shown = None
        self._cancel_task()
        self._results.clear()
        self.status.hide()
        self.clear_result()

    # What a subclass defines

    def key(self, shown: DatasetSelection) -> object:
        """Return what a result depends on."""
        return shown

    def work(self, shown: DatasetSelection) -> Work:
        """Return the work that finds the result out."""
        raise NotImplementedError

    def clear_result(self) -> None:
        """Show nothing."""
        self.result = None
        self.sentence.setText("")

    def show_result(self, shown: DatasetSelection, result: Any) -> None:
        """Show what the work returned."""
        raise NotImplementedError

    # Signals of the task

    def _cancel_task(self) -> None:
        self._requested = None
        if self.task.is_running:
            self.task.cancel()

    @Slot(object)
    def _on_task_succeeded(self, result: object) -> None:
        self._results[self._requested] = result
        while len(self._results) > _REMEMBERED:
            del self._results[next(iter(self._results))]
        self.refresh()

    @Slot(object)
    def _on_task_failed(self, error: Exception) -> None:
        self.status.show_end(failure_text(error), self.tr("Try again"))

    @Slot()
    def _on_task_cancelled(self) -> None:
        if self._requested is not None:
            self.status.show_end(self.tr("Ended before it was done."), self.tr("Start"))

    @Slot(object)
    def _on_task_reported(self, share: object) -> None:
        if isinstance(share, float):
            self.status.show_share(share)

    @Slot()
    def _on_button_clicked(self) -> None:
        if self.task.is_running:
            self.task.cancel()
        else:
            self.refresh()


class TilesView(DatasetView):
    """The sentence, and a grid of tiles below it, each with so many images."""

    def __init__(self, images_per_tile: int = 1) -> None:
        super().__init__()
        self.tiles = TileGrid(parts=images_per_tile)
        self.tiles.activated.connect(self._on_tile_activated)
        self.body.addWidget(self.sentence)
        self.body.addWidget(scroll_area(self.tiles), 1)

    def clear_result(self) -> None:
        """Show no tiles."""
        super().clear_result()
        self.tiles.set_tiles(())

    @Slot(int)
    def _on_tile_activated(self, number: int) -> None:
        raise NotImplementedError


class _AnalysisStatus(QWidget):
    """How far the work is and how it ended; hidden when there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.label = wrapped_label()
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.button = QPushButton()
        self.setLayout(hbox((self.label, 1), (self.bar, 1), self.button))
        self.hide()

    def show_working(self) -> None:
        self._show_text("", self.tr("Cancel"))
        self.bar.setValue(0)
        self.bar.show()
        self.label.hide()

    def show_share(self, share: float) -> None:
        self.bar.setValue(round(_STEPS * share))

    def show_end(self, sentence: str, action: str) -> None:
        self._show_text(sentence, action)
        self.bar.hide()
        self.label.show()

    def _show_text(self, sentence: str, action: str) -> None:
        self.label.setText(sentence)
        self.button.setText(action)
        self.show()
