"""IDX as programs leave it: types, packing, folders around the files."""

from __future__ import annotations

import gzip
import hashlib
import struct
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import pytest

from tests.trainer.handwriting import digits, idx, write_idx
from trainer.datasets.download import sources
from trainer.datasets.formats import idx as formats_idx
from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.formats.options import ImportOptions
from trainer.datasets.idx import find_splits, read_idx, read_idx_dataset
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError

IMAGES, LABELS = digits(20)
TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
STEM = "train-{}-idx{}-ubyte"


def typed(values: npt.NDArray[np.generic], code: int) -> bytes:
    header = struct.pack(f">HBB{values.ndim}I", 0, code, values.ndim, *values.shape)
    return header + values.astype(TYPES[code]).tobytes()


def write_pair(folder: Path, images: bytes, labels: bytes, stem: str = STEM) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / stem.format("labels", 1)).write_bytes(labels)
    path = folder / stem.format("images", 3)
    path.write_bytes(images)
    return path


def check_stored(path: Path, store: Path) -> None:
    import_dataset(path, ImportOptions(), store)
    stored = open_dataset(store).splits["train"]
    np.testing.assert_array_equal(stored.images, IMAGES)
    np.testing.assert_array_equal(stored.labels, LABELS)


@pytest.mark.parametrize("code", sorted(TYPES))
def test_labels_of_every_type_are_read(tmp_path: Path, code: int) -> None:
    write_pair(tmp_path / "in", idx(IMAGES), typed(LABELS, code))
    check_stored(tmp_path / "in", tmp_path / "stored")


@pytest.mark.parametrize(("code", "divisor"), [(0x0B, 1), (0x0C, 1), (0x0D, 255), (0x0E, 1)])
def test_images_of_every_type_are_brought_to_bytes(tmp_path: Path, code: int, divisor: int) -> None:
    write_pair(tmp_path / "in", typed(IMAGES / divisor, code), idx(LABELS))
    check_stored(tmp_path / "in", tmp_path / "stored")
    if code == 0x0D:
        with pytest.raises(DatasetError, match="Expected bytes as pixels"):
            read_idx_dataset(find_splits(tmp_path / "in")["train"])


@pytest.mark.parametrize("shape", [(20, 784), (20, 1, 28, 28), (20, 28, 28, 1)])
def test_rows_and_channels_are_images(tmp_path: Path, shape: tuple[int, ...]) -> None:
    write_pair(tmp_path / "in", idx(IMAGES.reshape(shape)), idx(LABELS[:, None]))
    check_stored(tmp_path / "in", tmp_path / "stored")


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("garbage", [b"", b"garbage after it", bytes(300)])
def test_a_packed_file_is_known_by_its_content(tmp_path: Path, suffix: str, garbage: bytes) -> None:
    images, labels = (gzip.compress(idx(values)) + garbage for values in (IMAGES, LABELS))
    path = write_pair(tmp_path / "in", images, labels, STEM + suffix)
    np.testing.assert_array_equal(read_idx(path), IMAGES)
    check_stored(tmp_path / "in", tmp_path / "stored")
    check_stored(path, tmp_path / "of-file")


def test_a_plain_file_that_ends_in_gz_is_read(tmp_path: Path) -> None:
    write_pair(tmp_path / "in", idx(IMAGES), idx(LABELS), STEM + ".gz")
    check_stored(tmp_path / "in", tmp_path / "stored")


@pytest.mark.parametrize("place", ["raw", "MNIST/raw", "data/raw"])
def test_a_root_of_torchvision_is_found(tmp_path: Path, place: str) -> None:
    write_pair(tmp_path / "root" / place, idx(IMAGES), idx(LABELS))
    (tmp_path / "root" / place).parent.joinpath("processed").mkdir()
    check_stored(tmp_path / "root", tmp_path / "stored")


def test_a_root_of_several_data_sets_names_them(tmp_path: Path) -> None:
    for name in ("FashionMNIST", "MNIST"):
        write_pair(tmp_path / name / "raw", idx(IMAGES), idx(LABELS))
    with pytest.raises(DatasetError, match="several data sets: FashionMNIST and MNIST"):
        inspect_import(tmp_path)
    for kind in ("balanced", "letters"):
        write_idx(tmp_path, f"emnist-{kind}-train", IMAGES, LABELS)
    with pytest.raises(DatasetError, match="several data sets: balanced and letters"):
        inspect_import(tmp_path)


def test_folders_of_the_name_of_the_files_are_looked_into(tmp_path: Path) -> None:
    for kind, axes, values in (("images", 3, IMAGES), ("labels", 1, LABELS)):
        name = STEM.format(kind, axes)
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / name).write_bytes(idx(values))
    check_stored(tmp_path / "in", tmp_path / "stored")
    images = STEM.format("images", 3)
    check_stored(tmp_path / "in" / images, tmp_path / "of-folder")
    check_stored(tmp_path / "in" / images / images, tmp_path / "of-file")


def test_an_unknown_type_is_refused(tmp_path: Path) -> None:
    path = write_pair(tmp_path, b"\0\0\x07\x03" + idx(IMAGES)[4:], idx(LABELS))
    with pytest.raises(DatasetError, match="Expected the header of an IDX file"):
        inspect_import(path)


def test_files_named_as_the_published_ones_are_compared_with_their_checksums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stem = "emnist-mnist-test-{}-idx{}-ubyte.gz"
    images, labels = gzip.compress(idx(IMAGES.swapaxes(1, 2))), gzip.compress(idx(LABELS))
    path = write_pair(tmp_path, images, labels, stem)
    (remark,) = (f.sentence for f in inspect_import(path).warnings if f.kind == "pictures")
    assert "differs from the published file" in remark
    assert "images" in remark
    assert "labels" in remark
    sums = {path.name: images, stem.format("labels", 1): labels}
    published = [
        replace(file, packed_sha256=hashlib.sha256(sums[file.name]).hexdigest())
        for dataset in sources.published()
        for file in dataset.files
        if file.name in sums
    ]
    facts = SimpleNamespace(files=published)
    monkeypatch.setattr(formats_idx, "published", lambda: (facts,))
    (remark,) = (f.sentence for f in inspect_import(path).warnings if f.kind == "pictures")
    assert "their checksums are right" in remark
