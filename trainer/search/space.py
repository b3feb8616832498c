"""What a search may vary: fields with values or a range. Light: the window asks it, too."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.models.presets import PRESETS, PresetKind, preset

Value = int | float | str | bool
Point = dict[str, Value]
"""A value for each field that is varied."""

OPTION = "option."
"""Before the name of a setting that only some models have."""

IMAGES = "image_augmentation."

GRID_LIMIT = 10_000
"""Points of a grid; nobody waits for more."""

_WHOLE_RANGE = 50
"""A range of whole numbers up to this long is a list for a grid."""


_OF_CLASSIC = ("validation_share", "limit", "preset", "seed")
"""Settings of all models that mean something to a classic one."""


@dataclass(frozen=True)
class Variable:
    """A field that can be varied.

    Attributes
    ----------
    name, title, help, unit : str
    kind : str
        "int", "float", "choice" or "bool".
    low, high : float
        Limits of a number, both included.
    choices : tuple of str
    """

    name: str
    title: str
    kind: str
    help: str
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Dimension:
    """A field and what is tried: `values`, or a range where there are none.

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
        Whether a range is drawn from on a logarithmic scale.
    """

    name: str
    kind: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    log: bool = False

    def to_record(self) -> dict[str, Any]:
        """Return what JSON can hold: a list of values, or a range."""
        if self.values:
            return {"name": self.name, "values": list(self.values)}
        limits = [int(v) if self.kind == "int" else v for v in (self.low, self.high)]
        record: dict[str, Any] = {"name": self.name, "low": limits[0], "high": limits[1]}
        if self.step:
            record["step"] = self.step
        return record | ({"log": True} if self.log else {})

    def listed(self) -> Dimension:
        """Return it with its values one by one, as a grid needs them.

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
        points = [round(self.low + place * step, 12) for place in range(count)]
        return Dimension(
            self.name, self.kind, tuple(int(p) if self.kind == "int" else p for p in points)
        )

    def ends(self) -> tuple[Value, ...]:
        """Return values to check before anything is trained: all listed, or both ends."""
        if self.values:
            return self.values
        return tuple(int(v) if self.kind == "int" else v for v in (self.low, self.high))


def variables(preset_name: str) -> dict[str, Variable]:
    """Return everything that can be varied with a preset, by name."""
    chosen = preset(preset_name)
    is_network = chosen.kind is PresetKind.NETWORK
    found = {
        field.name: Variable(
            field.name,
            field.title,
            field.kind,
            field.help,
            field.low,
            field.high,
            tuple(PRESETS) if field.name == "preset" else field.choices,
            field.unit,
        )
        for field in FIELDS.values()
        if field.kind in ("int", "float", "choice") and (is_network or field.name in _OF_CLASSIC)
    }
    for option in chosen.options:
        name = OPTION + option.name
        found[name] = Variable(
            name,
            option.title,
            option.kind,
            option.help,
            option.low,
            option.high,
            option.choices,
            option.unit,
        )
    for each, (low, high) in IMAGE_AUGMENTATION_LIMITS.items() if is_network else ():
        name = IMAGES + each
        text = FIELDS["image_augmentation"].help
        found[name] = Variable(name, f"Vary images: {each}", "float", text, low, high)
    return found


def grid_points(space: Sequence[Dimension]) -> list[Point]:
    """Return all combinations, the last field varying fastest.

    Raises
    ------
    ConfigError
        If a range has no step, or there are too many.
    """
    listed = [dimension.listed() for dimension in space]
    count = math.prod(len(dimension.values) for dimension in listed)
    if count > GRID_LIMIT:
        raise ConfigError(
            "Expected a grid of at most {most} points. Received: {n_points}.",
            "Try fewer values, or choose the method random or tpe.",
        ).format(most=f"{GRID_LIMIT:,}", n_points=f"{count:,}")
    names = [dimension.name for dimension in listed]
    values = itertools.product(*(dimension.values for dimension in listed))
    return [dict(zip(names, point, strict=True)) for point in values]


def settings_with(base: Mapping[str, Any], point: Mapping[str, Value]) -> dict[str, Any]:
    """Return the settings of a training: `base`, with the values of a point."""
    record = dict(base)
    for name, value in point.items():
        if name.startswith(OPTION):
            given = record.get("preset_options") or {}
            record["preset_options"] = {**given, name.removeprefix(OPTION): value}
        elif name.startswith(IMAGES):
            given = record.get("image_augmentation") or {}
            record["image_augmentation"] = {**given, name.removeprefix(IMAGES): value}
        else:
            record[name] = value
    return record


def check_points(base: Mapping[str, Any], space: Sequence[Dimension]) -> None:
    """Make settings of the ends of every field, so that a wrong one is found at once.

    Raises
    ------
    ConfigError
        If one is not usable.
    """
    for point in _ends(space):
        TrainingConfig.from_record(settings_with(base, point))


def _ends(space: Sequence[Dimension]) -> Iterator[Point]:
    models = next((d.values for d in space if d.name == "preset"), ())
    starts: list[Point] = [{"preset": model} for model in models] or [{}]
    for start, dimension in itertools.product(starts, space):
        for value in dimension.ends():
            yield {**start, dimension.name: value}
