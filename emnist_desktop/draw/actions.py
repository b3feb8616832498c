"""The actions of the Draw tab, which menus and buttons share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette

from emnist_desktop.ui.icons import themed_icon


class DrawActions(QObject):
    """Actions with names, meanings, shortcuts and icons; the tab connects them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.open_picture = self._action(
            self.tr("Open &picture…"), self.tr("Read the characters in a picture"), "Ctrl+O"
        )
        self.open_bundle = self._action(
            self.tr("Open &bundle…"),
            self.tr("Read with another recogniser: bundle.json in its folder, or a .zip file"),
        )
        self.undo = self._action(self.tr("&Undo"), self.tr("Take back the last step"), "Ctrl+Z")
        self.redo = self._action(
            self.tr("&Redo"), self.tr("Take the step again"), "Ctrl+Shift+Z", "Ctrl+Y"
        )
        self.clear = self._action(self.tr("C&lear"), self.tr("Empty the canvas"), "Del")
        self.copy = self._action(
            self.tr("&Copy"), self.tr("Copy what was recognised, and the ink"), "Ctrl+C"
        )
        self.paste = self._action(
            self.tr("Pa&ste"), self.tr("Put copied ink here, or read a picture"), "Ctrl+V"
        )
        self.pen = self._action(self.tr("P&en"), self.tr("Draw"), "P")
        self.eraser = self._action(self.tr("Er&aser"), self.tr("Erase parts of strokes"), "E")
        self.thinner = self._action(self.tr("&Thinner pen"), self.tr("Take a thinner pen"), "[")
        self.thicker = self._action(self.tr("T&hicker pen"), self.tr("Take a thicker pen"), "]")
        self.character_mode = self._action(
            self.tr("C&haracter"), self.tr("Draw one character (Ctrl+L switches)")
        )
        self.line_mode = self._action(
            self.tr("L&ine"), self.tr("Write lines of text (Ctrl+L switches)")
        )
        self.switch_mode = self._action(
            self.tr("&Switch character/line"), self.tr("Write a line, or a character"), "Ctrl+L"
        )
        modes = QActionGroup(self)
        for action in (self.character_mode, self.line_mode):
            action.setCheckable(True)
            modes.addAction(action)
        self.character_mode.setChecked(True)
        self.back = self._action(self.tr("&Back to drawing"), self.tr("Close the picture"), "Esc")
        self._add_keeping()
        tools = QActionGroup(self)
        for action in (self.pen, self.eraser):
            action.setCheckable(True)
            # Tinted for a button that is down, the icon would be lost on a menu.
            action.setIconVisibleInMenu(False)
            tools.addAction(action)
        self.pen.setChecked(True)
        self._meanings = {action: action.toolTip() for action in self.all}
        self._icons = {
            self.open_picture: "picture",
            self.undo: "undo",
            self.redo: "redo",
            self.clear: "clear",
            self.copy: "copy",
            self.pen: "pen",
            self.eraser: "eraser",
            self.back: "back",
            self.keep: "right",
        }

    @property
    def all(self) -> list[QAction]:
        """Every action."""
        return self.findChildren(QAction)

    def take_colors(self, palette: QPalette) -> None:
        """Tint the icons for a theme."""
        for action, name in self._icons.items():
            action.setIcon(themed_icon(name, palette))

    def tell_why(self, *, shows_picture: bool) -> None:
        """Let tool tips of what is for drawings say why a picture does not have it."""
        for_drawings = (self.pen, self.eraser, self.character_mode, self.line_mode)
        for action in for_drawings:
            meaning = self._meanings[action]
            action.setToolTip(
                self.tr("Close the picture first (Esc)") if shows_picture else meaning
            )

    def _add_keeping(self) -> None:
        """Add actions of samples; shortcuts work on the canvas only: Return and letters."""
        self.keep = self._action(
            self.tr("&Keep"), self.tr("Keep the drawing as what was recognised"), "Return", "Enter"
        )
        self.keep_other = self._action(
            self.tr("&Other…"), self.tr("Keep the drawing as another character"), "O"
        )
        self.own_samples = self._action(
            self.tr("&Use my own samples"),
            self.tr("Read as you write, where your samples are sure of it"),
        )
        self.own_samples.setCheckable(True)
        for action in (self.keep, self.keep_other):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _action(self, text: str, meaning: str, *shortcuts: str) -> QAction:
        action = QAction(text, self)
        action.setIconText(text.replace("&", ""))  # Qt's own would lose the dots
        keys = [QKeySequence(shortcut) for shortcut in shortcuts]
        action.setShortcuts(keys)
        native = QKeySequence.SequenceFormat.NativeText
        names = [key.toString(native) for key in keys]
        action.setToolTip(f"{meaning} ({', '.join(names)})" if names else meaning)
        return action
