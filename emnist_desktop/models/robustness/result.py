"""What ``python -m trainer robustness`` found, as the page reads it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.page import ModelContext
from trainer.datasets.catalog import Catalog
from trainer.datasets.load import ALL
from trainer.datasets.store import TEST, StoredDataset
from trainer.errors import DatasetError
from trainer.evaluation.corruptions import N_STRENGTHS, Corruption
from trainer.files.paths import Profile
from trainer.files.records import RecordError, decode, read_json

Interval = tuple[float, float]
_Five = tuple[float, float, float, float, float]
_Intervals = tuple[Interval, Interval, Interval, Interval, Interval]
_Readings = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class AccuracyEstimate:
    """One accuracy, or a difference of two, with its 95 % interval; from 0 to 1."""

    value: float
    interval: Interval


@dataclass(frozen=True)
class ModelRobustness:
    """The figures of one model, or of the difference of two.

    Attributes
    ----------
    name : str
    untouched, mean : AccuracyEstimate
        On the untouched pictures, and over all that were made worse.
    strengths : mapping of str to tuple of AccuracyEstimate
        Of each corruption, the weakest strength first.
    means : mapping of str to AccuracyEstimate
    """

    name: str
    untouched: AccuracyEstimate
    mean: AccuracyEstimate
    strengths: Mapping[str, tuple[AccuracyEstimate, ...]]
    means: Mapping[str, AccuracyEstimate]

    def lost(self, cell: AccuracyEstimate) -> float:
        """Return which part of the untouched accuracy is lost; 0 where there was none."""
        whole = self.untouched.value
        return (whole - cell.value) / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class RobustnessExample:
    """One sample and how it was read.

    Attributes
    ----------
    number : int
        In its split.
    truth : str
    readings : tuple
        For each model, of each condition the character and its probability.
    picture : bytes
        A PNG with the pictures of all conditions side by side; empty without.
    """

    number: int
    truth: str
    readings: tuple[tuple[tuple[str, float], ...], ...]
    picture: bytes


@dataclass(frozen=True)
class RobustnessResult:
    """A measurement.

    Attributes
    ----------
    corruptions : tuple of Corruption
        In the order of the conditions; condition 0 is untouched, then five of each.
    models : tuple of ModelRobustness
        One or two; none before anything is measured.
    difference : ModelRobustness or None
        The second less the first.
    """

    data: str
    is_of_drawings: bool
    samples: int
    corruptions: tuple[Corruption, ...]
    models: tuple[ModelRobustness, ...]
    difference: ModelRobustness | None
    examples: tuple[RobustnessExample, ...]

    def first_condition(self, name: str) -> int:
        """Return where the five conditions of a corruption begin."""
        names = [each.name for each in self.corruptions]
        return 1 + N_STRENGTHS * names.index(name)


class _Corruption(TypedDict):
    name: str
    title: str
    unit: str
    strengths: _Five


class _Row(TypedDict):
    accuracy: _Five
    interval: _Intervals
    mean: float
    mean_interval: Interval


class _Named(TypedDict, total=False):
    name: str


class _RobustnessFigures(_Named):
    accuracy: float
    interval: Interval
    by_corruption: dict[str, _Row]
    mean_corruption_accuracy: float
    mean_corruption_interval: Interval


class _Pictured(TypedDict, total=False):
    pictures: list[str]


class _Examples(_Pictured):
    numbers: list[int]
    truth: list[str]
    readings: list[list[_Readings]]


class _Compared(TypedDict, total=False):
    difference: _RobustnessFigures | None


class _Result(_Compared):
    data: str
    drawings: bool
    samples: int
    corruptions: list[_Corruption]
    models: list[_RobustnessFigures]
    examples: _Examples


NO_RESULT = RobustnessResult("", False, 0, (), (), None, ())
"""Stands where nothing is measured or previewed."""


def report_file(profile: Profile, subject: ModelContext) -> Path:
    """Return where the last result of a subject is kept."""
    parts = [str(subject.model), subject.alphabet, subject.data, subject.split]
    parts += [subject.input_range] if subject.input_range else []
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return profile.reports / f"robustness-{digest[:16]}.json"


def load_result(path: Path) -> RobustnessResult | None:
    """Read a kept result; None where there is none, or none that can be read."""
    try:
        return read_result(read_json(path))
    except RecordError:
        return None


def splits_of(catalog: Catalog, subject: ModelContext) -> tuple[StoredDataset, list[str]]:
    """Return the dataset of a subject, and which of its splits are meant.

    Raises
    ------
    DatasetError
        If the data are not in the catalogue, or cannot be opened.
    """
    stored = catalog.open(subject.data)
    names = list(stored.splits)
    if subject.split == ALL:
        return stored, names
    split = subject.split or (TEST if TEST in names else names[0])
    if split not in names:
        raise DatasetError("Expected a split of {splits}. Received: {split}.").format(
            splits=", ".join(names), split=split
        )
    return stored, [split]


def index_in_split(catalog: Catalog, subject: ModelContext, number: int) -> tuple[str, int]:
    """Return the split of a sample and its index there.

    Parameters
    ----------
    number : int
        As the command counts: on through all splits where they were asked for.

    Raises
    ------
    DatasetError
        If the data are not in the catalogue, or have fewer samples.
    """
    stored, splits = splits_of(catalog, subject)
    for name in splits:
        length = len(stored.splits[name])
        if number < length:
            return name, number
        number -= length
    raise DatasetError("The dataset has changed: this sample is not there any more.")


def read_result(record: Any) -> RobustnessResult:
    """Read what the command printed.

    Raises
    ------
    RecordError
        If it is something else.
    """
    try:
        return _result(decode(_Result, record))
    except (RecordError, KeyError, ValueError) as error:
        raise RecordError("This is no result of a measurement of robustness.") from error


def _result(found: _Result) -> RobustnessResult:
    corruptions = tuple(
        Corruption(
            each["name"],
            trainer_text(each["title"]),
            each["strengths"],
            trainer_text(each["unit"]),
            "",
        )
        for each in found["corruptions"]
    )
    names = [each.name for each in corruptions]
    models = tuple(_figures(each, names) for each in found["models"])
    if len(models) not in (1, 2) or not names:
        raise ValueError
    difference = found.get("difference")
    return RobustnessResult(
        found["data"],
        found["drawings"],
        found["samples"],
        corruptions,
        models,
        None if difference is None else _figures(difference, names),
        tuple(_examples(found["examples"], len(models), 1 + N_STRENGTHS * len(names))),
    )


def _figures(found: _RobustnessFigures, names: Sequence[str]) -> ModelRobustness:
    rows = {name: found["by_corruption"][name] for name in names}
    return ModelRobustness(
        found.get("name", ""),
        AccuracyEstimate(found["accuracy"], found["interval"]),
        AccuracyEstimate(found["mean_corruption_accuracy"], found["mean_corruption_interval"]),
        {
            name: tuple(map(AccuracyEstimate, row["accuracy"], row["interval"]))
            for name, row in rows.items()
        },
        {name: AccuracyEstimate(row["mean"], row["mean_interval"]) for name, row in rows.items()},
    )


def _examples(found: _Examples, n_models: int, n_conditions: int) -> Iterator[RobustnessExample]:
    numbers, all_readings = found["numbers"], found["readings"]
    pictures = found.get("pictures", [""] * len(numbers))
    if len(all_readings) != n_models:
        raise ValueError
    for number, truth, picture, *readings in zip(
        numbers, found["truth"], pictures, *all_readings, strict=True
    ):
        if any(len(each) != n_conditions for each in readings):
            raise ValueError
        strip = base64.b64decode(picture, validate=True)
        yield RobustnessExample(number, truth, tuple(readings), strip)
