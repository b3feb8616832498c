"""Profiles in the window: made, named, deleted, exchanged; a switch loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.app import main_window
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.app.profiles_dialog import ProfileNameDialog, ProfilesDialog
from emnist_desktop.app.single_instance import Instance
from tests.emnist_desktop.fakes import draw
from trainer.files.paths import Profile
from trainer.files.profiles import Profiles

STROKE = ((100, 100), (150, 200), (180, 240))


@pytest.fixture
def profiles(profile: Profile) -> Profiles:
    return Profiles(profile.root)


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> ProfilesDialog:
    window.profile_menu.management_requested.emit()
    found = window.findChild(ProfilesDialog)
    assert isinstance(found, ProfilesDialog)
    return found


def rows(dialog: ProfilesDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def answer(dialog: ProfilesDialog, name: str, qtbot: QtBot) -> ProfileNameDialog:
    """Type a name into the dialog that asks for one, and press Enter."""
    asking = dialog.findChildren(ProfileNameDialog)[-1]
    asking.name.selectAll()
    qtbot.keyClicks(asking.name, name)
    qtbot.keyClick(asking.name, Qt.Key.Key_Return)
    return asking


def test_one_profile_needs_no_mark(window: MainWindow) -> None:
    assert window.windowTitle() == "EMNIST Desktop"
    assert not window.profile_menu.button.isVisible()


def test_make_rename_delete_and_restore(
    dialog: ProfilesDialog, window: MainWindow, profiles: Profiles, qtbot: QtBot
) -> None:
    qtbot.mouseClick(dialog.new, Qt.MouseButton.LeftButton)
    answer(dialog, "Anna", qtbot)
    assert rows(dialog) == ["First profile (this window)", "Anna"]
    assert window.windowTitle() == "First profile – EMNIST Desktop"
    assert window.profile_menu.button.isVisibleTo(window)
    assert dialog.selected.name == "Anna"
    assert dialog.switch.isEnabled()
    dialog.list.setCurrentRow(0)
    qtbot.mouseClick(dialog.edit, Qt.MouseButton.LeftButton)
    assert answer(dialog, "anna", qtbot).problem.text() == "There is a profile anna already."
    answer(dialog, "Me", qtbot)
    assert window.windowTitle() == "Me – EMNIST Desktop"
    dialog.list.setCurrentRow(1)
    qtbot.mouseClick(dialog.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: rows(dialog) == ["Me (this window)", "Anna (deleted)"])
    dialog.list.setCurrentRow(1)
    assert not dialog.switch.isEnabled()
    qtbot.mouseClick(dialog.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: rows(dialog) == ["Me (this window)", "Anna"])


def test_a_profile_whose_window_is_open_stays(
    profiles: Profiles, dialog: ProfilesDialog, qtbot: QtBot
) -> None:
    anna = profiles.make("Anna", "blue")
    other = Instance(anna.profile)
    assert other.claim()
    dialog._reload()
    dialog.list.setCurrentRow(1)
    qtbot.mouseClick(dialog.delete, Qt.MouseButton.LeftButton)
    assert "Anna is in use" in dialog.banner.text
    other.release()
    qtbot.mouseClick(dialog.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(profiles.deleted()) == 1)


def test_export_and_import(
    dialog: ProfilesDialog, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "me.zip")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (file, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (file, ""))
    qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(Path(file).exists)
    qtbot.mouseClick(dialog.import_, Qt.MouseButton.LeftButton)
    wanted = ["First profile (this window)", "First profile 2"]
    qtbot.waitUntil(lambda: rows(dialog) == wanted)


def test_a_switch_keeps_the_drawing_for_the_next_time(
    make_window: Callable[..., MainWindow],
    profiles: Profiles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna = profiles.make("Anna", "green")
    opened: list[Profile] = []
    monkeypatch.setattr(main_window, "open_window_of", lambda p: opened.append(p) or True)
    window = make_window()
    draw(window.draw_tab.canvas, *STROKE)
    ink = window.draw_tab.canvas.ink()
    action = next(a for a in window.profile_menu.actions() if a.text() == "Anna")
    action.trigger()
    assert opened == [anna.profile]
    assert not window.isVisible()
    again = make_window()
    assert again.draw_tab.canvas.ink().to_json() == ink.to_json()
    assert again.banner.text == ""
    again.draw_tab.canvas.clear()
    again.close()
    assert make_window().draw_tab.canvas.is_empty


def test_a_window_that_does_not_open_leaves_this_one(
    window: MainWindow, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_window, "open_window_of", lambda _: False)
    window.switch_profile(profile)
    assert window.isVisible()
    assert "cannot be opened" in window.banner.text
