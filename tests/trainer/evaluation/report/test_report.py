"""The report of one model on one dataset: figures, files, and the page in HTML."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainer.archives import SHAPES, write_archive
from trainer.__main__ import main
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import read_pen_archive
from trainer.errors import DatasetError
from trainer.evaluation import calibration, metrics
from trainer.evaluation.classifier import data_images, open_classifier
from trainer.evaluation.report.axes import round_limits, ticks
from trainer.evaluation.report.html import report_html
from trainer.evaluation.report.predict import CHUNK, predict_all, threads_for
from trainer.evaluation.report.predictions import PREDICTIONS_NAME, Predictions
from trainer.evaluation.report.report import (
    REPORT_NAME,
    Report,
    load_figures,
    load_report,
    make_report,
)
from trainer.evaluation.report.text import report_text
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import BYCLASS, BYMERGE, DIGITS

ALPHABET = ("0", "O", "5", "S", "x", "never")


def _answers(n: int = 300, seed: int = 0) -> tuple[np.ndarray, Dataset]:
    """Return probabilities over `ALPHABET`, and data in which its last character is not."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 5, n)
    probabilities = generator.dirichlet(np.ones(6), n).astype(np.float32)
    probabilities[np.arange(n), labels] += 0.5
    probabilities[:, 5] = 0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    images = np.zeros((n, 28, 28), dtype=np.uint8)
    return probabilities, Dataset("made-up", ALPHABET, images, labels)


@pytest.fixture(scope="module")
def made() -> Report:
    report = make_report(ALPHABET, *_answers())
    return Report(
        {"model": "of <b>tests</b>", "data": "made-up", **report.figures}, report.predictions
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """Return what the real command leaves and prints: the folder, the JSON, standard error."""
    folder = tmp_path_factory.mktemp("kept")
    archive = write_archive(folder / "a.npz", 60)
    options = (
        f"--data {archive} --json --progress --out {folder / 'out'} --html {folder / 'p.html'}"
    )
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "evaluate", *options.split()],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "EMNIST_DESKTOP_PROFILE": str(folder / "profile")},
    )
    (line,) = done.stdout.splitlines()
    return folder, json.loads(line), done.stderr


@pytest.mark.parametrize(
    ("known", "labelled", "words"),
    [
        (BYCLASS, BYCLASS, "47 classes of 62 (case merged)"),
        (BYCLASS, DIGITS, "10 classes"),
        (BYMERGE, BYMERGE, "47 classes"),
    ],
)
def test_a_report_says_where_case_is_merged(
    known: Sequence[str], labelled: Sequence[str], words: str
) -> None:
    labels = np.array([known.index(name) for name in labelled])
    images = np.zeros((len(labels), 28, 28), dtype=np.uint8)
    data = Dataset("made-up", tuple(known), images, labels)
    probabilities = np.eye(len(known), dtype=np.float32)[labels]
    figures = {
        "model": "m",
        "data": "d",
        **make_report(known, probabilities, data).figures,
    }
    assert f"samples, {words}\n" in report_text(figures)
    page = report_html(figures)
    assert f"samples, {words}." in page
    assert f"of {len(labels)} samples of {words}" in page


def test_classes_are_counted_as_scikit_learn_does(made: Report) -> None:
    from sklearn.metrics import classification_report, confusion_matrix

    probabilities, data = _answers()
    predicted = probabilities.argmax(axis=1)
    theirs = classification_report(
        data.labels, predicted, labels=range(5), target_names=ALPHABET[:5], output_dict=True
    )
    for entry in made.figures["per_class"][:5]:
        other = theirs[entry["character"]]
        assert entry["precision"] == pytest.approx(other["precision"])
        assert entry["recall"] == pytest.approx(other["recall"])
        assert entry["accuracy"] == entry["recall"]
        assert entry["f1"] == pytest.approx(other["f1-score"])
        assert entry["support"] == other["support"]
    for ours, name in (("macro", "macro avg"), ("weighted", "weighted avg")):
        assert made.figures[ours]["f1"] == pytest.approx(theirs[name]["f1-score"])
        assert made.figures[ours]["precision"] == pytest.approx(theirs[name]["precision"])
        assert made.figures[ours]["recall"] == pytest.approx(theirs[name]["recall"])
    own = confusion_matrix(data.labels, predicted, labels=range(6))
    assert made.figures["confusion"] == own.tolist()


