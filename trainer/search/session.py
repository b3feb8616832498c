"""A search under way in this process: takes trials of a study and trains them."""

from __future__ import annotations

import datetime
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.files.records import encode
from trainer.runs import events
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.search.experiment_folder import write_record
from trainer.search.space import settings_with
from trainer.search.study import RUN, Search, Study, summary_of, values_of
from trainer.search.worker import Ending, StoppedError, TrainingWorker

Tell = Callable[[dict[str, Any]], None]

_TRIALS_BEFORE_PRUNING = 4
_EPOCHS_BEFORE_PRUNING = 1
"""Trials and epochs that are left alone, so that there is something to compare with."""

_SECONDS_BETWEEN_RECORDS = 1.0


class SearchSession:
    """Trains trials until none waits.

    Parameters
    ----------
    study : Study
    search : Search
    folder : Path
        Where the runs and the record go.
    control : ControlReader
        Of the folder; a stop ends the trial under way, which goes on later.
    tell : callable
        Called with the record whenever it is written.
    """

    def __init__(
        self, study: Study, search: Search, folder: Path, control: ControlReader, tell: Tell
    ) -> None:
        from optuna.pruners import MedianPruner

        self._study = study
        self._search = search
        self._folder = folder
        self._control = control
        self._tell = tell
        self._next_record = 0.0
        self._importances: dict[str, float] = {}
        study.optuna.pruner = MedianPruner(_TRIALS_BEFORE_PRUNING, _EPOCHS_BEFORE_PRUNING + 1)

    def run(self, worker: TrainingWorker) -> bool:
        """Train; return whether a reader asked to stop before the end."""
        try:
            self._importances = self._study.importances()
            self.write()
            while (trial := self._study.take(self._search)) is not None:
                self._train(worker, trial)
                self._importances = self._study.importances()
                self.write()
        except StoppedError:
            return True
        finally:
            self.write()
        return False

    def write(self) -> dict[str, Any]:
        """Write the record that readers see, and return it."""
        self._next_record = time.monotonic() + _SECONDS_BETWEEN_RECORDS
        record = study_record(self._study, self._importances)
        write_record(self._folder, record)
        self._tell(record)
        return record

    def _train(self, worker: TrainingWorker, trial: Any) -> None:
        try:
            point = values_of(trial, self._search)
            try:
                config = TrainingConfig.from_record(settings_with(self._search.base, point))
            except ConfigError as error:
                ending = Ending("failed", message=error.message, hint=error.hint)
            else:
                root = self._run_folder(trial)
                trial.set_user_attr(RUN, str(root))
                self.write()
                ending = worker.train(root, config, _Watch(self, trial, root))
                if ending.state != "failed":  # a failed run may be looked into, and gone on with
                    shutil.rmtree(RunFolder(root).checkpoints, ignore_errors=True)
        except BaseException:
            self._study.give_back(trial)
            raise
        self._end(trial, ending)

    def _end(self, trial: Any, ending: Ending) -> None:
        from optuna.trial import TrialState

        known = {n: getattr(ending, n) for n in ("seconds", "message", "hint", "best_epoch")}
        for name, value in encode(known).items():
            trial.set_user_attr(name, value)
        if ending.state == "finished":
            self._study.optuna.tell(trial, ending.accuracy)
        else:
            state = TrialState.PRUNED if ending.state == "cancelled" else TrialState.FAIL
            self._study.optuna.tell(trial, state=state)

    def _run_folder(self, trial: Any) -> Path:
        before = trial.user_attrs.get(RUN, "")
        if before and Path(before).is_dir():
            return Path(before)
        first = root = self._folder / f"trial-{trial.number + 1:04d}"
        again = 2
        while root.exists():  # of a study of the same name whose storage is gone
            root = first.with_name(f"{first.name}-{again}")
            again += 1
        return root

    def see(self, trial: Any, root: Path, event: events.Event | None, last_epoch: int) -> None:
        """Take in what a run says, and obey readers.

        Raises
        ------
        StoppedError
            If a reader asked to stop.
        """
        if Request.STOP in self._control.next_requests():
            raise StoppedError
        self._study.keep_alive(trial)
        if not isinstance(event, events.Epoch):
            return
        if event.epoch not in self._reported(trial):
            trial.report(event.validation_accuracy, event.epoch)
        if self._search.prune and event.epoch < last_epoch and trial.should_prune():
            RunFolder(root).ask(Request.CANCEL)
        if time.monotonic() >= self._next_record:
            self.write()

    def _reported(self, trial: Any) -> set[int]:
        frozen = next(t for t in self._study.trials() if t.number == trial.number)
        return set(frozen.intermediate_values)


class _Watch:
    """Follows one run for its session."""

    def __init__(self, session: SearchSession, trial: Any, root: Path) -> None:
        self._session, self._trial, self._root = session, trial, root
        self._last_epoch = 0

    def __call__(self, event: events.Event | None) -> None:
        if isinstance(event, events.Started):
            self._last_epoch = event.epochs
        self._session.see(self._trial, self._root, event, self._last_epoch)


def study_record(study: Study, importances: dict[str, float]) -> dict[str, Any]:
    """Return everything that is known of a study, as JSON can hold it."""
    trials = summary_of(study, study.trials())
    finished = [trial for trial in trials if trial["state"] == "finished"]
    best = max(finished, key=lambda trial: float(trial["accuracy"]), default=None)
    return {
        "study": study.name,
        "storage": study.storage.shown,
        "storage_is_complete": study.storage.is_complete,
        "updated": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **study.about,
        "best": None if best is None else best["number"],
        "importances": importances,
        "trials": trials,
    }
