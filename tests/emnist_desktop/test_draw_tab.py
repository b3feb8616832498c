"""The Draw tab in its window, with real events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.candidates import doubt, percentage
from emnist_desktop.main_window import MainWindow
from emnist_desktop.self_test import KNOWN_STROKES, draw_strokes
from emnist_desktop.settings import BUNDLE, Theme
from tests.emnist_desktop.conftest import FakeRecognizer
from trainer.alphabet import Reading
from trainer.bundle import load_bundle
from trainer.errors import BundleError
from trainer.paths import Profile
from trainer.recognizer import Candidate, Recognizer


@pytest.fixture
def real_window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window(lambda folder: Recognizer(load_bundle(folder)))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    picture = Image.new("L", (300, 140), 250)
    draw = ImageDraw.Draw(picture)
    draw.line([(20, 20), (70, 20), (40, 110)], fill=20, width=8, joint="curve")
    draw.line([(150, 20), (150, 110), (200, 110)], fill=20, width=8, joint="curve")
    path = tmp_path / "page.png"
    picture.save(path)
    return path


def _clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_a_drawn_four_is_read(real_window: MainWindow) -> None:
    tab = real_window.draw_tab
    draw_strokes(tab.canvas, KNOWN_STROKES)
    assert tab.panel.candidates.winner.text == "4"
    assert not tab.panel.image.image.isNull()
    assert real_window.draw_tab.banner.text == ""


def test_the_answer_follows_undo_clear_and_redo(window: MainWindow) -> None:
    tab = window.draw_tab
    assert tab.panel.candidates.winner.remark == "Nothing drawn yet"
    draw_strokes(tab.canvas, KNOWN_STROKES)
    assert tab.panel.candidates.winner.text == "A"
    QTest.keyClick(window, Qt.Key.Key_Delete)
    assert tab.panel.candidates.winner.text == ""
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert tab.panel.candidates.winner.text == "A"
    QTest.keyClick(
        window,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert tab.panel.candidates.winner.text == ""


def test_a_candidate_is_copied_by_click_and_key(window: MainWindow) -> None:
    tab = window.draw_tab
    draw_strokes(tab.canvas, KNOWN_STROKES)
    QTest.mouseClick(tab.panel.candidates.rows[1], Qt.MouseButton.LeftButton)
    assert _clipboard() == "H"
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert _clipboard() == "A"
    tab.panel.candidates.rows[1].setFocus()
    QTest.keyClick(tab.panel.candidates.rows[1], Qt.Key.Key_Space)
    assert _clipboard() == "H"
    assert not tab.panel.candidates.rows[2].isEnabled()


def test_doubt_is_said(window: MainWindow, recognizer: FakeRecognizer) -> None:
    recognizer.candidates = (Candidate("0", 0.5), Candidate("O", 0.45))
    draw_strokes(window.draw_tab.canvas, KNOWN_STROKES)
    assert window.draw_tab.panel.candidates.winner.remark == "not sure: 0 or O"
    assert doubt((Candidate("0", 0.9), Candidate("O", 0.09))) is None
    assert doubt((Candidate("0", 1.0),)) is None
    assert [percentage(p) for p in (1.0, 0.997, 0.5, 0.001)] == [
        "100 %",
        "> 99 %",
        "50 %",
        "< 1 %",
    ]


def test_tools_and_their_keys(window: MainWindow) -> None:
    tab = window.draw_tab
    QTest.keyClick(window, Qt.Key.Key_E)
    assert tab.toolbar.eraser.isChecked()
    QTest.keyClick(window, Qt.Key.Key_P)
    assert tab.toolbar.pen.isChecked()
    before = tab.canvas.pen_width
    QTest.keyClick(window, Qt.Key.Key_BracketRight)
    assert tab.canvas.pen_width == before + 2
    for button in (tab.toolbar.pen, tab.toolbar.undo, tab.toolbar.clear, tab.toolbar.picture):
        assert button.accessibleName()
        assert "(" in button.toolTip()


def test_choices_survive_a_restart(
    make_window: Callable[..., MainWindow], recognizer: FakeRecognizer, tmp_path: Path
) -> None:
    first = make_window()
    first.draw_tab.panel.set_reading(Reading.DIGITS.value)
    first.draw_tab.toolbar.set_pen_width(22)
    first.draw_tab.use_bundle(str(tmp_path / "mine"))
    first.resize(790, 690)
    first.close()
    second = make_window()
    assert second.draw_tab.panel.reading is Reading.DIGITS
    assert second.draw_tab.canvas.pen_width == 22
    assert second.draw_tab.panel.recognizer_button.toolTip() == "mine"
    assert second.size() == first.size()
    draw_strokes(second.draw_tab.canvas, KNOWN_STROKES)
    assert recognizer.asked[-1][1] is Reading.DIGITS


def test_a_recogniser_that_is_gone_gives_way_with_a_notice(
    make_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    first = make_window()
    first.draw_tab._settings.set(BUNDLE, "/gone")
    first.close()
    second = make_window()
    assert "bundled recogniser is used" in second.draw_tab.banner.text
    draw_strokes(second.draw_tab.canvas, KNOWN_STROKES)
    assert second.draw_tab.panel.candidates.winner.text == "A"


def test_runs_are_offered(make_window: Callable[..., MainWindow], profile: Profile) -> None:
    bundle = profile.runs / "2026-01-01-first" / "bundle"
    bundle.mkdir(parents=True)
    (bundle / "bundle.json").write_text("{}")
    window = make_window()
    actions = {action.text(): action for action in window.draw_tab.panel.menu.actions()}
    assert actions["Bundled recogniser"].isChecked()
    actions["2026-01-01-first"].trigger()
    assert window.draw_tab.panel.recognizer_button.toolTip() == "2026-01-01-first"


def test_the_window_starts_without_any_recogniser(make_window: Callable[..., MainWindow]) -> None:
    def broken(folder: Path) -> Recognizer:
        raise BundleError("The recogniser is damaged.", "Install the program again.")

    window = make_window(broken)
    assert "damaged" in window.draw_tab.banner.text
    assert "Install" in window.draw_tab.banner.text
    draw_strokes(window.draw_tab.canvas, KNOWN_STROKES)
    assert len(window.draw_tab.canvas.ink().strokes) == 2
    window.draw_tab.read_picture(Path("any.png"))
    assert "no recogniser" in window.draw_tab.banner.text


def test_a_picture_is_read_in_order_and_left_again(
    real_window: MainWindow, page: Path, qtbot: QtBot
) -> None:
    tab = real_window.draw_tab
    draw_strokes(tab.canvas, KNOWN_STROKES)
    tab.read_picture(page)
    qtbot.waitUntil(lambda: tab.sheets.currentWidget() is tab.picture_view)
    assert tab.picture_view.text.text()[0] == "7"
    assert len(tab.picture_view.text.text()) == 2
    tab.picture_view.copy_button.click()
    assert _clipboard() == tab.picture_view.text.text()
    assert not real_window.grab().isNull()
    tab.picture_view.back_button.click()
    assert tab.sheets.currentWidget() is tab.canvas
    assert tab.panel.candidates.winner.text == "4"


def test_a_file_that_is_no_picture_is_explained(
    real_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("this is no picture")
    tab = real_window.draw_tab
    tab.read_picture(bad)
    qtbot.waitUntil(lambda: "bad.png" in tab.banner.text)
    assert tab.sheets.currentWidget() is tab.canvas


def test_a_picture_can_be_dropped_and_pasted(
    real_window: MainWindow, page: Path, qtbot: QtBot
) -> None:
    tab = real_window.draw_tab
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(page))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    QApplication.sendEvent(tab, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(tab, QDropEvent(QPointF(50, 50), copy, data, left, none))
    qtbot.waitUntil(lambda: tab.sheets.currentWidget() is tab.picture_view)
    dropped = tab.picture_view.text.text()
    tab.picture_view.back_button.click()
    QGuiApplication.clipboard().setImage(QImage(str(page)))
    QTest.keyClick(real_window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: tab.sheets.currentWidget() is tab.picture_view)
    assert tab.picture_view.text.text() == dropped
    tab.picture_view.back_button.click()
    QGuiApplication.clipboard().setText("no picture")
    QTest.keyClick(real_window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "no picture" in real_window.statusBar().currentMessage()


def test_themes_change_at_once(window: MainWindow, qapp: QApplication) -> None:
    actions = [a for a in window.findChildren(type(window.menuBar().actions()[0])) if a.data()]
    by_theme = {a.data(): a for a in actions if a.data() in set(Theme)}
    try:
        by_theme["dark"].trigger()
        assert qapp.palette().window().color().lightness() < 80
        by_theme["light"].trigger()
        assert qapp.palette().window().color().lightness() > 180
    finally:
        qapp.setStyleSheet("")


def test_the_smallest_window_shows_everything(window: MainWindow) -> None:
    window.resize(1024, 640)
    assert window.height() <= 640
    panel = window.draw_tab.panel
    bottom = panel.image.mapTo(window, QPoint(0, panel.image.height())).y()
    assert bottom <= window.height()


def test_every_control_can_be_reached_and_has_a_name(window: MainWindow) -> None:
    tab = window.draw_tab
    controls = [
        tab.canvas,
        tab.toolbar.pen,
        tab.toolbar.eraser,
        tab.toolbar.width_slider,
        tab.toolbar.clear,
        tab.panel.recognizer_button,
        tab.panel.alphabet,
        *tab.panel.candidates.rows,
    ]
    for control in controls:
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert control.accessibleName()