def test_rows_are_true_and_columns_predicted() -> None:
    probabilities = np.zeros((3, 6), dtype=np.float32)
    probabilities[:, 1] = 1.0  # everything is read as O
    data = Dataset("d", ALPHABET, np.zeros((3, 9, 9), np.uint8), np.array([0, 0, 1]))
    figures = make_report(ALPHABET, probabilities, data).figures
    zero, letter = (figures["characters"].index(name) for name in "0O")
    assert figures["confusion"][zero][letter] == 2
    assert figures["confusion"][letter][zero] == 0
    assert figures["most_confused"] == [
        {"true": "0", "predicted": "O", "count": 2, "of": 2, "share": 1.0}
    ]
    assert (figures["correct"], figures["incorrect"]) == (1, 2)
    assert figures["forgiving"] == 1.0
    assert {"characters": ["0", "O"], "errors": 2} in figures["forgiving_groups"]


def test_a_class_that_never_occurs_weighs_nothing(made: Report) -> None:
    never = made.figures["per_class"][5]
    assert (never["support"], never["predicted"], never["f1"]) == (0, 0, 0.0)
    others = [entry["f1"] for entry in made.figures["per_class"][:5]]
    assert made.figures["macro"]["f1"] == pytest.approx(np.mean(others))


def test_predictions_tell_every_sample(made: Report) -> None:
    probabilities, data = _answers()
    found = made.predictions
    assert np.array_equal(found.truth, data.labels)
    assert int(found.correct.sum()) == made.figures["correct"]
    ranked = np.sort(probabilities, axis=1)
    assert np.allclose(found.predicted_probability, ranked[:, -1])
    assert np.allclose(found.second_probability, ranked[:, -2])
    assert np.allclose(found.third_probability, ranked[:, -3])
    assert (found.second != found.predicted).all()
    truth = probabilities[np.arange(len(data)), data.labels]
    assert np.allclose(found.truth_probability, truth)


def test_one_class_alone_has_no_second() -> None:
    data = Dataset("d", ("x",), np.zeros((2, 9, 9), np.uint8), np.zeros(2, np.int64))
    found = make_report(("x",), np.ones((2, 1), np.float32), data)
    assert found.predictions.second_probability.tolist() == [0, 0]
    assert found.figures["accuracy"] == 1.0
    assert "Nothing was misread" in report_text({"model": "m", "data": "d", **found.figures})


def test_no_samples_are_refused() -> None:
    data = Dataset("d", ("x",), np.zeros((0, 9, 9), np.uint8), np.zeros(0, np.int64))
    with pytest.raises(DatasetError, match="no samples"):
        make_report(("x",), np.ones((0, 1), np.float32), data)


answers = st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=60)


@given(answers)
def test_bins_hold_every_answer_and_give_the_calibration_error(
    drawn: list[tuple[float, bool]],
) -> None:
    confidence = np.array([share for share, _ in drawn], dtype=np.float32)
    correct = np.array([right for _, right in drawn])
    bins = calibration.reliability(confidence, correct)
    assert sum(found.samples for found in bins) == len(drawn)
    gaps = [b.samples * abs(b.confidence - b.accuracy) for b in bins if b.samples]
    sure = np.maximum(confidence, 0.5)
    two = np.stack([sure, 1 - sure], axis=1)
    labels = np.where(correct, two.argmax(axis=1), 1 - two.argmax(axis=1))
    assert 0 <= sum(gaps) / len(drawn) <= 1
    again = calibration.reliability(two.max(axis=1), correct)
    expected = sum(b.samples * abs(b.confidence - b.accuracy) for b in again if b.samples)
    assert metrics.calibration_error(two, labels) == pytest.approx(expected / len(drawn), abs=1e-6)


