"""What ``python -m trainer robustness`` found, as the page reads it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.page import ModelContext
from trainer.datasets.catalog import Catalog
from trainer.datasets.load import ALL
from trainer.datasets.store import TEST, StoredDataset
from trainer.errors import DatasetError
from trainer.evaluation.corruptions import N_STRENGTHS, Corruption
from trainer.files.paths import Profile
from trainer.files.records import RecordError, read_json

Interval = tuple[float, float]


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
        corruptions = tuple(_corruption(each) for each in record["corruptions"])
        names = [each.name for each in corruptions]
        models = tuple(_figures(each, names) for each in record["models"])
        difference = record.get("difference")
        examples = _examples(record["examples"], len(models), 1 + N_STRENGTHS * len(names))
        if len(models) not in (1, 2) or not names:
            raise ValueError
        return RobustnessResult(
            str(record["data"]),
            bool(record["drawings"]),
            int(record["samples"]),
            corruptions,
            models,
            None if difference is None else _figures(difference, names),
            examples,
        )
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise RecordError("This is no result of a measurement of robustness.") from error


def _corruption(record: Any) -> Corruption:
    strengths = tuple(float(strength) for strength in record["strengths"])
    if len(strengths) != N_STRENGTHS:
        raise ValueError
    title, unit = (trainer_text(str(record[each])) for each in ("title", "unit"))
    return Corruption(str(record["name"]), title, strengths, unit, "")


def _cell(value: Any, interval: Any) -> AccuracyEstimate:
    low, high = interval
    return AccuracyEstimate(float(value), (float(low), float(high)))


def _figures(record: Any, names: list[str]) -> ModelRobustness:
    found = record["by_corruption"]
    strengths = {}
    for name in names:
        pairs = zip(found[name]["accuracy"], found[name]["interval"], strict=True)
        strengths[name] = tuple(_cell(*pair) for pair in pairs)
        if len(strengths[name]) != N_STRENGTHS:
            raise ValueError
    return ModelRobustness(
        str(record.get("name", "")),
        _cell(record["accuracy"], record["interval"]),
        _cell(record["mean_corruption_accuracy"], record["mean_corruption_interval"]),
        strengths,
        {name: _cell(found[name]["mean"], found[name]["mean_interval"]) for name in names},
    )


def _examples(record: Any, n_models: int, n_conditions: int) -> tuple[RobustnessExample, ...]:
    numbers = record["numbers"]
    pictures = record.get("pictures", [""] * len(numbers))
    examples = []
    for row, number in enumerate(numbers):
        readings = tuple(
            tuple((str(text), float(share)) for text, share in of_model[row])
            for of_model in record["readings"]
        )
        if [len(each) for each in readings] != [n_conditions] * n_models:
            raise ValueError
        picture = base64.b64decode(pictures[row], validate=True)
        examples.append(
            RobustnessExample(int(number), str(record["truth"][row]), readings, picture)
        )
    return tuple(examples)
