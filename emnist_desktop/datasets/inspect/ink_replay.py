"""The drawing behind a sample, stroke by stroke, as it was drawn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.ink.strokes import Ink, Points

_SIDE = 160
_MARGIN = 16.0
_PEN = 4.0
_FRAME_MS = 16
_DURATION_MS = 1800
STEPS = 1000
"""From the first point to the last."""


class InkSheet(QWidget):
    """Paints an ink up to a share of its length; the rest is faint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_SIDE)
        self.setAccessibleName(self.tr("The drawing"))
        self._points: Points = np.empty((0, 2), dtype=np.float32)
        self._starts: npt.NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self._lengths: npt.NDArray[np.float64] = np.zeros(0)
        self._share = 1.0

    def show_ink(self, ink: Ink | None) -> None:
        """Show a drawing, or nothing."""
        strokes = () if ink is None else tuple(np.asarray(s.points) for s in ink.strokes)
        self._points = np.concatenate([np.empty((0, 2), dtype=np.float32), *strokes])
        self._starts = np.cumsum([0, *(len(stroke) for stroke in strokes)]).astype(np.int64)
        steps = np.hypot(*np.diff(self._points, axis=0).T) if len(self._points) > 1 else np.zeros(0)
        # The way from a stroke to the next takes time too: the pen is in the air.
        self._lengths = np.concatenate([[0.0], np.cumsum(steps)])
        self.setAccessibleDescription(self.tr("{0} strokes").format(len(strokes)))
        self.update()

    def set_share(self, share: float) -> None:
        """Show so much of the drawing, 0 to 1."""
        self._share = share
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        if len(self._points):
            ink = self.palette().text().color()
            faint = QColor(ink)
            faint.setAlpha(45)
            places = self._on_sheet()
            reached = self._reached()
            self._paint_strokes(painter, places, len(places), faint)
            self._paint_strokes(painter, places, reached, ink)
            if reached < len(places):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.palette().highlight())
                painter.drawEllipse(QPointF(*places[max(0, reached - 1)]), 5.0, 5.0)
        painter.end()

    def _reached(self) -> int:
        """Return how many points are drawn by now."""
        target = self._share * float(self._lengths[-1])
        return int(np.searchsorted(self._lengths, target + 1e-9, side="right"))

    def _on_sheet(self) -> list[tuple[float, float]]:
        low = self._points.min(axis=0)
        extent = np.maximum(self._points.max(axis=0) - low, 1e-6)
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / float(extent[0]), room.height() / float(extent[1]))
        middle = np.array([room.center().x(), room.center().y()])
        places: list[tuple[float, float]] = (
            (self._points - low - extent / 2) * scale + middle
        ).tolist()
        return places

    def _paint_strokes(
        self, painter: QPainter, places: list[tuple[float, float]], n: int, color: QColor
    ) -> None:
        pen = QPen(color, _PEN)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for low, high in zip(self._starts[:-1], self._starts[1:], strict=True):
            stroke = [QPointF(*place) for place in places[low : min(high, n)]]
            if len(stroke) == 1:
                painter.drawPoint(stroke[0])
            elif stroke:
                painter.drawPolyline(QPolygonF(stroke))


class InkReplay(QWidget):
    """A drawing with play, pause and a slider through its time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = InkSheet()
        tip = self.tr("Draw the strokes as they were drawn")
        self.play = tool_button(self.tr("Play"), tip, checkable=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName(self.tr("How much is drawn"))
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._on_frame)
        self.play.toggled.connect(self._on_play_toggled)
        self.slider.valueChanged.connect(self._on_slider_changed)
        self.slider.sliderPressed.connect(self.stop)
        controls = hbox(self.play, (self.slider, 1))
        self.setLayout(vbox(self.sheet, controls, spacing=SPACING // 2))

    def show_ink(self, ink: Ink | None) -> None:
        """Show a whole drawing, or nothing."""
        self.stop()
        self.sheet.show_ink(ink)
        self.slider.setValue(STEPS)

    @Slot()
    def stop(self) -> None:
        """Pause."""
        self.play.setChecked(False)

    @Slot(bool)
    def _on_play_toggled(self, is_on: bool) -> None:
        self.play.setText(self.tr("Pause") if is_on else self.tr("Play"))
        if not is_on:
            self._timer.stop()
            return
        if self.slider.value() >= STEPS:
            self.slider.setValue(0)
        self._timer.start()

    @Slot()
    def _on_frame(self) -> None:
        self.slider.setValue(self.slider.value() + STEPS * _FRAME_MS // _DURATION_MS)
        if self.slider.value() >= STEPS:
            self.stop()

    @Slot(int)
    def _on_slider_changed(self, value: int) -> None:
        self.sheet.set_share(value / STEPS)
