"""The history of lines: search, open again, correct, delete, export."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QTableView, QWidget

from emnist_desktop.draw.brush import draw_stroke
from emnist_desktop.draw.samples_dialog import local_time
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import push_button
from emnist_desktop.ui.dialogs.file_dialog import ask_save
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN
from emnist_desktop.ui.table import Index, RecordModel
from emnist_desktop.ui.task import Task
from trainer.writing.export import FORMATS, export_entry
from trainer.writing.history import HistoryEntry, LineHistory

_TOPIC = "history"
_PICTURE = QSize(220, 44)
_PEN_WIDTH = 3.0
_INK, _TEXT, _TIME = range(3)


class HistoryModel(RecordModel[HistoryEntry]):
    """Ink, text and time of each entry, the newest first; the text can be edited.

    Signals
    -------
    text_edited : str, str
        The id of an entry, and its new text.
    """

    text_edited = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.columns = [(title, "") for title in (self.tr("Ink"), self.tr("Text"), self.tr("Time"))]
        self._all: tuple[HistoryEntry, ...] = ()
        self._sought = ""

    def show_entries(self, entries: list[HistoryEntry]) -> None:
        """Show entries, as far as they are sought."""
        self._all = tuple(entries)
        self.seek(self._sought)

    @Slot(str)
    def seek(self, text: str) -> None:
        """Show the entries that hold a text, whatever its case."""
        self._sought = text
        wanted = text.casefold()
        self.show_rows([entry for entry in self._all if wanted in entry.text.casefold()])

    @override
    def texts(self, row: HistoryEntry) -> tuple[str, str, str]:
        return "", row.text.replace("\n", " ↵ "), local_time(row.time)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, roles = self.rows[index.row()], Qt.ItemDataRole
        if index.column() == _INK and role == roles.DecorationRole:
            return ink_picture(entry)
        if index.column() == _INK and role == roles.AccessibleTextRole:
            return entry.text
        if index.column() == _TEXT and role == roles.EditRole:
            role = roles.DisplayRole
        return super().data(index, role)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _TEXT else flags

    @override
    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        lines = [line.strip() for line in str(value).split("↵")]
        self.text_edited.emit(self.rows[index.row()].id, "\n".join(lines))
        return True


class HistoryDialog(QDialog):
    """A list of what was written, with what can be done with it.

    Signals
    -------
    opened : object
        The `HistoryEntry` that is to be written on.
    """

    opened = Signal(object)

    def __init__(self, history: LineHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("History of lines"))
        self.resize(720, 460)
        self._history = history
        self.banner = Banner()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search the history"))
        self.search.setClearButtonEnabled(True)
        self.model = HistoryModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("History of lines"))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QTableView.EditTrigger.EditKeyPressed)
        self.table.setIconSize(_PICTURE)
        self.table.verticalHeader().setDefaultSectionSize(_PICTURE.height() + 8)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(_TEXT, header.ResizeMode.Stretch)
        self.table.setColumnWidth(_INK, _PICTURE.width() + 12)
        self.table.setColumnWidth(_TIME, 150)
        self.open_button = push_button(
            self.tr("&Open"), self.tr("Put the ink onto the sheet, to write on (double click)")
        )
        self.edit_button = push_button(self.tr("Edit &text"), self.tr("Correct the text (F2)"))
        self.copy_button = push_button(self.tr("&Copy"), self.tr("Copy the text"))
        self.export_button = push_button(
            self.tr("&Export…"), self.tr("As text, JSON, SVG, PNG or InkML")
        )
        self.remove_button = push_button(
            self.tr("&Delete"), self.tr("Delete the selected lines for good (Del)")
        )
        self.remove_button.setShortcut("Del")
        self._current: tuple[int, str] | None = None
        self._reading = Task(self, self._on_read, self._show_error)
        self._changing = Task(self, self._reload, self._show_error)
        self.finished.connect(self._reading.shutdown)
        self.finished.connect(self._changing.shutdown)
        self._lay_out()
        self._connect()
        self._update_buttons()
        self._reload()

    @Slot()
    def _reload(self) -> None:
        entries = self._history.entries
        self._reading.start(lambda _: entries())

    @Slot(object)
    def _on_read(self, entries: list[HistoryEntry]) -> None:
        self.banner.withdraw(_TOPIC)
        self.model.show_entries(entries)

    @Slot()
    def _note_current(self) -> None:
        index = self.table.currentIndex()
        self._current = (index.row(), self.model.rows[index.row()].id) if index.isValid() else None

    @Slot()
    def _on_rows_shown(self) -> None:
        """Select the entry that was selected, else the one in its place."""
        row, entry_id = self._current or (0, "")
        rows = [entry.id for entry in self.model.rows]
        if rows:
            row = rows.index(entry_id) if entry_id in rows else min(row, len(rows) - 1)
            self.table.setCurrentIndex(self.model.index(row, _TEXT))
        self._update_buttons()

    @property
    def selected(self) -> list[HistoryEntry]:
        """The selected entries."""
        rows = self.table.selectionModel().selectedRows()
        return [self.model.rows[index.row()] for index in rows]

    @Slot()
    def _update_buttons(self) -> None:
        n_selected = len(self.selected)
        for button in self._of_one():
            button.setEnabled(n_selected == 1)
        self.remove_button.setEnabled(n_selected > 0)

    @Slot()
    def _on_open(self) -> None:
        self.opened.emit(self.selected[0])
        self.accept()

    @Slot()
    def _on_edit(self) -> None:
        self.table.edit(self.model.index(self.table.currentIndex().row(), _TEXT))

    def _of_one(self) -> tuple[QPushButton, ...]:
        return self.open_button, self.edit_button, self.copy_button, self.export_button

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.selected[0].text)

    @Slot()
    def _on_remove(self) -> None:
        remove, ids = self._history.remove, [entry.id for entry in self.selected]
        self._changing.start(lambda _: remove(*ids))

    @Slot(str, str)
    def _on_text_edited(self, entry_id: str, text: str) -> None:
        change = self._history.set_text
        self._changing.start(lambda _: change(entry_id, text))

    @Slot()
    def _on_export(self) -> None:
        entry = self.selected[0]
        kinds = ";;".join(f"{suffix[1:].upper()} (*{suffix})" for suffix in FORMATS)
        path, kind = ask_save(self, self.tr("Export line"), "line", kinds)
        if path is None:
            return
        known = path.suffix.lower() in FORMATS
        file = path if known else path.with_name(path.name + kind[kind.find("(*") + 2 : -1])
        self._changing.start(lambda _: export_entry(entry, file))

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic=_TOPIC)

    def _lay_out(self) -> None:
        for button in (*self._of_one(), self.remove_button):
            button.setAutoDefault(False)
        row = hbox(*self._of_one(), 1, self.remove_button)
        self.setLayout(vbox(self.banner, self.search, (self.table, 1), row, margins=MARGIN))

    def _connect(self) -> None:
        self.search.textChanged.connect(self.model.seek)
        self.search.returnPressed.connect(self.table.setFocus)
        self.model.modelAboutToBeReset.connect(self._note_current)
        self.model.modelReset.connect(self._on_rows_shown)
        self.table.doubleClicked.connect(self._on_open)
        self.model.text_edited.connect(self._on_text_edited)
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
        self.open_button.clicked.connect(self._on_open)
        self.edit_button.clicked.connect(self._on_edit)
        self.copy_button.clicked.connect(self._on_copy)
        self.export_button.clicked.connect(self._on_export)
        self.remove_button.clicked.connect(self._on_remove)


def ink_picture(entry: HistoryEntry) -> QPixmap:
    """Return a small picture of an entry's ink, in the colours of the window."""
    palette = QGuiApplication.palette()
    pixmap = QPixmap(2 * _PICTURE.width(), 2 * _PICTURE.height())
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(palette.color(QPalette.ColorRole.Base))
    points, _ = entry.ink.flat()
    if len(points):
        low, high = points.min(axis=0), points.max(axis=0)
        width, height = (high - low + 1.0).tolist()
        scale = min((_PICTURE.width() - 8) / width, (_PICTURE.height() - 8) / height)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(4.0, 4.0)
        painter.scale(scale, scale)
        painter.translate(-QPointF(*low.tolist()))
        for stroke in entry.ink.strokes:
            draw_stroke(
                painter,
                stroke,
                max(_PEN_WIDTH, 1.2 / scale),
                palette.color(QPalette.ColorRole.Text),
            )
        painter.end()
    return pixmap
