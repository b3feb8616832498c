"""Lines of handwriting: strokes → pieces, groups of pieces that may be characters, and spaces.

A piece is a stroke, or a part of one: strokes that run through several letters are cut where the
pen turns upwards at the foot of a letter. A dot, bar or cross that was added late stands behind the
letter that it lies on. A group is up to `MOST_PIECES` consecutive pieces; a reader decides which
groups are characters.

All distances are relative to the *height* of the line: the typical height of what the pen does in
one move down, which is the x-height of small letters, and the height of capitals among capitals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.ink.strokes import Ink, Points, Stroke

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

MOST_PIECES: Final = 5
"""Pieces of one character at most: E in four strokes, or a joined m with its approach."""

_WIDEST: Final = 2.6
"""Width of a group of several pieces at most, in heights."""

_CUT_WIDTH: Final = 1.0
"""A stroke wider than this, in heights, may run through several letters."""

_TURN: Final = 0.12
"""Smallest move up or down that counts as one, in heights."""

_FLAT: Final = 0.25
_BRIDGE: Final = 0.6
"""Depth at most, and length at least, of a flat way along the heads of letters, in heights."""

_SHORTEST_MOVE: Final = 0.15
"""Smallest move that tells of the height of the writing, as a share of the line's extent."""

_LATE: Final = 0.15
"""A stroke that lies left of the previous letter by more than this, in heights, was added late."""

_DOT: Final = 0.45
"""Size of a dot at most, in heights."""

_DOT_ASIDE: Final = 0.35
"""How far to the right of its stem a late dot may be, in heights."""

_MAX_SLOPE: Final = 0.3
_FEET_FOR_SLOPE: Final = 8
_SLOPE_STEP: Final = 0.02
"""The drift of a line is corrected up to this slope, if it has so many feet, and in steps: what was
recognised stays so while the line grows."""

_COARSE: Final = 0.1
"""Steps of the drift that is taken out of what a recogniser sees."""

_MOST_PARTS: Final = 400
"""Pieces of a line at most; what follows is drawing rather than writing, and stays uncut."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A stroke or a part of one.

    Attributes
    ----------
    stroke : int
        The index of the stroke in the ink.
    start, stop : int
        Its points: ``ink.strokes[stroke].points[start:stop]``.
    points : ndarray of shape (n_points, 2), dtype=float32
        With the drift of the line taken out.
    drawn : ndarray of the same shape and dtype
        As they were drawn.
    box : tuple of float
        Left, top, right and bottom of `points`.
    begins, ends : bool
        Whether the stroke begins, or ends, with this piece.
    """

    stroke: int
    start: int
    stop: int
    points: Points
    drawn: Points
    box: tuple[float, float, float, float]
    begins: bool
    ends: bool


@dataclass(frozen=True, eq=False)
class TextLine:
    """The pieces of one line in reading order, and its measures.

    Attributes
    ----------
    pieces : tuple of Piece
    baseline : float
        y of the feet of the letters, at x = 0.
    height : float
        Typical height of the pen's moves.
    top : float
        Typical y of the heads of the letters, at x = 0.
    slope : float
        Of the line: it has been taken out of the pieces.
    groups : ndarray of shape (n_groups, 2), dtype=int64
        The first piece of each group, and the one after its last.
    """

    pieces: tuple[Piece, ...]
    baseline: float
    height: float
    top: float
    slope: float
    groups: npt.NDArray[np.int64]

    def ink(self, group: int) -> Ink:
        """Return the ink of a group, nearly upright.

        What drift there is beyond a multiple of `_COARSE` stays in, so that a group has the same
        ink while the line grows and its drift is measured anew.
        """
        first, stop = self.groups[group].tolist()
        return ink_of(self.pieces[first:stop], _COARSE * round(self.slope / _COARSE))


