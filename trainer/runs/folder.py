"""A run is a folder: what is in it, and how a trainer and its readers use it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from trainer.config.training_config import FORMAT, FORMAT_KEY, TrainingConfig, are_newer
from trainer.errors import Message, RunError, joined
from trainer.files.paths import flush_folder, put_back, replacing
from trainer.runs.events import Event, Started, from_line, to_line

_MOST_CHANGES = 5
"""Settings that a refusal names with both values."""

_STARTED = '{"event":"started"'
"""Beginning of the lines that say the version of the events."""


class Request(StrEnum):
    """What a reader may ask of a running trainer."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    CANCEL = "cancel"


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run."""

    root: Path

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.root / "config.json"

    @property
    def events_file(self) -> Path:
        """What happened, one JSON line an event."""
        return self.root / "events.jsonl"

    @property
    def control_file(self) -> Path:
        """What readers ask for, one JSON line a request."""
        return self.root / "control.jsonl"

    @property
    def checkpoints(self) -> Path:
        """States from which the run can go on."""
        return self.root / "checkpoints"

    @property
    def bundle(self) -> Path:
        """The recogniser that the run made."""
        return self.root / "bundle"

    @property
    def history_file(self) -> Path:
        """A table with a line an epoch."""
        return self.root / "history.csv"

    @property
    def confusion_file(self) -> Path:
        """The confusion matrices of all epochs."""
        return self.root / "confusion.npz"

    @property
    def report_file(self) -> Path:
        """The figures of a finished run."""
        return self.root / "report.json"

    @property
    def lock_file(self) -> Path:
        """Held by the trainer at work."""
        return self.root / "trainer.lock"

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of the program has made it, so that it stays as it is."""
        with suppress(OSError, ValueError, RecursionError):
            record = json.loads(self.config_file.read_text(encoding="utf-8"))
            if isinstance(record, dict) and are_newer(record):
                return True
        with suppress(OSError), self.events_file.open(encoding="utf-8", errors="replace") as lines:
            starts = (from_line(line) for line in lines if line.startswith(_STARTED))
            return any(isinstance(start, Started) and start.is_newer for start in starts)
        return False

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

    def open(self, config: TrainingConfig, *, resume: bool) -> bool:
        """Make the folder for a new run, or check that it belongs to this one.

        Returns
        -------
        bool
            Whether it is new.

        Raises
        ------
        RunError
            If the folder is in use and `resume` is false, its settings are others or of a newer
            version, or it cannot be made.
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
            before = TrainingConfig.from_json(self.config_file.read_text(encoding="utf-8"))
            if before != config:
                changes = before.changes(config)
                more = len(changes) - _MOST_CHANGES
                told = joined(*changes[:_MOST_CHANGES], separator="; ")
                if more > 0:
                    told = Message("{shown}; and {more} more", shown=told, more=more)
                raise RunError(
                    "The run in {root} was started with other settings. {told}.",
                    "Resume it with the options it was started with, or choose another --run-dir.",
                ).format(root=self.root.name, told=told)
            return False
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with replacing(self.config_file) as temporary:
                record = {FORMAT_KEY: FORMAT, **json.loads(config.to_json())}
                temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise RunError(
                "The run's folder {root} cannot be made: {reason}.",
                "Choose another --run-dir that can be written to.",
            ).format(root=self.root, reason=error.strerror or error) from error
        return not in_use

    def forget(self) -> None:
        """Remove a new run that could not begin: nothing was learnt, and nothing is lost."""
        if not any(isinstance(event, Started) for event in self.events()):
            shutil.rmtree(self.root, ignore_errors=True)

    def append(self, event: Event) -> None:
        """Add an event to the file; a line that a killed trainer left unfinished is ended."""
        with self.events_file.open("ab+") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    stream.write(b"\n")
            stream.write(to_line(event).encode() + b"\n")

    def events(self) -> Iterator[Event]:
        """Yield the events so far; broken lines are passed over."""
        if self.events_file.exists():
            with self.events_file.open(encoding="utf-8", errors="replace") as stream:
                for line in stream:
                    event = from_line(line)
                    if event is not None:
                        yield event

    def ask(self, request: Request) -> None:
        """Ask the trainer of this run for something; it looks after every batch."""
        with self.control_file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"request": request.value}) + "\n")

    def last_checkpoint(self) -> Path | None:
        """Return the newest complete checkpoint."""
        complete = sorted(self.checkpoints.glob("epoch-*")) if self.checkpoints.is_dir() else []
        return complete[-1] if complete else None

    def save_checkpoint(self, epoch: int, files: Path) -> None:
        """Make the folder `files` the newest checkpoint and drop the older ones."""
        final = self.checkpoints / f"epoch-{epoch:04d}"
        flush_folder(files)
        shutil.rmtree(final, ignore_errors=True)
        files.replace(final)
        for old in self.checkpoints.iterdir():
            if old != final and (old.name.startswith(("epoch-", ".writing"))):
                shutil.rmtree(old, ignore_errors=True)

    def control_size(self) -> int:
        """Return how many bytes of requests there are; those of a trainer to come begin there."""
        try:
            return self.control_file.stat().st_size
        except OSError:
            return 0


class ControlReader:
    """Reads the requests that come after it was made.

    Parameters
    ----------
    folder : RunFolder
    requests_from : int, optional
        Read from this byte of the file: what was asked for while the trainer was being started
        counts, too.
    """

    def __init__(self, folder: RunFolder, requests_from: int | None = None) -> None:
        self._path = folder.control_file
        self._position = folder.control_size() if requests_from is None else requests_from

    def next_requests(self) -> list[Request]:
        """Return what was asked for since the last call; broken lines are passed over."""
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
            try:
                requests.append(Request(json.loads(line)["request"]))
            except (ValueError, KeyError, TypeError):
                continue
        return requests
