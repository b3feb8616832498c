"""The parts of a run that need no network."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.config import TrainingConfig
from trainer.datasets.pen import PenArchive, read_pen_archive
from trainer.errors import ConfigError, RunError
from trainer.runs import events
from trainer.runs.augment import NO_AUGMENTATION, StrokeAugmentation, augmented_image
from trainer.runs.averaging import AveragedWeights
from trainer.runs.batches import BatchMaker, InkSource, Schedule
from trainer.runs.folder import ControlReader, Request, RunFolder

CONFIG = TrainingConfig(data="a.npz", augmentation=StrokeAugmentation(rotation=3.0))


@pytest.fixture
def archive(tmp_path: Path) -> PenArchive:
    return read_pen_archive(write_archive(tmp_path / "a.npz", 60))


def _schedule(archive: PenArchive, **changes: object) -> Schedule:
    usable = np.ones(len(archive), dtype=bool)
    schedule = Schedule(archive.labels, usable, batch_size=16, balance=0.3, seed=5)
    return dataclasses.replace(schedule, **changes)  # type: ignore[arg-type]


def test_augmentation_follows_its_seed(archive: PenArchive) -> None:
    points, starts = archive.strokes(4)
    images = [
        augmented_image(points, starts, StrokeAugmentation(), np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(images[0], images[1])
    assert not np.array_equal(images[0], images[2])
    plain = augmented_image(points, starts, NO_AUGMENTATION, np.random.default_rng(1))
    assert np.abs(plain.astype(int) - archive.render().images[4]).max() <= 2


def test_batches_are_the_same_for_any_number_of_workers(archive: PenArchive) -> None:
    source = InkSource(archive, StrokeAugmentation())
    seen = []
    for n_workers in (0, 1, 3):
        with BatchMaker(source, _schedule(archive), n_workers, first_epoch=2) as maker:
            batches = [*maker.epoch(2), *maker.epoch(3)]
            processes = list(maker._processes)
        assert not any(process.is_alive() for process in processes)
        seen.append(batches)
    assert len(seen[0]) == 6
    for other in seen[1:]:
        for (images, indices), (others, other_indices) in zip(seen[0], other, strict=True):
            assert np.array_equal(images, others)
            assert np.array_equal(indices, other_indices)
    assert not np.array_equal(seen[0][0][0], seen[0][3][0])


def test_samples_set_aside_never_appear(archive: PenArchive) -> None:
    usable = archive.labels != archive.labels[0]
    schedule = _schedule(archive, usable=usable)
    chosen = np.concatenate([schedule.epoch(number).ravel() for number in range(5)])
    assert usable[chosen].all()


def test_balance_evens_the_classes() -> None:
    labels = np.repeat([0, 1], [900, 100])
    usable = np.ones(1000, dtype=bool)
    for balance, share in ((0.0, 0.1), (1.0, 0.5)):
        schedule = Schedule(labels, usable, 10, balance, seed=1)
        drawn = labels[schedule.epoch(1).ravel()]
        assert drawn.mean() == pytest.approx(share, abs=0.06)
    every = Schedule(labels, usable, 10, 0.0, seed=1).epoch(1).ravel()
    assert len(np.unique(every)) == 1000


def test_settings_survive_json() -> None:
    assert TrainingConfig.from_json(CONFIG.to_json()) == CONFIG
    plain = dataclasses.replace(CONFIG, augmentation=None)
    assert TrainingConfig.from_json(plain.to_json()) == plain
    assert CONFIG.differences(plain) == ["augmentation"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("epochs", 2.5),
        ("batch_size", 0),
        ("batch_size", 5000),
        ("learning_rate", 0.0),
        ("learning_rate", "fast"),
        ("seed", -1),
        ("dropout", 1.0),
        ("label_smoothing", 0.9),
        ("precision", "float8"),
        ("data", ""),
        ("balance", 2),
        ("validation_share", 0.9),
        ("warmup_epochs", 99),
        ("nonsense", 1),
        ("limit", True),
        ("augmentation", {"rotatoin": 3}),
        ("augmentation", 3),
        ("teacher_share", -1.0),
    ],
)
def test_bad_settings_are_refused_by_name(name: str, value: object) -> None:
    record = {"data": "a.npz", name: value}
    with pytest.raises(ConfigError) as caught:
        TrainingConfig.from_record(record)
    assert caught.value.field == name


@pytest.mark.parametrize("text", ["", "[]", "{", "3"])
def test_settings_that_are_no_object_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        TrainingConfig.from_json(text)


def test_events_survive_their_line() -> None:
    samples: list[events.Event] = [
        events.Started("pen", 5, 4, 3, ("a", "b"), 2, 9, 1, "CPU"),
        events.Batch(1, 2, 9, 0.5, 0.25, 100.0, 7.0),
        events.Confusion(1, ((3, 1), (0, 4))),
        events.Failed("It broke.", "Mend it."),
        events.Finished(4, 3, 0.9, stopped=True),
    ]
    for event in samples:
        assert events.from_line(events.to_line(event)) == event


@pytest.mark.parametrize(
    "line", ["", "{", "3", '{"event": "danced"}', '{"event": "paused"}', '{"event": ["paused"]}']
)
def test_lines_of_other_versions_are_passed_over(line: str) -> None:
    assert events.from_line(line) is None


def test_unknown_fields_are_passed_over() -> None:
    assert events.from_line('{"event":"paused","epoch":3,"mood":"good"}') == events.Paused(3)


def test_an_unfinished_line_is_ended(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.append(events.Paused(1))
    with folder.events_file.open("a") as stream:
        stream.write('{"event":"pau')
    folder.append(events.Resumed(2))
    assert list(folder.events()) == [events.Paused(1), events.Resumed(2)]


def test_a_folder_is_used_by_one_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.open(CONFIG, resume=True)  # nothing there yet: starts afresh
    with pytest.raises(RunError, match="empty folder"):
        folder.open(CONFIG, resume=False)
    folder.open(CONFIG, resume=True)
    with pytest.raises(RunError, match="epochs, seed"):
        folder.open(dataclasses.replace(CONFIG, epochs=3, seed=9), resume=True)


def test_requests_are_read_once(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.ask(Request.CANCEL)  # before the reader: of an earlier trainer
    reader = ControlReader(folder)
    assert reader.next_requests() == []
    folder.ask(Request.PAUSE)
    with folder.control_file.open("a") as stream:
        stream.write('junk\n{"request": "dance"}\n' + json.dumps({"request": "stop"})[:9])
    assert reader.next_requests() == [Request.PAUSE]
    with folder.control_file.open("a") as stream:
        stream.write(json.dumps({"request": "stop"})[9:] + "\n")
    assert reader.next_requests() == [Request.STOP]


def test_a_checkpoint_replaces_the_one_before(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.last_checkpoint() is None
    for epoch in (1, 2):
        writing = folder.checkpoints / ".writing"
        writing.mkdir(parents=True)
        (writing / "state.json").write_text(str(epoch))
        folder.save_checkpoint(epoch, writing)
    last = folder.last_checkpoint()
    assert last is not None
    assert (last / "state.json").read_text() == "2"
    assert [path.name for path in folder.checkpoints.iterdir()] == ["epoch-0002"]


def test_averaged_weights_follow_slowly_or_at_once() -> None:
    start, end = [np.zeros(2, dtype=np.float32)], [np.ones(2, dtype=np.float32)]
    slow = AveragedWeights(start, horizon=50)
    for _ in range(10):
        slow.update(end)
    assert 0.3 < slow.weights[0][0] < 1.0
    at_once = AveragedWeights(start, horizon=0)
    at_once.finish_epoch(end)
    assert at_once.weights[0].tolist() == [1, 1]
    assert start[0].tolist() == [0, 0]
