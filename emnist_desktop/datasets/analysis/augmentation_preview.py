"""What augmentation does to samples: live, with the settings of the training form."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, DatasetView
from emnist_desktop.ui.controls import check_box, push_button
from emnist_desktop.ui.format import local
from emnist_desktop.ui.grids.variant_grid import VariantRows
from emnist_desktop.ui.layout import scroll_area, vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.task import Context, Work
from trainer.augmentation.images import (
    IMAGE_AUGMENTATION_LIMITS,
    ImageAugmentation,
    augmented_images,
)
from trainer.augmentation.strokes import NO_AUGMENTATION, StrokeAugmentation, augmented_image
from trainer.datasets.analysis.statistics import Indices
from trainer.datasets.ink_archive import PenArchive
from trainer.ink.render import IMAGE_SIZE, LONG_SIDE, Images

N_VARIANTS = 8
N_SAMPLES = 4
"""Samples that are varied at once."""

_STEPS_OF = {
    "shift": 0.1,
    "rotation": 0.5,
    "scale": 0.01,
    "shear": 0.01,
    "elastic": 0.05,
    "noise": 0.01,
    "pen": 0.05,
}
"""Of the sliders; the usual values are whole numbers of them."""

_WIDE = 560
"""From this width on the sliders stand in two columns, in pixels."""

_WIDEST_PEN = 2.0
"""The pen's width varies from a part to a multiple of the usual; this is the greatest."""

_USUAL_PEN = 1.5

_UNIFORM_TO_NORMAL = 1.0 / np.sqrt(3.0)
"""A uniform distribution up to 1 has this standard deviation."""

_WAVES_TO_PIXELS = LONG_SIDE / 2 * np.sqrt(3.0 / 2.0)
"""Pixels that three waves of amplitude 1 move a point, as a standard deviation."""


@dataclass(frozen=True, eq=False)
class PreviewSamples:
    """The samples to vary.

    Attributes
    ----------
    indices : ndarray of shape (n,), dtype=int64
    images : ndarray of shape (n, height, width), dtype=uint8
    inks : tuple
        (points, stroke_start) of each sample; empty where only images are known.
    """

    indices: Indices
    images: Images
    inks: tuple[tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]], ...]


def stroke_augmentation(how: ImageAugmentation, pen: float) -> StrokeAugmentation:
    """Return the augmentation of strokes that is like one of images.

    Parameters
    ----------
    how : ImageAugmentation
        Its noise is left out.
    pen : float
        Greatest factor of the pen's width, at least 1; its inverse is the least.
    """
    return replace(
        NO_AUGMENTATION,
        rotation=how.rotation * _UNIFORM_TO_NORMAL,
        shear=how.shear * _UNIFORM_TO_NORMAL,
        scale=how.scale,
        shift=how.shift * _UNIFORM_TO_NORMAL,
        elastic=how.elastic / _WAVES_TO_PIXELS,
        thinnest=1.0 / pen,
        thickest=pen,
    )


def variants(
    originals: PreviewSamples, how: ImageAugmentation, pen: float | None, seed: int
) -> Images:
    """Return `N_VARIANTS` of each sample.

    Parameters
    ----------
    originals : PreviewSamples
    how : ImageAugmentation
    pen : float or None
        Bend the strokes, with pens up to this factor; None to bend the images.
    seed : int

    Returns
    -------
    ndarray of shape (n, N_VARIANTS, height, width), dtype=uint8
    """
    generator = np.random.default_rng(seed)
    n, height, width = originals.images.shape
    if pen is None or not originals.inks:
        repeated = np.repeat(originals.images, N_VARIANTS, axis=0)
        made = augmented_images(repeated, how, generator)
        return made.reshape(n, N_VARIANTS, height, width)
    strokes = stroke_augmentation(how, pen)
    drawn = [
        augmented_image(points, starts, strokes, generator)
        for points, starts in originals.inks
        for _ in range(N_VARIANTS)
    ]
    noise = ImageAugmentation(0, 0, 0, 0, 0, how.noise)
    made = augmented_images(np.stack(drawn), noise, generator)
    return made.reshape(n, N_VARIANTS, IMAGE_SIZE, IMAGE_SIZE)


class _Setting(QWidget):
    """A name, a slider and its value; the slider has whole steps.

    Signals
    -------
    changed
        The value is another.
    """

    changed = Signal()

    def __init__(
        self, name: str, limits: tuple[float, float], step: float, value: float, unit: str
    ) -> None:
        super().__init__()
        self._low, self._step = limits[0], step
        self._unit = unit
        self._usual = value
        self.caption = QLabel(name)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((limits[1] - limits[0]) / step))
        self.slider.setAccessibleName(name)
        self.slider.valueChanged.connect(self._on_slider_changed)
        self.number = QLabel()
        self.number.setMinimumWidth(self.fontMetrics().horizontalAdvance("00.00 px "))
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.caption.setBuddy(self.slider)
        self.reset()
        self._show_number()

    @property
    def value(self) -> float:
        """The value that is set."""
        return round(self._low + self._step * self.slider.value(), 6)

    def reset(self) -> None:
        """Go back to the usual value."""
        self.slider.setValue(round((self._usual - self._low) / self._step))

    def set_visible(self, visible: bool) -> None:
        """Show or hide the three parts."""
        for part in (self.caption, self.slider, self.number):
            part.setVisible(visible)

    @Slot()
    def _on_slider_changed(self) -> None:
        self._show_number()
        self.changed.emit()

    def _show_number(self) -> None:
        self.number.setText(f"{local(self.value, '.3g')}{self._unit}")


