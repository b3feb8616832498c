"""The search space: fields with values or a range. Light: the window imports it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS
from trainer.config.fields import FIELDS, Field
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.files.records import RecordError, decode, encode
from trainer.models.layers import LAYER_KINDS, LayerSpec
from trainer.models.option import Option
from trainer.models.presets import OWN, PRESETS, PresetKind, preset

Variable = Field | Option
"""A field that can be varied."""

Value = int | float | str | bool
Point = dict[str, Value]
"""A value for each field that is varied."""

OPTION = "option."
"""Prefix of the settings that only some models have."""

IMAGES = "image_augmentation."

LAYER = "layer."
"""Prefix of the options of a layer, before its number and a dot: ``layer.2.filters``."""

GRID_LIMIT = 10_000
"""Most points of a grid."""

_WHOLE_RANGE = 50
"""A range of integers up to this long is enumerated for a grid."""

_OF_CLASSIC = ("validation_share", "limit", "preset", "seed")
"""Settings of all models that apply to a classic one."""


@dataclass(frozen=True)
class Dimension:
    """A field and its values, or its range if it has none.

    Attributes
    ----------
    name, kind : str
        Of the variable.
    values : tuple
    low, high : float
        Both included.
    step : float
        Between two values of a range; 0 for any value.
    log : bool
        Whether a range is sampled on a logarithmic scale.
    """

    name: str
    kind: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    log: bool = False

    def to_record(self) -> dict[str, Any]:
        """Return a record for JSON: a list of values, or a range."""
        if self.values:
            return {"name": self.name, "values": list(self.values)}
        low, high = self.bounds()
        record: dict[str, Any] = {"name": self.name, "low": low, "high": high}
        if self.step:
            record["step"] = self.step
        return record | ({"log": True} if self.log else {})

    def enumerated(self) -> Dimension:
        """Return the dimension with single values, as a grid needs them.

        Raises
        ------
        ConfigError
            If it is a range without a step.
        """
        if self.values:
            return self
        step = self.step
        if not step and self.kind == "int" and self.high - self.low < _WHOLE_RANGE and not self.log:
            step = 1
        if not step:
            raise ConfigError(
                "Expected single values of {name} for a grid. Received: every number "
                "from {low} to {high}.",
                "Add a step, {name}={low}..{high}:STEP, or list the values.",
                field=self.name,
            ).format(name=self.name, low=f"{self.low:g}", high=f"{self.high:g}")
        count = math.floor((self.high - self.low) / step + 1e-9) + 1
        points = [round(self.low + index * step, 12) for index in range(count)]
        return Dimension(
            self.name, self.kind, tuple(int(p) if self.kind == "int" else p for p in points)
        )

    def bounds(self) -> tuple[Value, ...]:
        """Return the values to check before training: all single values, or both limits."""
        if self.values:
            return self.values
        return tuple(int(v) if self.kind == "int" else v for v in (self.low, self.high))


def variables(base: Mapping[str, Any]) -> dict[str, Variable]:
    """Return everything that can be varied with the preset of some settings, by name."""
    model = preset(base.get("preset", "pen"))
    is_network = model.kind is PresetKind.NETWORK
    result: dict[str, Variable] = {
        name: field
        for name, field in FIELDS.items()
        if field.kind in ("int", "float", "choice") and (is_network or name in _OF_CLASSIC)
    }
    result["preset"] = replace(result["preset"], choices=tuple(PRESETS))
    for option in model.options:
        name = OPTION + option.name
        result[name] = replace(option, name=name)
    for number, layer in enumerate(layers_of(base), 1):
        for option in LAYER_KINDS[layer.kind].options:
            name = f"{LAYER}{number}.{option.name}"
            result[name] = replace(option, name=name)
    for each, (low, high) in IMAGE_AUGMENTATION_LIMITS.items() if is_network else ():
        name = IMAGES + each
        text = FIELDS["image_augmentation"].help
        result[name] = Field(name, f"Vary images: {each}", "float", "data", text, low, high)
    return result


def layers_of(base: Mapping[str, Any]) -> tuple[LayerSpec, ...]:
    """Return the layers that some settings describe; none where the preset has its own.

    Raises
    ------
    ConfigError
        If they cannot be read.
    """
    if base.get("preset") != OWN:
        return ()
    try:
        given = encode(base.get("layers", preset(OWN).defaults["layers"]))
        return decode(tuple[LayerSpec, ...], given)
    except RecordError as error:
        raise ConfigError(error.message, error.hint, field="layers") from error


def grid_points(space: Sequence[Dimension]) -> list[Point]:
    """Return all combinations, the last field varying fastest.

    Raises
    ------
    ConfigError
        If a range has no step, or there are too many points.
    """
    dimensions = [dimension.enumerated() for dimension in space]
    count = math.prod(len(dimension.values) for dimension in dimensions)
    if count > GRID_LIMIT:
        raise ConfigError(
            "Expected a grid of at most {most} points. Received: {n_points}.",
            "Try fewer values, or choose the method random or tpe.",
        ).format(most=f"{GRID_LIMIT:,}", n_points=f"{count:,}")
    names = [dimension.name for dimension in dimensions]
    values = itertools.product(*(dimension.values for dimension in dimensions))
    return [dict(zip(names, point, strict=True)) for point in values]


def settings_with(base: Mapping[str, Any], point: Mapping[str, Value]) -> dict[str, Any]:
    """Return the settings of a trial: `base`, with the values of a point."""
    record = dict(base)
    for name, value in point.items():
        if name.startswith(OPTION):
            before = record.get("preset_options") or {}
            record["preset_options"] = {**before, name.removeprefix(OPTION): value}
        elif name.startswith(LAYER):
            number, option = name.removeprefix(LAYER).split(".")
            layers: list[dict[str, Any]] = encode(layers_of(record))
            layers[int(number) - 1]["options"][option] = value
            record["layers"] = layers
        elif name.startswith(IMAGES):
            before = record.get("image_augmentation") or {}
            record["image_augmentation"] = {**before, name.removeprefix(IMAGES): value}
        else:
            record[name] = value
    return record


def check_points(base: Mapping[str, Any], space: Sequence[Dimension]) -> None:
    """Check the bounds of every field, so that an error is found before the first trial.

    Raises
    ------
    ConfigError
        If the settings of a point are not valid.
    """
    for point in _bound_points(space):
        TrainingConfig.from_record(settings_with(base, point))


def _bound_points(space: Sequence[Dimension]) -> Iterator[Point]:
    models = next((d.values for d in space if d.name == "preset"), ())
    starts: list[Point] = [{"preset": model} for model in models] or [{}]
    for start, dimension in itertools.product(starts, space):
        for value in dimension.bounds():
            yield {**start, dimension.name: value}
