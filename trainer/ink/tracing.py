"""Pictures → ink: the middle of the strokes on paper, as a pen may have drawn them.

The ink is thinned to lines of one pixel, whose ends and crossings are the nodes of a graph. At a
crossing a stroke goes on where it turns least. In which order and direction strokes were drawn a
picture does not tell: they stand from left to right, each from its upper or left end, dots last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.segmentation import Mask
from trainer.ink.strokes import Ink, Points, Stroke

_SPUR: Final = 0.9
"""A branch that ends freely is no stroke if it is shorter than this, in stroke widths."""

_CLUSTER: Final = 0.8
"""Crossings that are closer than this, in stroke widths, are one."""

_LOOK: Final = 2.0
"""How far from a crossing its branches are looked at, in stroke widths."""

_STRAIGHT: Final = 0.35
"""Least cosine of the turn with which a stroke goes on through a crossing."""

_DOT: Final = 0.25
"""Size of a dot at most, as a share of the larger strokes' size."""

_UPRIGHT: Final = 0.6
"""A stroke begins at its upper end if that is so much higher than the other, as a share of its
width; else at its left end."""

_NEIGHBOURS: Final = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""Row and column of the pixels around one, clockwise from above."""


def trace(mask: Mask) -> Ink:
    """Return the strokes of a picture's ink.

    Parameters
    ----------
    mask : ndarray of shape (height, width), dtype=bool
        Where there is ink.

    Returns
    -------
    Ink
        In pixels of the mask; a pixel's centre is at half of it.
    """
    lines = thinned(mask)
    if not lines.any():
        return Ink()
    width = float(mask.sum() / lines.sum())
    strokes = _strokes(_branches(_neighbours(lines)), width)
    return Ink(tuple(Stroke(_smooth(points)) for points in _ordered(strokes)))


def thinned(mask: Mask) -> Mask:
    """Thin ink to lines of one pixel (Zhang and Suen 1984).

    Parameters
    ----------
    mask : ndarray of shape (height, width), dtype=bool
    """
    height, width = mask.shape
    ink = np.zeros((height + 2, width + 2), dtype=np.uint8)
    ink[1:-1, 1:-1] = mask
    flat = ink.ravel()
    steps = np.array([row * (width + 2) + column for row, column in _NEIGHBOURS])
    remaining = np.flatnonzero(flat)
    changed = True
    while changed:
        changed = False
        for table in _REMOVABLE:
            around = np.zeros(len(remaining), dtype=np.int64)
            for bit, step in enumerate(steps.tolist()):
                around |= flat[remaining + step].astype(np.int64) << bit
            gone = table[around]
            if gone.any():
                flat[remaining[gone]] = 0
                remaining = remaining[~gone]
                changed = True
    return ink[1:-1, 1:-1] > 0


def _removable() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return for each pattern of neighbours whether its pixel is removed in either half step."""
    around = (np.arange(256)[:, None] >> np.arange(8)) & 1  # N, NE, E, SE, S, SW, W, NW
    count = around.sum(axis=1)
    changes = ((around == 0) & (np.roll(around, -1, axis=1) == 1)).sum(axis=1)
    n, e, s, w = around[:, [0, 2, 4, 6]].T
    inner = (count >= 2) & (count <= 6) & (changes == 1)
    first = inner & (n * e * s == 0) & (e * s * w == 0)
    second = inner & (n * e * w == 0) & (n * s * w == 0)
    return first, second


_REMOVABLE: Final = _removable()

_Node = tuple[int, int]
"""A pixel: row and column."""

_End = tuple[int, bool]
"""The number of a branch; whether its last end is meant."""


@dataclass(frozen=True, eq=False)
class _Branch:
    """The pixels between two nodes, with those of the nodes; a single one for a dot."""

    pixels: list[_Node]

    @property
    def ends(self) -> tuple[_Node, _Node]:
        return self.pixels[0], self.pixels[-1]

    @property
    def length(self) -> float:
        steps = np.diff(np.array(self.pixels, dtype=np.float64), axis=0)
        return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def _neighbours(lines: Mask) -> dict[_Node, list[_Node]]:
    """Return the pixels next to each; a diagonal one only if there is no way by a direct one."""
    rows, columns = np.nonzero(lines)
    near: dict[_Node, list[_Node]] = {
        pixel: [] for pixel in zip(rows.tolist(), columns.tolist(), strict=True)
    }
    for (row, column), around in near.items():
        for down, right in _NEIGHBOURS:
            pixel = row + down, column + right
            corners = ((row + down, column), (row, column + right)) if down and right else ()
            if pixel in near and not any(corner in near for corner in corners):
                around.append(pixel)
    return near


def _branches(near: dict[_Node, list[_Node]]) -> list[_Branch]:
    """Return the branches between ends and crossings, and rings without any."""
    branches = []
    left = set(near)
    walked: set[tuple[_Node, _Node]] = set()

    def follow(node: _Node, step: _Node) -> _Branch:
        way = [node, step]
        while len(near[step]) == 2 and step != node:
            left.discard(step)
            first, second = near[step]
            step = second if first == way[-2] else first
            way.append(step)
        walked.update(((way[0], way[1]), (way[-1], way[-2])))
        return _Branch(way)

    for node, around in near.items():
        if not around:
            branches.append(_Branch([node]))
        elif len(around) != 2:
            branches += [follow(node, step) for step in around if (node, step) not in walked]
    for node in sorted(left):
        if len(near[node]) == 2 and node in left:  # a ring, from its top to the left
            left.discard(node)
            branches.append(follow(node, min(near[node], key=lambda each: each[1])))
    return branches


