"""Whole batches are mixed and erased, from a given generator alone."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.augmentation.mixing import erased, mixed

TARGETS = np.eye(5, dtype=np.float32)[np.arange(200) % 5]


def _images(*further: int) -> np.ndarray:
    """Return images of one value each."""
    values = np.arange(50, 250, dtype=np.uint8).reshape(-1, *(1,) * (2 + len(further)))
    return np.broadcast_to(values, (200, 20, 24, *further))


@pytest.mark.parametrize("further", [(), (6,)])
@pytest.mark.parametrize("mixing", ["mixup", "cutmix"])
def test_images_and_targets_are_mixed_in_the_same_shares(
    mixing: str, further: tuple[int, ...]
) -> None:
    given = np.random.default_rng(3)
    images, targets = mixed(mixing, 0.7, _images(*further), TARGETS, given)
    again, _ = mixed(mixing, 0.7, _images(*further), TARGETS, np.random.default_rng(3))
    assert images.dtype == np.uint8
    assert targets.dtype == np.float32
    assert np.array_equal(images, again)
    assert np.allclose(targets.sum(axis=1), 1, atol=1e-5)
    order = np.random.default_rng(3).permutation(200)
    own, other = np.arange(50, 250), np.arange(50, 250)[order]
    means = images.reshape(200, -1).mean(axis=1)
    differ = (own != other) & (np.arange(200) % 5 != order % 5)
    share = (means - other)[differ] / (own - other)[differ]
    kept = targets[np.arange(200), np.arange(200) % 5][differ]
    assert differ.sum() > 100
    assert np.abs(share - kept)[np.abs(own - other)[differ] > 20].max() < 0.03
    assert share.min() < 0.2
    assert share.max() > 0.8
    if mixing == "cutmix":
        assert (np.isin(images.reshape(200, -1), own).all(axis=1)).all()


def test_a_share_of_images_loses_a_rectangle() -> None:
    images = erased(_images(), 0.5, np.random.default_rng(1))
    areas = (images == 0).mean(axis=(1, 2))
    assert 0.35 < (areas > 0).mean() < 0.65
    assert areas.max() <= 0.36
    one = images[areas.argmax()] == 0
    rows, columns = one.any(axis=1).sum(), one.any(axis=0).sum()
    assert one.sum() == rows * columns
    assert np.array_equal(erased(_images(), 0.0, np.random.default_rng(1)), _images())
