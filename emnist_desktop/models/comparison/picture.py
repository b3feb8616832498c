"""One of several pictures at a time, as large as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

_LEAST_HEIGHT = 120


class FigureViewer(QWidget):
    """A choice of files, and the chosen one below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Figure"))
        self.sheet = _Sheet()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.choice)
        layout.addWidget(self.sheet, 1)
        self.choice.currentIndexChanged.connect(self._on_choice_changed)

    def show_files(self, paths: Sequence[Path]) -> None:
        """Offer other pictures and show the first."""
        self.choice.blockSignals(True)
        self.choice.clear()
        for path in paths:
            self.choice.addItem(path.stem.replace("-", " "), str(path))
        self.choice.blockSignals(False)
        self._on_choice_changed()

    @Slot()
    def _on_choice_changed(self) -> None:
        path = self.choice.currentData()
        self.sheet.show_image(QImage(path) if path else QImage(), self.choice.currentText())


class _Sheet(QWidget):
    """Paints an image, scaled down to its room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage, name: str) -> None:
        self._image = image
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 2 * _LEAST_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left = (self.width() - size.width()) / 2
        painter.drawImage(QRectF(left, 0, size.width(), size.height()), self._image)
        painter.end()
