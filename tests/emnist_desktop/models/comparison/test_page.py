"""The page that compares runs: a real profile, real clicks, a trainer that answers from a file."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QToolTip
from pytestqt.qtbot import QtBot

from emnist_desktop.models.comparison.costs import SIZE
from emnist_desktop.models.comparison.model import VALIDATION
from emnist_desktop.models.comparison.page import ComparisonPage
from emnist_desktop.models.comparison.runs import LeaderboardView
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.settings import Settings
from emnist_desktop.trainer_process import process
from emnist_desktop.ui.shutdown import shut_down
from tests.trainer.comparison.test_mcnemar import make_run, reading
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.evaluation.report.report import Report, make_report
from trainer.files.paths import Profile
from trainer.runs.list_runs import Status
from trainer.runs.titles import set_label

_FAKE = """
import json, sys, time
from pathlib import Path
answer = json.loads(Path({path!r}).read_text())
Path({path!r}).with_name("asked.json").write_text(json.dumps(sys.argv[1:]))
print('{{"done": 1, "total": 4, "phase": "Measuring"}}', file=sys.stderr, flush=True)
if answer is None:
    input()
if "error" in answer:
    print(answer["error"], file=sys.stderr)
    print("Hint: Try another.", file=sys.stderr)
    sys.exit(1)
print(json.dumps(answer))
"""


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file whose content a fake trainer prints; null lets it wait for ever."""
    path = tmp_path / "answer.json"
    program = tmp_path / "fake.py"
    program.write_text(_FAKE.format(path=str(path)), encoding="utf-8")
    monkeypatch.setattr(process, "trainer_command", lambda: [sys.executable, str(program)])
    return path


@pytest.fixture
def runs(profile: Profile) -> Path:
    make_run(profile.runs, "weak", reading(20))
    make_run(profile.runs, "good", reading(38))
    make_run(profile.runs, "again", reading(36), seed=2)
    make_run(profile.runs, "elsewhere", reading(30), data="letters")
    for name in ("weak", "good", "again", "elsewhere"):
        set_label(profile.runs / name, name, "")
    return profile.runs


@pytest.fixture
def page(
    qtbot: QtBot, profile: Profile, settings: Settings, answer: Path
) -> Iterator[ComparisonPage]:
    page = ComparisonPage(PageServices(profile, settings, Catalog(profile)))
    qtbot.addWidget(page)
    page.resize(900, 620)
    yield page
    shut_down(page)


def shown(qtbot: QtBot, page: ComparisonPage) -> LeaderboardView:
    """Show the page and wait until it knows the runs."""
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: not page.runs.listing.is_running)
    return page.runs


def column(view: LeaderboardView, number: int) -> list[str]:
    return [view.sorted.index(row, number).data() for row in range(view.sorted.rowCount())]


def click(qtbot: QtBot, view: LeaderboardView, name: str) -> None:
    """Click a run in the table."""
    index = view.sorted.index(column(view, 0).index(name), 0)
    view.table.scrollTo(index)
    place = view.table.visualRect(index).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_without_runs_it_says_what_to_do(qtbot: QtBot, page: ComparisonPage) -> None:
    view = shown(qtbot, page)
    assert view.nothing.isVisible()
    assert "Training tab" in view.nothing.text()
    assert not view.export.isEnabled()


def test_the_best_stands_above_and_any_column_sorts(
    qtbot: QtBot, page: ComparisonPage, runs: Path
) -> None:
    view = shown(qtbot, page)
    assert column(view, 0) == ["good", "again", "elsewhere", "weak"]
    assert column(view, 3)[0] == "95.00 %"
    assert column(view, 7)[0] == "1.2 kB"
    header = view.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(0) + 5, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    names = column(view, 0)
    assert names in (sorted(names), sorted(names, reverse=True))


def test_one_dataset_can_be_looked_at_alone(qtbot: QtBot, page: ComparisonPage, runs: Path) -> None:
    view = shown(qtbot, page)
    view.dataset.setFocus()
    qtbot.keyClicks(view.dataset, "l")
    assert view.dataset.currentText() == "letters"
    assert column(view, 0) == ["elsewhere"]
    assert len(view.costs.scatter.dots) == 1


def test_seeds_are_averaged_in_words(qtbot: QtBot, page: ComparisonPage, runs: Path) -> None:
    view = shown(qtbot, page)
    text = view.repeats.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Tiny dense network on digits, 3 runs, seeds 1, 2: 78.33 ± 24.66 % validation" in text


