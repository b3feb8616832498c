"""The way of the pen along a line: equal steps with their direction, height and place.

A network that reads whole lines (`trainer.recognition.path_model`) sees the pieces of a line in
their order, each as steps of about `STEP` heights; the pen goes from one stroke to the next in
`PEN_UP_STEPS` steps above the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.lines import Piece, TextLine

STEP: Final = 0.2
"""Length of a step on the paper, in heights of the line."""

PEN_UP_STEPS: Final = 3

N_FEATURES: Final = 5

_MOST_BEHIND: Final = 3.0
_LONGEST: Final = 8.0
"""Steps above the paper count as no longer than this, in steps on the paper."""


@dataclass(frozen=True, eq=False)
class PenPath:
    """The steps of the pen along some pieces of a line.

    Attributes
    ----------
    features : ndarray of shape (n_steps, N_FEATURES), dtype=float32
        Of each step: the way to the right and down in units of `STEP`, 1 on the paper and 0 above
        it, height below the baseline, and how far behind the rightmost place so far, both in
        heights of the line.
    pieces : ndarray of shape (n_steps,), dtype=int64
        The piece of the line that each step belongs to, or leads to.
    points : ndarray of shape (n_steps,), dtype=int64
        The point of the piece that is nearest to the end of the step; 0 above the paper.
    """

    features: npt.NDArray[np.float32]
    pieces: npt.NDArray[np.int64]
    points: npt.NDArray[np.int64]


def pen_path(line: TextLine, first: int = 0, stop: int | None = None) -> PenPath:
    """Return the steps along the pieces of a line, or of a part of it from `first` to `stop`."""
    step = STEP * line.height
    pieces = line.pieces[first:stop]
    above = np.linspace(0.0, 1.0, PEN_UP_STEPS + 1)[1:, None]
    no_points = np.full(PEN_UP_STEPS, -1, np.int64)
    places: list[npt.NDArray[np.float64]] = [pieces[0].points[:1].astype(np.float64)]
    points: list[npt.NDArray[np.int64]] = []
    counts: list[int] = []
    last: Piece | None = None
    for piece in pieces:
        goes_on = last is not None and last.stroke == piece.stroke and last.stop == piece.start + 1
        if not goes_on:
            start = places[-1][-1]
            places.append(start + above * (piece.points[0] - start))
            points.append(no_points)
        along, nearest = _resampled(piece.points.astype(np.float64), step)
        places.append(along)
        points.append(nearest)
        counts.append(len(along) + (0 if goes_on else PEN_UP_STEPS))
        last = piece
    path = np.concatenate(places)
    moves = np.diff(path, axis=0)
    ends = np.concatenate(points)
    middle = path[:-1] + 0.5 * moves
    behind = np.maximum.accumulate(path[:-1, 0]) - middle[:, 0]
    features = np.column_stack(
        [
            np.clip(moves / step, -_LONGEST, _LONGEST),
            ends >= 0,
            (middle[:, 1] - line.baseline) / line.height,
            np.clip(behind / line.height, -_MOST_BEHIND, _MOST_BEHIND),
        ]
    )
    owners = np.repeat(np.arange(first, first + len(counts)), counts)
    return PenPath(features.astype(np.float32), owners, np.maximum(ends, 0))


def _resampled(
    points: npt.NDArray[np.float64], step: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the places behind the first one, about a step apart, and the nearest points."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.linspace(0.0, way[-1], max(1, round(way[-1] / step)) + 1)[1:]
    places = np.column_stack([np.interp(at, way, points[:, 0]), np.interp(at, way, points[:, 1])])
    nearest = np.rint(np.interp(at, way, np.arange(len(points)))).astype(np.int64)
    return places, nearest
