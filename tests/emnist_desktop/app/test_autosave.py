"""What was drawn survives the end of the program, whatever ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.autosave import DrawingAutosave
from emnist_desktop.app.main_window import MainWindow
from tests.conftest import ROOT
from tests.emnist_desktop.fakes import draw
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink

_DRAW_AND_DIE = """
import os, signal, sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.self_test import KNOWN_STROKES, draw_strokes
from emnist_desktop.settings import Settings
from trainer.files.paths import Profile

application = QApplication([])
profile = Profile.locate()
store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
window = MainWindow(profile, Settings(store))
window.build(RecognizerChoice(profile))
window.show()
draw_strokes(window.draw_tab.canvas, KNOWN_STROKES)

def die_when_written():
    if profile.autosave_file.exists():
        os.kill(os.getpid(), signal.SIGKILL)

timer = QTimer()
timer.timeout.connect(die_when_written)
timer.start(5)
application.exec()
"""


def drawn(window: MainWindow) -> Ink:
    return window.draw_tab.canvas.ink()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills as Unix does")
def test_the_drawing_of_a_killed_window_is_back(
    profile: Profile, make_window: Callable[..., MainWindow]
) -> None:
    environment = {**os.environ, "EMNIST_DESKTOP_PROFILE": str(profile.root)}
    command = [sys.executable, "-c", _DRAW_AND_DIE]
    died = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=60, check=False, capture_output=True
    )
    assert died.returncode == -9
    window = make_window()
    assert len(drawn(window).strokes) == 2
    assert "EMNIST Desktop ended unexpectedly last time." in window.banner.text
    assert "Your drawing is back." in window.banner.text
    assert window.banner.action.text() == "Show log"
    assert window.draw_tab.recognition is not None


def test_after_an_orderly_end_undo_brings_the_drawing_back(
    profile: Profile, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    draw(window.draw_tab.canvas, (100, 100), (150, 200))
    qtbot.waitUntil(profile.autosave_file.exists)
    ink = drawn(window)
    window.close()
    assert not profile.autosave_file.exists()
    untouched = make_window()
    assert drawn(untouched).is_empty
    assert untouched.banner.text == ""
    untouched.close()
    again = make_window()
    qtbot.keyClick(again.draw_tab.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert drawn(again).to_json() == ink.to_json()
    qtbot.keyClick(again.draw_tab.canvas, Qt.Key.Key_Delete)
    again.close()
    assert not make_window().draw_tab.canvas.can_undo


def test_a_last_drawing_that_is_spoilt_is_passed_over(
    profile: Profile, make_window: Callable[..., MainWindow]
) -> None:
    profile.root.mkdir()
    profile.autosave_file.with_name(f"last-{profile.autosave_file.name}").write_text("{")
    window = make_window()
    assert drawn(window).is_empty
    assert not window.draw_tab.canvas.can_undo


def test_what_was_cleared_does_not_come_back(
    profile: Profile, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    draw(window.draw_tab.canvas, (100, 100), (150, 200))
    qtbot.waitUntil(profile.autosave_file.exists)
    qtbot.keyClick(window.draw_tab.canvas, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: Ink.from_json(profile.autosave_file.read_bytes()).is_empty)
    again = make_window()
    assert drawn(again).is_empty
    assert again.banner.text == ""


@pytest.mark.parametrize("text", ["", "{", '{"strokes": [[["x", 1]]]}', "\0" * 100])
def test_a_spoilt_journal_is_passed_over(
    profile: Profile, make_window: Callable[..., MainWindow], text: str
) -> None:
    profile.root.mkdir()
    profile.autosave_file.write_text(text)
    window = make_window()
    assert drawn(window).is_empty
    assert window.banner.text == ""


def test_a_drawing_that_cannot_be_kept_is_no_obstacle(
    profile: Profile, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window()
    profile.autosave_file.mkdir(parents=True)
    with qtbot.waitSignal(window.draw_tab.canvas.history_changed):
        draw(window.draw_tab.canvas, (100, 100), (150, 200))
    window.findChild(DrawingAutosave)._write()
    assert list(profile.root.glob(".drawing.json.*")) == []
    assert len(drawn(window).strokes) == 1
