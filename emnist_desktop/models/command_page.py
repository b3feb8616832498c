"""A page of the Models tab whose result a command of the trainer makes.

A subclass says which command answers its question and shows what comes of it; what lies between
is the same on every page: start and cancel, how far it is, what went wrong, and that the last
result is kept on the disk and shown at once when somebody asks about the same model again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar

from emnist_desktop.i18n.error_messages import error_text, error_texts
from emnist_desktop.models.page import ModelContext, Page, PageServices
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.controls import caption, push_button
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.task import Task
from trainer.files.records import RecordError

FAILURE = "failure"
"""What the notice of a page is about."""

FileStamp = tuple[Path | None, tuple[int, int] | None]
"""Where a result is kept; when it was written, in nanoseconds, and its size."""


class CommandPage(Page):
    """Runs one command at a time in a child process, and shows its result.

    A subclass overrides the methods below "What a subclass says", and puts `banner`, `start` and
    `running` where they look well.

    Attributes
    ----------
    result : object
        What is shown; None without.
    requested : ModelContext or None
        What the command under way, or the last one, was asked about.
    banner : Banner
        For what went wrong.
    start, cancel : QPushButton
    running : QWidget
        Seen while the command is under way: `progress` and `cancel`, below them `phase`.
    """

    def __init__(self, services: PageServices) -> None:
        super().__init__(services)
        self.command = services.make_command(services.profile, self)
        self.loading = Task(self, self._show, self._on_loading_failed)
        self.result: Any = None
        self.requested: ModelContext | None = None
        self._shown_file: FileStamp | None = None
        self.command.progressed.connect(self.show_progress)
        self.command.succeeded.connect(self._on_succeeded)
        self.command.failed.connect(self._on_failed)
        self.command.cancelled.connect(self._on_cancelled)

    # What a subclass says

    def arguments(self) -> list[str] | None:
        """Return the command and its options; None after showing what is wrong."""
        raise NotImplementedError

    def result_file(self) -> Path | None:
        """Return where the result for the present subject is kept; None where none is."""
        return None

    def load_result(self, path: Path) -> Callable[[], Any]:
        """Return what reads a kept result; called beside the window."""
        raise NotImplementedError

    def result_of(self, answer: dict[str, Any]) -> Any:
        """Return the result in what the command has printed, or raise RecordError."""
        return answer

    def show_result(self) -> None:
        """Show `result`, which may be None."""

    def missing(self) -> str:
        """Return what is missing before the command can start; empty if nothing is."""
        if self.subject is None or not self.subject.data:
            return self.tr("Choose a model and a dataset on the left")
        return ""

    def start_words(self) -> tuple[str, str]:
        """Return what stands on the button that starts the command, and what that does."""
        raise NotImplementedError

    def done_text(self, title: str) -> str:
        """Return the message for the status bar after measuring the model with this title."""
        return ""

    def may_begin(self) -> bool:
        """Ask for what the user must agree to; return whether that is so."""
        return True

    # What is the same everywhere

    def build(self) -> None:
        """Make the buttons, the progress and the notice; a subclass lays them out."""
        self.banner = Banner()
        self.start = push_button()
        self.cancel = push_button(self.tr("Cancel"), self.tr("End it; the last result stays"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.phase = caption()
        self.running = sheet(vbox(hbox((self.progress, 1), self.cancel), self.phase, spacing=2))
        self.running.hide()
        self.start.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.command.cancel)

    def look(self) -> None:
        """Show the result that is kept, unless it is shown already, and what can be done."""
        path = self.result_file()
        before, self._shown_file = self._shown_file, file_stamp(path)
        if self._shown_file != before:
            self.banner.withdraw(FAILURE)
            if before is not None and before[0] != path:
                self.result = None
            if path is None or self._shown_file[1] is None:
                self.loading.cancel()
                self._show(None)
            else:
                load = self.load_result(path)
                self.loading.start(lambda _: load())
        self.show_state()

    def invalidate(self) -> None:
        """Read the stored result again at the next `look`."""
        self._shown_file = None

    def made_at(self) -> int:
        """Return when the result was written, in seconds since 1970; 0 without one."""
        _, stamp = file_stamp(self.result_file())
        return 0 if stamp is None else stamp[0] // 10**9

    @Slot()
    def begin(self) -> None:
        """Start the command, if nothing is missing."""
        self.banner.withdraw(FAILURE)
        arguments = None if self.missing() or not self.may_begin() else self.arguments()
        if arguments is not None:
            self.requested = self.subject
            self.show_progress(0, 0, self.tr("Starting"))
            self.command.start(arguments)
            self.show_state()
            self.cancel.setFocus()

    @Slot()
    def show_state(self) -> None:
        """Show what can be done, and what is under way."""
        missing, is_running = self.missing(), self.command.is_running
        text, tip = self.start_words()
        self.start.setText(text)
        self.start.setEnabled(not missing and not is_running)
        self.start.setToolTip(missing or (self.tr("It is under way") if is_running else tip))
        self.running.setVisible(is_running)

    @Slot(int, int, str)
    def show_progress(self, done: int, total: int, phase: str) -> None:
        """Show the command's progress."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.phase.setText(error_text(phase))

    def handle_answer(self, answer: dict[str, Any]) -> None:
        """Show the command's result, if its subject is still current."""
        result = self.result_of(answer)
        if self.requested == self.subject:
            self.show_new(result)

    def show_new(self, result: Any) -> None:
        """Show a result that has just been made, and is kept by now."""
        self._shown_file = file_stamp(self.result_file())
        self._show(result)

    def show_failure(self, message: str, hint: str) -> None:
        """Show why there is no result."""
        self.banner.show_notice(message, hint, topic=FAILURE)

    def end(self, status: str = "") -> None:
        """Show that nothing is under way any more."""
        had_focus = self.cancel.hasFocus()
        self.show_state()
        if had_focus:
            self.start.setFocus()
        if status:
            self.status_changed.emit(status)

    @Slot(object)
    def _show(self, result: Any) -> None:
        self.result = result
        self.show_result()
        self.show_state()

    @Slot(object)
    def _on_loading_failed(self, error: Exception) -> None:
        self.invalidate()
        self.show_unreadable(error)
        self._show(None)

    def show_unreadable(self, error: Exception) -> None:
        """Show why a stored result cannot be read."""
        sentence = self.tr("Something went wrong: {0}.").format(error)
        self.banner.show_error(error, sentence, topic=FAILURE)

    @Slot(dict)
    def _on_succeeded(self, answer: dict[str, Any]) -> None:
        try:
            self.handle_answer(answer)
        except RecordError as error:
            self._on_failed(*error_texts(error))
            return
        self.end(self.done_text(self.requested.title if self.requested is not None else ""))

    @Slot(str, str)
    def _on_failed(self, message: str, hint: str) -> None:
        self.show_failure(message, hint)
        self.end(self.tr("There is no new result"))

    @Slot()
    def _on_cancelled(self) -> None:
        self.end(self.tr("Cancelled"))


def file_stamp(path: Path | None) -> FileStamp:
    """Return what tells whether a file is another one, or was written again."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        found = None
    return path, None if found is None else (found.st_mtime_ns, found.st_size)
