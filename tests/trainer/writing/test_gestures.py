"""Strokes that strike characters out or are written over them, and strokes that are ink."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.ink.strokes import Stroke
from trainer.writing.gestures import Gesture, GestureKind, find_gesture
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


def gesture_of(sheet: SheetText, *drawn: Stroke) -> Gesture | None:
    return find_gesture((*sheet.strokes, *drawn), sheet)


def text_after(sheet: SheetText, drawn: Stroke) -> str:
    gesture = gesture_of(sheet, drawn)
    return sheet.text if gesture is None else gesture.changed(sheet).text


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        (zigzag(28, 52, 5), "wrd"),
        (zigzag(28, 82, 5), "wd"),
        (stroke((-4, 21), (114, 19)), ""),
        (stroke((-4, 21), (84, 19)), "d"),
        (stroke((-4, 21), (54, 19)), "word"),  # as the bar of two t
        (stroke((-4, 36), (114, 36)), "word"),  # below the line
        (stroke((-4, 1), (114, 1)), "word"),  # above the letters
        (stroke((40, 9), (40, 31)), "word"),
        (zigzag(128, 152, 5), "word"),
        (zigzag(-4, 114, 3), ""),
        (zigzag(-4, 84, 4), "d"),
        (stroke(*[(-4 + 6 * n, (12, 30)[n % 2]) for n in range(20)]), ""),  # up and down
    ],
)
def test_characters_are_struck_out(sheet: SheetText, drawn: Stroke, text: str) -> None:
    assert text_after(sheet, drawn) == text


def test_a_letter_is_written_over_another_but_not_over_the_last(sheet: SheetText) -> None:
    for drawn in (stroke((32, 11), (49, 11), (36, 29)), zigzag(28, 52, 3)):  # 7 and Z
        gesture = gesture_of(sheet, drawn)
        assert gesture is not None
        assert gesture.kind is GestureKind.REPLACE
        assert gesture.changed(sheet).text == "wrd"
    assert gesture_of(sheet, stroke((92, 11), (109, 11), (96, 29))) is None
    assert gesture_of(sheet, stroke((32, 20), (49, 20))) is None  # a bar
    assert gesture_of(sheet, stroke((40, 11), (40, 12))) is None  # a dot


def test_a_letter_that_goes_to_and_fro_is_no_scribble(sheet: SheetText) -> None:
    eight = stroke((49, 13), (32, 12), (32, 17), (49, 24), (49, 29), (32, 29), (33, 23), (48, 14))
    gesture = gesture_of(sheet, eight)
    assert gesture is not None
    assert gesture.kind is GestureKind.REPLACE


@given(st.lists(st.tuples(st.integers(-50, 500), st.integers(-50, 500)), min_size=1, max_size=40))
def test_on_an_empty_sheet_all_is_ink(points: list[Point]) -> None:
    assert gesture_of(SheetText(), Stroke(np.array(points, dtype=np.float32))) is None


def test_a_letter_of_several_strokes_is_written_over_another(sheet: SheetText) -> None:
    bars = [stroke((32, 11), (32, 29))] + [stroke((32, y), (49, y)) for y in (11, 20, 29)]
    assert gesture_of(sheet, bars[0]) is None
    gesture = gesture_of(sheet, *bars[:3]) or gesture_of(sheet, *bars)
    assert gesture is not None
    assert gesture.kind is GestureKind.REPLACE
    assert gesture.changed(sheet).text == "wrd"
    last = [Stroke(each.points + np.array([60, 0], np.float32)) for each in bars]
    assert gesture_of(sheet, *last) is None


def test_what_was_read_of_a_letter_written_over_goes_with_the_old_one(sheet: SheetText) -> None:
    down, bar = stroke((33, 11), (33, 29)), stroke((32, 14), (49, 26))
    word = sheet.words[0]
    mixed = SheetCharacter("q", (*word.characters[1].parts, StrokePart(down, 0, 11)))
    read = SheetWord((word.characters[0], mixed, *word.characters[2:]))
    strokes = (*sheet.strokes, down)
    later = SheetText(strokes, (SheetLine((read,), baseline=30.0, x_height=20.0),))
    gesture = gesture_of(later, bar)
    assert gesture is not None
    after = gesture.changed(later)
    assert after.text == "wrd"
    assert after.strokes == (sheet.strokes[0], *sheet.strokes[2:], down)


CARET = ((52, 44), (55, 30), (58, 44))


def test_a_caret_makes_room_within_a_word(sheet: SheetText) -> None:
    gesture = gesture_of(sheet, stroke(*CARET))
    assert gesture is not None
    after = gesture.changed(sheet)
    assert after.text == "word"
    assert [each.box[0] for each in after.words[0].characters] == [0, 30, 110, 140]
    assert after.words[0].is_fixed
    assert after.strokes[:2] == sheet.strokes[:2]
    again = gesture_of(after, stroke(*CARET))
    assert again is not None
    assert [each.box[0] for each in again.changed(after).words[0].characters] == [0, 30, 160, 190]


def test_a_caret_cuts_a_stroke_that_runs_through_it(sheet: SheetText) -> None:
    one = stroke(*[(x, y) for x in (0, 30, 60, 90) for y in (10, 30)])
    parts = [(0, 21), (20, 41), (40, 61), (60, 71)]
    word = SheetWord(
        tuple(
            SheetCharacter(text, (StrokePart(one, *part),))
            for text, part in zip("word", parts, strict=True)
        )
    )
    joined = replace(sheet, strokes=(one,), read=(replace(sheet.read[0], words=(word,)),))
    gesture = gesture_of(joined, stroke((42, 44), (45, 30), (48, 44)))
    assert gesture is not None
    after = gesture.changed(joined)
    assert len(after.strokes) == 4
    boxes = [each.box[0] for each in after.words[0].characters]
    before = [each.box[0] for each in word.characters]
    assert [b - a for a, b in zip(before, boxes, strict=True)] == [0, 0, 50, 50]


@pytest.mark.parametrize(
    "points",
    [
        ((112, 44), (115, 30), (118, 44)),  # behind the word: a letter
        ((-8, 44), (-5, 30), (-2, 44)),
        ((52, 24), (55, 10), (58, 24)),  # among the letters
        ((52, 94), (55, 80), (58, 94)),  # in the next line
        ((52, 30), (55, 44), (58, 30)),  # a hook
        ((52, 44), (30, 37), (55, 30), (58, 44)),
        ((52, 44), (58, 30)),
    ],
)
def test_what_is_no_caret_stays_ink(sheet: SheetText, points: tuple[Point, ...]) -> None:
    assert gesture_of(sheet, stroke(*points)) is None
