"""Tiles of the classes: their mean images, or a random sample of each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox

from emnist_desktop.datasets.analysis.analysis_view import DatasetSelection, TilesView
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.grids.image_grid import Tile
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.analysis.statistics import Indices, PixelStatistics, pick_class_samples
from trainer.ink.render import Images


class ClassMeans(TilesView):
    """Tiles of mean images, or of standard deviations; a click shows the class."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles.setAccessibleName(self.tr("Mean images of the classes"))
        self.kind = QComboBox()
        self.kind.addItems([self.tr("Mean"), self.tr("Standard deviation")])
        self.kind.setAccessibleName(self.tr("Which picture of each class"))
        self.kind.setToolTip(self.tr("Which picture of each class"))
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.controls.addWidget(self.kind)

    def work(self, shown: DatasetSelection) -> Work:
        """Average."""
        return shown.statistics

    @Slot()
    def _on_kind_changed(self) -> None:
        if self.shown is not None and self.result is not None:
            self.show_result(self.shown, self.result)

    def show_result(self, shown: DatasetSelection, result: PixelStatistics) -> None:
        """Show the statistics."""
        if self.kind.currentIndex() == 0:
            planes = result.class_means
            self.sentence.setText(
                self.tr("What all samples of a class have in common; blurred where they differ.")
            )
        else:
            # At most half the range can be deviated: twice as bright shows it in full.
            planes = 2.0 * result.class_deviations
            self.sentence.setText(
                self.tr("Bright where the samples of a class differ most: the ways to write it.")
            )
        images = np.clip(np.rint(planes), 0, 255).astype(np.uint8)
        tiles = []
        for label, name in enumerate(shown.names):
            count = int(result.counts[label])
            tooltip = self.tr("{0}: {1:,} samples. Click to see them in the grid.")
            tiles.append(Tile((images[label],), name, fill_in(tooltip, name, count)))
        self.tiles.set_tiles(tiles)

    @Slot(int)
    def _on_tile_activated(self, label: int) -> None:
        shown = self.shown
        if shown is not None:
            name = shown.names[label]
            self.filter_requested.emit(shown.of_class(label), self.tr("Class {0}").format(name))


class ClassSamples(TilesView):
    """Tiles of single samples; a click goes to the sample."""

    def __init__(self) -> None:
        super().__init__()
        self.tiles.setAccessibleName(self.tr("One sample of every class"))
        self._draw = 0
        self.again = push_button(
            self.tr("Other samples"), self.tr("Draw another sample of every class")
        )
        self.again.clicked.connect(self._on_again_clicked)
        self.controls.addWidget(self.again)

    def key(self, shown: DatasetSelection) -> object:
        """Return what the draw depends on."""
        return shown, self._draw

    def work(self, shown: DatasetSelection) -> Work:
        """Draw."""
        seed = self._draw

        def draw(context: Context) -> tuple[Indices, Images]:
            context.check()
            data = shown.data
            generator = np.random.default_rng(seed)
            indices = pick_class_samples(data.labels, len(shown.alphabet), generator, shown.indices)
            present = indices[indices >= 0]
            return present, np.asarray(data.images[present])

        return draw

    def clear_result(self) -> None:
        """Show no tiles."""
        super().clear_result()
        self.sentence.hide()

    def show_result(self, shown: DatasetSelection, result: tuple[Indices, Images]) -> None:
        """Show the samples."""
        tiles = []
        for index, image in zip(result[0].tolist(), result[1], strict=True):
            name = shown.names[int(shown.data.labels[index])]
            tooltip = fill_in(self.tr("{0}: sample {1:,}. Click to see it."), name, index)
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
        if self.shown is not None and self.result is not None:
            self.sample_requested.emit(self.shown.split, int(self.result[0][number]))
