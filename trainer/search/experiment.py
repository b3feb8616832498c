"""Several trainings that answer one question, each a run; what is done is not done again."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
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

Summary = Callable[[Sequence[dict[str, Any]]], dict[str, Any]]
"""From the records of the runs to the figures of the whole."""

_LONGEST_NAME = 45


@dataclass(frozen=True)
class Planned:
    """One of the trainings.

    Attributes
    ----------
    name : str
        Of its folder.
    config : TrainingConfig
    facts : mapping
        What tells it from the others: the fold, or the size and the seed.
    """

    name: str
    config: TrainingConfig
    facts: Mapping[str, int]


def experiment_name(words: str, about: Mapping[str, Any]) -> str:
    """Return a name for an experiment: the same for the same, another for others."""
    text = json.dumps(about, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{name_from(words)[:_LONGEST_NAME].rstrip('-')}-{digest}"


def known_answer(folder: Path, about: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the record of a folder, if there is one.

    Raises
    ------
    RunError
        If it is the answer to another question.
    """
    before = read_record(folder)
    if before is not None and before.get("about") != encode(about):
        raise RunError(
            "There is another experiment of the name {folder}.",
            "Choose another --name, or give the settings that it was begun with.",
        ).format(folder=folder.name)
    return before


def keep_answer(
    folder: Path, about: Mapping[str, Any], runs: Sequence[dict[str, Any]], summary: Summary
) -> dict[str, Any]:
    """Write the record that readers see, and return it."""
    record = {
        "name": folder.name,
        "updated": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "about": dict(about),
        **summary(runs),
        "runs": list(runs),
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_record(folder, record)
    return record


class Experiment:
    """Trains what is planned, one after the other.

    Parameters
    ----------
    folder : Path
    about : mapping
        What is asked; an experiment that is gone on with must ask the same.
    planned : sequence of Planned
    summary : callable
    tell : callable
        Called with the record whenever it is written.
    control : ControlReader
        Of the folder; a stop ends the training under way, which goes on later.

    Raises
    ------
    RunError
        If the folder holds the answer to another question.
    """

    def __init__(
        self,
        folder: Path,
        about: Mapping[str, Any],
        planned: Sequence[Planned],
        summary: Summary,
        tell: Callable[[dict[str, Any]], None],
        control: ControlReader,
    ) -> None:
        self._folder = folder
        self._about = about
        self._planned = planned
        self._summary = summary
        self._tell = tell
        known_answer(folder, about)
        self._control = control
        self._states: dict[str, Ending | str] = {}

    def run(self) -> dict[str, Any]:
        """Train what is not done yet; return the record, with ``stopped``.

        Raises
        ------
        RunError
            If none of the trainings could be finished.
        """
        stopped = False
        try:
            with TrainingWorker() as worker:
                self._see_what_is_done()
                for each in self._planned:
                    self._train(worker, each)
        except StoppedError:
            stopped = True
        finally:
            record = self._write()
        failed = [run for run in record["runs"] if run["state"] == "failed"]
        if failed and not any(run["state"] == "finished" for run in record["runs"]):
            raise RunError(failed[0]["message"], failed[0]["hint"])
        return {**record, "stopped": stopped}

    def _see_what_is_done(self) -> None:
        for each in self._planned:
            for event in brief_events(RunFolder(self._folder / each.name)):
                if isinstance(event, events.Finished):
                    self._states[each.name] = "finished"

    def _train(self, worker: TrainingWorker, each: Planned) -> None:
        self._states[each.name] = "running"
        self._write()
        try:
            ending = worker.train(self._folder / each.name, each.config, self._watch)
        except BaseException:
            self._states[each.name] = "interrupted"
            raise
        self._states[each.name] = ending
        if ending.state == "finished":
            checkpoints = RunFolder(self._folder / each.name).checkpoints
            shutil.rmtree(checkpoints, ignore_errors=True)
        self._write()

    def _watch(self, event: events.Event | None) -> None:
        if Request.STOP in self._control.next_requests():
            raise StoppedError
        if isinstance(event, events.Epoch):
            self._write()

    def _write(self) -> dict[str, Any]:
        runs = [self._record(each) for each in self._planned]
        record = keep_answer(self._folder, self._about, runs, self._summary)
        self._tell(record)
        return record

    def _record(self, each: Planned) -> dict[str, Any]:
        root = self._folder / each.name
        found = self._states.get(each.name, "waiting")
        epochs: dict[int, events.Epoch] = {}
        accuracy, samples, chosen_by = None, 0, 0
        for event in brief_events(RunFolder(root)):
            match event:
                case events.Started():
                    samples, chosen_by = event.n_train, event.n_validation
                case events.Epoch():
                    epochs[event.epoch] = event
                case events.Finished():
                    accuracy = event.validation_accuracy
        if found == "waiting" and root.exists():
            found = "interrupted"
        curve = [[n, epochs[n].accuracy, epochs[n].validation_accuracy] for n in sorted(epochs)]
        return {
            "name": each.name,
            **each.facts,
            "state": found.state if isinstance(found, Ending) else found,
            "accuracy": accuracy,
            "samples": samples,
            "validation_samples": chosen_by,
            "epochs": curve,
            "seconds": sum(epoch.seconds for epoch in epochs.values()),
            "run": str(root),
            "message": found.message if isinstance(found, Ending) else "",
            "hint": found.hint if isinstance(found, Ending) else "",
        }
