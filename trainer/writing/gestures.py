"""Corrections by the pen: striking characters out, writing others over them, making room.

A stroke is a gesture only where it lies on characters that are read already, and looks like no
part of them; in doubt it is ink. What `find_gesture` takes for one, and how often it takes what
writers mean as ink, is in docs/words.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from trainer.ink.strokes import Points
from trainer.recognition.line_reader import Box
from trainer.writing.sheet_text import SheetLine, SheetText, SheetWord, Strokes, box_of

_LEAST_PASSES = 5
"""How often a scribble goes over a character; of letters, 3, 8 and B do four times."""

_WIDE_PASS = 0.65
"""A pass goes over this share of the width of its stroke."""

_FEWEST_IN_LINE = 3
"""Characters that a single line strikes out; the bar of a t lies on fewer."""

_DENSE = 2.3
"""Way of a scribble over several characters, in widths of the room of each: a bar has one."""

_FLAT = 0.6
"""Height of a striking line at most, in heights of small letters."""

_BODY = (0.0, 1.3)
"""Where a line strikes: above the baseline, in heights of small letters."""

_SCRIBBLED = (-0.6, 2.2)
"""Where a scribble lies, above the baseline, in heights of small letters."""

_LEAST_HEIGHT, _LEAST_WIDTH = 0.6, 0.4
"""Shares of a character that a stroke has which replaces it: bars and dots are smaller."""

_INSIDE, _COVERED = 0.7, 0.5
"""Shares of the stroke that lie on the character, and of the character under the stroke."""


_MOST_STROKES = 4
"""Strokes of a character that is written over another at most."""

_ROUND_IT = 0.15
"""What of a character's strokes may lie beside the one that it is written over, as a share."""

_STRAIGHT = 1.12
"""Length of a leg of a caret at most, as a multiple of the distance of its ends."""

_CARET_HEIGHT, _CARET_SHAPE = (0.35, 1.8), (0.4, 2.0)
"""Height of a caret, in heights of small letters; width by height."""

_APEX, _FEET = (-0.8, 0.6), (-2.0, -0.2)
"""Above the baseline, in heights of small letters."""

_ROOM_IN_WORD, _ROOM = 2.5, 5.0
"""What a caret makes room for within a word and between words, in heights of small letters."""


class GestureKind(Enum):
    """What a gesture does."""

    STRIKE = auto()
    REPLACE = auto()
    MAKE_ROOM = auto()


@dataclass(frozen=True, eq=False)
class Gesture:
    """What a stroke does to the text.

    Attributes
    ----------
    kind : GestureKind
        The ink of a replacement stays on the sheet; that of other gestures goes.
    words : tuple of (SheetWord, tuple of int)
        Words, and the indices of their characters that go; or that move to the right.
    room : float
        How far characters move.
    """

    kind: GestureKind
    words: tuple[tuple[SheetWord, tuple[int, ...]], ...]
    room: float = 0.0

    def changed(self, sheet: SheetText) -> SheetText:
        """Return a sheet after the gesture."""
        if self.kind is GestureKind.MAKE_ROOM:
            return sheet.with_room(self.words, self.room)
        for word, indices in self.words:
            sheet = sheet.without(word, indices)
        return sheet


def find_gesture(strokes: Strokes, sheet: SheetText) -> Gesture | None:
    """Return what the last stroke means for the text that was read before it; None for ink.

    Parameters
    ----------
    strokes : tuple of Stroke
        All that is drawn, in the order of drawing; the last one is not yet in the text.
    sheet : SheetText
        Perhaps of older ink.
    """
    points = strokes[-1].points if strokes else np.empty((0, 2), np.float32)
    if len(points) < 2 or not sheet.words:
        return None
    box = box_of(points)
    struck = [
        (word, tuple(indices))
        for line in sheet.lines
        for word in line.words
        if (indices := _struck_in(points, box, word, line))
    ]
    if struck:
        return Gesture(GestureKind.STRIKE, tuple(struck))
    for n_strokes in range(1, min(_MOST_STROKES, len(strokes) - 1) + 1):
        replaced = list(_replaced(strokes, n_strokes, sheet))
        if len(replaced) == 1:
            return Gesture(GestureKind.REPLACE, (replaced[0],))
    is_read = strokes[:-1] == sheet.strokes  # what is not read yet would not move
    return _caret(points, box, sheet) if is_read else None


def _struck_in(points: Points, box: Box, word: SheetWord, line: SheetLine) -> list[int]:
    """Return the characters of a word that a stroke strikes out."""
    struck = list(_struck(points, box, word, line))
    if len(struck) == 1:  # a scribble over one is wider than a narrow neighbour
        return struck
    return max(struck, list(_scribbled(points, word, line)), key=len)


def _struck(points: Points, box: Box, word: SheetWord, line: SheetLine) -> Iterator[int]:
    """Yield the characters that wide passes go over again and again, or a line goes through."""
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


