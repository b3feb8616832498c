"""An option of a model or of a layer: its type, its limits and its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.errors import ConfigError, Message

OptionValue = int | float | str | bool


@dataclass(frozen=True)
class Option:
    """A setting that only some presets or layers have.

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
    is_share : bool
        Whether it is shown in per cent.
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
    is_share: bool = False

    def checked(self, value: Any, field: str = "preset_options") -> OptionValue:
        """Return `value` if it is one of this option; `field` is that of an error.

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
            raise ConfigError("Expected {title} {range}. Received: {value}.", field=field).format(
                title=self.title.lower(), range=self._range(), value=repr(value)
            )
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


def option_values(
    options: Sequence[Option],
    given: Mapping[str, Any],
    owner: Message | str,
    field: str = "preset_options",
) -> dict[str, OptionValue]:
    """Return the values of all options: those given, checked, else their defaults.

    Parameters
    ----------
    options : sequence of Option
    given : mapping of str to object
    owner : Message or str
        What has the options, for an error.
    field : str
        The setting that an error belongs to.

    Raises
    ------
    ConfigError
        If there is no such option, or a value is not usable.
    """
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            raise ConfigError(
                "{owner} has no option {option}.", "It has: {known}.", field=field
            ).format(owner=owner, option=repr(name), known=", ".join(known) or "none")
    return {
        name: option.checked(given[name], field) if name in given else option.default
        for name, option in known.items()
    }
