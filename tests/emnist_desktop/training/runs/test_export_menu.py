"""What a run can be exported as, and why not as the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from emnist_desktop.training.runs.export_menu import ExportMenu
from tests.emnist_desktop.fake_trainer import epoch_events, started
from trainer.config.training_config import TrainingConfig
from trainer.recognition.bundle import CARD_NAME, CLASSIC_NAMES, KERAS_NAME, MODEL_NAME
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import summarize


@pytest.fixture
def menu(qtbot: QtBot) -> ExportMenu:
    made = ExportMenu()
    qtbot.addWidget(made)
    return made


def make_run(root: Path, preset: str, *files: str) -> Path:
    """Write a finished run; of its recogniser only which files there are matters here."""
    folder = RunFolder(root)
    folder.open(TrainingConfig.from_record({"preset": preset, "data": "small"}), resume=False)
    for event in (started(1), *epoch_events(1), events.Finished(1, 1, 0.9, stopped=False)):
        folder.append(event)
    folder.bundle.mkdir()
    for name in (CARD_NAME, *files):
        (folder.bundle / name).write_text("{}")
    return root


def offered(menu: ExportMenu) -> set[str]:
    return {form for form, action in menu.forms.items() if action.isEnabled()}


def test_a_classic_model_is_no_network(menu: ExportMenu, tmp_path: Path) -> None:
    root = make_run(tmp_path / "run", "knn", CLASSIC_NAMES["skops"])
    menu.offer(summarize(root))
    assert offered(menu) == {"bundle", "report", "history"}
    for form in ("keras", "litert", "onnx"):
        assert "classic model" in menu.forms[form].toolTip()
    assert menu.toolTipsVisible()


def test_a_network_without_its_keras_model_is_litert(menu: ExportMenu, tmp_path: Path) -> None:
    menu.offer(summarize(make_run(tmp_path / "run", "cnn-small", MODEL_NAME)))
    assert offered(menu) == {"bundle", "litert", "report", "history"}
    assert "Keras model" in menu.forms["keras"].toolTip()


def test_what_is_not_installed_is_said(
    menu: ExportMenu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = summarize(make_run(tmp_path / "run", "cnn-small", MODEL_NAME, KERAS_NAME))
    for package in ("tf2onnx", "matplotlib"):
        monkeypatch.setitem(sys.modules, package, None)
    menu.offer(summary)
    assert offered(menu) == {"bundle", "keras", "litert", "history"}
    assert 'pip install "emnist-desktop[train,onnx]"' in menu.forms["onnx"].toolTip()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    menu.offer(summary)
    for form in ("onnx", "report"):
        assert "pip" not in menu.forms[form].toolTip()
        assert "edition" in menu.forms[form].toolTip()


def test_an_unfinished_run_has_only_its_epochs(menu: ExportMenu, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    config = TrainingConfig.from_record({"preset": "cnn-small", "data": "small"})
    folder.open(config, resume=False)
    for event in (started(3), *epoch_events(1)):
        folder.append(event)
    menu.offer(summarize(folder.root))
    assert offered(menu) == {"report", "history"}
    assert "no finished recogniser" in menu.forms["bundle"].toolTip()
