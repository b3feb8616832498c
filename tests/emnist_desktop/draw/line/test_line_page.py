"""Lines of text: written with the mouse, read by what travels with the program, corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.line.correction_popup import CorrectionPopup
from emnist_desktop.draw.line.history_dialog import HistoryDialog
from emnist_desktop.draw.line.line_canvas import FIRST_BASELINE, ROW_HEIGHT, LineCanvas
from emnist_desktop.draw.line.line_page import LinePage
from emnist_desktop.settings import COPY_AS_WRITTEN, HISTORY, LINE_LANGUAGE, Settings
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fakes import draw
from tests.trainer.recognition.test_line_reader import written
from trainer.datasets.my_samples import MySamples
from trainer.errors import BundleError
from trainer.files.paths import Profile, default_bundle
from trainer.hand.hand import Hand, OwnSample
from trainer.ink.alphabet import CharacterSet
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Candidate, Recognizer
from trainer.writing.history import HistoryEntry, LineHistory
from trainer.writing.sheet_text import SheetWord

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SCALE = 0.7


def bundled_recognizer() -> Recognizer:
    return Recognizer(load_bundle(default_bundle()))


@pytest.fixture
def samples(profile: Profile) -> MySamples:
    return MySamples(profile.samples_file)


@pytest.fixture
def page(
    qtbot: QtBot, settings: Settings, samples: MySamples, profile: Profile
) -> Iterator[LinePage]:
    def read(inks: Sequence[Ink]) -> list[tuple[Candidate, ...]]:
        found = bundled_recognizer().recognize_many(inks, CharacterSet.CASED)
        return [each.candidates for each in found]

    page = LinePage(settings, samples, LineHistory(profile.history_file), Banner(), read)
    page.use([bundled_recognizer])
    page.resize(900, 600)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    yield page
    shut_down(page)


@pytest.fixture
def write(page: LinePage, qtbot: QtBot) -> Callable[..., None]:
    """Return what writes a text in a row with the mouse and waits until it is read."""

    def write(text: str, *, row: int = 0, x: int = 40) -> None:
        base = FIRST_BASELINE + row * ROW_HEIGHT - 100 * SCALE
        before = page.canvas.ink()
        for stroke in written(text).strokes:
            points = np.round(stroke.points * SCALE + [x, base] - page.canvas.origin.toTuple())
            draw(page.canvas, *map(tuple, points.astype(int).tolist()))
        assert len(page.canvas.ink().strokes) > len(before.strokes)
        qtbot.waitUntil(lambda: page.canvas.text.strokes == page.canvas.ink().strokes)

    return write


def place_of(page: LinePage, number: int) -> QPoint:
    """Return where a character of the text under the ink is on the canvas."""
    place = page.canvas.places[number]
    return (place.area.center() - page.canvas.origin).toPoint()


def popup() -> CorrectionPopup:
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, CorrectionPopup)
    return shown


def open_popup(page: LinePage, number: int) -> CorrectionPopup:
    QTest.mouseClick(page.canvas, LEFT, NO_KEY, place_of(page, number))
    return popup()


def texts(popup: CorrectionPopup) -> list[str]:
    return [button.text() for button in popup.letter_buttons]


def test_a_word_is_written_read_corrected_and_copied(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello 42")
    assert page.field.toPlainText() == page.text == "Hello 42"
    strokes = len(page.canvas.ink().strokes)
    opened = open_popup(page, 4)
    assert len(page.canvas.ink().strokes) == strokes  # a click on the text is no dot
    wanted = texts(opened)[0]
    qtbot.mouseClick(opened.letter_buttons[0], LEFT)
    assert page.text == page.field.toPlainText() == f"Hell{wanted} 42"
    with qtbot.waitSignal(page.copy_requested) as copied:
        page.copy_button.click()
    assert copied.args == [page.text]
    page.canvas.undo()
    assert page.text == "Hello 42"
    page.canvas.redo()
    assert page.text == f"Hell{wanted} 42"


def test_corrected_text_is_pasted_as_corrected(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello 42")
    opened = open_popup(page, 4)
    qtbot.mouseClick(opened.letter_buttons[0], LEFT)
    text, copied = page.text, page.canvas.to_json()
    assert text != "Hello 42"
    page.canvas.insert(copied)
    qtbot.waitUntil(lambda: page.text == f"{text}\n{text}")
    page.canvas.clear()
    qtbot.waitUntil(lambda: not page.text)
    page.canvas.insert(copied)
    qtbot.waitUntil(lambda: page.text == text)


def test_the_next_line_is_where_the_pen_goes(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi")
    page.canvas.setFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert page.canvas.row == 1
    write("42", row=1)
    assert page.text == "Hi\n42"
    for row in (2, 3, 4):
        page.canvas.new_line()
        assert page.canvas.row == row
        write("Hi", row=row)
    assert page.canvas.origin.y() > 0
    assert page.text == "Hi\n42\nHi\nHi\nHi"
    assert page.down.isVisible()
    page.down.setValue(0)
    assert page.canvas.origin.y() == 0


def test_the_field_corrects_the_text_and_follows_the_ink(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi")
    field = page.field
    field.setFocus()
    field.moveCursor(field.textCursor().MoveOperation.End)
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_O):
        qtbot.keyClick(field, key)
    qtbot.keyClicks(field, " du")
    assert page.text == "Ho du"
    write("42", x=400)
    assert page.text == field.toPlainText() == "Ho du 42"
    page.canvas.undo()
    page.canvas.undo()
    page.canvas.undo()
    qtbot.waitUntil(lambda: page.text == "Ho du")
    page.canvas.undo()  # all that was typed is one step
    assert page.text == field.toPlainText() == "Hi"


def test_a_retyped_word_and_its_removal(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi 42")
    opened = open_popup(page, 0)
    opened.edit.setFocus()
    opened.edit.selectAll()
    qtbot.keyClicks(opened.edit, "Du")
    qtbot.keyClick(opened.edit, Qt.Key.Key_Return)
    assert page.text == "Du 42"
    before = len(page.canvas.ink().strokes)
    open_popup(page, 0).word_removal_requested.emit(page.canvas.text.words[0])
    popup().close()
    assert page.text == "42"
    assert len(page.canvas.ink().strokes) < before
    page.canvas.undo()
    qtbot.waitUntil(lambda: page.text == "Du 42")


def test_letters_are_split_and_joined(page: LinePage, write: Callable[..., None]) -> None:
    write("Hi")
    opened = open_popup(page, 0)
    opened.split.click()
    assert len(page.text) == 3
    opened = open_popup(page, 0)
    opened.join.click()
    assert page.text[0] == "H"
    assert len(page.text) == 2


def test_everything_is_reached_by_keys(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi 42")
    canvas = page.canvas
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert chosen(canvas) == "2"
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert chosen(canvas) == "4"
    qtbot.keyClick(canvas, Qt.Key.Key_F2)
    opened = popup()
    wanted = texts(opened)[1]
    qtbot.keyClick(opened, Qt.Key.Key_Right)
    qtbot.keyClick(opened, Qt.Key.Key_Return)
    assert page.text == f"Hi {wanted}2"
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert page.text == f"Hi {wanted}"
    qtbot.keyClick(canvas, Qt.Key.Key_F2)
    qtbot.keyClick(popup(), Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert page.text == f"Hi {wanted}"


def chosen(canvas: LineCanvas) -> str:
    assert canvas.selected is not None
    word, index = canvas.selected
    return word.characters[index].text


def test_a_corrected_letter_is_offered_as_a_sample(
    page: LinePage, write: Callable[..., None], samples: MySamples, qtbot: QtBot
) -> None:
    write("Hi")
    ink = page.canvas.ink()
    page.field.setFocus()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "Hj")
    assert page.offer.text() == "Keep as sample: j"
    page.offer.click()
    (sample,) = samples.live()
    assert sample.character == "j"
    assert sample.ink.n_points == Ink(ink.strokes[-2:]).n_points
    page.offer.click()
    assert samples.live() == ()
    assert page.offer.text() == "Keep as sample: j"


def test_the_text_is_copied_as_it_is_written(
    page: LinePage, write: Callable[..., None], settings: Settings, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("before")
    page.copies.click()
    assert settings.get(COPY_AS_WRITTEN) == "yes"
    write("Hi")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "Hi")


def test_own_samples_count_and_are_named(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    recognizer = bundled_recognizer()
    letter = Ink(written("i").strokes)
    hand = Hand.of(recognizer)
    hand.learn_inks([OwnSample(str(n), "ï", letter) for n in range(3)], recognizer)
    write("lie")
    with qtbot.waitSignal(page.text_changed):
        page.use_memory(hand)
    assert page.text == "lïe"
    assert open_popup(page, 1).reason.text().endswith("your own samples say ï")
    popup().close()
    assert open_popup(page, 0).reason.text() == "Tall: it reaches above the height of an x"
    popup().close()
    with qtbot.waitSignal(page.text_changed):
        page.use_memory(None)
    assert page.text == "lie"


def test_a_code_is_read_as_it_is_written(
    page: LinePage, write: Callable[..., None], settings: Settings, qtbot: QtBot
) -> None:
    write("Hi")
    with qtbot.waitSignal(page.text_changed):
        page.language.setCurrentIndex(3)
    assert settings.get(LINE_LANGUAGE) == "none"


def test_the_bundled_recogniser_reads_where_another_cannot(
    page: LinePage, write: Callable[..., None]
) -> None:
    def broken() -> Recognizer:
        raise BundleError("It knows digits only.", "")

    page.use([broken, bundled_recognizer])
    write("Hi")
    assert page.text == "Hi"
    assert page.note.isVisible()


def test_an_ink_of_any_size_becomes_a_line(page: LinePage, qtbot: QtBot) -> None:
    large = Ink.from_points([stroke.points * 4 + 100 for stroke in written("Hi").strokes])
    page.take_over(large)
    qtbot.waitUntil(lambda: page.text == "Hi")
    page.take_over(large)
    qtbot.waitUntil(lambda: page.text == "Hi\nHi")


def test_corrections_come_back_with_the_sheet(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi")
    page.field.setFocus()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "Du")
    kept = page.canvas.to_json()
    page.canvas.clear()
    qtbot.waitUntil(lambda: page.text == "")
    assert page.canvas.restore(kept)
    qtbot.waitUntil(lambda: page.text == "Du")


def test_a_stroke_may_begin_on_the_text(page: LinePage, write: Callable[..., None]) -> None:
    write("Hi")
    strokes = len(page.canvas.ink().strokes)
    start = place_of(page, 0)
    draw(page.canvas, start.toTuple(), (start + QPoint(20, 10)).toTuple())
    assert len(page.canvas.ink().strokes) == strokes + 1


def test_the_eraser_takes_ink_and_text(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi")
    word = page.canvas.text.words[0]
    assert isinstance(word, SheetWord)
    left, top, width, height = word.characters[1].box
    page.canvas.set_tool(page.canvas.tool.ERASER)
    middle = round(left + width / 2)
    draw(page.canvas, (middle, round(top) - 4), (middle, round(top + height) + 4))
    qtbot.waitUntil(lambda: page.text != "Hi")


def test_a_word_becomes_two_and_two_become_one(page: LinePage, write: Callable[..., None]) -> None:
    write("Hello 42")
    assert not open_popup(page, 0).space.isEnabled()
    popup().close()
    open_popup(page, 3).space.click()
    assert page.text == page.field.toPlainText() == "Hel lo 42"
    assert [word.text for word in page.canvas.text.words] == ["Hel", "lo", "42"]
    opened = open_popup(page, 3)
    assert opened.space.text() == "No space before"
    opened.space.click()
    assert page.text == "Hello 42"
    open_popup(page, 5).space.click()
    assert page.text == "Hello42"
    page.canvas.undo()
    assert page.text == "Hello 42"


def test_a_scribble_strikes_a_letter_out_and_undo_takes_it_as_ink(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello 42")
    strokes = page.canvas.ink().strokes
    left, top, width, height = page.canvas.text.words[0].characters[1].box
    ends = [(left + (width if n % 2 else 0), top + height * n / 5) for n in range(6)]
    with qtbot.waitSignal(page.status_changed) as said:
        draw(page.canvas, *[(round(x), round(y)) for x, y in ends])
    assert said.args == ["Struck out; Undo takes the stroke as ink"]
    assert page.text == "Hllo 42"
    assert set(page.canvas.ink().strokes) < set(strokes)
    qtbot.waitUntil(lambda: page.canvas.text.strokes == page.canvas.ink().strokes)
    assert page.text == page.field.toPlainText() == "Hllo 42"
    page.canvas.undo()
    assert page.canvas.ink().strokes[:-1] == strokes
    page.canvas.undo()
    assert page.canvas.ink().strokes == strokes
    qtbot.waitUntil(lambda: page.text == "Hello 42")


def test_a_letter_written_over_another_takes_its_place(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello")
    old = page.canvas.text.words[0].characters[4].ink.strokes
    write("42", x=400)
    left, top, width, height = page.canvas.text.words[0].characters[4].box
    (new,) = written("2").strokes
    low, high = new.points.min(axis=0), new.points.max(axis=0)
    over = (new.points - low) / (high - low) * [width, height] + [left, top]
    draw(page.canvas, *map(tuple, over.round().astype(int).tolist()))
    assert not set(old) & set(page.canvas.ink().strokes)
    qtbot.waitUntil(lambda: page.text == "Hell2 42")


def test_a_caret_makes_room_for_a_letter_and_undo_takes_it_as_ink(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Helo 42")
    strokes = page.canvas.ink().strokes
    line, word = page.canvas.text.lines[0], page.canvas.text.words[0]
    last, behind = word.characters[2].box, word.characters[3].box
    x, foot = (last[0] + last[2] + behind[0]) / 2, line.baseline + 0.6 * line.x_height
    with qtbot.waitSignal(page.status_changed) as said:
        corners = [(x - 12, foot), (x, foot - line.x_height), (x + 12, foot)]
        draw(page.canvas, *[(round(x), round(y)) for x, y in corners])
    assert said.args == ["Room to write between; Undo takes the stroke as ink"]
    assert page.text == "Helo 42"
    moved = [each.box[0] for each in page.canvas.text.words[0].characters]
    assert moved[3] - behind[0] > line.x_height
    write("l", x=round(last[0] + last[2] + 0.5 * line.x_height))
    assert page.text == "Hello 42"
    page.canvas.undo()
    page.canvas.undo()
    assert page.canvas.ink().strokes[:-1] == strokes
    page.canvas.undo()
    assert page.canvas.ink().strokes == strokes
    qtbot.waitUntil(lambda: page.text == "Helo 42")


def test_what_was_written_is_found_opened_and_removed_again(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi")
    page.field.setFocus()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "Du")
    qtbot.waitUntil(lambda: [e.text for e in page.history.entries()] == ["Du"])
    page.canvas.clear()
    write("42")
    qtbot.waitUntil(lambda: len(page.history.entries()) == 2)
    page.show_history()
    (dialog,) = page.findChildren(HistoryDialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    qtbot.keyClicks(dialog.search, "dU")
    assert dialog.model.rowCount() == 1
    dialog.model.setData(dialog.model.index(0, 1), "Du da")
    qtbot.waitUntil(lambda: dialog.model.rows[0].text == "Du da")
    dialog.table.selectRow(0)
    dialog.open_button.click()
    qtbot.waitUntil(lambda: page.text == "Du da")
    page.show_history()
    dialog = page.findChildren(HistoryDialog)[-1]
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    dialog.table.selectAll()
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 0)
    dialog.close()


def test_undo_after_an_entry_was_opened_changes_the_other_entry_only(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    opened = HistoryEntry(page.history.put(written("Du"), "DU"), "", "DU", written("Du"))
    write("Hi")
    page.open_entry(opened)
    qtbot.waitUntil(lambda: page.text == "DU")
    page.canvas.undo()
    qtbot.waitUntil(lambda: page.text == "Hi")
    shut_down(page)
    kept = {entry.text: entry for entry in page.history.entries()}
    assert {"Hi", "DU"} == set(kept)
    assert kept["DU"].id == opened.id != kept["Hi"].id


def test_a_history_that_cannot_be_written_stays_said_until_it_can(
    page: LinePage, write: Callable[..., None], qtbot: QtBot, profile: Profile
) -> None:
    profile.history_file.mkdir(parents=True)
    write("Hi")
    page.keeper.keep()
    banner = page._banner
    qtbot.waitUntil(lambda: not banner.isHidden())
    write("42", row=1)
    assert not banner.isHidden()
    profile.history_file.rmdir()
    page.keeper.keep()
    qtbot.waitUntil(banner.isHidden)
    assert [entry.text for entry in page.history.entries()] == ["Hi\n42"]


def test_the_selection_stays_when_the_list_changes(
    page: LinePage, qtbot: QtBot, profile: Profile
) -> None:
    ids = [page.history.put(written("Hi"), text) for text in ("one", "two", "three")]
    page.show_history()
    (dialog,) = page.findChildren(HistoryDialog)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 3)
    table = dialog.table
    place = table.visualRect(dialog.model.index(2, 1)).center()
    QTest.mouseClick(table.viewport(), LEFT, NO_KEY, place)
    qtbot.keyClick(table, Qt.Key.Key_X)  # edits nothing
    dialog.model.setData(dialog.model.index(2, 1), "first")
    qtbot.waitUntil(lambda: "first" in [entry.text for entry in dialog.model.rows])
    assert [entry.id for entry in dialog.selected] == [ids[0]]
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    assert len(dialog.selected) == 1
    qtbot.keyClicks(dialog.search, "tw")
    assert [entry.text for entry in dialog.selected] == ["two"]
    qtbot.mouseClick(dialog.edit_button, LEFT)
    (editor,) = table.findChildren(QLineEdit)
    qtbot.keyClicks(editor, "twice")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [entry.text for entry in dialog.selected] == ["twice"])
    place = table.visualRect(dialog.model.index(0, 1)).center()
    QTest.mouseClick(table.viewport(), LEFT, NO_KEY, place)
    QTest.mouseDClick(table.viewport(), LEFT, NO_KEY, place)
    qtbot.waitUntil(lambda: page.text == "twice")


def test_a_restored_sheet_is_the_same_entry(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hi")
    saved = page.canvas.to_json()  # before it is in the history
    page.keeper.keep()
    qtbot.waitUntil(lambda: len(page.history.entries()) == 1)
    page.canvas.clear()
    write("42")
    page.keeper.keep()
    qtbot.waitUntil(lambda: len(page.history.entries()) == 2)
    page.canvas.clear()
    assert page.canvas.restore(saved)
    qtbot.waitUntil(lambda: page.text == "Hi")
    shut_down(page)
    assert sorted(entry.text for entry in page.history.entries()) == ["42", "Hi"]


def test_nothing_is_offered_where_ink_and_text_differ_in_length(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello")
    page.field.setFocus()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "Das ist neu")
    qtbot.waitUntil(lambda: page.text == "Das ist neu")
    assert not page.offer.isVisible()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "Hallo")
    qtbot.waitUntil(lambda: page.text == "Hallo")
    assert page.offer.isVisible()


def test_an_offer_goes_and_comes_with_its_correction(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello")
    page.field.setFocus()
    page.field.selectAll()
    qtbot.keyClicks(page.field, "Hallo")
    qtbot.waitUntil(lambda: page.text == "Hallo")
    assert page.offer.text() == "Keep as sample: a"
    page.canvas.undo()
    qtbot.waitUntil(lambda: page.text == "Hello")
    assert page.offer.isHidden()
    page.canvas.redo()
    qtbot.waitUntil(lambda: page.text == "Hallo")
    assert not page.offer.isHidden()


def test_no_history_is_kept_where_it_is_switched_off(
    page: LinePage, write: Callable[..., None], settings: Settings
) -> None:
    settings.set(HISTORY, "no")
    write("Hi")
    shut_down(page)
    assert page.history.entries() == []


def test_a_sheet_that_is_cleared_at_once_is_in_the_history(
    page: LinePage, write: Callable[..., None]
) -> None:
    write("Hi")
    page.canvas.clear()
    write("42")
    shut_down(page)
    assert sorted(entry.text for entry in page.history.entries()) == ["42", "Hi"]


def test_the_last_strokes_reach_the_history_when_the_window_closes(
    page: LinePage, write: Callable[..., None]
) -> None:
    write("Hi")
    shut_down(page)
    assert [entry.text for entry in page.history.entries()] == ["Hi"]


def test_only_what_changes_in_the_text_is_painted_anew(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    write("Hello 42")
    write("over", row=1)
    canvas, painted = page.canvas, []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                painted.extend(event.region())
            return False

    text = canvas.text
    other = text.with_text("Hallo 42\nover")
    assert other.text != text.text
    qtbot.waitUntil(lambda: not canvas._tidy.isActive())  # which paints everything
    QApplication.processEvents()
    before = canvas.grab().toImage()
    watch = Watch()
    canvas.installEventFilter(watch)
    canvas.show_text(other)
    qtbot.waitUntil(lambda: bool(painted))
    canvas.removeEventFilter(watch)
    assert sum(area.height() * area.width() for area in painted) < canvas.width() * 100
    after = canvas.grab().toImage()
    assert after != before
    for area in painted:
        for y in range(area.top(), area.bottom() + 1):
            for x in range(area.left(), area.right() + 1):
                before.setPixel(x, y, after.pixel(x, y))
    assert before == after  # nothing else has changed


def test_an_opened_entry_keeps_its_text_if_it_is_written_on_or_closed_at_once(
    page: LinePage, write: Callable[..., None], qtbot: QtBot
) -> None:
    opened = HistoryEntry(page.history.put(written("Du"), "DU"), "", "DU", written("Du"))
    write("Hi")
    page.open_entry(opened)
    draw(page.canvas, (400, 40), (400, 80))  # before it is read
    qtbot.waitUntil(lambda: len(page.canvas.text.strokes) == len(opened.ink.strokes) + 1)
    assert page.text.startswith("DU")
    page.canvas.undo()
    other = HistoryEntry(page.history.put(written("42"), "4Z"), "", "4Z", written("42"))
    page.open_entry(other)
    shut_down(page)  # before it is read
    kept = {entry.id: entry.text for entry in page.history.entries()}
    assert kept[other.id] == "4Z"
    assert kept[opened.id].startswith("DU")


def test_a_touch_that_is_cancelled_on_a_letter_begins_no_stroke_there(
    page: LinePage, write: Callable[..., None]
) -> None:
    write("Hi")
    canvas, device = page.canvas, QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, place_of(page, 0), canvas).commit()
    cancelled = QTouchEvent(QEvent.Type.TouchCancel, device)
    QApplication.sendEvent(canvas, cancelled)
    draw(canvas, (400, 300), (450, 320))
    stroke = canvas.ink().strokes[-1]
    assert stroke.points[0].tolist() == [400, 300]
