"""Pictures from the clipboard."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from emnist_desktop.draw.reading import Grey


def grey_from_image(image: QImage) -> Grey:
    """Return a picture's brightness, transparent parts as white.

    Returns
    -------
    ndarray of shape (height, width), dtype=uint8
    """
    sheet = QImage(image.size(), QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    painter.drawImage(0, 0, image)
    painter.end()
    grey = sheet.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), dtype=np.uint8).reshape(-1, grey.bytesPerLine())
    return rows[:, : grey.width()].copy()
