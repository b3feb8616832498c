"""The four tabs, and what one asks of another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from emnist_desktop.datasets.dataset_tab import DatasetTab
from emnist_desktop.draw.canvas import MiniCanvas
from emnist_desktop.draw.draw_tab import RECOGNIZER, DrawTab
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.models.models_tab import ModelsTab
from emnist_desktop.settings import Settings
from emnist_desktop.training.training_tab import TrainingTab
from emnist_desktop.ui.lazy import Builder
from trainer.datasets.catalog import Catalog
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile


class Tabs(QTabWidget):
    """Draw, Datasets, Training and Models.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    choice : RecognizerChoice
    model : str
        Folder of a recogniser for this time only; empty for the one that was chosen last.

    Signals
    -------
    status_changed : str
        A sentence for the status bar.
    """

    status_changed = Signal(str)

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        choice: RecognizerChoice,
        model: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._mini_canvas: MiniCanvas | None = None
        self._has_new_drawing = False
        catalog = Catalog(profile)
        self.draw = DrawTab(choice, settings, MySamples(profile.samples_file), model)
        self.datasets = DatasetTab(catalog, settings)
        self.training = TrainingTab(profile, settings, catalog)
        self.models = ModelsTab(profile, settings, catalog, make_canvas=self._make_mini_canvas)
        self.addTab(self.draw, self.tr("Draw"))
        self.addTab(self.datasets, self.tr("Datasets"))
        self.addTab(self.training, self.tr("Training"))
        self.addTab(self.models, self.tr("Models"))
        self._builder = Builder((self.datasets, self.training, self.models), self)
        self._connect()

    def _connect(self) -> None:
        draw, datasets = self.draw, self.datasets
        training, models = self.training, self.models
        for tab in (draw, datasets, training, models):
            tab.status_changed.connect(self.status_changed)
        for requested, tab, show in (
            (datasets.use_for_training, training, training.set_up_with),
            (datasets.errors_requested, models, models.show_errors),
            (training.bundle_chosen, draw, draw.use_bundle),
            (draw.packed_bundle_chosen, training, training.import_bundle),
            (training.samples_requested, datasets, datasets.show_samples),
            (training.dataset_requested, datasets, datasets.show_catalog),
            (models.samples_requested, datasets, datasets.show_samples),
            (models.form_requested, training, training.set_fields),
            (models.run_requested, training, training.start_run),
        ):
            requested.connect(partial(self.turn_to, tab, show))
        training.runs_deleted.connect(self._on_runs_deleted)
        training.runs_changed.connect(models.refresh)
        draw.canvas.drawing_changed.connect(self._on_drawing_changed)
        self.tabBarClicked.connect(self._on_tab_clicked)
        self.currentChanged.connect(self._on_tab_changed)

    def build_ahead(self, application: QObject) -> None:
        """Build the hidden tabs while the user does nothing."""
        self._builder.start(application)

    def turn_to(self, tab: QWidget, show: Callable[..., object], *wanted: Any) -> None:
        """Turn to a tab, which shows what is wanted."""
        self.setCurrentWidget(tab)
        show(*wanted)

    def turn_to_index(self, index: int) -> None:
        """Turn to a tab as a click on it does."""
        self._on_tab_clicked(index)
        self.setCurrentIndex(index)

    def turn_by(self, step: int) -> None:
        """Turn to a tab further on; the first follows the last."""
        self.turn_to_index((self.currentIndex() + step) % self.count())

    def projector(self) -> QWidget | None:
        """Return what the current tab shows in large type; None without a run to show."""
        is_training = self.currentWidget() is self.training
        return (self.training if is_training else self.draw).projector()

    @Slot(int)
    def _on_tab_clicked(self, index: int) -> None:
        self._builder.hurry(self.widget(index))

    @Slot(int)
    def _on_tab_changed(self, index: int) -> None:
        current = self.widget(index)
        self.draw.set_current(current is self.draw)
        if current is self.draw:
            self.draw.panel.show_title(self.draw.recognizer_title)
        if current is self.datasets:
            self.datasets.set_recognizer(self.draw.recognizer)
        self.datasets.set_current(current is self.datasets)
        if current is self.models and self._has_new_drawing:
            self._has_new_drawing = False
            if self._mini_canvas is not None:
                self._mini_canvas.take_over(self.draw.canvas.ink())

    @Slot(object)
    def _on_runs_deleted(self, roots: tuple[Path, ...]) -> None:
        """Let the bundled recogniser read if the one in use was deleted."""
        draw = self.draw
        if draw.recognizer is None or draw.recognizer.bundle.folder.parent not in roots:
            return
        sentence = self.tr("{0}, which read what you draw, was deleted.").format(draw.panel.title)
        draw.use_bundle("")
        hint = self.tr("The bundled recogniser is used instead.")
        draw.banner.show_word(sentence, hint, topic=RECOGNIZER)

    def _make_mini_canvas(self) -> MiniCanvas:
        self._mini_canvas = MiniCanvas()
        self._mini_canvas.drawing_changed.connect(self._on_mini_canvas_changed)
        return self._mini_canvas

    @Slot()
    def _on_drawing_changed(self) -> None:
        self._has_new_drawing = True

    @Slot()
    def _on_mini_canvas_changed(self) -> None:
        if self._mini_canvas is not None:
            self.models.draw(self._mini_canvas.ink())
