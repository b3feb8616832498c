"""What the augmentation of the form does to samples of the dataset that is chosen: live."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.controls import caption, push_button
from emnist_desktop.ui.grids.variant_grid import VariantRows
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.task import Context, Task
from trainer.augmentation.images import ImageAugmentation, augmented_images
from trainer.augmentation.strokes import StrokeAugmentation, augmented_image
from trainer.datasets.catalog import STARTER, Catalog
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import is_path, load_data
from trainer.datasets.store import TRAIN
from trainer.datasets.synthetic.starter import make_starter
from trainer.errors import TrainerError
from trainer.ink.render import Images, fit_points, render

DRAWINGS, IMAGES = "drawings", "images"
"""What samples are: strokes to be rendered, or pixels."""

N_VARIANTS = 7
N_SAMPLES = 3

_FEWEST_STARTERS = 372
"""Samples of the starter set that is made for the preview while there is no real one."""


@dataclass(frozen=True, eq=False)
class PreviewDrawings:
    """What is varied.

    Attributes
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    inks : tuple
        (points, stroke_start) of each sample; empty where there are images only.
    """

    images: Images
    inks: tuple[tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]], ...] = ()


class VariantPreview(QWidget):
    """Rows of samples and their variants; works only while it is in sight.

    Signals
    -------
    kind_changed : str
        What the samples of another dataset are: `DRAWINGS`, `IMAGES`, or empty if unknown.
    """

    kind_changed = Signal(str)

    def __init__(self, catalog: Catalog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._name = ""
        self._requested = ""
        self._loaded = ""
        self._samples: PreviewDrawings | None = None
        self._of_images: ImageAugmentation | None = None
        self._of_strokes: StrokeAugmentation | None = None
        self._seed = 0
        self._loading = Task(self, self._on_loaded, self._on_failed)
        self.text = caption()
        self.again = push_button(
            self.tr("New draw"), self.tr("Draw other variants with the same settings")
        )
        self.again.clicked.connect(self._on_again_clicked)
        self.rows = VariantRows(N_VARIANTS)
        self.setLayout(vbox(hbox((self.text, 1), self.again), self.rows, spacing=SPACING // 2))
        self._vary()

    def show_settings(
        self,
        dataset: str,
        of_images: ImageAugmentation | None,
        of_strokes: StrokeAugmentation | None,
    ) -> None:
        """Vary samples of a dataset as a training would."""
        self._name, self._of_images, self._of_strokes = dataset, of_images, of_strokes
        if self.isVisible():
            self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with the form."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the dataset."""
        self._loading.cancel()
        super().hideEvent(event)

    def _refresh(self) -> None:
        if self._name != self._loaded and not (
            self._loading.is_running and self._requested == self._name
        ):
            catalog, name = self._catalog, self._name
            self._requested = name
            self._samples = None
            self._loading.start(lambda context: samples_of(catalog, name, context))
        self._vary()

    def _vary(self) -> None:
        samples = self._samples
        made = None
        if samples is not None and len(samples.images):
            made = variants(samples, self._of_images, self._of_strokes, self._seed)
        self.rows.setVisible(made is not None)
        self.again.setEnabled(made is not None)
        self.rows.show_rows(None if samples is None else samples.images, made)
        self.text.setText(self._sentence(made))

    def _sentence(self, made: Images | None) -> str:
        if made is not None:
            return self.tr("Left samples, right as the network will see them")
        samples = self._samples
        if samples is None or not len(samples.images):
            return ""
        if samples.inks:
            return self.tr("These drawings stay as they are: switch Vary drawings on")
        return self.tr("These images stay as they are: switch Vary images on")

    @Slot(object)
    def _on_loaded(self, samples: PreviewDrawings) -> None:
        self._samples, self._loaded = samples, self._requested
        self._vary()
        kind = DRAWINGS if samples.inks else IMAGES
        self.kind_changed.emit(kind if len(samples.images) else "")

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._samples, self._loaded = None, self._requested
        self._vary()
        self.kind_changed.emit("")
        self.text.setText(error_text(error.message) if isinstance(error, TrainerError) else "")

    @Slot()
    def _on_again_clicked(self) -> None:
        self._seed += 1
        self._vary()


def samples_of(catalog: Catalog, name: str, context: Context) -> PreviewDrawings:
    """Return a few samples of the data that a training would take.

    Raises
    ------
    DatasetError
        If they cannot be read.
    """
    if not name:
        return PreviewDrawings(np.zeros((0, 28, 28), dtype=np.uint8))
    if is_path(name):
        split = "" if name.endswith(".npz") else TRAIN
        data = load_data(name, split)
        return _few(data if isinstance(data, PenArchive) else data.images)
    if name == STARTER and not catalog.entry(name).is_present:
        return _few(_starter_drawings())
    stored = catalog.open(name)
    context.check()
    split = TRAIN if TRAIN in stored.splits else next(iter(stored.splits))
    inks = stored.inks(split)
    return _few(stored.splits[split].images if inks is None else inks)


@cache
def _starter_drawings() -> PenArchive:
    return make_starter(_FEWEST_STARTERS)[TRAIN]


def variants(
    samples: PreviewDrawings,
    of_images: ImageAugmentation | None,
    of_strokes: StrokeAugmentation | None,
    seed: int,
) -> Images | None:
    """Return `N_VARIANTS` of each sample, shape (n, N_VARIANTS, h, w); None if nothing varies.

    Drawings are varied as drawings, images as images: so does a training.
    """
    generator = np.random.default_rng(seed)
    n, height, width = samples.images.shape
    if samples.inks:
        if of_strokes is None:
            return None
        drawn = [
            augmented_image(points, starts, of_strokes, generator)
            for points, starts in samples.inks
            for _ in range(N_VARIANTS)
        ]
        return np.stack(drawn).reshape(n, N_VARIANTS, height, width)
    if of_images is None or of_images.is_nothing:
        return None
    repeated = np.repeat(samples.images, N_VARIANTS, axis=0)
    return augmented_images(repeated, of_images, generator).reshape(n, N_VARIANTS, height, width)


def _few(data: PenArchive | Images) -> PreviewDrawings:
    """Take samples from all over the data, so that they are of several classes."""
    n = len(data)
    indices = np.linspace(0, n - 1, N_SAMPLES + 2, dtype=np.int64)[1:-1] if n else np.arange(0)
    if not isinstance(data, PenArchive):
        return PreviewDrawings(np.asarray(data[indices]))
    inks = tuple(data.strokes(int(index)) for index in indices)
    drawn = [render(fit_points(points), starts) for points, starts in inks]
    return PreviewDrawings(np.stack(drawn), inks)
