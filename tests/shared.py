"""What takes long to make and is only looked at: made once for all workers of pytest-xdist."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` fills, in whichever worker asks first; the others wait."""
    place = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder, done = place / name, place / f"{name}.done"
    with _alone(place / f"{name}.lock"):
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


if sys.platform == "win32":

    @contextmanager
    def _alone(path: Path) -> Iterator[None]:
        import msvcrt

        with path.open("ab") as stream:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)
            yield

else:

    @contextmanager
    def _alone(path: Path) -> Iterator[None]:
        import fcntl

        with path.open("ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield
