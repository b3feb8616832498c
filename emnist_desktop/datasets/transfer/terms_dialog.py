"""Under which terms a dataset may be used, and whom to cite; to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import MARGIN
from trainer.datasets.entry import CatalogEntry


class TermsDialog(QDialog):
    """Shows terms, citation and source of a dataset."""

    def __init__(self, entry: CatalogEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(520, 320)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Terms of {0}").format(entry.title))
        parts = (
            (self.tr("Terms"), entry.terms),
            (self.tr("Please cite"), entry.citation),
            (self.tr("Source"), entry.source),
        )
        self.text = QPlainTextEdit("\n\n".join(f"{name}\n{text}" for name, text in parts if text))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Terms and citation"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)
        self.setLayout(vbox((self.text, 1), buttons, margins=MARGIN))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
