"""Runs of other versions: older ones are read, newer ones are told of and left as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.__main__ import main
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, RunError, TrainerError
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import Status, list_runs, summarize
from trainer.runs.test_result import measure_test
from trainer.runs.titles import set_label

CONFIG = TrainingConfig(data="starter", epochs=5)
STARTED = events.Started("pen", 1234, 900, 100, ("A", "B"), 5, 10, 1, "CPU")
NEWER = 99


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / "runs" / "some")
    made.open(CONFIG, resume=False)
    made.append(STARTED)
    return made


def of_newer_settings(folder: RunFolder) -> None:
    record = json.loads(folder.config_file.read_text())
    folder.config_file.write_text(json.dumps({**record, "format": NEWER, "hologram": True}))


def of_newer_events(folder: RunFolder) -> None:
    line = json.loads(events.to_line(STARTED))
    folder.events_file.write_text(json.dumps({**line, "format": NEWER}, separators=(",", ":")))


def contents(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_settings_and_events_say_their_version(folder: RunFolder) -> None:
    assert json.loads(folder.config_file.read_text())["format"] == 1
    assert json.loads(folder.events_file.read_text())["format"] == 1
    assert not folder.is_newer
    assert TrainingConfig.from_json(folder.config_file.read_text()) == CONFIG
    assert "format" not in summarize(folder.root).config
    assert not folder.open(CONFIG, resume=True)


def test_what_says_no_version_is_of_the_first(folder: RunFolder) -> None:
    folder.config_file.write_text(CONFIG.to_json())
    record = json.loads(folder.events_file.read_text())
    del record["format"]
    folder.events_file.write_text(json.dumps(record) + "\n")
    assert not folder.is_newer
    run = summarize(folder.root)
    assert (run.status, run.epochs, run.parameters) == (Status.RUNNING, 5, 1234)
    assert not folder.open(CONFIG, resume=True)


@pytest.mark.parametrize("make_newer", [of_newer_settings, of_newer_events])
def test_a_newer_run_is_told_of_and_left_as_it_is(
    folder: RunFolder, make_newer, capsys: pytest.CaptureFixture[str]
) -> None:
    make_newer(folder)
    before = contents(folder.root)
    (run,) = list_runs(folder.root.parent)
    assert run.status is Status.NEWER
    assert (run.preset, run.dataset) == ("pen", "starter")
    assert not run.status.is_resumable
    assert not run.status.is_alive
    assert not run.is_testable
    assert "newer version" in run.message
    with pytest.raises(RunError, match="made by a newer version"):
        set_label(folder.root, "Mine", "")
    with pytest.raises(TrainerError):
        measure_test(folder)
    resume = ("--run-dir", str(folder.root), "--resume")
    assert main(["train", "--data", "starter", "--epochs", "5", *resume]) == 1
    assert "made by a newer version of this program" in capsys.readouterr().err
    assert contents(folder.root) == before


@pytest.mark.parametrize("number", [2, "2", None, [], 1.5])
def test_settings_of_a_newer_version_are_refused(number: object) -> None:
    with pytest.raises(ConfigError, match="newer version") as caught:
        TrainingConfig.from_record({"data": "starter", "format": number})
    assert caught.value.field == "format"


def test_an_imported_bundle_is_not_marked_as_chosen_by_a_test(folder: RunFolder) -> None:
    tested = {"data": "starter", "samples": 10, "accuracy": 0.5, "low": 0.4, "high": 0.6}
    note = {**tested, "seen": 0.0, "model": "m", "settings": "s"}
    (folder.root / "test.json").write_text(json.dumps(note))
    settings = {**json.loads(CONFIG.to_json()), "epochs": 9}
    card = {"name": "b", "training": {"settings": settings, "best_epoch": 9}}
    imported = RunFolder(folder.root.with_name("imported"))
    imported.bundle.mkdir(parents=True)
    (imported.bundle / "bundle.json").write_text(json.dumps(card))
    found = {run.status: run.chosen_after for run in list_runs(folder.root.parent)}
    assert found[Status.IMPORTED] == ""
    own = RunFolder(folder.root.with_name("own"))
    own.open(TrainingConfig(data="starter", epochs=9), resume=False)
    runs = {run.root.name: run for run in list_runs(folder.root.parent)}
    assert runs["own"].chosen_after == runs["some"].title
