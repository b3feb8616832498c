"""What a preset is: a record of a model, its source, and the settings it comes with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from trainer.errors import ConfigError, Message

OptionValue = int | float | str | bool


class PresetKind(StrEnum):
    """What a preset is made of."""

    NETWORK = "network"
    CLASSICAL = "classical"


@dataclass(frozen=True)
class Option:
    """A setting that only some presets have.

    Attributes
    ----------
    name : str
    title : str
    kind : str
        "int", "float", "choice" or "bool".
    default : int, float, str or bool
    low, high : float
        Limits of a number.
    choices : tuple of str
    unit : str
    help : str
    """

    name: str
    title: str
    kind: str
    default: OptionValue
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    unit: str = ""
    help: str = ""

    def checked(self, value: Any) -> OptionValue:
        """Return `value` if it is one of this option.

        Raises
        ------
        ConfigError
            If it has the wrong type or is outside the limits.
        """
        fits = {
            "int": isinstance(value, int) and not isinstance(value, bool),
            "float": isinstance(value, int | float) and not isinstance(value, bool),
            "bool": isinstance(value, bool),
            "choice": isinstance(value, str) and value in self.choices,
        }[self.kind]
        if fits and self.kind in ("int", "float"):
            fits = self.low <= value <= self.high
        if not fits:
            raise ConfigError(
                "Expected {title} {range}. Received: {value}.", field="preset_options"
            ).format(title=self.title.lower(), range=self._range(), value=repr(value))
        result: OptionValue = float(value) if self.kind == "float" else value
        return result

    def _range(self) -> str:
        match self.kind:
            case "choice":
                return Message("of {choices}", choices=", ".join(self.choices))
            case "bool":
                return Message("true or false")
            case "int":
                return Message(
                    "as a whole number from {low} to {high}",
                    low=f"{self.low:g}",
                    high=f"{self.high:g}",
                )
            case _:
                return Message("from {low} to {high}", low=f"{self.low:g}", high=f"{self.high:g}")


@dataclass(frozen=True)
class Preset:
    """A named model with the settings of its source.

    Attributes
    ----------
    name : str
    title : str
    summary : str
        One sentence for a learner.
    source : str
        Who described it.
    kind : PresetKind
    input_shape : tuple of int
        Height, width, 1, as the source builds it; it adapts to the data.
    classes : int
        As the source builds it.
    parameters : int or None
        With that input and those classes; None for classic models.
    defaults : mapping of str to value
        Fields of `TrainingConfig` where they differ from its own defaults.
    options : tuple of Option
    reports_progress : bool
        Whether there are results before the end.
    """

    name: str
    title: str
    summary: str
    source: str
    kind: PresetKind
    input_shape: tuple[int, int, int]
    classes: int
    parameters: int | None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    reports_progress: bool = True

    def option_values(self, given: Mapping[str, Any]) -> dict[str, OptionValue]:
        """Return the values of all options: those given, checked, else their defaults.

        Raises
        ------
        ConfigError
            If there is no such option, or a value is not usable.
        """
        known = {option.name: option for option in self.options}
        for name in given:
            if name not in known:
                raise ConfigError(
                    "The preset {preset} has no option {option}.",
                    "It has: {known}.",
                    field="preset_options",
                ).format(preset=self.name, option=repr(name), known=", ".join(known) or "none")
        return {
            name: option.checked(given[name]) if name in given else option.default
            for name, option in known.items()
        }


PLAIN: dict[str, Any] = {
    "optimizer": "adam",
    "schedule": "constant",
    "learning_rate": 1e-3,
    "warmup_epochs": 0.0,
    "weight_decay": 0.0,
    "label_smoothing": 0.0,
    "average_epochs": 0.0,
    "balance": 0.0,
    "dropout": 0.0,
    "clip_norm": 0.0,
    "augmentation": None,
}
"""What the course projects have in common: Adam at a constant rate, and nothing else."""