def with_cuts(
    line: TextLine, cuts: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]
) -> TextLine:
    """Return a line with some pieces cut further, and with more groups.

    Parameters
    ----------
    line : TextLine
    cuts : sequence of (int, int)
        In their order: a piece, and the point at which it is cut, neither its first nor its last.
    spans : sequence of (int, int)
        Groups of the pieces after the cuts, added where there are none.
    """
    pieces: list[Piece] = []
    firsts = []
    for number, piece in enumerate(line.pieces):
        firsts.append(len(pieces))
        bounds = [0, *(point for place, point in cuts if place == number), len(piece.points) - 1]
        for start, stop in pairwise(bounds) if len(bounds) > 2 else ():
            ends = piece.begins and start == 0, piece.ends and stop == bounds[-1]
            points, drawn = (each[start : stop + 1] for each in (piece.points, piece.drawn))
            pieces.append(_piece(piece.stroke, piece.start + start, points, drawn, ends))
        if len(bounds) == 2:
            pieces.append(piece)
    groups = np.array([*firsts, len(pieces)])[line.groups]
    known = set(map(tuple, groups.tolist()))
    new = [span for span in dict.fromkeys(spans) if span not in known]
    groups = np.concatenate([groups, np.array(new, dtype=np.int64).reshape(-1, 2)])
    return replace(line, pieces=tuple(pieces), groups=groups)


def ink_of(pieces: Sequence[Piece], slope: float = 0.0) -> Ink:
    """Return pieces as one ink, in the order of drawing, without a drift that they were drawn with.

    Parts of a stroke are joined again.
    """
    strokes: list[Points] = []
    last: Piece | None = None
    for piece in sorted(pieces, key=lambda each: (each.stroke, each.start)):
        if last is not None and last.stroke == piece.stroke and last.stop == piece.start + 1:
            strokes[-1] = np.concatenate([strokes[-1], piece.drawn[1:]])
        else:
            strokes.append(piece.drawn)
        last = piece
    return Ink(tuple(Stroke(_without_drift(points, slope)) for points in strokes))


def find_line(strokes: Sequence[Points], numbers: Sequence[int] | None = None) -> TextLine:
    """Cut the strokes of one line into pieces, and list the groups that may be characters.

    Parameters
    ----------
    strokes : sequence of ndarrays of shape (n_points, 2), dtype=float32
        In the order of drawing; at least one, each with at least one point.
    numbers : sequence of int, optional
        The index of each stroke in the ink; by default its index in `strokes`.
    """
    numbers = range(len(strokes)) if numbers is None else numbers
    moves = [_moves(points) for points in strokes]
    height = _height(strokes, moves)
    slope = _slope(strokes, moves, height)
    drawn = strokes
    if slope:
        strokes = [_without_drift(points, slope) for points in strokes]
        moves = [_moves(points) for points in strokes]
        height = _height(strokes, moves)
    pieces = [
        piece
        for number, points, raw, turns in zip(numbers, strokes, drawn, moves, strict=True)
        for piece in _cut(number, points, raw, turns, height)
    ]
    ordered = _in_order(pieces[:_MOST_PARTS], height)
    baseline, top = _band(strokes, moves, height)
    return TextLine(ordered, baseline, height, top, slope, _groups(ordered, height))


def _moves(points: Points) -> npt.NDArray[np.int64]:
    """Return the indices at which the pen turns up or down, with the ends of the stroke.

    Turns are alternately tops and bottoms, except at the ends; small wiggles are left out later.
    """
    y = points[:, 1]
    steps = np.flatnonzero(np.diff(y))
    if not len(steps):
        return np.array([0, len(y) - 1] if len(y) > 1 else [0], dtype=np.int64)
    signs = np.sign(y[steps + 1] - y[steps])
    turns = steps[1:][signs[1:] != signs[:-1]]
    return np.concatenate([[0], turns, [len(y) - 1]]).astype(np.int64)


def _without_wiggles(
    y: npt.NDArray[np.float32], turns: npt.NDArray[np.int64], smallest: float
) -> list[int]:
    """Return the turns between moves of at least `smallest`: first, …, last."""
    values = y[turns].tolist()
    kept = [0]
    extreme, direction = 0, 0
    for index in range(1, len(values)):
        change = values[index] - values[extreme]
        if direction == 0:
            if abs(change) >= smallest:
                direction, extreme = (1 if change > 0 else -1), index
        elif change * direction > 0:
            extreme = index
        elif abs(change) >= smallest:
            kept.append(extreme)
            direction, extreme = -direction, index
    if direction and extreme != kept[-1]:
        kept.append(extreme)
    return [int(turns[index]) for index in kept]