def test_two_that_are_clicked_are_compared(qtbot: QtBot, page: ComparisonPage, runs: Path) -> None:
    view = shown(qtbot, page)
    assert "Choose two runs" in view.verdict.sentence.text()
    click(qtbot, view, "good")
    click(qtbot, view, "again")
    assert "good reads 2 more of 40 samples rightly than again" in view.verdict.sentence.text()
    assert "within noise" in view.verdict.sentence.text()
    assert view.verdict.amounts["only_first"].text() == "2"
    assert "exact binomial" in view.verdict.caption.text()
    click(qtbot, view, "again")
    click(qtbot, view, "weak")
    assert "that is more than noise" in view.verdict.sentence.text()
    click(qtbot, view, "again")
    assert "Choose two runs" in view.verdict.sentence.text()  # three are too many


def test_runs_on_other_data_are_not_compared_but_can_be_measured(
    qtbot: QtBot, page: ComparisonPage, runs: Path
) -> None:
    view = shown(qtbot, page)
    (runs / "elsewhere" / "predictions" / "samples.npz").unlink()
    click(qtbot, view, "good")
    click(qtbot, view, "elsewhere")
    assert "elsewhere has kept no answers" in view.verdict.sentence.text()
    assert not view.start.isEnabled()
    page.show_subject(ModelContext(Path("model"), "model", data="starter", split="test"))
    assert view.start.isEnabled()
    assert view.start.text() == "Measure both on Starter set"


def test_the_plot_names_points_and_chooses_them(
    qtbot: QtBot, page: ComparisonPage, runs: Path
) -> None:
    view = shown(qtbot, page)
    scatter = view.costs.scatter
    qtbot.mouseClick(view.costs.choice.button(SIZE), Qt.MouseButton.LeftButton)
    dot = next(dot for dot in scatter.dots if dot.title == "weak")
    place = scatter.point(dot.cost, dot.accuracy).toPoint()
    helping = QHelpEvent(QEvent.Type.ToolTip, place, scatter.mapToGlobal(place))
    QApplication.sendEvent(scatter, helping)
    assert QToolTip.text() == "weak\n50.00 % · 1.2 kB"
    qtbot.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=place)
    assert [entry.run.title for entry in view.chosen] == ["weak"]
    assert view.table.selectionModel().selectedRows()[0].data() == "weak"
    scatter.setFocus()
    qtbot.keyClick(scatter, Qt.Key.Key_Right)
    qtbot.keyClick(scatter, Qt.Key.Key_Space)
    assert len(view.chosen) == 2
    qtbot.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=place)
    assert "weak" not in [entry.run.title for entry in view.chosen]


def write_report(root: Path, right: int) -> Path:
    """Write the report of a model that reads the first `right` of 40 samples rightly."""
    probabilities = np.tile(np.array([[0.1, 0.9]], dtype=np.float32), (40, 1))
    probabilities[:right] = probabilities[:right, ::-1]
    blank = np.zeros((40, 28, 28), dtype=np.uint8)
    data = Dataset("pens", ("A", "B"), blank, np.zeros(40, dtype=np.int64))
    made = make_report(("A", "B"), probabilities, data)
    about = {
        "model": root.name,
        "data": "pens",
        "made": "2026-11-21T09:00:00+00:00",
        "source": {"model": str(root), "data": "/data/pens", "split": "test"},
        "kind": "litert",
        "parameters": 99,
        "size_bytes": 1234,
        "microseconds_per_image": 4.0,
    }
    folder = root / "report-pens"
    folder.mkdir()
    Report({**about, **made.figures}, made.predictions).save(folder)
    return folder


def chosen_two(qtbot: QtBot, page: ComparisonPage) -> LeaderboardView:
    view = shown(qtbot, page)
    page.show_subject(ModelContext(Path("model"), "model", data="/data/pens", split="test"))
    click(qtbot, view, "good")
    click(qtbot, view, "again")
    return view


