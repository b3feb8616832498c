"""The charts of a cross-validation and of a learning curve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from emnist_desktop.ui.charts.axis import Axis, accuracy_axis, round_ticks
from emnist_desktop.ui.charts.chart import Chart
from emnist_desktop.ui.charts.plot import Band, Dots, Line, Series, Spans
from emnist_desktop.ui.colors import BLUE, ORANGE
from emnist_desktop.ui.format import local

_MOST_EPOCHS = 8


class FoldsChart(Chart):
    """A dot for each fold, the mean as a line, one standard deviation to each side shaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Accuracy of each fold, with mean and standard deviation"))
        self.empty_text = self.tr(
            "A dot for each part of the data appears here when the training without it is done."
        )

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what is known of a cross-validation."""
        runs = record["runs"]
        folds = [
            (int(run["fold"]), float(run["accuracy"])) for run in runs if run["state"] == "finished"
        ]
        mean, sd = record["mean"], record["sd"] or 0.0
        ends = 0.5, len(runs) + 0.5
        shown, series = [accuracy for _, accuracy in folds], list[Series]()
        if mean is not None:
            shown += [mean - sd, mean + sd]
            series.append(Band(mean - sd, mean + sd, ORANGE))
            line = [(end, mean) for end in ends]
            series.append(Line(line, ORANGE, 2.0, Qt.PenStyle.DashLine))
        series.append(Dots(folds, BLUE))
        marks = tuple((fold, str(fold)) for fold, _ in folds)
        x = Axis(self.tr("part that was set aside"), *ends, marks, has_lines=False)
        self.show_series(x, accuracy_axis(shown), series if folds else ())
        self.setAccessibleDescription(
            ", ".join(f"{fold}: {local(accuracy, '.2%')}" for fold, accuracy in folds)
        )


class EpochsChart(Chart):
    """Validation accuracy after each epoch, a line for each fold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Validation accuracy of each fold, epoch by epoch"))
        self.empty_text = self.tr("A line for each part of the data grows here, epoch by epoch.")

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what is known of a cross-validation."""
        curves = [
            [(int(epoch), float(accuracy)) for epoch, _, accuracy in run["epochs"]]
            for run in record["runs"]
            if run["epochs"]
        ]
        last = max((curve[-1][0] for curve in curves), default=1)
        epochs = dict.fromkeys(round(tick) for tick in round_ticks(1, last, _MOST_EPOCHS))
        marks = tuple((epoch, str(epoch)) for epoch in epochs)
        x = Axis(self.tr("epochs"), 1, last, marks, has_lines=False, margin=8)
        series: list[Series] = []
        for curve in curves:
            series.append(Line(curve, BLUE, 1.6, opacity=0.8))
            series.append(Dots(curve[-1:], BLUE, 3.2, rim=None))
        y = accuracy_axis(accuracy for curve in curves for _, accuracy in curve)
        self.show_series(x, y, series)


class SizesChart(Chart):
    """Accuracy against the number of training samples, on a logarithmic scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Accuracy against the number of training samples"))
        self.empty_text = self.tr(
            "Accuracy against the number of samples appears here, a point for each size."
        )

    def show_record(self, record: Mapping[str, Any]) -> None:
        """Show what is known of a learning curve."""
        means = [
            (int(point["size"]), float(point["mean"]), float(point["sd"] or 0.0))
            for point in record["points"]
            if point["mean"] is not None
        ]
        dots = [
            (int(run["size"]), float(run["accuracy"]))
            for run in record["runs"]
            if run["state"] == "finished"
        ]
        spans = [(size, mean - sd, mean + sd) for size, mean, sd in means]
        ends = (means[0][0], means[-1][0]) if means else (1, 1)
        marks = tuple((size, local(size)) for size, _, _ in means)
        self.show_series(
            Axis(
                self.tr("samples to train on"),
                *ends,
                marks,
                is_log=True,
                has_lines=False,
                margin=14,
            ),
            accuracy_axis([*(a for _, a in dots), *(end for span in spans for end in span[1:])]),
            [
                Line([(size, mean) for size, mean, _ in means], BLUE),
                Spans(spans, BLUE, 2.0),
                Dots(dots, BLUE, 3.5),
            ]
            if means
            else (),
        )
        self.setAccessibleDescription(
            ", ".join(f"{local(size)}: {local(mean, '.2%')}" for size, mean, _ in means)
        )
