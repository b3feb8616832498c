"""The drawing canvas: mouse, touch and tablet in, `Ink` out.

Finished strokes are kept as vectors. Their picture is a backing image in
ARGB32-premultiplied, the format that Qt paints fastest; a pen movement adds one curve to it and
repaints only the rectangle around that.
"""

from __future__ import annotations

import time
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
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
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.draw.brush import draw_end, draw_piece, draw_stroke
from emnist_desktop.draw.erasing import erased
from trainer.ink import Ink, Stroke

MIN_PEN_WIDTH, MAX_PEN_WIDTH = 2.0, 40.0
"""Limits of the pen's width, in pixels of the window."""

_FRAME_MILLISECONDS = 16
_TIDY_MILLISECONDS = 120
_ERASER_FACTOR = 2.0
"""The eraser is so much wider than the pen."""


class Tool(StrEnum):
    """What the pen does."""

    PEN = "pen"
    ERASER = "eraser"


class Canvas(QWidget):
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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Drawing canvas"))
        self.setAccessibleDescription(self.tr("Draw one character with mouse, finger or pen."))
        self._strokes: tuple[Stroke, ...] = ()
        self._undo: list[tuple[Stroke, ...]] = []
        self._redo: list[tuple[Stroke, ...]] = []
        self._path: list[tuple[float, float, float, float]] = []  # x, y, pressure, seconds
        self._before_erasing: tuple[Stroke, ...] | None = None
        self._eraser_at: QPointF | None = None
        self._tool = Tool.PEN
        self._pen_width = 14.0
        self._began = 0.0
        self._image = QImage()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MILLISECONDS)
        self._frame.timeout.connect(self._on_frame_timeout)
        # Pieces drawn one over the other leave soft bumps: once the pen rests, draw it whole.
        self._tidy = QTimer(self)
        self._tidy.setSingleShot(True)
        self._tidy.setInterval(_TIDY_MILLISECONDS)
        self._tidy.timeout.connect(self._on_tidy_timeout)

    # What the tab asks for

    def ink(self) -> Ink:
        """Return what is drawn, the stroke under way included."""
        return Ink((*self._strokes, self._current_stroke()) if self._path else self._strokes)

    def set_ink(self, ink: Ink) -> None:
        """Replace the drawing; this can be undone."""
        self._change(ink.strokes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self._strokes and not self._path

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._redo)

    @property
    def tool(self) -> Tool:
        """What the pen does."""
        return self._tool

    @property
    def pen_width(self) -> float:
        """Width of the pen, in pixels of the window."""
        return self._pen_width

    @Slot()
    def undo(self) -> None:
        """Take the last stroke, erasure or clearing back."""
        if self._undo and not self._path:
            self._redo.append(self._strokes)
            self._show(self._undo.pop())

    @Slot()
    def redo(self) -> None:
        """Take again what was undone."""
        if self._redo and not self._path:
            self._undo.append(self._strokes)
            self._show(self._redo.pop())

    @Slot()
    def clear(self) -> None:
        """Empty the sheet; this can be undone."""
        self._path = []
        if self._strokes:
            self._change(())

    def set_tool(self, tool: Tool) -> None:
        """Choose pen or eraser."""
        self._tool = tool

    def set_pen_width(self, width: float) -> None:
        """Set the width of the pen, in pixels of the window; what is drawn follows."""
        self._pen_width = min(MAX_PEN_WIDTH, max(MIN_PEN_WIDTH, width))
        self._repaint_all()

    # Where the pen is: every device ends here

    def _press(self, position: QPointF, pressure: float, tool: Tool) -> None:
        if tool is Tool.ERASER:
            self._before_erasing = self._strokes
            self._eraser_at = position
            self._erase_to(position)
            return
        if not self._strokes:
            self._began = time.monotonic()
        self._path = [self._sample(position, pressure)]
        self._paint_newest()
        self._frame.start()

    def _move(self, position: QPointF, pressure: float) -> None:
        if self._eraser_at is not None:
            self._erase_to(position)
        elif self._path and (position.x(), position.y()) != self._path[-1][:2]:
            self._path.append(self._sample(position, pressure))
            self._paint_newest()
            if not self._frame.isActive():
                self._frame.start()

    def _release(self, position: QPointF, pressure: float) -> None:
        self._move(position, pressure)
        self._frame.stop()
        if self._eraser_at is not None and self._before_erasing is not None:
            self._eraser_at = None
            if self._before_erasing is not self._strokes:
                self._remember(self._before_erasing)
        elif self._path:
            self._paint_end()
            stroke = self._current_stroke()
            self._path = []
            before = self._strokes
            self._strokes = (*before, stroke)
            self._remember(before)
            self._tidy.start()

    def _sample(self, position: QPointF, pressure: float) -> tuple[float, float, float, float]:
        return (position.x(), position.y(), pressure, time.monotonic() - self._began)

    def _current_stroke(self) -> Stroke:
        samples = np.array(self._path, dtype=np.float32)
        return Stroke(samples[:, :2].copy(), samples[:, 2].copy(), samples[:, 3].copy())

    def _erase_to(self, position: QPointF) -> None:
        start = self._eraser_at or position
        radius = self._pen_width * _ERASER_FACTOR / 2
        left = erased(self._strokes, (start.x(), start.y()), (position.x(), position.y()), radius)
        self._eraser_at = position
        if left is not self._strokes:
            self._strokes = left
            self._repaint_all()
            if not self._frame.isActive():
                self._frame.start()

    @Slot()
    def _on_frame_timeout(self) -> None:
        self.drawing_changed.emit()

    @Slot()
    def _on_tidy_timeout(self) -> None:
        if not self._path:
            self._repaint_all()

    # History

    def _change(self, strokes: tuple[Stroke, ...]) -> None:
        before = self._strokes
        self._strokes = strokes
        self._repaint_all()
        self._remember(before)

    def _remember(self, before: tuple[Stroke, ...]) -> None:
        self._undo.append(before)
        self._redo.clear()
        self.history_changed.emit()
        self.drawing_changed.emit()

    def _show(self, strokes: tuple[Stroke, ...]) -> None:
        self._strokes = strokes
        self._repaint_all()
        self.history_changed.emit()
        self.drawing_changed.emit()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke with the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._press(event.position(), 1.0, self._tool)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a stroke."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._release(event.position(), 1.0)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with the pressure of a tablet; its other end erases."""
        eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() == QEvent.Type.TabletPress:
            self._press(event.position(), event.pressure(), Tool.ERASER if eraser else self._tool)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(event.position(), event.pressure())
        elif event.type() == QEvent.Type.TabletRelease:
            # The pen leaves the sheet with no pressure, which says nothing of the stroke's width.
            last = self._path[-1][2] if self._path else 1.0
            self._release(event.position(), last)
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
            self._path = []
            self._repaint_all()
            self.drawing_changed.emit()
        elif event.points():
            position = event.points()[0].position()
            if event.type() == QEvent.Type.TouchBegin:
                self._press(position, 1.0, self._tool)
            elif event.type() == QEvent.Type.TouchUpdate:
                self._move(position, 1.0)
            elif event.type() == QEvent.Type.TouchEnd:
                self._release(position, 1.0)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._repaint_all()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ink where it is."""
        self._repaint_all()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(560, 480)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(240, 200)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, ink, the hint of an empty sheet, and the ring of the focus."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Base))
        if self.is_empty:
            self._paint_hint(painter)
        else:
            self._backing()
            ratio = self._image.devicePixelRatio()
            area = QRectF(event.rect())
            source = QRectF(area.topLeft() * ratio, area.size() * ratio)
            painter.drawImage(area, self._image, source)
        painter.setPen(
            self.palette().color(
                QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.Mid
            )
        )
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def focusInEvent(self, event: QEvent) -> None:
        """Show the ring."""
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        """Hide the ring."""
        self.update()

    def _paint_hint(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.5)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(
            self.rect().adjusted(24, 24, -24, -24),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self.tr("Draw a letter or a digit here,\nor drop a picture of one"),
        )

    def _backing(self) -> QImage:
        """Return the backing image, made anew when the size or the screen has changed."""
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._image.size() != size:
            self._image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.setDevicePixelRatio(ratio)
            self._image.fill(Qt.GlobalColor.transparent)
            self._draw_all()
        return self._image

    def _repaint_all(self) -> None:
        self._image = QImage()
        self.update()

    def _draw_all(self) -> None:
        painter = self._painter()
        for stroke in self.ink().strokes:
            draw_stroke(painter, stroke, self._pen_width, self._ink_color())
        painter.end()

    def _painter(self) -> QPainter:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def _ink_color(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Text)

    def _paint_newest(self) -> None:
        """Add the newest piece of the stroke under way to the picture."""
        if len(self._path) == 1 and not self._strokes:
            self.update()  # the hint goes
        self._backing()
        painter = self._painter()
        dirty = draw_piece(painter, self._path[-3:], self._pen_width, self._ink_color())
        painter.end()
        self.update(dirty)

    def _paint_end(self) -> None:
        """Add the last half piece of the stroke under way, up to its last point."""
        self._backing()
        painter = self._painter()
        dirty = draw_end(painter, self._path, self._pen_width, self._ink_color())
        painter.end()
        self.update(dirty)
