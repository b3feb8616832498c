"""A child process that trains one run after another, so that the libraries are loaded once.

A run that needs too much memory ends this process and nothing else; the next run gets a new one.
The child ends with the process that started it.
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import Message, TrainerError
from trainer.processes.launch import BEFORE_HINT
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import LOG_NAME, brief_events

TrainCommand = Callable[[Sequence[str]], int]
"""Runs ``train`` with the given arguments in its own process, and returns the exit status.

A function of a module: the child imports it by name. It raises `TrainerError` if the run fails.
"""

Watch = Callable[[events.Event | None], None]
"""Called with every event of a run, and with None while there is none."""

_POLL_SECONDS = 0.2
_SECONDS_TO_END = 10.0
_CANCELLED = 3
"""Exit status of ``train``."""

_STANDARD_ERROR = 2


class StoppedError(Exception):
    """A reader asked to stop; the training can be resumed later."""


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

    def __init__(self, command: TrainCommand) -> None:
        self._command = command
        self._process: Any = None
        self._connection: Connection | None = None

    def __enter__(self) -> TrainingWorker:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def train(self, root: Path, config: TrainingConfig, watch: Watch) -> Ending:
        """Train a run, or resume it; a finished one is left as it is.

        Parameters
        ----------
        root : Path
        config : TrainingConfig
        watch : callable
            An exception that it raises ends the training at once; it can be resumed later.

        Raises
        ------
        RunError
            If the folder belongs to another run.
        """
        folder = RunFolder(root)
        folder.open(config, resume=True)
        ending = _ending(folder)
        if ending.state == "finished":
            return ending
        try:
            status, message, hint = self._run(folder, watch)
        except BaseException:
            self.end()
            raise
        ending = _ending(folder)
        if status == _CANCELLED:
            return Ending("cancelled", seconds=ending.seconds)
        if status != 0:
            return Ending("failed", seconds=ending.seconds, message=message, hint=hint)
        return ending

    def end(self) -> None:
        """End the process and its training."""
        process, self._process = self._process, None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if process is not None:
            if process.pid is not None:  # an interruption may come while it is being started
                process.kill()
                process.join(_SECONDS_TO_END)
            process.close()

    def _run(self, folder: RunFolder, watch: Watch) -> tuple[int, str, str]:
        """Return the exit status of a run, and the message and hint of its error."""
        connection = self._start()
        connection.send(str(folder.root))
        while True:
            try:
                if not connection.poll(_POLL_SECONDS):
                    watch(None)
                    continue
                received = connection.recv()
            except (EOFError, ConnectionError):
                self.end()
                message = Message(
                    "The training process ended unexpectedly; it may have run out of memory."
                )
                return 1, message, ""
            if isinstance(received, tuple):
                return received
            event = events.from_line(received)
            if event is not None:
                watch(event)

    def _start(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._command))
            self._process.start()
            theirs.close()
        return self._connection


def _serve(connection: Connection, command: TrainCommand) -> None:
    """Train the runs whose folders arrive, until the connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            root = Path(connection.recv())
        except (EOFError, OSError):
            return
        connection.send(_train(root, connection, command))
        if "keras" in sys.modules:
            sys.modules["keras"].backend.clear_session()
        gc.collect()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _train(root: Path, connection: Connection, command: TrainCommand) -> tuple[int, str, str]:
    arguments = ["--config", str(RunFolder(root).config_file), "--run-dir", str(root)]
    with (
        (root / LOG_NAME).open("a", encoding="utf-8", buffering=1) as log,
        contextlib.redirect_stdout(_EventLines(connection)),
        contextlib.redirect_stderr(log),
    ):
        with contextlib.suppress(OSError):  # TensorFlow writes there, past Python
            os.dup2(log.fileno(), _STANDARD_ERROR)
        try:
            return command([*arguments, "--resume", "--events"]), "", ""
        except TrainerError as error:
            log.write(f"{error.message}\n{BEFORE_HINT}{error.hint}\n")
            return 1, error.message, error.hint


class _EventLines(io.TextIOBase):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rest = ""

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._connection.send(line)
        return len(text)


def _ending(folder: RunFolder) -> Ending:
    history = events.RunHistory.of(brief_events(folder))
    last, total = history.last, history.seconds
    if isinstance(last, events.Finished):
        return Ending("finished", last.validation_accuracy, last.best_epoch, total)
    return Ending("failed", seconds=total, message="The training ended without a result.")
