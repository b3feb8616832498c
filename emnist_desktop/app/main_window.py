"""The window: tabs, menus, and an orderly end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QTabWidget, QWidget

from emnist_desktop.app.autosave import DrawingAutosave
from emnist_desktop.app.crash import CrashDialog, log_end, versions
from emnist_desktop.app.profile_menu import ProfileMenu, open_window_of
from emnist_desktop.datasets.dataset_tab import DatasetTab
from emnist_desktop.draw.canvas import MiniCanvas
from emnist_desktop.draw.draw_tab import RECOGNIZER, DrawTab
from emnist_desktop.draw.recognizer_source import RecognizerChoice, data_terms
from emnist_desktop.models.models_tab import ModelsTab
from emnist_desktop.settings import BUNDLE, GEOMETRY, THEME, Settings, Theme
from emnist_desktop.training.training_tab import TrainingTab
from emnist_desktop.ui.banner import Banner
from emnist_desktop.ui.focus import FocusKeeper
from emnist_desktop.ui.icons import application_icon
from emnist_desktop.ui.layout import sheet, vbox
from emnist_desktop.ui.lazy import Builder
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from trainer.datasets.catalog import Catalog
from trainer.datasets.my_samples import MySamples
from trainer.files.paths import Profile
from trainer.processes.launch import can_train

logger = logging.getLogger(__name__)

_SMALLEST = QSize(800, 560)
_COMFORTABLE = QSize(1080, 720)
_STATUS_MILLISECONDS = 4000


class MainWindow(QMainWindow):
    """Builds the tabs and connects them.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    choice : RecognizerChoice
    model : str
        Folder of a recogniser for this time only; empty for the one that was chosen last.
    previous_crash : str
        How the program ended last time if not in order; else empty.

    Signals
    -------
    closing
        It ends what is under way, and closes.
    """

    closing = Signal()

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        choice: RecognizerChoice,
        model: str = "",
        previous_crash: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._settings = settings
        self._previous_crash = previous_crash
        self._is_ending = False
        self.is_reopened = False
        """Whether another window is to follow this one."""
        self.profile_menu = ProfileMenu(profile, self)
        self._show_profile()
        self.setWindowIcon(application_icon())
        self.banner = Banner()
        self.draw_tab = DrawTab(choice, settings, MySamples(profile.samples_file), model)
        catalog = Catalog(profile)
        self.datasets_tab = DatasetTab(catalog, settings)
        self.training_tab = TrainingTab(profile, settings, catalog)
        self._mini_canvas: MiniCanvas | None = None
        self._has_new_drawing = False
        self.models_tab = ModelsTab(profile, settings, catalog, make_canvas=self._make_mini_canvas)
        self._lay_out()
        self._build_menus()
        self._connect()
        self.restoreGeometry(settings.get(GEOMETRY))
        self.draw_tab.sheet.setFocus()
        if settings.are_newer:
            self._show_newer_settings_notice()
        drawing = DrawingAutosave(profile.autosave_file, self.draw_tab.canvas, self)
        is_restored = drawing.restore()
        if self.draw_tab.has_line_page or profile.sheet_file.exists():
            is_restored = self._keep_sheet() or is_restored
        else:
            self.draw_tab.line_page_made.connect(self._keep_sheet)
        if previous_crash or is_restored:
            self._show_crash_notice(is_restored=is_restored)

    @Slot()
    def _keep_sheet(self) -> bool:
        """Save the sheet for lines as it grows; return whether one was left behind."""
        sheet = self.draw_tab.line_page.canvas
        return DrawingAutosave(self._profile.sheet_file, sheet, self).restore()

    def _connect(self) -> None:
        for tab in (self.draw_tab, self.datasets_tab, self.training_tab, self.models_tab):
            tab.status_changed.connect(self._on_status_changed)
        draw, datasets = self.draw_tab, self.datasets_tab
        training, models = self.training_tab, self.models_tab
        for requested, tab, show in (
            (datasets.use_for_training, training, training.set_up_with),
            (datasets.errors_requested, models, models.show_errors),
            (training.bundle_chosen, draw, draw.use_bundle),
            (draw.packed_bundle_chosen, training, training.import_bundle),
            (training.samples_requested, datasets, datasets.show_samples),
            (training.dataset_requested, datasets, datasets.show_catalog),
            (models.samples_requested, datasets, datasets.show_samples),
            (models.form_requested, training, training.set_fields),
            (models.run_requested, training, training.start_run),
        ):
            requested.connect(partial(self._turn_to, tab, show))
        self.profile_menu.switch_requested.connect(self.switch_profile)
        self.profile_menu.management_requested.connect(self.show_profiles)
        training.runs_deleted.connect(self._on_runs_deleted)
        training.runs_changed.connect(models.refresh)
        self.draw_tab.canvas.drawing_changed.connect(self._on_drawing_changed)
        self.tabs.currentChanged.connect(self._on_tab_changed)
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

    def build_ahead(self, application: QApplication) -> None:
        """Build the hidden tabs while the user does nothing."""
        self._builder.start(application)

    @Slot()
    def come_forward(self) -> None:
        """Show the window to somebody who has started the program again."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        logger.info("Brought to the front")

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.draw_tab, self.tr("Draw"))
        self.tabs.addTab(self.datasets_tab, self.tr("Datasets"))
        self.tabs.addTab(self.training_tab, self.tr("Training"))
        self.tabs.addTab(self.models_tab, self.tr("Models"))
        self.tabs.setCornerWidget(self.profile_menu.button)
        hidden = (self.datasets_tab, self.training_tab, self.models_tab)
        self._builder = Builder(hidden, self)
        self.tabs.tabBarClicked.connect(self._on_tab_clicked)
        self.setCentralWidget(sheet(vbox(self.banner, (self.tabs, 1), spacing=0)))
        self.statusBar().setSizeGripEnabled(False)
        self.setMinimumSize(_SMALLEST)
        self.resize(_COMFORTABLE)

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
        for place in range(self.tabs.count()):
            text = self.tabs.tabText(place)
            self._add(menu, text, partial(self._turn_to_place, place), f"Ctrl+{place + 1}")
        self._add(menu, self.tr("&Next tab"), partial(self._turn_by, 1), "Ctrl+PgDown", "Ctrl+Tab")
        previous = self.tr("&Previous tab")
        self._add(menu, previous, partial(self._turn_by, -1), "Ctrl+PgUp", "Ctrl+Shift+Tab")
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

    @Slot(int)
    def _on_tab_clicked(self, place: int) -> None:
        self._builder.hurry(self.tabs.widget(place))

    @Slot(int)
    def _on_tab_changed(self, place: int) -> None:
        current = self.tabs.widget(place)
        self.draw_tab.set_current(current is self.draw_tab)
        if current is self.draw_tab:
            self.draw_tab.panel.show_title(self.draw_tab.recognizer_title)
        if current is self.datasets_tab:
            self.datasets_tab.set_recognizer(self.draw_tab.recognizer)
        self.datasets_tab.set_current(current is self.datasets_tab)
        if current is self.models_tab and self._has_new_drawing:
            self._has_new_drawing = False
            if self._mini_canvas is not None:
                self._mini_canvas.take_over(self.draw_tab.canvas.ink())

    def _turn_to_place(self, place: int) -> None:
        self._on_tab_clicked(place)
        self.tabs.setCurrentIndex(place)

    def _turn_by(self, step: int) -> None:
        self._turn_to_place((self.tabs.currentIndex() + step) % self.tabs.count())

    def _turn_to(self, tab: QWidget, show: Callable[..., object], *wanted: Any) -> None:
        self.tabs.setCurrentWidget(tab)
        show(*wanted)

    @Slot(object)
    def _on_runs_deleted(self, roots: tuple[Path, ...]) -> None:
        """Let the bundled recogniser read if the one in use was deleted."""
        tab = self.draw_tab
        if tab.recognizer is None or tab.recognizer.bundle.folder.parent not in roots:
            return
        sentence = self.tr("{0}, which read what you draw, was deleted.").format(tab.panel.title)
        tab.use_bundle("")
        hint = self.tr("The bundled recogniser is used instead.")
        tab.banner.show_word(sentence, hint, topic=RECOGNIZER)

    def _make_mini_canvas(self) -> MiniCanvas:
        self._mini_canvas = MiniCanvas()
        self._mini_canvas.drawing_changed.connect(self._on_mini_canvas_changed)
        return self._mini_canvas

    @Slot()
    def _on_drawing_changed(self) -> None:
        self._has_new_drawing = True

    @Slot()
    def _on_mini_canvas_changed(self) -> None:
        if self._mini_canvas is not None:
            self.models_tab.draw(self._mini_canvas.ink())

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

        start = self._settings.get(BUNDLE)
        dialog = FineTuneDialog(self._profile, Catalog(self._profile), start, self)
        dialog.bundle_chosen.connect(
            partial(self._turn_to, self.draw_tab, self.draw_tab.use_bundle)
        )
        dialog.open()

    @Slot()
    def show_projector(self) -> None:
        """Fill the screen with what is drawn, or with the run that is shown."""
        is_training = self.tabs.currentWidget() is self.training_tab
        projector = (self.training_tab if is_training else self.draw_tab).projector()
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
