"""A dataset in the list: its texts, and how they are painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from emnist_desktop.ui.compat import override
from emnist_desktop.ui.format import fill_in, local, size_text, split_text, time_text
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry, Kind

ENTRY = int(Qt.ItemDataRole.UserRole)
"""Role of the `CatalogEntry` of an item."""

_PADDING = 5
_DOT = 8.0
_INDENT = 22


class EntryTexts(QObject):
    """Puts entries and progress into words."""

    def state(self, entry: CatalogEntry) -> str:
        """Return the second line of an entry: whether it is here, and how much it is."""
        if entry.error:
            return self.tr("damaged")
        total = sum(entry.counts.values())
        if entry.is_present and entry.kind is Kind.SAMPLES:
            drawn = sum(any(column) for column in zip(*entry.class_counts.values(), strict=True))
            text = self.tr("{0:,} · characters: {1} · {2}")
            return fill_in(text, total, drawn, size_text(entry.disk_bytes))
        if entry.is_present:
            text = self.tr("{0:,} · {1} classes · {2}")
            return fill_in(text, total, entry.classes, size_text(entry.disk_bytes))
        if entry.kind is Kind.SAMPLES:
            return self.tr("none yet: confirm what you draw")
        if entry.kind is Kind.STARTER:
            return fill_in(self.tr("{0:,} · {1} classes · to make"), total, entry.classes)
        text = self.tr("{0:,} · {1} classes · ↓ {2}")
        return fill_in(text, total, entry.classes, size_text(entry.download_bytes))

    def summary(self, entry: CatalogEntry) -> str:
        """Return an entry in one line."""
        here = self.tr("on this computer") if entry.is_present else self.tr("not here")
        return f"{entry.title}, {here}, {self.state(entry)}"

    def description(self, entry: CatalogEntry) -> str:
        """Return what an entry is, and its splits."""
        splits = ", ".join(f"{split_text(name)} {local(n)}" for name, n in entry.counts.items())
        return "\n".join(filter(None, (entry.description, splits)))

    def progress(self, progress: TransferProgress) -> str:
        """Return how far work is, how fast, and how long it will still take."""
        phase = {
            "download": self.tr("Fetching"),
            "store": self.tr("Storing"),
            "make": self.tr("Making"),
        }.get(progress.phase, progress.phase)
        is_bytes = progress.unit == "bytes"
        done = self._amount(progress.done, is_bytes=is_bytes)
        text = f"{phase}: {done}"
        if progress.total:
            total = self._amount(progress.total, is_bytes=is_bytes)
            text = self.tr("{0}: {1} of {2}").format(phase, done, total)
        if progress.rate > 0:
            text += self.tr(" · {0}/s").format(self._amount(progress.rate, is_bytes=is_bytes))
        if progress.seconds_left is not None:
            text += self.tr(" · {0} left").format(time_text(progress.seconds_left))
        return text

    def _amount(self, value: float, *, is_bytes: bool) -> str:
        return size_text(value) if is_bytes else local(value, ",.0f")


class EntryDelegate(QStyledItemDelegate):
    """Paints entries; a full dot is a dataset that is here."""

    def __init__(self, texts: EntryTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = texts

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(160, 2 * option.fontMetrics.height() + 2 * _PADDING)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
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