def test_both_are_measured_by_the_trainer(
    qtbot: QtBot, page: ComparisonPage, runs: Path, answer: Path
) -> None:
    view = chosen_two(qtbot, page)
    reports = [write_report(runs / name, right) for name, right in (("good", 35), ("again", 5))]
    record = {"data": "/data/pens", "measured": [{"report": str(path)} for path in reports]}
    answer.write_text(json.dumps(record))
    with qtbot.waitSignal(view.command.succeeded):
        qtbot.mouseClick(view.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.listing.is_running)
    asked = json.loads(answer.with_name("asked.json").read_text())
    roots = [str(runs / "good"), str(runs / "again")]
    assert asked[:7] == ["compare", *roots, "--data", "/data/pens", "--split", "test"]
    sentence = "good reads 30 more of 40 samples rightly than again: that is more than noise"
    assert sentence in view.verdict.sentence.text()
    assert "On 40 samples of pens." in view.verdict.caption.text()
    assert view.verdict.amounts["only_first"].text() == "30"
    with qtbot.waitSignal(page.samples_requested) as asked_for:
        qtbot.mouseClick(view.verdict.amounts["only_first"], Qt.MouseButton.LeftButton)
    name, split, indices, title = asked_for.args
    assert (name, split) == ("/data/pens", "test")
    assert indices.tolist() == list(range(5, 35))
    assert title == "Read rightly by good, not by again"
    click(qtbot, view, "again")
    click(qtbot, view, "weak")
    assert "good reads 18 more of 40" in view.verdict.sentence.text()


def answer_box(qtbot: QtBot, view: LeaderboardView, text: str) -> str:
    """Press the button that measures and one of the question; return the question."""
    asked: list[str] = []

    def click_button() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        button = next(each for each in box.buttons() if each.text() == text)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, click_button)
    qtbot.mouseClick(view.start, Qt.MouseButton.LeftButton)
    return asked[0]


def test_a_first_look_at_the_test_data_is_asked_about(
    qtbot: QtBot, page: ComparisonPage, runs: Path, answer: Path
) -> None:
    view = chosen_two(qtbot, page)
    answer.write_text(json.dumps({"error": "Absent."}))
    page.show_subject(ModelContext(Path("model"), "model", data="digits", split="test"))
    asked = answer_box(qtbot, view, "Cancel")
    assert asked == "Measure good and again on the test data of digits?"
    assert not view.command.is_running
    with qtbot.waitSignal(view.command.failed):
        answer_box(qtbot, view, "Measure")
    page.show_subject(ModelContext(Path("model"), "model", data="digits", split="train"))
    with qtbot.waitSignal(view.command.failed):
        qtbot.mouseClick(view.start, Qt.MouseButton.LeftButton)


def test_names_take_the_free_room_and_say_what_still_trains(
    qtbot: QtBot, page: ComparisonPage, runs: Path
) -> None:
    name = "a name that is as long as one that the program itself makes of four parts"
    set_label(runs / "good", name, "")
    page.resize(1700, 620)
    view = shown(qtbot, page)
    assert view.table.columnWidth(0) >= view.table.sizeHintForColumn(0)
    page.resize(900, 620)
    assert view.table.columnWidth(0) < view.table.sizeHintForColumn(0)
    for section in (VALIDATION, 0):
        place = view.table.horizontalHeader().sectionViewportPosition(section) + 20
        header = view.table.horizontalHeader().viewport()
        qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(place, 5))
        heights = {name: view.table.rowHeight(row) for row, name in enumerate(column(view, 0))}
        assert heights[name] > heights["again"] == heights["weak"]
    entry = view.entries[0]
    training = replace(entry, run=replace(entry.run, status=Status.RUNNING))
    assert view.model.texts(training)[:3] == (f"{name} (training)", "Tiny dense network", "digits")


def test_a_test_result_with_case_merged_is_called_so(
    qtbot: QtBot, page: ComparisonPage, runs: Path
) -> None:
    view = shown(qtbot, page)
    strict = replace(view.entries[0], test=0.9)
    merged = replace(strict, run=replace(strict.run, merged_accuracy=0.95))
    said = [
        view.model.texts(each)[4].replace("\N{NO-BREAK SPACE}", " ") for each in (strict, merged)
    ]
    assert said == ["90.00 %", "90.00 % (case merged)"]
    assert "Validation with case merged" not in view.model.tip(strict, 4)
    told = view.model.tip(merged, 4).replace("\N{NO-BREAK SPACE}", " ")
    assert "Validation with case merged, as the test is: 95.00 %" in told


def test_a_measurement_that_fails_is_explained(
    qtbot: QtBot, page: ComparisonPage, runs: Path, answer: Path
) -> None:
    view = chosen_two(qtbot, page)
    answer.write_text(json.dumps({"error": "There is no /data/pens."}))
    with qtbot.waitSignal(view.command.failed):
        qtbot.mouseClick(view.start, Qt.MouseButton.LeftButton)
    assert view.banner.text == "There is no /data/pens.\nTry another."
    assert view.start.isEnabled()


