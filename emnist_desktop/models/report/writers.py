"""A line for each writer, the one whose hand is hardest first."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QWidget

from emnist_desktop.ui.controls import prepare_table
from emnist_desktop.ui.format import fill_in, interval_text, local, percent
from emnist_desktop.ui.table import fill
from trainer.evaluation.report.report import WriterFigures, writer_figures

_ROWS_SHOWN = 40
_ROW_HEIGHT = 25
_LARGEST_WIDTH = 760


class WriterTable(QTableWidget):
    """Accuracy of each writer, and what is confused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 5, parent)
        self.setHorizontalHeaderLabels(
            [
                self.tr("Writer"),
                self.tr("Samples"),
                self.tr("Accuracy"),
                self.tr("95 % interval"),
                self.tr("Mostly confused"),
            ]
        )
        prepare_table(self, self.tr("Figures of each writer"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMaximumWidth(_LARGEST_WIDTH)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)

    def show_figures(self, figures: dict[str, Any]) -> bool:
        """Show the writers of another report; return whether there are any."""
        rows = writer_figures(figures)
        fill(self, [(self._texts(row), None) for row in rows], right=(1, 2, 3))
        shown = min(len(rows), _ROWS_SHOWN)
        header = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(shown * _ROW_HEIGHT + header + 2)
        return bool(rows)

    def _texts(self, row: WriterFigures) -> tuple[str, ...]:
        read_as = self.tr("{0} as {1} ({2:,})")
        pairs = [
            fill_in(read_as, pair["true"], pair["predicted"], pair["count"])
            for pair in row["most_confused"]
        ]
        return (
            row["writer"],
            local(row["samples"]),
            percent(row["accuracy"]),
            interval_text(row["interval"]),
            ", ".join(pairs) or "–",
        )
