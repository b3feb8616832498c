"""Subsets of a dataset, stored as datasets, so that runs on them can be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import load_data
from trainer.datasets.samples import Data, samples_at
from trainer.datasets.store import TRAIN, DatasetWriter
from trainer.errors import RunError
from trainer.files.records import object_or_empty, write_json

_INFO_NAME = "parts.json"
_CHUNK = 10_000


def training_split(config: TrainingConfig, limit: int) -> Data:
    """Load the training data, which validation data may be split off from; never the test data.

    Parameters
    ----------
    config : TrainingConfig
    limit : int
        Most samples, chosen at random; 0 for all.
    """
    data = load_data(config.data, TRAIN)
    if limit and limit < len(data):
        generator = np.random.default_rng(config.seed)
        data = samples_at(data, np.sort(generator.permutation(len(data))[:limit]))
    return data


def write_subsets(folder: Path, data: Data, subsets: Mapping[str, npt.NDArray[np.int64]]) -> None:
    """Write subsets of data as datasets in a folder, unless they exist.

    Parameters
    ----------
    folder : Path
    data : Data
    subsets : mapping of str to ndarray of int64
        The indices of each subset, ascending.

    Raises
    ------
    RunError
        If other subsets exist, because the data have changed.
    """
    info = folder / _INFO_NAME
    about = {
        "fingerprint": data.fingerprint(),
        "parts": {name: len(indices) for name, indices in subsets.items()},
    }
    if info.exists():
        if object_or_empty(info) != about:
            raise RunError(
                "The training data have changed since the first of these trainings.",
                "Put the old data back, or begin anew with another --name.",
            )
        return
    for name, indices in subsets.items():
        _write(folder / name, data, samples_at(data, indices))
    write_json(info, about)


def _write(folder: Path, whole: Data, subset: Data) -> None:
    shape = (28, 28) if isinstance(subset, PenArchive) else subset.images.shape[1:]
    with DatasetWriter(
        folder,
        title=f"{whole.name}, {folder.name}",
        alphabet=whole.alphabet,
        image_shape=(int(shape[0]), int(shape[1])),
        terms=whole.terms,
    ) as writer:
        if isinstance(subset, Dataset):
            for low in range(0, len(subset), _CHUNK):
                some = subset.take(np.arange(low, min(low + _CHUNK, len(subset))))
                writer.append(TRAIN, some.images, some.labels, some.writers)
        else:
            writer.append_inks(TRAIN, subset)
