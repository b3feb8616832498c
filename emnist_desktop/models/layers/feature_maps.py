"""The maps of each layer: layers on the left, the maps of the chosen one on the right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from emnist_desktop.models.layers.large_map import LargeMap, number_text, range_texts
from emnist_desktop.models.layers.result import InspectionResult
from emnist_desktop.models.layers.view import InspectionRequest, LayersView
from emnist_desktop.ui.controls import check_box, plain_label, push_button
from emnist_desktop.ui.grids.image_grid import MapGrid
from emnist_desktop.ui.images import colored, warm_table
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, splitter, vbox
from emnist_desktop.ui.style import SPACING
from trainer.explain.base import Layer
from trainer.explain.client import OpenedModel, Pictures

_LIST_WIDTH = 160
_BAR_SIZE = 64, 10
"""Of the scale's colours, in pixels."""

_NAME = Qt.ItemDataRole.UserRole
_PREFERRED = "conv"
"""The layer that is shown first is one whose kind begins so."""


class FeatureMapsView(LayersView):
    """What each layer makes of the picture.

    Attributes
    ----------
    pictures : Pictures or None
        The maps that are shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("layers", parent)
        self.layers = QListWidget()
        self.layers.setAccessibleName(self.tr("Layers"))
        self.layers.setSpacing(2)
        self.layers.setToolTip(self.tr("In the order in which they compute"))
        self.caption = plain_label()
        self.one_scale = check_box(
            self.tr("One scale for all maps"),
            self.tr("Off: each map from its own lowest to its own highest value"),
        )
        self.tiles = MapGrid()
        self.tiles.setAccessibleName(self.tr("Maps of the layer"))
        self.large = _EnlargedMap()
        self.right = QStackedWidget()
        self.pictures: Pictures | None = None
        self._enlarged = 0
        self._lay_out()
        self.layers.currentItemChanged.connect(self._on_layer_changed)
        self.one_scale.toggled.connect(self._show_pictures)
        self.tiles.activated.connect(self._on_tile_activated)
        self.large.left.connect(self._on_large_left)
        self.large.stepped.connect(self._on_large_stepped)

    @property
    def layer(self) -> str:
        """The name of the chosen layer; empty without one."""
        item = self.layers.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    def requests(self) -> Sequence[InspectionRequest]:
        """Request the chosen layer."""
        return [{"layers": [self.layer]}] if self.layer else []

    def show_model(self, model: OpenedModel | None) -> None:
        """List the layers of another model; a layer of the same name stays chosen."""
        before = self.layer
        super().show_model(model)
        self.pictures = None
        self._show_pictures()
        rows = [row for row in model.layers if row.is_shown] if model is not None else []
        with QSignalBlocker(self.layers):
            self.layers.clear()
            for row in rows:
                item = QListWidgetItem(f"{row.name}\n{shape_text(row.shape)}")
                item.setData(_NAME, row.name)
                item.setToolTip(self.tr("{0}: {1}").format(row.kind, shape_text(row.shape)))
                self.layers.addItem(item)
            self.layers.setCurrentRow(_first(rows, before))

    def show_inspection(self, inspection: InspectionResult) -> None:
        """Show the maps, if they are those of the chosen layer."""
        for pictures in inspection.layers:
            if pictures.name == self.layer:
                self.pictures = pictures
                self._show_pictures()

    def _lay_out(self) -> None:
        self.right.addWidget(scroll_area(self.tiles))
        self.right.addWidget(self.large)
        column = vbox(self.caption, self._scale_row(), (self.right, 1), spacing=SPACING // 2)
        self.layers.setMinimumWidth(_LIST_WIDTH // 2)
        widths = (_LIST_WIDTH, 3 * _LIST_WIDTH)
        self.splitter = splitter(
            Qt.Orientation.Horizontal, self.layers, sheet(column), sizes=widths
        )
        self.splitter.setStretchFactor(1, 1)
        self.body.addWidget(self.splitter, 1)

    def _scale_row(self) -> QHBoxLayout:
        """Return the choice of the scale, and what its colours mean."""
        levels = np.arange(256, dtype=np.uint8)[None]
        bar = QLabel()
        bar.setPixmap(QPixmap.fromImage(colored(levels, warm_table()).scaled(*_BAR_SIZE)))
        return hbox(
            self.one_scale,
            1,
            QLabel(self.tr("low")),
            bar,
            QLabel(self.tr("high")),
            spacing=SPACING // 2,
        )

    @Slot()
    def _show_pictures(self) -> None:
        pictures = self.pictures
        if pictures is None:
            self.caption.setText("")
            self.tiles.clear()
            self.large.map.clear()
            self.right.setCurrentIndex(0)
            return
        self.one_scale.setVisible(not pictures.is_flat and len(pictures.levels) > 1)
        if pictures.is_flat:
            self._show_units(pictures)
            self.right.setCurrentIndex(0)
            return
        n, height, width = pictures.levels.shape
        text = self.tr("{0}: {1} maps of {2}×{3}, from {4} to {5}")
        if n == 1:
            text = self.tr("{0}: {1} map of {2}×{3}, from {4} to {5}")
        ends = range_texts(pictures)
        self.caption.setText(text.format(pictures.name, n, height, width, *ends))
        self.tiles.show_maps(self._levels(pictures), self._map_tip)
        if self.right.currentIndex() == 1:
            self._show_large()

    def _levels(self, pictures: Pictures) -> npt.NDArray[np.uint8]:
        if not self.one_scale.isChecked():
            return pictures.levels
        low, high = float(pictures.lows.min()), float(pictures.highs.max())
        shares = (pictures.values() - low) / max(high - low, 1e-12)
        levels: npt.NDArray[np.uint8] = np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8)
        return levels

    def _show_units(self, pictures: Pictures) -> None:
        values = pictures.values().reshape(-1)
        n_awake = int((values > float(pictures.lows[0])).sum())
        text = self.tr("{0}: {1} units, from {2} to {3}; {4} above the lowest value")
        ends = range_texts(pictures, 0)
        self.caption.setText(text.format(pictures.name, len(values), *ends, n_awake))
        self.tiles.show_units(
            pictures.levels.reshape(-1), self._unit_tip, self._unit_names(pictures)
        )

    def _unit_names(self, pictures: Pictures) -> Sequence[str]:
        """Return the characters, where the units of the last layer stand for them."""
        alphabet = self.model.alphabet if self.model is not None else ()
        is_last = self.layers.currentRow() == self.layers.count() - 1
        return alphabet if is_last and len(alphabet) == pictures.levels.size else ()

    def _map_tip(self, number: int) -> str:
        if self.pictures is None:
            return ""
        text = self.tr("map {0}: {1} to {2}")
        return text.format(number + 1, *range_texts(self.pictures, number))

    def _unit_tip(self, number: int) -> str:
        if self.pictures is None:
            return ""
        names = self._unit_names(self.pictures)
        value = float(self.pictures.values().reshape(-1)[number])
        name = names[number] if names else number + 1
        return self.tr("unit {0}: {1}").format(name, number_text(value))

    def _show_large(self) -> None:
        pictures = self.pictures
        if pictures is None or pictures.is_flat:
            return
        number = self._enlarged = min(self._enlarged, len(pictures.levels) - 1)
        levels = self._levels(pictures)[number]
        text = self.tr("Map {0} of {1}").format(number + 1, len(pictures.levels))
        self.large.title.setText(text)
        self.large.map.show_map(
            pictures.values()[number],
            colored(levels, warm_table()),
            warm_table(),
            range_texts(pictures, None if self.one_scale.isChecked() else number),
        )

    @Slot(QListWidgetItem, QListWidgetItem)
    def _on_layer_changed(self, item: QListWidgetItem | None, before: object) -> None:
        self.pictures = None
        self._show_pictures()
        if item is not None:
            self.request_changed.emit()

    @Slot(int)
    def _on_tile_activated(self, number: int) -> None:
        self._enlarged = number
        self.right.setCurrentIndex(1)
        self._show_large()
        self.large.back.setFocus()

    @Slot()
    def _on_large_left(self) -> None:
        self.right.setCurrentIndex(0)
        self.tiles.setFocus()

    @Slot(int)
    def _on_large_stepped(self, step: int) -> None:
        if self.pictures is not None:
            self._enlarged = (self._enlarged + step) % len(self.pictures.levels)
            self._show_large()


class _EnlargedMap(QWidget):
    """One map, large, with the way back and to its neighbours; it stays live.

    Signals
    -------
    left
        All maps shall be shown again.
    stepped : int
        Another map shall be shown: the one before, −1, or the one after, 1.
    """

    left = Signal()
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = push_button(
            self.tr("All maps"), self.tr("Show all maps of the layer again (Esc)")
        )
        self.before = push_button(self.tr("Previous"), self.tr("The map before (Page up)"))
        self.after = push_button(self.tr("Next"), self.tr("The map after (Page down)"))
        self.title = QLabel()
        self.map = LargeMap(self.tr("One map of the layer"))
        row = hbox(self.back, self.before, self.after, (self.title, 1), spacing=SPACING // 2)
        self.setLayout(vbox(row, (self.map, 1)))
        self.back.clicked.connect(self.left)
        self.before.clicked.connect(self._on_before_clicked)
        self.after.clicked.connect(self._on_after_clicked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Escape, to the neighbours with page up and down."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_before_clicked(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _on_after_clicked(self) -> None:
        self.stepped.emit(1)


def shape_text(shape: Sequence[int]) -> str:
    """Return the shape of a layer's output."""
    return "×".join(map(str, shape)) or "–"


def _first(rows: Sequence[Layer], before: str) -> int:
    """Return which layer to show: the one of before, else the first convolution."""
    names = [row.name for row in rows]
    if before in names:
        return names.index(before)
    kinds = [row.kind.lower().startswith(_PREFERRED) for row in rows]
    return kinds.index(True) if True in kinds else min(0, len(rows) - 1)
