"""Messages and placeholders where the packages for training or plotting are missing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.trainer_process.history import History
from trainer.processes.launch import is_executable, missing_hint

_EXTRA = "train"


def no_training_text() -> str:
    """Return what this program does instead of training, and which one trains."""
    if is_executable():
        return QCoreApplication.translate(
            "NoTraining",
            "This edition draws, reads and browses; it does not train. The full edition does.",
        )
    sentence = QCoreApplication.translate(
        "NoTraining", "This installation draws, reads and browses; it does not train."
    )
    return f"{sentence} {error_text(missing_hint(_EXTRA))}"


def no_curves_text() -> str:
    """Return why there are no curves where matplotlib is missing."""
    if is_executable():
        return QCoreApplication.translate(
            "NoTraining", "This edition draws no curves; the full edition does."
        )
    sentence = QCoreApplication.translate(
        "NoTraining", "Curves need matplotlib, which is not installed."
    )
    return f"{sentence} {error_text(missing_hint(_EXTRA))}"


class NoCurves(QLabel):
    """Placeholder for the curves of a run, with the reason why there are none."""

    def __init__(self, reason: str, parent: QWidget | None = None) -> None:
        super().__init__(reason, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setObjectName("caption")

    def show_history(self, history: History) -> None:
        """Do nothing: there is nothing to draw."""

    def refresh(self) -> None:
        """Show what has come since: there is nothing to draw."""
