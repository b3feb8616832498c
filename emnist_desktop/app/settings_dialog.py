"""The settings that belong to no tab: appearance, device, and disk usage."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QWidget,
)

from emnist_desktop.app.storage import CLEANABLE, ProfilePart, clean, folder_of, measure
from emnist_desktop.settings import (
    DEVICE,
    HISTORY,
    LANGUAGE,
    MAX_PEN_WIDTH,
    MIN_PEN_WIDTH,
    PEN_WIDTH,
    THEME,
    Language,
    SettingEntry,
    Settings,
    Theme,
)
from emnist_desktop.ui.controls import caption, check_box
from emnist_desktop.ui.layout import scroll_area, sheet, vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import MARGIN, SPACING, centre_labels, indented
from emnist_desktop.ui.task import Task
from trainer.files.paths import Profile

_ROUND_A_DIALOG = 80
"""Height of what a screen shows besides a dialog: its title bar, and panels."""


class SettingsDialog(QDialog):
    """Changes take effect at once; there is nothing to confirm.

    Signals
    -------
    theme_changed
    language_changed
        The window is to be made anew.
    pen_width_changed : int
        In pixels of the screen.
    """

    theme_changed = Signal()
    language_changed = Signal()
    pen_width_changed = Signal(int)

    def __init__(self, profile: Profile, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self._profile = profile
        self._settings = settings
        self._language = settings.language()
        self._task = Task(self)
        self._task.succeeded.connect(self._on_measured)
        self._cleaning = Task(self)
        self._cleaning.succeeded.connect(self._measure)
        self._cleaning.failed.connect(self._measure)
        self.sizes: dict[ProfilePart, QLabel] = {}
        self.cleaners: dict[ProfilePart, QPushButton] = {}
        self.language_note = QLabel(self.tr("Takes effect when the program is started again."))
        self.language_note.setObjectName("caption")
        self.language_note.hide()
        self.theme_box = self._make_theme_box()
        self.language_box = self._make_language_box()
        self.pen_box = self._make_pen_box()
        self.device_box = self._make_device_box()
        self.history_box = check_box(
            self.tr("Keep a history of written lines"),
            self.tr("In the profile, readable by you alone"),
            checked=settings.get(HISTORY) != "no",
        )
        self.history_box.toggled.connect(self._on_history_toggled)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("&Theme"), self.theme_box)
        form.addRow(self.tr("&Language"), self.language_box)
        form.addRow("", self.language_note)
        form.addRow(self.tr("&Pen"), self.pen_box)
        form.addRow(self.tr("T&rain on"), self.device_box)
        form.addRow("", self.history_box)
        centre_labels(form)
        inner = sheet(self._make_folders())
        folders = scroll_area(inner, self.tr("Folders"))
        bar = folders.verticalScrollBar().sizeHint().width()
        folders.setMinimumWidth(inner.sizeHint().width() + bar)
        self.setLayout(
            vbox(
                form,
                (folders, 1),
                buttons,
                spacing=2 * SPACING,
                margins=(2 * MARGIN, MARGIN, 2 * MARGIN, MARGIN),
            )
        )
        whole = self.sizeHint().height() + inner.sizeHint().height() - folders.sizeHint().height()
        room = self.screen().availableGeometry().height() - _ROUND_A_DIALOG
        if parent is not None:  # no higher than the window below it
            room = min(room, parent.window().height())
        self.resize(0, min(whole, room))
        self._measure()

    def done(self, result: int) -> None:
        """Cancel what is under way."""
        shut_down(self)
        super().done(result)

    def _make_theme_box(self) -> QComboBox:
        items = (
            (self.tr("As the system"), Theme.SYSTEM.value),
            (self.tr("Light"), Theme.LIGHT.value),
            (self.tr("Dark"), Theme.DARK.value),
        )
        box = self._choice(THEME, items, self._settings.theme().value)
        box.currentIndexChanged.connect(self.theme_changed)
        return box

    def _make_language_box(self) -> QComboBox:
        items = (
            (self.tr("As the system"), Language.SYSTEM.value),
            ("English", Language.ENGLISH.value),
            ("Deutsch", Language.GERMAN.value),
        )
        box = self._choice(LANGUAGE, items, self._settings.language().value)
        box.activated.connect(self._on_language_chosen)
        return box

    @Slot()
    def _on_language_chosen(self) -> None:
        is_another = self._settings.language() is not self._language
        self.language_note.setVisible(is_another)
        if is_another:
            self.language_changed.emit()

    def _make_pen_box(self) -> QSpinBox:
        box = indented(QSpinBox())
        box.setRange(round(MIN_PEN_WIDTH), round(MAX_PEN_WIDTH))
        box.setSuffix(self.tr(" px wide"))
        box.setValue(round(self._settings.get(PEN_WIDTH)))
        box.setToolTip(self.tr("On the screen; the recogniser sees every width alike"))
        box.valueChanged.connect(self.pen_width_changed)
        return box

    def _make_device_box(self) -> QComboBox:
        items = (
            (self.tr("Graphics card, if there is one"), "auto"),
            (self.tr("Processor"), "cpu"),
            (self.tr("Graphics card only"), "gpu"),
        )
        box = self._choice(DEVICE, items, self._settings.get(DEVICE))
        box.setToolTip(self.tr("For new runs, until the form says otherwise"))
        return box

    def _choice(
        self, entry: SettingEntry[str], items: tuple[tuple[str, str], ...], current: str
    ) -> QComboBox:
        box = QComboBox()
        for text, value in items:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(current)))
        box.currentIndexChanged.connect(partial(self._keep, entry, box))
        return box

    def _keep(self, entry: SettingEntry[str], box: QComboBox, index: int) -> None:
        self._settings.set(entry, str(box.itemData(index)))

    def _make_folders(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACING)
        where = caption(self.tr("Everything lies in {0}").format(self._profile.root))
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(where, 0, 0, 1, 4)
        titles = {
            ProfilePart.DATASETS: self.tr("Datasets"),
            ProfilePart.SAMPLES: self.tr("My samples"),
            ProfilePart.HISTORY: self.tr("History of lines"),
            ProfilePart.RUNS: self.tr("Training runs"),
            ProfilePart.RECYCLED: self.tr("Deleted runs"),
            ProfilePart.DELETED_PROFILES: self.tr("Deleted profiles"),
            ProfilePart.DOWNLOADS: self.tr("Unfinished downloads"),
            ProfilePart.LOGS: self.tr("Logs"),
            ProfilePart.LEFTOVERS: self.tr("Left by killed programs"),
        }
        for row, part in enumerate(ProfilePart, start=1):
            size = QLabel("…")
            size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            size.setMinimumWidth(size.fontMetrics().horizontalAdvance("9.999 Bytes"))
            self.sizes[part] = size
            show = QPushButton(self.tr("Open folder"))
            show.setAccessibleName(self.tr("Open the folder of: {0}").format(titles[part]))
            show.clicked.connect(partial(self._open_folder, part))
            grid.addWidget(QLabel(titles[part]), row, 0)
            grid.addWidget(size, row, 1)
            grid.addWidget(show, row, 2)
            if part in CLEANABLE:
                self._add_cleaner(grid, row, part, titles[part])
        grid.setColumnStretch(0, 1)
        return grid

    def _add_cleaner(self, grid: QGridLayout, row: int, part: ProfilePart, title: str) -> None:
        button = QPushButton(self.tr("Clean"))
        button.setAccessibleName(self.tr("Clean: {0}").format(title))
        button.setEnabled(False)
        button.clicked.connect(partial(self._clean, part))
        self.cleaners[part] = button
        grid.addWidget(button, row, 3)

    @Slot(bool)
    def _on_history_toggled(self, is_kept: bool) -> None:
        self._settings.set(HISTORY, "yes" if is_kept else "no")

    @Slot()
    def _measure(self) -> None:
        self._task.start(partial(measure, self._profile))

    @Slot(object)
    def _on_measured(self, sizes: dict[ProfilePart, int | None]) -> None:
        locale, si = QLocale(), QLocale.DataSizeFormat.DataSizeSIFormat
        for part, size in sizes.items():
            text = locale.formattedDataSize(size, 1, si) if size else self.tr("empty")
            self.sizes[part].setText(text)
            if part in self.cleaners:
                self.cleaners[part].setEnabled(bool(size))

    def _clean(self, part: ProfilePart) -> None:
        if not self._wants_to_lose(part):
            return
        self._task.cancel()
        for button in self.cleaners.values():  # until it has been measured again
            button.setEnabled(False)
        self._cleaning.start(partial(clean, part, self._profile))

    def _wants_to_lose(self, part: ProfilePart) -> bool:
        questions = {
            ProfilePart.RECYCLED: (
                self.tr("Deleted runs"),
                self.tr("Remove all deleted runs ({0}) for good?"),
                self.tr("Until then, Restore in the list of the Training tab brings them back."),
            ),
            ProfilePart.DELETED_PROFILES: (
                self.tr("Deleted profiles"),
                self.tr("Remove all deleted profiles ({0}) for good?"),
                self.tr("Until then, Restore in the list of profiles brings them back."),
            ),
            ProfilePart.HISTORY: (
                self.tr("History of lines"),
                self.tr("Remove the history of lines ({0}) for good?"),
                self.tr("Texts and ink of all lines are lost."),
            ),
        }
        if part not in questions:
            return True
        title, question, rest = questions[part]
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(title)
        box.setText(question.format(self.sizes[part].text()))
        box.setInformativeText(rest)
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is remove

    def _open_folder(self, part: ProfilePart) -> None:
        folder = folder_of(part, self._profile)
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
