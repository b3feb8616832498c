"""Import from a class: what pupils have exported, by writer, before it is stored."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import caption, check_box, form_rows, plain_label, spin_box
from emnist_desktop.ui.format import fill_in, local
from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN, centre_labels
from emnist_desktop.ui.table import RIGHT
from emnist_desktop.ui.task import Context, Task, failure_text
from trainer.datasets.catalog import Catalog
from trainer.datasets.class_samples import MergedClass, read_class
from trainer.datasets.store import name_from

_MOST_SHARE = 50
_NAME = 0


class ClassDialog(QDialog):
    """Shows the writers, whose names can be changed, and stores their samples.

    Parameters
    ----------
    paths : tuple of Path
        Files, or folders of them.
    catalog : Catalog

    Signals
    -------
    imported : str
        The name of the new dataset.
    """

    imported = Signal(str)

    def __init__(
        self, paths: tuple[Path, ...], catalog: Catalog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import from a class"))
        self.resize(640, 480)
        self._catalog = catalog
        self._found: MergedClass | None = None
        self._reading = Task(self, self._on_read, self._on_failed)
        self._storing = Task(self, self._on_stored, self._on_failed)
        self.table = self._make_table()
        self.title = QLineEdit(self.tr("Class"))
        self.title.setMaxLength(60)
        self.title.textChanged.connect(self._update_button)
        self.test_share = spin_box(
            0, _MOST_SHARE, 0, tip=self.tr("Whole writers, in %, for the test split"), step=5
        )
        self.test_share.setSuffix(" %")
        self.numbers = check_box(
            self.tr("&Replace the names by numbers"),
            self.tr("The dataset then says who is the same, not who it is"),
        )
        self.numbers.clicked.connect(self._show_names)
        self.message = plain_label(self.tr("Reading the files…"))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.import_button = self._buttons.addButton(
            self.tr("&Import"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._buttons.accepted.connect(self._store)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._update_button()

        def read(context: Context) -> MergedClass:
            return read_class(paths, context.check)

        self._reading.start(read)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the table; a number where one was removed."""
        cells = [self.table.item(row, _NAME) for row in range(self.table.rowCount())]
        texts = ("" if cell is None else cell.text().strip() for cell in cells)
        return tuple(text or str(row) for row, text in enumerate(texts, start=1))

    @override
    def done(self, result: int) -> None:
        shut_down(self)
        super().done(result)

    @Slot(object)
    def _on_read(self, found: MergedClass) -> None:
        self._found = found
        self.table.setRowCount(len(found.writers))
        for row, writer in enumerate(found.writers):
            amounts = (len(writer.files), len(writer.inks), writer.duplicates)
            for column, amount in enumerate(amounts, start=1):
                item = QTableWidgetItem(local(amount))
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setTextAlignment(RIGHT)
                item.setToolTip("\n".join(writer.files))
                self.table.setItem(row, column, item)
        self._show_names()
        n_samples = sum(len(writer.inks) for writer in found.writers)
        text = fill_in(self.tr("{0:,} writers, {1:,} samples."), len(found.writers), n_samples)
        left_out = [error_text(each.message) for each in found.problems]
        self.message.setText("\n".join([text, *left_out]))
        self._update_button()

    @Slot()
    def _show_names(self) -> None:
        if self._found is None:
            return
        names = self._found.numbers if self.numbers.isChecked() else self._found.names
        for row, name in enumerate(names):
            self.table.setItem(row, _NAME, QTableWidgetItem(name))

    @Slot()
    def _store(self) -> None:
        if self._found is None:
            return
        title = self.title.text().strip()
        name = self._catalog.new_name(name_from(title))
        share = self.test_share.value() / 100
        store = partial(self._catalog.import_class, self._found, self.names, name, title, share)

        def work(context: Context) -> str:
            store(context.check)
            return name

        self.message.setText(self.tr("Importing…"))
        self._storing.start(work)
        self._update_button()

    @Slot(object)
    def _on_stored(self, name: str) -> None:
        self.imported.emit(name)
        self.accept()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.message.setText(failure_text(error))
        self._update_button()

    @Slot()
    def _update_button(self) -> None:
        is_ready = self._found is not None and bool(self._found.writers)
        has_title = bool(self.title.text().strip())
        self.import_button.setEnabled(is_ready and has_title and not self._storing.is_running)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4)
        table.setAccessibleName(self.tr("Writers"))
        titles = (
            self.tr("Writer"),
            self.tr("Files"),
            self.tr("New samples"),
            self.tr("Duplicates"),
        )
        table.setHorizontalHeaderLabels(list(titles))
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        about = caption(
            self.tr(
                "The files are read here and stay where they are; nothing leaves this computer. A "
                "double click changes a name; the same name twice makes one writer of two."
            )
        )
        form = form_rows(
            QFormLayout(),
            (self.tr("&Name"), self.title),
            (self.tr("Set aside for the &test"), self.test_share),
        )
        centre_labels(form)
        parts = (about, (self.table, 1), self.numbers, form, self.message, self._buttons)
        self.setLayout(vbox(*parts, margins=MARGIN))
