"""The confusion matrix of every epoch, with a way back, and its worst pairs in words."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from emnist_desktop.trainer_process.history import History
from emnist_desktop.ui.charts.confusion_matrix import ConfusionMatrix, Unit, worst_pairs
from emnist_desktop.ui.style import SPACING


class ConfusionView(QWidget):
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
        self.matrix = ConfusionMatrix()
        self.nothing = QLabel(self.tr("The confusion matrix appears after the first epoch."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setObjectName("caption")
        self.unit = QComboBox()
        for unit, text in (
            (Unit.OF_TRUE, self.tr("% of true")),
            (Unit.OF_PREDICTED, self.tr("% of predicted")),
            (Unit.COUNTS, self.tr("Counts")),
        ):
            self.unit.addItem(text, unit)
        self.unit.setToolTip(self.tr("What the colours of the cells stand for"))
        self.unit.setAccessibleName(self.tr("Unit of the cells"))
        self.order = QComboBox()
        self.order.addItems([self.tr("By class"), self.tr("By confusion")])
        self.order.setToolTip(
            self.tr("Put classes that are taken for one another side by side, or leave their order")
        )
        self.order.setAccessibleName(self.tr("Order of the classes"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setToolTip(self.tr("Go back through the epochs"))
        self.slider.setAccessibleName(self.tr("Epoch of the matrix"))
        self.epoch = QLabel()
        self.hovered = QLabel(" ")
        self.hovered.setAccessibleName(self.tr("Cell under the mouse"))
        self.pairs = self._make_pairs()
        self._lay_out()
        self._connect()
        self.refresh()

    def show_history(self, history: History) -> None:
        """Turn to another run, at its newest epoch."""
        self._history = history
        self._epochs = []
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what has come since; hidden, nothing is done until it is shown."""
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        epochs = sorted(self._history.confusions)
        if epochs != self._epochs:
            was_newest = self.slider.value() >= len(self._epochs) - 1
            self._epochs = epochs
            self.slider.blockSignals(True)
            self.slider.setRange(0, max(len(epochs) - 1, 0))
            if was_newest:
                self.slider.setValue(len(epochs) - 1)
            self.slider.blockSignals(False)
            self._show_epoch()
        elif not epochs:
            self._show_epoch()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _make_pairs(self) -> QLabel:
        pairs = QLabel()
        pairs.setWordWrap(True)
        pairs.setTextFormat(Qt.TextFormat.RichText)
        pairs.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        pairs.setToolTip(self.tr("The most frequent errors; click one to see its images"))
        return pairs

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(SPACING)
        choices.addWidget(self.unit, 1)
        choices.addWidget(self.order, 1)
        back = QHBoxLayout()
        back.setSpacing(SPACING)
        back.addWidget(self.slider, 1)
        back.addWidget(self.epoch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(choices)
        layout.addWidget(self.matrix, 1)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.hovered)
        layout.addLayout(back)
        layout.addWidget(self.pairs)

    def _connect(self) -> None:
        self.unit.currentIndexChanged.connect(self._show_epoch)
        self.order.currentIndexChanged.connect(self._show_epoch)
        self.slider.valueChanged.connect(self._show_epoch)
        self.matrix.cell_hovered.connect(self._on_cell_hovered)
        self.matrix.cell_clicked.connect(self._on_cell_clicked)
        self.pairs.linkActivated.connect(self._on_pair_clicked)

    @Slot()
    def _show_epoch(self) -> None:
        is_there = bool(self._epochs)
        for widget in (self.matrix, self.unit, self.order, self.slider, self.pairs, self.hovered):
            widget.setVisible(is_there)
        self.epoch.setVisible(is_there)
        self.nothing.setVisible(not is_there)
        if not is_there:
            return
        epoch = self._epochs[self.slider.value()]
        counts = self._history.confusions[epoch]
        self.matrix.show_counts(
            counts,
            self._history.alphabet,
            Unit(self.unit.currentData()),
            by_confusion=self.order.currentIndex() == 1,
        )
        self.epoch.setText(self.tr("epoch {0} of {1}").format(epoch, self._epochs[-1]))
        self.slider.setEnabled(len(self._epochs) > 1)
        self.pairs.setText(
            " &nbsp;· ".join(
                f'<a href="{true}-{predicted}">{self._unbroken(true, predicted)}</a>'
                for true, predicted in worst_pairs(counts)
            )
            or self.tr("No errors on the validation data.")
        )

    def _unbroken(self, true: int, predicted: int) -> str:
        return escape(self.matrix.text_of(true, predicted)).replace(" ", "&nbsp;")

    @Slot(int, int)
    def _on_cell_hovered(self, true: int, predicted: int) -> None:
        self.hovered.setText(" " if true < 0 else self.matrix.text_of(true, predicted))

    @Slot(int, int)
    def _on_cell_clicked(self, true: int, predicted: int) -> None:
        self.cell_chosen.emit(self._epochs[self.slider.value()], true, predicted)

    @Slot(str)
    def _on_pair_clicked(self, link: str) -> None:
        true, predicted = link.split("-")
        self._on_cell_clicked(int(true), int(predicted))