def _without_spurs(branches: Sequence[_Branch], width: float) -> list[tuple[_Branch, list[_Node]]]:
    """Return the branches that are strokes, with their ends; crossings that are close are one."""
    crossing = _crossings(branches, width)
    ended = [(branch, [crossing.get(end, end) for end in branch.ends]) for branch in branches]
    degree = Counter(end for _, ends in ended for end in ends)

    def is_stroke(branch: _Branch, ends: list[_Node]) -> bool:
        if len(branch.pixels) == 1:
            return True
        if ends[0] == ends[1] and ends[0] in crossing.values():
            return branch.length > 2 * _CLUSTER * width
        n_free = sum(degree[end] == 1 for end in ends)
        return n_free != 1 or branch.length >= _SPUR * width

    return [(branch, ends) for branch, ends in ended if is_stroke(branch, ends)] or ended


def _strokes(branches: Sequence[_Branch], width: float) -> list[Points]:
    """Join branches through crossings to strokes."""
    paths = []
    meetings: dict[_Node, list[_End]] = defaultdict(list)
    for number, (branch, ends) in enumerate(_without_spurs(branches, width)):
        path = np.array(branch.pixels, dtype=np.float32)
        path[0], path[-1] = ends
        paths.append(path[:, ::-1] + np.float32(0.5))
        for end, is_last in zip(ends, (False, True), strict=True):
            meetings[end].append((number, is_last))
    partner: dict[_End, _End] = {}
    for meeting in meetings.values():
        for first, second in _continued(meeting, paths, width):
            partner[first], partner[second] = second, first
    return _chains(paths, partner)


def _crossings(branches: Sequence[_Branch], width: float) -> dict[_Node, _Node]:
    """Return which nodes are of a crossing of several, and the one that stands for them."""
    parent: dict[_Node, _Node] = {}

    def root(node: _Node) -> _Node:
        while node in parent:
            node = parent[node]
        return node

    degree = Counter(end for branch in branches for end in branch.ends)
    for branch in branches:
        first, last = branch.ends
        if min(degree[first], degree[last]) > 1 and branch.length < _CLUSTER * width:
            first, last = root(first), root(last)
            if first != last:
                parent[last] = first
    return {node: root(node) for node in parent}


def _continued(
    meeting: Sequence[_End], paths: Sequence[Points], width: float
) -> Iterator[tuple[_End, _End]]:
    """Yield which branches of a crossing continue one another, the straightest first."""
    away = []
    for number, is_last in meeting:
        points = paths[number][::-1] if is_last else paths[number]
        far = points[min(len(points) - 1, max(1, round(_LOOK * width)))] - points[0]
        away.append(far / max(float(np.hypot(*far)), 1e-6))
    free = set(range(len(meeting)))
    pairs = [(float(-away[i] @ away[j]), i, j) for i, j in combinations(range(len(meeting)), 2)]
    for straight, i, j in sorted(pairs, reverse=True):
        if {i, j} <= free and (straight >= _STRAIGHT or len(meeting) == 2):
            free -= {i, j}
            yield meeting[i], meeting[j]


def _chains(paths: Sequence[Points], partner: dict[_End, _End]) -> list[Points]:
    strokes = []
    done: set[int] = set()
    every = [(number, is_last) for number in range(len(paths)) for is_last in (False, True)]
    for start in sorted(every, key=lambda end: end in partner):  # rings last
        here: _End | None = start
        parts = []
        while here is not None and here[0] not in done:
            number, is_last = here
            done.add(number)
            parts.append(paths[number][::-1] if is_last else paths[number])
            here = partner.get((number, not is_last))
        if parts:
            strokes.append(np.concatenate(parts))
    return strokes


def _ordered(strokes: Sequence[Points]) -> list[Points]:
    """Give strokes the direction and order that are usual."""
    sizes = np.array([np.ptp(points, axis=0).max() for points in strokes])
    large = float(np.quantile(sizes, 0.75))
    result = []
    for points, size in zip(strokes, sizes.tolist(), strict=True):
        across, down = (points[-1] - points[0]).tolist()
        is_closed = abs(across) + abs(down) < 0.1 * size
        if not is_closed and (down < 0 if abs(down) > _UPRIGHT * abs(across) else across < 0):
            points = points[::-1]
        result.append((size < _DOT * large, float(points[:, 0].min()), points))
    return [points for *_, points in sorted(result, key=lambda each: each[:2])]


def _smooth(points: Points) -> Points:
    """Return every second point, each the mean of its neighbours, with the ends unchanged."""
    if len(points) < 5:
        return points
    mean = (points[:-4] + points[1:-3] + points[2:-2] + points[3:-1] + points[4:]) / 5
    smooth: Points = np.concatenate([points[:1], mean[::2], points[-1:]])
    return smooth
