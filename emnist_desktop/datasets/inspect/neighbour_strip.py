"""A few images in a row, each with its character: click one to see it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.datasets.jobs import Neighbour
from emnist_desktop.ui.image_grid import Tile, TileGrid

_SIDE = 40


class NeighbourStrip(TileGrid):
    """Neighbours, the nearest first, in as many lines as they need.

    Signals
    -------
    clicked : int
        Index of the sample that was clicked, or chosen with Enter.
    """

    gap = 5
    clicked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(_SIDE, growth=1.0, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._neighbours: tuple[Neighbour, ...] = ()
        self.activated.connect(self._on_activated)

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """What is shown."""
        return self._neighbours

    def show_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        """Show these."""
        self._neighbours = tuple(neighbours)
        self.cursor_item = 0
        self.set_tiles([Tile((each.image,), each.name, self._facts(each)) for each in neighbours])

    def paint_cell(self, painter: QPainter, number: int, area: QRect) -> None:
        """Paint a neighbour, smoothly: it is small."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint_cell(painter, number, area)

    def _facts(self, neighbour: Neighbour) -> str:
        text = self.tr("{0} · number {1:,} · distance {2:,.0f}")
        return text.format(neighbour.name, neighbour.index, neighbour.distance)

    @Slot(int)
    def _on_activated(self, number: int) -> None:
        self.clicked.emit(self._neighbours[number].index)
