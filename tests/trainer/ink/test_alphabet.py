from __future__ import annotations

import numpy as np
import pytest

from trainer.ink.alphabet import (
    BALANCED,
    BYCLASS,
    BYMERGE,
    SPLIT_ALPHABETS,
    CharacterSet,
    character_set_projection,
    class_names,
    display_name,
    display_names,
    merged,
    projection,
)


def test_the_splits_have_their_classes() -> None:
    counts = {name: len(alphabet) for name, alphabet in SPLIT_ALPHABETS.items()}
    assert counts == {
        "byclass": 62,
        "bymerge": 47,
        "balanced": 47,
        "letters": 26,
        "digits": 10,
        "mnist": 10,
    }
    assert {merged(character) for character in BYCLASS} == set(BYMERGE)


@pytest.mark.parametrize(
    ("reading", "n"),
    [
        ("all", 47),
        ("cased", 62),
        ("digits", 10),
        ("letters", 37),
        ("uppercase", 26),
        ("lowercase", 26),
    ],
)
def test_readings_of_all_classes(reading: str, n: int) -> None:
    view = character_set_projection(BYCLASS, CharacterSet(reading))
    assert len(view.characters) == n
    probabilities = np.random.default_rng(0).dirichlet(np.ones(62), 5).astype(np.float32)
    shown = view.apply(probabilities)
    assert shown.shape == (5, n)
    np.testing.assert_allclose(shown.sum(axis=1), 1.0, rtol=1e-5)


def test_merging_sums_and_masking_drops() -> None:
    probabilities = np.zeros((1, 62), dtype=np.float32)
    probabilities[0, BYCLASS.index("c")] = 0.5
    probabilities[0, BYCLASS.index("C")] = 0.2
    probabilities[0, BYCLASS.index("G")] = 0.3
    everything = character_set_projection(BYCLASS, CharacterSet.ALL)
    assert everything.apply(probabilities)[0, everything.characters.index("C")] == pytest.approx(
        0.7
    )
    capitals = character_set_projection(BYCLASS, CharacterSet.UPPERCASE)
    assert capitals.apply(probabilities)[0, capitals.characters.index("C")] == pytest.approx(0.4)


@pytest.mark.parametrize("split", list(SPLIT_ALPHABETS))
@pytest.mark.parametrize("reading", list(CharacterSet))
def test_every_split_can_be_read_every_way(split: str, reading: CharacterSet) -> None:
    alphabet = SPLIT_ALPHABETS[split]
    view = character_set_projection(alphabet, reading)
    assert view.matrix.shape == (len(alphabet), len(view.characters))
    assert set(np.unique(view.matrix)) <= {0.0, 1.0}


def test_a_class_for_both_cases_answers_for_small_letters() -> None:
    small = character_set_projection(BYMERGE, CharacterSet.LOWERCASE)
    assert len(small.characters) == 26
    assert small.matrix[BYMERGE.index("C"), small.characters.index("c")] == 1
    assert small.matrix[BYMERGE.index("A")].sum() == 0


def test_foreign_alphabets_stay_as_they_are() -> None:
    assert character_set_projection(("cat", "dog"), CharacterSet.ALL).characters == ("cat", "dog")
    assert projection(("a", "b"), ("b",)).characters == ("b",)


def test_a_dataset_without_case_takes_both_cases() -> None:
    letters = projection(BYCLASS, SPLIT_ALPHABETS["letters"])
    assert letters.matrix[BYCLASS.index("a"), letters.characters.index("A")] == 1
    assert letters.matrix[BYCLASS.index("7")].sum() == 0


def test_merged_classes_show_both_cases() -> None:
    assert [display_name(c) for c in ("C", "A", "a", "7")] == ["C c", "A", "a", "7"]


def test_a_capital_stands_for_both_cases_only_where_the_small_one_has_no_class() -> None:
    assert "C c" in class_names(BALANCED)
    assert class_names(BYCLASS) == BYCLASS


@pytest.mark.parametrize(
    ("reading", "name"),
    [
        (CharacterSet.ALL, "C c"),
        (CharacterSet.LETTERS, "C c"),
        (CharacterSet.CASED, "C"),
        (CharacterSet.UPPERCASE, "C"),
    ],
)
def test_a_reading_says_whether_c_is_capital(reading: CharacterSet, name: str) -> None:
    characters = character_set_projection(BYCLASS, reading).characters
    assert display_names(characters, reading)[characters.index("C")] == name
