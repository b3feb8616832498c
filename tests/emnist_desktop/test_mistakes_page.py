"""The Mistakes page with real clicks and keys: looked for, filtered, stepped through, exported."""

from __future__ import annotations

import csv
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from emnist_desktop.models.mistakes_browser import MistakesBrowser
from emnist_desktop.models.mistakes_export import MistakesExport
from emnist_desktop.models.mistakes_gallery import Gallery, percent
from emnist_desktop.models.mistakes_page import MistakesPage
from emnist_desktop.models.mistakes_source import Samples
from emnist_desktop.models.page import Subject
from emnist_desktop.models.report_folder import report_folder
from emnist_desktop.settings import Settings
from tests.emnist_desktop.dataset_fakes import PATIENCE_S
from tests.trainer.handwriting import digits
from trainer.datasets.catalog import Catalog
from trainer.datasets.load import ALL
from trainer.datasets.pen import PenArchive, write_pen_archive
from trainer.datasets.store import TEST, TRAIN, DatasetWriter
from trainer.evaluation.mistakes import TABLE_NAME
from trainer.evaluation.report import REPORT_NAME, make_report
from trainer.ink import Ink
from trainer.paths import Profile, default_bundle
from trainer.preprocess import Image

CHARACTERS = ("0", "5", "O", "S", "X")
FIVE, CAPITAL_O, S, X = 1, 2, 3, 4
N = 40
LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key
WRONG = {0: (CAPITAL_O, 0.8), 1: (S, 0.7), 6: (S, 0.9), 11: (X, 0.6), 13: (FIVE, 0.5), 4: (S, 0.95)}
"""Samples that the model of the tests misreads: as what, and how surely."""

SUREST = ["X → S 95 %", "5 → S 90 %", "0 → O 80 %", "5 → S 70 %", "5 → X 60 %", "S → 5 50 %"]


def write_dataset(
    folder: Path, splits: tuple[str, ...] = (TEST,), labels: npt.NDArray[np.int64] | None = None
) -> None:
    """Write images of which each is as grey as its number."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    labels = np.arange(N, dtype=np.int64) % len(CHARACTERS) if labels is None else labels
    images = np.zeros((len(labels), 28, 28), dtype=np.uint8)
    images += (5 * np.arange(len(labels), dtype=np.uint8))[:, None, None]
    with DatasetWriter(folder, title="Grey ones", alphabet=CHARACTERS, terms="Free.") as writer:
        for split in splits:
            writer.append(split, images, labels, labels + 100)


def write_report(
    profile: Profile, subject: Subject, wrong: dict[int, tuple[int, float]], n: int = N
) -> None:
    """Keep a report as ``evaluate --out`` does."""
    truth = np.arange(n, dtype=np.int64) % len(CHARACTERS)
    probabilities = np.full((n, len(CHARACTERS)), 0.02, dtype=np.float32)
    probabilities[np.arange(n), truth] = 0.92
    for row, (predicted, sure) in wrong.items():
        probabilities[row] = (1 - sure) / (len(CHARACTERS) - 1)
        probabilities[row, predicted] = sure
    inks = [Ink.from_points([[(0, 0), (place + 1, 9)]]) for place in range(n)]
    data = PenArchive.from_inks("some", CHARACTERS, inks, truth)
    report = make_report(CHARACTERS, probabilities, data)
    about = {"model": subject.title, "data": subject.data, "made": "2096-01-01T00:00:00+00:00"}
    replace(report, figures={**about, **report.figures}).save(report_folder(profile, subject))


@pytest.fixture
def subject() -> Subject:
    return Subject(default_bundle(), "The net", data="grey", split=TEST)


@pytest.fixture
def make_page(
    qtbot: QtBot, profile: Profile, settings: Settings
) -> Iterator[Callable[[Subject | None], MistakesPage]]:
    """Return what makes a shown page."""
    made: list[MistakesPage] = []

    def make(subject: Subject | None) -> MistakesPage:
        page = MistakesPage(profile, settings, Catalog(profile))
        qtbot.addWidget(page)
        made.append(page)
        page.resize(760, 560)
        page.show_subject(subject)
        with qtbot.waitExposed(page):
            page.show()
        return page

    yield make
    for page in made:
        page.close_page()


@pytest.fixture
def browser(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> MistakesBrowser:
    """Return what is shown of a report with six mistakes in forty samples."""
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    return shown(make_page(subject), qtbot)


def shown(page: MistakesPage, qtbot: QtBot) -> MistakesBrowser:
    qtbot.waitUntil(lambda: page.browser is not None and page.browser.isVisible())
    assert page.browser is not None
    return page.browser


def captions(gallery: Gallery) -> list[str]:
    model = gallery.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def said(page: MistakesPage) -> str:
    assert page.stack.currentWidget() is page.notice
    return f"{page.notice.sentence.text()} {page.notice.hint.text()}"


def click(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, LEFT)


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Go through a box with the keys until it says something."""
    box.setFocus()
    qtbot.keyClick(box, KEY.Key_Home)
    while not box.currentText().startswith(text):
        before = box.currentIndex()
        qtbot.keyClick(box, KEY.Key_Down)
        assert box.currentIndex() > before, f"{text} is not offered"


