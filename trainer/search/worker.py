"""A process that trains one run after the other, so that libraries are loaded once.

A run that needs too much memory ends this process and nothing else; the next one gets a new
process. It ends when the process that started it is gone.
"""

from __future__ import annotations

import contextlib
import gc
import io
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import Message
from trainer.processes.launch import BEFORE_HINT
from trainer.processes.trainer_process import error_of
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import brief_events

Watch = Callable[[events.Event | None], None]
"""Called with every event of a run, and with None while there is none."""

_SECONDS_PER_LOOK = 0.2
_SECONDS_TO_END = 10.0
_CANCELLED = 3
"""Exit status of ``train``."""

_STANDARD_ERROR = 2

LOG_NAME = "log.txt"


class StoppedError(Exception):
    """A reader asked to stop; the training can go on later."""


@dataclass(frozen=True)
class Ending:
    """How a run ended.

    Attributes
    ----------
    state : str
        "finished", "cancelled" or "failed".
    accuracy : float or None
        On the validation data, of the best epoch; None unless finished.
    best_epoch : int
    seconds : float
        Of training and validation, over all epochs.
    message, hint : str
        Why it failed.
    """

    state: str
    accuracy: float | None = None
    best_epoch: int = 0
    seconds: float = 0.0
    message: str = ""
    hint: str = ""


class TrainingWorker:
    """Trains runs in a child process, one at a time."""

    def __init__(self) -> None:
        self._process: Any = None
        self._connection: Connection | None = None

    def __enter__(self) -> TrainingWorker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def train(self, root: Path, config: TrainingConfig, watch: Watch) -> Ending:
        """Fill a run's folder, or go on with it; a finished one is left as it is.

        Parameters
        ----------
        root : Path
        config : TrainingConfig
        watch : callable
            What it raises ends the training at once; it can go on later.

        Raises
        ------
        RunError
            If the folder belongs to another run.
        """
        folder = RunFolder(root)
        folder.open(config, resume=True)
        if _last(folder) is None or not isinstance(_last(folder), events.Finished):
            try:
                status, message = self._fill(folder, watch)
            except BaseException:
                self.end()
                raise
            if status == _CANCELLED:
                return Ending("cancelled", seconds=_seconds(folder))
            last = _last(folder)
            if status != 0 and not isinstance(last, events.Failed):
                return Ending("failed", seconds=_seconds(folder), message=message)
        return _ending(folder)

    def end(self) -> None:
        """End the process and what it trains."""
        process, self._process = self._process, None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if process is not None:
            process.kill()
            process.join(_SECONDS_TO_END)
            process.close()

    def _fill(self, folder: RunFolder, watch: Watch) -> tuple[int, str]:
        connection = self._started()
        connection.send(str(folder.root))
        while True:
            try:
                if not connection.poll(_SECONDS_PER_LOOK):
                    watch(None)
                    continue
                received = connection.recv()
            except (EOFError, ConnectionError):
                self.end()
                message = Message(
                    "The training process ended unexpectedly; it may have run out of memory."
                )
                return 1, message
            if isinstance(received, tuple):
                return received
            event = events.from_line(received)
            if event is not None:
                watch(event)

    def _started(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,))
            self._process.start()
            theirs.close()
        return self._connection


def _serve(connection: Connection) -> None:
    """Train what is asked for until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks decides what it means
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            root = Path(connection.recv())
        except (EOFError, OSError):
            return
        connection.send(_train(root, connection))
        if "keras" in sys.modules:
            sys.modules["keras"].backend.clear_session()
        gc.collect()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _train(root: Path, connection: Connection) -> tuple[int, str]:
    from trainer.__main__ import main

    folder = RunFolder(root)
    arguments = ["train", "--config", str(folder.config_file), "--run-dir", str(root)]
    with (
        (root / LOG_NAME).open("a", encoding="utf-8") as log,
        contextlib.redirect_stdout(_EventLines(connection)),
        contextlib.redirect_stderr(_Said(log)) as said,
    ):
        with contextlib.suppress(OSError):  # where TensorFlow complains, past Python
            os.dup2(log.fileno(), _STANDARD_ERROR)
        status = main([*arguments, "--resume", "--events"])
    return status, said.last


class _EventLines(io.TextIOBase):
    """Sends what is printed, a line each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rest = ""

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._connection.send(line)
        return len(text)


class _Said(io.TextIOBase):
    """Writes what is printed to a file, and remembers the last sentence that is no hint."""

    def __init__(self, log: io.TextIOWrapper) -> None:
        self._log = log
        self.last = ""

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if told := error_of(line):
                self.last = told.message
            elif line.strip() and not line.startswith(BEFORE_HINT):
                self.last = line
        self._log.write(text)
        self._log.flush()
        return len(text)


def _last(folder: RunFolder) -> events.Event | None:
    last = None
    for event in brief_events(folder):
        last = event
    return last


def _seconds(folder: RunFolder) -> float:
    epochs = {e.epoch: e.seconds for e in brief_events(folder) if isinstance(e, events.Epoch)}
    return sum(epochs.values())


def _ending(folder: RunFolder) -> Ending:
    match _last(folder):
        case events.Finished() as end:
            return Ending("finished", end.validation_accuracy, end.best_epoch, _seconds(folder))
        case events.Failed() as failed:
            seconds = _seconds(folder)
            return Ending("failed", None, 0, seconds, failed.message, failed.hint)
        case _:
            return Ending("failed", message="The training ended without a result.")
