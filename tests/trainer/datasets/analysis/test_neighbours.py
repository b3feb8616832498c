"""Nearest neighbours are exact, and doubtful labels are those that were made wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.datasets.analysis.test_statistics import EndedError, ends_after
from trainer.datasets.analysis.neighbours import (
    NeighbourSearch,
    _nearest_of_many,
    find_label_issues,
)
from trainer.datasets.analysis.statistics import (
    nothing_to_check,
    nothing_to_report,
    pixel_statistics,
)
from trainer.datasets.dataset import Dataset
from trainer.datasets.load import load_data
from trainer.datasets.store import DatasetWriter, open_dataset
from trainer.errors import DatasetError
from trainer.files.file_array import FileArray


def distances(images: np.ndarray, image: np.ndarray) -> np.ndarray:
    difference = images.astype(np.int64) - image.astype(np.int64)
    return (difference**2).sum(axis=(1, 2))


@given(st.integers(0, 10_000), st.integers(1, 2500), st.integers(0, 12), st.sampled_from([2, 256]))
def test_they_are_those_of_a_plain_search(seed: int, n: int, k: int, levels: int) -> None:
    generator = np.random.default_rng(seed)
    # Few grey levels give many equal distances.
    images = generator.integers(0, levels, (n, 5, 4)).astype(np.uint8)
    where = generator.random(n) < 0.7
    image = images[0]
    indices, found = NeighbourSearch(images).nearest(image, k, where)
    squared = distances(images, image)
    squared[~where] = np.iinfo(np.int64).max
    expected = np.argsort(squared, kind="stable")[: min(k, int(where.sum()))]
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(found, np.sqrt(squared[expected]), rtol=1e-6)


def test_nearly_equal_distances_of_dark_images_are_told_apart() -> None:
    # Norms so large that single precision cannot tell a difference of one grey level.
    images = np.full((3000, 28, 28), 255, dtype=np.uint8)
    places = np.random.default_rng(0).permutation(784)
    for number in range(700):
        images[number].reshape(-1)[places[: number + 1]] = 254
    query = np.full((28, 28), 255, dtype=np.uint8)
    where = np.arange(3000) < 700
    indices, found = NeighbourSearch(images).nearest(query, 5, where)
    assert indices.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(found**2, [1, 2, 3, 4, 5], rtol=1e-6)


@pytest.mark.parametrize("side", [28, 40])
def test_neighbours_of_many_are_those_of_a_plain_search(side: int) -> None:
    # More than are looked at at once, bright, many of them equal, others all but equal.
    generator = np.random.default_rng(0)
    images = np.full((2100, side, side), 255, dtype=np.uint8)
    images[np.arange(2100), generator.integers(0, side, 2100), 0] -= generator.integers(
        0, 3, 2100
    ).astype(np.uint8)
    queries = np.array([0, 700, 2050, 2099])
    found = _nearest_of_many(images, queries, 10, nothing_to_report, nothing_to_check)
    for query, nearest in zip(queries.tolist(), found, strict=True):
        squared = distances(images, images[query])
        squared[query] = np.iinfo(np.int64).max
        np.testing.assert_array_equal(nearest, np.argsort(squared, kind="stable")[:10])


def test_the_same_and_the_other_classes_are_told_apart(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    np.save(tmp_path / "images.npy", generator.integers(0, 256, (900, 6, 6), dtype=np.uint8))
    images = np.load(tmp_path / "images.npy", mmap_mode="r")
    labels = generator.integers(0, 3, 900)
    search = NeighbourSearch(images)
    for index in (5, 6):
        same, other = search.nearest_by_class(
            images[index], int(labels[index]), labels, 7, without=index
        )
        squared = distances(images, images[index])
        squared[index] = np.iinfo(np.int64).max
        order = np.argsort(squared, kind="stable")
        own = labels == labels[index]
        np.testing.assert_array_equal(same[0], order[own[order] & (order != index)][:7])
        np.testing.assert_array_equal(other[0], order[~own[order]][:7])


def test_an_image_of_another_size_is_refused() -> None:
    search = NeighbourSearch(np.zeros((3, 28, 28), dtype=np.uint8))
    with pytest.raises(DatasetError, match="Expected an image of 28×28 pixels"):
        search.nearest(np.zeros((20, 20), dtype=np.uint8), 1)


def test_nothing_has_no_neighbours() -> None:
    search = NeighbourSearch(np.zeros((0, 28, 28), dtype=np.uint8))
    indices, found = search.nearest(np.zeros((28, 28), dtype=np.uint8), 3)
    assert len(indices) == len(found) == 0


def test_a_check_ends_the_search_which_is_usable_again() -> None:
    images = np.random.default_rng(0).integers(0, 256, (5000, 4, 4), dtype=np.uint8)
    search = NeighbourSearch(images)
    with pytest.raises(EndedError):
        search.nearest(images[3], 2, check=ends_after(2))
    assert search.nearest(images[3], 1)[0].tolist() == [3]


def blobs(n: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    labels = generator.integers(0, 4, n)
    centres = generator.integers(0, 200, (4, 8, 8))
    images = np.clip(centres[labels] + generator.normal(0, 20, (n, 8, 8)), 0, 255)
    return images.astype(np.uint8), labels


def test_wrong_labels_come_first_with_what_they_should_be() -> None:
    images, right = blobs(2500)
    labels = right.copy()
    wrong = np.array([3, 400, 2499])
    labels[wrong] = (labels[wrong] + 1) % 4
    heard: list[float] = []
    statistics = pixel_statistics(images, labels, 4)
    found = find_label_issues(images, labels, statistics, heard.append)
    assert sorted(found.indices.tolist()) == wrong.tolist()
    np.testing.assert_array_equal(found.suggested, right[found.indices])
    assert (found.votes > 0.9).all()
    assert (found.strangeness > 1).all()
    assert found.n_strange == len(found) == 3
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)


def test_only_the_chosen_are_doubted_but_all_are_asked() -> None:
    images, labels = blobs(2500)
    labels[[3, 400]] = (labels[[3, 400]] + 1) % 4
    statistics = pixel_statistics(images, labels, 4)
    chosen = np.arange(300, 500)
    found = find_label_issues(images, labels, statistics, indices=chosen)
    assert found.indices.tolist() == [400]


def test_clean_and_tiny_data_raise_no_doubt() -> None:
    images, labels = blobs(600)
    assert len(find_label_issues(images, labels, pixel_statistics(images, labels, 4))) == 0
    for n in (0, 1, 2):
        statistics = pixel_statistics(images[:n], labels[:n], 4)
        assert len(find_label_issues(images[:n], labels[:n], statistics)) == 0


@pytest.mark.real_data
def test_labels_made_wrong_are_found_in_mnist(data_dir: Path) -> None:
    data = load_data(str(data_dir / "mnist"), "test")
    assert isinstance(data, Dataset)
    data = data.take(np.arange(5000))
    generator = np.random.default_rng(0)
    labels = np.array(data.labels)
    wrong = generator.permutation(len(labels))[:60]
    labels[wrong] = (labels[wrong] + generator.integers(1, 10, 60)) % 10
    found = find_label_issues(data.images, labels, pixel_statistics(data.images, labels, 10))
    first = np.isin(found.indices[:30], wrong)
    assert first.mean() > 0.7
    np.testing.assert_array_equal(
        found.suggested[:30][first], data.labels[found.indices[:30][first]]
    )


def test_images_in_a_file_are_read_in_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = np.arange(3000) % 2
    noise = np.random.default_rng(0).integers(0, 256, (3000, 4, 4)).astype(np.uint8)
    folder = tmp_path / "some"
    with DatasetWriter(
        folder, title="Some", alphabet=("a", "b"), image_shape=noise.shape[1:]
    ) as writer:
        writer.append("train", noise, labels)
    images = open_dataset(folder).splits["train"].images
    assert isinstance(images, FileArray)
    monkeypatch.delattr(FileArray, "__getattr__")  # would read them all
    statistics = pixel_statistics(images, labels, 2)
    found = find_label_issues(images, labels, statistics)
    plain = find_label_issues(noise, labels, statistics)
    assert found.indices.tolist() == plain.indices.tolist()
    assert len(found) > 0
