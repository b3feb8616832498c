"""Archives that somebody sent, unpacked into a folder: the only place that writes what they hold.

They are untrusted. Nothing is written outside of the folder, or beside what is expected; no link
is made, no file becomes larger than its header says, and all that can be checked is checked before
anything is written.
"""

from __future__ import annotations

import shutil
import stat
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from trainer.errors import Message, TrainerError
from trainer.files.disk import megabytes, open_regular
from trainer.files.npz import UNREADABLE, check_inflated

UNSAFE = Message("Only open files from people whom you trust; ask for the file again.")

_DAMAGED: tuple[type[Exception], ...] = (*UNREADABLE, tarfile.TarError)

_SMALL = 1 << 20
"""Bytes up to which a file may be packed to any share."""

_SPARE = 50_000_000
"""Bytes that stay free on the disk."""

_BLOCK = 1 << 20
_LONGEST_SHOWN = 80


class UnpackError(TrainerError):
    """An archive that is unsafe, or holds what it should not."""


class DamagedArchiveError(UnpackError):
    """An archive that is missing, damaged or none; the error before it says which."""


class NoRoomError(UnpackError):
    """An archive that needs more than is free on the disk."""


@dataclass(frozen=True, eq=False)
class PackedFile:
    """A file in an archive.

    Attributes
    ----------
    name : str
        Its path in the folder, which `inner_path` has given.
    size : int
        Bytes, as its header states them.
    open : callable
        Opens it for reading.
    packed_size : int, optional
        Bytes in the archive, if each file is packed by itself.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]
    packed_size: int | None = None


@dataclass(frozen=True)
class UnpackLimits:
    """What an archive may hold; see also `check_inflated`.

    Attributes
    ----------
    n_files : int
    n_bytes : int
        Of all files together.
    ratio : float
        How many times smaller a file of more than a megabyte may be in the archive.
    """

    n_files: int
    n_bytes: int = sys.maxsize
    ratio: float = float("inf")


def inner_path(name: str) -> str | None:
    """Return the path of a member with "/" between the names; None if it leads elsewhere."""
    parts = name.replace("\\", "/").removeprefix("./").split("/")
    return None if not all(parts) or ".." in parts or ":" in parts[0] else "/".join(parts)


def is_link(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is a symbolic link."""
    return stat.S_ISLNK(member.external_attr >> 16)


def unpack_zip(
    path: Path, folder: Path, largest: Callable[[str], int], limits: UnpackLimits
) -> tuple[str, ...]:
    """Unpack a ZIP archive that holds nothing but expected files; return their names.

    Parameters
    ----------
    path, folder : Path
    largest : callable
        Returns the bytes that a file may have, by its name; raises an error if it is not expected.
    limits : UnpackLimits

    Raises
    ------
    UnpackError
        If it is damaged, unsafe, or too large.
    OSError
        If it cannot be written.
    """
    with _reading(path):
        stream = open_regular(path)
    with stream:
        with _reading(path):
            archive = zipfile.ZipFile(stream)
        with archive:
            files = _expected_files(path, archive, largest)
            unpack_files(path, files, folder, limits)
    return tuple(file.name for file in files)


def unpack_files(
    path: Path,
    files: Sequence[PackedFile],
    folder: Path,
    limits: UnpackLimits,
    check: Callable[[], None] | None = None,
) -> None:
    """Write files of the archive `path` into a folder; `check` may raise to cancel.

    Raises
    ------
    UnpackError
        If they are damaged, or too many or too large.
    OSError
        If they cannot be written.
    """
    _check_limits(path, files, limits)
    needed, free = sum(file.size for file in files) + _SPARE, shutil.disk_usage(folder).free
    if needed > free:
        raise NoRoomError(
            "{path} needs {needed} on the disk of {folder}, where {free} are free.",
            "Free some space, then import it again.",
        ).format(
            path=path.name, needed=megabytes(needed), folder=folder.parent, free=megabytes(free)
        )
    for file in files:
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with _reading(path):
            packed = file.open()
        with packed, target.open("xb") as stream:
            for block in _blocks(path, file, packed):
                if check is not None:
                    check()
                stream.write(block)


def _expected_files(
    path: Path, archive: zipfile.ZipFile, largest: Callable[[str], int]
) -> list[PackedFile]:
    found: dict[str, PackedFile] = {}
    for member in archive.infolist():
        shown = repr(member.filename[:_LONGEST_SHOWN])
        name = inner_path(member.filename.removesuffix("/"))
        if name is None:
            raise UnpackError("{file} holds {name}, which lies outside of it.", UNSAFE).format(
                file=path.name, name=shown
            )
        most = largest(name)
        if member.is_dir():
            continue
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise UnpackError("{name} in {file} is no plain file.", UNSAFE).format(
                name=shown, file=path.name
            )
        if member.flag_bits & 1:
            raise UnpackError("{file} is locked with a password.", "Export it without one.").format(
                file=path.name
            )
        if member.file_size > most:
            raise _too_large(path, shown, member.file_size)
        if name.lower() in found:  # some systems do not tell A from a
            raise UnpackError("{file} holds a name twice.", UNSAFE).format(file=path.name)
        opened = partial(archive.open, member)
        packed = PackedFile(name, member.file_size, opened, member.compress_size)
        found[name.lower()] = packed
    return list(found.values())


def _check_limits(path: Path, files: Sequence[PackedFile], limits: UnpackLimits) -> None:
    if len(files) > limits.n_files:
        raise UnpackError("{path} holds too many files: {n}.", UNSAFE).format(
            path=path.name, n=f"{len(files):,}"
        )
    for file in files:
        ratio = 0.0 if file.packed_size is None else file.size / max(1, file.packed_size)
        if file.size > _SMALL and ratio > limits.ratio:
            raise _too_large(path, repr(file.name[:_LONGEST_SHOWN]), file.size)
    n_bytes = sum(file.size for file in files)
    if n_bytes > limits.n_bytes:
        raise _too_large(path, Message("What is packed"), n_bytes)
    with _reading(path):
        check_inflated(n_bytes, path.stat().st_size)


def _blocks(path: Path, file: PackedFile, packed: IO[bytes]) -> Iterator[bytes]:
    """Yield what a file holds, up to the size in its header."""
    left = file.size
    while True:
        with _reading(path):
            block = packed.read(_BLOCK)
        if not block:
            return
        left -= len(block)
        if left < 0:
            raise UnpackError("{name} is larger than it says.", UNSAFE).format(name=file.name)
        yield block


def _too_large(path: Path, name: str, n_bytes: int) -> UnpackError:
    return UnpackError(
        "{name} in {file} would take {file_size} bytes, far too many.", UNSAFE
    ).format(name=name, file=path.name, file_size=f"{n_bytes:,}")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        reason = getattr(error, "strerror", None) or error
        raise DamagedArchiveError("{path} cannot be read: {reason}.", UNSAFE).format(
            path=path.name, reason=reason
        ) from error
