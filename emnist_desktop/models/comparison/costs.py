"""What accuracy costs: the runs over the time to train, or over the size of the model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QLabel, QWidget

from emnist_desktop.ui.charts.scatter import Dot, Scatter
from emnist_desktop.ui.controls import tool_button
from emnist_desktop.ui.format import run_title, share_text, size_text, time_text
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.comparison.leaderboard import LeaderboardEntry

TIME, SIZE = 0, 1
"""What the axis below shows."""

_SECONDS = (0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0)
_BYTES = (1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10)


class CostPlot(QWidget):
    """A scatter plot and the switch above it.

    Signals
    -------
    dot_clicked : object
        Folder of a run.
    """

    dot_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[LeaderboardEntry] = ()
        self.scatter = Scatter()
        self.choice = QButtonGroup(self)
        for number, (text, tip) in enumerate(
            (
                (self.tr("time"), self.tr("Accuracy against the time to train")),
                (self.tr("size"), self.tr("Accuracy against the size of the model on disk")),
            )
        ):
            self.choice.addButton(tool_button(text, tip, checkable=True), number)
        label = QLabel(self.tr("Accuracy against"))
        row = hbox(label, *self.choice.buttons(), 1, spacing=SPACING // 2)
        self.choice.button(TIME).setChecked(True)
        self.setLayout(vbox(row, (self.scatter, 1), spacing=SPACING // 2))
        self.choice.idClicked.connect(self._show_dots)
        self.scatter.dot_clicked.connect(self.dot_clicked)

    def show_entries(self, entries: Sequence[LeaderboardEntry]) -> None:
        """Show other runs."""
        self._entries = entries
        self._show_dots()

    def choose(self, roots: Sequence[Path]) -> None:
        """Mark the runs that are compared, the first and the second."""
        self.scatter.choose(roots)

    @Slot()
    def _show_dots(self) -> None:
        by_size = self.choice.checkedId() == SIZE
        shown, amounts = (size_text, _BYTES) if by_size else (time_text, _SECONDS)
        dots = []
        for entry in self._entries:
            run = entry.run
            cost = float(entry.size_bytes or 0) if by_size else run.seconds
            if cost > 0 and run.accuracy is not None:
                tip = f"{run_title(run)}\n{share_text(run.accuracy)} · {shown(cost)}"
                dots.append(Dot(run.root, run_title(run), tip, cost, run.accuracy, run.interval))
        title = self.tr("size on disk") if by_size else self.tr("time to train")
        self.scatter.show_dots(dots, title, [(amount, shown(amount)) for amount in amounts])
