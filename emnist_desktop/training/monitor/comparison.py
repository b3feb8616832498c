"""Several runs beside one another: their curves, accuracy against time, what differs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QTableWidget,
    QWidget,
)

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.trainer_process.history import History
from emnist_desktop.training.monitor.plots import color_figure
from emnist_desktop.ui.controls import caption
from emnist_desktop.ui.format import accuracy_text, local, run_title, time_text
from emnist_desktop.ui.layout import sheet, splitter, vbox
from emnist_desktop.ui.table import fill
from trainer.config.fields import FIELDS
from trainer.files.figures import plain
from trainer.runs.list_runs import RunSummary

_COLORS = ("#2f6fde", "#e0701a", "#2a9d5c", "#b04ad0", "#c9a400", "#d0404f", "#1aa5b8", "#7d8699")


class Comparison(QWidget):
    """Curves and a scatter above, a table of the settings that differ below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: Sequence[RunSummary] = ()
        self._histories: Sequence[History] = ()
        self.figure = Figure(layout="constrained")
        make_canvas: Any = FigureCanvasQTAgg  # matplotlib's canvas has no types
        self.canvas = make_canvas(self.figure)
        self.canvas.setAccessibleName(self.tr("Curves of the runs, and accuracy against time"))
        self.canvas.setMinimumHeight(160)
        self.table = QTableWidget()
        self.table.setAccessibleName(self.tr("Settings that differ"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.same = caption()
        below = sheet(vbox(self.same, self.table))
        self.setLayout(
            vbox(splitter(Qt.Orientation.Vertical, self.canvas, below, sizes=(1400, 1000)))
        )

    def show_runs(self, runs: Sequence[RunSummary], histories: Sequence[History]) -> None:
        """Compare runs; `histories` in the same order."""
        self._runs, self._histories = runs, histories
        self._draw()
        self._fill_table()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and self._runs:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self.figure.clear()
        palette = self.palette()
        ground = palette.color(QPalette.ColorRole.Base).name()
        text = palette.color(QPalette.ColorRole.Text).name()
        line = palette.color(QPalette.ColorRole.Mid).name()
        curves, scatter = self.figure.subplots(1, 2, width_ratios=(3, 2))
        for axes in (curves, scatter):
            axes.grid(visible=True, linewidth=0.5)
        color_figure(self.figure, palette)
        for index, (run, history) in enumerate(zip(self._runs, self._histories, strict=True)):
            color = _COLORS[index % len(_COLORS)]
            points = history.epoch_curve("validation_accuracy")
            curves.plot(
                points[:, 0],
                100 * points[:, 1],
                "o-",
                color=color,
                ms=3,
                label=plain(run_title(run)),
            )
            if run.accuracy is not None:
                low, high = run.interval or (run.accuracy, run.accuracy)
                error = [[100 * (run.accuracy - low)], [100 * (high - run.accuracy)]]
                scatter.errorbar(run.seconds, 100 * run.accuracy, error, fmt="o", color=color)
        curves.set_xlabel(self.tr("epochs"))
        curves.set_ylabel(self.tr("validation accuracy, %"))
        scatter.set_xlabel(self.tr("training time, s"))
        curves.legend(fontsize="small", facecolor=ground, edgecolor=line, labelcolor=text)
        self.canvas.draw_idle()

    def _fill_table(self) -> None:
        rows = [
            (self.tr("Validation accuracy (95 %)"), [accuracy_text(run) for run in self._runs]),
            (self.tr("Training time"), [time_text(run.seconds) for run in self._runs]),
            (self.tr("Best epoch"), [str(run.best_epoch or "–") for run in self._runs]),
            (self.tr("Parameters"), [local(run.parameters) for run in self._runs]),
        ]
        differing = differences([run.config for run in self._runs])
        self.same.setText(
            self.tr("Different settings: {0}").format(len(differing))
            if differing
            else self.tr("All settings are the same")
        )
        for name, values in differing.items():
            title = trainer_text(FIELDS[name].title) if name in FIELDS else name.replace("_", " ")
            rows.append((title, [_shown(value) for value in values]))
        self.table.clear()
        self.table.setColumnCount(len(self._runs))
        self.table.setHorizontalHeaderLabels([run_title(run) for run in self._runs])
        fill(self.table, ((cells, None) for _, cells in rows))
        self.table.setVerticalHeaderLabels([title for title, _ in rows])
        self.table.resizeColumnsToContents()


def differences(configs: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the settings in which the runs differ, each with the value of every run."""
    names = list(dict.fromkeys(name for config in configs for name in config))
    values = {name: [config.get(name) for config in configs] for name in names}
    return {n: found for n, found in values.items() if any(v != found[0] for v in found)}


def _shown(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
