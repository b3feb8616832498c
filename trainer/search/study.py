"""A study: the trials of one search, in a storage that several processes and machines share.

All trials are enqueued at the beginning, and each process claims one after another. So there are
never more than requested, however many processes take part, and a grid has each of its points
once. A trial whose process is gone waits again, and resumes from its checkpoint; one that has
failed is tried again by another when the search goes on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import ConfigError, RunError, without_parts
from trainer.files.records import RecordError, decode, encode
from trainer.runs.process import ProcessInfo
from trainer.search.space import Dimension, Point, Value, grid_points
from trainer.search.storage import Storage, silence_optuna

METHODS = ("grid", "random", "tpe")
DEFAULT_TRIALS = 20

_ABOUT = "search"
_OWNER, _BEAT, RUN = "owner", "beat", "run"
RETRY = "retry of"
"""Attribute of a trial that tries a failed one again: the number of that, from 0."""

_SECONDS_PER_BEAT = 60.0
_SECONDS_OF_SILENCE = 900.0
"""A trial of another machine without a heartbeat for so long is lost."""

_STARTUP_TRIALS = 10
"""Of TPE (Bergstra et al. 2011): drawn at random before it learns from the results."""

_MIN_TRIALS_FOR_IMPORTANCES = 4

_NOT_COMPARED = ("device", "steps_per_call")
"""Settings that each machine may choose."""

_PATHS = ("data", "validation", "extra", "teacher", "start_from")
"""Settings that may be paths, which differ between machines but for the file name."""


@dataclass(frozen=True)
class Search:
    """What a study searches.

    Attributes
    ----------
    base : mapping
        Settings of every trial, without defaults.
    space : tuple of Dimension
    method : str
    prune : bool
        Whether trials that are worse than the others are ended early.
    seed : int
    """

    base: Mapping[str, Any]
    space: tuple[Dimension, ...]
    method: str
    prune: bool
    seed: int

    def to_record(self) -> dict[str, Any]:
        """Return a record for JSON."""
        space = [dimension.to_record() for dimension in self.space]
        return {**vars(self), "base": dict(self.base), "space": space}

    def points(self) -> list[Point] | None:
        """Return the points of a grid; None for the other methods."""
        return grid_points(self.space) if self.method == "grid" else None


class Study:
    """An open study.

    Raises
    ------
    RunError
        If there is no such study in the storage.
    """

    def __init__(self, name: str, storage: Storage) -> None:
        import optuna

        silence_optuna()
        self.name = name
        self.storage = storage
        try:
            self.optuna = optuna.load_study(study_name=name, storage=storage.backend)
        except KeyError as error:
            raise RunError(
                "There is no study {study} yet.",
                "Begin it with --vary, and --data for what to learn from.",
            ).format(study=name) from error
        self._study_id = storage.backend.get_study_id_from_name(name)
        self._owner = encode(ProcessInfo.of(os.getpid()))
        self._last_heartbeat = 0.0

    @property
    def about(self) -> dict[str, Any]:
        """The record of the search, from `Search.to_record`."""
        return dict(self.optuna.user_attrs[_ABOUT])

    def trials(self) -> list[Any]:
        """Return all trials, as optuna keeps them."""
        return list(self.optuna.get_trials(deepcopy=False))

    def claim(self, search: Search) -> Any:
        """Return the next waiting trial, which nobody else gets; None if there is none."""
        with self.storage.lock(self.name):
            for trial in self.trials():
                if self.is_lost(trial):
                    self.release(trial)
            trials = self.trials()
            waiting = [trial.number for trial in trials if trial.state.name == "WAITING"]
            if not waiting:
                return None
            self.optuna.sampler = _sampler(search, len(trials), min(waiting))
            trial = self.optuna.ask()
            trial.set_user_attr(_OWNER, self._owner)
            self._send_heartbeat(trial)
        return trial

    def is_lost(self, trial: Any) -> bool:
        """Return whether a trial is running whose process is gone."""
        if trial.state.name != "RUNNING":
            return False
        try:
            owner = decode(ProcessInfo, trial.user_attrs.get(_OWNER))
        except RecordError:
            return False
        if owner.is_here:
            return not owner.is_alive
        return time.time() - float(trial.user_attrs.get(_BEAT, 0.0)) > _SECONDS_OF_SILENCE

    def release(self, trial: Any) -> None:
        """Let an unfinished trial wait again."""
        from optuna.trial import TrialState

        backend = self.storage.backend
        trial_id = backend.get_trial_id_from_study_id_trial_number(self._study_id, trial.number)
        backend.set_trial_state_values(trial_id, TrialState.WAITING)

    def keep_alive(self, trial: Any) -> None:
        """Send a heartbeat of a running trial, at most once a minute."""
        if time.monotonic() - self._last_heartbeat > _SECONDS_PER_BEAT:
            self._send_heartbeat(trial)

    def importances(self) -> dict[str, float]:
        """Return how much each field matters (fANOVA: Hutter et al. 2014); empty if unknown."""
        import optuna

        finished = [trial for trial in self.trials() if trial.state.name == "COMPLETE"]
        if (
            len(finished) < _MIN_TRIALS_FOR_IMPORTANCES
            or len({trial.value for trial in finished}) == 1
        ):
            return {}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
        try:
            importances = optuna.importance.get_param_importances(self.optuna, evaluator=evaluator)
        except (ValueError, RuntimeError):
            return {}
        return {name: float(value) for name, value in importances.items()}

    def _send_heartbeat(self, trial: Any) -> None:
        self._last_heartbeat = time.monotonic()
        trial.set_user_attr(_BEAT, time.time())


def begin_study(name: str, storage: Storage, search: Search, trials: int | None) -> Study:
    """Open or create a study with at least `trials` trials.

    Parameters
    ----------
    trials : int or None
        Without those that try a failed one again; None for all points of a grid,
        `DEFAULT_TRIALS` with the other methods.

    Raises
    ------
    ConfigError
        If the study is another search, or its space is not usable.
    """
    import optuna

    silence_optuna()
    points = search.points()
    n_trials = trials or (DEFAULT_TRIALS if points is None else len(points))
    if points is not None:
        n_trials = min(n_trials, len(points))
    with storage.lock(name):
        existing = optuna.study.get_all_study_names(storage.backend)
        if name not in existing:
            created = optuna.create_study(
                study_name=name, storage=storage.backend, direction="maximize"
            )
            created.set_user_attr(_ABOUT, search.to_record())
        study = Study(name, storage)
        _check_same(name, study.about, search)
        _retry_failed(study)
        n_before = sum(RETRY not in trial.user_attrs for trial in study.trials())
        for number in range(n_before, n_trials):
            study.optuna.enqueue_trial({} if points is None else points[number])
    return study


def _retry_failed(study: Study) -> None:
    """Let each failed trial be tried again, once; its run goes on from the last checkpoint."""
    trials = study.trials()
    retried = {trial.user_attrs.get(RETRY) for trial in trials}
    for trial in trials:
        if trial.state.name == "FAIL" and trial.number not in retried:
            settings = trial.params or trial.system_attrs.get("fixed_params", {})
            kept = {name: trial.user_attrs[name] for name in (RUN,) if name in trial.user_attrs}
            study.optuna.enqueue_trial(settings, user_attrs={**kept, RETRY: trial.number})


def suggested_point(trial: Any, search: Search) -> Point:
    """Return a value for each field; those without one are drawn."""
    space = [d.enumerated() for d in search.space] if search.method == "grid" else search.space
    return {dimension.name: _suggested(trial, dimension) for dimension in space}


def _suggested(trial: Any, dimension: Dimension) -> Value:
    name, step = dimension.name, dimension.step
    value: Value
    if dimension.values:
        value = trial.suggest_categorical(name, list(dimension.values))
        return value
    low, high = dimension.low, dimension.high
    if step:
        high = float(dimension.enumerated().values[-1])
    if dimension.kind == "int":
        int_step = int(step) or 1
        value = trial.suggest_int(name, int(low), int(high), step=int_step, log=dimension.log)
    else:
        value = trial.suggest_float(name, low, high, step=step or None, log=dimension.log)
    return value


def _sampler(search: Search, trials: int, number: int) -> Any:
    """Return the sampler of a trial; its values are the same in every process."""
    from optuna.samplers import RandomSampler, TPESampler

    seed = (search.seed * 1009 + number) % 2**32
    if search.method == "tpe":
        startup = min(_STARTUP_TRIALS, max(1, trials // 3))
        return TPESampler(seed=seed, n_startup_trials=startup, constant_liar=True)
    return RandomSampler(seed=seed)


def _check_same(name: str, before: Mapping[str, Any], search: Search) -> None:
    record = search.to_record()
    different = [key for key in ("space", "method", "prune", "seed") if before[key] != record[key]]
    ours, theirs = _compared(record["base"]), _compared(before["base"])
    keys = sorted({*ours, *theirs})
    different += [key for key in keys if ours.get(key) != theirs.get(key)]
    if different:
        raise ConfigError(
            "The study {name} was begun with another {different}.",
            "Go on with --study alone, or give the new search another name.",
            field=different[0],
        ).format(name=name, different=", ".join(different))


def _compared(base: Mapping[str, Any]) -> dict[str, Any]:
    settings = {name: value for name, value in base.items() if name not in _NOT_COMPARED}
    for name in _PATHS:
        match settings.get(name):
            case str() as path:
                settings[name] = Path(path).name
            case list() | tuple() as paths:
                settings[name] = [Path(path).name for path in paths]
    return settings


_STATES = {
    "COMPLETE": "finished",
    "PRUNED": "pruned",
    "FAIL": "failed",
    "RUNNING": "running",
    "WAITING": "waiting",
}
"""Optuna's states, and ours."""


def trial_record(study: Study, trial: Any) -> dict[str, Any]:
    """Return the record of a trial, for JSON."""
    state = _STATES[trial.state.name]
    attributes = without_parts(dict(trial.user_attrs))
    if study.is_lost(trial) or (state == "waiting" and RUN in attributes):
        state = "interrupted"
    epochs = sorted(trial.intermediate_values.items())
    best = max((value for _, value in epochs), default=None)
    settings = trial.params or trial.system_attrs.get("fixed_params", {})
    return {
        "number": trial.number + 1,
        "state": state,
        "settings": dict(settings),
        "accuracy": trial.value if state == "finished" else best,
        "epochs": [[step, value] for step, value in epochs],
        "seconds": attributes.get("seconds", 0.0),
        "run": attributes.get(RUN, ""),
        "retry_of": attributes.get(RETRY, -1) + 1,
        "host": dict(attributes.get(_OWNER, {})).get("host", ""),
        "message": attributes.get("message", ""),
        "hint": attributes.get("hint", ""),
    }
