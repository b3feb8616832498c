"""Which page of the tab is shown, and what the queue does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.ui.format import status_text
from emnist_desktop.ui.style import SPACING
from trainer.runs.list_runs import Status


class PageBar(QWidget):
    """Three buttons, of which one is down, and a word about the queue.

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
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        self.new_run, self.watch, self.runs = (
            self._button(text, tip)
            for text, tip in (
                (self.tr("New run"), self.tr("Choose the data and the model, and start")),
                (self.tr("Watch"), self.tr("See how the run learns")),
                (self.tr("Runs"), self.tr("All runs: compare them, use one, delete one")),
            )
        )
        for button in (self.new_run, self.watch, self.runs):
            row.addWidget(button)
        row.addStretch(1)
        self.queue_text = QLabel()
        self.queue_text.setObjectName("caption")
        row.addWidget(self.queue_text)
        self.instead = QLabel(instead)
        self.instead.setWordWrap(True)
        self.instead.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        (self.new_run if instead else self.instead).hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addLayout(row)
        column.addWidget(self.instead)

    def show_queue(self, training: Sequence[str], waiting: int) -> None:
        """Say which runs, by their titles, are trained, and how many wait."""
        texts = []
        if training:
            texts.append(f"{', '.join(training)}: {status_text(Status.RUNNING)}")
        if waiting:
            texts.append(self.tr("{0} waiting").format(waiting))
        self.queue_text.setText(" · ".join(texts))

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        self._group.addButton(button)
        button.clicked.connect(self._on_clicked)
        return button

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit()
