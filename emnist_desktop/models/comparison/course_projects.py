"""The course projects, repeated: their figures beside one's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.comparison.picture import Picture
from emnist_desktop.models.page import ModelContext
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.format import NOTHING, share_text, time_text
from emnist_desktop.ui.style import SPACING, indented
from emnist_desktop.ui.task import Context, Task
from trainer.errors import from_json
from trainer.files.paths import Profile
from trainer.reproduce.projects import PROJECTS

_TABLE_NAME = "table.json"
_MOST_EPOCHS = 1000
_FAILURE = "failure"
_AMOUNTS = (1, 2, 4)
"""Columns of figures."""


class ProjectsView(QWidget):
    """One project at a time; the last result of each is shown at once.

    Parameters
    ----------
    profile : Profile
    """

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._subject: ModelContext | None = None
        self._under_way = ""
        self.record: Mapping[str, Any] | None = None
        self.command = Command(profile, self)
        self.loading = Task(self)
        self._build()
        self._lay_out()
        self._connect()
        self._show_record(None)
        self._show_possible()

    def show_subject(self, subject: ModelContext | None) -> None:
        """Offer another dataset to repeat projects on."""
        self._subject = subject
        self._show_possible()

    def close_view(self) -> None:
        """End the work; what is done is kept."""
        self.command.close()
        self.loading.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Look for the last result."""
        super().showEvent(event)
        self._load()

    def _build(self) -> None:
        self.banner = Banner()
        self.project = QComboBox()
        self.project.setAccessibleName(self.tr("Course project"))
        for each in PROJECTS.values():
            self.project.addItem(each.title, each.name)
        shrinking = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.project.setSizeAdjustPolicy(shrinking)
        self.about = _caption()
        self.quick = QCheckBox(self.tr("In small"))
        self.quick.setChecked(True)
        self.quick.setToolTip(
            self.tr("Few samples, epochs and combinations: minutes instead of hours or days")
        )
        self.epochs = indented(QSpinBox())
        self.epochs.setRange(0, _MOST_EPOCHS)
        self.epochs.setSpecialValueText(self.tr("as theirs"))
        self.epochs.setAccessibleName(self.tr("Epochs at most"))
        self.epochs.setToolTip(self.tr("Networks are trained for no more epochs than this"))
        self.start, self.cancel = QPushButton(), QPushButton(self.tr("Pause"))
        self.cancel.setToolTip(self.tr("What is done is kept; a later start goes on"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the project"))
        self.phase = _caption()
        self.result = _caption()
        self.table = self._make_table()
        self.picture = Picture()
        self.views = QTabWidget()
        self.views.addTab(self.table, self.tr("Table"))
        self.views.addTab(self.picture, self.tr("Figures"))
        self.folder = QPushButton(self.tr("Folder"))
        self.folder.setToolTip(self.tr("Open the folder with the table and the figures"))

    def _make_table(self) -> QTableWidget:
        titles = (
            self.tr("Step"),
            self.tr("Theirs"),
            self.tr("Yours"),
            self.tr("What it is"),
            self.tr("Time"),
            self.tr("Remarks"),
        )
        table = QTableWidget(0, len(titles))
        table.setHorizontalHeaderLabels(titles)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setAccessibleName(self.tr("Theirs and yours"))
        table.setStyleSheet("QTableView::item { padding: 0 6px; }")
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING)
        top.addWidget(self.start)
        top.addWidget(self.quick)
        top.addWidget(QLabel(self.tr("Epochs")))
        top.addWidget(self.epochs)
        top.addStretch(1)
        self.running = QWidget()
        row = QHBoxLayout(self.running)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        bottom = QHBoxLayout()
        bottom.addWidget(self.result, 1)
        bottom.addWidget(self.folder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.banner)
        layout.addWidget(self.project)
        layout.addWidget(self.about)
        layout.addLayout(top)
        layout.addWidget(self.running)
        layout.addWidget(self.phase)
        layout.addWidget(self.views, 1)
        layout.addLayout(bottom)
        layout.addStretch(0)

    def _connect(self) -> None:
        self.project.currentIndexChanged.connect(self._on_project_changed)
        self.start.clicked.connect(self._on_start_clicked)
        self.cancel.clicked.connect(self.command.cancel)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.loading.succeeded.connect(self._on_record_loaded)
        self.command.progressed.connect(self._on_command_progressed)
        self.command.succeeded.connect(self._on_command_succeeded)
        self.command.failed.connect(self._on_command_failed)
        self.command.cancelled.connect(self._show_possible)

    @property
    def _name(self) -> str:
        return str(self.project.currentData())

    @Slot()
    def _on_project_changed(self) -> None:
        self._show_record(None)
        self._show_possible()
        self._load()

    def _load(self) -> None:
        reports, name = self._profile.reports, self._name

        def work(context: Context) -> Mapping[str, Any] | None:
            context.check()
            return last_record(reports, name)

        self.loading.start(work)

    @Slot(object)
    def _on_record_loaded(self, record: Mapping[str, Any] | None) -> None:
        self._show_record(record)

    def _show_record(self, record: Mapping[str, Any] | None) -> None:
        self.record = record
        rows: Sequence[Mapping[str, Any]] = record["rows"] if record is not None else ()
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate(self._texts(row)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column in _AMOUNTS:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(number, column, item)
        pictures = record.get("pictures", []) if record is not None else []
        self.picture.show_files([Path(path) for path in pictures if path.endswith(".png")])
        self.views.setTabEnabled(1, bool(pictures))
        self.views.setVisible(record is not None)
        self.folder.setVisible(record is not None)
        self.result.setText(self._result(record))

    def _result(self, record: Mapping[str, Any] | None) -> str:
        if record is None:
            return self.tr(
                "Nothing of it has been repeated yet. What they found and what you find will "
                "stand here side by side, with figures."
            )
        text = self.tr("Yours: {0}, {1:,} samples to train on and choose by, {2:,} to test").format(
            Path(str(record["data"])).name, record["samples"], record["test_samples"]
        )
        return text + (self.tr(", in small") if record["quick"] else "")

    def _texts(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        ours = share_text(row["ours"])
        if row["deviation"] is not None:
            ours += f" ± {100 * row['deviation']:.2f}"
        return (
            error_text(row["title"]) + (self.tr(" (chosen)") if row["chosen"] else ""),
            share_text(row["theirs"]),
            ours,
            error_text(row["measure"]),
            NOTHING if row["seconds"] is None else time_text(row["seconds"]),
            error_text(row["error"], row["note"]),
        )

    @Slot()
    def _show_possible(self) -> None:
        running = self.command.is_running
        data = self._subject.data if self._subject is not None else ""
        project = PROJECTS[self._name]
        self.about.setText(
            self.tr("By: {0}. Their data: {1}.").format(project.author, error_text(project.dataset))
        )
        name = Path(data).name
        self.start.setText(self.tr("Repeat on {0}").format(name) if data else self.tr("Repeat"))
        self.start.setEnabled(bool(data) and not running)
        self.start.setToolTip(
            self.tr("Train what they trained, on this dataset")
            if data
            else self.tr("Choose a dataset on the left")
        )
        self.running.setVisible(running)
        self.phase.setVisible(running)

    @Slot()
    def _on_start_clicked(self) -> None:
        if self._subject is None:
            return
        self._under_way = self._name
        options = ["reproduce", self._name, "--data", self._subject.data]
        options += ["--quick"] if self.quick.isChecked() else []
        options += ["--max-epochs", str(self.epochs.value())] if self.epochs.value() else []
        self.banner.withdraw(_FAILURE)
        self.progress.setRange(0, 0)
        self.phase.setText("")
        self.command.start(options)
        self._show_possible()

    @Slot(int, int, str)
    def _on_command_progressed(self, done: int, total: int, phase: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.phase.setText(error_text(phase))

    @Slot(dict)
    def _on_command_succeeded(self, record: dict[str, Any]) -> None:
        self._show_possible()
        if record["source"] == self._name:
            self._show_record(record)

    @Slot(str, str)
    def _on_command_failed(self, message: str, hint: str) -> None:
        self._show_possible()
        self.banner.show_notice(message, hint, topic=_FAILURE)

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self.record is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.record["folder"])))


def last_record(reports: Path, name: str) -> Mapping[str, Any] | None:
    """Return the newest table of a project; None without a sound one."""
    found = sorted(reports.glob(f"{name}-*/{_TABLE_NAME}"), key=lambda p: p.stat().st_mtime)
    for path in reversed(found):
        try:
            record = from_json(json.loads(path.read_text(encoding="utf-8")))
            if record["source"] == name and isinstance(record["rows"], list):
                return {"pictures": [], **record, "folder": str(path.parent)}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _caption() -> QLabel:
    label = QLabel()
    label.setObjectName("caption")
    label.setWordWrap(True)
    return label
