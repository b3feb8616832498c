"""Errors keep their templates and values, in JSON too."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import (
    BundleError,
    ConfigError,
    DatasetError,
    Message,
    TrainerError,
    joined,
    without_parts,
)
from trainer.files.records import encode, json_text, parse
from trainer.processes.launch import JSON_VARIABLE
from trainer.processes.trainer_process import error_of

names = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)
templates = st.lists(st.one_of(st.text(), names.map("{{{}}}".format))).map("".join)
messages = st.recursive(
    st.builds(Message, templates),
    lambda inner: st.builds(
        lambda template, values: Message(template, **values),
        templates,
        st.dictionaries(names, st.one_of(st.text(), inner), max_size=3),
    ),
    max_leaves=5,
)


def parts(text: str) -> object:
    if not isinstance(text, Message):
        return text
    return text.template, {name: parts(value) for name, value in text.values.items()}


@given(messages)
def test_a_message_comes_back_from_json(message: Message) -> None:
    read = parse(json_text({"error": message, "count": 1}))
    assert read == {"error": message, "count": 1}
    if message.values:
        assert parts(read["error"]) == parts(message)


@given(messages)
def test_a_message_is_copied_whole(message: Message) -> None:
    for copied in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert parts(copied) == parts(message)


@given(st.text(), st.text())
def test_braces_in_values_are_no_places(path: str, reason: str) -> None:
    error = DatasetError("{path} is odd: {reason}.", 'Like {"label": "a"}, {0}, {}.').format(
        path=f"{{reason}}{path}", reason=f"{reason}{{path}}"
    )
    assert error.message == f"{{reason}}{path} is odd: {reason}{{path}}."
    assert error.hint == 'Like {"label": "a"}, {0}, {}.'


@pytest.mark.parametrize("place", ["{path.parent}", "{path[0]}", "{path!r}", "{path:>9}", "{0}"])
def test_a_place_is_a_name_and_nothing_else(place: str) -> None:
    assert Message(place, path="a") == place


def test_an_error_stands_for_its_message() -> None:
    inner = ConfigError("Expected {n}.", field="n").format(n=1)
    outer = DatasetError("In {where}: {reason}").format(where="a.csv", reason=inner)
    assert str(outer) == "In a.csv: Expected 1."
    assert outer.message.values["reason"].template == "Expected {n}."  # type: ignore[attr-defined]


def test_what_a_library_raised_can_hold_a_message() -> None:
    error = TrainerError("{reason}").format(reason=ValueError(Message("the weight {w}", w=1)))
    assert parts(error.message) == ("{reason}", {"reason": ("the weight {w}", {"w": "1"})})


def test_an_error_is_pickled_with_its_parts() -> None:
    error = ConfigError("Expected {n}.", "See {page}.", field="n").format(n=1, page=2)
    read = pickle.loads(pickle.dumps(error))
    assert (parts(read.message), parts(read.hint)) == (parts(error.message), parts(error.hint))
    assert read.field == "n"


def test_what_is_formatted_already_stays() -> None:
    said = BundleError("{name} is gone.", "Look for it.").format(name="{logs}")
    error = TrainerError(said.message, "The logs lie in {logs}.").format(logs="/tmp")
    assert (error.message, error.hint) == ("{logs} is gone.", "The logs lie in /tmp.")


def test_messages_within_records_come_back() -> None:
    message = Message("{n} left.", n=1)
    record = {"rows": [{"note": message}, {"note": ""}], "cannot": {"map": {"error": message}}}
    read = parse(json_text(record))
    assert read == record
    assert parts(read["rows"][0]["note"]) == parts(read["cannot"]["map"]["error"])
    assert read["rows"][0]["note"].template == "{n} left."


def test_a_record_of_the_first_version_keeps_its_texts() -> None:
    record = {"event": "failed", "message": "a.csv is {empty}.", "hint": ""}
    assert parse(json_text(record)) == record


@pytest.mark.parametrize(
    "told",
    [
        1,
        [],
        {"template": "a {x}"},
        {"template": "a {x}", "values": {"x": 1}},
        {"template": "other {x}", "values": {"x": "b"}},
        {"template": "{x}" * 20_000, "values": {"x": "a" * 20_000}},
    ],
)
def test_wrong_parts_leave_a_text(told: object) -> None:
    read = without_parts({"error": "a b", "error_parts": told})
    assert read == {"error": "a b"}
    assert type(read["error"]) is str


def test_parts_that_grow_without_end_are_refused() -> None:
    told: object = "x"
    for _ in range(30):
        told = {"template": "{a}" * 100, "values": {"a": told}}
    assert type(without_parts({"error": "x", "error_parts": told})["error"]) is str


def test_joined_texts_leave_nothing_between_for_empty_ones() -> None:
    assert joined("a", "", Message("{n}", n=1)) == "a 1"
    assert joined() == ""


def test_the_last_error_on_standard_error_is_found() -> None:
    error = BundleError("{name} is gone.", "Look in {folder}.").format(name="a", folder="b")
    line = json.dumps(encode({"error": error.message, "hint": error.hint}))
    found = error_of(f"Traceback\n{error.message}\nHint: {error.hint}\n{line}\n")
    assert found is not None
    assert (parts(found.message), parts(found.hint)) == (parts(error.message), parts(error.hint))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("It is gone.\nHint: Look for it.\n", ("It is gone.", "Look for it.")),
        ('It is gone.\nHint: Look.\n{"error": 1', ("It is gone.", "Look.")),
        ("It is gone.", None),
        ("Hint: alone", None),
        ("", None),
    ],
)
def test_an_error_in_plain_words_is_found(said: str, expected: tuple[str, str] | None) -> None:
    found = error_of(said)
    assert (found and (found.message, found.hint)) == expected


def test_a_command_tells_json_only_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from trainer.__main__ import main

    monkeypatch.delenv(JSON_VARIABLE, raising=False)
    assert main(["train", "--preset", "nothing", "--data", "starter"]) == 1
    plain = capsys.readouterr().err
    monkeypatch.setenv(JSON_VARIABLE, "1")
    assert main(["train", "--preset", "nothing", "--data", "starter"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(plain)
    found = error_of(told)
    assert found is not None
    assert found.message.values["name"] == "'nothing'"
