"""Experiments: several runs that answer one question; finished runs are not repeated."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import name_from
from trainer.errors import RunError
from trainer.files.records import encode
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.runs.list_runs import brief_events
from trainer.search.experiment_folder import read_record, write_record
from trainer.search.worker import Ending, StoppedError, TrainingWorker

Summarize = Callable[[Sequence[dict[str, Any]]], dict[str, Any]]
"""Computes the figures of an experiment from the records of its runs."""

_MAX_NAME_LENGTH = 45


@dataclass(frozen=True)
class PlannedRun:
    """A run of an experiment.

    Attributes
    ----------
    name : str
        Of its folder.
    config : TrainingConfig
    factors : mapping
        What distinguishes it from the others: the fold, or the size and the seed.
    """

    name: str
    config: TrainingConfig
    factors: Mapping[str, int]


def finished_accuracies(runs: Sequence[dict[str, Any]]) -> list[float]:
    """Return the validation accuracies of the finished runs."""
    return [float(run["accuracy"]) for run in runs if run["state"] == "finished"]


def mean_and_sd(values: Sequence[float]) -> dict[str, float | None]:
    """Return ``mean`` and ``sd`` (of a sample, n - 1); None where there are too few values."""
    return {
        "mean": statistics.fmean(values) if values else None,
        "sd": statistics.stdev(values) if len(values) > 1 else None,
    }


def experiment_name(words: str, about: Mapping[str, Any]) -> str:
    """Return a name that depends on the words and the settings of an experiment alone."""
    text = json.dumps(about, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{name_from(words)[:_MAX_NAME_LENGTH].rstrip('-')}-{digest}"


def existing_record(folder: Path, about: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the record of an experiment; None if there is none yet.

    Raises
    ------
    RunError
        If the folder holds an experiment with other settings.
    """
    before = read_record(folder)
    if before is not None and before.get("about") != encode(about):
        raise RunError(
            "There is another experiment of the name {folder}.",
            "Choose another --name, or give the settings that it was begun with.",
        ).format(folder=folder.name)
    return before


def record_of(
    folder: Path, about: Mapping[str, Any], runs: Sequence[dict[str, Any]], summarize: Summarize
) -> dict[str, Any]:
    """Return the record of an experiment."""
    return {
        "name": folder.name,
        "updated": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "about": dict(about),
        **summarize(runs),
        "runs": list(runs),
    }


def save_record(
    folder: Path, about: Mapping[str, Any], runs: Sequence[dict[str, Any]], summarize: Summarize
) -> dict[str, Any]:
    """Write the record of an experiment, and return it."""
    record = record_of(folder, about, runs, summarize)
    folder.mkdir(parents=True, exist_ok=True)
    write_record(folder, record)
    return record


@dataclass
class Experiment:
    """Trains the planned runs, one after another.

    Attributes
    ----------
    folder : Path
    about : mapping
        The settings of the experiment; it can be continued with the same ones only.
    planned : sequence of PlannedRun
    summarize : callable
    on_record : callable
        Called with the record whenever it is written.
    control : ControlReader
        Of the folder; a stop ends the current run, which can be resumed later.

    Raises
    ------
    RunError
        If the folder holds an experiment with other settings.
    """

    folder: Path
    about: Mapping[str, Any]
    planned: Sequence[PlannedRun]
    summarize: Summarize
    on_record: Callable[[dict[str, Any]], None]
    control: ControlReader

    def __post_init__(self) -> None:
        self._states: dict[str, Ending | str] = {}
        self._is_share = False
        existing_record(self.folder, self.about)

    def run(self, worker: TrainingWorker, share: tuple[int, int] | None = None) -> dict[str, Any]:
        """Train the runs that are not finished; return the record, with ``stopped``.

        Parameters
        ----------
        worker : TrainingWorker
        share : tuple of int, optional
            (i, n) for the i-th of n processes that train side by side, each its own runs. What
            they have trained is put together by `collect`.

        Raises
        ------
        RunError
            If all runs failed.
        """
        self._is_share = share is not None
        number, of = share or (1, 1)
        stopped = False
        try:
            self.begin()
            for each in self.planned[number - 1 :: of]:
                self._train(worker, each)
        except StoppedError:
            stopped = True
        finally:
            record = self._write()
        record = record if self._is_share else _checked(record)
        return {**record, "stopped": stopped}

    def begin(self) -> None:
        """Write the record of what is finished; other processes may train the rest."""
        self._find_finished()
        self._write()

    def collect(self) -> dict[str, Any]:
        """Return the record of what other processes have trained, with ``stopped``.

        Raises
        ------
        RunError
            If all runs failed.
        """
        self._find_finished()
        for each in self.planned:
            last = self._history(each).last
            if isinstance(last, events.Failed):
                ending = Ending("failed", message=last.message, hint=last.hint)
                self._states[each.name] = ending
        record = _checked(self._write())
        rest = [run for run in record["runs"] if run["state"] in ("waiting", "interrupted")]
        return {**record, "stopped": bool(rest)}

    def _find_finished(self) -> None:
        for each in self.planned:
            if isinstance(self._history(each).last, events.Finished):
                self._states[each.name] = "finished"

    def _history(self, each: PlannedRun) -> events.RunHistory:
        return events.RunHistory.of(brief_events(RunFolder(self.folder / each.name)))

    def _train(self, worker: TrainingWorker, each: PlannedRun) -> None:
        self._states[each.name] = "running"
        self._write()
        try:
            ending = worker.train(self.folder / each.name, each.config, self._watch)
        except BaseException:
            self._states[each.name] = "interrupted"
            raise
        self._states[each.name] = ending
        if ending.state == "finished":
            checkpoints = RunFolder(self.folder / each.name).checkpoints
            shutil.rmtree(checkpoints, ignore_errors=True)
        self._write()

    def _watch(self, event: events.Event | None) -> None:
        if Request.STOP in self.control.next_requests():
            raise StoppedError
        if isinstance(event, events.Epoch):
            self._write()

    def _write(self) -> dict[str, Any]:
        runs = [self._record(each) for each in self.planned]
        keep = record_of if self._is_share else save_record
        record = keep(self.folder, self.about, runs, self.summarize)
        self.on_record(record)
        return record

    def _record(self, each: PlannedRun) -> dict[str, Any]:
        root = self.folder / each.name
        state = self._states.get(each.name, "waiting")
        history = self._history(each)
        started, last, epochs = history.started, history.last, history.epochs
        if state == "waiting" and root.exists():
            state = "interrupted"
        curve = [[n, epochs[n].accuracy, epochs[n].validation_accuracy] for n in sorted(epochs)]
        return {
            "name": each.name,
            **each.factors,
            "state": state.state if isinstance(state, Ending) else state,
            "accuracy": last.validation_accuracy if isinstance(last, events.Finished) else None,
            "samples": started.n_train if started else 0,
            "validation_samples": started.n_validation if started else 0,
            "epochs": curve,
            "seconds": history.seconds,
            "run": str(root),
            "message": state.message if isinstance(state, Ending) else "",
            "hint": state.hint if isinstance(state, Ending) else "",
        }


def _checked(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record unless all of its runs failed."""
    failed = [run for run in record["runs"] if run["state"] == "failed"]
    if failed and not any(run["state"] == "finished" for run in record["runs"]):
        raise RunError(failed[0]["message"], failed[0]["hint"])
    return record
