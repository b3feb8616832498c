"""The files of a folder or of an archive of folders, one way to read both."""

from __future__ import annotations

import io
import os
import re
import tarfile
import weakref
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

from trainer.datasets.idx import open_plain
from trainer.errors import DatasetError, Message, PictureError
from trainer.files.npz import UNREADABLE, reading
from trainer.files.unpacking import (
    NoRoomError,
    PackedFile,
    UnpackError,
    UnpackLimits,
    inner_path,
    is_link,
    unpack_files,
)
from trainer.ink.picture_file import Grey, open_picture, picture_from_bytes

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")

_MOST_FILES = 3_000_000
_MOST_UNPACKED = 1_000
_LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a picture or table that is read."""

_LARGEST_TAR = 32 * 1024**3
"""Bytes of the members together, which are passed over to reach the last."""

_LONGEST_READ = _LARGEST_FILE + 1024
"""Bytes that are read from a tar file at once: its extended headers state their length, too."""

_LONGEST_SHOWN = 80

_NO_DATA = {"__MACOSX", "__pycache__", "@eaDir", "$RECYCLE.BIN", "lost+found"}
"""Folders that systems and programs leave between those of the user."""

_DAMAGED: tuple[type[Exception], ...] = (*UNREADABLE, tarfile.TarError)

_UNPACK = "Unpack it, and import what is inside."


@dataclass(frozen=True, eq=False)
class FileTree:
    """Files below a folder, or in an archive; hidden ones and links out of it are left out.

    Attributes
    ----------
    title : str
    files : tuple of str
        Paths from the root, with "/" between the names.
    open : callable
        Opens a file for reading.
    size : callable
        Returns the bytes of a file, as its header states them.
    picture : callable
        Returns a file as a picture: ndarray of shape (height, width), dtype=uint8. Raises
        `PictureError`.
    left_out : tuple of str
        Links, devices and files with a path out of the archive.
    """

    title: str
    files: tuple[str, ...]
    open: Callable[[str], IO[bytes]]
    size: Callable[[str], int]
    picture: Callable[[str], Grey]
    left_out: tuple[str, ...] = ()

    def read(self, file: str) -> bytes:
        """Return the bytes of a file; none of one that is far too large."""
        if self.size(file) > _LARGEST_FILE:
            return b""
        with self.open(file) as stream:
            return stream.read()


def folder_tree(folder: Path) -> FileTree:
    """Return the files below a folder: regular ones only, since others may not end.

    Raises
    ------
    DatasetError
        If there are far too many.
    OSError
        If a folder cannot be read.
    """
    files: list[str] = []
    others: list[str] = []
    seen = set()
    waiting = [""]
    while waiting:
        above = waiting.pop()
        status = (folder / above).stat()
        if (status.st_dev, status.st_ino) in seen:  # a link to a folder above it
            continue
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder / above) as entries:
            for entry in entries:
                if _is_hidden(entry.name):
                    continue
                if entry.is_dir():
                    waiting.append(f"{above}{entry.name}/")
                else:
                    (files if entry.is_file() else others).append(f"{above}{entry.name}")
        _check_number(len(files), folder)
    return FileTree(
        folder.name,
        tuple(sorted(files)),
        lambda file: (folder / file).open("rb"),
        lambda file: (folder / file).stat().st_size,
        lambda file: open_picture(folder / file),
        tuple(others),
    )


def is_archive(path: Path, start: bytes) -> bool:
    """Return whether a file is a ZIP or tar archive by its name or its first 512 bytes."""
    return path.name.lower().endswith(_ARCHIVES) or start[257:262] == b"ustar"


def archive_tree(path: Path) -> FileTree:
    """Return the files in a ZIP or tar archive, which stays open as long as the tree is used.

    Members with a path out of the archive, links and devices are left out. Nothing is unpacked to
    the disk.

    Raises
    ------
    DatasetError
        If it is damaged, encrypted, or far too large.
    """
    with reading(path):
        tree, close = _zip_tree(path) if zipfile.is_zipfile(path) else _tar_tree(path)
    weakref.finalize(tree, close)
    return tree


def unpack(
    path: Path, tree: FileTree, files: Sequence[str], folder: Path, check: Callable[[], None] | None
) -> None:
    """Write files of an archive into a folder; `check` may raise to cancel.

    Raises
    ------
    DatasetError
        If there are far too many, they are far too large for the size of the archive, damaged, or
        the disk is full.
    """
    packed = [PackedFile(file, tree.size(file), partial(tree.open, file)) for file in files]
    try:
        unpack_files(path, packed, folder, UnpackLimits(_MOST_UNPACKED), check)
    except NoRoomError as error:
        raise DatasetError(error.message, error.hint) from error
    except UnpackError as error:
        raise DatasetError(error.message, _UNPACK) from error
    except OSError as error:
        raise DatasetError(
            "{path} cannot be unpacked: {reason}.", "Make room on the disk of {folder}."
        ).format(path=path.name, reason=error.strerror or error, folder=folder.parent) from error


def summary(files: Iterable[str]) -> str:
    """Return how many files there are of each kind, the most frequent first: "60 .heic, 2 .txt"."""
    names = [PurePosixPath(file) for file in files]
    kinds = Counter(name.suffix.lower() or name.name[:40] for name in names)
    shown = [f"{n:,} {kind}" for kind, n in kinds.most_common(4)]
    return ", ".join(shown + ["…"] * (len(kinds) > len(shown))) or Message("no files")


def shown(file: str) -> str:
    """Return a path for a sentence, without the beginning of a long one."""
    return file if len(file) <= _LONGEST_SHOWN else f"…{file[-_LONGEST_SHOWN:]}"


def _zip_tree(path: Path) -> tuple[FileTree, Callable[[], None]]:
    archive = zipfile.ZipFile(path)
    try:
        found: dict[str, zipfile.ZipInfo] = {}
        others: list[str] = []
        for member in archive.infolist():
            name = _member_name(_zip_name(member))
            if member.is_dir() or name == "":
                continue
            if name is None or is_link(member):
                others.append(member.filename)
                continue
            if member.flag_bits & 1:
                raise DatasetError("{path} is encrypted.", _UNPACK).format(path=path.name)
            found[name] = member
            _check_number(len(found), path)
    except BaseException:
        archive.close()
        raise
    tree = _tree(
        path,
        sorted(found),
        lambda name: archive.open(found[name]),
        lambda name: found[name].file_size,
        others,
    )
    return tree, archive.close


def _zip_name(member: zipfile.ZipInfo) -> str:
    """Return a name; macOS writes UTF-8 without saying so."""
    name = member.filename
    if member.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _tar_tree(path: Path) -> tuple[FileTree, Callable[[], None]]:
    stream = _Bounded(open_plain(path))
    try:
        archive = tarfile.open(fileobj=cast(BinaryIO, stream), mode="r:")  # noqa: SIM115
        found: dict[str, tarfile.TarInfo] = {}
        others: list[str] = []
        total = 0
        for member in archive:
            total += member.size
            if total > _LARGEST_TAR:
                raise DatasetError("{path} is far too large.", _UNPACK).format(path=path.name)
            name = _member_name(member.name)
            if member.isdir() or name == "":
                continue
            if name is None or not member.isreg():
                others.append(member.name)
                continue
            found[name] = member
            _check_number(len(found), path)
    except tarfile.TarError as error:
        stream.close()
        raise DatasetError("{path} cannot be read: {reason}.", _UNPACK).format(
            path=path.name, reason=error
        ) from error
    except BaseException:
        stream.close()
        raise

    def opened(name: str) -> IO[bytes]:
        return archive.extractfile(found[name]) or io.BytesIO()

    # In the order of the archive: to go back in a compressed one is to begin again.
    return _tree(path, found, opened, lambda name: found[name].size, others), stream.close


class _Bounded:
    """A stream that is read in pieces of a limited length."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LONGEST_READ:
            raise tarfile.ReadError("a header of it is far too long")
        return self._stream.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _tree(
    path: Path,
    names: Iterable[str],
    opened: Callable[[str], IO[bytes]],
    size: Callable[[str], int],
    left_out: Sequence[str],
) -> FileTree:
    def picture(name: str) -> Grey:
        if size(name) > _LARGEST_FILE:
            raise PictureError("{name} is far too large to be read.", "Make it smaller.").format(
                name=name
            )
        try:
            with opened(name) as stream:
                data = stream.read()
        except _DAMAGED as error:
            raise PictureError("{path} cannot be read: {reason}.", "Check the archive.").format(
                path=name, reason=error
            ) from error
        return picture_from_bytes(data, name)

    title = re.sub(r"(\.tar)?\.\w+$", "", path.name) or path.name
    return FileTree(title, tuple(names), opened, size, picture, tuple(left_out))


def _member_name(name: str) -> str | None:
    """Return the path of a member; "" if it is hidden, None if it would lie outside the archive."""
    inner = inner_path(name)
    return "" if inner is not None and any(map(_is_hidden, inner.split("/"))) else inner


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _NO_DATA or name.lower() in ("thumbs.db", "desktop.ini")


def _check_number(n_files: int, path: Path) -> None:
    if n_files > _MOST_FILES:
        raise DatasetError(
            "There are more than {most} files in {path}.", "Choose a folder inside it."
        ).format(most=f"{_MOST_FILES:,}", path=path.name)
