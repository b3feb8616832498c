"""Pictures: opened, dropped, pasted; boxed, read, copied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as PillowImage
from PIL import ImageDraw
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.draw_tab import DrawTab
from emnist_desktop.draw.picture_reader import SHOWN_SIDE, grey_from_image, recognize_picture
from emnist_desktop.settings import Settings
from emnist_desktop.ui.task import CancelledError, Context, Task
from tests.emnist_desktop.fakes import UNSURE, FakeRecognizer, draw
from trainer.errors import PictureError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.picture_file import MAX_PIXELS
from trainer.recognition.language import CHARACTERS
from trainer.recognition.path_model import STRIDE, PathModel

CTRL = Qt.KeyboardModifier.ControlModifier
COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
READ = "co"
"""What the fake, which is in doubt, and the language read on the page."""

NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the network over the pen's way know nothing, so that the fake alone reads."""

    def know_nothing(_: PathModel, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.full((-(-len(features) // STRIDE), len(CHARACTERS) + 1), -4.2, np.float32)

    monkeypatch.setattr(PathModel, "log_probabilities", know_nothing)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a picture of two characters, the left one drawn last."""
    picture = PillowImage.new("L", (300, 140), 250)
    pen = ImageDraw.Draw(picture)
    pen.line([(200, 20), (200, 110), (250, 110)], fill=20, width=8, joint="curve")
    pen.line([(20, 20), (70, 20), (40, 110)], fill=20, width=8, joint="curve")
    path = tmp_path / "page.png"
    picture.save(path)
    return path


@pytest.fixture
def tab(window: MainWindow) -> DrawTab:
    return window.draw_tab


def wait_for_picture(tab: DrawTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: tab.sheets.currentWidget() is tab.picture_view)


def test_a_picture_is_opened_boxed_and_read(
    tab: DrawTab,
    page: Path,
    settings: Settings,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(page), ""))
    tab.draw_actions.open_picture.trigger()
    wait_for_picture(tab, qtbot)
    assert tab.picture_view.text == READ
    first, second = (tab.picture_view.picture.box_on_screen(place) for place in (0, 1))
    assert first.right() < second.left()
    shown = tab.picture_view.grab().toImage()
    assert len({shown.pixel(x, y) for x in range(0, 400, 5) for y in range(50, 300, 5)}) > 4


def test_boxes_are_selected_with_mouse_and_keys(tab: DrawTab, page: Path, qtbot: QtBot) -> None:
    tab.read_picture(page)
    wait_for_picture(tab, qtbot)
    picture = tab.picture_view.picture
    before = tab.panel.image.image
    assert tab.panel.candidates.winner.character == READ[0]
    qtbot.mouseClick(picture, LEFT, pos=picture.box_on_screen(1).center().toPoint())
    assert picture.selected == 1
    assert tab.panel.image.image != before
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert picture.selected == 0
    assert tab.panel.image.image == before
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert picture.selected == 0


def test_the_way_back_keeps_the_drawing(
    window: MainWindow, tab: DrawTab, page: Path, qtbot: QtBot
) -> None:
    draw(tab.canvas, (100, 100), (200, 200))
    tab.read_picture(page)
    wait_for_picture(tab, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Delete)  # would empty a canvas that nobody sees
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert tab.canvas.isVisible()
    assert tab.canvas.ink().n_points == 2
    assert tab.panel.candidates.winner.character == "C c"
    assert not tab.draw_actions.back.isEnabled()


def test_what_is_for_drawings_says_why_a_picture_does_not_have_it(
    window: MainWindow, tab: DrawTab, page: Path, qtbot: QtBot
) -> None:
    line = tab.draw_actions.line_mode
    meaning = line.toolTip()
    tab.read_picture(page)
    wait_for_picture(tab, qtbot)
    assert not line.isEnabled()
    assert line.toolTip() == "Close the picture first (Esc)"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert line.isEnabled()
    assert line.toolTip() == meaning


def test_the_text_is_copied(window: MainWindow, tab: DrawTab, page: Path, qtbot: QtBot) -> None:
    tab.read_picture(page)
    wait_for_picture(tab, qtbot)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(window, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == READ


def test_another_alphabet_reads_the_picture_again(tab: DrawTab, page: Path, qtbot: QtBot) -> None:
    tab.read_picture(page)
    wait_for_picture(tab, qtbot)
    with qtbot.waitSignal(tab.findChild(Task).succeeded):
        tab.panel.set_character_set(CharacterSet.DIGITS.value)


def test_a_picture_is_dropped(tab: DrawTab, page: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(page))])
    enter = QDragEnterEvent(QPoint(50, 50), COPY, data, LEFT, NO_KEY)
    QApplication.sendEvent(tab, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(tab, QDropEvent(QPointF(50, 50), COPY, data, LEFT, NO_KEY))
    wait_for_picture(tab, qtbot)
    assert tab.picture_view.text == READ


def test_a_dropped_text_is_refused(tab: DrawTab) -> None:
    data = QMimeData()
    data.setText("hello")
    enter = QDragEnterEvent(QPoint(50, 50), COPY, data, LEFT, NO_KEY)
    enter.ignore()
    QApplication.sendEvent(tab, enter)
    assert not enter.isAccepted()


def test_a_picture_is_pasted(window: MainWindow, tab: DrawTab, page: Path, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(page)))
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    wait_for_picture(tab, qtbot)
    assert tab.picture_view.text == READ


def test_a_copied_file_is_pasted(
    window: MainWindow, tab: DrawTab, page: Path, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(page))])
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    wait_for_picture(tab, qtbot)
    assert tab.picture_view.text == READ


def test_pasting_text_says_that_there_is_no_picture(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("no picture")
    qtbot.keyClick(window, Qt.Key.Key_V, CTRL)
    assert "no picture" in window.statusBar().currentMessage()
    assert window.draw_tab.canvas.isVisible()


def test_a_file_that_is_no_picture_is_explained(tab: DrawTab, tmp_path: Path, qtbot: QtBot) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("this is no picture")
    tab.read_picture(bad)
    qtbot.waitUntil(lambda: "bad.png" in tab.banner.text)
    assert "PNG" in tab.banner.text
    assert tab.canvas.isVisible()
    draw(tab.canvas, (100, 100), (200, 200))
    assert tab.panel.candidates.winner.character == "C c"


def test_a_failure_leaves_the_picture_before_it(
    tab: DrawTab, page: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    tab.read_picture(page)
    wait_for_picture(tab, qtbot)
    tab.read_picture(tmp_path / "missing.png")
    qtbot.waitUntil(lambda: "missing.png" in tab.banner.text)
    assert tab.picture_view.text == READ
    tab.panel.set_character_set(CharacterSet.DIGITS.value)  # reads the page, not what was missing
    qtbot.waitUntil(lambda: tab.banner.text == "")
    assert tab.picture_view.text == "CC"  # one by one, with another character set


def test_an_unexpected_error_is_told(
    tab: DrawTab, page: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(grey: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("trainer.recognition.line_reader.picture_ink", fail)
    tab.read_picture(page)
    qtbot.waitUntil(lambda: "could not be read: odd" in tab.banner.text)


def test_a_blank_picture_has_no_characters(tab: DrawTab, tmp_path: Path, qtbot: QtBot) -> None:
    blank = tmp_path / "blank.png"
    PillowImage.new("L", (200, 100), 255).save(blank)
    tab.read_picture(blank)
    wait_for_picture(tab, qtbot)
    assert tab.picture_view.text == ""
    assert tab.panel.candidates.winner.note == "No character was found"
    assert not tab.draw_actions.copy.isEnabled()


def test_a_large_picture_is_shown_small_with_boxes_in_place(tmp_path: Path) -> None:
    picture = PillowImage.new("L", (4000, 1000), 250)
    ImageDraw.Draw(picture).line([(3000, 200), (3100, 800)], fill=10, width=60)
    path = tmp_path / "large.png"
    picture.save(path)
    fake = FakeRecognizer(tmp_path)
    fake.candidates = UNSURE
    reading = recognize_picture(path, 1, lambda: fake, CharacterSet.ALL, _context())
    assert max(reading.shown.shape) <= SHOWN_SIDE
    assert reading.size == (4000, 1000)
    (box,) = reading.boxes
    assert 2900 < box.rect[0] < 3050
    assert reading.text == "O"


def test_reading_can_be_cancelled(page: Path, tmp_path: Path) -> None:
    context = _context()
    context.is_cancelled = True
    with pytest.raises(CancelledError):
        recognize_picture(page, 1, lambda: FakeRecognizer(tmp_path), CharacterSet.ALL, context)


def test_grey_of_a_transparent_picture_is_white() -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    image.setPixelColor(1, 1, Qt.GlobalColor.black)
    grey = grey_from_image(image)
    assert grey.tolist() == [[255, 255, 255], [255, 0, 255]]
    image.setDevicePixelRatio(2.0)
    np.testing.assert_array_equal(grey_from_image(image), grey)


def test_impossible_clipboard_pictures_are_refused() -> None:
    with pytest.raises(PictureError, match="empty"):
        grey_from_image(QImage())
    side = int(MAX_PIXELS**0.5) + 10
    with pytest.raises(PictureError, match="million"):
        grey_from_image(QImage(side, side, QImage.Format.Format_Mono))


def _context() -> Context:
    return Context(Task()._relayed)
