"""One sample: its pixels, a recogniser's answer, its neighbours, its ink."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.inspect.ink_replay import STEPS, InkReplay
from emnist_desktop.datasets.inspect.inspector import Inspector
from emnist_desktop.settings import Theme
from emnist_desktop.ui.shutdown import shut_down
from emnist_desktop.ui.style import apply_theme
from tests.emnist_desktop.dataset_fakes import write_dataset, write_inks
from tests.emnist_desktop.fakes import SURE, FakeRecognizer
from trainer.datasets.store import TEST, TRAIN
from trainer.errors import BundleError
from trainer.ink.alphabet import BALANCED
from trainer.ink.render import Image
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognition

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def inspector(qtbot: QtBot, tmp_path: Path) -> Iterator[Inspector]:
    inspector = Inspector()
    qtbot.addWidget(inspector)
    inspector.resize(300, 700)
    with qtbot.waitExposed(inspector):
        inspector.show()
    inspector.show_split(write_dataset(tmp_path / "some"), TRAIN)
    yield inspector
    shut_down(inspector)


def wait_for_neighbours(inspector: Inspector, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(inspector.same.neighbours))


def test_a_sample_tells_what_it_is(inspector: Inspector) -> None:
    inspector.show_sample(12)
    assert inspector.title.text() == "C c"
    assert inspector.info.text() == "train · number 12 · class 12 · writer 0"


def test_mouse_and_arrows_read_pixels(inspector: Inspector, qtbot: QtBot) -> None:
    inspector.show_sample(0)
    view = inspector.pixels
    qtbot.mouseMove(view, view.cell_area(2 * 28 + 10).center().toPoint())
    assert inspector.pixel.text() == "row 2, column 10: 250"
    qtbot.mouseMove(view, view.cell_area(3 * 28 + 10).center().toPoint())
    assert inspector.pixel.text() == "row 3, column 10: 0"
    qtbot.keyClick(view, KEY.Key_Up)
    assert inspector.pixel.text() == "row 2, column 10: 250"
    qtbot.mouseMove(view, QPoint(1, 1))
    assert "row" not in inspector.pixel.text()
    qtbot.keyClick(view, KEY.Key_Left)
    assert inspector.pixel.text() == "row 14, column 14: 0"


def test_the_recogniser_is_asked_about_the_very_image(
    inspector: Inspector, qtbot: QtBot, tmp_path: Path
) -> None:
    inspector.show_sample(12)
    assert not inspector.recognise.isEnabled()
    inspector.set_recognizer(FakeRecognizer(tmp_path))
    qtbot.mouseClick(inspector.recognise, LEFT)
    assert [bar.name for bar in inspector.predictions.bars] == [c.title for c in SURE]
    assert "C c 90 %" in inspector.predictions.accessibleDescription()
    before = inspector.predictions.grab().toImage()
    inspector.show_sample(13)
    assert not inspector.predictions.bars
    qtbot.mouseClick(inspector.recognise, LEFT)
    assert inspector.predictions.grab().toImage() != before


def test_a_classic_model_answers_beside_the_window(
    inspector: Inspector, tmp_path: Path, qtbot: QtBot
) -> None:
    class Slow(FakeRecognizer):
        def recognize_image(self, image: Image, *_: object) -> Recognition:
            assert threading.current_thread() is not threading.main_thread()
            return super().recognize_image(image)

    slow = Slow(tmp_path)
    slow.bundle = replace(slow.bundle, form="skops")
    inspector.set_recognizer(slow)
    inspector.show_sample(12)
    qtbot.mouseClick(inspector.recognise, LEFT)
    qtbot.waitUntil(lambda: bool(inspector.predictions.bars))


def test_a_recogniser_that_fails_says_why(
    inspector: Inspector, qtbot: QtBot, tmp_path: Path
) -> None:
    class Broken(FakeRecognizer):
        def recognize_image(self, image: Image, *_: object) -> Recognition:
            raise BundleError("The network is damaged.", "Choose another.")

    inspector.set_recognizer(Broken(tmp_path))
    inspector.show_sample(3)
    qtbot.mouseClick(inspector.recognise, LEFT)
    assert inspector.problem.text() == "The network is damaged.\nChoose another."
    inspector.show_sample(4)
    assert inspector.problem.isHidden()


def test_neighbours_of_both_kinds_are_found_and_clicked(inspector: Inspector, qtbot: QtBot) -> None:
    five = BALANCED.index("5")
    inspector.show_sample(five)
    wait_for_neighbours(inspector, qtbot)
    same, other = inspector.same.neighbours, inspector.other.neighbours
    assert {neighbour.name for neighbour in same} == {"5"}
    assert "5" not in {neighbour.name for neighbour in other}
    assert five not in {neighbour.index for neighbour in same}
    assert [n.distance for n in same] == sorted(n.distance for n in same)
    assert other[0].name == "4"  # its bar is in the same row
    with qtbot.waitSignal(inspector.sample_requested) as asked:
        qtbot.mouseClick(inspector.other, LEFT, pos=inspector.other.item_rect(0).center())
    assert asked.args == [other[0].index]
    qtbot.keyClick(inspector.same, KEY.Key_Right)
    with qtbot.waitSignal(inspector.sample_requested) as asked:
        qtbot.keyClick(inspector.same, KEY.Key_Return)
    assert asked.args == [same[1].index]
    with qtbot.waitSignal(inspector.neighbours_requested) as shown:
        qtbot.mouseClick(inspector.show_in_grid, LEFT)
    assert shown.args[0][0] == five
    assert len(shown.args[0]) == 1 + len(same) + len(other)


def test_passing_over_samples_shows_only_the_last(inspector: Inspector, qtbot: QtBot) -> None:
    for index in range(9):
        inspector.show_sample(index)
    wait_for_neighbours(inspector, qtbot)
    assert {neighbour.name for neighbour in inspector.same.neighbours} == {"8"}
    inspector.show_split(None, "")
    assert not inspector.same.neighbours
    assert inspector.index == -1


def test_a_split_without_drawings_has_no_replay(inspector: Inspector, qtbot: QtBot) -> None:
    inspector.show_sample(0)
    wait_for_neighbours(inspector, qtbot)
    assert inspector.replay.isHidden()


def test_the_ink_of_a_sample_is_replayed(
    inspector: Inspector, qtbot: QtBot, tmp_path: Path
) -> None:
    inspector.show_split(write_inks(tmp_path / "drawings"), TRAIN)
    inspector.show_sample(1)
    qtbot.waitUntil(lambda: not inspector.replay.isHidden())
    assert inspector.replay.sheet.accessibleDescription() == "2 strokes"
    replay = inspector.replay
    whole = replay.sheet.grab().toImage()
    replay.slider.setValue(STEPS // 3)
    part = replay.sheet.grab().toImage()
    assert part != whole
    qtbot.mouseClick(replay.play, LEFT)
    assert replay.play.isChecked()
    qtbot.waitUntil(lambda: replay.slider.value() > STEPS // 3)
    qtbot.mouseClick(replay.play, LEFT)
    assert not replay.play.isChecked()
    inspector.show_sample(0)
    assert replay.sheet.accessibleDescription() == "1 strokes"
    assert replay.slider.value() == STEPS


def test_a_replay_ends_by_itself_and_begins_again(qtbot: QtBot) -> None:
    replay = InkReplay()
    qtbot.addWidget(replay)
    replay.show_ink(Ink.from_points([[(0, 0), (9, 9)], [(5, 5)]]))
    replay.slider.setValue(STEPS - 20)
    replay.play.click()
    qtbot.waitUntil(lambda: not replay.play.isChecked())
    assert replay.slider.value() == STEPS
    replay.play.click()
    assert replay.slider.value() < STEPS
    replay.show_ink(None)
    assert not replay.play.isChecked()


def test_damaged_drawings_say_so_and_the_rest_works(
    inspector: Inspector, qtbot: QtBot, tmp_path: Path
) -> None:
    stored = write_inks(tmp_path / "drawings")
    (tmp_path / "drawings" / "train-inks.npz").write_bytes(b"no archive")
    inspector.show_split(stored, TRAIN)
    inspector.show_sample(0)
    qtbot.waitUntil(lambda: not inspector.problem.isHidden())
    assert inspector.problem.text()
    assert inspector.replay.isHidden()
    assert inspector.title.text() == "I i"


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_everything_is_painted_in_both_themes(
    inspector: Inspector, qtbot: QtBot, theme: Theme, qapp: object
) -> None:
    apply: Callable[..., None] = apply_theme
    apply(qapp, theme)
    inspector.show_sample(5)
    wait_for_neighbours(inspector, qtbot)
    shown = inspector.grab().toImage()
    assert len({shown.pixel(x, y) for x in range(0, 300, 3) for y in range(0, 700, 3)}) > 3


def test_another_split_is_another_search(inspector: Inspector, qtbot: QtBot) -> None:
    stored = inspector._stored
    inspector.show_sample(400)
    inspector.show_split(stored, TEST)
    inspector.show_sample(90)
    wait_for_neighbours(inspector, qtbot)
    assert max(neighbour.index for neighbour in inspector.other.neighbours) < 94
