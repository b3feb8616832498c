"""Lines of text, with the recogniser and the reader that travel with the program."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.written_texts import on_paper, written
from trainer.errors import BundleError
from trainer.files.paths import default_bundle, resources
from trainer.hand.hand import Hand, OwnSample
from trainer.ink.alphabet import CharacterSet
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.language import SYMBOLS, CharacterModel, TextLanguage
from trainer.recognition.line_model import by_class
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer
from trainer.recognition.spelling import Spelling


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_bundle(default_bundle()))


@pytest.fixture(scope="module")
def reader(recognizer: Recognizer) -> LineReader:
    return LineReader(recognizer)


@pytest.fixture(scope="module")
def hello() -> Ink:
    return written("Hello 42")


def test_a_line_is_read(reader: LineReader, hello: Ink) -> None:
    reading = reader.read_line(hello)
    assert reading.text == "Hello 42"
    assert reading.baseline == pytest.approx(100, abs=8)
    assert reading.x_height == pytest.approx(50, abs=8)
    word = reading.words[0]
    assert "".join(character.character for character in word.characters) == "Hello"
    assert [word.candidates[0].character, word.candidates[0].probability] == [
        word.text,
        word.probability,
    ]
    for character in word.characters:
        assert character.candidates[0].character == character.character
        assert sum(c.probability for c in character.candidates) <= 1 + 1e-6
    small = word.characters[1]
    assert small.box[1] == pytest.approx(50, abs=5)
    assert small.evidence == "small"
    assert word.characters[0].evidence == "tall"


def test_every_stroke_belongs_to_one_character(reader: LineReader, hello: Ink) -> None:
    strokes = [s for w in reader.read_line(hello).words for c in w.characters for s in c.strokes]
    assert sorted({stroke for stroke, _, _ in strokes}) == list(range(len(hello.strokes)))


def test_a_sheet_has_its_lines_from_top_to_bottom(reader: LineReader) -> None:
    sheet = Ink(written("Hello", 0).strokes + written("tea", 260).strokes)
    first, second = reader.read(sheet)
    assert first.text == "Hello"
    assert second.text.lower() == "tea"
    assert second.words[0].characters[0].strokes[0][0] >= len(written("Hello").strokes)


@pytest.mark.parametrize("paper", ["plain", "ruled", "squared"])
def test_a_picture_is_read_with_spaces_lines_and_case(reader: LineReader, paper: str) -> None:
    note = Ink(written("Hello 42").strokes + written("code 357", 280).strokes)
    reading = reader.read_picture(on_paper(note, paper, 0.6))
    assert reading.text == "Hello 42\ncode 357"
    characters = [c for line in reading.lines for word in line.words for c in word.characters]
    left, top, width, height = characters[0].box
    assert (left, top) == pytest.approx((40, 40), abs=5)
    assert height == pytest.approx(60, abs=8)
    assert width < height
    strokes = sorted({stroke for c in characters for stroke, _, _ in c.strokes})
    assert strokes == list(range(len(reading.ink.strokes)))


def test_a_picture_of_one_character_is_an_image(reader: LineReader, recognizer: Recognizer) -> None:
    sample = ink_to_image(written("7"))
    reading = reader.read_picture(sample)
    assert reading.text == "7"
    (character,) = reading.lines[0].words[0].characters
    best = recognizer.recognize_image(sample, CharacterSet.CASED).best
    assert best is not None
    assert character.candidates[0].probability == pytest.approx(best.probability)


def test_a_blank_picture_has_no_text(reader: LineReader) -> None:
    assert reader.read_picture(np.full((80, 120), 240, dtype=np.uint8)).text == ""


def test_nothing_is_no_text(reader: LineReader) -> None:
    assert reader.read(Ink()) == ()
    assert reader.read_line(Ink()).text == ""


def test_a_dot_is_one_character(reader: LineReader) -> None:
    assert len(reader.read_line(Ink.from_points([[(5, 5)]])).text) == 1


@pytest.mark.parametrize("character", ["7", "B", "L"])
def test_a_single_character_is_read_as_the_recogniser_reads_it(
    reader: LineReader, recognizer: Recognizer, character: str
) -> None:
    ink = written(character)
    best = recognizer.recognize(ink).best
    assert best is not None
    assert reader.read_line(ink).text == best.character


def test_thousands_of_points_are_read(reader: LineReader) -> None:
    generator = np.random.default_rng(0)
    points = np.cumsum(generator.normal(0, 1, (10_000, 2)), axis=0)
    assert reader.read_line(Ink.from_points(np.split(points, 20))).words


def test_codes_are_read_without_a_language(recognizer: Recognizer) -> None:
    reading = LineReader(recognizer, TextLanguage.NONE).read_line(written("BL7E4"))
    assert reading.text == "BL7E4"


def test_another_language_knows_what_was_recognised(
    recognizer: Recognizer, hello: Ink, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = LineReader(recognizer)
    reader.read_line(hello)
    asked: list[int] = []
    monkeypatch.setattr(
        recognizer, "ink_probabilities", lambda inks: asked.append(len(inks)) or np.zeros((0, 62))
    )
    without = reader.with_language(TextLanguage.NONE)
    assert without.read_line(hello).text.endswith("42")
    assert sum(asked) == 0
    assert (without.language, reader.language) == (TextLanguage.NONE, TextLanguage.BOTH)


def with_accent(ink: Ink) -> Ink:
    """Return an ink with a stroke above its last letter."""
    last = ink.strokes[-1].points
    x, y = float(last[:, 0].mean()), float(last[:, 1].min())
    accent = np.linspace((x - 8, y - 8), (x + 8, y - 24), 8)
    return Ink.from_points([*(stroke.points for stroke in ink.strokes), accent])


def taught(recognizer: Recognizer, *characters: str) -> Hand:
    """Return a hand of three trembling samples of e with an accent for each character."""
    letter, generator = with_accent(written("e")), np.random.default_rng(1)
    hand = Hand.of(recognizer)
    hand.learn_inks(
        [
            OwnSample(
                f"{character}{number}",
                character,
                Ink.from_points(
                    [s.points + generator.normal(0, 0.5, s.points.shape) for s in letter.strokes]
                ),
            )
            for character in characters
            for number in range(3)
        ],
        recognizer,
    )
    return hand


def test_own_samples_count_in_a_line(recognizer: Recognizer) -> None:
    reader = LineReader(recognizer)
    ink = with_accent(written("cafe"))
    without = reader.read_line(ink).text
    assert "é" not in without
    hand = recognizer.memory = taught(recognizer, "é")
    try:
        reading = reader.read_line(ink)
        hand.forget([sample.id for sample in hand.state.samples])
        forgotten = reader.read_line(ink).text
    finally:
        recognizer.memory = None
    assert reading.text == "café"
    owned = [c.candidates[0].is_own for c in reading.words[0].characters]
    assert owned == [False, False, False, True]
    assert (forgotten, reader.read_line(ink).text) == (without, without)


def test_the_language_knows_marks_over_letters_and_no_signs() -> None:
    spelling = Spelling(CharacterModel(resources() / "lines" / "language.npz", TextLanguage.BOTH))
    assert spelling.log_probability("Café") == spelling.log_probability("Cafe")
    assert spelling.log_probability("Straße") > spelling.log_probability("Strqxe")
    assert np.isfinite(spelling.log_probability("42€"))


def test_a_stem_alone_is_a_word_of_english(reader: LineReader, recognizer: Recognizer) -> None:
    ink, rest = written("I"), written("am")
    right = max(float(stroke.points[:, 0].max()) for stroke in ink.strokes)
    parts = [stroke.points + np.float32([right + 150, 0]) for stroke in rest.strokes]
    line = Ink.from_points([*(stroke.points for stroke in ink.strokes), *parts])
    assert reader.read_line(line).text == "I am"
    assert reader.with_language(TextLanguage.GERMAN).read_line(line).text == "l am"


def test_recognisers_of_other_characters_are_refused(recognizer: Recognizer) -> None:
    bundle = replace(recognizer.bundle, alphabet=tuple("0123456789"))
    with pytest.raises(BundleError, match="letters and digits"):
        LineReader(Recognizer(bundle, model=object()))  # type: ignore[arg-type]


def test_a_capital_without_its_small_letter_stands_for_both() -> None:
    found = by_class(np.array([[0.8, 0.1, 0.1]], dtype=np.float32), ("C", "A", "a"))
    assert found[0, 12] == found[0, 38] == pytest.approx(0.4)
    assert found[0, 10] == pytest.approx(0.1)


@pytest.mark.parametrize("name", ["characters.npz", "language.npz", "path.npz"])
def test_a_damaged_file_is_named(recognizer: Recognizer, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(resources() / "lines", tmp_path / "lines"))
    (folder / name).write_bytes(b"PK damaged")
    with pytest.raises(BundleError, match=name):
        LineReader(recognizer, folder=folder)


@pytest.mark.parametrize("language", [TextLanguage.ENGLISH, TextLanguage.GERMAN, TextLanguage.BOTH])
@pytest.mark.parametrize("context", ["^", "^th", "schreib", "^qzx", "'-"])
def test_the_probabilities_of_letters_sum_to_one(language: TextLanguage, context: str) -> None:
    model = CharacterModel(resources() / "lines" / "language.npz", language)
    values = [model.log_probability(context, symbol) for symbol in SYMBOLS]
    assert np.exp(values).sum() == pytest.approx(1.0, abs=0.06)  # logarithms are rounded


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("Hello", "HeLlo"),
        ("hello", "heIlo"),
        ("HELLO", "HElLO"),
        ("2042", "2O42"),
        ("schreiben", "schreihen"),
        ("you're", "you,re"),
        ("end.", "en.d"),
        ("Neu-Ulm", "NeU-ulm"),
    ],
)
def test_spelling(likely: str, unlikely: str) -> None:
    spelling = Spelling(CharacterModel(resources() / "lines" / "language.npz", TextLanguage.BOTH))
    assert spelling.log_probability(likely) > spelling.log_probability(unlikely) + 1.0
