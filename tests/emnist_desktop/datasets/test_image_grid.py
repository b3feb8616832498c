"""The grid: what is painted, what mouse and keys do, and how large it may become."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.class_picker import ClassPicker
from emnist_desktop.datasets.image_grid import LARGEST, MOST_SELECTED, SMALLEST, ImageGrid
from emnist_desktop.settings import Theme
from emnist_desktop.ui import task
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.style import apply_theme
from trainer.datasets.dataset import Dataset
from trainer.files.file_array import FileArray
from trainer.ink.alphabet import BALANCED
from trainer.ink.render import Images

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key


def many(n: int, side: int = 28) -> Dataset:
    """Return images that take no memory: every one is grey of its class."""
    images = np.broadcast_to(np.full((1, side, side), 200, dtype=np.uint8), (n, side, side))
    return Dataset("many", BALANCED, images, np.arange(n, dtype=np.int64) % len(BALANCED))


@pytest.fixture
def grid(qtbot: QtBot) -> ImageGrid:
    grid = ImageGrid()
    qtbot.addWidget(grid)
    grid.resize(500, 400)
    with qtbot.waitExposed(grid):
        grid.show()
    data = many(1000)
    grid.show_samples(data, np.arange(1000))
    grid.setFocus()
    return grid


def picture(grid: ImageGrid) -> QImage:
    return grid.viewport().grab().toImage()


class _Stalled(FileArray[np.uint8]):
    """Images on a disk that does not answer until `answers` is set."""

    def __init__(self, path: Path, n: int) -> None:
        path.write_bytes(bytes([200]) * (n * 28 * 28))
        super().__init__(path, (n, 28, 28), np.uint8, 0)
        self.answers = Event()

    @override
    def __getitem__(self, chosen: Any) -> Any:
        self.answers.wait()
        return super().__getitem__(chosen)


def test_a_disk_that_stalls_holds_up_neither_a_paint_nor_another_dataset(
    qtbot: QtBot, grid: ImageGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "_MOMENT_S", 0.0)
    stalled = [_Stalled(tmp_path / name, 100) for name in "ab"]
    middle = grid.cell(0).center()
    for images in stalled:
        data = Dataset("slow", BALANCED, cast(Images, images), np.zeros(100, dtype=np.int64))
        grid.show_samples(data, np.arange(100))
        assert picture(grid).pixelColor(middle) == grid.palette().base().color()
    local = replace(data, images=cast(Images, FileArray(tmp_path / "b", (100, 28, 28), "u1", 0)))
    grid.show_samples(local, np.arange(100))
    qtbot.waitUntil(lambda: picture(grid).pixelColor(middle).red() == 200)
    grid.show_samples(data, np.arange(100))
    picture(grid)
    for images in stalled:
        images.answers.set()
    qtbot.waitUntil(lambda: picture(grid).pixelColor(middle).red() == 200)


def click(qtbot: QtBot, grid: ImageGrid, place: int, keys: Qt.KeyboardModifier) -> None:
    qtbot.mouseClick(grid.viewport(), LEFT, keys, grid.cell(place).center())


NONE = Qt.KeyboardModifier.NoModifier


def test_images_stand_where_the_grid_says(grid: ImageGrid) -> None:
    shown = picture(grid)
    cell = grid.cell(grid.division.columns + 1)
    assert shown.pixelColor(cell.left() + 5, cell.top() + 5).red() == 200
    assert shown.pixelColor(cell.left() - 3, cell.top() + 5).red() != 200
    assert grid.position_at(cell.center()) == grid.division.columns + 1
    assert grid.position_at(QPoint(0, 0)) == -1


def test_clicks_select_one_a_stretch_or_some(grid: ImageGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.current_changed) as changed:
        click(qtbot, grid, 3, NONE)
    assert changed.args == [3]
    click(qtbot, grid, 6, SHIFT)
    assert grid.selected().tolist() == [3, 4, 5, 6]
    click(qtbot, grid, 4, CTRL)
    assert grid.selected().tolist() == [3, 5, 6]
    before = picture(grid)
    click(qtbot, grid, 0, NONE)
    assert grid.selected().tolist() == [0]
    assert picture(grid) != before


def test_arrows_pages_and_ends_move(grid: ImageGrid, qtbot: QtBot) -> None:
    columns = grid.division.columns
    qtbot.keyClick(grid, KEY.Key_Right)
    assert grid.current == 0
    qtbot.keyClick(grid, KEY.Key_Right)
    qtbot.keyClick(grid, KEY.Key_Down)
    assert grid.current == columns + 1
    qtbot.keyClick(grid, KEY.Key_PageDown)
    assert grid.current > 2 * columns
    qtbot.keyClick(grid, KEY.Key_End)
    assert grid.current == 999
    assert grid.viewport().rect().contains(grid.cell(999))
    qtbot.keyClick(grid, KEY.Key_Home)
    assert grid.current == 0
    assert grid.verticalScrollBar().value() == 0
    qtbot.keyClick(grid, KEY.Key_Right, SHIFT)
    assert grid.selected().tolist() == [0, 1]
    assert "2 selected" in grid.accessibleDescription()


def test_enter_and_double_click_open(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.go_to(7)
    with qtbot.waitSignal(grid.activated) as opened:
        qtbot.keyClick(grid, KEY.Key_Return)
    assert opened.args == [7]
    with qtbot.waitSignal(grid.activated) as opened:
        qtbot.mouseDClick(grid.viewport(), LEFT, NONE, grid.cell(7).center())
    assert opened.args == [7]


def test_all_can_be_selected_within_bounds(grid: ImageGrid, qtbot: QtBot) -> None:
    qtbot.keyClick(grid, KEY.Key_A, CTRL)
    assert len(grid.selected()) == 1000
    n = MOST_SELECTED + 5
    grid.show_samples(many(n), np.arange(n))
    with qtbot.waitSignal(grid.notice) as notice:
        qtbot.keyClick(grid, KEY.Key_A, CTRL)
    assert len(grid.selected()) == MOST_SELECTED
    assert f"{MOST_SELECTED:,}" in notice.args[0]


def test_ctrl_and_the_wheel_change_the_size_between_bounds(grid: ImageGrid, qtbot: QtBot) -> None:
    def turn(angle: int) -> None:
        place = QPointF(100, 100)
        event = QWheelEvent(
            place,
            grid.viewport().mapToGlobal(place),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(grid.viewport(), event)

    before = grid.image_size
    with qtbot.waitSignal(grid.size_changed):
        turn(120)
    assert grid.image_size > before
    for _ in range(40):
        turn(-120)
    assert grid.image_size == SMALLEST
    assert grid.division.label_height == 0
    picture(grid)
    for _ in range(40):
        turn(120)
    assert grid.image_size == LARGEST


def test_another_size_keeps_the_place(grid: ImageGrid) -> None:
    grid.go_to(600)
    grid.set_image_size(80)
    columns = grid.division.columns
    top = grid.verticalScrollBar().value() // grid.division.cell_height * columns
    assert abs(top - 600) < 80


def test_a_tooltip_names_the_sample(grid: ImageGrid, qtbot: QtBot) -> None:
    place = grid.cell(12).center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, grid.viewport().mapToGlobal(place))
    QApplication.sendEvent(grid.viewport(), event)
    assert QToolTip.text() == grid.sample_info(12) == "C c · number 12"
    nowhere = QHelpEvent(QEvent.Type.ToolTip, QPoint(0, 0), grid.mapToGlobal(QPoint(0, 0)))
    QApplication.sendEvent(grid.viewport(), nowhere)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_theme_is_followed(grid: ImageGrid, qapp: QApplication) -> None:
    before = picture(grid)
    apply_theme(qapp, Theme.DARK)
    assert picture(grid) != before


def test_more_rows_than_a_scroll_bar_has_positions(grid: ImageGrid, qtbot: QtBot) -> None:
    n = 13_500_000
    images = np.broadcast_to(np.full((1, 28, 28), 90, dtype=np.uint8), (n, 28, 28))
    labels = np.broadcast_to(np.zeros(1, dtype=np.int64), (n,))
    data = Dataset("endless", ("a",), images, labels)
    grid.resize(240, 400)
    grid.set_image_size(LARGEST)
    grid.show_samples(data, np.arange(n))
    rows = -(-n // grid.division.columns)
    assert rows * grid.division.cell_height > 2**31
    qtbot.keyClick(grid, KEY.Key_End)
    assert grid.current == n - 1
    cell = grid.cell(n - 1)
    assert grid.viewport().rect().intersects(cell)
    shown = picture(grid)
    assert shown.pixelColor(cell.left() + 9, max(2, cell.top() + 9)).red() > 60


def test_images_of_any_shape_are_shown(grid: ImageGrid) -> None:
    images = np.full((3, 10, 20), 255, dtype=np.uint8)
    data = Dataset("wide", ("a",), images, np.zeros(3, dtype=np.int64))
    grid.show_samples(data, np.arange(3))
    geometry = grid.division
    assert geometry.image_width == 2 * geometry.image_height
    picture(grid)


def test_nothing_is_shown_of_nothing(grid: ImageGrid, qtbot: QtBot) -> None:
    grid.show_samples(None, np.empty(0, dtype=np.int64))
    for key in (KEY.Key_Down, KEY.Key_End, KEY.Key_Return, KEY.Key_Space):
        qtbot.keyClick(grid, key)
    qtbot.mouseClick(grid.viewport(), LEFT, NONE, QPoint(50, 50))
    qtbot.keyClick(grid, KEY.Key_A, CTRL)
    assert grid.current == -1
    assert not len(grid.selected())
    picture(grid)


def test_keys_of_the_picker_are_clicked_and_typed(qtbot: QtBot) -> None:
    picker = ClassPicker()
    qtbot.addWidget(picker)
    picker.resize(260, picker.sizeHint().height())
    picker.show_classes(BALANCED, [label * 100 for label in range(len(BALANCED))])
    with qtbot.waitExposed(picker):
        picker.show()
    five, letter = BALANCED.index("5"), BALANCED.index("S")
    for label in (five, letter):
        with qtbot.waitSignal(picker.classes_changed):
            qtbot.mouseClick(picker, LEFT, NONE, picker.key_area(label).center().toPoint())
    assert picker.classes == {five, letter}
    assert "5 S s" in picker.accessibleDescription()
    picker.setFocus()
    qtbot.keyClick(picker, KEY.Key_Space)
    assert picker.classes == {five}
    qtbot.keyClick(picker, KEY.Key_Left)
    qtbot.keyClick(picker, KEY.Key_Return)
    assert picker.classes == {five, BALANCED.index("A")}
    area = picker.key_area(five).center().toPoint()
    help_event = QHelpEvent(QEvent.Type.ToolTip, area, picker.mapToGlobal(area))
    QApplication.sendEvent(picker, help_event)
    assert QToolTip.text() == "5: 500 samples"
    QToolTip.hideText()
