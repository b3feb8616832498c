"""The validation metrics on a bundle's card."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset
from trainer.evaluation import metrics
from trainer.ink.alphabet import DIGITS, CharacterSet, character_set_projection, class_indices


def validation_figures(probabilities: npt.NDArray[np.float32], dataset: Dataset) -> dict[str, Any]:
    """Return the metrics on the card; the 62 classes of ByClass are merged.

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_classes), dtype=float32
    dataset : Dataset
        Of the same alphabet.
    """
    shown = character_set_projection(dataset.alphabet, CharacterSet.ALL)
    truth = class_indices(dataset.alphabet, shown.characters)[dataset.labels]
    merged = shown.apply(probabilities)
    correct = merged.argmax(axis=1) == truth
    figures: dict[str, Any] = {
        "samples": len(dataset),
        "writers": None if dataset.writers is None else len(np.unique(dataset.writers)),
        "classes": len(shown.characters),
        "accuracy": float(correct.mean()),
        "interval": metrics.accuracy_interval(correct, dataset.writers),
        "top3": metrics.top_k_accuracy(merged, truth, 3),
        "forgiving": metrics.forgiving_accuracy(merged, truth, shown.characters),
        "calibration_error": metrics.calibration_error(merged, truth),
        "accuracy_all_classes": metrics.accuracy(probabilities, dataset.labels),
    }
    digits = np.isin(np.array(dataset.alphabet)[dataset.labels], list(DIGITS))
    if digits.any() and len(shown.characters) > len(DIGITS):
        masked = character_set_projection(dataset.alphabet, CharacterSet.DIGITS)
        labels = class_indices(dataset.alphabet, masked.characters)[dataset.labels[digits]]
        figures["digits_alone"] = metrics.accuracy(masked.apply(probabilities[digits]), labels)
    return figures
