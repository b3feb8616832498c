"""One sample of every class, at random, as often as one likes."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetView, Shown
from emnist_desktop.ui.image_grid import Tile, TileGrid
from emnist_desktop.ui.item_view import scrolled
from emnist_desktop.ui.style import wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.statistics import Indices, pick_class_samples
from trainer.ink.render import Images


class OneOfEach(DatasetView):
    """Tiles of single samples; a click goes to the sample."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw = 0
        self._places: Indices = np.empty(0, dtype=np.int64)
        self.again = QPushButton(self.tr("Other samples"))
        self.again.setToolTip(self.tr("Draw another sample of every class"))
        self.again.clicked.connect(self._on_again_clicked)
        self.sentence = wrapped_label()
        self.tiles = TileGrid()
        self.tiles.setAccessibleName(self.tr("One sample of every class"))
        self.tiles.activated.connect(self._on_tile_activated)
        self.controls.addWidget(self.again)
        self.body.addWidget(self.sentence)
        self.body.addWidget(scrolled(self.tiles), 1)

    def key(self, shown: Shown) -> object:
        """Return what the draw depends on."""
        return shown, self._draw

    def work(self, shown: Shown) -> Work:
        """Draw."""
        seed = self._draw

        def draw(context: Context) -> tuple[Indices, Images]:
            context.check()
            data = shown.data
            generator = np.random.default_rng(seed)
            places = pick_class_samples(data.labels, len(shown.alphabet), generator, shown.indices)
            present = places[places >= 0]
            return present, np.asarray(data.images[present])

        return draw

    def clear_result(self) -> None:
        """Show no tiles."""
        self._places = np.empty(0, dtype=np.int64)
        self.sentence.hide()
        self.tiles.set_tiles(())

    def show_result(self, shown: Shown, result: Any) -> None:
        """Show the samples."""
        self._places, images = result
        tiles = []
        for place, image in zip(self._places.tolist(), images, strict=True):
            name = shown.names[int(shown.data.labels[place])]
            tooltip = self.tr("{0}: sample {1:,}. Click to see it.").format(name, place)
            tiles.append(Tile((image,), name, tooltip))
        missing = len(shown.alphabet) - len(tiles)
        self.sentence.setVisible(missing > 0)
        self.sentence.setText(self.tr("Classes without a sample here: {0}.").format(missing))
        self.tiles.set_tiles(tiles)

    @Slot()
    def _on_again_clicked(self) -> None:
        self._draw += 1
        self.refresh()

    @Slot(int)
    def _on_tile_activated(self, number: int) -> None:
        if self.shown is not None:
            self.sample_requested.emit(self.shown.split, int(self._places[number]))
