"""Exporting errors with real clicks: written, refused, ended."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.models.errors.browser import ErrorsBrowser, ErrorsExport
from emnist_desktop.models.errors.page import ErrorsPage
from emnist_desktop.models.errors.source import ErrorSamples
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.dataset_fakes import PATIENCE_S
from tests.emnist_desktop.models.errors.pages import click
from trainer.evaluation.errors import TABLE_NAME
from trainer.ink.render import Image


def dialog_of(browser: ErrorsBrowser, qtbot: QtBot) -> ErrorsExport:
    click(qtbot, browser.export)
    dialog = browser.findChild(ErrorsExport)
    assert isinstance(dialog, ErrorsExport)
    return dialog


def test_what_is_shown_is_exported(
    browser: ErrorsBrowser, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    browser.show_pair("5", "S")
    (tmp_path / "mistakes-5-as-S_upper").mkdir()
    dialog = dialog_of(browser, qtbot)
    folder = tmp_path / "mistakes-5-as-S_upper-2"
    assert dialog.destination.text() == str(folder)
    with qtbot.waitSignal(browser.window().status_changed) as status:
        click(qtbot, dialog.export_button)
    assert str(folder) in status.args[0]
    with (folder / TABLE_NAME).open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [(line["index"], line["true"], line["predicted"]) for line in table] == [
        ("6", "5", "S"),
        ("1", "5", "S"),
    ]
    assert (folder / table[0]["file"]).is_file()
    assert "Free." in (folder / "about.txt").read_text(encoding="utf-8")


def test_an_export_that_fails_is_said_and_another_place_taken(
    browser: ErrorsBrowser, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine")
    dialog = dialog_of(browser, qtbot)
    dialog.destination.clear()
    click(qtbot, dialog.export_button)
    assert dialog.message.isVisible()
    for place, words in (
        (used, "is not empty"),
        (used / "mine.txt" / "below", "cannot be written"),
    ):
        dialog.destination.setText(str(place))
        click(qtbot, dialog.export_button)
        qtbot.waitUntil(lambda words=words: words in dialog.message.text())
        assert dialog.export_button.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(used))
    dialog.destination.setText(str(tmp_path / "six"))
    click(qtbot, dialog.browse)
    assert dialog.destination.text() == str(used / "six")
    with qtbot.waitSignal(dialog.exported) as written:
        click(qtbot, dialog.export_button)
    assert written.args == [str(used / "six")]
    assert len(list((used / "six").glob("*.png"))) == 6


@pytest.mark.parametrize("closes_page", [False, True], ids=["cancel", "close the page"])
def test_an_export_can_be_ended(
    browser: ErrorsBrowser,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    closes_page: bool,
) -> None:
    never = threading.Event()
    whole = ErrorSamples.image

    def patient(samples: ErrorSamples, index: int) -> Image:
        never.wait(PATIENCE_S)
        return whole(samples, index)

    monkeypatch.setattr(ErrorSamples, "image", patient)
    dialog = dialog_of(browser, qtbot)
    dialog._rows = np.tile(dialog._rows, 200)
    dialog.destination.setText(str(tmp_path / "out"))
    click(qtbot, dialog.export_button)
    qtbot.waitUntil(lambda: dialog.bar.value() > 0)
    page = browser.window()
    assert isinstance(page, ErrorsPage)
    if closes_page:
        shut_down(page)
    else:
        click(qtbot, dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    assert not dialog.isVisible()
    assert not list(tmp_path.glob("*out*"))
