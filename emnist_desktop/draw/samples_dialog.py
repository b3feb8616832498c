"""My samples: look through them, correct a label, remove some, export them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QInputDialog,
    QPushButton,
    QTableView,
    QWidget,
)

from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.colors import grey_image
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.task import Task
from trainer.datasets.my_samples import MySample, MySamples
from trainer.errors import DatasetError
from trainer.ink.render import IMAGE_SIZE, ink_to_image

_TOPIC = "samples"
_CHARACTER = 1
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class SamplesModel(QAbstractTableModel):
    """Drawing, character and time of each sample, the newest first; pictures on demand.

    Signals
    -------
    refused : object
        The error for which a label was not changed.
    relabelled
    """

    refused = Signal(object)
    relabelled = Signal()

    def __init__(self, samples: MySamples) -> None:
        super().__init__()
        self._samples = samples
        self._rows: tuple[MySample, ...] = ()

    def reload(self) -> None:
        """Show what there is now."""
        self.beginResetModel()
        try:
            self._rows = self._samples.live()[::-1]
        finally:
            self.endResetModel()

    def id_at(self, row: int) -> str:
        """Return the id of the sample in a row."""
        return self._rows[row].id

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else 3

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("Drawing"), self.tr("Character"), self.tr("Time"))[section]

    def data(self, index: _Index, role: int = 0) -> Any:
        """Return a picture for the first column, texts for the others."""
        sample = self._rows[index.row()]
        if index.column() == 0:
            if role == Qt.ItemDataRole.DecorationRole:
                return grey_image(ink_to_image(sample.ink))
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if index.column() == _CHARACTER:
                return sample.character
            return local_time(sample.time)
        return None

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _CHARACTER else flags

    @override
    def setData(self, index: _Index, value: Any, role: int = 0) -> bool:
        try:
            self._samples.relabel(self.id_at(index.row()), str(value))
            self.reload()
        except DatasetError as error:
            self.refused.emit(error)
            return False
        self.relabelled.emit()
        return True


class SamplesDialog(QDialog):
    """A list of the samples, with what can be done with them."""

    samples_changed = Signal()

    def __init__(self, samples: MySamples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("My samples"))
        self.resize(520, 460)
        self._samples = samples
        self._task = Task(self)
        self.banner = Banner()
        self.model = SamplesModel(samples)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("My samples"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().setDefaultSectionSize(IMAGE_SIZE + 8)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.remove = QPushButton(self.tr("&Remove"))
        self.remove.setShortcut("Del")
        self.remove.setToolTip(self.tr("Remove the selected samples (Del)"))
        self.archive = QPushButton(self.tr("Export &archive…"))
        self.pictures = QPushButton(self.tr("Export &pictures…"))
        self.for_class = QPushButton(self.tr("For a &class…"))
        self.for_class.setToolTip(self.tr("Write a file that a teacher merges with others"))
        self._lay_out()
        self.for_class.clicked.connect(self.export_for_class)
        self.remove.clicked.connect(self.remove_selected)
        self.archive.clicked.connect(self.export_archive)
        self.pictures.clicked.connect(self.export_pictures)
        self.model.refused.connect(self._show_error)
        self.model.relabelled.connect(self.samples_changed)
        self._task.failed.connect(self._show_error)
        self.finished.connect(self._task.shutdown)
        self._reload()

    @Slot()
    def remove_selected(self) -> None:
        """Remove the samples of the selected rows."""
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        try:
            self._samples.remove(*(self.model.id_at(index.row()) for index in rows))
        except DatasetError as error:
            self._show_error(error)
            return
        self._reload()
        self.samples_changed.emit()

    @Slot()
    def export_archive(self) -> None:
        """Ask for a file and write a pen archive."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export archive"), "my-samples.npz", self.tr("Pen archives (*.npz)")
        )
        if name:
            write = self._samples.export_archive
            self._task.start(lambda _: write(Path(name)))

    @Slot()
    def export_for_class(self) -> None:
        """Ask for a name, which may stay out, and a file for the teacher."""
        title = self.tr("Samples for a class")
        question = self.tr("Your name, or nothing: then the file only tells you from others.")
        writer, is_given = QInputDialog.getText(self, title, question)
        if not is_given:
            return
        words = re.sub(r"[^\w-]+", "-", writer).strip("-") or "pupil"
        kinds = self.tr("Pen archives (*.npz)")
        name, _ = QFileDialog.getSaveFileName(self, title, f"samples-{words}.npz", kinds)
        if name:
            write = self._samples.export_archive
            self._task.start(lambda _: write(Path(name), writer.strip()))

    @Slot()
    def export_pictures(self) -> None:
        """Ask for a folder and write pictures."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Export pictures"))
        if folder:
            write = self._samples.export_pictures
            self._task.start(lambda _: write(Path(folder)))

    def _reload(self) -> None:
        try:
            self.model.reload()
        except DatasetError as error:
            self._show_error(error)

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic=_TOPIC)

    def _lay_out(self) -> None:
        buttons = hbox(self.remove, 1, self.for_class, self.archive, self.pictures)
        for button in (self.remove, self.for_class, self.archive, self.pictures):
            button.setAutoDefault(False)
        self.setLayout(vbox(self.banner, (self.table, 1), buttons, margins=MARGIN))


def local_time(text: str) -> str:
    """Return a moment of the ISO form as the clock here showed it; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
