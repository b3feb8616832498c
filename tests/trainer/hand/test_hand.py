"""A hand learns samples beside a network, forgets them, and is kept in a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from trainer.__main__ import main
from trainer.datasets.ink_archive import PenArchive, read_pen_archive, write_pen_archive
from trainer.errors import HandError
from trainer.files.paths import default_bundle
from trainer.hand.hand import Hand, OwnSample
from trainer.hand.hand_file import read_hand, write_hand
from trainer.ink.alphabet import BYCLASS, CharacterSet
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer

CORNER = ((0, 0), (10, 30), (20, 0))
HOOK = ((0, 30), (0, 0), (12, 0), (15, 6))
LOOP = ((10, 0), (0, 15), (10, 30), (20, 15), (10, 0))


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_bundle(default_bundle()))


def drawn(shape: Sequence[tuple[int, int]], seed: int) -> Ink:
    """A shape as a trembling hand draws it, with twenty points."""
    points = np.array(shape, dtype=np.float64)
    at = np.linspace(0, len(points) - 1, 20)
    dense = [np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)]
    tremor = np.random.default_rng(seed).normal(0, 0.4, (20, 2))
    return Ink.from_points([np.stack(dense, axis=1) + tremor])


def samples_of(
    character: str, shape: Sequence[tuple[int, int]], seeds: Sequence[int]
) -> list[OwnSample]:
    return [OwnSample(f"{character}{seed}", character, drawn(shape, seed)) for seed in seeds]


def said(n: int, **shares: float) -> Probabilities:
    """What a network says n times: some characters, and hardly any other."""
    row = np.full(len(BYCLASS), 1e-4, dtype=np.float32)
    for character, share in shares.items():
        row[BYCLASS.index(character)] = share
    return np.tile(row / row.sum(), (n, 1))


def answer(hand: Hand, ink: Ink, probabilities: Probabilities) -> str:
    characters = (*hand.alphabet, *hand.further)
    return characters[int(hand.adjusted(probabilities, [ink])[0].argmax())]


def test_three_samples_teach_a_character_and_leave_the_others() -> None:
    hand = Hand(BYCLASS, "")
    hand.learn(samples_of("r", HOOK, (1, 2, 3)), said(3, V=0.8, r=0.15))
    assert answer(hand, drawn(HOOK, 4), said(1, V=0.8, r=0.15)) == "r"
    assert answer(hand, drawn(LOOP, 5), said(1, O=0.6, V=0.3)) == "O"


def test_one_sample_changes_nothing() -> None:
    hand = Hand(BYCLASS, "")
    hand.learn(samples_of("r", HOOK, (1,)), said(1, V=0.8, r=0.15))
    probabilities = said(1, V=0.8, r=0.15)
    np.testing.assert_allclose(hand.adjusted(probabilities, [drawn(HOOK, 2)]), probabilities, 1e-4)


@pytest.mark.parametrize("character", ["é", "ß", "€"])
def test_characters_beyond_the_alphabet_are_answered(character: str) -> None:
    hand = Hand(BYCLASS, "")
    hand.learn(samples_of(character, LOOP, (1, 2, 3)), said(3, B=0.7, e=0.25))
    assert hand.further == (character,)
    assert answer(hand, drawn(LOOP, 4), said(1, B=0.7, e=0.25)) == character
    assert answer(hand, drawn(CORNER, 4), said(1, V=0.9)) == "V"


def test_a_taught_character_is_no_answer_for_other_courses() -> None:
    """The network takes both for B; only one is drawn as the samples are."""
    hand = Hand(BYCLASS, "")
    hand.learn(samples_of("ß", LOOP, (1, 2, 3)), said(3, B=0.9))
    asked = hand.adjusted(said(2, B=0.9), [drawn(LOOP, 4), drawn(LOOP[::-1], 4)])
    assert asked[0].argmax() == len(BYCLASS)
    assert asked[1, len(BYCLASS)] == 0.0
    assert BYCLASS[int(asked[1].argmax())] == "B"


def test_a_small_letter_is_the_class_that_merges_it() -> None:
    hand = Hand(("C", "O"), "")
    hand.learn([OwnSample("1", "c", drawn(LOOP, 1))], np.array([[0.5, 0.5]], np.float32))
    assert hand.further == ()


def test_forgetting_leaves_no_trace() -> None:
    kept, gone = samples_of("r", HOOK, (1, 2, 3)), samples_of("é", LOOP, (4, 5, 6))
    hand, never = Hand(BYCLASS, ""), Hand(BYCLASS, "")
    hand.learn([*kept, *gone], np.concatenate([said(3, V=0.8), said(3, e=0.9)]))
    hand.forget(sample.id for sample in gone)
    never.learn(kept, said(3, V=0.8))
    asked = said(1, V=0.8), [drawn(HOOK, 7)]
    np.testing.assert_array_equal(hand.adjusted(*asked), never.adjusted(*asked))
    assert hand.further == ()


def test_a_sample_learned_again_under_another_label_is_replaced() -> None:
    hand = Hand(BYCLASS, "")
    hand.learn([OwnSample("1", "a", drawn(LOOP, 1))], said(1, a=0.9))
    hand.learn([OwnSample("1", "d", drawn(LOOP, 1))], said(1, a=0.9))
    assert hand.counts == {"d": 1}


def test_learning_one_by_one_comes_close_to_learning_all_at_once() -> None:
    characters = "rVOaDe7"
    samples = [
        OwnSample(f"{character}{seed}", character, drawn(shape, seed))
        for seed in range(12)
        for character, shape in zip(characters, [HOOK, CORNER, LOOP] * 3, strict=False)
    ]
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.full(len(BYCLASS), 0.05), len(samples)).astype(np.float32)
    slowly, at_once = Hand(BYCLASS, ""), Hand(BYCLASS, "")
    for sample, row in zip(samples, probabilities, strict=True):
        slowly.learn([sample], row[None])
    at_once.learn(samples, probabilities)
    inks = [sample.ink for sample in samples]
    assert (
        np.mean(
            slowly.adjusted(probabilities, inks).argmax(axis=1)
            == at_once.adjusted(probabilities, inks).argmax(axis=1)
        )
        > 0.9
    )


def test_images_are_learned_without_a_drawing(recognizer: Recognizer) -> None:
    images = np.zeros((3, 28, 28), dtype=np.uint8)
    images[:, 4:24, 12:16] = 255
    images[:, 4:8, 8:20] = 255
    hand = Hand.of(recognizer)
    hand.learn([OwnSample(str(i), "ß") for i in range(3)], recognizer.probabilities(images))
    recognizer.memory = hand
    try:
        recognition = recognizer.recognize_image(images[0])
    finally:
        recognizer.memory = None
    assert recognition.best is not None
    assert (recognition.best.character, recognition.best.is_own) == ("ß", True)


def test_a_recogniser_says_that_the_samples_decided(recognizer: Recognizer) -> None:
    hand = Hand.of(recognizer)
    hand.learn_inks(samples_of("é", LOOP, (1, 2, 3)), recognizer)
    ink = drawn(LOOP, 4)
    without = recognizer.recognize(ink).best
    recognizer.memory = hand
    try:
        own, digit = recognizer.recognize(ink).best, recognizer.recognize(ink, CharacterSet.DIGITS)
        other = recognizer.recognize(drawn(CORNER, 4)).best
    finally:
        recognizer.memory = None
    assert without is not None
    assert own is not None
    assert other is not None
    assert digit.best is not None
    assert (without.character, own.character) == ("O", "é")
    assert (without.is_own, own.is_own, other.is_own) == (False, True, False)
    assert digit.best.character in "0123456789"


# The file


def some_hand(recognizer: Recognizer) -> Hand:
    hand = Hand.of(recognizer)
    hand.learn_inks([*samples_of("é", LOOP, (1, 2, 3)), *samples_of("r", HOOK, (1,))], recognizer)
    return hand


@pytest.mark.parametrize("with_drawings", [True, False])
def test_a_file_answers_as_the_hand(
    tmp_path: Path, recognizer: Recognizer, *, with_drawings: bool
) -> None:
    hand = some_hand(recognizer)
    write_hand(tmp_path / "my.hand", hand, with_drawings=with_drawings)
    read = read_hand(tmp_path / "my.hand", recognizer)
    asked = said(1, O=0.8), [drawn(LOOP, 4)]
    np.testing.assert_array_equal(read.adjusted(*asked), hand.adjusted(*asked))
    assert (read.counts, read.state.drawn) == (hand.counts, 4 if with_drawings else 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_the_owner_may_read_the_file(tmp_path: Path, recognizer: Recognizer) -> None:
    write_hand(tmp_path / "my.hand", some_hand(recognizer))
    assert (tmp_path / "my.hand").stat().st_mode & 0o077 == 0


def test_a_hand_with_drawings_is_a_pen_archive(tmp_path: Path, recognizer: Recognizer) -> None:
    write_hand(tmp_path / "my.npz", some_hand(recognizer))
    assert len(read_pen_archive(tmp_path / "my.npz")) == 4


def test_another_recogniser_learns_the_drawings_anew(
    tmp_path: Path, recognizer: Recognizer
) -> None:
    hand = some_hand(recognizer)
    hand.checksum = "of another one"
    write_hand(tmp_path / "all.hand", hand)
    write_hand(tmp_path / "bare.hand", hand, with_drawings=False)
    read = read_hand(tmp_path / "all.hand", recognizer)
    assert (read.checksum, read.counts) == (recognizer.bundle.checksum, hand.counts)
    with pytest.raises(HandError, match="another recogniser"):
        read_hand(tmp_path / "bare.hand", recognizer)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hand_format": np.array(99)}, "format 99"),
        ({"weights": np.zeros((1, 1), np.float32)}, "do not fit together"),
        ({"trust": np.full(63, np.nan, np.float32)}, "do not fit together"),
        ({"id": np.array(["1", "1", "2", "3"])}, "twice"),
    ],
)
def test_damaged_files_are_refused(
    tmp_path: Path, recognizer: Recognizer, change: dict[str, np.ndarray], message: str
) -> None:
    path = tmp_path / "my.npz"
    write_hand(path, some_hand(recognizer))
    with np.load(path) as archive:
        arrays = {**archive, **change}
    np.savez(path, **arrays)
    with pytest.raises(HandError, match=message):
        read_hand(path, recognizer)


def test_other_files_are_no_hands(tmp_path: Path, recognizer: Recognizer) -> None:
    (tmp_path / "text").write_text("no archive")
    np.savez(tmp_path / "other.npz", images=np.zeros(3))
    for name, message in (
        ("text", "is not a hand, or is damaged"),
        ("other.npz", "not a hand"),
        ("no", "cannot"),
    ):
        with pytest.raises(HandError, match=message):
            read_hand(tmp_path / name, recognizer)


# The command


def archive_of(path: Path, samples: Sequence[OwnSample]) -> Path:
    names = tuple(dict.fromkeys(sample.character for sample in samples))
    labels = np.array([names.index(sample.character) for sample in samples], dtype=np.int64)
    inks = [sample.ink for sample in samples if sample.ink is not None]
    write_pen_archive(path, PenArchive.from_inks("own", names, inks, labels))
    return path


def test_commands_learn_report_evaluate_and_forget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = archive_of(tmp_path / "own.npz", samples_of("é", LOOP, (1, 2, 3)))
    rest = archive_of(tmp_path / "rest.npz", samples_of("é", LOOP, range(4, 9)))
    hand = str(tmp_path / "my.hand")
    assert main(["hand", "learn", "--data", str(own), "--to", hand]) == 0
    assert main(["hand", "learn", "--data", str(own), "--to", hand]) == 0
    assert "0 samples learned, 3 known already" in capsys.readouterr().out
    assert main(["hand", "report", "--hand", hand, "--data", str(rest)]) == 0
    assert "Right only with the hand: 5; only without: 0" in capsys.readouterr().out
    assert main(["evaluate", "--data", str(rest), "--hand", hand]) == 0
    evaluated = capsys.readouterr()
    assert "100.00%" in evaluated.out
    assert evaluated.err == ""
    assert main(["evaluate", "--data", str(own), "--hand", hand]) == 1
    assert "The hand has learned all samples of own." in capsys.readouterr().err
    half = archive_of(tmp_path / "half.npz", samples_of("é", LOOP, (2, 3, 4, 5)))
    assert main(["evaluate", "--data", str(half), "--hand", hand]) == 0
    assert "The hand has learned 2 of the 4 samples" in capsys.readouterr().err
    ink = tmp_path / "ink.json"
    ink.write_text(drawn(LOOP, 9).to_json())
    assert main(["recognize", str(ink), "--hand", hand, "--json"]) == 0
    assert '"source": "own samples"' in capsys.readouterr().out
    assert main(["hand", "forget", "--hand", hand, "é"]) == 0
    assert main(["hand", "forget", "--hand", hand, "é"]) == 1
    assert "has no sample of é" in capsys.readouterr().err
