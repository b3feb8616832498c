"""A text and its ink: whatever is corrected, the text is what was wished, and no ink is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.writing.sheets import sheet_of
from trainer.ink.strokes import Ink, Stroke
from trainer.writing.sheet_text import (
    SheetText,
    StrokePart,
    fixed_record,
    fixed_words,
    joined,
    splits,
)

HELLO = "Hello 42\nmy friend"
TEXTS = st.text(alphabet="abH4 \n", max_size=12)


def inked(sheet: SheetText) -> set[Stroke]:
    return {stroke for word in sheet.words for stroke in word.strokes}


def letters_with_ink(sheet: SheetText) -> str:
    return "".join(c.text for word in sheet.words for c in word.characters if c.parts)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6), TEXTS), max_size=4))
def test_any_change_of_the_text_is_taken_and_no_ink_is_lost(
    changes: list[tuple[int, int, str]],
) -> None:
    sheet = sheet_of(HELLO)
    for place, removed, added in changes:
        text = sheet.text
        place = min(place, len(text))
        wanted = text[:place] + added + text[place + removed :]
        sheet = sheet.with_text(wanted)
        assert sheet.text == wanted
        assert inked(sheet) == set(sheet.strokes)
    assert sheet.with_text(HELLO).text == HELLO


def test_a_retyped_letter_keeps_its_ink() -> None:
    sheet = sheet_of("Hcllo").with_text("Hello")
    (word,) = sheet.words
    assert word.is_fixed
    changed = word.characters[1]
    assert changed.is_corrected
    assert changed.parts[0].stroke is sheet.strokes[1]
    assert not any(c.is_corrected for i, c in enumerate(word.characters) if i != 1)


def test_a_deleted_text_leaves_its_ink_for_what_is_typed_there() -> None:
    sheet = sheet_of("Hello 42").with_text("Hello 4").with_text("Hello ")
    assert letters_with_ink(sheet) == "Hello"
    sheet = sheet.with_text("Hello 1").with_text("Hello 17")
    assert letters_with_ink(sheet) == "Hello17"


def test_a_line_that_is_typed_anew_has_its_words() -> None:
    sheet = sheet_of("I am 42\nmy").with_text("u at XY\nmy")
    assert [word.text for word in sheet.lines[0].words] == ["u", "at", "XY"]
    assert [word.text for word in sheet.with_text("u a XY\nmy").words] == ["u", "a", "XY", "my"]


def test_a_sheet_that_is_typed_anew_has_its_lines() -> None:
    sheet = written = sheet_of(HELLO)
    for n in range(1, len(HELLO) + 1):
        sheet = sheet.with_text(HELLO[:n])
    assert [[w.text for w in line.words] for line in sheet.lines] == [
        ["Hello", "42"],
        ["my", "friend"],
    ]
    for ours, theirs in zip(sheet.words, written.words, strict=True):
        assert [c.parts for c in ours.characters] == [c.parts for c in theirs.characters]


def test_two_letters_become_one() -> None:
    word = sheet_of("corner").words[0].retyped("comer")
    assert word.text == "comer"
    assert len(word.characters[2].parts) == 2


def test_a_corrected_word_stays_while_its_line_is_read_anew() -> None:
    sheet = sheet_of("He1lo 42").with_text("Hello 42")
    longer = replace(sheet, read=sheet_of("x").read + sheet.read)
    assert longer.words[0].text == "Hello"
    other = replace(sheet.read[0].words[0], characters=sheet.read[0].words[0].characters[:2])
    line = replace(sheet.read[0], words=(other, *sheet.read[0].words[1:]))
    assert replace(sheet, read=(line,)).text == "Hello 42"


def test_what_is_written_beside_a_corrected_word_is_added_to_it() -> None:
    whole = sheet_of("Hexlo")
    begun = SheetText(whole.strokes[:3], sheet_of("Hex").read)
    word = replace(whole.read[0].words[0], characters=whole.read[0].words[0].characters[:3])
    begun = SheetText(whole.strokes[:3], (replace(whole.read[0], words=(word,)),))
    fixed = begun.with_text("Hel").fixed
    assert SheetText(whole.strokes, whole.read, fixed).text == "Hello"


def test_a_corrected_word_whose_ink_was_changed_is_read_anew() -> None:
    sheet = sheet_of("He1lo 42").with_text("Hello 42")
    assert replace(sheet, strokes=sheet.strokes[1:]).text == "42"


def test_removed_letters_take_their_ink_along() -> None:
    sheet = sheet_of("Helllo 42")
    shorter = sheet.without(sheet.words[0], (2,))
    assert shorter.text == "Hello 42"
    assert len(shorter.strokes) == len(sheet.strokes) - 1
    assert shorter.without(shorter.words[1], (0, 1)).text == "Hello"


def test_a_letter_that_shares_a_stroke_is_cut_out_of_it() -> None:
    sheet = sheet_of("ab")
    points = np.arange(12, dtype=np.float32).reshape(6, 2)
    stroke = Stroke(points, time=np.arange(6, dtype=np.float32))
    characters = [
        replace(each, parts=(StrokePart(stroke, *span),))
        for each, span in zip(sheet.words[0].characters, ((0, 3), (2, 6)), strict=True)
    ]
    word = replace(sheet.words[0], characters=tuple(characters))
    sheet = SheetText((stroke,), (replace(sheet.lines[0], words=(word,)),))
    left = sheet.without(sheet.words[0], (0,))
    assert left.text == "b"
    assert np.array_equal(left.strokes[0].points, points[2:])
    assert left.strokes[0].time is not None
    assert left.strokes[0].time.tolist() == [2, 3, 4, 5]


def test_letters_are_split_and_joined() -> None:
    one, other = sheet_of("rn").words[0].characters
    both = joined(one, other)
    assert [(len(a.parts), len(b.parts)) for a, b in splits(both)] == [(1, 1)]
    cut = splits(one)
    assert all(a.box[0] <= b.box[0] for a, b in cut)
    assert all(a.parts[0].stop == b.parts[0].start + 1 for a, b in cut)


def test_corrections_are_kept_beside_the_ink() -> None:
    sheet = sheet_of("He1lo 42").with_text("Hello 42").with_text("Hello my 42")
    strokes = Ink.from_json(Ink(sheet.strokes).to_json()).strokes
    again = fixed_words(strokes, fixed_record(sheet))
    assert [word.text for word in again] == [word.text for word in sheet.fixed]
    assert frozenset(strokes[:5]) <= frozenset().union(*(word.strokes for word in again))
    assert fixed_words(strokes[:2], fixed_record(sheet)) == ()
    assert fixed_words(strokes, {"damaged": 1}) == ()


def test_a_space_is_put_before_a_letter_and_taken_away() -> None:
    sheet = sheet_of("book\nab cd")
    boxes = [each.box for word in sheet.words for each in word.characters]
    two = sheet.with_space(sheet.words[0], 2)
    assert two.text == "bo ok\nab cd"
    assert [word.text for word in two.lines[0].words] == ["bo", "ok"]
    one = two.with_space(two.lines[0].words[1], 0)
    assert one.text == "book\nab cd"
    last = one.lines[1].words[1]
    joined = one.with_space(last, 0)
    assert joined.text == "book\nabcd"
    kept = [each.box for word in joined.words for each in word.characters]
    assert kept == boxes
    first = joined.lines[1].words[0]
    assert joined.with_space(first, 0) is joined
    assert joined.with_space(joined.words[0], 0) is joined


def test_a_word_that_was_read_anew_meanwhile_is_joined_all_the_same() -> None:
    sheet = sheet_of("book\nab cd")
    before = sheet.lines[1].words
    anew = tuple(
        replace(line, words=tuple(replace(word) for word in line.words)) for line in sheet.read
    )
    again = replace(sheet, read=anew)
    assert again.with_space(before[1], 0).text == "book\nabcd"
    assert again.with_space(before[0], 0) is again
    elsewhere = sheet_of("other")
    assert elsewhere.with_space(before[1], 0) is elsewhere
