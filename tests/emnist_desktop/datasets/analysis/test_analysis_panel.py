"""The panel that shows what data are like: every view with real clicks and keys."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPalette
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.analysis import analysis_view, label_issues
from emnist_desktop.datasets.analysis.analysis_panel import AnalysisPanel
from emnist_desktop.datasets.analysis.analysis_view import DatasetView
from emnist_desktop.datasets.analysis.augmentation_preview import N_SAMPLES, N_VARIANTS
from emnist_desktop.settings import Theme
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from tests.emnist_desktop.test_accessibility import contrast
from tests.trainer.archives import write_archive
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import read_pen_archive
from trainer.datasets.store import DatasetWriter, StoredDataset, in_memory, open_dataset
from trainer.errors import DatasetError
from trainer.ink.alphabet import BYMERGE

ALPHABET = ("C", "7", "b", "ß")
COUNTS = (40, 80, 20, 0)


def blobs(n_test: int = 30, side: int = 12) -> StoredDataset:
    """Return images that are told apart easily; the last class has none."""
    generator = np.random.default_rng(0)
    centres = generator.integers(0, 200, (4, side, side))

    def some(labels: np.ndarray) -> Dataset:
        values = centres[labels] + generator.normal(0, 25, (len(labels), side, side))
        return Dataset("blobs", ALPHABET, np.clip(values, 0, 255).astype(np.uint8), labels)

    train = some(np.repeat(np.arange(4), COUNTS))
    test = some(np.arange(n_test) % 3)
    return in_memory("blobs", "Blobs", {"train": train, "test": test})


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[AnalysisPanel]:
    panel = AnalysisPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 620)
    with qtbot.waitExposed(panel):
        panel.show()
    yield panel
    shut_down(panel)


@pytest.fixture
def stored() -> StoredDataset:
    return blobs()


def turn_to(panel: AnalysisPanel, view: DatasetView, qtbot: QtBot) -> None:
    """Click the view's button and wait until it is done."""
    button = panel.choice.buttons[panel.views.index(view)]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for(view, qtbot)


def wait_for(view: DatasetView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view.task.is_running)


def test_without_a_dataset_it_says_what_to_do(panel: AnalysisPanel) -> None:
    assert panel.nothing.isVisible()
    assert "Open a dataset" in panel.nothing.text()
    assert not panel.choice.isEnabled()


def test_an_empty_selection_says_so(panel: AnalysisPanel, stored: StoredDataset) -> None:
    panel.show_dataset(stored, "train", np.empty(0, dtype=np.int64))
    assert panel.nothing.isVisible()
    assert "no samples" in panel.nothing.text()
    panel.show_dataset(stored, "train")
    assert not panel.nothing.isVisible()


