"""The row above an experiment: earlier experiments, start, stop, delete."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from emnist_desktop.ui.controls import combo_box, push_button
from emnist_desktop.ui.layout import hbox
from emnist_desktop.ui.task import Context, Task
from trainer.search.experiment_folder import remove_experiment


class ExperimentBar(QWidget):
    """Chooses an experiment; asks before one is deleted.

    Parameters
    ----------
    title : str
        What the list calls a new experiment.
    start : QPushButton
        Starts or continues the experiment that is shown.

    Signals
    -------
    deleted : str
        Name of the experiment.
    delete_failed : object
        The error.
    """

    deleted = Signal(str)
    delete_failed = Signal(object)

    def __init__(self, title: str, start: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deleting = Task(self)
        self.choice = combo_box(
            [(title, "")],
            name=self.tr("Earlier ones"),
            tip=self.tr("Begin anew, or look at what was tried before"),
            width=16,
        )
        start.setDefault(True)
        self.stop = push_button(
            self.tr("Stop"),
            self.tr("End it for now; what is done stays, and it can go on later"),
        )
        self.delete = push_button(
            self.tr("Delete…"), self.tr("Remove it with all its trainings from this computer")
        )
        self.setLayout(hbox((self.choice, 1), start, self.stop, self.delete))
        self._deleting.succeeded.connect(self._on_deleted)
        self._deleting.failed.connect(self.delete_failed)

    @property
    def name(self) -> str:
        """The name of the chosen experiment; empty for a new one."""
        return str(self.choice.currentData() or "")

    def set_names(self, names: Sequence[str], keep: str) -> None:
        """Offer earlier experiments; what is chosen stays chosen, and so does `keep`."""
        chosen = self.name
        self.choice.blockSignals(True)
        for index in range(self.choice.count() - 1, 0, -1):
            if self.choice.itemData(index) != keep:
                self.choice.removeItem(index)
        for name in names:
            if self.choice.findData(name) < 0:
                self.choice.addItem(name, name)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        self.choice.blockSignals(False)

    def add_name(self, name: str) -> None:
        """Put an experiment first, and choose it."""
        self.choice.insertItem(1, name, name)
        self.choice.setCurrentIndex(1)

    def drop_name(self, name: str) -> None:
        """Remove an experiment from the list."""
        index = self.choice.findData(name)
        if index > 0:
            self.choice.removeItem(index)

    def delete_after_asking(self, folder: Path) -> None:
        """Delete an experiment with all its trainings, if the user confirms."""
        answer = QMessageBox.question(
            self,
            self.tr("Delete"),
            self.tr("Delete {0} with all its trainings?").format(folder.name),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        if answer == QMessageBox.StandardButton.Yes:
            self.delete.setEnabled(False)
            self._deleting.start(partial(_remove, folder))

    @Slot(object)
    def _on_deleted(self, name: str) -> None:
        self.drop_name(name)
        self.delete.setEnabled(True)
        self.deleted.emit(name)


def _remove(folder: Path, context: Context) -> str:
    context.check()
    remove_experiment(folder)
    return folder.name
