"""Collecting: resumed after a kill, nothing asked twice or lost, and doubts worth a question."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.handwriting import digit_inks
from trainer.datasets import my_samples
from trainer.datasets.my_samples import MySamples
from trainer.errors import DatasetError
from trainer.files.paths import default_bundle
from trainer.hand.collecting import Collecting, CollectingState, characters_in, misread_samples
from trainer.hand.hand import Hand, OwnSample
from trainer.hand.learned import what_was_learned
from trainer.hand.quality import Doubt, quality
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer

ONE = Ink.from_points([[(0.0, 0.0), (20.0, 60.0)]])


@pytest.fixture
def samples(tmp_path: Path) -> MySamples:
    return MySamples(tmp_path / "samples" / "samples.jsonl")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_bundle(default_bundle()))


def again(samples: MySamples) -> Collecting:
    """Return what another start of the program finds."""
    return Collecting(MySamples(samples.file))


def test_every_character_is_asked_for_in_every_round(samples: MySamples) -> None:
    collecting = Collecting(samples)
    collecting.begin("rvr", 2)
    asked = []
    while character := collecting.state.character:
        asked.append(character)
        collecting.keep(ONE)
        collecting = again(samples)
    assert asked == ["r", "v", "r", "v"]
    assert samples.counts == {"r": 2, "v": 2}
    assert len(collecting.state.last_round) == 2
    assert not collecting.can_resume


def test_the_last_round_is_whole_and_without_the_one_that_is_open() -> None:
    state = CollectingState(("a", "b"), 3, ("a1", "b1", "a2", "", "a3"))
    assert state.last_round == {"a2"}


def test_it_goes_on_where_it_was(samples: MySamples) -> None:
    collecting = Collecting(samples)
    assert not collecting.can_resume
    collecting.begin("abc", 1)
    collecting.keep(ONE)
    collecting.skip()
    resumed = again(samples)
    assert resumed.can_resume
    assert resumed.state.character == "c"
    assert resumed.state.last_round == frozenset()
    assert resumed.back().is_empty
    assert resumed.back().to_json() == ONE.to_json()
    assert resumed.state.character == "a"
    assert samples.count == 0
    resumed.end()
    assert not again(samples).can_resume


def test_a_step_that_cannot_be_written_changes_nothing(samples: MySamples) -> None:
    collecting = Collecting(samples)
    collecting.begin("AB", 1)

    def fails(step: Callable[[], object]) -> None:
        state, file = collecting.state, samples.file.with_name("collecting.json")
        before = [(each.id, each.character) for each in samples.live()]
        content = file.read_bytes()
        file.unlink()
        file.mkdir()  # no file takes the place of a folder
        with pytest.raises(DatasetError, match="cannot be written"):
            step()
        file.rmdir()
        file.write_bytes(content)
        assert collecting.state == again(samples).state == state
        assert [(each.id, each.character) for each in samples.live()] == before

    fails(lambda: collecting.keep(ONE))
    fails(collecting.skip)
    collecting.keep(ONE)
    assert samples.counts == {"A": 1}
    fails(collecting.back)
    assert collecting.back().to_json() == ONE.to_json()
    assert samples.count == 0


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_going_back_loses_no_sample_that_cannot_be_removed(
    samples: MySamples, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    collecting = Collecting(samples)
    collecting.begin("AB", 1)
    collecting.keep(ONE)

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(my_samples, "append_lines", fail)
        with pytest.raises((DatasetError, KeyboardInterrupt)):
            collecting.back()
    assert samples.counts == {"A": 1}
    is_killed = isinstance(error, KeyboardInterrupt)
    assert again(samples).state.character == ("A" if is_killed else "B")
    assert is_killed or collecting.state.character == "B"


def test_a_damaged_state_begins_anew_and_keeps_the_samples(samples: MySamples) -> None:
    collecting = Collecting(samples)
    collecting.begin("ab", 1)
    collecting.keep(ONE)
    (samples.file.parent / "collecting.json").write_text('{"rounds": 99}')
    assert not again(samples).can_resume
    assert samples.count == 1


@given(st.text())
def test_what_somebody_types_becomes_characters(text: str) -> None:
    found = characters_in(text)
    assert len(set(found)) == len(found)
    assert all(len(each) == 1 and not each.isspace() for each in found)
    assert characters_in("".join(found)) == found


def test_doubts(recognizer: Recognizer) -> None:
    seven = digit_inks(8)[7]
    large = Ink.from_points([stroke.points * 10 for stroke in seven.strokes])
    other = Ink.from_points([stroke.points * 10 for stroke in digit_inks(18)[17].strokes])
    assert quality(Ink(), "7", (), recognizer).doubt is Doubt.EMPTY
    assert quality(Ink.from_points([[(3.0, 3.0)]]), "7", (), None).doubt is Doubt.EMPTY
    assert quality(large, "7", (), recognizer).is_sure
    assert quality(large, "7", (other,), recognizer).doubt is None
    assert quality(large, "7", (other, large), recognizer).doubt is Doubt.SAME
    found = quality(large, "B", (), recognizer)
    assert (found.doubt, found.looks_like) == (Doubt.OTHER, "7")
    assert quality(large, "é", (), recognizer).doubt is None


def test_what_was_learned_is_measured_on_others(recognizer: Recognizer) -> None:
    inks = digit_inks(40)
    samples = [
        OwnSample(str(row), "é" if row % 10 == 0 else str(row % 10), ink)
        for row, ink in enumerate(inks)
    ]
    held = {str(row) for row in range(30, 40)}
    found = what_was_learned(samples, held, recognizer, lambda: None)
    is_new = np.array([each.character == "é" for each in samples])
    assert not found.left_out.before[is_new].any()
    assert found.left_out.after[is_new].all()
    assert len(found.held_out) == 10
    assert found.held_out.after.sum() > found.held_out.before.sum()
    assert len(what_was_learned(samples, set(), recognizer, lambda: None).held_out) == 0


def test_misread_characters_are_found(recognizer: Recognizer) -> None:
    inks = digit_inks(20)
    samples = [
        OwnSample(str(row), "B" if row == 7 else str(row % 10), inks[row]) for row in range(10)
    ]
    hand = Hand.of(recognizer)
    hand.learn_inks(samples, recognizer)
    found = misread_samples(hand)
    assert "B" in found.characters
    assert "3" not in found.characters
    assert len(found.characters) <= found.n_misread < found.n_samples == 10
