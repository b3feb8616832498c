"""Ask in which form samples are exported and where to, and do it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QWidget

from emnist_desktop.ui.dialogs.export_dialog import WritingDialog, unused
from emnist_desktop.ui.format import fill_in
from emnist_desktop.ui.style import SPACING, wrapped_label
from emnist_desktop.ui.task import Context, Work
from trainer.datasets.export import SHEET_LIMIT, ExportFormat, Selection, export
from trainer.processes.launch import has_package

_SUFFIXES = {
    ExportFormat.ARRAYS: ".npz",
    ExportFormat.SHEET: ".png",
    ExportFormat.PARQUET: ".parquet",
}


class ExportDialog(WritingDialog):
    """Asks for a form and a destination.

    Parameters
    ----------
    selection : Selection
        What to export.
    folder : Path
        Where to suggest to put it.
    """

    @classmethod
    def ask(cls, selection: Selection, parent: QWidget) -> ExportDialog:
        """Open a dialog that goes when it is closed; it suggests the user's own folder."""
        return cls(selection, Path.home(), parent).opened()

    def __init__(self, selection: Selection, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._folder = folder
        self.format_box = self._make_format_box()
        self.destination.setAccessibleName(self.tr("Destination"))
        self._lay_out(self._make_form(), self.explanation)
        self._suggest()

    def _make_format_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Form"))
        for how, text in (
            (ExportFormat.FOLDERS, self.tr("Pictures, a folder for each class")),
            (ExportFormat.FLAT, self.tr("Pictures, all in one folder")),
            (ExportFormat.ARRAYS, self.tr("Arrays for NumPy (.npz)")),
            (ExportFormat.SHEET, self.tr("One picture of all (contact sheet)")),
        ):
            box.addItem(text, how.value)
        if has_package("pyarrow"):
            box.addItem(self.tr("Parquet, as the Hugging Face hub reads it"), ExportFormat.PARQUET)
        box.currentIndexChanged.connect(self._on_format_changed)
        return box

    def _make_form(self) -> QFormLayout:
        count = fill_in(
            self.tr("{0:,} samples of {1}"), len(self._selection), self._selection.stored.card.title
        )
        form = QFormLayout()
        form.setVerticalSpacing(SPACING)
        form.addRow(self.tr("What"), wrapped_label(count))
        form.addRow(self.tr("&Form"), self.format_box)
        form.addRow(*self._where())
        return form

    @property
    def form(self) -> ExportFormat:
        """The form that is chosen."""
        return ExportFormat(self.format_box.currentData())

    def _suggest(self) -> None:
        """Suggest a destination that does not exist yet, and say what will be in it."""
        stem = f"{self._selection.stored.card.name}-{self._selection.split}"
        free = unused(self._folder, stem, _SUFFIXES.get(self.form, ""))
        self.destination.setText(str(free))
        table = self.tr("A table, samples.csv, says label, character and writer of each picture.")
        limit = fill_in(self.tr("Up to {0:,} samples, each with its character below."), SHEET_LIMIT)
        self.explanation.setText(
            {
                ExportFormat.FOLDERS: table,
                ExportFormat.FLAT: table,
                ExportFormat.ARRAYS: self.tr("Images, labels and the characters of the classes."),
                ExportFormat.SHEET: limit,
                ExportFormat.PARQUET: self.tr("Pictures, labels and the names of the classes."),
            }[self.form]
        )

    def _show_busy(self, busy: bool) -> None:
        self.format_box.setEnabled(not busy)
        super()._show_busy(busy)

    @Slot()
    def _on_format_changed(self) -> None:
        self._folder = Path(self.destination.text()).parent
        self._suggest()
        self._show_message("")

    @Slot()
    def _on_browse_clicked(self) -> None:
        given = self.destination.text()
        title = self.tr("Export to")
        suffix = _SUFFIXES.get(self.form)
        if suffix is None:
            folder = QFileDialog.getExistingDirectory(self, title, str(Path(given).parent))
            # The folder that is chosen is where the new one goes, unless it is empty itself.
            if folder:
                chosen = Path(folder)
                is_empty = chosen.is_dir() and not any(chosen.iterdir())
                self.destination.setText(str(chosen if is_empty else chosen / Path(given).name))
        else:
            name, _ = QFileDialog.getSaveFileName(self, title, given, f"*{suffix}")
            if name:
                self.destination.setText(name if name.endswith(suffix) else name + suffix)

    def _missing(self) -> str:
        return self.tr("Choose where to put the samples.")

    def _writing(self, destination: Path) -> Work:
        selection, how = self._selection, self.form

        def write(context: Context) -> str:
            export(selection, how, destination, context.report, context.check)
            return str(destination)

        return write
