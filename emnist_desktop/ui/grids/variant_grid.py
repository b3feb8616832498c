"""Samples in rows: the original, a gap, and its variants, as an augmentation made them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.images import grey_image
from emnist_desktop.ui.item_view import GridView
from trainer.ink.render import Images

_ORIGINAL_GAP = 10
_LARGEST_SIDE = 56
_READABLE_SIDE = 40
"""Where variants in one line would be smaller, they take several."""

_MOST_LINES = 4


class VariantRows(GridView):
    """One row for each sample, as large as the width allows; its items are the originals.

    Parameters
    ----------
    n_variants : int
        Variants in each row.
    """

    gap = 2

    def __init__(self, n_variants: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._n_variants = n_variants
        self._originals: tuple[QImage, ...] = ()
        self.variants: tuple[tuple[QImage, ...], ...] = ()
        """The variants that are shown, row by row."""
        self.setAccessibleName(self.tr("Samples and their variants"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, originals: Images | None, variants: Images | None) -> None:
        """Show images of shape (n, h, w) and variants of shape (n, n_variants, h, w), or none."""
        is_empty = originals is None or variants is None
        self._originals = () if is_empty else tuple(map(grey_image, np.asarray(originals)))
        rows = () if is_empty else np.asarray(variants)
        self.variants = tuple(tuple(map(grey_image, row)) for row in rows)
        self.items_changed()

    def original_rect(self, row: int) -> QRect:
        """Return where an original is, in this widget."""
        side, _ = self._sizes()
        return QRect(self.cell_rect(row).topLeft(), QSize(side, side))

    def variant_rect(self, row: int, index: int) -> QRect:
        """Return where a variant is, in this widget."""
        side, per_line = self._sizes()
        line, column = divmod(index, per_line)
        step = side + self.gap
        return self.original_rect(row).translated(side + _ORIGINAL_GAP + column * step, line * step)

    def _sizes(self) -> tuple[int, int]:
        """Return the side of an image, and the variants in a line."""
        side, per_line = 16, self._n_variants
        for lines in range(1, _MOST_LINES + 1):
            per_line = -(-self._n_variants // lines)
            room = self.width() - _ORIGINAL_GAP - (per_line - 1) * self.gap
            side = max(16, min(_LARGEST_SIDE, room // (per_line + 1)))
            if side >= _READABLE_SIDE:
                break
        return side, per_line

    @property
    def count(self) -> int:
        """How many originals there are."""
        return len(self._originals)

    @property
    def n_cells(self) -> int:
        """How many rows have room: one where there is no sample yet."""
        return max(1, self.count)

    def columns(self) -> int:
        """Return 1: a cell is a whole row."""
        return 1

    def cell_size(self) -> QSize:
        """Return the size of a row."""
        side, per_line = self._sizes()
        lines = -(-self._n_variants // per_line)
        return QSize(self.width(), lines * (side + self.gap) - self.gap)

    def item_at(self, place: QPointF) -> int:
        """Return the row whose original is at a place."""
        row = self.cell_at(place)
        return row if self.original_rect(row).contains(place.toPoint()) else -1

    def item_text(self, number: int) -> str:
        """Return what can be done with an original."""
        return self.toolTip()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, self.minimumHeight())

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a row."""
        if number >= self.count:
            return
        original = self.original_rect(number)
        painter.drawImage(original, self._originals[number])
        painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRect(original.adjusted(0, 0, -1, -1))
        for index, variant in enumerate(self.variants[number]):
            painter.drawImage(self.variant_rect(number, index), variant)

    def paint_cursor(self, painter: QPainter, area: QRect) -> None:
        """Frame the original at which the keyboard is."""
        if self.count:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
            painter.drawRect(self.original_rect(self.cursor_item).adjusted(1, 1, -2, -2))
