"""The confusion matrix of a report, and its most confused pairs as links."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QWidget,
)

from emnist_desktop.ui.charts.confusion_panel import ConfusionPanel
from emnist_desktop.ui.controls import caption
from emnist_desktop.ui.format import cut, local, percent
from emnist_desktop.ui.layout import hbox, sheet, turn, vbox
from emnist_desktop.ui.style import MARGIN, SPACING

_PAIRS = 12
_LEAST_SIDE, _LARGEST_SIDE = 260, 640
"""Of the matrix, in pixels; on a high window it may be half as high."""

_ANY_WIDTH = 16_777_215
"""Qt's largest."""

_LONGEST_NAME = 12
"""Characters of a class's name in a pair; longer ones are cut."""

_PAIRS_WIDTH = 230
_SIDE_BY_SIDE = 620
"""The width from which the pairs stand beside the matrix."""


class ReportConfusion(ConfusionPanel):
    """The matrix, normalised by the true class unless another unit is chosen.

    Signals
    -------
    pair_chosen : str, str
        True and predicted class of a cell or a link that was clicked.
    """

    pair_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters: tuple[str, ...] = ()
        self._counts = np.zeros((0, 0), dtype=np.int64)
        self.pairs.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.pairs.setAccessibleName(self.tr("Most confused pairs"))
        self.pairs.setMinimumWidth(_PAIRS_WIDTH)
        self._lay_out()

    def show_figures(self, figures: dict[str, Any]) -> None:
        """Show the confusion of a report."""
        self._characters = tuple(figures["characters"])
        self._counts = np.array(figures["confusion"], dtype=np.int64)
        self.hovered.setText(" ")
        self.pairs.setText(self._pairs_text(figures["most_confused"][:_PAIRS]))
        self.show_matrix()

    def point_at(self, true: str, predicted: str) -> None:
        """Choose the cell of two characters, if the report has them."""
        if {true, predicted} <= set(self._characters):
            self.matrix.point_at(*map(self._characters.index, (true, predicted)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the pairs beside the matrix, or below it; give the matrix a square."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _lay_out(self) -> None:
        explained = caption(
            self.tr(
                "Rows are true classes: what the data say. Columns are predicted ones: what the "
                "model read. Click a cell to see its images."
            )
        )
        choices = hbox(self.unit, self.order, 1)
        self._left = sheet(vbox(choices, self.matrix, self.hovered, spacing=SPACING // 2))
        right = vbox(self.pairs, 1)
        self.matrix.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._halves = vbox((self._left, 3), (right, 2), spacing=MARGIN)
        self.setLayout(vbox(explained, self._halves))

    def _fit(self, width: int) -> None:
        is_wide = width >= _SIDE_BY_SIDE
        turn(self._halves, is_wide=is_wide)
        room = (width - MARGIN) * 3 // 5 if is_wide else width
        side = max(_LEAST_SIDE, min(room, max(_LARGEST_SIDE, self.window().height() // 2)))
        if self.matrix.minimumHeight() != side:
            self.matrix.setFixedHeight(side)
        self._left.setMaximumWidth(side if is_wide else _ANY_WIDTH)

    def _pairs_text(self, pairs: Sequence[dict[str, Any]]) -> str:
        if not pairs:
            return escape(self.tr("Nothing was misread."))
        index_of = {character: index for index, character in enumerate(self._characters)}
        rows = []
        for pair in pairs:
            true, predicted = pair["true"], pair["predicted"]
            names = (cut(name, _LONGEST_NAME) for name in (true, predicted))
            words = escape(self.tr("true {0}, read as {1}").format(*names))
            amount = self.tr("{0} of {1}").format(local(pair["count"]), local(pair["of"]))
            rows.append(
                f'<tr><td><a href="{index_of[true]}-{index_of[predicted]}">'
                f"{words.replace(' ', '&nbsp;')}</a>&nbsp;&nbsp;</td>"
                f'<td align="right">{amount.replace(" ", "&nbsp;")}</td>'
                f'<td align="right">&nbsp;&nbsp;{percent(pair["share"])}</td></tr>'
            )
        title = escape(self.tr("Most confused"))
        return f"<p><b>{title}</b></p><table cellspacing='2'>{''.join(rows)}</table>"

    @Slot()
    def show_matrix(self) -> None:
        """Show the counts in the chosen unit and order."""
        self.show_counts(self._counts, self._characters)

    @Slot(int, int)
    def choose_cell(self, true: int, predicted: int) -> None:
        """Emit `pair_chosen`."""
        self.pair_chosen.emit(self._characters[true], self._characters[predicted])

    def minimumSizeHint(self) -> QSize:
        """Return the least width; the height follows."""
        return QSize(_LEAST_SIDE, super().minimumSizeHint().height())
