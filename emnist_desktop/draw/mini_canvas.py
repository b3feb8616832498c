"""A small canvas for other tabs: the drawing of the Draw tab, to be changed there as well."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from emnist_desktop.draw.canvas import Canvas
from trainer.ink.strokes import Ink

_SIDE = 150
_PEN_WIDTH = 6.0
_FILLED = 0.7
"""Share of the side that a drawing taken over may fill."""


class MiniCanvas(Canvas):
    """A square to draw in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIDE, _SIDE)
        self.set_pen_width(_PEN_WIDTH)
        self.setToolTip(self.tr("Draw here: everything beside it follows"))

    def take_over(self, ink: Ink) -> None:
        """Show a drawing of another canvas, brought to the middle and made small enough."""
        self.set_ink(fitted(ink, _SIDE))

    def paint_empty(self, painter: QPainter) -> None:
        """Leave an empty sheet white: there is no room for words."""


def fitted(ink: Ink, side: float) -> Ink:
    """Return a drawing moved into the middle of a square, and shrunk if it is too large."""
    points, _ = ink.flat()
    if not len(points):
        return ink
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max(float((high - low).max()), 1.0)
    factor = min(1.0, _FILLED * side / extent)
    middle = (low + high) / 2
    return Ink(
        tuple(
            replace(stroke, points=(stroke.points - middle) * factor + side / 2)
            for stroke in ink.strokes
        )
    )
