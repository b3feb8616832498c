"""Segmentation of a picture's ink into components, characters and lines.

Distances are relative to the size of the writing, *height* below.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Component = npt.NDArray[np.int64]
"""Array of shape (n_pixels, 2), dtype=int64: row and column of each pixel."""

_SPECK = 0.0025
"""A component smaller than this, as a share of the squared height, is dirt; an i's dot is 0.01."""

_SMALLEST_SPECK = 3
_RULE_SHARE = 0.6
_RULE_SLENDERNESS = 12
"""A ruled line spans at least this share of the page, and is this much wider than high."""

_FRAME_DEPTH = 0.08
"""A frame lies within this share of the shorter side of its box; the turns of an O do not."""

_FRAME_SHARE = 0.9
"""Minimum share of each side that it covers."""

_LEAST_FRAMED = 0.2
"""Minimum height of ink within a frame, as a share of its own; a dot does not make an O a frame."""

_OVERLAP = 0.5
"""Minimum overlap of pieces above one another, as a share of the narrower one's width."""

_BREAK_GAP = 0.16
"""Maximum gap across which two pieces of one stroke are joined, in heights."""

_DOT_SIZE = 0.45
_DOT_GAP = 0.8
"""Maximum size of a dot, and of the gap to the larger piece below it, in heights."""

_DOT_ASIDE = 0.3
"""Maximum horizontal distance of a dot from its stem, in heights: hasty writers shift it right."""

_DOT_DEPTH = 0.25
"""A dot ends above this share of the height of what is below it."""

_SIDE_GAP = 0.03
"""Maximum gap across which pieces side by side are joined; further apart they are neighbours."""

_LINE_OVERLAP = 0.3
"""Minimum overlap of neighbours in a line, as a share of the lower character's height."""


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels; `right` and `bottom` are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    def merged(self, other: Box) -> Box:
        """Return the bounding box of both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def contains(self, other: Box) -> bool:
        """Return whether another box lies within this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def gap(self, other: Box) -> tuple[int, int]:
        """Return the horizontal and vertical gaps between boxes; negative where they overlap."""
        across = max(self.left, other.left) - min(self.right, other.right)
        down = max(self.top, other.top) - min(self.bottom, other.bottom)
        return across, down


def box_of(component: Component) -> Box:
    """Return the bounding box of a component."""
    top, left = component.min(axis=0).tolist()
    bottom, right = component.max(axis=0).tolist()
    return Box(left, top, right + 1, bottom + 1)


