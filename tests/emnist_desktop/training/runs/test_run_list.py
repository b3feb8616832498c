"""The table of runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.training.runs.run_list import RunList
from trainer.runs.list_runs import RunSummary, Status
from trainer.runs.trash import DeletedRun

LEFT = Qt.MouseButton.LeftButton
RUN = RunSummary(
    root=Path("a"),
    own_title="first",
    note="",
    status=Status.FINISHED,
    config={"preset": "lenet5", "data": "starter", "seed": 3},
    epochs_done=4,
    epochs=4,
    accuracy=0.91,
    interval=(0.9, 0.92),
    best_epoch=4,
    parameters=100,
    seconds=100.0,
    n_bytes=2_000_000,
    created=1.0,
    message="",
    hint="",
    has_bundle=True,
)
OTHER = replace(RUN, root=Path("b"), own_title="second", accuracy=0.95, status=Status.INTERRUPTED)
BUSY = replace(RUN, root=Path("c"), own_title="third", accuracy=None, status=Status.RUNNING)


class Recorder(QObject):
    """Stands for the `RunActions` of a list, and notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[object, ...]] = []

    def resume(self, root: Path) -> None:
        self.asked.append(("resume", root))

    def set_label(self, root: Path, title: str, note: str) -> None:
        self.asked.append(("set_label", root, title, note))

    def deleted(self) -> list[DeletedRun]:
        return []

    def restore(self, run: DeletedRun) -> None:
        self.asked.append(("restore", run))

    def import_bundle(self) -> None:
        self.asked.append(("import_bundle",))


@pytest.fixture
def actions() -> Recorder:
    return Recorder()


@pytest.fixture
def table(qtbot: QtBot, actions: Recorder) -> RunList:
    made = RunList(actions)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show_runs([RUN, OTHER, BUSY])
    with qtbot.waitExposed(made):
        made.show()
    return made


def titles(table: RunList) -> list[str]:
    model = table.table.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_it_sorts_by_what_is_meant_not_by_its_text(table: RunList) -> None:
    table.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert titles(table) == ["second", "first", "third"]


def test_it_says_the_accuracy_with_its_interval(table: RunList) -> None:
    assert table.table.model().index(0, 2).data() == "91.0 % (90.0–92.0)"


def test_it_finds(table: RunList, qtbot: QtBot) -> None:
    qtbot.keyClicks(table.filter, "sec")
    assert titles(table) == ["second"]


def test_buttons_fit_what_is_selected(table: RunList) -> None:
    assert not table.delete.isEnabled()
    table.select(RUN.root)
    assert table.use.isEnabled()
    assert not table.resume.isEnabled()
    table.table.clearSelection()
    table.select(OTHER.root)
    assert table.resume.isEnabled()
    table.select(BUSY.root)
    assert table.compare.isEnabled()
    assert not table.delete.isEnabled()


def test_clicks_name_the_run_after_sorting(table: RunList, actions: Recorder, qtbot: QtBot) -> None:
    table.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    table.table.selectRow(0)
    qtbot.mouseClick(table.resume, LEFT)
    assert actions.asked == [("resume", OTHER.root)]


def test_a_run_is_renamed_in_the_table(table: RunList, actions: Recorder, qtbot: QtBot) -> None:
    table.select(RUN.root)
    qtbot.mouseClick(table.rename, LEFT)
    editor = table.table.viewport().findChildren(type(table.filter))[0]
    editor.selectAll()
    qtbot.keyClicks(editor, "Best so far")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: actions.asked == [("set_label", RUN.root, "Best so far", "")])


def test_the_selection_stays_when_runs_change(table: RunList) -> None:
    table.select(OTHER.root)
    table.show_runs([replace(RUN, root=Path("new")), RUN, OTHER])
    assert [run.root for run in table.selected] == [OTHER.root]


def test_without_runs_it_says_what_to_do(table: RunList) -> None:
    table.show_runs([])
    assert table.nothing.isVisible()
    assert not table.table.isVisible()


def test_only_what_differs_is_compared() -> None:
    from emnist_desktop.training.monitor.comparison import differences

    found = differences([{"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None}, {"a": 1, "b": 2}])
    assert found == {"b": [2, 3, 2]}
