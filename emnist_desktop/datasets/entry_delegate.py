"""How a dataset looks in the list: its title, and a line on whether it is here."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from emnist_desktop.datasets.progress import ProgressTexts
from trainer.datasets.entry import CatalogEntry

ENTRY = int(Qt.ItemDataRole.UserRole)
"""Role of the `CatalogEntry` of an item."""

_PADDING = 5
_DOT = 8.0
_INDENT = 22


class EntryDelegate(QStyledItemDelegate):
    """Paints entries; a full dot is a dataset that is here."""

    def __init__(self, texts: ProgressTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of two lines."""
        return QSize(160, 2 * option.fontMetrics.height() + 2 * _PADDING)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint an entry."""
        entry: CatalogEntry = index.data(ENTRY)
        rect, palette = option.rect, option.palette
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        roles = QPalette.ColorRole
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(roles.Highlight))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 5, 5)
        text = roles.HighlightedText if is_selected else roles.Text
        faint = roles.HighlightedText if is_selected else roles.PlaceholderText
        half = rect.height() / 2
        painter.setPen(palette.color(roles.BrightText if entry.error else faint))
        painter.setBrush(palette.color(faint) if entry.is_present else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(rect.left() + 7, rect.top() + 9, _DOT, _DOT))
        room = QRectF(rect).adjusted(_INDENT, _PADDING - 2, -_PADDING, -half)
        font = QFont(option.font)
        font.setBold(entry.is_present)
        painter.setFont(font)
        painter.setPen(palette.color(text))
        painter.drawText(
            room, Qt.AlignmentFlag.AlignVCenter, self._elided(painter, entry.title, room)
        )
        room.translate(0, half - _PADDING + 1)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(palette.color(faint))
        line = self._elided(painter, self._texts.state(entry), room)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()

    def _elided(self, painter: QPainter, text: str, room: QRectF) -> str:
        metrics = painter.fontMetrics()
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
