"""The window: tabs, menus, and an orderly end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QTabWidget, QWidget

from emnist_desktop.crash import CrashDialog, versions
from emnist_desktop.draw.choice import RecognizerChoice
from emnist_desktop.draw.draw_tab import DrawTab
from emnist_desktop.settings import GEOMETRY, THEME, Settings, Theme
from emnist_desktop.style import apply_theme
from trainer.paths import Profile


class MainWindow(QMainWindow):
    """Builds the tabs and passes between them.

    Parameters
    ----------
    profile : Profile
    settings : Settings
    choice : RecognizerChoice
    previous_crash : str
        What the last run left if it died; empty if it did not.
    """

    def __init__(
        self,
        profile: Profile,
        settings: Settings,
        choice: RecognizerChoice,
        previous_crash: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._settings = settings
        self._previous_crash = previous_crash
        self.setWindowTitle(self.tr("EMNIST Desktop"))
        self.draw_tab = DrawTab(choice, settings)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.draw_tab, self.tr("Draw"))
        self.setCentralWidget(self.tabs)
        self.draw_tab.status_changed.connect(self._on_status_changed)
        self.draw_tab.banner.action_requested.connect(self._on_crash_report_requested)
        self._build_menus()
        self.statusBar().setSizeGripEnabled(False)
        self.resize(980, 680)
        self.restoreGeometry(settings.get(GEOMETRY))
        self.draw_tab.canvas.setFocus()
        if previous_crash:
            self.draw_tab.banner.show_notice(
                self.tr("The program ended unexpectedly last time."), self.tr("Show report")
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and end what is under way."""
        self._settings.set(GEOMETRY, self.saveGeometry())
        self._settings.save()
        self.draw_tab.close_tab()
        super().closeEvent(event)

    def _build_menus(self) -> None:
        draw = self.draw_tab
        file_menu = self.menuBar().addMenu(self.tr("&File"))
        self._add(file_menu, self.tr("&Open picture…"), draw.choose_picture, "Ctrl+O")
        self._add(file_menu, self.tr("Open &bundle…"), draw.choose_bundle)
        file_menu.addSeparator()
        self._add(file_menu, self.tr("&Quit"), self.close, "Ctrl+Q")
        edit_menu = self.menuBar().addMenu(self.tr("&Edit"))
        self._add(edit_menu, self.tr("&Undo"), draw.canvas.undo, "Ctrl+Z")
        self._add(edit_menu, self.tr("&Redo"), draw.canvas.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        self._add(edit_menu, self.tr("C&lear"), draw.canvas.clear, "Del")
        edit_menu.addSeparator()
        self._add(edit_menu, self.tr("&Copy character"), draw.copy, "Ctrl+C")
        self._add(edit_menu, self.tr("&Paste picture"), draw.paste, "Ctrl+V")
        edit_menu.addSeparator()
        self._add(edit_menu, self.tr("P&en"), draw.toolbar.choose_pen, "P")
        self._add(edit_menu, self.tr("Er&aser"), draw.toolbar.choose_eraser, "E")
        self._add(edit_menu, self.tr("&Thinner pen"), draw.toolbar.make_thinner, "[")
        self._add(edit_menu, self.tr("Thic&ker pen"), draw.toolbar.make_thicker, "]")
        self._build_view_menu(self.menuBar().addMenu(self.tr("&View")))
        help_menu = self.menuBar().addMenu(self.tr("&Help"))
        self._add(help_menu, self.tr("Open &log folder"), self._open_log_folder)
        self._add(help_menu, self.tr("&About EMNIST Desktop"), self._show_about)

    def _build_view_menu(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        current = self._settings.get(THEME)
        for theme, text in (
            (Theme.SYSTEM, self.tr("Theme of the &system")),
            (Theme.LIGHT, self.tr("&Light theme")),
            (Theme.DARK, self.tr("&Dark theme")),
        ):
            action = self._add(menu, text, self._on_theme_chosen)
            action.setCheckable(True)
            action.setData(theme.value)
            action.setChecked(theme.value == current)
            group.addAction(action)

    def _add(self, menu: QMenu, text: str, slot: Callable[[], object], *shortcuts: str) -> QAction:
        action = menu.addAction(text)
        action.setShortcuts([QKeySequence(keys) for keys in shortcuts])
        action.triggered.connect(slot)
        return action

    @Slot()
    def _on_theme_chosen(self) -> None:
        action = self.sender()
        application = QApplication.instance()
        if isinstance(action, QAction) and isinstance(application, QApplication):
            theme = Theme(str(action.data()))
            self._settings.set(THEME, theme.value)
            apply_theme(application, theme)

    @Slot(str)
    def _on_status_changed(self, text: str) -> None:
        self.statusBar().showMessage(text, 4000)

    @Slot()
    def _on_crash_report_requested(self) -> None:
        if self._previous_crash:
            CrashDialog(f"{versions()}\n\n{self._previous_crash}", self).open()

    @Slot()
    def _open_log_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._profile.log_file.parent)))

    @Slot()
    def _show_about(self) -> None:
        recognizer = self.draw_tab.panel.recognizer_button.toolTip()
        text = self.tr(
            "<h3>EMNIST Desktop</h3><p>Draw a character and see it recognised.</p>"
            "<p>Recogniser: {0}</p><pre>{1}</pre><p>MIT licence. Qt is used under the LGPL.</p>"
        ).format(recognizer, versions())
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("About EMNIST Desktop"))
        box.setText(text)
        box.open()
