"""Which samples were misread: filtered, ordered, told from changed data, and written out."""

from __future__ import annotations

import csv
import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PillowImage

from trainer.errors import DatasetError
from trainer.evaluation import errors
from trainer.evaluation.errors import (
    COLUMNS,
    TABLE_NAME,
    Alike,
    ErrorOrder,
    ErrorQuery,
    ambiguous,
    check_samples,
    export_errors,
    folder_name,
    pairs,
    ranking,
    select,
    typical,
    wrong,
)
from trainer.evaluation.report.predictions import Predictions
from trainer.ink.alphabet import BALANCED, BYCLASS
from trainer.ink.render import Image

CHARACTERS = ("0", "5", "O", "S", "X")
ZERO, FIVE, CAPITAL_O, S, X = range(5)


def read(answers: list[tuple[int, int, float]]) -> Predictions:
    """Return predictions from what each sample is, what it was taken for, and how surely."""
    probabilities = np.zeros((len(answers), len(CHARACTERS)), dtype=np.float32)
    for row, (_, predicted, sure) in enumerate(answers):
        probabilities[row] = (1 - sure) / (len(CHARACTERS) - 1)
        probabilities[row, predicted] = sure
    truth = np.array([true for true, _, _ in answers], dtype=np.int64)
    return Predictions.of(probabilities, truth, CHARACTERS)


SOME = read(
    [
        (FIVE, S, 0.6),  # 0
        (FIVE, FIVE, 0.9),  # 1
        (ZERO, CAPITAL_O, 0.8),  # 2
        (X, S, 0.95),  # 3
        (FIVE, S, 0.7),  # 4
        (S, FIVE, 0.5),  # 5
        (FIVE, FIVE, 0.99),  # 6
        (FIVE, X, 0.4),  # 7
    ]
)

PREDICTIONS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.3, 0.5, 0.5, 0.9])),
    min_size=1,
    max_size=30,
).map(read)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (ErrorQuery(), [3, 2, 4, 0, 5, 7]),
        (ErrorQuery(order=ErrorOrder.LEAST_SURE), [7, 5, 0, 4, 2, 3]),
        (ErrorQuery(order=ErrorOrder.CLASS), [2, 4, 0, 7, 5, 3]),
        (ErrorQuery(order=ErrorOrder.INDEX), [0, 2, 3, 4, 5, 7]),
        (ErrorQuery(true=FIVE), [4, 0, 7]),
        (ErrorQuery(predicted=S), [3, 4, 0]),
        (ErrorQuery(true=FIVE, predicted=S), [4, 0]),
        (ErrorQuery(true=X, predicted=ZERO), []),
        (ErrorQuery(alike=Alike.ONLY), [2, 4, 0, 5]),
        (ErrorQuery(alike=Alike.WITHOUT), [3, 7]),
        (ErrorQuery(true=FIVE, alike=Alike.WITHOUT), [7]),
        (ErrorQuery(true=FIVE, predicted=FIVE), [6, 1]),
    ],
)
def test_a_query_gets_its_rows_in_its_order(query: ErrorQuery, rows: list[int]) -> None:
    assert select(SOME, query).tolist() == rows


@given(
    PREDICTIONS,
    st.one_of(st.none(), st.integers(0, 4)),
    st.one_of(st.none(), st.integers(0, 4)),
    st.sampled_from(list(Alike)),
    st.sampled_from(list(ErrorOrder)),
)
def test_no_mistake_is_lost_or_shown_twice(
    found: Predictions, true: int | None, predicted: int | None, alike: Alike, order: ErrorOrder
) -> None:
    rows = select(found, ErrorQuery(true, predicted, alike, order)).tolist()
    reads_right = true is not None and true == predicted
    alike_rows = {Alike.ALL: wrong(found), Alike.ONLY: ambiguous(found)}.get(
        alike, wrong(found) & ~ambiguous(found)
    )
    expected = [
        row
        for row in range(len(found))
        if (found.truth[row] == found.predicted[row] if reads_right else alike_rows[row])
        and true in (None, found.truth[row])
        and predicted in (None, found.predicted[row])
    ]
    assert sorted(rows) == expected
    sure = found.predicted_probability[rows]
    if order is ErrorOrder.SUREST:
        assert (np.diff(sure) <= 0).all()
    if order is ErrorOrder.LEAST_SURE:
        assert (np.diff(sure) >= 0).all()


@given(PREDICTIONS)
def test_pairs_count_every_mistake_once_the_worst_first(found: Predictions) -> None:
    counted = pairs(found)
    assert sum(pair.count for pair in counted) == wrong(found).sum()
    assert [pair.count for pair in counted] == sorted((p.count for p in counted), reverse=True)
    for pair in counted:
        assert len(select(found, ErrorQuery(pair.true, pair.predicted))) == pair.count > 0


def test_look_alikes_are_pairs_within_a_group() -> None:
    assert [(pair.true, pair.predicted) for pair in pairs(SOME, Alike.ONLY)] == [
        (FIVE, S),
        (ZERO, CAPITAL_O),
        (S, FIVE),
    ]


def test_typical_ones_are_right_and_from_all_over() -> None:
    assert typical(SOME, FIVE, 5).tolist() == [1, 6]
    assert typical(SOME, X, 5).tolist() == []
    many = read([(FIVE, FIVE, 0.9)] * 100 + [(FIVE, S, 0.9)] * 100)
    assert typical(many, FIVE, 4).tolist() == [0, 33, 66, 99]


