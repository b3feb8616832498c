"""The program around the tab: tasks, crashes, start, self-test."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.crash import CrashDialog, CrashReporter
from emnist_desktop.main_window import MainWindow
from emnist_desktop.settings import PEN_WIDTH, THEME, Settings
from emnist_desktop.task import Context, Task


@pytest.fixture
def task(qapp: QApplication) -> Task:
    return Task()


def test_a_task_succeeds_in_the_windows_thread(task: Task, qtbot: QtBot) -> None:
    threads = []

    def work(context: Context) -> int:
        threads.append(QThread.currentThread())
        context.report("half")
        return 42

    reported: list[object] = []
    task.reported.connect(reported.append)
    with qtbot.waitSignal(task.succeeded) as seen:
        task.start(work)
    assert seen.args == [42]
    assert reported == ["half"]
    assert threads[0] is not QThread.currentThread()
    assert not task.is_running
    task.close()


def test_a_task_fails_with_its_error(task: Task, qtbot: QtBot) -> None:
    def work(context: Context) -> None:
        raise ValueError("no")

    with qtbot.waitSignal(task.failed) as seen:
        task.start(work)
    assert isinstance(seen.args[0], ValueError)
    assert not task.is_running
    task.close()


def test_a_task_is_cancelled(task: Task, qtbot: QtBot) -> None:
    began, ended = threading.Event(), threading.Event()

    def work(context: Context) -> None:
        began.set()
        try:
            while True:
                context.check()
        finally:
            ended.set()

    task.start(work)
    assert began.wait(10)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()
    task.close()
    assert ended.is_set()


def test_a_new_start_silences_the_old_work(task: Task, qtbot: QtBot) -> None:
    release = threading.Event()
    heard: list[object] = []
    task.succeeded.connect(heard.append)

    def slow(context: Context) -> str:
        assert release.wait(10)
        return "old"

    task.start(slow)
    with qtbot.waitSignal(task.succeeded):
        task.start(lambda _: "new")
    release.set()
    task.close()
    QApplication.sendPostedEvents()
    assert heard == ["new"]


def test_an_unexpected_error_opens_one_dialog(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = CrashReporter(tmp_path / "crash.txt")
    try:
        reporter.install()
        for _ in range(3):
            try:
                raise RuntimeError("the moon fell")
            except RuntimeError as error:
                sys.excepthook(type(error), error, error.__traceback__)
        dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog)]
        visible = [dialog for dialog in dialogs if dialog.isVisible()]
        assert len(visible) == 1
        assert "the moon fell" in visible[0]._report
        visible[0]._on_copy_clicked()
        assert "Python" in QApplication.clipboard().text()
        visible[0].close()
    finally:
        reporter.close()
    assert not (tmp_path / "crash.txt").exists()


def test_the_last_crash_is_offered(make_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    crash = tmp_path / "crash.txt"
    crash.write_text("Fatal Python error: Segmentation fault")
    reporter = CrashReporter(crash)
    window = make_window(previous_crash=reporter.previous_report)
    assert "ended unexpectedly" in window.draw_tab.banner.text
    window.draw_tab.banner.action_requested.emit()
    dialogs = [w for w in window.findChildren(CrashDialog) if w.isVisible()]
    assert "Segmentation fault" in dialogs[0]._report
    dialogs[0].close()


def test_settings_of_the_wrong_type_count_as_not_set(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    store.setValue(PEN_WIDTH.key, "thick")
    store.setValue(THEME.key, ["a", "b"])
    assert settings.get(PEN_WIDTH) == PEN_WIDTH.default
    assert settings.get(THEME) == THEME.default
    settings.set(PEN_WIDTH, 9.0)
    settings.save()
    again = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    assert again.get(PEN_WIDTH) == 9.0


def _program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    inherited.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, "-m", "emnist_desktop", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=inherited | environment,
        check=False,
    )


def test_the_program_tests_itself() -> None:
    done = _program("--self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_the_self_test_passes_where_a_chosen_recogniser_is_missing(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    done = _program("--self-test", "--model", str(bundle))
    assert done.returncode == 0  # the bundled one takes over
    assert "passed" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
def test_without_a_screen_one_sentence_says_what_to_do() -> None:
    done = _program()
    assert done.returncode == 1
    assert "needs a screen" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_trainer_is_started_through_the_program() -> None:
    done = _program("--trainer", "recognize", "missing.png")
    assert done.returncode == 1
    assert "missing.png" in done.stderr


def test_the_window_loads_no_training_library(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QSettings\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from emnist_desktop.main_window import *\n"
        "from emnist_desktop.self_test import *\n"
        "app = QApplication([])\n"
        "profile = Profile(Path(sys.argv[1]))\n"
        "store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)\n"
        "window = MainWindow(profile, Settings(store), RecognizerChoice(profile))\n"
        "window.show()\n"
        "draw_strokes(window.draw_tab.canvas, KNOWN_STROKES)\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "print(heavy)\n"
        "window.close()\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.stdout.strip().endswith("set()"), done.stdout + done.stderr
