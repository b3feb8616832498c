"""The canvas: real events of mouse, finger and tablet in, ink out."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QInputDevice,
    QPaintEvent,
    QPalette,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.draw.canvas import Canvas, MiniCanvas, Tool, fitted
from emnist_desktop.settings import MAX_PEN_WIDTH, MIN_PEN_WIDTH
from tests.emnist_desktop.fakes import draw
from trainer.ink.strokes import Ink, Stroke

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


class WatchedCanvas(Canvas):
    """Remembers what was repainted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.rect())
        super().paintEvent(event)


@pytest.fixture
def canvas(qtbot: QtBot) -> WatchedCanvas:
    canvas = WatchedCanvas()
    canvas.resize(500, 400)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def is_ink(canvas: Canvas, x: int, y: int) -> bool:
    image = canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    return QColor(image.pixel(round(x * ratio), round(y * ratio))).lightness() < 100


def tablet_event(
    canvas: Canvas,
    kind: QEvent.Type,
    x: float,
    y: float,
    pressure: float,
    pointer: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
) -> None:
    device = QPointingDevice(
        "tablet",
        7,
        QInputDevice.DeviceType.Stylus,
        pointer,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        1,
    )
    place = QPointF(x, y)
    up = kind == QEvent.Type.TabletRelease
    event = QTabletEvent(
        kind,
        device,
        place,
        canvas.mapToGlobal(place),
        pressure,
        0,
        0,
        0,
        0,
        0,
        NO_KEY,
        LEFT,
        Qt.MouseButton.NoButton if up else LEFT,
    )
    QApplication.sendEvent(canvas, event)


def tablet_stroke(canvas: Canvas, pressure: float, y: float, **kind: object) -> None:
    pointer = kind.get("pointer", QPointingDevice.PointerType.Pen)
    assert isinstance(pointer, QPointingDevice.PointerType)
    tablet_event(canvas, QEvent.Type.TabletPress, 50, y, pressure, pointer)
    for x in range(60, 301, 10):
        tablet_event(canvas, QEvent.Type.TabletMove, x, y, pressure, pointer)
    tablet_event(canvas, QEvent.Type.TabletRelease, 300, y, 0.0, pointer)


def test_a_mouse_stroke_becomes_ink_and_is_seen(canvas: Canvas) -> None:
    assert canvas.is_empty
    assert canvas.ink().is_empty
    draw(canvas, (50, 100), (150, 100), (250, 100))
    (stroke,) = canvas.ink().strokes
    assert stroke.points.tolist() == [[50, 100], [150, 100], [250, 100]]
    assert stroke.pressure is not None
    assert stroke.pressure.tolist() == [1, 1, 1]
    assert stroke.time is not None
    assert stroke.time[0] <= stroke.time[-1]
    for x in (50, 100, 150, 200, 249):
        assert is_ink(canvas, x, 100), x
    assert not is_ink(canvas, 150, 130)


def test_a_click_is_a_dot(canvas: Canvas) -> None:
    draw(canvas, (80, 80))
    (stroke,) = canvas.ink().strokes
    assert stroke.points.tolist() == [[80, 80]]
    assert is_ink(canvas, 80, 80)


def test_other_buttons_do_not_draw(canvas: Canvas) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, NO_KEY, QPoint(50, 50))
    QTest.mouseMove(canvas, QPoint(90, 90))
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, NO_KEY, QPoint(90, 90))
    assert canvas.is_empty


def test_a_stroke_whose_release_was_lost_is_kept(canvas: Canvas) -> None:
    QTest.mousePress(canvas, LEFT, NO_KEY, QPoint(50, 50))
    QTest.mouseMove(canvas, QPoint(90, 50))
    draw(canvas, (50, 150), (90, 150))
    assert len(canvas.ink().strokes) == 2


def test_undo_redo_and_clear(canvas: Canvas) -> None:
    changed = QSignalSpy(canvas.drawing_changed)
    draw(canvas, (50, 100), (250, 100))
    draw(canvas, (50, 200), (250, 200))
    canvas.undo()
    assert len(canvas.ink().strokes) == 1
    assert is_ink(canvas, 150, 100)
    assert not is_ink(canvas, 150, 200)
    canvas.redo()
    assert is_ink(canvas, 150, 200)
    canvas.clear()
    assert canvas.is_empty
    canvas.undo()
    assert len(canvas.ink().strokes) == 2
    count = changed.count()
    canvas.redo()
    canvas.clear()
    assert canvas.is_empty
    assert changed.count() == count + 1  # there was nothing to clear


def test_clear_in_the_middle_of_a_stroke_can_be_undone(canvas: Canvas) -> None:
    QTest.mousePress(canvas, LEFT, NO_KEY, QPoint(50, 50))
    QTest.mouseMove(canvas, QPoint(90, 50))
    canvas.clear()
    assert canvas.is_empty
    assert not is_ink(canvas, 70, 50)
    QTest.mouseRelease(canvas, LEFT, NO_KEY, QPoint(90, 50))
    assert canvas.is_empty
    canvas.undo()
    assert canvas.ink().n_points == 2


