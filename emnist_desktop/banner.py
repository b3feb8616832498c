"""A notice above a tab: a sentence, a hint, at most one action, and a way to put it away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from emnist_desktop.icons import ICON_SIZE, paint_icon, themed_icon
from emnist_desktop.style import SPACING
from trainer.errors import TrainerError


class _Sign(QWidget):
    """The triangle of a notice."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(22, 22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self.palette().color(QPalette.ColorRole.BrightText)
        paint_icon(painter, "warning", QRectF(self.rect()), color)
        painter.end()


class Banner(QFrame):
    """Hidden until it has something to say.

    Signals
    -------
    action_requested
        The button was clicked.
    """

    action_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._topic = ""
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.dismiss = QToolButton()
        self.dismiss.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.dismiss.setAutoRaise(True)
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dismiss.setAccessibleName(self.tr("Dismiss the notice"))
        self.dismiss.setToolTip(self.tr("Dismiss the notice"))
        self.dismiss.setIcon(themed_icon("close", self.palette()))
        self.action.clicked.connect(self.action_requested)
        self.dismiss.clicked.connect(self.hide_notice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(SPACING)
        layout.addWidget(_Sign())
        layout.addWidget(self._label, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty when hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_notice(self, sentence: str, hint: str = "", *, action: str = "", topic: str) -> None:
        """Say something; `action` names a button, `topic` what the notice is about."""
        text = f"{sentence}\n{hint}" if hint else sentence
        self._topic = topic
        self._label.setText(text)
        self.setAccessibleName(text)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.show()

    def show_error(self, error: Exception, sentence: str, *, topic: str) -> None:
        """Show what an error of the trainer says of itself, and for any other a sentence."""
        if isinstance(error, TrainerError):
            self.show_notice(error.message, error.hint, topic=topic)
        else:
            self.show_notice(sentence, topic=topic)

    def withdraw(self, topic: str) -> None:
        """Put the notice away if it is about `topic`."""
        if topic == self._topic:
            self.hide()

    @Slot()
    def hide_notice(self) -> None:
        """Put the notice away, whatever it is about."""
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.dismiss.setIcon(themed_icon("close", self.palette()))
        super().changeEvent(event)
