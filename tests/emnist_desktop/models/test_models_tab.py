"""The Models tab: which models there are, what the pages are told, what they ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from emnist_desktop.models.known_models import UserFile, files_from_json, files_to_json, find_models
from emnist_desktop.models.models_tab import ModelsTab
from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.report_store import has_learned
from emnist_desktop.models.subject_panel import FILES
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process.run_worker import End, Outcome
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.dataset_fakes import write_dataset
from tests.emnist_desktop.fakes import draw
from tests.trainer.comparison.test_mcnemar import make_run as make_ended_run
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.errors import Message
from trainer.files.paths import Profile, default_bundle
from trainer.ink.strokes import Ink
from trainer.runs.folder import RunFolder
from trainer.runs.titles import set_label

LEFT = Qt.MouseButton.LeftButton


def make_run(profile: Profile, name: str) -> Path:
    """Leave a finished run with a bundle."""
    folder = RunFolder(profile.runs / name)
    folder.open(TrainingConfig(data="some", preset="lenet5"), resume=False)
    shutil.copytree(default_bundle(), folder.bundle)
    return folder.root


@pytest.fixture
def tab(qtbot: QtBot, profile: Profile, settings: Settings) -> Iterator[ModelsTab]:
    write_dataset(profile.datasets / "some", "Some letters")
    make_run(profile, "first")
    tab = ModelsTab(profile, settings, Catalog(profile))
    qtbot.addWidget(tab)
    tab.resize(900, 600)
    with qtbot.waitExposed(tab):
        tab.show()
    qtbot.waitUntil(lambda: tab.panel.models.count() == 2)
    yield tab
    shut_down(tab)


def subject(tab: ModelsTab) -> ModelContext:
    found = tab.report.subject
    assert found is not None
    return found


def test_nothing_is_built_before_the_tab_is_shown(profile: Profile, settings: Settings) -> None:
    tab = ModelsTab(profile, settings, Catalog(profile))
    tab.set_drawing(Ink.from_points([[(0, 0), (1, 1)]]))
    assert tab.layout() is None
    shut_down(tab)


def test_the_pages_hear_which_model_and_which_data(tab: ModelsTab, profile: Profile) -> None:
    assert subject(tab) == ModelContext(
        default_bundle(), tab.panel.models.item(0).text().split("\n")[0], "", "some", "test"
    )
    tab.panel.models.setFocus()
    tab.panel.models.setCurrentRow(1)
    assert subject(tab).model == profile.runs / "first" / "bundle"
    assert tab.panel.models.item(1).text().startswith("LeNet-5 · some · ")
    tab.panel.split.setCurrentIndex(tab.panel.split.findData("train"))
    assert subject(tab).options()[-4:] == ["--data", "some", "--split", "train"]
    assert all(page.subject == subject(tab) for page in tab.pages)


def test_a_new_run_is_listed_and_the_choice_stays(
    tab: ModelsTab, profile: Profile, qtbot: QtBot
) -> None:
    tab.panel.models.setCurrentRow(1)
    before = subject(tab)
    make_run(profile, "second")
    tab.look()
    qtbot.waitUntil(lambda: tab.panel.models.count() == 3)
    assert subject(tab) == before


def test_a_file_is_added_with_its_alphabet_and_remembered(
    tab: ModelsTab,
    settings: Settings,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "mine.tflite"
    path.write_bytes(b"a network")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_: ("digits", True))
    qtbot.mouseClick(tab.panel.add, LEFT)
    qtbot.waitUntil(lambda: subject(tab).model == path)
    assert subject(tab).alphabet == "digits"
    assert subject(tab).options()[:4] == ["--model", str(path), "--alphabet", "digits"]
    choice = tab.panel.input_range
    assert choice.isVisible()
    choice.setCurrentIndex(choice.findData("-1-1"))
    assert "--input-range=-1-1" in subject(tab).options()
    path.unlink()
    tab.panel.refresh()
    qtbot.waitUntil(lambda: "cannot be used" in tab.panel.models.item(2).text())
    assert files_from_json(settings.get(FILES)) == [UserFile(path, "digits", "-1-1")]
    tab.panel.models.setCurrentRow(0)
    assert not choice.isVisible()  # a bundle's is known
    assert "--input-range" not in " ".join(subject(tab).options())


def test_a_bundle_is_added_by_its_card(
    tab: ModelsTab, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(default_bundle(), tmp_path / "theirs")
    card = str(tmp_path / "theirs" / "bundle.json")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (card, ""))
    qtbot.mouseClick(tab.panel.add, LEFT)
    qtbot.waitUntil(lambda: subject(tab).model == tmp_path / "theirs")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    qtbot.mouseClick(tab.panel.add, LEFT)
    assert subject(tab).model == tmp_path / "theirs"


def test_the_pages_are_turned_by_their_buttons(tab: ModelsTab, qtbot: QtBot) -> None:
    for place, button in enumerate(tab.choice.buttons()[:3]):
        qtbot.mouseClick(button, LEFT)
        assert tab.stack.currentIndex() == place
    tab.report.errors_requested.emit(("5", "S"))
    assert tab.stack.currentWidget() is tab.errors
    assert tab.choice.checkedButton() is tab.choice.button(1)


def test_without_a_dataset_it_says_so(qtbot: QtBot, profile: Profile, settings: Settings) -> None:
    tab = ModelsTab(profile, settings, Catalog(profile))
    qtbot.addWidget(tab)
    with qtbot.waitExposed(tab):
        tab.show()
    qtbot.waitUntil(lambda: tab.panel.models.count() == 1)
    assert "none yet" in tab.panel.data.currentText()
    assert subject(tab).data == ""
    shut_down(tab)


@pytest.mark.slow
def test_a_first_start_makes_the_starter_set_and_goes_on(
    qtbot: QtBot, profile: Profile, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalog, "make_starter", partialmethod(Catalog.make_starter, samples=372))
    tab = ModelsTab(profile, settings, Catalog(profile))
    qtbot.addWidget(tab)
    with qtbot.waitExposed(tab):
        tab.show()
    qtbot.waitUntil(lambda: tab.panel.models.count() == 1)
    search = tab.choice.buttons()[-1]
    qtbot.mouseClick(search, LEFT)
    assert tab.panel.isVisible()
    assert tab.panel.make.isVisible()
    places = [button.mapTo(tab, QPoint()) for button in tab.choice.buttons()]
    qtbot.mouseClick(tab.panel.make, LEFT)
    assert not tab.panel.make.isEnabled()
    qtbot.waitUntil(lambda: subject(tab).data == "starter", timeout=60_000)
    assert subject(tab).split == "test"
    assert not tab.panel.make.isVisible()
    assert not tab.panel.isVisible()  # the search has a form of its own
    assert [button.mapTo(tab, QPoint()) for button in tab.choice.buttons()] == places
    qtbot.mouseClick(tab.choice.button(0), LEFT)
    assert tab.panel.isVisible()
    assert has_learned(subject(tab))
    shut_down(tab)


def test_a_damaged_model_is_listed_and_not_used(profile: Profile, tmp_path: Path) -> None:
    models = find_models(profile, [UserFile(tmp_path), UserFile(tmp_path / "gone.keras", "AB")])
    assert [bool(model.problem) for model in models] == [False, True, True]
    assert isinstance(models[2].problem, Message)


@pytest.mark.parametrize("text", ["", "[1]", "{", '[["a"]]', '"x"', "[[1, 2, 3]]"])
def test_spoilt_settings_name_no_files(text: str) -> None:
    assert files_from_json(text) == []


def test_files_are_kept_in_the_settings() -> None:
    files = [UserFile(Path("a.keras"), "AB", "0-1"), UserFile(Path("folder"))]
    assert files_from_json(files_to_json(files)) == files
    assert files_from_json('[["a.keras", "AB"]]') == [UserFile(Path("a.keras"), "AB")]


def test_the_window_passes_between_the_tabs(
    window: MainWindow, profile: Profile, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "some", "Some letters")
    draw(window.draw_tab.canvas, (100, 100), (200, 200))
    window.tabs.setCurrentWidget(window.models_tab)
    models = window.models_tab
    assert models._drawing is not None
    assert not models._drawing.is_empty
    models.form_requested.emit({"preset": "lenet5", "epochs": 7})
    assert window.tabs.currentWidget() is window.training_tab
    form = window.training_tab.setup.form
    assert form.config().epochs == 7
    models.form_requested.emit({"image_augmentation": {"rotation": 3.0, "shift": 1.0}})
    models.form_requested.emit({"image_augmentation": {"rotation": 24.0}})
    assert form.config().image_augmentation.rotation == 24
    assert form.config().image_augmentation.shift == 1
    models.samples_requested.emit("some", "train", np.array([3, 5]), "two")
    assert window.tabs.currentWidget() is window.datasets_tab
    browser = window.datasets_tab.browser
    qtbot.waitUntil(lambda: browser.grid.indices.tolist() == [3, 5])


def test_the_errors_of_a_characters_samples_are_gone_to(
    window: MainWindow, profile: Profile, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "other", "Other")
    write_dataset(profile.datasets / "some", "Some letters")
    window.datasets_tab.show_samples("some", "train", np.array([5]), "one")
    window.tabs.setCurrentWidget(window.datasets_tab)
    inspector = window.datasets_tab.browser.inspector
    qtbot.waitUntil(lambda: window.datasets_tab.browser.grid.indices.tolist() == [5])
    window.datasets_tab.browser.grid.go_to(0)
    window.datasets_tab.browser.views.setCurrentWidget(inspector)
    qtbot.mouseClick(inspector.errors, LEFT)
    models = window.models_tab
    assert window.tabs.currentWidget() is models
    assert models.stack.currentWidget() is models.errors
    qtbot.waitUntil(lambda: getattr(models.errors.subject, "data", "") == "some")
    assert models.errors.subject is not None
    assert models.errors.subject.split == "train"
    assert models.errors._requested_pair == ("5", None)


def test_a_run_that_ends_is_listed_at_once_and_in_full(
    window: MainWindow, profile: Profile, qtbot: QtBot
) -> None:
    window.tabs.setCurrentWidget(window.models_tab)
    models = window.models_tab.panel.models
    qtbot.waitUntil(lambda: models.count() == 1)
    root = make_ended_run(profile.runs, "fresh", [0, 1, 0, 0])
    set_label(root, "A long name that somebody has given to a run", "")
    window.training_tab.queue.run_ended.emit(root, Outcome(End.FINISHED))
    qtbot.waitUntil(lambda: models.count() == 2)
    item = models.item(1)
    assert item.text().split("\n")[1] == "Tiny dense network · digits · 75.0\N{NO-BREAK SPACE}%"
    room = models.visualItemRect(item)
    words = models.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap.value, item.text())
    assert words.height() <= room.height()