def _height(strokes: Sequence[Points], moves: Sequence[npt.NDArray[np.int64]]) -> float:
    """Return the typical height of a move: half of the way up and down is in longer ones."""
    y = np.concatenate([points[:, 1] for points in strokes])
    extent = float(y.max() - y.min())
    x = np.concatenate([points[:, 0] for points in strokes])
    if extent <= 0.0:
        return max(float(x.max() - x.min()), 1e-6)
    lengths: list[float] = []
    for points, turns in zip(strokes, moves, strict=True):
        kept = _without_wiggles(points[:, 1], turns, _SHORTEST_MOVE * extent)
        lengths += np.abs(np.diff(points[kept, 1])).tolist()
    moved = np.sort([length for length in lengths if length >= _SHORTEST_MOVE * extent])
    if not len(moved):
        return extent
    weight = np.cumsum(moved)
    return float(moved[np.searchsorted(weight, weight[-1] / 2)])


def _feet(
    strokes: Sequence[Points], moves: Sequence[npt.NDArray[np.int64]], height: float
) -> tuple[Points, Points]:
    """Return the ends of the moves: the lower and the upper ones."""
    lower, upper = [], []
    for points, turns in zip(strokes, moves, strict=True):
        kept = _without_wiggles(points[:, 1], turns, 0.4 * height)
        for first, last in pairwise(kept):
            down = points[first, 1] < points[last, 1]
            lower.append(points[last if down else first])
            upper.append(points[first if down else last])
    none = np.zeros((0, 2), dtype=np.float32)
    return (np.array(lower), np.array(upper)) if lower else (none, none)


def _slope(
    strokes: Sequence[Points], moves: Sequence[npt.NDArray[np.int64]], height: float
) -> float:
    """Return the drift of the line, by the median of the slopes between feet (Theil and Sen)."""
    feet, _ = _feet(strokes, moves, height)
    if len(feet) < _FEET_FOR_SLOPE:
        return 0.0
    feet = feet[np.linspace(0, len(feet) - 1, min(len(feet), 60)).astype(np.int64)]
    across = feet[:, None, 0] - feet[None, :, 0]
    down = feet[:, None, 1] - feet[None, :, 1]
    apart = across > 3.0 * height
    if np.count_nonzero(apart) < _FEET_FOR_SLOPE:
        return 0.0
    slope = float(np.median(down[apart] / across[apart]))
    steps = round(min(max(slope, -_MAX_SLOPE), _MAX_SLOPE) / _SLOPE_STEP)
    return steps * _SLOPE_STEP


def _band(
    strokes: Sequence[Points], moves: Sequence[npt.NDArray[np.int64]], height: float
) -> tuple[float, float]:
    """Return the typical y of feet and heads."""
    lower, upper = _feet(strokes, moves, height)
    if not len(lower):
        y = np.concatenate([points[:, 1] for points in strokes])
        return float(y.max()), float(y.min())
    return float(np.median(lower[:, 1])), float(np.median(upper[:, 1]))


def _cut(
    number: int, points: Points, drawn: Points, turns: npt.NDArray[np.int64], height: float
) -> list[Piece]:
    inner: list[int] = []
    if float(np.ptp(points[:, 0])) > _CUT_WIDTH * height:
        kept = _without_wiggles(points[:, 1], turns, _TURN * height)
        y = points[:, 1]
        for before, here, after in zip(kept[:-2], kept[1:-1], kept[2:], strict=True):
            if y[before] < y[here]:
                inner.append(here)
            else:
                inner += _bridge(points[before : after + 1], here - before, before, height)
    inner = [cut for cut in sorted(set(inner)) if 0 < cut < len(points) - 1]
    cuts = [0, *inner, len(points) - 1]
    last = len(cuts) - 2
    return [
        _piece(
            number,
            start,
            points[start : stop + 1],
            drawn[start : stop + 1],
            (index == 0, index == last),
        )
        for index, (start, stop) in enumerate(pairwise(cuts))
    ]


def _bridge(points: Points, top: int, offset: int, height: float) -> list[int]:
    """Return where to cut a flat way along the heads of letters, as from an o to an n."""
    flat = points[:, 1] <= points[top, 1] + _FLAT * height
    first = top - int(np.argmin(flat[top::-1])) + 1 if not flat[: top + 1].all() else 0
    stop = top + int(np.argmin(flat[top:])) if not flat[top:].all() else len(points)
    x = points[first:stop, 0]
    if float(x[-1] - x[0]) <= _BRIDGE * height:
        return []
    return [offset + first + int(np.argmin(np.abs(x - (x[0] + x[-1]) / 2)))]


def _piece(
    number: int, start: int, points: Points, drawn: Points, ends: tuple[bool, bool]
) -> Piece:
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    box = (left, top, right, bottom)
    return Piece(number, start, start + len(points), points, drawn, box, *ends)


