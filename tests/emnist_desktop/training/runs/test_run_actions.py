"""What can be done with runs: test, export, import; with real children and real clicks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.settings import Settings
from emnist_desktop.training.runs import run_actions
from emnist_desktop.training.runs.run_actions import RunActions
from emnist_desktop.training.runs.run_list import RunList
from emnist_desktop.training.runs.run_model import NAME
from emnist_desktop.training.runs.run_queue import RunQueue
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.fake_trainer import epoch_events, started
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile, default_bundle
from trainer.recognition.bundle import load_bundle
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import Status, list_runs, summarize

PATIENCE = 30_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def data(profile: Profile) -> str:
    """Put a dataset with a test split and the bundled alphabet into the catalogue."""
    bundle = load_bundle(default_bundle())
    folder = profile.datasets / "tiny"
    with DatasetWriter(folder, title="Tiny", alphabet=bundle.alphabet) as writer:
        images = np.zeros((4, 28, 28), dtype=np.uint8)
        images[:, 10:18, 10:18] = 200
        part = Dataset("tiny", bundle.alphabet, images, np.arange(4))
        for split in ("train", "test"):
            writer.append(split, part.images, part.labels)
    return "tiny"


@pytest.fixture
def root(profile: Profile, data: str) -> Path:
    """Return a finished run that has the bundled recogniser."""
    config = TrainingConfig.from_record({"preset": "cnn-small", "data": data, "epochs": 2})
    folder = RunFolder.create(profile.runs, config)
    folder.append(started(2))
    for epoch in (1, 2):
        for event in epoch_events(epoch):
            folder.append(event)
    shutil.copytree(default_bundle(), folder.bundle)
    folder.append(events.Finished(2, 2, 0.9, stopped=False))
    return folder.root


@pytest.fixture
def actions(qtbot: QtBot, profile: Profile, settings: Settings) -> RunActions:
    window = QWidget()
    qtbot.addWidget(window, before_close_func=lambda _: shut_down(made))
    made = RunActions(profile, settings, RunQueue(profile), window)
    return made


@pytest.fixture
def said(actions: RunActions) -> list[str]:
    """Return what is told and noticed."""
    heard: list[str] = []

    def hear(sentence: str, hint: str = "") -> None:
        heard.append(f"{sentence} {hint}".strip())

    actions.status_changed.connect(hear)
    actions.notice_raised.connect(hear)
    return heard


@pytest.fixture
def save_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    def choose(path: Path) -> None:
        def answer(*_: object) -> tuple[str, str]:
            return str(path), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)

    return choose


def answer_box(text: str) -> None:
    """Click a button of the question that is about to be asked."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, click)
            return
        next(b for b in box.findChildren(QAbstractButton) if b.text() == text).click()

    QTimer.singleShot(0, click)


def test_the_test_accuracy_is_measured_after_a_word_about_it(
    actions: RunActions, qtbot: QtBot, root: Path, said: list[str]
) -> None:
    run = summarize(root)
    assert run.is_testable
    answer_box("Cancel")
    actions.test(run)
    assert not actions.work.is_running
    answer_box("Measure")
    with qtbot.waitSignal(actions.runs_changed, timeout=PATIENCE):
        actions.test(run)
    tested = summarize(root).test_result
    assert tested is not None
    assert f"{100 * tested.accuracy:.1f} %" in said[-1]
    assert not summarize(root).is_testable


@pytest.mark.parametrize(
    ("form", "ending"), [("bundle", ".zip"), ("report", ".html"), ("litert", ".tflite")]
)
def test_a_run_is_exported(
    actions: RunActions, qtbot: QtBot, root: Path, save_to, form: str, ending: str
) -> None:
    folder = root.parent.parent / "out"
    save_to(folder / "mine")
    with qtbot.waitSignal(actions.runs_changed, timeout=PATIENCE):
        actions.export(summarize(root), form)
    assert (folder / f"mine{ending}").stat().st_size > 1000


