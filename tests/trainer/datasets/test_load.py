from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.archives import SHAPES, write_archive
from trainer.datasets.dataset import Dataset, stratified_split, writer_split
from trainer.datasets.idx import find_splits, read_idx, read_idx_dataset
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.load import load_data
from trainer.datasets.samples import as_images
from trainer.errors import DatasetError
from trainer.files.file_array import FileArray

IMAGE = np.zeros((28, 28), dtype=np.uint8)
IMAGE[2:20, 5] = 200  # an upright bar, left of the middle


def _write_idx(path: Path, values: np.ndarray) -> Path:
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    data = header + values.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def _write_split(folder: Path, prefix: str, image: np.ndarray, labels: list[int], end: str) -> None:
    images = np.stack([image] * len(labels))
    _write_idx(folder / f"{prefix}-images-idx3-ubyte{end}", images)
    _write_idx(folder / f"{prefix}-labels-idx1-ubyte{end}", np.array(labels))


@pytest.mark.parametrize("end", ["", ".gz"])
def test_mnist_is_read_as_it_lies(tmp_path: Path, end: str) -> None:
    _write_split(tmp_path, "t10k", IMAGE, [3, 1], end)
    _write_split(tmp_path, "train", IMAGE, [9], end)
    dataset = load_data(str(tmp_path))
    assert isinstance(dataset, Dataset)
    assert dataset.name == "mnist-test"
    assert dataset.labels.tolist() == [3, 1]
    assert np.array_equal(dataset.images[0], IMAGE)
    assert len(load_data(str(tmp_path), "train")) == 1
    with pytest.raises(DatasetError, match="no split"):
        load_data(str(tmp_path), "validation")


def test_the_writers_of_a_matlab_file_are_known_without_an_import(tmp_path: Path) -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    generator = np.random.default_rng(0)
    n, writers = 2_100, np.arange(2_100) // 7  # several chunks
    part = {
        "images": generator.integers(0, 2, (n, 784), dtype=np.uint8) * 200,
        "labels": (np.arange(n) % 3).reshape(-1, 1),
        "writers": writers.reshape(-1, 1),
    }
    mapping = np.array([[0, 48], [1, 49], [2, 50]])
    savemat(tmp_path / "some.mat", {"dataset": {"train": part, "test": part, "mapping": mapping}})
    data = as_images(load_data(str(tmp_path / "some.mat"), "train"))
    assert data.writers is not None
    assert data.writers.tolist() == writers.tolist()


def test_emnist_is_turned_upright_and_letters_start_at_a(tmp_path: Path) -> None:
    _write_split(tmp_path, "emnist-letters-test", IMAGE.T, [1, 26], ".gz")
    dataset = as_images(load_data(str(tmp_path)))
    assert np.array_equal(dataset.images[0], IMAGE)
    assert [dataset.alphabet[label] for label in dataset.labels] == ["A", "Z"]


def test_a_plain_file_is_read_as_it_is_needed(tmp_path: Path) -> None:
    _write_split(tmp_path, "emnist-letters-test", IMAGE.T, [1, 26], "")
    images = as_images(load_data(str(tmp_path))).images
    assert isinstance(images, FileArray)
    assert np.array_equal(images[1], IMAGE)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "header"),
        (b"<!DOCTYPE html><html></html>", "header"),
        (struct.pack(">HBBI", 0, 8, 3, 1), "ends within"),
        (struct.pack(">HBB3I", 0, 8, 3, 2, 28, 28) + b"x", "1,568"),
        (struct.pack(">HBB3I", 0, 8, 3, 2**31, 2**31, 28), "promises"),
        (struct.pack(">HBBI", 0, 7, 1, 1) + b"abcd", "header"),
    ],
)
def test_damaged_idx_files_are_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    for name in ("a-idx3-ubyte", "a-idx3-ubyte.gz"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if path.suffix else content)
        with pytest.raises(DatasetError, match=sentence):
            read_idx(path)


def test_a_truncated_or_false_gzip_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 2, 28, 28) + bytes(1568))
    for content in (whole[:-20], b"<html>", whole[:30] + b"\xff" * 9 + whole[39:]):
        path = tmp_path / "t-idx3-ubyte.gz"
        path.write_bytes(content)
        with pytest.raises(DatasetError):
            read_idx(path)


