"""A second start with the same profile brings the first window to the front."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.single_instance import Instance
from tests.conftest import ROOT
from trainer.files.paths import Profile


@pytest.fixture
def first(profile: Profile) -> Instance:
    instance = Instance(profile)
    assert instance.claim()
    return instance


def start(profile: Profile) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "emnist_desktop", "--profile-dir", str(profile.root)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_second_program_leaves_and_the_first_is_asked(
    first: Instance, profile: Profile, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(first.raise_requested, timeout=20_000):
        second = start(profile)
        said, _ = second.communicate(timeout=20)
    assert second.returncode == 0
    assert "open already" in said


def test_the_profile_of_a_program_that_was_killed_is_free(profile: Profile, qtbot: QtBot) -> None:
    program = start(profile)
    log = profile.log_file
    qtbot.waitUntil(lambda: log.exists() and "Started" in log.read_text(), timeout=20_000)
    qtbot.waitUntil((profile.root / "instance" / "lock").exists, timeout=20_000)
    program.kill()
    program.communicate()
    assert Instance(profile).claim()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal")
def test_asked_to_end_by_the_system_it_closes_in_order(profile: Profile, qtbot: QtBot) -> None:
    program = start(profile)
    log = profile.log_file
    qtbot.waitUntil(lambda: log.exists() and "window is open" in log.read_text(), timeout=20_000)
    program.terminate()
    program.communicate(timeout=20)
    assert program.returncode == 0
    assert "Asked to end" in log.read_text()
    assert "geometry" in profile.settings_file.read_text()
    assert not profile.crash_file.exists()
    assert not profile.autosave_file.exists()


def test_a_profile_that_was_released_is_free(first: Instance, profile: Profile) -> None:
    assert not Instance(profile).claim()
    first.release()
    assert Instance(profile).claim()


def test_other_profiles_are_free(first: Instance, tmp_path: Path) -> None:
    assert Instance(Profile(tmp_path / "other")).claim()


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Instance(Profile(tmp_path / "file" / "profile")).claim()


def test_a_minimised_window_comes_forward(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    window.showMinimized()
    window.come_forward()
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()
