"""The choice of the inspected image, a drawing or a sample, and its recognition."""

from __future__ import annotations

import random

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from emnist_desktop.models.layers.result import InspectionResult
from emnist_desktop.ui.controls import plain_label, tool_button
from emnist_desktop.ui.format import local
from emnist_desktop.ui.images import grey
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING, indented

_SIDE = 68
"""Of the picture, in pixels."""

_CANDIDATES = 3


class SourceBar(QWidget):
    """Chooses the image to inspect, and shows it.

    Attributes
    ----------
    count : int
        The number of samples to choose from.
    prefers_sample : bool
        Whether a sample was looked at when there were some before.

    Signals
    -------
    source_changed
        Another drawing or sample shall be looked at.
    """

    source_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection: InspectionResult | None = None
        self.count = 0
        self.prefers_sample = False
        self.picture = QLabel()
        self.picture.setFixedSize(_SIDE, _SIDE)
        self.picture.setAccessibleName(self.tr("The picture that the model was given"))
        self.drawing = tool_button(
            self.tr("My drawing"), self.tr("What is drawn at the left, live"), checkable=True
        )
        self.sample = tool_button(
            self.tr("Sample"),
            self.tr("A sample of the dataset that is chosen on the left"),
            checkable=True,
        )
        self.sources = QButtonGroup(self)
        self.sources.addButton(self.drawing)
        self.sources.addButton(self.sample)
        self.drawing.setChecked(True)
        self.before = tool_button("‹", self.tr("The sample before"))
        self.before.setAccessibleName(self.tr("Previous sample"))
        self.index = indented(QSpinBox())
        self.index.setAccessibleName(self.tr("Number of the sample"))
        self.index.setToolTip(self.tr("Number of the sample in the dataset"))
        self.index.setKeyboardTracking(False)
        self.after = tool_button("›", self.tr("The sample after"))
        self.after.setAccessibleName(self.tr("Next sample"))
        self.any = tool_button(self.tr("Random"), self.tr("Any sample of the dataset"))
        self.recognition = plain_label()
        self.recognition.setToolTip(
            self.tr(
                "The layers are shown the image. Where the recogniser has learned how the pen "
                "moves, the Draw tab can answer otherwise."
            )
        )
        self._lay_out()
        self.drawing.clicked.connect(self._on_drawing_clicked)
        self.sample.clicked.connect(self.source_changed)
        self.before.clicked.connect(self._on_before_clicked)
        self.after.clicked.connect(self._on_after_clicked)
        self.any.clicked.connect(self._on_any_clicked)
        self.index.valueChanged.connect(self._on_index_changed)
        self.set_samples(0)

    @property
    def is_drawing(self) -> bool:
        """Whether the drawing is inspected, not a sample."""
        return self.drawing.isChecked()

    @property
    def number(self) -> int:
        """The number of the sample."""
        return self.index.value()

    def set_canvas(self, canvas: QWidget) -> None:
        """Put a canvas to draw in beside the picture that the model was given."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)  # noqa: S101 - as `_lay_out` made it
        layout.insertWidget(0, canvas)

    def choose_drawing(self) -> None:
        """Choose the drawing, without a signal."""
        self.prefers_sample = False
        self.drawing.setChecked(True)

    def set_samples(self, count: int) -> None:
        """Choose among so many samples from now on; 0 for none."""
        self.count = count
        if not count:
            self.prefers_sample = not self.is_drawing or self.prefers_sample
            self.drawing.setChecked(True)
        with QSignalBlocker(self.index):
            self.index.setRange(0, max(0, count - 1))
        for part in (self.sample, self.before, self.index, self.after, self.any):
            part.setEnabled(count > 0)

    def choose_sample(self, number: int) -> None:
        """Choose a sample."""
        if not 0 <= number < self.count:
            return
        self.sample.setChecked(True)
        if number != self.number:
            self.index.setValue(number)  # tells of it
        else:
            self.source_changed.emit()

    def show_inspection(self, inspection: InspectionResult) -> None:
        """Show the inspected image and its recognition."""
        self._inspection = inspection
        self._show_picture()
        self.recognition.setText(self._text(inspection))

    def show_message(self, text: str) -> None:
        """Show a sentence instead of a reading."""
        self.recognition.setText(text)

    def clear(self) -> None:
        """Show nothing."""
        self._inspection = None
        self._show_picture()
        self.recognition.setText("")

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_picture()

    def _lay_out(self) -> None:
        self.index.setMinimumHeight(self.sample.sizeHint().height())
        gap = SPACING // 2
        sources = hbox(self.drawing, self.sample, 1, spacing=gap)
        samples = hbox(self.before, self.index, self.after, self.any, 1, spacing=gap)
        column = vbox(sources, samples, (self.recognition, 1), spacing=gap)
        self.setLayout(hbox(self.picture, (column, 1)))

    def _show_picture(self) -> None:
        image = (
            self._inspection.image
            if self._inspection is not None
            else np.zeros((1, 1), dtype=np.uint8)
        )
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(grey(image, self.palette())).scaled(
            QSize(_SIDE, _SIDE) * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.FastTransformation,
        )
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)

    def _text(self, inspection: InspectionResult) -> str:
        if not inspection.top:
            return self.tr("Nothing is drawn. Draw in the square, or look at a sample.")
        ranked = "   ".join(
            f"{character} ({local(share, '.1%')})"
            for character, share in inspection.top[:_CANDIDATES]
        )
        if inspection.sample is None:
            return self.tr("The image alone is read as {0}").format(ranked)
        return self.tr("Labelled {0}, read as {1}").format(inspection.character, ranked)

    @Slot()
    def _on_drawing_clicked(self) -> None:
        self.prefers_sample = False
        self.source_changed.emit()

    @Slot()
    def _on_before_clicked(self) -> None:
        self.choose_sample((self.number - 1) % self.count)

    @Slot()
    def _on_after_clicked(self) -> None:
        self.choose_sample((self.number + 1) % self.count)

    @Slot()
    def _on_any_clicked(self) -> None:
        self.choose_sample(random.randrange(self.count))  # noqa: S311 - no secret

    @Slot(int)
    def _on_index_changed(self, number: int) -> None:
        self.sample.setChecked(True)
        self.source_changed.emit()
