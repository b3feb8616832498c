"""Strokes that strike characters out or are written over them, and strokes that are ink."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.ink.strokes import Stroke
from trainer.writing.gestures import find_gesture
from trainer.writing.sheet_text import SheetCharacter, SheetLine, SheetText, SheetWord, StrokePart

Point = tuple[float, float]


def stroke(*points: Point) -> Stroke:
    """Return a stroke through some points, with ten more on each way."""
    ways = np.linspace(0, len(points) - 1, 10 * (len(points) - 1) + 1)
    corners = np.array(points)
    line = [np.interp(ways, np.arange(len(points)), corners[:, axis]) for axis in (0, 1)]
    return Stroke(np.stack(line, axis=1).astype(np.float32))


def zigzag(left: float, right: float, passes: int) -> Stroke:
    """Return a scribble at the height of the word."""
    return stroke(*[(right if n % 2 else left, 12 + 16 * n / passes) for n in range(passes + 1)])


@pytest.fixture
def sheet() -> SheetText:
    """Return "word", each letter 20 wide and high, 10 apart, on a line at y = 30."""
    letters = [
        stroke((x, 10.0), (x + 20.0, 10.0), (x + 20.0, 30.0), (x, 30.0)) for x in (0, 30, 60, 90)
    ]
    word = SheetWord(
        tuple(
            SheetCharacter(text, (StrokePart(each, 0, len(each.points)),))
            for text, each in zip("word", letters, strict=True)
        )
    )
    return SheetText(tuple(letters), (SheetLine((word,), baseline=30.0, x_height=20.0),))


def text_after(sheet: SheetText, drawn: Stroke) -> str:
    gesture = find_gesture(drawn, sheet)
    return sheet.text if gesture is None else gesture.changed(sheet).text


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        (zigzag(28, 52, 5), "wrd"),
        (zigzag(28, 82, 4), "wd"),
        (stroke((-4, 21), (114, 19)), ""),
        (stroke((-4, 21), (84, 19)), "d"),
        (stroke((-4, 21), (54, 19)), "word"),  # as the bar of two t
        (stroke((-4, 36), (114, 36)), "word"),  # below the line
        (stroke((-4, 1), (114, 1)), "word"),  # above the letters
        (stroke((40, 9), (40, 31)), "word"),
        (zigzag(128, 152, 5), "word"),
    ],
)
def test_characters_are_struck_out(sheet: SheetText, drawn: Stroke, text: str) -> None:
    assert text_after(sheet, drawn) == text


def test_a_letter_is_written_over_another_but_not_over_the_last(sheet: SheetText) -> None:
    for drawn in (stroke((32, 11), (49, 11), (36, 29)), zigzag(28, 52, 3)):  # 7 and Z
        gesture = find_gesture(drawn, sheet)
        assert gesture is not None
        assert gesture.is_replacement
        assert gesture.changed(sheet).text == "wrd"
    assert find_gesture(stroke((92, 11), (109, 11), (96, 29)), sheet) is None
    assert find_gesture(stroke((32, 20), (49, 20)), sheet) is None  # a bar
    assert find_gesture(stroke((40, 11), (40, 12)), sheet) is None  # a dot


@given(st.lists(st.tuples(st.integers(-50, 500), st.integers(-50, 500)), min_size=1, max_size=40))
def test_on_an_empty_sheet_all_is_ink(points: list[Point]) -> None:
    assert find_gesture(Stroke(np.array(points, dtype=np.float32)), SheetText()) is None
