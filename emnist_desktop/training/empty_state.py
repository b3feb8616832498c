"""What the tab shows while there is no run: one sentence, two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from emnist_desktop.ui.empty_state import LearningPicture
from emnist_desktop.ui.style import SPACING

_WIDTH = 460


class TrainingEmptyState(QWidget):
    """Says how to begin; in a program that cannot train, what can be done instead.

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
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        buttons.addStretch(1)
        buttons.addWidget(self.quick)
        buttons.addWidget(self.other)
        buttons.addWidget(self.import_file)
        buttons.addStretch(1)
        middle = QHBoxLayout()  # an aligned label would not get the height of its lines
        middle.addStretch(1)
        middle.addWidget(self.sentence)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(LearningPicture(), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(2 * SPACING)
        layout.addLayout(middle)
        layout.addSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addStretch(2)
