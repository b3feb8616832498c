"""The catalogue of datasets: fetch, import, remove, cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from threading import Lock

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from emnist_desktop.datasets.entry_delegate import ENTRY, EntryDelegate, EntryTexts
from emnist_desktop.datasets.jobs import obtain_dataset, remove_dataset
from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.format import size_text
from emnist_desktop.ui.layout import hbox, sheet, vbox
from emnist_desktop.ui.style import MARGIN, SPACING, wrapped_label
from emnist_desktop.ui.task import Task, failure_text
from trainer.datasets.catalog import Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import CatalogEntry, Kind

_STEPS = 1000
_LIST_HEIGHT = 120


class CatalogPanel(QWidget):
    """A list of datasets and, below it, what can be done with the one that is selected.

    Signals
    -------
    listed : object
        The entries were looked up: a tuple of `CatalogEntry`.
    open_requested : str
        Look at a dataset that is present.
    obtained : str
        A dataset was fetched or made.
    removing : str
        A dataset is about to be removed: nothing of it may stay open.
    import_requested : bool
        Import a folder (True) or a file (False).
    class_requested : bool
        Import the files of a class: a folder of them (True), or some (False).
    use_for_training : str
    status_changed : str
    """

    listed = Signal(object)
    open_requested = Signal(str)
    obtained = Signal(str)
    removing = Signal(str)
    import_requested = Signal(bool)
    class_requested = Signal(bool)
    use_for_training = Signal(str)
    status_changed = Signal(str)

    def __init__(self, catalog: Catalog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._entries: dict[str, CatalogEntry] = {}
        self._wanted = ""
        self._obtaining = ""
        self._failed = ""
        self._texts = EntryTexts(self)
        self._lock = Lock()
        self._listing = Task(self)
        self._obtain = Task(self)
        self._remove = Task(self)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._show_entry()

    @property
    def is_busy(self) -> bool:
        """Whether a dataset is being fetched, made or removed."""
        return self._obtain.is_running or self._remove.is_running

    @property
    def selected(self) -> CatalogEntry | None:
        """The entry that is selected."""
        item = self.list.currentItem()
        return None if item is None else self._entries.get(str(item.data(ENTRY).name))

    def refresh(self) -> None:
        """Look up again which datasets there are."""
        catalog = self._catalog
        self._listing.start(lambda _: catalog.entries())

    def select(self, name: str) -> None:
        """Select a dataset by its name, as soon as it is listed."""
        self._wanted = name
        for row in range(self.list.count()):
            if self.list.item(row).data(ENTRY).name == name:
                self.list.setCurrentRow(row)
                self._wanted = ""

    def obtain(self, name: str) -> None:
        """Fetch or make a dataset; one at a time."""
        if self._obtain.is_running:
            self.status_changed.emit(self.tr("Wait for the dataset under way, or cancel it"))
            return
        self.select(name)
        self._obtaining, self._failed = name, ""
        self.problem.hide()
        self.progress.setRange(0, 0)
        self.progress_text.setText(self.tr("Starting…"))
        self._obtain.start(partial(obtain_dataset, self._catalog, name, self._lock))
        self._show_entry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the selected dataset in sight when the filters take some of the room."""
        super().resizeEvent(event)
        if (layout := self.layout()) is not None:
            layout.activate()
        if (item := self.list.currentItem()) is not None:
            self.list.scrollToItem(item)

    # The list

    @Slot(object)
    def _on_listed(self, entries: Sequence[CatalogEntry]) -> None:
        chosen = self.selected
        entries = [_translated(entry) for entry in entries]
        self._entries = {entry.name: entry for entry in entries}
        with QSignalBlocker(self.list):
            self.list.clear()
            for entry in entries:
                item = QListWidgetItem(entry.title)
                item.setData(ENTRY, entry)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, self._texts.summary(entry))
                item.setToolTip(entry.description)
                self.list.addItem(item)
            self.list.setCurrentRow(0)
            wanted = self._wanted or ("" if chosen is None else chosen.name)
            self.select(wanted)
            self._wanted = ""
        self._show_entry()
        self.listed.emit(tuple(entries))

    @Slot()
    def _show_entry(self) -> None:
        entry = self.selected
        is_here = entry is not None and entry.name == self._obtaining
        self._working.setVisible(self._obtain.is_running)
        self.description.setText("" if entry is None else self._texts.description(entry))
        can_get = entry is not None and entry.can_be_obtained and not entry.is_present
        self.get.setVisible(can_get and not (is_here and self._obtain.is_running))
        self.get.setEnabled(not self.is_busy)
        self.open.setVisible(entry is not None and entry.is_present)
        self.train.setVisible(entry is not None and entry.is_present)
        self.remove.setVisible(entry is not None and self._is_removable(entry))
        self.remove.setEnabled(not self.is_busy)
        self.terms.setVisible(entry is not None and bool(entry.terms or entry.citation))
        if entry is None:
            return
        if entry.kind is Kind.STARTER:
            self.get.setText(self.tr("Make"))
        else:
            again = self.tr("Retry ({0})") if entry.name == self._failed else self.tr("Fetch ({0})")
            self.get.setText(again.format(size_text(entry.download_bytes)))
        if entry.error and entry.name != self._failed:
            self._show_problem("\n".join(filter(None, map(error_text, (entry.error, entry.hint)))))
        elif entry.name != self._failed:
            self.problem.hide()
        else:
            self.problem.show()

    def _is_removable(self, entry: CatalogEntry) -> bool:
        return (entry.is_present or bool(entry.error)) and entry.kind is not Kind.SAMPLES

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setAccessibleName(text)
        self.problem.show()

    # Getting and removing

    @Slot()
    def _on_get_clicked(self) -> None:
        if self.selected is not None:
            self.obtain(self.selected.name)

    @Slot(object)
    def _on_progress(self, progress: TransferProgress) -> None:
        self.progress.setRange(0, _STEPS if progress.total else 0)
        if progress.total:
            self.progress.setValue(min(_STEPS, _STEPS * progress.done // progress.total))
        self.progress_text.setText(self._texts.progress(progress))

    @Slot(object)
    def _on_obtained(self, name: str) -> None:
        self._obtaining = ""
        self.refresh()
        self.obtained.emit(name)
        self._show_entry()

    @Slot(object)
    def _on_obtain_failed(self, error: Exception) -> None:
        self._failed, self._obtaining = self._obtaining, ""
        self._on_work_failed(error)

    @Slot(object)
    def _on_work_failed(self, error: Exception) -> None:
        self._show_problem(failure_text(error))
        self._show_entry()

    @Slot()
    def _on_obtain_cancelled(self) -> None:
        self._obtaining = ""
        self.status_changed.emit(self.tr("Cancelled; what has arrived is kept for the next time"))
        self._show_entry()

    @Slot()
    def _on_remove_clicked(self) -> None:
        entry = self.selected
        if entry is None:
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Remove dataset"))
        box.setText(self.tr("Remove {0} from this computer?").format(entry.title))
        if entry.can_be_obtained:
            box.setInformativeText(self.tr("You can get it again at any time."))
        else:
            box.setInformativeText(self.tr("To get it back, import it again."))
        button = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        button.clicked.connect(partial(self._remove_dataset, entry.name))
        box.open()

    def _remove_dataset(self, name: str) -> None:
        if name in self._entries:
            self.removing.emit(name)
            self._remove.start(partial(remove_dataset, self._catalog, name, self._lock))
            self._show_entry()

    @Slot(object)
    def _on_removed(self, name: str) -> None:
        self.status_changed.emit(self.tr("{0} was removed").format(name))
        self.refresh()

    @Slot()
    def _on_open(self) -> None:
        entry = self.selected
        if entry is not None and entry.is_present:
            self.open_requested.emit(entry.name)

    @Slot()
    def _on_train_clicked(self) -> None:
        if self.selected is not None:
            self.use_for_training.emit(self.selected.name)

    @Slot()
    def _on_terms_clicked(self) -> None:
        if self.selected is not None:
            TermsDialog(self.selected, self).open()

    # Building

    def _make_widgets(self) -> None:
        self.list = QListWidget()
        self.list.setItemDelegate(EntryDelegate(self._texts, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumHeight(_LIST_HEIGHT)
        self.list.setAccessibleName(self.tr("Datasets"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.description, self.problem, self.progress_text = (wrapped_label() for _ in range(3))
        self.description.setObjectName("caption")
        self.problem.setForegroundRole(QPalette.ColorRole.BrightText)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open = QPushButton(self.tr("Look at it"))
        self.train = QPushButton(self.tr("Train on it"))
        self.get = QPushButton()
        self.remove = QPushButton(self.tr("Remove…"))
        self.terms = push_button(self.tr("Terms…"), self.tr("Terms of use, and whom to cite"))
        self.add = push_button(
            self.tr("Import"), self.tr("Import a file or folder; or drop it on this tab")
        )
        menu = QMenu(self)
        for text, is_folder in ((self.tr("File…"), False), (self.tr("Folder…"), True)):
            action = menu.addAction(text)
            action.triggered.connect(partial(self.import_requested.emit, is_folder))
        menu.addSeparator()
        for text, is_folder in (
            (self.tr("From a class: files…"), False),
            (self.tr("From a class: shared folder…"), True),
        ):
            action = menu.addAction(text)
            action.triggered.connect(partial(self.class_requested.emit, is_folder))
        self.add.setMenu(menu)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.cancel = QPushButton(self.tr("Cancel"))

    def _lay_out(self) -> None:
        self._working = sheet(vbox(hbox(self.progress, self.cancel), self.progress_text))
        gap = SPACING // 2
        first = hbox(self.open, self.train, self.get, spacing=gap)
        second = hbox(self.terms, self.remove, self.add, spacing=gap)
        texts = (self.description, self.problem, self._working)
        self.setLayout(vbox((self.list, 1), *texts, first, second, spacing=gap))

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._show_entry)
        self.list.itemActivated.connect(self._on_open)
        for button, slot in (
            (self.open, self._on_open),
            (self.train, self._on_train_clicked),
            (self.get, self._on_get_clicked),
            (self.remove, self._on_remove_clicked),
            (self.terms, self._on_terms_clicked),
            (self.cancel, self._obtain.cancel),
        ):
            button.clicked.connect(slot)
        self._listing.succeeded.connect(self._on_listed)
        self._listing.failed.connect(self._on_work_failed)
        self._obtain.reported.connect(self._on_progress)
        self._obtain.succeeded.connect(self._on_obtained)
        self._obtain.failed.connect(self._on_obtain_failed)
        self._obtain.cancelled.connect(self._on_obtain_cancelled)
        self._remove.succeeded.connect(self._on_removed)
        self._remove.failed.connect(self._on_work_failed)


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


def _translated(entry: CatalogEntry) -> CatalogEntry:
    title, description = trainer_text(entry.title), error_text(entry.description)
    return replace(entry, title=title, description=description)