@given(answers)
def test_what_remains_is_the_surest(drawn: list[tuple[float, bool]]) -> None:
    confidence = np.array([share for share, _ in drawn], dtype=np.float32)
    correct = np.array([right for _, right in drawn])
    curve = calibration.coverage(confidence, correct)
    assert curve[0].samples == len(drawn)
    assert curve[0].accuracy == pytest.approx(correct.mean())
    sizes = [kept.samples for kept in curve]
    limits = [kept.least_confidence for kept in curve]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] >= 1
    assert limits == sorted(limits)
    assert all((confidence >= kept.least_confidence).sum() >= kept.samples for kept in curve)


def test_without_answers_there_is_no_curve() -> None:
    assert calibration.coverage(np.zeros(0, np.float32), np.zeros(0, bool)) == ()


def test_the_command_prints_and_keeps_the_same(
    kept: tuple[Path, dict[str, Any], str],
) -> None:
    folder, printed, error = kept
    for name in [
        "accuracy",
        "interval",
        "top3",
        "correct",
        "incorrect",
        "per_class",
        "macro",
        "weighted",
        "confusion",
        "most_confused",
        "calibration_error",
        "accuracy_unmasked",
        "forgiving",
        "samples",
        "writers",
        "classes",
    ]:
        assert name in printed
    assert printed["correct"] + printed["incorrect"] == printed["samples"] == 60
    assert printed["correct"] / 60 == pytest.approx(printed["accuracy"])
    report = load_report(folder / "out")
    assert {name: report.figures[name] for name in printed} == printed
    assert len(report.predictions) == 60
    assert int(report.predictions.correct.sum()) == printed["correct"]
    names = [report.predictions.characters[place] for place in report.predictions.truth[:6]]
    assert names == [name.upper() for name in SHAPES]
    steps = [json.loads(line) for line in error.splitlines() if line.startswith('{"done"')]
    assert steps[-1] == {"done": 60, "total": 60, "phase": "Reading samples"}


@pytest.mark.parametrize("as_images", [True, False], ids=["images", "drawings"])
def test_networks_side_by_side_answer_as_one(tmp_path: Path, as_images: bool) -> None:
    archive = read_pen_archive(write_archive(tmp_path / "many.npz", 33))
    data = archive.render() if as_images else archive
    heard: list[tuple[int, int]] = []
    one, *others = [open_classifier() for _ in range(3)]
    alone = predict_all(data, [one], one.pen_widths, lambda *step: heard.append(step), 16)
    together = predict_all(data, [one, *others], one.pen_widths, lambda *_: None, 16)
    assert np.array_equal(alone.probabilities, together.probabilities)
    by_pen = [one.probabilities(data_images(data, one, width)) for width in one.pen_widths]
    expected = by_pen[0] if as_images else np.mean(by_pen, axis=0)
    assert np.array_equal(alone.probabilities, expected)
    assert heard == [(0, 33), (16, 33), (32, 33), (33, 33)]
    assert alone.seconds > 0


def test_only_networks_are_put_side_by_side() -> None:
    assert threads_for("litert", CHUNK) == 1
    assert threads_for("classic", 100 * CHUNK) == threads_for("keras", 100 * CHUNK) == 1
    assert 1 <= threads_for("litert", 100 * CHUNK) <= 8


