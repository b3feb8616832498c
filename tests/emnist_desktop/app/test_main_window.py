"""The window around the tabs: settings, themes, menus, size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.app.crash import CrashDialog, CrashReporter
from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import CHARACTER_SET, GEOMETRY, PEN_WIDTH, THEME, Settings, Theme
from tests.emnist_desktop.fakes import draw, load_fake
from trainer.files.paths import Profile
from trainer.ink.alphabet import CharacterSet


def choose_theme(window: MainWindow, theme: Theme) -> None:
    view = next(a for a in window.menuBar().actions() if a.text() == "&View").menu()
    next(a for a in view.actions() if a.data() == theme.value).trigger()


def test_choices_survive_a_restart(make_window: Callable[..., MainWindow]) -> None:
    first = make_window()
    first.draw_tab.panel.set_character_set(CharacterSet.DIGITS.value)
    first.draw_tab.toolbar.width_slider.setValue(22)
    choose_theme(first, Theme.DARK)
    first.resize(940, 690)
    first.close()
    second = make_window()
    assert second.draw_tab.panel.character_set is CharacterSet.DIGITS
    assert second.draw_tab.canvas.pen_width == 22
    assert second.draw_tab.toolbar.width_slider.value() == 22


def test_the_size_survives_a_restart(make_window: Callable[..., MainWindow]) -> None:
    first = make_window()
    first.resize(800, 600)  # as wide as the screen of the tests
    first.close()
    second = make_window(as_remembered=True)
    assert (second.width(), second.height()) == (800, 600)


def test_settings_are_in_the_profile(
    make_window: Callable[..., MainWindow], settings: Settings, tmp_path: Path
) -> None:
    window = make_window()
    window.draw_tab.toolbar.width_slider.setValue(30)
    window.close()
    assert "pen_width=30" in (tmp_path / "profile" / "settings.ini").read_text()


@pytest.mark.parametrize("value", ["thick", "nan", "inf", ["a", "b"]])
def test_spoilt_settings_count_as_not_set(tmp_path: Path, value: object) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    for entry in (PEN_WIDTH, THEME, CHARACTER_SET, GEOMETRY):
        store.setValue(entry.key, value)
    settings = Settings(store)
    assert settings.get(PEN_WIDTH) == PEN_WIDTH.default
    assert settings.theme() is Theme.SYSTEM
    assert settings.get(GEOMETRY) == GEOMETRY.default


def test_a_window_starts_with_spoilt_settings(
    make_window: Callable[..., MainWindow], settings: Settings
) -> None:
    settings.set(PEN_WIDTH, 1e300)
    settings.set(CHARACTER_SET, "klingon")
    settings.set(THEME, "purple")
    window = make_window()
    assert window.draw_tab.panel.character_set is CharacterSet.CASED


def test_a_theme_is_applied_at_once(window: MainWindow, settings: Settings) -> None:
    def lightness() -> int:
        return QApplication.palette().window().color().lightness()

    draw(window.draw_tab.canvas, (100, 100), (200, 200))
    choose_theme(window, Theme.DARK)
    assert lightness() < 80
    dark = window.grab().toImage()
    choose_theme(window, Theme.LIGHT)
    assert lightness() > 180
    light = window.grab().toImage()
    assert settings.theme() is Theme.LIGHT
    place = window.draw_tab.canvas.mapTo(window, QPoint(30, 30))
    assert dark.pixelColor(place).lightness() < 60
    assert light.pixelColor(place).lightness() > 200


@pytest.mark.parametrize(("width", "height"), [(1024, 640), (800, 560), (1600, 1000)])
def test_nothing_is_cut_off(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    window.draw_tab.banner.show_notice("A notice.", "And a hint.", topic="test")
    QApplication.sendPostedEvents()
    window.grab()
    assert (window.width(), window.height()) == (width, height)
    panel = window.draw_tab.panel
    widgets: list[QWidget] = [panel.image, panel.candidates.winner, *panel.candidates.rows]
    for widget in widgets:
        corner = widget.mapTo(window, QPoint(widget.width(), widget.height()))
        assert corner.x() <= width
        assert corner.y() <= height
    tops = [w.mapTo(window, QPoint(0, 0)).y() for w in widgets[1:]]
    bottoms = [w.mapTo(window, QPoint(0, w.height())).y() for w in widgets[1:]]
    assert all(top >= bottom for top, bottom in zip(tops[1:], bottoms, strict=False))


def test_about_names_versions_and_the_recogniser(window: MainWindow) -> None:
    window.show_about()
    box = window.findChild(QMessageBox)
    assert "Bundled recogniser" in box.text()
    assert "PySide6-Essentials" in box.text()
    box.close()


def test_the_log_folder_is_opened_or_named(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: object) -> bool:
        opened.append(url.toLocalFile())  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window._open_log_folder()
    assert "logs" in window.statusBar().currentMessage()
    assert opened == []
    (tmp_path / "profile" / "logs").mkdir(parents=True)
    window._open_log_folder()
    assert opened == [str(tmp_path / "profile" / "logs")]


def test_the_last_crash_is_offered(make_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    crash = tmp_path / "crash.txt"
    crash.write_text("Fatal Python error: Segmentation fault")
    window = make_window(previous_crash=CrashReporter(crash).previous_report)
    assert "ended unexpectedly" in window.banner.text
    window.banner.action.click()
    dialog = window.findChild(CrashDialog)
    assert "Segmentation fault" in dialog.report
    assert "PySide6-Essentials" in dialog.report
    dialog.close()
    window.banner.dismiss.click()
    assert window.banner.text == ""


def test_quit_closes_the_window(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_settings_of_a_newer_version_stay_as_they_are(
    make_window: Callable[..., MainWindow], profile: Profile, bundled: Path, qtbot: QtBot
) -> None:
    profile.root.mkdir(exist_ok=True)
    newer = "[General]\nformat=99\n\n[draw]\npen_width=33\n"
    profile.settings_file.write_text(newer)
    store = QSettings(str(profile.settings_file), QSettings.Format.IniFormat)
    choice = RecognizerChoice(profile, load_fake, bundled)
    window = MainWindow(profile, Settings(store))
    window.build(choice)
    qtbot.addWidget(window)
    window.show()
    assert "newer version" in window.banner.text
    assert window.draw_tab.toolbar.width_slider.value() == PEN_WIDTH.default
    window.draw_tab.toolbar.width_slider.setValue(30)
    window.close()
    assert profile.settings_file.read_text() == newer


def test_a_training_under_way_can_keep_the_window_and_its_language(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show()
    monkeypatch.setattr(window.training_tab, "ask_before_close", lambda: False)
    window.reopen()
    assert window.isVisible()
    assert not window.is_reopened
    monkeypatch.undo()
    window.reopen()
    assert window.is_reopened
    assert not window.isVisible()
