"""The trainer that is kept ready, with a program that waits as the real one does."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.trainer_process import standby
from emnist_desktop.trainer_process.standby import StandbyTrainer
from emnist_desktop.training.runs.run_queue import RunQueue
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fake_trainer import fake_launch
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile
from trainer.processes import trainer_process
from trainer.processes.trainer_process import TrainerProcess
from trainer.runs.folder import Request, RunFolder
from trainer.runs.list_runs import Status, summarize
from trainer.runs.process import ProcessInfo, read_process_info

PATIENCE = 20_000
FAKE = [sys.executable, "-m", "tests.emnist_desktop.fake_trainer"]


@pytest.fixture
def warm(
    qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StandbyTrainer]:
    monkeypatch.setattr(trainer_process, "trainer_command", lambda: FAKE)
    monkeypatch.setattr(standby, "_DELAY_MILLISECONDS", 0)
    monkeypatch.setattr(standby, "available_memory", lambda: 10**12)
    tab = QWidget()
    qtbot.addWidget(tab)
    made = StandbyTrainer(profile, tab)
    yield made
    shut_down(made)


@pytest.fixture
def make_root(profile: Profile) -> Callable[..., Path]:
    def make(preset: str = "cnn-small", epochs: int = 2) -> Path:
        record = {"preset": preset, "data": "starter", "epochs": epochs}
        return RunFolder.create(profile.runs, TrainingConfig.from_record(record)).root

    return make


def show(warm: StandbyTrainer, qtbot: QtBot) -> TrainerProcess:
    with qtbot.waitExposed(warm._tab):
        warm._tab.show()
    qtbot.waitUntil(lambda: warm.child is not None, timeout=PATIENCE)
    assert warm.child is not None
    return warm.child


def test_a_run_begins_in_the_trainer_that_waits(
    warm: StandbyTrainer, qtbot: QtBot, profile: Profile, make_root
) -> None:
    child = show(warm, qtbot)
    queue = RunQueue(profile, warm.launch)
    root = make_root()
    queue.add(root)
    assert warm.child is None
    qtbot.waitUntil(lambda: not queue.running, timeout=PATIENCE)
    assert summarize(root).status is Status.FINISHED
    assert "was ready" in (root / "log.txt").read_text()
    process = read_process_info(root)
    assert process is not None
    assert process.pid == child.pid


def test_it_goes_on_without_the_window_and_can_be_steered(
    warm: StandbyTrainer, qtbot: QtBot, profile: Profile, make_root
) -> None:
    child = show(warm, qtbot)
    queue = RunQueue(profile, warm.launch)
    root = make_root(epochs=1000)
    queue.add(root)
    queue.ask(root, Request.PAUSE)
    shut_down(queue)
    warm.stop()
    qtbot.waitUntil(lambda: summarize(root).status is Status.PAUSED, timeout=PATIENCE)
    later = RunQueue(profile)
    later.attach(root)
    later.ask(root, Request.CANCEL)
    qtbot.waitUntil(lambda: not later.running, timeout=PATIENCE)
    assert summarize(root).status is Status.CANCELLED
    child.returncode = None  # the first queue let go of it
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=PATIENCE)


def test_one_that_has_died_is_replaced(
    warm: StandbyTrainer, qtbot: QtBot, profile: Profile, make_root
) -> None:
    child = show(warm, qtbot)
    os.kill(child.pid, signal.SIGKILL)
    root = make_root()
    launch = warm.launch(root, profile)
    assert launch.standby is child
    cold = replace(fake_launch("run")(root, profile), standby=child)
    queue = RunQueue(profile, lambda *_: cold)
    queue.add(root)
    qtbot.waitUntil(lambda: not queue.running, timeout=PATIENCE)
    assert summarize(root).status is Status.FINISHED
    assert "was ready" not in (root / "log.txt").read_text()


def test_it_ends_with_its_input(warm: StandbyTrainer, qtbot: QtBot) -> None:
    child = show(warm, qtbot)
    assert child.stdin is not None
    child.stdin.close()  # as the system does when the window dies
    assert child.wait(20) == 0


def test_it_is_let_go_when_nobody_comes_back(
    warm: StandbyTrainer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = show(warm, qtbot)
    process = ProcessInfo.of(child.pid)
    warm._idle.setInterval(0)
    warm._tab.hide()
    qtbot.waitUntil(lambda: warm.child is None, timeout=PATIENCE)
    assert not process.is_alive
    assert show(warm, qtbot).pid != child.pid


def test_none_is_kept_beside_a_training_nor_where_memory_is_short(
    warm: StandbyTrainer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitExposed(warm._tab):
        warm._tab.show()
    warm.stop()
    warm.set_training(True)
    warm.warm()
    assert warm.child is None
    warm.set_training(False)
    monkeypatch.setattr(standby, "available_memory", lambda: 10**9)
    warm.warm()
    assert warm.child is None
    monkeypatch.setattr(trainer_process, "trainer_command", lambda: ["/nowhere/python"])
    monkeypatch.setattr(standby, "available_memory", lambda: 10**12)
    warm.warm()
    assert warm.child is None


def test_a_classic_model_needs_none(
    warm: StandbyTrainer, qtbot: QtBot, profile: Profile, make_root
) -> None:
    child = show(warm, qtbot)
    assert warm.launch(make_root("knn"), profile).standby is None
    assert warm.launch(profile.runs / "gone", profile).standby is None
    assert warm.child is child
