"""Which samples are shown, and in which order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from emnist_desktop.datasets.class_picker import key_rows, short_count
from emnist_desktop.datasets.query import (
    SampleOrder,
    SampleQuery,
    classes_of_text,
    position_of,
    select,
    writers_of,
)
from emnist_desktop.datasets.row_painter import Resizer, weights
from emnist_desktop.datasets.selection_model import SelectionModel
from emnist_desktop.datasets.typicality import Typicality
from emnist_desktop.ui.format import size_text, time_text
from emnist_desktop.ui.shutdown import shut_down
from trainer.datasets.analysis.statistics import ClassDistances
from trainer.datasets.dataset import Dataset
from trainer.ink.alphabet import BALANCED, BYCLASS


def dataset(labels: list[int], writers: list[int] | None = None) -> Dataset:
    n = len(labels)
    return Dataset(
        "some",
        ("a", "b", "c", "d"),
        np.zeros((n, 2, 2), dtype=np.uint8),
        np.array(labels, dtype=np.int64),
        None if writers is None else np.array(writers, dtype=np.int64),
    )


def some_distances(n: int) -> ClassDistances:
    own = np.arange(n, dtype=np.float32)[::-1] % 7
    other = np.arange(n, dtype=np.float32) % 5 + 1
    return ClassDistances(np.arange(n), own, other, np.zeros(n, dtype=np.int64))


labels = st.lists(st.integers(0, 3), max_size=60)
classes = st.frozensets(st.integers(0, 3))


@given(labels, classes)
def test_a_filter_keeps_exactly_the_chosen_classes(labels: list[int], chosen: set[int]) -> None:
    shown = select(dataset(labels), SampleQuery(classes=frozenset(chosen)))
    wanted = [i for i, label in enumerate(labels) if not chosen or label in chosen]
    assert shown.tolist() == wanted


@given(labels, classes, st.sampled_from(SampleOrder), st.integers(0, 5))
def test_an_order_changes_only_the_order(
    labels: list[int], chosen: frozenset[int], order: SampleOrder, seed: int
) -> None:
    data = dataset(labels)
    distances = some_distances(len(labels))
    shown = select(data, SampleQuery(chosen, order=order, seed=seed), distances)
    plain = select(data, SampleQuery(chosen))
    assert sorted(shown.tolist()) == plain.tolist()
    again = select(data, SampleQuery(chosen, order=order, seed=seed), distances)
    assert shown.tolist() == again.tolist()
    if order is SampleOrder.CLASS:
        assert (np.diff(data.labels[shown]) >= 0).all()
    if order is SampleOrder.FARTHEST:
        assert (np.diff(distances.own[shown]) <= 0).all()
    if order is SampleOrder.NEAREST:
        assert (np.diff(distances.own[shown]) >= 0).all()
    if order is SampleOrder.CONFUSED:
        assert (np.diff(distances.strangeness[shown]) <= 0).all()


def test_only_what_looks_like_a_class_is_shown() -> None:
    data = dataset([0, 1, 0, 1])
    distances = replace(some_distances(4), nearest_other=np.array([1, 2, 2, 2]))
    assert select(data, SampleQuery(like=2), distances).tolist() == [1, 2, 3]
    assert select(data, SampleQuery(frozenset({1}), like=2), distances).tolist() == [1, 3]
    assert select(data, SampleQuery(like=2)).tolist() == [0, 1, 2, 3]


def test_writers_and_given_samples_are_filters_too() -> None:
    data = dataset([0, 1, 0, 1], [7, 7, 8, 8])
    assert select(data, SampleQuery(writer=7)).tolist() == [0, 1]
    assert select(data, SampleQuery(frozenset({1}), writer=8)).tolist() == [3]
    given_samples = np.array([3, 0, 99, -1, 1])
    assert select(data, SampleQuery(among=given_samples)).tolist() == [3, 0, 1]
    assert select(data, SampleQuery(frozenset({1}), among=given_samples)).tolist() == [3, 1]
    assert not select(data, SampleQuery(writer=5)).size
    assert writers_of(data) == ((7, 2), (8, 2))
    assert writers_of(dataset([0])) == ()


def test_without_distances_the_order_is_that_of_the_index() -> None:
    shown = select(dataset([1, 0, 1]), SampleQuery(order=SampleOrder.FARTHEST))
    assert shown.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "alphabet", "wanted"),
    [
        ("A g 7", BYCLASS, "Ag7"),
        ("5S", BYCLASS, "5S"),
        ("c", BALANCED, "C"),
        ("c", BYCLASS, "c"),
        ("q", tuple("ABCQ"), "Q"),
        ("?!", BYCLASS, ""),
        ("", BYCLASS, ""),
        ("A,B", BYCLASS, "AB"),
    ],
)
def test_typed_characters_mean_classes(text: str, alphabet: tuple[str, ...], wanted: str) -> None:
    assert {alphabet[label] for label in classes_of_text(text, alphabet)} == set(wanted)


def test_a_typed_name_of_several_signs_is_one_class() -> None:
    names = tuple(str(n) for n in range(17))
    assert classes_of_text("16", names) == {16}
    assert classes_of_text("1 6", names) == {1, 6}


def test_places_are_found_in_any_order() -> None:
    indices = np.array([5, 2, 9])
    assert position_of(indices, 9) == 2
    assert position_of(indices, 3) is None


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=80))
def test_every_class_has_one_key(alphabet: list[str]) -> None:
    keys = [label for row in key_rows(alphabet) for label in row]
    assert sorted(keys) == list(range(len(alphabet)))


def test_amounts_are_short() -> None:
    assert [short_count(n) for n in (0, 950, 2400, 38_374, 1_200_000)] == [
        "0",
        "950",
        "2.4k",
        "38k",
        "1.2M",
    ]
    assert [size_text(n) for n in (540, 33e6, 1.2e9)] == ["540 B", "33 MB", "1.2 GB"]
    assert [time_text(s) for s in (40.2, 170, 3900)] == ["40 s", "3 min", "1 h 05 min"]


@given(st.integers(1, 40), st.integers(1, 200))
def test_resizing_weighs_every_pixel_alike(source: int, target: int) -> None:
    matrix = weights(source, target)
    assert np.allclose(matrix.sum(axis=1), 1.0, atol=1e-5)
    assert np.allclose(matrix.sum(axis=0), target / source, atol=1e-4)


def test_enlarging_by_a_whole_number_keeps_pixels_crisp() -> None:
    image = np.array([[[0, 255], [128, 7]]], dtype=np.uint8)
    assert np.array_equal(Resizer((2, 2), (6, 6))(image)[0], np.kron(image[0], np.ones((3, 3))))


def test_picking_is_like_a_list_of_files() -> None:
    selection = SelectionModel(20)
    selection.select(5, extend=False, toggle=False, most=10)
    selection.select(8, extend=True, toggle=False, most=10)
    assert selection.selected().tolist() == [5, 6, 7, 8]
    selection.select(6, extend=False, toggle=True, most=10)
    assert selection.selected().tolist() == [5, 7, 8]
    selection.select(2, extend=False, toggle=False, most=10)
    selection.select(19, extend=True, toggle=False, most=10)
    assert selection.selected().tolist() == list(range(2, 12))
    selection.select_all(3)
    assert selection.count == 3
    assert selection.selected_between(1, 9) == [1, 2]


def test_distances_of_fewer_samples_are_not_used(qtbot: QtBot) -> None:
    images = np.random.default_rng(0).integers(0, 256, (8, 4, 4)).astype(np.uint8)
    data = Dataset("mine", ("a", "b"), images, np.arange(8) % 2)
    measuring = Typicality()
    with qtbot.waitSignal(measuring.measured):
        measuring.start("mine", "train", data.take(np.arange(6)))
    assert measuring.of("mine", "train", data.take(np.arange(6))) is not None
    assert measuring.of("mine", "train", data) is None
    shut_down(measuring)
