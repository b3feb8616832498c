"""Error rates of lines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.written_texts import written
from trainer.__main__ import main
from trainer.errors import DatasetError
from trainer.evaluation.lines import LabelledLine, ReadLine, line_figures, read_labelled_lines
from trainer.files.paths import default_bundle
from trainer.hand.hand import Hand, OwnSample
from trainer.hand.hand_file import write_hand
from trainer.ink.strokes import Ink, starts_of
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer


def _archive(path: Path, texts: list[str], **more: Any) -> Path:
    """Write an archive of words, each by another writer."""
    inks = [written(text) for text in texts]
    strokes = [stroke.points for ink in inks for stroke in ink.strokes]
    arrays = {
        "points": np.concatenate(strokes).astype(np.int16),
        "stroke_start": starts_of([len(stroke) for stroke in strokes]),
        "sample_start": starts_of([len(ink.strokes) for ink in inks]),
        "label": np.array(texts),
        "writer": np.arange(len(texts)),
    }
    np.savez(path, **{**arrays, **more})
    return path


def _read(text: str, read: str, writer: str = "") -> ReadLine:
    return ReadLine(LabelledLine(Ink(), text, writer), read, 0.01)


def test_errors_are_counted_with_and_without_case() -> None:
    figures = line_figures([_read("Hello 42", "hello 42"), _read("tea", "ten")])
    ignored, strict = figures["case ignored"], figures["with case"]
    assert ignored["character_error_rate"] == pytest.approx(1 / 11)
    assert strict["character_error_rate"] == pytest.approx(2 / 11)
    assert ignored["words_right"] == pytest.approx(2 / 3)
    assert strict["words_right"] == pytest.approx(1 / 3)
    low, high = strict["character_error_interval"]
    assert low < strict["character_error_rate"] < high


def test_spaces_are_counted() -> None:
    figures = line_figures([_read("a bc d", "a bxd"), _read("tea", "t ea"), _read("I am", "I arn")])
    assert figures["spaces"] == {"written": 3, "missed": 1, "added": 1}
    assert figures["calibration_error"] is None


def test_words_are_as_sure_as_they_are_right() -> None:
    def sure(written: str, read: str, *probabilities: float) -> ReadLine:
        return replace(_read(written, read), probabilities=probabilities)

    lines = [sure("I am", "I an", 0.99, 0.6), sure("tea", "tea", 0.6), sure("I am", "Iam", 0.9)]
    expected = (abs(0.99 - 1) + abs(2 * 0.6 - 1)) / 3
    assert line_figures(lines)["calibration_error"] == pytest.approx(expected)


def test_intervals_are_of_writers() -> None:
    alike = [_read("ab", "ab", "1"), _read("ab", "xy", "1"), _read("ab", "xy", "2")]
    apart = [*alike, _read("ab", "ab", "2")]
    figures = line_figures(apart)
    assert figures["writers"] == 2
    assert figures["with case"]["character_error_interval"] == (0.5, 0.5)
    assert line_figures(alike)["with case"]["character_error_interval"][1] > 0.5


def test_inks_with_texts_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lines.jsonl"
    records = [{**written("Hello").to_record(), "text": "Hello"}]
    records += [{**written("tea").to_record(), "text": "tee", "writer": "somebody"}]
    path.write_text("\n".join(map(json.dumps, records)))
    assert main(["evaluate", "--lines", str(path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["both"]["all"]["lines"] == figures["none"]["all"]["lines"] == 2
    assert figures["both"]["all"]["case ignored"]["character_error_rate"] == pytest.approx(1 / 8)
    assert "printed" not in figures["both"]


def test_words_are_measured_by_their_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _archive(tmp_path / "words.npz", ["Hello", "tea"], printed=np.array([True, False]))
    assert main(["evaluate", "--lines", str(path), "--language", "en"]) == 0
    text = capsys.readouterr().out
    assert text.count("printed, case ignored  1") == 2
    assert "joined, with case      1" in text
    assert "language none" in text
    assert text.count("calibration error of the probabilities of words: ") == 2
    assert text.count("spaces: 0 written, 0 of them missed, 0 added") == 2
    assert len(read_labelled_lines(path, 1)) == 1


def test_codes_are_made_of_characters_where_they_stood(tmp_path: Path) -> None:
    path = _archive(
        tmp_path / "characters.npz",
        ["4", "B", "7", "I"],
        label=np.array(["4", "B", "7", "-"]),
        word=np.zeros(4, np.int64),
        baseline=np.array([100.0]),
        x_height=np.array([50.0]),
    )
    lines = read_labelled_lines(path, 5)
    assert len(lines) == 5
    for line in lines:
        assert 4 <= len(line.text) <= 8
        assert len(set(line.text)) == 1  # one writer wrote it, who knows one character here
        assert set(line.text) <= set("4B7")
        assert line.is_code
        points, _ = line.ink.flat()
        assert points[:, 1].max() == pytest.approx(0, abs=0.1)  # on the baseline


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"strokes": [[[0, 0], [1, 1]]]}', "Line 1 .* no text"),
        ("{}", "Line 1"),
        ("", "no lines"),
    ],
)
def test_lines_without_text_are_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(content)
    with pytest.raises(DatasetError, match=words):
        read_labelled_lines(path)


def test_other_archives_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    path.write_text("{}")
    with pytest.raises(DatasetError, match=r"other\.npz cannot be read: it is no archive of"):
        read_labelled_lines(path)
    names = ("points", "stroke_start", "sample_start", "label", "writer")
    np.savez(path, **dict.fromkeys(names, np.array([{}], dtype=object)))
    with pytest.raises(DatasetError, match="Object arrays cannot be loaded"):
        read_labelled_lines(path)
    np.savez(path, images=np.zeros(3))
    with pytest.raises(DatasetError, match="has no points"):
        read_labelled_lines(path)
    _archive(path, ["4"], word=np.array([7]), baseline=np.array([100.0]), x_height=np.array([50.0]))
    with pytest.raises(DatasetError, match="words that it lacks"):
        read_labelled_lines(path)


def test_lines_and_reports_exclude_one_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _archive(tmp_path / "words.npz", ["tea"])
    assert main(["evaluate", "--lines", str(path), "--html", str(tmp_path / "report.html")]) == 1
    assert "--html is for characters" in capsys.readouterr().err
    assert main(["evaluate", "--lines", str(path), "--split", "test", "--per-writer"]) == 1
    assert "--split, --per-writer is for characters" in capsys.readouterr().err
    assert main(["evaluate", "--data", "mnist", "--limit", "3"]) == 1
    assert "--limit is for lines" in capsys.readouterr().err


def test_words_are_no_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _archive(tmp_path / "words.npz", [f"w{n}" for n in range(40)])
    assert main(["evaluate", "--data", str(path)]) == 1
    error = capsys.readouterr().err
    assert "words and no characters, such as w0, w1, w10" in error
    assert "evaluate --lines" in error
    assert "w39" not in error


def test_lines_are_read_with_a_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recognizer = Recognizer(load_bundle(default_bundle()))
    hand = Hand.of(recognizer)
    hand.learn_inks([OwnSample(str(n), "é", written("e")) for n in range(3)], recognizer)
    write_hand(tmp_path / "me.hand", hand)
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps({**written("He").to_record(), "text": "Hé"}))
    arguments = ["evaluate", "--lines", str(path), "--language", "none"]
    assert main([*arguments, "--hand", str(tmp_path / "me.hand"), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["none"]["all"]["with case"]["words_right"] == 1.0
    assert main([*arguments, "--hand", str(tmp_path / "me.hand")]) == 0
    assert " with me.hand on " in capsys.readouterr().out
