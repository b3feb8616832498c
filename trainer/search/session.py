"""A search in this process: claims trials of a study and trains them."""

from __future__ import annotations

import datetime
import itertools
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.files.records import encode
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.search.experiment_folder import write_record
from trainer.search.space import settings_with
from trainer.search.study import RUN, Search, Study, suggested_point, trial_record
from trainer.search.worker import Ending, StoppedError, TrainingWorker

_TRIALS_BEFORE_PRUNING = 4
_EPOCHS_BEFORE_PRUNING = 1
"""Trials and epochs that are never pruned: the others are compared with them."""

_SECONDS_BETWEEN_RECORDS = 1.0


@dataclass
class SearchSession:
    """Trains trials until none is waiting.

    Attributes
    ----------
    study : Study
    search : Search
    folder : Path
        For the runs and the record.
    control : ControlReader
        Of the folder; a stop ends the current trial, which can be resumed later.
    on_record : callable
        Called with the record whenever it is written.
    """

    study: Study
    search: Search
    folder: Path
    control: ControlReader
    on_record: Callable[[dict[str, Any]], None]

    def __post_init__(self) -> None:
        from optuna.pruners import MedianPruner

        self._next_record = 0.0
        self._last_epoch = 0
        self._importances: dict[str, float] = {}
        self.study.optuna.pruner = MedianPruner(_TRIALS_BEFORE_PRUNING, _EPOCHS_BEFORE_PRUNING + 1)

    def run(self, worker: TrainingWorker) -> bool:
        """Train; return whether a reader stopped the search."""
        try:
            self._importances = self.study.importances()
            self.write()
            while (trial := self.study.claim(self.search)) is not None:
                self._train(worker, trial)
                self._importances = self.study.importances()
                self.write()
        except StoppedError:
            return True
        finally:
            self.write()
        return False

    def write(self) -> dict[str, Any]:
        """Write the record of the search, and return it."""
        self._next_record = time.monotonic() + _SECONDS_BETWEEN_RECORDS
        record = study_record(self.study, self._importances)
        write_record(self.folder, record)
        self.on_record(record)
        return record

    def _train(self, worker: TrainingWorker, trial: Any) -> None:
        try:
            point = suggested_point(trial, self.search)
            try:
                config = TrainingConfig.from_record(settings_with(self.search.base, point))
            except ConfigError as error:
                ending = Ending("failed", message=error.message, hint=error.hint)
            else:
                root = self._run_folder(trial)
                trial.set_user_attr(RUN, str(root))
                self.write()
                ending = worker.train(root, config, partial(self._on_event, trial, root))
                if ending.state != "failed":  # a failed run may be inspected and resumed
                    shutil.rmtree(RunFolder(root).checkpoints, ignore_errors=True)
        except BaseException:
            self.study.release(trial)
            raise
        self._end(trial, ending)

    def _end(self, trial: Any, ending: Ending) -> None:
        from optuna.trial import TrialState

        known = {n: getattr(ending, n) for n in ("seconds", "message", "hint", "best_epoch")}
        for name, value in encode(known).items():
            trial.set_user_attr(name, value)
        if ending.state == "finished":
            self.study.optuna.tell(trial, ending.accuracy)
        else:
            state = TrialState.PRUNED if ending.state == "cancelled" else TrialState.FAIL
            self.study.optuna.tell(trial, state=state)

    def _run_folder(self, trial: Any) -> Path:
        before = trial.user_attrs.get(RUN, "")
        if before and Path(before).is_dir():
            return Path(before)
        name = f"trial-{trial.number + 1:04d}"
        # One may be there: of a study of the same name whose storage is gone.
        names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        return next(root for each in names if not (root := self.folder / each).exists())

    def _on_event(self, trial: Any, root: Path, event: events.Event | None) -> None:
        """Report an event to the study, and obey readers: `StoppedError` ends the search."""
        if Request.STOP in self.control.next_requests():
            raise StoppedError
        self.study.keep_alive(trial)
        if isinstance(event, events.Started):
            self._last_epoch = event.epochs
        if not isinstance(event, events.Epoch):
            return
        frozen = next(each for each in self.study.trials() if each.number == trial.number)
        if event.epoch not in frozen.intermediate_values:
            trial.report(event.validation_accuracy, event.epoch)
        if self.search.prune and event.epoch < self._last_epoch and trial.should_prune():
            RunFolder(root).ask(Request.CANCEL)
        if time.monotonic() >= self._next_record:
            self.write()


def study_record(study: Study, importances: dict[str, float]) -> dict[str, Any]:
    """Return the state of a study, for JSON."""
    trials = [trial_record(study, trial) for trial in study.trials()]
    finished = [trial for trial in trials if trial["state"] == "finished"]
    best = max(finished, key=lambda trial: float(trial["accuracy"]), default=None)
    return {
        "study": study.name,
        "storage": study.storage.address,
        "storage_is_complete": study.storage.is_complete,
        "updated": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **study.about,
        "best": None if best is None else best["number"],
        "importances": importances,
        "trials": trials,
    }
