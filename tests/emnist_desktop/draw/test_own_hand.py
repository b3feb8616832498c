"""The user's own samples have a say: at once, beyond the alphabet, and only if wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.draw_tab import DrawTab
from emnist_desktop.draw.recognizer_source import RecognizerChoice
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fakes import draw
from trainer.files.paths import Profile

LOOP = ((200, 100), (130, 170), (120, 240), (200, 320), (280, 240), (270, 170), (202, 101))
OPEN = ((120, 100), (160, 210), (200, 320), (240, 210), (280, 100))


@pytest.fixture
def make_tab(profile: Profile, settings: Settings, qtbot: QtBot) -> Iterator[Callable[[], DrawTab]]:
    made = []

    def make() -> DrawTab:
        window = MainWindow(profile, settings)
        window.build(RecognizerChoice(profile))
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        made.append(window)
        return window.draw_tab

    yield make
    for window in made:
        shut_down(window)


def n_learned(tab: DrawTab) -> int:
    return len(tab.own_hand.hand or ())


def teach(tab: DrawTab, character: str, qtbot: QtBot) -> None:
    for number in range(3):
        before = n_learned(tab)
        draw(tab.canvas, *((x + 2 * number, y) for x, y in LOOP))
        tab.label_bar.ask()
        QGuiApplication.clipboard().setText(character)  # QTest types ASCII only
        tab.label_bar.edit.paste()
        qtbot.waitUntil(lambda before=before: n_learned(tab) == before + 1)


def test_three_samples_teach_a_character(make_tab: Callable[[], DrawTab], qtbot: QtBot) -> None:
    tab = make_tab()
    winner, switch = tab.panel.candidates.winner, tab.panel.own_samples
    assert not switch.isVisibleTo(tab)
    assert not tab.draw_actions.own_samples.isEnabled()
    teach(tab, "é", qtbot)
    draw(tab.canvas, *LOOP)
    assert winner.character == "é"
    assert winner.note.endswith("your own samples say é")
    assert switch.isVisibleTo(tab)
    switch.click()
    assert winner.character == "o"
    action = tab.draw_actions.own_samples
    assert not action.isChecked()
    action.trigger()
    assert switch.isChecked()
    assert winner.character == "é"
    tab.canvas.clear()
    draw(tab.canvas, *OPEN)
    assert winner.character == "V"


def test_a_removed_sample_is_forgotten(make_tab: Callable[[], DrawTab], qtbot: QtBot) -> None:
    tab = make_tab()
    teach(tab, "é", qtbot)
    tab.label_bar.take_back.click()
    qtbot.waitUntil(lambda: n_learned(tab) == 2)
    assert tab.panel.candidates.winner.character == "o"


def test_another_start_knows_the_hand(make_tab: Callable[[], DrawTab], qtbot: QtBot) -> None:
    teach(make_tab(), "é", qtbot)
    tab = make_tab()
    qtbot.waitUntil(lambda: n_learned(tab) == 3)
    draw(tab.canvas, *LOOP)
    assert tab.panel.candidates.winner.character == "é"
