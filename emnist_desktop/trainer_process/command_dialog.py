"""A dialog in which one command of the trainer works: its progress, its end, and its failures."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import plain_label
from emnist_desktop.ui.shutdown import shut_down
from trainer.files.paths import Profile
from trainer.files.records import RecordError


class CommandDialog(QDialog):
    """Runs a command; a subclass starts it, shows its answer, and lays the parts out.

    Attributes
    ----------
    command : Command
        Ends with the dialog.
    bar : QProgressBar
        Seen while the command is under way.
    message : QLabel
        What is being done, or how it ended.
    """

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.command = Command(profile, self)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.message = plain_label()
        self.command.progressed.connect(self._on_progressed)
        self.command.succeeded.connect(self._on_succeeded)
        self.command.failed.connect(self._on_failed)
        self.command.cancelled.connect(self._on_cancelled)

    def show_answer(self, answer: dict[str, Any]) -> None:
        """Show what the command has answered, and say so in `message`.

        Raises
        ------
        RecordError, LookupError
            If it makes no sense.
        """
        raise NotImplementedError

    def show_state(self) -> None:
        """Show whether the command is under way."""
        self.bar.setVisible(self.command.is_running)

    @override
    def done(self, result: int) -> None:
        shut_down(self)
        super().done(result)

    def start(self, arguments: list[str]) -> None:
        """Start the command; ends one that is under way."""
        self.message.setText(self.tr("Loading …"))
        self.command.start(arguments)
        self.show_state()

    @Slot(int, int, str)
    def _on_progressed(self, done: int, total: int, phase: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.message.setText(phase)

    @Slot(dict)
    def _on_succeeded(self, answer: dict[str, Any]) -> None:
        try:
            self.show_answer(answer)
        except (RecordError, LookupError) as error:
            self.message.setText(str(error))
        self.show_state()

    @Slot(str, str)
    def _on_failed(self, message: str, hint: str) -> None:
        self.message.setText(f"{message} {hint}".strip())
        self.show_state()

    @Slot()
    def _on_cancelled(self) -> None:
        self.message.setText(self.tr("Cancelled"))
        self.show_state()
