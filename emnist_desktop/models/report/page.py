"""How well one model reads one dataset: made on request, kept, and shown at once later."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.models.page import ModelContext, Page
from emnist_desktop.models.report.view import ReportView
from emnist_desktop.models.report_store import is_outdated, made_at, report_folder
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.empty_state import AnswersPicture
from emnist_desktop.ui.style import SPACING
from trainer.datasets.catalog import Catalog
from trainer.errors import DatasetError
from trainer.evaluation.report.html import report_html
from trainer.evaluation.report.report import REPORT_NAME, load_figures
from trainer.files.paths import Profile, replacing

_TOPIC = "report"

_WIDE = 640
"""Pixels of width from which the title and the buttons share a line."""


class ReportPage(Page):
    """The report of the chosen model on the chosen data.

    Signals
    -------
    mistakes_asked : object
        Names of a true and a predicted class, either None for any, whose samples shall be
        shown; None for all mistakes.
    """

    mistakes_asked = Signal(object)

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        catalog: Catalog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(profile, settings, catalog, parent)
        self.command = Command(profile, self)
        self.figures: dict[str, Any] | None = None
        self._measured: ModelContext | None = None
        self._looked_at: ModelContext | None = None
        self._pointed: tuple[str, str] | None = None
        self._is_built = False
        self._stamp: float | None = None

    def show_subject(self, subject: ModelContext | None) -> None:
        """Show what is known of a model and a dataset."""
        super().show_subject(subject)
        if self._is_built and self.isVisible():
            self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the page when it is first seen, and catch up: others make reports, too."""
        super().showEvent(event)
        if not self._is_built:
            self._build()
            self._look()
        elif self._looked_at != self.subject or self._stamp != self._stamp_now():
            self._look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the title where there is no room beside it."""
        super().resizeEvent(event)
        if self._is_built:
            self._arrange()

    def _arrange(self) -> None:
        direction = QBoxLayout.Direction
        is_wide = self.width() >= _WIDE
        self._top.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    def point_at(self, true: str, predicted: str) -> None:
        """Show a cell of the matrix, now or as soon as the report is shown."""
        self._pointed = (true, predicted)
        if self._is_built and self.figures is not None:
            self._show_pointed()

    def _show_pointed(self) -> None:
        pointed, self._pointed = self._pointed, None
        if pointed is not None:
            self.view.confusion.point_at(*pointed)
            self.area.ensureWidgetVisible(self.view.confusion.matrix)

    def close_page(self) -> None:
        """End a measurement."""
        self.command.close()

    def save_page(self, path: Path) -> None:
        """Write the report as one HTML file; a failure is said above it."""
        if self.figures is None:
            return
        try:
            with replacing(path) as temporary:
                temporary.write_text(report_html(self.figures), encoding="utf-8")
        except OSError as error:
            sentence = self.tr("The report cannot be written to {0}: {1}.")
            self.banner.show_notice(
                sentence.format(path, error.strerror or error),
                self.tr("Choose another folder."),
                topic=_TOPIC,
            )
        else:
            self.status_changed.emit(self.tr("Saved {0}").format(path.name))

    def _build(self) -> None:
        self._is_built = True
        self.title = QLabel()
        self.state = QLabel()
        self.state.setObjectName("caption")
        for label in (self.title, self.state):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.make = QPushButton(self.tr("Make the report"))
        self.make.setToolTip(self.tr("Read every sample of the data with the model, and count"))
        self.mistakes = QPushButton(self.tr("See the mistakes"))
        self.mistakes.setToolTip(self.tr("Look at the samples that were misread"))
        self.save = QPushButton(self.tr("Save as page…"))
        self.save.setToolTip(self.tr("Write the report as one HTML file that a browser opens"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(6)
        self.bar.setAccessibleName(self.tr("Progress of the report"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop measuring; the last report stays"))
        self.banner = Banner()
        self.nothing = QLabel()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setObjectName("caption")
        self.view = ReportView()
        self.area = QScrollArea()
        self.area.setAccessibleName(self.tr("Report"))
        self.area.setWidget(self.view)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self._arrange()
        self._connect()

    def _lay_out(self) -> None:
        self.empty = QWidget()
        middle = QVBoxLayout(self.empty)
        middle.setSpacing(2 * SPACING)
        middle.addStretch(1)
        middle.addWidget(AnswersPicture(), alignment=Qt.AlignmentFlag.AlignHCenter)
        middle.addWidget(self.nothing)
        middle.addStretch(2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.state)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING)
        for button in (self.mistakes, self.save, self.make, self.cancel):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(SPACING)
        self._top.addLayout(words, 1)
        self._top.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(self._top)
        layout.addWidget(self.bar)
        layout.addWidget(self.banner)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.area, 1)

        for first, second in itertools.pairwise((self.make, self.cancel, self.mistakes, self.save)):
            self.setTabOrder(first, second)

    def _connect(self) -> None:
        self.make.clicked.connect(self._on_make_clicked)
        self.cancel.clicked.connect(self.command.cancel)
        self.save.clicked.connect(self._on_save_clicked)
        self.mistakes.clicked.connect(self._on_mistakes_clicked)
        self.view.mistakes_asked.connect(self.mistakes_asked)
        self.command.progressed.connect(self._on_command_progressed)
        self.command.succeeded.connect(self._on_command_succeeded)
        self.command.failed.connect(self._on_command_failed)
        self.command.cancelled.connect(self._refresh)

    def _look(self) -> None:
        """Show the report that is kept, if there is one."""
        self.banner.withdraw(_TOPIC)
        self.figures = None
        subject, self._stamp = self.subject, self._stamp_now()
        self._looked_at = subject
        if subject is not None and self._stamp is not None:
            try:
                self.figures = load_figures(report_folder(self.profile, subject))
            except DatasetError as error:
                self.banner.show_notice(error.message, error.hint, topic=_TOPIC)
        self._show_figures()

    def _stamp_now(self) -> float | None:
        """Return when the report that is kept was written; None if there is none."""
        if self.subject is None or not self.subject.data:
            return None
        try:
            path = report_folder(self.profile, self.subject) / REPORT_NAME
            return path.stat().st_mtime
        except OSError:
            return None

    def _show_figures(self) -> None:
        if self.figures is not None:
            self.view.show_figures(self.figures)
            self.area.verticalScrollBar().setValue(0)
            self._show_pointed()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show what can be done, and what is under way."""
        subject, is_running = self.subject, self.command.is_running
        is_there = self.figures is not None
        self.title.setText(self._title())
        self.state.setText(self._state())
        self.make.setText(self.tr("Make it again") if is_there else self.tr("Make the report"))
        self.make.setEnabled(subject is not None and bool(subject.data))
        self.make.setVisible(not is_running)
        self.cancel.setVisible(is_running)
        self.bar.setVisible(is_running)
        self.mistakes.setVisible(is_there)
        self.save.setVisible(is_there)
        self.area.setVisible(is_there)
        self.empty.setVisible(not is_there)
        if subject is None or not subject.data:
            self.nothing.setText(self.tr("Choose a model and a dataset to see how well it reads."))
        elif is_running and self._measured == subject:
            self.nothing.setText(self.tr("Every sample is being read."))
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
        data = self.figures["data"] if self.figures is not None else Path(subject.data).name
        return self.tr("{0} on {1}").format(subject.title, data)

    def _state(self) -> str:
        if self.command.is_running and self._measured is not None:
            text = self.tr("Measuring {0} on {1} …")
            return text.format(self._measured.title, Path(self._measured.data).name)
        if self.figures is None or self.subject is None:
            return ""
        made = made_at(self.figures)
        when = "?"
        if made is not None:
            moment = QDateTime.fromSecsSinceEpoch(int(made.timestamp()))
            when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        parts = [self.tr("Made {0}").format(when)]
        if is_outdated(self.figures, self.subject):
            parts.append(self.tr("the model has changed since: make it again"))
        return " · ".join(parts)

    @Slot()
    def _on_make_clicked(self) -> None:
        subject = self.subject
        if subject is None or not subject.data:
            return
        self.banner.withdraw(_TOPIC)
        self._measured = subject
        self.bar.setRange(0, 0)
        folder = report_folder(self.profile, subject)
        self.command.start(["evaluate", *subject.options(), "--out", str(folder)])
        self._refresh()
        self.cancel.setFocus()

    @Slot(int, int, str)
    def _on_command_progressed(self, done: int, total: int, phase: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot(dict)
    def _on_command_succeeded(self, figures: dict[str, Any]) -> None:
        measured = self._measured
        if measured == self.subject:
            self.figures, self._stamp = figures, self._stamp_now()
            self._show_figures()
            self.make.setFocus()
        else:
            self._refresh()
        title = measured.title if measured is not None else ""
        self.status_changed.emit(self.tr("The report of {0} is ready").format(title))

    @Slot(str, str)
    def _on_command_failed(self, message: str, hint: str) -> None:
        self.banner.show_notice(message, hint, topic=_TOPIC)
        self._refresh()

    @Slot()
    def _on_mistakes_clicked(self) -> None:
        self.mistakes_asked.emit(None)

    @Slot()
    def _on_save_clicked(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save the report"),
            "report.html",
            f"{self.tr('Page')} (*.html)",
        )
        if chosen:
            path = Path(chosen)
            is_page = path.suffix.lower() in (".html", ".htm")
            self.save_page(path if is_page else path.with_name(f"{path.name}.html"))
