"""What the page of errors says before there is anything to show, or where data do not fit."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from emnist_desktop.models.errors.browser import ErrorsBrowser
from emnist_desktop.models.errors.page import ErrorsPage
from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.report_store import report_folder
from tests.emnist_desktop.models.errors.pages import (
    SUREST,
    WRONG,
    MakePage,
    N,
    S,
    captions,
    click,
    said,
    shown,
    write_dataset,
    write_report,
)
from tests.trainer.handwriting import digits
from trainer.datasets.store import TEST, TRAIN, DatasetWriter
from trainer.evaluation.report.report import REPORT_NAME
from trainer.files.paths import Profile, default_bundle

# Before there is anything to show


def test_without_a_dataset_it_says_what_to_choose(make_page: MakePage) -> None:
    page = make_page(None)
    assert "Choose a model and a dataset" in said(page)
    assert not page.start.isVisible()
    page.show_subject(ModelContext(default_bundle(), "The net"))
    assert "Choose a model and a dataset" in said(page)


def test_it_looks_for_errors_in_a_child(
    make_page: MakePage, profile: Profile, qtbot: QtBot
) -> None:
    images, labels = digits(20)
    labels[[3, 7]] = [8, 2]
    profile.datasets.mkdir(parents=True)
    with DatasetWriter(profile.datasets / "few", title="Few", alphabet=tuple("0123456789")) as few:
        few.append(TEST, images, labels)
    page = make_page(ModelContext(default_bundle(), "The net", data="few"))
    assert "The net has not read these samples yet" in said(page)
    click(qtbot, page.start)
    assert page.cancel.isVisible()
    assert page.command.is_running
    qtbot.waitUntil(lambda: not page.command.is_running, timeout=30_000)
    browser = shown(page, qtbot)
    found = captions(browser.gallery)
    assert {caption.rsplit(" ", 2)[0] for caption in found} >= {"8 → 3", "2 → 7"}
    assert not browser.outdated.isVisible()


def test_looking_can_be_cancelled(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "grey")
    page = make_page(subject)
    click(qtbot, page.start)
    with qtbot.waitSignal(page.command.cancelled):
        click(qtbot, page.cancel)
    assert "has not read these samples yet" in said(page)
    assert page.start.isVisible()
    assert not report_folder(profile, subject).exists()


def test_a_failure_is_said_and_can_be_tried_again(
    make_page: MakePage, profile: Profile, tmp_path: Path, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "grey")
    page = make_page(ModelContext(tmp_path / "nowhere", "Gone", data="grey"))
    with qtbot.waitSignal(page.command.failed, timeout=30_000):
        click(qtbot, page.start)
    assert "nowhere" in said(page)
    assert page.notice.hint.text()
    assert page.start.isVisible()


def test_another_subject_ends_the_looking(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "grey")
    page = make_page(subject)
    click(qtbot, page.start)
    page.show_subject(None)
    assert not page.command.is_running
    assert "Choose a model" in said(page)


# Data and reports that do not fit


def test_a_dataset_that_is_gone_is_said(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    write_report(profile, subject, WRONG)
    page = make_page(subject)
    qtbot.waitUntil(lambda: "There is no dataset 'grey'" in said(page))
    assert not page.start.isVisible()
    write_dataset(profile.datasets / "grey")
    page.hide()
    page.show()
    assert captions(shown(page, qtbot).gallery) == SUREST


def test_a_dataset_that_has_changed_is_said(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    write_report(profile, subject, WRONG)
    write_dataset(profile.datasets / "grey", labels=np.zeros(N, dtype=np.int64))
    page = make_page(subject)
    qtbot.waitUntil(lambda: "has changed since" in said(page))
    assert page.notice.hint.text()
    assert page.start.isVisible()


def test_a_split_that_is_missing_is_said(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    write_report(profile, subject, WRONG)
    write_dataset(profile.datasets / "grey", (TRAIN,))
    page = make_page(subject)
    qtbot.waitUntil(lambda: "has no split 'test'" in said(page))


@pytest.mark.parametrize("name", ["predictions.npz", REPORT_NAME])
def test_a_damaged_report_is_said(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot, name: str
) -> None:
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, WRONG)
    (report_folder(profile, subject) / name).write_bytes(b"\x80 nonsense")
    page = make_page(subject)
    qtbot.waitUntil(lambda: "cannot be read" in said(page))
    assert page.start.isVisible()


def test_no_error_at_all_is_said(
    make_page: MakePage, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "grey")
    write_report(profile, subject, {})
    browser = shown(make_page(subject), qtbot)
    assert browser.empty.isVisible()
    assert "each of the 40 samples was read right" in browser.empty.text()
    for button in (browser.browse, browser.export, browser.compare):
        assert not button.isEnabled()


def test_a_model_that_was_written_later_is_read_anew(
    make_page: MakePage, profile: Profile, tmp_path: Path, qtbot: QtBot
) -> None:
    model = Path(shutil.copytree(default_bundle(), tmp_path / "model"))
    subject = ModelContext(model, "Mine", data="grey", split=TEST)
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
    click(qtbot, page.cancel)
    assert captions(shown(page, qtbot).gallery) == SUREST


def test_a_report_that_was_made_meanwhile_is_shown(
    browser: ErrorsBrowser, profile: Profile, subject: ModelContext, qtbot: QtBot
) -> None:
    page = browser.window()
    assert isinstance(page, ErrorsPage)
    page.hide()
    write_report(profile, subject, {1: (S, 0.7)})
    page.show()
    qtbot.waitUntil(lambda: captions(browser.gallery) == ["5 → S 70 %"])
