"""Parses a search space, such as ``learning_rate=1e-4..1e-2:log``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from trainer.errors import ConfigError
from trainer.search.space import OPTION, Dimension, Value, Variable

_HINT = (
    "Write learning_rate=1e-4..1e-2:log, dropout=0..0.5:0.1, or batch_size=32,64,128; "
    "a field of the model itself as option.trees=50..200, one of a layer as layer.2.filters=16..64."
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
            "Expected values for {variable}. Received: {text}.", _HINT, field=variable.name
        ).format(variable=variable.name, text=repr(text))
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
        raise ConfigError(
            "Expected fields by name, with values. Received: {record}.", _HINT
        ).format(record=repr(record))
    variable = _known(record["name"], known)
    if "values" in record:
        values = record["values"]
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise ConfigError(
                "Expected a list of values for {variable}. Received: {values}.", field=variable.name
            ).format(variable=variable.name, values=repr(values))
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
        raise ConfigError("Expected fields by name. Received: {records}.", _HINT).format(
            records=repr(records)
        )
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
            "Expected each field once. Received: {twice} twice.", field=twice[0]
        ).format(twice=", ".join(twice))
    return tuple(dimensions)


def _known(name: str, known: Mapping[str, Variable]) -> Variable:
    for each in (name, name.replace("-", "_"), OPTION + name):
        if each in known:
            return known[each]
    raise ConfigError(
        "There is no field {name} that a search can vary.", "There are: {known}.", field=name
    ).format(name=repr(name), known=", ".join(known))


def _listed(variable: Variable, texts: Sequence[str]) -> Dimension:
    values = tuple(_value(variable, text) for text in texts)
    if not values or len(set(values)) < len(values):
        raise ConfigError(
            "Expected different values of {variable}. Received: {texts}.",
            _HINT,
            field=variable.name,
        ).format(variable=variable.name, texts=", ".join(texts) or "none")
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
            "Expected a range of {variable} from less to more, above 0 for a logarithmic one. "
            "Received: {text}."
            if log
            else "Expected a range of {variable} from less to more. Received: {text}.",
            _HINT,
            field=variable.name,
        ).format(
            variable=variable.name,
            text=text,
        )
    if variable.kind == "int" and step != int(step):
        raise ConfigError(
            "Expected a whole step for {variable}. Received: {scale}.", field=variable.name
        ).format(variable=variable.name, scale=scale)
    return Dimension(variable.name, variable.kind, (), low, high, step, log)


def _value(variable: Variable, text: str) -> Value:
    if variable.kind == "choice":
        if text not in variable.choices:
            raise ConfigError(
                "Expected {name} of {choices}. Received: {value}.", field=variable.name
            ).format(name=variable.name, choices=", ".join(variable.choices), value=text)
        return text
    if variable.kind == "bool":
        if text.lower() not in ("true", "false"):
            raise ConfigError(
                "Expected {variable} as true or false. Received: {text}.", field=variable.name
            ).format(variable=variable.name, text=text)
        return text.lower() == "true"
    number = _number(variable, text)
    if not variable.low <= number <= variable.high:
        raise ConfigError(
            "Expected {name} from {low} to {high}. Received: {value}.", field=variable.name
        ).format(name=variable.name, low=f"{variable.low:g}", high=f"{variable.high:g}", value=text)
    if variable.kind == "float":
        return number
    if number != int(number):
        raise ConfigError(
            "Expected whole numbers for {variable}. Received: {text}.", field=variable.name
        ).format(variable=variable.name, text=text)
    return int(number)


def _number(variable: Variable, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigError(
            "Expected a number for {variable}. Received: {text}.", _HINT, field=variable.name
        ).format(variable=variable.name, text=text or "nothing")
    return number


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
