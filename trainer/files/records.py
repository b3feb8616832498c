"""Records: JSON from files, processes and users, read within limits and decoded to dataclasses.

`parse` and `read_json` accept any input and raise a `RecordError` for anything but valid JSON.
`decode` converts the result to a frozen dataclass, and checks every value against the type of its
field; `encode` is the inverse. Both support ``bool``, ``int``,
``float``, ``str``, ``Path``, enums, ``X | None``, ``tuple``, ``list``, ``Mapping``, ``TypedDict``,
dataclasses of these, and ``Any``. Messages come back with their templates and values.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import (
    Annotated,
    Any,
    Self,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from trainer.errors import TrainerError, with_parts, without_parts
from trainer.files.disk import open_regular
from trainer.files.paths import replacing

MOST_BYTES = 1 << 26
"""Maximum size of a file or a line; our largest, a robustness result with pictures, has some MB."""

_MAX_DEPTH = 64
"""Maximum nesting of lists and objects; ours have less than ten levels."""

_LARGEST = 1 << 53
"""Maximum integer, which arrays and floats hold exactly."""

_MAX_SHOWN = 60

_WHOLE = "JSON"
"""The field name of the whole record."""

_T = TypeVar("_T")
_D = TypeVar("_D")
_Reader = Callable[[Any, str], Any]
"""Takes a value and its field name; returns the decoded value."""


class RecordError(TrainerError):
    """JSON that cannot be read, or has unexpected content.

    Parameters
    ----------
    field : str
        The field, such as ``network.parameters``; "JSON" for the whole record.
    """

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field

    def of(self, value: Any) -> Self:
        """Put in the name of the field, and the value that it holds as it stood in the file."""
        return self.format(name=self.field, value=_shortened(value))


@dataclass(frozen=True)
class Within:
    """The range of a number: ``Annotated[float, Within(0, 1)]``; NaN is never within."""

    low: float
    high: float


@dataclass(frozen=True)
class _Rules:
    finite: bool
    takes_unknown: bool


Share = Annotated[float, Within(0, 1)]
Count = Annotated[int, Within(0, _LARGEST)]


def parse(text: str | bytes, limit: int = MOST_BYTES) -> Any:
    """Parse JSON; the last value of a repeated key counts.

    Parameters
    ----------
    text : str or bytes
        Bytes in UTF-8, or in another Unicode encoding that their start reveals.
    limit : int
        Maximum length in characters or bytes.

    Raises
    ------
    RecordError
        If it is not JSON, longer than `limit`, or nested too deeply.
    """
    if len(text) > limit:
        raise RecordError("Expected JSON of at most {limit} bytes. Received: {n_received}.").format(
            limit=f"{limit:,}", n_received=f"{len(text):,}"
        )
    marker: Any = b"_parts" if isinstance(text, bytes) else "_parts"
    try:  # the hook costs as much as the parsing; hardly any record has messages
        record = json.loads(text, object_hook=without_parts if marker in text else None)
    except RecursionError as error:
        raise RecordError("This JSON is nested too deeply.") from error
    except ValueError as error:
        raise RecordError("This is not JSON: {reason}.").format(reason=error) from error
    if _is_too_deep(record):
        raise RecordError("This JSON is nested too deeply.")
    return record


def read_json(path: Path, limit: int = MOST_BYTES) -> Any:
    """Read a JSON file.

    Raises
    ------
    RecordError
        If it is missing or cannot be read; as `parse`.
    """
    try:
        with open_regular(path) as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise RecordError("{path} cannot be read: {reason}.").format(
            path=path, reason=error.strerror or error
        ) from error
    try:
        return parse(data, limit)
    except RecordError as error:
        raise RecordError("{path} cannot be read. {reason}").format(
            path=path, reason=error
        ) from error


def read_record(path: Path, kind: type[_T], limit: int = MOST_BYTES) -> _T:
    """Read a JSON file and decode it.

    Raises
    ------
    RecordError
        As `read_json` and `decode`.
    """
    record = read_json(path, limit)
    try:
        return decode(kind, record)
    except RecordError as error:
        raise RecordError("{path} cannot be read. {reason}", field=error.field).format(
            path=path, reason=error
        ) from error


def read_object(path: Path, limit: int = MOST_BYTES) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Raises
    ------
    RecordError
        As `read_json`, and if it is not an object.
    """
    return read_record(path, dict[str, Any], limit)


