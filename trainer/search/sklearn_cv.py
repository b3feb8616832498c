"""Cross-validation of a classic model with scikit-learn, all folds in parallel.

Imports scikit-learn. A support vector machine uses one core; parallel folds use all of them. The
models are not saved, and there is no progress.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import PredefinedSplit, cross_validate

from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset, Labels
from trainer.models.classical import Rows, build_classical, shifted_copies
from trainer.models.presets import preset
from trainer.recognition.classical_model import flattened
from trainer.search.folds import Folds


class ClassicEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classic model as a scikit-learn estimator.

    Parameters
    ----------
    name : str
        Of the preset.
    options : mapping
        Of the model, complete.
    n_classes : int
    image_shape : tuple of int
    seed : int
    """

    def __init__(
        self,
        name: str,
        options: Mapping[str, Any],
        n_classes: int,
        image_shape: tuple[int, int],
        seed: int,
    ) -> None:
        self.name = name
        self.options = options
        self.n_classes = n_classes
        self.image_shape = image_shape
        self.seed = seed

    def fit(self, rows: Rows, labels: Labels) -> ClassicEstimator:
        """Fit the model with all its steps."""
        if "copies" in self.options:
            images = rows.reshape(-1, *self.image_shape).astype(np.uint8)
            moved, labels = shifted_copies(images, labels, self.options, self.seed)
            rows = flattened(moved)
        self.classes_ = np.unique(labels)
        self.model_ = build_classical(self.name, self.options, self.n_classes, self.seed)
        for _ in self.model_.fit(rows, labels):
            pass
        return self

    def predict(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Return the most probable class of each row."""
        classes: npt.NDArray[np.int64] = self.model_.probabilities(rows).argmax(axis=1)
        return classes


def fold_results(
    config: TrainingConfig, data: Dataset, fold_of: Folds
) -> list[tuple[float, float]]:
    """Return accuracy and seconds of each fold.

    Raises
    ------
    TrainerError
        If the model cannot be fitted to a fold.
    """
    options = preset(config.preset).option_values(config.preset_options)
    height, width = data.images.shape[1:]
    estimator = ClassicEstimator(
        config.preset, options, len(data.alphabet), (int(height), int(width)), config.seed
    )
    # Threads: the work is done outside Python, and an executable cannot start joblib's processes.
    with joblib.parallel_backend("threading", n_jobs=-1):
        scores = cross_validate(
            estimator,
            flattened(np.asarray(data.images)),
            np.asarray(data.labels),
            cv=PredefinedSplit(fold_of),
            error_score="raise",
        )
    seconds = scores["fit_time"] + scores["score_time"]
    return list(zip(scores["test_score"].tolist(), seconds.tolist(), strict=True))