def grey_at(gallery: Gallery, place: int) -> int:
    """Return how bright a tile's image is, as painted."""
    area = gallery.visualRect(gallery.model().index(place, 0))
    picture: QImage = gallery.viewport().grab().toImage()
    return picture.pixelColor(area.center()).red()


# Before there is anything to show


def test_without_a_dataset_it_says_what_to_choose(
    make_page: Callable[[Subject | None], MistakesPage],
) -> None:
    page = make_page(None)
    assert "Choose a model and a dataset" in said(page)
    assert not page.notice.look.isVisible()
    page.show_subject(Subject(default_bundle(), "The net"))
    assert "Choose a model and a dataset" in said(page)


def test_it_looks_for_mistakes_in_a_child(
    make_page: Callable[[Subject | None], MistakesPage], profile: Profile, qtbot: QtBot
) -> None:
    images, labels = digits(20)
    labels[[3, 7]] = [8, 2]
    profile.datasets.mkdir(parents=True)
    with DatasetWriter(profile.datasets / "few", title="Few", alphabet=tuple("0123456789")) as few:
        few.append(TEST, images, labels)
    page = make_page(Subject(default_bundle(), "The net", data="few"))
    assert "The net has not read these samples yet" in said(page)
    click(qtbot, page.notice.look)
    assert page.notice.cancel.isVisible()
    assert page.command.is_running
    qtbot.waitUntil(lambda: not page.command.is_running, timeout=30_000)
    browser = shown(page, qtbot)
    found = captions(browser.gallery)
    assert {caption.rsplit(" ", 2)[0] for caption in found} >= {"8 → 3", "2 → 7"}
    assert not browser.outdated.isVisible()


