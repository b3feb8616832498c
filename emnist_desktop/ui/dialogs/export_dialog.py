"""The base of dialogs that ask for a destination and write to it."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from emnist_desktop.ui.layout import hbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN, SPACING, centre_labels, wrapped_label
from emnist_desktop.ui.task import Task, Work, failure_text

_STEPS = 1000
_SMALLEST_WIDTH = 460


class WritingDialog(QDialog):
    """Stays open while it writes; closing it ends the writing, and nothing is left behind.

    Signals
    -------
    exported : str
        The file or folder that was written.
    """

    exported = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = Task(self)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._task.cancelled.connect(self._on_task_cancelled)
        self._task.reported.connect(self._on_task_reported)
        self.setWindowTitle(self.tr("Export samples"))
        self.setMinimumWidth(_SMALLEST_WIDTH)
        self.destination = QLineEdit()
        self.browse = QPushButton(self.tr("Choose…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.explanation = wrapped_label()
        self.message = wrapped_label()
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

    def opened(self) -> Self:
        """Open the dialog, which goes when it is closed."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()
        return self

    def done(self, result: int) -> None:
        """Cancel writing."""
        shut_down(self)
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin high enough for all lines."""
        super().showEvent(event)
        self._grow()

    def _missing(self) -> str:
        """Return what to say where no destination is given."""
        raise NotImplementedError

    def _writing(self, destination: Path) -> Work:
        """Return the work that writes to a destination and returns its name."""
        raise NotImplementedError

    def _where(self) -> tuple[QLabel, QHBoxLayout]:
        """Return the row of the destination, and its label."""
        label = QLabel(self.tr("&To"))
        label.setBuddy(self.destination)
        row = hbox((self.destination, 1), self.browse)
        return label, row

    def _lay_out(self, *rows: QWidget | QLayout) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * MARGIN, MARGIN, 2 * MARGIN, MARGIN)
        layout.setSpacing(2 * SPACING)
        for row in (*rows, self.bar, self.message):
            if isinstance(row, QFormLayout):
                centre_labels(row)
            if isinstance(row, QLayout):
                layout.addLayout(row)
            else:
                layout.addWidget(row)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.export_button.setDefault(True)  # once the dialog has it

    def _show_busy(self, busy: bool) -> None:
        for widget in (self.destination, self.browse, self.export_button):
            widget.setEnabled(not busy)
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self._grow()

    def _show_message(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self._grow()

    def _grow(self) -> None:
        """Take the height that wrapped lines need in this width."""
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            self.resize(self.width(), needed)

    @Slot()
    def _on_browse_clicked(self) -> None:
        raise NotImplementedError

    @Slot()
    def _on_export_clicked(self) -> None:
        given = self.destination.text().strip()
        if not given:
            self._show_message(self._missing())
            return
        work = self._writing(Path(given).expanduser())
        self._show_message("")
        self._show_busy(True)
        self._task.start(work)

    @Slot(object)
    def _on_task_succeeded(self, written: object) -> None:
        self._show_busy(False)
        self.exported.emit(str(written))
        self.accept()

    @Slot(object)
    def _on_task_failed(self, error: Exception) -> None:
        self._show_busy(False)
        self.destination.setFocus()
        self._show_message(failure_text(error))

    @Slot()
    def _on_task_cancelled(self) -> None:
        self._show_busy(False)

    @Slot(object)
    def _on_task_reported(self, share: object) -> None:
        if isinstance(share, float):
            self.bar.setValue(round(_STEPS * share))


def unused(folder: Path, stem: str, suffix: str = "") -> Path:
    """Return a path in a folder; there is a number in its name if the name is taken."""
    candidate, number = folder / f"{stem}{suffix}", 2
    while candidate.exists():
        candidate, number = folder / f"{stem}-{number}{suffix}", number + 1
    return candidate
