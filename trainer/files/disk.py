"""Regular files, and the errors of a full or read-only disk."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from lzma import LZMAError
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

from trainer.errors import DatasetError, Message

DAMAGED_ZIP: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted, of a newer version, or of an unknown compression
    zlib.error,
    LZMAError,
    BadZipFile,
)
"""What zipfile raises for damaged files."""

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class DiskError(DatasetError):
    """A disk that is full or read-only: another mirror does not help."""


def megabytes(n_bytes: int) -> str:
    """Format a number of bytes as megabytes."""
    return f"{n_bytes / 1e6:,.1f} MB" if n_bytes < 100e6 else f"{n_bytes / 1e6:,.0f} MB"


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder, while others may write and remove some."""
    total = 0
    for root, _, names in os.walk(folder):  # unlike rglob, it goes on when a folder has gone
        for name in names:
            with suppress(OSError):
                total += Path(root, name).lstat().st_size
    return total


def modified(path: Path) -> float:
    """Return when a file was written last, in seconds since 1970; 0 if it is not there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def discard(path: Path) -> None:
    """Remove a file or a folder; what is in use stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Translate the errors of a full or read-only disk."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise DiskError(
                "The disk with {folder} is full.",
                "Free some space and fetch again: what has arrived is kept.",
            ).format(folder=folder) from error
        raise DiskError(
            "{path} cannot be written: {reason}.",
            "Look at the folder's permissions, or choose another profile folder.",
        ).format(path=folder, reason=error.strerror or error) from error


def need_space(folder: Path, needed: int, free: int, what: str) -> None:
    """Check the free space in advance.

    Raises
    ------
    DiskError
        If `free` is less than `needed`, both in bytes.
    """
    if free < needed:
        raise DiskError(
            "{what} needs {needed} of free disk. {folder} has {free}.",
            "Free {missing}, or choose another profile folder.",
        ).format(
            what=what,
            needed=megabytes(needed),
            folder=folder,
            free=megabytes(free),
            missing=megabytes(needed - free),
        )


def open_regular(path: Path, most: int | None = None) -> BinaryIO:
    """Open a file for reading; never a folder, a device or a named pipe, which may not end.

    Parameters
    ----------
    path : Path
    most : int, optional
        Bytes of the largest file that is opened.

    Raises
    ------
    OSError
        If it cannot be opened, is no regular file, or is larger than `most`.
    """
    at_once = getattr(os, "O_NONBLOCK", 0)  # without a writer a pipe would wait for one
    number = os.open(path, os.O_RDONLY | at_once | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(Message("it is no file but a folder, a device or a pipe"))
        if most is not None and found.st_size > most:
            raise OSError(
                Message(
                    "it has {size}, and at most {most} are read",
                    size=megabytes(found.st_size),
                    most=megabytes(most),
                )
            )
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise
