"""A task and its three ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from emnist_desktop.ui.task import Context, Task
from trainer.errors import PictureError


class Listener(QObject):
    """Remembers what a task says, and in which thread."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.heard: list[tuple[str, Any]] = []
        self.threads: set[QThread] = set()
        task.succeeded.connect(self._on_succeeded)
        task.failed.connect(self._on_failed)
        task.cancelled.connect(self._on_cancelled)
        task.reported.connect(self._on_reported)

    @Slot(object)
    def _on_succeeded(self, result: object) -> None:
        self._note("succeeded", result)

    @Slot(object)
    def _on_failed(self, error: object) -> None:
        self._note("failed", error)

    @Slot()
    def _on_cancelled(self) -> None:
        self._note("cancelled", None)

    @Slot(object)
    def _on_reported(self, event: object) -> None:
        self._note("reported", event)

    def _note(self, kind: str, value: object) -> None:
        self.heard.append((kind, value))
        self.threads.add(QThread.currentThread())


@pytest.fixture
def task(qapp: QCoreApplication) -> Iterator[Task]:
    task = Task()
    yield task
    task.shutdown()


@pytest.fixture
def listener(task: Task) -> Listener:
    return Listener(task)


def test_it_succeeds_in_the_thread_of_the_window(
    task: Task, listener: Listener, qtbot: QtBot
) -> None:
    worked_in: list[int] = []

    def work(context: Context) -> int:
        worked_in.append(threading.get_ident())
        context.report("half")
        return 42

    with qtbot.waitSignal(task.succeeded):
        task.start(work)
        assert task.is_running
    assert listener.heard == [("reported", "half"), ("succeeded", 42)]
    assert listener.threads == {QCoreApplication.instance().thread()}
    assert worked_in[0] != threading.get_ident()
    assert not task.is_running


@pytest.mark.parametrize("error", [PictureError("No picture.", "Try another."), ValueError("odd")])
def test_it_fails(task: Task, listener: Listener, qtbot: QtBot, error: Exception) -> None:
    def work(context: Context) -> None:
        raise error

    with qtbot.waitSignal(task.failed):
        task.start(work)
    assert listener.heard == [("failed", error)]
    assert not task.is_running


def test_it_is_cancelled(task: Task, listener: Listener, qtbot: QtBot) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(context: Context) -> None:
        begun.set()
        try:
            while True:
                context.check()
        finally:
            ended.set()

    task.start(work)
    assert begun.wait(10)
    task.cancel()
    assert listener.heard == [("cancelled", None)]
    assert ended.wait(10)
    qtbot.wait(50)
    assert listener.heard == [("cancelled", None)]
    with qtbot.waitSignal(task.succeeded):
        task.start(lambda _: "usable again")


def test_a_new_start_silences_the_old(task: Task, listener: Listener, qtbot: QtBot) -> None:
    go_on = threading.Event()

    def slow(context: Context) -> str:
        go_on.wait(10)
        context.report("stale")
        return "stale"

    def fails_late(context: Context) -> None:
        go_on.wait(10)
        raise ValueError

    task.start(slow)
    task.start(fails_late)
    task.start(lambda _: "fresh")
    go_on.set()
    qtbot.waitUntil(lambda: bool(listener.heard))
    qtbot.wait(50)
    assert listener.heard == [("succeeded", "fresh")]


def test_a_result_on_its_way_when_cancelled_is_not_heard(
    task: Task, listener: Listener, qtbot: QtBot
) -> None:
    done = threading.Event()

    def work(context: Context) -> int:
        done.set()
        return 1

    task.start(work)
    assert done.wait(10)
    task.cancel()
    qtbot.wait(50)
    assert listener.heard == [("cancelled", None)]


def test_cancelling_nothing_says_nothing(task: Task, listener: Listener) -> None:
    task.cancel()
    assert listener.heard == []