def test_the_eraser_splits_and_can_be_undone(canvas: Canvas) -> None:
    draw(canvas, (50, 100), (250, 100))
    canvas.set_tool(Tool.ERASER)
    draw(canvas, (150, 60), (150, 140))
    assert len(canvas.ink().strokes) == 2
    assert not is_ink(canvas, 150, 100)
    assert is_ink(canvas, 80, 100)
    canvas.undo()
    assert len(canvas.ink().strokes) == 1
    assert is_ink(canvas, 150, 100)


def test_an_eraser_that_misses_is_no_step(canvas: Canvas) -> None:
    draw(canvas, (50, 100), (250, 100))
    canvas.set_tool(Tool.ERASER)
    changed = QSignalSpy(canvas.history_changed)
    draw(canvas, (50, 300), (250, 300))
    assert changed.count() == 0
    canvas.undo()
    assert canvas.is_empty


def test_changes_are_told_once_a_frame_and_at_once_at_the_end(canvas: Canvas, qtbot: QtBot) -> None:
    changed = QSignalSpy(canvas.drawing_changed)
    QTest.mousePress(canvas, LEFT, NO_KEY, QPoint(10, 100))
    for x in range(20, 320, 2):
        QTest.mouseMove(canvas, QPoint(x, 100))
    before = changed.count()
    assert before < 100  # 150 movements
    qtbot.waitUntil(lambda: changed.count() > before)
    QTest.mouseMove(canvas, QPoint(330, 100))
    before = changed.count()
    QTest.mouseRelease(canvas, LEFT, NO_KEY, QPoint(340, 100))
    assert changed.count() == before + 1
    qtbot.wait(60)
    assert changed.count() == before + 1


def test_a_movement_repaints_only_its_surroundings(canvas: WatchedCanvas, qtbot: QtBot) -> None:
    draw(canvas, (20, 20), (450, 350))
    QTest.mousePress(canvas, LEFT, NO_KEY, QPoint(100, 100))
    qtbot.wait(200)  # until the first stroke is tidied
    QTest.mouseMove(canvas, QPoint(104, 100))
    qtbot.wait(60)
    canvas.painted.clear()
    QTest.mouseMove(canvas, QPoint(110, 103))
    qtbot.waitUntil(lambda: bool(canvas.painted))
    assert all(rect.width() < 60 and rect.height() < 60 for rect in canvas.painted)
    QTest.mouseRelease(canvas, LEFT, NO_KEY, QPoint(110, 103))


def test_pieces_and_whole_strokes_look_alike(canvas: Canvas, qtbot: QtBot) -> None:
    draw(canvas, *((50 + 5 * i, 200 + (i * i) % 60) for i in range(40)))
    pieces = canvas.grab().toImage()
    canvas.set_pen_width(canvas.pen_width)  # draws all anew
    whole = canvas.grab().toImage()
    places = [(x, y) for x in range(40, 260, 3) for y in range(180, 280, 3)]
    differing = sum(
        abs(pieces.pixelColor(x, y).lightness() - whole.pixelColor(x, y).lightness()) > 100
        for x, y in places
    )
    assert differing <= len(places) // 100


def test_pressure_is_kept_and_seen_as_width(canvas: Canvas) -> None:
    tablet_stroke(canvas, 0.1, 100)
    tablet_stroke(canvas, 1.0, 200)
    light, heavy = canvas.ink().strokes
    assert light.pressure is not None
    assert heavy.pressure is not None
    assert light.pressure.max() < 0.2
    assert heavy.pressure.min() == 1.0
    half = round(canvas.pen_width / 2) - 1
    assert is_ink(canvas, 150, 100)
    assert not is_ink(canvas, 150, 100 + half)
    assert is_ink(canvas, 150, 200 + half)


def test_the_other_end_of_a_tablet_pen_erases(canvas: Canvas) -> None:
    tablet_stroke(canvas, 1.0, 100)
    tablet_stroke(canvas, 1.0, 200)
    tablet_stroke(canvas, 1.0, 100, pointer=QPointingDevice.PointerType.Eraser)
    assert canvas.tool is Tool.PEN
    (left,) = canvas.ink().strokes
    assert left.points[0].tolist() == [50, 200]
    canvas.undo()
    assert len(canvas.ink().strokes) == 2


def test_a_tablet_pen_that_hovers_does_not_draw(canvas: Canvas) -> None:
    tablet_event(canvas, QEvent.Type.TabletMove, 50, 50, 0.0)
    tablet_event(canvas, QEvent.Type.TabletMove, 80, 50, 0.0)
    assert canvas.is_empty


