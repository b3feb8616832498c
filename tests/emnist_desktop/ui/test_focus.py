"""The focus never jumps from a button that disables itself to its neighbour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.ui.focus import FocusKeeper
from emnist_desktop.ui.layout import hbox


@pytest.fixture
def row(qtbot: QtBot, qapp: QApplication) -> QWidget:
    """Return three buttons in a row, the first of which has the focus."""
    row = QWidget()
    qtbot.addWidget(row)
    row.setLayout(hbox(*(QPushButton(word) for word in ("Pause", "Stop", "Cancel"))))
    keeper = FocusKeeper(qapp, row)
    assert keeper.parent() is row
    with qtbot.waitActive(row):
        row.show()
        row.activateWindow()
    row.findChildren(QPushButton)[0].setFocus()
    return row


@pytest.mark.parametrize("is_hidden", [False, True])
def test_it_waits_beside_the_button_and_comes_back(row: QWidget, *, is_hidden: bool) -> None:
    pause, stop, _ = row.findChildren(QPushButton)
    withdraw = pause.setVisible if is_hidden else pause.setEnabled
    withdraw(False)
    assert QApplication.focusWidget() is row
    withdraw(True)
    assert QApplication.focusWidget() is pause
    withdraw(False)
    QTest.keyClick(row, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is stop
    withdraw(True)
    assert QApplication.focusWidget() is stop


def test_a_button_that_is_deleted_while_it_waits_is_forgotten(row: QWidget) -> None:
    pause, stop, cancel = row.findChildren(QPushButton)
    pause.setEnabled(False)
    shiboken6.delete(pause)
    stop.setFocus()
    cancel.setFocus()
    assert QApplication.focusWidget() is cancel


def test_no_button_hands_it_to_another(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(window.isActiveWindow)
    jumps, walked = [], set()
    for _ in every_page(window):
        QApplication.processEvents()  # what was built now is shown then
        for button in window.findChildren(QAbstractButton):
            button.setFocus()
            if not (button.isVisible() and QApplication.focusWidget() is button):
                continue
            walked.add(button)
            button.setEnabled(False)
            if isinstance(QApplication.focusWidget(), QAbstractButton):
                jumps.append(button.text() or button.toolTip())
            button.setEnabled(True)
            if QApplication.focusWidget() is not button:
                jumps.append(f"{button.text()} (not back)")
    assert len(walked) > 40
    assert jumps == []


def every_page(window: MainWindow) -> Iterator[None]:
    """Turn to every tab and page."""
    training, models = window.training_tab, window.models_tab
    for tab in (window.draw_tab, window.datasets_tab):
        window.tabs.setCurrentWidget(tab)
        yield
    window.tabs.setCurrentWidget(training)
    for page in (training.first_run, training.setup, training.list):
        training.stack.setCurrentWidget(page)
        yield
    window.tabs.setCurrentWidget(models)
    for place in range(models.stack.count()):
        models.stack.setCurrentIndex(place)
        yield
