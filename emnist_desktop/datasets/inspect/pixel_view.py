"""One image, each pixel a crisp square; tells the pixel under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.colors import grey_image
from trainer.ink.render import Image

_SIDE = 196


class PixelView(QWidget):
    """Enlarges an image; mouse or arrows choose a pixel.

    Signals
    -------
    pixel_changed : int, int, int
        Row, column and value of the pixel that is looked at; the row is -1 for none.
    """

    pixel_changed = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_SIDE)
        self.setAccessibleName(self.tr("The sample, enlarged; arrows choose a pixel"))
        self._pixels: Image | None = None
        self._picture = QImage()
        self._row, self._column = -1, -1

    def show_image(self, pixels: Image | None) -> None:
        """Show an image, or nothing.

        Parameters
        ----------
        pixels : ndarray of shape (height, width), dtype=uint8, or None
        """
        self._pixels = pixels
        self._picture = QImage() if pixels is None else grey_image(pixels)
        self._look_at(-1, -1)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the picture."""
        return QSize(_SIDE, _SIDE)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(112, _SIDE)

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pixels and a frame around the one that is looked at."""
        painter = QPainter(self)
        if self._pixels is not None:
            painter.drawImage(self._area()[0], self._picture)
        if self._row >= 0:
            painter.setPen(QPen(self.palette().highlight().color(), 2.0))
            painter.drawRect(self.pixel_area(self._row, self._column))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 1.0))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look at the pixel under the mouse."""
        self._look_at(*self._pixel_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Look at no pixel."""
        self._look_at(-1, -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look at the next pixel."""
        step = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(Qt.Key(event.key()))
        if step is None or self._pixels is None:
            super().keyPressEvent(event)
            return
        height, width = self._pixels.shape
        if self._row < 0:
            self._look_at(height // 2, width // 2)
            return
        self._look_at(
            min(height - 1, max(0, self._row + step[0])),
            min(width - 1, max(0, self._column + step[1])),
        )

    def _pixel_at(self, point: QPointF) -> tuple[int, int]:
        area, scale = self._area()
        if self._pixels is None or not area.contains(point):
            return -1, -1
        height, width = self._pixels.shape
        row, column = (point.y() - area.top()) / scale, (point.x() - area.left()) / scale
        return min(height - 1, int(row)), min(width - 1, int(column))

    def _look_at(self, row: int, column: int) -> None:
        if (row, column) == (self._row, self._column):
            return
        self._row, self._column = row, column
        value = 0 if self._pixels is None or row < 0 else int(self._pixels[row, column])
        self.pixel_changed.emit(row, column, value)
        self.update()
