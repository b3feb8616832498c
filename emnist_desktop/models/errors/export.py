"""Ask where to put the mistakes that are shown, and write them as pictures with a table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from emnist_desktop.models.errors.source import ErrorSource
from emnist_desktop.ui.export_dialog import WritingDialog, unused
from emnist_desktop.ui.task import Context, Work
from trainer.evaluation.errors import TABLE_NAME, Rows, export_errors


class MistakesExport(WritingDialog):
    """Asks for a folder.

    Parameters
    ----------
    source : ErrorSource
    rows : ndarray of shape (n,), dtype=int64
        What to write, in this order.
    destination : Path
        The folder to suggest.
    """

    def __init__(
        self, source: ErrorSource, rows: Rows, destination: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._rows = rows
        self.explanation.setText(
            self.tr(
                "{0:,} pictures, numbered as they are shown, in a new folder; a table, {1}, says "
                "what each is, what it was taken for, and how surely."
            ).format(len(rows), TABLE_NAME)
        )
        self.destination.setText(str(unused(destination.parent, destination.name)))
        self.destination.setAccessibleName(self.tr("Folder"))
        label, where = self._where()
        where.insertWidget(0, label)
        self._lay_out(self.explanation, where)

    @classmethod
    def ask(
        cls, source: ErrorSource, rows: Rows, destination: Path, parent: QWidget
    ) -> MistakesExport:
        """Open a dialog that goes when it is closed."""
        return cls(source, rows, destination, parent).opened()

    @Slot()
    def _on_browse_clicked(self) -> None:
        given = Path(self.destination.text())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Export to"), str(given.parent))
        if folder:
            chosen = Path(folder)
            is_empty = not any(chosen.iterdir())
            self.destination.setText(str(chosen if is_empty else unused(chosen, given.name)))

    def _missing(self) -> str:
        return self.tr("Choose where to put the pictures.")

    def _writing(self, destination: Path) -> Work:
        source, rows = self._source, self._rows

        def write(context: Context) -> str:
            reporting = context.report, context.check
            about = source.samples.about
            export_errors(source.found, rows, source.samples.image, destination, about, reporting)
            return str(destination)

        return write
