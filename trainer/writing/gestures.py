"""Corrections by the pen: striking characters out, and writing others over them.

A stroke is a gesture only where it lies on characters that are read already, and looks like no
part of them; in doubt it is ink. What `find_gesture` takes for one, and how often it takes what
writers mean as ink, is in docs/words.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from trainer.ink.strokes import Points, Stroke
from trainer.recognition.line_reader import Box
from trainer.writing.sheet_text import SheetLine, SheetText, SheetWord, box_of

_LEAST_PASSES = 4
"""How often a scribble goes over a character; of letters, Z does three times."""

_WIDE_PASS = 0.65
"""A pass goes over this share of the width of its stroke."""

_FEWEST_IN_LINE = 3
"""Characters that a single line strikes out; the bar of a t lies on fewer."""

_FLAT = 0.6
"""Height of a striking line at most, in heights of small letters."""

_BODY = (0.0, 1.3)
"""Where a line strikes: above the baseline, in heights of small letters."""

_LEAST_HEIGHT, _LEAST_WIDTH = 0.6, 0.4
"""Shares of a character that a stroke has which replaces it: bars and dots are smaller."""

_INSIDE, _COVERED = 0.7, 0.5
"""Shares of the stroke that lie on the character, and of the character under the stroke."""


@dataclass(frozen=True, eq=False)
class Gesture:
    """What a stroke does to characters.

    Attributes
    ----------
    struck : tuple of (SheetWord, tuple of int)
        Words, and the indices of their characters that go.
    is_replacement : bool
        Whether the stroke is the ink of what stands there now; else it goes as well.
    """

    struck: tuple[tuple[SheetWord, tuple[int, ...]], ...]
    is_replacement: bool = False

    def changed(self, sheet: SheetText) -> SheetText:
        """Return a sheet without what is struck out."""
        for word, indices in self.struck:
            sheet = sheet.without(word, indices)
        return sheet


def find_gesture(stroke: Stroke, sheet: SheetText) -> Gesture | None:
    """Return what a new stroke means for the text that was read before it; None for ink.

    Parameters
    ----------
    stroke : Stroke
        Not yet in the text.
    sheet : SheetText
    """
    points = stroke.points
    if len(points) < 2 or not sheet.words:
        return None
    box = box_of(points)
    struck = [
        (word, tuple(indices))
        for line in sheet.lines
        for word in line.words
        if (indices := list(_struck(points, box, word, line)))
    ]
    if struck:
        return Gesture(tuple(struck))
    replaced = list(_replaced(box, sheet))
    return Gesture((replaced[0],), is_replacement=True) if len(replaced) == 1 else None


def _struck(points: Points, box: Box, word: SheetWord, line: SheetLine) -> Iterator[int]:
    """Yield the characters of a word that a stroke strikes out."""
    centres = [each.centre if each.parts else None for each in word.characters]
    crossings = [
        np.empty(0) if centre is None else _crossings(points, centre, _WIDE_PASS * box[2])
        for centre in centres
    ]
    for index, each in enumerate(word.characters):
        _, top, _, height = each.box
        margin = 0.25 * height
        over = (crossings[index] > top - margin) & (crossings[index] < top + height + margin)
        if over.sum() >= _LEAST_PASSES:
            yield index
    if box[3] > _FLAT * line.x_height or line.x_height <= 0:
        return
    low, high = (line.x_height * share for share in _BODY)
    lined = [
        index
        for index, centre in enumerate(centres)
        if centre is not None
        and 0 < len(crossings[index]) < _LEAST_PASSES
        and low < line.baseline + line.slope * centre - crossings[index].mean() < high
    ]
    if len(lined) >= _FEWEST_IN_LINE:
        yield from (i for i in range(lined[0], lined[-1] + 1) if centres[i] is not None)


def _replaced(box: Box, sheet: SheetText) -> Iterator[tuple[SheetWord, tuple[int]]]:
    """Yield the characters that a stroke is written over; not the last, which it may belong to."""
    order = {stroke: number for number, stroke in enumerate(sheet.strokes)}
    left, top, width, height = box
    for word in sheet.words:
        for index, each in enumerate(word.characters):
            x, y, w, h = each.box
            if not each.parts or height < _LEAST_HEIGHT * h or width < _LEAST_WIDTH * w:
                continue
            across = min(left + width, x + w) - max(left, x)
            down = min(top + height, y + h) - max(top, y)
            shared = max(0.0, across) * max(0.0, down)
            if shared < _INSIDE * max(1.0, width * height) or shared < _COVERED * w * h:
                continue
            if max(order.get(part.stroke, -1) for part in each.parts) < len(order) - 1:
                yield word, (index,)


def _crossings(points: Points, x: float, least: float) -> npt.NDArray[np.float64]:
    """Return y where a stroke passes x, on passes to the left or right of at least a width."""
    step = np.sign(np.diff(points[:, 0].astype(np.float64)))
    turns = [0]
    way = 0.0
    for number, each in enumerate(step.tolist()):
        if each and way and each != way:
            turns.append(number)
        way = each or way
    turns.append(len(points) - 1)
    found = []
    for first, last in pairwise(turns):
        part = points[first : last + 1].astype(np.float64)
        low, high = sorted((part[0, 0], part[-1, 0]))
        if high - low >= least and low <= x <= high:
            rising = part if part[0, 0] <= part[-1, 0] else part[::-1]
            found.append(np.interp(x, rising[:, 0], rising[:, 1]))
    return np.array(found)
