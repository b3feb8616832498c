"""The trainer's side of a run's folder: alone in it, it writes events and obeys its readers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trainer.errors import DatasetError, Message, RunError
from trainer.files.lock import locked
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.runs.process import ProcessInfo, noted_process

Report = Callable[[events.Event], None]

_SECONDS_PER_LOOK = 0.2
"""How often a paused run looks for a request."""

_HELD = Message("The run is being trained by another window or command.")

_TRIES = 3
_SECONDS_BETWEEN_TRIES = 0.1
"""A reader that asks whether the run is trained holds the lock for a moment."""


class RunCancelledError(Exception):
    """The run was cancelled on request."""


class Steering:
    """Writes events, and obeys requests between two steps.

    Parameters
    ----------
    folder : RunFolder
    report : callable
        Called with every event, after it is written to the folder.
    requests_from : int, optional
        As in `ControlReader`.
    """

    def __init__(self, folder: RunFolder, report: Report, requests_from: int | None = None) -> None:
        self._folder = folder
        self._report = report
        self._control = ControlReader(folder, requests_from)
        self._paused_seconds = 0.0
        self.stopped = False
        """Whether a reader asked to end the run and keep the best."""

    def clock(self) -> float:
        """Return seconds from some moment on; pauses do not count."""
        return time.monotonic() - self._paused_seconds

    def emit(self, event: events.Event) -> None:
        """Write an event and pass it on."""
        self._folder.append(event)
        self._report(event)

    def warn_once(self, warned: events.Warned | None) -> None:
        """Say something that the user should know, unless the run has said it when it was begun."""
        if warned is not None and warned not in self._folder.events():
            self.emit(warned)

    def obey(self, epoch: int) -> None:
        """Take the requests that have come; waits while paused.

        Raises
        ------
        RunCancelledError
            If the run was cancelled.
        """
        paused = False
        while True:
            for request in self._control.next_requests():
                if request is Request.CANCEL:
                    raise RunCancelledError
                self.stopped = self.stopped or request is Request.STOP
                if request is Request.PAUSE and not paused:
                    self.emit(events.Paused(epoch))
                elif request is not Request.PAUSE and paused:
                    self.emit(events.Resumed(epoch))
                paused = request is Request.PAUSE
            if not paused:
                return
            began = time.monotonic()
            time.sleep(_SECONDS_PER_LOOK)
            self._paused_seconds += time.monotonic() - began


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
        ProcessInfo.of(os.getpid()).write(folder.root)
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
