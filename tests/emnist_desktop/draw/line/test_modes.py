"""Character or line: the switch, what is remembered, and what a killed window leaves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.canvas import Tool
from emnist_desktop.draw.line.line_canvas import ROW_HEIGHT
from emnist_desktop.settings import LINE_PEN_WIDTH, MODE, PEN_WIDTH, Settings
from tests.emnist_desktop.fakes import draw
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink

CTRL = Qt.KeyboardModifier.ControlModifier
LINE = ((100, 100), (150, 120), (200, 150))


def test_the_switch_is_remembered(
    make_window: Callable[..., MainWindow], settings: Settings, qtbot: QtBot
) -> None:
    tab = make_window().draw_tab
    assert not tab.has_line_page
    qtbot.keyClick(tab, Qt.Key.Key_L, CTRL)
    assert tab.writes_lines
    assert tab.line_page.isVisible()
    assert not tab.panel.isVisible()
    assert settings.get(MODE) == "line"
    again = make_window().draw_tab
    assert again.line_page.isVisible()
    again.draw_actions.character_mode.trigger()
    assert again.canvas.isVisible()
    assert again.panel.isVisible()
    assert settings.get(MODE) == "character"


def test_the_tools_are_those_of_the_sheet_in_front(window: MainWindow, settings: Settings) -> None:
    tab, actions = window.draw_tab, window.draw_tab.draw_actions
    draw(tab.canvas, *LINE)
    actions.eraser.trigger()
    actions.line_mode.trigger()
    sheet = tab.line_page.canvas
    assert sheet.tool is Tool.ERASER
    assert not actions.undo.isEnabled()
    actions.pen.trigger()
    draw(sheet, *LINE)
    assert not sheet.is_empty
    actions.undo.trigger()
    assert sheet.is_empty
    assert not tab.canvas.is_empty
    actions.redo.trigger()
    actions.clear.trigger()
    assert sheet.is_empty
    before = settings.get(PEN_WIDTH)
    actions.thicker.trigger()
    assert settings.get(LINE_PEN_WIDTH) == sheet.pen_width == 6
    assert settings.get(PEN_WIDTH) == before == tab.canvas.pen_width
    actions.character_mode.trigger()
    assert tab.toolbar.width_slider.value() == before


def test_a_word_on_the_canvas_is_taken_over_and_can_come_back(window: MainWindow) -> None:
    tab = window.draw_tab
    draw(tab.canvas, *LINE)
    tab.read_as_line()
    assert tab.line_page.isVisible()
    assert len(tab.line_page.canvas.ink().strokes) == 1
    assert tab.canvas.is_empty
    tab.draw_actions.character_mode.trigger()
    tab.draw_actions.undo.trigger()
    assert not tab.canvas.is_empty


def test_lines_are_copied_and_pasted_with_their_ink(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.draw_tab
    tab.draw_actions.line_mode.trigger()
    sheet = tab.line_page.canvas
    draw(sheet, (100, 60), (150, 70), (200, 85))
    written = sheet.ink()
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL)
    tab.draw_actions.clear.trigger()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert sheet.ink().to_json() == written.to_json()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    first, second = sheet.ink().strokes
    assert (second.points - first.points == (0.0, ROW_HEIGHT)).all()
    tab.draw_actions.undo.trigger()
    assert len(sheet.ink().strokes) == 1
    tab.draw_actions.character_mode.trigger()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert tab.canvas.ink().to_json() == written.to_json()
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL)
    tab.draw_actions.line_mode.trigger()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert len(sheet.ink().strokes) == 2


def test_the_sheet_of_a_killed_window_is_back(
    profile: Profile, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    first = make_window()
    first.draw_tab.draw_actions.line_mode.trigger()
    draw(first.draw_tab.line_page.canvas, *LINE)
    qtbot.waitUntil(profile.sheet_file.exists)
    kept = profile.sheet_file.read_bytes()
    first.close()
    assert not profile.sheet_file.exists()
    profile.sheet_file.write_bytes(kept)
    ink = make_window().draw_tab.line_page.canvas.ink()
    assert ink.to_json() == Ink.from_json(kept).to_json()
