"""Samples in rows: the original, a gap, and its variants, as an augmentation made them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from trainer.preprocess import Images

_GAP = 2
_ORIGINAL_GAP = 10
_LARGEST_SIDE = 56


class VariantRows(QWidget):
    """One row for each sample, as large as the width allows.

    Parameters
    ----------
    columns : int
        Variants in each row.

    Signals
    -------
    activated : int
        The row whose original was clicked.
    """

    activated = Signal(int)

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._originals: tuple[QImage, ...] = ()
        self._variants: tuple[tuple[QImage, ...], ...] = ()
        self.setAccessibleName(self.tr("Samples and their variants"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def variants(self) -> tuple[tuple[QImage, ...], ...]:
        """The variants that are shown, row by row."""
        return self._variants

    def show_rows(self, originals: Images | None, variants: Images | None) -> None:
        """Show images of shape (n, h, w) and variants of shape (n, columns, h, w), or nothing."""
        nothing = originals is None or variants is None
        self._originals = () if nothing else tuple(map(grey_image, np.asarray(originals)))
        rows = () if nothing else np.asarray(variants)
        self._variants = tuple(tuple(map(grey_image, row)) for row in rows)
        self._fit_height()
        self.update()

    def original_rect(self, row: int) -> QRect:
        """Return where an original is, in this widget."""
        side = self._side()
        return QRect(0, row * (side + _GAP), side, side)

    def sizeHint(self) -> QSize:
        """Return the size of readable rows."""
        return QSize(320, self.height())

    def _side(self) -> int:
        room = self.width() - _ORIGINAL_GAP - (self._columns - 1) * _GAP
        return max(16, min(_LARGEST_SIDE, room // (self._columns + 1)))

    def _fit_height(self) -> None:
        self.setFixedHeight(max(1, len(self._originals)) * (self._side() + _GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the rows need in this width."""
        self._fit_height()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        side = self._side()
        for row, (original, variants) in enumerate(
            zip(self._originals, self._variants, strict=True)
        ):
            area = self.original_rect(row)
            painter.drawImage(area, original)
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            for column, variant in enumerate(variants):
                left = side + _ORIGINAL_GAP + column * (side + _GAP)
                painter.drawImage(QRect(left, area.top(), side, side), variant)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the sample whose original is below the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            for row in range(len(self._originals)):
                if self.original_rect(row).contains(event.position().toPoint()):
                    self.activated.emit(row)


def grey_image(image: npt.NDArray[np.uint8]) -> QImage:
    """Return an image of shape (height, width), dtype=uint8 as Qt's, which owns its pixels."""
    height, width = image.shape
    shared = QImage(image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return shared.copy()
