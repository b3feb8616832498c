"""Whole runs in real child processes, on a small archive."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import made_once
from tests.trainer.archives import write_archive
from trainer.__main__ import main
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.store import DatasetWriter
from trainer.errors import RunError
from trainer.files.paths import TEMPORARY_NAME
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer, resized
from trainer.runs import events
from trainer.runs.control import is_being_trained
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import folder_title, summarize
from trainer.runs.standby import TrainingOrder, wait_for_order

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword"),
]

DEADLINE = 120.0
"""Seconds after which a wait has failed; nothing here should take a tenth of it."""

OPTIONS = (
    *("--preset", "cnn-small", "--epochs", "3", "--batch-size", "32"),
    *("--learning-rate", "0.003", "--seed", "4"),
)
NORMALISED = (
    *("--preset", "cnn-noise-1", "--mixing", "cutmix", "--erasing", "0.1"),
    *("--class-weights", "0.5"),
)
"""A network whose state is more than its weights, and batches with random numbers of their own."""
ENVIRONMENT = {
    **os.environ,
    "TF_DETERMINISTIC_OPS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an archive and a run on it that nothing disturbed."""

    def make(folder: Path) -> None:
        archive, run = write_archive(folder / "small.npz", 480), RunFolder(folder / "whole")
        output, error = _start(archive, run, *NORMALISED, "--events").communicate(timeout=DEADLINE)
        assert isinstance(_last(run), events.Finished), error
        (run.root / "stdout.txt").write_text(output)

    return made_once(tmp_path_factory, "network", make)


@pytest.fixture(scope="module")
def archive(shared: Path) -> Path:
    return shared / "small.npz"


@pytest.fixture(scope="module")
def whole_run(shared: Path) -> RunFolder:
    """Return a run that nothing disturbed."""
    return RunFolder(shared / "whole")


def _command(archive: Path, folder: RunFolder, *options: str) -> list[str]:
    return ["train", "--data", str(archive), "--run-dir", str(folder.root), *OPTIONS, *options]