def _scribbled(points: Points, word: SheetWord, line: SheetLine) -> Iterator[int]:
    """Yield three or more neighbours that a stroke goes to and fro over, or up and down.

    Ink does not: letters that are joined go on behind what is read, and a bar passes once.
    """
    centre_of = {each.centre: index for index, each in enumerate(word.characters) if each.parts}
    if len(centre_of) < _FEWEST_IN_LINE or line.x_height <= 0:
        return
    centres = np.array(sorted(centre_of))
    middles = (centres[1:] + centres[:-1]) / 2
    edges = np.array([2 * centres[0] - middles[0], *middles, 2 * centres[-1] - middles[-1]])
    steps = np.diff(points.astype(np.float64), axis=0)
    at = (points[1:] + points[:-1]) / 2
    above = (line.baseline + line.slope * at[:, 0] - at[:, 1]) / line.x_height
    low, high = _SCRIBBLED
    over = (above > low) & (above < high)
    ways, _ = np.histogram(at[over, 0], edges, weights=np.hypot(*steps[over].T))
    dense = (ways >= _DENSE * np.diff(edges)).tolist()
    runs = [list(run) for is_in, run in groupby(range(len(dense)), dense.__getitem__) if is_in]
    longest = max(runs, key=len, default=[])
    if len(longest) >= _FEWEST_IN_LINE:
        yield from (centre_of[float(centres[number])] for number in longest)


def _replaced(
    strokes: Strokes, n_strokes: int, sheet: SheetText
) -> Iterator[tuple[SheetWord, tuple[int]]]:
    """Yield the characters that the last strokes are written over.

    It is none that another was not written after: those strokes may belong to it.
    """
    over = strokes[-n_strokes:]
    order = {stroke: number for number, stroke in enumerate(strokes[:-n_strokes])}
    boxes = [box_of(stroke.points) for stroke in over]
    left, top, width, height = box_of(np.concatenate([stroke.points for stroke in over]))
    for word in sheet.words:
        older = _without(word, over)
        for index, each in enumerate(older.characters):
            x, y, w, h = each.box
            if not each.parts or height < _LEAST_HEIGHT * h or width < _LEAST_WIDTH * w:
                continue
            across = min(left + width, x + w) - max(left, x)
            down = min(top + height, y + h) - max(top, y)
            shared = max(0.0, across) * max(0.0, down)
            if shared < _INSIDE * max(1.0, width * height) or shared < _COVERED * w * h:
                continue
            if n_strokes > 1 and not all(_lies_on(box, each.box) for box in boxes):
                continue
            newest = max(order.get(part.stroke, -1) for part in each.parts)
            later = strokes[newest + 1 : -n_strokes]
            if not all(_lies_on(box_of(stroke.points), each.box) for stroke in later):
                yield older, (index,)


def _without(word: SheetWord, strokes: Strokes) -> SheetWord:
    """Return a word as it was before some strokes; the word itself where it has none of them."""
    if word.strokes.isdisjoint(strokes):
        return word
    characters = tuple(
        replace(each, parts=parts)
        for each in word.characters
        if (parts := tuple(part for part in each.parts if part.stroke not in strokes))
        or not each.parts
    )
    return replace(word, characters=characters)


def _lies_on(box: Box, other: Box) -> bool:
    """Whether a box lies in another one, or nearly."""
    x, y, w, h = other
    margin = _ROUND_IT * max(w, h)
    left, top, width, height = box
    return (
        x - margin <= left
        and left + width <= x + w + margin
        and y - margin <= top
        and top + height <= y + h + margin
    )


def _caret(points: Points, box: Box, sheet: SheetText) -> Gesture | None:
    """Return the room that a caret below two characters makes; None if it is no caret."""
    apex = int(points[:, 1].argmin())
    if not 0 < apex < len(points) - 1:
        return None
    up, down = points[: apex + 1], points[apex:]
    x, y = points[apex].tolist()
    _, _, width, height = box
    if (
        not (up[0, 0] < x < down[-1, 0])
        or not all(_is_straight(leg) for leg in (up, down))
        or not _CARET_SHAPE[0] * height <= width <= _CARET_SHAPE[1] * height
        or min(up[0, 1], down[-1, 1]) < y + 0.7 * height
    ):
        return None
    for line in sheet.lines:
        if line.x_height <= 0:
            continue
        baseline = line.baseline + line.slope * x
        above, foot = ((baseline - each) / line.x_height for each in (y, y + height))
        size = height / line.x_height
        if (
            _APEX[0] <= above <= _APEX[1]
            and _FEET[0] <= foot <= _FEET[1]
            and _CARET_HEIGHT[0] <= size <= _CARET_HEIGHT[1]
        ):
            return _room_in(line, x)
    return None


def _room_in(line: SheetLine, x: float) -> Gesture | None:
    """Return the gesture that moves what is right of x; None at the ends of the line."""
    moved = [
        (word, tuple(i for i, each in enumerate(word.characters) if each.parts and each.centre > x))
        for word in line.words
    ]
    stays = any(each.parts and each.centre <= x for word in line.words for each in word.characters)
    moved = [(word, indices) for word, indices in moved if indices]
    if not moved or not stays:
        return None
    is_within = any(
        len(indices) < sum(bool(each.parts) for each in word.characters) for word, indices in moved
    )
    room = (_ROOM_IN_WORD if is_within else _ROOM) * line.x_height
    return Gesture(GestureKind.MAKE_ROOM, tuple(moved), room=room)


def _is_straight(leg: Points) -> bool:
    way = float(np.hypot(*np.diff(leg, axis=0).T).sum())
    return way <= _STRAIGHT * float(np.hypot(*(leg[-1] - leg[0])))


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
