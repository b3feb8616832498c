"""The report of a model in the window: made by a real child, kept, and looked at."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.models.report.classes import ACCURACY, CLASS, READ_AS
from emnist_desktop.models.report.page import ReportPage
from emnist_desktop.models.report.view import ReportView
from emnist_desktop.models.report_store import report_folder
from emnist_desktop.settings import Settings, Theme
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from tests.trainer.archives import write_archive
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset
from trainer.evaluation.report.report import REPORT_NAME, Report, load_report, make_report
from trainer.files.paths import Profile, default_bundle

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 60_000
"""Milliseconds after which a wait has failed."""

CHARACTERS = ("0", "O", "5", "S", "x")


@pytest.fixture(scope="module")
def report() -> Report:
    """Return a report with known errors: ten samples a class, three 0 read as O, one 5 as S."""
    labels = np.repeat(np.arange(5), 10)
    read = labels.copy()
    read[:3], read[20] = 1, 3
    probabilities = np.full((50, 5), 0.02, dtype=np.float32)
    probabilities[np.arange(50), read] = np.linspace(0.5, 1.0, 50)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    data = Dataset("made-up", CHARACTERS, np.zeros((50, 28, 28), np.uint8), labels)
    made = make_report(CHARACTERS, probabilities, data)
    about = {"model": "fake", "data": "made-up", "made": "2126-11-20T10:00:00+00:00"}
    return Report({**about, **made.figures}, made.predictions)


@pytest.fixture
def subject(tmp_path: Path) -> ModelContext:
    archive = write_archive(tmp_path / "pens.npz", 60)
    return ModelContext(default_bundle(), "Bundled", data=str(archive))


@pytest.fixture
def make_page(
    qtbot: QtBot, profile: Profile, settings: Settings
) -> Iterator[Callable[..., ReportPage]]:
    made: list[ReportPage] = []

    def make(subject: ModelContext | None, size: tuple[int, int] = (900, 700)) -> ReportPage:
        page = ReportPage(PageServices(profile, settings, Catalog(profile)))
        qtbot.addWidget(page)
        page.resize(*size)
        page.show_subject(subject)
        with qtbot.waitExposed(page):
            page.show()
        made.append(page)
        _read(qtbot, page)
        return page

    yield make
    for page in made:
        shut_down(page)


@pytest.fixture
def page(
    make_page: Callable[..., ReportPage], profile: Profile, subject: ModelContext, report: Report
) -> ReportPage:
    """Return a page with a report that was made earlier."""
    report.save(report_folder(profile, subject))
    return make_page(subject)


def _read(qtbot: QtBot, page: ReportPage) -> None:
    """Wait until the report that is kept is shown."""
    qtbot.waitUntil(lambda: not page.loading.is_running)


def _click(qtbot: QtBot, widget: Any) -> None:
    qtbot.mouseClick(widget, LEFT)


def test_a_report_is_made_kept_and_shown_again(
    make_page: Callable[..., ReportPage], profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    page = make_page(subject)
    assert page.nothing.isVisible()
    assert not page.save.isVisible()
    with qtbot.waitSignal(page.command.succeeded, timeout=PATIENCE):
        _click(qtbot, page.start)
        assert page.cancel.isVisible()
        assert not page.start.isVisible()
    assert page.view.isVisible()
    assert page.title.text() == "Bundled on pens.npz"
    assert (
        page.view.cards.cards[1]
        .figure.text()
        .endswith(str(page.result["incorrect"] if page.result else "?"))
    )
    kept = load_report(report_folder(profile, subject))
    assert len(kept.predictions) == 60
    later = make_page(subject)
    assert later.view.isVisible()
    assert later.start.text() == "Make it again"
    assert later.state.text().startswith("Made ")
    assert "changed" not in later.state.text()


def test_a_report_in_the_making_can_be_ended(
    make_page: Callable[..., ReportPage], subject: ModelContext, qtbot: QtBot
) -> None:
    page = make_page(subject)
    _click(qtbot, page.start)
    with qtbot.waitSignal(page.command.cancelled, timeout=PATIENCE):
        qtbot.keyClick(page.cancel, Qt.Key.Key_Space)
    assert page.start.isVisible()
    assert not page.progress.isVisible()
    assert page.banner.text == ""


def test_what_fails_is_said_and_can_be_tried_again(
    make_page: Callable[..., ReportPage], subject: ModelContext, qtbot: QtBot
) -> None:
    page = make_page(replace(subject, data=f"{subject.data}.gone"))
    with qtbot.waitSignal(page.command.failed, timeout=PATIENCE):
        _click(qtbot, page.start)
    assert "There is no" in page.banner.text
    assert page.start.isVisible()
    page.show_subject(subject)
    assert page.banner.text == ""


def test_another_model_may_be_looked_at_meanwhile(
    make_page: Callable[..., ReportPage], subject: ModelContext, qtbot: QtBot
) -> None:
    page = make_page(subject)
    _click(qtbot, page.start)
    other = replace(subject, title="Other", split="train")
    page.show_subject(other)
    assert "Measuring Bundled" in page.state.text()
    with qtbot.waitSignals([page.command.succeeded, page.status_changed], timeout=PATIENCE):
        pass
    assert page.result is None
    assert page.nothing.isVisible()
    page.show_subject(subject)
    _read(qtbot, page)
    assert page.result is not None


def test_without_data_there_is_nothing_to_make(make_page: Callable[..., ReportPage]) -> None:
    page = make_page(None)
    assert not page.start.isEnabled()
    assert "Choose" in page.nothing.text()
    page.show_subject(ModelContext(default_bundle(), "Bundled"))
    assert not page.start.isEnabled()
    assert "Make the starter set" in page.nothing.text()


def test_a_first_look_at_the_test_data_is_asked_about(
    make_page: Callable[..., ReportPage], profile: Profile, qtbot: QtBot
) -> None:
    run = profile.runs / "good"
    shutil.copytree(default_bundle(), run / "bundle")
    (run / "config.json").write_text(json.dumps({"preset": "pen", "data": "pens"}))
    page = make_page(ModelContext(run / "bundle", "Good", data="pens", split="test"))
    asked: list[str] = []

    def click(text: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        qtbot.mouseClick(next(each for each in box.buttons() if each.text() == text), LEFT)

    QTimer.singleShot(0, lambda: click("Cancel"))
    qtbot.mouseClick(page.start, LEFT)
    assert asked == ["Measure Good on the test data of pens?"]
    assert not page.command.is_running
    QTimer.singleShot(0, lambda: click("Measure"))
    qtbot.mouseClick(page.start, LEFT)
    assert page.command.is_running
    page.command.cancel()
    qtbot.waitUntil(lambda: not page.command.is_running, timeout=PATIENCE)


def test_figures_are_said_in_words(page: ReportPage) -> None:
    said = [
        card.accessibleName().replace("\N{NO-BREAK SPACE}", " ") for card in page.view.cards.cards
    ]
    assert said[0].startswith("Accuracy: 92.0 %. With other samples probably 81.")
    assert said[1] == "Right and wrong: 46 / 4. of 50 samples of 5 classes"
    forgiving = said[3].replace("\N{WORD JOINER}", "")
    assert forgiving.startswith("Forgiving look-alikes: 100.0 %. Strictly 92.0 %. Here 0/O, 5/S")


def test_the_matrix_asks_for_the_errors(page: ReportPage, qtbot: QtBot) -> None:
    confusion = page.view.confusion
    page.area.ensureWidgetVisible(confusion.matrix)
    place = confusion.matrix.cell_area(confusion.matrix.number_of(0, 1)).center().toPoint()
    qtbot.mouseMove(confusion.matrix, place)
    assert confusion.hovered.text() == "0 taken for O: 3 of 10"
    with qtbot.waitSignal(page.errors_requested) as signal:
        qtbot.mouseClick(confusion.matrix, LEFT, pos=place)
    assert signal.args == [("0", "O")]


def test_the_worst_pairs_are_links(page: ReportPage, qtbot: QtBot) -> None:
    pairs = page.view.confusion.pairs
    text = pairs.text().replace("&nbsp;", " ")
    assert text.index("true 0, read as O") < text.index("true 5, read as S")
    with qtbot.waitSignal(page.errors_requested) as signal:
        pairs.linkActivated.emit("2-3")
    assert signal.args == [("5", "S")]


def test_all_errors_are_a_button_away(page: ReportPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.errors_requested) as signal:
        _click(qtbot, page.errors)
    assert signal.args == [None]


def _first_column(page: ReportPage) -> list[str]:
    model = page.view.classes.model()
    return [model.index(row, CLASS).data() for row in range(model.rowCount())]


def test_the_classes_are_sorted_by_a_click(page: ReportPage, qtbot: QtBot) -> None:
    table = page.view.classes
    page.area.ensureWidgetVisible(table)
    header = table.horizontalHeader()
    assert _first_column(page) == list(CHARACTERS)
    at = QPoint(header.sectionViewportPosition(ACCURACY) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)
    first = _first_column(page)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)
    worst_first = min(first, _first_column(page), key=lambda names: names.index("0"))
    assert worst_first[:2] == ["0", "5"]


def test_a_class_opens_its_errors(page: ReportPage, qtbot: QtBot) -> None:
    table = page.view.classes
    page.area.ensureWidgetVisible(table)
    model = table.model()
    assert model.index(0, READ_AS).data() == "O (3)"
    assert model.index(1, READ_AS).data() == "–"
    with qtbot.waitSignal(page.errors_requested) as signal:
        place = table.visualRect(model.index(0, READ_AS)).center()
        qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    assert signal.args == [("0", "O")]
    table.setFocus()
    table.setCurrentIndex(model.index(2, CLASS))
    with qtbot.waitSignal(page.errors_requested) as signal:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert signal.args == [("5", None)]


def test_every_cell_has_words(page: ReportPage) -> None:
    model = page.view.classes.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            assert index.data()
            assert index.data(Qt.ItemDataRole.ToolTipRole)
            header = model.headerData(column, Qt.Orientation.Horizontal)
            assert header


def test_keys_and_mouse_read_the_charts(page: ReportPage, qtbot: QtBot) -> None:
    said: list[str] = []
    chart = page.view.coverage
    chart.described.connect(said.append)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left):
        qtbot.keyClick(chart, key)
    assert [text.split(":")[0] for text in said] == [
        f"Without the least sure {share} %" for share in (0, 1, 90, 89)
    ]
    bars = page.view.reliability
    bars.described.connect(said.append)
    page.area.ensureWidgetVisible(bars)
    qtbot.mouseMove(bars, bars.point(0.5, 0.5).toPoint())
    qtbot.mouseMove(bars, bars.point(0.99, 0.5).toPoint())
    assert said[-1].startswith("48 answers that were 87 to 93 % sure")


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
@pytest.mark.parametrize("size", [(420, 400), (1500, 1000)])
def test_it_is_painted_in_any_size(
    page: ReportPage, size: tuple[int, int], theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, theme)
    page.resize(*size)
    qtbot.waitUntil(lambda: page.width() == size[0])
    picture = page.view.grab().toImage()
    step = max(1, picture.width() // 80)
    colors = {
        picture.pixel(x, y)
        for x in range(0, picture.width(), step)
        for y in range(0, picture.height(), step)
    }
    assert len(colors) > 8
    qtbot.waitUntil(lambda: page.view.width() == page.area.viewport().width())


def test_the_report_becomes_a_page(
    page: ReportPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen), ""))
    with qtbot.waitSignal(page.status_changed) as signal:
        _click(qtbot, page.save)
    assert signal.args == ["Saved mine.html"]
    assert "fake on made-up" in (tmp_path / "mine.html").read_text(encoding="utf-8")
    chosen.write_text("a file")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen / "x"), ""))
    _click(qtbot, page.save)
    assert "cannot be written" in page.banner.text


def test_a_damaged_report_is_told_and_made_again(
    page: ReportPage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    path = report_folder(profile, subject) / REPORT_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "macro": 1}))
    page.show_subject(subject)
    _read(qtbot, page)
    assert "damaged" in page.banner.text
    assert page.nothing.isVisible()
    assert page.start.text() == "Make the report"


def test_a_model_that_has_changed_is_told(
    make_page: Callable[..., ReportPage], profile: Profile, tmp_path: Path, report: Report
) -> None:
    bundle = Path(shutil.copytree(default_bundle(), tmp_path / "own"))
    subject = ModelContext(bundle, "Own", data="made-up")
    figures = {**report.figures, "made": "2026-01-01T10:00:00+00:00"}
    Report(figures, report.predictions).save(report_folder(profile, subject))
    os.utime(bundle / "bundle.json", (1.7e9, 1.7e9))
    page = make_page(subject)
    assert "changed" not in page.state.text()
    os.utime(bundle / "bundle.json", (1.9e9, 1.9e9))
    page.show_subject(subject)
    assert "the model has changed since" in page.state.text()


def test_a_report_that_another_page_made_is_taken(
    page: ReportPage, profile: Profile, subject: ModelContext, report: Report, qtbot: QtBot
) -> None:
    page.hide()
    path = report_folder(profile, subject) / REPORT_NAME
    Report({**report.figures, "data": "later"}, report.predictions).save(path.parent)
    os.utime(path, (1.9e9, 1.9e9))
    page.show()
    _read(qtbot, page)
    assert page.result["data"] == "later"
    page.hide()
    other = replace(subject, split="other")
    page.show_subject(other)
    page.show()
    assert page.nothing.isVisible()


def test_a_mask_is_told_where_there_is_one(qtbot: QtBot, report: Report) -> None:
    view = ReportView()
    qtbot.addWidget(view)
    view.show_figures({**report.figures, "accuracy_unmasked": 0.5})
    said = [card.accessibleName() for card in view.cards.cards]
    assert len(said) == 8
    assert said[2].startswith("Without a mask: 50.0")


def test_reports_of_other_models_data_and_splits_lie_apart(
    profile: Profile, subject: ModelContext
) -> None:
    others = (
        subject,
        replace(subject, split="test"),
        replace(subject, data="other"),
        replace(subject, alphabet="digits"),
        replace(subject, model=subject.model / "bundle"),
    )
    assert len({report_folder(profile, other) for other in others}) == len(others)
    renamed = replace(subject, title="another title")
    assert report_folder(profile, renamed) == report_folder(profile, subject)


def test_the_view_takes_one_report_after_another(qtbot: QtBot, report: Report) -> None:
    view = ReportView()
    qtbot.addWidget(view)
    view.resize(700, 900)
    with qtbot.waitExposed(view):
        view.show()
    view.show_figures(report.figures)
    view.show_figures(report.figures)
    assert len(view.cards.cards) == 7
    qtbot.waitUntil(lambda: all(card.isVisible() for card in view.cards.cards))


def test_a_cell_can_be_pointed_at_from_elsewhere(page: ReportPage) -> None:
    page.point_at("0", "O")
    confusion = page.view.confusion
    assert confusion.hovered.text().startswith("0 taken for O: 3 of 10")
    page.point_at("5", "S")
    assert confusion.hovered.text().startswith("5 taken for S: 1 of 10")
    page.point_at("5", "ß")
    assert confusion.hovered.text().startswith("5 taken for S")


def test_a_cell_is_pointed_at_as_soon_as_the_report_is_shown(
    make_page: Callable[..., ReportPage],
    profile: Profile,
    subject: ModelContext,
    report: Report,
    qtbot: QtBot,
) -> None:
    report.save(report_folder(profile, subject))
    page = make_page(None)
    page.point_at("0", "O")
    page.show_subject(subject)
    _read(qtbot, page)
    assert page.view.confusion.hovered.text().startswith("0 taken for O")
