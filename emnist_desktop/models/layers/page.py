"""What the layers of a model see in the drawing, live, or in a sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QMessageBox,
    QStackedWidget,
    QWidget,
)

from emnist_desktop.models.layers.child import LayersChild
from emnist_desktop.models.layers.embedding_map import EmbeddingView
from emnist_desktop.models.layers.feature_maps import FeatureMapsView
from emnist_desktop.models.layers.filters import FilterView
from emnist_desktop.models.layers.graph import GraphView
from emnist_desktop.models.layers.result import InspectionResult
from emnist_desktop.models.layers.saliency import SaliencyView
from emnist_desktop.models.layers.source import SourceBar
from emnist_desktop.models.layers.view import LayersPlaceholder, LayersView
from emnist_desktop.models.page import ModelContext, Page, PageServices
from emnist_desktop.ui.controls import push_button, tool_button
from emnist_desktop.ui.dialogs.file_dialog import ask_save
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.style import SPACING
from trainer.explain.client import OpenedModel, Pictures, coded
from trainer.ink.render import IMAGE_SIZE, ink_to_image
from trainer.ink.strokes import Ink

_IDLE_MILLISECONDS = 120_000
"""A child idle for so long is ended: it holds TensorFlow's memory."""

_MESSAGE, _VIEWS = 0, 1


