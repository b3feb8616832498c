"""Ask in which form samples are exported and where to, and do it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.datasets.dataset_view import wrapped_label
from emnist_desktop.style import MARGIN, SPACING
from emnist_desktop.task import Context, Task
from trainer.datasets.exporting import SHEET_LIMIT, ExportFormat, Selection, export
from trainer.errors import TrainerError

_STEPS = 1000
_SMALLEST_WIDTH = 460
_SUFFIXES = {ExportFormat.ARRAYS: ".npz", ExportFormat.SHEET: ".png"}


class ExportDialog(QDialog):
    """Stays open while it writes; closing it ends the writing, and nothing is left behind.

    Parameters
    ----------
    selection : Selection
        What to export.
    folder : Path
        Where to suggest to put it.

    Signals
    -------
    exported : str
        The file or folder that was written.
    """

    exported = Signal(str)

    @classmethod
    def ask(cls, selection: Selection, parent: QWidget) -> ExportDialog:
        """Open a dialog that goes when it is closed; it suggests the user's own folder."""
        dialog = cls(selection, Path.home(), parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def __init__(self, selection: Selection, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._folder = folder
        self._task = Task(self)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._task.cancelled.connect(self._on_task_cancelled)
        self._task.reported.connect(self._on_task_reported)
        self.setWindowTitle(self.tr("Export samples"))
        self.setMinimumWidth(_SMALLEST_WIDTH)
        self.format_box = self._make_format_box()
        self.destination = QLineEdit()
        self.destination.setAccessibleName(self.tr("Destination"))
        self.browse = QPushButton(self.tr("Choose…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.explanation = wrapped_label()
        self.message = wrapped_label()
        self.message.hide()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = QPushButton(self.tr("Export"))
        self.buttons.addButton(self.export_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.export_button.clicked.connect(self._on_export_clicked)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.export_button.setDefault(True)
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
        box.currentIndexChanged.connect(self._on_format_changed)
        return box

    def _lay_out(self) -> None:
        count = self.tr("{0:,} samples of {1}").format(
            len(self._selection), self._selection.stored.card.title
        )
        where = QHBoxLayout()
        where.setSpacing(SPACING)
        where.addWidget(self.destination, 1)
        where.addWidget(self.browse)
        form = QFormLayout()
        form.setVerticalSpacing(SPACING)
        form.addRow(self.tr("What"), wrapped_label(count))
        form.addRow(self.tr("&Form"), self.format_box)
        to = QLabel(self.tr("&To"))
        to.setBuddy(self.destination)
        form.addRow(to, where)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * MARGIN, MARGIN, 2 * MARGIN, MARGIN)
        layout.setSpacing(2 * SPACING)
        layout.addLayout(form)
        layout.addWidget(self.explanation)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    @property
    def form(self) -> ExportFormat:
        """The form that is chosen."""
        return ExportFormat(self.format_box.currentData())

    def done(self, result: int) -> None:
        """End the writing with the dialog."""
        self._task.close()
        super().done(result)

    def _suggest(self) -> None:
        """Suggest a destination that does not exist yet, and say what will be in it."""
        suffix = _SUFFIXES.get(self.form, "")
        stem = f"{self._selection.stored.card.name}-{self._selection.split}"
        candidate, number = self._folder / f"{stem}{suffix}", 2
        while candidate.exists():
            candidate, number = self._folder / f"{stem}-{number}{suffix}", number + 1
        self.destination.setText(str(candidate))
        table = self.tr("A table, samples.csv, says label, character and writer of each picture.")
        limit = self.tr("Up to {0:,} samples, each with its character below.").format(SHEET_LIMIT)
        self.explanation.setText(
            {
                ExportFormat.FOLDERS: table,
                ExportFormat.FLAT: table,
                ExportFormat.ARRAYS: self.tr("Images, labels and the characters of the classes."),
                ExportFormat.SHEET: limit,
            }[self.form]
        )

    def _show_busy(self, busy: bool) -> None:
        for widget in (self.format_box, self.destination, self.browse, self.export_button):
            widget.setEnabled(not busy)
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self._grow()

    def _say(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self._grow()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin high enough for all lines."""
        super().showEvent(event)
        self._grow()

    def _grow(self) -> None:
        """Take the height that wrapped lines need in this width."""
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            self.resize(self.width(), needed)

    @Slot()
    def _on_format_changed(self) -> None:
        self._folder = Path(self.destination.text()).parent
        self._suggest()
        self._say("")

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

    @Slot()
    def _on_export_clicked(self) -> None:
        given = self.destination.text().strip()
        if not given:
            self._say(self.tr("Choose where to put the samples."))
            return
        selection, how, destination = self._selection, self.form, Path(given).expanduser()

        def write(context: Context) -> str:
            export(selection, how, destination, context.report, context.check)
            return str(destination)

        self._say("")
        self._show_busy(True)
        self._task.start(write)

    @Slot(object)
    def _on_task_succeeded(self, written: object) -> None:
        self._show_busy(False)
        self.exported.emit(str(written))
        self.accept()

    @Slot(object)
    def _on_task_failed(self, error: object) -> None:
        self._show_busy(False)
        self.destination.setFocus()
        if isinstance(error, TrainerError):
            self._say(f"{error.message} {error.hint}".strip())
        else:
            self._say(self.tr("Something went wrong: {0}.").format(error))

    @Slot()
    def _on_task_cancelled(self) -> None:
        self._show_busy(False)

    @Slot(object)
    def _on_task_reported(self, share: object) -> None:
        if isinstance(share, float):
            self.bar.setValue(round(_STEPS * share))