@given(PREDICTIONS)
def test_a_ranking_begins_with_the_answer_and_names_the_truth(found: Predictions) -> None:
    for row in range(len(found)):
        ranked = ranking(found, row)
        names = [name for name, _ in ranked]
        shares = [share for _, share in ranked]
        assert shares == sorted(shares, reverse=True)
        assert len(set(names)) == len(names)
        assert max(shares) == pytest.approx(float(found.predicted_probability[row]))
        assert {int(found.truth[row]), int(found.predicted[row])} <= set(names)


def test_a_model_of_one_character_is_quite_sure_of_it() -> None:
    found = Predictions.of(np.ones((1, 1), np.float32), np.zeros(1, np.int64), ("A",))
    assert ranking(found, 0) == ((0, 1.0),)


def test_samples_that_are_the_same_pass_whatever_their_alphabet() -> None:
    labels = SOME.truth.copy()
    check_samples(SOME, labels, CHARACTERS)
    check_samples(SOME, np.append(labels, X), CHARACTERS)
    check_samples(SOME, np.array([4, 3, 2, 1, 0])[labels], CHARACTERS[::-1])
    by_class = np.array([BYCLASS.index(name) for name in "cCa"])
    merged = np.array([BALANCED.index(name) for name in "CCa"])
    found = Predictions.of(np.ones((3, 47), np.float32) / 47, merged, BALANCED)
    check_samples(found, by_class, BYCLASS)


@pytest.mark.parametrize(
    "change",
    [
        lambda labels: labels[:-1],
        lambda labels: labels[::-1],
        lambda labels: (labels + 1) % len(CHARACTERS),
    ],
    ids=["fewer", "another order", "others"],
)
def test_samples_that_have_changed_are_told(
    change: Callable[[np.ndarray], np.ndarray],
) -> None:
    with pytest.raises(DatasetError, match="has changed") as caught:
        check_samples(SOME, change(SOME.truth), CHARACTERS)
    assert caught.value.hint


def test_samples_of_other_characters_are_told() -> None:
    with pytest.raises(DatasetError, match="has changed"):
        check_samples(SOME, SOME.truth, ("a", "b", "d", "e", "f"))


def test_indices_outside_the_split_are_told() -> None:
    for bad in (SOME.indices - 1, SOME.indices + 1):
        with pytest.raises(DatasetError, match="has changed"):
            check_samples(replace(SOME, indices=bad), SOME.truth, CHARACTERS)


def image(index: int) -> Image:
    return np.full((28, 28), 10 * index, dtype=np.uint8)


def test_pictures_and_table_say_what_was_shown(tmp_path: Path) -> None:
    shares: list[float] = []
    folder = tmp_path / "out"
    rows = select(SOME, ErrorQuery())
    export_errors(SOME, rows, image, folder, "Ours.", (shares.append, lambda: None))
    with (folder / TABLE_NAME).open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert tuple(table[0]) == COLUMNS
    assert [int(line["index"]) for line in table] == SOME.indices[rows].tolist()
    assert table[1] == {
        "file": "0002-0-as-O_upper-80.png",
        "index": "2",
        "true": "0",
        "predicted": "O",
        "confidence": "0.8000",
        "second": "0",
        "second_confidence": "0.0500",
        "third": "5",
        "third_confidence": "0.0500",
        "true_confidence": "0.0500",
    }
    for line in table:
        picture = np.asarray(PillowImage.open(folder / line["file"]))
        assert picture.shape == (28, 28)
        assert (picture == 10 * int(line["index"])).all()
    assert (folder / "about.txt").read_text(encoding="utf-8") == "Ours.\n"
    assert len(list(folder.iterdir())) == len(rows) + 2
    assert shares[-1] == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_taken_and_one_in_use_is_not(tmp_path: Path) -> None:
    rows = select(SOME, ErrorQuery(true=FIVE))
    (tmp_path / "empty").mkdir()
    export_errors(SOME, rows, image, tmp_path / "empty")
    assert len(list((tmp_path / "empty").glob("*.png"))) == 3
    assert not (tmp_path / "empty" / "about.txt").exists()
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine")
    with pytest.raises(DatasetError, match="new or empty folder"):
        export_errors(SOME, rows, image, used)
    with pytest.raises(DatasetError, match="new or empty folder"):
        export_errors(SOME, rows, image, used / "mine.txt")
    assert (used / "mine.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "used"]


def test_nothing_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nothing to export"):
        export_errors(SOME, np.empty(0, dtype=np.int64), image, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_cancel_leaves_nothing(tmp_path: Path) -> None:
    class EndedError(Exception):
        pass

    def end() -> None:
        raise EndedError

    with pytest.raises(EndedError):
        export_errors(
            SOME,
            select(SOME, ErrorQuery()),
            image,
            tmp_path / "out",
            reporting=(lambda _: None, end),
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written")]
)
def test_a_disk_that_takes_no_more_is_said(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "the disk says no")

    monkeypatch.setattr(errors.PillowImage.Image, "save", refuse)
    with pytest.raises(DatasetError, match=words) as caught:
        export_errors(SOME, select(SOME, ErrorQuery()), image, tmp_path / "out")
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="cannot be written"):
        export_errors(SOME, select(SOME, ErrorQuery()), image, tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (ErrorQuery(), "mistakes"),
        (ErrorQuery(true=FIVE), "mistakes-5"),
        (ErrorQuery(predicted=S), "mistakes-as-S_upper"),
        (ErrorQuery(true=FIVE, predicted=S), "mistakes-5-as-S_upper"),
    ],
)
def test_a_folder_is_named_after_what_is_shown(query: ErrorQuery, name: str) -> None:
    assert folder_name(SOME, query) == name
