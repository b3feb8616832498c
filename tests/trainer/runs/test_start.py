"""How a run begins, goes on and is refused, from the command line; with a quick classic model."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError
from trainer.runs import events
from trainer.runs.control import RunControl
from trainer.runs.folder import Request, RunFolder

KNN = ("train", "--preset", "knn", "--option", "neighbors=3")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_archive(tmp_path_factory.mktemp("data") / "small.npz", n=240))


def test_a_mistyped_dataset_leaves_no_folder_behind(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(tmp_path / "run")
    assert main([*KNN, "--data", "uprihgt", "--run-dir", run]) == 1
    assert "no dataset" in capsys.readouterr().err
    assert not Path(run).exists()
    assert main([*KNN, "--data", archive, "--run-dir", run]) == 0


def test_a_run_goes_on_without_its_options_and_refuses_others_by_name(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(tmp_path / "run")
    assert main([*KNN, "--data", archive, "--run-dir", run]) == 0
    before = (tmp_path / "run" / "config.json").read_bytes()
    assert main(["train", "--run-dir", run, "--resume"]) == 0
    assert (tmp_path / "run" / "config.json").read_bytes() == before
    capsys.readouterr()
    assert main(["train", "--run-dir", run, "--resume", "--seed", "7"]) == 1
    assert "seed: the run has 1, asked for is 7" in capsys.readouterr().err
    assert main(["train", "--run-dir", run]) == 1


def test_a_run_that_waits_is_begun_with_the_settings_in_its_folder(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"preset": "knn", "data": archive, "preset_options": {"neighbors": 3}}
    folder = RunFolder.create(tmp_path, TrainingConfig.from_record(record))
    before = folder.config_file.read_bytes()
    begin = ["train", "--run-dir", str(folder.root), "--begin"]
    assert main(["train", "--run-dir", str(tmp_path / "none"), "--begin"]) == 1
    assert "There is no run" in capsys.readouterr().err
    assert main(["train", "--begin"]) == 1
    assert "--run-dir" in capsys.readouterr().err
    assert main(begin) == 0
    assert folder.config_file.read_bytes() == before
    assert isinstance([*folder.events()][-1], events.Finished)
    assert main(begin) == 1
    assert "has begun already" in capsys.readouterr().err


def test_two_who_start_in_the_same_second_get_a_folder_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.runs.folder.time.strftime", lambda _: "now-pen")
    config = TrainingConfig(preset="pen", data="starter")
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: RunFolder.create(tmp_path / "runs", config), range(24)))
    assert len({folder.root for folder in folders}) == 24
    assert all(folder.config() == config for folder in folders)
    assert not any(folder.has_begun for folder in folders)


def test_a_folder_among_the_runs_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be made"):
        RunFolder.create(tmp_path / "file", TrainingConfig(preset="pen", data="x"))


def test_without_a_run_there_is_nothing_to_go_on_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--run-dir", str(tmp_path / "run"), "--resume"]) == 1
    assert "--data" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_said(
    archive: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    run = str(tmp_path / "file" / "run")
    assert main([*KNN, "--data", archive, "--run-dir", run]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_one_class_cannot_be_learnt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    images = np.zeros((40, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "one.npz", images=images, labels=np.zeros(40, dtype=np.int64))
    run = str(tmp_path / "run")
    assert main([*KNN, "--data", str(tmp_path / "one.npz"), "--run-dir", run]) == 1
    assert "at least 2 classes" in capsys.readouterr().err


def test_the_test_part_of_a_file_is_not_learnt(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (100, 28, 28), dtype=np.uint8)
    labels = np.arange(100) % 4
    np.savez(
        tmp_path / "both.npz",
        x_train=images[:80],
        y_train=labels[:80],
        x_test=images[80:],
        y_test=labels[80:],
    )
    folder = RunFolder(tmp_path / "run")
    data = str(tmp_path / "both.npz")
    assert main([*KNN, "--data", data, "--run-dir", str(folder.root)]) == 0
    started = next(e for e in folder.events() if isinstance(e, events.Started))
    assert started.n_train + started.n_validation == 80


def test_both_accuracies_of_the_best_epoch_are_told(archive: str, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    assert main([*KNN, "--data", archive, "--run-dir", str(folder.root)]) == 0
    *_, epoch = (e for e in folder.events() if isinstance(e, events.Epoch))
    *_, end = folder.events()
    assert isinstance(end, events.Finished)
    assert end.validation_accuracy == epoch.validation_accuracy
    assert end.merged_accuracy == pytest.approx(epoch.merged_accuracy)
    report = json.loads(folder.report_file.read_text())
    assert report


def test_pauses_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(tmp_path)
    clock = [100.0]

    def sleep(seconds: float) -> None:
        clock[0] += 60.0
        folder.ask(Request.RESUME)

    monkeypatch.setattr("trainer.runs.control.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("trainer.runs.control.time.sleep", sleep)
    control = RunControl(folder, [].append)
    before = control.clock()
    folder.ask(Request.PAUSE)
    control.handle_requests(1)
    assert control.clock() == before
    clock[0] += 5.0
    assert control.clock() == before + 5.0
