"""Widgets that are built when they are shown, or before, in steps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.ui import lazy
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.lazy import Builder, LazyWidget, load_modules


class InSteps(LazyWidget):
    """Built in three steps, and looked at as often as it is shown."""

    looked = 0

    def build(self) -> Iterator[None]:
        self.parts = [QLabel("one")]
        yield
        self.parts.append(QPushButton("two"))
        yield
        self.setLayout(vbox(*self.parts))

    def look(self) -> None:
        assert len(self.parts) == 2
        self.looked += 1


@pytest.fixture(autouse=True)
def never_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be built ahead unless a test says that nobody waits."""
    monkeypatch.setattr(lazy, "_QUIET_SECONDS", 1e9)


@pytest.fixture
def tabs(qtbot: QtBot) -> QTabWidget:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    for title, page in (("A", QWidget()), ("B", InSteps())):
        tabs.addTab(page, title)
    with qtbot.waitExposed(tabs):
        tabs.show()
    return tabs


def test_what_is_begun_is_finished_when_it_is_shown(tabs: QTabWidget) -> None:
    page = tabs.widget(1)
    assert isinstance(page, InSteps)
    page.build_step()
    assert not page.is_built
    tabs.setCurrentIndex(1)
    assert page.is_built
    assert page.parts[1].isVisible()
    assert page.looked == 1


def test_a_page_is_built_while_nobody_waits(
    tabs: QTabWidget, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tabs.widget(1)
    assert isinstance(page, InSteps)
    builder = Builder([page], tabs)
    builder.start(qapp)
    monkeypatch.setattr(lazy, "_QUIET_SECONDS", -1.0)
    qtbot.waitUntil(lambda: page.is_built)
    assert page.looked == 0
    assert not page.parts[1].isVisible()


def test_a_frame_is_shown_before_what_is_awaited(
    tabs: QTabWidget, qtbot: QtBot, qapp: QApplication
) -> None:
    page = tabs.widget(1)
    assert isinstance(page, InSteps)
    builder = Builder([page], tabs)
    builder.start(qapp)
    tabs.tabBarClicked.connect(lambda place: builder.hurry(tabs.widget(place)))
    middle = tabs.tabBar().tabRect(1).center()
    qtbot.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=middle)
    assert page.isVisible()
    assert not page.is_built
    qtbot.waitUntil(lambda: page.looked == 1)
    assert page.parts[1].isVisible()


def test_modules_are_imported_one_by_one() -> None:
    assert len(list(load_modules("json", "math"))) == 2


def test_the_hidden_tabs_are_built_ahead(
    window: MainWindow, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lazy, "_QUIET_SECONDS", -1.0)
    window.tabs.build_ahead(qapp)
    hidden = (window.datasets_tab, window.training_tab, window.models_tab)
    qtbot.waitUntil(lambda: all(tab.is_built for tab in hidden), timeout=20_000)
    assert window.tabs.currentWidget() is window.draw_tab
