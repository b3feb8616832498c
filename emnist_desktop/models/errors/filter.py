"""Which errors are shown: of which character, taken for which, look-alikes or not, the order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from emnist_desktop.ui.controls import combo_box, push_button
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.style import SPACING
from trainer.evaluation.errors import Alike, ErrorOrder, ErrorQuery, pairs, select
from trainer.evaluation.report.predictions import Predictions

_MOST_PAIRS = 40
_LEAST_LETTERS = 10
"""Width that a box keeps however narrow the window, in letters."""


class ErrorFilterBar(QWidget):
    """Combo boxes whose entries show how many errors they leave.

    Attributes
    ----------
    query : ErrorQuery
        What is asked for.

    Signals
    -------
    query_changed : object
        The `ErrorQuery` that is asked for now.
    """

    query_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._predictions: Predictions | None = None
        self.query = ErrorQuery()
        self.true = self._make_box(self.tr("True character"), self.tr("What the samples are"))
        self.predicted = self._make_box(
            self.tr("Taken for"), self.tr("What the model took them for")
        )
        self.pair = self._make_box(
            self.tr("Pair"), self.tr("What is most often taken for what, the worst first")
        )
        self.alike = self._make_box(
            self.tr("Look-alikes"),
            self.tr(
                "Without context nobody can tell 0 from O, 1 from I and L, 5 from S, 2 from Z, "
                "9 from g and q, F from f"
            ),
        )
        self.order = self._make_box(self.tr("Order"), self.tr("Which errors come first"))
        self.reset = push_button(self.tr("Show all"), self.tr("Show all errors again"))
        self._fill_constant_boxes()
        self._lay_out()
        for box in (self.true, self.predicted, self.alike, self.order):
            box.activated.connect(self._on_box_activated)
        self.pair.activated.connect(self._on_pair_activated)
        self.reset.clicked.connect(self._on_reset_clicked)

    def _make_box(self, name: str, tip: str) -> QComboBox:
        box = combo_box(name=name, tip=tip, width=_LEAST_LETTERS)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return box

    def _fill_constant_boxes(self) -> None:
        for order, text in (
            (ErrorOrder.SUREST, self.tr("Surest first")),
            (ErrorOrder.LEAST_SURE, self.tr("Least sure first")),
            (ErrorOrder.CLASS, self.tr("By character")),
            (ErrorOrder.INDEX, self.tr("As in the dataset")),
        ):
            self.order.addItem(text, order)
        for alike, text in (
            (Alike.ALL, self.tr("All errors")),
            (Alike.ONLY, self.tr("Only look-alikes")),
            (Alike.WITHOUT, self.tr("Without look-alikes")),
        ):
            self.alike.addItem(text, alike)

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        rows = ((self.true, self.predicted, self.pair), (self.alike, self.order, self.reset))
        for row, widgets in enumerate(rows):
            for column, widget in enumerate(widgets):
                layout.addWidget(widget, row, column)
                layout.setColumnStretch(column, 1)

    def show_predictions(
        self, predictions: Predictions, true: str | None = None, predicted: str | None = None
    ) -> None:
        """Filter other predictions; keep the order."""
        self._predictions = predictions
        self.ask_for_pair(true, predicted)

    def ask_for_pair(self, true: str | None, predicted: str | None) -> None:
        """Filter by true and predicted character; None, or an unknown one, for any."""
        if self._predictions is not None:
            indices = {name: index for index, name in enumerate(self._predictions.characters)}
            self._ask(
                ErrorQuery(
                    indices.get(true) if true is not None else None,
                    indices.get(predicted) if predicted is not None else None,
                    order=self.query.order,
                )
            )

    def _ask(self, query: ErrorQuery) -> None:
        self.query = query
        self._refill()
        self.query_changed.emit(query)

    def _refill(self) -> None:
        """Show in every box how many errors its entries leave."""
        predictions, query = self._predictions, self.query
        if predictions is None:
            return
        self.reset.setEnabled(replace(query, order=ErrorOrder.SUREST) != ErrorQuery())
        self.order.setCurrentIndex(self.order.findData(query.order))
        self.alike.setCurrentIndex(self.alike.findData(query.alike))
        n = len(predictions.characters)
        of_true = select(predictions, ErrorQuery(predicted=query.predicted, alike=query.alike))
        of_predicted = select(predictions, ErrorQuery(true=query.true, alike=query.alike))
        true_counts = np.bincount(predictions.truth[of_true], minlength=n)
        predicted_counts = np.bincount(predictions.predicted[of_predicted], minlength=n)
        self._fill(self.true, predictions, true_counts, (query.true, query.predicted))
        self._fill(self.predicted, predictions, predicted_counts, (query.predicted, query.true))
        self._fill_pairs(predictions, query)

    def _fill(
        self,
        box: QComboBox,
        predictions: Predictions,
        counts: npt.NDArray[np.int64],
        chosen: tuple[int | None, int | None],
    ) -> None:
        """Offer any character, those of which there are errors, and what was read right.

        Parameters
        ----------
        box : QComboBox
        predictions : Predictions
        counts : ndarray of shape (n_characters,), dtype=int64
            Errors of each.
        chosen : tuple of int or None
            What is chosen in this box, and in the other.
        """
        own, other = chosen
        any_true = self.tr("Any true character")
        box.clear()
        box.addItem(any_true if box is self.true else self.tr("Taken for any"), None)
        for index, character in enumerate(predictions.characters):
            count, is_right = int(counts[index]), index == other
            if is_right:
                count = int((predictions.correct & (predictions.truth == index)).sum())
            if count or index == own:
                text = self.tr("{0}  ({1:,} right)") if is_right else "{0}  ({1:,})"
                box.addItem(fill_in(text, character, count), index)
        box.setCurrentIndex(max(0, box.findData(own)))

    def _fill_pairs(self, predictions: Predictions, query: ErrorQuery) -> None:
        """Offer the worst pairs, and the one that is chosen."""
        chosen, names = (query.true, query.predicted), predictions.characters
        self.pair.clear()
        self.pair.addItem(self.tr("Any pair"), None)
        for index, pair in enumerate(pairs(predictions, query.alike)):
            if index < _MOST_PAIRS or (pair.true, pair.predicted) == chosen:
                true, predicted = (names[index] for index in (pair.true, pair.predicted))
                text = f"{true} → {predicted}  ({local(pair.count)})"
                self.pair.addItem(text, (pair.true, pair.predicted))
            if (pair.true, pair.predicted) == chosen:
                self.pair.setCurrentIndex(self.pair.count() - 1)

    @Slot()
    def _on_box_activated(self) -> None:
        query = ErrorQuery(
            self.true.currentData(),
            self.predicted.currentData(),
            Alike(self.alike.currentData()),
            ErrorOrder(self.order.currentData()),
        )
        if query != self.query:
            self._ask(query)

    @Slot()
    def _on_pair_activated(self) -> None:
        true, predicted = self.pair.currentData() or (None, None)
        self._ask(replace(self.query, true=true, predicted=predicted))

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._ask(ErrorQuery(order=self.query.order))