def _start(archive: Path, folder: RunFolder, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "trainer", *_command(archive, folder, *options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


@pytest.fixture
def start(archive: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start trainings that are gone when the test is."""
    started = []

    def begin(folder: RunFolder, *options: str) -> subprocess.Popen[str]:
        started.append(_start(archive, folder, *options))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def train(archive: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Train in this process what nothing is asked of meanwhile; return status and errors."""

    def run(folder: RunFolder, *options: str) -> tuple[int, str]:
        status = main(_command(archive, folder, *options))
        return status, capsys.readouterr().err

    return run


def _wait_for(folder: RunFolder, kind: type[Any], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + DEADLINE
    while not any(isinstance(event, kind) for event in folder.events()):
        with contextlib.suppress(subprocess.TimeoutExpired):  # leave the processor to it
            process.wait(0.05)
            raise AssertionError(f"it ended before {kind.__name__}: {process.communicate()}")
        assert time.monotonic() < end, f"no {kind.__name__} in time"


def _last(folder: RunFolder) -> events.Event:
    return list(folder.events())[-1]


def test_a_run_has_one_title_one_kept_epoch_and_its_warning(whole_run: RunFolder) -> None:
    run, last = summarize(whole_run.root), _last(whole_run)
    assert isinstance(last, events.Finished)
    assert (run.best_epoch, run.accuracy) == (last.best_epoch, last.validation_accuracy)
    assert run.title == folder_title(whole_run.root)
    history = events.RunHistory.of(whole_run.events())
    assert "settles within some 300 of them; the run has 39" in str(history.warnings)
    kept = history.kept
    assert kept is not None
    assert (kept.epoch, kept.merged_accuracy) == (last.best_epoch, last.merged_accuracy)


def test_a_run_tells_what_happens_and_leaves_a_bundle(whole_run: RunFolder) -> None:
    written = list(whole_run.events())
    printed = (whole_run.root / "stdout.txt").read_text().splitlines()
    assert [events.to_line(event) for event in written] == printed
    kinds = [type(event) for event in written]
    assert kinds[0] is events.Started
    assert kinds.count(events.Epoch) == kinds.count(events.Checkpoint) == 3
    assert kinds.count(events.Confusion) == 3
    assert kinds[-1] is events.Finished
    recognizer = Recognizer(load_bundle(whole_run.bundle))
    card = recognizer.bundle.card
    assert card["training"]["settings"]["seed"] == 4
    assert card["training"]["data"][0]["sha256"]
    assert card["model"]["agreement"] >= 0.995
    matrix = next(event.matrix for event in written if isinstance(event, events.Confusion))
    assert np.array(matrix).sum() == card["validation"]["samples"]


def test_a_killed_run_goes_on_and_ends_the_same(
    whole_run: RunFolder,
    start: Callable[..., subprocess.Popen[str]],
    train: Callable[..., tuple[int, str]],
    tmp_path: Path,
) -> None:
    folder = RunFolder(tmp_path / "killed")
    process = start(folder, *NORMALISED, "--events")
    _wait_for(folder, events.Checkpoint, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not any(isinstance(event, events.Finished) for event in folder.events())
    temporary = folder.root / TEMPORARY_NAME
    assert temporary.is_dir()

    assert not is_being_trained(folder)

    status, error = train(folder, *NORMALISED, "--resume")
    assert status == 0, error
    starts = [event.first_epoch for event in folder.events() if isinstance(event, events.Started)]
    assert starts[0] == 1
    assert starts[1] >= 2
    assert not temporary.exists()
    for name in ("average.npz",):
        with (
            np.load(whole_run.checkpoints / "epoch-0003" / name) as expected,
            np.load(folder.checkpoints / "epoch-0003" / name) as actual,
        ):
            for key in expected.files:
                np.testing.assert_allclose(actual[key], expected[key], atol=1e-6)


@pytest.mark.parametrize("leaving", [(), ("--leave-at-once",)], ids=["in order", "at once"])
def test_a_cancelled_run_ends_at_once_without_a_bundle(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, leaving: tuple[str, ...]
) -> None:
    folder = RunFolder(tmp_path / "cancelled")
    process = start(folder, "--epochs", "500", "--events", *leaving)
    _wait_for(folder, events.Batch, process)
    workers = _children_of(process.pid)
    assert workers
    folder.ask(Request.CANCEL)
    output, error = process.communicate(timeout=DEADLINE)
    assert process.returncode == 3, error
    assert isinstance(_last(folder), events.Cancelled)
    assert output.splitlines() == [events.to_line(event) for event in folder.events()]
    assert not folder.bundle.exists()
    assert not is_being_trained(folder)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []


def _children_of(pid: int) -> list[int]:
    """Return the processes that make batches."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            values = path.read_text().rpartition(")")[2].split()
            command = (path.parent / "cmdline").read_bytes()
            if int(values[1]) == pid and b"spawn_main" in command:
                found.append(int(path.parent.name))
    return found


def test_a_paused_run_waits_alone_and_a_stopped_one_keeps_the_best(
    start: Callable[..., subprocess.Popen[str]],
    train: Callable[..., tuple[int, str]],
    tmp_path: Path,
) -> None:
    folder = RunFolder(tmp_path / "stopped")
    process = start(folder, "--epochs", "500", "--leave-at-once")
    _wait_for(folder, events.Batch, process)
    folder.ask(Request.PAUSE)
    _wait_for(folder, events.Paused, process)
    status, error = train(folder, "--epochs", "500", "--resume")  # one trainer a run
    assert status == 1
    assert str(process.pid) in error
    folder.ask(Request.RESUME)
    _wait_for(folder, events.Resumed, process)
    folder.ask(Request.STOP)
    assert process.wait(DEADLINE) == 0, process.communicate()
    last = _last(folder)
    assert isinstance(last, events.Finished)
    assert last.stopped
    assert load_bundle(folder.bundle).card["training"]["best_epoch"] == last.best_epoch


def test_an_epoch_that_was_stopped_does_not_count(
    train: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "stopped-later")
    with monkeypatch.context() as patch:
        _die_after_a_checkpoint(patch)
        assert train(folder, "--epochs", "500")[0] == 130
    folder.ask(Request.STOP)
    status, error = train(folder, "--epochs", "500", "--resume", "--requests-from", "0")
    assert status == 0, error
    said = list(folder.events())
    begun = [event.first_epoch for event in said if isinstance(event, events.Started)][-1]
    last = said[-1]
    assert isinstance(last, events.Finished)
    assert last.stopped
    assert last.epoch == last.best_epoch < begun
    assert max(event.epoch for event in said if isinstance(event, events.Batch)) == begun
    done = {event.epoch for event in said[: said.index(last)] if isinstance(event, events.Epoch)}
    assert len(folder.history_file.read_text().splitlines()) == len(done) + 1
    checkpoint = folder.last_checkpoint()
    assert checkpoint is not None
    assert checkpoint.name == f"epoch-{begun - 1:04d}"
    assert load_bundle(folder.bundle).card["training"]["best_epoch"] == last.best_epoch


def _die_after_a_checkpoint(patch: pytest.MonkeyPatch) -> None:
    append = RunFolder.append

    def append_or_die(self: RunFolder, event: events.Event) -> None:
        append(self, event)
        if isinstance(event, events.Checkpoint):
            raise KeyboardInterrupt

    patch.setattr(RunFolder, "append", append_or_die)


def test_a_first_epoch_that_was_stopped_is_kept_and_said(
    train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "stopped-first")
    folder.root.mkdir()
    folder.ask(Request.STOP)
    status, error = train(folder, "--epochs", "500", "--resume", "--requests-from", "0")
    assert status == 0, error
    (warned,) = (event for event in folder.events() if isinstance(event, events.Warned))
    assert warned.message.startswith("Stopped in epoch 1, after 1 of ")
    last = _last(folder)
    assert isinstance(last, events.Finished)
    assert (last.epoch, last.best_epoch) == (1, 1)
    assert load_bundle(folder.bundle).card["training"]["best_epoch"] == 1


def test_a_stop_is_not_forgotten_when_the_trainer_dies_before_the_export(
    train: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "stopped")
    append = RunFolder.append

    def append_and_stop(self: RunFolder, event: events.Event) -> None:
        append(self, event)
        if isinstance(event, events.Checkpoint):
            self.ask(Request.STOP)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "append", append_and_stop)
        patch.setattr("trainer.training.export_bundle.export_bundle", die)
        assert train(folder, "--epochs", "500")[0] == 130
    assert not folder.bundle.exists()
    status, error = train(folder, "--epochs", "500", "--resume")
    assert status == 0, error
    last = _last(folder)
    assert isinstance(last, events.Finished)
    assert (last.stopped, last.epoch) == (True, 1)
    assert load_bundle(folder.bundle).card["training"]["best_epoch"] == 1
    assert sum(isinstance(event, events.Epoch) for event in folder.events()) == 1
    assert not folder.stop_file.exists()


def test_other_options_are_refused_by_name(
    whole_run: RunFolder, train: Callable[..., tuple[int, str]]
) -> None:
    before = whole_run.events_file.read_bytes()
    status, error = train(whole_run, *NORMALISED, "--resume", "--batch-size", "16")
    assert status == 1
    assert "batch_size: the run has 32, asked for is 16." in error
    status, error = train(whole_run, *NORMALISED)
    assert status == 1
    assert "--resume" in error
    assert whole_run.events_file.read_bytes() == before


def test_a_bundle_can_teach_and_start_another_run(
    whole_run: RunFolder, train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "taught")
    bundle = str(whole_run.bundle)
    status, error = train(
        folder,
        *(*NORMALISED, "--teacher", bundle, "--start-from", bundle, "--epochs", "1"),
        *("--screen-after", "1", "--screen-below", "0.02", "--average-epochs", "0"),
    )
    assert status == 0, error
    assert any(isinstance(event, events.Screened) for event in folder.events())
    assert not any(isinstance(event, events.Warned) for event in folder.events())


def test_the_weights_of_another_network_are_refused(
    whole_run: RunFolder, train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    status, error = train(RunFolder(tmp_path / "run"), "--start-from", str(whole_run.bundle))
    assert status == 1
    assert "is another network" in error


def test_samples_are_added_to_the_training_part_only(
    archive: Path, train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    more = write_archive(tmp_path / "more.npz", 120, seed=9)
    folder = RunFolder(tmp_path / "mixed")
    status, error = train(
        folder,
        *("--preset", "mlp-tiny", "--epochs", "1", "--extra", str(more), "--extra-share", "0.5"),
    )
    assert status == 0, error
    first = next(folder.events())
    assert isinstance(first, events.Started)
    assert first.n_train + first.n_validation == 600
    card = load_bundle(folder.bundle).card["training"]
    uses = {entry["use"]: entry["samples"] for entry in card["data"]}
    assert uses["training, added"] == 120
    assert uses["training"] + uses["validation"] == 480
    assert card["settings"]["extra"] == ["more.npz"]


def test_images_of_another_size_make_a_recogniser_of_drawings(
    archive: Path, train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    samples = read_pen_archive(archive)
    small = resized(samples.render().images, (20, 20))
    folder = tmp_path / "small"
    with DatasetWriter(
        folder, title="Small", alphabet=samples.alphabet, image_shape=(20, 20)
    ) as writer:
        writer.append("train", small, samples.labels)
    run = RunFolder(tmp_path / "run")
    status, error = train(
        run, "--preset", "mlp-relu", "--data", str(folder), "--image-augmentation"
    )
    assert status == 0, error
    bundle = load_bundle(run.bundle)
    assert bundle.image_shape == (20, 20)
    recognizer = Recognizer(bundle)
    drawn = recognizer.recognize(samples.ink(0))
    assert drawn.best is not None
    assert drawn.image.shape == (28, 28)
    read = recognizer.probabilities(small).argmax(axis=1)
    assert np.mean(read == samples.labels) > 0.3


def test_a_run_ends_early_and_leaves_its_tables(
    train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "early")
    status, error = train(
        folder,
        *("--preset", "mlp-tiny", "--epochs", "400", "--learning-rate", "1e-8"),
        *("--early-stopping", "2", "--schedule", "plateau", "--optimizer", "sgd-momentum"),
        *("--image-size", "20", "--steps-per-call", "3"),
    )
    assert status == 0, error
    last = _last(folder)
    assert isinstance(last, events.Finished)
    assert last.early
    epochs = sum(isinstance(event, events.Epoch) for event in folder.events())
    assert epochs == last.best_epoch + 2
    assert len(folder.history_file.read_text().splitlines()) == epochs + 1
    with np.load(folder.confusion_file) as tables:
        assert tables["epochs"].tolist() == list(range(1, epochs + 1))
    report = json.loads(folder.report_file.read_text())
    assert report["epochs"] == epochs
    assert report["device"] == "CPU"


def test_few_batches_are_learned_and_most_samples_never_set_aside(
    train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "few")
    status, error = train(
        folder,
        *("--preset", "mlp-tiny", "--epochs", "6", "--learning-rate", "0.01"),
        *("--batch-size", "100", "--average-epochs", "2"),
        *("--screen-after", "1", "--screen-below", "0.5"),
    )
    assert status == 0, error
    told = list(folder.events())
    assert not any(isinstance(event, events.Screened) for event in told)
    warned = [event for event in told if isinstance(event, events.Warned)]
    assert any("set aside" in str(event.message) for event in warned)
    last = _last(folder)
    assert isinstance(last, events.Finished)
    assert last.best_epoch > 1  # by an average that learns


def test_a_loss_that_is_no_number_is_explained(
    train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "nan")
    status, error = train(
        folder,
        *("--preset", "mlp-relu-2", "--optimizer", "sgd-momentum", "--l2", "1"),
        *("--learning-rate", "1", "--epochs", "200", "--option", "units=512"),
    )
    assert status == 1
    assert "no number" in error
    last = _last(folder)
    assert isinstance(last, events.Failed)
    assert "learning-rate" in last.hint


def test_a_training_is_estimated_without_a_run(
    archive: Path, own_profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--preset", "cnn-small", "--estimate", "--json", "--batch-size", "50"]
    assert main(["train", "--data", str(archive), *options]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["parameters"] == 592_074 + 52 * 129
    assert figures["seconds_per_epoch"] > 0
    assert figures["batches_per_epoch"] == figures["samples"] // 50
    assert figures["memory_bytes"] > 10**8
    assert not own_profile.exists()


MIRRORED = """
import sys, numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import trainer.training.learner as learner
from trainer.config.training_config import TrainingConfig
from trainer.training.devices import Device, mirrored
devices = (Device("CPU"), Device("2", "", mirrored(["CPU:0", "CPU:1"])))
config = TrainingConfig.from_record(
    {"preset": "mlp-relu", "data": sys.argv[1], "batch_size": 32, "optimizer": "sgd-momentum",
     "limit": 100}
)
losses = []
for device in devices:
    learner.choose_device = lambda wanted: device
    learned = learner.Learner(config)
    learned.stepper.start_epoch()
    with learned.batch_maker(1) as maker:
        for images, indices in maker.epoch(1):
            learned.stepper.train_batches([images], [learned.targets(indices)])
    losses.append(learned.stepper.means()[0])
assert abs(losses[0] - losses[1]) < 1e-3, losses
"""


def test_several_devices_learn_what_one_does(archive: Path) -> None:
    environment = {**ENVIRONMENT, "PYTHONWARNINGS": "ignore"}
    guarded = "if __name__ == '__main__':" + MIRRORED.replace("\n", "\n ")
    done = subprocess.run(
        [sys.executable, "-c", guarded, str(archive)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--data", "missing.npz"), "missing.npz"),
        (("--learning-rate", "0"), "learning rate"),
        (("--preset", "perceptron"), "preset"),
        (("--start-from", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_trained_fails_with_a_sentence(
    train: Callable[..., tuple[int, str]],
    tmp_path: Path,
    options: tuple[str, str],
    sentence: str,
) -> None:
    folder = RunFolder(tmp_path / "failed")
    status, error = train(folder, *options)
    assert status == 1
    assert sentence in error
    assert "Traceback" not in error
    if folder.events_file.exists():
        assert isinstance(_last(folder), events.Failed)


def test_settings_come_from_a_file_too(
    archive: Path, train: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"data": str(archive), "epochs": 7, "limit": 0.5}))
    status, error = train(RunFolder(tmp_path / "run"), "--config", str(config))
    assert status == 1
    assert "limit" in error


# A trainer that waits


@pytest.fixture
def waiting() -> Iterator[subprocess.Popen[str]]:
    """Start a trainer that waits for what to train."""
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer", "train", "--wait"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    yield process
    process.kill()
    process.communicate()


def test_a_trainer_that_waited_trains_the_same(
    whole_run: RunFolder, archive: Path, waiting: subprocess.Popen[str], tmp_path: Path
) -> None:
    folder, log = RunFolder(tmp_path / "run"), tmp_path / "log.txt"
    options = ("--data", str(archive), "--run-dir", str(folder.root), *OPTIONS, *NORMALISED)
    output, _ = waiting.communicate(TrainingOrder(options, log).to_line(), timeout=DEADLINE)
    assert waiting.returncode == 0, log.read_text()
    assert output == ""
    assert "finished: epoch" in log.read_text()
    with (
        np.load(whole_run.checkpoints / "epoch-0003" / "average.npz") as expected,
        np.load(folder.checkpoints / "epoch-0003" / "average.npz") as actual,
    ):
        for key in expected.files:
            np.testing.assert_allclose(actual[key], expected[key], atol=1e-6)


def test_a_trainer_that_waits_ends_with_its_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["train", "--wait"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "line", ["no JSON", "[]", '{"arguments": 3}', '{"arguments": [1]}', "[" * 100_000]
)
def test_an_order_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(RunError, match="Expected a line like"):
        wait_for_order(io.StringIO(line + "\n"))


def test_an_order_is_read_as_it_was_written() -> None:
    for order in (TrainingOrder(("--data", "ä b"), None), TrainingOrder((), Path("log.txt"))):
        assert wait_for_order(io.StringIO(order.to_line())) == order
    assert wait_for_order(io.StringIO("")) is None
