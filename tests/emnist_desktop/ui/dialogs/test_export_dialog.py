"""Exporting with real clicks: written, refused, ended; nothing half-done is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.transfer import export_dialog
from emnist_desktop.datasets.transfer.export_dialog import ExportDialog
from trainer.datasets.dataset import Dataset
from trainer.datasets.export import TABLE_NAME, ExportFormat, Selection
from trainer.datasets.store import in_memory


def selection(n: int = 6) -> Selection:
    images = np.random.default_rng(0).integers(0, 256, (8, 28, 28), dtype=np.uint8)
    data = Dataset("letters", ("a", "A"), images, np.arange(8) % 2)
    return Selection(in_memory("letters", "Letters", {"train": data}), "train", np.arange(n))


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[ExportDialog]:
    dialog = ExportDialog(selection(), tmp_path)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    yield dialog
    dialog.close()


def choose(dialog: ExportDialog, how: ExportFormat, qtbot: QtBot) -> None:
    dialog.format_box.setFocus()
    qtbot.keyClick(dialog.format_box, Qt.Key.Key_Home)
    for _ in range(list(ExportFormat).index(how)):
        qtbot.keyClick(dialog.format_box, Qt.Key.Key_Down)
    assert dialog.form is how


def start(dialog: ExportDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("how", "name"),
    [
        (ExportFormat.FOLDERS, "letters-train"),
        (ExportFormat.FLAT, "letters-train"),
        (ExportFormat.ARRAYS, "letters-train.npz"),
        (ExportFormat.SHEET, "letters-train.png"),
    ],
)
def test_every_form_is_written_where_it_says(
    dialog: ExportDialog, tmp_path: Path, qtbot: QtBot, how: ExportFormat, name: str
) -> None:
    choose(dialog, how, qtbot)
    assert dialog.destination.text() == str(tmp_path / name)
    with qtbot.waitSignal(dialog.exported) as written:
        start(dialog, qtbot)
    assert written.args == [str(tmp_path / name)]
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert not dialog.isVisible()


def test_a_name_that_is_taken_is_not_suggested(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "letters-train").mkdir()
    (tmp_path / "letters-train-2").mkdir()
    dialog = ExportDialog(selection(), tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.destination.text() == str(tmp_path / "letters-train-3")


def test_a_folder_in_use_is_refused_and_another_taken(
    dialog: ExportDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine")
    dialog.destination.selectAll()
    qtbot.keyClicks(dialog.destination, str(used))
    start(dialog, qtbot)
    qtbot.waitUntil(dialog.message.isVisible)
    assert "new or empty folder" in dialog.message.text()
    assert dialog.export_button.isEnabled()
    assert [path.name for path in used.iterdir()] == ["mine.txt"]
    qtbot.keyClicks(dialog.destination, "-not")
    with qtbot.waitSignal(dialog.exported):
        qtbot.keyClick(dialog.destination, Qt.Key.Key_Return)
    assert (tmp_path / "used-not" / TABLE_NAME).exists()


def test_no_destination_is_said(dialog: ExportDialog, qtbot: QtBot) -> None:
    dialog.destination.clear()
    start(dialog, qtbot)
    assert "Choose where" in dialog.message.text()
    assert dialog.isVisible()


def test_the_form_keeps_the_folder_that_was_chosen(
    dialog: ExportDialog, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    (chosen / "other.txt").write_text("")
    answer: Callable[..., str] = lambda *_: str(chosen)  # noqa: E731 - stands for a dialog
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answer)
    qtbot.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.destination.text() == str(chosen / "letters-train")
    choose(dialog, ExportFormat.ARRAYS, qtbot)
    assert dialog.destination.text() == str(chosen / "letters-train.npz")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen / "mine"), ""))
    qtbot.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.destination.text() == str(chosen / "mine.npz")


def test_an_empty_folder_that_is_chosen_is_filled_itself(
    dialog: ExportDialog, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    qtbot.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.exported):
        start(dialog, qtbot)
    assert (tmp_path / "empty" / TABLE_NAME).exists()


def test_giving_up_the_choice_changes_nothing(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dialog.destination.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    qtbot.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.destination.text() == before


def test_cancel_ends_the_writing_and_leaves_nothing(
    dialog: ExportDialog, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ended = export_dialog.export, []

    def slow(what: object, how: object, where: object, report: object, check: object) -> None:
        def endless() -> None:
            report(0.5)  # type: ignore[operator]
            while True:
                check()  # type: ignore[operator]

        try:
            real(what, how, where, report, endless)  # type: ignore[arg-type]
        finally:
            ended.append(True)

    monkeypatch.setattr(export_dialog, "export", slow)
    start(dialog, qtbot)
    qtbot.waitUntil(lambda: dialog.bar.value() == 500)
    assert not dialog.destination.isEnabled()
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert ended == [True]
    assert list(tmp_path.iterdir()) == []


def test_something_unforeseen_is_said(
    dialog: ExportDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(export_dialog, "export", broken)
    start(dialog, qtbot)
    qtbot.waitUntil(dialog.message.isVisible)
    assert "odd" in dialog.message.text()
    assert dialog.export_button.isEnabled()