def object_or_empty(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object; empty if it is missing or does not."""
    return read_or({}, path, dict[str, Any])


def read_or(default: _D, path: Path, kind: type[_T]) -> _T | _D:
    """Read a JSON file and decode it; return `default` if that fails."""
    try:
        return read_record(path, kind)
    except RecordError:
        return default


def write_json(path: Path, record: Any, *, indent: int | None = None, finite: bool = False) -> None:
    """Write a record to a file atomically, creating its folder.

    Lone surrogates, which file names may contain, are written as JSON escapes.

    Raises
    ------
    OSError
        If it cannot be written.
    ValueError
        If `finite` is true and a number is not finite.
    """
    text = json_text(record, indent=indent, allow_nan=not finite)
    with replacing(path) as temporary:
        temporary.write_bytes(f"{text}\n".encode("utf-8", "backslashreplace"))


def json_text(record: Any, **options: Any) -> str:
    """Return a record as JSON, in one line unless the options of `json.dumps` say otherwise."""
    return json.dumps(encode(record), ensure_ascii=False, **options)


def encode(value: Any) -> Any:
    """Return the JSON form of a value: a dataclass as an object of its fields."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return with_parts({name: encode(each) for name, each in value.items()})
    if isinstance(value, list | tuple):
        return [encode(each) for each in value]
    if isinstance(value, Path):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def decode(kind: type[_T], record: Any, *, finite: bool = True, takes_unknown: bool = True) -> _T:
    """Decode parsed JSON.

    Missing fields take their defaults. Integers are accepted as floats; there are no other
    conversions.

    Parameters
    ----------
    kind : type
        A dataclass, or any other supported type.
    finite : bool
        Whether infinite numbers and NaN are rejected.
    takes_unknown : bool
        Whether unknown keys are ignored, as those of a newer version, or rejected.

    Raises
    ------
    RecordError
        If a field, which it names, is missing or of another type.
    """
    hint: Any = kind
    result: _T = _reader(hint, _Rules(finite, takes_unknown))(record, _WHOLE)
    return result


def decode_or(default: _D, kind: type[_T], record: Any) -> _T | _D:
    """Decode a record; return `default` if that fails."""
    try:
        return decode(kind, record)
    except RecordError:
        return default


def nested(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object under a key of a record; empty if there is none."""
    return decode_or({}, dict[str, Any], record.get(name))


def _is_too_deep(record: Any) -> bool:
    holders = [record] if isinstance(record, list | dict) else []
    for _ in range(_MAX_DEPTH):
        if not holders:
            return False
        holders = [
            each
            for holder in holders
            for each in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(each, list | dict)
        ]
    return True


@cache
def _reader(hint: Any, rules: _Rules) -> _Reader:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is not None:
        return _compound(origin, inner, rules)
    if dataclasses.is_dataclass(hint) or is_typeddict(hint):
        return _object(hint, rules)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    return _float(rules) if hint is float else _PLAIN[hint]


def _compound(origin: Any, inner: tuple[Any, ...], rules: _Rules) -> _Reader:
    if origin is Annotated:
        return _within(_reader(inner[0], rules), inner[1])
    if origin in (dict, Mapping):
        return _mapping(_reader(inner[1], rules))
    if origin is list or inner[-1] is Ellipsis:
        return _sequence(origin, _reader(inner[0], rules))
    readers = [_reader(each, rules) for each in inner if each is not NoneType]
    return _fixed_tuple(readers) if origin is tuple else _union(readers, inner)


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise RecordError("Expected a text in {name}. Received: {value}.", field=field).of(value)
    return value


def _flag(value: Any, field: str) -> bool:
    if type(value) is not bool:
        raise RecordError("Expected true or false in {name}. Received: {value}.", field=field).of(
            value
        )
    return value


def _int(value: Any, field: str) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise RecordError("Expected a whole number in {name}. Received: {value}.", field=field).of(
            value
        )
    return value


def _float(rules: _Rules) -> _Reader:
    def read(value: Any, field: str) -> float:
        if type(value) is float and (not rules.finite or abs(value) < float("inf")):
            return value
        if type(value) is int and abs(value) <= _LARGEST:
            return float(value)
        raise RecordError("Expected a number in {name}. Received: {value}.", field=field).of(value)

    return read


_PLAIN: Mapping[Any, _Reader] = {
    Any: lambda value, _: value,
    bool: _flag,
    int: _int,
    str: _text,
    Path: lambda value, field: Path(_text(value, field)),
}


def _within(read: _Reader, span: Within) -> _Reader:
    def read_within(value: Any, field: str) -> Any:
        number = read(value, field)
        if not span.low <= number <= span.high:
            raise RecordError(
                "Expected {name} from {low} to {high}. Received: {value}.", field=field
            ).format(name=field, low=f"{span.low:g}", high=f"{span.high:g}", value=f"{number:g}")
        return number

    return read_within


def _union(readers: list[_Reader], hints: tuple[Any, ...]) -> _Reader:
    """Return the reader of a union: None if allowed, else the first type that matches."""
    *first, last = readers

    def read(value: Any, field: str) -> Any:
        if value is None and NoneType in hints:
            return None
        for each in first:
            try:
                return each(value, field)
            except RecordError:
                continue
        return last(value, field)

    return read


def _items(value: Any, field: str) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise RecordError("Expected a list in {name}. Received: {value}.", field=field).of(value)
    return value


def _sequence(kind: type, read: _Reader) -> _Reader:
    return lambda value, field: kind([read(each, field) for each in _items(value, field)])


def _fixed_tuple(readers: list[_Reader]) -> _Reader:
    def read(value: Any, field: str) -> tuple[Any, ...]:
        items = _items(value, field)
        if len(items) != len(readers):
            raise RecordError(
                "Expected {n_expected} values in {path}. Received: {n_received}.", field=field
            ).format(n_expected=len(readers), path=field, n_received=len(items))
        return tuple(each(item, field) for each, item in zip(readers, items, strict=True))

    return read


def _entries(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise RecordError("Expected an object in {name}. Received: {value}.", field=field).of(value)
    return value


def _mapping(read: _Reader) -> _Reader:
    return lambda value, field: {
        name: read(each, _prefix(field) + name) for name, each in _entries(value, field).items()
    }


def _enum(kind: type[Enum]) -> _Reader:
    def read(value: Any, field: str) -> Enum:
        try:
            return kind(value)
        except ValueError as error:
            names = ", ".join(str(each.value) for each in kind)
            raise RecordError(
                "Expected one of {names} in {name}. Received: {value}.", field=field
            ).format(names=names, name=field, value=_shortened(value)) from error

    return read


def _object(kind: Any, rules: _Rules) -> _Reader:
    hints = get_type_hints(kind, include_extras=True)
    if is_typeddict(kind):
        readers = {name: _reader(hint, rules) for name, hint in hints.items()}
        required = kind.__required_keys__
    else:
        fields = dataclasses.fields(kind)
        readers = {each.name: _reader(hints[each.name], rules) for each in fields}
        required = {f.name for f in fields if f.default is f.default_factory is MISSING}

    def read(value: Any, field: str) -> Any:
        prefix = _prefix(field)
        entries = _entries(value, field)
        if not rules.takes_unknown and (unknown := entries.keys() - readers.keys()):
            where = prefix + min(unknown)
            like = difflib.get_close_matches(min(unknown), readers, n=1)
            raise RecordError(
                "There is no setting {name}. Like it: {like}."
                if like
                else "There is no setting {name}.",
                "It may belong to a newer version.",
                field=where,
            ).format(name=repr(where), like=prefix + like[0] if like else "")
        values = {
            name: readers[name](each, prefix + name)
            for name, each in entries.items()
            if name in readers
        }
        if missing := required - values.keys():
            where = prefix + min(missing)
            raise RecordError("Expected {where}. Received: none.", field=where).format(where=where)
        return kind(**values)

    return read


def _prefix(field: str) -> str:
    return "" if field == _WHOLE else f"{field}."


def _shortened(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"
