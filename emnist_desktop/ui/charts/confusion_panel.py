"""A confusion matrix, the choices above it, the hovered cell below it, and its worst pairs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from emnist_desktop.ui.charts.confusion_matrix import ConfusionMatrix, Counts, Unit


class ConfusionPanel(QWidget):
    """Makes the parts; a subclass lays them out and says what a cell stands for.

    Attributes
    ----------
    matrix : ConfusionMatrix
    unit, order : QComboBox
        What its colours stand for, and the order of its classes.
    hovered, pairs : QLabel
        The cell under the mouse, and links ``true-predicted`` to cells, as indices of classes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = ConfusionMatrix()
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
        self.hovered = QLabel(" ")
        self.hovered.setAccessibleName(self.tr("Cell under the mouse"))
        self.hovered.setTextFormat(Qt.TextFormat.PlainText)
        self.pairs = QLabel()
        self.pairs.setWordWrap(True)
        self.pairs.setTextFormat(Qt.TextFormat.RichText)
        self.pairs.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.pairs.setToolTip(self.tr("The most frequent errors; click one to see its images"))
        self.unit.currentIndexChanged.connect(self.show_matrix)
        self.order.currentIndexChanged.connect(self.show_matrix)
        self.matrix.cell_hovered.connect(self._on_cell_hovered)
        self.matrix.cell_clicked.connect(self.choose_cell)
        self.pairs.linkActivated.connect(self._on_pair_clicked)

    @Slot()
    def show_matrix(self) -> None:
        """Show the matrix again: another unit or order was chosen."""
        raise NotImplementedError

    def show_counts(self, counts: Counts, alphabet: tuple[str, ...]) -> None:
        """Show these counts in the chosen unit and order."""
        unit, by_confusion = Unit(self.unit.currentData()), self.order.currentIndex() == 1
        self.matrix.show_counts(counts, alphabet, unit, by_confusion=by_confusion)

    @Slot(int, int)
    def choose_cell(self, true: int, predicted: int) -> None:
        """Tell that a cell, or the link to it, was clicked."""
        raise NotImplementedError

    @Slot(int, int)
    def _on_cell_hovered(self, true: int, predicted: int) -> None:
        self.hovered.setText(" " if true < 0 else self.matrix.text_of(true, predicted))

    @Slot(str)
    def _on_pair_clicked(self, link: str) -> None:
        true, predicted = link.split("-")
        self.choose_cell(int(true), int(predicted))
