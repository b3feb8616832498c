"""The thread that owns a trainer: starts it, reads its events, forwards requests, sees it end.

The trainer is a process of its own, detached: it goes on when the window closes, and a window
opened later attaches to it by its folder.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject, QThread, Signal, Slot

from emnist_desktop.trainer_process.history import History
from trainer.files.paths import Profile
from trainer.processes.launch import trainer_command
from trainer.processes.trainer_process import TrainerProcess, last_words
from trainer.runs import events
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import LOG_NAME
from trainer.runs.process import ProcessInfo, read_process_info, trainer_is_alive
from trainer.runs.standby import TrainingOrder

_POLL_SECONDS = 0.05
_CANCEL_SECONDS = 0.3
"""A trainer that runs so long after a cancel is killed: while it imports TensorFlow, or in a long
batch, it does not check for requests."""

_EXIT_SECONDS = 10.0
"""A trainer may take so long to exit after its last event; one that was cancelled has nothing to
finish."""

_LOG_BYTES = 4000
"""Of the end of the log, searched for an error that no event reports."""

TERMINAL = (events.Finished, events.Failed, events.Cancelled)


class End(StrEnum):
    """How a `RunWorker` ended."""

    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    LEFT = "left"


@dataclass(frozen=True)
class Outcome:
    """How a run ended, or was detached from; a message and a hint where something went wrong.

    Attributes
    ----------
    end : End
    message, hint : str
    is_early : bool
        Whether a run that finished was stopped before its last epoch.
    """

    end: End
    message: str = ""
    hint: str = ""
    is_early: bool = False


@dataclass(frozen=True)
class Launch:
    """How a trainer is started: its command line, and variables beside the window's own.

    Attributes
    ----------
    command : tuple of str
    variables : mapping of str to str
    standby : TrainerProcess or None
        A trainer that has loaded its libraries and waits for the rest of such a command line;
        where it has ended, another is started.
    """

    command: tuple[str, ...]
    variables: Mapping[str, str]
    standby: TrainerProcess | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """What stands behind ``train`` in the command line."""
        place = self.command.index("train") if "train" in self.command else 0
        return self.command[place + 1 :]


def train_launch(root: Path, profile: Profile) -> Launch:
    """Return how to start or resume the run whose settings are in its folder."""
    folder = RunFolder(root)
    options = (
        *("--run-dir", str(root), "--resume" if folder.has_begun else "--begin"),
        *("--leave-at-once", "--requests-from", str(folder.control_size())),
    )
    return Launch((*trainer_command(), "train", *options), profile.variables)


class EventFollower:
    """Reads the events of a run as they are written; a line counts when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0
        self._rest = b""

    def next_events(self) -> tuple[events.Event, ...]:
        """Return what was written since the last call; broken lines are passed over."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._position)
                data = stream.read()
        except OSError:
            return ()
        self._position += len(data)
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[: 4 * events.MOST_CHARACTERS + 1]  # too long stays too long
        read = (events.from_line(line.decode("utf-8", "replace")) for line in lines)
        return tuple(event for event in read if event is not None)


class RunWorker(QThread):
    """Follows one run until its trainer is gone.

    Parameters
    ----------
    root : Path
        The run's folder, with its settings.
    launch : Launch or None
        How to start the trainer; None to attach to one that somebody else has started.

    Signals
    -------
    changed
        There are new events in `history`. The first are those that were there already.
    ended : object, object
        The folder, and the `Outcome`; nothing comes after it.

    Attributes
    ----------
    root : Path
    history : History
        The events of the run; changed in the thread of the window only.
    has_read : bool
        Whether the events that were there already are in `history`.
    end_asked : Request or None
        A stop or cancel that was asked for here; the run ends soon.
    """

    changed = Signal()
    ended = Signal(object, object)

    _events_read = Signal(object)

    def __init__(self, root: Path, launch: Launch | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.root = root
        self.history = History()
        self.has_read = False
        self.end_asked: Request | None = None
        self._events_read.connect(self._on_events_read)
        self._folder = RunFolder(root)
        self._launch = launch
        self._requests: SimpleQueue[Request] = SimpleQueue()
        self._wake = threading.Event()
        self._is_left = False
        self._child: TrainerProcess | None = None
        self._process: ProcessInfo | None = None
        self._last: events.Event | None = None
        self._has_started = launch is None
        self._cancelled_at: float | None = None
        self._ended_at: float | None = None
        self._is_standby = False
        self._log_size = 0

    def ask(self, request: Request) -> None:
        """Send a request to the trainer; a cancel that it does not notice kills it."""
        if request in (Request.STOP, Request.CANCEL):
            self.end_asked = request
        self._requests.put(request)
        self._wake.set()

    def leave(self) -> None:
        """Stop following; the trainer goes on."""
        self._is_left = True
        self._wake.set()

    def wait_left(self, deadline: QDeadlineTimer) -> None:
        """Wait for the thread; one that goes on, where a disk stalls, is left: see `lingers`."""
        if not self.wait(deadline):
            self.setParent(QCoreApplication.instance())

    def run(self) -> None:
        """Follow the run, in the thread."""
        self.ended.emit(self.root, self._follow())

    @Slot(object)
    def _on_events_read(self, read: tuple[events.Event, ...]) -> None:
        if read or not self.has_read:
            self.has_read = True
            self.history.add(read)
            self.changed.emit()

    def _follow(self) -> Outcome:
        follower = EventFollower(self._folder.events_file)
        before = follower.next_events()
        self._events_read.emit(before)
        if self._launch is None:
            self._process = read_process_info(self.root)
            self._last = before[-1] if before and not self._is_begun_again(before[-1]) else None
        else:
            failure = self._failure_of(self._start, self._launch)
            if failure is not None:
                return failure
        while True:
            self._wake.wait(_POLL_SECONDS)
            self._wake.clear()
            if self._is_left:
                self._forward_requests()
                return self._detach()
            is_alive = self._is_alive()
            self._read_events(follower)
            self._forward_requests()
            if not is_alive and self._launch is not None and self._has_failed_unnoticed():
                failure = self._failure_of(self._start_cold, self._launch)
                if failure is not None:
                    return failure
            elif not is_alive or self._is_over():
                self._read_events(follower)
                return self._outcome()

    def _is_begun_again(self, last: events.Event) -> bool:
        """Whether a run has ended before, and a trainer is resuming it."""
        return isinstance(last, TERMINAL) and self._is_alive()

    def _failure_of(self, start: Callable[[Launch], None], launch: Launch) -> Outcome | None:
        """Start a trainer; return how the run ends if that is not possible."""
        try:
            start(launch)
        except OSError as error:
            return Outcome(
                End.FAILED,
                self.tr("The trainer cannot be started: {0}.").format(error),
                self.tr("Install EMNIST Desktop again, or free some space on the disk."),
            )
        return None

    def _start(self, launch: Launch) -> None:
        log = self.root / LOG_NAME
        self._log_size = log.stat().st_size if log.exists() else 0
        self._child = self._start_standby(launch)
        if self._child is None:
            self._start_cold(launch)
        else:
            self._is_standby = True
            self._note_process(self._child)

    def _has_failed_unnoticed(self) -> bool:
        """Whether a standby trainer has ended before any event or error of the run."""
        is_wanted = self._is_standby and self._cancelled_at is None and not self._has_started
        return is_wanted and not any(self._last_words())

    def _start_cold(self, launch: Launch) -> None:
        self._is_standby = False
        self._child = self._start_process(launch)
        self._note_process(self._child)

    def _note_process(self, child: TrainerProcess) -> None:
        self._process = ProcessInfo.of(child.pid)
        with contextlib.suppress(OSError):  # a full disk; the trainer will say so
            self._process.write(self.root)

    def _start_standby(self, launch: Launch) -> TrainerProcess | None:
        """Send the order to a standby trainer; None if there is none, or it has ended."""
        child = launch.standby
        if child is None or child.stdin is None:
            return None
        order = TrainingOrder(launch.arguments, self.root / LOG_NAME)
        try:
            with child.stdin as stream:
                stream.write(order.to_line())
        except OSError:
            pass
        else:
            if child.poll() is None:
                return child
        child.wait()
        return None

    def _start_process(self, launch: Launch) -> TrainerProcess:
        with (self.root / LOG_NAME).open("ab") as log:
            return TrainerProcess(
                (),
                program=launch.command,
                variables=launch.variables,
                is_behind=True,
                is_detached=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _read_events(self, follower: EventFollower) -> None:
        read = follower.next_events()
        if not read:
            return
        self._last = read[-1]
        self._has_started = self._has_started or any(isinstance(e, events.Started) for e in read)
        self._events_read.emit(read)

    def _forward_requests(self) -> None:
        """Forward requests; a trainer that does not read them yet does so at its start."""
        with contextlib.suppress(Empty):
            while True:
                request = self._requests.get_nowait()
                if request is Request.CANCEL:
                    self._cancelled_at = time.monotonic() - (0 if self._has_started else 1e9)
                with contextlib.suppress(OSError):
                    self._folder.ask(request)
        since = self._cancelled_at
        if since is not None and time.monotonic() - since > _CANCEL_SECONDS:
            self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def _is_alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        if self._process is not None and self._process.is_here:
            return self._process.is_alive
        return trainer_is_alive(self.root, self._folder.events_file)

    def _is_over(self) -> bool:
        """Whether the run has reported its end, and its process has had time to exit."""
        if not isinstance(self._last, TERMINAL):
            return False
        if self._child is None and (self._process is None or not self._process.is_here):
            return True
        if self._ended_at is None:
            self._ended_at = time.monotonic()
        is_cancelled = isinstance(self._last, events.Cancelled)
        patience = _CANCEL_SECONDS if is_cancelled else _EXIT_SECONDS
        if time.monotonic() - self._ended_at < patience:
            return False
        if self._child is not None or is_cancelled:
            self._kill()
        return True

    def _outcome(self) -> Outcome:
        match self._last:
            case events.Finished():
                return Outcome(End.FINISHED, is_early=self._last.stopped)
            case events.Failed():
                return Outcome(End.FAILED, self._last.message, self._last.hint)
            case events.Cancelled():
                return Outcome(End.CANCELLED)
        if self._cancelled_at is not None:
            self._record_cancel()
            return Outcome(End.CANCELLED)
        return self._outcome_without_event()

    def _record_cancel(self) -> None:
        """Write the last event of a trainer that was killed."""
        with contextlib.suppress(OSError):
            self._folder.append(events.Cancelled(getattr(self._last, "epoch", 0)))

    def _outcome_without_event(self) -> Outcome:
        status = None if self._child is None else self._child.returncode
        message, hint = self._last_words()
        if status is not None and status > 0 and message:
            whole = self.tr("The whole log is in the run's folder.")
            return Outcome(End.FAILED, message, hint or whole)
        message = self.tr("The trainer was ended from outside, or ran out of memory.")
        hint = self.tr("Resume goes on from the last checkpoint.")
        if status is not None and status < 0:
            message = self.tr("The trainer was ended from outside (signal {0}).").format(-status)
            hint = self.tr(
                "Most often memory ran out: close other programs. "
                "Resume goes on from the last checkpoint."
            )
        return Outcome(End.INTERRUPTED, message, hint)

    def _last_words(self) -> tuple[str, str]:
        """Return the error at the end of what this trainer has written into the log."""
        try:
            with (self.root / LOG_NAME).open("rb") as stream:
                stream.seek(max(self._log_size, stream.seek(0, os.SEEK_END) - _LOG_BYTES))
                return last_words(stream.read().decode("utf-8", "replace"))
        except OSError:
            return "", ""

    def _detach(self) -> Outcome:
        if self._child is not None and self._child.poll() is None:
            self._child.returncode = 0  # it goes on without us, and nobody need warn of it
        return Outcome(End.LEFT)
