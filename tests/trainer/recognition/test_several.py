from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.archives import SHAPES
from trainer.datasets.ink_archive import read_pen_archive
from trainer.ink.strokes import Ink
from trainer.recognition.several import is_several, several_score

numbers = st.integers(-1000, 1000)
drawings = st.lists(
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9), min_size=1, max_size=4
)


def beside(*characters: str) -> Ink:
    """Return characters one after the other."""
    strokes = [
        [(x + 12 * place, y) for x, y in stroke]
        for place, character in enumerate(characters)
        for stroke in SHAPES[character]
    ]
    return Ink.from_points(strokes)


@pytest.mark.parametrize("character", sorted(SHAPES))
def test_a_character_is_one(character: str) -> None:
    assert not is_several(beside(character))


@pytest.mark.parametrize("word", ["OLx7", "TOTT", "xx11"])
def test_a_word_is_several(word: str) -> None:
    assert is_several(beside(*word))


def test_nothing_is_not_several() -> None:
    assert not is_several(Ink())


@given(drawings)
def test_any_drawing_has_a_score_whatever_its_size(points: list[list[tuple[int, int]]]) -> None:
    score = several_score(Ink.from_points(points))
    assert np.isfinite(score)
    larger = Ink.from_points([[(64 * x, 64 * y) for x, y in stroke] for stroke in points])
    assert several_score(larger) == pytest.approx(score, abs=1e-3)


@pytest.mark.real_data
def test_few_characters_of_strangers_are_doubted(data_dir: Path) -> None:
    archive = read_pen_archive(data_dir / "pen" / "unipen_validation.npz")
    chosen = range(0, len(archive), 40)
    doubted = [is_several(archive.ink(index)) for index in chosen]
    assert np.mean(doubted) < 0.02
