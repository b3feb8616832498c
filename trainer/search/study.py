"""A study: the trials of one search, kept where several processes and machines reach them.

All trials are there from the beginning, waiting; each process takes one after the other. So
there are never more than were asked for, however many processes take part, and a grid has each
of its points once. A trial whose process is gone waits again, and goes on from its checkpoint.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import ConfigError, RunError, without_parts
from trainer.files.records import RecordError, decode, encode
from trainer.runs.process import ProcessInfo
from trainer.search.space import Dimension, Point, Value, grid_points
from trainer.search.storage import Storage, be_quiet

METHODS = ("grid", "random", "tpe")
DEFAULT_TRIALS = 20

_ABOUT = "search"
_OWNER, _BEAT, RUN = "owner", "beat", "run"
_SECONDS_PER_BEAT = 60.0
_SECONDS_OF_SILENCE = 900.0
"""A trial of another machine that said nothing for so long is taken for lost."""

_STARTUP_TRIALS = 10
"""Of TPE (Bergstra et al. 2011): drawn at random before it learns from what was found."""

_NOT_COMPARED = ("device", "steps_per_call")
"""Settings that each machine may choose for itself."""

_PATHS = ("data", "validation", "extra", "teacher", "start_from")
"""Settings that may be paths, which differ between machines; their last part does not."""


@dataclass(frozen=True)
class Search:
    """What a study searches.

    Attributes
    ----------
    base : mapping
        Settings of every trial, those that were given.
    space : tuple of Dimension
    method : str
    prune : bool
        Whether trials that read worse than the others are ended early.
    seed : int
    """

    base: Mapping[str, Any]
    space: tuple[Dimension, ...]
    method: str
    prune: bool
    seed: int

    def to_record(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "base": dict(self.base),
            "space": [dimension.to_record() for dimension in self.space],
            "method": self.method,
            "prune": self.prune,
            "seed": self.seed,
        }

    def points(self) -> list[Point] | None:
        """Return the points of a grid; None for the other methods."""
        return grid_points(self.space) if self.method == "grid" else None


class Study:
    """An open study.

    Parameters
    ----------
    name : str
    storage : Storage

    Raises
    ------
    RunError
        If there is no such study in the storage.
    """

    def __init__(self, name: str, storage: Storage) -> None:
        import optuna

        be_quiet()
        self.name = name
        self.storage = storage
        try:
            self.optuna = optuna.load_study(study_name=name, storage=storage.backend)
        except KeyError as error:
            raise RunError(
                "There is no study {study} yet.",
                "Begin it with --vary, and --data for what to learn from.",
            ).format(study=name) from error
        self._number = storage.backend.get_study_id_from_name(name)
        self._me = encode(ProcessInfo.of(os.getpid()))
        self._beaten = 0.0

    @property
    def about(self) -> dict[str, Any]:
        """What it searches, as `Search.to_record` gave it."""
        return dict(self.optuna.user_attrs[_ABOUT])

    def trials(self) -> list[Any]:
        """Return all trials, as optuna keeps them."""
        return list(self.optuna.get_trials(deepcopy=False))

    def take(self, search: Search) -> Any:
        """Return the next waiting trial, which nobody else gets; None without."""
        from optuna.trial import TrialState

        with self.storage.turn(self.name):
            self._free_lost()
            if not any(trial.state == TrialState.WAITING for trial in self.trials()):
                return None
            self.optuna.sampler = _sampler(search, len(self.trials()), self._next_number())
            trial = self.optuna.ask()
            trial.set_user_attr(_OWNER, self._me)
            self._beat(trial)
        return trial

    def is_lost(self, trial: Any) -> bool:
        """Tell whether a trial is under way whose process is gone."""
        from optuna.trial import TrialState

        if trial.state != TrialState.RUNNING:
            return False
        try:
            owner = decode(ProcessInfo, trial.user_attrs.get(_OWNER))
        except RecordError:
            return False
        if owner.is_here:
            return not owner.is_alive
        return time.time() - float(trial.user_attrs.get(_BEAT, 0.0)) > _SECONDS_OF_SILENCE

    def give_back(self, trial: Any) -> None:
        """Let a trial that was not ended wait again."""
        from optuna.trial import TrialState

        self.storage.backend.set_trial_state_values(self._id(trial), TrialState.WAITING)

    def keep_alive(self, trial: Any) -> None:
        """Say now and then that a trial is under way."""
        if time.monotonic() - self._beaten > _SECONDS_PER_BEAT:
            self._beat(trial)

    def importances(self) -> dict[str, float]:
        """Return how much each field matters (fANOVA: Hutter et al. 2014); empty if unknown."""
        import optuna

        finished = [t for t in self.trials() if t.state == optuna.trial.TrialState.COMPLETE]
        if len(finished) < _FEWEST_FOR_IMPORTANCES or len({t.value for t in finished}) == 1:
            return {}
        evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
        try:
            found = optuna.importance.get_param_importances(self.optuna, evaluator=evaluator)
        except (ValueError, RuntimeError):
            return {}
        return {name: float(value) for name, value in found.items()}

    def _beat(self, trial: Any) -> None:
        self._beaten = time.monotonic()
        trial.set_user_attr(_BEAT, time.time())

    def _free_lost(self) -> None:
        for trial in self.trials():
            if self.is_lost(trial):
                self.give_back(trial)

    def _next_number(self) -> int:
        from optuna.trial import TrialState

        return int(min(t.number for t in self.trials() if t.state == TrialState.WAITING))

    def _id(self, trial: Any) -> int:
        backend = self.storage.backend
        return int(backend.get_trial_id_from_study_id_trial_number(self._number, trial.number))


_FEWEST_FOR_IMPORTANCES = 4


def begin_study(name: str, storage: Storage, search: Search, trials: int | None) -> Study:
    """Open a study, making it if there is none, with at least `trials` trials.

    Parameters
    ----------
    trials : int or None
        None for all points of a grid, `DEFAULT_TRIALS` with the other methods.

    Raises
    ------
    ConfigError
        If the study searches something else, or its space is not usable.
    """
    import optuna

    be_quiet()
    points = search.points()
    wanted = trials or (DEFAULT_TRIALS if points is None else len(points))
    if points is not None:
        wanted = min(wanted, len(points))
    with storage.turn(name):
        known = optuna.study.get_all_study_names(storage.backend)
        if name not in known:
            made = optuna.create_study(
                study_name=name, storage=storage.backend, direction="maximize"
            )
            made.set_user_attr(_ABOUT, search.to_record())
        study = Study(name, storage)
        _check_same(name, study.about, search)
        for number in range(len(study.trials()), wanted):
            study.optuna.enqueue_trial({} if points is None else points[number])
    return study


def values_of(trial: Any, search: Search) -> Point:
    """Return a value for each field; those that are not chosen yet are drawn."""
    space = [d.listed() for d in search.space] if search.method == "grid" else search.space
    return {dimension.name: _suggested(trial, dimension) for dimension in space}


def _suggested(trial: Any, dimension: Dimension) -> Value:
    name, step = dimension.name, dimension.step
    chosen: Value
    if dimension.values:
        chosen = trial.suggest_categorical(name, list(dimension.values))
        return chosen
    low, high = dimension.low, dimension.high
    if step:
        high = float(dimension.listed().values[-1])
    if dimension.kind == "int":
        whole = int(step) or 1
        chosen = trial.suggest_int(name, int(low), int(high), step=whole, log=dimension.log)
    else:
        chosen = trial.suggest_float(name, low, high, step=step or None, log=dimension.log)
    return chosen


def _sampler(search: Search, trials: int, number: int) -> Any:
    """Return what draws the values of one trial: the same for the same trial, whoever asks."""
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
    kept = {name: value for name, value in base.items() if name not in _NOT_COMPARED}
    for name in _PATHS:
        match kept.get(name):
            case str() as path:
                kept[name] = Path(path).name
            case list() | tuple() as paths:
                kept[name] = [Path(path).name for path in paths]
    return kept


def summary_of(study: Study, trials: Sequence[Any]) -> list[dict[str, Any]]:
    """Return each trial as JSON can hold it."""
    return [_trial_record(study, trial) for trial in trials]


def _trial_record(study: Study, trial: Any) -> dict[str, Any]:
    from optuna.trial import TrialState

    states = {
        TrialState.COMPLETE: "finished",
        TrialState.PRUNED: "pruned",
        TrialState.FAIL: "failed",
        TrialState.RUNNING: "running",
        TrialState.WAITING: "waiting",
    }
    state = states[trial.state]
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
        "host": dict(attributes.get(_OWNER, {})).get("host", ""),
        "message": attributes.get("message", ""),
        "hint": attributes.get("hint", ""),
    }
