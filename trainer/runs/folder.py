"""A run is a folder: its files, and how a trainer and its readers use them."""

from __future__ import annotations

import itertools
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from trainer.config.training_config import FORMAT, FORMAT_KEY, TrainingConfig, are_newer
from trainer.errors import Message, RunError, joined
from trainer.files.json_lines import append_lines, json_line
from trainer.files.paths import Below, flush_folder, put_back
from trainer.files.records import (
    RecordError,
    decode,
    encode,
    object_or_empty,
    parse,
    write_json,
)
from trainer.runs.events import Event, Started, from_line, to_line

_MOST_CHANGES = 5
"""Changed settings that an error message lists."""

_STARTED = '{"event":"started"'
"""Start of the lines that hold the version of the events."""


class Request(StrEnum):
    """What a reader may ask of a running trainer."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CANCEL = "cancel"


@dataclass(frozen=True)
class _ControlLine:
    request: Request


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    root: Path

    @classmethod
    def create(cls, runs: Path, config: TrainingConfig) -> RunFolder:
        """Create the folder of a new run, named by the time and the preset, with its settings.

        Runs that are started in the same second get folders of their own.

        Raises
        ------
        RunError
            If it cannot be made.
        """
        folder = cls.reserve(runs, config.preset)
        try:
            folder.open(config, resume=False)
        except RunError:
            with suppress(OSError):
                folder.root.rmdir()
            raise
        return folder

    @classmethod
    def reserve(cls, runs: Path, kind: str) -> RunFolder:
        """Make an empty folder for a run, named by the time and its kind; nobody else gets it.

        Raises
        ------
        RunError
            If it cannot be made.
        """
        stem = time.strftime(f"%Y-%m-%d-%H%M%S-{kind}")
        for number in itertools.count(1):
            root = runs / (stem if number == 1 else f"{stem}-{number}")
            try:
                root.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise RunError(
                    "The run's folder cannot be made: {reason}.",
                    "Free some space, or choose another place.",
                ).format(reason=error.strerror or error) from error
            break
        return cls(root)

    config_file = Below("config.json")
    """The settings."""
    events_file = Below("events.jsonl")
    """The events, one JSON line each."""
    control_file = Below("control.jsonl")
    """The requests of readers, one JSON line each."""
    stop_file = Below("stopping")
    """There from a request to stop on, until what is kept has been written."""
    checkpoints = Below("checkpoints")
    """States from which the run can resume."""
    bundle = Below("bundle")
    """The recogniser that the run made."""
    history_file = Below("history.csv")
    """A table with a row per epoch."""
    tensorboard = Below("tensorboard")
    """The files of TensorBoard, if the run is logged there."""
    confusion_file = Below("confusion.npz")
    """The confusion matrices of all epochs."""
    report_file = Below("report.json")
    """The figures of a finished run."""
    lock_file = Below("trainer.lock")
    """Locked by the trainer at work."""

    @property
    def has_begun(self) -> bool:
        """Whether the training has started; before, the run waits."""
        return any(True for _ in self._starts())

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of the program has made it; such a run is left unchanged."""
        if are_newer(object_or_empty(self.config_file)):
            return True
        return any(start.is_newer for start in self._starts())

    def _starts(self) -> Iterator[Started]:
        with suppress(OSError), self.events_file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith(_STARTED) and isinstance(start := from_line(line), Started):
                    yield start

    def check_version(self) -> None:
        """Refuse a run that a newer version of the program has made.

        Raises
        ------
        RunError
            If it is one.
        """
        if self.is_newer:
            raise RunError(
                "The run in {root} was made by a newer version of this program.",
                "Update EMNIST Desktop; the run is left as it is.",
            ).format(root=self.root.name)

    def config(self) -> TrainingConfig:
        """Read the settings.

        Raises
        ------
        TrainerError
            If they are missing, damaged, or made by a newer version of the program.
        """
        if not self.config_file.is_file():
            raise RunError("There is no run in {root}.", "Check the path.").format(root=self.root)
        return TrainingConfig.load(self.config_file)

    def open(self, config: TrainingConfig, *, resume: bool) -> bool:
        """Create the folder of a new run, or check that it was created for these settings.

        Returns
        -------
        bool
            Whether it is new.

        Raises
        ------
        RunError
            If the folder is in use and `resume` is false, its settings differ or are of a newer
            version, or it cannot be created.
        """
        in_use = self.root.exists() and (not self.root.is_dir() or any(self.root.iterdir()))
        if in_use and not resume:
            raise RunError(
                "Expected an empty folder for the run. Received: {root}.",
                "Choose another --run-dir, or add --resume to go on with the run in it.",
            ).format(root=self.root)
        self.check_version()
        put_back(self.bundle)
        if self.config_file.exists():
            before = self.config()
            if before != config:
                changes = before.changes(config)
                more = len(changes) - _MOST_CHANGES
                listed = joined(*changes[:_MOST_CHANGES], separator="; ")
                if more > 0:
                    listed = Message("{shown}; and {more} more", shown=listed, more=more)
                raise RunError(
                    "The run in {root} was started with other settings. {changes}.",
                    "Resume it with the options it was started with, or choose another --run-dir.",
                ).format(root=self.root.name, changes=listed)
            return False
        try:
            write_json(self.config_file, {FORMAT_KEY: FORMAT, **encode(config)}, indent=2)
        except OSError as error:
            raise RunError(
                "The run's folder {root} cannot be made: {reason}.",
                "Choose another --run-dir that can be written to.",
            ).format(root=self.root, reason=error.strerror or error) from error
        return not in_use

    def forget(self) -> None:
        """Remove a run whose training has not started."""
        if not self.has_begun:
            shutil.rmtree(self.root, ignore_errors=True)

    def append(self, event: Event) -> None:
        """Append an event; a line that a killed trainer left unfinished is ended first."""
        self._append(self.events_file, to_line(event))

    def events(self) -> Iterator[Event]:
        """Yield the events so far; damaged lines are skipped."""
        if self.events_file.exists():
            with self.events_file.open(encoding="utf-8", errors="replace") as stream:
                for line in stream:
                    event = from_line(line)
                    if event is not None:
                        yield event

    def ask(self, request: Request) -> None:
        """Send a request to the trainer of this run; it reads them after every batch."""
        self._append(self.control_file, json_line(encode(_ControlLine(request))))

    def _append(self, file: Path, line: str) -> None:
        append_lines(file, [line], durable=False, mode=0o666)

    def last_checkpoint(self) -> Path | None:
        """Return the newest complete checkpoint."""
        complete = sorted(self.checkpoints.glob("epoch-*")) if self.checkpoints.is_dir() else []
        return complete[-1] if complete else None

    def save_checkpoint(self, epoch: int, files: Path) -> None:
        """Move the folder `files` in place as the newest checkpoint and delete the older ones."""
        final = self.checkpoints / f"epoch-{epoch:04d}"
        flush_folder(files)
        shutil.rmtree(final, ignore_errors=True)
        files.replace(final)
        for old in self.checkpoints.iterdir():
            if old != final and (old.name.startswith(("epoch-", ".writing"))):
                shutil.rmtree(old, ignore_errors=True)

    def control_size(self) -> int:
        """Return the bytes of the control file; the requests to a new trainer begin there."""
        try:
            return self.control_file.stat().st_size
        except OSError:
            return 0


class ControlReader:
    """Reads the requests that are sent after its construction.

    Parameters
    ----------
    folder : RunFolder
    requests_from : int, optional
        The byte of the file to start at, so that requests count that were sent while the trainer
        was being started.
    """

    def __init__(self, folder: RunFolder, requests_from: int | None = None) -> None:
        self._path = folder.control_file
        self._position = folder.control_size() if requests_from is None else requests_from

    def next_requests(self) -> list[Request]:
        """Return the requests since the last call; damaged lines are skipped."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._position)
                data = stream.read()
        except FileNotFoundError:
            return []
        whole = data[: data.rfind(b"\n") + 1]
        self._position += len(whole)
        requests = []
        for line in whole.splitlines():
            with suppress(RecordError):
                requests.append(decode(_ControlLine, parse(line)).request)
        return requests