def _without_drift(points: Points, slope: float) -> Points:
    if not slope:
        return points
    return points @ np.array([[1.0, -slope], [0.0, 1.0]], dtype=np.float32)


def _in_order(pieces: Sequence[Piece], height: float) -> tuple[Piece, ...]:
    """Order pieces from left to right: as drawn, but late ones behind what they lie on."""
    ordered: list[Piece] = []
    for piece in pieces:
        left, top, right, bottom = piece.box
        centre = (left + right) / 2
        last = ordered[-1] if ordered else None
        is_late = (
            last is not None
            and piece.stroke != last.stroke
            and centre < last.box[0] - _LATE * height
        )
        if not is_late:
            ordered.append(piece)
            continue
        is_dot = max(right - left, bottom - top) <= _DOT * height
        costs = [_distance(piece, other, is_dot, height) for other in ordered]
        best = min(range(len(costs)), key=costs.__getitem__)
        if costs[best] > height:  # it lies on nothing: its place is that of its x
            best = max(
                (i for i, other in enumerate(ordered) if sum(other.box[::2]) / 2 < centre),
                default=-1,
            )
        ordered.insert(best + 1, piece)
    return tuple(ordered)


def _distance(piece: Piece, other: Piece, is_dot: bool, height: float) -> float:
    """Return how badly a late piece fits onto another."""
    left, top, right, bottom = piece.box
    aside = _DOT_ASIDE * height if is_dot else 0.0
    centre = (left + right) / 2
    low, high = other.box[0], other.box[2] + aside
    across = max(low - centre, centre - high, 0.0)
    off = abs(centre - (low + high) / 2)
    below = is_dot and other.box[1] < (top + bottom) / 2  # a dot stands above its stem
    small = max(other.box[2] - other.box[0], other.box[3] - other.box[1]) < 0.3 * height
    return across + 0.2 * off + (0.5 * height if below or small else 0.0)


def _groups(pieces: Sequence[Piece], height: float) -> npt.NDArray[np.int64]:
    groups = []
    for first in range(len(pieces)):
        left, right = pieces[first].box[0], pieces[first].box[2]
        groups.append((first, first + 1))
        for stop in range(first + 2, min(first + MOST_PIECES, len(pieces)) + 1):
            box = pieces[stop - 1].box
            left, right = min(left, box[0]), max(right, box[2])
            if right - left > _WIDEST * height:
                break
            groups.append((first, stop))
    return np.array(groups, dtype=np.int64).reshape(-1, 2)


FEATURES: Final = (
    *("foot", "head", "log height", "log width", "log aspect", "pieces", "one piece", "strokes"),
    *("begins", "ends", "gap before", "gap behind", "first", "last", "gap inside", "ink"),
    *("foot above the lowest", "head below the highest", "extent", "band", "typical piece"),
    *("head against before", "foot against before", "head against behind", "foot against behind"),
    *("height against before", "height against behind", "from the left", "pieces of the line"),
)
"""What `group_features` tells of a group; lengths in heights of the line."""

_CONTEXT: Final = 3
"""Pieces before and behind a group that it is compared with."""


