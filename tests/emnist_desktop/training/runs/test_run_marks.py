"""Marks in the table of runs, and runs of a newer version."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.settings import Settings
from emnist_desktop.training.runs.run_actions import RunActions
from emnist_desktop.training.runs.run_list import RunList
from emnist_desktop.training.runs.run_queue import RunQueue
from emnist_desktop.training.training_tab import TrainingTab
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.training.runs.test_run_list import OTHER, RUN
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, Status

TEST_ACCURACY = 3
MARKED = replace(RUN, root=Path("m"), own_title="marked", chosen_after="first")
WAITING = replace(
    MARKED, root=Path("w"), own_title="waiting", status=Status.WAITING, accuracy=None, epochs_done=0
)


@pytest.fixture
def table(qtbot: QtBot, profile: Profile, settings: Settings) -> RunList:
    window = QWidget()
    qtbot.addWidget(window)
    made = RunList(RunActions(profile, settings, RunQueue(profile), window))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def cell(table: RunList, run: RunSummary, role: Qt.ItemDataRole) -> str:
    table.show_runs([run])
    return str(table.table.model().index(0, TEST_ACCURACY).data(role))


def test_a_mark_is_explained_where_it_stands(table: RunList) -> None:
    assert cell(table, MARKED, Qt.ItemDataRole.DisplayRole) == "– *"
    assert "first was seen" in cell(table, MARKED, Qt.ItemDataRole.ToolTipRole)
    assert table.legend.isVisible()
    assert table.legend.text().startswith("* Its settings were changed after a test")
    table.show_runs([RUN, OTHER])
    assert not table.legend.isVisible()


def test_a_run_that_has_learnt_nothing_has_no_mark(table: RunList) -> None:
    assert cell(table, WAITING, Qt.ItemDataRole.DisplayRole) == "–"
    assert "was seen" not in cell(table, WAITING, Qt.ItemDataRole.ToolTipRole)
    assert not table.legend.isVisible()


def test_a_run_of_a_newer_version_is_shown_and_not_started(
    qtbot: QtBot, profile: Profile, settings: Settings
) -> None:
    folder = RunFolder(profile.runs / "newer")
    folder.open(TrainingConfig(data="starter"), resume=False)
    record = json.loads(folder.config_file.read_text())
    folder.config_file.write_text(json.dumps({**record, "format": 99}))
    started: list[Path] = []
    tab = TrainingTab(
        profile, settings, Catalog(profile), launch=lambda root, _: started.append(root)
    )
    qtbot.addWidget(tab, before_close_func=shut_down)
    with qtbot.waitExposed(tab):
        tab.show()
    qtbot.waitUntil(lambda: len(tab.list.model.rows) == 1)
    tab.list.select(folder.root)
    assert tab.list.model.index(0, 1).data() == "made by a newer version"
    buttons = tab.list
    for button in (buttons.show_run, buttons.resume, buttons.test, buttons.rename):
        assert not button.isEnabled()
    assert buttons.delete.isEnabled()
    assert started == tab.queue.running == tab.queue.waiting == []
