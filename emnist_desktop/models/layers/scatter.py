"""Samples in a plane, each its letter: zoom, move, hover; one's own drawing among them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from emnist_desktop.models.layers.result import SampleMap
from emnist_desktop.ui.colors import class_colors
from emnist_desktop.ui.images import grey

_EDGE = 18.0
"""Free around the points, in pixels."""

_NEAR = 12.0
"""A point is meant when the mouse is so near, in pixels."""

_CARD = 84
"""Side of the picture of the sample below the mouse."""

_CARD_GAP = 10
_MARK = 13.0
"""Half the side of one's own mark, in pixels."""

_FAINT = 0.16
_ZOOM_STEP = 1.25
_MOST_ZOOM = 60.0
_MOVE_STEP = 0.15
_WHEEL_NOTCH = 120.0
_CLICK_DISTANCE = 4
"""The mouse may move so much between press and release of a click."""


class EmbeddingScatter(QWidget):
    """Points that are letters.

    Attributes
    ----------
    shown : SampleMap or None
    hovered : int
        The index in the map of the sample below the mouse; −1 without.
    own : tuple of float or None
        Where one's own picture belongs.
    zoom : float
        1 for the whole map.

    Signals
    -------
    sample_chosen : int
        Number in the dataset of the sample that was clicked.
    """

    sample_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: SampleMap | None = None
        self._unit: npt.NDArray[np.float32] = np.zeros((0, 2), dtype=np.float32)
        self._origin, self._span = np.zeros(2), 1.0
        self.own: tuple[float, float] | None = None
        self._nearest: Sequence[int] = ()
        self._only = -1
        self.hovered = -1
        self.zoom, self._center = 1.0, QPointF(0.5, 0.5)
        self._pressed: QPoint | None = None
        self._dragged: QPoint | None = None
        self._layer: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 180)
        self.setAccessibleName(self.tr("Map of samples"))

    def show_map(self, shown: SampleMap | None) -> None:
        """Show another map, the whole of it."""
        self.shown, self.own, self._nearest = shown, None, ()
        self.hovered = -1
        if shown is not None:
            low, high = shown.points.min(axis=0), shown.points.max(axis=0)
            self._span = max(float((high - low).max()), 1e-12)
            self._origin = (low + high) / 2 - self._span / 2
            self._unit = self._in_unit(shown.points)
            text = self.tr("{0} samples of {1} classes").format(
                len(shown.points), len(np.unique(shown.labels))
            )
            self.setAccessibleDescription(text)
        self.show_whole()

    def show_own(self, position: tuple[float, float] | None, nearest: Sequence[int] = ()) -> None:
        """Mark where one's own picture belongs, and the samples that are most like it."""
        self.own, self._nearest = position, nearest
        self.update()

    def show_only(self, label: int) -> None:
        """Make all classes but one faint; −1 for none."""
        self._only = label
        self._redraw()

    def show_whole(self) -> None:
        """Show the whole map."""
        self.zoom, self._center = 1.0, QPointF(0.5, 0.5)
        self._redraw()

    def position(self, number: int) -> QPointF:
        """Return where a sample is, in this widget."""
        x, y = self._unit[number].tolist()
        return self._on_widget(x, y)

    def sizeHint(self) -> QSize:
        """Return a size at which clusters are distinguishable."""
        return QSize(480, 420)

    def _in_unit(self, points: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Return points, whose y goes up, in units from 0 to 1."""
        unit = (np.asarray(points, dtype=np.float64) - self._origin) / self._span
        unit[..., 1] = 1 - unit[..., 1]
        return unit.astype(np.float32)

    def _side(self) -> float:
        return max(1.0, min(self.width(), self.height()) - 2 * _EDGE) * self.zoom

    def _on_widget(self, x: float, y: float) -> QPointF:
        side, middle = self._side(), QRectF(self.rect()).center()
        return QPointF(
            middle.x() + (x - self._center.x()) * side,
            middle.y() + (y - self._center.y()) * side,
        )

    def _positions(self) -> npt.NDArray[np.float64]:
        middle = QRectF(self.rect()).center()
        center = np.array([self._center.x(), self._center.y()])
        positions: npt.NDArray[np.float64] = (self._unit - center) * self._side()
        positions += np.array([middle.x(), middle.y()])
        return positions

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the points from a picture of them, and over it what moves."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        if self.shown is not None:
            if self._layer is None:
                self._layer = self._draw_points(self.shown)
            painter.drawPixmap(0, 0, self._layer)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.own is not None:
                self._paint_own(painter, self.own)
            if self.hovered >= 0:
                self._paint_card(painter, self.shown, self.hovered)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_points(self, shown: SampleMap) -> QPixmap:
        ratio = self.devicePixelRatioF()
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(layer)
        glyphs = [self._glyph(shown, label, ratio) for label in range(len(shown.alphabet))]
        positions = self._positions()
        bounds = self.rect().adjusted(-20, -20, 20, 20)
        inside = (
            (positions[:, 0] > bounds.left())
            & (positions[:, 0] < bounds.right())
            & (positions[:, 1] > bounds.top())
            & (positions[:, 1] < bounds.bottom())
        )
        order = np.flatnonzero(inside)
        if self._only >= 0:  # the chosen class comes last, over the others
            order = order[np.argsort(shown.labels[order] == self._only, kind="stable")]
        for number in order.tolist():
            label = int(shown.labels[number])
            painter.setOpacity(1.0 if self._only in (-1, label) else _FAINT)
            glyph = glyphs[label]
            half = glyph.deviceIndependentSize() / 2
            x, y = positions[number].tolist()
            painter.drawPixmap(QPointF(x - half.width(), y - half.height()), glyph)
        painter.end()
        return layer

    def _glyph(self, shown: SampleMap, label: int, ratio: float) -> QPixmap:
        """Return the letter of a class; drawn once, it is put down many times."""
        colors = class_colors(self.palette())
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(min(14.0, 8.0 * math.sqrt(math.sqrt(self.zoom))))
        side = 22
        glyph = QPixmap(QSize(side, side) * ratio)
        glyph.setDevicePixelRatio(ratio)
        glyph.fill(Qt.GlobalColor.transparent)
        painter = QPainter(glyph)
        painter.setFont(font)
        painter.setPen(colors[label % len(colors)])
        area = QRectF(0, 0, side, side)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, shown.alphabet[label])
        painter.end()
        return glyph

    def _paint_own(self, painter: QPainter, own: tuple[float, float]) -> None:
        x, y = self._in_unit(own).tolist()
        middle = self._on_widget(x, y)
        text = self.palette().color(QPalette.ColorRole.Text)
        painter.setPen(QPen(text, 1, Qt.PenStyle.DotLine))
        for number in self._nearest:
            painter.drawLine(middle, self.position(number))
        cross = [
            (QPointF(-_MARK, 0), QPointF(_MARK, 0)),
            (QPointF(0, -_MARK), QPointF(0, _MARK)),
        ]
        base = self.palette().color(QPalette.ColorRole.Base)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((base, 7.0), (text, 3.0)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(middle, _MARK, _MARK)
            for begin, end in cross:
                painter.drawLine(middle + begin, middle + end)

    def _paint_card(self, painter: QPainter, shown: SampleMap, number: int) -> None:
        """Paint the picture of a sample beside it."""
        position = self.position(number)
        height = self.fontMetrics().height()
        width = float(_CARD + 2 * _CARD_GAP)
        card = QRectF(position.x() + 16, position.y() + 16, width, _CARD + height + 2.5 * _CARD_GAP)
        if card.right() > self.width():
            card.moveRight(position.x() - 16)
        if card.bottom() > self.height():
            card.moveBottom(position.y() - 16)
        card.moveLeft(max(2.0, card.left()))
        card.moveTop(max(2.0, card.top()))
        palette = self.palette()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(card, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(position, 10, 10)
        picture = QRectF(card.left() + _CARD_GAP, card.top() + _CARD_GAP, _CARD, _CARD)
        painter.drawImage(picture, grey(shown.images[number], palette))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        words = QRectF(card.left(), picture.bottom() + _CARD_GAP / 2, width, height)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._name(shown, number))

    def _name(self, shown: SampleMap, number: int) -> str:
        character = shown.alphabet[int(shown.labels[number])]
        return self.tr("{0}  ·  no. {1}").format(character, int(shown.indices[number]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the sample below the mouse, or move the map with it."""
        position = event.position().toPoint()
        if self._dragged is not None:
            self._move_by(QPointF(self._dragged - position) / self._side())
            self._dragged = position
            return
        self._hover(self._at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the map."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._dragged = event.position().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it; choose the sample if it did not move."""
        pressed, self._pressed, self._dragged = self._pressed, None, None
        if event.button() != Qt.MouseButton.LeftButton or pressed is None:
            return
        moved = (event.position().toPoint() - pressed).manhattanLength()
        number = self._at(event.position())
        if moved <= _CLICK_DISTANCE and number >= 0 and self.shown is not None:
            self.sample_chosen.emit(int(self.shown.indices[number]))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole map."""
        self.show_whole()

    def leaveEvent(self, event: QEvent) -> None:
        """Show no sample."""
        self._hover(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the mouse."""
        notches = event.angleDelta().y() / _WHEEL_NOTCH
        self.zoom_by(_ZOOM_STEP**notches, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom with + and −, move with the arrows, all of it with Home."""
        step = _MOVE_STEP / self.zoom
        middle = QRectF(self.rect()).center()
        zoom_in = partial(self.zoom_by, _ZOOM_STEP, middle)
        actions: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Plus: zoom_in,
            Qt.Key.Key_Equal: zoom_in,
            Qt.Key.Key_Minus: partial(self.zoom_by, 1 / _ZOOM_STEP, middle),
            Qt.Key.Key_Left: partial(self._move_by, QPointF(-step, 0)),
            Qt.Key.Key_Right: partial(self._move_by, QPointF(step, 0)),
            Qt.Key.Key_Up: partial(self._move_by, QPointF(0, -step)),
            Qt.Key.Key_Down: partial(self._move_by, QPointF(0, step)),
            Qt.Key.Key_Home: self.show_whole,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def zoom_by(self, factor: float, around: QPointF) -> None:
        """Zoom; the point under `around` stays where it is."""
        before = self._side()
        middle = QRectF(self.rect()).center()
        offset = around - middle
        self.zoom = min(max(self.zoom * factor, 1.0), _MOST_ZOOM)
        self._center += offset / before - offset / self._side()
        self._hold_center()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redraw the points."""
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._redraw()

    def _at(self, position: QPointF) -> int:
        """Return the index in the map of the sample at a position; −1 without."""
        if self.shown is None or not len(self._unit):
            return -1
        apart = np.hypot(*(self._positions() - np.array([position.x(), position.y()])).T)
        if self._only >= 0:
            apart = np.where(self.shown.labels == self._only, apart, np.inf)
        nearest = int(apart.argmin())
        return nearest if apart[nearest] <= _NEAR else -1

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            self.update()

    def _move_by(self, step: QPointF) -> None:
        self._center += step
        self._hold_center()

    def _hold_center(self) -> None:
        """Keep some of the map in sight."""
        self._center = QPointF(
            min(max(self._center.x(), 0.0), 1.0), min(max(self._center.y(), 0.0), 1.0)
        )
        if self.zoom == 1.0:
            self._center = QPointF(0.5, 0.5)
        self._redraw()

    def _redraw(self) -> None:
        self._layer = None
        self.update()
