"""The way of the pen along a line, and lines that are cut further."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from trainer.ink.lines import TextLine, find_line, ink_of, with_cuts
from trainer.ink.pen_path import N_FEATURES, PEN_UP_STEPS, STEP, pen_path

Points = npt.NDArray[np.float32]

strokes = st.lists(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 12), st.just(2)),
        elements=st.integers(0, 400).map(float),
    ),
    min_size=1,
    max_size=6,
)


def wave(n_arches: int) -> Points:
    """Return a stroke of joined arches, each 40 wide and 40 high."""
    angle = np.linspace(0, 2 * np.pi * n_arches, 40 * n_arches + 1)
    return np.column_stack([40 * angle / (2 * np.pi), 20 * np.cos(angle)]).astype(np.float32)


def points_of(line: TextLine) -> list[list[list[float]]]:
    return [stroke.points.tolist() for stroke in ink_of(line.pieces).strokes]


@given(strokes)
def test_the_steps_of_any_line_lead_from_its_first_point_to_its_last(drawn: list[Points]) -> None:
    line = find_line(drawn)
    path = pen_path(line)
    assert path.features.shape == (len(path.pieces), N_FEATURES)
    assert len(path.points) == len(path.pieces)
    assert np.isfinite(path.features).all()
    assert set(path.pieces.tolist()) == set(range(len(line.pieces)))
    assert (np.diff(path.pieces) >= 0).all()
    for number, piece in enumerate(line.pieces):
        points = path.points[path.pieces == number]
        assert points[-1] == len(piece.points) - 1
        assert (np.diff(points) >= 0).all()
    if np.abs(path.features[:, :2]).max() < 8:
        way = STEP * line.height * path.features[:, :2].sum(axis=0)
        last = line.pieces[-1].points[-1] - line.pieces[0].points[0]
        np.testing.assert_allclose(way, last, atol=1e-3 * max(1.0, line.height))


def test_steps_on_paper_are_of_one_length_and_the_pen_is_lifted_between_strokes() -> None:
    stem = np.array([[0, 0], [0, 100]], dtype=np.float32)
    line = find_line([stem, stem + np.float32([50, 0])])
    path = pen_path(line)
    n = round(100 / (STEP * line.height))
    up = [0.0] * PEN_UP_STEPS
    assert path.features[:, 2].tolist() == [*up, *[1.0] * n, *up, *[1.0] * n]
    down = path.features[path.features[:, 2] == 1]
    np.testing.assert_allclose(down[:, 1], 100 / line.height / STEP / n, rtol=1e-5)
    assert not down[:, 0].any()
    middle = pen_path(line, 1, 2)
    np.testing.assert_allclose(middle.features[PEN_UP_STEPS:], path.features[-n:], atol=1e-6)


def test_joined_pieces_are_one_way() -> None:
    line = find_line([wave(3)])
    assert len(line.pieces) > 1
    assert (pen_path(line).features[:, 2] == 0).sum() == PEN_UP_STEPS


def test_cuts_keep_the_ink_and_the_groups_and_add_what_is_missing() -> None:
    stems = [np.array([[x, 0], [x, 50], [x, 100]], dtype=np.float32) for x in (0, 50)]
    line = find_line(stems)
    assert line.groups.tolist() == [[0, 1], [0, 2], [1, 2]]
    cut = with_cuts(line, [(0, 1)], [(0, 1), (1, 3), (2, 3)])
    assert [(each.stroke, each.start, each.stop) for each in cut.pieces] == [
        (0, 0, 2),
        (0, 1, 3),
        (1, 0, 3),
    ]
    assert [(each.begins, each.ends) for each in cut.pieces] == [
        (True, False),
        (False, True),
        (True, True),
    ]
    assert cut.groups.tolist() == [[0, 2], [0, 3], [2, 3], [0, 1], [1, 3]]
    assert points_of(cut) == points_of(line)


@pytest.mark.parametrize("n_cuts", [0, 2])
def test_a_line_without_new_cuts_stays(n_cuts: int) -> None:
    line = find_line([wave(4)])
    last = len(line.pieces[1].points) - 1
    cuts = [(1, last * each // (n_cuts + 1)) for each in range(1, n_cuts + 1)]
    cut = with_cuts(line, cuts, [])
    assert len(cut.pieces) == len(line.pieces) + n_cuts
    assert points_of(cut) == points_of(line)
    assert len(cut.groups) == len(line.groups)
