"""Archives of class folders: what is read of them, and what never is."""

from __future__ import annotations

import gc
import gzip
import io
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image as PillowImage

from tests.trainer.handwriting import digits
from trainer.datasets.formats import file_tree
from trainer.datasets.formats.file_tree import archive_tree, unpack
from trainer.datasets.formats.import_ import import_dataset, inspect_import
from trainer.datasets.store import open_dataset
from trainer.errors import DatasetError, PictureError
from trainer.files import npz

IMAGES, LABELS = digits(20)


def members() -> dict[str, bytes]:
    found = {}
    for n in range(20):
        stream = io.BytesIO()
        PillowImage.fromarray(IMAGES[n]).save(stream, "PNG")
        found[f"{LABELS[n]}/{n}.png"] = stream.getvalue()
    return found


def write_zip(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def write_tar(path: Path, content: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2"])
def test_an_archive_gives_what_its_folder_gives(tmp_path: Path, name: str) -> None:
    content = {f"digits/{path}": data for path, data in members().items()} | {
        "__MACOSX/digits/0/._0.png": b"\0",
        "digits/0/.DS_Store": b"\0",
    }
    mode = {"gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2"}.get(name.rsplit(".", 1)[-1], "w")
    is_zip = name.endswith("zip")
    path = (
        write_zip(tmp_path / name, content) if is_zip else write_tar(tmp_path / name, content, mode)
    )
    preview = inspect_import(path)
    assert preview.name == "a"
    assert preview.warnings == ()
    import_dataset(path, preview.options, tmp_path / "stored")
    stored = open_dataset(tmp_path / "stored").splits["train"]
    order = np.lexsort((np.arange(20).astype(str), LABELS))
    np.testing.assert_array_equal(stored.labels, LABELS[order])
    np.testing.assert_array_equal(stored.images, IMAGES[order])


def test_a_tar_is_known_by_its_content(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "digits.download", members(), "w:gz")
    assert inspect_import(path).counts == {"train": 20}


_OUTSIDE = ("../evil.png", "/evil.png", "0/../../evil.png", "C:/evil.png", "..\\evil.png")


@pytest.mark.parametrize("name", _OUTSIDE)
def test_paths_out_of_an_archive_are_left_out(tmp_path: Path, name: str) -> None:
    for path in (
        write_zip(tmp_path / "a.zip", members() | {name: b"x"}),
        write_tar(tmp_path / "a.tar", members() | {name: b"x"}),
    ):
        assert sorted(archive_tree(path).files) == sorted(members())


def test_links_and_devices_in_an_archive_are_left_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    PillowImage.fromarray(IMAGES[0]).save(secret)
    with zipfile.ZipFile(write_zip(tmp_path / "a.zip", members()), "a") as archive:
        link = zipfile.ZipInfo("0/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(secret))
    with tarfile.open(write_tar(tmp_path / "a.tar", members()), "a") as tar:
        for name, kind in (("0/s.png", tarfile.SYMTYPE), ("0/h.png", tarfile.LNKTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, str(secret)
            tar.addfile(member)
        for name, kind in (("0/p.png", tarfile.FIFOTYPE), ("0/d.png", tarfile.CHRTYPE)):
            member = tarfile.TarInfo(name)
            member.type = kind
            tar.addfile(member)
    for path in (tmp_path / "a.zip", tmp_path / "a.tar"):
        assert sorted(archive_tree(path).files) == sorted(members())


def test_sizes_are_limited_by_the_headers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = members() | {"0/large.png": bytes(5_000)}
    monkeypatch.setattr(file_tree, "_LARGEST_FILE", 4_000)
    packed = write_zip(tmp_path / "a.zip", content)
    unpacked = write_tar(tmp_path / "a.tar", content)
    for path in (packed, unpacked):
        assert archive_tree(path).read("0/large.png") == b""
        with pytest.raises(PictureError, match="far too large"):
            archive_tree(path).picture("0/large.png")
    monkeypatch.setattr(file_tree, "_LARGEST_TAR", 4_000)
    with pytest.raises(DatasetError, match=r"a\.tar is far too large"):
        archive_tree(unpacked)
    monkeypatch.setattr(file_tree, "_MOST_FILES", 10)
    with pytest.raises(DatasetError, match=r"more than 10 files in a\.zip"):
        archive_tree(packed)


def test_a_long_header_of_a_tar_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_tar(tmp_path / "a.tar", {"0/" + "x" * 5_000 + ".png": b"x"})
    monkeypatch.setattr(file_tree, "_LONGEST_READ", 2_000)
    with pytest.raises(DatasetError, match="far too long"):
        archive_tree(path)


def test_a_damaged_member_is_left_out_and_said(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", members())
    data = bytearray(path.read_bytes())
    data[data.index(b"0/0.png") + 40] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(PictureError, match=r"0/0\.png cannot be read"):
        archive_tree(path).picture("0/0.png")
    preview = inspect_import(path)
    assert "1 picture is left out: " in preview.warnings[-1].sentence
    import_dataset(path, preview.options, tmp_path / "stored")
    assert len(open_dataset(tmp_path / "stored").splits["train"]) == 19


def test_names_that_macos_writes_are_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = write_zip(path, {"XX/1.png": members()["0/0.png"]}).read_bytes()
    path.write_bytes(data.replace(b"XX/", "\u00c4/".encode()))
    assert archive_tree(path).files == ("\u00c4/1.png",)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.zip", b"PK\x03\x04 nonsense", "cannot be read"),
        ("a.tar", b"nonsense", "cannot be read"),
        ("a.tar.gz", b"\x1f\x8bnonsense", "cannot be read"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "an archive of a kind that is not read"),
    ],
)
def test_a_damaged_or_unknown_archive_is_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=sentence) as caught:
        inspect_import(tmp_path / name)
    assert caught.value.hint


def test_an_encrypted_zip_is_a_sentence(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", members())
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="is encrypted"):
        inspect_import(path)


def test_an_archive_of_something_else_says_of_what(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"train.doc": b"1,2", "test.doc": b"1,2"})
    with pytest.raises(DatasetError, match=r"nothing to import .*Found: 2 \.doc") as caught:
        inspect_import(path)
    assert "Unpack it" in caught.value.hint


def csv_of(low: int, high: int) -> bytes:
    rows = zip(LABELS[low:high], IMAGES[low:high].reshape(high - low, -1), strict=True)
    return "\n".join(",".join(map(str, (label, *row))) for label, row in rows).encode()


def idx_of(values: np.ndarray) -> bytes:
    sizes = struct.pack(f">{values.ndim}I", *values.shape)
    return bytes((0, 0, 8, values.ndim)) + sizes + values.astype(np.uint8).tobytes()


def npz_of(low: int, high: int) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, images=IMAGES[low:high], labels=LABELS[low:high])
    return stream.getvalue()


def zip_of(content: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return stream.getvalue()


DATA = {
    "tables": {"a/mnist_train.csv": csv_of(0, 12), "a/mnist_val.csv": csv_of(12, 20)},
    "IDX": {
        "MNIST/raw/train-images-idx3-ubyte.gz": gzip.compress(idx_of(IMAGES[:12])),
        "MNIST/raw/train-labels-idx1-ubyte.gz": gzip.compress(idx_of(LABELS[:12])),
        "MNIST/raw/t10k-images-idx3-ubyte": idx_of(IMAGES[12:20]),
        "MNIST/raw/t10k-labels-idx1-ubyte": idx_of(LABELS[12:20]),
    },
    "arrays": {"train.npz": npz_of(0, 12), "valid.npz": npz_of(12, 20)},
    "an archive": {"inner.zip": zip_of({"train.csv": csv_of(0, 12), "dev.csv": csv_of(12, 20)})},
}


@pytest.mark.parametrize("kind", DATA)
def test_data_in_an_archive_are_read_and_leave_nothing(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    strays = {"readme.txt": b"text", "photo.png": members()["0/0.png"]}
    path = write_zip(tmp_path / "some.zip", DATA[kind] | strays)
    preview = inspect_import(path)
    assert [finding.sentence for finding in preview.warnings] == [
        "1 file is left out: readme.txt.",
        "1 file is left out: photo.png.",
    ]
    import_dataset(path, preview.options, tmp_path / "stored")
    stored = open_dataset(tmp_path / "stored").splits
    other = "test" if kind == "IDX" else "validation"
    np.testing.assert_array_equal(stored["train"].images, IMAGES[:12])
    np.testing.assert_array_equal(stored[other].images, IMAGES[12:20])
    gc.collect()
    assert not list((tmp_path / "temporary").iterdir())


def test_data_in_an_archive_are_limited_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = write_zip(tmp_path / "bomb.zip", {"train.csv": csv_of(0, 12)})
    monkeypatch.setattr(npz, "_MOST_ANYWAY", 0)
    monkeypatch.setattr(npz, "_MOST_PER_BYTE", 0)
    with pytest.raises(DatasetError, match=r"would unpack to .* too much for its size"):
        inspect_import(bomb)
    many = write_zip(tmp_path / "many.zip", {f"{n}.csv": b"1" for n in range(5)})
    monkeypatch.setattr(file_tree, "_MOST_UNPACKED", 4)
    with pytest.raises(DatasetError, match="too many files: 5"):
        inspect_import(many)


def test_a_full_disk_and_damaged_data_in_an_archive_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path / "a.zip", {"train.csv": csv_of(0, 12)})
    tree = archive_tree(path)
    with pytest.raises(DatasetError, match="No such file") as caught:
        unpack(path, tree, tree.files, tmp_path / "gone", None)
    assert caught.value.hint.startswith("Make room")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
        with pytest.raises(DatasetError, match=r"where 0\.0 MB are free"):
            inspect_import(path)
    data = bytearray(path.read_bytes())
    data[data.index(b"train.csv") + 40] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=r"a\.zip cannot be read: Bad CRC-32") as caught:
        inspect_import(path)
    assert caught.value.hint.startswith("Unpack it")


def test_the_name_of_an_archive_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = write_zip(tmp_path / "...zip", {"train.csv": csv_of(0, 12)})
    assert inspect_import(path).counts == {"train": 12}
    assert not list((tmp_path / "temporary").glob("*.csv"))


def test_archives_in_archives_end_somewhere(tmp_path: Path) -> None:
    content = {"deep.csv": csv_of(0, 12)}
    for n in range(4):
        content = {f"{n}.zip": zip_of(content)}
    with pytest.raises(DatasetError, match="nothing to import in the archive"):
        inspect_import(write_zip(tmp_path / "a.zip", content))
