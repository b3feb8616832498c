"""Ask where to put the mistakes that are shown, and write them as pictures with a table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.models.mistakes_source import Source
from emnist_desktop.style import MARGIN, SPACING
from emnist_desktop.task import Context, Task
from trainer.errors import TrainerError
from trainer.evaluation.mistakes import TABLE_NAME, Rows, write_mistakes

_STEPS = 1000
_SMALLEST_WIDTH = 460


class MistakesExport(QDialog):
    """Stays open while it writes; closing it ends the writing, and nothing is left behind.

    Parameters
    ----------
    source : Source
    rows : ndarray of shape (n,), dtype=int64
        What to write, in this order.
    destination : Path
        The folder to suggest.

    Signals
    -------
    exported : str
        The folder that was written.
    """

    exported = Signal(str)

    def __init__(
        self, source: Source, rows: Rows, destination: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._rows = rows
        self._task = Task(self)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._task.reported.connect(self._on_task_reported)
        self.setWindowTitle(self.tr("Export samples"))
        self.setMinimumWidth(_SMALLEST_WIDTH)
        self.explanation = _wrapping(
            self.tr(
                "{0:,} pictures, numbered as they are shown, in a new folder; a table, {1}, says "
                "what each is, what it was taken for, and how surely."
            ).format(len(rows), TABLE_NAME)
        )
        self.destination = QLineEdit(str(_unused(destination)))
        self.destination.setAccessibleName(self.tr("Folder"))
        self.browse = QPushButton(self.tr("Choose…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.message = _wrapping("")
        self.message.setAccessibleName(self.tr("What is wrong"))
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
        self.export_button.setDefault(True)
        self._lay_out()

    @classmethod
    def ask(cls, source: Source, rows: Rows, destination: Path, parent: QWidget) -> MistakesExport:
        """Open a dialog that goes when it is closed."""
        dialog = cls(source, rows, destination, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _lay_out(self) -> None:
        to = QLabel(self.tr("&To"))
        to.setBuddy(self.destination)
        where = QHBoxLayout()
        where.setSpacing(SPACING)
        where.addWidget(to)
        where.addWidget(self.destination, 1)
        where.addWidget(self.browse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * MARGIN, MARGIN, 2 * MARGIN, MARGIN)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(self.explanation)
        layout.addLayout(where)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    def done(self, result: int) -> None:
        """End the writing with the dialog."""
        self._task.close()
        super().done(result)

    @Slot()
    def _on_browse_clicked(self) -> None:
        given = Path(self.destination.text())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Export to"), str(given.parent))
        if folder:
            chosen = Path(folder)
            is_empty = not any(chosen.iterdir())
            self.destination.setText(str(chosen if is_empty else _unused(chosen / given.name)))

    @Slot()
    def _on_export_clicked(self) -> None:
        given = self.destination.text().strip()
        if not given:
            self._say(self.tr("Choose where to put the pictures."))
            return
        source, rows, folder = self._source, self._rows, Path(given).expanduser()

        def write(context: Context) -> str:
            reporting = context.report, context.check
            about = source.samples.about
            write_mistakes(source.found, rows, source.samples.image, folder, about, reporting)
            return str(folder)

        self._say("")
        self._show_busy(True)
        self._task.start(write)

    def _show_busy(self, busy: bool) -> None:
        for widget in (self.destination, self.browse, self.export_button):
            widget.setEnabled(not busy)
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self._grow()

    def _say(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self._grow()

    def _grow(self) -> None:
        """Take the height that wrapped lines need in this width."""
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            self.resize(self.width(), needed)

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

    @Slot(object)
    def _on_task_reported(self, share: object) -> None:
        if isinstance(share, float):
            self.bar.setValue(round(_STEPS * share))


def _unused(folder: Path) -> Path:
    """Return a folder's name, with a number behind it if there is one of that name."""
    candidate, number = folder, 2
    while candidate.exists():
        candidate, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return candidate


def _wrapping(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
