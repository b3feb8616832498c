"""Parses a search space, such as ``learning_rate=1e-4..1e-2:log``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from trainer.errors import ConfigError
from trainer.search.space import OPTION, Dimension, Value, Variable

_HINT = (
    "Write learning_rate=1e-4..1e-2:log, dropout=0..0.5:0.1, or batch_size=32,64,128; "
    "a field of the model itself as option.trees=50..200."
)

_ROUNDING = 1e-9
"""0.3 - 0.2 is a little less than 0.1."""


def parse_dimension(text: str, known: Mapping[str, Variable]) -> Dimension:
    """Parse ``field=low..high[:log]``, ``field=low..high:step`` or ``field=a,b,c``.

    Raises
    ------
    ConfigError
        If there is no such field, or a value is not valid for it.
    """
    name, separator, values = text.partition("=")
    variable = _known(name.strip(), known)
    if not separator or not values.strip():
        raise ConfigError(
            f"Expected values for {variable.name}. Received: {text!r}.", _HINT, field=variable.name
        )
    if ".." in values and variable.kind in ("int", "float"):
        return _range(variable, values)
    return _listed(variable, [part.strip() for part in values.split(",") if part.strip()])


def dimension_from(record: Any, known: Mapping[str, Variable]) -> Dimension:
    """Parse a record of `Dimension.to_record`, or one written by hand.

    Raises
    ------
    ConfigError
        As `parse_dimension`.
    """
    if not isinstance(record, Mapping) or not isinstance(record.get("name"), str):
        raise ConfigError(f"Expected fields by name, with values. Received: {record!r}.", _HINT)
    variable = _known(record["name"], known)
    if "values" in record:
        values = record["values"]
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise ConfigError(
                f"Expected a list of values for {variable.name}. Received: {values!r}.",
                field=variable.name,
            )
        return _listed(variable, [_text(value) for value in values])
    low, high = _text(record.get("low", "")), _text(record.get("high", ""))
    scale = ":log" if record.get("log") is True else ""
    if "step" in record and not scale:
        scale = f":{_text(record['step'])}"
    return _range(variable, f"{low}..{high}{scale}")


def space_from(records: Any, known: Mapping[str, Variable]) -> tuple[Dimension, ...]:
    """Parse a space: a list of records, or a mapping from names to values or ranges.

    Raises
    ------
    ConfigError
        As `parse_dimension`, and if a field occurs twice.
    """
    if isinstance(records, Mapping):
        records = [
            {"name": name, **(dict(value) if isinstance(value, Mapping) else {"values": value})}
            for name, value in records.items()
        ]
    if not isinstance(records, Sequence) or isinstance(records, str):
        raise ConfigError(f"Expected fields by name. Received: {records!r}.", _HINT)
    return checked_space([dimension_from(record, known) for record in records])


def checked_space(dimensions: Sequence[Dimension]) -> tuple[Dimension, ...]:
    """Return dimensions as a space.

    Raises
    ------
    ConfigError
        If there is none, or a field occurs twice.
    """
    names = [dimension.name for dimension in dimensions]
    if not names:
        raise ConfigError("Expected a field to vary. Received: none.", _HINT, field="vary")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(
            f"Expected each field once. Received: {', '.join(twice)} twice.", field=twice[0]
        )
    return tuple(dimensions)


def _known(name: str, known: Mapping[str, Variable]) -> Variable:
    for each in (name, name.replace("-", "_"), OPTION + name):
        if each in known:
            return known[each]
    raise ConfigError(
        f"There is no field {name!r} that a search can vary.",
        f"There are: {', '.join(known)}.",
        field=name,
    )


def _listed(variable: Variable, texts: Sequence[str]) -> Dimension:
    values = tuple(_value(variable, text) for text in texts)
    if not values or len(set(values)) < len(values):
        raise ConfigError(
            f"Expected different values of {variable.name}. "
            f"Received: {', '.join(texts) or 'none'}.",
            _HINT,
            field=variable.name,
        )
    return Dimension(variable.name, variable.kind, values)


def _range(variable: Variable, text: str) -> Dimension:
    ends, _, scale = text.partition(":")
    low_text, _, high_text = ends.partition("..")
    low, high = (float(_value(variable, part.strip())) for part in (low_text, high_text))
    log = scale.strip() == "log"
    step = _number(variable, scale) if scale.strip() and not log else 0.0
    too_long = step > (high - low) * (1 + _ROUNDING)
    if low >= high or step < 0 or (log and low <= 0) or too_long:
        raise ConfigError(
            f"Expected a range of {variable.name} from less to more"
            f"{', above 0 for a logarithmic one' if log else ''}. Received: {text}.",
            _HINT,
            field=variable.name,
        )
    if variable.kind == "int" and step != int(step):
        raise ConfigError(
            f"Expected a whole step for {variable.name}. Received: {scale}.", field=variable.name
        )
    return Dimension(variable.name, variable.kind, (), low, high, step, log)


def _value(variable: Variable, text: str) -> Value:
    if variable.kind == "choice":
        if text not in variable.choices:
            raise ConfigError(
                f"Expected {variable.name} of {', '.join(variable.choices)}. Received: {text}.",
                field=variable.name,
            )
        return text
    if variable.kind == "bool":
        if text.lower() not in ("true", "false"):
            raise ConfigError(
                f"Expected {variable.name} as true or false. Received: {text}.",
                field=variable.name,
            )
        return text.lower() == "true"
    number = _number(variable, text)
    if not variable.low <= number <= variable.high:
        raise ConfigError(
            f"Expected {variable.name} from {variable.low:g} to {variable.high:g}. "
            f"Received: {text}.",
            field=variable.name,
        )
    if variable.kind == "float":
        return number
    if number != int(number):
        raise ConfigError(
            f"Expected whole numbers for {variable.name}. Received: {text}.", field=variable.name
        )
    return int(number)


def _number(variable: Variable, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigError(
            f"Expected a number for {variable.name}. Received: {text or 'nothing'}.",
            _HINT,
            field=variable.name,
        )
    return number


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