def test_the_first_finger_draws_and_others_are_not_heard(canvas: Canvas) -> None:
    device = QTest.createTouchDevice()

    def touch() -> QTest.QTouchEventSequence:
        return QTest.touchEvent(canvas, device)

    touch().press(0, QPoint(50, 50), canvas).commit()
    touch().move(0, QPoint(90, 60), canvas).press(1, QPoint(300, 300), canvas).commit()
    touch().release(0, QPoint(90, 60), canvas).move(1, QPoint(310, 320), canvas).commit()
    touch().move(1, QPoint(330, 340), canvas).commit()
    touch().release(1, QPoint(330, 340), canvas).commit()
    (stroke,) = canvas.ink().strokes
    assert stroke.points.tolist() == [[50, 50], [90, 60]]
    touch().press(2, QPoint(10, 20), canvas).commit()
    touch().release(2, QPoint(30, 20), canvas).commit()
    assert len(canvas.ink().strokes) == 2


def test_ink_survives_a_resize(canvas: Canvas) -> None:
    draw(canvas, (50, 100), (250, 100))
    canvas.resize(300, 200)
    assert is_ink(canvas, 150, 100)
    canvas.resize(700, 600)
    assert is_ink(canvas, 150, 100)
    assert canvas.ink().strokes[0].points.tolist() == [[50, 100], [250, 100]]


def test_ink_takes_the_colour_of_another_theme(canvas: Canvas) -> None:
    draw(canvas, (50, 100), (250, 100))
    assert is_ink(canvas, 150, 100)
    palette = QPalette(canvas.palette())
    palette.setColor(QPalette.ColorRole.Text, QColor("white"))
    palette.setColor(QPalette.ColorRole.Base, QColor("black"))
    canvas.setPalette(palette)
    assert not is_ink(canvas, 150, 100)
    assert is_ink(canvas, 150, 200)


def test_an_empty_canvas_invites(canvas: Canvas) -> None:
    empty = canvas.grab().toImage()
    draw(canvas, (5, 5))
    assert canvas.grab().toImage() != empty
    canvas.undo()
    assert canvas.grab().toImage() == empty


def test_the_pen_width_has_limits(canvas: Canvas) -> None:
    canvas.set_pen_width(1e9)
    assert canvas.pen_width == MAX_PEN_WIDTH
    canvas.set_pen_width(0)
    assert canvas.pen_width == MIN_PEN_WIDTH


def test_focus_by_keyboard_shows_a_ring(canvas: Canvas) -> None:
    canvas.clearFocus()
    without = canvas.grab().toImage()
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert canvas.grab().toImage() == without
    canvas.clearFocus()
    canvas.activateWindow()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.grab().toImage() != without


def test_the_canvas_has_a_name(canvas: Canvas) -> None:
    assert canvas.accessibleName()
    assert canvas.accessibleDescription()
    assert canvas.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_wider_pen_shows_more_ink(canvas: Canvas) -> None:
    draw(canvas, (50, 100), (250, 100))
    assert not is_ink(canvas, 150, 112)
    canvas.set_pen_width(30)
    assert is_ink(canvas, 150, 112)


def test_a_drawing_can_be_set_and_taken_back(canvas: Canvas) -> None:
    canvas.set_ink(Ink.from_points([[(50, 100), (250, 100)]]))
    assert is_ink(canvas, 150, 100)
    canvas.undo()
    assert canvas.is_empty


def test_the_eraser_shows_how_much_it_takes(canvas: Canvas) -> None:
    canvas.set_tool(Tool.ERASER)
    narrow = canvas.cursor().pixmap().width()
    canvas.set_pen_width(2 * canvas.pen_width)
    assert canvas.cursor().pixmap().width() > 1.7 * narrow
    canvas.set_tool(Tool.PEN)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor


# The small one of the Models tab


@pytest.mark.parametrize("size", [0.0, 10.0, 90.0, 4000.0])
def test_a_drawing_is_brought_to_the_middle_and_never_enlarged(size: float) -> None:
    ink = Ink.from_points([[(700, 300), (700 + size, 300 + size / 2)]])
    points, _ = fitted(ink, QSize(150, 150)).flat()
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    np.testing.assert_allclose(middle, [75, 75], atol=0.01)
    assert np.ptp(points[:, 0]) == pytest.approx(min(size, 105), abs=0.01)
    assert fitted(Ink(), QSize(150, 150)).is_empty


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
    qtbot.mouseClick(sketch.wipe, Qt.MouseButton.LeftButton)
    assert sketch.is_empty


def test_a_dot_is_no_larger_when_it_is_opened(canvas: Canvas) -> None:
    dot = fitted(Ink.from_points([np.array([[7.0, 7.0]])]), canvas.size(), enlarges=True)
    assert dot.strokes[0].points.tolist() == [[250, 200]]


def test_times_go_on_after_a_drawing_is_back(canvas: Canvas) -> None:
    before = Stroke(np.array([[50, 50], [90, 60]], np.float32), time=np.array([0, 2], np.float32))
    canvas.set_ink(Ink((before,)))
    draw(canvas, (50, 100), (250, 100))
    time = canvas.ink().strokes[-1].time
    assert time is not None
    assert 2 <= time[0] <= time[-1] < 60
