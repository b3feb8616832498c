"""The list of runs, from folders as trainers leave them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainer.config.training_config import TrainingConfig
from trainer.errors import RunError
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import TRASH_NAME, Status, list_runs, summarize
from trainer.runs.predictions import confusion_samples, save_predictions, save_samples
from trainer.runs.process import ProcessInfo, read_process_info, trainer_is_alive
from trainer.runs.titles import LABEL_NAME, set_label
from trainer.runs.trash import move_to_trash, restore

STARTED = events.Started("pen", 1234, 900, 100, ("A", "B"), 5, 10, 1, "CPU")


def epoch(number: int, accuracy: float, *, best: bool = True) -> events.Epoch:
    return events.Epoch(number, 0.5, 0.8, 0.6, accuracy, accuracy, 1e-3, 2.5, best=best)


def make_run(runs: Path, name: str, *said: events.Event) -> Path:
    folder = RunFolder(runs / name)
    folder.open(TrainingConfig(data="starter", epochs=5, seed=9), resume=False)
    for event in said:
        folder.append(event)
    return folder.root


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ((), Status.WAITING),
        ((STARTED, epoch(1, 0.5), events.Finished(5, 3, 0.9, stopped=False)), Status.FINISHED),
        ((STARTED, events.Finished(2, 1, 0.9, stopped=True)), Status.STOPPED),
        ((STARTED, events.Failed("No.", "Try.")), Status.FAILED),
        ((STARTED, events.Cancelled(1)), Status.CANCELLED),
    ],
)
def test_the_status_is_what_was_said_last(tmp_path: Path, said, status: Status) -> None:
    assert summarize(make_run(tmp_path, "a", *said)).status is status


def test_a_run_without_its_trainer_is_interrupted(tmp_path: Path) -> None:
    root = make_run(tmp_path, "a", STARTED, epoch(1, 0.5))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        ProcessInfo.of(process.pid).write(root)
        assert summarize(root).status is Status.RUNNING
        RunFolder(root).append(events.Paused(1))
        assert summarize(root).status is Status.PAUSED
        with pytest.raises(RunError, match="being trained"):
            move_to_trash(root)
        process.kill()
    assert summarize(root).status is Status.INTERRUPTED


def test_a_number_that_is_used_again_is_not_the_trainer(tmp_path: Path) -> None:
    note = ProcessInfo.of(os.getpid())
    assert note.is_alive
    assert not ProcessInfo(note.pid, "another time", note.host).is_alive
    assert not ProcessInfo(note.pid, str(int(note.born) - 10_000), note.host).is_alive
    assert not ProcessInfo(note.pid, note.born, "another computer").is_alive
    note.write(tmp_path)
    assert read_process_info(tmp_path) == note
    (tmp_path / "process.json").write_text("{")
    assert read_process_info(tmp_path) is None


def test_a_silent_run_of_another_computer_is_given_up(tmp_path: Path) -> None:
    root = make_run(tmp_path, "a", STARTED)
    ProcessInfo(1, "then", "another computer").write(root)
    file = RunFolder(root).events_file
    assert trainer_is_alive(root, file)
    os.utime(file, (1, 1))
    assert not trainer_is_alive(root, file)


def test_a_summary_has_what_a_list_shows(tmp_path: Path) -> None:
    confusion = events.Confusion(1, ((40, 10), (5, 45)))
    batch = events.Batch(1, 1, 10, 0.1, 0.9, 100.0, 1.0)
    root = make_run(tmp_path, "a", STARTED, batch, epoch(1, 0.7), confusion, epoch(2, 0.9))
    RunFolder(root).append(epoch(3, 0.95, best=False))  # strictly read; not what it chose by
    run = summarize(root)
    assert (run.preset, run.dataset, run.seed) == ("pen", "starter", 9)
    assert (run.epochs_done, run.epochs, run.best_epoch, run.parameters) == (3, 5, 2, 1234)
    assert run.accuracy == 0.9
    assert run.interval == pytest.approx((0.8256, 0.9448), abs=1e-3)
    assert run.seconds == 7.5
    assert run.n_bytes > 0
    assert not run.has_bundle


def test_a_resumed_run_counts_its_epochs_once(tmp_path: Path) -> None:
    again = events.Started("pen", 1234, 900, 100, ("A", "B"), 5, 10, 2, "CPU")
    said = (STARTED, epoch(1, 0.6), epoch(2, 0.9), again, epoch(2, 0.7))
    run = summarize(make_run(tmp_path, "a", *said))
    assert run.accuracy == 0.7
    assert run.seconds == 5.0


def test_what_is_no_run_is_left_out_and_damage_breaks_nothing(tmp_path: Path) -> None:
    make_run(tmp_path, "good", STARTED)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    bad = make_run(tmp_path, "bad", STARTED)
    (bad / "config.json").write_text("[1")
    (bad / "events.jsonl").write_bytes(b"\xff\x00{")
    (bad / "label.json").write_text("null")
    assert {run.root.name for run in list_runs(tmp_path)} == {"good", "bad"}
    assert list_runs(tmp_path / "nowhere") == []


def test_a_title_and_a_note_are_kept(tmp_path: Path) -> None:
    root = make_run(tmp_path, "a")
    set_label(root, "  Mine ", "two\nlines")
    run = summarize(root)
    assert (run.title, run.note) == ("Mine", "two\nlines")
    set_label(root, "", "")
    assert (summarize(root).own_title, summarize(root).note) == ("", "")
    with pytest.raises(RunError, match="cannot be kept"):
        set_label(tmp_path / "a" / "config.json", "x", "")


def test_a_deleted_run_can_be_put_back(tmp_path: Path) -> None:
    root = make_run(tmp_path, "a", STARTED)
    deleted = move_to_trash(root)
    assert deleted.parent == tmp_path / TRASH_NAME
    assert list_runs(tmp_path) == []
    restore(deleted, root)
    assert [run.root for run in list_runs(tmp_path)] == [root]
    with pytest.raises(RunError, match="cannot be put back"):
        restore(deleted, root)


@pytest.mark.parametrize(
    ("n", "accuracy", "expected"),
    [(100, 0.5, (0.4038, 0.5962)), (1 << 52, 0.5, (0.5, 0.5)), (0, 0.5, (0, 1)), (9, 1.5, (0, 1))],
)
def test_the_interval_is_wilsons_however_many_samples_a_run_claims(
    tmp_path: Path, n: int, accuracy: float, expected: tuple[float, float]
) -> None:
    root = make_run(tmp_path, "a", replace(STARTED, n_validation=n), epoch(1, accuracy))
    assert summarize(root).interval == pytest.approx(expected, abs=1e-3)


def test_a_run_of_both_cases_says_what_it_is_with_case_merged(tmp_path: Path) -> None:
    merging = replace(epoch(1, 0.5), merged_accuracy=0.6)
    of_both = replace(STARTED, alphabet=("C", "c", "x"))
    assert summarize(make_run(tmp_path, "a", STARTED, merging)).merged_accuracy is None
    assert summarize(make_run(tmp_path, "b", of_both, merging)).merged_accuracy == 0.6


def test_the_images_of_a_cell_are_found(tmp_path: Path) -> None:
    split = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    places, labels = np.array([5, 9, 20, 33]), np.array([0, 0, 1, 1])
    save_samples(tmp_path, "starter", "train", places, labels, split[places])
    save_predictions(tmp_path, 3, np.array([0, 1, 1, 0]))
    found = confusion_samples(tmp_path, 3, 0, 1)
    assert (found.data, found.split, found.indices.tolist()) == ("starter", "train", [9])
    assert found.match(split)
    assert not found.match(split[::-1])  # another dataset of the same name
    assert not found.match(split[:9])
    with pytest.raises(LookupError):
        confusion_samples(tmp_path, 4, 0, 1)
    (tmp_path / "predictions" / "epoch-0003.npy").write_bytes(b"no array")
    with pytest.raises(LookupError):
        confusion_samples(tmp_path, 3, 0, 1)


def test_the_list_is_light() -> None:
    code = (
        "import sys, trainer.runs.list_runs\nprint({'keras', 'scipy', 'sklearn'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_line_or_a_title_without_an_end_is_passed_over(tmp_path: Path) -> None:
    root = make_run(tmp_path, "a", STARTED, epoch(1, 0.5))
    (root / LABEL_NAME).write_text(json.dumps({"title": "T" * 2_000, "note": "N" * 200_000}))
    line = events.to_line(events.Failed("x" * events.MOST_CHARACTERS, ""))
    with RunFolder(root).events_file.open("a") as stream:
        stream.write(f"{line}\n{events.to_line(epoch(2, 0.7))}\n")
    assert events.from_line(line) is None
    summary = summarize(root)
    assert (summary.epochs_done, summary.accuracy, summary.message) == (2, 0.7, "")
    assert (len(summary.own_title), len(summary.note)) == (1_000, 100_000)


def test_an_imported_run_has_the_accuracy_that_the_run_had(tmp_path: Path) -> None:
    bundle = tmp_path / "imported" / "bundle"
    bundle.mkdir(parents=True)
    figures = {"accuracy": 0.9, "accuracy_all_classes": 0.8, "samples": 100}
    (bundle / "bundle.json").write_text(json.dumps({"name": "Anna's", "validation": figures}))
    run = summarize(bundle.parent)
    assert (run.status, run.accuracy, run.merged_accuracy) == (Status.IMPORTED, 0.8, 0.9)
    assert run.interval == pytest.approx((0.711, 0.867), abs=1e-3)
