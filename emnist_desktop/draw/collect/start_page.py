"""What to collect: which characters, how often, and when the next one is asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QLineEdit, QRadioButton, QWidget

from emnist_desktop.settings import COLLECT_PAUSE, Settings
from emnist_desktop.ui.controls import caption, combo_box, form_rows, push_button, spin_box
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING, centre_labels
from trainer.hand.collecting import MOST_ROUNDS, Collecting, MisreadSamples, characters_in
from trainer.ink.alphabet import BYCLASS

_ROUNDS = 3
"""Equal samples from which a hand is trusted."""


class StartPage(QWidget):
    """Asks what to collect.

    Parameters
    ----------
    collecting : Collecting
    misread : MisreadSamples
    title : str
        What the recogniser that misreads them is called.
    settings : Settings

    Signals
    -------
    begun : tuple, int
        The characters, and how often each.
    resumed
    """

    begun = Signal(tuple, int)
    resumed = Signal()

    def __init__(
        self,
        collecting: Collecting,
        misread: MisreadSamples,
        title: str,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._confused = settings, misread.characters
        self._choices = QButtonGroup(self)
        self.all = self._choice(self.tr("&All {0}: digits, capitals, small letters"), len(BYCLASS))
        self.confused = self._choice(
            self.tr("Those &misread among my samples: {0}"), " ".join(misread.characters) or "–"
        )
        self.confused.setEnabled(bool(misread.characters))
        text = self.tr(
            "{0} with your hand misreads {1:,} of {2:,} samples, each read as if it had not been "
            "learned."
        )
        self.misread = caption(fill_in(text, title, misread.n_misread, misread.n_samples))
        if not misread.n_samples:
            self.misread.hide()
        self.typed = self._choice(self.tr("&These:"))
        self.text = QLineEdit()
        self.text.setAccessibleName(self.tr("Characters to collect"))
        self.text.setPlaceholderText(self.tr("such as agqß€"))
        self.text.textEdited.connect(self._on_text_edited)
        self.rounds = spin_box(1, MOST_ROUNDS, _ROUNDS, tip=self.tr("How often each is asked for"))
        self.pause = combo_box(
            (
                *(
                    (fill_in(self.tr("after a pause of {0:.1f} s"), s), s)
                    for s in (0.5, 0.8, 1.2, 2.0)
                ),
                (self.tr("with Enter or Space"), 0.0),
            ),
            tip=self.tr("After half of it where the drawing is read as what was asked for"),
        )
        self.pause.setCurrentIndex(max(0, self.pause.findData(settings.get(COLLECT_PAUSE))))
        self.pause.currentIndexChanged.connect(self._keep_pause)
        self.start = push_button(self.tr("&Start"))
        self.start.setDefault(True)
        self.start.clicked.connect(self._begin)
        self.resume = push_button()
        self.resume.clicked.connect(self.resumed)
        state = collecting.state
        self.resume.setVisible(collecting.can_resume)
        self.resume.setText(self.tr("&Resume at {0} of {1}").format(state.position + 1, len(state)))
        self._lay_out()
        self.all.setChecked(True)
        self._choices.buttonClicked.connect(self._update_button)

    @property
    def characters(self) -> tuple[str, ...]:
        """What is chosen."""
        if self.all.isChecked():
            return BYCLASS
        return self._confused if self.confused.isChecked() else characters_in(self.text.text())

    @Slot()
    def _begin(self) -> None:
        self.begun.emit(self.characters, self.rounds.value())

    @Slot()
    def _on_text_edited(self) -> None:
        self.typed.setChecked(True)
        self._update_button()

    @Slot()
    def _update_button(self) -> None:
        self.start.setEnabled(bool(self.characters))

    @Slot()
    def _keep_pause(self) -> None:
        self._settings.set(COLLECT_PAUSE, float(self.pause.currentData()))

    def _choice(self, text: str, *values: object) -> QRadioButton:
        button = QRadioButton(text.format(*values))
        self._choices.addButton(button)
        return button

    def _lay_out(self) -> None:
        about = caption(
            self.tr(
                "You are asked for one character after the other, and draw it as you always do. "
                "The recogniser learns your hand from three of each. Stop whenever you like: what "
                "is drawn is kept, and nothing leaves this computer."
            )
        )
        form = form_rows(
            QFormLayout(),
            (self.tr("&How often"), self.rounds),
            (self.tr("Next &character"), self.pause),
        )
        centre_labels(form)
        self.setLayout(
            vbox(
                about,
                self.all,
                vbox(self.confused, self.misread),
                hbox(self.typed, (self.text, 1)),
                form,
                1,
                hbox(1, self.resume, self.start),
                spacing=2 * SPACING,
            )
        )
