"""A short guide, and the shortcuts of all menus."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QMenuBar, QTextBrowser, QWidget

from emnist_desktop.ui.layout import vbox
from emnist_desktop.ui.style import MARGIN

_WIDTH, _HEIGHT = 620, 560


class GuideDialog(QDialog):
    """Says in a few sentences what each tab is for, and lists the shortcuts.

    Parameters
    ----------
    menus : QMenuBar
        Whose actions have the shortcuts.
    parent : QWidget, optional
    """

    def __init__(self, menus: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Guide and shortcuts"))
        self.page = QTextBrowser()
        self.page.setAccessibleName(self.windowTitle())
        self.page.setHtml("".join((*self._guide(), *self._shortcuts(menus))))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.setLayout(vbox((self.page, 1), buttons, margins=MARGIN))
        self.resize(_WIDTH, _HEIGHT)

    def _guide(self) -> Iterator[str]:
        for title, text in (
            (
                self.tr("Draw"),
                self.tr(
                    "Write a character and see what it is read as while you write. Confirm or "
                    "correct the answer: the program learns your hand from it. A picture can be "
                    "opened, pasted, or dropped here as well."
                ),
            ),
            (
                self.tr("Lines"),
                self.tr(
                    "Ctrl+L, and whole words are read while you write them. A click on a letter of "
                    "the text shows others for it. The pen corrects, too: a scribble over a letter "
                    "or a word strikes it out, and so does a line through a word; a letter over an "
                    "older one takes its place, and a caret (^) below a gap makes room."
                ),
            ),
            (
                self.tr("Datasets"),
                self.tr(
                    "Make the starter set, fetch EMNIST or MNIST, or import your own. Look at the "
                    "samples, search them, and find copies and wrong labels."
                ),
            ),
            (
                self.tr("Training"),
                self.tr(
                    "Choose data and a model, start, and watch it learn. A run can be paused, "
                    "stopped, resumed, compared with others, and put behind the canvas."
                ),
            ),
            (
                self.tr("Models"),
                self.tr(
                    "See how well a model reads and what it misreads, whether one is better than "
                    "another, what its layers react to, and which settings suit it best."
                ),
            ),
        ):
            yield f"<h3>{escape(title)}</h3><p>{escape(text)}</p>"

    def _shortcuts(self, menus: QMenuBar) -> Iterator[str]:
        heading = self.tr("Shortcuts")
        yield f"<h3>{escape(heading)}</h3><table cellpadding='3'>"
        rows = [(_name(action), _keys(action)) for action in _actions(menus)]
        rows += [
            (self.tr("From one control to the next, and back"), "Tab, Shift+Tab"),
            (self.tr("In grids, charts and lists"), "← ↑ → ↓, Home, End, Enter"),
        ]
        for name, keys in rows:
            yield f"<tr><td>{escape(name)}</td><td><b>{escape(keys)}</b></td></tr>"
        yield "</table>"


def _actions(menus: QMenuBar) -> Iterator[QAction]:
    """Yield the actions of all menus that have a shortcut."""
    for menu in menus.findChildren(QMenu):
        yield from (action for action in menu.actions() if action.shortcuts())


def _name(action: QAction) -> str:
    return action.text().replace("&", "").rstrip("…")


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(keys.toString(native) for keys in action.shortcuts())
