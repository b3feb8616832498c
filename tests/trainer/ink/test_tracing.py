"""Strokes traced in pictures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.trainer.written_texts import on_paper, written
from trainer.ink.picture import picture_ink
from trainer.ink.segmentation import Mask, components
from trainer.ink.strokes import Ink
from trainer.ink.tracing import thinned, trace


def _drawn(*lines: tuple[tuple[int, int], tuple[int, int]]) -> Mask:
    """Return thick upright and level lines."""
    mask = np.zeros((120, 120), dtype=bool)
    for (left, top), (right, bottom) in lines:
        mask[top : bottom + 7, left : right + 7] = True
    return mask


def test_a_line_is_one_stroke_from_its_upper_end() -> None:
    (stroke,) = trace(_drawn(((50, 10), (50, 100)))).strokes
    assert stroke.points[0] == pytest.approx([53.5, 12], abs=4)
    assert stroke.points[-1] == pytest.approx([53.5, 105], abs=4)


def test_strokes_go_straight_through_a_crossing() -> None:
    cross = trace(_drawn(((50, 10), (50, 100)), ((10, 50), (100, 50))))
    extents = sorted(np.ptp(stroke.points, axis=0).round().tolist() for stroke in cross.strokes)
    assert len(extents) == 2
    assert extents[0] == pytest.approx([0, 94], abs=6)
    assert extents[1] == pytest.approx([94, 0], abs=6)


def test_a_ring_is_one_closed_stroke() -> None:
    sides = [((20, 20), (90, 20)), ((20, 90), (90, 90)), ((20, 20), (20, 90)), ((90, 20), (90, 90))]
    (stroke,) = trace(_drawn(*sides)).strokes
    assert np.hypot(*(stroke.points[0] - stroke.points[-1])) < 3
    assert np.ptp(stroke.points, axis=0) == pytest.approx([70, 70], abs=4)


def test_a_dot_and_nothing() -> None:
    dot = trace(_drawn(((50, 50), (50, 50))))
    assert len(dot.strokes) == 1
    assert dot.strokes[0].points.mean(axis=0) == pytest.approx([53.5, 53.5], abs=2)
    assert trace(np.zeros((10, 10), dtype=bool)).is_empty


@settings(max_examples=40, deadline=None)
@given(arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14))))
def test_thinning_keeps_parts_together(mask: Mask) -> None:
    lines = thinned(mask)
    assert not (lines & ~mask).any()
    assert len(components(lines)) <= len(components(mask))
    points = trace(mask).flat()[0]
    if mask.any():
        assert points.min() >= 0
        assert (points.max(axis=0) <= mask.shape[::-1]).all()


@pytest.mark.parametrize("paper", ["plain", "ruled", "squared"])
def test_strokes_are_traced_where_they_were_written(paper: str) -> None:
    ink = written("LOVE")
    traced = picture_ink(on_paper(ink, paper, size=0.6))
    assert _box(traced) == pytest.approx(
        _box(Ink.from_points(s.points * 0.6 + 40 for s in ink.strokes)), abs=4
    )


def _box(ink: Ink) -> npt.NDArray[np.float32]:
    points, _ = ink.flat()
    return np.concatenate([points.min(axis=0), points.max(axis=0)])
