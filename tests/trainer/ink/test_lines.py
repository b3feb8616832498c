"""Strokes of a line: pieces, their order, groups and spaces."""

from __future__ import annotations

from itertools import chain

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.ink.lines import (
    FEATURES,
    MOST_PIECES,
    find_line,
    find_lines,
    group_features,
    space_odds,
)
from trainer.ink.strokes import Points

numbers = st.integers(-1000, 1000)
drawings = st.lists(
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=9), min_size=1, max_size=6
)


def stroke(*points: tuple[float, float]) -> Points:
    return np.array(points, dtype=np.float32)


def stem(x: float, y: float = 0.0) -> Points:
    return stroke((x, y), (x, y + 50), (x, y + 100))


def wave(humps: int) -> Points:
    """Return joined humps, 50 wide and 100 high, as of a cursive u after another."""
    angle = np.linspace(0, 2 * np.pi * humps, 40 * humps)
    return np.stack([angle * 50 / (2 * np.pi), -50 * np.cos(angle)], axis=1).astype(np.float32)


def test_separate_strokes_stay_whole_and_in_order() -> None:
    line = find_line([stem(0), stem(60), stem(120)])
    assert [(piece.stroke, piece.start, piece.stop) for piece in line.pieces] == [
        (0, 0, 3),
        (1, 0, 3),
        (2, 0, 3),
    ]
    assert line.baseline == 100
    assert line.height == 100
    assert line.groups.tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]


def test_a_late_dot_stands_behind_its_stem() -> None:
    strokes = [stem(0), stem(100), stem(200), stroke((8, -40), (10, -38))]
    assert [piece.stroke for piece in find_line(strokes).pieces] == [0, 3, 1, 2]


def test_a_late_bar_stands_behind_what_it_crosses() -> None:
    strokes = [stem(0), stem(100), stem(200), stroke((80, 30), (120, 30))]
    assert [piece.stroke for piece in find_line(strokes).pieces] == [0, 1, 3, 2]


def test_a_forgotten_letter_comes_to_its_place() -> None:
    strokes = [stem(0), stem(400), stem(200)]
    assert [piece.stroke for piece in find_line(strokes).pieces] == [0, 2, 1]


def test_joined_letters_are_cut_at_their_feet_and_joined_again() -> None:
    points = wave(4)
    line = find_line([points])
    assert len(line.pieces) >= 4
    assert line.pieces[0].begins
    assert not line.pieces[0].ends
    whole = int(np.flatnonzero(line.groups[:, 1] - line.groups[:, 0] == 3)[0])
    first, stop = line.groups[whole].tolist()
    joined = line.ink(whole)
    assert len(joined.strokes) == 1
    assert len(joined.strokes[0].points) == line.pieces[stop - 1].stop - line.pieces[first].start


def test_a_drifting_line_is_set_straight() -> None:
    line = find_line([stem(100 * place, 12.0 * place) for place in range(12)])
    assert line.slope == pytest.approx(0.12, abs=0.02)
    feet = [piece.box[3] for piece in line.pieces]
    assert max(feet) - min(feet) < 10


def test_a_wide_gap_is_a_space() -> None:
    line = find_line([stem(x) for x in (0, 30, 60, 260, 290, 320)])
    assert (space_odds(line) > 0).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("width", [150, 300, 900])
def test_a_single_wide_gap_is_a_space_however_wide(width: int) -> None:
    line = find_line([stem(x) for x in (0, width)])
    assert (space_odds(line) > 0).tolist() == [True]
    line = find_line([stem(x) for x in (0, 30, 30 + width)])
    assert (space_odds(line) > 0).tolist() == [False, True]


def test_two_rows_are_two_lines_whatever_the_order_of_drawing() -> None:
    upper = [stem(x) for x in (0, 60, 120)]
    lower = [stem(x, 220) for x in (0, 60, 120)]
    assert find_lines([*lower, *upper]) == [[3, 4, 5], [0, 1, 2]]
    assert find_lines([*upper, *lower, stroke((62, -30), (63, -29))])[0] == [0, 1, 2, 6]


@given(drawings)
def test_any_drawing_is_a_line_with_finite_features(
    points: list[list[tuple[int, int]]],
) -> None:
    strokes: list[npt.NDArray[np.float32]] = [np.array(each, dtype=np.float32) for each in points]
    assert sorted(chain.from_iterable(find_lines(strokes))) == list(range(len(strokes)))
    line = find_line(strokes)
    features = group_features(line)
    assert features.shape == (len(line.groups), len(FEATURES))
    assert np.isfinite(features).all()
    assert {piece.stroke for piece in line.pieces} == set(range(len(strokes)))
    assert (np.diff(line.groups, axis=1) <= MOST_PIECES).all()


def test_ten_thousand_points_are_a_line() -> None:
    generator = np.random.default_rng(0)
    points = np.cumsum(generator.normal(0, 1, (10_000, 2)), axis=0).astype(np.float32)
    line = find_line([points])
    assert np.isfinite(group_features(line)).all()
