"""What the tab shows while there is no dataset: one sentence, two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from emnist_desktop.ui.empty_state import SamplesPicture
from emnist_desktop.ui.layout import hbox
from emnist_desktop.ui.style import SPACING

BALANCED = "emnist-balanced"
STARTER = "starter"

_WIDTH = 360


class DatasetsEmptyState(QWidget):
    """Says how to begin.

    Signals
    -------
    dataset_requested : str
        Fetch or make the dataset of that name.
    """

    dataset_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(
            self.tr(
                "There are no handwritten samples on this computer yet: fetch EMNIST Balanced, "
                "or make the starter set, which needs no network."
            )
        )
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fetch = QPushButton(self.tr("Fetch EMNIST Balanced"))
        self.make = QPushButton(self.tr("Make the starter set"))
        self.fetch.clicked.connect(self._on_fetch_clicked)
        self.make.clicked.connect(self._on_make_clicked)
        inside = QWidget()
        inside.setMaximumWidth(_WIDTH)
        layout = QVBoxLayout(inside)
        layout.setSpacing(SPACING)
        layout.addWidget(SamplesPicture(), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(SPACING)
        for widget in (self.sentence, self.fetch, self.make):
            layout.addWidget(widget)
        above = QVBoxLayout(self)
        above.addStretch(1)
        row = hbox(1, (inside, 100), 1)
        above.addLayout(row)
        above.addStretch(2)

    @Slot()
    def _on_fetch_clicked(self) -> None:
        self.dataset_requested.emit(BALANCED)

    @Slot()
    def _on_make_clicked(self) -> None:
        self.dataset_requested.emit(STARTER)

    def offer_fetch(self, size: str) -> None:
        """Say how much there is to fetch; nothing where EMNIST Balanced is not to be had."""
        self.fetch.setVisible(bool(size))
        self.fetch.setText(self.tr("Fetch EMNIST Balanced ({0})").format(size))
