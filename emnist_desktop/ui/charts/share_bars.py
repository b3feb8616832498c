"""Probabilities as bars below one another, the true class marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from emnist_desktop.ui.colors import WRONG
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import probability_text
from emnist_desktop.ui.style import SPACING

_GAP = 6


@dataclass(frozen=True)
class ShareBar:
    """A class by name, its probability from 0 to 1, and whether it is the true one."""

    name: str
    share: float
    is_true: bool = False


class ShareBars(QWidget):
    """A name, a bar and a percentage in each line.

    Parameters
    ----------
    name : str
        Accessible name.
    least_lines : int
        Lines that always have room.
    """

    def __init__(self, name: str, least_lines: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least_lines = least_lines
        self.bars: tuple[ShareBar, ...] = ()
        """What is shown, from top to bottom."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_bars(self, bars: Sequence[ShareBar]) -> None:
        """Show other bars."""
        self.bars = tuple(bars)
        texts = (f"{bar.name} {probability_text(bar.share)}" for bar in bars)
        self.setAccessibleDescription(", ".join(texts))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        lines = max(self._least_lines, len(self.bars))
        return QSize(224, lines * self._line() - _GAP)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def _line(self) -> int:
        return self.fontMetrics().height() + _GAP

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, most = self.fontMetrics(), self.width() // 3
        elide = Qt.TextElideMode.ElideRight
        names = [metrics.elidedText(bar.name, elide, most) for bar in self.bars]
        left = max(map(metrics.horizontalAdvance, names), default=0) + SPACING
        true = self.tr("true")
        right = metrics.horizontalAdvance(f"{probability_text(1)}  {true}") + SPACING
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, (name, bar) in enumerate(zip(names, self.bars, strict=True)):
            line = QRectF(0, row * self._line(), self.width(), metrics.height())
            self._paint_bar(painter, line.adjusted(left, 3, -right, -3), bar)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(line, middle, name)
            text = probability_text(bar.share)
            beside = line.adjusted(line.width() - right + SPACING, 0, 0, 0)
            painter.drawText(beside, middle, f"{text}  {true}" if bar.is_true else text)
        painter.end()

    def _paint_bar(self, painter: QPainter, room: QRectF, bar: ShareBar) -> None:
        palette = self.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(room, 3, 3)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight) if bar.is_true else WRONG)
        room.setWidth(max(2.0, room.width() * min(1.0, bar.share)))
        painter.drawRoundedRect(room, 3, 3)
