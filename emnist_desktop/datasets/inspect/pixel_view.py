"""One image, each pixel a crisp square; tells the pixel under the mouse."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.colors import grey_image
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.item_view import PointerView
from trainer.ink.render import Image

_SIDE = 196


class PixelView(PointerView):
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
        """Show an image, or nothing.

        Parameters
        ----------
        pixels : ndarray of shape (height, width), dtype=uint8, or None
        """
        self._pixels = pixels
        self._picture = QImage() if pixels is None else grey_image(pixels)
        self.hold(-1)
        self.update()

    def pixel_area(self, row: int, column: int) -> QRectF:
        """Return where a pixel is painted."""
        area, scale = self._area()
        left = area.left() + column * scale
        return QRectF(left, area.top() + row * scale, scale, scale)

    def _area(self) -> tuple[QRectF, float]:
        if self._pixels is None:
            return QRectF(), 1.0
        height, width = self._pixels.shape
        scale = min(self.width() / width, self.height() / height)
        scale = float(int(scale)) if scale >= 1 else scale
        left = (self.width() - width * scale) // 2
        top = (self.height() - height * scale) // 2
        return QRectF(left, top, width * scale, height * scale), scale

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixels is not None:
            painter.drawImage(self._area()[0], self._picture)
        if self.cursor_item >= 0:
            painter.setPen(QPen(self.palette().highlight().color(), 2.0))
            painter.drawRect(self.pixel_area(*divmod(self.cursor_item, self.lines()[1])))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    @property
    def count(self) -> int:
        """How many pixels there are."""
        return 0 if self._pixels is None else self._pixels.size

    def lines(self) -> tuple[int, int]:
        """Return the height and the width of the image."""
        return (1, 1) if self._pixels is None else self._pixels.shape

    def item_at(self, place: QPointF) -> int:
        """Return the pixel at a place."""
        area, scale = self._area()
        if self._pixels is None or not area.contains(place):
            return -1
        height, width = self.lines()
        row = min(height - 1, int((place.y() - area.top()) / scale))
        return row * width + min(width - 1, int((place.x() - area.left()) / scale))

    def item_rect(self, number: int) -> QRect:
        """Return where a pixel is."""
        return self.pixel_area(*divmod(number, self.lines()[1])).toRect()

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
