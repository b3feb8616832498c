"""The confusion matrix, with a real mouse and real keys."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from emnist_desktop.trainer_process.history import History
from emnist_desktop.training.monitor.confusion_view import ConfusionView
from emnist_desktop.ui.charts.confusion_matrix import Unit, order_by_confusion, shares, worst_pairs
from tests.emnist_desktop.fake_trainer import epoch_events, started

LEFT = Qt.MouseButton.LeftButton
COUNTS = np.array([[8, 0, 2], [0, 10, 0], [5, 1, 4]])


@pytest.fixture
def history() -> History:
    made = History()
    made.add([started(9), *epoch_events(1), *epoch_events(2)])
    return made


@pytest.fixture
def view(qtbot: QtBot, history: History) -> ConfusionView:
    made = ConfusionView()
    qtbot.addWidget(made)
    made.resize(400, 500)
    with qtbot.waitExposed(made):
        made.show()
    made.show_history(history)
    return made


matrices = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.integers(0, 50), min_size=n * n, max_size=n * n).map(
        lambda cells: np.array(cells).reshape(n, n)
    )
)


@given(matrices)
def test_every_class_is_in_the_order_once(counts: np.ndarray) -> None:
    assert sorted(order_by_confusion(counts)) == list(range(len(counts)))


@given(matrices, st.sampled_from(list(Unit)))
def test_shares_are_shares(counts: np.ndarray, unit: Unit) -> None:
    found = shares(counts, unit)
    assert found.min() >= 0
    assert found.max() <= 1


def test_confused_classes_stand_side_by_side() -> None:
    order = list(order_by_confusion(COUNTS))
    assert abs(order.index(0) - order.index(2)) == 1


def test_the_worst_pairs_come_first() -> None:
    assert worst_pairs(COUNTS) == [(2, 0), (0, 2), (2, 1)]
    assert worst_pairs(np.eye(3, dtype=np.int64)) == []


def test_the_mouse_says_what_is_taken_for_what(view: ConfusionView, qtbot: QtBot) -> None:
    view.slider.setValue(0)
    qtbot.mouseMove(
        view.matrix, view.matrix.cell_area(view.matrix.number_of(2, 3)).center().toPoint()
    )
    assert view.hovered.text() == "5 taken for S: 5 of 10"
    qtbot.mouseMove(
        view.matrix, view.matrix.cell_area(view.matrix.number_of(2, 2)).center().toPoint()
    )
    assert view.hovered.text() == "5 read right: 5 of 10"


def test_a_click_chooses_the_cell_in_any_order(view: ConfusionView, qtbot: QtBot) -> None:
    view.order.setCurrentIndex(1)
    with qtbot.waitSignal(view.cell_chosen) as signal:
        qtbot.mouseClick(
            view.matrix,
            LEFT,
            pos=view.matrix.cell_area(view.matrix.number_of(1, 2)).center().toPoint(),
        )
    assert signal.args == [2, 1, 2]


def test_keys_walk_and_open(view: ConfusionView, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(view.matrix, key)
    with qtbot.waitSignal(view.cell_chosen) as signal:
        qtbot.keyClick(view.matrix, Qt.Key.Key_Return)
    assert signal.args == [2, 2, 1]


def test_the_slider_goes_back_and_stays_there(view: ConfusionView, history: History) -> None:
    assert view.epoch.text() == "epoch 2 of 2"
    view.slider.setValue(0)
    history.add(epoch_events(3))
    view.refresh()
    assert view.epoch.text() == "epoch 1 of 3"
    view.slider.setValue(2)
    history.add(epoch_events(4))
    view.refresh()
    assert view.epoch.text() == "epoch 4 of 4"


def test_the_worst_pairs_are_links(view: ConfusionView, qtbot: QtBot) -> None:
    view.slider.setValue(0)
    assert "5 taken for S: 5 of 10".replace(" ", "&nbsp;") in view.pairs.text()
    with qtbot.waitSignal(view.cell_chosen) as signal:
        view.pairs.linkActivated.emit("2-3")
    assert signal.args == [1, 2, 3]


def test_it_says_when_there_is_nothing(qtbot: QtBot) -> None:
    view = ConfusionView()
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    assert view.nothing.isVisible()
    assert not view.matrix.isVisible()


@pytest.mark.parametrize("unit", range(3))
@pytest.mark.parametrize("size", [(220, 320), (900, 900)])
def test_every_unit_is_painted(view: ConfusionView, unit: int, size: tuple[int, int]) -> None:
    view.unit.setCurrentIndex(unit)
    view.resize(*size)
    assert len({view.matrix.grab().toImage().pixel(x, x) for x in range(20, 180)}) > 2


def test_a_single_matrix_has_no_way_back(view: ConfusionView) -> None:
    assert view.slider.isVisible()
    single = History()
    single.add([started(1), *epoch_events(1)])
    view.show_history(single)
    assert view.matrix.isVisible()
    assert not view.slider.isVisible()
    assert not view.epoch.isVisible()
