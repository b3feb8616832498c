"""What the tab shows while there is no dataset: one sentence, two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from emnist_desktop.ui.empty_state import SamplesPicture
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.style import wrapped_label

_WIDTH = 360


class DatasetsEmptyState(QWidget):
    """Says how to begin."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = wrapped_label(
            self.tr(
                "There are no handwritten samples on this computer yet: fetch EMNIST Balanced, "
                "or make the starter set, which needs no network."
            )
        )
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fetch = QPushButton(self.tr("Fetch EMNIST Balanced"))
        self.make = QPushButton(self.tr("Make the starter set"))
        picture = (SamplesPicture(), 0, Qt.AlignmentFlag.AlignHCenter)
        column = sheet(vbox(picture, self.sentence, self.fetch, self.make))
        column.setMaximumWidth(_WIDTH)
        self.setLayout(vbox(1, hbox(1, (column, 100), 1), 2))

    def offer_fetch(self, size: str) -> None:
        """Say how much there is to fetch; nothing where EMNIST Balanced is not to be had."""
        self.fetch.setVisible(bool(size))
        self.fetch.setText(self.tr("Fetch EMNIST Balanced ({0})").format(size))
