"""Ruled lines, squares and form boxes are taken out of a picture's ink, and strokes left whole.

A printed line is straight, thin, without gaps, and longer than any stroke of the writing. It is
removed where the ink is no thicker than itself, and stays where a stroke crosses or lies on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.segmentation import Mask, components, writing_height

Indices = npt.NDArray[np.int64]
Strength = npt.NDArray[np.float32]

_STEEPEST: Final = 0.14
_SLOPE_STEP: Final = 0.005
"""Slopes of lines that are tried: a sheet is photographed up to 8° askew."""

_THICKEST: Final = 0.012
"""Thickness of a line at most, as a share of the picture's long side; at least `_THIN` pixels."""

_THIN: Final = 4
_SHORTEST: Final = 0.25
_SHORTEST_UPRIGHT: Final = 0.5
"""Length of a line, as a share of the picture's side along it."""

_WHOLE: Final = 0.9
"""Length of a line that is the only one, likewise: a thin l or T is no printed line."""

_LEAST_PIXELS: Final = 48
_LONGER: Final = 2.5
"""A line is longer than this many heights of the writing."""

_ACROSS: Final = 0.8
"""A line between two others, as the side of a box, has at least this share of their distance."""

_GAP: Final = 4
"""Pixels that may lack in a line."""

_FAINT: Final = 0.5
"""Strength of a line at least, as a share of the threshold of ink."""

_DARKER: Final = 1.3
"""Ink is no line where it is darker than most of it by more than this factor."""

_BEND: Final = 3
"""Pixels that a line may be off its straight course."""


@dataclass(frozen=True, eq=False)
class _Line:
    """A printed line along the rows of a mask: from `start` to `stop` its middle is at `rows`."""

    start: int
    stop: int
    rows: Indices
    thickness: int


def without_ruling(mask: Mask, strength: Strength, threshold: float) -> Mask:
    """Return the ink of a picture without printed lines.

    Parameters
    ----------
    mask : ndarray of shape (height, width), dtype=bool
    strength : ndarray of the same shape, dtype=float32
        Difference from the paper, blurred. What is clearly darker than a line is no part of it.
    threshold : float
        Strength of ink at least. Lines are found in paler ink, too.
    """
    height, width = mask.shape
    thickest = max(_THIN, round(_THICKEST * max(mask.shape)))
    faint = strength > _FAINT * threshold
    level = _lines(faint, max(_LEAST_PIXELS, round(_SHORTEST * width)), thickest)
    upright = _lines(faint.T, max(_LEAST_PIXELS, round(_SHORTEST_UPRIGHT * height)), thickest)
    if len(level) == 1 and level[0].stop - level[0].start < _WHOLE * width:
        level = []
    if len(upright) == 1 and not level:
        upright = []
    if len(level) > 1 and not upright:
        sides = _lines(faint.T, _side_of_a_box(level), thickest)
        upright = _between(sides, level, thickest)
    if not level and not upright:
        return mask
    left, printed = mask.copy(), np.zeros_like(mask)
    for line in level:
        printed[_band(line, thickest, height)] = True
    for line in upright:
        printed.T[_band(line, thickest, width)] = True
    off = strength[mask & ~printed]
    ink = float(np.quantile(off, 0.75)) if len(off) else 0.0
    printed[:] = False
    _erase(left, printed, strength, ink, level)
    _erase(left.T, printed.T, strength.T, ink, upright)
    pieces = []
    for piece in components(left):
        if printed[piece[:, 0], piece[:, 1]].all():  # what is left where lines cross
            left[piece[:, 0], piece[:, 1]] = False
        elif len(piece) > thickest * thickest:
            pieces.append(piece)
    length = max(line.stop - line.start for line in (*level, *upright))
    return left if pieces and length > _LONGER * writing_height(pieces) else mask


def _lines(mask: Mask, shortest: int, thickest: int) -> list[_Line]:
    """Return the lines along the rows."""
    height, width = mask.shape
    if width < shortest:
        return []
    rows, columns = np.nonzero(mask & (_runs_down(mask) <= thickest))
    if len(rows) < shortest:
        return []
    slope = _slope(rows, columns, height)
    shift = np.rint(slope * np.arange(width)).astype(np.int64)
    low, high = int(shift.min()), int(shift.max())
    straight = np.zeros((height + high - low + 2, width), dtype=bool)
    inked_rows, inked_columns = np.nonzero(mask)
    straight[inked_rows - shift[inked_columns] + high + 1, inked_columns] = True
    thick = straight.copy()
    thick[1:] |= straight[:-1]
    thick[:-1] |= straight[1:]
    found: list[tuple[int, int, int, int]] = []  # first row, last row, start, stop
    for row, start, stop in _long_runs(thick, shortest):
        for index, (first, last, left, right) in enumerate(found):
            if row - last in (0, 1) and min(stop, right) - max(start, left) > shortest // 2:
                found[index] = first, row, min(start, left), max(stop, right)
                break
        else:
            found.append((row, row, start, stop))
    result = []
    for first, last, start, stop in found:
        if last - first - 1 <= thickest + _BEND:
            middle = (first + last) // 2 - high - 1
            near = np.abs(rows - shift[columns] - middle) <= thickest // 2 + _BEND
            near &= (columns >= start) & (columns < stop)
            if near.any() and np.ptp(columns[near]) > shortest // 2:
                result.append(_fitted(mask, rows[near], columns[near], start, stop))
    return result