def test_only_the_view_in_sight_works(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    wait_for(panel.distribution, qtbot)
    assert [view.shown is not None for view in panel.views] == [True] + [False] * 6
    panel.hide()
    panel.show_dataset(stored, "test")
    assert panel.distribution.shown is not None
    assert panel.distribution.shown.split == "train"
    panel.show()
    assert panel.distribution.shown.split == "test"


def test_bars_show_the_counts_of_both_splits(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    wait_for(panel.distribution, qtbot)
    view = panel.distribution
    bars = view.chart.bars
    assert [bar.name for bar in bars] == ["C c", "7", "b", "ß"]
    assert [bar.counts for bar in bars] == [(40, 10), (80, 10), (20, 10), (0, 0)]
    assert "“7” has 4.0 times as many samples as “b”" in view.sentence.text()
    assert "1 of 4 classes have none" in view.sentence.text()
    view.order.setFocus()
    qtbot.keyClick(view.order, Qt.Key.Key_Down)
    assert [bar.name for bar in view.chart.bars] == ["7", "C c", "b", "ß"]
    qtbot.keyClick(view.order, Qt.Key.Key_Down)
    assert [bar.name for bar in view.chart.bars] == ["ß", "b", "C c", "7"]


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_each_of_three_splits_has_a_colour(
    panel: AnalysisPanel,
    stored: StoredDataset,
    qtbot: QtBot,
    qapp: QApplication,
    theme: Theme,
) -> None:
    apply_theme(qapp, theme)
    parts = {**stored.splits, "validation": stored.splits["test"]}
    panel.show_dataset(in_memory("some", "Some", parts), "train")
    wait_for(panel.distribution, qtbot)
    view = panel.distribution
    assert [bar.counts for bar in view.chart.bars][1] == (80, 10, 10)
    legend = view.legend.text().replace("&nbsp;", " ")
    assert re.findall("> ([a-z]+ [0-9]+)", legend) == ["train 140", "validation 30", "test 30"]
    colors = re.findall("color:(#[0-9a-f]{6})", legend)
    ground = view.palette().color(QPalette.ColorRole.Window)
    assert all(contrast(QColor(color), ground) >= 3 for color in colors)
    shot = view.chart.grab(view.chart.cell_rect(1)).toImage()
    x = next(x for x in range(shot.width()) if shot.pixelColor(x, 6).name() == colors[0]) + 3
    column = [shot.pixelColor(x, y).name() for y in range(shot.height())]
    assert list(dict.fromkeys(name for name in column if name in colors)) == colors


def test_one_class_is_not_called_even(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train", np.flatnonzero(stored.splits["train"].labels == 1))
    wait_for(panel.distribution, qtbot)
    assert panel.distribution.sentence.text() == "All samples are of one class: “7”."


def test_even_classes_are_called_even(panel: AnalysisPanel, qtbot: QtBot) -> None:
    panel.show_dataset(blobs(), "test")
    wait_for(panel.distribution, qtbot)
    assert "even" in panel.distribution.sentence.text()


def test_a_bar_filters_the_grid(panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot) -> None:
    panel.show_dataset(stored, "train")
    wait_for(panel.distribution, qtbot)
    chart = panel.distribution.chart
    with qtbot.waitSignal(panel.filter_requested) as clicked:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.item_rect(2).center())
    indices, title = clicked.args
    assert indices.tolist() == list(range(120, 140))
    assert title == "Class b"
    with qtbot.waitSignal(panel.filter_requested) as pressed:
        qtbot.keyClick(chart, Qt.Key.Key_Up)
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert pressed.args[1] == "Class 7"
    assert "80 train" in chart.accessibleDescription()


def test_of_a_selection_only_its_samples_count(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    chosen = np.array([0, 1, 45, 46, 47, 139])
    panel.show_dataset(stored, "train", chosen)
    wait_for(panel.distribution, qtbot)
    chart = panel.distribution.chart
    assert [bar.counts for bar in chart.bars] == [(2,), (3,), (1,), (0,)]
    with qtbot.waitSignal(panel.filter_requested) as clicked:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.item_rect(1).center())
    assert clicked.args[0].tolist() == [45, 46, 47]


def test_what_the_panel_filters_leaves_it_as_it_is(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    wait_for(panel.distribution, qtbot)
    assert panel.caption.text() == "Blobs, train: all 140 samples"
    chart = panel.distribution.chart
    with qtbot.waitSignal(panel.filter_requested) as clicked:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.item_rect(1).center())
    panel.show_dataset(stored, "train", clicked.args[0][::-1])
    assert chart.bars[0].counts == (40, 10)
    panel.show_dataset(stored, "train", np.arange(30, 50))
    wait_for(panel.distribution, qtbot)
    assert chart.bars[0].counts == (10,)
    assert panel.caption.text() == "Blobs, train: the 20 samples that the grid shows"
    panel.show_dataset(stored, "train", clicked.args[0])
    wait_for(panel.distribution, qtbot)
    assert chart.bars[1].counts == (80,)


def test_means_are_shown_and_filter(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    turn_to(panel, panel.means, qtbot)
    grid = panel.means.tiles
    data = stored.splits["train"]
    expected = np.rint(data.images[data.labels == 2].mean(axis=0))
    np.testing.assert_allclose(grid.tiles[2].images[0], expected, atol=1)
    assert [tile.caption for tile in grid.tiles] == ["C c", "7", "b", "ß"]
    with qtbot.waitSignal(panel.filter_requested) as clicked:
        place = grid.tile_rect(1).center()
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place)
    assert len(clicked.args[0]) == 80
    panel.means.kind.setFocus()
    qtbot.keyClick(panel.means.kind, Qt.Key.Key_Down)
    deviation = 2 * data.images[data.labels == 2].std(axis=0)
    np.testing.assert_allclose(grid.tiles[2].images[0], deviation, atol=1)


def test_tiles_are_reached_by_keys_and_explain_themselves(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    turn_to(panel, panel.means, qtbot)
    grid = panel.means.tiles
    grid.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(grid, key)
    assert grid.accessibleDescription().startswith("7: 80 samples")
    with qtbot.waitSignal(panel.filter_requested) as chosen:
        qtbot.keyClick(grid, Qt.Key.Key_Space)
    assert chosen.args[1] == "Class 7"
    place = grid.tile_rect(2).center()
    QApplication.sendEvent(grid, QHelpEvent(QEvent.Type.ToolTip, place, grid.mapToGlobal(place)))
    assert QToolTip.text().startswith("b: 20 samples")
    with qtbot.assertNotEmitted(panel.filter_requested):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(grid.width() - 2, 1))


def test_pixels_are_averaged_raw_and_scaled(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    turn_to(panel, panel.pixels, qtbot)
    view, images = panel.pixels, stored.splits["train"].images
    np.testing.assert_allclose(view.raw.values, images.mean(axis=0))
    maps = (view.raw, view.standard, view.min_max)
    assert len({each.title_font().pointSizeF() for each in maps}) == 1
    np.testing.assert_allclose(view.standard.values, 0, atol=1e-9)
    assert view.min_max.values is not None
    assert 0 <= view.min_max.values.min() <= view.min_max.values.max() <= 1
    assert "MinMaxScaler suits pictures" in view.sentence.text()
    place = QPoint(3, 60)
    help_event = QHelpEvent(QEvent.Type.ToolTip, place, view.raw.mapToGlobal(place))
    QApplication.sendEvent(view.raw, help_event)
    assert QToolTip.text().startswith("row ")


def test_one_of_each_goes_to_its_sample_and_shuffles(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    view = panel.class_samples
    turn_to(panel, view, qtbot)
    labels = stored.splits["train"].labels
    assert [tile.caption for tile in view.tiles.tiles] == ["C c", "7", "b"]
    assert "Classes without a sample here: 1" in view.sentence.text()
    seen = set()
    for _ in range(3):
        with qtbot.waitSignal(panel.sample_requested) as clicked:
            place = view.tiles.tile_rect(1).center()
            qtbot.mouseClick(view.tiles, Qt.MouseButton.LeftButton, pos=place)
        split, index = clicked.args
        assert split == "train"
        assert labels[index] == 1
        seen.add(index)
        qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)
        wait_for(view, qtbot)
    assert len(seen) > 1


def test_augmentation_varies_the_selection_live(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    view = panel.augmentation
    turn_to(panel, view, qtbot)
    assert len(view.rows.variants) == N_SAMPLES
    panel.show_selection(np.array([77]))
    wait_for(view, qtbot)
    assert len(view.rows.variants) == 1
    assert len(view.rows.variants[0]) == N_VARIANTS
    assert not view.strokes.isVisible()
    before = view.rows.variants
    slider = view.settings["rotation"].slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert view.augmentation.rotation == 45.0
    assert view.rows.variants != before
    bent = view.rows.variants
    qtbot.mouseClick(view.again, Qt.MouseButton.LeftButton)
    assert view.rows.variants != bent
    qtbot.mouseClick(view.reset, Qt.MouseButton.LeftButton)
    assert view.augmentation.rotation == 10.0
    with qtbot.waitSignal(panel.sample_requested) as clicked:
        place = view.rows.original_rect(0).center()
        qtbot.mouseClick(view.rows, Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == ["train", 77]


def test_without_augmentation_variants_are_the_original(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "test", np.array([4]))
    view = panel.augmentation
    turn_to(panel, view, qtbot)
    for setting in view.settings.values():
        setting.slider.setFocus()
        qtbot.keyClick(setting.slider, Qt.Key.Key_Home)
    original = stored.splits["test"].images[4]
    shown = view.rows.variants[0][0]
    levels = [shown.pixelColor(x, 5).red() for x in range(shown.width())]
    assert levels == original[5].tolist()


def test_strokes_are_bent_where_there_are_some(
    panel: AnalysisPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    archive = replace(read_pen_archive(write_archive(tmp_path / "pen.npz", n=24)), name="pen")
    with DatasetWriter(tmp_path / "pen", title="Pen", alphabet=archive.alphabet) as writer:
        writer.append_inks("train", archive)
    panel.resize(700, 620)
    panel.show_dataset(open_dataset(tmp_path / "pen"), "train")
    view = panel.augmentation
    turn_to(panel, view, qtbot)
    assert view.strokes.isVisible()
    warped = view.rows.variants
    qtbot.mouseClick(view.strokes, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert view.settings["pen"].slider.isVisible()
    assert view.rows.variants != warped
    thin = view.rows.variants
    view.settings["pen"].slider.setFocus()
    qtbot.keyClick(view.settings["pen"].slider, Qt.Key.Key_End)
    assert view.rows.variants != thin
    panel.show_dataset(blobs(), "train")
    wait_for(view, qtbot)
    assert not view.strokes.isVisible()
    assert not view.settings["pen"].slider.isVisible()
    assert len(view.rows.variants) == N_SAMPLES


def leaky() -> StoredDataset:
    stored = blobs()
    test = stored.splits["test"]
    test.images[3] = stored.splits["train"].images[100]
    test.images[4] = np.clip(stored.splits["train"].images[10].astype(int) + 3, 0, 255)
    return stored


def test_a_leak_is_named_with_its_count(panel: AnalysisPanel, qtbot: QtBot) -> None:
    panel.show_dataset(leaky(), "test")
    view = panel.copies
    turn_to(panel, view, qtbot)
    assert view.leak.isVisible()
    assert "A leak from training to test: 1 of 30" in view.leak.text()
    assert "A possible leak: 1 of 30" in view.leak.text()
    assert "whole dataset: 1. Nearly equal pairs: 1." in view.sentence.text()
    assert [tile.is_marked for tile in view.tiles.tiles] == [True, True]
    for part, expected in ((0, ["train", 100]), (1, ["test", 3])):
        with qtbot.waitSignal(panel.sample_requested) as clicked:
            place = view.tiles.tile_rect(0, part).center()
            qtbot.mouseClick(view.tiles, Qt.MouseButton.LeftButton, pos=place)
        assert clicked.args == expected
    with qtbot.waitSignal(panel.filter_requested) as shown:
        qtbot.mouseClick(view.show_all, Qt.MouseButton.LeftButton)
    assert shown.args[0].tolist() == [3, 4]
    panel.show_dataset(panel.copies.shown.stored, "train")
    assert not view.task.is_running  # what was found is true of either split
    assert len(view.tiles.tiles) == 2
    with qtbot.waitSignal(panel.filter_requested) as shown:
        qtbot.mouseClick(view.show_all, Qt.MouseButton.LeftButton)
    assert shown.args[0].tolist() == [10, 100]


def test_a_leak_to_validation_is_said_of_validation(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    train = stored.splits["train"]
    copied = replace(train, images=train.images[:5], labels=train.labels[:5])
    panel.show_dataset(in_memory("some", "Some", {"train": train, "validation": copied}), "train")
    turn_to(panel, panel.copies, qtbot)
    assert panel.copies.leak.text() == (
        "5 of 5 validation samples are in the training data, too: the validation accuracy is too "
        "high."
    )


def test_how_near_is_near_can_be_set(panel: AnalysisPanel, qtbot: QtBot) -> None:
    panel.show_dataset(leaky(), "train")
    view = panel.copies
    turn_to(panel, view, qtbot)
    view.near.setFocus()
    view.near.selectAll()
    qtbot.keyClicks(view.near, "0")
    qtbot.keyClick(view.near, Qt.Key.Key_Return)
    wait_for(view, qtbot)
    assert "whole dataset: 1. Nearly equal pairs: 0." in view.sentence.text()


def test_clean_data_have_neither_copies_nor_doubts(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    panel.show_dataset(stored, "train")
    turn_to(panel, panel.copies, qtbot)
    assert panel.copies.sentence.text() == "No two samples of the dataset are alike."
    assert not panel.copies.leak.isVisible()
    assert not panel.copies.show_all.isEnabled()
    turn_to(panel, panel.label_issues, qtbot)
    assert panel.label_issues.sentence.text() == "No label is in doubt."
    assert not panel.label_issues.show_all.isEnabled()


def test_labels_in_doubt_are_found(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot
) -> None:
    stored.splits["train"].labels[[5, 70]] = [1, 2]
    panel.show_dataset(stored, "train")
    view = panel.label_issues
    turn_to(panel, view, qtbot)
    assert view.sentence.text().startswith("Labels in doubt: 2.")
    assert sorted(tile.caption for tile in view.tiles.tiles) == ["7 → C c?", "b → 7?"]
    with qtbot.waitSignal(panel.filter_requested) as shown:
        qtbot.mouseClick(view.show_all, Qt.MouseButton.LeftButton)
    assert sorted(shown.args[0].tolist()) == [5, 70]
    with qtbot.waitSignal(panel.sample_requested) as clicked:
        place = view.tiles.tile_rect(0).center()
        qtbot.mouseClick(view.tiles, Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args[1] in {5, 70}


def test_what_is_known_is_shown_again_at_once(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.show_dataset(stored, "train")
    turn_to(panel, panel.means, qtbot)
    panel.show_dataset(stored, "test")
    wait_for(panel.means, qtbot)

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(analysis_view, "pixel_statistics", never)
    panel.show_dataset(stored, "train")
    assert not panel.means.task.is_running
    assert "80 samples" in panel.means.tiles.tiles[1].name


def test_nothing_is_held_of_what_is_removed(panel: AnalysisPanel, qtbot: QtBot) -> None:
    stored = blobs()
    held = weakref.ref(stored)
    panel.show_dataset(stored, "train")
    panel.show_selection(np.array([3]))
    for view in panel.views:
        turn_to(panel, view, qtbot)
    panel.show_dataset(stored, "test")
    panel.show_nothing()
    assert "Open a dataset" in panel.nothing.text()
    assert panel.nothing.isVisible()
    del stored
    gc.collect()
    assert held() is None
    panel.show_dataset(blobs(), "train")
    wait_for(panel.label_issues, qtbot)
    assert panel.label_issues.sentence.text() == "No label is in doubt."


def test_a_failure_is_said_and_can_be_tried_again(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise DatasetError("The file is damaged.", "Fetch it again.")

    panel.show_dataset(stored, "train")
    with monkeypatch.context() as patch:
        patch.setattr(analysis_view, "pixel_statistics", broken)
        turn_to(panel, panel.means, qtbot)
        qtbot.waitUntil(panel.means.status.label.isVisible)
    assert panel.means.status.label.text() == "The file is damaged.\nFetch it again."
    qtbot.mouseClick(panel.means.status.button, Qt.MouseButton.LeftButton)
    wait_for(panel.means, qtbot)
    assert not panel.means.status.isVisible()
    assert len(panel.means.tiles.tiles) == 4


def test_long_work_tells_how_far_it_is_and_can_be_ended(
    panel: AnalysisPanel, stored: StoredDataset, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(splits: object, near: object, report: object, check: object) -> None:
        report(0.25)  # type: ignore[operator]
        while True:
            check()  # type: ignore[operator]

    panel.show_dataset(stored, "train")
    view = panel.copies
    with monkeypatch.context() as patch:
        patch.setattr(label_issues, "find_duplicates", endless)
        qtbot.mouseClick(panel.choice.buttons[panel.views.index(view)], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: view.status.bar.value() == 250)
        qtbot.mouseClick(view.status.button, Qt.MouseButton.LeftButton)
        assert not view.task.is_running
        assert "Ended" in view.status.label.text()
    qtbot.mouseClick(view.status.button, Qt.MouseButton.LeftButton)
    wait_for(view, qtbot)
    assert view.sentence.text() == "No two samples of the dataset are alike."


@pytest.mark.parametrize(
    ("theme", "width", "height"), [(Theme.LIGHT, 300, 420), (Theme.DARK, 900, 800)]
)
def test_every_view_is_painted_in_any_size_and_theme(
    panel: AnalysisPanel,
    qapp: QApplication,
    qtbot: QtBot,
    theme: Theme,
    width: int,
    height: int,
) -> None:
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (94, 28, 28), dtype=np.uint8)
    data = Dataset("emnist", BYMERGE, images, np.arange(94) % 47)
    panel.resize(width, height)
    panel.show_dataset(in_memory("emnist", "EMNIST", {"train": data}), "train")
    apply_theme(qapp, theme)
    for view in panel.views:
        turn_to(panel, view, qtbot)
        shot = panel.grab().toImage()
        colors = {
            shot.pixel(x, y) for x in range(0, shot.width(), 13) for y in range(0, shot.height(), 9)
        }
        assert len(colors) > 3
        assert panel.width() == width
    right = max(b.geometry().right() for b in panel.choice.buttons)
    assert right <= panel.choice.width()
