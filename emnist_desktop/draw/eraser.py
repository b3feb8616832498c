"""The eraser: takes the part of each stroke that it touches, and splits what is left."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trainer.ink.strokes import Stroke

_SPACING = 2.0
"""Points are added to long pieces so that they can be cut, in pixels of the window."""

Position = tuple[float, float]


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
