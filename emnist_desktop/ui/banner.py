"""A message above a tab: a sentence, a hint, at most one action, and a dismiss button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.icons import ICON_SIZE, paint_icon, themed_icon
from emnist_desktop.ui.style import SPACING
from trainer.errors import TrainerError

_WARNING = "isWarning"
"""A property, for the style sheet."""


class _Sign(QWidget):
    """The triangle of a warning; a circle where nothing is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(22, 22))
        self._is_warning = True

    def show_warning(self, is_warning: bool) -> None:
        """Paint the triangle, or the circle."""
        self._is_warning = is_warning
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = QPalette.ColorRole.BrightText if self._is_warning else QPalette.ColorRole.Link
        name = "warning" if self._is_warning else "info"
        paint_icon(painter, name, QRectF(self.rect()), self.palette().color(role))
        painter.end()


class Banner(QFrame):
    """Hidden until there is a message.

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
        self._sign = _Sign()
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
        layout.addWidget(self._sign)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The message; empty when hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_notice(self, sentence: str, hint: str = "", *, action: str = "", topic: str) -> None:
        """Warn of something; `action` names a button, `topic` what the notice is about."""
        self._show(sentence, hint, action, topic, is_warning=True)

    def show_word(self, sentence: str, hint: str = "", *, action: str = "", topic: str) -> None:
        """Say that something was done as it was asked for, or is under way."""
        self._show(sentence, hint, action, topic, is_warning=False)

    def _show(self, sentence: str, hint: str, action: str, topic: str, *, is_warning: bool) -> None:
        text = "\n".join(filter(None, map(error_text, (sentence, hint))))
        self._topic = topic
        self._label.setText(text)
        self.setAccessibleName(text)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self._sign.show_warning(is_warning)
        self.setProperty(_WARNING, is_warning)
        self.style().unpolish(self)  # Qt looks at a property in a style sheet only when it polishes
        self.style().polish(self)
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

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.dismiss.setIcon(themed_icon("close", self.palette()))
        super().changeEvent(event)
