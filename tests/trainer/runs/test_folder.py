"""The parts of a run that need no network."""

from __future__ import annotations

import dataclasses
import errno
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.archives import write_archive
from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS, ImageAugmentation
from trainer.augmentation.strokes import NO_AUGMENTATION, StrokeAugmentation, augmented_image
from trainer.commands.train import _explained
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.datasets.store import DatasetWriter
from trainer.errors import ConfigError, DatasetError, RunError
from trainer.files.file_array import FileArray
from trainer.models.presets import PRESETS
from trainer.runs import events
from trainer.runs.control import RunCancelledError, RunControl, is_being_trained, run_lock
from trainer.runs.folder import ControlReader, Request, RunFolder
from trainer.training.batches import (
    BatchMaker,
    ConcatSource,
    ImageSource,
    Indices,
    InkSource,
    Inputs,
    Schedule,
)
from trainer.training.data import load_training_data
from trainer.training.resources import ResourceMeter
from trainer.training.weight_average import AveragedWeights

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


def _endless(maker: BatchMaker) -> Iterator[tuple[Inputs, Indices]]:
    return itertools.chain.from_iterable(map(maker.epoch, itertools.count(1)))


def test_a_worker_that_is_killed_is_said(archive: PenArchive) -> None:
    with BatchMaker(InkSource(archive, None), _schedule(archive), n_workers=1) as maker:
        (process,) = maker._processes
        process.kill()
        process.join()
        with pytest.raises(RunError, match="ended unexpectedly") as caught:
            list(_endless(maker))
    assert "--resume" in caught.value.hint


def test_the_error_of_a_worker_comes_through(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(bytes(64 * 28 * 28))
    images: Any = FileArray(path, (64, 28, 28), np.uint8, 0)
    labels = np.zeros(64, dtype=np.int64)
    schedule = Schedule(labels, np.ones(64, dtype=bool), 16, balance=0.0, seed=1)
    source = ImageSource(Dataset("x", ("a",), images, labels))
    with BatchMaker(source, schedule, n_workers=1) as maker:
        batches = _endless(maker)
        next(batches)
        os.truncate(path, 4_000)
        with pytest.raises(DatasetError, match="has become shorter") as caught:
            list(batches)
    assert caught.value.message.values == {"path": str(path)}


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
    ("before", "after", "said"),
    [
        ({}, {}, []),
        ({"learning_rate": 0.001}, {"learning_rate": 0.01}, ["learning_rate: 0.001 0.01"]),
        ({}, {"teacher": "b", "extra": ["a", "c"]}, ["extra: none a, c", "teacher: none b"]),
        (
            {"augmentation": {}},
            {"augmentation": {"tremor": 0.125}},
            [f"augmentation.tremor: {StrokeAugmentation().tremor:g} 0.125"],
        ),
        (
            {"image_augmentation": None},
            {"image_augmentation": dict.fromkeys(IMAGE_AUGMENTATION_LIMITS, 0)},
            ["image_augmentation: none shift 0, rotation 0, scale 0, shear 0, elastic 0, noise 0"],
        ),
        (
            {"preset": "knn", "preset_options": {"neighbors": 3}},
            {"preset": "knn", "preset_options": {}},
            ["preset_options.neighbors: 3 none"],
        ),
    ],
    ids=["same", "number", "texts", "strength", "switch", "option"],
)
def test_changes_name_the_old_and_the_new_value(
    before: dict[str, Any], after: dict[str, Any], said: list[str]
) -> None:
    first, second = (TrainingConfig.from_record({"data": "d", **each}) for each in (before, after))
    expected = [each.replace(": ", ": the run has ", 1) for each in said]
    found = first.changes(second)
    assert [each.replace(", asked for is", "") for each in found] == expected
    assert bool(found) == (first != second)


