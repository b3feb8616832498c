"""What the Errors page says while it has nothing to show: a sentence, a hint, one button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN, wrapped_label

_WIDTH = 460


class ErrorsPlaceholder(QWidget):
    """A sentence in the middle; below it how far the looking is, and the button that starts it.

    Parameters
    ----------
    start : QPushButton
    running : QWidget
        Shows progress, and can cancel.
    """

    def __init__(self, start: QPushButton, running: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = _centred(self.tr("What is to be known"))
        self.hint = _centred(self.tr("What can be done"))
        self.hint.setObjectName("caption")
        running.setMaximumWidth(_WIDTH)
        self.setLayout(
            vbox(
                1,
                self.sentence,
                self.hint,
                hbox(1, (running, 4), 1),
                hbox(1, start, 1),
                2,
                margins=MARGIN,
            )
        )

    def show_message(self, sentence: str, hint: str) -> None:
        """Say something, and what can be done about it."""
        self.sentence.setText(error_text(sentence))
        self.hint.setText(error_text(hint))
        self.hint.setVisible(bool(hint))


def _centred(name: str) -> QLabel:
    label = wrapped_label()
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setAccessibleName(name)
    return label
