"""What the settings dialog says of deleted runs, and how they are thrown away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from emnist_desktop.app.settings_dialog import SettingsDialog
from emnist_desktop.app.storage import ProfilePart
from emnist_desktop.settings import Settings
from trainer.config.training_config import TrainingConfig
from trainer.files.paths import Profile
from trainer.runs.folder import RunFolder
from trainer.runs.trash import deleted_runs, move_to_trash

LEFT = Qt.MouseButton.LeftButton


def make_run(profile: Profile, name: str, size: int) -> Path:
    folder = RunFolder(profile.runs / name)
    folder.open(TrainingConfig(data="starter"), resume=False)
    (folder.root / "log.txt").write_bytes(b"x" * (size - folder.config_file.stat().st_size))
    return folder.root


@pytest.fixture
def open_dialog(qtbot: QtBot, profile: Profile, settings: Settings) -> Callable[[], SettingsDialog]:
    def make() -> SettingsDialog:
        dialog = SettingsDialog(profile, settings)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog, before_close_func=lambda d: d.done(0))
        dialog.open()
        qtbot.waitUntil(lambda: dialog.sizes[ProfilePart.RECYCLED].text() != "…")
        return dialog

    return make


def answer(text: str, said: list[str]) -> None:
    """Click a button of the question that is about to be asked, and keep what it says."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, click)
            return
        said.append(box.text())
        next(b for b in box.findChildren(QAbstractButton) if b.text() == text).click()

    QTimer.singleShot(0, click)


def test_deleted_runs_are_thrown_away_after_a_question(
    open_dialog: Callable[[], SettingsDialog], profile: Profile, qtbot: QtBot
) -> None:
    kept = make_run(profile, "kept", 3_000_000)
    move_to_trash(make_run(profile, "old", 2_000_000))
    dialog = open_dialog()
    assert dialog.sizes[ProfilePart.RECYCLED].text() == "2.0 MB"
    assert dialog.sizes[ProfilePart.RUNS].text() == "3.0 MB"
    said: list[str] = []
    answer("Cancel", said)
    qtbot.mouseClick(dialog.cleaners[ProfilePart.RECYCLED], LEFT)
    assert said == ["Remove all deleted runs (2.0 MB) for good?"]
    assert len(deleted_runs(profile.runs)) == 1
    answer("Remove", said)
    qtbot.mouseClick(dialog.cleaners[ProfilePart.RECYCLED], LEFT)
    qtbot.waitUntil(lambda: dialog.sizes[ProfilePart.RECYCLED].text() == "empty")
    assert not dialog.cleaners[ProfilePart.RECYCLED].isEnabled()
    assert deleted_runs(profile.runs) == []
    assert kept.is_dir()


def test_nothing_deleted_is_nothing_to_clean(open_dialog: Callable[[], SettingsDialog]) -> None:
    dialog = open_dialog()
    assert dialog.sizes[ProfilePart.RECYCLED].text() == "empty"
    assert not dialog.cleaners[ProfilePart.RECYCLED].isEnabled()
