from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import InkError
from trainer.ink.strokes import MAX_JSON_LENGTH, MAX_POINTS, Ink

coordinates = st.floats(-1e6, 1e6, allow_nan=False, width=32)
strokes = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=8), max_size=4
)


@given(strokes)
def test_json_brings_the_points_back(points: list[list[tuple[float, float]]]) -> None:
    ink = Ink.from_points(points)
    again = Ink.from_json(ink.to_json())
    assert len(again.strokes) == len(points)
    for before, after in zip(ink.strokes, again.strokes, strict=True):
        np.testing.assert_allclose(after.points, before.points, rtol=1e-6, atol=1e-3)


def test_pressure_and_time_survive() -> None:
    record = {
        "strokes": [[[1, 2], [3, 4]], [[5, 6]]],
        "pressure": [[0.1, 1.0], [0.5]],
        "time": [[0.0, 0.1], [0.2]],
        "writer": "ignored",
    }
    ink = Ink.from_json(Ink.from_record(record).to_json())
    assert ink.strokes[0].pressure is not None
    assert ink.strokes[1].time is not None
    assert ink.strokes[0].pressure.tolist() == pytest.approx([0.1, 1.0])
    assert ink.strokes[1].time.tolist() == pytest.approx([0.2])


def test_strokes_without_points_are_left_out_with_their_pressure() -> None:
    ink = Ink.from_record({"strokes": [[], [[5, 6]]], "pressure": [[], [0.5]]})
    assert len(ink.strokes) == 1
    assert ink.strokes[0].pressure is not None
    assert ink.strokes[0].pressure.tolist() == [0.5]


@pytest.mark.parametrize(
    "record",
    [
        None,
        3,
        "ink",
        [],
        {},
        {"strokes": None},
        {"strokes": 3},
        {"strokes": ["ab"]},
        {"strokes": [[1, 2, 3]]},
        {"strokes": [[[1, 2, 3]]]},
        {"strokes": [[[1, "a"]]]},
        {"strokes": [[[1, None]]]},
        {"strokes": [[[1], [1, 2]]]},
        {"strokes": [[[True, False]]]},
        {"strokes": [[[1e30, 0]]]},
        {"strokes": [[[[1, 2]]]]},
        {"strokes": [[[1, 2]]], "pressure": [[1, 2]]},
        {"strokes": [[[1, 2]]], "pressure": 1},
        {"strokes": [[[1, 2]]], "time": [["a"]]},
        {"strokes": [[[10**400, 2]]]},
    ],
)
def test_nonsense_is_refused_with_a_sentence(record: Any) -> None:
    with pytest.raises(InkError) as caught:
        Ink.from_json(json.dumps(record))
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    "text", ["", "{", '{"strokes": [[[NaN, 1]]]}', '{"strokes": [[[1, Infinity]]]}', "[" * 100_000]
)
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(InkError):
        Ink.from_json(text)


def test_too_many_points_are_refused() -> None:
    with pytest.raises(InkError, match="100,000"):
        Ink.from_points([np.zeros((MAX_POINTS + 1, 2))])
    with pytest.raises(InkError, match="characters"):
        Ink.from_json(" " * (MAX_JSON_LENGTH + 1))
    with pytest.raises(InkError, match="100,000"):
        Ink.from_record({"strokes": [[0] * 10_000_000]})


def test_flat_joins_the_strokes() -> None:
    points, starts = Ink.from_points([[(0, 1)], [(2, 3), (4, 5)]]).flat()
    assert points.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert starts.tolist() == [0, 1, 3]
    assert Ink().flat()[0].shape == (0, 2)
    assert Ink().is_empty


@pytest.mark.parametrize("text", ['{"strokes": [[[]]]}', '{"strokes": [[[1, 2]], [[]]]}'])
def test_a_point_without_coordinates_is_an_error(text: str) -> None:
    with pytest.raises(InkError, match="Expected stroke"):
        Ink.from_json(text)
