"""Copies are found, all of them and no others; across splits they are a leak."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.datasets.analysis.test_statistics import EndedError, ends_after
from trainer.datasets.analysis import duplicates
from trainer.datasets.analysis.duplicates import SamplePosition, find_duplicates
from trainer.datasets.dataset import Dataset

ALPHABET = ("a", "b")


def dataset(images: np.ndarray, labels: np.ndarray | None = None) -> Dataset:
    labels = np.zeros(len(images), dtype=np.int64) if labels is None else labels
    return Dataset("some", ALPHABET, images, labels)


def noise(n: int, seed: int = 0, side: int = 10) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, side, side), dtype=np.uint8)


@given(
    st.integers(0, 10_000),
    st.integers(1, 90),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([0.0, 2.0, 30.0, 80.0]),
)
def test_they_are_those_of_a_plain_search(
    seed: int, n: int, height: int, width: int, near: float
) -> None:
    generator = np.random.default_rng(seed)
    base = generator.integers(0, 256, (max(1, n // 3), height, width))
    images = base[generator.integers(0, len(base), n)]
    change = generator.integers(-40, 41, images.shape) * (generator.random((n, 1, 1)) < 0.5)
    images = np.clip(images + change, 0, 255).astype(np.uint8)
    cut = n // 2
    splits = {"train": dataset(images[:cut]), "test": dataset(images[cut:])}
    found = find_duplicates(splits, near)

    rows = images.reshape(n, -1).astype(np.int64)
    first = {rows[i].tobytes(): i for i in range(n - 1, -1, -1)}
    exact = {(first[rows[i].tobytes()], i) for i in range(n) if first[rows[i].tobytes()] != i}
    alone = sorted(first.values())
    most = near * near * height * width
    close = {
        (i, j)
        for i, j in itertools.combinations(alone, 2)
        if ((rows[i] - rows[j]) ** 2).sum() <= int(most)
    }
    assert set(zip(found.exact.first.tolist(), found.exact.second.tolist(), strict=True)) == exact
    assert set(zip(found.near.first.tolist(), found.near.second.tolist(), strict=True)) == close
    assert len(found.near) == len(close)
    assert found.near.is_complete


def test_a_leak_is_counted_by_test_sample() -> None:
    train = noise(50)
    test = noise(20, seed=1)
    test[3] = train[7]
    test[4] = train[7]
    test[5] = np.clip(train[9].astype(int) + 2, 0, 255)
    found = find_duplicates({"test": dataset(test), "train": dataset(train)})
    assert found.exact.n_leaked() == 2
    assert found.near.n_leaked() == 1
    assert found.exact.crossing.all()
    assert found.exact.place(int(found.exact.first[0])) == SamplePosition("train", 7)
    assert found.exact.place(int(found.exact.second[1])) == SamplePosition("test", 4)
    assert found.near.distances[0] == pytest.approx(2.0, abs=0.1)


def test_a_leak_to_validation_is_none_to_test() -> None:
    train, test = noise(50), noise(20, seed=1)
    validation = np.concatenate([train[:5], test[:3], noise(4, seed=2)])
    validation[9] = np.clip(train[9].astype(int) + 2, 0, 255)
    test[7] = train[0]
    parts = {"test": test, "validation": validation, "train": train}
    found = find_duplicates({name: dataset(part) for name, part in parts.items()})
    assert (found.exact.n_leaked(), found.exact.n_leaked("validation")) == (1, 5)
    assert (found.near.n_leaked(), found.near.n_leaked("validation")) == (0, 1)
    assert find_duplicates({"test": dataset(test)}).exact.n_leaked() == 0


def test_images_that_differ_by_one_grey_level_are_near() -> None:
    # So far from the mean image that single precision cannot tell their distance from none.
    images = (noise(60, side=100) > 127).astype(np.uint8) * np.uint8(254)
    images[30:] = images[:30]
    images[30:, 7, 7] += 1
    found = find_duplicates({"train": dataset(images)}, 0.01)
    pairs = set(zip(found.near.first.tolist(), found.near.second.tolist(), strict=True))
    assert pairs == {(n, n + 30) for n in range(30)}


def test_copies_within_a_split_are_no_leak() -> None:
    train = noise(30)
    train[[4, 9]] = train[2]
    labels = np.zeros(30, dtype=np.int64)
    labels[9] = 1
    found = find_duplicates({"train": dataset(train, labels), "test": dataset(noise(5, 1))})
    assert found.exact.n_leaked() == 0
    assert found.exact.n_superfluous == 2
    assert found.exact.disagree.tolist() == [False, True]
    assert not found.exact.crossing.any()


def test_images_larger_than_the_usual_are_compared_too() -> None:
    images = noise(40, side=64)
    images[11] = np.clip(images[30].astype(int) + 1, 0, 255)
    found = find_duplicates({"train": dataset(images)})
    assert (found.near.first.tolist(), found.near.second.tolist()) == ([11], [30])


def test_blank_data_end_the_search_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST_PAIRS", 500)
    images = np.zeros((800, 10, 10), dtype=np.uint8)
    images.reshape(800, 100)[np.arange(800), np.arange(800) % 100] = np.arange(800) // 100 + 1
    found = find_duplicates({"train": dataset(images)})
    assert not found.near.is_complete
    assert len(found.near) >= 500


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_samples_have_no_copies(n: int) -> None:
    found = find_duplicates({"train": dataset(noise(n))})
    assert len(found.exact) == len(found.near) == 0
    assert found.exact.n_leaked() == found.near.n_leaked() == 0


def test_progress_grows_to_the_end_and_a_check_ends_the_work() -> None:
    splits = {"train": dataset(noise(5000))}
    heard: list[float] = []
    find_duplicates(splits, 8.0, heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    with pytest.raises(EndedError):
        find_duplicates(splits, 8.0, check=ends_after(6))
