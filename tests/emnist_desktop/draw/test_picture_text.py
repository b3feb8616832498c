"""The text of a picture, corrected: by candidates, by typing, and by changing the boxes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.draw_tab import DrawTab
from emnist_desktop.draw.picture_reader import recognize_picture
from emnist_desktop.draw.picture_text import PictureText, ReadBox, halves, ink_within, union
from emnist_desktop.draw.picture_view import PictureView
from emnist_desktop.settings import HISTORY, Settings
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.task import Context, Task
from tests.trainer.written_texts import on_paper, written
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import CharacterSet
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Candidate, Recognizer

LEFT = Qt.MouseButton.LeftButton


def _box(character: str, x: float, y: float = 0.0) -> ReadBox:
    ink = Ink.from_points([[(x, y), (x + 8, y + 10)]])
    return ReadBox((x, y, 8, 10), ink, ink_to_image(ink), (Candidate(character, 0.9),))


def _text(text: str) -> PictureText:
    """Return a text whose characters stand ten pixels apart, its lines twenty."""
    slots: list[ReadBox | None] = []
    x, y = 0.0, 0.0
    for character in text:
        slots.append(None if character.isspace() else _box(character, x, y))
        x, y = (0.0, y + 20) if character == "\n" else (x + 10, y)
    return PictureText([slot for slot in slots if slot is not None], text, slots)


def _characters(text: PictureText) -> str:
    return "".join(text.character_of(box) or "_" for box in text.boxes)


@given(st.text("ab \n", max_size=12), st.text("abc \n", max_size=12))
def test_an_edited_text_stays_in_step_with_its_boxes(before: str, after: str) -> None:
    text = _text(before)
    text.edit(after)
    assert text.text == after
    shown = [text.character_of(box) for box in text.boxes]
    assert not any(character.isspace() for character in shown)
    text.edit(before)
    assert text.text == before


def test_what_is_typed_over_corrects_a_box() -> None:
    text = _text("He 4z")
    text.edit("He 42")
    assert _characters(text) == "He42"
    text.edit("Hey 42")
    assert _characters(text) == "He42"
    text.edit("Hey 2")
    assert _characters(text) == "He_2"
    text.correct(text.boxes[2], "4")
    assert text.text == "Hey 42"


def test_boxes_are_replaced_where_they_stand() -> None:
    text = _text("rn\nx")
    first, second, _ = text.boxes
    text.replace([first, second], [_box("m", 0)])
    assert text.text == "m\nx"
    text.replace(text.boxes[:1], [_box("r", 0), _box("n", 10)])
    assert text.text == "rn\nx"
    text.replace([text.boxes[1]], [])
    assert text.text == "r\nx"
    text.replace([], [_box("y", 5, 20)])
    assert text.text == "r\nxy"
    text.replace([], [_box("a", -10)])
    assert text.text == "ar\nxy"
    assert _characters(text) == "arxy"


def test_rectangles() -> None:
    box = ReadBox((0, 0, 40, 10), Ink.from_points([[(0, 0), (14, 9)], [(26, 0), (40, 9)]]), None)  # type: ignore[arg-type]
    (_, _, left, _), (right, _, _, _) = halves(box)
    assert 14 <= left == right <= 26
    assert halves(box, 10.0)[1] == (10, 0, 30, 10)
    assert union((0, 0, 10, 10), (5, -5, 10, 10)) == (0, -5, 15, 15)
    part = ink_within(box.ink, (20, -1, 30, 20))
    assert [stroke.points.tolist() for stroke in part.strokes] == [[[26, 0], [40, 9]]]


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture of a note in two lines."""
    ink = Ink(written("Hello 42").strokes + written("code 357", 280).strokes)
    path = tmp_path_factory.mktemp("note") / "note.png"
    PillowImage.fromarray(on_paper(ink, "ruled", 0.6)).save(path)
    return path


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_bundle(default_bundle()))


@pytest.fixture
def tab(window: MainWindow, note: Path, recognizer: Recognizer, qtbot: QtBot) -> DrawTab:
    tab = window.draw_tab
    tab.recognizer = recognizer
    picture = recognize_picture(
        note, 1, lambda: recognizer, CharacterSet.ALL, Context(Task()._relayed)
    )
    tab._on_picture_recognized(picture)
    return tab


@pytest.fixture
def view(tab: DrawTab) -> PictureView:
    return tab.picture_view


def _click(view: PictureView, index: int) -> None:
    QTest.mouseClick(view.picture, LEFT, pos=view.picture.box_on_screen(index).center().toPoint())


def test_a_note_has_spaces_lines_and_case(view: PictureView) -> None:
    assert view.text == view.edit.toPlainText() == "Hello 42\ncode 357"
    assert len(view.content.boxes) == 14


