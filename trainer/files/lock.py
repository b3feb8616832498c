"""Locks for one process at a time, which the system releases when their holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from trainer.errors import DatasetError
from trainer.files.disk import writing_to


@contextmanager
def locked(path: Path, held: str) -> Iterator[None]:
    """Hold the lock on `path` for the ``with`` block.

    The file remains: removing it could release the lock of another process.

    Parameters
    ----------
    path : Path
    held : str
        The sentence for the error if another process holds it.

    Raises
    ------
    DatasetError
        If another process holds it, or it cannot be written.
    """
    with writing_to(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("ab")
    with stream:
        try:
            _lock(stream)
        except OSError as error:
            raise DatasetError(held, "Wait for it, or end it first.") from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    @contextmanager
    def folder_lock(folder: Path) -> Iterator[None]:  # noqa: ARG001 - as elsewhere
        """Hold nothing: Windows does not lock folders."""
        yield

else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    @contextmanager
    def folder_lock(folder: Path) -> Iterator[None]:
        """Wait for the lock on a folder, which others hold for moments only, and hold it."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
