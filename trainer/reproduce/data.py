"""The data of a project, divided as its source divides them, once, in a folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from trainer.datasets.dataset import Dataset, stratified_split, writer_split
from trainer.datasets.load import as_images, load_data
from trainer.datasets.store import (
    CARD_NAME,
    TEST,
    TRAIN,
    DatasetWriter,
    StoredDataset,
    name_from,
    open_dataset,
)
from trainer.errors import DatasetError
from trainer.ink.alphabet import BYCLASS, BYMERGE, projection
from trainer.reproduce.plan import Project
from trainer.search.folds import Folds, stratified_folds, writer_folds

_FEWEST_WRITERS = 5
"""With fewer writers than that, data are divided by class: a writer is too large a part."""

_TEST_TO_TRAIN = 4
"""Where the samples are limited, so many times fewer are kept to test."""

_LONGEST_NAME = 30
_DIGEST = 8


@dataclass(frozen=True)
class DataChoice:
    """Which data a project is repeated on.

    Attributes
    ----------
    data, test : str
        What ``--data`` takes; `test` is empty where the data have a test part, or a part of them
        shall become one.
    limit : int
        Samples to train on and choose by; 0 for all.
    seed : int
    """

    data: str
    test: str = ""
    limit: int = 0
    seed: int = 1


def prepared(project: Project, choice: DataChoice, root: Path) -> Path:
    """Return the folder of a dataset with the splits train and test; made if it is not there.

    All 62 characters are merged to 47 classes, as the projects have them.

    Raises
    ------
    DatasetError
        If data are missing or damaged, or the test data have other characters.
    """
    division = [project.pooled, project.test_share, choice.data, choice.test, choice.limit]
    digest = hashlib.sha256(json.dumps([*division, choice.seed]).encode()).hexdigest()[:_DIGEST]
    words = name_from(Path(choice.data).stem)[:_LONGEST_NAME].strip("-")
    folder = root / f"{project.name}-{words}-{digest}"
    if (folder / CARD_NAME).is_file():
        return folder
    train, test = _divided(project, choice)
    train = _some(train, choice.limit, choice.seed)
    test = _some(test, -(-choice.limit // _TEST_TO_TRAIN), choice.seed)
    _write(folder, f"{words}, {project.name}", train, test)
    return folder


def fold(folder: Path, number: int, folds: int, seed: int) -> Path:
    """Return a dataset whose test split is one part of the training data of another.

    Parts hold whole writers where there are enough, else keep the shares of the classes.

    Parameters
    ----------
    folder : Path
        What `prepared` returned.
    number : int
        Of the part, from 0.
    """
    target = folder.with_name(f"{folder.name}-fold{number + 1}of{folds}")
    if not (target / CARD_NAME).is_file():
        whole = open_dataset(folder).splits[TRAIN]
        part = _parts(whole, folds, seed) == number
        title = f"{folder.name}, fold {number + 1} of {folds}"
        _write(target, title, whole.take(~part), whole.take(part))
    return target


def _parts(data: Dataset, folds: int, seed: int) -> Folds:
    writers = data.writers
    if writers is not None and len(np.unique(writers)) >= folds:
        return writer_folds(writers, folds, seed)
    return stratified_folds(data.labels, folds, seed)


def _divided(project: Project, choice: DataChoice) -> tuple[Dataset, Dataset]:
    train = _merged(as_images(load_data(choice.data, _first_split(choice.data))))
    test = _test_of(choice)
    if test is not None and test.alphabet != train.alphabet:
        raise DatasetError(
            "{data} has other characters than {training_data}.",
            "Choose test data of the same alphabet.",
        ).format(data=choice.test, training_data=choice.data)
    if test is not None and not project.pooled:
        return train, test
    whole = train if test is None else _joined(train, test)
    writers = whole.writers
    first, second = (
        stratified_split(whole.labels, project.test_share, choice.seed)
        if writers is None or len(np.unique(writers)) < _FEWEST_WRITERS
        else writer_split(writers, project.test_share, choice.seed)
    )
    return whole.take(first), whole.take(second)


def _first_split(name: str) -> str:
    return "" if name.endswith(".npz") else TRAIN


def _test_of(choice: DataChoice) -> Dataset | None:
    if choice.test:
        return _merged(as_images(load_data(choice.test)))
    if choice.data.endswith(".npz"):
        return None
    try:
        return _merged(as_images(load_data(choice.data, TEST)))
    except DatasetError as error:
        if "no split" in error.message:
            return None
        raise


def _merged(data: Dataset) -> Dataset:
    if data.alphabet != BYCLASS:
        return data
    column = projection(BYCLASS, BYMERGE).matrix.argmax(axis=1)
    return replace(data, alphabet=BYMERGE, labels=column[data.labels])


def _joined(train: Dataset, test: Dataset) -> Dataset:
    known = train.writers is not None and test.writers is not None
    return replace(
        train,
        images=np.concatenate([train.images, test.images]),
        labels=np.concatenate([train.labels, test.labels]),
        writers=np.concatenate([train.writers, test.writers]) if known else None,
    )


def _some(data: Dataset, limit: int, seed: int) -> Dataset:
    if not limit or limit >= len(data):
        return data
    chosen = np.random.default_rng(seed).permutation(len(data))[:limit]
    return data.take(np.sort(chosen))


def _write(folder: Path, title: str, train: Dataset, test: Dataset) -> StoredDataset:
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
    return open_dataset(folder)
