"""A growing sheet, with the recogniser that travels with the program."""

from __future__ import annotations

import pytest

from tests.trainer.recognition.test_line_reader import written
from trainer.files.paths import default_bundle
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer
from trainer.writing.sheet_reader import SheetReader
from trainer.writing.sheet_text import SheetText


def test_only_the_line_that_grows_is_read_again() -> None:
    reader = SheetReader(LineReader(Recognizer(load_bundle(default_bundle()))))
    first, second = written("Hi").strokes, written("42", y=300).strokes
    before = reader.read(Ink((*first, *second[:1])))
    after = reader.read(Ink((*first, *second)))
    assert SheetText((*first, *second), after).text == "Hi\n42"
    assert after[0] is before[0]
    assert after[1] is not before[1]
    assert {part.stroke for c in after[1].words[0].characters for part in c.parts} == set(second)


@pytest.mark.parametrize(("index", "text"), [(0, "i 42"), (1, "H 42")])
def test_a_space_stays_one_behind_a_letter_that_is_struck_out(index: int, text: str) -> None:
    reader = SheetReader(LineReader(Recognizer(load_bundle(default_bundle()))))
    strokes = written("Hi 42").strokes
    sheet = SheetText(strokes, reader.read(Ink(strokes)))
    assert sheet.text == "Hi 42"
    left = sheet.without(sheet.words[0], [index])
    lines = reader.read(Ink(left.strokes), left.fixed)
    assert SheetText(left.strokes, lines, left.fixed).text == text


@pytest.mark.parametrize("index", range(4))
def test_a_letter_that_is_written_again_is_in_the_text(index: int) -> None:
    reader = SheetReader(LineReader(Recognizer(load_bundle(default_bundle()))))
    strokes = written("lilo").strokes
    sheet = SheetText(strokes, reader.read(Ink(strokes)))
    (word,) = sheet.words
    left = sheet.without(word, [index])
    again = tuple(part.stroke for part in word.characters[index].parts)
    strokes = (*left.strokes, *again)
    assert SheetText(strokes, reader.read(Ink(strokes), left.fixed), left.fixed).text == "lilo"
