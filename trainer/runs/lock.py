"""One trainer a run folder: a lock that the system lifts when its holder dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from trainer.errors import DatasetError, Message, RunError
from trainer.files.lock import locked
from trainer.runs.folder import RunFolder
from trainer.runs.process import TrainerProcess, noted_process

_HELD = Message("The run is being trained by another window or command.")
_TRIES = 3
_SECONDS_BETWEEN_TRIES = 0.1
"""A reader that asks whether the run is trained holds the lock for a moment."""


@contextmanager
def alone(folder: RunFolder) -> Iterator[None]:
    """Be the only trainer of a run for the ``with`` block.

    A lock that a killed trainer has left holds nobody up. A note in the folder names the process.

    Raises
    ------
    RunError
        If another trainer is at work on it.
    """
    for _ in range(_TRIES - 1):
        if not is_being_trained(folder):
            break
        time.sleep(_SECONDS_BETWEEN_TRIES)
    holding = locked(folder.lock_file, _HELD)
    try:
        holding.__enter__()
    except DatasetError as error:
        other = noted_process(folder.root)
        raise RunError(
            "The run in {run} is being trained by another process ({pid})."
            if other
            else "The run in {run} is being trained by another process.",
            "Watch it in the window, or wait for its end.",
        ).format(run=folder.root.name, pid=other.pid if other else "") from error
    try:
        TrainerProcess.of(os.getpid()).write(folder.root)
        yield
    finally:
        holding.__exit__(None, None, None)


def is_being_trained(folder: RunFolder) -> bool:
    """Tell whether a trainer is at work on a run; false for one whose trainer was killed."""
    if not folder.lock_file.exists():
        return False
    try:
        with locked(folder.lock_file, _HELD):
            return False
    except DatasetError:
        return True