def group_features(line: TextLine) -> npt.NDArray[np.float32]:
    """Return size, place and neighbourhood of each group of a line.

    Returns
    -------
    ndarray of shape (n_groups, len(FEATURES)), dtype=float32
        Between about -3 and 3.
    """
    boxes = np.array([piece.box for piece in line.pieces])
    n = len(boxes)
    first, stop = line.groups.T
    height = line.height
    unions = _unions(boxes)
    group = unions(first, stop)
    left, top, right, bottom = group.T
    low, high = np.maximum(first - _CONTEXT, 0), np.minimum(stop + _CONTEXT, n)
    before, behind = unions(low, first), unions(stop, high)
    is_first, is_last = first == 0, stop == n
    before[is_first], behind[is_last] = group[is_first], group[is_last]
    strokes = np.array([piece.stroke for piece in line.pieces])
    changes = np.concatenate([[0], np.cumsum(strokes[1:] != strokes[:-1])])
    lengths = np.array([_length(piece.points) for piece in line.pieces])
    total = np.concatenate([[0.0], np.cumsum(lengths)])
    begins = np.array([piece.begins for piece in line.pieces])
    ends = np.array([piece.ends for piece in line.pieces])
    heights = boxes[:, 3] - boxes[:, 1]
    tall = heights[heights > 0.3 * height]
    ones = np.ones(len(group))
    inside = np.array([_gap_inside(boxes[a:b]) for a, b in line.groups.tolist()])
    columns = [
        (line.baseline - bottom) / height,
        (line.baseline - top) / height,
        np.log((bottom - top) / height + 0.05),
        np.log((right - left) / height + 0.05),
        np.log((bottom - top + 0.1 * height) / (right - left + 0.1 * height)),
        (stop - first) / 3.0,
        stop - first == 1,
        (changes[stop - 1] - changes[first]) / 2.0,
        begins[first],
        ends[stop - 1],
        np.where(is_first, 1.0, (left - before[:, 2]) / height),
        np.where(is_last, 1.0, (behind[:, 0] - right) / height),
        is_first,
        is_last,
        inside / height,
        np.log((total[stop] - total[first]) / height + 0.1),
        (boxes[:, 3].max() - bottom) / height,
        (top - boxes[:, 1].min()) / height,
        ones * (boxes[:, 3].max() - boxes[:, 1].min()) / height - 1.0,
        ones * (line.baseline - line.top) / height,
        ones * (float(np.median(tall)) / height if len(tall) else 1.0),
        (top - before[:, 1]) / height,
        (bottom - before[:, 3]) / height,
        (top - behind[:, 1]) / height,
        (bottom - behind[:, 3]) / height,
        _log_ratio(bottom - top, before[:, 3] - before[:, 1], height),
        _log_ratio(bottom - top, behind[:, 3] - behind[:, 1], height),
        np.minimum(first, 4) / 4.0,
        ones * min(n, 20) / 20.0,
    ]
    features: npt.NDArray[np.float32] = np.stack(columns, axis=1, dtype=np.float32)
    return np.clip(features, np.float32(-3.0), np.float32(3.0), out=features)


def _unions(boxes: Floats) -> Callable[[Indices, Indices], Floats]:
    """Return a function that returns the union of boxes first, …, stop - 1 (at most 8)."""

    def union(first: Indices, stop: Indices) -> Floats:
        last = np.maximum(stop - 1, 0)
        result = boxes[np.minimum(first, len(boxes) - 1)].copy()
        for step in range(1, 8):
            other = boxes[np.minimum(first + step, last)]
            use = first + step <= last
            result[use, :2] = np.minimum(result[use, :2], other[use, :2])
            result[use, 2:] = np.maximum(result[use, 2:], other[use, 2:])
        return result

    return union


def _length(points: Points) -> float:
    step = np.diff(points, axis=0)
    return float(np.hypot(step[:, 0], step[:, 1]).sum())


def _gap_inside(boxes: Floats) -> float:
    """Return the widest gap between pieces of a group; 0 for one piece."""
    if len(boxes) == 1:
        return 0.0
    reach = np.maximum.accumulate(boxes[:, 2])
    return float((boxes[1:, 0] - reach[:-1]).max())


def _log_ratio(a: Floats, b: Floats, height: float) -> Floats:
    ratio: Floats = np.log((a + 0.1 * height) / (b + 0.1 * height))
    return ratio


_SPACE: Final = (-6.32, 6.258, -8.133, 1.974)
"""Log odds of a space: 1, the gap, the median gap of the line, and their ratio; gaps in heights.
Fitted to lines of several words of the training writers, and moved to the fewest errors."""

_MEDIAN_MARGIN: Final = 0.15

_FEW_GAPS: Final = 2
_WIDEST_OF_FEW, _WIDEST_OF_MANY = 0.7, 1.5
"""The median gap at most, in heights: of few gaps, as in "I am", it may be that of words."""


def space_odds(line: TextLine) -> Floats:
    """Return the log odds of a space before each piece but the first.

    Returns
    -------
    ndarray of shape (n_pieces - 1,), dtype=float64
    """
    gaps = _gaps(np.array([piece.box for piece in line.pieces])) / line.height
    open_gaps = gaps[gaps > 0.0]
    widest = _WIDEST_OF_FEW if len(open_gaps) <= _FEW_GAPS else _WIDEST_OF_MANY
    median = min(float(np.median(open_gaps)), widest) if len(open_gaps) else 0.0
    gaps = np.clip(gaps, -1.0, 3.0)
    bias, of_gap, of_median, of_ratio = _SPACE
    odds: Floats = (
        bias + of_gap * gaps + of_median * median + of_ratio * gaps / (median + _MEDIAN_MARGIN)
    )
    return odds


