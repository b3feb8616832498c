"""The search page: a real search of two trainings, and what is shown of earlier ones."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.models.search.experiment_panel import ExperimentPanel
from emnist_desktop.models.search.fields import RangeScale
from emnist_desktop.models.search.page import SearchPage
from emnist_desktop.models.search.record import scale_of, study_from
from emnist_desktop.settings import Settings, Theme
from emnist_desktop.trainer_process.command import Command
from emnist_desktop.ui.charts.axis import round_ticks
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from tests.trainer.archives import write_archive
from trainer.config.training_config import TrainingConfig
from trainer.datasets.catalog import Catalog
from trainer.files.paths import Profile
from trainer.runs.folder import RunFolder

DEADLINE = 120_000
"""Milliseconds after which a wait has failed."""

MakePage = Callable[..., SearchPage]


class FakeCommand(Command):
    """Notes what it is asked for, and answers what a test wants."""

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(profile, parent)
        self.asked: list[list[str]] = []
        self.is_busy = False

    @property
    def is_running(self) -> bool:
        return self.is_busy

    def start(self, arguments: list[str]) -> None:
        self.asked.append(arguments)
        self.is_busy = True

    def close(self) -> None:
        self.is_busy = False

    def fail(self, message: str, hint: str) -> None:
        self.is_busy = False
        self.failed.emit(message, hint)

    def succeed(self, record: dict[str, Any]) -> None:
        self.is_busy = False
        self.succeeded.emit(record)


def _record(name: str = "first", **more: Any) -> dict[str, Any]:
    """Return the record of a search with six trials, one of each state."""
    states = ["finished", "finished", "pruned", "failed", "interrupted", "waiting"]
    trials = [
        {
            "number": number,
            "state": state,
            "settings": {"learning_rate": 10.0**-number, "optimizer": "adam"}
            if state != "waiting"
            else {},
            "accuracy": {1: 0.8, 2: 0.9, 3: 0.5}.get(number),
            "epochs": [[1, 0.5]],
            "seconds": 2.0,
            "run": f"/nowhere/trial-{number}",
            "host": "here",
            "message": "The loss is no number any more." if state == "failed" else "",
        }
        for number, state in enumerate(states, 1)
    ]
    return {
        "study": name,
        "storage": "",
        "updated": "2026-11-21T08:00:00+00:00",
        "base": {"preset": "lenet5", "data": "mine", "epochs": 3},
        "space": [
            {"name": "learning_rate", "low": 1e-6, "high": 1.0, "log": True},
            {"name": "optimizer", "values": ["adam", "adamw"]},
        ],
        "method": "tpe",
        "prune": True,
        "seed": 1,
        "best": 2,
        "importances": {"learning_rate": 0.9, "optimizer": 0.1},
        "trials": trials,
        **more,
    }


def _keep(profile: Profile, kind: str, name: str, record: dict[str, Any]) -> Path:
    folder = profile.root / kind / name
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(json.dumps(record))
    return folder


@pytest.fixture
def make_page(qtbot: QtBot, profile: Profile, settings: Settings) -> Iterator[MakePage]:
    """Return what makes a shown page; its commands are fakes unless others are given."""
    made: list[SearchPage] = []

    def make(subject: ModelContext | None = None, make_command: Any = FakeCommand) -> SearchPage:
        page = SearchPage(PageServices(profile, settings, Catalog(profile), make_command))
        page.show_subject(subject)
        page.resize(800, 600)
        qtbot.addWidget(page)
        with qtbot.waitExposed(page):
            page.show()
        made.append(page)
        return page

    yield make
    for page in made:
        shut_down(page)


@pytest.fixture
def subject(tmp_path: Path) -> ModelContext:
    data = write_archive(tmp_path / "small.npz", 60)
    return ModelContext(tmp_path / "none", "none", data=str(data))


def _choose(box: QComboBox, data: str) -> None:
    assert box.findData(data) >= 0, data
    box.setCurrentIndex(box.findData(data))


def _earlier(qtbot: QtBot, part: ExperimentPanel, name: str) -> None:
    qtbot.waitUntil(lambda: part.choice.findData(name) >= 0)
    _choose(part.choice, name)


def _type(qtbot: QtBot, page: SearchPage, line: int, text: str) -> None:
    row = page.study.fields.lines[line]
    _choose(row.scale, RangeScale.VALUES)
    editor = row.values
    editor.selectAll()
    qtbot.keyClicks(editor, text)


def _click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.mark.slow
def test_a_search_is_made_with_the_mouse_and_its_best_becomes_a_run(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext, profile: Profile
) -> None:
    page = make_page(subject, Command)
    part = page.study
    _choose(part.base.preset, "knn")
    assert [line.field.currentData() for line in part.fields.lines] == ["option.neighbors"]
    _type(qtbot, page, 0, "1, 3")
    _choose(part.method, "grid")
    assert part.trials.value() == 2
    _click(qtbot, part.start)
    assert part.stop.isVisible()
    assert part.choice.currentData() == "knn-small"
    qtbot.waitUntil(lambda: not part.command.is_running, timeout=DEADLINE)
    assert part.banner.text == ""
    assert "2 of 2 trials are done" in part.summary.text()
    table = part.study_results.table
    assert [table.item(row, 1).text() for row in range(2)] == ["finished", "finished"]
    assert not part.start.isVisible()
    with qtbot.waitSignal(page.run_requested) as asked:
        _click(qtbot, part.study_results.make_run)
    config = asked.args[0]
    assert isinstance(config, TrainingConfig)
    best = part.study_results.study.trial(part.study_results.study.best)
    assert best is not None
    assert dict(config.preset_options) == {"neighbors": best.settings["option.neighbors"]}
    assert config.data == subject.data
    assert (Path(best.run) / "bundle").is_dir()


def test_a_search_under_way_is_stopped_through_its_control_file(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext, profile: Profile
) -> None:
    page = make_page(subject)
    part = page.study
    command = part.command
    assert isinstance(command, FakeCommand)
    _click(qtbot, part.start)
    folder = part.chosen_folder()
    assert folder is not None
    asked = command.asked[0]
    assert asked[0] == "search"
    assert asked[asked.index("--study") + 1] == folder.name
    assert asked[-2:] == ["--requests-from", "0"]
    settings = json.loads(Path(asked[asked.index("--config") + 1]).read_text())
    assert settings == {"preset": "cnn-small", "data": subject.data, "epochs": 6}
    (folder / "record.json").write_text(json.dumps(_record(folder.name)))
    qtbot.waitUntil(lambda: part.study_results.table.rowCount() == 6)
    _click(qtbot, part.stop)
    assert not part.stop.isEnabled()
    assert json.loads(RunFolder(folder).control_file.read_text()) == {"request": "stop"}
    command.succeed({**_record(folder.name), "stopped": True})
    assert not part.stop.isVisible()
    assert part.start.text() == "Continue"
    _click(qtbot, part.start)
    assert command.asked[1][:5] == ["search", "--study", folder.name, "--trials", "6"]
    assert int(command.asked[1][-1]) == RunFolder(folder).control_size() > 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("", "Expected values for learning_rate"),
        ("1..2", "Expected learning_rate from 1e-08 to 1. Received: 2."),
        ("fast", "Expected a number for learning_rate. Received: fast."),
    ],
)
def test_values_that_cannot_be_read_are_marked_and_nothing_starts(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext, values: str, message: str
) -> None:
    page = make_page(subject)
    line = page.study.fields.lines[0]
    _choose(line.scale, RangeScale.VALUES)
    qtbot.keyClick(line.values, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(line.values, Qt.Key.Key_Delete)
    qtbot.keyClicks(line.values, values)
    _click(qtbot, page.study.start)
    assert line.error.isVisible()
    assert line.error.text().startswith(message)
    assert isinstance(page.study.command, FakeCommand)
    assert page.study.command.asked == []
    _type(qtbot, page, 0, "0.01")
    assert not line.error.isVisible()


def test_a_range_is_two_numbers_and_a_scale(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext
) -> None:
    rate, dropout = make_page(subject).study.fields.lines
    assert rate.text == "learning_rate=0.0001..0.01:log"
    assert (rate.low.text(), rate.high.text(), rate.values.isVisible()) == ("0.0001", "0.01", False)
    assert dropout.text == "dropout=0..0.6:0.1"
    assert dropout.step.isVisible()
    dropout.low.clear()
    qtbot.keyClicks(dropout.low, "0.7")
    assert "from less to more" in dropout.error.text()
    _choose(dropout.scale, RangeScale.LINEAR)
    assert not dropout.step.isVisible()
    dropout.high.clear()
    qtbot.keyClicks(dropout.high, "0.9")
    assert not dropout.error.isVisible()
    assert dropout.text == "dropout=0.7..0.9"
    _choose(dropout.field, "optimizer")
    assert not dropout.scale.isVisible()
    assert dropout.text == "optimizer=adam, adamw, sgd-momentum"
    _choose(dropout.field, "batch_size")
    assert dropout.text == "batch_size=32, 64, 128, 256"
    _choose(dropout.scale, RangeScale.STEPS)
    assert dropout.error.text() == ""
    assert dropout.text == "batch_size=1..4096:1"
    assert dropout.dimension() is not None


@pytest.mark.parametrize("locale", ["de", "en"])
def test_numbers_of_a_range_are_typed_as_the_language_has_them(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext, locale: str
) -> None:
    QLocale.setDefault(QLocale(locale))
    try:
        rate, _ = make_page(subject).study.fields.lines
        point = "," if locale == "de" else "."
        assert rate.low.text() == f"0{point}0001"
        rate.low.clear()
        qtbot.keyClicks(rate.low, f"0{point}002")
        assert rate.text == "learning_rate=0.002..0.01:log"
        rate.low.setText("0.001")  # as programs write it
        assert rate.text == "learning_rate=0.001..0.01:log"
        rate.low.setText("12.345" if locale == "de" else "12,345")
        assert rate.text == "learning_rate=12345..0.01:log"
        _choose(rate.scale, RangeScale.VALUES)
        rate.values.setText("0,05; 0,1" if locale == "de" else "0.05, 0.1")
        assert rate.text == "learning_rate=0.05, 0.1"
        rate.values.setText("0,05")
        assert rate.text == f"learning_rate={'0.05' if locale == 'de' else '0,05'}"
        rate.values.setText("1,200")
        assert rate.text == f"learning_rate={'1.2' if locale == 'de' else '1,200'}"
    finally:
        QLocale.setDefault(QLocale.c())


def test_fields_are_added_and_removed_and_follow_the_model(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext
) -> None:
    fields = make_page(subject).study.fields
    names = lambda: [line.field.currentData() for line in fields.lines]  # noqa: E731
    assert names() == ["learning_rate", "dropout"]
    _click(qtbot, fields.add)
    assert names() == ["learning_rate", "dropout", "batch_size"]
    _click(qtbot, fields.lines[0].remove)
    assert names() == ["dropout", "batch_size"]
    _choose(fields.lines[1].field, "dropout")
    assert fields.dimensions() is None
    assert "above already" in fields.lines[1].error.text()
    _choose(fields.lines[1].field, "epochs")
    assert fields.dimensions() is not None


def test_a_grid_says_how_many_trainings_it_takes(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext
) -> None:
    part = make_page(subject).study
    _choose(part.method, "grid")
    assert "Expected single values of learning_rate" in part.plan.text()
    _choose(part.fields.lines[0].scale, RangeScale.VALUES)
    editor = part.fields.lines[0].values
    editor.selectAll()
    qtbot.keyClicks(editor, "0.001, 0.01")
    assert part.plan.text() == "14 combinations"
    assert part.trials.value() == 14


def test_an_earlier_search_is_shown_and_chosen_in_every_view(
    qtbot: QtBot, make_page: MakePage, profile: Profile
) -> None:
    _keep(profile, "searches", "first", _record())
    page = make_page()
    part, found = page.study, page.study.study_results
    _earlier(qtbot, part, "first")
    assert part.summary.text().startswith("LeNet-5 on mine: ")
    assert "4 of 6 trials are done" in part.summary.text()
    assert "90.00 %" in part.summary.text()
    states = [found.table.item(row, 1).text() for row in range(6)]
    assert states == ["finished", "finished", "ended early", "failed", "interrupted", "waits"]
    assert found.table.item(3, 0).toolTip() == "The loss is no number any more."
    assert found.table.item(1, 2).text().startswith("★")
    assert found.chosen_text.text() == "Trial 2, the best"
    found.tabs.setCurrentWidget(found.lines)
    trial = found.study.trial(3)
    assert trial is not None
    first, second = found.lines.shape(found.lines.trials.index(trial))[:2]
    between = (first + (second - first) * 0.3).toPoint()
    qtbot.mouseClick(found.lines, Qt.MouseButton.LeftButton, pos=between)
    assert found.chosen == trial
    assert found.table.chosen == 3
    assert found.chosen_text.text() == "Trial 3"
    found.lines.setFocus()
    qtbot.keyClick(found.lines, Qt.Key.Key_Right)
    assert found.table.chosen == 2  # after the worst comes the best again
    found.tabs.setCurrentIndex(2)
    trial = found.study.trial(1)
    assert trial is not None
    (dot,) = found.slices.shape(found.slices.trials.index(trial))
    qtbot.mouseClick(found.slices, Qt.MouseButton.LeftButton, pos=dot.toPoint())
    assert found.table.chosen == 1
    with qtbot.waitSignal(page.form_requested) as asked:
        _click(qtbot, found.to_form)
    assert asked.args[0] == {
        "preset": "lenet5",
        "data": "mine",
        "epochs": 3,
        "learning_rate": 0.1,
        "optimizer": "adam",
    }


def test_the_table_is_sorted_by_accuracy_and_new_trials_keep_the_choice(
    qtbot: QtBot, make_page: MakePage, profile: Profile
) -> None:
    folder = _keep(profile, "searches", "first", _record())
    part = make_page().study
    _earlier(qtbot, part, "first")
    table = part.study_results.table
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(2) + 5, header.height() // 2)
    for _ in range(2):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [table.item(row, 0).text() for row in range(3)] == ["2", "1", "3"]
    table.selectRow(2)
    record = _record()
    record["trials"][4] |= {"state": "finished", "accuracy": 0.95}
    record["best"] = 5
    (folder / "record.json").write_text(json.dumps(record))
    qtbot.waitUntil(lambda: table.item(0, 0).text() == "5")
    assert table.chosen == 3
    assert [table.item(row, 0).text() for row in range(4)] == ["5", "2", "1", "3"]


def test_a_search_that_is_done_offers_more_trials(
    qtbot: QtBot, make_page: MakePage, profile: Profile
) -> None:
    record = _record()
    record["trials"] = record["trials"][:4]
    _keep(profile, "searches", "done", {**record, "study": "done"})
    _keep(profile, "searches", "grid", {**record, "study": "grid", "method": "grid"})
    part = make_page().study
    _earlier(qtbot, part, "done")
    assert part.start.text() == "10 more trials"
    _click(qtbot, part.start)
    assert isinstance(part.command, FakeCommand)
    assert part.command.asked[0][:5] == ["search", "--study", "done", "--trials", "14"]
    part.command.succeed(record)
    _earlier(qtbot, part, "grid")
    assert not part.start.isVisible()


def test_a_training_whose_process_is_gone_is_called_interrupted(
    qtbot: QtBot, make_page: MakePage, profile: Profile
) -> None:
    record = _record()
    record["trials"][4]["state"] = "running"
    _keep(profile, "searches", "first", record)
    part = make_page().study
    _earlier(qtbot, part, "first")
    assert part.study_results.table.item(4, 1).text() == "interrupted"
    assert part.start.text() == "Continue"


def test_a_failure_is_said_and_leaves_no_empty_search(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext
) -> None:
    part = make_page(subject).study
    _click(qtbot, part.start)
    folder = part.chosen_folder()
    assert folder is not None
    assert isinstance(part.command, FakeCommand)
    part.command.fail("There is no such dataset.", "Fetch it.")
    assert part.banner.text == "There is no such dataset.\nFetch it."
    assert part.chosen_folder() is None
    assert not folder.exists()
    assert part.start.isEnabled()
    assert part.start.text() == "Start"


def test_without_a_dataset_nothing_starts(qtbot: QtBot, make_page: MakePage) -> None:
    part = make_page().study
    _click(qtbot, part.start)
    assert part.banner.text.startswith("There is no dataset to learn from.")
    assert isinstance(part.command, FakeCommand)
    assert part.command.asked == []


def test_a_search_is_deleted_after_a_question(
    qtbot: QtBot, make_page: MakePage, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _keep(profile, "searches", "first", _record())
    part = make_page().study
    _earlier(qtbot, part, "first")
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    _click(qtbot, part.delete)
    assert folder.exists()
    with qtbot.waitSignal(part.deleting.succeeded):
        _click(qtbot, part.delete)
    assert not folder.exists()
    assert list(folder.parent.iterdir()) == []
    assert part.chosen_folder() is None
    assert part.choice.count() == 1


def test_results_of_another_search_are_not_shown_for_one_that_has_none(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext, profile: Profile
) -> None:
    _keep(profile, "searches", "first", _record())
    part = make_page(subject).study
    _earlier(qtbot, part, "first")
    assert part.stack.currentWidget() is part.results
    part.choice.setCurrentIndex(0)
    _click(qtbot, part.start)
    assert part.stack.currentWidget() is part.waiting


def test_a_shared_search_tells_other_computers_the_command(
    qtbot: QtBot, make_page: MakePage, profile: Profile, qapp: QApplication
) -> None:
    _keep(profile, "searches", "alone", _record("alone"))
    _keep(profile, "searches", "first", _record(storage="/shared disk/journal.log"))
    part = make_page().study
    _earlier(qtbot, part, "alone")
    assert not part.study_results.copy.isVisible()
    _earlier(qtbot, part, "first")
    _click(qtbot, part.study_results.copy)
    assert qapp.clipboard().text() == (
        "python -m trainer search --study first --storage '/shared disk/journal.log'"
    )


def test_names_are_checked(
    qtbot: QtBot, make_page: MakePage, profile: Profile, subject: ModelContext
) -> None:
    _keep(profile, "searches", "first", _record())
    part = make_page(subject).study
    _click(qtbot, part.more)
    qtbot.keyClicks(part.name, "first")
    _click(qtbot, part.start)
    assert part.banner.text.startswith("There is a search first already.")
    part.name.clear()
    qtbot.keyClicks(part.name, "My Search")
    _click(qtbot, part.start)
    assert part.banner.text.startswith("Expected a name of up to 60 small letters")
    part.name.clear()
    qtbot.keyClicks(part.name, "second")
    qtbot.keyClicks(part.shared, "/shared/journal.log")
    _click(qtbot, part.start)
    assert isinstance(part.command, FakeCommand)
    asked = part.command.asked[0]
    assert asked[asked.index("--storage") + 1] == "/shared/journal.log"
    assert asked[asked.index("--study") + 1] == "second"


def test_a_run_is_varied_with_its_own_settings(
    qtbot: QtBot, make_page: MakePage, tmp_path: Path
) -> None:
    config = TrainingConfig.from_record(
        {"preset": "lenet5", "data": "mine", "epochs": 4, "batch_size": 17, "limit": 500}
    )
    RunFolder(tmp_path / "run").open(config, resume=False)
    page = make_page(ModelContext(tmp_path / "run" / "bundle", "Run", data=""))
    base = page.study.base
    assert (base.preset.currentData(), base.data.currentData()) == ("lenet5", "mine")
    assert (base.epochs.value(), base.samples.value()) == (4, 500)
    assert base.note.text() == "All other settings are those of the chosen run."
    record = base.record()
    assert record["batch_size"] == 17
    assert TrainingConfig.from_record(record) == config
    _choose(base.preset, "knn")
    assert base.record() == {"preset": "knn", "data": "mine"}
    assert not base.epochs.isEnabled()


def test_a_cross_validation_is_asked_for_shown_and_gone_on_with(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext, profile: Profile
) -> None:
    page = make_page(subject)
    part = page.folds
    page.tabs.setCurrentWidget(part)
    part.folds.setValue(3)
    part.by_writer.setFocus()
    qtbot.keyClick(part.by_writer, Qt.Key.Key_Space)
    _click(qtbot, part.start)
    folder = part.chosen_folder()
    assert folder is not None
    assert folder.name == "cnn-small-small-3-folds"
    assert isinstance(part.command, FakeCommand)
    asked = part.command.asked[0]
    assert asked[:6] == ["crossvalidate", "--folds", "3", "--by-writer", "--name", folder.name]
    run = {"state": "finished", "epochs": [[1, 0.5, 0.6], [2, 0.6, 0.7]], "samples": 40,
           "validation_samples": 20, "seconds": 1.0, "message": "", "run": ""}  # fmt: skip
    runs = [{**run, "name": f"fold-{n}", "fold": n, "accuracy": 0.7 + n / 100} for n in (1, 2)]
    runs.append({**run, "name": "fold-3", "fold": 3, "state": "interrupted", "accuracy": None})
    record = {
        "name": folder.name,
        "about": {"settings": {"preset": "knn", "data": "x"}, "folds": 3, "by_writer": True},
        "mean": 0.715,
        "sd": 0.007,
        "finished": 2,
        "runs": runs,
    }
    (folder / "record.json").write_text(json.dumps(record))
    part.command.succeed({**record, "stopped": True})
    assert "Accuracy 71.50 ± 0.70 %" in part.summary.text()
    cells = [part.table.item(row, 2).text() for row in range(3)]
    assert cells == ["71.00 %", "72.00 %", "–"]
    _click(qtbot, part.start)
    again = part.command.asked[1]
    settings = str(folder / "settings.json")
    assert again[:8] == [*asked[:6], "--config", settings]


def test_classic_models_may_be_cross_validated_at_once(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext
) -> None:
    page = make_page(subject)
    part = page.folds
    page.tabs.setCurrentWidget(part)
    assert not part.at_once.isEnabled()
    _choose(part.base.preset, "svm-rbf")
    part.at_once.setFocus()
    qtbot.keyClick(part.at_once, Qt.Key.Key_Space)
    _click(qtbot, part.start)
    assert isinstance(part.command, FakeCommand)
    assert "--side-by-side" in part.command.asked[0]


def test_a_learning_curve_is_asked_for_and_shown(
    qtbot: QtBot, make_page: MakePage, subject: ModelContext
) -> None:
    page = make_page(subject)
    part = page.sizes
    page.tabs.setCurrentWidget(part)
    qtbot.keyClicks(part.sizes, "10, many")
    _click(qtbot, part.start)
    assert part.banner.text.startswith("Expected whole numbers with commas")
    part.sizes.clear()
    qtbot.keyClicks(part.sizes, "10, 40")
    part.seeds.setValue(2)
    _click(qtbot, part.start)
    assert isinstance(part.command, FakeCommand)
    asked = part.command.asked[0]
    assert asked[:6] == ["learningcurve", "--sizes", "10,40", "--seeds", "1,2", "--name"]
    folder = part.chosen_folder()
    assert folder is not None
    run = {"state": "finished", "epochs": [], "seconds": 1.0, "message": "", "run": "r"}
    record = {
        "name": folder.name,
        "about": {"settings": {"preset": "knn", "data": "x"}, "sizes": [10, 40], "seeds": [1]},
        "points": [
            {"size": 10, "seeds": 1, "mean": 0.5, "sd": None},
            {"size": 40, "seeds": 0, "mean": None, "sd": None},
        ],
        "runs": [
            {**run, "name": "a", "size": 10, "seed": 1, "accuracy": 0.5},
            {**run, "name": "b", "size": 40, "seed": 1, "accuracy": None, "state": "failed",
             "message": "Too few."},
        ],
    }  # fmt: skip
    (folder / "record.json").write_text(json.dumps(record))
    part.command.succeed({**record, "stopped": False})
    assert "1 of 2 trainings are done" in part.summary.text()
    assert part.table.item(1, 2).text() == "failed"
    assert part.table.item(1, 2).toolTip() == "Too few."
    assert part.chart.accessibleDescription() == "10: 50.00 %"


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_everything_can_be_painted_small_and_in_both_themes(
    qtbot: QtBot, make_page: MakePage, profile: Profile, qapp: QApplication, theme: Theme
) -> None:
    _keep(profile, "searches", "first", _record())
    page = make_page()
    apply_theme(qapp, theme)
    page.resize(400, 320)
    empty = [page.study.study_results.lines.grab().toImage()]
    _earlier(qtbot, page.study, "first")
    for place in range(page.study.study_results.tabs.count()):
        page.study.study_results.tabs.setCurrentIndex(place)
        assert not page.grab().isNull()
    assert page.study.study_results.lines.grab().toImage() != empty[0]


@pytest.mark.parametrize(
    "broken", [{}, {"trials": 3}, {"trials": [{}]}, {"space": [{}]}, {"importances": None}]
)
def test_a_record_of_another_program_is_no_study(broken: dict[str, Any]) -> None:
    assert study_from(_record()) is not None
    assert study_from({**_record(), **broken} if broken else {}) is None


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=12), st.booleans())
def test_every_value_has_a_place_on_its_scale(values: list[float], is_log: bool) -> None:
    scale = scale_of(values, is_log=is_log)
    places = [scale.position(value) for value in values]
    assert all(-1e-6 <= place <= 1 + 1e-6 for place in places)
    assert all(-1e-6 <= place <= 1 + 1e-6 for place, _ in scale.ticks)
    assert 1 <= len(scale.ticks) <= 20
    order = sorted(range(len(values)), key=lambda n: values[n])
    assert all(places[a] <= places[b] + 1e-9 for a, b in itertools.pairwise(order))


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(2, 8))
def test_ticks_are_round_and_inside(low: float, span: float, most: int) -> None:
    ticks = round_ticks(low, low + span, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in ticks)
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        assert round(step / 10 ** math.floor(math.log10(step) + 1e-9), 6) in (1, 2, 5, 10)


def test_words_stand_evenly_on_their_scale() -> None:
    scale = scale_of(["sgd", "adam", "sgd"])
    assert [scale.position(value) for value in ("adam", "sgd")] == [0.0, 1.0]
    assert scale_of([True]).position(True) == 0.5
