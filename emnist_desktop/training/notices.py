"""What the banner of the Training tab says, and what its button then does."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.trainer_process.run_worker import End, Outcome
from emnist_desktop.ui.banner import Banner
from trainer.errors import Message


class Notices(QObject):
    """Speaks through the banner; before the tab is built, through the status bar.

    Parameters
    ----------
    can_resume : bool
        Whether a run that went wrong can be offered to be gone on with.

    Signals
    -------
    told : str
        A word for the status bar.
    resume_requested : object
        Folder of the run that went wrong.
    undo_requested
        What was deleted shall come back.
    """

    told = Signal(str)
    resume_requested = Signal(object)
    undo_requested = Signal()

    def __init__(self, *, can_resume: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._can_resume = can_resume
        self._banner: Banner | None = None
        self._unsaid: tuple[str, str] | None = None
        self._root: Path | None = None

    def show_in(self, banner: Banner) -> None:
        """Speak through a banner from now on; what nobody saw is said first."""
        self._banner = banner
        banner.action_requested.connect(self._on_action_requested)
        if self._unsaid is not None:
            self._say_of_run(*self._unsaid)
            self._unsaid = None

    def say_of_end(self, root: Path, title: str, outcome: Outcome) -> None:
        """Tell how a run has ended."""
        match outcome.end:
            case End.FINISHED if outcome.is_early:
                self.told.emit(self.tr("{0} was stopped early; its best is kept").format(title))
            case End.FINISHED:
                self.told.emit(self.tr("{0} is finished").format(title))
            case End.FAILED | End.INTERRUPTED:
                self._root = root
                message = Message("{title}: {message}", title=title, message=outcome.message)
                self._say_of_run(message, outcome.hint)

    @Slot(str, str)
    def say(self, sentence: str, hint: str = "") -> None:
        """Say something that is about no run."""
        self._root = None
        if self._banner is not None:
            self._banner.show_notice(sentence, hint, topic="notice")

    def offer_undo(self, sentence: str) -> None:
        """Say what was deleted, with a way back."""
        self._root = None
        if self._banner is not None:
            self._banner.show_word(sentence, action=self.tr("Undo"), topic="deleted")

    def hide(self) -> None:
        """Put away what is said."""
        if self._banner is not None:
            self._banner.hide_notice()

    def withdraw_run(self) -> None:
        """Put away what is said of a run."""
        if self._banner is not None:
            self._banner.withdraw("run")

    def _say_of_run(self, sentence: str, hint: str) -> None:
        if self._banner is None:
            self._unsaid = sentence, hint
            self.told.emit(error_text(sentence))
            return
        action = self.tr("Resume") if self._can_resume else ""
        self._banner.show_notice(sentence, hint, action=action, topic="run")

    @Slot()
    def _on_action_requested(self) -> None:
        self.hide()
        if self._root is None:
            self.undo_requested.emit()
        else:
            self.resume_requested.emit(self._root)


class Closing(Enum):
    """What shall become of the run."""

    GO_ON = auto()
    PAUSE = auto()
    STAY = auto()
    """The window does not close."""


def ask_about_run(parent: QWidget) -> Closing:
    """Ask whether a run goes on, pauses, or keeps the window open."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Closing", text)

    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(tr("A run is under way"))
    box.setText(tr("Shall the training go on when the window is closed?"))
    box.setInformativeText(tr("A window that is opened later finds the run and can steer it."))
    go_on = box.addButton(tr("Let it run on"), QMessageBox.ButtonRole.AcceptRole)
    pause = box.addButton(tr("Pause it"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(go_on)
    box.exec()
    chosen = box.clickedButton()
    if chosen is pause:
        return Closing.PAUSE
    return Closing.GO_ON if chosen is go_on else Closing.STAY
