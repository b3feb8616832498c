"""Classic models: fitted step by step, kept by skops, answered by a child."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.config.training_config import TrainingConfig
from trainer.datasets.ink_archive import read_pen_archive
from trainer.errors import BundleError, RunError
from trainer.models.presets import preset
from trainer.processes import memory
from trainer.recognition.bundle import CARD_NAME, checksum, load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.recognition.remote_recognizer import RemoteModel
from trainer.runs import events
from trainer.runs.control import RunCancelledError
from trainer.runs.folder import Request, RunFolder
from trainer.runs.predictions import confusion_samples

OPTIONS = {
    "knn": {"neighbors": 5},
    "random-forest": {"trees": 20},
    "random-forest-80": {"trees": 5},
    "random-forest-shifted": {"trees": 20, "copies": 1, "shift": 2},
    "svm-rbf": {"grid": "small", "folds": 2},
    "xgboost": {"rounds": 6, "max_depth": 2},
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("data") / "small.npz", 180)


def _config(archive: Path, name: str) -> TrainingConfig:
    return TrainingConfig.from_record(
        {"preset": name, "data": str(archive), "preset_options": OPTIONS[name]}
    )


def _trained(archive: Path, name: str, root: Path) -> RunFolder:
    from trainer.training.classical import ClassicalTraining

    folder, config = RunFolder(root), _config(archive, name)
    folder.open(config, resume=False)
    ClassicalTraining(folder, config, [].append).run()
    return folder


@pytest.fixture(scope="module")
def forest(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return _trained(archive, "random-forest", tmp_path_factory.mktemp("runs") / "forest")


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "random-forest"])
def test_a_classic_run_is_a_folder_like_any_other(archive: Path, name: str, tmp_path: Path) -> None:
    folder = _trained(archive, name, tmp_path / name)
    told = list(folder.events())
    started, finished = told[0], told[-1]
    assert isinstance(started, events.Started)
    assert isinstance(finished, events.Finished)
    assert started.reports_progress == preset(name).reports_progress
    n_epochs = sum(isinstance(event, events.Epoch) for event in told)
    assert n_epochs == started.epochs == sum(isinstance(e, events.Confusion) for e in told)
    assert any(isinstance(event, events.Progress) for event in told)
    assert finished.validation_accuracy > 0.5
    recognizer = Recognizer(load_bundle(folder.bundle))
    samples = read_pen_archive(archive)
    answers = recognizer.probabilities(samples.render().images[:30])
    assert answers.shape == (30, 62)
    assert np.allclose(answers.sum(axis=1), 1, atol=1e-4)
    assert np.mean(answers.argmax(axis=1) == samples.labels[:30]) > 0.5


def test_a_forest_tells_its_accuracy_as_it_grows(forest: RunFolder) -> None:
    told = list(forest.events())
    epochs = [event for event in told if isinstance(event, events.Epoch)]
    assert [event.epoch for event in epochs] == list(range(1, 11))
    assert all(0 <= event.validation_accuracy <= 1 for event in epochs)
    assert len(forest.history_file.read_text().splitlines()) == 11
    report = json.loads(forest.report_file.read_text())
    assert report["network"]["preset"] == "random-forest"
    with np.load(forest.confusion_file) as archive:
        assert archive["matrices"].shape == (10, 62, 62)
    confusion = next(event for event in told if isinstance(event, events.Confusion))
    row = next(index for index, counts in enumerate(confusion.matrix) if any(counts))
    column = max(range(62), key=confusion.matrix[row].__getitem__)
    found = confusion_samples(forest.root, 1, row, column)
    assert len(found.indices) == confusion.matrix[row][column]
    samples = read_pen_archive(Path(found.data))
    assert (samples.labels[found.indices] == row).all()
    assert not list(forest.root.rglob("*.pkl"))
    assert not list(forest.root.rglob("*.joblib"))


def test_a_forest_grown_in_steps_is_the_forest_grown_at_once(archive: Path) -> None:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.preprocessing import MinMaxScaler

    from trainer.models.classical import build_classical

    samples = read_pen_archive(archive)
    rows = samples.render().images.reshape(len(samples), -1).astype(np.float32)
    options = preset("random-forest").option_values({"trees": 12})
    model = build_classical("random-forest", options, 62, seed=3)
    done = [step.done for step in model.fit(rows, samples.labels)]
    assert done == sorted(done)
    assert done[-1] == 12
    whole = RandomForestClassifier(12, max_depth=25, random_state=3)
    scaled = MinMaxScaler().fit_transform(rows)
    expected = whole.fit(scaled, samples.labels).predict_proba(scaled)
    np.testing.assert_allclose(model.probabilities(rows)[:, whole.classes_], expected, atol=1e-6)


def test_shifted_images_are_the_same_images_elsewhere() -> None:
    from trainer.models.classical import shifted_copies

    images = np.zeros((4, 28, 28), dtype=np.uint8)
    images[:, 10:18, 12:16] = 200
    labels = np.arange(4)
    moved, of = shifted_copies(images, labels, {"copies": 2, "shift": 7}, seed=1)
    assert moved.shape == (12, 28, 28)
    assert of.tolist() == [*range(4)] * 3
    assert np.array_equal(moved[:4], images)
    assert (moved.reshape(12, -1).sum(axis=1) == images[0].sum()).all()
    assert len({image.tobytes() for image in moved}) > 5


def _run(folder: RunFolder, config: TrainingConfig, on: type[events.Event], ask: Request) -> None:
    """Train, and ask for something at the first event of a kind."""
    from trainer.training.classical import ClassicalTraining

    asked = []

    def report(event: events.Event) -> None:
        if isinstance(event, on) and not asked:
            asked.append(event)
            folder.ask(ask)
            if ask is Request.PAUSE:
                folder.ask(Request.RESUME)

    folder.open(config, resume=False)
    ClassicalTraining(folder, config, report).run()


def test_a_classic_run_can_be_cancelled_between_its_steps(archive: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(RunCancelledError):
        _run(folder, _config(archive, "random-forest"), events.Progress, Request.CANCEL)
    assert not folder.bundle.exists()


def test_a_stopped_forest_keeps_the_trees_it_has(archive: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    _run(folder, _config(archive, "random-forest"), events.Epoch, Request.STOP)
    last = list(folder.events())[-1]
    assert isinstance(last, events.Finished)
    assert last.stopped
    assert last.epoch < 10
    assert load_bundle(folder.bundle).is_classic


def test_a_paused_forest_goes_on(archive: Path, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    _run(folder, _config(archive, "random-forest-80"), events.Progress, Request.PAUSE)
    kinds = [type(event) for event in folder.events()]
    assert kinds.index(events.Paused) < kinds.index(events.Resumed) < kinds.index(events.Finished)


def test_a_forest_too_large_for_memory_is_ended_in_time(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.training.classical.available_memory", lambda: 5_000)
    folder = _trained(archive, "random-forest", tmp_path / "run")
    told = list(folder.events())
    warnings = [event for event in told if isinstance(event, events.Warned)]
    assert len(warnings) == 1
    assert "memory" in warnings[0].message
    assert isinstance(told[-1], events.Finished)
    assert told[-1].epoch < 10


def test_memory_is_told_in_words() -> None:
    assert memory.format_bytes(14.23e9) == "14.2 GB"
    assert memory.format_bytes(12) == "12 bytes"
    assert memory.available_memory() > 0


def test_too_few_samples_of_a_class_are_named(tmp_path: Path) -> None:
    from trainer.training.classical import ClassicalTraining

    archive = write_archive(tmp_path / "few.npz", 40)
    options = {"grid": "none", "folds": 10}
    config = TrainingConfig.from_record(
        {"preset": "svm-rbf", "data": str(archive), "preset_options": options}
    )
    folder = RunFolder(tmp_path / "run")
    folder.open(config, resume=False)
    with pytest.raises(RunError, match="samples of every class"):
        ClassicalTraining(folder, config, [].append).run()


def test_without_xgboost_its_preset_says_so(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xgboost", None)
    with pytest.raises(RunError, match="not installed") as caught:
        _trained(archive, "xgboost", tmp_path / "run")
    assert "pip install" in caught.value.hint


def test_a_child_answers_for_a_forest(forest: RunFolder, archive: Path) -> None:
    bundle = load_bundle(forest.bundle)
    images = read_pen_archive(archive).render().images[:5]
    expected = Recognizer(bundle).probabilities(images)
    with RemoteModel(bundle) as served:
        recognizer = Recognizer(bundle, model=served)
        np.testing.assert_allclose(recognizer.probabilities(images), expected, atol=1e-6)
        np.testing.assert_allclose(recognizer.probabilities(images[:1]), expected[:1], atol=1e-6)
    with pytest.raises((BundleError, ValueError)):
        served.probabilities(images)


@pytest.fixture
def child(forest: RunFolder) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer", "serve", "--model", str(forest.bundle)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_the_child_survives_bad_lines_and_ends_with_its_input(
    child: subprocess.Popen[str],
) -> None:
    lines = [
        json.dumps({"image": [[0] * 28] * 28}),
        "nonsense",
        "[1]",
        '{"image": "AAAA"}',
        '{"image": "=="}',
        '{"image": [[999]]}',
        json.dumps({"image": [0] * 784}),
    ]
    output, _ = child.communicate("\n".join(lines) + "\n", timeout=60)
    answers = [json.loads(line) for line in output.splitlines()]
    assert child.returncode == 0
    assert answers[0]["ready"]
    assert len(answers[1]["probabilities"]) == 62
    assert all({"error", "hint"} <= {*answer} for answer in answers[2:7])
    assert answers[7] == answers[1]


def test_a_missing_recogniser_is_explained_by_the_child(forest: RunFolder, tmp_path: Path) -> None:
    bundle = load_bundle(forest.bundle)
    moved = forest.bundle.rename(forest.root / "moved")
    try:
        with pytest.raises(BundleError, match="no recogniser"):
            RemoteModel(bundle)
    finally:
        moved.rename(forest.bundle)


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("executed",)


def test_a_file_with_code_in_it_is_not_opened(
    forest: RunFolder, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import shutil

    for number, content in enumerate((pickle.dumps(_Evil()), None)):
        copy = Path(shutil.copytree(forest.bundle, tmp_path / str(number)))
        path = copy / "model.skops"
        if content is not None:
            path.write_bytes(content)
        else:
            with zipfile.ZipFile(path, "w") as archive:
                schema = {
                    "__class__": "system",
                    "__module__": "os",
                    "__loader__": "TypeNode",
                    "__id__": 1,
                    "protocol": 0,
                    "_skops_version": "0.11",
                }
                archive.writestr("schema.json", json.dumps(schema))
        card = json.loads((copy / CARD_NAME).read_text())
        card["model"]["sha256"] = checksum(path)
        (copy / CARD_NAME).write_text(json.dumps(card))
        with pytest.raises(BundleError):
            Recognizer(load_bundle(copy)).probabilities(np.ones((1, 28, 28), dtype=np.uint8))
    assert "executed" not in capfd.readouterr().out


def test_the_commands_take_classic_bundles(
    forest: RunFolder, archive: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    model = ["--model", str(forest.bundle)]
    assert main(["evaluate", *model, "--data", str(archive), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] > 0.5
    ink = tmp_path / "ink.json"
    ink.write_text(read_pen_archive(archive).ink(0).to_json())
    assert main(["recognize", *model, str(ink)]) == 0
    assert str(ink) in capsys.readouterr().out


def test_a_person_reads_of_trees_and_not_of_epochs(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--preset", "random-forest", "--option", "trees=20", "--data", str(archive)]
    assert main(["train", *options, "--run-dir", str(tmp_path / "run")]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.partition("  ")[0] for line in printed[2:-1]] == [
        f"{trees} of 20 trees" for trees in range(2, 21, 2)
    ]
    assert printed[-1].startswith("finished: validation ")
    assert "epoch" not in "".join(printed)
    assert "best" not in "".join(printed)
