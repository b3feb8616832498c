"""Records: whatever JSON comes is read, or refused with a sentence; what is encoded is decoded."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypedDict

import pytest

from trainer.files.records import (
    Count,
    RecordError,
    Share,
    Within,
    decode,
    decode_or,
    encode,
    nested,
    object_or_empty,
    parse,
    read_json,
    read_object,
    read_record,
    write_json,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Point(TypedDict):
    x: float
    y: float


@dataclass(frozen=True)
class Inner:
    name: str
    share: Share = 0.5


@dataclass(frozen=True)
class Outer:
    number: int
    folder: Path
    rows: tuple[tuple[int, ...], ...]
    pair: tuple[str, float]
    inner: Inner
    colour: Colour = Colour.RED
    maybe: int | None = None
    value: int | float | str | bool = 0
    several: Mapping[str, Inner] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    options: Mapping[str, Any] = field(default_factory=dict)
    is_shown: bool = False


OUTER = Outer(
    number=3,
    folder=Path("some") / "where",
    rows=((1, 2), (), (3,)),
    pair=("a", 0.5),
    inner=Inner("é"),
    colour=Colour.BLUE,
    maybe=7,
    value="text",
    several={"one": Inner("b", 1.0)},
    points=[{"x": 1.0, "y": 2.0}],
    options={"any": [1, {"thing": None}]},
    is_shown=True,
)


def test_what_is_encoded_is_decoded() -> None:
    assert decode(Outer, json.loads(json.dumps(encode(OUTER)))) == OUTER


def test_defaults_stand_in_and_what_is_unknown_is_left_out() -> None:
    assert decode(Inner, {"name": "a", "of a newer version": [1]}) == Inner("a")


def test_what_is_unknown_can_be_refused() -> None:
    with pytest.raises(RecordError, match=r"no setting 'inner\.other'") as caught:
        decode(Outer, {**encode(OUTER), "inner": {"name": "a", "other": 1}}, takes_unknown=False)
    assert caught.value.field == "inner.other"


def test_what_is_mistyped_names_what_is_like_it() -> None:
    with pytest.raises(RecordError, match=r"no setting 'inner\.nmae'. Like it: inner\.name\."):
        decode(Outer, {**encode(OUTER), "inner": {"nmae": "a"}}, takes_unknown=False)


def test_whole_numbers_are_taken_for_fractions() -> None:
    found = decode(Point, {"x": 1, "y": 2.5})
    assert (found, type(found["x"])) == ({"x": 1.0, "y": 2.5}, float)


@pytest.mark.parametrize(
    ("kind", "record", "said"),
    [
        (Inner, [], "Expected an object in JSON. Received: []."),
        (list[int], 1, "Expected a list in JSON. Received: 1."),
        (Inner, {}, "Expected name. Received: none."),
        (Inner, {"name": 1}, "Expected a text in name. Received: 1."),
        (Inner, {"name": None}, "Expected a text in name. Received: null."),
        (Inner, {"name": "a", "share": True}, "Expected a number in share. Received: true."),
        (Inner, {"name": "a", "share": 2}, "Expected share from 0 to 1. Received: 2."),
        (Inner, {"name": "a", "share": float("nan")}, "Expected a number in share. Received: NaN."),
        (dict[str, int], {"a": 1.5}, "Expected a whole number in a. Received: 1.5."),
        (dict[str, int], {"a": True}, "Expected a whole number in a. Received: true."),
        (dict[str, int], {"a": 1 << 54}, f"Expected a whole number in a. Received: {1 << 54}."),
        (dict[str, float], {"a": 10**400}, "Expected a number in a. Received: 1000"),
        (dict[str, bool], {"a": 0}, "Expected true or false in a. Received: 0."),
        (dict[str, Colour], {"a": "green"}, 'Expected one of red, blue in a. Received: "green".'),
        (dict[str, Colour], {"a": ["red"]}, "Expected one of red, blue in a."),
        (dict[str, list[int]], {"a": "12"}, 'Expected a list in a. Received: "12".'),
        (dict[str, tuple[int, int]], {"a": [1]}, "Expected 2 values in a. Received: 1."),
        (dict[str, int | None], {"a": "x"}, "Expected a whole number in a."),
        (dict[str, Count], {"a": -1}, "Expected a from 0 to 9.0072e+15. Received: -1."),
        (dict[str, Path], {"a": 1}, "Expected a text in a."),
    ],
)
def test_what_is_of_another_type_is_named(kind: Any, record: Any, said: str) -> None:
    with pytest.raises(RecordError) as caught:
        decode(kind, record)
    assert caught.value.message.startswith(said)


def test_a_field_within_a_field_is_named() -> None:
    record = {**encode(OUTER), "several": {"one": {"name": "b", "share": "much"}}}
    with pytest.raises(RecordError, match=r"a number in several\.one\.share") as caught:
        decode(Outer, record)
    assert caught.value.field == "several.one.share"


def test_not_every_number_must_be_finite() -> None:
    endless = parse("[NaN, Infinity, 1e999]")
    assert len(decode(list[float], endless, finite=False)) == 3
    for each in endless:
        with pytest.raises(RecordError):
            decode(list[float], [each])
    with pytest.raises(RecordError):
        decode(list[Annotated[float, Within(0, 1)]], endless, finite=False)


def test_a_default_stands_for_what_cannot_be_read() -> None:
    assert decode_or(0, int, "many") == 0
    assert decode_or(0, int, 3) == 3
    assert nested({"a": {"b": 1}}, "a") == {"b": 1}
    assert nested({"a": 1}, "a") == nested({}, "a") == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 80 + "1" + "}" * 80,
        '{"a": ' + "9" * 5000 + "}",
        b'{"a": "\xff"}',
        "\ufeff{}",
        "{'a': 1}",
    ],
)
def test_what_is_no_json_of_ours_is_refused(text: str | bytes) -> None:
    with pytest.raises(RecordError) as caught:
        parse(text)
    assert caught.value.message.endswith(".")


def test_the_length_is_limited() -> None:
    assert parse("[1]", limit=3) == [1]
    with pytest.raises(RecordError, match=r"at most 3 bytes\. Received: 4"):
        parse("[12]", limit=3)


def test_of_a_key_that_occurs_twice_the_last_counts() -> None:
    assert parse('{"a": 1, "a": 2}') == {"a": 2}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    for content, said in ((None, "No such file"), (b"{", "not JSON"), (b"[1]", "Expected an obj")):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(RecordError, match=said) as caught:
            read_object(path)
        assert caught.value.message.startswith(f"{path} cannot be read")
        assert object_or_empty(path) == {}
    path.write_bytes(b'{"name": 1}')
    with pytest.raises(RecordError, match="a text in name") as caught:
        read_record(path, Inner)
    assert str(path) in caught.value.message
    with pytest.raises(RecordError, match="at most 4 bytes"):
        read_json(path, limit=4)
    with pytest.raises(RecordError):
        read_json(tmp_path)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "some.json"
    write_json(path, OUTER, indent=2)
    assert read_record(path, Outer) == OUTER
    assert "é" in path.read_text(encoding="utf-8")


def test_half_characters_of_names_of_files_come_back(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_json(path, {"data": "caf\udce9"})
    assert path.read_bytes() == b'{"data": "caf\\udce9"}\n'
    assert read_object(path) == {"data": "caf\udce9"}


def test_what_is_no_number_may_be_refused_before_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_json(path, {"loss": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"loss": float("nan")}, finite=True)
    assert path.read_text() == '{"loss": NaN}\n'


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes among the files")
@pytest.mark.timeout(20)
def test_a_pipe_is_no_record(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(RecordError, match="it is no file"):
        read_json(tmp_path / "pipe.json")
