"""A notice above a tab: a sentence, at most one action, and a way to put it away."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget


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
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._action = QPushButton()
        self._close = QPushButton(self.tr("Dismiss"))
        self._action.clicked.connect(self.action_requested)
        self._close.clicked.connect(self.hide_notice)
        layout = QHBoxLayout(self)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self.hide_notice()

    @property
    def text(self) -> str:
        """What is said; empty when hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_notice(self, text: str, action: str = "") -> None:
        """Say something; `action` names a button."""
        self._label.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.show()

    @Slot()
    def hide_notice(self) -> None:
        """Put the notice away."""
        self.hide()
