"""What takes long: made once for all workers of pytest-xdist, or done without a new process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from trainer.__main__ import main
from trainer.files.paths import PROFILE_VARIABLE


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


def trainer(profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return what a command of the trainer answers: run in this process, a library is loaded once.

    Only what is about a process itself needs one of its own.
    """
    output, error = StringIO(), StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(output),
        redirect_stderr(error),
    ):
        patch.setenv(PROFILE_VARIABLE, str(profile))
        status = main(list(arguments))
    return subprocess.CompletedProcess(arguments, status, output.getvalue(), error.getvalue())


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
