"""The metrics of a validation: loss, accuracy and confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset
from trainer.evaluation.metrics import confusion_matrix
from trainer.ink.alphabet import CharacterSet, character_set_projection, class_indices
from trainer.recognition.recognizer import Probabilities


@dataclass(frozen=True, eq=False)
class ValidationResult:
    """The metrics of one validation.

    Attributes
    ----------
    loss : float
        Mean of -log of the true class's probability.
    accuracy, merged_accuracy : float
        See `events.Epoch`.
    confusion : ndarray of shape (n_classes, n_classes), dtype=int64
        Rows true, columns predicted.
    predicted : ndarray of shape (n,), dtype=int64
    """

    loss: float
    accuracy: float
    merged_accuracy: float
    confusion: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]


def validation_result(probabilities: Probabilities, dataset: Dataset) -> ValidationResult:
    """Compare probabilities of shape (n, n_classes) with a dataset's labels."""
    labels = dataset.labels
    truth = probabilities[np.arange(len(labels)), labels]
    predicted = probabilities.argmax(axis=1)
    merge = character_set_projection(dataset.alphabet, CharacterSet.ALL)
    merged = merge.apply(probabilities).argmax(axis=1)
    merged_labels = class_indices(dataset.alphabet, merge.characters)[labels]
    return ValidationResult(
        loss=cross_entropy(truth),
        accuracy=float(np.mean(predicted == labels)),
        merged_accuracy=float(np.mean(merged == merged_labels)),
        confusion=confusion_matrix(predicted, labels, len(dataset.alphabet)),
        predicted=predicted,
    )


def cross_entropy(truth: npt.NDArray[np.float32]) -> float:
    """Return the mean of -log of the true class's probability, at most 27.6 each."""
    return float(np.log(1 / np.clip(truth, 1e-12, 1.0)).mean())
