"""Up to sixteen samples with their labels, as a sheet of tiles."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.colors import grey_image
from emnist_desktop.ui.style import SPACING
from trainer.ink.render import Images

_COLUMNS = 4
_LABEL_SHARE = 0.24
"""Of a tile's height."""


class SampleSheet(QWidget):
    """Paints samples in four columns, each above its label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._labels: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 260)
        self.clear()

    def show_samples(self, images: Images, labels: tuple[str, ...]) -> None:
        """Show samples; `images` of shape (n, height, width), dtype=uint8, ink 255."""
        self._images = [grey_image(image) for image in images]
        self._labels = labels
        self.setAccessibleName(self.tr("Samples: {0}").format(", ".join(labels)))
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._images, self._labels = [], ()
        self.setAccessibleName(self.tr("No samples"))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a good size."""
        return QSize(400, 480)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the tiles."""
        painter = QPainter(self)
        if not self._images:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No samples"))
        width = (self.width() - 1 + SPACING) / _COLUMNS - SPACING
        height = (self.height() - 1 + SPACING) / _COLUMNS - SPACING
        side = max(8.0, min(width, height * (1 - _LABEL_SHARE)))
        font = self.font()
        font.setPixelSize(int(min(18, max(9, height * _LABEL_SHARE * 0.75))))
        painter.setFont(font)
        for index, image in enumerate(self._images):
            row, column = divmod(index, _COLUMNS)
            x, y = column * (width + SPACING), row * (height + SPACING)
            tile = QRectF(x + (width - side) / 2, y, side, side)
            painter.fillRect(tile, Qt.GlobalColor.black)
            size = image.size().scaled(tile.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            left = tile.x() + (side - size.width()) / 2
            top = tile.y() + (side - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), image)
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRect(tile)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            place = QRectF(x, y + side, width, max(12.0, height * _LABEL_SHARE))
            text = painter.fontMetrics().elidedText(
                self._labels[index], Qt.TextElideMode.ElideRight, int(width)
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
