"""The leaderboard as a table's model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.format import (
    interval_text,
    parameters_text,
    run_title,
    share_text,
    size_text,
    speed_text,
    time_text,
)
from trainer.comparison.leaderboard import LeaderboardEntry

SORT_ROLE = Qt.ItemDataRole.UserRole
"""What rows are sorted by: amounts, not their texts."""

VALIDATION = 3
"""Column by which the table is sorted at first."""

_FIRST_AMOUNT = 3
_Index = QModelIndex | QPersistentModelIndex


class LeaderboardModel(QAbstractTableModel):
    """A row a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[LeaderboardEntry] = []
        self._columns = (
            (self.tr("Run"), self.tr("Its name in the Training tab")),
            (self.tr("Model"), self.tr("The preset that was trained")),
            (self.tr("Dataset"), self.tr("What it learnt from")),
            (self.tr("Validation"), self.tr("Accuracy on the samples that it chose by")),
            (self.tr("Test"), self.tr("Accuracy on samples that nothing was chosen by")),
            (self.tr("Time to train"), self.tr("All epochs, their validations included")),
            (self.tr("Parameters"), self.tr("Trained numbers; classic models have none")),
            (self.tr("Size"), self.tr("Of the model on disk")),
            (self.tr("An image"), self.tr("Time to read one, where it was measured")),
            (self.tr("Seed"), self.tr("Start of its random numbers")),
        )

    def show_entries(self, entries: Sequence[LeaderboardEntry]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title, or what it means."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section][0]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self._columns[section][1]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        entry, column = self.entries[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(entry)[column]
        if role == SORT_ROLE:
            return self._keys(entry)[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= _FIRST_AMOUNT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry)
        return None

    def _texts(self, entry: LeaderboardEntry) -> tuple[str, ...]:
        run = entry.run
        mark = " *" if run.chosen_after else ""
        return (
            run_title(run),
            run.preset,
            run.dataset,
            share_text(run.accuracy),
            share_text(entry.test) + mark,
            time_text(run.seconds),
            parameters_text(entry),
            size_text(entry.size_bytes),
            speed_text(entry.microseconds),
            str(run.seed),
        )

    @staticmethod
    def _keys(entry: LeaderboardEntry) -> tuple[str | float, ...]:
        run = entry.run
        return (
            run_title(run).lower(),
            run.preset,
            run.dataset.lower(),
            -1.0 if run.accuracy is None else run.accuracy,
            -1.0 if entry.test is None else entry.test,
            run.seconds,
            run.parameters,
            -1 if entry.size_bytes is None else entry.size_bytes,
            -1.0 if entry.microseconds is None else entry.microseconds,
            run.seed,
        )

    def _tip(self, entry: LeaderboardEntry) -> str:
        run = entry.run
        lines = [run_title(run)]
        for text, value, interval in (
            (self.tr("Validation {0}, 95 %: {1}"), run.accuracy, run.interval),
            (self.tr("Test {0}, 95 %: {1}"), entry.test, entry.test_interval),
        ):
            if value is not None:
                lines.append(text.format(share_text(value), interval_text(interval)))
        if run.chosen_after:
            text = self.tr("* Its settings were changed after the test accuracy of {0} was seen.")
            lines.append(text.format(run.chosen_after))
        if run.note:
            lines.append(run.note)
        return "\n".join(lines)
