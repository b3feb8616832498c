from __future__ import annotations

import numpy as np
import pytest

from trainer.augmentation.paper import on_paper
from trainer.ink.render import ink_to_images
from trainer.ink.strokes import Ink

SEVENS = np.tile(ink_to_images(Ink.from_points([[(0, 0), (20, 0), (5, 30)]]), (2.9,)), (400, 1, 1))


def test_the_same_generator_gives_the_same_images() -> None:
    one, other = (on_paper(SEVENS, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert one.dtype == np.uint8
    assert one.shape == SEVENS.shape
    assert (SEVENS[0] == SEVENS).all()


def test_most_stay_near_and_all_kinds_of_paper_occur() -> None:
    made = on_paper(SEVENS, np.random.default_rng(1)).astype(int)
    corners = made[:, :3, -3:].mean(axis=(1, 2))
    assert 0.1 < (corners > 40).mean() < 0.6  # grey, uneven or noisy paper
    assert (made.max(axis=(1, 2)) < 200).any()  # pale ink
    assert (np.abs(made - SEVENS).mean(axis=(1, 2)) > 10).mean() > 0.5


@pytest.mark.parametrize("shape", [(0, 28, 28), (3, 20, 20), (2, 32, 24)])
def test_any_size_and_number(shape: tuple[int, int, int]) -> None:
    images = np.full(shape, 120, dtype=np.uint8)
    assert on_paper(images, np.random.default_rng(1)).shape == shape
