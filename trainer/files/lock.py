"""A lock file for one process at a time, which the system releases when its holder dies."""

from __future__ import annotations

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

else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
