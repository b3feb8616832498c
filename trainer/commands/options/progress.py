"""Progress of long commands: JSON lines for a window, text for a person at a terminal."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from trainer.files.records import json_text
from trainer.runs import events
from trainer.runs.list_runs import growth_of

_SECONDS_BETWEEN = 0.1
_ENDED = ("finished", "pruned", "failed")
"""States of runs that have ended."""


def add_progress_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--progress``."""
    parser.add_argument(
        "--progress",
        action="store_true",
        help='print lines such as {"done": 3, "total": 10, "phase": "…"} on standard error',
    )


@dataclass
class ProgressLines:
    """Prints the progress of a command, at most ten times a second; nothing unless enabled."""

    enabled: bool
    _phase: str = ""
    _next: float = 0.0

    def __call__(self, done: int, total: int, phase: str) -> None:
        """Report that `done` of `total` steps of a phase are done; `total` is 0 if unknown."""
        if not self.enabled:
            return
        now = time.monotonic()
        if phase == self._phase and now < self._next and done < total:
            return
        self._phase, self._next = phase, now + _SECONDS_BETWEEN
        line = json_text({"done": done, "total": total, "phase": phase})
        print(line, file=sys.stderr, flush=True)


@dataclass
class ExperimentLines:
    """Prints the progress of an experiment: a line for each run that has ended.

    Runs that had ended before the command started get no line.

    Attributes
    ----------
    progress : ProgressLines
    unit : str
        What the runs are called: "folds", "trials".
    line : callable
        Returns the line of a run's record.
    quiet : bool
        Whether only `progress` is printed.
    """

    progress: ProgressLines
    unit: str
    line: Callable[[dict[str, Any]], str]
    quiet: bool
    _printed: set[int] | None = None

    def __call__(self, record: dict[str, Any]) -> None:
        """Print what is new in the record of the experiment."""
        runs = record["trials"] if "trials" in record else record["runs"]
        ended = [i for i, run in enumerate(runs) if run["state"] in _ENDED]
        self.progress(len(ended), len(runs), self.unit)
        printed = set(ended) if self._printed is None else self._printed
        for index in ended:
            if index not in printed and not self.quiet:
                print(self.line(runs[index]), flush=True)
        self._printed = printed | set(ended)


class TrainingLines:
    """Prints a line per epoch, and on a terminal one that is updated."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._started: events.Started | None = None

    def __call__(self, event: events.Event) -> None:
        """Print an event, if it is of interest to a person."""
        if isinstance(event, events.Started):
            self._started = event
        if self._is_terminal and (text := _live_text(event)):
            print(f"\r\x1b[K{text}", end="", flush=True)
        for line in _lines(event, self._started):
            print(f"\r\x1b[K{line}" if self._is_terminal else line, flush=True)


def _live_text(event: events.Event) -> str:
    match event:
        case events.Batch():
            return (
                f"epoch {event.epoch}  batch {event.batch}/{event.batches}  "
                f"loss {event.loss:.3f}  accuracy {event.accuracy:.1%}  "
                f"{event.images_per_second:,.0f} images/s  {_duration(event.seconds_left)} left"
            )
        case events.Progress():
            left = _duration(event.seconds_left)
            return f"{event.done}/{event.total} {event.unit}  {left} left"
        case _:
            return ""


def _lines(event: events.Event, started: events.Started | None) -> Iterator[str]:
    growth = None if started is None else growth_of({"preset": started.preset}, 1)
    match event:
        case events.Started():
            size = f"{event.parameters:,} parameters, " if event.parameters else ""
            yield (
                f"{event.preset}: {size}{event.n_train:,} samples "
                f"to train on, {event.n_validation:,} to choose by, on {event.device}"
            )
            if event.device_reason:
                yield event.device_reason
            if not event.reports_progress:
                yield "no intermediate results"
        case events.Epoch():
            stage = f"epoch {event.epoch}"
            if started is not None and growth is not None:
                done = round(started.batches * event.epoch / started.epochs)
                stage = (
                    f"{done} of {started.batches} {growth.unit}" if started.epochs > 1 else "fitted"
                )
            yield (
                f"{stage}  loss {event.loss:.3f}  accuracy {event.accuracy:.1%}  "
                f"validation {_accuracies(event)}, {event.seconds:.0f} s"
                + ("  best" if event.best and growth is None else "")
            )
        case events.Screened():
            yield f"{event.set_aside:,} of {event.of:,} samples set aside"
        case events.Warned():
            yield f"{event.message} {event.hint}"
        case events.Finished():
            best = f"epoch {event.best_epoch} is best, " if growth is None else ""
            yield f"finished: {best}validation {_accuracies(event)}"
        case events.Cancelled():
            yield "cancelled"
        case _:
            return


def _accuracies(event: events.Epoch | events.Finished) -> str:
    strict, merged = f"{event.validation_accuracy:.2%}", f"{event.merged_accuracy:.2%}"
    return strict if strict == merged else f"{strict} (merged {merged})"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{round(seconds)} s" if seconds < 90 else f"{minutes // 60}:{minutes % 60:02d} h"