def _gaps(boxes: Floats) -> Floats:
    """Return the gap between all before and all behind each border of two pieces."""
    reach = np.maximum.accumulate(boxes[:, 2])
    begin = np.minimum.accumulate(boxes[::-1, 0])[::-1]
    gaps: Floats = begin[1:] - reach[:-1]
    return gaps


_SMALL: Final = 0.4
"""A stroke smaller than this share of the typical height belongs to the nearest line."""

_OFF_LINE: Final = 0.85
"""Strokes whose centres differ by more than this from the last ones of a line, in typical heights,
and that overlap them by less than half, stand on another line."""

_RECENT: Final = 4

_SHARED: Final = 0.2
"""Lines that share more than this part of the lower one's height are one."""

_FEW: Final = 2
_CLOSE: Final = 0.35
"""A line of so few strokes that is closer than this to another, in heights, belongs to it."""


def find_lines(strokes: Sequence[Points]) -> list[list[int]]:
    """Divide the strokes of a sheet into lines, from top to bottom.

    Parameters
    ----------
    strokes : sequence of ndarrays of shape (n_points, 2), dtype=float32

    Returns
    -------
    list of list of int
        The indices of the strokes of each line, in the order of drawing.
    """
    if not strokes:
        return []
    boxes = np.array([[*points.min(axis=0), *points.max(axis=0)] for points in strokes])
    heights = boxes[:, 3] - boxes[:, 1]
    typical = float(np.quantile(heights, 0.6)) or float(heights.max())
    is_large = heights >= _SMALL * typical
    lines: list[list[int]] = []
    for index in np.argsort(boxes[:, 0], kind="stable").tolist():
        if is_large[index]:
            best = min(lines, key=lambda line: _off(boxes, line, index), default=None)
            if best is None or _off(boxes, best, index) > _OFF_LINE * typical:
                lines.append([index])
            else:
                best.append(index)
    lines = _merged(boxes, lines)
    for index in np.flatnonzero(~is_large).tolist():
        centre = (boxes[index, :2] + boxes[index, 2:]) / 2

        def away(line: list[int], centre: Floats = centre) -> float:
            """Return the distance to the nearest stroke of a line; across counts for half."""
            low, high = boxes[line, :2], boxes[line, 2:]
            gap = np.maximum(np.maximum(low - centre, centre - high), 0.0)
            return float((gap[:, 0] / 2 + gap[:, 1]).min())

        if lines:
            min(lines, key=away).append(index)
        else:
            lines.append([index])
    lines.sort(key=lambda line: float(np.mean(boxes[line, 1] + boxes[line, 3])))
    return [sorted(line) for line in lines]


def _merged(boxes: Floats, lines: list[list[int]]) -> list[list[int]]:
    """Merge lines that are beside one another, and bars and dots with what is below them."""
    result: list[list[int]] = []
    for line in sorted(lines, key=len, reverse=True):
        top, bottom = float(np.median(boxes[line, 1])), float(np.median(boxes[line, 3]))
        for other in result:
            above, below = float(np.median(boxes[other, 1])), float(np.median(boxes[other, 3]))
            shared = min(bottom, below) - max(top, above)
            if shared > _SHARED * min(bottom - top, below - above) or _touches(boxes, line, other):
                other += line
                break
        else:
            result.append(line)
    return result


def _touches(boxes: Floats, line: list[int], other: list[int]) -> bool:
    """Return whether a line of one stroke or two lies close to a stroke of another line."""
    if len(line) > _FEW:
        return False
    low, high = boxes[line, :2].min(axis=0), boxes[line, 2:].max(axis=0)
    gap = np.maximum(boxes[other, :2] - high, low - boxes[other, 2:])
    height = float(np.median(boxes[other, 3] - boxes[other, 1]))
    return bool(((gap[:, 0] < 0.2 * height) & (gap[:, 1] < _CLOSE * height)).any())


def _off(boxes: Floats, line: list[int], index: int) -> float:
    """Return how far a stroke is off the last ones of a line; 0 if it overlaps them."""
    recent = line[-_RECENT:]
    top, bottom = boxes[recent, 1].min(), boxes[recent, 3].max()
    _, low, _, high = boxes[index]
    if min(bottom, high) - max(top, low) >= 0.5 * (high - low):
        return 0.0
    centre = float(np.mean(boxes[recent, 1] + boxes[recent, 3])) / 2
    return abs(float(low + high) / 2 - centre)
