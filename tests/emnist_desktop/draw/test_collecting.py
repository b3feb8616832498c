"""Collecting in the window: drawn, asked, skipped, taken back, resumed, and measured."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.collect.collect_dialog import CollectDialog
from emnist_desktop.settings import COLLECT_PAUSE, Settings
from tests.emnist_desktop.fakes import draw
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile
from trainer.ink.strokes import Ink

STROKES = (
    ((100, 100), (150, 200), (80, 240)),
    ((100, 100), (150, 180), (100, 260), (60, 200)),
    ((60, 100), (170, 100), (100, 240)),
)


@pytest.fixture
def dialog(window: MainWindow, settings: Settings) -> CollectDialog:
    settings.set(COLLECT_PAUSE, 0.0)
    return opened(window)


def opened(window: MainWindow) -> CollectDialog:
    window.draw_tab.collect()
    return window.findChildren(CollectDialog)[-1]


def begin(dialog: CollectDialog, characters: str, rounds: int, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.start_page.text, characters)
    assert dialog.start_page.typed.isChecked()
    dialog.start_page.rounds.setValue(rounds)
    qtbot.mouseClick(dialog.start_page.start, Qt.MouseButton.LeftButton)


def counts(profile: Profile) -> dict[str, int]:
    return dict(MySamples(profile.samples_file).counts)


def test_asked_drawn_and_measured(
    dialog: CollectDialog, window: MainWindow, profile: Profile, qtbot: QtBot
) -> None:
    begin(dialog, "C6", 1, qtbot)
    page = dialog.request_page
    assert page.letter.text() == "C"
    assert page.name.text() == "capital C"
    draw(page.canvas, *STROKES[0])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert page.letter.text() == "6"
    assert page.canvas.is_empty
    draw(page.canvas, *STROKES[1])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Space)
    assert page.question.text().startswith("That looks like C.")
    assert counts(profile) == {"C": 1}
    qtbot.keyClick(page.canvas, Qt.Key.Key_Space)
    assert counts(profile) == {"C": 1, "6": 1}
    assert dialog.result_page.heading.text() == "2 characters drawn"
    qtbot.waitUntil(lambda: len(dialog.result_page.tiles.tiles) == 2)
    assert "50.0" in dialog.result_page.figures.text()
    qtbot.waitUntil(lambda: window.draw_tab.label_bar.counter.text().startswith("2 samples"))


def test_the_next_is_asked_for_by_itself(
    dialog: CollectDialog, profile: Profile, settings: Settings, qtbot: QtBot
) -> None:
    settings.set(COLLECT_PAUSE, 0.02)
    begin(dialog, "C", 3, qtbot)
    page = dialog.request_page
    for number, stroke in enumerate(STROKES, start=1):
        draw(page.canvas, *stroke)
        qtbot.waitUntil(lambda number=number: counts(profile) == {"C": number})
    assert dialog.pages.currentWidget() is dialog.result_page


def test_the_same_again_and_nothing_are_asked_about_once(
    dialog: CollectDialog, profile: Profile, qtbot: QtBot
) -> None:
    begin(dialog, "C", 3, qtbot)
    page = dialog.request_page
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert page.question.text() == "Draw C, or skip it."
    for _ in range(2):
        draw(page.canvas, *STROKES[0])
        qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert page.question.text().startswith("That is the same drawing as before.")
    qtbot.mouseClick(page.clear, Qt.MouseButton.LeftButton)
    assert page.question.text() == ""
    draw(page.canvas, *STROKES[1])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert counts(profile) == {"C": 2}


def test_skip_back_stop_and_resume(
    dialog: CollectDialog, window: MainWindow, profile: Profile, qtbot: QtBot
) -> None:
    begin(dialog, "CG6", 1, qtbot)
    page = dialog.request_page
    draw(page.canvas, *STROKES[0])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Right)
    assert page.letter.text() == "6"
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left)
    assert page.letter.text() == "C"
    assert not page.canvas.is_empty
    assert not page.back.isEnabled()
    assert counts(profile) == {}
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    again = opened(window)
    assert again.start_page.resume.text() == "&Resume at 2 of 3"
    qtbot.mouseClick(again.start_page.resume, Qt.MouseButton.LeftButton)
    assert again.request_page.letter.text() == "G"


def test_it_is_said_what_misreads_how_many(
    make_window: Callable[..., MainWindow], profile: Profile, qtbot: QtBot
) -> None:
    samples = MySamples(profile.samples_file)
    for character, points in zip("C6", STROKES, strict=False):
        samples.append(Ink.from_points([points]), character)
    window = make_window()
    qtbot.waitUntil(lambda: len(window.draw_tab.own_hand.hand or ()) == 2)
    page = opened(window).start_page
    assert page.confused.text() == "Those &misread among my samples: 6"
    assert page.misread.isVisible()
    assert page.misread.text().startswith(
        "Bundled recogniser with your hand misreads 1 of 2 samples, each read as if"
    )


def test_without_samples_nothing_is_said_to_be_misread(dialog: CollectDialog) -> None:
    assert not dialog.start_page.misread.isVisible()
    assert not dialog.start_page.confused.isEnabled()


def test_a_disk_that_is_full_costs_no_drawing(
    dialog: CollectDialog, profile: Profile, qtbot: QtBot
) -> None:
    begin(dialog, "C", 1, qtbot)
    page = dialog.request_page
    profile.samples_file.mkdir(parents=True)
    draw(page.canvas, *STROKES[0])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert "cannot be" in dialog.banner.text
    assert not page.canvas.is_empty
