"""The tabs know nothing of one another: the main window carries what one asks of another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.app.main_window import MainWindow
from trainer.datasets.store import DatasetWriter
from trainer.files.paths import Profile


@pytest.fixture
def window(profile: Profile, make_window: Callable[..., MainWindow]) -> MainWindow:
    writer = DatasetWriter(profile.datasets / "small", title="Small", alphabet=("a", "b"))
    with writer:
        images = np.random.default_rng(0).integers(0, 256, (40, 28, 28)).astype(np.uint8)
        writer.append("train", images, np.arange(40) % 2)
    return make_window()


def test_a_dataset_is_trained_on(window: MainWindow, qtbot: QtBot) -> None:
    window.datasets_tab.use_for_training.emit("small")
    assert window.tabs.currentWidget() is window.training_tab
    form = window.training_tab.setup.form
    qtbot.waitUntil(lambda: form.rows["data"].value() == "small")
    assert window.training_tab.stack.currentWidget() is window.training_tab.setup


def test_the_samples_of_a_confusion_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.training_tab.samples_requested.emit("small", "train", np.array([2, 4]), "a taken for b")
    assert window.tabs.currentWidget() is window.datasets_tab
    grid = window.datasets_tab.browser.grid
    qtbot.waitUntil(lambda: grid.indices.tolist() == [2, 4])


def test_data_that_are_not_here_are_pointed_at(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.training_tab)
    setup = window.training_tab.setup
    window.training_tab.set_fields({"preset": "cnn-small", "data": "mnist"})
    qtbot.mouseClick(setup.start, Qt.MouseButton.LeftButton)
    assert "Fetch it in the Datasets tab." in setup.form.rows["data"].error.text()
    qtbot.mouseClick(setup.find_data, Qt.MouseButton.LeftButton)
    assert window.tabs.currentWidget() is window.datasets_tab
    catalog = window.datasets_tab.browser.catalog
    qtbot.waitUntil(lambda: catalog.selected is not None and catalog.selected.name == "mnist")
    assert catalog.isVisible()


def test_a_trained_recogniser_reads_what_is_drawn(window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "run" / "bundle"
    folder.mkdir(parents=True)
    window.training_tab.bundle_chosen.emit(str(folder))
    assert window.tabs.currentWidget() is window.draw_tab
    assert window.draw_tab.recognizer_title == "run"


def test_every_tab_can_be_left_at_once(window: MainWindow) -> None:
    for place in (1, 2, 0, 2, 1, 0):
        window.tabs.setCurrentIndex(place)
    assert window.close()
