"""The window: its frame, which is there at once, then tabs and menus, and an orderly end.

What this module imports loads no numpy, so that the frame is on the screen early.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QWidget

from emnist_desktop.app.autosave import DrawingAutosave
from emnist_desktop.app.crash import CrashDialog, log_end, versions
from emnist_desktop.app.profile_menu import ProfileMenu, open_window_of
from emnist_desktop.settings import BUNDLE, FILE_FOLDER, GEOMETRY, THEME, Settings, Theme
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.dialogs.file_dialog import last_folder, start_in
from emnist_desktop.ui.focus import FocusKeeper
from emnist_desktop.ui.icons import application_icon
from emnist_desktop.ui.layout import sheet, vbox
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from trainer.files.paths import Profile
from trainer.processes.launch import can_train

if TYPE_CHECKING:
    from emnist_desktop.draw.recognizer_source import RecognizerChoice

logger = logging.getLogger(__name__)

_SMALLEST = QSize(800, 560)
_COMFORTABLE = QSize(1080, 720)
_STATUS_MILLISECONDS = 4000


class MainWindow(QMainWindow):
    """A frame with its title and colours, at its last place; `build` fills it.

    Parameters
    ----------
    profile : Profile
    settings : Settings

    Signals
    -------
    closing
        It ends what is under way, and closes.
    """

    closing = Signal()

    def __init__(self, profile: Profile, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self._settings = settings
        self._previous_crash = ""
        self._is_ending = False
        self.is_reopened = False
        """Whether another window is to follow this one."""
        self.profile_menu = ProfileMenu(profile, self)
        self._show_profile()
        self.setWindowIcon(application_icon())
        self.setMinimumSize(_SMALLEST)
        self.resize(_COMFORTABLE)
        self.restoreGeometry(settings.get(GEOMETRY))
        start_in(settings.get(FILE_FOLDER))

    def build(self, choice: RecognizerChoice, model: str = "", previous_crash: str = "") -> None:
        """Make the tabs and menus; called once.

        Parameters
        ----------
        choice : RecognizerChoice
        model : str
            Folder of a recogniser for this time only; empty for the one that was chosen last.
        previous_crash : str
            How the program ended last time if not in order; else empty.
        """
        from emnist_desktop.app.tabs import Tabs

        self._previous_crash = previous_crash
        self.banner = Banner()
        self.tabs = Tabs(self._profile, self._settings, choice, model)
        self.tabs.setCornerWidget(self.profile_menu.button)
        self.draw_tab, self.datasets_tab = self.tabs.draw, self.tabs.datasets
        self.training_tab, self.models_tab = self.tabs.training, self.tabs.models
        self.setCentralWidget(sheet(vbox(self.banner, (self.tabs, 1), spacing=0)))
        self.statusBar().setSizeGripEnabled(False)
        self._build_menus()
        self._connect()
        self.draw_tab.sheet.setFocus()
        if self._settings.are_newer:
            self._show_newer_settings_notice()
        self._bring_back_drawings()

    def _bring_back_drawings(self) -> None:
        profile, draw = self._profile, self.draw_tab
        drawing = DrawingAutosave(profile.autosave_file, draw.canvas, self, leaves_last=True)
        is_restored = drawing.restore()
        if draw.canvas.is_empty:
            drawing.offer_last()
        if draw.has_line_page or profile.sheet_file.exists():
            is_restored = self._keep_sheet() or is_restored
        else:
            draw.line_page_made.connect(self._keep_sheet)
        if self._previous_crash or is_restored:
            self._show_crash_notice(is_restored=is_restored)

    @Slot()
    def _keep_sheet(self) -> bool:
        """Save the sheet for lines as it grows; return whether one was left behind."""
        sheet = self.draw_tab.line_page.canvas
        return DrawingAutosave(self._profile.sheet_file, sheet, self).restore()

    def _connect(self) -> None:
        self.tabs.status_changed.connect(self._on_status_changed)
        self.profile_menu.switch_requested.connect(self.switch_profile)
        self.profile_menu.management_requested.connect(self.show_profiles)
        self.banner.action_requested.connect(self._show_crash_report)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._focus = FocusKeeper(application, self)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def _show_newer_settings_notice(self) -> None:
        self.banner.show_notice(
            self.tr(
                "The settings are of a newer version of EMNIST Desktop and stay as they are; "
                "what you change here is not kept."
            ),
            topic="settings",
        )

    def _show_crash_notice(self, *, is_restored: bool) -> None:
        sentence = self.tr("EMNIST Desktop ended unexpectedly last time.")
        drawing = (
            self.tr("Your drawing is back.")
            if is_restored
            else self.tr("There was no drawing to bring back.")
        )
        rest = self.tr(
            "Samples, datasets and runs are kept as they come; a training that was interrupted "
            "can be resumed under Training."
        )
        action = self.tr("Show log")
        self.banner.show_notice(sentence, f"{drawing} {rest}", action=action, topic="crash")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the geometry and shut down."""
        if not (self._is_ending or self.training_tab.ask_before_close()):
            event.ignore()
            return
        self.closing.emit()
        self._settings.set(GEOMETRY, self.saveGeometry())
        self._settings.set(FILE_FOLDER, last_folder())
        self._settings.save()
        shut_down(self)
        super().closeEvent(event)

    @Slot()
    def end(self) -> None:
        """Close without a question, as the system asks for; runs go on."""
        logger.info("Asked to end")
        self._is_ending = True
        self.close()

    @Slot()
    def reopen(self) -> None:
        """Close the window for another one with the settings of now; the drawing is kept."""
        if self.training_tab.ask_before_close():
            self._keep_drawing()
            self.is_reopened = True
            self.end()

    def _keep_drawing(self) -> None:
        for autosave in self.findChildren(DrawingAutosave):
            autosave.keep()

    @Slot(object)
    def switch_profile(self, profile: Profile) -> None:
        """Open the window of another profile and close this one, whose drawing is kept."""
        if not self.training_tab.ask_before_close():
            return
        if not open_window_of(profile):
            sentence = self.tr("The window of the other profile cannot be opened.")
            hint = self.tr("Close other programs, then try again.")
            self.banner.show_notice(sentence, hint, topic="profile")
            return
        self._keep_drawing()
        self.end()

    @Slot()
    def show_profiles(self) -> None:
        """Show all profiles, to make, name, delete and exchange them."""
        from emnist_desktop.app.profiles_dialog import ProfilesDialog

        dialog = ProfilesDialog(self._profile, self)
        dialog.changed.connect(self._show_profile)
        dialog.switch_requested.connect(self.switch_profile)
        dialog.open()

    @Slot()
    def _show_profile(self) -> None:
        self.profile_menu.refresh()
        self.setWindowTitle(self.profile_menu.title_start + self.tr("EMNIST Desktop"))

    @Slot()
    def come_forward(self) -> None:
        """Show the window to somebody who has started the program again."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        logger.info("Brought to the front")

    def _build_menus(self) -> None:
        draw = self.draw_tab.draw_actions
        file_menu = self.menuBar().addMenu(self.tr("&File"))
        file_menu.addActions([draw.open_picture, draw.open_bundle])
        file_menu.addSeparator()
        file_menu.addMenu(self.profile_menu)
        self._add(file_menu, self.tr("&Settings…"), self.show_settings, "Ctrl+,")
        self._add(file_menu, self.tr("&Quit"), self.close, "Ctrl+Q")
        edit_menu = self.menuBar().addMenu(self.tr("&Edit"))
        edit_menu.addActions([draw.undo, draw.redo, draw.clear])
        edit_menu.addSeparator()
        edit_menu.addActions([draw.copy, draw.paste, draw.back])
        edit_menu.addSeparator()
        edit_menu.addActions([draw.keep, draw.keep_other])
        edit_menu.addAction(draw.own_samples)
        self._add(edit_menu, self.tr("Collect &samples…"), self.draw_tab.collect)
        if can_train():
            self._add(edit_menu, self.tr("&Fine-tune on my samples…"), self.show_finetuning)
        edit_menu.addSeparator()
        edit_menu.addActions([draw.character_mode, draw.line_mode, draw.switch_mode])
        edit_menu.addSeparator()
        edit_menu.addActions([draw.pen, draw.eraser, draw.thinner, draw.thicker])
        self._build_view_menu(self.menuBar().addMenu(self.tr("&View")))
        help_menu = self.menuBar().addMenu(self.tr("&Help"))
        self._add(help_menu, self.tr("&Guide and shortcuts"), self.show_guide, "F1")
        self._add(help_menu, self.tr("Open &log folder"), self._open_log_folder)
        self._add(help_menu, self.tr("&About EMNIST Desktop"), self.show_about)

    def _build_view_menu(self, menu: QMenu) -> None:
        tabs = self.tabs
        for index in range(tabs.count()):
            turn = partial(tabs.turn_to_index, index)
            self._add(menu, tabs.tabText(index), turn, f"Ctrl+{index + 1}")
        self._add(menu, self.tr("&Next tab"), partial(tabs.turn_by, 1), "Ctrl+PgDown", "Ctrl+Tab")
        previous = self.tr("&Previous tab")
        self._add(menu, previous, partial(tabs.turn_by, -1), "Ctrl+PgUp", "Ctrl+Shift+Tab")
        menu.addSeparator()
        group = self._theme_actions = QActionGroup(self)
        current = self._settings.theme()
        for theme, text in (
            (Theme.SYSTEM, self.tr("Theme of the &system")),
            (Theme.LIGHT, self.tr("&Light theme")),
            (Theme.DARK, self.tr("&Dark theme")),
        ):
            action = self._add(menu, text, partial(self._choose_theme, theme))
            action.setCheckable(True)
            action.setData(theme.value)
            action.setChecked(theme is current)
            group.addAction(action)

        menu.addSeparator()
        self._add(menu, self.tr("&Projector"), self.show_projector, "F11")

    def _add(self, menu: QMenu, text: str, slot: Callable[[], object], *shortcuts: str) -> QAction:
        action = menu.addAction(text)
        action.setShortcuts([QKeySequence(keys) for keys in shortcuts])
        action.triggered.connect(slot)
        return action

    def _choose_theme(self, theme: Theme) -> None:
        self._settings.set(THEME, theme.value)
        self._apply_theme()

    @Slot()
    def _on_color_scheme_changed(self) -> None:
        if self._settings.theme() is Theme.SYSTEM:
            self._apply_theme()

    def _apply_theme(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, self._settings.theme())

    @Slot(str)
    def _on_status_changed(self, text: str) -> None:
        self.statusBar().showMessage(text, _STATUS_MILLISECONDS)

    @Slot()
    def _show_crash_report(self) -> None:
        sentence = self.tr(
            "What was noted when the program ended, and the log after it, help to mend it."
        )
        parts = (versions(), self._previous_crash, log_end(self._profile.log_file))
        CrashDialog("\n\n".join(filter(None, parts)), sentence, self).open()

    @Slot()
    def _open_log_folder(self) -> None:
        folder = self._profile.log_file.parent
        if not (folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))):
            self._on_status_changed(self.tr("The log is in {0}").format(folder))

    @Slot()
    def show_settings(self) -> None:
        """Show the settings that belong to no tab."""
        from emnist_desktop.app.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._profile, self._settings, self)
        dialog.theme_changed.connect(self._on_theme_changed)
        dialog.language_changed.connect(self.reopen, Qt.ConnectionType.QueuedConnection)
        dialog.pen_width_changed.connect(self.draw_tab.set_pen_width)
        dialog.open()

    @Slot()
    def _on_theme_changed(self) -> None:
        for action in self._theme_actions.actions():
            action.setChecked(action.data() == self._settings.theme().value)
        self._apply_theme()

    @Slot()
    def show_finetuning(self) -> None:
        """Offer to train the recogniser in use on with the user's samples."""
        from emnist_desktop.app.finetune_dialog import FineTuneDialog
        from trainer.datasets.catalog import Catalog

        start = self._settings.get(BUNDLE)
        dialog = FineTuneDialog(self._profile, Catalog(self._profile), start, self)
        dialog.bundle_chosen.connect(
            partial(self.tabs.turn_to, self.draw_tab, self.draw_tab.use_bundle)
        )
        dialog.open()

    @Slot()
    def show_projector(self) -> None:
        """Fill the screen with what is drawn, or with the run that is shown."""
        projector = self.tabs.projector()
        if projector is None:
            self._on_status_changed(self.tr("Choose a run first: it is shown on the projector"))
        else:
            projector.showFullScreen()

    @Slot()
    def show_guide(self) -> None:
        """Show what each tab is for, and all shortcuts."""
        from emnist_desktop.app.guide import GuideDialog

        GuideDialog(self.menuBar(), self).open()

    @Slot()
    def show_about(self) -> None:
        """Show versions, the recogniser, and whose work is in it."""
        from emnist_desktop.draw.recognizer_source import data_terms

        recognizer = self.draw_tab.recognizer
        terms = [] if recognizer is None else data_terms(recognizer.bundle)
        learned = self.tr("Learned from: {0}").format(escape("; ".join(terms))) if terms else ""
        text = self.tr(
            "<h3>EMNIST Desktop</h3><p>Draw a character and see it recognised.</p>"
            "<p>Recogniser: {0}</p><p>{1}</p><pre>{2}</pre>"
            "<p>MIT licence. Qt is used under the LGPL, wordfreq's words under CC BY-SA 4.0.</p>"
        ).format(escape(self.draw_tab.recognizer_title), learned, escape(versions()))
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("About EMNIST Desktop"))
        box.setIconPixmap(application_icon().pixmap(64, 64))
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.setText(text)
        box.open()
