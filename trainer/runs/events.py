"""The events of a run: one JSON line each, in `events.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self, get_args

import numpy as np
import numpy.typing as npt

from trainer.files.records import RecordError, decode, encode, parse

Counts = npt.NDArray[np.int64]
"""Of shape (n_classes, n_classes): rows true, columns predicted."""

FORMAT = 1
"""Of the events; raised when an older program could misread them."""


@dataclass(frozen=True)
class Started:
    """The run starts, or resumes after an interruption at `first_epoch`.

    `device_reason` says why no graphics processor is used; `reports_progress` is false for
    models without results before the end. `format` is that of all events up to the next start;
    lines without it are of the first.
    """

    preset: str
    parameters: int
    n_train: int
    n_validation: int
    alphabet: tuple[str, ...]
    epochs: int
    batches: int
    first_epoch: int
    device: str
    device_reason: str = ""
    reports_progress: bool = True
    format: int = 1

    @property
    def is_newer(self) -> bool:
        """Whether a newer version of the program has written it."""
        return self.format > FORMAT


@dataclass(frozen=True)
class Batch:
    """Progress within an epoch, at most ten times a second; the rate is in images per second."""

    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    images_per_second: float
    seconds_left: float


@dataclass(frozen=True)
class Epoch:
    """An epoch and its validation are done; accuracies are shares from 0 to 1.

    `merged_accuracy` reads small letters that look like their capitals as those (47 classes of
    62), as the card does; it equals `validation_accuracy` where no letter merges. `best` if the
    run keeps its weights until a better epoch; what a classic model has become is always kept.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    merged_accuracy: float
    learning_rate: float
    seconds: float
    best: bool


@dataclass(frozen=True)
class Confusion:
    """Counts on the validation data, rows true, columns predicted, in the alphabet's order."""

    epoch: int
    matrix: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Progress:
    """Progress of a classic model; `unit` is "trees", "folds", "rounds"."""

    epoch: int
    done: int
    total: int
    unit: str
    seconds_left: float


@dataclass(frozen=True)
class Resources:
    """Resources that the training uses, once a second.

    `memory_bytes` of the trainer and its workers; `processor_load` of all cores, 0 to 1, by all
    programs; the device's own memory in use and its peak, None without one.
    """

    memory_bytes: int
    processor_load: float
    device_memory_bytes: int | None = None
    device_peak_bytes: int | None = None


@dataclass(frozen=True)
class Warned:
    """A warning; the run goes on."""

    message: str
    hint: str


@dataclass(frozen=True)
class Screened:
    """Samples were set aside whose labels the network finds very unlikely."""

    epoch: int
    set_aside: int
    of: int


@dataclass(frozen=True)
class Checkpoint:
    """Everything up to `epoch` is on disk."""

    epoch: int


@dataclass(frozen=True)
class Paused:
    """The run waits for a line in control.jsonl."""

    epoch: int


@dataclass(frozen=True)
class Resumed:
    """The run goes on after a pause."""

    epoch: int


@dataclass(frozen=True)
class Finished:
    """The run is done and its bundle written; `stopped` if before its last epoch on request.

    `early` if early stopping ended it. The accuracies are those of the best epoch, as in `Epoch`.
    """

    epoch: int
    best_epoch: int
    validation_accuracy: float
    stopped: bool
    early: bool = False
    merged_accuracy: float = 0.0


@dataclass(frozen=True)
class Failed:
    """The run ended with an error."""

    message: str
    hint: str


@dataclass(frozen=True)
class Cancelled:
    """The run was cancelled on request; only its log is kept."""

    epoch: int


Event = (
    Started
    | Batch
    | Epoch
    | Confusion
    | Progress
    | Resources
    | Warned
    | Screened
    | Checkpoint
    | Paused
    | Resumed
    | Finished
    | Failed
    | Cancelled
)

_CLASSES: dict[str, type[Event]] = {kind.__name__.lower(): kind for kind in get_args(Event)}


MOST_CHARACTERS = 1 << 23
"""Of a line; our longest, the confusion matrix of 1,000 classes, has three million."""


def to_line(event: Event) -> str:
    """Return an event as one line of JSON, without the line's end."""
    record = {"event": type(event).__name__.lower(), **encode(event)}
    if isinstance(event, Started):
        record["format"] = FORMAT
    return json.dumps(record, separators=(",", ":"))


def from_line(line: str) -> Event | None:
    """Read an event; None for a broken or too long line or an event of a newer version."""
    try:
        record = parse(line, MOST_CHARACTERS)
        kind = _CLASSES.get(str(record.get("event"))) if isinstance(record, dict) else None
        return None if kind is None else decode(kind, record, finite=False)
    except RecordError:
        return None


def kept_epoch(epochs: Mapping[int, Epoch]) -> Epoch | None:
    """Return the epoch whose weights a run keeps: the last that was the best so far."""
    return max((e for e in epochs.values() if e.best), key=lambda e: e.epoch, default=None)


@dataclass
class RunHistory:
    """The events of a run, sorted; a resumed run's epochs replace the lost ones.

    Attributes
    ----------
    started : Started or None
        The last start.
    epochs : dict of int to Epoch
        By their numbers.
    matrices : dict of int to ndarray of shape (n_classes, n_classes), dtype=int64
        By the number of the epoch: rows true, columns predicted.
    warnings : list of Warned
    last : Event or None
        The last event that is no warning: one may follow a pause or the end.
    """

    started: Started | None = None
    epochs: dict[int, Epoch] = field(default_factory=dict)
    matrices: dict[int, Counts] = field(default_factory=dict)
    warnings: list[Warned] = field(default_factory=list)
    last: Event | None = None

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        """Sort events, which are in order."""
        history = cls()
        history.add(events)
        return history

    def add(self, events: Iterable[Event]) -> None:
        """Add events, which follow the last."""
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        if not isinstance(event, Warned):
            self.last = event
        match event:
            case Started(first_epoch=first):
                self.started = event
                self.epochs = {n: e for n, e in self.epochs.items() if n < first}
                self.matrices = {n: e for n, e in self.matrices.items() if n < first}
            case Epoch():
                self.epochs[event.epoch] = event
            case Confusion():
                with suppress(ValueError):  # rows of several lengths
                    self.matrices[event.epoch] = np.array(event.matrix, dtype=np.int64)
            case Warned():
                self.warnings.append(event)

    @property
    def kept(self) -> Epoch | None:
        """The epoch whose weights the run keeps."""
        return kept_epoch(self.epochs)

    @property
    def seconds(self) -> float:
        """Time of training and validation, over all epochs."""
        return sum(epoch.seconds for epoch in self.epochs.values())
