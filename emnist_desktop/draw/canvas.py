"""The drawing canvas: mouse, touch and tablet in, `Ink` out.

Finished strokes are kept as vectors. Their picture is a backing image in
ARGB32-premultiplied, the format that Qt paints fastest; a pen movement adds one curve to it and
repaints only the rectangle around that.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from emnist_desktop.draw.brush import draw_end, draw_piece, draw_stroke
from emnist_desktop.draw.canvas_frame import FramedSheet, eraser_cursor, paint_hint
from emnist_desktop.draw.drawing import Drawing, Sample
from emnist_desktop.settings import MAX_PEN_WIDTH, MIN_PEN_WIDTH
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.style import RADIUS
from trainer.ink.strokes import Ink, Stroke

_FRAME_MILLISECONDS = 16
_TIDY_MILLISECONDS = 120
_ERASER_FACTOR = 2.0
"""The eraser is so much wider than the pen."""

_SMALL_SIDE, _SMALL_PEN_WIDTH = 150, 6.0
_WIPE_SIDE = 20
_LEAST_EXTENT = 1e-6
"""A smaller drawing is a dot, which is not enlarged."""

_FILLED = 0.7
"""Share of the side of a small canvas that a drawing taken over may fill."""


class Tool(StrEnum):
    """What the pen does."""

    PEN = "pen"
    ERASER = "eraser"


class Canvas(FramedSheet):
    """A sheet to draw one character on.

    Signals
    -------
    drawing_changed
        The ink is another: at most once a frame while the pen moves, at once when it leaves
        the sheet, and after undo, redo, erase and clear.
    history_changed
        What can be undone or redone has changed.
    """

    drawing_changed = Signal()
    history_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMinimumSize(240, 200)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Drawing canvas"))
        self.setAccessibleDescription(self.tr("Draw one character with mouse, finger or pen."))
        self._drawing = Drawing()
        self.tool = Tool.PEN
        self.pen_width = 14.0
        """Width of the pen, in pixels of the window."""
        self.origin = QPointF()
        """What of the sheet is in the upper left corner, in its pixels."""
        self._began = 0.0
        self._is_timed = False
        """Whether the newest stroke was drawn here, so that the times of others follow it."""
        self._finger: int | None = None
        self._image = QImage()
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self.drawing_changed)
        # Pieces drawn one over the other leave soft bumps: once the pen rests, draw it whole.
        self._tidy = QTimer(self, singleShot=True, interval=_TIDY_MILLISECONDS)
        self._tidy.timeout.connect(self._repaint_all)

    # What the tab asks for

    def ink(self) -> Ink:
        """Return what is drawn, the stroke under way included."""
        return self._drawing.ink()

    def set_ink(self, ink: Ink) -> None:
        """Replace the drawing; this can be undone."""
        self._drawing.replace(ink.strokes)
        self._is_timed = False
        self._on_history_step()

    def to_json(self) -> str:
        """Return what is on the sheet, to be kept."""
        return self.ink().to_json()

    def restore(self, text: str | bytes) -> bool:
        """Show what `to_json` returned; return False for an empty sheet.

        Raises
        ------
        InkError
            If it is something else.
        """
        ink = Ink.from_json(text)
        if not ink.is_empty:
            self.set_ink(ink)
        return not ink.is_empty

    def set_aside(self, text: str | bytes) -> None:
        """Let undo bring back what `to_json` returned; the sheet is empty.

        Raises
        ------
        InkError
            If it is something else.
        """
        if self.restore(text):
            self._drawing.forget_steps()
            self.clear()

    def forget_steps(self) -> None:
        """Make what is drawn the beginning: it cannot be taken back."""
        self._drawing.forget_steps()
        self.history_changed.emit()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return self._drawing.is_empty

    @property
    def is_dot(self) -> bool:
        """Whether all that is drawn, and the pen lifted from, lies within the width of the pen."""
        points, _ = self.ink().flat()
        if not len(points) or self.is_drawing:
            return False
        return float((points.max(axis=0) - points.min(axis=0)).max()) <= self.pen_width / 2

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is under way."""
        return bool(self._drawing.path)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._drawing.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return self._drawing.can_redo

    @Slot()
    def undo(self) -> None:
        """Take the last stroke, erasure or clearing back."""
        if self._drawing.undo():
            self._on_history_step()

    @Slot()
    def redo(self) -> None:
        """Take again what was undone."""
        if self._drawing.redo():
            self._on_history_step()

    @Slot()
    def clear(self) -> None:
        """Empty the sheet; this can be undone."""
        if self._drawing.path:
            self._lift()
        if not self._drawing.is_empty:
            self.set_ink(Ink())

    def set_tool(self, tool: Tool) -> None:
        """Choose pen or eraser."""
        self.tool = tool
        self._update_cursor()

    def set_pen_width(self, width: float) -> None:
        """Set the width of the pen, in pixels of the window; what is drawn follows."""
        self.pen_width = min(MAX_PEN_WIDTH, max(MIN_PEN_WIDTH, width))
        self._update_cursor()
        self._repaint_all()

    # Where the pen is: every device ends here

    def _press(self, position: QPointF, pressure: float, tool: Tool) -> None:
        self._lift()  # a release that never came, of another device or behind a dialog
        self._tidy.stop()
        if tool is Tool.ERASER:
            if self._drawing.begin_erasing(self._on_sheet(position), self._eraser_radius()):
                self._on_strokes_erased()
            return
        if not self._drawing.strokes:
            self._began = time.monotonic()
        elif not self._is_timed:
            self._began = time.monotonic() - _last_time(self._drawing.strokes)
        self._is_timed = True
        self._drawing.begin(self._sample(position, pressure))
        self._paint_newest()
        self._frame.start()

    def _move(self, position: QPointF, pressure: float) -> None:
        if self._drawing.is_erasing:
            if self._drawing.erase_to(self._on_sheet(position), self._eraser_radius()):
                self._on_strokes_erased()
        elif self._drawing.extend(self._sample(position, pressure)):
            self._paint_newest()
            if not self._frame.isActive():
                self._frame.start()

    def _release(self, position: QPointF, pressure: float) -> None:
        self._move(position, pressure)
        self._lift()

    def _lift(self) -> None:
        self._frame.stop()
        if self._drawing.is_erasing:
            if self._drawing.finish_erasing():
                self._emit_changes()
        elif self._drawing.path:
            self._paint_end()
            self._drawing.finish()
            self._tidy.start()
            self._emit_changes()

    def _abandon(self) -> None:
        self._frame.stop()
        self._drawing.abandon()
        self._repaint_all()
        self.drawing_changed.emit()

    def _on_sheet(self, position: QPointF) -> tuple[float, float]:
        """Return a position in the window as one on the sheet."""
        return (position + self.origin).toTuple()

    def _sample(self, position: QPointF, pressure: float) -> Sample:
        return Sample(*self._on_sheet(position), pressure, time.monotonic() - self._began)

    def _eraser_radius(self) -> float:
        return self.pen_width * _ERASER_FACTOR / 2

    def _on_strokes_erased(self) -> None:
        self._repaint_all()
        if not self._frame.isActive():
            self._frame.start()

    def _on_history_step(self) -> None:
        self._frame.stop()
        self._repaint_all()
        self._emit_changes()

    def _emit_changes(self) -> None:
        self.history_changed.emit()
        self.drawing_changed.emit()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke with the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(event.position(), 1.0, self.tool)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position(), 1.0)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._release(event.position(), 1.0)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with the pressure of a tablet; its other end erases."""
        eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() == QEvent.Type.TabletPress:
            self._press(event.position(), event.pressure(), Tool.ERASER if eraser else self.tool)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(event.position(), event.pressure())
        elif event.type() == QEvent.Type.TabletRelease:
            # The pen leaves the sheet with no pressure, which says nothing of the stroke's width.
            path = self._drawing.path
            self._release(event.position(), path[-1].pressure if path else 1.0)
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Take touches: the first finger draws, others are not heard."""
        if isinstance(event, QTouchEvent):
            self._touch(event)
            event.accept()
            return True
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchCancel:
            self._finger = None
            self._abandon()
            return
        for point in event.points():
            state = point.state()
            if self._finger is None and state == QEventPoint.State.Pressed:
                self._finger = point.id()
                self._press(point.position(), 1.0, self.tool)
            elif point.id() != self._finger:
                continue
            elif state == QEventPoint.State.Updated:
                self._move(point.position(), 1.0)
            elif state == QEventPoint.State.Released:
                self._finger = None
                self._release(point.position(), 1.0)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._repaint_all()
            self._update_cursor()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ink where it is."""
        self._repaint_all()
        super().resizeEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 520)

    # Painting

    def paint_empty(self, painter: QPainter) -> None:
        """Say what an empty sheet is for."""
        others = self.tr("or drop, paste or open a picture of handwriting")
        if self.can_undo:
            others += "\n" + self.tr("Undo brings the last drawing back")
        paint_hint(painter, self, self.tr("Draw a letter or a digit here"), others)

    def paint_ground(self, painter: QPainter, area: QRectF) -> None:
        """Paint what lies below the ink."""

    def paint_over(self, painter: QPainter, area: QRectF) -> None:
        """Paint what lies above the ink."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().brush(QPalette.ColorRole.Base))
        area = QRectF(event.rect())
        self.paint_ground(painter, area)
        if self.is_empty:
            self.paint_empty(painter)
        else:
            image = self._backing()
            ratio = image.devicePixelRatio()
            source = QRectF(area.topLeft() * ratio, area.size() * ratio)
            painter.drawImage(area, image, source)
        self.paint_over(painter, area)
        inside = round(RADIUS)
        if not self.rect().adjusted(inside, inside, -inside, -inside).contains(event.rect()):
            self.paint_frame(painter)
        painter.end()

    def _backing(self) -> QImage:
        """Return the backing image, made anew when the size or the screen has changed."""
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._image.size() != size:
            self._image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.setDevicePixelRatio(ratio)
            self._image.fill(Qt.GlobalColor.transparent)
            painter = self._painter()
            for stroke in self.ink().strokes:
                if self._is_in_view(stroke):
                    draw_stroke(painter, stroke, self.pen_width, self.stroke_color(stroke))
            painter.end()
        return self._image

    @Slot()
    def _repaint_all(self) -> None:
        self._image = QImage()
        self.update()

    def _painter(self) -> QPainter:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self.origin)
        return painter

    def _is_in_view(self, stroke: Stroke) -> bool:
        low = np.array(self.origin.toTuple()) - self.pen_width
        high = low + self.size().toTuple() + 2 * self.pen_width
        points = stroke.points
        return not ((points.max(axis=0) < low).any() or (points.min(axis=0) > high).any())

    def _update(self, dirty: QRect) -> None:
        """Repaint what was painted on the sheet."""
        self.update(dirty.translated(-self.origin.toPoint()))

    def stroke_color(self, stroke: Stroke) -> QColor:
        """Return the colour of a finished stroke."""
        return self._ink_color()

    def _ink_color(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Text)

    def _paint_newest(self) -> None:
        if len(self._drawing.path) == 1 and not self._drawing.strokes:
            self._repaint_all()  # the hint goes
        self._backing()
        painter = self._painter()
        path = self._drawing.path
        dirty = draw_piece(painter, path[-3:], self.pen_width, self._ink_color())
        painter.end()
        self._update(dirty)

    def _paint_end(self) -> None:
        """Add the last half piece of the stroke under way, up to its last point."""
        self._backing()
        painter = self._painter()
        dirty = draw_end(painter, self._drawing.path, self.pen_width, self._ink_color())
        painter.end()
        self._update(dirty)

    def _update_cursor(self) -> None:
        if self.tool is Tool.ERASER:
            self.setCursor(eraser_cursor(2 * self._eraser_radius(), self._ink_color()))
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)