def test_images_without_labels_or_with_too_few_are_refused(tmp_path: Path) -> None:
    _write_idx(tmp_path / "train-images-idx3-ubyte", np.stack([IMAGE] * 2))
    with pytest.raises(DatasetError, match="no labels"):
        find_splits(tmp_path)
    _write_idx(tmp_path / "train-labels-idx1-ubyte", np.array([1]))
    with pytest.raises(DatasetError, match="one label"):
        read_idx_dataset(find_splits(tmp_path)["train"])
    _write_idx(tmp_path / "train-labels-idx1-ubyte", np.array([1, 10]))
    with pytest.raises(DatasetError, match="0 to 9"):
        read_idx_dataset(find_splits(tmp_path)["train"])


def test_a_pen_archive_is_read_and_rendered(tmp_path: Path) -> None:
    archive = read_pen_archive(write_archive(tmp_path / "a.npz", 24))
    assert [archive.alphabet[label] for label in archive.labels[:6]] == list(SHAPES)
    assert len(archive.ink(4).strokes) == 2
    images = archive.render()
    assert images.images.shape == (24, 28, 28)
    keep = np.arange(24) % 5 == 0
    part = archive.select(keep)
    assert np.array_equal(part.render().images, images.images[keep])
    assert part.fingerprint() != archive.fingerprint()


@pytest.mark.parametrize("name", ["points", "stroke_start", "sample_start", "label", "writer"])
def test_an_archive_without_an_array_is_refused(tmp_path: Path, name: str) -> None:
    with np.load(write_archive(tmp_path / "a.npz", 12)) as archive:
        arrays = {key: archive[key] for key in archive.files if key != name}
    np.savez(tmp_path / "b.npz", **arrays)
    with pytest.raises(DatasetError, match=name):
        read_pen_archive(tmp_path / "b.npz")


@pytest.mark.parametrize(
    ("name", "value"),
    [("stroke_start", [0, 2, 1]), ("sample_start", [0, 99]), ("points", [[1, 2]]), ("writer", [])],
)
def test_an_archive_that_does_not_fit_together_is_refused(
    tmp_path: Path, name: str, value: list[int]
) -> None:
    with np.load(write_archive(tmp_path / "a.npz", 12)) as archive:
        arrays = {key: archive[key] for key in archive.files}
    arrays[name] = np.array(value)
    np.savez(tmp_path / "b.npz", **arrays)
    with pytest.raises(DatasetError, match="do not fit"):
        read_pen_archive(tmp_path / "b.npz")


def test_files_that_are_no_archives_are_refused(tmp_path: Path) -> None:
    whole = write_archive(tmp_path / "a.npz", 12).read_bytes()
    for content in (b"", b"<html>", whole[: len(whole) // 2]):
        (tmp_path / "b.npz").write_bytes(content)
        with pytest.raises(DatasetError):
            load_data(str(tmp_path / "b.npz"))
    with pytest.raises(DatasetError, match="no"):
        load_data(str(tmp_path / "missing.npz"))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=200), st.floats(0, 1), st.integers(0, 99))
def test_a_stratified_split_keeps_every_class(labels: list[int], share: float, seed: int) -> None:
    values = np.array(labels)
    first, second = stratified_split(values, share, seed)
    assert sorted([*first, *second]) == list(range(len(values)))
    for label in set(labels):
        n = int((values == label).sum())
        assert int((values[second] == label).sum()) == round(share * n)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=200), st.floats(0, 1), st.integers(0, 99))
def test_no_writer_stands_in_both_halves(writers: list[int], share: float, seed: int) -> None:
    values = np.array(writers)
    first, second = writer_split(values, share, seed)
    assert sorted([*first, *second]) == list(range(len(values)))
    assert not set(values[first]) & set(values[second])
    assert len(second) >= int(share * len(values))


def test_equal_data_have_equal_fingerprints() -> None:
    images = np.stack([IMAGE, IMAGE.T])
    dataset = Dataset("a", ("x", "y"), images, np.array([0, 1]))
    assert dataset.fingerprint() == Dataset("b", ("x", "y"), images, np.array([0, 1])).fingerprint()
    assert dataset.fingerprint() != dataset.take(np.array([1, 0])).fingerprint()