def test_a_click_on_a_candidate_corrects_the_character(
    tab: DrawTab, view: PictureView, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("before")
    _click(view, 1)
    row = tab.panel.candidates.rows[1]
    assert row.candidate is not None
    other = row.candidate.character
    qtbot.mouseClick(row, LEFT)
    assert view.text == f"H{other}llo 42\ncode 357"
    assert QGuiApplication.clipboard().text() == "before"
    assert view.picture.selected == 2
    qtbot.keyClicks(view.picture, "LL")
    assert view.edit.toPlainText() == f"H{other}LLo 42\ncode 357"
    _click(view, 13)
    winner = tab.panel.candidates.winner
    assert winner.character == "7"
    qtbot.keyClick(view.picture, "X")
    assert (winner.character, winner.note) == ("X", "read as 7")
    qtbot.keyClick(view.picture, Qt.Key.Key_Delete)
    assert winner.character == "5"


def test_a_text_that_is_typed_anew_has_its_boxes(
    tab: DrawTab, view: PictureView, qtbot: QtBot
) -> None:
    before = [view.content.character_of(box) for box in view.content.boxes]
    text = view.text
    view.edit.setFocus()
    view.edit.selectAll()
    qtbot.keyClicks(view.edit, text.replace("\n", "\r"))
    assert view.text == text
    assert [view.content.character_of(box) for box in view.content.boxes] == before


def test_the_text_is_edited(tab: DrawTab, view: PictureView, qtbot: QtBot) -> None:
    view.edit.setFocus()
    qtbot.keyClick(view.edit, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.edit, Qt.Key.Key_Backspace)
    qtbot.keyClicks(view.edit, "9!")
    assert view.text == "Hello 42\ncode 359!"
    assert view.content.character_of(view.content.boxes[-1]) == "9"
    tab.copy()
    assert QGuiApplication.clipboard().text() == "Hello 42\ncode 359!"


def test_boxes_are_joined_split_deleted_and_drawn(view: PictureView, qtbot: QtBot) -> None:
    boxes = view.content.boxes
    _click(view, 5)
    qtbot.mouseClick(view.join, LEFT)
    assert len(view.content.boxes) == len(boxes) - 1
    qtbot.mouseClick(view.split, LEFT)
    assert view.text == "Hello 42\ncode 357"
    box = view.picture.box_on_screen(5)
    qtbot.mouseClick(view.delete, LEFT)
    assert view.text == "Hello 2\ncode 357"
    picture = view.picture
    QTest.mousePress(picture, LEFT, pos=box.topLeft().toPoint())
    QTest.mouseMove(picture, box.bottomRight().toPoint())
    QTest.mouseRelease(picture, LEFT, pos=box.bottomRight().toPoint())
    assert view.text == "Hello 42\ncode 357"
    assert picture.selected == 5


def test_a_box_round_nothing_is_refused(tab: DrawTab, view: PictureView) -> None:
    said: list[str] = []
    tab.status_changed.connect(said.append)
    view.picture.box_drawn.emit((0.0, 0.0, 5.0, 5.0))
    assert "no ink" in said[-1]
    assert view.text == "Hello 42\ncode 357"


def test_all_characters_are_kept_as_samples(tab: DrawTab, view: PictureView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.keep, LEFT)
    assert "".join(each.character for each in tab._samples) == "Hello42code357"
    assert view.notice.text() == "14 samples kept"
    qtbot.mouseClick(view.keep, LEFT)  # in the place of the first
    assert "".join(each.character for each in tab._samples) == "Hello42code357"
    qtbot.mouseClick(view.take_back, LEFT)
    assert tuple(tab._samples) == ()
    assert view.notice.text() == ""


def test_a_picture_is_in_the_history_and_can_be_written_on(
    tab: DrawTab, view: PictureView, qtbot: QtBot
) -> None:
    history = tab.line_page.history
    qtbot.waitUntil(lambda: [e.text for e in history.entries()] == ["Hello 42\ncode 357"])
    view.edit.setFocus()
    qtbot.keyClick(view.edit, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(view.edit, "Oh ")
    qtbot.waitUntil(lambda: [e.text for e in history.entries()] == ["Oh Hello 42\ncode 357"])
    tab.line_page.open_entry(history.entries()[0])
    qtbot.waitUntil(lambda: tab.line_page.text == "Oh Hello 42\ncode 357")
    assert len(tab.line_page.canvas.text.lines) == 2


def test_a_picture_that_has_not_rested_is_kept_when_the_window_closes(
    window: MainWindow, tab: DrawTab, view: PictureView
) -> None:
    history = tab._history
    view.edit.setPlainText("Hullo 42\ncode 357")
    window.close()
    assert [entry.text for entry in history.entries()] == ["Hullo 42\ncode 357"]


def test_no_picture_is_kept_where_the_history_is_switched_off(
    tab: DrawTab, settings: Settings, view: PictureView
) -> None:
    settings.set(HISTORY, "no")
    tab._picture_history.change("Hello")
    shut_down(tab)
    assert tab._history.entries() == []


def test_another_page_of_a_pdf_is_chosen(tab: DrawTab, tmp_path: Path, qtbot: QtBot) -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    first, second = (PillowImage.fromarray(on_paper(written(t))) for t in ("Hello 42", "tea"))
    path = tmp_path / "notes.pdf"
    first.save(path, "PDF", resolution=100, save_all=True, append_images=[second])
    view = tab.picture_view
    assert view.page.isHidden()
    tab.read_picture(path)
    qtbot.waitUntil(lambda: not view.page.isHidden(), timeout=60_000)
    before = tab._picture
    assert before is not None
    assert before.size == pytest.approx((2 * first.width, 2 * first.height), abs=3)
    assert (view.page.value(), view.page.maximum()) == (1, 2)
    view.page.setFocus()
    qtbot.keyClick(view.page, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: tab._picture is not before, timeout=60_000)
    assert tab._picture is not None
    assert tab._picture.size == pytest.approx((2 * second.width, 2 * second.height), abs=3)
    assert view.page.text() == "Page 2 of 2"
    view.edit.setFocus()
    view.edit.selectAll()
    qtbot.keyClicks(view.edit, "corrected")
    for key, number in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, 2)):
        qtbot.keyClick(view.page, key)
        qtbot.waitUntil(lambda number=number: tab._page == number, timeout=60_000)
    assert view.text == "corrected"
    path.unlink()
    with qtbot.waitSignal(tab._task.failed, timeout=60_000):
        qtbot.keyClick(view.page, Qt.Key.Key_Down)
    assert view.page.value() == 2
