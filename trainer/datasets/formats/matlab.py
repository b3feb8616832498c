"""EMNIST's MATLAB files, which hold ``dataset.train.images`` and so on.

SciPy's reader may crash on a broken file, so a child unpacks it: `trainer.processes.sandbox`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.classes import kind_of
from trainer.datasets.formats.source import (
    ImportSource,
    SourceSplit,
    array_split,
    image_shape,
    whole_labels,
)
from trainer.datasets.idx import EMNIST_TERMS
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError
from trainer.files.npz import UNREADABLE
from trainer.processes.launch import missing_hint
from trainer.processes.sandbox import limit_this_process, out_of_memory, read_sandboxed

_HINT = "Expected is one of EMNIST's files, such as emnist-balanced.mat."
_MAPPING = "mapping.npy"
_MALFORMED: tuple[type[Exception], ...] = (*UNREADABLE, LookupError, ArithmeticError, TypeError)


def open_matlab(path: Path, check: Callable[[], None] | None = None) -> ImportSource:
    """Open a file of EMNIST's form.

    A child unpacks it into a temporary folder, from which the arrays are mapped. The folder is
    removed at once; mapped files stay until they are closed. (Windows cannot remove mapped files,
    so there the arrays are read.)

    Parameters
    ----------
    path : Path
    check : callable, optional
        Raises to cancel.

    Raises
    ------
    DatasetError
        If it is damaged or of another form, or SciPy is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="emnist-desktop-") as name:
        read_sandboxed(["matlab", str(path), name], path, DatasetError, _HINT, check)
        try:
            return _source(path, Path(name))
        except _MALFORMED as error:
            raise DatasetError("{path} is not of EMNIST's form: {reason}.", _HINT).format(
                path=path.name, reason=error
            ) from error


def _source(path: Path, folder: Path) -> ImportSource:
    splits: dict[str, SourceSplit] = {}
    shape = (0, 0)
    for split in SPLITS:
        rows = _array(folder / _file_name(split, "images"))
        if rows is None:
            continue
        shape = image_shape(rows.shape[1], path.name)
        # MATLAB numbers the pixels of an image down its columns.
        images = rows.reshape(len(rows), *shape).swapaxes(1, 2)
        labels = whole_labels(np.array(_array(folder / _file_name(split, "labels"))), path.name)
        writers = _array(folder / _file_name(split, "writers"))
        if writers is not None:
            writers = writers.reshape(-1).astype(np.int64) if writers.size == len(rows) else None
        splits[split] = array_split(images, labels, path.name, writers)
    mapping = _array(folder / _MAPPING)
    pairs = [] if mapping is None else mapping.astype(np.int64).tolist()
    kind = kind_of(path)
    return ImportSource(
        format="MATLAB, EMNIST's form",
        title=f"EMNIST {kind}" if kind else path.stem,
        image_shape=shape,
        splits=splits,
        transposed=False,
        characters={label: chr(code) for label, code, *_ in pairs},
        terms=EMNIST_TERMS if kind else "",
    )


def _array(file: Path) -> npt.NDArray[Any] | None:
    if not file.exists():
        return None
    array: npt.NDArray[Any] = np.load(
        file, mmap_mode=None if sys.platform == "win32" else "r", allow_pickle=False
    )
    return array


def _file_name(split: str, field: str) -> str:
    return f"{split}-{field}.npy"


def unpack_matlab(path: Path, folder: Path) -> None:
    """Write the arrays of `path` into `folder` unchanged; limits this process.

    Raises
    ------
    DatasetError
        If it is damaged or of another form, SciPy is not installed, or the disk is full.
    """
    dataset = _load(path)
    try:
        arrays = _arrays(dataset)
    except (LookupError, ArithmeticError, ValueError, TypeError, AttributeError) as error:
        raise DatasetError("{path} is not of EMNIST's form: {reason}.", _HINT).format(
            path=path.name, reason=error
        ) from error
    if not any(name != _MAPPING for name in arrays):
        raise DatasetError("{path} has neither dataset.train nor dataset.test.", _HINT).format(
            path=path.name
        )
    try:
        for name, values in arrays.items():
            np.save(folder / name, values, allow_pickle=False)
    except ValueError as error:
        raise DatasetError("{path} is not of EMNIST's form: {reason}.", _HINT).format(
            path=path.name, reason=error
        ) from error
    except OSError as error:
        raise DatasetError(
            "{path} cannot be unpacked: {reason}.", "Make room on the disk of {folder}."
        ).format(path=path.name, reason=error.strerror or error, folder=folder) from error


def _arrays(dataset: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
    fields = dataset.dtype.names or ()
    arrays: dict[str, npt.NDArray[Any]] = {}
    for split in SPLITS:
        if split not in fields:
            continue
        struct = dataset[split][0, 0]
        for field in ("images", "labels", "writers"):
            if field != "writers" or field in (struct.dtype.names or ()):
                arrays[_file_name(split, field)] = np.atleast_2d(struct[field][0, 0])
    if "mapping" in fields:
        arrays[_MAPPING] = np.atleast_2d(dataset["mapping"][0, 0])
    return arrays


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
        raise DatasetError(out_of_memory(path), _HINT) from error
    except (*UNREADABLE, MatReadError, TypeError, IndexError, NameError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", _HINT).format(
            path=path.name, reason=error
        ) from error
    dataset = content.get("dataset")
    if not isinstance(dataset, np.ndarray) or dataset.dtype.names is None or dataset.size != 1:
        raise DatasetError("{path} has no structure called dataset.", _HINT).format(path=path.name)
    return dataset
