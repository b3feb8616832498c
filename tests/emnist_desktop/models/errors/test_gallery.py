"""The gallery of errors with real clicks and keys: filters, orders, pairs, a comparison."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.models.errors.browser import ErrorsBrowser
from emnist_desktop.models.errors.gallery import percent
from emnist_desktop.models.errors.page import ErrorsPage
from emnist_desktop.models.page import ModelContext, PageServices
from emnist_desktop.models.report_store import report_folder
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.models.errors.pages import (
    CHARACTERS,
    KEY,
    LEFT,
    SUREST,
    WRONG,
    MakePage,
    N,
    S,
    X,
    captions,
    choose,
    click,
    grey_at,
    shown,
    write_dataset,
    write_report,
)
from trainer.datasets.catalog import Catalog
from trainer.datasets.ink_archive import PenArchive, write_pen_archive
from trainer.datasets.load import ALL
from trainer.datasets.store import TEST, TRAIN
from trainer.evaluation.report.report import REPORT_NAME
from trainer.files.paths import Profile, default_bundle
from trainer.ink.strokes import Ink

# The gallery


def test_the_surest_errors_come_first(browser: ErrorsBrowser) -> None:
    assert captions(browser.gallery) == SUREST
    assert browser.summary.text().startswith("6 errors in 40 samples (15.0")
    assert [grey_at(browser.gallery, place) for place in range(3)] == [20, 30, 0]


def test_arrows_step_through_and_the_large_view_follows(
    browser: ErrorsBrowser, qtbot: QtBot
) -> None:
    gallery, large = browser.gallery, browser.large
    assert large.position.text() == "1 of 6"
    assert large.headline.text() == "X, taken for S"
    assert not large.back.isEnabled()
    gallery.setFocus()
    qtbot.keyClick(gallery, KEY.Key_Right)
    assert large.position.text() == "2 of 6"
    assert large.headline.text() == "5, taken for S"
    assert large.info.text() == "Number 6 · writer 101"
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


def test_a_click_makes_a_tile_the_current_one(browser: ErrorsBrowser, qtbot: QtBot) -> None:
    index = browser.gallery.model().index(2, 0)
    place = browser.gallery.visualRect(index).center()
    qtbot.mouseClick(browser.gallery.viewport(), LEFT, pos=place)
    assert browser.large.headline.text() == "0, taken for O"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "0, taken for O, 80 % sure · number 0"


def test_boxes_filter_and_say_what_they_leave(browser: ErrorsBrowser, qtbot: QtBot) -> None:
    choose(qtbot, browser.filters.true, "5  (3)")
    assert captions(browser.gallery) == ["5 → S 90 %", "5 → S 70 %", "5 → X 60 %"]
    assert browser.summary.text() == "3 of 6 errors"
    choose(qtbot, browser.filters.predicted, "S  (2)")
    assert captions(browser.gallery) == ["5 → S 90 %", "5 → S 70 %"]
    assert browser.filters.pair.currentText() == "5 → S  (2)"
    choose(qtbot, browser.filters.pair, "X → S  (1)")
    assert captions(browser.gallery) == ["X → S 95 %"]
    click(qtbot, browser.filters.reset)
    assert captions(browser.gallery) == SUREST
    assert not browser.filters.reset.isEnabled()


def test_look_alikes_are_shown_alone_or_left_out(browser: ErrorsBrowser, qtbot: QtBot) -> None:
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
    browser: ErrorsBrowser, qtbot: QtBot, text: str, first: str, last: str
) -> None:
    choose(qtbot, browser.filters.order, text)
    shown_now = captions(browser.gallery)
    assert (shown_now[0], shown_now[-1]) == (first, last)
    assert sorted(shown_now) == sorted(SUREST)


def test_no_error_of_a_kind_is_said(browser: ErrorsBrowser, qtbot: QtBot) -> None:
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
    qtbot: QtBot, profile: Profile, settings: Settings, subject: ModelContext
) -> None:
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    page = ErrorsPage(PageServices(profile, settings, Catalog(profile)))
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
    shut_down(page)


def test_what_was_read_right_can_be_seen(browser: ErrorsBrowser) -> None:
    browser.show_pair("X", "X")
    assert captions(browser.gallery) == ["X 92 %"] * 7
    assert browser.summary.text() == "7 read right"
    assert browser.large.headline.text() == "X, read right"
    assert browser.filters.true.currentText() == "X  (7 right)"


def test_what_is_shown_can_be_seen_in_the_datasets(browser: ErrorsBrowser, qtbot: QtBot) -> None:
    browser.show_pair("5", "S")
    with qtbot.waitSignal(browser.window().samples_requested) as asked:
        click(qtbot, browser.browse)
    name, split, indices, title = asked.args
    assert (name, split, title) == ("grey", TEST, "5 taken for S")
    assert indices.tolist() == [6, 1]
    click(qtbot, browser.filters.reset)
    with qtbot.waitSignal(browser.samples_requested) as asked:
        click(qtbot, browser.browse)
    assert asked.args[2].tolist() == [4, 6, 0, 1, 11, 13]
    assert asked.args[3] == "Errors of The net"


def test_the_cell_of_the_current_sample_is_asked_for(browser: ErrorsBrowser, qtbot: QtBot) -> None:
    assert browser._source is not None
    found, row = browser._source.predictions, int(browser.gallery.rows[1])
    browser.gallery.go_to(1)
    with qtbot.waitSignal(browser.cell_requested) as signal:
        click(qtbot, browser.cell)
    names = [found.characters[int(place[row])] for place in (found.truth, found.predicted)]
    assert signal.args == names


def test_of_several_splits_one_is_shown_in_the_datasets(
    make_page: MakePage, profile: Profile, qtbot: QtBot
) -> None:
    subject = ModelContext(default_bundle(), "The net", data="grey", split=ALL)
    write_dataset(profile.datasets / "grey", (TRAIN, TEST))
    write_report(profile, subject, {1: (S, 0.7), N + 6: (S, 0.9), N + 11: (X, 0.6)}, 2 * N)
    browser = shown(make_page(subject), qtbot)
    assert [grey_at(browser.gallery, place) for place in range(3)] == [30, 5, 55]
    with qtbot.waitSignal(browser.samples_requested) as asked:
        click(qtbot, browser.browse)
    assert asked.args[1] == TEST
    assert asked.args[2].tolist() == [6, 11]


def test_drawings_of_a_file_are_rendered_and_are_in_no_catalogue(
    make_page: MakePage, profile: Profile, tmp_path: Path, qtbot: QtBot
) -> None:
    inks = [Ink.from_points([[(0, 0), (0, 50), (0, 100)]])] * N
    labels = np.arange(N, dtype=np.int64) % len(CHARACTERS)
    path = tmp_path / "strokes.npz"
    write_pen_archive(path, PenArchive.from_inks("strokes", CHARACTERS, inks, labels))
    subject = ModelContext(default_bundle(), "The net", data=str(path))
    write_report(profile, subject, WRONG)
    browser = shown(make_page(subject), qtbot)
    assert grey_at(browser.gallery, 0) > 200
    assert not browser.browse.isEnabled()
    assert "import these data" in browser.browse.toolTip()
    assert browser.export.isEnabled()


# Two characters side by side


def test_two_characters_are_compared(browser: ErrorsBrowser, qtbot: QtBot) -> None:
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
    browser: ErrorsBrowser, qtbot: QtBot
) -> None:
    browser.gallery.go_to(4)
    click(qtbot, browser.compare)
    assert browser.sides.first_wrong.title.text() == "5, taken for X: 1"


def test_a_compared_sample_is_opened_among_its_like(browser: ErrorsBrowser, qtbot: QtBot) -> None:
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


# What holds always


def test_the_page_reads_what_the_command_wrote(
    browser: ErrorsBrowser, profile: Profile, subject: ModelContext
) -> None:
    report = json.loads((report_folder(profile, subject) / REPORT_NAME).read_text("utf-8"))
    assert report["incorrect"] == len(captions(browser.gallery)) == len(WRONG)


def test_every_part_has_a_name_for_those_who_cannot_see(browser: ErrorsBrowser) -> None:
    filters = browser.filters
    boxes = (filters.true, filters.predicted, filters.pair, filters.alike, filters.order)
    for widget in (*boxes, browser.gallery, browser.large, browser.large.back, browser.large.forth):
        assert widget.accessibleName()
    names = {box.accessibleName() for box in boxes}
    assert len(names) == len(boxes)
    index: QModelIndex = browser.gallery.model().index(0, 0)
    assert "taken for" in index.data(Qt.ItemDataRole.AccessibleTextRole)
