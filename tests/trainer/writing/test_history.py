"""The history of lines: what is put is found again, whatever happens to the file."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.trainer.writing.sheets import sheet_of
from trainer.errors import HistoryError
from trainer.ink.documents import read_document
from trainer.ink.strokes import Ink
from trainer.writing import history as module
from trainer.writing.export import FORMATS, export_entry
from trainer.writing.history import LineHistory

INK = Ink(sheet_of("Hello 42").strokes)


@pytest.fixture
def history(tmp_path: Path) -> LineHistory:
    return LineHistory(tmp_path / "history" / "lines.jsonl")


def file_of(history: LineHistory) -> Path:
    return history._file


def test_what_is_put_is_found_again(history: LineHistory) -> None:
    assert history.entries() == []
    first = history.put(INK, "Hello")
    history.put(INK, "Hello 42", first)
    second = history.put(INK, "other")
    history.set_text(second, "another")
    texts = {entry.id: entry.text for entry in LineHistory(file_of(history)).entries()}
    assert texts == {first: "Hello 42", second: "another"}
    assert history.entries()[0].ink.to_json() == INK.to_json()


def test_what_is_removed_leaves_the_disk(history: LineHistory) -> None:
    first = history.put(INK, "secret")
    history.put(INK, "other")
    history.remove(first)
    assert [entry.text for entry in history.entries()] == ["other"]
    assert b"secret" not in file_of(history).read_bytes()
    history.clear()
    assert not file_of(history).exists()
    history.clear()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
def test_only_the_owner_reads_it(history: LineHistory) -> None:
    first = history.put(INK, "Hello")
    assert stat.S_IMODE(file_of(history).stat().st_mode) == 0o600
    history.put(INK, "other")
    history.remove(first)
    assert stat.S_IMODE(file_of(history).stat().st_mode) == 0o600


def test_a_line_that_was_cut_short_costs_no_other(history: LineHistory) -> None:
    history.put(INK, "Hello")
    with file_of(history).open("ab") as stream:
        stream.write(b'[1]\n{"id": 3}\n{"id": "x", "time": "", "text": "", "ink": {"strokes": [[1')
    history.put(INK, "other")
    assert sorted(entry.text for entry in history.entries()) == ["Hello", "other"]


def test_a_file_that_is_too_large_loses_the_oldest(
    history: LineHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = len(json.dumps(INK.to_record()))
    monkeypatch.setattr(module, "MOST_BYTES", 6 * one)
    for number in range(9):
        history.put(INK, str(number))
    assert file_of(history).stat().st_size <= 7 * one
    texts = [entry.text for entry in history.entries()]
    assert texts[0] == "8"
    assert texts == sorted(texts, reverse=True)


def test_what_is_removed_costs_no_other(
    history: LineHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 12 * len(json.dumps(INK.to_record())))
    ids = [history.put(INK, str(number)) for number in range(9)]
    history.remove(ids[-1])
    assert {entry.id for entry in history.entries()} == set(ids[:-1])


def test_a_history_that_cannot_be_written_says_so(history: LineHistory) -> None:
    file_of(history).parent.write_bytes(b"")
    with pytest.raises(HistoryError, match="cannot be written"):
        history.put(INK, "Hello")


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_holds_the_line(history: LineHistory, tmp_path: Path, suffix: str) -> None:
    history.put(INK, "Hello <42>")
    path = tmp_path / f"line{suffix}"
    export_entry(history.entries()[0], path)
    match suffix:
        case ".txt":
            assert path.read_text(encoding="utf-8") == "Hello <42>\n"
        case ".json":
            record = json.loads(path.read_bytes())
            assert record["text"] == "Hello <42>"
            assert Ink.from_record(record["ink"]).n_points == INK.n_points
        case ".png":
            assert Image.open(path).getextrema() == (0, 255)
        case _:
            (found,) = read_document(path)
            assert found.ink.n_points == INK.n_points


def test_an_unknown_format_is_named(history: LineHistory, tmp_path: Path) -> None:
    history.put(INK, "Hello")
    with pytest.raises(HistoryError, match=r"\.doc"):
        export_entry(history.entries()[0], tmp_path / "line.doc")
