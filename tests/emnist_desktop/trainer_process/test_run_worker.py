"""The thread that owns a trainer, with real child processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from emnist_desktop.trainer_process import run_worker
from emnist_desktop.trainer_process.run_worker import (
    End,
    EventFollower,
    Launch,
    Outcome,
    RunWorker,
    train_launch,
)
from emnist_desktop.training.runs.run_queue import RunQueue
from tests.emnist_desktop.fake_trainer import fake_launch, started
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile
from trainer.processes.trainer_process import TrainerProcess
from trainer.runs import events
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import Status, summarize
from trainer.runs.process import read_process_info

PATIENCE = 20_000
"""Milliseconds after which a wait has failed."""


class Run:
    """A worker and what it said."""

    def __init__(self, worker: RunWorker) -> None:
        self.worker = worker
        self.history = worker.history
        self.outcome: Outcome | None = None
        self.seen: list[events.Event] = []
        worker._events_read.connect(self.hear)
        worker.ended.connect(self.end)

    def hear(self, read: object) -> None:
        assert isinstance(read, tuple)
        self.seen.extend(read)

    def end(self, root: object, outcome: object) -> None:
        assert isinstance(outcome, Outcome)
        self.outcome = outcome


@pytest.fixture
def make_root(profile: Profile) -> Callable[[int], Path]:
    def make(epochs: int = 3) -> Path:
        config = TrainingConfig(preset="pen", data="starter", epochs=epochs)
        return RunFolder.create(profile.runs, config).root

    return make


@pytest.fixture
def start(profile: Profile) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(root: Path, mode: str | None) -> Run:
        launch = None if mode is None else fake_launch(mode)(root, profile)
        run = Run(RunWorker(root, launch))
        runs.append(run)
        run.worker.start()
        return run

    yield begin
    for run in runs:
        run.worker.ask(Request.CANCEL)
        assert run.worker.wait(PATIENCE)


def wait_for_end(qtbot: QtBot, run: Run) -> Outcome:
    qtbot.waitUntil(lambda: run.outcome is not None, timeout=PATIENCE)
    assert run.outcome is not None
    return run.outcome


def wait_for_epoch(qtbot: QtBot, run: Run, epoch: int = 1) -> None:
    qtbot.waitUntil(lambda: epoch in run.history.epochs, timeout=PATIENCE)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_run_is_followed_to_its_end(qtbot: QtBot, make_root, start) -> None:
    root = make_root(3)
    run = start(root, "run")
    assert wait_for_end(qtbot, run) == Outcome(End.FINISHED)
    assert run.seen == list(RunFolder(root).events())
    assert sorted(run.history.epochs) == [1, 2, 3]
    assert run.history.matrices[3].shape == (4, 4)
    assert (root / "log.txt").exists()
    assert summarize(root).status is Status.FINISHED


def test_it_pauses_goes_on_and_stops(qtbot: QtBot, make_root, start) -> None:
    run = start(make_root(1000), "run")
    wait_for_epoch(qtbot, run)
    run.worker.ask(Request.PAUSE)
    qtbot.waitUntil(lambda: run.history.is_paused, timeout=PATIENCE)
    assert summarize(run.worker.root).status is Status.PAUSED
    epochs = len(run.history.epochs)
    run.worker.ask(Request.RESUME)
    qtbot.waitUntil(lambda: len(run.history.epochs) > epochs, timeout=PATIENCE)
    run.worker.ask(Request.STOP)
    assert wait_for_end(qtbot, run).end is End.FINISHED
    assert summarize(run.worker.root).status is Status.STOPPED


def test_a_request_before_the_start_is_not_lost(qtbot: QtBot, make_root, start) -> None:
    run = start(make_root(1000), "run")
    run.worker.ask(Request.STOP)
    assert wait_for_end(qtbot, run).end is End.FINISHED
    assert isinstance(run.seen[-1], events.Finished)


def test_a_request_of_somebody_who_leaves_at_once_is_not_lost(
    qtbot: QtBot, make_root, start
) -> None:
    run = start(make_root(1000), "run")
    qtbot.waitUntil(lambda: read_process_info(run.worker.root) is not None, timeout=PATIENCE)
    assert run.history.started is None
    run.worker.ask(Request.PAUSE)
    run.worker.leave()
    root = run.worker.root
    qtbot.waitUntil(lambda: summarize(root).status is Status.PAUSED, timeout=PATIENCE)
    later = start(root, None)
    qtbot.waitUntil(lambda: later.history.is_paused, timeout=PATIENCE)


@pytest.mark.parametrize("mode", ["run", "deaf", "lingers"])
def test_after_a_cancel_the_child_is_gone(
    qtbot: QtBot, make_root, start, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_worker, "_EXIT_SECONDS", 3600.0)
    run = start(make_root(1000), mode)
    wait_for_epoch(qtbot, run)
    process = read_process_info(run.worker.root)
    assert process is not None
    assert process.is_alive
    run.worker.ask(Request.CANCEL)
    assert wait_for_end(qtbot, run).end is End.CANCELLED
    assert is_gone(process.pid)
    assert summarize(run.worker.root).status is Status.CANCELLED


def test_a_cancel_while_the_libraries_load_ends_it_at_once(
    qtbot: QtBot, profile: Profile, make_root
) -> None:
    root = make_root()
    command = (sys.executable, "-c", "import time\nwhile True: time.sleep(1)")
    run = Run(RunWorker(root, Launch(command, {})))
    run.worker.start()
    qtbot.waitUntil(lambda: read_process_info(root) is not None, timeout=PATIENCE)
    run.worker.ask(Request.CANCEL)
    assert wait_for_end(qtbot, run).end is End.CANCELLED
    assert run.worker.wait(PATIENCE)


def test_a_killed_trainer_is_interrupted_and_goes_on(qtbot: QtBot, make_root, start) -> None:
    root = make_root(3)
    outcome = wait_for_end(qtbot, start(root, "dies"))
    assert outcome.end is End.INTERRUPTED
    assert "from outside (signal 9)" in outcome.message
    assert "checkpoint" in outcome.hint
    assert summarize(root).status is Status.INTERRUPTED
    again = start(root, "run")
    assert wait_for_end(qtbot, again).end is End.FINISHED
    assert sorted(again.history.epochs) == [1, 2, 3]
    assert again.history.started is not None
    assert again.history.started.first_epoch == 2


def test_broken_lines_are_passed_over(qtbot: QtBot, make_root, start) -> None:
    run = start(make_root(2), "garbage")
    assert wait_for_end(qtbot, run).end is End.FINISHED
    assert sorted(run.history.epochs) == [1, 2]


def test_an_error_before_the_run_is_told_with_its_hint(qtbot: QtBot, make_root, start) -> None:
    outcome = wait_for_end(qtbot, start(make_root(), "refuses"))
    expected = Outcome(End.FAILED, "Expected data. Received: none.", "Choose a dataset.")
    assert outcome == expected


def test_a_failed_run_is_told_with_its_hint(qtbot: QtBot, make_root, start) -> None:
    root = make_root()
    outcome = wait_for_end(qtbot, start(root, "fails"))
    assert outcome == Outcome(End.FAILED, "The loss is no number.", "Lower the rate.")
    assert summarize(root).status is Status.FAILED
    assert summarize(root).hint == "Lower the rate."


def test_a_trainer_that_cannot_be_started_is_an_error(qtbot: QtBot, make_root) -> None:
    run = Run(RunWorker(make_root(), Launch(("/nowhere/python",), {})))
    run.worker.start()
    outcome = wait_for_end(qtbot, run)
    assert outcome.end is End.FAILED
    assert "cannot be started" in outcome.message
    assert run.worker.wait(PATIENCE)


def test_nor_can_one_in_the_place_of_one_that_has_died(qtbot: QtBot, make_root) -> None:
    root = make_root()
    dies = "import pathlib as p, sys\nwhile not p.Path(sys.argv[1], 'process.json').exists(): pass"
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    standby = TrainerProcess((), program=(sys.executable, "-c", dies, str(root)), **streams)
    run = Run(RunWorker(root, Launch(("/nowhere/python",), {}, standby)))
    run.worker.start()
    assert "cannot be started" in wait_for_end(qtbot, run).message
    assert run.worker.wait(PATIENCE)


def test_a_left_run_goes_on_and_is_found_again(qtbot: QtBot, make_root, start) -> None:
    root = make_root(1000)
    first = start(root, "run")
    wait_for_epoch(qtbot, first)
    first.worker.leave()
    qtbot.waitUntil(lambda: first.outcome is not None, timeout=PATIENCE)
    assert first.outcome == Outcome(End.LEFT)
    assert summarize(root).status is Status.RUNNING
    later = start(root, None)
    wait_for_epoch(qtbot, later, max(first.history.epochs) + 1)
    later.worker.ask(Request.CANCEL)
    assert wait_for_end(qtbot, later).end is End.CANCELLED


def test_a_foreign_run_that_vanishes_is_interrupted(qtbot: QtBot, make_root, start) -> None:
    root = make_root(1000)
    command = [sys.executable, "-m", "tests.emnist_desktop.fake_trainer", str(root), "deaf"]
    with subprocess.Popen(command) as process:
        from trainer.runs.process import ProcessInfo

        ProcessInfo.of(process.pid).write(root)
        run = start(root, None)
        wait_for_epoch(qtbot, run)
        process.send_signal(signal.SIGKILL)
        process.wait()
    outcome = wait_for_end(qtbot, run)
    assert outcome.end is End.INTERRUPTED
    assert "from outside, or ran out of memory" in outcome.message
    assert "Resume" in outcome.hint


def test_a_partial_line_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    follower = EventFollower(path)
    assert follower.next_events() == ()
    line = events.to_line(events.Checkpoint(3)).encode()
    path.write_bytes(line[:7])
    assert follower.next_events() == ()
    with path.open("ab") as stream:
        stream.write(line[7:] + b"\n" + line[:3])
    assert follower.next_events() == (events.Checkpoint(3),)


def test_the_command_begins_or_resumes_a_run(profile: Profile) -> None:
    root = profile.runs / "one"
    root.mkdir(parents=True)
    RunFolder(root).ask(Request.CANCEL)  # of an earlier trainer
    launch = train_launch(root, profile)
    assert launch.command[:4] == (sys.executable, "-m", "trainer", "train")
    assert "--begin" in launch.command
    assert "--resume" not in launch.command
    size = (root / "control.jsonl").stat().st_size
    assert launch.command[-2:] == ("--requests-from", str(size))
    assert launch.variables["EMNIST_DESKTOP_PROFILE"] == str(profile.root)
    RunFolder(root).append(started(3))
    assert "--resume" in train_launch(root, profile).command


def test_runs_take_turns(qtbot: QtBot, profile: Profile, make_root) -> None:
    queue = RunQueue(profile, fake_launch("run"))
    order: list[Path] = []
    queue.run_started.connect(order.append)
    roots = [make_root(2), make_root(2)]
    for root in roots:
        queue.add(root)
        queue.add(root)
    assert queue.running == roots[:1]
    assert queue.waiting == roots[1:]
    qtbot.waitUntil(lambda: not queue.running and not queue.waiting, timeout=PATIENCE)
    assert order == roots
    assert [summarize(root).status for root in roots] == [Status.FINISHED] * 2
