"""What is shown of an answer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.candidates import CandidatesView, ImageView, doubt
from emnist_desktop.ui.format import probability_text
from tests.emnist_desktop.fakes import SURE, UNSURE
from trainer.ink.render import ink_to_planes
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Candidate


@pytest.fixture
def view(qtbot: QtBot) -> CandidatesView:
    view = CandidatesView()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.mark.parametrize(
    ("probabilities", "close"),
    [
        ((0.9, 0.05), False),
        ((0.5, 0.45), True),
        ((0.5, 0.24), False),
        ((0.12, 0.09), False),  # too little to be worth a word
        ((1.0,), False),
    ],
)
def test_doubt(probabilities: tuple[float, ...], close: bool) -> None:
    candidates = tuple(Candidate("O0"[i], p) for i, p in enumerate(probabilities))
    assert doubt(candidates) == (("O", "0") if close else None)


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100 %"), (0.9999, "> 99 %"), (0.93, "93 %"), (0.01, "1 %"), (0.004, "< 1 %")],
)
def test_percentage(share: float, text: str) -> None:
    assert probability_text(share) == text


def test_ranked_candidates(view: CandidatesView) -> None:
    view.show_candidates(SURE, "")
    assert view.winner.character == "C c"
    assert view.winner.note == "90 %"
    assert [row.candidate for row in view.rows] == [*SURE, None, None]
    assert view.rows[0].accessibleName() == "C c, 90 %"
    assert [row.isEnabled() for row in view.rows] == [True] * 3 + [False] * 2


def test_doubt_is_told(view: CandidatesView) -> None:
    view.show_candidates(UNSURE, "")
    assert view.winner.note == "not sure: O or 0"
    assert "not sure" in view.winner.accessibleName()


def test_nothing_to_show(view: CandidatesView) -> None:
    view.show_candidates(SURE, "")
    view.show_candidates((), "Nothing drawn yet")
    assert view.winner.character == ""
    assert view.winner.note == "Nothing drawn yet"
    assert not any(row.isEnabled() for row in view.rows)


def test_a_click_copies(view: CandidatesView, qtbot: QtBot) -> None:
    view.show_candidates(SURE, "")
    asked = QSignalSpy(view.clicked)
    for button in (view.winner, view.rows[1]):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.rows[4], Qt.MouseButton.LeftButton)
    assert [asked.at(i) for i in range(asked.count())] == [["C"], ["G"]]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_the_keyboard_copies(view: CandidatesView, qtbot: QtBot, key: Qt.Key) -> None:
    view.show_candidates(SURE, "")
    asked = QSignalSpy(view.clicked)
    qtbot.keyClick(view.rows[2], key)
    assert asked.at(0) == ["6"]


def test_the_bar_is_as_long_as_the_candidate_is_probable(view: CandidatesView) -> None:
    view.show_candidates((Candidate("A", 0.5), Candidate("B", 0.25)), "")

    def filled(place: int) -> int:
        image = view.rows[place].grab().toImage()
        middle = image.height() // 2
        blue = (image.pixelColor(x, middle) for x in range(image.width()))
        return sum(color.blue() > color.red() + 80 for color in blue)

    assert filled(0) == pytest.approx(2 * filled(1), abs=3)
    assert filled(2) == 0


def test_an_answer_changes_no_size(view: CandidatesView) -> None:
    before = view.sizeHint()
    view.show_candidates(UNSURE, "")
    assert view.sizeHint() == before
    assert all(row.sizeHint() == view.rows[0].sizeHint() for row in view.rows)


def test_the_image_is_shown_pixel_by_pixel(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    image = np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)
    view.show_image(image)
    shown = view.grab().toImage()
    ratio = shown.devicePixelRatio()
    scale = round(view.width() * ratio) // 28
    for row, column in ((0, 0), (13, 4), (27, 27), (5, 20)):
        for offset in (0, scale - 1):
            color = shown.pixelColor(column * scale + offset, row * scale + offset)
            assert color.red() == color.green() == color.blue() == image[row, column]
    for nothing in (None, np.zeros((28, 28), dtype=np.uint8)):
        view.show_image(nothing)
        ground = view.palette().color(QPalette.ColorRole.Window)
        assert view.grab().toImage().pixelColor(30, 30) == ground


def test_a_click_shows_the_direction_of_the_pen(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.show()
    planes = ink_to_planes(Ink.from_points([[(0, 0), (10, 0)], [(10, 5), (0, 5)]]), (2.9,))[0]
    view.show_image(planes[..., 0], planes)
    grey = view.image.pixelColor(6, 7)
    assert grey.red() == grey.green() == grey.blue()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton)
    right, left = view.image.pixelColor(10, 9), view.image.pixelColor(10, 18)
    assert right.red() > right.blue()
    assert left.blue() > left.red()
    view.show_image(planes[..., 0])
    assert not view.isEnabled()
    assert view.image.pixelColor(10, 9).red() == view.image.pixelColor(10, 9).blue()


def test_more_than_one_character_is_asked_about(qtbot: QtBot) -> None:
    view = CandidatesView()
    qtbot.addWidget(view)
    view.show_candidates(SURE, "", is_several=True)
    assert not view.as_line.isHidden()
    with qtbot.waitSignal(view.line_requested):
        view.as_line.click()
    assert view.winner.note == "more than one character?"
    view.show_candidates(SURE, "")
    assert "%" in view.winner.note
