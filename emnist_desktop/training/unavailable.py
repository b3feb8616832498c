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
    return _of_edition(
        tr("This edition draws, reads and browses; it does not train. The full edition does."),
        tr("This installation draws, reads and browses; it does not train."),
    )


def no_curves_text() -> str:
    """Return why there are no curves where matplotlib is missing."""
    return _of_edition(
        tr("This edition draws no curves; the full edition does."),
        tr("Curves need matplotlib, which is not installed."),
    )


def _of_edition(executable: str, installation: str) -> str:
    """Return one of two sentences, with a hint where packages can be installed."""
    if is_executable():
        return executable
    return f"{installation} {error_text(missing_hint(_EXTRA))}"


def tr(text: str) -> str:
    """Return a text in the language; lupdate collects what is given to a function of this name."""
    return QCoreApplication.translate("NoTraining", text)


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
