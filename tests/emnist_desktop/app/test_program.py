"""The program as a whole: crashes, start, self-test, what it loads."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as PillowImage
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from emnist_desktop.app.crash import CrashReporter, dump_stacks_later
from tests.conftest import ROOT
from tests.trainer.written_texts import on_paper, written
from trainer.files.paths import Profile, default_bundle

needs_bundle = pytest.mark.skipif(
    not default_bundle().is_dir(), reason=f"no bundled recogniser in {default_bundle()}"
)


@pytest.fixture
def reporter(qapp: QApplication, tmp_path: Path) -> Iterator[CrashReporter]:
    reporter = CrashReporter(tmp_path / "crash.txt")
    reporter.install()
    yield reporter
    if reporter.dialog is not None:
        reporter.dialog.close()
    reporter.close()


def happen(error: Exception) -> None:
    """Let an error reach the top, as one in a slot does."""
    try:
        raise error
    except type(error):
        sys.excepthook(*sys.exc_info())


def test_an_unexpected_error_is_logged_and_shown_once(
    reporter: CrashReporter, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            happen(RuntimeError("the moon fell"))
    dialog = reporter.dialog
    assert dialog is not None
    assert dialog.isVisible()
    text = dialog.findChild(QPlainTextEdit).toPlainText()
    for part in ("the moon fell", "Traceback", "PySide6-Essentials", "Python 3"):
        assert part in text
    assert text[:2] == "20"  # the time
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Copy report"], Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == text
    assert caplog.text.count("the moon fell") >= 3


def test_an_error_in_a_thread_is_shown_in_the_windows(
    reporter: CrashReporter, qtbot: QtBot
) -> None:
    def work() -> None:
        raise RuntimeError("far away")

    with qtbot.waitSignal(reporter.caught):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: reporter.dialog is not None and reporter.dialog.isVisible())
    assert reporter.dialog is not None
    assert "far away" in reporter.dialog.report
    assert reporter.dialog.thread() is reporter.thread()


def test_an_orderly_end_leaves_nothing(tmp_path: Path, qapp: QApplication) -> None:
    hooks = sys.excepthook, threading.excepthook
    reporter = CrashReporter(tmp_path / "logs" / "crash.txt")
    reporter.install()
    assert sys.excepthook is not hooks[0]
    reporter.close()
    assert (sys.excepthook, threading.excepthook) == hooks
    assert not (tmp_path / "logs" / "crash.txt").exists()
    assert CrashReporter(tmp_path / "logs" / "crash.txt").previous_report == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signal")
def test_death_by_a_signal_is_told_at_the_next_start(tmp_path: Path, qapp: QApplication) -> None:
    crash = tmp_path / "crash.txt"
    code = (
        "import os, signal, sys, pathlib\n"
        "from emnist_desktop.app.crash import CrashReporter\n"
        "reporter = CrashReporter(pathlib.Path(sys.argv[1]))\n"
        "reporter.install()\n"
        "os.kill(os.getpid(), signal.SIGABRT)\n"
    )
    done = run(sys.executable, "-c", code, str(crash))
    assert done.returncode == -signal.SIGABRT
    report = CrashReporter(crash).previous_report
    assert "Abort" in report
    assert report[:2] == "20"


def run(*command: str, screen: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    if not screen:
        del environment["QT_QPA_PLATFORM"]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=environment, cwd=ROOT, check=False
    )


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "emnist_desktop", *arguments, screen=False)


@needs_bundle
def test_the_program_tests_itself() -> None:
    done = program("--self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


def test_the_self_test_fails_with_a_sentence(tmp_path: Path) -> None:
    done = program("--self-test", "--model", str(tmp_path))
    assert done.returncode == 1
    assert "Self-test failed: There is no recogniser" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
def test_without_a_screen_one_sentence_says_what_to_do() -> None:
    done = program()
    assert done.returncode == 1
    assert "needs a screen" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


_WATCHING_THE_START = """
import sys
from PySide6.QtCore import QEvent, QObject, QTimer
from emnist_desktop import __main__ as program

class Watch(QObject):
    painted = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            name = watched.metaObject().className()
            if not self.painted:
                print(name, "numpy" in sys.modules, watched.windowTitle())
                QTimer.singleShot(0, self.close)
            self.painted.append(name)
        return False

    def close(self):
        window = next(w for w in self.application.topLevelWidgets() if w.inherits("MainWindow"))
        if "Canvas" in self.painted:
            print("Canvas")
            window.close()
        else:
            QTimer.singleShot(10, self.close)

made = program.make_application
def make():
    application = made()
    application.watch = Watch()
    application.watch.application = application
    application.installEventFilter(application.watch)
    return application
program.make_application = make
sys.exit(program.main(["--profile-dir", sys.argv[1]]))
"""


def test_the_frame_is_painted_before_its_contents_are_loaded(tmp_path: Path) -> None:
    done = run(sys.executable, "-c", _WATCHING_THE_START, str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["MainWindow False EMNIST Desktop", "Canvas"]


_READING_A_PIPE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from emnist_desktop import __main__ as program
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.ui.task import Task

def read_and_close():
    window, = (each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    if window.centralWidget() is None:
        QTimer.singleShot(10, read_and_close)
        return
    Task(window).start(lambda context: open(sys.argv[1]).read())
    window.end()

made = program.make_application
def make():
    application = made()
    QTimer.singleShot(0, read_and_close)
    return application
program.make_application = make
sys.exit(program.main(["--profile-dir", sys.argv[2]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name")
def test_the_program_ends_whatever_is_read(tmp_path: Path) -> None:
    pipe, profile = tmp_path / "pipe", tmp_path / "profile"
    os.mkfifo(pipe)
    done = run(sys.executable, "-c", _READING_A_PIPE, str(pipe), str(profile))
    assert (done.returncode, done.stdout) == (0, "")
    log = Profile(profile).log_file.read_text()
    assert "Ended without a job" in log


_CHANGING_THE_LANGUAGE = """
import os, sys, traceback
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from emnist_desktop import __main__ as program
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.self_test import draw_strokes
from emnist_desktop.app.settings_dialog import SettingsDialog
from emnist_desktop.settings import LANGUAGE