def test_looking_can_be_cancelled(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> None:
    write_dataset(profile.datasets / "grey")
    page = make_page(subject)
    click(qtbot, page.notice.look)
    with qtbot.waitSignal(page.command.cancelled):
        click(qtbot, page.notice.cancel)
    assert "has not read these samples yet" in said(page)
    assert page.notice.look.isVisible()
    assert not report_folder(profile, subject).exists()


def test_a_failure_is_said_and_can_be_tried_again(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    write_dataset(profile.datasets / "grey")
    page = make_page(Subject(tmp_path / "nowhere", "Gone", data="grey"))
    with qtbot.waitSignal(page.command.failed, timeout=30_000):
        click(qtbot, page.notice.look)
    assert "nowhere" in said(page)
    assert page.notice.hint.text()
    assert page.notice.look.isVisible()


def test_another_subject_ends_the_looking(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> None:
    write_dataset(profile.datasets / "grey")
    page = make_page(subject)
    click(qtbot, page.notice.look)
    page.show_subject(None)
    assert not page.command.is_running
    assert "Choose a model" in said(page)


# Data and reports that do not fit


def test_a_dataset_that_is_gone_is_said(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> None:
    write_report(profile, subject, WRONG)
    page = make_page(subject)
    qtbot.waitUntil(lambda: "There is no dataset 'grey'" in said(page))
    assert not page.notice.look.isVisible()
    write_dataset(profile.datasets / "grey")
    page.hide()
    page.show()
    assert captions(shown(page, qtbot).gallery) == SUREST


def test_a_dataset_that_has_changed_is_said(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> None:
    write_report(profile, subject, WRONG)
    write_dataset(profile.datasets / "grey", labels=np.zeros(N, dtype=np.int64))
    page = make_page(subject)
    qtbot.waitUntil(lambda: "has changed since" in said(page))
    assert page.notice.hint.text()
    assert page.notice.look.isVisible()


def test_a_split_that_is_missing_is_said(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> None:
    write_report(profile, subject, WRONG)
    write_dataset(profile.datasets / "grey", (TRAIN,))
    page = make_page(subject)
    qtbot.waitUntil(lambda: "has no split 'test'" in said(page))


@pytest.mark.parametrize("name", ["predictions.npz", REPORT_NAME])
def test_a_damaged_report_is_said(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
    name: str,
) -> None:
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    (report_folder(profile, subject) / name).write_bytes(b"\x80 nonsense")
    page = make_page(subject)
    qtbot.waitUntil(lambda: "cannot be read" in said(page))
    assert page.notice.look.isVisible()


def test_no_mistake_at_all_is_said(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    subject: Subject,
    qtbot: QtBot,
) -> None:
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, {})
    browser = shown(make_page(subject), qtbot)
    assert browser.empty.isVisible()
    assert "each of the 40 samples was read right" in browser.empty.text()
    for button in (browser.browse, browser.export, browser.compare):
        assert not button.isEnabled()


def test_a_model_that_was_written_later_is_read_anew(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    model = Path(shutil.copytree(default_bundle(), tmp_path / "model"))
    subject = Subject(model, "Mine", data="grey", split=TEST)
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    far = 4_200_000_000
    os.utime(model / "bundle.json", (far, far))
    page = make_page(subject)
    browser = shown(page, qtbot)
    again = browser.outdated.findChild(QPushButton)
    assert isinstance(again, QPushButton)
    assert again.isVisible()
    click(qtbot, again)
    assert page.command.is_running
    click(qtbot, page.notice.cancel)
    assert captions(shown(page, qtbot).gallery) == SUREST


def test_a_report_that_was_made_meanwhile_is_shown(
    browser: MistakesBrowser, profile: Profile, subject: Subject, qtbot: QtBot
) -> None:
    page = browser.window()
    assert isinstance(page, MistakesPage)
    page.hide()
    write_report(profile, subject, {1: (S, 0.7)})
    page.show()
    qtbot.waitUntil(lambda: captions(browser.gallery) == ["5 → S 70 %"])


# The gallery


def test_the_surest_mistakes_come_first(browser: MistakesBrowser) -> None:
    assert captions(browser.gallery) == SUREST
    assert browser.summary.text().startswith("6 mistakes in 40 samples (15.0")
    assert [grey_at(browser.gallery, place) for place in range(3)] == [20, 30, 0]


def test_arrows_step_through_and_the_large_view_follows(
    browser: MistakesBrowser, qtbot: QtBot
) -> None:
    gallery, large = browser.gallery, browser.large
    assert large.position.text() == "1 of 6"
    assert large.headline.text() == "X, taken for S"
    assert not large.back.isEnabled()
    gallery.setFocus()
    qtbot.keyClick(gallery, KEY.Key_Right)
    assert large.position.text() == "2 of 6"
    assert large.headline.text() == "5, taken for S"
    assert large.facts.text() == "Number 6 · writer 101"
    assert "S 90 %" in large.shares.accessibleDescription()
    assert "5 3 %" in large.shares.accessibleDescription()
    assert large.image.grab().toImage().pixelColor(large.image.rect().center()).red() == 30
    qtbot.keyClick(gallery, KEY.Key_Return)
    assert large.hasFocus()
    for _ in range(4):
        qtbot.keyClick(large, KEY.Key_Right)
    assert large.position.text() == "6 of 6"
    assert not large.forth.isEnabled()
    qtbot.keyClick(large, KEY.Key_Right)
    assert gallery.current == 5
    click(qtbot, large.back)
    qtbot.keyClick(large, KEY.Key_Left)
    assert gallery.current == 3
    assert gallery.currentIndex().data() == "5 → S 70 %"


def test_a_click_makes_a_tile_the_current_one(browser: MistakesBrowser, qtbot: QtBot) -> None:
    index = browser.gallery.model().index(2, 0)
    place = browser.gallery.visualRect(index).center()
    qtbot.mouseClick(browser.gallery.viewport(), LEFT, pos=place)
    assert browser.large.headline.text() == "0, taken for O"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "0, taken for O, 80 % sure · number 0"


def test_boxes_filter_and_say_what_they_leave(browser: MistakesBrowser, qtbot: QtBot) -> None:
    choose(qtbot, browser.filters.true, "5  (3)")
    assert captions(browser.gallery) == ["5 → S 90 %", "5 → S 70 %", "5 → X 60 %"]
    assert browser.summary.text() == "3 of 6 mistakes"
    choose(qtbot, browser.filters.predicted, "S  (2)")
    assert captions(browser.gallery) == ["5 → S 90 %", "5 → S 70 %"]
    assert browser.filters.pair.currentText() == "5 → S  (2)"
    choose(qtbot, browser.filters.pair, "X → S  (1)")
    assert captions(browser.gallery) == ["X → S 95 %"]
    click(qtbot, browser.filters.reset)
    assert captions(browser.gallery) == SUREST
    assert not browser.filters.reset.isEnabled()


def test_look_alikes_are_shown_alone_or_left_out(browser: MistakesBrowser, qtbot: QtBot) -> None:
    choose(qtbot, browser.filters.alike, "Only")
    assert captions(browser.gallery) == ["5 → S 90 %", "0 → O 80 %", "5 → S 70 %", "S → 5 50 %"]
    choose(qtbot, browser.filters.alike, "Without")
    assert captions(browser.gallery) == ["X → S 95 %", "5 → X 60 %"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Least sure", "S → 5 50 %", "X → S 95 %"),
        ("By character", "0 → O 80 %", "X → S 95 %"),
        ("As in", "0 → O 80 %", "S → 5 50 %"),
    ],
)
def test_the_order_can_be_chosen(
    browser: MistakesBrowser, qtbot: QtBot, text: str, first: str, last: str
) -> None:
    choose(qtbot, browser.filters.order, text)
    shown_now = captions(browser.gallery)
    assert (shown_now[0], shown_now[-1]) == (first, last)
    assert sorted(shown_now) == sorted(SUREST)


def test_no_mistake_of_a_kind_is_said(browser: MistakesBrowser, qtbot: QtBot) -> None:
    browser.show_pair("X", "0")
    assert browser.empty.isVisible()
    assert "Show all" in browser.empty.text()
    click(qtbot, browser.filters.reset)
    assert browser.gallery.isVisible()


def test_percentages_claim_no_certainty() -> None:
    assert [percent(share) for share in (1.0, 0.994, 0.87, 0.01, 0.007, 0.0)] == [
        ">99 %",
        ">99 %",
        "87 %",
        "1 %",
        "<1 %",
        "<1 %",
    ]


# From the matrix and to the datasets


def test_a_pair_can_be_asked_for_before_the_page_is_shown(
    qtbot: QtBot, profile: Profile, settings: Settings, subject: Subject
) -> None:
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    page = MistakesPage(profile, settings, Catalog(profile))
    qtbot.addWidget(page)
    page.show_subject(subject)
    page.show_pair("5", "S")
    assert page.browser is None
    page.show()
    browser = shown(page, qtbot)
    assert captions(browser.gallery) == ["5 → S 90 %", "5 → S 70 %"]
    page.show_pair("5", None)
    assert len(captions(browser.gallery)) == 3
    page.hide()
    page.show_pair(None, "X")
    page.show()
    assert captions(browser.gallery) == ["5 → X 60 %"]
    page.show_pair("unknown", None)
    assert captions(browser.gallery) == SUREST
    page.close_page()


def test_what_was_read_right_can_be_seen(browser: MistakesBrowser) -> None:
    browser.show_pair("X", "X")
    assert captions(browser.gallery) == ["X 92 %"] * 7
    assert browser.summary.text() == "7 read right"
    assert browser.large.headline.text() == "X, read right"
    assert browser.filters.true.currentText() == "X  (7 right)"


def test_what_is_shown_can_be_seen_in_the_datasets(browser: MistakesBrowser, qtbot: QtBot) -> None:
    browser.show_pair("5", "S")
    with qtbot.waitSignal(browser.window().samples_asked) as asked:
        click(qtbot, browser.browse)
    name, split, indices, title = asked.args
    assert (name, split, title) == ("grey", TEST, "5 taken for S")
    assert indices.tolist() == [6, 1]
    click(qtbot, browser.filters.reset)
    with qtbot.waitSignal(browser.samples_asked) as asked:
        click(qtbot, browser.browse)
    assert asked.args[2].tolist() == [4, 6, 0, 1, 11, 13]
    assert asked.args[3] == "Mistakes of The net"


def test_the_cell_of_the_current_sample_is_asked_for(
    browser: MistakesBrowser, qtbot: QtBot
) -> None:
    assert browser._source is not None
    found, row = browser._source.found, int(browser.gallery.rows[1])
    browser.gallery.go_to(1)
    with qtbot.waitSignal(browser.cell_asked) as signal:
        click(qtbot, browser.cell)
    names = [found.characters[int(place[row])] for place in (found.truth, found.predicted)]
    assert signal.args == names


def test_of_several_splits_one_is_shown_in_the_datasets(
    make_page: Callable[[Subject | None], MistakesPage], profile: Profile, qtbot: QtBot
) -> None:
    subject = Subject(default_bundle(), "The net", data="grey", split=ALL)
    write_dataset(profile.datasets / "grey", (TRAIN, TEST))
    write_report(profile, subject, {1: (S, 0.7), N + 6: (S, 0.9), N + 11: (X, 0.6)}, 2 * N)
    browser = shown(make_page(subject), qtbot)
    assert [grey_at(browser.gallery, place) for place in range(3)] == [30, 5, 55]
    with qtbot.waitSignal(browser.samples_asked) as asked:
        click(qtbot, browser.browse)
    assert asked.args[1] == TEST
    assert asked.args[2].tolist() == [6, 11]


def test_drawings_of_a_file_are_rendered_and_are_in_no_catalogue(
    make_page: Callable[[Subject | None], MistakesPage],
    profile: Profile,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    inks = [Ink.from_points([[(0, 0), (0, 50), (0, 100)]])] * N
    labels = np.arange(N, dtype=np.int64) % len(CHARACTERS)
    path = tmp_path / "strokes.npz"
    write_pen_archive(path, PenArchive.from_inks("strokes", CHARACTERS, inks, labels))
    subject = Subject(default_bundle(), "The net", data=str(path))
    write_report(profile, subject, WRONG)
    browser = shown(make_page(subject), qtbot)
    assert grey_at(browser.gallery, 0) > 200
    assert not browser.browse.isEnabled()
    assert "import these data" in browser.browse.toolTip()
    assert browser.export.isEnabled()


# Two characters side by side


def test_two_characters_are_compared(browser: MistakesBrowser, qtbot: QtBot) -> None:
    browser.show_pair("5", "S")
    click(qtbot, browser.compare)
    sides = browser.sides
    assert sides.isVisible()
    titles = [
        side.title.text()
        for side in (sides.first_right, sides.second_right, sides.first_wrong, sides.second_wrong)
    ]
    assert titles == ["These are 5", "These are S", "5, taken for S: 2", "S, taken for 5: 1"]
    assert captions(sides.first_right.gallery) == ["5 92 %"] * 5
    assert captions(sides.second_wrong.gallery) == ["S → 5 50 %"]
    choose(qtbot, browser.filters.pair, "0 → O")
    assert sides.first_right.title.text() == "These are 0"
    assert browser.filters.true.currentText() == "0  (1)"
    click(qtbot, browser.compare)
    assert browser.gallery.isVisible()


def test_the_comparison_takes_the_characters_of_the_current_sample(
    browser: MistakesBrowser, qtbot: QtBot
) -> None:
    browser.gallery.go_to(4)
    click(qtbot, browser.compare)
    assert browser.sides.first_wrong.title.text() == "5, taken for X: 1"


def test_a_compared_sample_is_opened_among_its_like(browser: MistakesBrowser, qtbot: QtBot) -> None:
    browser.show_pair("S", "5")
    click(qtbot, browser.compare)
    gallery = browser.sides.second_wrong.gallery
    gallery.setFocus()
    qtbot.keyClick(gallery, KEY.Key_Right)
    gallery.setCurrentIndex(gallery.model().index(1, 0))
    qtbot.keyClick(gallery, KEY.Key_Return)
    assert browser.gallery.isVisible()
    assert captions(browser.gallery) == ["5 → S 90 %", "5 → S 70 %"]
    assert browser.gallery.current == 1
    assert not browser.compare.isChecked()


# Export


def dialog_of(browser: MistakesBrowser, qtbot: QtBot) -> MistakesExport:
    click(qtbot, browser.export)
    dialog = browser.findChild(MistakesExport)
    assert isinstance(dialog, MistakesExport)
    return dialog


def test_what_is_shown_is_exported(
    browser: MistakesBrowser, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    browser.show_pair("5", "S")
    (tmp_path / "mistakes-5-as-S_upper").mkdir()
    dialog = dialog_of(browser, qtbot)
    folder = tmp_path / "mistakes-5-as-S_upper-2"
    assert dialog.destination.text() == str(folder)
    with qtbot.waitSignal(browser.window().status_changed) as status:
        click(qtbot, dialog.export_button)
    assert str(folder) in status.args[0]
    with (folder / TABLE_NAME).open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [(line["index"], line["true"], line["predicted"]) for line in table] == [
        ("6", "5", "S"),
        ("1", "5", "S"),
    ]
    assert (folder / table[0]["file"]).is_file()
    assert "Free." in (folder / "about.txt").read_text(encoding="utf-8")


def test_an_export_that_fails_is_said_and_another_place_taken(
    browser: MistakesBrowser, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine")
    dialog = dialog_of(browser, qtbot)
    dialog.destination.clear()
    click(qtbot, dialog.export_button)
    assert dialog.message.isVisible()
    for place, words in (
        (used, "is not empty"),
        (used / "mine.txt" / "below", "cannot be written"),
    ):
        dialog.destination.setText(str(place))
        click(qtbot, dialog.export_button)
        qtbot.waitUntil(lambda words=words: words in dialog.message.text())
        assert dialog.export_button.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(used))
    dialog.destination.setText(str(tmp_path / "six"))
    click(qtbot, dialog.browse)
    assert dialog.destination.text() == str(used / "six")
    with qtbot.waitSignal(dialog.exported) as written:
        click(qtbot, dialog.export_button)
    assert written.args == [str(used / "six")]
    assert len(list((used / "six").glob("*.png"))) == 6


@pytest.mark.parametrize("closes_page", [False, True], ids=["cancel", "close the page"])
def test_an_export_can_be_ended(
    browser: MistakesBrowser,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    closes_page: bool,
) -> None:
    never = threading.Event()
    whole = Samples.image

    def patient(samples: Samples, index: int) -> Image:
        never.wait(PATIENCE_S)
        return whole(samples, index)

    monkeypatch.setattr(Samples, "image", patient)
    dialog = dialog_of(browser, qtbot)
    dialog._rows = np.tile(dialog._rows, 200)
    dialog.destination.setText(str(tmp_path / "out"))
    click(qtbot, dialog.export_button)
    qtbot.waitUntil(lambda: dialog.bar.value() > 0)
    page = browser.window()
    assert isinstance(page, MistakesPage)
    if closes_page:
        page.close_page()
    else:
        click(qtbot, dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel))
    assert not dialog.isVisible()
    assert not list(tmp_path.glob("*out*"))


# What holds always


def test_the_page_reads_what_the_command_wrote(
    browser: MistakesBrowser, profile: Profile, subject: Subject
) -> None:
    report = json.loads((report_folder(profile, subject) / REPORT_NAME).read_text("utf-8"))
    assert report["incorrect"] == len(captions(browser.gallery)) == len(WRONG)


def test_every_part_has_a_name_for_those_who_cannot_see(browser: MistakesBrowser) -> None:
    filters = browser.filters
    boxes = (filters.true, filters.predicted, filters.pair, filters.alike, filters.order)
    for widget in (*boxes, browser.gallery, browser.large, browser.large.back, browser.large.forth):
        assert widget.accessibleName()
    names = {box.accessibleName() for box in boxes}
    assert len(names) == len(boxes)
    index: QModelIndex = browser.gallery.model().index(0, 0)
    assert "taken for" in index.data(Qt.ItemDataRole.AccessibleTextRole)
