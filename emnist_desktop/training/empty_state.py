"""What the tab shows while there is no run: one sentence, two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from emnist_desktop.ui.empty_state import LearningPicture
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN, SPACING

_WIDTH = 460


class TrainingEmptyState(QWidget):
    """Explains how to begin or, in a program that cannot train, what to do instead.

    Parameters
    ----------
    can_train : bool

    Signals
    -------
    quick_requested
        Set up the small network on the starter set.
    form_requested
        Show the form as it is.
    import_requested
        Add a recogniser that was trained elsewhere.
    """

    quick_requested = Signal()
    form_requested = Signal()
    import_requested = Signal()

    def __init__(self, *, can_train: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(
            self.tr(
                "Train a network of your own and watch it learn to read: the small one takes "
                "about half a minute on the starter set, which needs no network connection."
            )
            if can_train
            else self.tr("A recogniser that was trained elsewhere can be imported and drawn with.")
        )
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(_WIDTH)
        self.quick = QPushButton(self.tr("Set up a small network on the starter set"))
        self.other = QPushButton(self.tr("Choose the model and the data"))
        self.quick.clicked.connect(self.quick_requested)
        self.import_file = QPushButton(self.tr("Import a recogniser…"))
        self.other.clicked.connect(self.form_requested)
        self.import_file.clicked.connect(self.import_requested)
        for button in (self.import_file,) if can_train else (self.quick, self.other):
            button.hide()
        middle = hbox(1, self.sentence, 1)  # an aligned label would not get its lines' height
        buttons = hbox(1, self.quick, self.other, self.import_file, 1)
        picture = hbox(1, LearningPicture(), 1)
        self.setLayout(vbox(1, picture, middle, buttons, 2, spacing=2 * SPACING, margins=MARGIN))
