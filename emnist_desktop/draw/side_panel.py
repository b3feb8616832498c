"""The panel beside the canvas: recogniser, alphabet, candidates, image."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QMenu, QPushButton, QWidget

from emnist_desktop.draw.candidates import CandidatesView, ImageView
from emnist_desktop.draw.recognizer_source import bundle_title
from emnist_desktop.ui.controls import caption_form
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from trainer.ink.alphabet import CharacterSet
from trainer.ink.render import IMAGE_SIZE

_WIDTH = 312
_CAPTION_WIDTH = 78
_HEIGHT_OF_THE_REST = 470
"""What everything but the image takes, in pixels."""


class SidePanel(QWidget):
    """The recognition and its recogniser; asks for another recogniser or alphabet.

    Parameters
    ----------
    from_runs : callable
        Returns the bundles of the runs; asked when the menu opens.
    own_samples : QAction
        Whether the user's own samples have a say; the panel has a box for it.

    Signals
    -------
    character_set_changed
        Another alphabet was chosen.
    bundle_chosen : str
        The folder of another recogniser; empty for the bundled one.
    bundle_requested
        The user wants to choose a folder.
    """

    character_set_changed = Signal()
    bundle_chosen = Signal(str)
    bundle_requested = Signal()

    def __init__(
        self,
        from_runs: Callable[[], list[Path]],
        own_samples: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH)
        self._from_runs = from_runs
        self._folder = ""
        self.title = self._accuracy = ""
        self.recognizer_button = QPushButton()
        self.recognizer_button.setObjectName("recogniser")
        self.recognizer_button.setAccessibleName(self.tr("Recogniser in use"))
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._on_menu_about_to_show)
        self.recognizer_button.setMenu(self.menu)
        self.alphabet = QComboBox()
        self.alphabet.setAccessibleName(self.tr("Alphabet"))
        self.alphabet.setToolTip(self.tr("Which characters may be the answer"))
        for character_set, text in (
            (CharacterSet.CASED, self.tr("All with case (62)")),
            (CharacterSet.ALL, self.tr("All (47, C c merged)")),
            (CharacterSet.DIGITS, self.tr("Digits")),
            (CharacterSet.LETTERS, self.tr("Letters")),
            (CharacterSet.UPPERCASE, self.tr("Capitals")),
            (CharacterSet.LOWERCASE, self.tr("Small letters")),
        ):
            self.alphabet.addItem(text, character_set.value)
        self.own_samples = QCheckBox(own_samples.iconText())
        self.own_samples.setToolTip(own_samples.toolTip())
        own_samples.toggled.connect(self.own_samples.setChecked)
        self.own_samples.toggled.connect(own_samples.setChecked)
        self.own_samples.hide()
        self.candidates = CandidatesView()
        self.image = ImageView()
        self.alphabet.currentIndexChanged.connect(self.character_set_changed)
        self._lay_out()

    @property
    def character_set(self) -> CharacterSet:
        """Which characters may be the answer."""
        return CharacterSet(self.alphabet.currentData())

    def set_character_set(self, name: str) -> None:
        """Choose a character set by name; an unknown one changes nothing."""
        index = self.alphabet.findData(name)
        if index >= 0:
            self.alphabet.setCurrentIndex(index)

    def show_recognizer(self, title: str, accuracy: str, folder: str) -> None:
        """Name the recogniser in use, its accuracy if known, and its folder if not bundled."""
        self._folder, self._accuracy = folder, accuracy
        self.show_title(title)

    def show_title(self, title: str) -> None:
        """Update the name of the recogniser in use, after its run was renamed."""
        self.title = title
        metrics = self.recognizer_button.fontMetrics()
        room = _WIDTH - _CAPTION_WIDTH - 56
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room)
        self.recognizer_button.setText(shown)
        self.recognizer_button.setToolTip("\n".join(filter(None, (title, self._accuracy))))
        self.recognizer_button.setAccessibleDescription(title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the image what height is left, in whole multiples of its pixels."""
        self.image.set_scale((event.size().height() - _HEIGHT_OF_THE_REST) // IMAGE_SIZE)
        super().resizeEvent(event)

    @Slot()
    def _on_menu_about_to_show(self) -> None:
        self.menu.clear()
        self._add_choice(self.tr("Bundled recogniser"), "")
        runs = self._from_runs()
        if runs:
            self.menu.addSection(self.tr("From runs"))
        for run in runs:
            self._add_choice(bundle_title(str(run)), str(run))
        if self._folder and self._folder not in map(str, runs):
            self.menu.addSeparator()
            self._add_choice(self.title, self._folder)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Open bundle…")).triggered.connect(self.bundle_requested)

    def _add_choice(self, text: str, folder: str) -> None:
        action = self.menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(folder == self._folder)
        action.triggered.connect(partial(self.bundle_chosen.emit, folder))

    def _lay_out(self) -> None:
        fields = (
            (self.tr("Recogniser"), self.recognizer_button),
            (self.tr("Alphabet"), self.alphabet),
        )
        choices = caption_form(*fields, width=_CAPTION_WIDTH)
        seen = QLabel(self.tr("What the\nnetwork saw:\n28×28 pixels"))
        seen.setObjectName("caption")
        below = hbox(self.image, (seen, 1, Qt.AlignmentFlag.AlignVCenter), spacing=2 * SPACING)
        layout = vbox(choices, self.own_samples, self.candidates)
        self.setLayout(layout)
        layout.addSpacing(SPACING)
        layout.addLayout(below)
        layout.addStretch(1)
