"""One enlarged map with its scale, and the value below the mouse."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.format import local
from emnist_desktop.ui.grids.value_map import ValueMap
from trainer.explain.client import Pictures

_MOST = 640.0
"""Greatest side of the map, in pixels."""

_LEAST = 60.0
_LEAST_SCALE = 120.0


class LargeMap(ValueMap):
    """A picture of values, whole pixels large, and the colours of its scale below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setMinimumSize(110, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def number(self, value: float) -> str:
        """Return three digits of a value."""
        return number_text(value)

    def map_area(self) -> QRectF:
        """Return where the map is."""
        rows, columns = (1, 1) if self.values is None else self.values.shape
        room_width = min(float(self.width()), _MOST)
        room_height = min(max(_LEAST, self.height() - self.scale_height()), _MOST)
        scale = min(room_width / columns, room_height / rows)
        whole = float(int(scale)) if scale >= 1 else scale
        return QRectF(0, 0, whole * columns, whole * rows)

    def sizeHint(self) -> QSize:
        """Return a size at which single pixels can be told apart."""
        return QSize(260, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map and its scale."""
        if self.values is None:
            return
        painter = QPainter(self)
        area = self.map_area()
        painter.drawImage(area, self.picture)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        self.paint_scale(painter, min(float(self.width()), _LEAST_SCALE))
        painter.end()


def range_texts(pictures: Pictures, number: int | None = None) -> tuple[str, str]:
    """Return the lowest and the highest value of one map, or of all."""
    one = slice(None) if number is None else number
    low, high = pictures.lows[one].min(), pictures.highs[one].max()
    return number_text(float(low)), number_text(float(high))


def number_text(value: float) -> str:
    """Return a number with three digits, as people write it."""
    text = local(value, ".3g")
    return text.replace("-", "−")