def components(mask: Mask) -> list[Component]:
    """Return the 8-connected components of a mask, by union-find over its runs.

    Parameters
    ----------
    mask : ndarray of shape (height, width), dtype=bool
    """
    height, width = mask.shape
    padded = np.zeros((height, width + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)  # exclusive
    parent = list(range(len(rows)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    first_of_row = np.searchsorted(rows, np.arange(height + 1)).tolist()
    start_list, end_list = starts.tolist(), ends.tolist()
    for row in range(1, height):
        above, above_end = first_of_row[row - 1], first_of_row[row]
        for run in range(first_of_row[row], first_of_row[row + 1]):
            while above < above_end and end_list[above] < start_list[run]:
                above += 1
            other = above
            while other < above_end and start_list[other] <= end_list[run]:
                parent[root(other)] = root(run)
                other += 1
    roots = np.array([root(run) for run in range(len(parent))], dtype=np.int64)
    lengths = ends - starts
    label = np.repeat(roots, lengths)
    row_of_pixel = np.repeat(rows, lengths)
    offset = np.arange(len(label)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    pixels = np.stack([row_of_pixel, np.repeat(starts, lengths) + offset], axis=1)
    order = np.argsort(label, kind="stable")
    if not len(order):
        return []
    return np.split(pixels[order], np.flatnonzero(np.diff(label[order])) + 1)


def characters(mask: Mask) -> list[Component]:
    """Return the pixels of each character, in reading order.

    Specks and ruled lines are dropped; an i and its dot, and the pieces of a broken stroke, are
    joined.
    """
    pieces, height = _writing(mask)
    return _in_reading_order(_joined(pieces, height))


def writing(mask: Mask) -> tuple[Mask, float]:
    """Return a mask without specks and ruled lines, and the height of the writing; 0 if none."""
    pieces, height = _writing(mask)
    result = np.zeros_like(mask)
    for piece in pieces:
        result[piece[:, 0], piece[:, 1]] = True
    return result, height


def _writing(mask: Mask) -> tuple[list[Component], float]:
    pieces = [c for c in components(mask) if not _is_rule(box_of(c), mask.shape[1])]
    if not pieces:
        return [], 0.0
    height = writing_height(pieces)
    smallest = max(_SMALLEST_SPECK, _SPECK * height * height)
    return [piece for piece in pieces if len(piece) >= smallest], height


def without_frames(mask: Mask) -> Mask:
    """Return a mask without printed boxes round characters.

    A frame is a component of four straight sides with nothing of its own within, but other ink.
    """
    if not mask.any():
        return mask
    pieces = components(mask)
    boxes = [box_of(piece) for piece in pieces]
    result = mask.copy()
    for piece, box in zip(pieces, boxes, strict=True):
        if not _has_four_sides(piece, box):
            continue
        least = _LEAST_FRAMED * box.height
        if any(box.contains(other) and other.height >= least for other in boxes if other != box):
            result[piece[:, 0], piece[:, 1]] = False
    return result


def _has_four_sides(piece: Component, box: Box) -> bool:
    """Return whether a component lies along all sides of its box, and nowhere else."""
    depth = round(_FRAME_DEPTH * min(box.width, box.height))
    if depth < 1:
        return False
    rows, columns = piece[:, 0] - box.top, piece[:, 1] - box.left
    inner = (rows >= depth) & (rows < box.height - depth)
    inner &= (columns >= depth) & (columns < box.width - depth)
    if inner.any():
        return False
    sides = (
        (columns[rows < depth], box.width),
        (columns[rows >= box.height - depth], box.width),
        (rows[columns < depth], box.height),
        (rows[columns >= box.width - depth], box.height),
    )
    return all(len(np.unique(along)) >= _FRAME_SHARE * length for along, length in sides)


def _is_rule(box: Box, page_width: int) -> bool:
    return box.width > _RULE_SHARE * page_width and box.width > _RULE_SLENDERNESS * box.height


def writing_height(pieces: list[Component]) -> float:
    """Return the size of the writing: the upper quartile of the larger components' sizes."""
    boxes = [box_of(piece) for piece in pieces]
    sizes = np.array([max(box.width, box.height) for box in boxes], dtype=np.float64)
    large = sizes >= sizes.max() / 4
    return float(np.quantile(sizes[large], 0.75))


def _joined(pieces: list[Component], height: float) -> list[Component]:
    """Join pieces that belong together, nearest first, until none are left."""
    parts = [(box_of(piece), [piece]) for piece in pieces]
    changed = True
    while changed:
        changed = False
        parts.sort(key=lambda part: part[0].width * part[0].height)
        for i in range(len(parts)):
            near = [
                (max(parts[i][0].gap(parts[j][0])), j)
                for j in range(len(parts))
                if j != i and _belong_together(parts[i][0], parts[j][0], height)
            ]
            if near:
                _, j = min(near)
                merged = (parts[i][0].merged(parts[j][0]), parts[i][1] + parts[j][1])
                parts = [part for k, part in enumerate(parts) if k not in (i, j)] + [merged]
                changed = True
                break
    return [np.concatenate(members) for _, members in parts]


def _belong_together(a: Box, b: Box, height: float) -> bool:
    across, down = a.gap(b)
    upper, lower = (a, b) if a.top < b.top else (b, a)
    is_dot = max(upper.width, upper.height) <= _DOT_SIZE * height < 2 * lower.height
    if is_dot and upper.bottom <= lower.top + _DOT_DEPTH * lower.height:
        return across <= _DOT_ASIDE * height and down <= _DOT_GAP * height
    if -across >= _OVERLAP * min(a.width, b.width):
        return down <= _BREAK_GAP * height
    overlaps_down = -down >= _OVERLAP * min(a.height, b.height)
    return overlaps_down and across <= _SIDE_GAP * height


def _in_reading_order(parts: list[Component]) -> list[Component]:
    """Sort into lines, extending each from left to right."""
    boxed = sorted(((box_of(part), part) for part in parts), key=lambda pair: pair[0].left)
    lines: list[list[tuple[Box, Component]]] = []
    for box, part in boxed:
        best, best_overlap = None, _LINE_OVERLAP
        for line in lines:
            last = line[-1][0]
            overlap = -last.gap(box)[1] / min(last.height, box.height)
            if overlap > best_overlap:
                best, best_overlap = line, overlap
        if best is None:
            lines.append([(box, part)])
        else:
            best.append((box, part))
    lines.sort(key=lambda line: float(np.mean([box.top + box.bottom for box, _ in line])))
    return [part for line in lines for _, part in line]
