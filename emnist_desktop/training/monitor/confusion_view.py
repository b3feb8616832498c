"""The confusion matrix of every epoch, with a way back, and its worst pairs in words."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSlider, QWidget

from emnist_desktop.trainer_process.history import History
from emnist_desktop.ui.charts.confusion_matrix import worst_pairs
from emnist_desktop.ui.charts.confusion_panel import ConfusionPanel
from emnist_desktop.ui.controls import centred_caption
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.runs.list_runs import growth_of


class ConfusionView(ConfusionPanel):
    """Follows the newest epoch until the slider is moved back.

    Signals
    -------
    cell_chosen : int, int, int
        Epoch, true and predicted class of a cell that was clicked.
    """

    cell_chosen = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._epochs: list[int] = []
        self._is_stale = False
        self.nothing = centred_caption(
            self.tr("The confusion matrix appears with the first results.")
        )
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setToolTip(self.tr("Go back through the epochs"))
        self.slider.setAccessibleName(self.tr("Epoch of the matrix"))
        self.epoch = QLabel()
        choices = hbox((self.unit, 1), (self.order, 1))
        back = hbox((self.slider, 1), self.epoch)
        centre = (choices, (self.matrix, 1), (self.nothing, 1))
        self.setLayout(vbox(*centre, self.hovered, back, self.pairs, spacing=SPACING // 2))
        self.slider.valueChanged.connect(self.show_matrix)
        self.refresh()

    def show_history(self, history: History) -> None:
        """Show another run, at its latest epoch."""
        self._history = history
        self._epochs = []
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the latest epochs; while hidden, wait until shown."""
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        epochs = sorted(self._history.matrices)
        if epochs != self._epochs:
            was_newest = self.slider.value() >= len(self._epochs) - 1
            self._epochs = epochs
            with QSignalBlocker(self.slider):
                self.slider.setRange(0, max(len(epochs) - 1, 0))
                if was_newest:
                    self.slider.setValue(len(epochs) - 1)
            self.show_matrix()
        elif not epochs:
            self.show_matrix()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    @Slot()
    def show_matrix(self) -> None:
        """Show the epoch that the slider is at."""
        is_there = bool(self._epochs)
        for widget in (self.matrix, self.unit, self.order, self.pairs, self.hovered):
            widget.setVisible(is_there)
        self.slider.setVisible(len(self._epochs) > 1)
        self.epoch.setVisible(len(self._epochs) > 1)
        self.nothing.setVisible(not is_there)
        if not is_there:
            return
        epoch = self._epochs[self.slider.value()]
        counts = self._history.matrices[epoch]
        self.show_counts(counts, self._history.alphabet)
        started = self._history.started
        is_classic = started is not None and growth_of({"preset": started.preset}, 1) is not None
        text = self.tr("step {0} of {1}") if is_classic else self.tr("epoch {0} of {1}")
        self.epoch.setText(text.format(epoch, self._epochs[-1]))
        self.pairs.setText(
            " &nbsp; ".join(
                f'<a href="{true}-{predicted}">{self._unbroken(true, predicted)}</a>'
                for true, predicted in worst_pairs(counts)
            )
            or self.tr("No errors on the validation data.")
        )

    def _unbroken(self, true: int, predicted: int) -> str:
        return escape(self.matrix.text_of(true, predicted)).replace(" ", "&nbsp;")

    @Slot(int, int)
    def choose_cell(self, true: int, predicted: int) -> None:
        """Emit `cell_chosen` for the epoch that is shown."""
        self.cell_chosen.emit(self._epochs[self.slider.value()], true, predicted)
