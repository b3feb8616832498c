"""Whether a drawing is more than one character: a word, a scribble, a picture of a house.

A recogniser of single characters answers "M, 99 %" to a word. Five measures of how a drawing is
made tell words from characters; a logistic regression weighs them, without the network. Its
numbers are made by ``python -m bench.fit_several``.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.strokes import Ink

MEASURES: Final = ("aspect", "length", "turning", "strokes", "reversals")

MEANS: Final = (0.337, 1.007, 3.052, 0.839, 1.717)
WEIGHTS: Final = (3.379, 1.461, -0.088, 5.032, 4.005)
BIAS: Final = 0.532
"""Of the logistic regression, moved so that above 0 one character in 150 lies."""

_STEP = 0.03
"""Distance of two points that are looked at, as a share of the long side."""

_LEAST = 1e-6
_ROUNDING = 1e-3
"""More than sums of single precision differ in a score."""


def is_several(ink: Ink) -> bool:
    """Return whether an ink is hardly a single character."""
    return not ink.is_empty and _highest_score(ink) > 0 and several_score(ink) > 0


def _highest_score(ink: Ink) -> float:
    """Return what `several_score` is at most, by measures that need no resampling.

    Points between others reverse no more often than all, and turns lower the score.
    """
    points, starts = ink.flat()
    extent = np.ptp(points, axis=0).astype(np.float64)
    side = max(float(extent.max()), _LEAST)
    steps = np.diff(points, axis=0)
    steps[starts[1:-1] - 1] = 0.0
    length = float(np.hypot(steps[:, 0], steps[:, 1]).sum()) / side
    ways = np.sign(steps[:, 1])
    ways = ways[ways != 0]
    reversals = int(np.count_nonzero(ways[1:] != ways[:-1]))
    found = _as_measures(extent, side, length, 0.0, len(starts) - 1, reversals)
    return float((found - np.array(MEANS)) @ np.array(WEIGHTS) + BIAS) + _ROUNDING


def several_score(ink: Ink) -> float:
    """Return the log-odds of more than one character, moved by the threshold; above 0 it is."""
    return float((measures(ink) - np.array(MEANS)) @ np.array(WEIGHTS) + BIAS)


def measures(ink: Ink) -> npt.NDArray[np.float64]:
    """Return the `MEASURES` of an ink that is not empty.

    Returns
    -------
    ndarray of shape (5,), dtype=float64
        Logarithms of: width by height; the strokes' length by the long side; the sum of the
        turns in radians; the number of strokes; and that of the changes between up and down.
    """
    points, starts = ink.flat()
    extent = np.ptp(points, axis=0).astype(np.float64)
    side = max(float(extent.max()), _LEAST)
    length, turning, reversals = 0.0, 0.0, 0
    for stroke in np.split(points.astype(np.float64) / side, starts[1:-1]):
        steps = np.hypot(*np.diff(stroke, axis=0).T)
        way = np.concatenate([[0.0], np.cumsum(steps)])
        length += way[-1]
        n = int(way[-1] / _STEP)
        if n < 2:
            continue
        places = np.linspace(0.0, way[-1], n + 1)
        x, y = (np.diff(np.interp(places, way, stroke[:, axis])) for axis in (0, 1))
        turns = np.diff(np.arctan2(y, x))
        turning += float(np.abs((turns + np.pi) % (2 * np.pi) - np.pi).sum())
        moved = y[np.abs(y) > _STEP / 4]
        reversals += int((np.diff(np.sign(moved)) != 0).sum())
    return _as_measures(extent, side, length, turning, len(starts) - 1, reversals)


def _as_measures(
    extent: npt.NDArray[np.float64],
    side: float,
    length: float,
    turning: float,
    n_strokes: int,
    reversals: int,
) -> npt.NDArray[np.float64]:
    width, height = np.maximum(extent, 0.05 * side).tolist()
    return np.array(
        [
            math.log(width / height),
            math.log(length + 0.1),
            math.log1p(turning),
            math.log(n_strokes),
            math.log1p(reversals),
        ]
    )
