"""The settings that belong to no tab."""

from __future__ import annotations

import os
from functools import partial

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.settings_dialog import SettingsDialog
from emnist_desktop.app.storage import ProfilePart, clean
from emnist_desktop.settings import DEVICE, LANGUAGE, Language, Settings, Theme
from emnist_desktop.ui.task import Task
from trainer.files.lock import locked
from trainer.files.paths import Profile


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow, profile: Profile) -> SettingsDialog:
    profile.downloads.mkdir(parents=True)
    (profile.downloads / "gzip.zip.part").write_bytes(b"x" * 2_000_000)
    profile.log_file.parent.mkdir(parents=True)
    profile.log_file.write_text("a line")
    profile.log_file.with_suffix(".log.1").write_text("old")
    profile.crash_file.write_text("how it ended")
    left = profile.datasets / ".letters.writing"
    left.mkdir(parents=True)
    (left / "train-images.npy").write_bytes(b"z" * 3000)
    for path in (left / "train-images.npy", left):
        os.utime(path, (0, 0))
    (profile.datasets / "starter").mkdir(parents=True)
    (profile.datasets / "starter" / "dataset.json").write_bytes(b"y" * 1500)
    window.show_settings()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.sizes[ProfilePart.LOGS].text() != "…")
    return dialog


def test_sizes_are_said(dialog: SettingsDialog) -> None:
    assert dialog.sizes[ProfilePart.DOWNLOADS].text() == "2.0 MB"
    assert dialog.sizes[ProfilePart.DATASETS].text() == "4.5 kB"
    assert dialog.sizes[ProfilePart.LEFTOVERS].text() == "3.0 kB"
    assert dialog.sizes[ProfilePart.RUNS].text() == "empty"


def test_it_is_no_higher_than_the_window(dialog: SettingsDialog) -> None:
    assert dialog.height() <= dialog.parent().window().height()


def test_downloads_logs_and_leftovers_are_cleaned_and_nothing_else(
    dialog: SettingsDialog, qtbot: QtBot, profile: Profile
) -> None:
    for part in (ProfilePart.DOWNLOADS, ProfilePart.LOGS, ProfilePart.LEFTOVERS):
        qtbot.waitUntil(dialog.cleaners[part].isEnabled)
        qtbot.mouseClick(dialog.cleaners[part], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not dialog._cleaning.is_running)
    qtbot.waitUntil(lambda: dialog.sizes[ProfilePart.DOWNLOADS].text() == "empty")
    assert {path.suffix for path in profile.downloads.iterdir()} == {".lock"}
    assert profile.log_file.read_text() == ""
    assert not profile.log_file.with_suffix(".log.1").exists()
    assert profile.crash_file.exists()
    assert not (profile.datasets / ".letters.writing").exists()
    assert (profile.datasets / "starter" / "dataset.json").exists()


def test_a_download_that_is_running_stays(profile: Profile, qtbot: QtBot) -> None:
    for name in ("mnist", "digits"):
        (profile.downloads / name).mkdir(parents=True)
        (profile.downloads / name / "images.gz").write_bytes(b"x")
    task = Task()
    with locked(profile.downloads / "mnist.lock", "held"), qtbot.waitSignal(task.succeeded):
        task.start(partial(clean, ProfilePart.DOWNLOADS, profile))
    assert (profile.downloads / "mnist" / "images.gz").exists()
    assert (profile.downloads / "mnist.lock").exists()
    assert not (profile.downloads / "digits").exists()


def test_what_a_user_made_is_never_cleaned(profile: Profile, qtbot: QtBot) -> None:
    task = Task()
    with qtbot.waitSignal(task.failed) as signal:
        task.start(partial(clean, ProfilePart.RUNS, profile))
    assert "not cleaned" in str(signal.args[0])


def test_the_theme_changes_at_once_and_is_kept(
    dialog: SettingsDialog, window: MainWindow, settings: Settings, qapp: QApplication, qtbot: QtBot
) -> None:
    before = qapp.palette().window().color()
    dialog.theme_box.setFocus()
    qtbot.keyClick(dialog.theme_box, "D")
    assert settings.theme() is Theme.DARK
    assert qapp.palette().window().color() != before
    checked = [a.text() for a in window.menuBar().actions()[2].menu().actions() if a.isChecked()]
    assert checked == ["&Dark theme"]


def test_folders_are_opened(
    dialog: SettingsDialog, qtbot: QtBot, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    named = {button.accessibleName(): button for button in dialog.findChildren(QPushButton)}
    button = named["Open the folder of: Training runs"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == [QUrl.fromLocalFile(str(profile.runs))]
    assert profile.runs.is_dir()


def test_it_closes_with_escape(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_the_pen_of_the_canvas_follows(dialog: SettingsDialog, window: MainWindow) -> None:
    dialog.pen_box.setFocus()
    dialog.pen_box.setValue(31)
    assert window.draw_tab.canvas.pen_width == 31
    assert window.draw_tab.toolbar.width_slider.value() == 31


def test_language_and_device_are_kept(
    dialog: SettingsDialog, qtbot: QtBot, settings: Settings
) -> None:
    assert not dialog.language_note.isVisible()
    with qtbot.waitSignal(dialog.language_changed):
        qtbot.keyClicks(dialog.language_box, "D")
    assert settings.language() is Language.GERMAN
    assert dialog.language_note.isVisible()
    qtbot.keyClicks(dialog.device_box, "P")
    assert settings.get(DEVICE) == "cpu"
    settings.set(LANGUAGE, "elvish")
    assert settings.language() is Language.SYSTEM
