"""The values that networks from files expect of pixels."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest

from trainer.datasets.dataset import Dataset
from trainer.evaluation.input_range import (
    InputRange,
    add_input_range_argument,
    padded,
    range_of_limits,
    range_of_statistics,
    whole_batches,
)
from trainer.evaluation.range_trial import settle_input_range
from trainer.recognition.recognizer import Probabilities

_CLASSES = 4


def bars(n: int = 80) -> Dataset:
    """Return noisy images with ink in one of four columns of the field, as labelled."""
    random = np.random.default_rng(0)
    labels = np.arange(n) % _CLASSES
    images = random.integers(0, 40, (n, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 7 * label + 2 : 7 * label + 5] = random.integers(150, 256)
    return Dataset("bars", tuple("0123"), images, labels)


class Templates:
    """A classifier by the distance to templates in one input range."""

    name, kind, parameters, size_bytes, pen_widths = "templates", "litert", None, 0, (2.9,)
    folder, alphabet, image_shape = Path(), tuple("0123"), (28, 28)
    takes_direction = False

    def __init__(self, true: InputRange, assumed: InputRange) -> None:
        self.true, self.input_range = true, assumed
        templates = np.zeros((_CLASSES, 28, 28), dtype=np.uint8)
        for label in range(_CLASSES):
            templates[label, 4:24, 7 * label + 2 : 7 * label + 5] = 200
        self.templates = true.scaled(templates)

    def probabilities(self, images: np.ndarray) -> Probabilities:
        assert self.input_range is not None
        values = self.input_range.scaled(images)
        distances = np.square(values[:, None] - self.templates).mean(axis=(2, 3))
        scores = -distances / distances.min(axis=1, keepdims=True)  # sure where one fits well
        exponential = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exponential / exponential.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("true", list(InputRange))
def test_the_range_is_found_by_trying(true: InputRange) -> None:
    classifier = Templates(true, InputRange.BYTES)
    found = settle_input_range(classifier, bars(), None)
    assert found is not None
    assert (found.name, found.how, found.accuracy) == (true, "tried", 1.0)
    assert classifier.input_range == true


def test_a_given_range_is_taken() -> None:
    classifier = Templates(InputRange.UNIT, InputRange.BYTES)
    found = settle_input_range(classifier, bars(), InputRange.SIGNED)
    assert found is not None
    assert found.how == "given"
    assert classifier.input_range == InputRange.SIGNED


def test_chance_changes_nothing() -> None:
    data = bars()
    shuffled = np.random.default_rng(1).permutation(data.labels)
    classifier = Templates(InputRange.UNIT, InputRange.BYTES)
    found = settle_input_range(
        classifier, Dataset("bars", data.alphabet, data.images, shuffled), None
    )
    assert found is not None
    assert (found.name, found.how) == (InputRange.BYTES, "assumed")


@pytest.mark.parametrize(
    ("name", "paper", "ink"),
    [
        ("0-255", 0, 255),
        ("0-1", 0, 1),
        ("-1-1", -1, 1),
        ("0-1-inverted", 1, 0),
        ("-1-1-inverted", 1, -1),
        ("normalised", -0.4242, 2.8215),
    ],
)
def test_values_of_paper_and_ink(name: str, paper: float, ink: float) -> None:
    values = InputRange(name).scaled(np.array([[[0, 255]]], dtype=np.uint8))
    np.testing.assert_allclose(values[0, 0], [paper, ink], atol=1e-3)


@pytest.mark.parametrize(
    ("mean", "sd", "expected"),
    [
        (0.1307, 0.3081, InputRange.UNIT),
        (33.3, 78.6, InputRange.BYTES),
        (0.87, 0.31, InputRange.UNIT_INVERTED),
        (-0.74, 0.62, InputRange.SIGNED),
        (0.0, 1.0, InputRange.NORMALISED),
    ],
)
def test_statistics_of_a_first_layer_tell_the_range(
    mean: float, sd: float, expected: InputRange
) -> None:
    assert range_of_statistics(mean, sd) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 255.0, InputRange.BYTES),
        (0.0, 1.0, InputRange.UNIT),
        (-1.0, 0.99, InputRange.SIGNED),
        (-0.42, 2.82, InputRange.NORMALISED),
    ],
)
def test_limits_of_a_quantised_input_tell_the_range(
    low: float, high: float, expected: InputRange
) -> None:
    assert range_of_limits(low, high) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--input-range", "0-1"], InputRange.UNIT),
        (["--input-range=-1-1"], InputRange.SIGNED),
        (["--input-range", "signed"], InputRange.SIGNED),
        (["--input-range", "Normalised-inverted"], InputRange.NORMALISED_INVERTED),
        (["--input-range", "auto"], None),
        ([], None),
    ],
)
def test_the_option(given: list[str], expected: InputRange | None) -> None:
    parser = argparse.ArgumentParser()
    add_input_range_argument(parser)
    assert parser.parse_args(given).input_range == expected


def test_the_option_names_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_input_range_argument(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--input-range", "0-16"])
    assert "0-1-inverted" in capsys.readouterr().err


def test_batches_of_a_fixed_size_are_filled_up() -> None:
    assert [(s.start, s.stop) for s in whole_batches(5, 2, 64)] == [(0, 2), (2, 4), (4, 6)]
    batch = np.arange(3, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(padded(batch, 4)[:, 0], [0, 1, 2, 2])
    assert padded(batch, None) is batch
