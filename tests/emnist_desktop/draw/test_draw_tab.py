"""The Draw tab in its window: drawing, copying, tools, alphabets, recognisers."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.canvas import Tool
from emnist_desktop.draw.draw_tab import INK_FORMAT
from emnist_desktop.draw.toolbar import Toolbar
from emnist_desktop.settings import BUNDLE, CHARACTER_SET, Settings
from emnist_desktop.training.runs.run_actions import RunActions
from tests.emnist_desktop.fakes import UNSURE, FakeRecognizer, draw
from trainer.files.paths import Profile
from trainer.ink.alphabet import CharacterSet
from trainer.ink.render import ink_to_image

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LINE = ((100, 100), (150, 200), (200, 300))


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def make_run(profile: Profile, name: str) -> Path:
    bundle = profile.runs / name / "bundle"
    bundle.mkdir(parents=True)
    (bundle / "bundle.json").write_text("{}")
    return bundle


def menu_texts(window: MainWindow) -> list[str]:
    menu = window.draw_tab.panel.menu
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(window: MainWindow, text: str) -> None:
    menu = window.draw_tab.panel.menu
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_a_drawing_is_read(window: MainWindow, recognizer: FakeRecognizer) -> None:
    tab = window.draw_tab
    assert tab.panel.candidates.winner.note == "Nothing drawn yet"
    draw(tab.canvas, *LINE)
    assert tab.panel.candidates.winner.character == "C c"
    ink, reading = recognizer.asked[-1]
    assert ink.n_points == 3
    assert reading is CharacterSet.CASED
    shown = tab.panel.image.image
    expected = ink_to_image(ink)
    assert all(shown.pixelColor(x, y).red() == expected[y, x] for x in range(28) for y in range(28))


def test_it_is_read_while_it_grows(
    window: MainWindow, recognizer: FakeRecognizer, qtbot: QtBot
) -> None:
    canvas = window.draw_tab.canvas
    QTest.mousePress(
        canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(9, 9)
    )
    QTest.mouseMove(canvas, QPoint(60, 90))
    qtbot.waitUntil(lambda: bool(recognizer.asked) and recognizer.asked[-1][0].n_points == 2)
    assert window.draw_tab.panel.candidates.winner.character == "C c"


def test_a_dot_is_no_character(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.draw_tab
    draw(tab.canvas, (100, 100))
    assert tab.recognition is None
    assert tab.panel.candidates.winner.note == "A dot: draw the character larger"
    draw(tab.canvas, (100, 120), (100, 220))
    assert tab.recognition is not None


def test_a_drawing_that_is_not_read_is_copied_and_pasted(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.draw_tab
    assert not tab.draw_actions.copy.isEnabled()
    draw(tab.canvas, (100, 100))
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL)
    assert window.statusBar().currentMessage() == "The drawing is copied"
    assert not clipboard()
    tab.canvas.clear()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert len(tab.canvas.ink().strokes) == 1


def test_spoilt_ink_on_the_clipboard_is_said(window: MainWindow, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setData(INK_FORMAT, b"{}")
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert "strokes" in window.draw_tab.banner.text
    assert window.draw_tab.canvas.is_empty


def test_doubt_is_told(window: MainWindow, recognizer: FakeRecognizer) -> None:
    recognizer.candidates = UNSURE
    draw(window.draw_tab.canvas, *LINE)
    assert window.draw_tab.panel.candidates.winner.note == "not sure: O or 0"


def test_the_answer_follows_undo_redo_and_clear(window: MainWindow, qtbot: QtBot) -> None:
    winner = window.draw_tab.panel.candidates.winner
    draw(window.draw_tab.canvas, *LINE)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert winner.character == ""
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert winner.character == "C c"
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)
    assert winner.character == "C c"
    qtbot.keyClick(window, Qt.Key.Key_Delete)
    assert winner.character == ""
    assert window.draw_tab.canvas.is_empty
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert winner.character == "C c"


def test_actions_are_offered_when_they_can_be_done(window: MainWindow) -> None:
    tab, actions = window.draw_tab, window.draw_tab.draw_actions
    changing = (actions.undo, actions.redo, actions.clear, actions.copy)

    def enabled() -> list[bool]:
        return [action.isEnabled() for action in changing]

    assert enabled() == [False, False, False, False]
    draw(tab.canvas, *LINE)
    assert enabled() == [True, False, True, True]
    actions.undo.trigger()
    assert enabled() == [False, True, False, False]
    tab.set_current(False)
    assert not any(action.isEnabled() for action in actions.all)
    tab.set_current(True)
    assert enabled() == [False, True, False, False]


def test_a_character_is_copied_by_click_and_key(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.draw_tab
    draw(tab.canvas, *LINE)
    qtbot.mouseClick(tab.panel.candidates.rows[1], Qt.MouseButton.LeftButton)
    assert clipboard() == "G"
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL)
    assert clipboard() == "C"
    ink = tab.canvas.ink()
    tab.canvas.clear()
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert tab.canvas.ink().to_json() == ink.to_json()
    tab.canvas.undo()
    assert tab.canvas.is_empty
    tab.canvas.undo()
    assert tab.canvas.ink().to_json() == ink.to_json()
    qtbot.keyClick(tab.panel.candidates.rows[2], Qt.Key.Key_Space)
    assert clipboard() == "6"
    assert "6" in window.statusBar().currentMessage()


def test_tools_and_their_keys(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.draw_tab
    qtbot.keyClick(window, Qt.Key.Key_E)
    assert tab.canvas.tool is Tool.ERASER
    assert tab.draw_actions.eraser.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert tab.canvas.tool is Tool.PEN
    before = tab.canvas.pen_width
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    assert tab.canvas.pen_width == before + 2
    assert tab.toolbar.width_slider.value() == round(before + 2)


def test_tooltips_name_the_shortcuts(window: MainWindow) -> None:
    actions = window.draw_tab.draw_actions
    for action, key in (
        (actions.undo, "Ctrl+Z"),
        (actions.redo, "Ctrl+Shift+Z, Ctrl+Y"),
        (actions.clear, "Del"),
        (actions.pen, "P"),
        (actions.eraser, "E"),
        (actions.paste, "Ctrl+V"),
        (actions.copy, "Ctrl+C"),
        (actions.open_picture, "Ctrl+O"),
    ):
        assert f"({key})" in action.toolTip()


def test_every_control_is_reached_by_keyboard_and_has_a_name(window: MainWindow) -> None:
    tab = window.draw_tab
    draw(tab.canvas, *LINE)
    buttons = tab.findChild(Toolbar).findChildren(type(tab.banner.dismiss))
    controls = [
        tab.canvas,
        *buttons,
        tab.toolbar.width_slider,
        tab.panel.recognizer_button,
        tab.panel.alphabet,
        tab.panel.candidates.winner,
        *tab.panel.candidates.rows,
        tab.picture_view.picture,
        tab.picture_view.edit,
        tab.banner.dismiss,
    ]
    assert len(buttons) == 6
    for control in controls:
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert control.accessibleName()


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("All (47, C c merged)", CharacterSet.ALL),
        ("All with case (62)", CharacterSet.CASED),
        ("Digits", CharacterSet.DIGITS),
        ("Letters", CharacterSet.LETTERS),
        ("Capitals", CharacterSet.UPPERCASE),
        ("Small letters", CharacterSet.LOWERCASE),
    ],
)
def test_the_alphabet_is_chosen(
    window: MainWindow,
    recognizer: FakeRecognizer,
    settings: Settings,
    text: str,
    reading: CharacterSet,
) -> None:
    draw(window.draw_tab.canvas, *LINE)
    window.draw_tab.panel.alphabet.setCurrentText(text)
    assert window.draw_tab.panel.character_set is reading
    draw(window.draw_tab.canvas, *LINE)
    assert recognizer.asked[-1][1] is reading
    assert settings.get(CHARACTER_SET) == reading.value


def test_another_alphabet_reads_the_drawing_again(
    window: MainWindow, recognizer: FakeRecognizer
) -> None:
    draw(window.draw_tab.canvas, *LINE)
    recognizer.candidates = UNSURE
    window.draw_tab.panel.set_character_set("all")
    assert recognizer.asked[-1][1] is CharacterSet.ALL
    assert window.draw_tab.panel.candidates.winner.character == "O o"


def test_a_recogniser_without_a_character_of_the_alphabet_says_so(
    window: MainWindow, recognizer: FakeRecognizer
) -> None:
    recognizer.candidates = ()
    draw(window.draw_tab.canvas, *LINE)
    assert "knows no character" in window.draw_tab.panel.candidates.winner.note


def test_runs_are_offered_and_the_choice_survives_a_restart(
    make_window: Callable[..., MainWindow], profile: Profile
) -> None:
    first = make_window()
    assert menu_texts(first) == ["Bundled recogniser", "Open bundle…"]
    old = make_run(profile, "2026-01-01-1200-lenet5")
    make_run(profile, "2026-02-01-1200-pen")  # while the window is open
    assert [text for text in menu_texts(first) if text.startswith("2026")] == [
        "2026-02-01-1200-pen",
        "2026-01-01-1200-lenet5",
    ]
    choose(first, "2026-01-01-1200-lenet5")
    assert first.draw_tab.recognizer_title == "2026-01-01-1200-lenet5"
    first.close()
    second = make_window()
    assert second.draw_tab.recognizer is not None
    assert second.draw_tab.recognizer.bundle.folder == old
    assert second.draw_tab.panel.recognizer_button.toolTip() == "2026-01-01-1200-lenet5"
    assert second.draw_tab.banner.text == ""
    choose(second, "Bundled recogniser")
    assert second.draw_tab.recognizer_title == "Bundled recogniser"


def test_the_bundled_recogniser_takes_over_where_files_are_gone(
    make_window: Callable[..., MainWindow], settings: Settings, tmp_path: Path
) -> None:
    settings.set(BUNDLE, str(tmp_path / "gone"))
    window = make_window()
    assert "There is no recogniser in gone." in window.draw_tab.banner.text
    assert "bundled recogniser is used" in window.draw_tab.banner.text
    assert window.draw_tab.recognizer_title == "Bundled recogniser"
    draw(window.draw_tab.canvas, *LINE)
    assert window.draw_tab.panel.candidates.winner.character == "C c"
    window.close()
    assert make_window().draw_tab.banner.text == ""  # told once


def test_the_window_starts_without_any_recogniser(
    make_window: Callable[..., MainWindow], bundled: Path, tmp_path: Path
) -> None:
    bundled.rmdir()
    window = make_window()
    tab = window.draw_tab
    assert "There is no recogniser in bundled." in tab.banner.text
    assert "Repair it." in tab.banner.text
    draw(tab.canvas, *LINE)
    assert tab.panel.candidates.winner.note == "No recogniser to read with"
    assert not tab.panel.image.image.isNull()
    tab.banner.dismiss.click()
    assert tab.banner.text == ""
    tab.read_picture(tmp_path / "any.png")
    assert "no recogniser to read the picture" in tab.banner.text


def test_a_bundle_is_opened_from_the_notice(
    make_window: Callable[..., MainWindow],
    bundled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    bundled.rmdir()
    window = make_window()
    draw(window.draw_tab.canvas, *LINE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(mine / "bundle.json"), ""))
    window.draw_tab.banner.action.click()
    assert window.draw_tab.banner.text == ""
    assert window.draw_tab.recognizer_title == "mine"
    assert window.draw_tab.panel.candidates.winner.character == "C c"
    assert "mine" in menu_texts(window)


def test_a_recogniser_in_one_file_is_imported(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.zip"
    imported: list[Path] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(RunActions, "import_file", lambda _, path: imported.append(path))
    window.draw_tab.draw_actions.open_bundle.trigger()
    assert imported == [file]
    assert window.tabs.currentWidget() is window.training_tab


def test_a_wrong_folder_leaves_the_recogniser(window: MainWindow, tmp_path: Path) -> None:
    before = window.draw_tab.recognizer
    window.draw_tab.use_bundle(str(tmp_path / "nothing"))
    assert "There is no recogniser in nothing." in window.draw_tab.banner.text
    assert window.draw_tab.recognizer is before


def test_a_recogniser_of_the_command_line_is_not_remembered(
    make_window: Callable[..., MainWindow], settings: Settings, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    window = make_window(model=str(mine))
    assert window.draw_tab.recognizer_title == "mine"
    assert settings.get(BUNDLE) == ""


def test_what_the_card_says_is_told(
    window: MainWindow, recognizer: FakeRecognizer, profile: Profile
) -> None:
    recognizer.bundle.card.update(
        json.loads('{"validation": {"accuracy": 0.875, "samples": 1200}}')
    )
    window.draw_tab._use_recognizer(recognizer, "")
    assert "87.5 %" in window.draw_tab.panel.recognizer_button.toolTip()
    recognizer.bundle.card.update({"validation": "nonsense", "training": {"data": [1, {}]}})
    window.draw_tab._use_recognizer(recognizer, "")
    assert window.draw_tab.panel.recognizer_button.toolTip() == "Bundled recogniser"


def test_the_tools_do_not_overlap_in_the_smallest_window(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    window = make_window()
    window.resize(window.minimumSize())
    toolbar = window.draw_tab.toolbar

    def shown() -> list[QRect]:
        widgets = [child for child in toolbar.findChildren(QWidget) if child.isVisible()]
        return sorted((w.geometry() for w in widgets), key=QRect.left)

    def side_by_side() -> bool:
        places = shown()
        fits = all(a.right() < b.left() for a, b in itertools.pairwise(places))
        return fits and places[-1].right() <= toolbar.width()

    qtbot.waitUntil(lambda: len(shown()) == 7 and side_by_side())
    window.resize(1080, 720)
    qtbot.waitUntil(lambda: len(shown()) == 8 and side_by_side())
