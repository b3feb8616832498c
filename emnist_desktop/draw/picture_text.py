"""The text of a picture, and the boxes that its characters come from; both can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.ink.render import Image
from trainer.ink.strokes import Ink, Stroke
from trainer.recognition.recognizer import Candidate

Rect = tuple[float, float, float, float]
"""x, y, width and height, in pixels of the picture."""

_MIDDLE = 0.25
"""A box is split no nearer to its sides than this share of its width."""


@dataclass(frozen=True, eq=False)
class ReadBox:
    """A character that was found in a picture.

    Attributes
    ----------
    rect : tuple of float
    ink : Ink
        Its strokes, as they were traced.
    image : ndarray of shape (28, 28), dtype=uint8
        What the recogniser saw of it.
    candidates : tuple of Candidate
        In descending order of probability.
    """

    rect: Rect
    ink: Ink
    image: Image
    candidates: tuple[Candidate, ...] = ()

    @property
    def character(self) -> str:
        """What was recognised; empty if nothing was."""
        return self.candidates[0].character if self.candidates else ""


_ON_LINE = 0.3
"""Boxes are on one line if they share more than this part of the lower one's height."""


class PictureText:
    """Boxes, and a text of which some characters belong to boxes.

    Parameters
    ----------
    boxes : sequence of ReadBox
        In reading order.
    text : str
    slots : sequence of ReadBox or None
        The box of each character of the text.
    """

    def __init__(
        self, boxes: Sequence[ReadBox], text: str, slots: Sequence[ReadBox | None]
    ) -> None:
        self.boxes = list(boxes)
        self.text = text
        self._slots = list(slots)

    def character_of(self, box: ReadBox) -> str:
        """Return the character of a box in the text; empty if it was deleted there."""
        return self.text[self._slots.index(box)] if box in self._slots else ""

    def edit(self, text: str) -> None:
        """Take over an edited text; new characters get the boxes that have none there, in order."""
        old = self.text
        shortest = min(len(old), len(text))
        first = next((i for i in range(shortest) if old[i] != text[i]), shortest)
        shortest -= first
        last = next((i for i in range(shortest) if old[-1 - i] != text[-1 - i]), shortest)
        stop = len(old) - last
        new = text[first : len(text) - last]
        free = iter(self._between(first, stop))
        self._slots[first:stop] = [
            None if character.isspace() else next(free, None) for character in new
        ]
        self.text = text

    def _between(self, first: int, stop: int) -> list[ReadBox]:
        """Return the boxes between the characters before and after a part of the text."""
        before = [box for box in self._slots[:first] if box is not None]
        behind = [box for box in self._slots[stop:] if box is not None]
        start = self.boxes.index(before[-1]) + 1 if before else 0
        end = self.boxes.index(behind[0]) if behind else len(self.boxes)
        return [box for box in self.boxes[start:end] if box not in {*before, *behind}]

    def correct(self, box: ReadBox, character: str) -> None:
        """Set the character of a box."""
        if box not in self._slots:
            self._insert(self._place(box), box, character)
            return
        index = self._slots.index(box)
        self.text = self.text[:index] + character + self.text[index + 1 :]

    def replace(self, old: Sequence[ReadBox], new: Sequence[ReadBox]) -> None:
        """Put boxes in the place of others, which may be none, with what was recognised."""
        number = self.boxes.index(old[0]) if old else self._number(new[0])
        places = [self._slots.index(box) for box in old if box in self._slots]
        place = places[0] if places else self._place(new[0]) if new else 0
        for index in reversed(places):
            self.text = self.text[:index] + self.text[index + 1 :]
            del self._slots[index]
        self.boxes = [box for box in self.boxes if box not in old]
        self.boxes[number:number] = new
        for step, box in enumerate(new):
            self._insert(place + step, box, box.character or "?")

    def _insert(self, index: int, box: ReadBox, character: str) -> None:
        self.text = self.text[:index] + character + self.text[index:]
        self._slots.insert(index, box)

    def _number(self, box: ReadBox) -> int:
        """Return where a box stands among the others: behind the one before it in the text."""
        before = [each for each in self._slots[: self._place(box)] if each is not None]
        return self.boxes.index(before[-1]) + 1 if before else 0

    def _place(self, box: ReadBox) -> int:
        """Return where the character of a box belongs in the text: beside its nearest neighbour."""
        x, top, width, height = box.rect
        nearest, place = float("inf"), 0
        for index, other in enumerate(self._slots):
            if other is None:
                continue
            left, y, wide, tall = other.rect
            if min(top + height, y + tall) - max(top, y) > _ON_LINE * min(height, tall):
                away = (left + wide / 2) - (x + width / 2)
                if abs(away) < nearest:
                    nearest, place = abs(away), index if away > 0 else index + 1
            elif nearest == float("inf") and y < top:  # a line above
                place = index + 1
        return place


def ink_within(ink: Ink, rect: Rect) -> Ink:
    """Return the parts of strokes that lie in a rectangle."""
    x, y, width, height = rect
    low, high = np.array([x, y]), np.array([x + width, y + height])
    parts = []
    for stroke in ink.strokes:
        inside = ((stroke.points >= low) & (stroke.points <= high)).all(axis=1)
        cuts = np.flatnonzero(np.diff(inside.astype(np.int8))) + 1
        runs = zip(np.split(stroke.points, cuts), np.split(inside, cuts), strict=True)
        parts += [Stroke(points) for points, is_in in runs if is_in.any()]
    return Ink(tuple(parts))


def halves(box: ReadBox, at: float | None = None) -> tuple[Rect, Rect]:
    """Return the rectangles of a box that is split at an x; by default where there is least ink."""
    x, y, width, height = box.rect
    if at is None:
        points, _ = box.ink.flat()
        low, high = x + _MIDDLE * width, x + (1 - _MIDDLE) * width
        counts, edges = np.histogram(points[:, 0], bins=max(3, round(width / 6)), range=(low, high))
        off_middle = np.abs(np.arange(len(counts)) - (len(counts) - 1) / 2) / len(counts)
        least = int((counts + off_middle).argmin())
        at = float(edges[least] + edges[least + 1]) / 2
    return (x, y, at - x, height), (at, y, x + width - at, height)


def union(first: Rect, second: Rect) -> Rect:
    """Return the rectangle around both."""
    left, top = min(first[0], second[0]), min(first[1], second[1])
    right = max(first[0] + first[2], second[0] + second[2])
    bottom = max(first[1] + first[3], second[1] + second[3])
    return left, top, right - left, bottom - top