class MiniCanvas(Canvas):
    """A square for other tabs: the drawing of the Draw tab, to be changed there as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_SMALL_SIDE, _SMALL_SIDE)
        self.set_pen_width(_SMALL_PEN_WIDTH)
        self.setToolTip(self.tr("Draw here: everything beside it follows"))
        self.wipe = tool_button("×", self.tr("Clear the drawing"))
        self.wipe.setParent(self)
        self.wipe.setAccessibleName(self.tr("Clear the drawing"))
        self.wipe.setCursor(Qt.CursorShape.ArrowCursor)
        self.wipe.setStyleSheet("padding: 0; min-height: 0;")
        self.wipe.setGeometry(_SMALL_SIDE - _WIPE_SIDE - 4, 4, _WIPE_SIDE, _WIPE_SIDE)
        self.wipe.clicked.connect(self.clear)

    def take_over(self, ink: Ink) -> None:
        """Show a drawing of another canvas, brought to the middle and made small enough."""
        self.set_ink(fitted(ink, QSize(_SMALL_SIDE, _SMALL_SIDE)))

    def paint_empty(self, painter: QPainter) -> None:
        """Leave an empty sheet white: there is no room for words."""


def _last_time(strokes: Sequence[Stroke]) -> float:
    """Return the time of the last point whose time is known; 0 without any."""
    return max((float(each.time.max()) for each in strokes if each.time is not None), default=0.0)


def placed(ink: Ink, room: QSize) -> Ink:
    """Return a drawing where it is if all of it is in the room; else fitted."""
    points, _ = ink.flat()
    size = (room.width(), room.height())
    is_inside = bool((points >= 0).all() and (points <= size).all())
    return ink if is_inside else fitted(ink, room)


def fitted(ink: Ink, room: QSize, *, enlarges: bool = False) -> Ink:
    """Return a drawing moved into the middle, and shrunk if it is too large for the room."""
    points, _ = ink.flat()
    if not len(points):
        return ink
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    factor = _FILLED * min(room.width(), room.height()) / max(extent, _LEAST_EXTENT)
    factor = factor if enlarges and extent >= _LEAST_EXTENT else min(1.0, factor)
    middle, centre = (low + high) / 2, np.array([room.width(), room.height()]) / 2
    return Ink(
        tuple(
            replace(stroke, points=(stroke.points - middle) * factor + centre)
            for stroke in ink.strokes
        )
    )
