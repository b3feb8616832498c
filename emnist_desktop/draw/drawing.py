"""What is drawn, with its history: strokes, the stroke under way, undo and redo.

Knows no widget and no clock; the canvas tells it where the pen is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trainer.ink.strokes import Ink, Stroke

Strokes = tuple[Stroke, ...]
Notes = tuple[Any, ...]
"""What a sheet knows of its strokes besides; nobody changes it."""

_SPACING = 2.0
"""Points are added to long pieces so that they can be cut, in pixels of the window."""

Position = tuple[float, float]


class Sample(NamedTuple):
    """Where the pen was: position in pixels, pressure from 0 to 1, seconds."""

    x: float
    y: float
    pressure: float
    time: float


class Drawing:
    """Strokes that are never changed, only replaced, so that every step can be taken back."""

    def __init__(self) -> None:
        self.strokes: Strokes = ()
        self.notes: Notes = ()
        self._undo: list[tuple[Strokes, Notes]] = []
        self._redo: list[tuple[Strokes, Notes]] = []
        self.path: list[Sample] = []
        """The samples of the stroke under way; empty when the pen is up."""
        self._before_erasing: Strokes | None = None
        self._eraser_at: Position = (0.0, 0.0)

    @property
    def is_erasing(self) -> bool:
        """Whether the eraser is on the sheet."""
        return self._before_erasing is not None

    @property
    def is_busy(self) -> bool:
        """Whether pen or eraser is on the sheet."""
        return bool(self.path) or self.is_erasing

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.strokes and not self.path

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
        return Ink((*self.strokes, _stroke(self.path)) if self.path else self.strokes)

    # The pen

    def begin(self, sample: Sample) -> None:
        """Put the pen down."""
        self.path = [sample]

    def extend(self, sample: Sample) -> bool:
        """Move the pen; return False if it has not moved."""
        if not self.path or self.path[-1][:2] == sample[:2]:
            return False
        self.path.append(sample)
        return True

    def finish(self) -> None:
        """Lift the pen: the stroke is one step of the history."""
        stroke = _stroke(self.path)
        self.path = []
        self._replace((*self.strokes, stroke), self.notes)

    # The eraser

    def begin_erasing(self, position: Position, radius: float) -> bool:
        """Put the eraser down; return whether it took something."""
        self._before_erasing = self.strokes
        self._eraser_at = position
        return self.erase_to(position, radius)

    def erase_to(self, position: Position, radius: float) -> bool:
        """Move the eraser; return whether it took something."""
        left = erased(self.strokes, self._eraser_at, position, radius)
        self._eraser_at = position
        if left is self.strokes:
            return False
        self.strokes = left
        return True

    def finish_erasing(self) -> bool:
        """Lift the eraser: all that it took is one step; return whether it took something."""
        before, self._before_erasing = self._before_erasing, None
        if before is None or before is self.strokes:
            return False
        self._undo.append((before, self.notes))
        self._redo.clear()
        return True

    def abandon(self) -> None:
        """Forget what pen or eraser did since it touched the sheet."""
        self.path = []
        if self._before_erasing is not None:
            self.strokes, self._before_erasing = self._before_erasing, None

    # History

    def replace(self, strokes: Strokes, notes: Notes = (), *, is_step: bool = True) -> None:
        """Show other strokes and notes; this is one step, or belongs to the one before."""
        self.abandon()
        self._replace(strokes, notes, is_step=is_step)

    def forget_steps(self) -> None:
        """Make what is there the beginning: it cannot be taken back."""
        self._undo.clear()
        self._redo.clear()

    def undo(self) -> bool:
        """Take the last step back; return False if there is none or the pen is down."""
        if not self._undo or self.is_busy:
            return False
        self._redo.append((self.strokes, self.notes))
        self.strokes, self.notes = self._undo.pop()
        return True

    def redo(self) -> bool:
        """Take the step again; return False if there is none or the pen is down."""
        if not self._redo or self.is_busy:
            return False
        self._undo.append((self.strokes, self.notes))
        self.strokes, self.notes = self._redo.pop()
        return True

    def _replace(self, strokes: Strokes, notes: Notes, *, is_step: bool = True) -> None:
        if is_step or not self._undo:
            self._undo.append((self.strokes, self.notes))
        self._redo.clear()
        self.strokes, self.notes = strokes, notes


def _stroke(path: list[Sample]) -> Stroke:
    samples = np.array(path, dtype=np.float32)
    return Stroke(samples[:, :2].copy(), samples[:, 2].copy(), samples[:, 3].copy())


def erased(
    strokes: tuple[Stroke, ...], start: Position, end: Position, radius: float
) -> tuple[Stroke, ...]:
    """Return the strokes without what lies within `radius` of the way from `start` to `end`.

    Returns
    -------
    tuple of Stroke
        The very same tuple where nothing is touched.
    """
    left: list[Stroke] = []
    touched = False
    for stroke in strokes:
        if _far(stroke, start, end, radius):
            left.append(stroke)
            continue
        dense = _densified(stroke)
        gone = _distance(dense.points, start, end) <= radius
        if gone.any():
            touched = True
            left.extend(_kept_pieces(dense, ~gone))
        else:
            left.append(stroke)
    return tuple(left) if touched else strokes


def _far(stroke: Stroke, start: Position, end: Position, radius: float) -> bool:
    low = np.minimum(start, end) - radius
    high = np.maximum(start, end) + radius
    points = stroke.points
    return bool((points.max(axis=0) < low).any() or (points.min(axis=0) > high).any())


def _distance(
    points: npt.NDArray[np.float32], start: Position, end: Position
) -> npt.NDArray[np.float64]:
    a = np.array(start)
    way = np.array(end) - a
    along = np.clip((points - a) @ way / max(float(way @ way), 1e-12), 0.0, 1.0)
    difference = points - (a + along[:, None] * way)
    distance: npt.NDArray[np.float64] = np.hypot(difference[:, 0], difference[:, 1])
    return distance


def _densified(stroke: Stroke) -> Stroke:
    points = stroke.points
    if len(points) < 2:
        return stroke
    steps = np.hypot(*np.diff(points.astype(np.float64), axis=0).T)
    places = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.union1d(places, np.arange(0.0, places[-1], _SPACING))

    def between(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        result: npt.NDArray[np.float32] = np.interp(wanted, places, values).astype(np.float32)
        return result

    return Stroke(
        np.stack([between(points[:, 0]), between(points[:, 1])], axis=1),
        None if stroke.pressure is None else between(stroke.pressure),
        None if stroke.time is None else between(stroke.time),
    )


def _kept_pieces(stroke: Stroke, keep: npt.NDArray[np.bool_]) -> list[Stroke]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], keep, [False]]).astype(np.int8)))
    return [
        Stroke(
            stroke.points[low:high],
            None if stroke.pressure is None else stroke.pressure[low:high],
            None if stroke.time is None else stroke.time[low:high],
        )
        for low, high in edges.reshape(-1, 2).tolist()
    ]
