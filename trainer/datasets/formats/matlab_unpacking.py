"""MATLAB files of EMNIST's form, ``dataset.train.images`` and so on, as plain arrays.

For a process that may die: see `trainer.processes.sandbox`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError
from trainer.files.npz import UNREADABLE
from trainer.processes.launch import missing_hint
from trainer.processes.sandbox import limit_this_process, out_of_memory

HINT = "Expected is one of EMNIST's files, such as emnist-balanced.mat."
MAPPING = "mapping.npy"


def array_file(split: str, field: str) -> str:
    """Return the name of the file with the "images", "labels" or "writers" of a split."""
    return f"{split}-{field}.npy"


def unpack_matlab(path: Path, folder: Path) -> None:
    """Write the arrays of `path` into `folder`, as they are; limits this process.

    Raises
    ------
    DatasetError
        If it is damaged or of another form, SciPy is not installed, or the disk is full.
    """
    dataset = _load(path)
    try:
        arrays = _arrays(dataset)
    except (LookupError, ArithmeticError, ValueError, TypeError, AttributeError) as error:
        raise DatasetError("{path} is not of EMNIST's form: {reason}.", HINT).format(
            path=path.name, reason=error
        ) from error
    if not any(name != MAPPING for name in arrays):
        raise DatasetError("{path} has neither dataset.train nor dataset.test.", HINT).format(
            path=path.name
        )
    try:
        for name, values in arrays.items():
            np.save(folder / name, values, allow_pickle=False)
    except ValueError as error:
        raise DatasetError("{path} is not of EMNIST's form: {reason}.", HINT).format(
            path=path.name, reason=error
        ) from error
    except OSError as error:
        raise DatasetError(
            "{path} cannot be unpacked: {reason}.", "Make room on the disk of {folder}."
        ).format(path=path.name, reason=error.strerror or error, folder=folder) from error


def _arrays(dataset: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
    fields = dataset.dtype.names or ()
    found: dict[str, npt.NDArray[Any]] = {}
    for split in SPLITS:
        if split not in fields:
            continue
        struct = dataset[split][0, 0]
        for field in ("images", "labels", "writers"):
            if field != "writers" or field in (struct.dtype.names or ()):
                found[array_file(split, field)] = np.atleast_2d(struct[field][0, 0])
    if "mapping" in fields:
        found[MAPPING] = np.atleast_2d(dataset["mapping"][0, 0])
    return found


def _load(path: Path) -> npt.NDArray[Any]:
    try:
        from scipy.io import loadmat
        from scipy.io.matlab import MatReadError
    except ImportError as error:
        raise DatasetError(
            "{path} is a MATLAB file; reading it needs SciPy, which is not installed.",
            "{install} EMNIST's IDX files need nothing.",
        ).format(path=path.name, install=missing_hint("train", "scipy")) from error
    limit_this_process(path)
    try:
        content = loadmat(path, variable_names=["dataset"])
    except MemoryError as error:
        raise DatasetError(out_of_memory(path), HINT) from error
    except (*UNREADABLE, MatReadError, TypeError, IndexError, NameError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", HINT).format(
            path=path.name, reason=error
        ) from error
    dataset = content.get("dataset")
    if not isinstance(dataset, np.ndarray) or dataset.dtype.names is None or dataset.size != 1:
        raise DatasetError("{path} has no structure called dataset.", HINT).format(path=path.name)
    return dataset
