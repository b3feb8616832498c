"""A matrix of values as a picture above its colour scale; the tool tip shows a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.images import Table, colored
from emnist_desktop.ui.item_view import TipView

Values = npt.NDArray[np.floating[Any]]

_BAR_HEIGHT = 10.0
_BAR_GAP = 6.0
_TEXT_GAP = 2.0


class ValueMap(TipView):
    """A picture of values; a subclass defines its area and number format.

    Parameters
    ----------
    name : str
        Accessible name.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: Values | None = None
        self.picture = QImage()
        """As it is painted, a pixel a value."""
        self._scale = QImage()
        self.ends: Sequence[str] = ()
        """Labels of the scale: at its beginning, perhaps in the middle, at its end."""
        self.setAccessibleName(name)
        self.setMouseTracking(True)

    def map_area(self) -> QRectF:
        """Return where the map is."""
        raise NotImplementedError

    def number(self, value: float) -> str:
        """Return a value as it is written."""
        raise NotImplementedError

    def show_map(self, values: Values, picture: QImage, table: Table, ends: Sequence[str]) -> None:
        """Show values of shape (height, width) as a picture of them, a pixel a value.

        The scale has the colours of `table`; `ends` are two or three texts below it.
        """
        self.values, self.picture, self.ends = values, picture, tuple(ends)
        self._scale = colored(np.arange(256, dtype=np.uint8)[None], table)
        low, high = (self.number(float(end)) for end in (values.min(), values.max()))
        self.setAccessibleDescription(self.tr("from {0} to {1}").format(low, high))
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.values, self.picture, self.ends = None, QImage(), ()
        self.setAccessibleDescription("")
        self.update()

    def tip_at(self, place: QPointF) -> str:
        """Return the value at a place, and its row and column."""
        area = self.map_area()
        if self.values is None or not area.contains(place):
            return ""
        rows, columns = self.values.shape
        row = min(rows - 1, int((place.y() - area.top()) / area.height() * rows))
        column = min(columns - 1, int((place.x() - area.left()) / area.width() * columns))
        value = self.number(float(self.values[row, column]))
        return self.tr("row {0}, column {1}: {2}").format(row, column, value)

    def paint_scale(self, painter: QPainter, least_width: float) -> None:
        """Paint the colour scale below the map, with its labels."""
        area = self.map_area()
        width = max(area.width(), least_width)
        bar = QRectF(area.left(), area.bottom() + _BAR_GAP, width, _BAR_HEIGHT)
        painter.drawImage(bar, self._scale)
        text = self.fontMetrics()
        room = QRectF(bar.left(), bar.bottom() + _TEXT_GAP, width, text.height())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        first, *middle, last = self.ends
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, first)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, last)
        needed = sum(text.horizontalAdvance(f"{end}  ") for end in self.ends)
        if middle and needed <= width:
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, middle[0])

    def scale_height(self) -> float:
        """Return the room that the scale takes below the map."""
        return _BAR_GAP + _BAR_HEIGHT + _TEXT_GAP + self.fontMetrics().height()
