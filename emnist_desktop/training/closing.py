"""The question that is asked when the window closes while a run is under way."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget


class Closing(Enum):
    """What shall become of the run."""

    GO_ON = auto()
    PAUSE = auto()
    STAY = auto()
    """The window does not close."""


def ask_about_run(parent: QWidget) -> Closing:
    """Ask whether a run goes on, pauses, or keeps the window open."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Closing", text)

    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(tr("A run is under way"))
    box.setText(tr("Shall the training go on when the window is closed?"))
    box.setInformativeText(tr("A window that is opened later finds the run and can steer it."))
    go_on = box.addButton(tr("Let it run on"), QMessageBox.ButtonRole.AcceptRole)
    pause = box.addButton(tr("Pause it"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(go_on)
    box.exec()
    chosen = box.clickedButton()
    if chosen is pause:
        return Closing.PAUSE
    return Closing.GO_ON if chosen is go_on else Closing.STAY
