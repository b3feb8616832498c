"""Tabs by the keyboard, and the page that lists the shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.guide import GuideDialog
from emnist_desktop.app.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_tabs_are_reached_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.isActiveWindow)
    for key, place in (
        (Qt.Key.Key_3, 2),
        (Qt.Key.Key_PageUp, 1),
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_1, 0),
        (Qt.Key.Key_PageUp, 3),
    ):
        qtbot.keyClick(window, key, CONTROL)
        assert window.tabs.currentIndex() == place


def test_the_guide_lists_every_shortcut(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (guide,) = window.findChildren(GuideDialog)
    text = guide.page.toPlainText()
    for words in ("Ctrl+2", "Datasets", "Ctrl+Z", "F1", "Enter"):
        assert words in text
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
