"""How a running trainer follows the requests of its readers."""

from __future__ import annotations

import time
from collections.abc import Callable

from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder

Report = Callable[[events.Event], None]

_SECONDS_PER_LOOK = 0.2
"""How often a paused run looks for a request."""


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
