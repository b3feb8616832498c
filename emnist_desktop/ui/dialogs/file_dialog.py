"""Dialogs for files: each starts in the folder in which the one before ended, whatever the tab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

_LAST = "lastFolder"
"""A property of the application."""


def last_folder() -> str:
    """Return the folder in which the next dialog starts: that of the last, else the documents."""
    application = QCoreApplication.instance()
    last = None if application is None else application.property(_LAST)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return str(last or QStandardPaths.writableLocation(documents))


def start_in(folder: str) -> None:
    """Let the next dialog start in a folder; empty for the documents."""
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(_LAST, folder)


def ask_open(parent: QWidget, title: str, kinds: str = "") -> Path | None:
    """Ask for a file to open; None if it is cancelled. `kinds` are filters as Qt takes them."""
    name, _ = QFileDialog.getOpenFileName(parent, title, last_folder(), kinds)
    return _noted(name)


def ask_open_several(parent: QWidget, title: str, kinds: str = "") -> Sequence[Path]:
    """Ask for files to open; none if it is cancelled."""
    names, _ = QFileDialog.getOpenFileNames(parent, title, last_folder(), kinds)
    return [path for name in names if (path := _noted(name)) is not None]


def ask_save(parent: QWidget, title: str, name: str, kinds: str) -> tuple[Path | None, str]:
    """Ask for a file to write; return it and the filter that is chosen; None if cancelled.

    Parameters
    ----------
    parent : QWidget
    title : str
    name : str
        The suggested name, without a folder.
    kinds : str
        Filters as Qt takes them.
    """
    suggested = str(Path(last_folder()) / name)
    chosen, kind = QFileDialog.getSaveFileName(parent, title, suggested, kinds)
    return _noted(chosen), kind


def ask_folder(parent: QWidget, title: str) -> Path | None:
    """Ask for a folder; None if it is cancelled."""
    name = QFileDialog.getExistingDirectory(parent, title, last_folder())
    path = Path(name) if name else None
    if path is not None:
        start_in(str(path.parent))
    return path


def _noted(name: str) -> Path | None:
    if not name:
        return None
    path = Path(name)
    start_in(str(path.parent))
    return path