class AugmentationPreview(DatasetView):
    """Originals and their variants above the sliders."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection: Indices | None = None
        self._seed = 0
        self.again = push_button(
            self.tr("New draw"), self.tr("Draw other variants with the same settings")
        )
        self.again.clicked.connect(self._on_again_clicked)
        self.reset = push_button(
            self.tr("Reset"), self.tr("Put all settings back to what a training begins with")
        )
        self.reset.clicked.connect(self._on_reset_clicked)
        self.strokes = check_box(
            self.tr("Bend the strokes"),
            self.tr("Vary the drawn strokes and re-render them, instead of warping the image"),
        )
        self.strokes.toggled.connect(self._on_strokes_toggled)
        self.rows = VariantRows(N_VARIANTS)
        self.rows.setToolTip(self.tr("Click an original to see the sample"))
        self.rows.activated.connect(self._on_row_activated)
        self.sentence.setText(
            self.tr("Left the sample, right {0} variants as a training would see them.").format(
                N_VARIANTS
            )
        )
        self.settings = self._settings()
        self._form = QGridLayout()
        self._columns = 0
        self._lay_out()
        self.strokes.hide()
        self.settings["pen"].set_visible(False)

    def _settings(self) -> dict[str, _Setting]:
        usual = ImageAugmentation()
        names = {
            "shift": (self.tr("Shift"), " px"),
            "rotation": (self.tr("Rotation"), "°"),
            "scale": (self.tr("Scale"), ""),
            "shear": (self.tr("Shear"), ""),
            "elastic": (self.tr("Elastic"), " px"),
            "noise": (self.tr("Noise"), ""),
        }
        made = {
            key: _Setting(
                name, IMAGE_AUGMENTATION_LIMITS[key], _STEPS_OF[key], getattr(usual, key), unit
            )
            for key, (name, unit) in names.items()
        }
        limits = (1.0, _WIDEST_PEN)
        made["pen"] = _Setting(self.tr("Pen width"), limits, _STEPS_OF["pen"], _USUAL_PEN, "×")
        return made

    def _lay_out(self) -> None:
        self.controls.addWidget(self.again)
        self.controls.addWidget(self.reset)
        sheet = QWidget()
        column = vbox(self.strokes, self.sentence, self.rows)
        sheet.setLayout(column)
        self._form.setVerticalSpacing(6)
        for setting in self.settings.values():
            setting.changed.connect(self._vary)
        self._arrange(1)
        column.addLayout(self._form)
        column.addStretch(1)
        self.body.addWidget(scroll_area(sheet), 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        lines = -(-len(self.settings) // columns)
        for number, setting in enumerate(self.settings.values()):
            row, column = number % lines, 4 * (number // lines)
            for place, part in enumerate((setting.caption, setting.slider, setting.number)):
                self._form.addWidget(part, row, column + place)
        for column in (1, 5):
            self._form.setColumnStretch(column, 1 if column < 4 * columns else 0)
        self._form.setColumnMinimumWidth(3, 2 * SPACING if columns > 1 else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width for two columns of sliders."""
        self._arrange(2 if event.size().width() >= _WIDE else 1)
        super().resizeEvent(event)

    @property
    def augmentation(self) -> ImageAugmentation:
        """What the sliders say."""
        return ImageAugmentation(
            **{key: self.settings[key].value for key in IMAGE_AUGMENTATION_LIMITS}
        )

    def show_selection(self, indices: Indices) -> None:
        """Vary the samples that are chosen; without any, the first ones."""
        self._selection = indices[:N_SAMPLES] if len(indices) else None

    def key(self, shown: DatasetSelection) -> object:
        """Return what the originals depend on."""
        chosen = self._selection
        return shown, None if chosen is None else tuple(chosen.tolist())

    def work(self, shown: DatasetSelection) -> Work:
        """Fetch the originals, with their strokes where there are some."""
        selection = self._selection

        def fetch(context: Context) -> PreviewSamples:
            data = shown.data
            chosen = selection
            if chosen is None or chosen.max() >= len(data):
                among = np.arange(len(data)) if shown.indices is None else shown.indices
                chosen = among[:: max(1, len(among) // N_SAMPLES)][:N_SAMPLES]
            archive: PenArchive | None = shown.stored.inks(shown.split)
            context.check()
            inks = () if archive is None else tuple(archive.strokes(int(i)) for i in chosen)
            return PreviewSamples(chosen, np.asarray(data.images[chosen]), inks)

        return fetch

    def clear_result(self) -> None:
        """Show no rows; the sentence stays."""
        self.result = None
        self.rows.show_rows(None, None)

    def show_result(self, shown: DatasetSelection, result: PreviewSamples) -> None:
        """Vary the originals."""
        with_inks = bool(result.inks)
        self.strokes.setVisible(with_inks)
        self.settings["pen"].set_visible(with_inks and self.strokes.isChecked())
        self._vary()

    @Slot()
    def _vary(self) -> None:
        originals: PreviewSamples | None = self.result
        if originals is None or not len(originals.images):
            self.rows.show_rows(None, None)
            return
        pen = self.settings["pen"].value if self.strokes.isChecked() else None
        made = variants(originals, self.augmentation, pen, self._seed)
        self.rows.show_rows(originals.images, made)

    @Slot()
    def _on_again_clicked(self) -> None:
        self._seed += 1
        self._vary()

    @Slot()
    def _on_reset_clicked(self) -> None:
        for setting in self.settings.values():
            setting.reset()

    @Slot(bool)
    def _on_strokes_toggled(self, checked: bool) -> None:
        self.settings["pen"].set_visible(checked)
        self._vary()

    @Slot(int)
    def _on_row_activated(self, row: int) -> None:
        if self.shown is not None and self.result is not None:
            self.sample_requested.emit(self.shown.split, int(self.result.indices[row]))
