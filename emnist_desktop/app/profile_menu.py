"""The menu of the profiles, and the button in the corner that says whose window this is."""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import QEvent, QProcess, QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from emnist_desktop.app.profile_icon import profile_icon, shown_name
from emnist_desktop.ui.compat import override
from emnist_desktop.ui.icons import ICON_SIZE
from trainer.files.paths import Profile
from trainer.files.profiles import NamedProfile, Profiles
from trainer.processes.launch import is_executable


class ProfileMenu(QMenu):
    """All profiles, the current one marked, and what can be done with them.

    Signals
    -------
    switch_requested : object
        To a `Profile`.
    management_requested
    """

    switch_requested = Signal(object)
    management_requested = Signal()

    def __init__(self, profile: Profile, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Profile"))
        self._profile = profile
        self.profiles = Profiles(profile.home)
        self._group = QActionGroup(self)
        self.button = QToolButton(parent)
        self.button.setObjectName("profile")
        self.button.setMenu(self)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        self.button.setToolTip(self.tr("Whose samples, hand, runs and settings these are"))
        self.aboutToShow.connect(self.refresh)
        self.refresh()

    @property
    def title_start(self) -> str:
        """What the window's title begins with; empty where there is one profile only."""
        return f"{self.button.text()} – " if self._are_several else ""

    @Slot()
    def refresh(self) -> None:
        """Show the profiles that there are now."""
        self.clear()
        everybody = tuple(self.profiles)
        self._are_several = len(everybody) > 1
        for each in everybody:
            self._add(each)
        self.addSeparator()
        self.addAction(self.tr("&Manage profiles…")).triggered.connect(self.management_requested)
        self.button.setVisible(self._are_several)

    def _add(self, each: NamedProfile) -> None:
        icon = profile_icon(shown_name(each), each.color, self.palette())
        action = self.addAction(icon, shown_name(each).replace("&", "&&"))
        action.setCheckable(True)
        action.setActionGroup(self._group)
        is_current = each.profile == self._profile
        action.setChecked(is_current)
        if is_current:
            self.button.setIcon(icon)
            self.button.setText(shown_name(each))
            self.button.setAccessibleName(self.tr("Profile: {0}").format(shown_name(each)))
        else:
            action.triggered.connect(partial(self.switch_requested.emit, each.profile))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "button"):
            self.refresh()
        super().changeEvent(event)


def open_window_of(profile: Profile) -> bool:
    """Open the window of a profile in a process of its own; return whether that has started."""
    start = [] if is_executable() else ["-m", "emnist_desktop"]
    started, _ = QProcess.startDetached(
        sys.executable, [*start, "--profile-dir", str(profile.root)], ""
    )
    return bool(started)
