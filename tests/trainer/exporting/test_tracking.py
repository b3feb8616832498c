"""Runs in TensorBoard and MLflow, read back by the packages themselves."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from trainer.__main__ import main
from trainer.config.training_config import TrainingConfig
from trainer.datasets.store import DatasetWriter
from trainer.exporting.tracking import TensorBoardTracker, flat_settings, matrix_picture
from trainer.files.paths import Profile
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import Status, summarize

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

CONFIG = TrainingConfig.from_record({"preset": "lenet5", "data": "mnist", "seed": 7})


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """Return a run of three epochs, of which one was done twice."""
    folder = RunFolder(tmp_path / "lenet's run")
    folder.open(CONFIG, resume=False)
    start = events.Started("lenet5", 9, 90, 10, ("A", "B"), 3, 5, 1, "CPU")
    folder.append(start)
    for number, loss in ((1, 0.9), (2, 5.0)):
        folder.append(_epoch(number, loss))
    folder.append(events.Started("lenet5", 9, 90, 10, ("A", "B"), 3, 5, 2, "CPU"))
    for number, loss in ((2, 0.5), (3, 0.4)):
        folder.append(_epoch(number, loss))
        folder.append(events.Confusion(number, ((3, 1), (0, 6))))
    folder.append(events.Finished(3, 3, 0.9, stopped=False))
    return folder


def _epoch(number: int, loss: float) -> events.Epoch:
    return events.Epoch(number, loss, 0.5, 2 * loss, 0.3 * number, 0.3 * number, 1e-3, 2.0, True)


def test_tensorboard_reads_the_run(run: RunFolder, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    assert main(["export", "--from", str(run.root), "--to", "tensorboard"]) == 0
    board = EventAccumulator(str(run.tensorboard)).Reload()
    losses = [(each.step, each.value) for each in board.Scalars("loss/training")]
    assert losses == [(1, pytest.approx(0.9)), (2, pytest.approx(0.5)), (3, pytest.approx(0.4))]
    assert board.Scalars("learning rate")[0].value == pytest.approx(1e-3)
    (picture,) = board.Images("confusion matrix")
    assert picture.step == 3
    assert PillowImage.open(io.BytesIO(picture.encoded_image_string)).size == (24, 24)
    tags = board.Tags()["tensors"]
    assert {"settings", "result"} <= set(tags)
    settings = board.Tensors("settings")[0].tensor_proto.string_val[0].decode()
    assert "preset: lenet5" in settings
    elsewhere = ["--at", str(tmp_path / "logs")]
    assert main(["export", "--from", str(run.root), "--to", "tensorboard", *elsewhere]) == 0
    assert list((tmp_path / "logs" / run.root.name).glob("events.out.tfevents.*"))


def test_mlflow_has_the_run(run: RunFolder, tmp_path: Path) -> None:
    mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed")
    address = f"sqlite:///{tmp_path / 'mlflow.db'}"
    arguments = ["export", "--from", str(run.root), "--to", "mlflow", "--at", address]
    assert main(arguments) == 0
    assert main(arguments) == 0  # goes on with the same
    client = mlflow.MlflowClient(address)
    experiment = client.get_experiment_by_name("emnist-desktop")
    (found,) = client.search_runs([experiment.experiment_id])
    assert found.info.status == "FINISHED"
    assert found.data.params["preset"] == "lenet5"
    assert found.data.metrics["loss/training"] == pytest.approx(0.4)
    names = {each.path for each in client.list_artifacts(found.info.run_id)}
    assert {"confusion-0003.png", "report.html", "result.txt"} <= names


@pytest.mark.parametrize("method", ["settings", "scalars", "close"])
def test_a_tracker_that_fails_is_said(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    monkeypatch.setattr(TensorBoardTracker, method, _failing)
    assert main(["export", "--from", str(run.root), "--to", "tensorboard"]) == 1
    assert capsys.readouterr().err.startswith("tensorboard cannot be reached: the link is down.")


def test_a_run_whose_tracker_fails_at_the_end_is_finished(
    own_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    monkeypatch.setattr(TensorBoardTracker, "close", _failing)
    images = np.repeat(np.arange(64, dtype=np.uint8)[:, None, None] % 2 * 255, 28, axis=1)
    tiny = Profile.locate().datasets / "tiny"
    with DatasetWriter(tiny, title="Tiny", alphabet=("A", "B")) as writer:
        writer.append("train", images.repeat(28, axis=2), np.arange(64) % 2)
    folder = RunFolder(tmp_path / "run")
    train = ["train", "--preset", "knn", "--data", "tiny", "--run-dir", str(folder.root)]
    assert main([*train, "--log", "tensorboard"]) == 0
    found = list(folder.events())
    assert any(isinstance(event, events.Finished) for event in found)
    (warned,) = [event for event in found if isinstance(event, events.Warned)]
    assert str(warned.message) == "tensorboard is not written any more: the link is down."
    assert summarize(folder.root).status is Status.FINISHED


def _failing(*_: object) -> None:
    raise OSError("the link is down")


def test_a_run_without_an_epoch_is_not_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / "new")
    folder.open(CONFIG, resume=False)
    assert main(["export", "--from", str(folder.root), "--to", "tensorboard"]) == 1
    assert "no epoch is done" in capsys.readouterr().err
    assert not folder.tensorboard.exists()


def test_settings_are_plain_values() -> None:
    values = flat_settings(CONFIG)
    assert values["augmentation"] == "none"
    assert values["learning_rate"] == CONFIG.learning_rate
    own = TrainingConfig.from_record({"preset": "own", "data": "mnist", "image_augmentation": {}})
    assert json.loads(str(flat_settings(own)["layers"]))[0]["kind"] == "convolution"
    assert flat_settings(own)["image_augmentation.shift"] == 1.5
    assert all(isinstance(each, str | int | float) for each in flat_settings(own).values())


def test_a_matrix_is_darker_where_more_of_a_row_is() -> None:
    picture = matrix_picture(np.array([[9, 0], [5, 5]]))
    assert picture.shape == (24, 24, 3)
    assert picture[0, 0].sum() < picture[20, 0].sum() < picture[0, 20].sum()
