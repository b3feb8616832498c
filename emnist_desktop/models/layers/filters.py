"""The weights of the first layer, or how much each pixel counts, as pictures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.layers.large_map import LargeMap, number_text, range_texts
from emnist_desktop.models.layers.view import LayersView
from emnist_desktop.ui.controls import plain_label
from emnist_desktop.ui.grids.image_grid import MapGrid
from emnist_desktop.ui.images import colored, signed_levels, signed_table, warm_table
from emnist_desktop.ui.layout import filled, hbox, scroll_area
from emnist_desktop.ui.style import MARGIN
from trainer.explain.client import OpenedModel, Pictures

_LARGE_WIDTH, _ALONE_WIDTH = 220, 1000
"""Of the picture beside the others, and where there is only one, in pixels."""


class FilterView(LayersView):
    """The filters of the first layer; the one that was clicked is enlarged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("filters", parent)
        self.caption = plain_label()
        self.tiles = MapGrid()
        self.tiles.setAccessibleName(self.tr("Filters"))
        self.large = LargeMap(self.tr("One filter"))
        self.pictures: Pictures | None = None
        self._chosen = 0
        self.area = scroll_area(self.tiles)
        row = hbox((self.area, 1), (self.large, 1), spacing=MARGIN)
        filled(self.body, self.caption, (row, 1))
        self.tiles.activated.connect(self._on_tile_activated)

    def show_model(self, model: OpenedModel | None) -> None:
        """Wait for the filters of another model."""
        super().show_model(model)
        self.pictures = None
        self.caption.setText("")
        self.tiles.clear()
        self.large.clear()

    def show_filters(self, pictures: Pictures) -> None:
        """Show them."""
        self.pictures, self._chosen = pictures, 0
        n, height, width = pictures.levels.shape
        if self._is_signed(pictures):
            text = self.tr("{0}: {1} filters of {2}×{3}. Orange wants ink there, blue wants paper.")
        else:
            text = self.tr("{0}, {2}×{3}. The lighter, the more a pixel counts.")
        self.caption.setText(text.format(error_text(pictures.name), n, height, width))
        ends = range_texts(pictures)
        self.tiles.setAccessibleName(self.tr("Filters, from {0} to {1}").format(*ends))
        levels = np.stack([self._levels(number) for number in range(n)])
        self.tiles.show_maps(levels, self._tip, self._table())
        self.area.setVisible(n > 1)
        self.large.setMaximumWidth(_LARGE_WIDTH if n > 1 else _ALONE_WIDTH)
        self._show_large()

    def _tip(self, number: int) -> str:
        if self.pictures is None:
            return ""
        text = self.tr("filter {0}: {1} to {2}")
        return text.format(number + 1, *range_texts(self.pictures, number))

    def _is_signed(self, pictures: Pictures) -> bool:
        return bool(pictures.lows.min() < 0)

    def _table(self) -> tuple[int, ...]:
        is_signed = self.pictures is not None and self._is_signed(self.pictures)
        return signed_table() if is_signed else warm_table()

    def _levels(self, number: int) -> npt.NDArray[np.uint8]:
        assert self.pictures is not None  # noqa: S101 - asked for while filters are shown
        if not self._is_signed(self.pictures):
            levels: npt.NDArray[np.uint8] = self.pictures.levels[number]
            return levels
        values = self.pictures.values()[number]
        return signed_levels(values, float(np.abs(values).max()))

    def _show_large(self) -> None:
        if self.pictures is None:
            return
        values = self.pictures.values()[self._chosen]
        if self._is_signed(self.pictures):
            greatest = float(np.abs(values).max())
            ends = [number_text(-greatest), "0", number_text(greatest)]
        else:
            ends = [number_text(float(values.min())), number_text(float(values.max()))]
        picture = colored(self._levels(self._chosen), self._table())
        self.large.show_map(values, picture, self._table(), ends)

    @Slot(int)
    def _on_tile_activated(self, number: int) -> None:
        self._chosen = number
        self._show_large()
