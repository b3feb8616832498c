"""Counts, means, pixels, and distances: against numpy and scikit-learn on the whole array."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.datasets.analysis.statistics import (
    BLOCK,
    balance,
    class_distances,
    pick_class_samples,
    pixel_statistics,
)


class EndedError(Exception):
    """What a check raises in these tests."""


def some(n: int = 5000, classes: int = 5, side: int = 9) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, classes - 1, n)  # the last class has none
    centres = generator.integers(0, 200, (classes, side, side))
    images = np.clip(centres[labels] + generator.normal(0, 30, (n, side, side)), 0, 255)
    images[:, 0, 0] = 0
    images[:, 0, 1] = 255
    return images.astype(np.uint8), labels


def test_means_and_deviations_are_those_of_each_class() -> None:
    images, labels = some()
    found = pixel_statistics(images, labels, 5)
    assert found.counts.tolist() == np.bincount(labels, minlength=5).tolist()
    for label in range(4):
        own = images[labels == label].astype(np.float64)
        np.testing.assert_allclose(found.class_means[label], own.mean(axis=0), atol=1e-4)
        np.testing.assert_allclose(found.class_deviations[label], own.std(axis=0), atol=1e-4)
    assert not found.class_means[4].any()
    assert not found.class_deviations[4].any()
    np.testing.assert_allclose(found.mean, images.mean(axis=0))
    np.testing.assert_allclose(found.deviation, images.std(axis=0))
    np.testing.assert_array_equal(found.least, images.min(axis=0))
    np.testing.assert_array_equal(found.greatest, images.max(axis=0))


@pytest.mark.parametrize("first", [0, 128, 161, 254])
def test_deviations_are_exact_in_whatever_order_a_processor_adds(first: int) -> None:
    # The squares of an odd number of odd grey levels sum to what single precision cannot hold.
    n = 2 * 2047
    labels = np.arange(n) % 2
    images = np.full((n, 28, 28), first, dtype=np.uint8)
    images[labels == 1] += 1
    images[n // 2 :, 0, 0] += 1
    found = pixel_statistics(images, labels, 2)
    assert found.class_means[:, 1, 1].tolist() == [first, first + 1]
    assert np.count_nonzero(found.class_deviations) == 2
    for label in (0, 1):
        own = images[labels == label, 0, 0].astype(int).tolist()
        square = len(own) * sum(x * x for x in own) - sum(own) ** 2
        deviation = np.float32(np.sqrt(square) / len(own))
        assert found.class_deviations[label, 0, 0] == pytest.approx(deviation, rel=1e-6)
    assert (found.deviation.ravel()[1:] == 0.5).all()


def test_a_sample_that_is_the_mean_of_its_class_is_at_no_distance_from_it() -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (12, 40, 40), dtype=np.uint8)
    found = class_distances(images, np.arange(12), pixel_statistics(images, np.arange(12), 12))
    assert not found.own.any()
    rows = images.reshape(12, -1).astype(int)
    squared = ((rows[:, None] - rows) ** 2).sum(axis=2) + np.eye(12, dtype=int) * 10**9
    np.testing.assert_array_equal(found.other, np.sqrt(squared.min(axis=1)).astype(np.float32))


def test_scaling_is_scikit_learns() -> None:
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    images, labels = some()
    found = pixel_statistics(images, labels, 5)
    rows = images.reshape(len(images), -1).astype(np.float64)
    for ours, theirs in (
        (found.after_standard_scaler, preprocessing.StandardScaler()),
        (found.after_min_max_scaler, preprocessing.MinMaxScaler()),
    ):
        expected = theirs.fit_transform(rows).reshape(images.shape)
        np.testing.assert_allclose(ours(images), expected, atol=1e-4)
        np.testing.assert_allclose(ours(found.mean), expected.mean(axis=0), atol=1e-6)


def test_only_the_chosen_samples_are_looked_at(tmp_path: Path) -> None:
    images, labels = some()
    np.save(tmp_path / "images.npy", images)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    chosen = np.flatnonzero(labels == 2)[::-1]
    found = pixel_statistics(mapped, labels, 5, indices=chosen)
    assert found.counts.tolist() == [0, 0, len(chosen), 0, 0]
    np.testing.assert_allclose(found.mean, images[chosen].mean(axis=0))


def test_nothing_has_empty_statistics() -> None:
    images, labels = some()
    found = pixel_statistics(images, labels, 5, indices=np.empty(0, dtype=np.int64))
    assert not found.mean.any()
    assert not found.after_standard_scaler(found.mean).any()
    assert not found.after_min_max_scaler(found.mean).any()


def test_progress_is_told_up_to_the_end_and_a_check_ends_the_work() -> None:
    images, labels = some(3 * BLOCK)
    heard: list[float] = []
    pixel_statistics(images, labels, 5, heard.append)
    assert heard == pytest.approx([1 / 3, 2 / 3, 1.0])
    with pytest.raises(EndedError):
        pixel_statistics(images, labels, 5, check=ends_after(2))


def ends_after(calls: int) -> Callable[[], None]:
    left = [calls]

    def check() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise EndedError

    return check


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=70))
def test_balance_names_the_extremes(counts: list[int]) -> None:
    found = balance(counts)
    if not any(counts):
        assert found is None
        return
    assert found is not None
    assert counts[found.most] == max(counts)
    assert counts[found.fewest] == min(count for count in counts if count)
    assert found.ratio >= 1.0
    assert [counts[label] for label in found.missing] == [0] * counts.count(0)


@given(
    st.lists(st.integers(0, 7), min_size=0, max_size=40),
    st.integers(0, 1000),
    st.booleans(),
)
def test_one_of_each_is_of_its_class(labels: list[int], seed: int, half: bool) -> None:
    array = np.array(labels, dtype=np.int64)
    indices = np.arange(0, len(array), 2) if half else None
    chosen = pick_class_samples(array, 8, np.random.default_rng(seed), indices)
    among = array if indices is None else array[indices]
    for label, place in enumerate(chosen.tolist()):
        if place < 0:
            assert label not in among
        else:
            assert array[place] == label
            assert not half or place % 2 == 0


def test_every_sample_can_be_drawn() -> None:
    labels = np.array([1, 0, 1, 1, 0])
    drawn = {
        tuple(pick_class_samples(labels, 2, np.random.default_rng(seed)).tolist())
        for seed in range(60)
    }
    assert drawn == {(a, b) for a in (1, 4) for b in (0, 2, 3)}


def test_distances_are_those_to_the_means() -> None:
    images, labels = some(400)
    statistics = pixel_statistics(images, labels, 5)
    found = class_distances(images, labels, statistics)
    rows = images.reshape(len(images), -1).astype(np.float64)
    means = statistics.class_means.reshape(5, -1)[:4]
    full = np.sqrt(((rows[:, None] - means) ** 2).sum(axis=2))
    own = full[np.arange(400), labels]
    np.testing.assert_allclose(found.own, own, rtol=1e-4)
    full[np.arange(400), labels] = np.inf
    np.testing.assert_allclose(found.other, full.min(axis=1), rtol=1e-4)
    np.testing.assert_array_equal(found.nearest_other, full.argmin(axis=1))


def test_a_sample_with_a_wrong_label_is_strange() -> None:
    images, labels = some(400)
    labels[7] = (labels[7] + 1) % 4
    found = class_distances(images, labels, pixel_statistics(images, labels, 5))
    assert np.flatnonzero(found.strangeness > 1).tolist() == [7]


def test_a_single_class_has_no_other() -> None:
    images, _ = some(20)
    labels = np.zeros(20, dtype=np.int64)
    found = class_distances(images, labels, pixel_statistics(images, labels, 1))
    assert (found.nearest_other == -1).all()
    assert not found.strangeness.any()
