"""What the tab shows while there is no run: one sentence, two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from emnist_desktop.style import SPACING

_WIDTH = 460


class FirstRun(QWidget):
    """Says how to begin.

    Signals
    -------
    quick_requested
        Set up the small network on the starter set.
    form_requested
        Show the form as it is.
    """

    quick_requested = Signal()
    form_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(
            self.tr(
                "Train a network of your own and watch it learn to read: the small one takes a "
                "few minutes on the starter set, which needs no network connection."
            )
        )
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(_WIDTH)
        self.quick = QPushButton(self.tr("Set up a small network on the starter set"))
        self.other = QPushButton(self.tr("Choose the model and the data"))
        self.quick.clicked.connect(self.quick_requested)
        self.other.clicked.connect(self.form_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addStretch(1)
        buttons.addWidget(self.quick)
        buttons.addWidget(self.other)
        buttons.addStretch(1)
        middle = QHBoxLayout()  # an aligned label would not get the height of its lines
        middle.addStretch(1)
        middle.addWidget(self.sentence)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(middle)
        layout.addSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addStretch(2)
