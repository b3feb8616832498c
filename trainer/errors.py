"""Every error that the program raises on purpose: one sentence and a hint.

Both keep their template and their values, also in JSON, so that a window can translate the
template and then put the values in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

_PARTS = "_parts"
"""Ends the keys beside those of messages in JSON."""

_DEEPEST = 8
"""Messages within messages, of those that are read."""

_LONGEST = 20_000
"""Characters of a message that is read with its parts."""


class Message(str):
    """An English text that remembers its template and its values.

    It is the finished text wherever a text is expected.

    Parameters
    ----------
    template : str
        "{path} cannot be read: {reason}." Braces around anything but the name of a value stay.
    **values : object
        What stands at the places, as text. An error stands for its message.

    Attributes
    ----------
    template : str
    values : mapping of str to str
        Those that the template names; each may be a message, too.
    """

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Put the values in."""
        names = set(_PLACE.findall(template))
        texts = {name: _text_of(value) for name, value in values.items() if name in names}
        message = super().__new__(cls, filled(template, texts))
        message.template, message.values = template, texts
        return message


def joined(*texts: str, separator: str = " ") -> Message:
    """Return texts one after the other, each of which is translated by itself."""
    kept = {f"text_{index}": text for index, text in enumerate(filter(None, texts))}
    return Message(separator.join(f"{{{name}}}" for name in kept), **kept)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with its values; names only: it may come from anybody's file."""
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), template)


def _text_of(value: object) -> str:
    if isinstance(value, TrainerError):
        return value.message
    if isinstance(value, Exception) and len(value.args) == 1:
        value = value.args[0] if isinstance(value.args[0], Message) else value
    return value if isinstance(value, Message) else str(value)


class TrainerError(Exception):
    """Something that the user can understand and mend.

    Parameters
    ----------
    message : str
        One sentence that says what is wrong: what was expected, what was received.
    hint : str
        What to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message if isinstance(message, Message) else Message(message)
        self.hint = hint if isinstance(hint, Message) else Message(hint)

    def format(self, **values: object) -> Self:
        """Put values into the message and the hint, which are templates (see `Message`).

        ``raise DatasetError("{path} is empty.", "Copy it again.").format(path=path.name)``
        """
        if not self.message.values:
            self.message = Message(self.message.template, **values)
        if not self.hint.values:
            self.hint = Message(self.hint.template, **values)
        self.args = (self.message,)
        return self


class InkError(TrainerError):
    """A drawing that cannot be read."""


class ProfileError(TrainerError):
    """A profile that is missing, or cannot be made, renamed, deleted, exported or imported."""


class PictureError(TrainerError):
    """A picture that cannot be opened or is not usable."""


class DatasetError(TrainerError):
    """A dataset that is missing, broken or not of the expected form."""


class NoSplitError(DatasetError):
    """A dataset without the requested split."""


class ConfigError(TrainerError):
    """A setting outside its range.

    Parameters
    ----------
    field : str
        The name of the setting, as a form or a command line shows it.
    """

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


def check_range(name: str, value: float, low: float, high: float) -> None:
    """Raise `ConfigError` unless a setting is within its limits, both included."""
    if not low <= value <= high:
        limits = {"low": _plain(low), "high": _plain(high), "value": _plain(value)}
        raise ConfigError(
            "Expected {name} from {low} to {high}. Received: {value}.", field=name
        ).format(name=name.replace("_", " "), **limits)


def _plain(value: float) -> str:
    """Return a number in readable form: 4294967295 rather than 4.29497e+09."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:g}"


class BundleError(TrainerError):
    """A recogniser on disk that is missing, damaged or made for another version."""


class HandError(TrainerError):
    """A hand that cannot be read, written or used."""


class RunError(TrainerError):
    """A training run that cannot be started, resumed or read."""


def with_parts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record for JSON: a message stays a text, and has its parts beside it.

    ``"error": "a.npz is empty."`` gets a neighbour ``"error_parts": {"template": "{path} is
    empty.", "values": {"path": "a.npz"}}``, which an older version passes over.
    """
    told = {name: each for name, each in record.items() if isinstance(each, Message)}
    return {
        **record,
        **{f"{name}{_PARTS}": _parts(each) for name, each in told.items() if each.values},
    }


def without_parts(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record from JSON with its messages; a text without (good) parts stays a text."""
    for key in [key for key in record if key.endswith(_PARTS)]:
        name = key.removesuffix(_PARTS)
        if name in record:
            message = _message(record.pop(key), _DEEPEST)
            record[name] = message if message == record[name] else record[name]
    return record


def _parts(message: Message) -> dict[str, Any]:
    values = {
        name: _parts(value) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    return {"template": message.template, "values": values}


def _message(parts: object, depth: int) -> Message | None:
    """Read the parts of a message; None if they are none, or would become very long."""
    match parts:
        case {"template": str(template), "values": dict(parts_of)} if depth:
            values = {
                name: each if isinstance(each, str) else _message(each, depth - 1)
                for name, each in parts_of.items()
            }
        case _:
            return None
    lengths = {name: len(each) for name, each in values.items() if each is not None}
    n = len(template) + sum(lengths.get(name, 0) for name in _PLACE.findall(template))
    return Message(template, **values) if len(lengths) == len(values) and n <= _LONGEST else None
