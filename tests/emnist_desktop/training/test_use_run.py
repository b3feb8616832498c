"""Runs that read what is drawn: named, refused, deleted, put back; with the real recogniser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import BUNDLE, Settings
from emnist_desktop.ui.format import title_text
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile, default_bundle
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import TRASH_NAME, folder_title
from trainer.runs.titles import set_label

LEFT = Qt.MouseButton.LeftButton


def make_run(profile: Profile, name: str, title: str = "", **changed: object) -> Path:
    """Leave a run with a real recogniser; `changed` stands in its card."""
    folder = RunFolder(profile.runs / name)
    folder.open(TrainingConfig(data="starter"), resume=False)
    shutil.copytree(default_bundle(), folder.bundle)
    card = folder.bundle / "bundle.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), **changed}))
    if title:
        set_label(folder.root, title, "")
    return folder.root


@pytest.fixture
def open_window(
    qtbot: QtBot, profile: Profile, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], MainWindow]:
    """Return what opens a window that has no runs of its own to train."""
    monkeypatch.setattr("emnist_desktop.training.training_tab._FIRST_LISTING_MILLISECONDS", 10**7)
    monkeypatch.setattr("emnist_desktop.training.training_tab.TrainingTab._attach_runs", Mute())

    def make() -> MainWindow:
        window = MainWindow(profile, settings)
        window.build(RecognizerChoice(profile))
        qtbot.addWidget(window, before_close_func=lambda w: w.end())
        with qtbot.waitExposed(window):
            window.show()
        return window

    return make


class Mute:
    """Takes whatever it is given, and starts nothing."""

    def __call__(self, *_: object) -> None:
        return


def choose_run(window: MainWindow, qtbot: QtBot, root: Path) -> None:
    """Turn to the list of runs and select one."""
    tab = window.training_tab
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: root in [run.root for run in tab.list.model.rows])
    qtbot.mouseClick(tab.bar.runs, LEFT)
    tab.list.table.clearSelection()
    tab.list.select(root)


def entries(menu: QMenu) -> dict[str, QAction]:
    """Let a menu fill itself, as it does when it opens, and return what it offers."""
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions()}


def answer_box(text: str) -> None:
    """Click a button of the question that is about to be asked."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, click)
            return
        next(b for b in box.findChildren(QAbstractButton) if b.text() == text).click()

    QTimer.singleShot(0, click)


def test_a_run_reads_under_the_name_that_it_was_given(
    open_window: Callable[[], MainWindow], profile: Profile, qtbot: QtBot
) -> None:
    named, unnamed = make_run(profile, "a", "My best"), make_run(profile, "b")
    window = open_window()
    offered = entries(window.draw_tab.panel.menu)
    assert {"My best", folder_title(unnamed, translate=title_text)} <= set(offered)
    assert "a" not in offered
    offered["My best"].trigger()
    qtbot.waitUntil(lambda: window.draw_tab.recognizer_title == "My best")
    assert window.statusBar().currentMessage() == "My best reads what you draw"
    choose_run(window, qtbot, unnamed)
    window.training_tab.list.model.label_edited.emit(named, "Even better", "")
    window.tabs.setCurrentWidget(window.draw_tab)
    assert window.draw_tab.panel.recognizer_button.text() == "Even better"


def test_a_bundle_of_a_newer_version_is_no_success(
    open_window: Callable[[], MainWindow], profile: Profile, qtbot: QtBot
) -> None:
    root = make_run(profile, "b", format=99)
    window = open_window()
    choose_run(window, qtbot, root)
    qtbot.mouseClick(window.training_tab.list.use, LEFT)
    assert window.tabs.currentWidget() is window.draw_tab
    said = "Expected a bundle of format 1 in bundle"
    qtbot.waitUntil(lambda: said in window.draw_tab.banner.text)
    assert "reads what you draw" not in window.statusBar().currentMessage()
    assert window.draw_tab.recognizer_title == "Bundled recogniser"


def test_deleting_the_run_that_reads_asks_and_falls_back(
    open_window: Callable[[], MainWindow], profile: Profile, settings: Settings, qtbot: QtBot
) -> None:
    root = make_run(profile, "a", "Mine")
    window = open_window()
    tab, draw_tab = window.training_tab, window.draw_tab
    choose_run(window, qtbot, root)
    qtbot.mouseClick(tab.list.use, LEFT)
    qtbot.waitUntil(lambda: settings.get(BUNDLE) == str(root / "bundle"))
    choose_run(window, qtbot, root)
    answer_box("Cancel")
    qtbot.mouseClick(tab.list.delete, LEFT)
    assert root.exists()
    assert draw_tab.recognizer_title == "Mine"
    answer_box("Delete")
    qtbot.mouseClick(tab.list.delete, LEFT)
    assert not root.exists()
    assert tab.banner.text == "Mine deleted. The bundled recogniser reads what you draw now."
    assert not tab.banner.property("isWarning")
    assert draw_tab.recognizer_title == "Bundled recogniser"
    assert draw_tab.banner.text.startswith("Mine, which read what you draw, was deleted.")
    assert settings.get(BUNDLE) == ""


def test_a_deleted_run_comes_back_after_its_notice_is_gone(
    open_window: Callable[[], MainWindow], profile: Profile, qtbot: QtBot
) -> None:
    root, other = make_run(profile, "a", "Mine"), make_run(profile, "b")
    window = open_window()
    tab = window.training_tab
    choose_run(window, qtbot, root)
    assert list(entries(tab.list.deleted_menu)) == ["No run was deleted"]
    qtbot.mouseClick(tab.list.delete, LEFT)  # nobody reads with it: no question
    qtbot.mouseClick(tab.banner.dismiss, LEFT)
    assert len(list((profile.runs / TRASH_NAME).iterdir())) == 1
    ((text, action),) = entries(tab.list.deleted_menu).items()
    assert text.startswith("Mine (deleted ")
    action.trigger()
    qtbot.waitUntil(lambda: len(tab.list.model.rows) == 2)
    assert root.is_dir()
    assert other.is_dir()
    assert window.statusBar().currentMessage() == "Mine is back"
    action.trigger()
    assert "cannot be put back" in tab.banner.text
    assert tab.banner.property("isWarning")
