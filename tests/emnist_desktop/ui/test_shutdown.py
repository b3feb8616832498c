"""What is under way ends with the window, and nothing is built after that."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.lazy import LazyWidget
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.task import MOST_MILLISECONDS, Context, Task, lingers
from trainer.files.paths import Profile


class Owner(QWidget):
    """Has work of its own, and more to do at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = Task(QObject(self))
        self.timer = QTimer(self)
        self.timer.start(10_000)
        self.was_running_at_the_end = False

    def shutdown(self) -> None:
        self.was_running_at_the_end = self.task.is_running


class Page(LazyWidget):
    """Counts how often somebody looks."""

    looks = 0

    def build(self) -> None:
        self.label = QLabel("built")
        self.setLayout(vbox(self.label))

    def look(self) -> None:
        self.looks += 1


def test_all_that_is_under_way_ends_however_deep_it_is(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    owner = Owner(QWidget(window))
    begun, is_over = threading.Event(), threading.Event()

    def work(context: Context) -> None:
        begun.set()
        while not context.is_cancelled:
            pass
        is_over.set()

    owner.task.start(work)
    assert begun.wait(5)
    shut_down(window)
    assert is_over.is_set()
    assert owner.was_running_at_the_end
    assert not owner.task.is_running
    assert not owner.timer.isActive()


def test_a_read_that_does_not_end_is_left_behind(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window = QWidget()
    tasks = [Task(window) for _ in range(20)]
    pipe, begun = tmp_path / "pipe", threading.Semaphore(0)
    os.mkfifo(pipe)

    def read(context: Context) -> bytes:
        begun.release()
        content = pipe.read_bytes()
        context.report(content)
        return content

    for task in tasks:
        task.start(read)
    for _ in tasks:
        assert begun.acquire(timeout=5)
    shut_down(window)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    assert lingers(qapp)

    def are_released() -> bool:
        os.close(os.open(pipe, os.O_RDWR))
        return not lingers(qapp)

    qtbot.waitUntil(are_released)


class StuckChild(QObject):
    """Goes on, however long it is waited for."""

    def __init__(self, parent: QObject, told: list[str]) -> None:
        super().__init__(parent)
        self._told = told
        self.deadline: QDeadlineTimer | None = None

    def drop(self) -> None:
        self._told.append("end")

    def wait(self, deadline: QDeadlineTimer) -> None:
        self._told.append("wait")
        self.deadline = deadline


def test_all_are_told_to_end_before_any_is_waited_for_and_share_the_time(qtbot: QtBot) -> None:
    window, told = QWidget(), list[str]()
    qtbot.addWidget(window)
    children = [StuckChild(window, told) for _ in range(5)]
    shut_down(window)
    assert told == ["end"] * 5 + ["wait"] * 5
    assert all(child.deadline is children[0].deadline for child in children)
    assert children[0].deadline is not None
    assert 0 <= children[0].deadline.remainingTime() <= MOST_MILLISECONDS


def test_a_process_that_survives_its_end_is_left_behind(
    qtbot: QtBot, qapp: QApplication, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QProcess, "kill", lambda _: None)  # as where a disk stalls
    window = QWidget()
    qtbot.addWidget(window)
    command = Command(profile, window, [sys.executable, "-c", "input()"])
    command.start([])
    (process,) = window.findChildren(QProcess)
    assert process.waitForStarted()
    command.drop()
    command.wait(QDeadlineTimer(0))
    assert not command.is_running
    assert process.parent() is qapp
    assert lingers(qapp)
    process.closeWriteChannel()
    qtbot.waitUntil(lambda: not lingers(qapp))
    process.setParent(window)


def test_a_page_is_built_when_it_is_first_shown_and_seen_at_once(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    assert not page.is_built
    page.show()
    assert page.label.isVisible()
    page.hide()
    page.show()
    assert page.looks == 2


def test_a_page_that_was_shut_down_builds_nothing(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    shut_down(page)
    page.show()
    assert not page.is_built
    assert page.looks == 0
