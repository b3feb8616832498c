"""Titles and names come from anybody's file: none is taken for HTML."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from tests.emnist_desktop.test_accessibility import path_of, show_everything
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile

NAME = '<b>bold</b><img src="missing.png">'


@pytest.fixture
def window(profile: Profile, make_window: Callable[..., MainWindow]) -> MainWindow:
    writer = DatasetWriter(profile.datasets / "small", title=NAME, alphabet=(NAME, "<i>"))
    with writer:
        images = np.random.default_rng(0).integers(0, 256, (40, 28, 28)).astype(np.uint8)
        writer.append("train", images, np.arange(40) % 2)
    return make_window()


def test_no_label_takes_a_name_for_html(window: MainWindow, qtbot: QtBot) -> None:
    show_everything(window)
    browser = window.datasets_tab.browser
    window.tabs.setCurrentWidget(window.datasets_tab)
    qtbot.waitUntil(lambda: browser.grid.isVisible() and len(browser.grid.indices) > 0)
    browser.grid.go_to(3)
    browser.views.setCurrentWidget(browser.analysis)
    labels = window.findChildren(QLabel)
    qtbot.waitUntil(lambda: any("<b>bold" in label.text() for label in labels))
    for label in labels:
        label.ensurePolished()
    rich = {label for label in labels if label.textFormat() is not Qt.TextFormat.PlainText}
    assert [path_of(label) for label in rich if label.textFormat() is Qt.TextFormat.AutoText] == []
    assert [path_of(label) for label in rich if "<b>bold" in label.text()] == []


def test_a_tool_tip_is_plain_text(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    QToolTip.showText(QPoint(1, 1), NAME, widget)
    (tip,) = [
        shown
        for shown in QApplication.topLevelWidgets()
        if isinstance(shown, QLabel) and shown.metaObject().className() == "QTipLabel"
    ]
    assert tip.text() == NAME
    assert tip.textFormat() is Qt.TextFormat.PlainText
    QToolTip.hideText()


def test_a_question_shows_plain_text(qtbot: QtBot) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setText(NAME)
    box.setInformativeText(NAME)
    box.show()
    named = [label for label in box.findChildren(QLabel) if label.text() == NAME]
    assert {label.textFormat() for label in named} == {Qt.TextFormat.PlainText}
    assert len(named) == 2
