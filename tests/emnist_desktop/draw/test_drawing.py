"""The drawing and its history, without a window."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emnist_desktop.draw.drawing import Drawing, Sample, erased
from trainer.ink.strokes import Ink, Stroke


def line(x0: float, y0: float, x1: float, y1: float, n: int = 11) -> Stroke:
    points = np.linspace((x0, y0), (x1, y1), n, dtype=np.float32)
    time = np.linspace(0, 1, n, dtype=np.float32)
    return Stroke(points, np.full(n, 0.5, np.float32), time)


def add_line(drawing: Drawing, *points: tuple[float, float]) -> None:
    drawing.begin(Sample(*points[0], 1.0, 0.0))
    for point in points[1:]:
        drawing.extend(Sample(*point, 1.0, 0.1))
    drawing.finish()


def test_a_stroke_under_way_is_part_of_the_ink() -> None:
    drawing = Drawing()
    drawing.begin(Sample(1, 2, 0.5, 0.0))
    drawing.extend(Sample(3, 4, 0.7, 0.1))
    (stroke,) = drawing.ink().strokes
    assert stroke.points.tolist() == [[1, 2], [3, 4]]
    assert stroke.pressure is not None
    assert stroke.pressure.tolist() == [np.float32(0.5), np.float32(0.7)]
    assert stroke.time is not None
    assert stroke.time.tolist() == [0.0, np.float32(0.1)]


def test_a_pen_that_rests_adds_no_points() -> None:
    drawing = Drawing()
    drawing.begin(Sample(1, 2, 1.0, 0.0))
    assert not drawing.extend(Sample(1, 2, 1.0, 0.5))
    assert drawing.ink().n_points == 1


def test_undo_and_redo_go_through_every_step() -> None:
    drawing = Drawing()
    add_line(drawing, (0, 0), (10, 0))
    add_line(drawing, (0, 10), (10, 10))
    drawing.begin_erasing((5, 10), 2)
    assert drawing.finish_erasing()
    drawing.replace(())
    counts = [len(drawing.strokes)]
    while drawing.undo():
        counts.append(len(drawing.strokes))
    assert counts == [0, 3, 2, 1, 0]
    while drawing.redo():
        counts.append(len(drawing.strokes))
    assert counts[5:] == [1, 2, 3, 0]


def test_a_new_stroke_forgets_what_could_be_redone() -> None:
    drawing = Drawing()
    add_line(drawing, (0, 0), (10, 0))
    drawing.undo()
    add_line(drawing, (0, 5), (10, 5))
    assert not drawing.can_redo
    assert not drawing.redo()


def test_nothing_is_undone_while_the_pen_is_down() -> None:
    drawing = Drawing()
    add_line(drawing, (0, 0), (10, 0))
    drawing.begin(Sample(5, 5, 1.0, 0.0))
    assert not drawing.undo()
    drawing.abandon()
    assert drawing.undo()


def test_an_abandoned_erasure_leaves_the_strokes() -> None:
    drawing = Drawing()
    add_line(drawing, (0, 0), (10, 0))
    before = drawing.strokes
    assert drawing.begin_erasing((5, 0), 2)
    drawing.abandon()
    assert drawing.strokes is before
    assert not drawing.is_busy


def test_the_eraser_splits_a_stroke() -> None:
    left = erased((line(0, 0, 100, 0),), (50, -10), (50, 10), 5.0)
    assert len(left) == 2
    first, second = left
    assert 40 <= first.points[:, 0].max() <= 45
    assert 55 <= second.points[:, 0].min() <= 60
    for piece in left:
        assert piece.pressure is not None
        assert piece.time is not None
        assert len(piece.pressure) == len(piece.time) == len(piece.points)
        np.testing.assert_allclose(piece.time, piece.points[:, 0] / 100, atol=1e-5)


def test_the_eraser_cuts_between_distant_points() -> None:
    assert len(erased((line(0, 0, 100, 0, n=2),), (50, 0), (50, 0), 5.0)) == 2


def test_an_eraser_that_touches_nothing_gives_the_same_strokes() -> None:
    strokes = (line(0, 0, 100, 0), line(0, 50, 100, 50))
    assert erased(strokes, (50, 20), (60, 30), 5.0) is strokes
    # Near the box of a slanting stroke, but not near the stroke.
    slanting = (line(0, 0, 100, 100),)
    assert erased(slanting, (80, 20), (80, 20), 5.0) is slanting


def test_a_dot_is_erased_whole() -> None:
    dot = Stroke(np.array([[5, 5]], dtype=np.float32))
    assert erased((dot,), (6, 6), (6, 6), 5.0) == ()


coordinate = st.floats(-50, 150, width=32)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=20), coordinate, coordinate)
def test_what_the_eraser_leaves_lies_outside_it(
    points: list[tuple[float, float]], x: float, y: float
) -> None:
    radius = 10.0
    strokes = Ink.from_points([points]).strokes
    for piece in erased(strokes, (x, y), (x, y), radius):
        assert len(piece.points) >= 1
        distance = np.hypot(piece.points[:, 0] - x, piece.points[:, 1] - y)
        assert (distance > radius - 1e-3).all()
