"""What leaves the program and what comes in: bundles as one file, networks, reports, tests."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.shared import made_once
from trainer.__main__ import main
from trainer.datasets.store import DatasetWriter
from trainer.errors import BundleError, RunError
from trainer.exporting.bundle_file import LARGEST, import_bundle, pack_bundle
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import Status, list_runs, summarize
from trainer.runs.test_result import TEST_RESULT_NAME, measure_test, read_test_result
from trainer.runs.trash import move_to_trash

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

BUNDLED = ROOT / "resources" / "models" / "default"
DEADLINE = 120.0
ALPHABET = ("A", "B", "C")


def _images(labels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return bars at three heights: easy to tell, with some noise."""
    images = generator.integers(0, 60, (len(labels), 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 + 8 * label : 8 + 8 * label] = 250
    return images


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a dataset and a short run on it."""

    def make(folder: Path) -> None:
        generator = np.random.default_rng(1)
        with DatasetWriter(folder / "bars", title="Bars", alphabet=ALPHABET) as writer:
            for split, n in (("train", 150), ("test", 60)):
                labels = np.arange(n) % 3
                writer.append(split, _images(labels, generator), labels)
        options = ["--data", str(folder / "bars"), "--run-dir", str(folder / "small")]
        assert main(["train", "--preset", "mlp-tiny", *options, "--epochs", "2"]) == 0
        (folder / "small" / "process.json").unlink()  # of this process, which lives on

    return made_once(tmp_path_factory, "exporting", make)


@pytest.fixture(scope="module")
def dataset(shared: Path) -> Path:
    return shared / "bars"


@pytest.fixture(scope="module")
def trained(shared: Path) -> RunFolder:
    return RunFolder(shared / "small")


@pytest.fixture
def run_copy(trained: RunFolder, tmp_path: Path) -> RunFolder:
    return RunFolder(Path(shutil.copytree(trained.root, tmp_path / "runs" / "small")))


def _export(source: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["export", "--from", str(source), "--to", str(file), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert isinstance(record, dict)
    return record


# A bundle as one file


def test_a_bundle_goes_out_and_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bundle.zip"
    assert _export(BUNDLED, file, capsys)["form"] == "bundle"
    assert main(["export", "--import", str(file), "--profile-dir", str(tmp_path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    bundle = load_bundle(Path(record["bundle"]))
    assert bundle.card == load_bundle(BUNDLED).card
    assert Recognizer(bundle).probabilities(np.zeros((1, 28, 28), np.uint8)).shape == (1, 62)
    (found,) = list_runs(tmp_path / "runs")
    assert (found.root, found.status) == (Path(record["run"]), Status.IMPORTED)
    assert found.title == bundle.name
    assert found.accuracy == bundle.card["validation"]["accuracy_all_classes"]
    assert found.has_bundle
    assert not found.status.is_resumable
    again = import_bundle(file, tmp_path / "runs")
    assert again != found.root
    assert not list((tmp_path / "runs").glob(".*"))


def test_a_run_s_bundle_keeps_its_keras_model(run_copy: RunFolder, tmp_path: Path) -> None:
    pack_bundle(run_copy.bundle, tmp_path / "b.zip")
    root = import_bundle(tmp_path / "b.zip", tmp_path / "other")
    names = {path.name for path in RunFolder(root).bundle.iterdir()}
    assert names == {"bundle.json", "model.tflite", "model.keras"}
    assert summarize(root).preset == "mlp-tiny"


def _rewritten(file: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    """Make a bundle file of the bundled recogniser, then add to it."""
    pack_bundle(BUNDLED, file)
    with zipfile.ZipFile(file, "a") as archive:
        change(archive)
    return file


def _slips(archive: zipfile.ZipFile) -> None:
    archive.writestr("../escaped.txt", "out")


def _is_absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr("/tmp/escaped.txt", "out")


def _links(archive: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("model.keras")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(member, "/etc/passwd")


def _runs_code(archive: zipfile.ZipFile) -> None:
    archive.writestr("model.pkl", b"cos\nsystem\n")


def _explodes(archive: zipfile.ZipFile) -> None:
    archive.writestr("model.keras", bytes(40_000_000), zipfile.ZIP_DEFLATED)


def _nests(archive: zipfile.ZipFile) -> None:
    archive.writestr("inner/bundle.json", "{}")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_slips, "lies outside"),
        (_is_absolute, "lies outside"),
        (_nests, "belongs to no bundle"),
        (_runs_code, "belongs to no bundle"),
        (_links, "no plain file"),
        (_explodes, "far too many"),
    ],
)
def test_a_malicious_file_leaves_nothing(
    change: Callable[[zipfile.ZipFile], None], sentence: str, tmp_path: Path
) -> None:
    file = _rewritten(tmp_path / "evil.zip", change)
    with pytest.raises(BundleError, match=sentence) as caught:
        import_bundle(file, tmp_path / "runs")
    assert caught.value.hint
    assert list((tmp_path / "runs").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.zip", "runs"]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_is_said(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(BundleError, match=r"Expected a bundle"):
        import_bundle(file, tmp_path / "runs")


def test_a_damaged_or_missing_file_is_said(tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    with pytest.raises(BundleError, match="There is no"):
        import_bundle(file, tmp_path / "runs")
    pack_bundle(BUNDLED, file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(BundleError):
        import_bundle(file, tmp_path / "runs")
    assert list((tmp_path / "runs").iterdir()) == []


def test_every_file_of_a_bundle_has_a_limit() -> None:
    assert set(LARGEST) == {
        "bundle.json", "model.tflite", "model.keras", "model.skops", "model.ubj",
    }  # fmt: skip


# Networks


def test_keras_and_litert_come_with_their_characters(
    trained: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("net.keras", "net.tflite"):
        record = _export(trained.root, tmp_path / name, capsys)
        model = {"net.keras": "model.keras", "net.tflite": "model.tflite"}[name]
        assert (tmp_path / name).read_bytes() == (trained.bundle / model).read_bytes()
        assert record["bytes"] == (tmp_path / name).stat().st_size
    assert (tmp_path / "net.labels.txt").read_text().split() == list(ALPHABET)


def test_eight_bits_are_calibrated_with_data_of_the_run(
    trained: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small.tflite"
    arguments = ["--from", str(trained.root), "--to", str(file), "--form", "litert-int8", "--json"]
    assert main(["export", *arguments]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["agreement"] > 0.95
    assert record["bytes"] == file.stat().st_size
    from ai_edge_litert.interpreter import Interpreter

    network = Interpreter(model_content=file.read_bytes())
    network.allocate_tensors()
    kinds = {np.dtype(each["dtype"]).name for each in network.get_tensor_details()}
    assert "int8" in kinds
    assert network.get_input_details()[0]["dtype"] is np.float32


def test_onnx_answers_as_the_recogniser_or_names_its_extra(
    trained: RunFolder, tmp_path: Path
) -> None:
    file = tmp_path / "net.onnx"
    command = [sys.executable, "-m", "trainer", "export", "--from", str(trained.root)]
    done = subprocess.run(
        [*command, "--to", str(file)],
        capture_output=True, text=True, check=False, timeout=DEADLINE,
    )  # fmt: skip
    assert "oneDNN" not in done.stderr  # TensorFlow's own lines
    if find_spec("tf2onnx") is None or find_spec("onnx") is None:
        assert done.returncode == 1
        assert 'pip install "emnist-desktop[train,onnx]"' in done.stderr
        assert not file.exists()
        return
    assert done.returncode == 0, done.stderr
    import onnx
    from onnx.reference import ReferenceEvaluator

    images = _images(np.arange(6) % 3, np.random.default_rng(5))
    (answers,) = ReferenceEvaluator(onnx.load(file)).run(
        ["probabilities"], {"images": images[..., None].astype(np.float32)}
    )
    expected = Recognizer(load_bundle(trained.bundle)).probabilities(images)
    np.testing.assert_allclose(answers, expected, atol=0.01)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("net.keras", "came without its Keras model"), ("net.onnx", "."), ("a.txt", "ends in")],
)
def test_what_cannot_be_exported_is_said(
    file: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--from", str(BUNDLED), "--to", str(tmp_path / file)]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "Hint: " in said
    assert list(tmp_path.iterdir()) == []


# Reports and tables


def test_the_report_is_one_file_with_its_figures(
    run_copy: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.html"
    label = {"title": "<b>Mine</b>", "note": "A & B"}
    (run_copy.root / "label.json").write_text(json.dumps(label))
    _export(run_copy.root, file, capsys)
    page = file.read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "&lt;b&gt;Mine&lt;/b&gt;" in page
    assert "A &amp; B" in page
    assert "src=" not in page
    assert "<script" not in page
    run = summarize(run_copy.root)
    assert run.accuracy is not None
    assert f"{run.accuracy:.2%}" in page
    assert "Label smoothing" in page


def test_the_history_is_a_table(
    trained: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _export(trained.root, tmp_path / "h.csv", capsys)
    lines = (tmp_path / "h.csv").read_text().splitlines()
    assert lines[0].startswith("epoch,loss,accuracy")
    assert len(lines) == 3


@pytest.mark.parametrize("name", ["h.csv", "r.html"])
def test_a_run_without_an_epoch_has_nothing_to_show(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run").mkdir()
    assert main(["export", "--from", str(tmp_path / "run"), "--to", str(tmp_path / name)]) == 1
    assert "no epoch is done" in capsys.readouterr().err
    assert not (tmp_path / name).exists()


# The test accuracy, once


def test_the_test_accuracy_is_measured_once(
    run_copy: RunFolder, capsys: pytest.CaptureFixture[str], dataset: Path
) -> None:
    assert read_test_result(run_copy.root) is None
    command = ["train", "--test", "--run-dir", str(run_copy.root), "--json"]
    assert main(command) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["samples"] == 60
    assert first["data"] == str(dataset)
    assert 0 <= first["low"] <= first["accuracy"] <= first["high"] <= 1
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert main(command[:-1]) == 0
    assert f"{first['accuracy']:.2%}" in capsys.readouterr().out
    tested = summarize(run_copy.root).test_result
    assert tested is not None
    assert tested.accuracy == first["accuracy"]


def test_a_run_that_was_set_up_after_a_test_is_marked(run_copy: RunFolder) -> None:
    runs = run_copy.root.parent
    tested = measure_test(run_copy)
    config = json.loads(run_copy.config_file.read_text())

    def add(name: str, seconds: float, **changed: Any) -> Path:
        file = RunFolder(runs / name).config_file
        file.parent.mkdir()
        file.write_text(json.dumps({**config, **changed}))
        os.utime(file, (tested.seen + seconds, tested.seen + seconds))
        return file.parent

    os.utime(run_copy.config_file, (tested.seen - 100, tested.seen - 100))
    tuned = add("tuned", 50, learning_rate=0.5)
    add("repeated", 50, seed=77)
    add("earlier", -50, learning_rate=0.5)
    add("elsewhere", 50, learning_rate=0.5, data="other")
    listed = {run.root.name: run for run in list_runs(runs)}
    unmarked = dict.fromkeys(("small", "repeated", "earlier", "elsewhere"), "")
    marks = {name: run.chosen_after for name, run in listed.items()}
    assert marks == {**unmarked, "tuned": listed["small"].title}
    move_to_trash(run_copy.root)
    marks = {run.root: run.chosen_after for run in list_runs(runs)}
    assert marks[tuned] == listed["small"].title


def test_settings_that_changed_after_the_test_mark_the_run_itself(run_copy: RunFolder) -> None:
    measure_test(run_copy)
    config = json.loads(run_copy.config_file.read_text())
    run_copy.config_file.write_text(json.dumps({**config, "epochs": 5}))
    (run,) = list_runs(run_copy.root.parent)
    assert run.chosen_after == run.title


def test_what_cannot_be_tested_is_said(run_copy: RunFolder, tmp_path: Path) -> None:
    assert main(["train", "--test"]) == 1
    config = json.loads(run_copy.config_file.read_text())

    def change(**changed: Any) -> None:
        run_copy.config_file.write_text(json.dumps({**config, **changed}))

    change(validation=config["data"])
    with pytest.raises(RunError, match="chose its best epoch by"):
        measure_test(run_copy)
    other = tmp_path / "untested"
    with DatasetWriter(other, title="Untested", alphabet=ALPHABET) as writer:
        writer.append("train", np.zeros((3, 28, 28), np.uint8), np.arange(3))
    change(data=str(other))
    with pytest.raises(RunError, match="no samples set aside"):
        measure_test(run_copy)
    assert not (run_copy.root / TEST_RESULT_NAME).exists()


def test_a_spoilt_note_of_a_test_counts_as_none(tmp_path: Path) -> None:
    for text in ("", "[]", '{"data": 1}', '{"accuracy": "x"}'):
        (tmp_path / TEST_RESULT_NAME).write_text(text)
        assert read_test_result(tmp_path) is None
