"""A run's test is noted by whatever measures it, and marks what is set up after it."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainer.__main__ import main
from trainer.commands.train import _library_lines_in
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import TEST, TRAIN, DatasetWriter
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.runs import test_result as tests_seen
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import list_runs
from trainer.runs.test_result import (
    PLAN_NAME,
    TEST_RESULT_NAME,
    chosen_after,
    is_first_test,
    measure_test,
    read_test_result,
    record_plan,
)

KNN = ("train", "--preset", "knn", "--option", "neighbors=3", "--data", "lines")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a profile with a dataset that has a test split, and one run."""
    root = tmp_path_factory.mktemp("trained")
    generator = np.random.default_rng(0)
    labels = np.arange(120) % 3
    images = generator.integers(0, 120, (120, 8, 8), dtype=np.uint8)
    images[np.arange(120), labels * 2, :] = 255
    folder = Profile(root).datasets / "lines"
    with DatasetWriter(folder, title="Lines", alphabet="ABC", image_shape=(8, 8)) as writer:
        writer.append(TRAIN, images[:90], labels[:90])
        writer.append(TEST, images[90:], labels[90:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROFILE_VARIABLE, str(root))
        assert main([*KNN, "--run-dir", str(Profile(root).runs / "first")]) == 0
    return root


@pytest.fixture
def first(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a run whose test nobody has seen, in a profile of its own."""
    shutil.copytree(trained, tmp_path / "own")
    monkeypatch.setenv(PROFILE_VARIABLE, str(tmp_path / "own"))
    return Profile(tmp_path / "own").runs / "first"


@pytest.mark.parametrize(
    ("of_run", "data", "split", "is_noted"),
    [
        ("", "lines", "test", True),
        ("", "lines", "", True),
        ("bundle", "lines", "test", True),
        ("", "lines", "train", False),
        ("", "elsewhere", "test", False),
        ("", "a path", "test", False),
    ],
    ids=["run", "default split", "bundle", "train", "other data", "other folder"],
)
def test_a_report_on_the_test_split_is_noted_in_the_run(
    first: Path,
    of_run: str,
    data: str,
    split: str,
    is_noted: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    datasets = Profile.locate().datasets
    shutil.copytree(datasets / "lines", datasets / "elsewhere")
    if data == "a path":
        data = str(datasets / "elsewhere")
    options = ["--data", data, *(["--split", split] if split else [])]
    assert is_first_test(first / of_run, data, split) == is_noted
    assert main(["evaluate", "--model", str(first / of_run), *options]) == 0
    assert (read_test_result(first) is not None) == is_noted
    assert ("This was the first look at the test data" in capsys.readouterr().out) == is_noted
    assert not is_first_test(first / of_run, data, split)
    assert main(["evaluate", "--model", str(first / of_run), *options]) == 0
    printed = capsys.readouterr().out
    assert "first look" not in printed
    assert ("This was look 2 at the test data of the run; the first was" in printed) == is_noted


def test_the_test_is_counted_once_whoever_asks_first(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--model", str(first), "--data", "lines", "--json"]
    assert main(["evaluate", *options]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    noted = read_test_result(first)
    assert noted is not None
    assert (noted.accuracy, noted.samples) == (figures["accuracy"], 30)
    assert measure_test(RunFolder(first)) == noted
    assert main(["evaluate", *options]) == 0
    assert read_test_result(first) == replace(noted, looks=2)


def test_runs_that_differ_in_their_seed_are_not_chosen_by_one_another(first: Path) -> None:
    second = first.with_name("second")
    assert main([*KNN, "--seed", "2", "--run-dir", str(second)]) == 0
    for root in (first, second):
        assert main(["evaluate", "--model", str(root), "--data", "lines"]) == 0
        assert read_test_result(root) is not None
    assert [run.chosen_after for run in list_runs(first.parent)] == ["", ""]


def test_what_was_seen_of_a_run_stays_seen_when_it_is_trained_again(first: Path) -> None:
    seen = measure_test(RunFolder(first))
    other = replace(seen, model="another", settings="others", seen=1.0)
    (first / TEST_RESULT_NAME).write_text(json.dumps(other.__dict__))
    again = measure_test(RunFolder(first))
    assert again == replace(seen, settings="others", seen=1.0, looks=2)
    (run,) = list_runs(first.parent)
    assert run.chosen_after == run.title


def test_a_run_that_cannot_be_written_to_is_measured_all_the_same(
    first: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("trainer.runs.test_result.write_json", refuse)
    assert main(["evaluate", "--model", str(first), "--data", "lines"]) == 0
    assert "not noted in first" in caplog.text


def test_runs_of_one_plan_are_not_chosen_by_one_another(tmp_path: Path) -> None:
    config = TrainingConfig(data="lines").__dict__
    tested = tests_seen.TestResult("lines", 30, 0.9, 0.8, 0.95, 100.0, "model", "settings")
    one, other = tmp_path / "one", tmp_path / "other"
    for root in (one, other):
        root.mkdir()
    record = tests_seen.TestRecord(one, "One", {**config, "epochs": 7}, tested)
    assert chosen_after(other, config, 200.0, [record]) == "One"
    record_plan(one, "a plan")
    assert chosen_after(other, config, 200.0, [record]) == "One"
    record_plan(other, "a plan")
    assert chosen_after(other, config, 200.0, [record]) == ""
    (other / PLAN_NAME).write_text("[]")
    assert chosen_after(other, config, 200.0, [record]) == "One"


def test_robustness_on_the_test_split_is_noted_as_a_look(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    robustness = ("robustness", "--model", str(first), "--data", "lines", "--corruptions", "noise")
    assert main([*robustness, "--samples", "10"]) == 0
    assert "This was the first look at the test data of knn, lines-train" in capsys.readouterr().out
    assert not is_first_test(first, "lines", "test")
    looked = read_test_result(first)
    assert looked is not None
    assert (looked.samples, looked.is_sample) == (10, True)
    measured = measure_test(RunFolder(first))
    assert (measured.samples, measured.is_sample) == (30, False)
    assert measured.seen == looked.seen
    assert main([*robustness, "--samples", "20"]) == 0
    assert "This was look 3 at the test data of knn" in capsys.readouterr().out
    assert read_test_result(first) == replace(measured, looks=3)


def test_what_libraries_write_goes_to_the_log_of_the_run(
    first: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with _library_lines_in(first / "log.txt"):
        os.write(2, b"a line of native code\n")
    assert "native code" in (first / "log.txt").read_text(encoding="utf-8")
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"
