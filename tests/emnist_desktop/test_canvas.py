from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.draw.canvas import Canvas, Tool
from emnist_desktop.draw.erasing import erased
from trainer.ink import Ink, Stroke

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    canvas.resize(400, 300)
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def _draw(canvas: Canvas, *points: tuple[int, int]) -> None:
    QTest.mousePress(canvas, LEFT, pos=QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, QPoint(*point))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(*points[-1]))


def _tablet(
    canvas: Canvas, kind: QEvent.Type, x: float, y: float, pressure: float, *, eraser: bool = False
) -> None:
    pointer = QPointingDevice.PointerType
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        pointer.Eraser if eraser else pointer.Pen,
        QInputDevice.Capability.Pressure,
        1,
        3,
    )
    event = QTabletEvent(
        kind,
        device,
        QPointF(x, y),
        canvas.mapToGlobal(QPointF(x, y)),
        pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        Qt.KeyboardModifier.NoModifier,
        LEFT,
        LEFT,
    )
    QApplication.sendEvent(canvas, event)


def _dark_pixels(canvas: Canvas) -> int:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    values = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return int((values[2:-2, 2 : image.width() - 2] < 100).sum())


def test_a_stroke_becomes_ink(canvas: Canvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.drawing_changed):
        _draw(canvas, (50, 50), (60, 80), (70, 120))
    (stroke,) = canvas.ink().strokes
    assert stroke.points.tolist() == [[50, 50], [60, 80], [70, 120]]
    assert stroke.pressure is not None
    assert stroke.time is not None
    assert (np.diff(stroke.time) >= 0).all()
    assert _dark_pixels(canvas) > 500


def test_a_click_is_a_dot(canvas: Canvas) -> None:
    QTest.mouseClick(canvas, LEFT, pos=QPoint(100, 100))
    assert canvas.ink().n_points == 1
    assert _dark_pixels(canvas) > 50


def test_the_change_is_told_at_the_end_at_once_and_rarely_before(canvas: Canvas) -> None:
    told: list[int] = []
    canvas.drawing_changed.connect(lambda: told.append(canvas.ink().n_points))
    _draw(canvas, *[(20 + i, 50) for i in range(200)])
    assert told[-1] == 200
    assert len(told) < 100


def test_undo_redo_and_clear(canvas: Canvas) -> None:
    _draw(canvas, (10, 10), (50, 50))
    _draw(canvas, (90, 10), (50, 50))
    canvas.undo()
    assert len(canvas.ink().strokes) == 1
    canvas.redo()
    assert len(canvas.ink().strokes) == 2
    canvas.clear()
    assert canvas.is_empty
    canvas.undo()
    assert len(canvas.ink().strokes) == 2
    canvas.undo()
    _draw(canvas, (5, 5), (9, 9))
    assert not canvas.can_redo
    canvas.redo()
    assert len(canvas.ink().strokes) == 2


def test_the_eraser_splits_a_stroke_and_can_be_undone(canvas: Canvas) -> None:
    _draw(canvas, (20, 100), (380, 100))
    canvas.set_tool(Tool.ERASER)
    _draw(canvas, (200, 50), (200, 150))
    strokes = canvas.ink().strokes
    assert len(strokes) == 2
    assert strokes[0].points[:, 0].max() < 200 < strokes[1].points[:, 0].min()
    canvas.undo()
    assert len(canvas.ink().strokes) == 1
    steps = len(canvas._undo)
    canvas.set_tool(Tool.ERASER)
    _draw(canvas, (200, 250), (300, 280))  # touches nothing
    assert len(canvas._undo) == steps


def test_a_tablet_presses_and_its_other_end_erases(canvas: Canvas) -> None:
    kinds = QEvent.Type
    _tablet(canvas, kinds.TabletPress, 50, 50, 0.2)
    _tablet(canvas, kinds.TabletMove, 150, 50, 0.8)
    _tablet(canvas, kinds.TabletRelease, 250, 50, 0.0)
    (stroke,) = canvas.ink().strokes
    assert stroke.pressure is not None
    assert stroke.pressure.tolist() == pytest.approx([0.2, 0.8, 0.8], abs=0.01)
    _tablet(canvas, kinds.TabletPress, 250, 50, 0.5, eraser=True)
    _tablet(canvas, kinds.TabletMove, 30, 50, 0.5, eraser=True)
    _tablet(canvas, kinds.TabletRelease, 30, 50, 0.0, eraser=True)
    assert canvas.is_empty


def test_one_finger_draws(canvas: Canvas) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, QPoint(40, 40), canvas).commit()
    QTest.touchEvent(canvas, device).move(0, QPoint(80, 90), canvas).commit()
    QTest.touchEvent(canvas, device).release(0, QPoint(80, 90), canvas).commit()
    (stroke,) = canvas.ink().strokes
    assert stroke.points.tolist() == [[40, 40], [80, 90]]


def test_other_buttons_do_not_draw(canvas: Canvas) -> None:
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(150, 150))
    assert canvas.is_empty


def test_resizing_keeps_the_ink(canvas: Canvas, qtbot: QtBot) -> None:
    _draw(canvas, (50, 50), (60, 80))
    before = canvas.ink().to_record()["strokes"]
    canvas.resize(700, 500)
    assert canvas.ink().to_record()["strokes"] == before
    assert _dark_pixels(canvas) > 200


def test_a_wider_pen_shows_more_ink(canvas: Canvas) -> None:
    _draw(canvas, (50, 50), (200, 80))
    thin = _dark_pixels(canvas)
    canvas.set_pen_width(30)
    assert _dark_pixels(canvas) > 1.5 * thin
    canvas.set_pen_width(1000)
    assert canvas.pen_width == 40


def test_a_drawing_can_be_set(canvas: Canvas) -> None:
    canvas.set_ink(Ink.from_points([[(10, 10), (90, 90)]]))
    assert _dark_pixels(canvas) > 500
    canvas.undo()
    assert canvas.is_empty


def test_erasing_nothing_returns_the_same_strokes() -> None:
    strokes = (Stroke(np.array([[0, 0], [100, 0]], dtype=np.float32)),)
    assert erased(strokes, (50, 40), (60, 40), 10) is strokes
    pieces = erased(strokes, (50, 5), (50, 5), 10)
    assert len(pieces) == 2
    assert all(piece.pressure is None for piece in pieces)
