"""Profiles: make, switch to, rename, export, import, delete and restore them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from emnist_desktop.app.profile_icon import profile_icon, shown_name
from emnist_desktop.app.single_instance import is_open
from emnist_desktop.i18n.error_messages import error_text
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.controls import ProblemLabel, caption, combo_box, push_button
from emnist_desktop.ui.dialogs.file_dialog import ask_open, ask_save
from emnist_desktop.ui.icons import ICON_SIZE
from emnist_desktop.ui.layout import hbox, vbox
from emnist_desktop.ui.style import MARGIN, centre_labels
from emnist_desktop.ui.task import Context, Task
from trainer.errors import ProfileError
from trainer.files.paths import Profile, with_ending
from trainer.files.profiles import COLORS, LONGEST_NAME, NamedProfile, Profiles
from trainer.runs.process import read_process_info

_TOPIC = "profiles"
_NAME_WIDTH = 340
"""Of the dialog that asks for a name: its title has room."""


class ProfilesDialog(QDialog):
    """A list of the profiles, the deleted ones last.

    Signals
    -------
    switch_requested : object
        To a `Profile`.
    changed
        There are others, or they have other names.
    """

    switch_requested = Signal(object)
    changed = Signal()

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Profiles"))
        self.resize(560, 420)
        self._profile = profile
        self._profiles = Profiles(profile.home)
        self._shown: tuple[NamedProfile, ...] = ()
        self._task = Task(self, self._on_done, self._show_error)
        self.banner = Banner()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Profiles"))
        self.list.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.list.currentRowChanged.connect(self._update_buttons)
        self.list.itemActivated.connect(self._on_activated)
        self.switch = self._button(self.tr("&Switch to"), self.switch_to_selected)
        self.new = self._button(self.tr("&New…"), self.ask_for_new)
        self.edit = self._button(self.tr("&Rename…"), self.ask_for_name)
        self.export = self._button(self.tr("&Export…"), self.ask_for_export)
        self.export.setToolTip(
            self.tr("Settings, samples and hand; runs are exported one by one, the history stays")
        )
        self.import_ = self._button(self.tr("&Import…"), self.ask_for_import)
        self.delete = self._button(self.tr("&Delete"), self.delete_or_restore)
        self._lay_out()
        self._reload()

    @property
    def selected(self) -> NamedProfile:
        """The profile whose row is chosen."""
        return self._shown[max(0, self.list.currentRow())]

    @Slot()
    def switch_to_selected(self) -> None:
        """Ask for the window of the chosen profile."""
        self.switch_requested.emit(self.selected.profile)
        self.accept()

    @Slot()
    def ask_for_new(self) -> None:
        """Ask for name and colour of a new profile, and make it."""
        color = COLORS[len(self._shown) % len(COLORS)]
        self._ask(self.tr("New profile"), "", color, self._profiles.make)

    @Slot()
    def ask_for_name(self) -> None:
        """Ask for another name and colour of the chosen profile."""
        chosen = self.selected
        rename = partial(self._profiles.rename, chosen)
        self._ask(self.tr("Rename profile"), shown_name(chosen), chosen.color, rename)

    @Slot()
    def ask_for_export(self) -> None:
        """Ask for a file, and write the chosen profile to it."""
        chosen = self.selected
        words = re.sub(r"[^\w-]+", "-", shown_name(chosen)).strip("-") or "1"
        name = f"profile-{words}.zip"
        path, _ = ask_save(self, self.tr("Export profile"), name, self._pattern)
        if path is not None:
            self._work(lambda: self._profiles.export(chosen, with_ending(path, ".zip")))

    @Slot()
    def ask_for_import(self) -> None:
        """Ask for an exported profile, and make one of it."""
        path = ask_open(self, self.tr("Import profile"), self._pattern)
        if path is not None:
            self._work(lambda: self._profiles.import_(path))

    @Slot()
    def delete_or_restore(self) -> None:
        """Move the chosen profile to the bin, or take it out of there."""
        chosen = self.selected
        if chosen.is_deleted:
            self._work(lambda: self._profiles.restore(chosen))
        elif is_open(chosen.profile) or _is_training(chosen.profile):
            sentence = self.tr("{0} is in use.").format(shown_name(chosen))
            hint = self.tr("Close its window, and let its training end, first.")
            self.banner.show_notice(sentence, hint, topic=_TOPIC)
        else:
            self._work(lambda: self._profiles.delete(chosen))

    @property
    def _pattern(self) -> str:
        return self.tr("Profiles ({0})").format("*.zip")

    def _ask(self, title: str, name: str, color: str, act: Callable[[str, str], object]) -> None:
        dialog = ProfileNameDialog(title, name, color, act, self)
        dialog.accepted.connect(self._on_done)
        dialog.open()

    def _work(self, act: Callable[[], object]) -> None:
        def work(_: Context) -> object:
            return act()

        self._task.start(work)

    @Slot()
    @Slot(object)
    def _on_done(self, _: object = None) -> None:
        self.banner.withdraw(_TOPIC)
        before = self._shown
        self._reload()
        new = [row for row, each in enumerate(self._shown) if each.profile not in _of(before)]
        if new:
            self.list.setCurrentRow(new[0])
        self.changed.emit()

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        self.banner.show_error(error, str(error), topic=_TOPIC)

    def _reload(self) -> None:
        row = max(0, self.list.currentRow())
        self._shown = (*self._profiles, *self._profiles.deleted())
        self.list.clear()
        for each in self._shown:
            name = shown_name(each)
            text = name
            if each.is_deleted:
                text = self.tr("{0} (deleted)").format(name)
            elif each.profile == self._profile:
                text = self.tr("{0} (this window)").format(name)
            self.list.addItem(QListWidgetItem(profile_icon(name, each.color, self.palette()), text))
        self.list.setCurrentRow(min(row, len(self._shown) - 1))

    @Slot()
    def _update_buttons(self) -> None:
        if self.list.currentRow() < 0:
            return
        chosen = self.selected
        is_current = chosen.profile == self._profile
        self.switch.setEnabled(not (is_current or chosen.is_deleted))
        self.edit.setEnabled(not chosen.is_deleted)
        self.export.setEnabled(not chosen.is_deleted)
        self.delete.setEnabled(not (is_current or chosen.is_first))
        self.delete.setText(self.tr("&Restore") if chosen.is_deleted else self.tr("&Delete"))
        self.delete.setToolTip(
            self.tr("The first profile stays: the others lie in it")
            if chosen.is_first
            else self.tr("Deleted profiles can be restored until Settings removes them for good")
        )

    @Slot()
    def _on_activated(self) -> None:
        if self.switch.isEnabled():
            self.switch_to_selected()

    def _button(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = push_button(text)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        about = caption(
            self.tr(
                "Each profile has its own samples, hand, runs and settings, and a window of its "
                "own; datasets are shared. Nothing leaves this computer."
            )
        )
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        buttons = vbox(
            *(self.switch, self.new, self.edit, self.export, self.import_, self.delete), 1
        )
        self.setLayout(
            vbox(self.banner, about, (hbox((self.list, 1), buttons), 1), close, margins=MARGIN)
        )


class ProfileNameDialog(QDialog):
    """Asks for a name and a colour; stays open until they can be used.

    Parameters
    ----------
    title, name, color : str
    act : callable
        Takes name and colour, and may raise a `ProfileError`.
    """

    def __init__(
        self,
        title: str,
        name: str,
        color: str,
        act: Callable[[str, str], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(_NAME_WIDTH)
        self._act = act
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.textChanged.connect(self._on_name_changed)
        self.problem = ProblemLabel(self.name)
        self.color = self._make_color_box(color)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("&Name"), self.name)
        form.addRow("", self.problem)
        form.addRow(self.tr("&Colour"), self.color)
        centre_labels(form)
        self.setLayout(vbox(form, self._buttons, margins=MARGIN))
        self._on_name_changed()

    @override
    def accept(self) -> None:
        try:
            self._act(self.name.text(), self.color.currentData())
        except ProfileError as error:
            self.problem.show_problem(error_text(error.message))
            return
        super().accept()

    def _make_color_box(self, color: str) -> QComboBox:
        names = {
            "blue": self.tr("Blue"),
            "orange": self.tr("Orange"),
            "green": self.tr("Green"),
            "purple": self.tr("Purple"),
            "grey": self.tr("Grey"),
            "yellow": self.tr("Yellow"),
        }
        box = combo_box((names[each], each) for each in COLORS)
        for index, each in enumerate(COLORS):
            box.setItemIcon(index, profile_icon("", each, self.palette()))
        box.setCurrentIndex(COLORS.index(color))
        return box

    @Slot()
    def _on_name_changed(self) -> None:
        self.problem.show_problem("")
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(bool(self.name.text().strip()))


def _of(named: Iterable[NamedProfile]) -> set[Profile]:
    return {each.profile for each in named}


def _is_training(profile: Profile) -> bool:
    infos = map(read_process_info, filter(Path.is_dir, profile.runs.glob("[!.]*")))
    return any(info is not None and info.is_alive for info in infos)