def test_a_network_alone_needs_an_alphabet_and_then_answers_alike(
    kept: tuple[Path, dict[str, Any], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, printed, _ = kept
    network = shutil.copy(default_bundle() / "model.tflite", tmp_path / "own.tflite")
    command = ["evaluate", "--model", str(network), "--data", str(folder / "a.npz"), "--json"]
    assert main(command) == 1
    assert "--alphabet" in capsys.readouterr().err
    assert main([*command, "--alphabet", "cased"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["accuracy"] >= printed["accuracy"] > 0.8  # it reads images, without direction
    assert figures["kind"] == "litert"


def test_a_shell_sees_the_classes_when_it_asks(
    kept: tuple[Path, dict[str, Any], str], capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(kept[0] / "a.npz")
    assert main(["evaluate", "--data", data]) == 0
    short = capsys.readouterr().out
    assert main(["evaluate", "--data", data, "--per-class"]) == 0
    long = capsys.readouterr().out
    assert long.startswith(short.rstrip("\n"))
    assert "precision" in long.splitlines()[len(short.splitlines()) + 1]
    assert len(long.splitlines()) > len(short.splitlines()) + 47


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "FILE"], "Expected a folder after --out"),
        (["--html", "FOLDER"], "Expected a file after --html"),
        (["--pen-widths", "2.9", "0"], "Expected pen widths above 0"),
        (["--out", "FILE/below"], "cannot be written"),
        (["--html", "FILE/below.html"], "cannot be written"),
        (["--model", "FOLDER"], "no recogniser"),
        (["--data", "FOLDER/none.npz"], "There is no"),
    ],
)
def test_what_cannot_be_is_said(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = write_archive(tmp_path / "a.npz", 6)
    file = tmp_path / "file"
    file.write_text("mine")
    names = {"FILE": str(file), "FOLDER": str(tmp_path)}
    for name, path in names.items():
        options = [option.replace(name, path) for option in options]
    assert main(["evaluate", "--data", str(archive), *options]) == 1
    assert said in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_a_report_is_replaced_as_a_whole(made: Report, tmp_path: Path) -> None:
    made.save(tmp_path)
    Report({**made.figures, "model": "later"}, made.predictions).save(tmp_path)
    assert load_report(tmp_path).figures["model"] == "later"
    assert sorted(path.name for path in tmp_path.iterdir()) == [PREDICTIONS_NAME, REPORT_NAME]


def test_answers_of_another_report_are_refused(made: Report, tmp_path: Path) -> None:
    made.save(tmp_path)
    other = make_report(ALPHABET, *_answers(seed=9))
    other.predictions.save(tmp_path / PREDICTIONS_NAME)
    assert load_figures(tmp_path)["samples"] == 300
    with pytest.raises(DatasetError, match="not those of its report"):
        load_report(tmp_path)


def _broken(figures: dict[str, Any], how: str) -> str:
    changes: dict[str, dict[str, Any]] = {
        "other version": {"format": 99},
        "no figures": {"macro": None},
        "no number": {"accuracy": "all"},
        "impossible": {"accuracy": 17.0},
        "negative": {"correct": -1},
        "not square": {"confusion": figures["confusion"][1:]},
        "ragged": {"confusion": [[1], *figures["confusion"][1:]]},
        "unknown class": {"most_confused": [{**figures["most_confused"][0], "true": "?"}]},
        "twice": {"characters": ["0"] * 6},
        "no curve": {"coverage": []},
        "empty bin": {
            "reliability": [{**figures["reliability"][-1], "accuracy": None, "samples": 4}]
        },
    }
    return json.dumps({**figures, **changes[how]})


@pytest.mark.parametrize(
    "how",
    [
        "other version",
        "no figures",
        "no number",
        "impossible",
        "negative",
        "not square",
        "ragged",
        "unknown class",
        "twice",
        "no curve",
        "empty bin",
    ],
)
def test_damaged_figures_are_refused(made: Report, tmp_path: Path, how: str) -> None:
    made.save(tmp_path)
    figures = load_figures(tmp_path)
    (tmp_path / REPORT_NAME).write_text(_broken(figures, how), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        load_figures(tmp_path)
    assert caught.value.hint == "Make it again."


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_garbage_is_refused(made: Report, tmp_path: Path, content: bytes) -> None:
    made.save(tmp_path)
    (tmp_path / REPORT_NAME).write_bytes(content)
    with pytest.raises(DatasetError):
        load_figures(tmp_path)
    (tmp_path / PREDICTIONS_NAME).write_bytes(content)
    with pytest.raises(DatasetError, match="cannot be read"):
        Predictions.load(tmp_path / PREDICTIONS_NAME)


@pytest.mark.parametrize(
    "change",
    [
        {"truth": np.full(300, 6)},
        {"predicted": np.full(300, -1)},
        {"indices": np.zeros(299, dtype=np.int64)},
        {"second": np.zeros(300, dtype=np.int32)},
        {"truth_probability": np.zeros(300)},
        {"characters": np.array(["a"])},
    ],
    ids=lambda change: next(iter(change)),
)
def test_damaged_answers_are_refused(
    made: Report, tmp_path: Path, change: dict[str, np.ndarray]
) -> None:
    path = tmp_path / PREDICTIONS_NAME
    made.predictions.save(path)
    with np.load(path) as archive:
        np.savez(path, **{**archive, **change})
    with pytest.raises(DatasetError, match="damaged"):
        Predictions.load(path)


@given(st.floats(0, 1), st.floats(0, 1))
def test_axes_are_round_and_wide_enough(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    limits = round_limits(low, high)
    assert limits[0] <= low + 1e-5
    assert limits[1] >= high - 1e-5
    assert limits[1] - limits[0] >= 0.009
    assert 2 <= len(ticks(*limits)) <= 9


class _Page(HTMLParser):
    """Notes tags, and what they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str | None] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value for name, value in attributes if name in ("src", "href")]


def test_the_page_needs_nothing_else(made: Report) -> None:
    text = report_html(made.figures)
    page = _Page()
    page.feed(text)
    assert page.loads == []
    assert "http" not in text
    assert "@import" not in text
    assert page.tags.count("svg") == 3
    assert page.tags.count("meter") == 6


def test_figures_of_the_page_are_sound_drawings(made: Report) -> None:
    text = report_html(made.figures)
    drawings = [f"<svg{part.split('</svg>')[0]}</svg>" for part in text.split("<svg")[1:]]
    matrix, reliability, _ = (ET.fromstring(drawing) for drawing in drawings)
    cells = [cell for cell in matrix.iter("rect") if cell.get("class") != "frame"]
    counts = np.array(made.figures["confusion"])
    assert len(cells) == np.count_nonzero(counts)
    titles = [title.text for title in matrix.iter("title")]
    assert f"0 read right: {counts[0, 0]} of {counts[0].sum()}" in " ".join(map(str, titles))
    shown = [found for found in made.figures["reliability"] if found["samples"]]
    assert len(list(reliability.iter("rect"))) == len(shown)


def test_names_cannot_break_the_page(made: Report) -> None:
    evil = "<script>alert(1)</script>"
    names = [evil, *made.figures["characters"][1:]]
    classes = [{**made.figures["per_class"][0], "character": evil}, *made.figures["per_class"][1:]]
    pairs = [{**made.figures["most_confused"][0], "true": evil, "predicted": evil}]
    figures = {
        **made.figures,
        "model": evil,
        "data": evil,
        "characters": names,
        "per_class": classes,
        "most_confused": pairs,
        "forgiving_groups": [{"characters": [evil, "O"], "errors": 1}],
    }
    page = _Page()
    page.feed(report_html(figures))
    assert page.tags.count("script") == 1


def test_very_many_classes_are_not_drawn() -> None:
    n = 101
    names = tuple(f"c{i}" for i in range(n))
    data = Dataset("d", names, np.zeros((n, 9, 9), np.uint8), np.arange(n))
    figures = make_report(names, np.eye(n, dtype=np.float32), data).figures
    text = report_html({"model": "m", "data": "d", **figures})
    assert "too many classes" in text
    assert text.count("<svg") == 2
