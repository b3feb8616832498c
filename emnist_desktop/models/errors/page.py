"""The page with what a model misread: a gallery, one sample large, and two classes compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QWidget

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.errors.browser import ErrorsBrowser
from emnist_desktop.models.errors.source import DataGoneError, open_source
from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.report_store import ReportedPage, is_outdated
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN, wrapped_label
from trainer.errors import TrainerError

_MESSAGE_WIDTH = 460
"""Of the progress below a message, in pixels."""


class ErrorsPage(ReportedPage):
    """Shows the samples that the model of the subject took for something else.

    Its result is an `ErrorSource`.

    Signals
    -------
    cell_requested : str, str
        The report shall show the cell of a true and a predicted character.
    """

    cell_requested = Signal(str, str)

    browser: ErrorsBrowser | None = None
    _requested_pair: tuple[str | None, str | None] | None = None
    _problem: tuple[str, str] | None = None
    _can_measure = True

    def build(self) -> None:
        """Make the notice; the rest follows when there is something to show."""
        super().build()
        self.notice = ErrorsPlaceholder(self.start, self.running)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.notice)
        self.setLayout(vbox(self.stack))

    def arguments(self) -> list[str] | None:
        """Return the command; what went wrong before is forgotten."""
        self._problem = None
        return super().arguments()

    def load_result(self, path: Path) -> Callable[[], Any]:
        """Return what opens a report and its samples."""
        subject = self.subject
        data, split = ("", "") if subject is None else (subject.data, subject.split)
        return partial(open_source, path.parent, self.catalog, data, split)

    def start_words(self) -> tuple[str, str]:
        """Return what is done, and how."""
        tip = self.tr("Let the model read every sample, and keep its report")
        return self.tr("Look for errors"), tip

    def show_subject(self, subject: ModelContext | None) -> None:
        """Show another model or other data; a measurement under way is ended."""
        if subject != self.subject:
            self.command.shutdown()
            self.loading.cancel()
            self.result = None
            self.invalidate()
        super().show_subject(subject)

    def show_pair(self, true: str | None, predicted: str | None) -> None:
        """Show what was taken for what; None for any, twice the same for what was read right."""
        self._requested_pair = (true, predicted)
        if self.is_watched:
            self.look()

    def look(self) -> None:
        """Show the errors in the report that is kept."""
        if not self.command.is_running:
            self._problem, self._can_measure = None, True
            super().look()

    def handle_answer(self, answer: dict[str, Any]) -> None:
        """Open the report that was made, with its samples."""
        self.invalidate()
        if self.is_watched:
            self.look()

    def show_failure(self, message: str, hint: str) -> None:
        """Show in the middle why there are no errors to show."""
        self._problem = (message, hint)

    def show_unreadable(self, error: Exception) -> None:
        """Show why a report or its samples cannot be opened."""
        self._can_measure = not isinstance(error, DataGoneError)
        if isinstance(error, TrainerError):
            self.show_failure(error.message, error.hint)
        else:
            self.show_failure(self.tr("Something went wrong: {0}.").format(error), "")

    def show_result(self) -> None:
        """Show the errors."""
        if self.result is not None and self.subject is not None:
            browser = self._make_browser()
            requested, self._requested_pair = self._requested_pair or (None, None), None
            outdated = is_outdated(self.result.figures, self.subject)
            browser.show_source(self.result, self.subject.title, requested, is_outdated=outdated)

    @Slot()
    def show_state(self) -> None:
        """Show the errors, or a message about what can be done."""
        super().show_state()
        is_running = self.command.is_running
        self.start.setVisible(self._can_start() and not is_running)
        if self.result is None or is_running or self._problem is not None:
            self.notice.show_message(*self._sentence())
            self.stack.setCurrentWidget(self.notice)
        elif self.browser is not None:
            self.stack.setCurrentWidget(self.browser)
            requested, self._requested_pair = self._requested_pair, None
            if requested is not None:
                self.browser.show_pair(*requested)

    def _can_start(self) -> bool:
        return not self.missing() and not self.loading.is_running and self._can_measure

    def _sentence(self) -> tuple[str, str]:
        """Return the message while there is nothing to show, and a hint."""
        subject = self.subject
        if subject is None or not subject.data:
            return (
                self.tr("Choose a model and a dataset to see what is misread."),
                self.tr("Datasets are fetched, made and imported in the Datasets tab."),
            )
        if self.command.is_running:
            return self.tr("Every sample is being read."), ""
        if self._problem is not None:
            return self._problem
        if self.loading.is_running:
            return self.tr("Opening the samples…"), ""
        return (
            self.tr("{0} has not read these samples yet.").format(subject.title),
            self.tr("It takes seconds to a few minutes, and works beside the window."),
        )

    def _make_browser(self) -> ErrorsBrowser:
        if self.browser is None:
            self.browser = ErrorsBrowser()
            self.browser.samples_requested.connect(self.samples_requested)
            self.browser.cell_requested.connect(self.cell_requested)
            self.browser.status_changed.connect(self.status_changed)
            self.browser.measure_requested.connect(self.begin)
            self.stack.addWidget(self.browser)
        return self.browser


class ErrorsPlaceholder(QWidget):
    """A message in the middle; below it the progress, and the button to start.

    Parameters
    ----------
    start : QPushButton
    running : QWidget
        Shows progress, and can cancel.
    """

    def __init__(self, start: QPushButton, running: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = _centred(self.tr("What is to be known"))
        self.hint = _centred(self.tr("What can be done"))
        self.hint.setObjectName("caption")
        running.setMaximumWidth(_MESSAGE_WIDTH)
        self.setLayout(
            vbox(
                1,
                self.sentence,
                self.hint,
                hbox(1, (running, 4), 1),
                hbox(1, start, 1),
                2,
                margins=MARGIN,
            )
        )

    def show_message(self, sentence: str, hint: str) -> None:
        """Show a message and a hint."""
        self.sentence.setText(error_text(sentence))
        self.hint.setText(error_text(hint))
        self.hint.setVisible(bool(hint))


def _centred(name: str) -> QLabel:
    label = wrapped_label()
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setAccessibleName(name)
    return label