def test_a_measurement_can_be_cancelled(
    qtbot: QtBot, page: ComparisonPage, runs: Path, answer: Path
) -> None:
    view = chosen_two(qtbot, page)
    answer.write_text("null")
    with qtbot.waitSignal(view.command.progressed):
        qtbot.mouseClick(view.start, Qt.MouseButton.LeftButton)
    assert view.cancel.isVisible()
    assert not view.start.isEnabled()
    assert view.phase.text() == "Measuring"
    with qtbot.waitSignal(view.command.cancelled):
        qtbot.mouseClick(view.cancel, Qt.MouseButton.LeftButton)
    assert view.start.isEnabled()
    assert not view.cancel.isVisible()


def test_the_table_is_exported(
    qtbot: QtBot,
    page: ComparisonPage,
    runs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = shown(qtbot, page)
    target = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with qtbot.waitSignal(page.status_changed):
        qtbot.mouseClick(view.export, Qt.MouseButton.LeftButton)
    with target.with_suffix(".csv").open(newline="", encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["title"] == "good"
    blocked = tmp_path / "file"
    blocked.write_text("")
    target = blocked / "out.csv"
    qtbot.mouseClick(view.export, Qt.MouseButton.LeftButton)
    assert "cannot be written" in view.banner.text


ROW = {
    "step": "forest",
    "trial": "trees10",
    "title": "Random forest",
    "measure": "validation accuracy",
    "theirs": 0.88,
    "ours": 0.9,
    "interval": [0.89, 0.91],
    "deviation": None,
    "chosen": False,
    "seconds": 12.0,
    "theirs_seconds": None,
    "note": "Ten trees.",
    "error": "",
}
RECORD = {
    "source": "digits",
    "data": "/data/mnist",
    "samples": 2000,
    "test_samples": 500,
    "quick": True,
    "pictures": [],
    "rows": [ROW, ROW | {"title": "XGBoost", "theirs": None, "ours": None, "error": "Absent."}],
}


def test_a_course_project_is_repeated_and_shown(
    qtbot: QtBot, page: ComparisonPage, profile: Profile, answer: Path
) -> None:
    shown(qtbot, page)
    qtbot.mouseClick(
        page.tabs.tabBar(), Qt.MouseButton.LeftButton, pos=page.tabs.tabBar().tabRect(1).center()
    )
    view = page.projects
    assert not view.start.isEnabled()
    page.show_subject(ModelContext(Path("model"), "model", data="/data/mnist"))
    view.project.setFocus()
    qtbot.keyClicks(view.project, "Recog")
    assert "MNIST" in view.about.text()
    qtbot.waitUntil(lambda: not view.loading.is_running)
    folder = profile.reports / "digits-mnist-quick"
    folder.mkdir(parents=True)
    answer.write_text(json.dumps(RECORD | {"folder": str(folder)}))
    with qtbot.waitSignal(view.command.succeeded):
        qtbot.mouseClick(view.start, Qt.MouseButton.LeftButton)
    asked = json.loads(answer.with_name("asked.json").read_text())
    assert asked[:5] == ["reproduce", "digits", "--data", "/data/mnist", "--quick"]
    texts = [view.table.item(0, number).text() for number in range(5)]
    assert texts == ["Random forest", "88.00 %", "90.00 %", "validation accuracy", "12 s"]
    assert view.table.item(1, 5).text() == "Absent. Ten trees."
    assert "2,000 samples" in view.summary.text()


def test_the_last_result_of_a_project_is_shown_at_once(
    qtbot: QtBot, page: ComparisonPage, profile: Profile
) -> None:
    for name, text in (("a", json.dumps(RECORD)), ("b", "{ broken"), ("c", "[]")):
        folder = profile.reports / f"digits-{name}"
        folder.mkdir(parents=True)
        (folder / "table.json").write_text(text)
    shown(qtbot, page)
    page.tabs.setCurrentIndex(1)
    view = page.projects
    qtbot.waitUntil(lambda: not view.loading.is_running)
    assert not view.table.isVisible()  # the first project has no result
    view.project.setFocus()
    QTest.keyClick(view.project, Qt.Key.Key_Down)
    qtbot.waitUntil(view.table.isVisible)
    assert view.table.rowCount() == 2
    assert view.folder.isVisible()
