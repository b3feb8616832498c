"""How well one model reads one dataset: made on request, kept, and shown at once later."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent

from emnist_desktop.models.command_page import FAILURE
from emnist_desktop.models.report.view import ReportView
from emnist_desktop.models.report_store import ReportedPage, has_learned, is_outdated, made_at
from emnist_desktop.ui.controls import centred_caption, plain_label, push_button
from emnist_desktop.ui.dialogs.file_dialog import ask_save
from emnist_desktop.ui.empty_state import AnswersPicture
from emnist_desktop.ui.format import moment_text
from emnist_desktop.ui.layout import hbox, scroll_area, sheet, turn, vbox
from emnist_desktop.ui.style import SPACING
from trainer.evaluation.report.html import report_html
from trainer.evaluation.report.report import load_figures
from trainer.files.paths import replacing

_WIDE = 640
"""Pixels of width from which the title and the buttons share a line."""


class ReportPage(ReportedPage):
    """The report of the chosen model on the chosen data; its result are the figures.

    Signals
    -------
    errors_requested : object
        Names of a true and a predicted class, either None for any, whose samples shall be
        shown; None for all errors.
    """

    errors_requested = Signal(object)

    _pointed: tuple[str, str] | None = None

    def build(self) -> None:
        """Make the title, the buttons and the view."""
        super().build()
        self.title, self.state = plain_label(), plain_label()
        self.state.setObjectName("caption")
        self.errors = push_button(
            self.tr("See the errors"), self.tr("Look at the samples that were misread")
        )
        self.save = push_button(
            self.tr("Save as page…"),
            self.tr("Write the report as one HTML file that a browser opens"),
        )
        self.nothing = centred_caption()
        self.view = ReportView()
        self.area = scroll_area(self.view, self.tr("Report"))
        picture = hbox(1, AnswersPicture(), 1)
        self.empty = sheet(vbox(1, picture, self.nothing, 2, spacing=2 * SPACING))
        buttons = hbox(self.errors, self.save, self.start, 1)
        self._top = hbox((vbox(self.title, self.state, spacing=2), 1), vbox(buttons, 1))
        self.setLayout(vbox(self._top, self.running, self.banner, (self.empty, 1), (self.area, 1)))
        order = (self.start, self.cancel, self.errors, self.save)
        for first, second in itertools.pairwise(order):
            self.setTabOrder(first, second)
        self.save.clicked.connect(self._on_save_clicked)
        self.errors.clicked.connect(self._on_errors_clicked)
        self.view.errors_requested.connect(self.errors_requested)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the title where there is no room beside it."""
        super().resizeEvent(event)
        if self.is_built:
            self._arrange()

    def _arrange(self) -> None:
        turn(self._top, is_wide=self.width() >= _WIDE)

    def point_at(self, true: str, predicted: str) -> None:
        """Show a cell of the matrix, now or as soon as the report is shown."""
        self._pointed = (true, predicted)
        if self.result is not None:
            self._show_pointed()

    def _show_pointed(self) -> None:
        pointed, self._pointed = self._pointed, None
        if pointed is not None:
            self.view.confusion.point_at(*pointed)
            self.area.ensureWidgetVisible(self.view.confusion.matrix)

    def load_result(self, path: Path) -> Callable[[], Any]:
        """Return what reads the figures of a report."""
        return partial(load_figures, path.parent)

    def start_words(self) -> tuple[str, str]:
        """Return what is made, and how."""
        text = self.tr("Make the report") if self.result is None else self.tr("Make it again")
        return text, self.tr("Read every sample of the data with the model, and count")

    def done_text(self, title: str) -> str:
        """Return the message for the status bar."""
        return self.tr("The report of {0} is ready").format(title)

    def show_result(self) -> None:
        """Show the figures from the top, or at the requested cell."""
        if self.result is not None:
            self.view.show_figures(self.result)
            self.area.verticalScrollBar().setValue(0)
            self._show_pointed()

    @Slot()
    def show_state(self) -> None:
        """Show what can be done, and what is under way."""
        super().show_state()
        subject, is_there = self.subject, self.result is not None
        self.title.setText(self._title())
        self.state.setText(self._state())
        self.start.setVisible(not self.command.is_running)
        for widget in (self.errors, self.save, self.area):
            widget.setVisible(is_there)
        self.empty.setVisible(not is_there)
        if subject is None:
            self.nothing.setText(self.missing())
        elif not subject.data:
            self.nothing.setText(
                self.tr(
                    "There is no dataset yet. Make the starter set on the left, or fetch one "
                    "under Datasets, to see how well the model reads."
                )
            )
        elif self.command.is_running and self.requested == subject:
            self.nothing.setText(self.tr("Every sample is being read."))
        elif self.loading.is_running:
            self.nothing.setText("")
        else:
            self.nothing.setText(
                self.tr(
                    "There is no report yet. It reads every sample and says how many are right, "
                    "which classes are confused, and whether the model knows when it is right."
                )
            )

    def _title(self) -> str:
        subject = self.subject
        if subject is None:
            return ""
        if not subject.data:
            return subject.title
        return self.tr("{0} on {1}").format(subject.title, subject.samples_title)

    def _state(self) -> str:
        if self.command.is_running and self.requested is not None:
            text = self.tr("Measuring {0} on {1} …")
            return text.format(self.requested.title, self.requested.samples_title)
        if self.result is None or self.subject is None:
            return ""
        made = made_at(self.result)
        when = "?" if made is None else moment_text(int(made.timestamp()))
        parts = [self.tr("Made {0}").format(when)]
        if is_outdated(self.result, self.subject):
            parts.append(self.tr("the model has changed since: make it again"))
        if has_learned(self.subject):
            parts.append(self.tr("it has learned from such samples: on others it reads less well"))
        if taken := self.result.get("input_range"):
            parts.append(self.tr("pixels given as {0}").format(taken))
        return " · ".join(parts)

    def save_page(self, path: Path) -> None:
        """Write the report as one HTML file; show a failure above it."""
        if self.result is None:
            return
        try:
            with replacing(path) as temporary:
                temporary.write_text(report_html(self.result), encoding="utf-8")
        except OSError as error:
            sentence = self.tr("The report cannot be written to {0}: {1}.")
            self.banner.show_notice(
                sentence.format(path, error.strerror or error),
                self.tr("Choose another folder."),
                topic=FAILURE,
            )
        else:
            self.status_changed.emit(self.tr("Saved {0}").format(path.name))

    @Slot()
    def _on_errors_clicked(self) -> None:
        self.errors_requested.emit(None)

    @Slot()
    def _on_save_clicked(self) -> None:
        kinds = self.tr("Page") + " (*.html)"
        path, _ = ask_save(self, self.tr("Save the report"), "report.html", kinds)
        if path is not None:
            is_page = path.suffix.lower() in (".html", ".htm")
            self.save_page(path if is_page else path.with_name(f"{path.name}.html"))
