"""What surrounds the ink: the frame of a sheet, the hint on an empty one, the eraser's ring."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QFont,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.icons import paint_icon
from emnist_desktop.ui.style import RADIUS

_HINT_ICON_SIZE = 56.0
_HINT_HEIGHT = 140.0
_HINT_TEXT, _HINT_GAP = 66.0, 10.0
"""Pixels from the top to the text, and between its two sentences."""
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FramedSheet(QWidget):
    """An opaque sheet as large as there is room; a ring shows a focus that came by keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._shows_focus = False

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._shows_focus = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._shows_focus = False
        super().focusOutEvent(event)

    def paint_frame(self, painter: QPainter) -> None:
        """Round the corners and draw the edge, or the ring of the focus."""
        palette = self.palette()
        whole = QRectF(self.rect())
        width = 2.0 if self._shows_focus else 1.0
        edge = QPainterPath()
        edge.addRoundedRect(
            whole.adjusted(width / 2, width / 2, -width / 2, -width / 2), RADIUS, RADIUS
        )
        corners = QPainterPath()
        corners.addRect(whole)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(corners.subtracted(edge), palette.color(QPalette.ColorRole.Window))
        role = QPalette.ColorRole.Highlight if self._shows_focus else QPalette.ColorRole.Mid
        painter.strokePath(edge, QPen(palette.color(role), width))


def paint_hint(painter: QPainter, widget: QWidget, invitation: str, others: str) -> None:
    """Say what an empty sheet is for, and in smaller letters what else can be done."""
    color = widget.palette().color(QPalette.ColorRole.PlaceholderText)
    whole = QRectF(widget.rect())
    block = QRectF(0, 0, whole.width() - 48, _HINT_HEIGHT)
    block.moveCenter(whole.center())
    icon = QRectF(0, 0, _HINT_ICON_SIZE, _HINT_ICON_SIZE)
    icon.moveCenter(QPointF(whole.center().x(), block.top() + _HINT_ICON_SIZE / 2))
    paint_icon(painter, "draw-here", icon, color)
    painter.setPen(color)
    large = QFont(widget.font())
    large.setPointSizeF(large.pointSizeF() * 1.5)
    painter.setFont(large)
    wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    above = block.adjusted(0, _HINT_TEXT, 0, _HINT_HEIGHT)
    painter.drawText(above, wrapped, invitation)
    bottom = painter.boundingRect(above, wrapped, invitation).bottom()
    painter.setFont(widget.font())
    below = QRectF(block)
    below.setTop(bottom + _HINT_GAP)
    below.setHeight(_HINT_HEIGHT)
    painter.drawText(below, wrapped, others)


def eraser_cursor(diameter: float, color: QColor) -> QCursor:
    """Return a ring as large as what the eraser takes."""
    side = round(diameter) + 4
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.5))
    painter.drawEllipse(QRectF(2, 2, side - 4, side - 4))
    painter.end()
    return QCursor(pixmap)
