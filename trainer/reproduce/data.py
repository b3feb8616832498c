"""The data of a project, stored as a dataset with the splits of its source."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from trainer.datasets.dataset import Dataset, holdout_split
from trainer.datasets.load import load_data
from trainer.datasets.samples import as_images, concatenated
from trainer.datasets.store import (
    CARD_NAME,
    TEST,
    TRAIN,
    DatasetWriter,
    name_from,
    open_dataset,
)
from trainer.errors import DatasetError, NoSplitError
from trainer.ink.alphabet import BYCLASS, BYMERGE, projection
from trainer.reproduce.plan import Project
from trainer.search.folds import stratified_folds, writer_folds

_TRAIN_PER_TEST = 4
"""Training samples for each test sample, where the samples are limited."""

_MAX_NAME_LENGTH = 30
_DIGEST = 8


@dataclass(frozen=True)
class DataChoice:
    """The data on which a project is reproduced.

    Attributes
    ----------
    data, test : str
        As for ``--data``; `test` is empty to use the test split of `data`, or to split one off.
    limit : int
        Most samples for training and validation; 0 for all.
    seed : int
    """

    data: str
    test: str = ""
    limit: int = 0
    seed: int = 1


def prepare_data(project: Project, choice: DataChoice, root: Path) -> Path:
    """Return the folder of a dataset with the splits train and test, created if necessary.

    All 62 characters are merged to 47 classes, as in the projects.

    Raises
    ------
    DatasetError
        If data are missing or damaged, or the test data have other characters.
    """
    key = [project.pooled, project.test_share, choice.data, choice.test, choice.limit]
    digest = hashlib.sha256(json.dumps([*key, choice.seed]).encode()).hexdigest()[:_DIGEST]
    words = name_from(Path(choice.data).stem)[:_MAX_NAME_LENGTH].strip("-")
    folder = root / f"{project.name}-{words}-{digest}"
    if (folder / CARD_NAME).is_file():
        return folder
    train, test = _split(project, choice)
    train = _subset(train, choice.limit, choice.seed)
    test = _subset(test, -(-choice.limit // _TRAIN_PER_TEST), choice.seed)
    _write(folder, f"{words}, {project.name}", train, test)
    return folder


def fold_dataset(folder: Path, index: int, folds: int, seed: int) -> Path:
    """Return a dataset whose test split is one fold of the training data of another.

    The folds are by writer where there are enough, else stratified by class.

    Parameters
    ----------
    folder : Path
        As returned by `prepare_data`.
    index : int
        Of the fold, from 0.
    folds : int
    seed : int
    """
    target = folder.with_name(f"{folder.name}-fold{index + 1}of{folds}")
    if not (target / CARD_NAME).is_file():
        data = open_dataset(folder).splits[TRAIN]
        if data.writers is not None and len(np.unique(data.writers)) >= folds:
            fold_of = writer_folds(data.writers, folds, seed)
        else:
            fold_of = stratified_folds(data.labels, folds, seed)
        is_test = fold_of == index
        title = f"{folder.name}, fold {index + 1} of {folds}"
        _write(target, title, data.take(~is_test), data.take(is_test))
    return target


def _split(project: Project, choice: DataChoice) -> tuple[Dataset, Dataset]:
    split = "" if choice.data.endswith(".npz") else TRAIN
    train = _merged(as_images(load_data(choice.data, split)))
    test = _test_data(choice)
    if test is not None and test.alphabet != train.alphabet:
        raise DatasetError(
            "{data} has other characters than {training_data}.",
            "Choose test data of the same alphabet.",
        ).format(data=choice.test, training_data=choice.data)
    if test is not None and not project.pooled:
        return train, test
    data = train if test is None else concatenated(train.name, (train, test))
    first, second = holdout_split(data.labels, data.writers, project.test_share, choice.seed)
    return data.take(first), data.take(second)


def _test_data(choice: DataChoice) -> Dataset | None:
    if choice.test:
        return _merged(as_images(load_data(choice.test)))
    if choice.data.endswith(".npz"):
        return None
    try:
        return _merged(as_images(load_data(choice.data, TEST)))
    except NoSplitError:
        return None


def _merged(data: Dataset) -> Dataset:
    if data.alphabet != BYCLASS:
        return data
    column = projection(BYCLASS, BYMERGE).matrix.argmax(axis=1)
    return replace(data, alphabet=BYMERGE, labels=column[data.labels])


def _subset(data: Dataset, limit: int, seed: int) -> Dataset:
    if not limit or limit >= len(data):
        return data
    chosen = np.random.default_rng(seed).permutation(len(data))[:limit]
    return data.take(np.sort(chosen))


def _write(folder: Path, title: str, train: Dataset, test: Dataset) -> None:
    height, width = train.images.shape[1:]
    with DatasetWriter(
        folder,
        title=title,
        alphabet=train.alphabet,
        image_shape=(height, width),
        terms=train.terms,
    ) as writer:
        for split, part in ((TRAIN, train), (TEST, test)):
            writer.append(split, part.images, part.labels, part.writers)
