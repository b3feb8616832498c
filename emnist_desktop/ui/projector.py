"""A full screen for a projector: large type, one thing; F11 or Esc ends it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from emnist_desktop.ui.compat import override

_TRIAL_PIXELS = 100
_FILLED = 0.9
_HINT_MILLISECONDS = 5000


class BigText(QWidget):
    """A line of text as large as its room allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.text = ""

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.text = text
        self.setAccessibleName(text)
        self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 24)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text:
            return
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(_TRIAL_PIXELS)
        metrics = QFontMetricsF(font)
        room = QRectF(self.rect())
        share = min(
            room.width() / max(1.0, metrics.horizontalAdvance(self.text)),
            room.height() / metrics.height(),
        )
        font.setPixelSize(max(1, int(_FILLED * share * _TRIAL_PIXELS)))
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()


class Projector(QWidget):
    """A window of its own that fills the screen, and says for some seconds how to leave it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.hint = QLabel(self.tr("F11 or Esc ends the projector view"), self)
        self.hint.setObjectName("hint")
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        QTimer.singleShot(_HINT_MILLISECONDS, self.hint, self.hint.hide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint at the lower edge."""
        super().resizeEvent(event)
        self.hint.adjustSize()
        self.hint.move((self.width() - self.hint.width()) // 2, self.height() - 60)
        self.hint.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with F11 or Esc."""
        if event.key() in (Qt.Key.Key_F11, Qt.Key.Key_Escape):
            self.close()
        else:
            super().keyPressEvent(event)
