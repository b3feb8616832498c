"""What an archive may not do to the folder that it is unpacked into."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from trainer.errors import TrainerError
from trainer.files import npz
from trainer.files.unpacking import (
    DamagedArchiveError,
    NoRoomError,
    PackedFile,
    UnpackError,
    UnpackLimits,
    inner_path,
    unpack_files,
    unpack_zip,
)

LIMITS = UnpackLimits(n_files=3, n_bytes=8_000_000, ratio=100.0)
MOST = 5_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "deep" / "folder"
    found.mkdir(parents=True)
    return found


def unpacked(path: Path, folder: Path, limits: UnpackLimits = LIMITS) -> tuple[str, ...]:
    return unpack_zip(path, folder, lambda _: MOST, limits)


def packed(path: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sound.txt", "sound")
        change(archive)
    return path


def files_below(folder: Path) -> list[str]:
    found = filter(Path.is_file, folder.rglob("*"))
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_files_come_out_as_they_went_in(tmp_path: Path, folder: Path) -> None:
    def add(archive: zipfile.ZipFile) -> None:
        archive.mkdir("empty")
        archive.writestr("./inner/a.bin", bytes(range(256)) * 9)

    path = packed(tmp_path / "a.zip", add)
    assert unpacked(path, folder) == ("sound.txt", "inner/a.bin")
    assert (folder / "inner" / "a.bin").read_bytes() == bytes(range(256)) * 9
    assert files_below(folder) == ["inner/a.bin", "sound.txt"]


def _slips(archive: zipfile.ZipFile) -> None:
    archive.writestr("inner/../../escaped.txt", "out")


def _slips_on_windows(archive: zipfile.ZipFile) -> None:
    archive.writestr("..\\escaped.txt", "out")


def _is_absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr("/tmp/escaped.txt", "out")


def _names_a_drive(archive: zipfile.ZipFile) -> None:
    archive.writestr("C:/escaped.txt", "out")


def _links(archive: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("link")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(member, "/etc/passwd")


def _is_a_pipe(archive: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("pipe")
    member.external_attr = (stat.S_IFIFO | 0o777) << 16
    archive.writestr(member, "")


def _is_locked(archive: zipfile.ZipFile) -> None:
    archive.writestr("locked", "x")
    archive.infolist()[-1].flag_bits |= 1


def _stands_twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("Sound.TXT", "x")


def _explodes(archive: zipfile.ZipFile) -> None:
    archive.writestr("zeros", bytes(2_000_000))


def _is_large(archive: zipfile.ZipFile) -> None:
    archive.writestr("large", bytes(MOST + 1), zipfile.ZIP_STORED)


def _is_large_together(archive: zipfile.ZipFile) -> None:
    for name in ("one", "other"):
        archive.writestr(name, bytes(4_500_000), zipfile.ZIP_STORED)


def _are_many(archive: zipfile.ZipFile) -> None:
    for name in "abc":
        archive.writestr(name, "x")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_slips, "'inner/../../escaped.txt', which lies outside"),
        (_slips_on_windows, "lies outside"),
        (_is_absolute, "'/tmp/escaped.txt', which lies outside"),
        (_names_a_drive, "lies outside"),
        (_links, "'link' in a.zip is no plain file"),
        (_is_a_pipe, "no plain file"),
        (_is_locked, "locked with a password"),
        (_stands_twice, "a name twice"),
        (_explodes, "'zeros' in a.zip would take 2,000,000 bytes, far too many"),
        (_is_large, "'large' in a.zip would take 5,000,001 bytes"),
        (_is_large_together, "What is packed in a.zip would take 9,000,005 bytes"),
        (_are_many, "too many files: 4"),
    ],
)
def test_what_is_unsafe_is_refused_before_anything_is_written(
    change: Callable[[zipfile.ZipFile], None], sentence: str, tmp_path: Path, folder: Path
) -> None:
    path = packed(tmp_path / "a.zip", change)
    with pytest.raises(UnpackError) as caught:
        unpacked(path, folder)
    assert sentence in caught.value.message
    assert caught.value.hint
    assert files_below(tmp_path) == ["a.zip"]


def test_what_is_not_expected_is_the_callers_error(tmp_path: Path, folder: Path) -> None:
    class StrangeError(TrainerError):
        pass

    def largest(name: str) -> int:
        if name == "strange":
            raise StrangeError(name)
        return MOST

    for name in ("strange", "strange/"):
        path = packed(tmp_path / "a.zip", lambda archive: archive.writestr(name, ""))  # noqa: B023
        with pytest.raises(StrangeError):
            unpack_zip(path, folder, largest, LIMITS)
    assert files_below(folder) == []


def test_sizes_that_no_archive_of_its_size_has_are_refused(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npz, "_MOST_ANYWAY", 0)
    path = packed(tmp_path / "a.zip", _explodes)
    with pytest.raises(UnpackError, match="would unpack to 1 MB"):
        unpacked(path, folder, UnpackLimits(n_files=3))


def test_a_size_in_a_header_is_a_limit(tmp_path: Path, folder: Path) -> None:
    path = packed(tmp_path / "a.zip", _explodes)
    lying = PackedFile("liar", 1_000, lambda: io.BytesIO(bytes(1_001)))
    with pytest.raises(UnpackError, match="liar is larger than it says"):
        unpack_files(path, [lying], folder, LIMITS)
    content = bytearray(path.read_bytes())
    place = content.index(b"zeros", content.index(b"PK\x01\x02")) - 46 + 24  # in the directory
    content[place : place + 4] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UnpackError):
        unpacked(path, folder)
    assert (folder / "zeros").stat().st_size <= 1_000


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_damaged_or_missing_archive_is_told(
    content: bytes | None, tmp_path: Path, folder: Path
) -> None:
    path = tmp_path / "a.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedArchiveError, match=r"a\.zip cannot be read") as caught:
        unpacked(path, folder)
    assert isinstance(caught.value.__cause__, FileNotFoundError) is (content is None)


def test_a_damaged_file_in_an_archive_is_told(tmp_path: Path, folder: Path) -> None:
    path = packed(tmp_path / "a.zip", lambda _: None)
    content = bytearray(path.read_bytes())
    content[content.index(b"sound.txt") + 10] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DamagedArchiveError):
        unpacked(path, folder)


def test_a_disk_without_room_is_no_damage(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "a.zip", lambda _: None)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
        with pytest.raises(NoRoomError, match=r"needs 50\.0 MB on the disk .* where 1\.0 MB are"):
            unpacked(path, folder)
    (folder / "sound.txt").mkdir()
    with pytest.raises(OSError, match="sound"):
        unpacked(path, folder)


def test_it_can_be_cancelled(tmp_path: Path, folder: Path) -> None:
    class StoppedError(Exception):
        pass

    def check() -> None:
        raise StoppedError

    path = packed(tmp_path / "a.zip", lambda _: None)
    file = PackedFile("some", 3, lambda: io.BytesIO(b"abc"))
    with pytest.raises(StoppedError):
        unpack_files(path, [file], folder, LIMITS, check)
    assert (folder / "some").read_bytes() == b""


@pytest.mark.parametrize(
    ("name", "path"),
    [("a/b", "a/b"), ("./a", "a"), ("a\\b", "a/b"), ("a//b", None), ("", None), ("a/..", None)],
)
def test_paths_stay_inside(name: str, path: str | None) -> None:
    assert inner_path(name) == path
