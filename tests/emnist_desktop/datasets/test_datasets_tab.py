"""The Datasets tab as a newcomer meets it: empty, fetching, looking, filtering, removing."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QToolButton
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.browser import GRID_SIZE, LAST_DATASET, Browser
from emnist_desktop.datasets.catalog_panel import TermsDialog
from emnist_desktop.datasets.dataset_tab import DatasetTab
from emnist_desktop.datasets.entry_delegate import EntryTexts
from emnist_desktop.datasets.query import SampleOrder
from emnist_desktop.datasets.transfer.export_dialog import ExportDialog
from emnist_desktop.datasets.transfer.import_dialog import ImportDialog
from emnist_desktop.settings import Settings
from emnist_desktop.ui.shutdown import shut_down
from tests.emnist_desktop.dataset_fakes import N_TEST, N_TRAIN, PatientCatalog, write_dataset
from tests.emnist_desktop.fakes import FakeRecognizer
from trainer.datasets.catalog import Catalog
from trainer.datasets.download.progress import TransferProgress
from trainer.datasets.entry import Kind
from trainer.datasets.my_samples import MySamples
from trainer.errors import DatasetError
from trainer.files.file_array import FileArray
from trainer.files.paths import Profile
from trainer.ink.alphabet import BALANCED
from trainer.ink.strokes import Ink

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
KEY = Qt.Key
FIVE = BALANCED.index("5")

MakeTab = Callable[[Catalog], DatasetTab]


@pytest.fixture
def catalog(profile: Profile) -> PatientCatalog:
    return PatientCatalog(profile)


@pytest.fixture
def make_tab(qtbot: QtBot, settings: Settings) -> Iterator[MakeTab]:
    made: list[DatasetTab] = []

    def make(catalog: Catalog) -> DatasetTab:
        tab = DatasetTab(catalog, settings)
        qtbot.addWidget(tab)
        tab.resize(1000, 640)
        with qtbot.waitExposed(tab):
            tab.show()
        tab.activateWindow()
        qtbot.waitUntil(lambda: tab.browser.catalog.list.count() > 0)
        made.append(tab)
        return tab

    yield make
    for tab in made:
        shut_down(tab)


@pytest.fixture
def empty(make_tab: MakeTab, catalog: PatientCatalog) -> DatasetTab:
    return make_tab(catalog)


@pytest.fixture
def tab(make_tab: MakeTab, catalog: PatientCatalog, profile: Profile, qtbot: QtBot) -> DatasetTab:
    write_dataset(profile.datasets / "some", "Some letters")
    tab = make_tab(catalog)
    qtbot.waitUntil(lambda: tab.browser.data is not None)
    return tab


def summary(tab: DatasetTab) -> str:
    return tab.browser.page.summary.text()


def click_key(qtbot: QtBot, browser: Browser, name: str) -> None:
    picker = browser.filters.picker
    area = picker.key_area(BALANCED.index(name))
    qtbot.mouseClick(picker, LEFT, NONE, area.center().toPoint())


# My samples


def test_my_samples_are_shown_as_their_labels_are_now(
    make_tab: MakeTab, catalog: PatientCatalog, profile: Profile, qtbot: QtBot
) -> None:
    samples = MySamples(profile.samples_file)
    one = samples.append(Ink.from_points([[(0.0, 0.0), (20.0, 60.0)]]), "5")
    samples.append(Ink.from_points([[(0.0, 0.0), (60.0, 60.0)]]), "6")
    tab = make_tab(catalog)
    browser = tab.browser
    qtbot.waitUntil(lambda: browser.data is not None)

    def shown() -> list[str]:
        return [browser.data.alphabet[label] for label in browser.data.labels.tolist()]

    assert shown() == ["5", "6"]
    tab.set_current(False)
    samples.relabel(one, "S")
    tab.set_current(True)
    qtbot.waitUntil(lambda: shown() == ["S", "6"])
    with qtbot.waitSignal(browser.catalog.listed):
        tab.set_current(True)
    assert not browser._open.is_running


# Building


def test_nothing_is_built_before_the_tab_is_shown(
    qtbot: QtBot, catalog: PatientCatalog, settings: Settings
) -> None:
    tab = DatasetTab(catalog, settings)
    qtbot.addWidget(tab)
    assert not tab.children()[1:]
    assert not tab.is_built
    tab.set_current(False)
    shut_down(tab)
    tab.set_current(True)
    assert not tab.children()[1:]


# A newcomer


def test_nothing_is_claimed_before_the_datasets_are_listed(
    catalog: PatientCatalog, settings: Settings, qtbot: QtBot
) -> None:
    browser = Browser(catalog, settings)
    qtbot.addWidget(browser)
    assert browser.middle.currentWidget() is browser.waiting
    browser.catalog.refresh()
    qtbot.waitUntil(lambda: browser.middle.currentWidget() is browser.first_run)
    shut_down(browser)


def test_a_newcomer_sees_a_sentence_and_two_buttons(empty: DatasetTab) -> None:
    browser = empty.browser
    assert browser.middle.currentWidget() is browser.first_run
    assert browser.first_run.fetch.text() == "Fetch EMNIST Balanced (33 MB)"
    assert browser.first_run.make.isVisible()
    assert not browser.views.isVisible()
    assert not browser.filters.isVisible()


def test_fetching_shows_how_far_it_is_and_opens_what_it_got(
    empty: DatasetTab, catalog: PatientCatalog, qtbot: QtBot
) -> None:
    browser = empty.browser
    qtbot.mouseClick(browser.first_run.fetch, LEFT)
    qtbot.waitUntil(lambda: "left" in browser.catalog.progress_text.text())
    assert browser.catalog.progress_text.text() == (
        "Fetching: 11 MB of 33 MB · 2.0 MB/s · 11 s left"
    )
    assert empty.browser.catalog.is_busy
    assert catalog.asked == ["emnist-balanced"]
    qtbot.mouseClick(browser.first_run.make, LEFT)
    assert catalog.asked == ["emnist-balanced"]
    catalog.may_end.set()
    qtbot.waitUntil(lambda: browser.data is not None)
    assert summary(empty) == f"{N_TRAIN} of {N_TRAIN} · train"
    assert not empty.browser.catalog.is_busy


def test_a_failed_fetch_says_why_and_can_be_tried_again(
    empty: DatasetTab, catalog: PatientCatalog, qtbot: QtBot
) -> None:
    panel = empty.browser.catalog
    catalog.error = DatasetError("The server does not answer.", "Try again later.")
    catalog.may_end.set()
    qtbot.mouseClick(panel.get, LEFT)
    qtbot.waitUntil(panel.problem.isVisible)
    assert panel.problem.text() == "The server does not answer.\nTry again later."
    assert panel.get.text() == "Retry (33 MB)"
    assert not empty.browser.catalog.is_busy
    catalog.error = None
    qtbot.mouseClick(panel.get, LEFT)
    qtbot.waitUntil(lambda: empty.browser.data is not None)
    assert panel.problem.isHidden()


def test_a_fault_of_the_program_is_told_too(
    empty: DatasetTab, catalog: PatientCatalog, qtbot: QtBot
) -> None:
    catalog.error = ValueError("odd")
    catalog.may_end.set()
    qtbot.mouseClick(empty.browser.catalog.get, LEFT)
    qtbot.waitUntil(lambda: "odd" in empty.browser.catalog.problem.text())
    assert empty.browser.catalog.get.isEnabled()


def test_a_fetch_is_cancelled_and_the_tab_goes_on(
    empty: DatasetTab, catalog: PatientCatalog, qtbot: QtBot
) -> None:
    panel = empty.browser.catalog
    qtbot.mouseClick(panel.get, LEFT)
    qtbot.waitUntil(lambda: "left" in panel.progress_text.text())
    with qtbot.waitSignal(empty.status_changed) as said:
        qtbot.mouseClick(panel.cancel, LEFT)
    assert "Cancelled" in said.args[0]
    assert not empty.browser.catalog.is_busy
    assert not panel.progress.isVisible()
    assert panel.get.isVisible()
    catalog.may_end.set()
    qtbot.mouseClick(panel.get, LEFT)
    qtbot.waitUntil(lambda: empty.browser.data is not None)


def test_progress_of_unknown_length_is_shown(empty: DatasetTab) -> None:
    panel = empty.browser.catalog
    panel._on_progress(TransferProgress("make", 1200, 0, "samples", 0.0, None))
    assert panel.progress_text.text() == "Making: 1,200"
    assert panel.progress.maximum() == 0


# Looking


def test_what_is_there_is_opened_at_once(tab: DatasetTab, settings: Settings) -> None:
    assert summary(tab) == f"{N_TRAIN} of {N_TRAIN} · train"
    assert settings.get(LAST_DATASET) == "some"
    assert "Some letters" in tab.browser.side.fold.text()


def test_the_open_dataset_is_in_sight_in_the_list(
    make_tab: MakeTab,
    catalog: PatientCatalog,
    profile: Profile,
    settings: Settings,
    qtbot: QtBot,
) -> None:
    for number in range(8):
        write_dataset(profile.datasets / f"some-{number}", f"Letters {number}")
    settings.set(LAST_DATASET, "some-7")
    tab = make_tab(catalog)
    tab.resize(1100, 800)
    names = tab.browser.catalog.list
    qtbot.waitUntil(lambda: tab.browser.data is not None)
    tab.browser.side.fold.setChecked(True)
    qtbot.waitUntil(lambda: names.height() < 250)
    assert names.viewport().rect().contains(names.visualItemRect(names.currentItem()))


def test_my_samples_are_of_the_characters_that_were_drawn(profile: Profile) -> None:
    ink = Ink.from_points([[(0, 0), (9, 9)]])
    MySamples(profile.samples_file).append_all([(ink, "A"), (ink, "A"), (ink, "7")])
    (entry,) = (each for each in Catalog(profile).entries() if each.kind is Kind.SAMPLES)
    assert EntryTexts().state(entry).startswith("3 · characters: 2 · ")


def test_clicked_characters_filter_and_typed_ones_too(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    click_key(qtbot, browser, "5")
    assert summary(tab) == f"10 of {N_TRAIN} · train"
    click_key(qtbot, browser, "S")
    assert summary(tab) == f"20 of {N_TRAIN} · train"
    qtbot.keyClicks(browser.filters.search, "a")
    assert summary(tab) == f"10 of {N_TRAIN} · train"
    assert browser.filters.picker.classes == {BALANCED.index("a")}
    click_key(qtbot, browser, "b")
    assert browser.filters.search.text() == ""
    qtbot.keyClicks(browser.filters.search, "ß")
    assert summary(tab) == f"0 of {N_TRAIN} · train"
    assert browser.filters.picker.classes == frozenset()
    (clear,) = browser.filters.search.findChildren(QToolButton)
    qtbot.waitUntil(lambda: clear.property("opacity") == 1)
    qtbot.mouseClick(browser.page.show_all, LEFT)
    qtbot.waitUntil(lambda: clear.property("opacity") == 0)
    assert summary(tab) == f"{N_TRAIN} of {N_TRAIN} · train"
    assert browser.page.show_all.isHidden()


def test_splits_and_writers_filter(tab: DatasetTab, qtbot: QtBot) -> None:
    filters = tab.browser.filters
    click_key(qtbot, tab.browser, "5")
    qtbot.keyClick(filters.split, KEY.Key_Down)
    assert summary(tab) == f"2 of {N_TEST} · test"
    assert filters.writer.count() == 4
    filters.show_all()
    qtbot.keyClick(filters.writer, KEY.Key_Down)
    writer = filters.writer.currentData()
    writers = tab.browser.data.writers
    assert summary(tab) == f"{int((writers == writer).sum())} of {N_TEST} · test"
    label = int(tab.browser.data.labels[writers == writer][0])
    n_both = int((tab.browser.data.labels[writers == writer] == label).sum())
    assert filters.picker.item_text(label).endswith(f": {n_both} samples")


def test_writers_have_their_names(tab: DatasetTab) -> None:
    browser = tab.browser
    names = tuple(f"pupil {number}" for number in range(100))
    browser.filters.show_writers(((0, 3), (2, 1)), replace(browser.data, writer_names=names))
    shown = [browser.filters.writer.itemText(place) for place in range(3)]
    assert shown[1:] == ["pupil 0 (3)", "pupil 2 (1)"]


def test_shuffling_goes_on_and_order_comes_back(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    qtbot.mouseClick(browser.page.shuffle, LEFT)
    first = browser.grid.indices.tolist()
    assert sorted(first) == list(range(N_TRAIN)) != first
    assert browser.filters.order.currentData() == SampleOrder.SHUFFLED
    qtbot.mouseClick(browser.page.shuffle, LEFT)
    assert browser.grid.indices.tolist() != first
    qtbot.keyClick(browser.filters.order, KEY.Key_Home)
    assert browser.grid.indices.tolist() == list(range(N_TRAIN))


def test_samples_are_sorted_by_their_distance_from_the_mean(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    click_key(qtbot, browser, "5")
    filters = browser.filters
    filters.order.setCurrentIndex(filters.order.findData(SampleOrder.FARTHEST.value))
    qtbot.waitUntil(lambda: browser._typicality.of("some", "train", browser.data) is not None)
    measured = browser._typicality.of("some", "train", browser.data)
    assert measured is not None
    distances = measured.own[browser.grid.indices].tolist()
    assert distances == sorted(distances, reverse=True)
    assert browser.page.cancel.isHidden()
    assert summary(tab) == f"10 of {N_TRAIN} · train"


def test_what_looks_like_another_character_is_shown_most_like_it_first(
    tab: DatasetTab, qtbot: QtBot
) -> None:
    browser = tab.browser
    click_key(qtbot, browser, "5")
    like = browser.filters.like
    like.setCurrentIndex(like.findText("4"))
    qtbot.waitUntil(lambda: browser._typicality.of("some", "train", browser.data) is not None)
    assert summary(tab) == f"10 of {N_TRAIN} · train"
    assert browser.filters.order.currentData() == SampleOrder.CONFUSED
    like.setCurrentIndex(like.findText("Z z"))
    assert summary(tab) == f"0 of {N_TRAIN} · train"
    browser.filters.show_all()
    assert like.currentData() is None
    assert browser.filters.order.currentData() == SampleOrder.INDEX


def test_a_measuring_that_fails_says_why(
    tab: DatasetTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DatasetError("The file is damaged.", "Fetch it again.")

    monkeypatch.setattr("emnist_desktop.datasets.jobs.pixel_statistics", fail)
    filters = tab.browser.filters
    filters.order.setCurrentIndex(filters.order.findData(SampleOrder.NEAREST.value))
    qtbot.waitUntil(lambda: bool(tab.browser.banner.text))
    assert tab.browser.banner.text == "The file is damaged.\nFetch it again."
    assert filters.query.order is SampleOrder.INDEX


def test_measuring_is_cancelled(
    tab: DatasetTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*given: object) -> None:
        _, _, _, report, check = given
        report(0.5)
        while True:
            check()

    monkeypatch.setattr("emnist_desktop.datasets.jobs.pixel_statistics", endless)
    browser = tab.browser
    browser.filters.order.setCurrentIndex(2)
    qtbot.waitUntil(browser.page.cancel.isVisible)
    assert summary(tab) == "Measuring how typical each sample is: 25 %"
    qtbot.mouseClick(browser.page.cancel, LEFT)
    assert summary(tab) == f"{N_TRAIN} of {N_TRAIN} · train"
    assert browser.page.cancel.isHidden()


def test_a_number_is_gone_to_even_if_it_was_filtered_out(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    click_key(qtbot, browser, "5")
    qtbot.keyClick(tab, KEY.Key_G, CTRL)
    qtbot.waitUntil(browser.page.go.hasFocus)
    qtbot.keyClicks(browser.page.go, "400")
    qtbot.keyClick(browser.page.go, KEY.Key_Return)
    assert browser.grid.current == 400
    assert browser.inspector.index == 400
    assert not browser.filters.query.is_filter
    with qtbot.waitSignal(tab.status_changed) as said:
        browser.show_sample(N_TRAIN)
    assert said.args[0] == f"Expected a number from 0 to {N_TRAIN - 1}. Received: {N_TRAIN}."


def test_the_current_sample_stays_when_the_filter_keeps_it(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    browser.show_sample(FIVE + 2 * len(BALANCED))
    click_key(qtbot, browser, "5")
    assert browser.grid.current == FIVE + 2 * len(BALANCED)
    click_key(qtbot, browser, "5")
    click_key(qtbot, browser, "A")
    assert browser.grid.current == -1
    assert browser.inspector.index == -1


def test_every_five_that_looks_like_another_character_is_found(
    tab: DatasetTab, qtbot: QtBot
) -> None:
    browser = tab.browser
    click_key(qtbot, browser, "5")
    qtbot.mouseClick(browser.grid.viewport(), LEFT, NONE, browser.grid.cell(0).center())
    qtbot.waitUntil(lambda: bool(browser.inspector.other.neighbours))
    assert browser.inspector.other.neighbours[0].name == "4"
    qtbot.mouseClick(browser.inspector.show_in_grid, LEFT)
    assert browser.grid.indices[0] == FIVE
    assert summary(tab).endswith("train · like 5, number 5")
    other = browser.inspector.other
    qtbot.waitUntil(lambda: bool(other.neighbours))
    wanted = other.neighbours[0].index
    qtbot.mouseClick(other, LEFT, pos=other.item_rect(0).center())
    assert browser.inspector.index == wanted


def test_a_filter_without_a_sample_says_so(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    filters = browser.filters
    filters.split.setCurrentIndex(1)
    filters.writer.setCurrentIndex(1)
    for name in "0123456789":
        browser.filters.search.setText(name)
        if not len(browser.grid.indices):
            break
    assert browser.page.empty.isVisible()
    assert browser.page.empty.text() == "No sample is like that."
    filters.search.setText("§")
    lack = browser.page.empty.text()
    assert lack.startswith("This dataset has no character “§”. It has: 0 1 2 3")
    filters.show_all()
    assert browser.page.empty.isHidden()


def test_enter_opens_the_sample_beside_the_grid(
    tab: DatasetTab, qtbot: QtBot, tmp_path: Path
) -> None:
    browser = tab.browser
    tab.set_recognizer(FakeRecognizer(tmp_path))
    browser.views.setCurrentWidget(browser.analysis)
    browser.grid.go_to(3)
    browser.grid.setFocus()
    qtbot.keyClick(browser.grid, KEY.Key_Return)
    assert browser.views.currentWidget() is browser.inspector
    assert browser.inspector.index == 3
    assert browser.inspector.recognise.isEnabled()


def test_the_views_beside_the_grid_ask_for_samples(tab: DatasetTab) -> None:
    browser = tab.browser
    browser.analysis.sample_requested.emit("test", 7)
    assert browser.filters.split_name == "test"
    assert browser.inspector.index == 7
    browser.analysis.filter_requested.emit([5, 4, 1], "odd ones")
    assert browser.grid.indices.tolist() == [5, 4, 1]
    assert summary(tab) == f"3 of {N_TEST} · test · odd ones"


# Housekeeping


def test_a_dataset_is_removed_after_a_question(
    tab: DatasetTab, profile: Profile, qtbot: QtBot
) -> None:
    browser = tab.browser
    browser.side.fold.setChecked(True)
    assert browser.catalog.selected.name == "some"
    qtbot.mouseClick(browser.catalog.remove, LEFT)
    box = browser.findChild(QMessageBox)
    assert "Some letters" in box.text()
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Cancel), LEFT)
    assert (profile.datasets / "some").is_dir()
    qtbot.waitUntil(lambda: browser.findChild(QMessageBox) is None)
    qtbot.mouseClick(browser.catalog.remove, LEFT)
    box = browser.findChild(QMessageBox)
    button = next(b for b in box.buttons() if b.text() == "Remove")
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: not (profile.datasets / "some").exists())
    qtbot.waitUntil(lambda: browser.middle.currentWidget() is browser.first_run)
    assert browser.data is None


def test_a_damaged_dataset_is_named_and_the_others_open(
    make_tab: MakeTab, catalog: PatientCatalog, profile: Profile, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "bad")
    write_dataset(profile.datasets / "good")
    (profile.datasets / "bad" / "train-images.npy").write_bytes(b"")
    tab = make_tab(catalog)
    qtbot.waitUntil(lambda: tab.browser.data is not None)
    panel = tab.browser.catalog
    panel.select("bad")
    assert "cut short" in panel.problem.text()
    assert panel.remove.isVisibleTo(panel)
    assert not panel.open.isVisibleTo(panel)


def test_a_dataset_that_breaks_while_it_is_opened_says_so(
    tab: DatasetTab, profile: Profile, qtbot: QtBot
) -> None:
    (profile.datasets / "some" / "test-labels.npy").write_bytes(b"no array")
    tab.browser.open_dataset("some")
    qtbot.waitUntil(lambda: bool(tab.browser.banner.text))
    assert "cannot be read" in tab.browser.banner.text
    assert tab.browser.data is not None


def test_terms_and_citation_are_copied(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    browser.side.fold.setChecked(True)
    qtbot.mouseClick(browser.catalog.terms, LEFT)
    dialog = browser.findChild(TermsDialog)
    qtbot.mouseClick(dialog.copy, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "Free." in copied
    assert "Us, 2026." in copied
    dialog.close()


def test_training_on_it_is_passed_on(tab: DatasetTab, qtbot: QtBot) -> None:
    tab.browser.side.fold.setChecked(True)
    with qtbot.waitSignal(tab.use_for_training) as asked:
        qtbot.mouseClick(tab.browser.catalog.train, LEFT)
    assert asked.args == ["some"]


def test_files_are_chosen_or_dropped_to_be_imported(
    tab: DatasetTab,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: Settings,
) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("".join(f"{n}," + ",".join(["7"] * 784) + "\n" for n in range(4)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    tab.browser.catalog.import_requested.emit(False)
    dialog = tab.browser.findChild(ImportDialog)
    assert dialog.windowTitle() == "Import letters.csv"
    dialog.close()
    qtbot.waitUntil(lambda: tab.browser.findChild(ImportDialog) is None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, LEFT, NONE)
    QApplication.sendEvent(tab, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(tab, QDropEvent(QPointF(50, 50), copy, data, LEFT, NONE))
    dropped = tab.browser.findChild(ImportDialog)
    assert dropped is not None
    dropped.close()


def test_an_imported_dataset_is_opened(tab: DatasetTab, profile: Profile, qtbot: QtBot) -> None:
    write_dataset(profile.datasets / "another", "Another")
    tab.browser._on_imported("another")
    browser = tab.browser
    qtbot.waitUntil(lambda: "Another" in browser.side.fold.text())
    qtbot.waitUntil(lambda: getattr(browser.catalog.selected, "name", "") == "another")
    assert not browser.catalog._listing.is_running


def test_another_dataset_is_looked_at_from_its_beginning(
    tab: DatasetTab, profile: Profile, qtbot: QtBot
) -> None:
    browser = tab.browser
    browser.filters.order.setCurrentIndex(
        browser.filters.order.findData(SampleOrder.SHUFFLED.value)
    )
    browser.show_sample(444)
    assert browser.grid.current == 444
    write_dataset(profile.datasets / "another", "Another")
    browser._on_imported("another")
    qtbot.waitUntil(lambda: "Another" in browser.side.fold.text())
    assert browser.grid.current == -1
    assert browser.grid.verticalScrollBar().value() == 0
    assert browser.filters.order.currentData() == SampleOrder.INDEX
    assert browser.grid.indices[:3].tolist() == [0, 1, 2]


def test_a_dataset_that_grew_meanwhile_is_shown_anew(
    tab: DatasetTab, profile: Profile, qtbot: QtBot
) -> None:
    write_dataset(profile.datasets / "some", n_train=500)
    tab.set_current(False)
    tab.set_current(True)
    qtbot.waitUntil(lambda: summary(tab) == "500 of 500 · train")


def test_the_size_of_the_images_is_remembered(
    tab: DatasetTab, settings: Settings, catalog: PatientCatalog, make_tab: MakeTab
) -> None:
    tab.browser.page.size_slider.setValue(100)
    shut_down(tab)
    assert settings.get(GRID_SIZE) == 100.0
    assert make_tab(catalog).browser.grid.image_size == 100


def test_closing_ends_what_is_under_way(
    empty: DatasetTab, catalog: PatientCatalog, qtbot: QtBot
) -> None:
    panel = empty.browser.catalog
    qtbot.mouseClick(panel.get, LEFT)
    qtbot.waitUntil(lambda: "left" in panel.progress_text.text())
    shut_down(empty)
    assert not empty.browser.catalog.is_busy
    assert not catalog.may_end.is_set()


def test_what_is_selected_is_exported(
    tab: DatasetTab, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    browser = tab.browser
    browser.grid.setFocus()
    qtbot.keyClick(browser.grid, Qt.Key.Key_Home)
    qtbot.keyClick(browser.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(browser.page.export, Qt.MouseButton.LeftButton)
    dialog = browser.findChild(ExportDialog)
    assert dialog is not None
    with qtbot.waitSignal(dialog.exported) as written:
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    target = Path(written.args[0])
    assert target.parent == tmp_path
    rows = next(target.rglob("*.csv")).read_text().splitlines()
    assert len(rows) == 1 + 2


def test_samples_that_another_tab_names_are_shown(tab: DatasetTab, qtbot: QtBot) -> None:
    browser = tab.browser
    with qtbot.waitSignal(browser.dataset_opened):
        tab.show_samples("some", "test", [3, 5], "5 taken for S")
    assert browser.grid.indices.tolist() == [3, 5]
    assert "5 taken for S" in summary(tab)
    assert "test" in summary(tab)


# Files that change under the window


def test_images_that_become_shorter_are_an_error_beside_the_grid(
    tab: DatasetTab, profile: Profile, qtbot: QtBot
) -> None:
    browser = tab.browser
    for name in ("images", "labels"):
        for split in ("train", "test"):
            os.truncate(profile.datasets / "some" / f"{split}-{name}.npy", 200)
    browser.page.size_slider.setValue(browser.page.size_slider.maximum())
    qtbot.waitUntil(lambda: "has become shorter" in browser.banner.text)
    qtbot.mouseClick(browser.grid.viewport(), LEFT, NONE, browser.grid.cell(1).center())
    assert "has become shorter" in browser.inspector.problem.text()
    assert browser.inspector.pixels.isVisible()


# Memory


def test_only_the_dataset_that_is_shown_stays_open(
    make_tab: MakeTab, catalog: PatientCatalog, profile: Profile, qtbot: QtBot
) -> None:
    names = [f"some-{number}" for number in range(4)]
    for name in names:
        write_dataset(profile.datasets / name, name)
    browser = make_tab(catalog).browser
    qtbot.mouseClick(browser.side.fold, LEFT)
    browser.views.setCurrentWidget(browser.analysis)
    for name in (*names, names[0]):
        browser.catalog.select(name)
        row = browser.catalog.list.currentItem()
        area = browser.catalog.list.visualItemRect(row)
        qtbot.mouseClick(browser.catalog.list.viewport(), LEFT, NONE, area.center())
        qtbot.mouseDClick(browser.catalog.list.viewport(), LEFT, NONE, area.center())
        qtbot.waitUntil(lambda name=name: browser.data is not None and name in browser.data.name)
        for button in browser.analysis.choice.buttons:
            qtbot.mouseClick(button, LEFT)
            view = browser.analysis.stack.currentWidget()
            qtbot.waitUntil(lambda view=view: not view.task.is_running)
        qtbot.mouseClick(browser.grid.viewport(), LEFT, NONE, browser.grid.cell(1).center())
        qtbot.waitUntil(lambda: bool(browser.inspector.same.neighbours))

    def open_files() -> set[str]:
        gc.collect()
        live = [each for each in gc.get_objects() if isinstance(each, FileArray)]
        return {each.path.parent.name for each in live if each.path.is_relative_to(profile.root)}

    qtbot.waitUntil(lambda: open_files() == {names[0]})
