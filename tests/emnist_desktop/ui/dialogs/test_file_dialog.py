"""A dialog for a file starts where the one before ended, also after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.ui.dialogs.file_dialog import (
    ask_folder,
    ask_open,
    ask_open_several,
    ask_save,
    last_folder,
    start_in,
)

ALL = "All (*)"


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the next dialog answers ("answer"), and where the last one began ("began")."""
    said: dict[str, Any] = {"answer": "", "began": ""}

    def asked(_: QWidget, __: str, began: str, *___: str) -> Any:
        said["began"] = began
        return said["answer"]

    for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"):
        monkeypatch.setattr(QFileDialog, name, asked)
    return said


def test_each_dialog_starts_where_the_last_one_ended(
    window: MainWindow, dialogs: dict[str, Any]
) -> None:
    dialogs["answer"] = ("/a/one.txt", ALL)
    assert ask_open(window, "Open", ALL) == Path("/a/one.txt")
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    assert dialogs["began"] == documents
    dialogs["answer"] = ("/b/two.txt", ALL)
    assert ask_save(window, "Save", "new.txt", ALL) == (Path("/b/two.txt"), ALL)
    assert Path(dialogs["began"]) == Path("/a/new.txt")
    dialogs["answer"] = (["/c/1.txt", "/c/2.txt"], ALL)
    assert ask_open_several(window, "Open", ALL) == [Path("/c/1.txt"), Path("/c/2.txt")]
    assert Path(dialogs["began"]) == Path("/b")
    dialogs["answer"] = "/d/e"
    assert ask_folder(window, "Folder") == Path("/d/e")
    assert Path(dialogs["began"]) == Path("/c")
    assert Path(last_folder()) == Path("/d")


def test_what_is_cancelled_leaves_the_folder(window: MainWindow, dialogs: dict[str, Any]) -> None:
    start_in("/a")
    dialogs["answer"] = ("", "")
    assert ask_open(window, "Open") is None
    assert ask_save(window, "Save", "new.txt", ALL)[0] is None
    dialogs["answer"] = ([], "")
    assert ask_open_several(window, "Open") == []
    dialogs["answer"] = ""
    assert ask_folder(window, "Folder") is None
    assert last_folder() == "/a"


def test_the_folder_survives_a_restart(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    start_in("/somewhere")
    window.close()
    start_in("")
    make_window()
    assert last_folder() == "/somewhere"