def _fitted(mask: Mask, rows: Indices, columns: Indices, start: int, stop: int) -> _Line:
    """Return the straight line through thin ink, as far as there is ink along it."""
    height, width = mask.shape
    every = np.arange(width)
    middle = np.polynomial.Polynomial.fit(columns, rows, 1)(every)
    path = np.clip(np.rint(middle), 1, height - 2).astype(np.int64)
    inked = mask[path, every] | mask[path - 1, every] | mask[path + 1, every]
    there = np.flatnonzero(inked)
    parts = np.split(there, np.flatnonzero(np.diff(there) > 2 * _GAP) + 1)
    for part in parts:
        if len(part) and part[0] <= stop and part[-1] >= start:
            start, stop = min(start, int(part[0])), max(stop, int(part[-1]) + 1)
    _, counts = np.unique(columns, return_counts=True)
    return _Line(start, stop, path[start:stop], int(np.median(counts)))


def _runs_down(mask: Mask) -> Indices:
    """Return for each inked pixel the length of the unbroken column of ink that it is in."""
    turned = np.zeros((mask.shape[1], mask.shape[0] + 2), dtype=np.int8)
    turned[:, 1:-1] = mask.T
    steps = np.diff(turned, axis=1)
    columns, starts = np.nonzero(steps == 1)
    _, stops = np.nonzero(steps == -1)
    lengths = stops - starts
    result = np.zeros(mask.shape, dtype=np.int64)
    pixel_columns = np.repeat(columns, lengths)
    offsets = np.arange(len(pixel_columns)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    result[np.repeat(starts, lengths) + offsets, pixel_columns] = np.repeat(lengths, lengths)
    return result


def _slope(rows: Indices, columns: Indices, height: int) -> float:
    """Return the slope along which thin ink is most in line."""
    steps = round(_STEEPEST / _SLOPE_STEP)
    best, best_score = 0.0, -1.0
    for slope in sorted(np.arange(-steps, steps + 1) * _SLOPE_STEP, key=abs):
        places = np.rint(rows - slope * columns).astype(np.int64)
        score = float(np.square(np.bincount(places - places.min(), minlength=height)).sum())
        if score > best_score:
            best, best_score = float(slope), score
    return best


def _long_runs(mask: Mask, shortest: int) -> list[tuple[int, int, int]]:
    """Return row, start and stop of the runs along rows, across small gaps."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, stops = np.nonzero(steps == -1)
    if not len(rows):
        return []
    apart = (rows[1:] != rows[:-1]) | (starts[1:] - stops[:-1] > _GAP)
    first = np.concatenate([[0], np.flatnonzero(apart) + 1])
    last = np.concatenate([np.flatnonzero(apart), [len(rows) - 1]])
    long = stops[last] - starts[first] >= shortest
    chosen = zip(rows[first[long]], starts[first[long]], stops[last[long]], strict=True)
    return [(int(row), int(start), int(stop)) for row, start, stop in chosen]


def _side_of_a_box(level: list[_Line]) -> int:
    heights = sorted(float(np.mean(line.rows)) for line in level)
    return max(_THIN * 4, round(_ACROSS * min(b - a for a, b in pairwise(heights))))


def _between(upright: list[_Line], level: list[_Line], reach: int) -> list[_Line]:
    """Return the upright lines that end on level ones."""

    def meets(line: _Line, end: int) -> bool:
        column = int(line.rows[0 if end == line.start else -1])
        for other in level:
            index = column - other.start
            if -reach <= index < len(other.rows) + reach:
                row = int(other.rows[min(max(index, 0), len(other.rows) - 1)])
                if abs(row - end) <= 2 * reach:
                    return True
        return False

    return [line for line in upright if meets(line, line.start) and meets(line, line.stop)]


def _erase(left: Mask, printed: Mask, strength: Strength, ink: float, lines: list[_Line]) -> None:
    """Take lines out of `left` where no stroke makes them thicker, or darker; mark their places.

    Ink is darker if the usual strength of `ink` is clearly above that of the line.
    """
    runs = _runs_down(left)
    for line in lines:
        rows, columns = _band(line, line.thickness // 2 + 1, len(runs))
        along = runs[rows, columns]
        inked = along.max(axis=0)
        if inked.any():
            here = strength[rows, columns]
            usual = _DARKER * float(np.median(here.max(axis=0)[inked > 0]))
            gone = here <= usual if usual < ink else along <= np.median(inked[inked > 0]) + 1
            left[rows[gone], columns[gone]] = False
        printed[_band(line, line.thickness // 2 + _BEND, len(runs))] = True


def _band(line: _Line, reach: int, height: int) -> tuple[Indices, Indices]:
    """Return the rows and columns within `reach` of a line, of shape (2 * reach + 1, length)."""
    rows = np.clip(line.rows + np.arange(-reach, reach + 1)[:, None], 0, height - 1)
    columns = np.arange(line.start, line.stop)
    return rows, np.broadcast_to(columns, rows.shape)
