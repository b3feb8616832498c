"""The training and validation data of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset, Labels, holdout_split
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import check_is_there, load_data
from trainer.datasets.samples import Data, as_images, as_inputs, samples_at
from trainer.datasets.store import TRAIN, VALIDATION
from trainer.errors import NoSplitError, RunError
from trainer.ink.alphabet import class_indices
from trainer.ink.render import IMAGE_SIZE, PLANES, Images
from trainer.training.batches import BatchSource, ConcatSource, ImageSource, InkSource, Inputs

_BLOCK = 4096
"""Samples rendered at once."""

_FEWEST_CLASSES = 2
"""With fewer writers than that, data are split by class: a writer is too large a part."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """The training and validation data of a run.

    Attributes
    ----------
    parts : tuple of Data
        The dataset and the additional ones, all of one alphabet.
    validation : Dataset
        From the dataset alone.
    validation_split : str
        Its split, as `load_data` takes it.
    validation_indices : ndarray of shape (n_validation,), dtype=int64
        Of its samples in that split.
    validation_inputs : ndarray of shape (n_validation, height, width[, n_planes]), dtype=uint8
        Its images, with the direction of the pen if the network takes it.
    """

    parts: tuple[Data, ...]
    validation: Dataset
    validation_split: str
    validation_indices: npt.NDArray[np.int64]
    validation_inputs: Inputs

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The character of each class."""
        return self.parts[0].alphabet

    @property
    def labels(self) -> Labels:
        """Labels of all parts, concatenated."""
        return np.concatenate([part.labels for part in self.parts])

    @property
    def extra_from(self) -> int:
        """Index of the first additional sample; -1 without."""
        return len(self.parts[0]) if len(self.parts) > 1 else -1

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the images."""
        height, width = self.validation.images.shape[1:]
        return height, width

    @property
    def has_inks(self) -> bool:
        """Whether any part consists of inks."""
        return any(isinstance(part, PenArchive) for part in self.parts)

    @property
    def has_images(self) -> bool:
        """Whether any part consists of images."""
        return any(isinstance(part, Dataset) for part in self.parts)

    def source(self, config: TrainingConfig) -> BatchSource:
        """Return the source of the training inputs, augmented as the settings say."""
        augmentation = config.image_augmentation
        if augmentation is not None and augmentation.is_nothing:
            augmentation = None
        shares = (config.direction_share, config.unusual_share, config.paper_share)
        sources: tuple[BatchSource, ...] = tuple(
            InkSource(part, config.augmentation, *shares)
            if isinstance(part, PenArchive)
            else ImageSource(part, augmentation, config.paper_share)
            for part in self.parts
        )
        if len(sources) == 1:
            return sources[0]
        starts = np.cumsum([0, *map(len, self.parts[:-1])])
        return ConcatSource(sources, starts.astype(np.int64))

    def input_blocks(self, config: TrainingConfig) -> Iterator[Inputs]:
        """Yield all training inputs without augmentation, some at a time."""
        n_planes = _n_planes(self.parts, config)
        for part in self.parts:
            for low in range(0, len(part), _BLOCK):
                some = samples_at(part, np.arange(low, min(low + _BLOCK, len(part))))
                yield as_inputs(some, n_planes)

    def images(self) -> Images:
        """Return all training images without augmentation, uint8 (n, height, width)."""
        parts = [as_images(part).images for part in self.parts]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    @property
    def nbytes(self) -> int:
        """Bytes of the training and validation data."""
        parts = [
            part.points.nbytes if isinstance(part, PenArchive) else part.images.nbytes
            for part in (*self.parts, self.validation)
        ]
        return sum(parts)

    def fingerprint(self) -> str:
        """Return a sha256 of the training data."""
        prints = [part.fingerprint() for part in self.parts]
        if len(prints) == 1:
            return prints[0]
        return hashlib.sha256("\0".join(prints).encode()).hexdigest()


def load_training_data(config: TrainingConfig) -> TrainingData:
    """Load and split the data that the settings name.

    Raises
    ------
    DatasetError
        If data are missing or damaged.
    RunError
        If the validation or additional data do not fit the training data.
    """
    train = load_data(config.data, TRAIN)
    own = None if config.validation else own_validation(config.data)
    if config.validation:
        chosen_by = load_data(config.validation)
        indices = np.arange(len(chosen_by))
    elif own is not None:
        chosen_by, indices = own, np.arange(len(own))
    else:
        split = holdout_split(train.labels, train.writers, config.validation_share, config.seed)
        indices = split[1]
        chosen_by = samples_at(train, indices)
        train = samples_at(train, split[0])
    if config.limit and config.limit < len(train):
        generator = np.random.default_rng(config.seed)
        train = samples_at(train, np.sort(generator.permutation(len(train))[: config.limit]))
    if len(np.unique(train.labels)) < _FEWEST_CLASSES:
        raise RunError(
            "Expected samples of at least {fewest} classes in {data}. Received: {n_classes}.",
            "A model learns to tell classes apart; choose other data, or more of them.",
        ).format(fewest=_FEWEST_CLASSES, data=config.data, n_classes=len(np.unique(train.labels)))
    validation = as_images(chosen_by)
    if train.alphabet != validation.alphabet:
        raise RunError(
            "{data} has other characters than {training_data}.",
            "Choose validation data of the same alphabet.",
        ).format(data=config.validation, training_data=config.data)
    if len(validation) == 0:
        raise _nothing_to_choose_by(config, len(train))
    added = [added_data(name, train.alphabet) for name in config.extra]
    chosen_split = "" if config.validation else TRAIN if own is None else VALIDATION
    parts = (train, *added)
    inputs = as_inputs(chosen_by, _n_planes(parts, config))
    data = TrainingData(parts, validation, chosen_split, indices, inputs)
    _check_sizes(config, data)
    return data


def check_data(config: TrainingConfig) -> None:
    """Raise a `DatasetError` if data that the settings name are not there; nothing is read."""
    for name in filter(None, (config.data, config.validation, *config.extra)):
        check_is_there(name)


def own_validation(name: str) -> Data | None:
    """Return the validation split of a dataset; None if it has none.

    Raises
    ------
    DatasetError
        If the dataset is missing or damaged.
    """
    try:
        return load_data(name, VALIDATION)
    except NoSplitError:
        return None


def _n_planes(parts: tuple[Data, ...], config: TrainingConfig) -> int:
    has_inks = any(isinstance(part, PenArchive) for part in parts)
    return len(PLANES) if has_inks and config.direction_share else 1


def _nothing_to_choose_by(config: TrainingConfig, n: int) -> RunError:
    if config.validation:
        return RunError("{name} has no samples.", "Choose other validation data.").format(
            name=config.validation
        )
    return RunError(
        "Expected a sample or more to choose the best epoch by. Received: none of "
        "{n}, for the validation share is {validation_share}.",
        "Use more data, or a larger validation share.",
    ).format(n=f"{n:,}", validation_share=f"{config.validation_share:g}")


def _check_sizes(config: TrainingConfig, data: TrainingData) -> None:
    for name, part in zip((config.data, *config.extra), data.parts, strict=True):
        shape = part.images.shape[1:] if isinstance(part, Dataset) else (IMAGE_SIZE, IMAGE_SIZE)
        if shape != data.image_shape:
            raise RunError(
                "The images of {name} have {height}×{width} pixels, those to choose "
                "by {wanted_height}×{wanted_width}.",
                "Use data of one image size.",
            ).format(
                name=name,
                height=shape[0],
                width=shape[1],
                wanted_height=data.image_shape[0],
                wanted_width=data.image_shape[1],
            )


def added_data(name: str, alphabet: tuple[str, ...]) -> Data:
    """Load additional data in an alphabet, without the characters that it lacks, even merged.

    Raises
    ------
    DatasetError
        If they are missing or damaged.
    RunError
        If no character is left.
    """
    data = load_data(name, TRAIN)
    labels = class_indices(data.alphabet, alphabet)
    kept = np.flatnonzero(labels[data.labels] >= 0)
    if len(kept) == 0:
        raise RunError(
            "{name} has no sample of a character that is trained.",
            "Leave it out, or add other data.",
        ).format(name=name)
    chosen = samples_at(data, kept)
    return replace(chosen, alphabet=alphabet, labels=labels[chosen.labels])
