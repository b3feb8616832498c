"""Samples in rows: the original, a gap, and its variants, as an augmentation made them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.colors import grey_image
from trainer.ink.render import Images

_GAP = 2
_ORIGINAL_GAP = 10
_LARGEST_SIDE = 56
_READABLE_SIDE = 40
"""Where variants in one line would be smaller, they take several."""

_MOST_LINES = 4


class VariantRows(QWidget):
    """One row for each sample, as large as the width allows.

    Parameters
    ----------
    columns : int
        Variants in each row.

    Signals
    -------
    activated : int
        The row whose original was clicked.
    """

    activated = Signal(int)

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._originals: tuple[QImage, ...] = ()
        self._variants: tuple[tuple[QImage, ...], ...] = ()
        self.setAccessibleName(self.tr("Samples and their variants"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def variants(self) -> tuple[tuple[QImage, ...], ...]:
        """The variants that are shown, row by row."""
        return self._variants

    def show_rows(self, originals: Images | None, variants: Images | None) -> None:
        """Show images of shape (n, h, w) and variants of shape (n, columns, h, w), or nothing."""
        nothing = originals is None or variants is None
        self._originals = () if nothing else tuple(map(grey_image, np.asarray(originals)))
        rows = () if nothing else np.asarray(variants)
        self._variants = tuple(tuple(map(grey_image, row)) for row in rows)
        self._fit_height()
        self.update()

    def original_rect(self, row: int) -> QRect:
        """Return where an original is, in this widget."""
        side, across = self._sizes()
        return QRect(0, row * self._lines(across) * (side + _GAP), side, side)

    def variant_rect(self, row: int, column: int) -> QRect:
        """Return where a variant is, in this widget."""
        side, across = self._sizes()
        line, place = divmod(column, across)
        area = self.original_rect(row)
        left = side + _ORIGINAL_GAP + place * (side + _GAP)
        return QRect(left, area.top() + line * (side + _GAP), side, side)

    def sizeHint(self) -> QSize:
        """Return the size of readable rows."""
        return QSize(320, self.height())

    def _sizes(self) -> tuple[int, int]:
        """Return the side of an image, and how many variants stand in a line."""
        side, across = 16, self._columns
        for lines in range(1, _MOST_LINES + 1):
            across = -(-self._columns // lines)
            room = self.width() - _ORIGINAL_GAP - (across - 1) * _GAP
            side = max(16, min(_LARGEST_SIDE, room // (across + 1)))
            if side >= _READABLE_SIDE:
                break
        return side, across

    def _lines(self, across: int) -> int:
        return -(-self._columns // across)

    def _fit_height(self) -> None:
        side, across = self._sizes()
        lines = max(1, len(self._originals)) * self._lines(across)
        self.setFixedHeight(lines * (side + _GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the rows need in this width."""
        self._fit_height()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        for row, (original, variants) in enumerate(
            zip(self._originals, self._variants, strict=True)
        ):
            area = self.original_rect(row)
            painter.drawImage(area, original)
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            for column, variant in enumerate(variants):
                painter.drawImage(self.variant_rect(row, column), variant)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the sample whose original is below the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            for row in range(len(self._originals)):
                if self.original_rect(row).contains(event.position().toPoint()):
                    self.activated.emit(row)
