"""What all charts and grids share: axes, marks that have room, the cursor and its words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from emnist_desktop.ui.charts.axis import Axis, accuracy_axis
from emnist_desktop.ui.charts.plot import Plot
from emnist_desktop.ui.grids.image_grid import Tile, TileGrid

IMAGE = np.zeros((28, 28), dtype=np.uint8)


@pytest.fixture
def grid(qtbot: QtBot) -> TileGrid:
    """Return a grid of five tiles, two in a line."""
    grid = TileGrid()
    qtbot.addWidget(grid)
    grid.resize(110, 400)
    grid.set_tiles([Tile((IMAGE,), str(n), f"tile {n}") for n in range(5)])
    grid.show()
    return grid


def test_a_logarithmic_axis_has_equal_ratios_in_equal_distances() -> None:
    axis = Axis(low=1, high=100, is_log=True)
    assert [axis.share(value) for value in (1, 10, 100)] == [0, 0.5, 1]
    assert Axis(low=3, high=3).share(3) == 0.5


def test_accuracies_have_room_and_round_marks() -> None:
    axis = accuracy_axis([0.9, 0.95])
    assert axis.low < 0.9
    assert axis.high > 0.95
    assert "92 %" in [name for _, name in axis.marks]
    assert accuracy_axis([0.5]).high > accuracy_axis([0.5]).low


def test_marks_without_room_are_left_out_evenly(qapp: QApplication) -> None:
    marks = tuple((float(n), "a long number") for n in range(9))
    metrics = QFontMetrics(qapp.font())
    width = 3.5 * metrics.horizontalAdvance("a long number")
    plot = Plot(QRectF(0, 0, width, 100), Axis(high=8, marks=marks), Axis(), qapp.palette())
    middles = [middle for middle, _, _ in plot._marks_below(metrics)]
    assert 2 <= len(middles) < 9
    assert np.allclose(np.diff(middles), middles[1] - middles[0])


def test_keys_and_mouse_move_the_cursor_and_say_it(grid: TileGrid, qtbot: QtBot) -> None:
    for key, said in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Down, 3), (Qt.Key.Key_Down, 3)):
        qtbot.keyClick(grid, key)
        assert grid.accessibleDescription() == f"tile {said}"
    with qtbot.waitSignal(grid.activated) as heard:
        qtbot.keyClick(grid, Qt.Key.Key_Space)
    assert heard.args == [3]
    with qtbot.waitSignal(grid.activated) as heard:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.item_rect(2).center())
    assert heard.args == [2]
    place = grid.item_rect(4).center()
    QApplication.sendEvent(grid, QHelpEvent(QEvent.Type.ToolTip, place, grid.mapToGlobal(place)))
    assert QToolTip.text() == "tile 4"
    assert grid.item_at(QPointF(109, 399)) == -1


def test_keys_of_a_grid_without_tiles_are_left_to_others(grid: TileGrid, qtbot: QtBot) -> None:
    grid.set_tiles([])
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert grid.accessibleDescription() == ""
    assert grid.minimumHeight() == 0
