"""How the program ends, and what the next start says of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.app.crash import log_end
from emnist_desktop.app.signals import Termination
from tests.conftest import ROOT
from trainer.files.paths import Profile

unix = pytest.mark.skipif(not hasattr(os, "fork"), reason="ends as Unix does")

_START = """
import os, signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from emnist_desktop.__main__ import main

def look():
    window = next(w for w in QApplication.topLevelWidgets() if hasattr(w, "draw_tab"))
    print("notice:", window.banner.text.replace(chr(10), " "))
    window.banner.action.click()
    print("report:", *(d.report for d in window.children() if hasattr(d, "report")))
    for name in sys.argv[1:]:
        os.kill(os.getpid(), getattr(signal, name))
        QApplication.processEvents()
        print(name, window.isVisible())

class Watched(QApplication):
    def exec(self):
        QTimer.singleShot(0, look)
        return super().exec()

import PySide6.QtWidgets
PySide6.QtWidgets.QApplication = Watched
sys.exit(main([]))
"""


_SHELL = """
import os, signal, sys
for name in ("SIGHUP", "SIGINT"):
    ignored = name in sys.argv[1].split()
    signal.signal(getattr(signal, name), signal.SIG_IGN if ignored else signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def start(profile: Profile, *signals: str, ignored: str = "") -> subprocess.CompletedProcess[str]:
    """Start a window as a shell that ignores some signals does; send it others."""
    environment = {
        **os.environ,
        "EMNIST_DESKTOP_PROFILE": str(profile.root),
        "QT_QPA_PLATFORM": "offscreen",
    }
    return subprocess.run(
        [sys.executable, "-c", _SHELL, ignored, "-c", _START, *signals],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@unix
def test_a_window_that_was_killed_empty_is_told_of_once(profile: Profile) -> None:
    killed = start(profile, "SIGKILL")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert profile.crash_file.read_bytes() == b""
    after = start(profile, "SIGTERM")
    assert after.returncode == 0, after.stderr
    notice, _, report = after.stdout.partition("report:")
    assert "EMNIST Desktop ended unexpectedly last time." in notice
    assert "There was no drawing to bring back." in notice
    assert "a training that was interrupted can be resumed" in notice
    assert "the program was killed, or the computer went off" in report
    assert "PySide6-Essentials" in report
    assert report.count("The window is open") >= 1
    assert not profile.crash_file.exists()
    assert start(profile, "SIGTERM").stdout.startswith("notice: \n")


@unix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_who_asks_for_the_end_gets_an_orderly_one(
    qapp: QApplication, qtbot: QtBot, name: str
) -> None:
    number = signal.Signals[name]
    of_the_shell = signal.signal(number, signal.SIG_DFL)
    termination = Termination()
    try:
        with qtbot.waitSignal(termination.requested):
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) is signal.SIG_DFL  # who asks again does not wait
        termination.close()
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, of_the_shell)


@unix
def test_a_terminal_that_is_closed_ends_the_window_in_order(profile: Profile) -> None:
    ended = start(profile, "SIGHUP")
    assert ended.returncode == 0, ended.stderr
    assert "SIGHUP False" in ended.stdout
    assert "Asked to end" in profile.log_file.read_text()
    assert not profile.crash_file.exists()


_STUCK = """
import itertools, signal, sys
from PySide6.QtCore import QCoreApplication
from emnist_desktop.app.signals import Termination

application = QCoreApplication([])
termination = Termination(None, sys.stderr)
signal.alarm(60)

def look_for_the_end_of_nothing():
    print("stuck", flush=True)
    all(itertools.repeat(True))  # as a library that neither returns nor lets Python run

look_for_the_end_of_nothing()
"""


@unix
def test_a_stuck_window_says_where_when_it_is_asked_to_end() -> None:
    command = [sys.executable, "-c", _STUCK]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == "stuck\n"
        child.send_signal(signal.SIGTERM)
        lines = iter(child.stderr.readline, "")
        assert any("in look_for_the_end_of_nothing" in line for line in lines)
        child.kill()


@unix
def test_what_the_shell_ignores_ends_no_window(profile: Profile) -> None:
    # As nohup does, and a script that starts the window with &.
    ended = start(profile, "SIGHUP", "SIGINT", "SIGTERM", ignored="SIGHUP SIGINT")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-3:] == ["SIGHUP True", "SIGINT True", "SIGTERM False"]


@unix
def test_what_is_not_to_be_heard_is_not_heard(qapp: QApplication, qtbot: QtBot) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    termination = Termination()
    try:
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        termination.close()
        signal.signal(signal.SIGHUP, before)


def test_the_end_of_a_long_log_is_shown(profile: Profile) -> None:
    assert "cannot be read" in log_end(profile.log_file)
    profile.log_file.parent.mkdir(parents=True)
    profile.log_file.write_text("".join(f"line {n} ä\n" for n in range(20_000)))
    lines = log_end(profile.log_file).splitlines()
    assert lines[-1] == "line 19999 ä"
    assert lines[0].startswith("line ")
    assert len(lines) < 6000
    profile.log_file.write_text("short\n")
    assert log_end(profile.log_file) == "short\n"
