"""Which page of the tab is shown, and what the queue does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QToolButton,
    QWidget,
)

from emnist_desktop.ui.controls import caption, tool_button
from emnist_desktop.ui.format import status_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.runs.list_runs import Status


class PageBar(QWidget):
    """Three exclusive buttons, and the state of the queue.

    Parameters
    ----------
    instead : str
        What is said below the buttons by a program that cannot train, which has no New run.

    Signals
    -------
    chosen
        Another button is down.
    """

    chosen = Signal()

    def __init__(self, instead: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.new_run = self._button(
            self.tr("New run"), self.tr("Choose the data and the model, and start")
        )
        self.watch = self._button(self.tr("Watch"), self.tr("See how the run learns"))
        self.runs = self._button(
            self.tr("Runs"), self.tr("All runs: compare them, use one, delete one")
        )
        self.queue_text = caption()
        self.queue_text.setWordWrap(False)
        self.instead = QLabel(instead)
        self.instead.setWordWrap(True)
        self.instead.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        (self.new_run if instead else self.instead).hide()
        row = hbox(*self._group.buttons(), 1, self.queue_text, spacing=SPACING // 2)
        self.setLayout(vbox(row, self.instead))
        self._group.buttonClicked.connect(self.chosen)

    def show_queue(self, training: Sequence[str], waiting: int) -> None:
        """Show the titles of the runs that train, and how many wait."""
        texts = []
        if training:
            texts.append(f"{', '.join(training)}: {status_text(Status.RUNNING)}")
        if waiting:
            texts.append(self.tr("{0} waiting").format(waiting))
        self.queue_text.setText(" · ".join(texts))

    def _button(self, text: str, tip: str) -> QToolButton:
        button = tool_button(text, tip, checkable=True)
        self._group.addButton(button)
        return button
