"""The text of a sheet as an editable field that follows the ink."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from emnist_desktop.ui.compat import override

_LINES = 3
_QUIET_MILLISECONDS = 700
"""A text that has rested so long is told to screen readers."""


class TextField(QPlainTextEdit):
    """Shows a text without moving the cursor, and tells what the user makes of it.

    Undo, redo, and copying without a selection are left to the actions of the tab.

    Signals
    -------
    edited : str
        The user has changed the text.
    edit_ended
        The user has left the field.
    """

    edited = Signal(str)
    edit_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheet-text")
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Text of the sheet"))
        self.setPlaceholderText(self.tr("What you write appears here, and can be edited"))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self.setFont(font)
        margins = round(2 * self.document().documentMargin()) + 8
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + margins)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MILLISECONDS)
        self._quiet.timeout.connect(self._announce)
        self.textChanged.connect(self._on_text_changed)

    def show_text(self, text: str) -> None:
        """Change what differs, so that cursor and selection stay."""
        old = self.toPlainText()
        if old == text:
            return
        first = 0
        while first < min(len(old), len(text)) and old[first] == text[first]:
            first += 1
        end = 0
        while end < min(len(old), len(text)) - first and old[-1 - end] == text[-1 - end]:
            end += 1
        before = self.textCursor()
        is_at_end, place = before.atEnd(), _units(old[:first])
        stays = before.position() == before.anchor() == place
        with QSignalBlocker(self):
            cursor = QTextCursor(self.document())
            cursor.setPosition(place)
            cursor.setPosition(_units(old[: len(old) - end]), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(text[first : len(text) - end])
        if is_at_end and not self.hasFocus():
            self.moveCursor(QTextCursor.MoveOperation.End)
        elif stays:
            before.setPosition(place)
            self.setTextCursor(before)
        if not self.hasFocus():
            self._quiet.start()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            keys = QKeySequence.StandardKey
            is_copying = event.matches(keys.Copy) and not self.textCursor().hasSelection()
            if is_copying or event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return False
        return super().event(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.edit_ended.emit()

    @Slot()
    def _on_text_changed(self) -> None:
        self.edited.emit(self.toPlainText())

    @Slot()
    def _announce(self) -> None:
        text = self.toPlainText()
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))


def _units(text: str) -> int:
    """Return the length of a text as Qt counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2