def test_a_refusal_names_no_more_than_a_reader_takes_in(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.open(CONFIG, resume=False)
    other = TrainingConfig.from_record({"preset": "lenet5", "data": "elsewhere"})
    with pytest.raises(RunError, match=r"preset: the run has pen, .*; and \d+ more\.$"):
        folder.open(other, resume=True)


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


def test_a_matrix_whose_rows_differ_in_length_is_passed_over() -> None:
    matrices = (events.Confusion(1, ((3, 1), (0, 4))), events.Confusion(2, ((3, 1), (0,))))
    history = events.RunHistory.of(matrices)
    assert {n: matrix.tolist() for n, matrix in history.matrices.items()} == {1: [[3, 1], [0, 4]]}


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
    with pytest.raises(RunError, match="epochs: the run has 30, asked for is 3; seed: "):
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


def test_a_request_that_was_cut_short_costs_no_other(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    reader = ControlReader(folder)
    folder.control_file.write_text('{"request": "pa')
    folder.ask(Request.STOP)
    assert reader.next_requests() == [Request.STOP]


def test_what_was_asked_for_while_the_trainer_was_started_counts(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert folder.control_size() == 0
    folder.ask(Request.CANCEL)  # of an earlier trainer
    launched = folder.control_size()
    folder.ask(Request.PAUSE)
    assert ControlReader(folder, launched).next_requests() == [Request.PAUSE]
    told: list[events.Event] = []
    folder.ask(Request.RESUME)
    RunControl(folder, told.append, launched).handle_requests(1)
    assert told == [events.Paused(1), events.Resumed(1)]


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
    slow = AveragedWeights(start, epochs=5, n_batches=100)
    for _ in range(10):
        slow.update(end)
    assert 0.3 < slow.weights[0][0] < 1.0
    at_once = AveragedWeights(start, epochs=0, n_batches=100)
    at_once.finish_epoch(end)
    assert at_once.weights[0].tolist() == [1, 1]
    assert start[0].tolist() == [0, 0]


@pytest.mark.parametrize(("n_batches", "expected"), [(1, 1), (7, 1), (10, 1), (25, 2)])
def test_weights_are_averaged_in_every_epoch(n_batches: int, expected: int) -> None:
    average = AveragedWeights([], epochs=2, n_batches=n_batches)
    due = [average.is_due(step, step + 1, n_batches) for step in range(n_batches)]
    assert sum(due) == expected


def test_every_setting_is_in_the_table_that_forms_are_made_of() -> None:
    assert set(FIELDS) == {field.name for field in dataclasses.fields(TrainingConfig)}
    for each in FIELDS.values():
        assert each.title
        assert each.help.endswith(".")
        if each.kind in ("int", "float"):
            assert each.low < each.high
        if each.choices:
            assert getattr(CONFIG, each.name) in each.choices


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_brings_its_settings(name: str) -> None:
    config = TrainingConfig.from_record({"preset": name, "data": "starter", "epochs": 3})
    assert config.epochs == 3
    for setting, value in PRESETS[name].defaults.items():
        if setting != "epochs":
            assert getattr(config, setting) == value
    assert TrainingConfig.from_json(config.to_json()) == config


def test_settings_of_an_older_version_are_read() -> None:
    old = {"preset": "pen", "data": "a.npz", "epochs": 42, "augmentation": {"rotation": 7.0}}
    config = TrainingConfig.from_record(old)
    assert (config.optimizer, config.schedule, config.extra) == ("adamw", "cosine", ())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("optimizer", "luck"),
        ("schedule", "random"),
        ("device", "tpu"),
        ("extra", "starter"),
        ("extra", [3]),
        ("extra_share", 0.95),
        ("preset_options", {"nonsense": 1}),
        ("preset_options", [1]),
        ("image_augmentation", {"shift": -1.0}),
        ("early_stopping", -1),
        ("image_size", 2.5),
        ("preset", "lenet-5"),
    ],
)
def test_new_settings_are_checked_too(name: str, value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        TrainingConfig.from_record({"data": "a.npz", name: value})
    assert caught.value.field in (name, "shift")


def test_sources_stand_one_after_the_other(archive: PenArchive) -> None:
    images = archive.render()
    both = ConcatSource(
        (InkSource(archive, None), ImageSource(images)), np.array([0, len(archive)])
    )
    indices = np.array([3, 65, 7, 119])
    drawn = both.inputs(indices, np.random.default_rng(1))
    assert drawn.shape == (4, *both.input_shape)
    assert np.array_equal(drawn, images.images[indices % 60])


def test_varied_images_follow_their_seed(archive: PenArchive) -> None:
    source = ImageSource(archive.render(), ImageAugmentation(shift=3.0))
    indices = np.arange(5)
    first, again, other = (
        source.inputs(indices, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_share_of_added_samples_is_kept() -> None:
    labels = np.zeros(1000, dtype=np.int64)
    usable = np.ones(1000, dtype=bool)
    for share in (0.2, 0.5, 0.9):
        schedule = Schedule(labels, usable, 10, 0.3, 1, extra_from=900, extra_share=share)
        assert (schedule.epoch(1) >= 900).mean() == pytest.approx(share, abs=0.02)
    as_they_come = Schedule(labels, usable, 10, 0.3, 1, extra_from=900)
    assert (as_they_come.epoch(1) >= 900).mean() == pytest.approx(0.1, abs=0.01)


def test_added_data_are_matched_by_character(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "all.npz", 120)
    folder = tmp_path / "lenses"
    some = read_pen_archive(archive, tuple("17LOTx"))
    with DatasetWriter(folder, title="Lenses", alphabet=some.alphabet) as writer:
        writer.append_inks("train", some)
    config = TrainingConfig(data=str(archive), extra=(str(folder),))
    data = load_training_data(config)
    base, added = data.parts
    assert added.alphabet == base.alphabet
    assert [base.alphabet[i] for i in added.labels] == [some.alphabet[i] for i in some.labels]
    assert len(data.validation) + len(base) == 120
    assert data.extra_from == len(base)
    assert data.fingerprint() != base.fingerprint()
    capitals = tmp_path / "capitals"
    only = read_pen_archive(archive).select(np.isin(read_pen_archive(archive).labels, [21, 24]))
    labels = np.where(only.labels == 21, 0, 1)
    few = dataclasses.replace(only, alphabet=("L", "O"), labels=labels)
    with DatasetWriter(capitals, title="Capitals", alphabet=few.alphabet) as writer:
        writer.append_inks("train", few)
    part = load_training_data(TrainingConfig(data=str(capitals), extra=(str(archive),))).parts[1]
    assert part.alphabet == ("L", "O")
    assert len(part) == 40
    with pytest.raises(RunError, match="no sample"):
        load_training_data(TrainingConfig(data=str(capitals), extra=(str(_digits(tmp_path)),)))


def _digits(tmp_path: Path) -> Path:
    archive = read_pen_archive(write_archive(tmp_path / "d.npz", 60))
    ones = archive.select(archive.labels == 1)
    digits = dataclasses.replace(ones, alphabet=("0", "1"))
    with DatasetWriter(tmp_path / "digits", title="Ones", alphabet=("0", "1")) as writer:
        writer.append_inks("train", digits)
    return tmp_path / "digits"


def test_pause_and_resume_that_come_together_do_not_block(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    told: list[events.Event] = []
    control = RunControl(folder, told.append)
    folder.ask(Request.PAUSE)
    folder.ask(Request.RESUME)
    control.handle_requests(3)
    assert told == [events.Paused(3), events.Resumed(3)]
    folder.ask(Request.PAUSE)
    folder.ask(Request.STOP)
    control.handle_requests(4)
    assert control.stopped
    folder.ask(Request.CANCEL)
    with pytest.raises(RunCancelledError):
        control.handle_requests(5)


def test_what_a_training_takes_is_measured_once_a_second() -> None:
    meter = ResourceMeter(lambda: (5, 7))
    assert meter.read() is None
    meter._next = 0.0
    taken = meter.read()
    assert taken is not None
    assert 10e6 < taken.memory_bytes < 100e9
    assert 0 <= taken.processor_load <= 1
    assert (taken.device_memory_bytes, taken.device_peak_bytes) == (5, 7)
    assert meter.read() is None
    meter = ResourceMeter()
    meter._next = 0.0
    taken = meter.read()
    assert taken is not None
    assert taken.device_memory_bytes is None
    assert events.from_line(events.to_line(taken)) == taken


def test_a_run_is_locked_while_it_is_trained(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert not is_being_trained(folder)
    with run_lock(folder):
        assert is_being_trained(folder)
        with pytest.raises(RunError, match="another process"), run_lock(folder):
            pass
    assert not is_being_trained(folder)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EACCES, "Permission denied"), "cannot be used"),
        (type("ResourceExhaustedError", (Exception,), {})(), "memory"),
        (RunError("It broke.", "Mend it."), "It broke"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError"),
    ],
)
def test_the_end_of_a_run_is_explained(error: Exception, sentence: str) -> None:
    explained = _explained(error)
    assert sentence in explained.message
    assert explained.hint
