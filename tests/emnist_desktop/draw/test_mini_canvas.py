"""The small canvas of the Models tab."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.mini_canvas import MiniCanvas, fitted
from tests.emnist_desktop.fakes import draw
from trainer.ink.strokes import Ink


@pytest.mark.parametrize("size", [0.0, 10.0, 90.0, 4000.0])
def test_a_drawing_is_brought_to_the_middle_and_never_enlarged(size: float) -> None:
    ink = Ink.from_points([[(700, 300), (700 + size, 300 + size / 2)]])
    points, _ = fitted(ink, 150).flat()
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    np.testing.assert_allclose(middle, [75, 75], atol=0.01)
    assert np.ptp(points[:, 0]) == pytest.approx(min(size, 105), abs=0.01)
    assert fitted(Ink(), 150).is_empty


def test_what_was_drawn_is_there_and_goes_on_in_the_other_tab(
    window: MainWindow, qtbot: QtBot
) -> None:
    draw(window.draw_tab.canvas, (100, 100), (200, 300))
    window.tabs.setCurrentWidget(window.models_tab)
    models = window.models_tab
    assert models._drawing is not None
    assert len(models._drawing.strokes) == 1
    qtbot.mouseClick(models.choice.button(4), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(models.findChildren(MiniCanvas)) == 1)
    (sketch,) = models.findChildren(MiniCanvas)
    draw(sketch, (20, 20), (60, 90))
    assert len(models._drawing.strokes) == 2
    window.tabs.setCurrentWidget(window.draw_tab)
    window.tabs.setCurrentWidget(models)
    assert len(models._drawing.strokes) == 2  # what is new is kept
    window.tabs.setCurrentWidget(window.draw_tab)
    draw(window.draw_tab.canvas, (300, 100), (310, 300))
    window.tabs.setCurrentWidget(models)
    assert len(models._drawing.strokes) == 2
    assert len(window.draw_tab.canvas.ink().strokes) == 2


def test_an_empty_sketch_is_white_and_takes_the_mouse(qtbot: QtBot) -> None:
    sketch = MiniCanvas()
    qtbot.addWidget(sketch)
    with qtbot.waitExposed(sketch):
        sketch.show()
    picture = sketch.grab().toImage()
    assert picture.pixelColor(75, 75) == sketch.palette().base().color()
    QTest.mousePress(sketch, Qt.MouseButton.LeftButton, pos=QPoint(50, 75))
    QTest.mouseMove(sketch, QPoint(100, 75))
    QTest.mouseRelease(sketch, Qt.MouseButton.LeftButton, pos=QPoint(100, 75))
    assert len(sketch.ink().strokes) == 1
