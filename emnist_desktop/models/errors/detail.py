"""One sample, large: what it is, what it was taken for, how surely, and which one it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QWidget,
)

from emnist_desktop.models.errors.gallery import paint_image
from emnist_desktop.models.errors.source import ErrorSource
from emnist_desktop.ui.charts.share_bars import ShareBar, ShareBars
from emnist_desktop.ui.controls import bold, push_button
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.images import grey_image
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING, wrapped_label
from emnist_desktop.ui.task import failure_text
from trainer.errors import DatasetError
from trainer.evaluation.errors import ranking

_LEAST_SIDE, _COMFORTABLE_SIDE = 112, 224
_IMAGE_STRETCH = 100
"""The image takes what height there is, up to its width."""

_LINES = 4
"""The first three answers, and the true one where it is none of them."""


class EnlargedImage(QWidget):
    """An image as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage) -> None:
        """Show an image; a null one for none."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(_COMFORTABLE_SIDE, _COMFORTABLE_SIDE)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(_LEAST_SIDE, _LEAST_SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image in a square."""
        if self._image.isNull():
            return
        side = min(self.width(), self.height())
        area = QRectF(0, 0, side, side)
        area.moveCenter(self.rect().toRectF().center())
        painter = QPainter(self)
        paint_image(painter, area, self._image)
        painter.end()


class SampleView(QWidget):
    """Shows a sample; its buttons and the arrow keys ask for the next.

    Signals
    -------
    step_requested : int
        So many samples on; negative to go back.
    """

    step_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The sample, large"))
        self.image = EnlargedImage()
        self.headline = bold(_wrapping(self.tr("What was taken for what")))
        self.info = _wrapping(self.tr("About the sample"))
        self.info.setObjectName("caption")
        self.shares = ShareBars(self.tr("How sure the model was"), _LINES)
        self.back = push_button("◀", self.tr("The one before (Left)"))
        self.back.setAccessibleName(self.tr("Previous sample"))
        self.forth = push_button("▶", self.tr("The next one (Right)"))
        self.forth.setAccessibleName(self.tr("Next sample"))
        self.position = QLabel()
        self.position.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.position.setAccessibleName(self.tr("Position among those shown"))
        self.back.clicked.connect(self._on_back_clicked)
        self.forth.clicked.connect(self._on_forth_clicked)
        self._lay_out()

    def _lay_out(self) -> None:
        steps = hbox(self.back, (self.position, 1), self.forth)
        image = (self.image, _IMAGE_STRETCH)
        parts = (image, self.headline, self.shares, self.info, steps, 1)
        self.setLayout(vbox(*parts, margins=(SPACING, 0, 0, 0)))

    def show_sample(self, source: ErrorSource, row: int, index: int, n: int) -> None:
        """Show a sample.

        Parameters
        ----------
        source : ErrorSource
        row : int
            Of the predictions.
        index, n : int
            Its index among those shown, and their number.
        """
        predictions = source.predictions
        true, predicted = int(predictions.truth[row]), int(predictions.predicted[row])
        names = predictions.characters
        info = self._info_text(source, row)
        try:
            self.image.show_image(grey_image(source.image(row)))
        except DatasetError as error:
            self.image.show_image(QImage())
            info = failure_text(error)
        sentence = (
            self.tr("{0}, read right") if true == predicted else self.tr("{0}, taken for {1}")
        )
        self.headline.setText(sentence.format(names[true], names[predicted]))
        bars = ranking(predictions, row)
        self.shares.show_bars([ShareBar(names[at], share, at == true) for at, share in bars])
        self.info.setText(info)
        self.position.setText(fill_in(self.tr("{0:,} of {1:,}"), index + 1, n))
        self.back.setEnabled(index > 0)
        self.forth.setEnabled(index < n - 1)

    def _info_text(self, source: ErrorSource, row: int) -> str:
        index = int(source.predictions.indices[row])
        text = fill_in(self.tr("Number {0:,}"), index)
        writer = source.samples.writer(index)
        return text if writer is None else text + self.tr(" · writer {0}").format(writer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the lines right below the image."""
        self.image.setMaximumHeight(max(_LEAST_SIDE, self.width()))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }
        if event.key() in steps:
            self.step_requested.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_back_clicked(self) -> None:
        self.step_requested.emit(-1)

    @Slot()
    def _on_forth_clicked(self) -> None:
        self.step_requested.emit(1)


def _wrapping(name: str) -> QLabel:
    label = wrapped_label()
    label.setAccessibleName(name)
    return label
