"""What a search, a cross-validation or a learning curve has left, as the page shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.charts.axis import round_ticks
from emnist_desktop.ui.format import local, preset_text, title_text
from trainer.errors import ConfigError
from trainer.files.records import RecordError, decode
from trainer.search.space import LAYER, Variable, variables

Value = int | float | str | bool

WAITS = ("waiting", "interrupted")
"""States of trainings that a start continues."""

_LOG_FROM = 100.0
"""Values of which the largest is so many times the smallest are shown logarithmically."""

_MOST_TICKS = 6
_MOST_VALUES = 8
"""Values up to so many are all named beside their axis."""


@dataclass(frozen=True)
class TrialRecord:
    """One training of a search.

    Attributes
    ----------
    number : int
        From 1.
    state : str
        "waiting", "running", "interrupted", "finished", "pruned" or "failed".
    settings : mapping
        The fields that are varied.
    accuracy : float or None
        On the validation data, 0 to 1; of one that is not finished the best so far.
    epochs : tuple
        A record of each that is done.
    seconds : float
    run, host, message : str
        Its folder, the machine, and why it failed.
    """

    number: int
    state: str
    settings: Mapping[str, Value]
    accuracy: float | None
    epochs: tuple[Any, ...] = ()
    seconds: float = 0.0
    run: str = ""
    host: str = ""
    message: str = ""


@dataclass(frozen=True)
class _Varied:
    name: str
    log: bool = False


@dataclass(frozen=True)
class StudyRecord:
    """A search, read from its record.

    Attributes
    ----------
    study, method, storage : str
        Its name, how values are chosen, and where it is shared.
    base : mapping
        The settings that all trials have.
    space : tuple
        What is varied.
    trials : tuple of TrialRecord
    importances : mapping of str to float
    best : int or None
        Number of a trial.
    """

    study: str
    method: str
    base: Mapping[str, Any]
    space: tuple[_Varied, ...]
    trials: tuple[TrialRecord, ...]
    importances: Mapping[str, float]
    storage: str = ""
    best: int | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """What is varied."""
        return tuple(each.name for each in self.space)

    @property
    def logarithmic(self) -> frozenset[str]:
        """The fields that are drawn on a logarithmic scale."""
        return frozenset(each.name for each in self.space if each.log)

    def title(self, field: str) -> str:
        """Return what a field is called."""
        known = known_fields(self.base)
        return variable_title(known[field]) if field in known else field

    @property
    def measured(self) -> list[TrialRecord]:
        """The trials with an accuracy and a value of every field."""
        fields = set(self.fields)
        return [t for t in self.trials if t.accuracy is not None and fields <= t.settings.keys()]

    @property
    def waiting(self) -> int:
        """The number of trials that a start continues."""
        return sum(trial.state in WAITS for trial in self.trials)

    @property
    def running(self) -> int:
        """How many trials are trained now, here or elsewhere."""
        return sum(trial.state == "running" for trial in self.trials)

    def trial(self, number: int | None) -> TrialRecord | None:
        """Return the trial of a number."""
        return next((trial for trial in self.trials if trial.number == number), None)


NO_STUDY = StudyRecord("", "", {}, (), (), {})
"""Stands where no search is shown."""


def subject_texts(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is trained on what by the settings of an experiment, as shown to the user."""
    data = Path(str(settings.get("data", ""))).name
    return preset_text(str(settings.get("preset", "pen"))), title_text(data)


def study_from(record: Mapping[str, Any]) -> StudyRecord | None:
    """Read a record; None for one that this program cannot read."""
    try:
        return decode(StudyRecord, record, finite=False)
    except RecordError:
        return None


def known_fields(base: Mapping[str, Any]) -> dict[str, Variable]:
    """Return what can be varied with the model of some settings."""
    try:
        return variables(base)
    except ConfigError:
        return variables({})


def variable_title(variable: Variable) -> str:
    """Return the title of a field in the language; that of a layer's option names the layer."""
    title = trainer_text(variable.title)
    if not variable.name.startswith(LAYER):
        return title
    number = variable.name.removeprefix(LAYER).partition(".")[0]
    return QCoreApplication.translate("Search", "Layer {0}: {1}").format(number, title)


def shown_value(value: object) -> str:
    """Return a value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return local(value, ".4g") if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Scale:
    """From the values of a field to places from 0 to 1.

    Attributes
    ----------
    low, high : float
        Ends of a scale of numbers; their logarithms where it is logarithmic.
    choices : tuple of str
        Of a scale of words; empty for numbers.
    is_log : bool
    ticks : tuple of (float, str)
        Places and texts.
    """

    low: float
    high: float
    choices: tuple[str, ...]
    is_log: bool
    ticks: tuple[tuple[float, str], ...]

    def position(self, value: Value) -> float:
        """Return where a value is."""
        if self.choices:
            return _spread(self.choices.index(shown_value(value)), len(self.choices))
        number = math.log10(float(value)) if self.is_log else float(value)
        return (number - self.low) / (self.high - self.low) if self.high > self.low else 0.5


def scale_of(values: Sequence[Value], *, is_log: bool = False) -> Scale:
    """Return a scale on which all of `values` have a place; there is at least one."""
    if any(isinstance(value, str | bool) for value in values):
        choices = tuple(sorted({shown_value(value) for value in values}))
        ticks = tuple((_spread(n, len(choices)), text) for n, text in enumerate(choices))
        return Scale(0.0, 1.0, choices, False, ticks)
    numbers = sorted({float(value) for value in values})
    low, high = numbers[0], numbers[-1]
    is_log = low > 0 and (is_log or high / low >= _LOG_FROM)
    ends = (math.log10(low), math.log10(high)) if is_log else (low, high)
    plain = Scale(*ends, (), is_log, ())
    marks = numbers if len(numbers) <= _MOST_VALUES else _marks(low, high, is_log=is_log)
    ticks = tuple((plain.position(mark), local(mark, ".4g")) for mark in marks)
    return Scale(*ends, (), is_log, ticks)


def _marks(low: float, high: float, *, is_log: bool) -> list[float]:
    """Return round numbers between two, on a logarithmic scale 1, 2, 5 or powers of ten."""
    if not is_log:
        return round_ticks(low, high, _MOST_TICKS)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1,), (1, 3), (1, 2, 5)):
        marks = [f * 10.0**power for power in powers for f in factors]
        marks = [mark for mark in marks if low <= mark <= high]
        if len(marks) >= 3:
            return marks
    return [low, high]


def _spread(place: int, count: int) -> float:
    return place / (count - 1) if count > 1 else 0.5
