"""The metrics of a validation are those of the card."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.datasets.dataset import Dataset
from trainer.evaluation.summary import validation_figures
from trainer.ink.alphabet import BYCLASS, BYMERGE, DIGITS
from trainer.training.validation import validation_result

LETTERS_OF_BOTH_CASES = tuple(filter(str.isalpha, BYCLASS))


@pytest.mark.parametrize(
    "alphabet",
    [BYCLASS, BYMERGE, tuple(DIGITS), LETTERS_OF_BOTH_CASES, ("é", "c", "C")],
    ids=["62", "47", "digits", "letters of both cases", "others"],
)
def test_an_epoch_and_the_card_merge_the_same_letters(alphabet: tuple[str, ...]) -> None:
    generator = np.random.default_rng(1)
    labels = generator.integers(0, len(alphabet), 300)
    images = np.zeros((300, 28, 28), dtype=np.uint8)
    data = Dataset("some", alphabet, images, labels)
    probabilities = generator.random((300, len(alphabet)), dtype=np.float32)
    probabilities[np.arange(300), labels] += 0.5
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    result = validation_result(probabilities, data)
    figures = validation_figures(probabilities, data)
    assert result.merged_accuracy == figures["accuracy"]
    assert result.accuracy == figures["accuracy_all_classes"]
