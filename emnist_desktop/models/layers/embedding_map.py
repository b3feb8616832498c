"""The embedding map of samples: PCA at once, t-SNE on request, with the current image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QProgressBar,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.layers.result import InspectionResult, SampleMap
from emnist_desktop.models.layers.scatter import EmbeddingScatter
from emnist_desktop.models.layers.view import InspectionRequest, LayersView
from emnist_desktop.ui.controls import plain_label, push_button, refill, spin_box, tool_button
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.explain.client import OpenedModel
from trainer.processes.launch import has_package, missing_hint

_SAMPLES = 2000
_FEWEST, _MOST = 50, 5000
_SAMPLES_STEP = 500
_PERPLEXITY, _MOST_PERPLEXITY = 30, 500
_PCA, _TSNE = "pca", "tsne"
_NO_MAP = "The map of samples needs scikit-learn, which is not installed."
"""The trainer's sentence, so that it is translated."""


class EmbeddingView(LayersView):
    """Samples that the model takes for alike lie together.

    Signals
    -------
    map_requested : dict
        A map shall be made: what to ask the child.
    cancel_requested
        The map that is being made is not wanted any more.
    sample_chosen : int
        Number in the dataset of a sample that was clicked.
    """

    map_requested = Signal(dict)
    cancel_requested = Signal()
    sample_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("embedding", parent)
        self._maps: dict[str, SampleMap] = {}
        self._inspection: InspectionResult | None = None
        self._under_way = ""
        self._has_data = False
        self.pca = tool_button(
            self.tr("PCA"), self.tr("The two directions of most variance"), checkable=True
        )
        self.tsne = tool_button(
            self.tr("t-SNE"),
            self.tr("Neighbours stay neighbours; takes some seconds"),
            checkable=True,
        )
        self._lacking = "" if has_package("sklearn") else error_text(_NO_MAP, missing_hint("train"))
        self.methods = QButtonGroup(self)
        self.methods.addButton(self.pca, 0)
        self.methods.addButton(self.tsne, 1)
        self.pca.setChecked(True)
        self.samples = spin_box(
            _FEWEST,
            _MOST,
            _SAMPLES,
            step=_SAMPLES_STEP,
            tip=self.tr("So many samples, chosen at random"),
        )
        self.perplexity = spin_box(
            1,
            _MOST_PERPLEXITY,
            _PERPLEXITY,
            tip=self.tr("Of t-SNE: about how many neighbours each sample is to keep"),
        )
        self.only = QComboBox()
        self.whole = push_button(
            self.tr("Whole map"), self.tr("Zoom out again (double click, or Home)")
        )
        self.caption = plain_label()
        self.caption.setObjectName("caption")
        self.progress = QProgressBar()
        self.stop = push_button(
            self.tr("Cancel"), self.tr("End the work on this map; the others stay")
        )
        self.scatter = EmbeddingScatter()
        self._set_up()
        self._lay_out()
        self._connect()
        self.set_data(has_data=False)

    @property
    def method(self) -> str:
        """The method of the map that is shown."""
        return _TSNE if self.tsne.isChecked() else _PCA

    def requests(self) -> Sequence[InspectionRequest]:
        """Request the image's position, once there is a map."""
        return [{"place": True}] if self._maps else [{}]

    def begin(self) -> None:
        """Request the chosen map, unless it is there or under way."""
        if self._has_data and self.method not in self._maps and self._under_way != self.method:
            self._ask()

    def set_data(self, *, has_data: bool) -> None:
        """Set whether there are data; drop the maps of the old ones."""
        self._has_data = has_data and not self._lacking
        self._maps.clear()
        self.scatter.show_map(None)
        self._fill_only(())
        self._finish()
        if self._lacking:
            self.caption.setText(self._lacking)
        elif not has_data and self.model is not None:
            self.caption.setText(
                self.tr("Choose a dataset on the left: its samples are laid out here.")
            )
        for part in (self.pca, self.tsne, self.samples, self.perplexity, self.only, self.whole):
            part.setEnabled(self._has_data)

    def show_model(self, model: OpenedModel | None) -> None:
        """Show another model; drop the maps of the old one."""
        super().show_model(model)
        self._inspection = None
        self.set_data(has_data=False)

    def show_inspection(self, inspection: InspectionResult) -> None:
        """Mark where the picture belongs."""
        self._inspection = inspection
        self._mark()

    def show_progress(self, done: int, total: int, phase: str) -> None:
        """Show the progress of the map."""
        names = {"embedding": self.tr("Asking the model"), "t-SNE": self.tr("Laying out")}
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setFormat(self.tr("{0}: %p %").format(names.get(phase, phase)))

    def show_map(self, record: Mapping[str, Any]) -> None:
        """Show a map that was made."""
        made = SampleMap.from_record(record)
        self._maps[made.method] = made
        self._finish()
        if made.method == self.method:
            self._show_chosen()
        self.request_changed.emit()

    def show_failure(self, message: str, hint: str) -> None:
        """Show why there is no map."""
        self._finish()
        self._choose_existing()
        self.caption.setText(" ".join(part for part in (message, hint) if part))

    def show_cancelled(self) -> None:
        """Be ready for another map."""
        self._finish()
        self._choose_existing()

    def _set_up(self) -> None:
        self.samples.setKeyboardTracking(False)
        self.samples.setAccessibleName(self.tr("Samples"))
        self.perplexity.setKeyboardTracking(False)
        self.perplexity.setAccessibleName(self.tr("Perplexity"))
        self.perplexity.setVisible(False)
        self.only.setAccessibleName(self.tr("Class"))
        self.only.setToolTip(self.tr("Make all classes but one faint"))
        self.progress.setAccessibleName(self.tr("Progress of the map"))

    def _lay_out(self) -> None:
        top = hbox(
            self.pca,
            self.tsne,
            self.samples,
            self.perplexity,
            self.only,
            self.whole,
            1,
            spacing=SPACING // 2,
        )
        height = self.only.sizeHint().height()
        for spin in (self.samples, self.perplexity):
            spin.setMinimumHeight(height)
        below = hbox((self.progress, 1), self.stop)
        column = vbox(top, below, (self.scatter, 1), self.caption, spacing=SPACING // 2)
        self.body.addLayout(column, 1)

    def _connect(self) -> None:
        self.methods.idClicked.connect(self._on_method_clicked)
        self.samples.valueChanged.connect(self._on_samples_changed)
        self.perplexity.valueChanged.connect(self._on_perplexity_changed)
        self.only.currentIndexChanged.connect(self._on_only_changed)
        self.whole.clicked.connect(self.scatter.show_whole)
        self.stop.clicked.connect(self.cancel_requested)
        self.scatter.sample_chosen.connect(self.sample_chosen)

    def _ask(self) -> None:
        self._under_way = self.method
        self.progress.setRange(0, 0)
        self.progress.setFormat("")
        self.progress.setVisible(True)
        self.stop.setVisible(True)
        self.caption.setText("")
        self.map_requested.emit(
            {
                "method": self.method,
                "samples": self.samples.value(),
                "perplexity": float(self.perplexity.value()),
            }
        )

    def _finish(self) -> None:
        self._under_way = ""
        self.progress.setVisible(False)
        self.stop.setVisible(False)

    def _choose_existing(self) -> None:
        """Turn back to a map that is there."""
        if self.method not in self._maps and self._maps:
            button = self.pca if _PCA in self._maps else self.tsne
            button.setChecked(True)
        self._show_chosen()

    def _show_chosen(self) -> None:
        shown = self._maps.get(self.method)
        self.scatter.show_map(shown)
        self.perplexity.setVisible(self.method == _TSNE)
        if shown is None:
            self.caption.setText("")
            return
        self._fill_only(shown.alphabet)
        self.caption.setText(self._explanation(shown))
        self._mark()

    def _explanation(self, shown: SampleMap) -> str:
        assert self.model is not None  # noqa: S101 - a map comes from a model
        what = (
            self.tr("by their pixels, since a classic model has no layers")
            if self.model.kind == "classic"
            else self.tr("by what the last layer takes")
        )
        if shown.method == _PCA:
            first, second = shown.explained
            text = self.tr("{0} samples {1}. The two directions hold {2:.0%} of the variance.")
            return fill_in(text, local(len(shown.points)), what, first + second)
        text = self.tr("{0} samples {1}. Your picture stands among those that are most like it.")
        return fill_in(text, local(len(shown.points)), what)

    def _fill_only(self, alphabet: Sequence[str]) -> None:
        classes = ((character, label) for label, character in enumerate(alphabet))
        refill(self.only, [(self.tr("all classes"), -1), *classes])
        self.scatter.show_only(int(self.only.currentData()))

    def _mark(self) -> None:
        inspection = self._inspection
        position = inspection.positions.get(self.method) if inspection is not None else None
        n_shown = len(self.scatter.shown.points) if self.scatter.shown is not None else 0
        if (
            inspection is None
            or position is None
            or not all(n < n_shown for n in inspection.nearest)
        ):
            self.scatter.show_own(None)
        else:
            self.scatter.show_own(position, inspection.nearest)

    @Slot(int)
    def _on_method_clicked(self, number: int) -> None:
        if self._under_way and self._under_way != self.method:
            self.cancel_requested.emit()
        self._show_chosen()
        self.begin()

    @Slot(int)
    def _on_samples_changed(self, value: int) -> None:
        self._maps.clear()
        self._ask()

    @Slot(int)
    def _on_perplexity_changed(self, value: int) -> None:
        self._maps.pop(_TSNE, None)
        if self.method == _TSNE:
            self._ask()

    @Slot()
    def _on_only_changed(self) -> None:
        self.scatter.show_only(int(self.only.currentData()))
