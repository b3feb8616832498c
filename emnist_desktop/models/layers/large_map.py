"""One map, large, with its scale; the value below the mouse is said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from emnist_desktop.ui.colors import Table, colored

_BAR_HEIGHT = 10.0
_BAR_GAP = 6.0
_TEXT_GAP = 2.0
_MOST = 640.0
"""Greatest side of the map, in pixels."""

_LEAST = 60.0


class LargeMap(QWidget):
    """A picture of values, whole pixels large, and the colours of its scale below.

    Parameters
    ----------
    name : str
        What it shows, for who cannot see it.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: npt.NDArray[np.float32] | None = None
        self._picture = QImage()
        self._bar = QImage()
        self._ends: Sequence[str] = ()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setMinimumSize(110, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def values(self) -> npt.NDArray[np.float32] | None:
        """What is shown."""
        return self._values

    @property
    def picture(self) -> QImage:
        """As it is painted, a pixel a value."""
        return self._picture

    @property
    def ends(self) -> Sequence[str]:
        """What stands below the scale: at its beginning, perhaps in the middle, at its end."""
        return self._ends

    def show_map(
        self,
        values: npt.NDArray[np.float32],
        picture: QImage,
        table: Table,
        ends: Sequence[str],
    ) -> None:
        """Show values of shape (height, width), the picture of them, and the scale.

        Parameters
        ----------
        values : ndarray of shape (height, width), dtype=float32
        picture : QImage
            A pixel a value.
        table : tuple of int
            The colours of the scale, from its beginning to its end.
        ends : sequence of str
            Two or three texts below it.
        """
        self._values, self._picture, self._ends = values, picture, tuple(ends)
        self._bar = colored(np.arange(256, dtype=np.uint8)[None], table)
        low, high = float(values.min()), float(values.max())
        self.setAccessibleDescription(
            self.tr("from {0} to {1}").format(number_text(low), number_text(high))
        )
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._values, self._picture, self._ends = None, QImage(), ()
        self.setAccessibleDescription("")
        self.update()

    def map_area(self) -> QRectF:
        """Return where the map is."""
        if self._values is None:
            rows, columns = 1, 1
        else:
            rows, columns = self._values.shape
        below = _BAR_GAP + _BAR_HEIGHT + _TEXT_GAP + self.fontMetrics().height()
        room_width = min(float(self.width()), _MOST)
        room_height = min(max(_LEAST, self.height() - below), _MOST)
        scale = min(room_width / columns, room_height / rows)
        whole = float(int(scale)) if scale >= 1 else scale
        return QRectF(0, 0, whole * columns, whole * rows)

    def sizeHint(self) -> QSize:
        """Return a size at which single pixels can be told apart."""
        return QSize(260, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map and its scale."""
        if self._values is None:
            return
        painter = QPainter(self)
        area = self.map_area()
        painter.drawImage(area, self._picture)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        width = max(area.width(), min(float(self.width()), 120.0))
        bar = QRectF(0, area.bottom() + _BAR_GAP, width, _BAR_HEIGHT)
        painter.drawImage(bar, self._bar)
        texts = QRectF(0, bar.bottom() + _TEXT_GAP, width, self.fontMetrics().height())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        self._paint_ends(painter, texts)
        painter.end()

    def _paint_ends(self, painter: QPainter, room: QRectF) -> None:
        first, *middle, last = self._ends
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, first)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, last)
        needed = sum(self.fontMetrics().horizontalAdvance(f"{text}  ") for text in self._ends)
        if middle and needed <= room.width():
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, middle[0])

    def event(self, event: QEvent) -> bool:
        """Say the value below the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._said_at(event), self)
            return True
        return super().event(event)

    def _said_at(self, event: QHelpEvent) -> str:
        area = self.map_area()
        if self._values is None or not area.contains(event.pos()):
            return ""
        rows, columns = self._values.shape
        row = min(rows - 1, int(event.pos().y() / area.height() * rows))
        column = min(columns - 1, int(event.pos().x() / area.width() * columns))
        value = number_text(float(self._values[row, column]))
        return self.tr("row {0}, column {1}: {2}").format(row, column, value)


def number_text(value: float) -> str:
    """Return a number with three digits, as people write it."""
    text = f"{value:.3g}"
    return text.replace("-", "−")
