"""Parts of a dataset as datasets on disk, so that runs on them can be repeated and looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.load import Data, load_data, samples_at
from trainer.datasets.store import TRAIN, DatasetWriter
from trainer.errors import RunError
from trainer.files.records import object_or_empty, write_json

_NOTE_NAME = "parts.json"
_AT_ONCE = 10_000


def training_split(config: TrainingConfig, limit: int) -> Data:
    """Load what may be trained on and chosen by, never the test data.

    Parameters
    ----------
    config : TrainingConfig
    limit : int
        So many samples at random; 0 for all.
    """
    data = load_data(config.data, TRAIN)
    if limit and limit < len(data):
        generator = np.random.default_rng(config.seed)
        data = samples_at(data, np.sort(generator.permutation(len(data))[:limit]))
    return data


def write_parts(
    folder: Path, data: Data, parts: Mapping[str, npt.NDArray[np.int64]]
) -> dict[str, Path]:
    """Write parts of data as datasets, unless they are there from before.

    Parameters
    ----------
    folder : Path
    data : Data
    parts : mapping of str to ndarray of int64
        The indices of each part, ascending.

    Returns
    -------
    dict of str to Path
        What ``--data`` takes, of each part.

    Raises
    ------
    RunError
        If other parts are there, because the data have changed.
    """
    note = folder / _NOTE_NAME
    about = {
        "fingerprint": data.fingerprint(),
        "parts": {name: len(indices) for name, indices in parts.items()},
    }
    paths = {name: folder / name for name in parts}
    if note.exists():
        if object_or_empty(note) != about:
            raise RunError(
                "The training data have changed since the first of these trainings.",
                "Put the old data back, or begin anew with another --name.",
            )
        return paths
    for name, indices in parts.items():
        _write(paths[name], data, samples_at(data, indices))
    write_json(note, about)
    return paths


def _write(folder: Path, whole: Data, part: Data) -> None:
    shape = (28, 28) if isinstance(part, PenArchive) else part.images.shape[1:]
    with DatasetWriter(
        folder,
        title=f"{whole.name}, {folder.name}",
        alphabet=whole.alphabet,
        image_shape=(int(shape[0]), int(shape[1])),
        terms=whole.terms,
    ) as writer:
        if isinstance(part, Dataset):
            for low in range(0, len(part), _AT_ONCE):
                some = part.take(np.arange(low, min(low + _AT_ONCE, len(part))))
                writer.append(TRAIN, some.images, some.labels, some.writers)
        else:
            writer.append_inks(TRAIN, part)
