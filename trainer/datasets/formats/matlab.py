"""EMNIST's MATLAB files: ``dataset.train.images`` and so on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.arrays import UNREADABLE
from trainer.datasets.formats.classes import kind_of
from trainer.datasets.formats.source import Part, Source, array_part, image_shape, whole_labels
from trainer.datasets.idx import EMNIST_TERMS
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError

_HINT = "Expected is one of EMNIST's files, such as emnist-balanced.mat."


def open_matlab(path: Path) -> Source:
    """Open a file of EMNIST's form.

    Raises
    ------
    DatasetError
        If it is damaged or of another form, or SciPy is not installed.
    """
    dataset = _load(path)
    parts: dict[str, Part] = {}
    shape = (0, 0)
    try:
        for split in SPLITS:
            if split not in (dataset.dtype.names or ()):
                continue
            struct = dataset[split][0, 0]
            rows = struct["images"][0, 0]
            shape = image_shape(rows.shape[1], path.name)
            # MATLAB numbers the pixels of an image down its columns.
            images = rows.reshape(len(rows), *shape).swapaxes(1, 2)
            labels = whole_labels(struct["labels"][0, 0], path.name)
            parts[split] = array_part(images, labels, path.name, _writers(struct))
        mapping = _characters(dataset)
    except (LookupError, ArithmeticError, ValueError, TypeError, AttributeError) as error:
        raise DatasetError(f"{path.name} is not of EMNIST's form: {error}.", _HINT) from error
    if not parts:
        raise DatasetError(f"{path.name} has neither dataset.train nor dataset.test.", _HINT)
    kind = kind_of(path)
    return Source(
        format="MATLAB, EMNIST's form",
        title=f"EMNIST {kind}" if kind else path.stem,
        image_shape=shape,
        parts=parts,
        transposed=False,
        characters=mapping,
        terms=EMNIST_TERMS if kind else "",
    )


def _load(path: Path) -> npt.NDArray[Any]:
    try:
        from scipy.io import loadmat
        from scipy.io.matlab import MatReadError
    except ImportError as error:
        raise DatasetError(
            f"{path.name} is a MATLAB file; reading it needs SciPy, which is not installed.",
            "Install it with: pip install scipy. EMNIST's IDX files need nothing.",
        ) from error
    try:
        content = loadmat(path, variable_names=["dataset"])
    except (*UNREADABLE, MatReadError, TypeError, IndexError, NameError) as error:
        raise DatasetError(f"{path.name} cannot be read: {error}.", _HINT) from error
    dataset = content.get("dataset")
    if not isinstance(dataset, np.ndarray) or dataset.dtype.names is None or dataset.size != 1:
        raise DatasetError(f"{path.name} has no structure called dataset.", _HINT)
    return dataset


def _writers(struct: npt.NDArray[Any]) -> npt.NDArray[np.int64] | None:
    if "writers" not in (struct.dtype.names or ()):
        return None
    writers = struct["writers"][0, 0].reshape(-1).astype(np.int64)
    return writers if len(writers) == len(struct["images"][0, 0]) else None


def _characters(dataset: npt.NDArray[Any]) -> dict[int, str]:
    if "mapping" not in (dataset.dtype.names or ()):
        return {}
    rows = dataset["mapping"][0, 0].astype(np.int64)
    return {int(row[0]): chr(int(row[1])) for row in rows}
