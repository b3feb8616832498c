"""The trainer's side of a run's folder: it locks it, writes events and handles requests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from trainer.errors import DatasetError, Message, RunError
from trainer.files.lock import locked
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.runs.process import ProcessInfo, read_process_info

Report = Callable[[events.Event], None]

_SECONDS_BETWEEN_POLLS = 0.2
"""Between two polls of a paused run for requests."""

_HELD = Message("The run is being trained by another window or command.")

_TRIES = 3
_SECONDS_BETWEEN_TRIES = 0.1
"""`is_being_trained` holds the lock for a moment."""


class RunCancelledError(Exception):
    """The run was cancelled on request."""


class RunControl:
    """Writes events, and handles requests between two steps.

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
        """Whether a reader asked to stop the run and keep its best epoch."""

    def clock(self) -> float:
        """Return the seconds of a monotonic clock that stands still in pauses."""
        return time.monotonic() - self._paused_seconds

    def emit(self, event: events.Event) -> None:
        """Write an event and report it."""
        self._folder.append(event)
        self._report(event)

    def warn_once(self, warned: events.Warned | None) -> None:
        """Emit a warning, unless the run has emitted it before it was resumed."""
        if warned is not None and warned not in self._folder.events():
            self.emit(warned)

    def handle_requests(self, epoch: int) -> None:
        """Handle the requests since the last call; waits while paused.

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
                if request is Request.STOP:
                    self.stopped = True
                    self._folder.stop_file.touch()
                if request is Request.PAUSE and not paused:
                    self.emit(events.Paused(epoch))
                elif request is not Request.PAUSE and paused:
                    self.emit(events.Resumed(epoch))
                paused = request is Request.PAUSE
            if not paused:
                return
            began = time.monotonic()
            time.sleep(_SECONDS_BETWEEN_POLLS)
            self._paused_seconds += time.monotonic() - began


@contextmanager
def run_lock(folder: RunFolder) -> Iterator[None]:
    """Hold the lock of a run for the ``with`` block, and note the process in its folder.

    The lock of a killed trainer is free.

    Raises
    ------
    RunError
        If another trainer holds it.
    """
    for _ in range(_TRIES - 1):
        if not is_being_trained(folder):
            break
        time.sleep(_SECONDS_BETWEEN_TRIES)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder.lock_file, _HELD))
        except DatasetError as error:
            other = read_process_info(folder.root)
            raise RunError(
                "The run in {run} is being trained by another process ({pid})."
                if other
                else "The run in {run} is being trained by another process.",
                "Watch it in the window, or wait for its end.",
            ).format(run=folder.root.name, pid=other.pid if other else "") from error
        ProcessInfo.of(os.getpid()).write(folder.root)
        yield


def is_being_trained(folder: RunFolder) -> bool:
    """Return whether a trainer holds the lock of a run."""
    if not folder.lock_file.exists():
        return False
    try:
        with locked(folder.lock_file, _HELD):
            return False
    except DatasetError:
        return True