class LayersPage(Page):
    """Sends one request at a time to a child process; of drawings only the newest.

    Parameters
    ----------
    child : LayersChild, optional
        Who looks into the model.

    Attributes
    ----------
    model : OpenedModel or None
        What is looked into; None until the child has opened it.
    idle : QTimer
        Ends the child when the page has been out of sight for some time.
    """

    def __init__(self, services: PageServices, child: LayersChild | None = None) -> None:
        super().__init__(services)
        self.model: OpenedModel | None = None
        self.child = child or LayersChild(services.profile, self)
        self._ink: Ink | None = None
        self._canvas: QWidget | None = None
        self._started: ModelContext | None = None
        self._waiting: list[dict[str, Any]] = []
        self._pending = self._opening = self._filtering = self._mapping = self._saving = 0
        self.idle = QTimer(self, singleShot=True, interval=_IDLE_MILLISECONDS)
        self.idle.timeout.connect(self._stop)

    def show_subject(self, subject: ModelContext | None) -> None:
        """Set the model and dataset; the child is started when the page is shown."""
        self.subject = subject
        if self.is_built:
            self._follow_subject()

    def set_canvas(self, canvas: QWidget) -> None:
        """Show a canvas to draw in; what is drawn comes by `draw`."""
        self._canvas = canvas
        if self.is_built:
            self.source.set_canvas(canvas)

    def draw(self, ink: Ink) -> None:
        """Inspect a new drawing of this page's canvas."""
        if self.is_built:
            self.source.choose_drawing()
        self.set_drawing(ink)

    def set_drawing(self, ink: Ink) -> None:
        """Inspect the new drawing, unless a sample is shown."""
        self._ink = ink
        if self.is_built and self.source.is_drawing:
            self._inspect()

    def look(self) -> None:
        """Start the child, and inspect the current image."""
        self.idle.stop()
        self._follow_subject()
        self._inspect()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the child go when the page stays out of sight."""
        super().hideEvent(event)
        if self.child.is_running:
            self.idle.start()

    @property
    def view(self) -> LayersView:
        """The view that is shown."""
        return self.views[self.stack.currentIndex()]

    def build(self) -> None:
        """Make the views and their placeholder."""
        self.source = SourceBar()
        self.features, self.filters, self.saliency = FeatureMapsView(), FilterView(), SaliencyView()
        self.graph, self.embedding = GraphView(), EmbeddingView()
        self.views: Sequence[LayersView] = (
            self.features,
            self.saliency,
            self.filters,
            self.embedding,
            self.graph,
        )
        self.choice = QButtonGroup(self)
        self.stack = QStackedWidget()
        titles = (
            (self.tr("Maps"), self.tr("Feature maps: what each layer makes of the picture")),
            (self.tr("What counts"), self.tr("Which ink speaks for the answer, and which against")),
            (self.tr("Filters"), self.tr("What the first layer looks for")),
            (self.tr("Samples"), self.tr("A map: those lie together that it takes for alike")),
            (self.tr("Graph"), self.tr("The layers with their shapes and parameters")),
        )
        for number, ((text, tip), view) in enumerate(zip(titles, self.views, strict=True)):
            self.choice.addButton(tool_button(text, tip, checkable=True), number)
            self.stack.addWidget(view)
        self.choice.button(0).setChecked(True)
        self.waiting = LayersPlaceholder()
        self.save = push_button(
            self.tr("Save…"), self.tr("Write all that is seen here as a picture or a page")
        )
        self._lay_out()
        self._connect()
        if self._canvas is not None:
            self.source.set_canvas(self._canvas)

    def _lay_out(self) -> None:
        buttons = hbox(*self.choice.buttons(), 1, self.save, spacing=SPACING // 2)
        inside = sheet(vbox(self.source, buttons, (self.stack, 1)))
        self.faces = QStackedWidget()
        self.faces.addWidget(self.waiting)
        self.faces.addWidget(inside)
        self.setLayout(vbox(self.faces))

    def _connect(self) -> None:
        self.choice.idClicked.connect(self._on_view_clicked)
        self.source.source_changed.connect(self._inspect)
        self.waiting.again_requested.connect(self._on_again_requested)
        self.save.clicked.connect(self._on_save_clicked)
        for view in self.views:
            view.request_changed.connect(self._inspect)
        self.embedding.map_requested.connect(self._on_map_requested)
        self.embedding.cancel_requested.connect(self._on_cancel_requested)
        self.embedding.sample_chosen.connect(self.source.choose_sample)
        self.child.opened.connect(self._on_child_opened)
        self.child.answered.connect(self._on_child_answered)
        self.child.progressed.connect(self._on_child_progressed)
        self.child.refused.connect(self._on_child_refused)
        self.child.cancelled.connect(self._on_child_cancelled)
        self.child.ended.connect(self._on_child_ended)

    def _follow_subject(self) -> None:
        """Open the page's model and dataset in the child, if the page is visible."""
        subject, started = self.subject, self._started
        if subject is None:
            self._stop()
            self._show_message(self.tr("Choose a model on the left to see what its layers see."))
            return
        model = replace(subject, data="", split="")
        is_same = started is not None and replace(started, data="", split="") == model
        if not is_same:
            self._stop()
        if not self.isVisible() or (is_same and started == subject):
            return
        self._started = subject
        if is_same and self.child.is_running:
            self._open_data()
        else:
            self._start(subject)

    def _start(self, subject: ModelContext) -> None:
        options = replace(subject, data="", split="").options()
        text = self.tr("{0} is being opened. Loading Keras takes some seconds.")
        self._show_message(text.format(subject.title), is_busy=True)
        self.child.start(options, subject.title)

    @Slot()
    def _stop(self) -> None:
        self.child.shutdown()
        self._started = self.model = None
        self._waiting = []
        self._pending = self._opening = self._filtering = self._mapping = self._saving = 0
        self.source.clear()
        self.source.set_samples(0)
        for view in self.views:
            view.show_model(None)

    def _show_message(self, text: str, *, is_busy: bool = False, is_over: bool = False) -> None:
        """Show a sentence instead of the views."""
        self.waiting.show_message(text, is_busy=is_busy, is_over=is_over)
        self.faces.setCurrentIndex(_MESSAGE)

    def _open_data(self) -> None:
        subject = self._started
        self.source.set_samples(0)
        self.embedding.set_data(has_data=False)
        self._opening = self._mapping = 0
        if self.model is not None and subject is not None and subject.data:
            request = {"data": subject.data, "split": subject.split}
            self._opening = self.child.ask({"open": request})

    @Slot()
    def _inspect(self) -> None:
        """Request the inspection of the current image; drop requests not yet sent."""
        if self.model is None or not self.isVisible():
            return
        image = self._image(self.model)
        requests = self.view.requests() if self.view.is_possible else ()
        self._waiting = [{"look": {**image, **request}} for request in requests or ({},)]
        self._ask_next()

    def _image(self, model: OpenedModel) -> dict[str, Any]:
        if not self.source.is_drawing:
            return {"sample": self.source.number}
        drawn = ink_to_image(self._ink or Ink(), model.pen_width)
        return {"image": coded(drawn), "height": IMAGE_SIZE, "width": IMAGE_SIZE}

    def _ask_next(self) -> None:
        if not self._pending and self._waiting:
            self._pending = self.child.ask(self._waiting.pop(0))

    @Slot(object)
    def _on_child_opened(self, model: OpenedModel) -> None:
        self.model = model
        for view in self.views:
            view.show_model(model)
        self.faces.setCurrentIndex(_VIEWS)
        if "filters" not in model.cannot:
            self._filtering = self.child.ask({"filters": {}})
        self._open_data()
        self._inspect()

    @Slot(int, dict)
    def _on_child_answered(self, number: int, answer: dict[str, Any]) -> None:
        if number == self._pending:
            self._pending = 0
            inspection = InspectionResult.from_record(answer["look"])
            self.source.show_inspection(inspection)
            self.view.show_inspection(inspection)
            self._ask_next()
        elif number == self._opening:
            self._on_data_opened(int(answer["opened"]["count"]))
        elif number == self._filtering:
            self.filters.show_filters(Pictures.from_record(answer["filters"]))
        elif number == self._mapping:
            self._mapping = 0
            self.embedding.show_map(answer["map"])
        elif number == self._saving:
            self._show_saved(answer["sheet"]["out"])

    def _on_data_opened(self, count: int) -> None:
        self.source.set_samples(count)
        self.embedding.set_data(has_data=True)
        if self.view is self.embedding:
            self.embedding.begin()
        if self._ink is None or self._ink.is_empty or self.source.prefers_sample:
            self.source.choose_sample(0)

    @Slot(int, int, int, str)
    def _on_child_progressed(self, number: int, done: int, total: int, phase: str) -> None:
        if number == self._mapping:
            self.embedding.show_progress(done, total, phase)

    @Slot(int, str, str)
    def _on_child_refused(self, number: int, message: str, hint: str) -> None:
        if number == self._mapping:
            self._mapping = 0
            self.embedding.show_failure(message, hint)
            return
        if number == self._saving:
            self._show_save_error(f"{message}\n{hint}".strip())
            return
        if number == self._pending:
            self._pending = 0
            self._ask_next()
        self.source.show_message(f"{message} {hint}".strip())

    @Slot(int)
    def _on_child_cancelled(self, number: int) -> None:
        if number == self._mapping:
            self._mapping = 0
            self.embedding.show_cancelled()

    @Slot(str, str)
    def _on_child_ended(self, message: str, hint: str) -> None:
        started = self._started
        self._stop()
        self._started = started
        self._show_message("\n".join(part for part in (message, hint) if part), is_over=True)

    @Slot()
    def _on_again_requested(self) -> None:
        self._started = None
        self._follow_subject()

    @Slot()
    def _on_save_clicked(self) -> None:
        kinds = self.tr("Picture") + " (*.png)"
        if self.view is not self.embedding:
            kinds += ";;" + self.tr("Page") + " (*.html)"
        path, kind = ask_save(self, self.tr("Save what the layers see"), "layers.png", kinds)
        if path is None or self.model is None:
            return
        chosen = str(path)
        if not chosen.lower().endswith((".png", ".html")):
            chosen += ".html" if "html" in kind else ".png"
        if self.view is not self.embedding:
            self._saving = self.child.ask({"sheet": {**self._image(self.model), "out": chosen}})
        elif self.embedding.scatter.grab().save(chosen, "PNG"):
            self._show_saved(chosen)
        else:
            self._show_save_error(self.tr("{0} cannot be written.").format(chosen))

    def _show_saved(self, path: str) -> None:
        self.status_changed.emit(self.tr("Written: {0}").format(path))

    def _show_save_error(self, text: str) -> None:
        QMessageBox.warning(self, self.tr("Save"), text)

    @Slot(int)
    def _on_view_clicked(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        if self.view is self.embedding:
            self.embedding.begin()
        self._inspect()

    @Slot(dict)
    def _on_map_requested(self, request: dict[str, Any]) -> None:
        self._mapping = self.child.ask({"map": request})

    @Slot()
    def _on_cancel_requested(self) -> None:
        if self._mapping:
            self.child.withdraw(self._mapping)
