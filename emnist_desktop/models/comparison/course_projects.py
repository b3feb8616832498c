"""The course projects, repeated: their figures beside one's own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QTableWidget,
    QTabWidget,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.models.command_page import CommandPage
from emnist_desktop.ui.controls import (
    caption,
    check_box,
    combo_box,
    prepare_table,
    push_button,
    refill,
    spin_box,
    title_of,
)
from emnist_desktop.ui.format import NOTHING, fill_in, local, share_text, time_text, title_text
from emnist_desktop.ui.images import picture_image
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import SPACING
from emnist_desktop.ui.table import fill
from trainer.files.records import object_or_empty
from trainer.reproduce.projects import PROJECTS

_TABLE_NAME = "table.json"
_MOST_EPOCHS = 1000
_LEAST_FIGURE_HEIGHT = 120
_AMOUNTS = (1, 2, 4)
"""Columns of figures."""


class CourseProjectsView(CommandPage):
    """One project at a time; the last result of each is shown at once."""

    def build(self) -> None:
        """Make the choice of a project, its options and its result."""
        super().build()
        self.project = combo_box(
            [(each.title, each.name) for each in PROJECTS.values()],
            name=self.tr("Course project"),
        )
        self.about, self.summary = caption(), caption()
        self.quick = check_box(
            self.tr("In small"),
            self.tr("Few samples, epochs and combinations: minutes instead of hours or days"),
            checked=True,
        )
        self.epochs = spin_box(
            0,
            _MOST_EPOCHS,
            0,
            zero=self.tr("as theirs"),
            tip=self.tr("Networks are trained for no more epochs than this"),
        )
        epochs = title_of(self.epochs, self.tr("Epochs"))
        self.epochs.setAccessibleName(self.tr("Epochs at most"))
        self.cancel.setText(self.tr("Pause"))
        self.cancel.setToolTip(self.tr("What is done is kept; a later start goes on"))
        self.table = self._make_table()
        self.picture = FigureViewer()
        self.views = QTabWidget()
        self.views.addTab(self.table, self.tr("Table"))
        self.views.addTab(self.picture, self.tr("Figures"))
        self.folder = push_button(
            self.tr("Folder"), self.tr("Open the folder with the table and the figures")
        )
        self.setLayout(
            vbox(
                self.banner,
                self.project,
                self.about,
                hbox(self.start, self.quick, epochs, self.epochs, 1),
                self.running,
                (self.views, 1),
                hbox((self.summary, 1), self.folder),
                0,
                margins=(0, SPACING, 0, 0),
            )
        )
        self.project.currentIndexChanged.connect(self.look)
        self.folder.clicked.connect(self._on_folder_clicked)

    def _make_table(self) -> QTableWidget:
        titles = (
            self.tr("Step"),
            self.tr("Theirs"),
            self.tr("Yours"),
            self.tr("What it is"),
            self.tr("Time"),
            self.tr("Notes"),
        )
        table = QTableWidget(0, len(titles))
        table.setHorizontalHeaderLabels(titles)
        prepare_table(table, self.tr("Theirs and yours"))
        table.setStyleSheet("QTableView::item { padding: 0 6px; }")
        return table

    @property
    def _name(self) -> str:
        return str(self.project.currentData())

    def result_file(self) -> Path | None:
        """Return the newest table of the project."""
        return next(iter(_tables(self.profile.reports, self._name)), None)

    def load_result(self, path: Path) -> Callable[[], Any]:
        """Return what reads the newest sound table."""
        return partial(last_record, self.profile.reports, self._name)

    def handle_answer(self, answer: dict[str, Any]) -> None:
        """Show the table, if its project is still chosen."""
        if answer["source"] == self._name:
            self.show_new(answer)

    def show_result(self) -> None:
        """Show the table and the figures."""
        record: Mapping[str, Any] | None = self.result
        rows: Sequence[Mapping[str, Any]] = record["rows"] if record is not None else ()
        fill(self.table, ((self._texts(row), None) for row in rows), _AMOUNTS)
        pictures = record.get("pictures", []) if record is not None else []
        self.picture.show_files([Path(path) for path in pictures if path.endswith(".png")])
        self.views.setTabEnabled(1, bool(pictures))
        self.views.setVisible(record is not None)
        self.folder.setVisible(record is not None)
        self.summary.setText(self._summary(record))

    def _summary(self, record: Mapping[str, Any] | None) -> str:
        if record is None:
            return self.tr(
                "Nothing of it has been repeated yet. What they found and what you find will "
                "stand here side by side, with figures."
            )
        text = fill_in(
            self.tr("Yours: {0}, {1:,} samples to train on and choose by, {2:,} to test"),
            title_text(Path(str(record["data"])).name),
            record["samples"],
            record["test_samples"],
        )
        return text + (self.tr(", in small") if record["quick"] else "")

    def _texts(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        ours = share_text(row["ours"])
        if row["deviation"] is not None:
            ours += f" ± {local(100 * row['deviation'], '.2f')}"
        return (
            error_text(row["title"]) + (self.tr(" (chosen)") if row["chosen"] else ""),
            share_text(row["theirs"]),
            ours,
            error_text(row["measure"]),
            NOTHING if row["seconds"] is None else time_text(row["seconds"]),
            error_text(row["error"], row["note"]),
        )

    @Slot()
    def show_state(self) -> None:
        """Show the project's author, and what can be done."""
        super().show_state()
        project = PROJECTS[self._name]
        self.about.setText(
            self.tr("By: {0}. Their data: {1}.").format(project.author, error_text(project.dataset))
        )

    def missing(self) -> str:
        """Return what is missing before a project can be repeated."""
        has_data = self.subject is not None and self.subject.data
        return "" if has_data else self.tr("Choose a dataset on the left")

    def start_words(self) -> tuple[str, str]:
        """Return what is repeated on which dataset, and how."""
        name = "" if self.subject is None else self.subject.data_title
        text = self.tr("Repeat on {0}").format(name) if name else self.tr("Repeat")
        return text, self.tr("Train what they trained, on this dataset")

    def arguments(self) -> list[str] | None:
        """Return the command that repeats the project."""
        if self.subject is None:
            return None
        options = ["--quick"] if self.quick.isChecked() else []
        options += ["--max-epochs", str(self.epochs.value())] if self.epochs.value() else []
        return ["reproduce", self._name, "--data", self.subject.data, *options]

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self.result is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.result["folder"])))


