"""A report from top to bottom: figures, confusion, confidence, classes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from emnist_desktop.models.report.classes import ClassTable
from emnist_desktop.models.report.confidence import (
    ConfidenceChart,
    CoverageChart,
    ReliabilityChart,
)
from emnist_desktop.models.report.confusion import ReportConfusion
from emnist_desktop.models.report.metric_cards import MetricCards, metrics_of
from emnist_desktop.models.report.writers import WriterTable
from emnist_desktop.ui.controls import bold, caption
from emnist_desktop.ui.format import percent
from emnist_desktop.ui.layout import sheet, turn, vbox
from emnist_desktop.ui.style import MARGIN, SPACING, wrapped_label

_LEAST_WIDTH = 280
_SIDE_BY_SIDE = 560
"""The width from which the two charts stand beside one another."""


class ReportView(QWidget):
    """All parts of a report.

    Signals
    -------
    errors_requested : object
        Names of the true and the predicted class whose samples shall be shown; either is None
        for any.
    """

    errors_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = MetricCards()
        self.confusion = ReportConfusion()
        self.reliability = ReliabilityChart()
        self.coverage = CoverageChart()
        self.classes = ClassTable()
        self.averages = caption()
        self.writers = WriterTable()
        self._of_writers = sheet(
            vbox(_heading(self.tr("Each writer: whose hand is hard?")), self.writers)
        )
        self._charts = vbox(spacing=MARGIN)
        self._lay_out()
        self.confusion.pair_chosen.connect(self._on_pair_chosen)
        self.classes.class_chosen.connect(self._on_pair_chosen)

    def show_figures(self, figures: dict[str, Any]) -> None:
        """Show another report."""
        self.cards.show_metrics(metrics_of(figures))
        self.confusion.show_figures(figures)
        self.reliability.show_bins(figures["reliability"])
        self.coverage.show_curve(figures["coverage"])
        self.classes.show_figures(figures)
        self._of_writers.setVisible(self.writers.show_figures(figures))
        macro = self.tr("Macro average, every class alike: precision {0}, recall {1}, F1 {2}.")
        weighted = self.tr("Weighted by samples: precision {0}, recall {1}, F1 {2}.")
        keys = ("precision", "recall", "f1")
        self.averages.setText(
            "\n".join(
                text.format(*(percent(figures[name][key]) for key in keys))
                for name, text in (("macro", macro), ("weighted", weighted))
            )
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the charts beside or below one another."""
        super().resizeEvent(event)
        turn(self._charts, is_wide=event.size().width() >= _SIDE_BY_SIDE)

    def minimumSizeHint(self) -> QSize:
        """Return the least width, which has everything below one another."""
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        self._add_chart(
            self.reliability,
            self.tr(
                "Bars that end on the dashed line: of what it is 80 % sure of, 80 % is right. "
                "Below the line it is too sure of itself, above it too modest."
            ),
        )
        self._add_chart(
            self.coverage,
            self.tr(
                "How many of the other answers are right when those that it is least sure of are "
                "set aside, for a person to look at."
            ),
        )
        self.setLayout(
            vbox(
                self.cards,
                _heading(self.tr("What is read as what")),
                self.confusion,
                _heading(self.tr("Does it know when it is right?")),
                self._charts,
                _heading(self.tr("Each class")),
                self.averages,
                self.classes,
                self._of_writers,
                1,
                margins=(0, 0, SPACING, MARGIN),
            )
        )

    def _add_chart(self, chart: ConfidenceChart, words: str) -> None:
        values = wrapped_label()
        values.setText(" ")
        values.setMinimumHeight(2 * values.fontMetrics().lineSpacing())
        values.setAlignment(Qt.AlignmentFlag.AlignTop)
        chart.setAccessibleDescription(words)
        chart.setToolTip(self.tr("Point at it, or walk with the arrow keys, to see its values"))
        chart.described.connect(values.setText)
        column = vbox(caption(words), chart, values, spacing=SPACING // 2)
        self._charts.addLayout(column, 1)

    @Slot(str, str)
    def _on_pair_chosen(self, true: str, predicted: str) -> None:
        self.errors_requested.emit((true, predicted or None))


def _heading(text: str) -> QLabel:
    heading = bold(QLabel(text))
    heading.setContentsMargins(0, MARGIN, 0, 0)
    return heading
