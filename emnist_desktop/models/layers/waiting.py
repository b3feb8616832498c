"""What the layers page shows while there is no model to look into."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from emnist_desktop.models.layers.view import wrapped_label
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.style import SPACING


class LayersPlaceholder(QWidget):
    """A sentence; a bar while a model is being opened; a button after it could not be.

    Signals
    -------
    again_requested
        The model shall be opened once more.
    """

    again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = wrapped_label()
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setMaximumSize(240, 6)
        self.busy.setAccessibleName(self.tr("The model is being opened"))
        self.again = push_button(self.tr("Try again"), self.tr("Open the model once more"))
        self.again.clicked.connect(self.again_requested)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addStretch(1)
        layout.addWidget(self.message)
        layout.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def show_message(self, text: str, *, is_busy: bool = False, is_over: bool = False) -> None:
        """Show a sentence."""
        self.message.setText(text)
        self.busy.setVisible(is_busy)
        self.again.setVisible(is_over)
