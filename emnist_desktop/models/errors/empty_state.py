"""What the Mistakes page says while it has nothing to show: a sentence, a hint, one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.style import MARGIN, SPACING

_WIDTH = 460


class Notice(QWidget):
    """A sentence in the middle; below it a button, or how far the looking is.

    Signals
    -------
    look_asked
        Measure the model on the data.
    cancel_asked
        End that.
    """

    look_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = _centred(self.tr("What is to be known"))
        self.hint = _centred(self.tr("What can be done"))
        self.hint.setObjectName("caption")
        self.look = QPushButton(self.tr("Look for mistakes"))
        self.look.setToolTip(self.tr("Let the model read every sample, and keep its report"))
        self.bar = QProgressBar()
        self.bar.setMaximumWidth(_WIDTH)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.look.clicked.connect(self.look_asked)
        self.cancel.clicked.connect(self.cancel_asked)
        self._lay_out()
        self.say("")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.look)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        bar = QHBoxLayout()
        bar.addStretch(1)
        bar.addWidget(self.bar, 4)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(SPACING)
        layout.addStretch(1)
        layout.addWidget(self.sentence)
        layout.addWidget(self.hint)
        layout.addLayout(bar)
        layout.addLayout(buttons)
        layout.addStretch(2)

    def say(self, sentence: str, hint: str = "", *, can_look: bool = False) -> None:
        """Say something; with a button if looking for mistakes can help."""
        self.sentence.setText(error_text(sentence))
        self.hint.setText(error_text(hint))
        self.hint.setVisible(bool(hint))
        self.look.setVisible(can_look)
        self.bar.hide()
        self.cancel.hide()

    def show_progress(self, done: int, total: int, phase: str) -> None:
        """Say how far the looking is."""
        self.sentence.setText(error_text(phase))
        self.hint.hide()
        self.look.hide()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.show()
        self.cancel.show()


def _centred(name: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setAccessibleName(name)
    return label
