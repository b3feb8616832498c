"""Two characters side by side: right ones of both, and those that were taken for the other."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from emnist_desktop.models.errors.gallery import Gallery
from emnist_desktop.models.errors.source import ErrorSource
from emnist_desktop.ui.controls import bold
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import SPACING
from trainer.evaluation.errors import ErrorQuery, Rows, select, typical

_TYPICAL = 60
"""Right ones of a character: some screens of this size."""


class TitledGallery(QWidget):
    """Tiles under a line that says what they are.

    Signals
    -------
    row_chosen : int
        Row of the predictions that was double-clicked, or chosen with Enter.
    """

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = bold(QLabel())
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.gallery = Gallery()
        self.setLayout(vbox(self.title, (self.gallery, 1), spacing=SPACING // 2))
        self.gallery.activated.connect(self._on_gallery_activated)

    def show_rows(self, title: str, source: ErrorSource | None, rows: Rows) -> None:
        """Show samples under a title."""
        self.title.setText(title)
        self.gallery.setAccessibleName(title)
        self.gallery.show_rows(source, rows)

    @Slot(QModelIndex)
    def _on_gallery_activated(self, index: QModelIndex) -> None:
        self.row_chosen.emit(int(self.gallery.rows[index.row()]))


class PairComparison(QWidget):
    """Four galleries: correct samples above, confused ones below.

    Signals
    -------
    row_chosen : int
        Row of the predictions that shall be looked at.
    """

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first_right, self.second_right = TitledGallery(), TitledGallery()
        self.first_wrong, self.second_wrong = TitledGallery(), TitledGallery()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.first_right, 0, 0)
        layout.addWidget(self.second_right, 0, 1)
        layout.addWidget(self.first_wrong, 1, 0)
        layout.addWidget(self.second_wrong, 1, 1)
        for side in (self.first_right, self.second_right, self.first_wrong, self.second_wrong):
            side.row_chosen.connect(self.row_chosen)

    def show_pair(self, source: ErrorSource, first: int, second: int) -> None:
        """Compare two characters."""
        predictions, names = source.predictions, source.predictions.characters
        for right, wrong, one, other in (
            (self.first_right, self.first_wrong, first, second),
            (self.second_right, self.second_wrong, second, first),
        ):
            rows = typical(predictions, one, _TYPICAL)
            right.show_rows(self.tr("These are {0}").format(names[one]), source, rows)
            rows = select(predictions, ErrorQuery(true=one, predicted=other))
            title = self.tr("{0}, taken for {1}: {2:,}").format(names[one], names[other], len(rows))
            wrong.show_rows(title, source, rows)
