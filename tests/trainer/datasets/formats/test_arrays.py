"""Numpy's files, EMNIST's MATLAB files and IDX as they are found."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.trainer.handwriting import digits, idx, write_idx
from trainer.datasets.dataset import Dataset
from trainer.datasets.export import ExportFormat, Selection, export
from trainer.datasets.formats import matlab
from trainer.datasets.formats.import_ import ImportOptions, import_dataset, inspect_import
from trainer.datasets.formats.matlab import unpack_matlab
from trainer.datasets.formats.source import as_bytes, value_scale, whole_labels
from trainer.datasets.idx import read_idx, stream_idx
from trainer.datasets.store import in_memory, open_dataset
from trainer.errors import DatasetError

AS_IT_IS = ImportOptions(transposed="no", inverted="no")


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("X_train", "Y_train", "X_test", "Y_test"),
    ],
)
def test_an_archive_with_train_and_test(tmp_path: Path, names: tuple[str, ...]) -> None:
    images, labels = digits(40)
    arrays = (images[:30], labels[:30], images[30:], labels[30:])
    content: dict[str, Any] = dict(zip(names, arrays, strict=True))
    np.savez(tmp_path / "set.npz", **content)
    import_dataset(tmp_path / "set.npz", AS_IT_IS, tmp_path / "out")
    splits = open_dataset(tmp_path / "out").splits
    np.testing.assert_array_equal(splits["train"].images, images[:30])
    np.testing.assert_array_equal(splits["test"].labels, labels[30:])


@pytest.mark.parametrize(
    "stored",
    [
        lambda images: images / 255.0,
        lambda images: images.astype(np.float32),
        lambda images: images / 127.5 - 1.0,
        lambda images: images / 255.0 - 0.5,
        lambda images: (images.astype(np.int16) - 128).astype(np.int8),
        lambda images: images[..., None],
        lambda images: images[:, None].astype(np.int32),
        lambda images: images.reshape(len(images), -1),
    ],
    ids=[
        *("0..1", "float 0..255", "-1..1", "-0.5..0.5", "signed"),
        *("channel last", "channel first", "flattened"),
    ],
)
def test_every_usual_form_of_images_gives_the_same(tmp_path: Path, stored: object) -> None:
    images, labels = digits(20)
    assert callable(stored)
    np.save(tmp_path / "my_images.npy", stored(images))
    np.save(tmp_path / "my_labels.npy", np.eye(10)[labels])
    import_dataset(tmp_path / "my_images.npy", AS_IT_IS, tmp_path / "out")
    train = open_dataset(tmp_path / "out").splits["train"]
    np.testing.assert_array_equal(train.images, images)
    np.testing.assert_array_equal(train.labels, labels)


def test_what_is_exported_is_imported_again(tmp_path: Path) -> None:
    images, _ = digits(40)
    labels, writers, alphabet = np.arange(40) % 3, np.arange(40) // 5, ("ä", "ö", "ü", "ß")
    data = Dataset("some", alphabet, images, labels, writers, "Yours.")
    stored = in_memory("some", "Some", {"test": data})
    file, chosen = tmp_path / "some.npz", np.arange(39, 4, -1)
    export(Selection(stored, "test", chosen), ExportFormat.ARRAYS, file)
    card = import_dataset(file, AS_IT_IS, tmp_path / "out")
    again = open_dataset(tmp_path / "out").splits
    assert list(again) == ["test"]
    assert (card.alphabet, card.terms) == (alphabet, stored.card.terms)
    assert again["test"].writers is not None
    np.testing.assert_array_equal(again["test"].writers, writers[chosen])
    np.testing.assert_array_equal(again["test"].labels, labels[chosen])
    np.testing.assert_array_equal(again["test"].images, images[chosen])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("alphabet", np.array(list("ab"))),
        ("alphabet", np.array(list("aabcdefghi"))),
        ("alphabet", np.array([*"abcdefghi", "\n"])),
        ("alphabet", np.arange(10)),
        ("alphabet", np.array([[*"abcdefghij"]])),
        ("alphabet", np.array([f"class {n}" for n in range(1_001)])),
        ("alphabet", np.array(list("abcdefghij"), dtype=object)),
        ("writers", np.arange(19)),
        ("writers", np.arange(20) - 1),
        ("writers", np.arange(20) / 2),
        ("writers", np.full(20, 2**63, dtype=np.uint64)),
        ("writers", np.array(["Anna"] * 20)),
        ("split", np.array("both")),
        ("split", np.array(["test"] * 20)),
        ("split", np.array(3)),
        ("terms", np.array(["mine"])),
    ],
)
def test_what_a_foreign_archive_says_otherwise_is_left_out(
    tmp_path: Path, name: str, values: np.ndarray
) -> None:
    images, labels = digits(20)
    arrays: dict[str, Any] = {"images": images, "labels": labels, name: values}
    np.savez(tmp_path / "set.npz", **arrays)
    (finding,) = inspect_import(tmp_path / "set.npz", AS_IT_IS).warnings
    assert finding.sentence == f"Arrays that are left out: {name}."
    import_dataset(tmp_path / "set.npz", AS_IT_IS, tmp_path / "out")
    stored = open_dataset(tmp_path / "out")
    assert list(stored.splits) == ["train"]
    assert stored.card.alphabet == tuple("0123456789")
    assert stored.splits["train"].writers is None


def test_standardised_images_are_scaled_and_said(tmp_path: Path) -> None:
    images, labels = digits(20)
    np.savez(tmp_path / "set.npz", images=(images / 255 - 0.1307) / 0.3081, labels=labels)
    preview = inspect_import(tmp_path / "set.npz")
    assert [finding.kind for finding in preview.warnings] == ["scale"]
    import_dataset(tmp_path / "set.npz", preview.options, tmp_path / "out")
    stored = np.array(open_dataset(tmp_path / "out").splits["train"].images)
    np.testing.assert_allclose(stored, images * (255.0 / images.max()), atol=0.6)
    np.savez(
        tmp_path / "features.npz",
        images=np.random.default_rng(0).normal(size=(20, 784)),
        labels=labels,
    )
    with pytest.raises(DatasetError, match="Expected pixels"):
        inspect_import(tmp_path / "features.npz")


def test_labels_from_1_for_digits_from_0_are_proposed(tmp_path: Path) -> None:
    images, labels = digits(40)
    np.savez(tmp_path / "usps.npz", images=images, labels=labels + 1)
    (finding,) = inspect_import(tmp_path / "usps.npz").warnings
    assert finding.fix is not None
    assert finding.fix.classes == tuple("0123456789")


def test_bits_become_black_and_white(tmp_path: Path) -> None:
    images, labels = digits(20)
    np.save(tmp_path / "images.npy", images > 127)
    np.save(tmp_path / "labels.npy", np.array([str(label) for label in labels]))
    import_dataset(tmp_path / "images.npy", AS_IT_IS, tmp_path / "out")
    train = open_dataset(tmp_path / "out").splits["train"]
    np.testing.assert_array_equal(train.images, (images > 127) * np.uint8(255))


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (np.zeros((3, 28, 28)), np.arange(2), "one label for each of 3 images"),
        (np.full((3, 28, 28), np.nan), np.arange(3), "NaN"),
        (np.full((3, 28, 28), 900.0), np.arange(3), "0 to 900"),
        (np.zeros((3, 5, 5, 5)), np.arange(3), "3×5×5×5"),
        (np.zeros((3, 785)), np.arange(3), "785"),
        (np.zeros((0, 28, 28)), np.arange(0), "Expected samples"),
        (np.zeros((3, 28, 28)), np.array([0, -1, 2]), "labels from 0"),
        (np.zeros((3, 28, 28)), np.array([0, 0.5, 2]), "whole numbers"),
        (np.zeros((3, 28, 28)), np.zeros((3, 4)), "one label for each image"),
        (np.zeros((3, 28, 28), dtype="U1"), np.arange(3), "numbers as pixels"),
        (np.zeros((1200, 2, 2)), np.arange(1200), "at most 1,000 different"),
    ],
)
def test_arrays_that_make_no_dataset_are_refused(
    tmp_path: Path, images: npt.NDArray[np.generic], labels: npt.NDArray[np.generic], sentence: str
) -> None:
    np.savez(tmp_path / "bad.npz", images=images, labels=labels)
    with pytest.raises(DatasetError, match=sentence):
        inspect_import(tmp_path / "bad.npz")


@pytest.mark.parametrize("name", ["objects.npz", "object_images.npy"])
def test_pickled_objects_are_never_opened(tmp_path: Path, name: str) -> None:
    objects = np.array([{"code": 1}], dtype=object)
    if name.endswith("npz"):
        np.savez(tmp_path / name, images=objects, labels=objects)
    else:
        np.save(tmp_path / name, objects)
        np.save(tmp_path / "object_labels.npy", objects)
    with pytest.raises(DatasetError, match="Python objects") as caught:
        inspect_import(tmp_path / name)
    assert "never opened" in caught.value.hint


@pytest.mark.parametrize("name", ["x.npz", "train-images-idx3-ubyte.gz"])
def test_what_would_unpack_to_far_more_is_refused_before(tmp_path: Path, name: str) -> None:
    """Only the headers promise it: there would be nothing to read."""
    path = tmp_path / name
    if path.suffix == ".npz":
        np.savez(path, images=np.zeros((5, 4, 4)), labels=np.zeros(5))
        data = bytearray(path.read_bytes())
        entry = data.index(b"PK\1\2")
        data[entry + 24 : entry + 28] = (2**31).to_bytes(4, "little")
        path.write_bytes(data)
    else:
        shape = b"".join(n.to_bytes(4, "big") for n in (2**21, 32, 32))
        path.write_bytes(gzip.compress(b"\0\0\x08\x03" + shape))
    with pytest.raises(DatasetError, match=r"would unpack to 2,048 MB"):
        inspect_import(path) if path.suffix == ".npz" else read_idx(path)


@pytest.mark.parametrize("name", ["x.h5", "x.mat"])
def test_data_of_matlab_and_hdf5_are_refused_by_their_headers_too(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matlab, "limit_this_process", lambda _: None)
    path = tmp_path / name
    if name == "x.h5":
        with pytest.importorskip("h5py").File(path, "w") as file:
            file.create_dataset("X", (2**21, 1024), dtype="u1", chunks=True)
    else:
        pytest.importorskip("scipy.io").savemat(path, {"X": np.eye(9)}, do_compression=True)
        data = path.read_bytes()
        inner = bytearray(zlib.decompress(data[136:]))
        inner[4:8] = (2**31).to_bytes(4, "little")
        packed = zlib.compress(inner)
        path.write_bytes(data[:132] + len(packed).to_bytes(4, "little") + packed)
    with pytest.raises(DatasetError, match=r"would unpack to 2,048 MB"):
        unpack_matlab(path, tmp_path)


def test_an_array_in_columns_is_read_as_it_is(tmp_path: Path) -> None:
    images, labels = digits(20)
    np.save(tmp_path / "images.npy", np.asfortranarray(images))
    np.save(tmp_path / "labels.npy", labels)
    import_dataset(tmp_path / "images.npy", AS_IT_IS, tmp_path / "out")
    np.testing.assert_array_equal(open_dataset(tmp_path / "out").splits["train"].images, images)


def test_an_archive_without_usual_names_says_which_it_has(tmp_path: Path) -> None:
    np.savez(tmp_path / "odd.npz", pixels=np.zeros((1, 4)), what=np.zeros(1))
    with pytest.raises(DatasetError, match="pixels, what"):
        inspect_import(tmp_path / "odd.npz")


def test_emnist_as_matlab_keeps_writers_and_mapping(tmp_path: Path) -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    images, labels = digits(20)
    rows = images.swapaxes(1, 2).reshape(20, 784)
    train = {"images": rows, "labels": labels[:, None], "writers": labels[:, None] + 100}
    test = {"images": rows[:5], "labels": labels[:5, None], "writers": labels[:5, None]}
    mapping = np.array([[index, ord("a") + index] for index in range(10)])
    content = {"train": train, "test": test, "mapping": mapping}
    savemat(tmp_path / "emnist-mine.mat", {"dataset": content})
    import_dataset(tmp_path / "emnist-mine.mat", AS_IT_IS, tmp_path / "out")
    stored = open_dataset(tmp_path / "out")
    np.testing.assert_array_equal(stored.splits["train"].images, images)
    assert stored.card.alphabet == tuple("abcdefghij")
    writers = stored.splits["train"].writers
    assert writers is not None
    assert writers.tolist() == (labels + 100).tolist()
    savemat(tmp_path / "other.mat", {"other": rows})
    with pytest.raises(DatasetError, match=r"images and labels in other\.mat\. Received: other"):
        inspect_import(tmp_path / "other.mat")
    savemat(tmp_path / "text.mat", {"other": {"a": 1}})
    with pytest.raises(DatasetError, match="no structure called dataset"):
        inspect_import(tmp_path / "text.mat")
    (tmp_path / "cut.mat").write_bytes((tmp_path / "emnist-mine.mat").read_bytes()[:2_000])
    with pytest.raises(DatasetError, match="cannot be read"):
        inspect_import(tmp_path / "cut.mat")


@pytest.mark.parametrize(
    ("lying", "axis"), [(lambda rows: rows.T, 0), (lambda rows: rows.reshape(-1, 28, 28), 1)]
)
def test_matlab_with_x_and_y(
    tmp_path: Path, lying: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.uint8]], axis: int
) -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    images, labels = digits(60)
    content = {"X": lying(images.reshape(60, -1)), "y": np.expand_dims(labels, axis)}
    savemat(tmp_path / "ex3.mat", content)
    import_dataset(tmp_path / "ex3.mat", AS_IT_IS, tmp_path / "out")
    train = open_dataset(tmp_path / "out").splits["train"]
    np.testing.assert_array_equal(train.images, images)
    np.testing.assert_array_equal(train.labels, labels)


def test_matlab_of_version_7_3_is_named(tmp_path: Path) -> None:
    (tmp_path / "new.mat").write_bytes(b"MATLAB 7.3 MAT-file, Platform: GLNXA64")
    with pytest.raises(DatasetError, match=r"a MATLAB file of version 7\.3") as caught:
        unpack_matlab(tmp_path / "new.mat", tmp_path)
    assert "version 7" in caught.value.hint


def test_data_in_hdf5(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    images, labels = digits(40)
    with h5py.File(tmp_path / "usps.h5", "w") as file:
        for split, chosen in (("train", slice(0, 30)), ("test", slice(30, 40))):
            file[f"{split}/data"] = images[chosen].reshape(-1, 784) / np.float32(255)
            file[f"{split}/target"] = labels[chosen]
    import_dataset(tmp_path / "usps.h5", AS_IT_IS, tmp_path / "out")
    splits = open_dataset(tmp_path / "out").splits
    np.testing.assert_array_equal(splits["train"].images, images[:30])
    np.testing.assert_array_equal(splits["test"].labels, labels[30:])
    with h5py.File(tmp_path / "model.h5", "w") as file:
        file.attrs["model_config"] = "{}"
    with pytest.raises(DatasetError, match="is a Keras model, not data"):
        inspect_import(tmp_path / "model.h5")
    (tmp_path / "cut.h5").write_bytes((tmp_path / "usps.h5").read_bytes()[:3_000])
    with pytest.raises(DatasetError, match="cannot be read"):
        inspect_import(tmp_path / "cut.h5")


def test_hdf5_without_h5py_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(DatasetError, match="is an HDF5 file") as caught:
        unpack_matlab(tmp_path / "a.h5", tmp_path)
    assert "pip install h5py" in caught.value.hint


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3)], ids=["Keras", "scikit-learn"])
def test_arrays_without_names_are_paired_by_their_shapes(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    images, labels = digits(50)
    arrays = (images[:30], labels[:30], images[30:], labels[30:])
    np.savez(tmp_path / "set.npz", *[arrays[index] for index in order])
    preview = inspect_import(tmp_path / "set.npz")
    assert preview.counts == {"train": 30, "test": 20}
    assert preview.warnings == ()


def test_all_splits_of_an_archive_are_kept(tmp_path: Path) -> None:
    images, labels = digits(50)
    content = {"x": images, "y": labels}
    arrays = {f"{name}_{split}": a for name, a in content.items() for split in ("train", "val")}
    np.savez(tmp_path / "two.npz", **arrays)
    assert inspect_import(tmp_path / "two.npz").counts == {"train": 50, "validation": 50}
    np.savez(tmp_path / "three.npz", x_test=images[:9], y_test=labels[:9], **arrays)
    preview = inspect_import(tmp_path / "three.npz")
    assert preview.counts == {"train": 50, "validation": 50, "test": 9}


@pytest.mark.parametrize(
    "coloured",
    [
        lambda images: np.repeat(images[..., None], 3, axis=3),
        lambda images: np.repeat(images[:, None], 3, axis=1),
        lambda images: np.repeat(images[..., None], 3, axis=3).reshape(len(images), -1),
        lambda images: np.repeat(images[:, None], 3, axis=1).reshape(len(images), -1),
    ],
    ids=["channel last", "channel first", "rows of pixels", "rows of planes"],
)
def test_three_colours_become_grey(
    tmp_path: Path, coloured: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.uint8]]
) -> None:
    images, labels = digits(20)
    np.savez(tmp_path / "rgb.npz", X=coloured(images), y=labels)
    import_dataset(tmp_path / "rgb.npz", AS_IT_IS, tmp_path / "out")
    np.testing.assert_array_equal(open_dataset(tmp_path / "out").splits["train"].images, images)
    assert "three colours" in inspect_import(tmp_path / "rgb.npz").warnings[-1].sentence


def test_pairs_of_arrays_in_a_folder(tmp_path: Path) -> None:
    images, labels = digits(20)
    np.save(tmp_path / "X.npy", images)
    np.save(tmp_path / "Y.npy", labels)
    np.save(tmp_path / "scores.npy", np.zeros(4))
    preview = inspect_import(tmp_path)
    assert preview.counts == {"train": 20}
    assert "scores.npy has no labels beside it" in preview.warnings[-1].sentence
    np.save(tmp_path / "my_images.npy", images)
    np.save(tmp_path / "my_labels.npy", labels)
    with pytest.raises(DatasetError, match="several arrays for train"):
        inspect_import(tmp_path)


def test_matlab_without_scipy_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.mat").write_bytes(b"MATLAB 5.0 MAT-file")
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(DatasetError, match="SciPy") as caught:
        unpack_matlab(tmp_path / "a.mat", tmp_path)
    assert "pip install scipy" in caught.value.hint


def test_idx_with_train_and_test_in_one_folder(tmp_path: Path) -> None:
    images, labels = digits(30)
    write_idx(tmp_path, "train", images[:20], labels[:20])
    write_idx(tmp_path, "t10k", images[20:], labels[20:])
    import_dataset(tmp_path, AS_IT_IS, tmp_path / "out")
    splits = open_dataset(tmp_path / "out").splits
    np.testing.assert_array_equal(splits["train"].images, images[:20])
    np.testing.assert_array_equal(splits["test"].images, images[20:])


def test_a_cut_idx_leaves_nothing(tmp_path: Path) -> None:
    images, labels = digits(30)
    path = write_idx(tmp_path, "train", images, labels)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(DatasetError, match="cannot be read"):
        import_dataset(path, AS_IT_IS, tmp_path / "sets" / "out")
    plain = tmp_path / "b-images-idx3-ubyte"
    (tmp_path / "b-labels-idx1-ubyte").write_bytes(idx(labels))
    plain.write_bytes(idx(images)[:-9])
    with pytest.raises(DatasetError, match=r"Expected 23,520 values.*Received: 23,511"):
        import_dataset(plain, AS_IT_IS, tmp_path / "sets" / "out")
    with pytest.raises(DatasetError, match="images"):
        inspect_import(tmp_path / "b-labels-idx1-ubyte", ImportOptions(labels=plain))
    assert not (tmp_path / "sets").exists() or not list((tmp_path / "sets").iterdir())


@given(hnp.arrays(np.uint8, st.tuples(*[st.integers(1, 7)] * 3)), st.integers(1, 9), st.booleans())
def test_pieces_of_an_idx_file_make_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    values: npt.NDArray[np.uint8],
    rows: int,
    packed: bool,
) -> None:
    path = tmp_path_factory.mktemp("idx") / f"some-images-idx3-ubyte{'.gz' * packed}"
    path.write_bytes(gzip.compress(idx(values)) if packed else idx(values))
    shape, pieces = stream_idx(path, rows)
    joined = np.concatenate(list(pieces))
    assert shape == values.shape
    np.testing.assert_array_equal(joined, values)
    np.testing.assert_array_equal(joined, read_idx(path))


@given(hnp.arrays(np.uint8, 12))
def test_every_scale_gives_the_bytes_again(values: npt.NDArray[np.uint8]) -> None:
    values[0], values[1] = 0, 255
    for scaled in (values / 255.0, values / 127.5 - 1.0, values.astype(np.int64)):
        np.testing.assert_array_equal(as_bytes(scaled, value_scale(scaled, "x")), values)


@given(hnp.arrays(np.int64, st.integers(1, 20), elements=st.integers(0, 6)))
def test_one_hot_labels_are_their_index(labels: npt.NDArray[np.int64]) -> None:
    np.testing.assert_array_equal(whole_labels(np.eye(7)[labels], "x"), labels)
    np.testing.assert_array_equal(whole_labels(labels[:, None], "x"), labels)


def test_labels_beyond_what_is_counted_are_refused() -> None:
    for labels in (np.array([1, 2**63], dtype=np.uint64), np.array([1.0, 2.0**63])):
        with pytest.raises(DatasetError, match=r"2\^53"):
            whole_labels(labels, "x")
