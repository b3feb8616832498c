"""EMNIST's MATLAB files: ``dataset.train.images`` and so on."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.classes import kind_of
from trainer.datasets.formats.matlab_unpacking import HINT, MAPPING, array_file
from trainer.datasets.formats.source import (
    ImportSource,
    SourceSplit,
    array_part,
    image_shape,
    whole_labels,
)
from trainer.datasets.idx import EMNIST_TERMS
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError
from trainer.files.npz import UNREADABLE
from trainer.processes.sandbox import read_guarded

_ODD: tuple[type[Exception], ...] = (*UNREADABLE, LookupError, ArithmeticError, TypeError)


def open_matlab(path: Path, check: Callable[[], None] | None = None) -> ImportSource:
    """Open a file of EMNIST's form.

    A child unpacks it into a temporary folder. The arrays are mapped from there, and the folder
    goes at once: what is mapped stays until nobody has it any more. (Windows does not remove
    such files, so there the arrays are read.)

    Parameters
    ----------
    path : Path
    check : callable, optional
        Raises to end the reading.

    Raises
    ------
    DatasetError
        If it is damaged or of another form, or SciPy is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="emnist-desktop-") as name:
        read_guarded(["matlab", str(path), name], path, DatasetError, HINT, check)
        try:
            return _source(path, Path(name))
        except _ODD as error:
            raise DatasetError("{path} is not of EMNIST's form: {reason}.", HINT).format(
                path=path.name, reason=error
            ) from error


def _source(path: Path, folder: Path) -> ImportSource:
    parts: dict[str, SourceSplit] = {}
    shape = (0, 0)
    for split in SPLITS:
        rows = _array(folder / array_file(split, "images"))
        if rows is None:
            continue
        shape = image_shape(rows.shape[1], path.name)
        # MATLAB numbers the pixels of an image down its columns.
        images = rows.reshape(len(rows), *shape).swapaxes(1, 2)
        labels = whole_labels(np.array(_array(folder / array_file(split, "labels"))), path.name)
        writers = _array(folder / array_file(split, "writers"))
        parts[split] = array_part(images, labels, path.name, _writers(writers, len(images)))
    kind = kind_of(path)
    return ImportSource(
        format="MATLAB, EMNIST's form",
        title=f"EMNIST {kind}" if kind else path.stem,
        image_shape=shape,
        parts=parts,
        transposed=False,
        characters=_characters(_array(folder / MAPPING)),
        terms=EMNIST_TERMS if kind else "",
    )


def _array(file: Path) -> npt.NDArray[Any] | None:
    if not file.exists():
        return None
    array: npt.NDArray[Any] = np.load(
        file, mmap_mode=None if sys.platform == "win32" else "r", allow_pickle=False
    )
    return array


def _writers(values: npt.NDArray[Any] | None, n: int) -> npt.NDArray[np.int64] | None:
    if values is None or values.size != n:
        return None
    return values.reshape(-1).astype(np.int64)


def _characters(rows: npt.NDArray[Any] | None) -> dict[int, str]:
    if rows is None:
        return {}
    return {int(row[0]): chr(int(row[1])) for row in rows.astype(np.int64)}