def test_a_bundle_is_imported_again(
    actions: RunActions, qtbot: QtBot, root: Path, save_to, profile: Profile, tmp_path: Path
) -> None:
    save_to(tmp_path / "b.zip")
    with qtbot.waitSignal(actions.runs_changed, timeout=PATIENCE):
        actions.export(summarize(root), "bundle")
    with qtbot.waitSignal(actions.runs_changed, timeout=PATIENCE):
        actions.import_bundle()
    (imported,) = [run for run in list_runs(profile.runs) if run.root != root]
    assert imported.status is Status.IMPORTED


def test_what_fails_is_told_with_its_hint(
    actions: RunActions, qtbot: QtBot, root: Path, said: list[str], save_to, tmp_path: Path
) -> None:
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    save_to(tmp_path / "bad.zip")
    with qtbot.waitSignal(actions.notice_raised, timeout=PATIENCE):
        actions.import_bundle()
    assert "Expected a bundle as one file" in said[-1]
    assert "Export it again." in said[-1]
    with qtbot.waitSignal(actions.notice_raised, timeout=PATIENCE):
        actions.export(summarize(root), "keras")
    assert "came without its Keras model" in said[-1]


def test_nothing_happens_without_a_file(
    actions: RunActions, root: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: ("", ""))
    actions.import_bundle()
    actions.export(summarize(root), "bundle")
    assert not actions.work.is_running
    assert said == []


def test_a_second_child_waits_for_the_first(
    actions: RunActions, qtbot: QtBot, root: Path, said: list[str], save_to, tmp_path: Path
) -> None:
    save_to(tmp_path / "a.zip")
    with qtbot.waitSignal(actions.runs_changed, timeout=PATIENCE):
        actions.export(summarize(root), "bundle")
        actions.export(summarize(root), "history")
    assert "Wait until" in said[1]


def test_closing_ends_the_child(actions: RunActions, root: Path, save_to, tmp_path: Path) -> None:
    save_to(tmp_path / "a.html")
    actions.export(summarize(root), "report")
    assert actions.work.is_running
    shut_down(actions)
    assert not actions.work.is_running


def test_a_run_is_deleted_and_put_back(
    actions: RunActions, qtbot: QtBot, root: Path, said: list[str]
) -> None:
    with qtbot.waitSignal(actions.runs_deleted) as signal:
        actions.set_label(root, "Mine", "")
        actions.delete((root,))
    assert signal.args == [(root,), "Mine deleted."]
    assert not root.exists()
    assert actions.undo()
    assert root.exists()
    assert not actions.undo()
    actions.set_label(root, "Title", "Note")
    assert json.loads((root / "label.json").read_text()) == {"title": "Title", "note": "Note"}


def test_the_list_marks_what_was_chosen_by_a_test(
    actions: RunActions,
    qtbot: QtBot,
    root: Path,
    save_to,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = RunList(actions)
    qtbot.addWidget(table)
    with qtbot.waitExposed(table):
        table.show()
    note = {"data": "tiny", "samples": 10, "accuracy": 0.5, "low": 0.4, "high": 0.6}
    (root / "test.json").write_text(json.dumps({**note, "seen": 0.0, "model": "", "settings": ""}))
    table.show_runs(list_runs(root.parent))
    rows = table.table.model()
    cell = rows.index(0, 3)
    assert cell.data() == "50.0 % *"
    assert f"after the test accuracy of {rows.index(0, NAME).data()}" in cell.data(
        Qt.ItemDataRole.ToolTipRole
    )
    table.select(root)
    assert not table.test.isEnabled()
    offered = {form for form, action in table.export_menu.forms.items() if action.isEnabled()}
    assert offered == {"bundle", "report", "history", "litert"}, "it came without Keras"
    asked: list[tuple[str, ...]] = []

    def ask(arguments: tuple[str, ...], *_: object) -> dict[str, Any]:
        asked.append(arguments)
        return {}

    monkeypatch.setattr(run_actions, "ask_trainer", ask)
    save_to(tmp_path / "chosen.html")
    for click in (table.export_menu.forms["report"].trigger, table.import_file.click):
        with qtbot.waitSignal(actions.runs_changed, timeout=PATIENCE):
            click()
    chosen = str(tmp_path / "chosen.html")
    export = ("export", "--from", str(root), "--to", chosen, "--form", "report")
    assert asked == [export, ("export", "--import", chosen)]
