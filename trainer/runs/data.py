"""What a run trains on and chooses by, from its settings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.config import TrainingConfig
from trainer.datasets.dataset import Dataset, stratified_split, writer_split
from trainer.datasets.load import Data, as_images, load_data
from trainer.datasets.pen import PenArchive
from trainer.errors import RunError

_FEWEST_WRITERS = 5
"""With fewer writers than that, data are split by class: a writer is too large a part."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """What a run trains on and chooses by."""

    train: Data
    validation: Dataset


def load_training_data(config: TrainingConfig) -> TrainingData:
    """Load and split the data that the settings name.

    Raises
    ------
    DatasetError
        If data are missing or damaged.
    RunError
        If the validation data have other characters than the training data.
    """
    train = load_data(config.data, "" if config.data.endswith(".npz") else "train")
    if config.validation:
        validation = as_images(load_data(config.validation))
    else:
        writers = train.writers
        split = (
            stratified_split(train.labels, config.validation_share, config.seed)
            if writers is None or len(np.unique(writers)) < _FEWEST_WRITERS
            else writer_split(writers, config.validation_share, config.seed)
        )
        validation = as_images(_chosen(train, split[1]))
        train = _chosen(train, split[0])
    if config.limit and config.limit < len(train):
        generator = np.random.default_rng(config.seed)
        train = _chosen(train, np.sort(generator.permutation(len(train))[: config.limit]))
    if train.alphabet != validation.alphabet:
        raise RunError(
            f"{config.validation} has other characters than {config.data}.",
            "Choose validation data of the same alphabet.",
        )
    if len(train) == 0 or len(validation) == 0:
        raise RunError("No sample is left to train on or to choose by.", "Use more data.")
    return TrainingData(train, validation)


def _chosen(data: Data, indices: npt.NDArray[np.int64]) -> Data:
    if isinstance(data, PenArchive):
        keep = np.zeros(len(data), dtype=bool)
        keep[indices] = True
        return data.select(keep)
    return data.take(indices)
