"""The mean image of every class, and where its samples differ most."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, DatasetView
from emnist_desktop.ui.image_grid import Tile, TileGrid
from emnist_desktop.ui.item_view import scrolled
from emnist_desktop.ui.style import wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.statistics import PixelStatistics, pixel_statistics


class ClassMeans(DatasetView):
    """Tiles of mean images, or of standard deviations; a click shows the class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.addItem(self.tr("Mean"))
        self.kind.addItem(self.tr("Standard deviation"))
        self.kind.setAccessibleName(self.tr("Which picture of each class"))
        self.kind.setToolTip(self.tr("Which picture of each class"))
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.sentence = wrapped_label()
        self.tiles = TileGrid()
        self.tiles.setAccessibleName(self.tr("Mean images of the classes"))
        self.tiles.activated.connect(self._on_tile_activated)
        self.controls.addWidget(self.kind)
        self.body.addWidget(self.sentence)
        self.body.addWidget(scrolled(self.tiles), 1)
        self._statistics: PixelStatistics | None = None

    def work(self, shown: DatasetSelection) -> Work:
        """Average."""

        def average(context: Context) -> PixelStatistics:
            data = shown.data
            n_classes = len(shown.alphabet)
            return pixel_statistics(
                data.images, data.labels, n_classes, context.report, context.check, shown.indices
            )

        return average

    def clear_result(self) -> None:
        """Show no tiles."""
        self._statistics = None
        self.sentence.setText("")
        self.tiles.set_tiles(())

    def show_result(self, shown: DatasetSelection, result: Any) -> None:
        """Show the statistics."""
        self._statistics = result
        self._show_tiles()

    def _show_tiles(self) -> None:
        shown, statistics = self.shown, self._statistics
        if shown is None or statistics is None:
            return
        if self.kind.currentIndex() == 0:
            planes = statistics.class_means
            self.sentence.setText(
                self.tr("What all samples of a class have in common; blurred where they differ.")
            )
        else:
            # At most half the range can be deviated: twice as bright shows it in full.
            planes = 2.0 * statistics.class_deviations
            self.sentence.setText(
                self.tr("Bright where the samples of a class differ most: the ways to write it.")
            )
        images = np.clip(np.rint(planes), 0, 255).astype(np.uint8)
        tiles = []
        for label, name in enumerate(shown.names):
            count = int(statistics.counts[label])
            tooltip = self.tr("{0}: {1:,} samples. Click to see them in the grid.")
            tiles.append(Tile((images[label],), name, tooltip.format(name, count)))
        self.tiles.set_tiles(tiles)

    @Slot()
    def _on_kind_changed(self) -> None:
        self._show_tiles()

    @Slot(int)
    def _on_tile_activated(self, label: int) -> None:
        shown = self.shown
        if shown is not None:
            name = shown.names[label]
            self.filter_requested.emit(shown.of_class(label), self.tr("Class {0}").format(name))
