"""What is drawn, with its history: strokes, the stroke under way, undo and redo.

Knows no widget and no clock; the canvas tells it where the pen is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from emnist_desktop.draw.eraser import Position, erased
from trainer.ink.strokes import Ink, Stroke

Strokes = tuple[Stroke, ...]


class Sample(NamedTuple):
    """Where the pen was: position in pixels, pressure from 0 to 1, seconds."""

    x: float
    y: float
    pressure: float
    time: float


class Drawing:
    """Strokes that are never changed, only replaced, so that every step can be taken back."""

    def __init__(self) -> None:
        self._strokes: Strokes = ()
        self._undo: list[Strokes] = []
        self._redo: list[Strokes] = []
        self._path: list[Sample] = []
        self._before_erasing: Strokes | None = None
        self._eraser_at: Position = (0.0, 0.0)

    @property
    def strokes(self) -> Strokes:
        """The finished strokes."""
        return self._strokes

    @property
    def path(self) -> list[Sample]:
        """The samples of the stroke under way; empty when the pen is up."""
        return self._path

    @property
    def is_erasing(self) -> bool:
        """Whether the eraser is on the sheet."""
        return self._before_erasing is not None

    @property
    def is_busy(self) -> bool:
        """Whether pen or eraser is on the sheet."""
        return bool(self._path) or self.is_erasing

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self._strokes and not self._path

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._redo)

    def ink(self) -> Ink:
        """Return what is drawn, the stroke under way included."""
        return Ink((*self._strokes, _stroke(self._path)) if self._path else self._strokes)

    # The pen

    def begin(self, sample: Sample) -> None:
        """Put the pen down."""
        self._path = [sample]

    def extend(self, sample: Sample) -> bool:
        """Move the pen; return False if it has not moved."""
        if not self._path or self._path[-1][:2] == sample[:2]:
            return False
        self._path.append(sample)
        return True

    def finish(self) -> None:
        """Lift the pen: the stroke is one step of the history."""
        stroke = _stroke(self._path)
        self._path = []
        self._replace((*self._strokes, stroke))

    # The eraser

    def begin_erasing(self, position: Position, radius: float) -> bool:
        """Put the eraser down; return whether it took something."""
        self._before_erasing = self._strokes
        self._eraser_at = position
        return self.erase_to(position, radius)

    def erase_to(self, position: Position, radius: float) -> bool:
        """Move the eraser; return whether it took something."""
        left = erased(self._strokes, self._eraser_at, position, radius)
        self._eraser_at = position
        if left is self._strokes:
            return False
        self._strokes = left
        return True

    def finish_erasing(self) -> bool:
        """Lift the eraser: all that it took is one step; return whether it took something."""
        before, self._before_erasing = self._before_erasing, None
        if before is None or before is self._strokes:
            return False
        self._undo.append(before)
        self._redo.clear()
        return True

    def abandon(self) -> None:
        """Forget what pen or eraser did since it touched the sheet."""
        self._path = []
        if self._before_erasing is not None:
            self._strokes, self._before_erasing = self._before_erasing, None

    # History

    def replace(self, strokes: Strokes) -> None:
        """Show other strokes; this is one step."""
        self.abandon()
        self._replace(strokes)

    def undo(self) -> bool:
        """Take the last step back; return False if there is none or the pen is down."""
        if not self._undo or self.is_busy:
            return False
        self._redo.append(self._strokes)
        self._strokes = self._undo.pop()
        return True

    def redo(self) -> bool:
        """Take the step again; return False if there is none or the pen is down."""
        if not self._redo or self.is_busy:
            return False
        self._undo.append(self._strokes)
        self._strokes = self._redo.pop()
        return True

    def _replace(self, strokes: Strokes) -> None:
        self._undo.append(self._strokes)
        self._redo.clear()
        self._strokes = strokes


def _stroke(path: list[Sample]) -> Stroke:
    samples = np.array(path, dtype=np.float32)
    return Stroke(samples[:, :2].copy(), samples[:, 2].copy(), samples[:, 3].copy())
