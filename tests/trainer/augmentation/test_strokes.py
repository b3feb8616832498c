from __future__ import annotations

import numpy as np
import pytest

from trainer.augmentation.strokes import (
    NO_AUGMENTATION,
    StrokeAugmentation,
    augmented_image,
    deformed,
    reordered,
)
from trainer.ink.render import ink_to_image, render
from trainer.ink.strokes import Ink

SEVEN = Ink.from_points([[(0, 0), (20, 0), (5, 30)], [(4, 15), (16, 15)]])


def test_nothing_changes_without_strength() -> None:
    image = augmented_image(*SEVEN.flat(), NO_AUGMENTATION, np.random.default_rng(1))
    np.testing.assert_array_equal(image, ink_to_image(SEVEN))


def test_a_deformed_ink_is_what_is_rendered() -> None:
    settings = StrokeAugmentation()
    made = deformed(*SEVEN.flat(), settings, np.random.default_rng(3))
    image = augmented_image(*SEVEN.flat(), settings, np.random.default_rng(3))
    np.testing.assert_array_equal(render(*made), image)
    assert (image != ink_to_image(SEVEN)).any()


@pytest.mark.parametrize("seed", range(12))
def test_other_orders_and_directions_draw_the_same(seed: int) -> None:
    points, starts = SEVEN.flat()
    points, starts = reordered(points, starts, np.random.default_rng(seed))
    other = Ink.from_points(np.split(points, starts[1:-1]))
    assert sorted(len(stroke.points) for stroke in other.strokes) == [2, 3]
    difference = np.abs(ink_to_image(other).astype(int) - ink_to_image(SEVEN))
    assert difference.max() <= 1


def test_strokes_are_reversed_and_reordered() -> None:
    generator = np.random.default_rng(1)
    orders = set()
    for _ in range(60):
        points, starts = reordered(*SEVEN.flat(), generator)
        orders.add(tuple(tuple(s[0].astype(int)) for s in np.split(points, starts[1:-1])))
    tops, bars = {(0, 0), (5, 30)}, {(4, 15), (16, 15)}
    expected = {(a, b) for a in tops for b in bars} | {(b, a) for a in tops for b in bars}
    assert orders == expected
