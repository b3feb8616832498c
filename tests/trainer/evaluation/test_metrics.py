from __future__ import annotations

import numpy as np
import pytest

from trainer.evaluation import metrics
from trainer.ink.alphabet import BYMERGE


@pytest.fixture
def probabilities() -> np.ndarray:
    return np.random.default_rng(0).dirichlet(np.ones(5), 400).astype(np.float32)


@pytest.fixture
def labels() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 5, 400)


def test_as_scikit_learn_says(probabilities: np.ndarray, labels: np.ndarray) -> None:
    from sklearn.metrics import accuracy_score, confusion_matrix, top_k_accuracy_score

    predicted = probabilities.argmax(axis=1)
    assert metrics.accuracy(probabilities, labels) == accuracy_score(labels, predicted)
    assert metrics.top_k_accuracy(probabilities, labels, 3) == pytest.approx(
        top_k_accuracy_score(labels, probabilities, k=3)
    )
    ours = metrics.confusion_matrix(predicted, labels, 5)
    assert np.array_equal(ours, confusion_matrix(labels, predicted))
    assert metrics.top_k_accuracy(probabilities, labels, 99) == 1.0


def test_of_equally_probable_classes_the_first_are_among_the_best() -> None:
    # As five neighbours vote: most classes have no vote, on every processor in the same order.
    probabilities = np.zeros((4, 62), dtype=np.float32)
    probabilities[:, 40] = 1.0
    assert metrics.top_k_accuracy(probabilities, np.array([0, 3, 4, 40]), 5) == 0.75
    assert metrics.top_k_accuracy(probabilities, np.array([0, 3, 4, 61]), 1) == 0.0


def test_wilsons_interval() -> None:
    low, high = metrics.accuracy_interval(np.repeat([True, False], [80, 20]))
    assert (low, high) == (pytest.approx(0.7112, abs=1e-4), pytest.approx(0.8666, abs=1e-4))
    assert metrics.accuracy_interval(np.zeros(0, dtype=bool)) == (0.0, 1.0)
    assert metrics.accuracy_interval(np.ones(10, dtype=bool))[1] == pytest.approx(1.0)


def test_few_writers_say_less_than_many_samples() -> None:
    writers = np.repeat(np.arange(10), 100)
    correct = np.repeat(np.arange(10) < 8, 100)  # two hands are never read
    by_sample = metrics.accuracy_interval(correct)
    by_writer = metrics.accuracy_interval(correct, writers)
    assert by_writer[0] < by_sample[0] < 0.8 < by_sample[1] < by_writer[1]


def test_calibration() -> None:
    generator = np.random.default_rng(2)
    confidence = generator.uniform(0.5, 1.0, 40_000)
    labels = (generator.random(40_000) > confidence).astype(np.int64)
    honest = np.stack([confidence, 1 - confidence], axis=1).astype(np.float32)
    boastful = np.tile(np.array([[0.999, 0.001]], dtype=np.float32), (40_000, 1))
    assert metrics.calibration_error(honest, labels) < 0.01
    assert metrics.calibration_error(boastful, labels) == pytest.approx(0.25, abs=0.01)


def test_the_temperature_is_found_again() -> None:
    generator = np.random.default_rng(3)
    logits = generator.normal(0, 2, (20_000, 6)).astype(np.float32)
    exponential = np.exp(logits / 2.5)
    shares = exponential / exponential.sum(axis=1, keepdims=True)
    labels = (shares.cumsum(axis=1) < generator.random((20_000, 1))).sum(axis=1)
    assert metrics.fit_temperature(logits, labels) == pytest.approx(2.5, rel=0.05)


def test_forgiving_counts_look_alikes_as_right() -> None:
    order = {character: index for index, character in enumerate(BYMERGE)}
    pairs = [("0", "O"), ("1", "L"), ("9", "g"), ("0", "A"), ("A", "A")]
    labels = np.array([order[true] for true, _ in pairs])
    probabilities = np.zeros((5, 47), dtype=np.float32)
    probabilities[np.arange(5), [order[shown] for _, shown in pairs]] = 1.0
    assert metrics.accuracy(probabilities, labels) == pytest.approx(0.2)
    assert metrics.forgiving_accuracy(probabilities, labels, BYMERGE) == pytest.approx(0.8)


def test_the_most_confused_pairs_come_first() -> None:
    counts = np.array([[8, 0, 2], [0, 10, 0], [5, 1, 4]])
    assert metrics.most_confused(counts, 2) == [(2, 0), (0, 2)]
    assert metrics.most_confused(counts, 9) == [(2, 0), (0, 2), (2, 1)]
    assert metrics.most_confused(np.eye(3, dtype=np.int64), 9) == []


def test_look_alikes_are_groups_of_two_and_more() -> None:
    assert metrics.ambiguous_classes("0123") == []
    assert metrics.ambiguous_classes("O0x5LS1") == [[0, 1], [4, 6], [3, 5]]


def test_without_samples_there_are_no_averages() -> None:
    nothing = metrics.per_class(np.zeros((2, 2), dtype=np.int64))
    assert all(np.isnan(value) for value in nothing.average().values())
