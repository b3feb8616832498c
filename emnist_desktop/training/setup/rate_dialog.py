"""A sweep of the learning rate: the loss at rising rates, and a suggestion for the form."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from emnist_desktop.trainer_process.command_dialog import CommandDialog
from emnist_desktop.ui.charts.axis import Axis, round_ticks
from emnist_desktop.ui.charts.chart import Chart
from emnist_desktop.ui.charts.plot import Line
from emnist_desktop.ui.colors import BLUE, ORANGE
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import caption, push_button
from emnist_desktop.ui.format import local
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.task import failure_text
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile
from trainer.files.records import decode

_DIGITS = ".2g"
"""Of a suggested rate: the sweep knows no more."""

_ROOM = 0.05
_MOST_MARKS = 5


class RateDialog(CommandDialog):
    """Sweeps beside the window, as soon as it is shown.

    Parameters
    ----------
    config : TrainingConfig
        Of a network; its rate and schedule are not used.
    profile : Profile

    Signals
    -------
    rate_chosen : float
        The suggestion: it is to be used.
    """

    rate_chosen = Signal(float)

    def __init__(
        self, config: TrainingConfig, profile: Profile, parent: QWidget | None = None
    ) -> None:
        super().__init__(profile, parent)
        self.setWindowTitle(self.tr("Find a learning rate"))
        self.resize(620, 460)
        self._suggestion: float | None = None
        self._folder = TemporaryDirectory()
        self.chart = Chart()
        self.chart.empty_text = self.tr("The curve stands here when the sweep is over.")
        self.chart.setAccessibleName(self.tr("Loss at rising learning rates"))
        self.use = push_button(self.tr("&Use it"), self.tr("Put the suggestion into the form"))
        self.use.setEnabled(False)
        self.use.clicked.connect(self._on_use_clicked)
        self._lay_out()
        self._sweep(config)

    def shutdown(self) -> None:
        """Remove what the command has read; the command itself ends with the dialog."""
        self._folder.cleanup()

    def _sweep(self, config: TrainingConfig) -> None:
        file = Path(self._folder.name) / "config.json"
        try:
            file.write_text(config.to_json(), encoding="utf-8")
        except OSError as error:
            self.show_state()
            self.message.setText(failure_text(error))
            return
        self.start(["lr-find", "--config", str(file)])

    @override
    def show_answer(self, answer: dict[str, Any]) -> None:
        rates = decode(tuple[float, ...], answer.get("rates"))
        losses = decode(tuple[float, ...], answer.get("losses"))
        found = answer.get("suggestion")
        if found is None:
            self.message.setText(self.tr("The loss never falls: look at the data and the network."))
        else:
            self._suggestion = float(f"{decode(float, found):{_DIGITS}}")
            text = self.tr("Suggestion: {0}, where the loss falls fastest.")
            self.message.setText(text.format(local(self._suggestion, _DIGITS)))
            self.use.setEnabled(True)
        self._show_curve(list(zip(rates, losses, strict=False)))

    def _show_curve(self, curve: list[tuple[float, float]]) -> None:
        points = [(rate, loss) for rate, loss in curve if rate > 0 and math.isfinite(loss)]
        if len(points) < 2:
            return
        low, high = points[0][0], points[-1][0]
        powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        marks = tuple((10.0**power, local(10.0**power, "g")) for power in powers)
        x = Axis(self.tr("Learning rate"), low, high, marks, is_log=True)
        losses = [loss for _, loss in points]
        room = _ROOM * (max(losses) - min(losses)) or _ROOM
        bottom, top = min(losses) - room, max(losses) + room
        ticks = round_ticks(bottom, top, _MOST_MARKS)
        y = Axis(self.tr("Loss"), bottom, top, tuple((tick, local(tick, "g")) for tick in ticks))
        series = [Line(points, BLUE)]
        if self._suggestion is not None:
            ends = [(self._suggestion, bottom), (self._suggestion, top)]
            series.append(Line(ends, ORANGE, style=Qt.PenStyle.DashLine))
        self.chart.show_series(x, y, series)

    @Slot()
    def _on_use_clicked(self) -> None:
        if self._suggestion is not None:
            self.rate_chosen.emit(self._suggestion)
        self.accept()

    def _lay_out(self) -> None:
        about = caption(
            self.tr(
                "A hundred batches at rising rates, whose weights are forgotten. A good rate is "
                "where the loss falls fastest, well before it rises (Smith 2017)."
            )
        )
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        parts = (about, (self.chart, 1), self.bar, self.message, hbox(1, self.use, close))
        self.setLayout(vbox(*parts, margins=MARGIN))