class FigureViewer(QWidget):
    """A choice of files, and the chosen one below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Figure"))
        self.sheet = _Sheet()
        self.setLayout(vbox(self.choice, (self.sheet, 1)))
        self.choice.currentIndexChanged.connect(self._on_choice_changed)

    def show_files(self, paths: Sequence[Path]) -> None:
        """Offer other figures and show the first."""
        refill(self.choice, [(path.stem.replace("-", " "), str(path)) for path in paths], "")
        self._on_choice_changed()

    @Slot()
    def _on_choice_changed(self) -> None:
        path = self.choice.currentData()
        self.sheet.show_image(
            picture_image(Path(path)) if path else QImage(), self.choice.currentText()
        )


class _Sheet(QWidget):
    """Paints an image, scaled down to its room."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumHeight(_LEAST_FIGURE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage, name: str) -> None:
        self._image = image
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 2 * _LEAST_FIGURE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left = (self.width() - size.width()) / 2
        painter.drawImage(QRectF(left, 0, size.width(), size.height()), self._image)
        painter.end()


def last_record(reports: Path, name: str) -> Mapping[str, Any] | None:
    """Return the newest table of a project; None without a sound one."""
    for path in _tables(reports, name):
        record = object_or_empty(path)
        if record.get("source") == name and isinstance(record.get("rows"), list):
            return {"pictures": [], **record, "folder": str(path.parent)}
    return None


def _tables(reports: Path, name: str) -> list[Path]:
    """Return the tables of a project, newest first."""
    found = []
    for path in reports.glob(f"{name}-*/{_TABLE_NAME}"):
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found, reverse=True)]