def window():
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    filled = [each for each in shown if each.isVisible() and each.centralWidget() is not None]
    return next((each for each in filled if not each.is_reopened), None)

def soon(step, is_ready=lambda: True):
    def look():
        try:
            step() if window() is not None and is_ready() else soon(step, is_ready)
        except BaseException:
            traceback.print_exc()
            os._exit(3)
    QTimer.singleShot(10, look)

def titles():
    tabs = window().tabs
    print(tabs.currentIndex(), *(tabs.tabText(index) for index in range(tabs.count())),
          len(window().draw_tab.canvas.ink().strokes), window().draw_tab.canvas.can_undo,
          window().banner.isVisible())

def shows_picture():
    return bool(window().draw_tab.picture_view.text)

def choose(name, then, is_ready=lambda: True):
    dialog = window().findChild(SettingsDialog)
    dialog.language_box.setCurrentIndex(dialog.language_box.findData(name))
    dialog.language_box.activated.emit(dialog.language_box.currentIndex())
    soon(then, is_ready)

def first():
    window()._settings.set(LANGUAGE, "en")
    draw_strokes(window().draw_tab.canvas, [[(40, 40), (90, 160), (140, 40)]])
    window().tabs.setCurrentIndex(1)
    titles()
    window().show_settings()
    choose("de", second)

def second():
    titles()
    window().draw_tab.read_picture(Path(sys.argv[2]))
    soon(correct, shows_picture)

def correct():
    window().draw_tab.picture_view.edit.setPlainText("corrected")
    window().show_settings()
    choose("en", third, shows_picture)

def third():
    titles()
    picture = window().draw_tab.opened_picture
    print(picture.source.name, picture.page, window().draw_tab.picture_view.text)
    window().close()

made = program.make_application
def make():
    application = made()
    soon(first)
    return application
program.make_application = make
sys.exit(program.main(["--profile-dir", sys.argv[1]]))
"""


def test_another_language_is_shown_at_once_and_drawing_and_picture_stay(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    profile.root.mkdir()
    profile.settings_file.write_text("[window]\nlanguage=en\n")
    picture = tmp_path / "tea.png"
    PillowImage.fromarray(on_paper(written("tea"))).save(picture)
    done = run(sys.executable, "-c", _CHANGING_THE_LANGUAGE, str(profile.root), str(picture))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "1 Draw Datasets Training Models 1 True False",
        "1 Zeichnen Datensätze Training Modelle 1 False False",
        "1 Draw Datasets Training Models 1 False False",
        "tea.png 1 corrected",
    ]
    assert not profile.autosave_file.exists()


def test_stacks_are_written_when_an_end_takes_long(tmp_path: Path, qtbot: QtBot) -> None:
    log = tmp_path / "log.txt"
    stream = dump_stacks_later(log, 0.001)
    assert stream is not None
    qtbot.waitUntil(lambda: "test_stacks_are_written" in log.read_text())
    faulthandler.cancel_dump_traceback_later()
    stream.close()


def test_no_movement_of_the_pen_is_merged_away() -> None:
    script = (
        "from emnist_desktop.__main__ import make_application\n"
        "from PySide6.QtCore import Qt\n"
        "application = make_application()\n"
        "assert not application.testAttribute("
        "Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents)"
    )
    assert run(sys.executable, "-c", script).returncode == 0


def test_versions_need_no_screen() -> None:
    done = program("--version")
    assert done.returncode == 0
    assert "PySide6-Essentials" in done.stdout


def test_the_trainer_is_started_through_the_program() -> None:
    done = program("--trainer", "recognize", "missing.png")
    assert done.returncode == 1
    assert "missing.png" in done.stderr


def test_the_window_loads_no_training_library(tmp_path: Path) -> None:
    code = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from emnist_desktop.__main__ import main

def look():
    window = next(w for w in QApplication.topLevelWidgets() if hasattr(w, "draw_tab"))
    from emnist_desktop.app.self_test import KNOWN_STROKES, draw_strokes
    draw_strokes(window.draw_tab.canvas, KNOWN_STROKES)
    print("visible", window.isVisible())
    print("threads", os.environ.get("OPENBLAS_NUM_THREADS"))
    window.close()

class Watched(QApplication):
    def exec(self):
        QTimer.singleShot(0, look)
        return super().exec()

import PySide6.QtWidgets
PySide6.QtWidgets.QApplication = Watched
status = main(["--profile-dir", sys.argv[1]])
heavy = {"tensorflow", "keras", "sklearn", "scipy", "matplotlib", "PySide6.QtNetwork"}
heavy |= {"jinja2", "psutil"}
print("heavy", sorted(heavy & set(sys.modules)), "status", status)
"""
    done = run(sys.executable, "-c", code, str(tmp_path))
    assert done.stdout.split("\n")[:3] == [
        "visible True",
        f"threads {os.environ.get('OPENBLAS_NUM_THREADS')}",
        "heavy [] status 0",
    ], done.stdout + done.stderr
    assert (tmp_path / "settings.ini").exists()
    assert (tmp_path / "logs" / "emnist-desktop.log").exists()
    assert not (tmp_path / "logs" / "crash.txt").exists()
