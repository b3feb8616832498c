"""A picture with the characters that were found in it, boxed, and their text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.draw.reading import PictureReading
from emnist_desktop.style import SPACING


class _BoxedPicture(QWidget):
    """Paints the picture as large as fits, and the boxes over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Picture with the characters found"))
        self._image = QImage()
        self._reading: PictureReading | None = None

    def show_reading(self, reading: PictureReading) -> None:
        grey = reading.grey
        height, width = grey.shape
        form = QImage.Format.Format_Grayscale8
        self._image = QImage(grey.tobytes(), width, height, width, form).copy()
        self._reading = reading
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 440)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        if self._reading is None or self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - size.width()) / 2
        top = (self.height() - size.height()) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        factor = size.width() / self._image.width()
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
        for (x, y, width, height), character in zip(
            self._reading.boxes, self._reading.text, strict=False
        ):
            box = QRectF(left + x * factor, top + y * factor, width * factor, height * factor)
            painter.drawRect(box.adjusted(-2, -2, 2, 2))
            painter.drawText(
                box.topLeft().toPoint() + QRectF(0, -6, 0, 0).topLeft().toPoint(), character
            )


class PictureView(QWidget):
    """The picture, its text to copy, and a way back to drawing.

    Signals
    -------
    closed
        The user wants to draw again.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = _BoxedPicture()
        self.text = QLineEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Text read from the picture"))
        self.text.setPlaceholderText(self.tr("No character was found in this picture"))
        self.copy_button = QPushButton(self.tr("Copy text"))
        self.back_button = QPushButton(self.tr("Back to drawing"))
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.back_button.clicked.connect(self.closed)
        below = QHBoxLayout()
        below.setSpacing(SPACING)
        below.addWidget(self.text, 1)
        below.addWidget(self.copy_button)
        below.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.picture, 1)
        layout.addLayout(below)

    def show_reading(self, reading: PictureReading) -> None:
        """Show a picture that was read."""
        self.picture.show_reading(reading)
        self.text.setText(reading.text)
        self.copy_button.setEnabled(bool(reading.text))

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.text.text())
