"""All that a training run is told: one frozen, validated record that JSON can hold."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trainer.errors import ConfigError
from trainer.runs.augment import NO_AUGMENTATION, StrokeAugmentation

PRECISIONS = ("float32", "mixed_bfloat16")


@dataclass(frozen=True)
class TrainingConfig:
    """Settings of one run.

    Attributes
    ----------
    preset : str
        The network, by its name in `trainer.models.networks`.
    data : str
        The training data: a pen archive, or a folder or file of IDX images.
    validation : str
        Data to choose by; empty to set aside `validation_share` of the training data.
    validation_share : float
        0.02 to 0.5; by writer where writers are known, else by class.
    limit : int
        Train on at most so many samples, chosen at random; 0 for all.
    epochs : int
        1 to 1000.
    batch_size : int
        Samples a step, 1 to 4096.
    learning_rate : float
        The highest of the schedule (linear warm-up, then a cosine to zero), above 0, at most 1.
    warmup_epochs : float
        0 to `epochs`.
    weight_decay : float
        Of AdamW (Loshchilov and Hutter 2019), 0 to 1.
    label_smoothing : float
        0 to 0.5.
    average_epochs : float
        Time constant, in epochs, of the moving average of the weights; 0 to use the last ones.
    balance : float
        Samples of a class are drawn in proportion to its count to the power (1 - balance):
        0 as they come, 1 all classes alike.
    screen_after : int
        After so many epochs the averaged network reads the training data, and samples whose
        label it finds less likely than `screen_below` are set aside as wrongly labelled.
        0 for never.
    screen_below : float
        0 to 0.5.
    dropout : float
        Share of features dropped before the last layer, 0 to 0.9.
    teacher : str
        Folder of a bundle whose answers are mixed into the targets (distillation: Hinton et al.
        2015, arXiv 1503.02531); empty for none. Wrong labels weigh less that way.
    teacher_share : float
        Share of the teacher in the targets, 0 to 1.
    start_from : str
        Folder of a bundle with the weights to begin with; empty for fresh ones.
    precision : str
        "float32" or "mixed_bfloat16".
    seed : int
        0 or more.
    augmentation : StrokeAugmentation or None
        How inks are varied anew in every epoch; None not at all.
    """

    preset: str = "pen"
    data: str = ""
    validation: str = ""
    validation_share: float = 0.1
    limit: int = 0
    epochs: int = 30
    batch_size: int = 256
    learning_rate: float = 2e-3
    warmup_epochs: float = 1.0
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    average_epochs: float = 2.0
    balance: float = 0.3
    screen_after: int = 0
    screen_below: float = 0.01
    dropout: float = 0.4
    teacher: str = ""
    teacher_share: float = 0.5
    start_from: str = ""
    precision: str = "float32"
    seed: int = 1
    augmentation: StrokeAugmentation | None = field(default_factory=StrokeAugmentation)

    def __post_init__(self) -> None:
        _within("validation_share", self.validation_share, 0.02, 0.5)
        _within("limit", self.limit, 0, 10**9)
        _within("epochs", self.epochs, 1, 1000)
        _within("batch_size", self.batch_size, 1, 4096)
        _within("learning_rate", self.learning_rate, 1e-8, 1.0)
        _within("warmup_epochs", self.warmup_epochs, 0, self.epochs)
        _within("weight_decay", self.weight_decay, 0, 1)
        _within("label_smoothing", self.label_smoothing, 0, 0.5)
        _within("average_epochs", self.average_epochs, 0, 1000)
        _within("balance", self.balance, 0, 1)
        _within("screen_after", self.screen_after, 0, self.epochs)
        _within("screen_below", self.screen_below, 0, 0.5)
        _within("dropout", self.dropout, 0, 0.9)
        _within("teacher_share", self.teacher_share, 0, 1)
        _within("seed", self.seed, 0, 2**32 - 1)
        if not self.data:
            raise ConfigError(
                "Expected training data. Received: none.", "Name it with --data.", field="data"
            )
        if self.precision not in PRECISIONS:
            raise ConfigError(
                f"Expected a precision of {' or '.join(PRECISIONS)}. Received: {self.precision}.",
                field="precision",
            )

    def to_json(self) -> str:
        """Return the settings as indented JSON."""
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> TrainingConfig:
        """Read settings from parsed JSON; what is missing takes its default.

        Raises
        ------
        ConfigError
            If a name is unknown, or a value has the wrong type or is out of its range.
        """
        defaults = {f.name: f for f in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for name, value in record.items():
            if name not in defaults:
                raise ConfigError(
                    f"There is no setting {name!r}.",
                    "It may belong to a newer version.",
                    field=name,
                )
            values[name] = (
                _augmentation(value)
                if name == "augmentation"
                else _typed(name, value, str(defaults[name].type))
            )
        return cls(**values)

    @classmethod
    def from_json(cls, text: str) -> TrainingConfig:
        """Read what `to_json` gave.

        Raises
        ------
        ConfigError
            As `from_record`, and if the text is no JSON object.
        """
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"The settings are not JSON: {error}.") from error
        if not isinstance(record, dict):
            raise ConfigError("Expected the settings as a JSON object.")
        return cls.from_record(record)

    def differences(self, other: TrainingConfig) -> list[str]:
        """Return the names of the settings that differ."""
        return [
            f.name
            for f in dataclasses.fields(self)
            if getattr(self, f.name) != getattr(other, f.name)
        ]


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ConfigError(
            f"Expected {name.replace('_', ' ')} from {low:g} to {high:g}. Received: {value:g}.",
            field=name,
        )


def _typed(name: str, value: Any, wanted: str) -> Any:
    if wanted == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    types = {"str": str, "int": int, "float": float}
    if not isinstance(value, types[wanted]) or isinstance(value, bool):
        raise ConfigError(f"Expected {name} of type {wanted}. Received: {value!r}.", field=name)
    return value


def _augmentation(value: Any) -> StrokeAugmentation | None:
    if value is None:
        return None
    known = {f.name for f in dataclasses.fields(NO_AUGMENTATION)}
    if not isinstance(value, dict) or set(value) - known:
        raise ConfigError(
            f"Expected an augmentation with some of {', '.join(sorted(known))}.",
            field="augmentation",
        )
    return StrokeAugmentation(**{k: _typed(k, v, "float") for k, v in value.items()})
