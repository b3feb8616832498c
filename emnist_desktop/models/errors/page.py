"""The page with what a model misread: a gallery, one sample large, and two classes compared."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from emnist_desktop.models.errors.browser import MistakesBrowser
from emnist_desktop.models.errors.empty_state import Notice
from emnist_desktop.models.errors.source import DataGoneError, ErrorSource, open_source
from emnist_desktop.models.page import ModelContext, Page
from emnist_desktop.models.report_store import is_outdated, report_folder
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.task import Context, Task
from trainer.datasets.catalog import Catalog
from trainer.errors import TrainerError
from trainer.evaluation.report.report import REPORT_NAME
from trainer.files.paths import Profile

_Stamp = tuple[int, int]
"""When a file was written, and its size."""


class MistakesPage(Page):
    """Shows the samples that the model of the subject took for something else.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    catalog : Catalog

    Signals
    -------
    cell_asked : str, str
        The report shall show the cell of a true and a predicted character.
    """

    cell_asked = Signal(str, str)

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(profile, settings, catalog, parent)
        self._is_closed = False
        self._wanted: tuple[str | None, str | None] | None = None
        self._stamp: _Stamp | None = None
        self._opening = Task(self)
        self._opening.succeeded.connect(self._on_source_opened)
        self._opening.failed.connect(self._on_opening_failed)
        self.command = Command(profile, self)
        self.command.progressed.connect(self._on_command_progressed)
        self.command.succeeded.connect(self._on_command_succeeded)
        self.command.failed.connect(self._on_command_failed)
        self.command.cancelled.connect(self._on_command_cancelled)
        self.notice = Notice()
        self.notice.look_asked.connect(self._on_look_asked)
        self.notice.cancel_asked.connect(self.command.cancel)
        self.browser: MistakesBrowser | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.notice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def show_subject(self, subject: ModelContext | None) -> None:
        """Speak of another model or other data; they are opened when the page is in sight."""
        if subject == self.subject:
            return
        super().show_subject(subject)
        self.command.close()
        self._opening.cancel()
        self._stamp = None
        self.notice.say("")
        self.stack.setCurrentWidget(self.notice)
        self._refresh()

    def show_pair(self, true: str | None, predicted: str | None) -> None:
        """Show what was taken for what; None for any, twice the same for what was read right."""
        self._wanted = (true, predicted)
        self._refresh()

    def close_page(self) -> None:
        """End what is under way."""
        self._is_closed = True
        self.command.close()
        self._opening.close()
        if self.browser is not None:
            self.browser.close_dialog()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with another subject, or with a report that was made meanwhile."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        """Open the report of the subject, unless this one is shown already."""
        is_busy = self.command.is_running or self._opening.is_running
        if not self.isVisible() or self._is_closed or is_busy:
            return
        subject = self.subject
        if subject is None or not subject.data:
            self._say(
                self.tr("Choose a model and a dataset to see what is misread."),
                self.tr("Datasets are fetched, made and imported in the Datasets tab."),
            )
            return
        folder = report_folder(self.profile, subject)
        stamp = _stamp(folder / REPORT_NAME)
        if stamp is None:
            self._stamp = None
            self._say_unmeasured(subject)
        elif stamp != self._stamp:
            self._stamp = None
            self._open(folder, subject, stamp)
        elif self.browser is not None and self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.browser.show_pair(*wanted)

    def _open(self, folder: Path, subject: ModelContext, stamp: _Stamp) -> None:
        catalog = self.catalog

        def open_both(context: Context) -> tuple[ErrorSource, _Stamp]:
            source = open_source(folder, catalog, subject.data, subject.split)
            context.check()
            return source, stamp

        self._say(self.tr("Opening the samples…"))
        self._opening.start(open_both)

    def _say_unmeasured(self, subject: ModelContext) -> None:
        self._say(
            self.tr("{0} has not read these samples yet.").format(subject.title),
            self.tr("It takes seconds to a few minutes, and works beside the window."),
            can_look=True,
        )

    def _say(self, sentence: str, hint: str = "", *, can_look: bool = False) -> None:
        self.notice.say(sentence, hint, can_look=can_look)
        self.stack.setCurrentWidget(self.notice)

    def _make_browser(self) -> MistakesBrowser:
        if self.browser is None:
            self.browser = MistakesBrowser()
            self.browser.samples_asked.connect(self.samples_asked)
            self.browser.cell_asked.connect(self.cell_asked)
            self.browser.status_changed.connect(self.status_changed)
            self.browser.look_asked.connect(self._on_look_asked)
            self.stack.addWidget(self.browser)
        return self.browser

    @Slot(object)
    def _on_source_opened(self, opened: tuple[ErrorSource, _Stamp]) -> None:
        subject = self.subject
        if subject is None:
            return
        source, self._stamp = opened
        browser = self._make_browser()
        wanted, self._wanted = self._wanted or (None, None), None
        outdated = is_outdated(source.figures, subject)
        browser.show_source(source, subject.title, wanted, is_outdated=outdated)
        self.stack.setCurrentWidget(browser)

    @Slot(object)
    def _on_opening_failed(self, error: object) -> None:
        if isinstance(error, TrainerError):
            can_look = not isinstance(error, DataGoneError)
            self._say(error.message, error.hint, can_look=can_look)
        else:
            sentence = self.tr("Something went wrong: {0}.").format(error)
            self._say(sentence, can_look=True)

    @Slot()
    def _on_look_asked(self) -> None:
        subject = self.subject
        if subject is None or not subject.data:
            return
        folder = report_folder(self.profile, subject)
        self._stamp = None
        self._on_command_progressed(0, 0, self.tr("Starting"))
        self.command.start(["evaluate", *subject.options(), "--out", str(folder)])

    @Slot(int, int, str)
    def _on_command_progressed(self, done: int, total: int, phase: str) -> None:
        self.notice.show_progress(done, total, phase)
        self.stack.setCurrentWidget(self.notice)

    @Slot(dict)
    def _on_command_succeeded(self, figures: dict[str, object]) -> None:
        self._refresh()

    @Slot(str, str)
    def _on_command_failed(self, message: str, hint: str) -> None:
        self._say(message, hint, can_look=True)

    @Slot()
    def _on_command_cancelled(self) -> None:
        self._refresh()


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
