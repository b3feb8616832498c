"""My samples: look through them, correct a label, remove some, export them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QInputDialog,
    QPushButton,
    QTableView,
    QWidget,
)

from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.dialogs.file_dialog import ask_folder, ask_save
from emnist_desktop.ui.format import moment_text
from emnist_desktop.ui.images import grey_image
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.table import EDIT_TRIGGERS, Index, RecordModel
from emnist_desktop.ui.task import Task
from trainer.datasets.my_samples import MySample, MySamples
from trainer.errors import DatasetError
from trainer.files.paths import with_ending
from trainer.ink.render import IMAGE_SIZE, ink_to_image

_TOPIC = "samples"
_PICTURE, _CHARACTER = range(2)


class SamplesModel(RecordModel[MySample]):
    """Drawing, character and time of each sample, the newest first; pictures on demand.

    Signals
    -------
    refused : object
        The error for which a label was not changed.
    relabelled
    """

    refused = Signal(object)
    relabelled = Signal()

    def __init__(self, samples: MySamples, parent: QObject) -> None:
        super().__init__(parent)
        self._samples = samples
        titles = (self.tr("Drawing"), self.tr("Character"), self.tr("Time"))
        self.columns = [(title, "") for title in titles]

    def reload(self) -> None:
        """Show what there is now."""
        self.show_rows(self._samples.live()[::-1])

    @override
    def texts(self, row: MySample) -> tuple[str, str, str]:
        return "", row.character, local_time(row.time)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        sample = self.rows[index.row()]
        if index.column() == _PICTURE and role == Qt.ItemDataRole.DecorationRole:
            return grey_image(ink_to_image(sample.ink))
        if index.column() == _CHARACTER and role == Qt.ItemDataRole.EditRole:
            return sample.character
        return super().data(index, role)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _CHARACTER else flags

    @override
    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        try:
            old = self.rows[index.row()]
            self._samples.relabel(old.id, str(value))
            found = {sample.id: sample for sample in self._samples.live()}
            self.rows[index.row()] = found.get(old.id, old)  # no reset: the editor still commits
        except DatasetError as error:
            self.refused.emit(error)
            return False
        self.dataChanged.emit(index, index)
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
        self.model = SamplesModel(samples, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("My samples"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(EDIT_TRIGGERS)
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
        self.model.relabelled.connect(self._withdraw_error)
        self.model.modelReset.connect(self._update_buttons)
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
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
            self._samples.remove(*(self.model.rows[index.row()].id for index in rows))
        except DatasetError as error:
            self._show_error(error)
            return
        self._withdraw_error()
        self._reload()
        self.samples_changed.emit()

    @Slot()
    def export_archive(self) -> None:
        """Ask for a file and write a pen archive."""
        kinds = self.tr("Pen archives (*.npz)")
        path, _ = ask_save(self, self.tr("Export archive"), "my-samples.npz", kinds)
        if path is not None:
            write = self._samples.export_archive
            self._task.start(lambda _: write(with_ending(path, ".npz")))

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
        path, _ = ask_save(self, title, f"samples-{words}.npz", kinds)
        if path is not None:
            write = self._samples.export_archive
            self._task.start(lambda _: write(with_ending(path, ".npz"), writer.strip()))

    @Slot()
    def export_pictures(self) -> None:
        """Ask for a folder and write pictures."""
        folder = ask_folder(self, self.tr("Export pictures"))
        if folder is not None:
            write = self._samples.export_pictures
            self._task.start(lambda _: write(folder))

    def _reload(self) -> None:
        try:
            self.model.reload()
        except DatasetError as error:
            self._show_error(error)

    @Slot()
    def _withdraw_error(self) -> None:
        self.banner.withdraw(_TOPIC)

    @Slot()
    def _update_buttons(self) -> None:
        self.remove.setEnabled(self.table.selectionModel().hasSelection())

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic=_TOPIC)

    def _lay_out(self) -> None:
        buttons = hbox(self.remove, 1, self.for_class, self.archive, self.pictures)
        for button in (self.remove, self.for_class, self.archive, self.pictures):
            button.setAutoDefault(False)
        self.setLayout(vbox(self.banner, (self.table, 1), buttons, margins=MARGIN))


def local_time(text: str) -> str:
    """Return a moment of the ISO form by the clock here; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_text(round(moment.timestamp()))
