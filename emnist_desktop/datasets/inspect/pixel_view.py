"""One image, each pixel a crisp square; tells the pixel under the mouse."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.images import grey_image
from emnist_desktop.ui.item_view import SquaresView
from trainer.ink.render import Image

_SIDE = 196


class PixelView(SquaresView):
    """Enlarges an image; mouse or arrows choose a pixel.

    Signals
    -------
    pixel_changed : int, int, int
        Row, column and value of the pixel that is looked at; the row is -1 for none.
    """

    pixel_changed = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_SIDE)
        self.setMinimumWidth(112)
        self.setAccessibleName(self.tr("The sample, enlarged; arrows choose a pixel"))
        self._pixels: Image | None = None
        self._picture = QImage()

    def show_image(self, pixels: Image | None) -> None:
        """Show an image of shape (height, width), dtype=uint8, or nothing."""
        self._pixels = pixels
        self._picture = QImage() if pixels is None else grey_image(pixels)
        self.hold(-1)
        self.update()

    def field(self) -> QRectF:
        """Return where the image is painted."""
        if self._pixels is None:
            return QRectF()
        height, width = self._pixels.shape
        scale = min(self.width() / width, self.height() / height)
        scale = float(int(scale)) if scale >= 1 else scale
        left = (self.width() - width * scale) // 2
        top = (self.height() - height * scale) // 2
        return QRectF(left, top, width * scale, height * scale)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixels is not None:
            painter.drawImage(self.field(), self._picture)
        if self.cursor_item >= 0:
            painter.setPen(QPen(self.palette().highlight().color(), 2.0))
            painter.drawRect(self.cell_area(self.cursor_item))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def lines(self) -> tuple[int, int]:
        """Return the height and the width of the image."""
        return (0, 0) if self._pixels is None else self._pixels.shape

    def steps(self) -> Mapping[Qt.Key, int]:
        """Look at the next pixel; first at the one in the middle."""
        if self.cursor_item >= 0:
            return super().steps()
        height, width = self.lines()
        return dict.fromkeys(super().steps(), height // 2 * width + width // 2 + 1)

    def describe(self) -> None:
        """Tell the pixel that is looked at."""
        if self._pixels is None or self.cursor_item < 0:
            self.pixel_changed.emit(-1, -1, 0)
        else:
            row, column = divmod(self.cursor_item, self._pixels.shape[1])
            self.pixel_changed.emit(row, column, int(self._pixels[row, column]))
