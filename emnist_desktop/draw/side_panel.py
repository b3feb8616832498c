"""The panel beside the canvas: recogniser, alphabet, candidates, image."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from emnist_desktop.draw.candidates import CandidatesView, ImageView
from emnist_desktop.style import SPACING
from trainer.alphabet import Reading

_WIDTH = 290


class SidePanel(QWidget):
    """Shows what was recognised and by what; asks for another recogniser or alphabet.

    Signals
    -------
    reading_changed
        Another alphabet was chosen.
    bundle_chosen : str
        The folder of another recogniser; empty for the bundled one.
    bundle_requested
        The user wants to choose a folder.
    """

    reading_changed = Signal()
    bundle_chosen = Signal(str)
    bundle_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self.recognizer_button = QToolButton()
        self.recognizer_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.recognizer_button.setAccessibleName(self.tr("Recogniser in use"))
        self.recognizer_button.setToolTip(self.tr("Choose the recogniser"))
        self.recognizer_button.setMinimumWidth(_WIDTH)
        self.menu = QMenu(self)
        self.recognizer_button.setMenu(self.menu)
        self.alphabet = QComboBox()
        self.alphabet.setAccessibleName(self.tr("Alphabet"))
        self.alphabet.setToolTip(self.tr("Which characters may be the answer"))
        for reading, text in (
            (Reading.ALL, self.tr("All, C and c as one (47)")),
            (Reading.CASED, self.tr("All, C and c apart (62)")),
            (Reading.DIGITS, self.tr("Digits")),
            (Reading.LETTERS, self.tr("Letters")),
            (Reading.UPPERCASE, self.tr("Capitals")),
            (Reading.LOWERCASE, self.tr("Small letters")),
        ):
            self.alphabet.addItem(text, reading.value)
        self.candidates = CandidatesView()
        self.image = ImageView()
        self.alphabet.currentIndexChanged.connect(self._on_alphabet_changed)
        self._lay_out()

    @property
    def reading(self) -> Reading:
        """The alphabet that was chosen."""
        return Reading(self.alphabet.currentData())

    def set_reading(self, reading: str) -> None:
        """Choose an alphabet; an unknown name changes nothing."""
        place = self.alphabet.findData(reading)
        if place >= 0:
            self.alphabet.setCurrentIndex(place)

    def show_recognizer(self, title: str, folder: str, runs: list[Path]) -> None:
        """Name the recogniser in use and offer the others."""
        metrics = self.recognizer_button.fontMetrics()
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, _WIDTH - 48)
        self.recognizer_button.setText(f"{shown}  ▾")
        self.recognizer_button.setToolTip(title)
        self.menu.clear()
        self._add_choice(self.tr("Bundled recogniser"), "", folder)
        if runs:
            self.menu.addSection(self.tr("From runs"))
        for run in runs:
            self._add_choice(run.parent.name, str(run), folder)
        if folder and folder not in map(str, runs):
            self._add_choice(title, folder, folder)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Open bundle…")).triggered.connect(self.bundle_requested)

    def _add_choice(self, text: str, folder: str, current: str) -> None:
        action = self.menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(folder == current)
        action.setData(folder)
        action.triggered.connect(self._on_choice_triggered)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.recognizer_button)
        layout.addWidget(self.alphabet)
        layout.addWidget(self.candidates)
        layout.addStretch(1)
        layout.addWidget(QLabel(self.tr("What the network saw")))
        layout.addWidget(self.image, 0, Qt.AlignmentFlag.AlignHCenter)

    @Slot()
    def _on_alphabet_changed(self) -> None:
        self.reading_changed.emit()

    @Slot()
    def _on_choice_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.bundle_chosen.emit(str(action.data()))
