"""MATLAB files, of EMNIST's form (``dataset.train.images``) or with X and y, and HDF5 files.

SciPy's and h5py's readers may crash on a broken file, so a child unpacks it:
`trainer.processes.sandbox`.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.arrays import named_arrays
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
from trainer.errors import DatasetError, Message
from trainer.files.npz import UNREADABLE, check_inflated
from trainer.files.paths import temporary_folder
from trainer.processes.launch import missing_hint
from trainer.processes.sandbox import limit_this_process, out_of_memory, read_sandboxed

_HINT = "Expected is one of EMNIST's files, such as emnist-balanced.mat, or arrays X and y."
_MAPPING = "mapping.npy"
_ARRAYS = "arrays"
"""Folder of the arrays of a file of another form than EMNIST's."""

_HDF5_MATLAB = b"MATLAB 7.3"
_MOST_ARRAYS = 32
_MAT5_HEADER = 128
_COMPRESSED = 15
"""Of the variables of a MATLAB file of version 5: its bytes of header, and their type if packed."""

HDF5_START = b"\x89HDF\r\n\x1a\n"
_MALFORMED: tuple[type[Exception], ...] = (*UNREADABLE, LookupError, ArithmeticError, TypeError)


def open_matlab(path: Path, check: Callable[[], None] | None = None) -> ImportSource:
    """Open a MATLAB or HDF5 file.

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
        If it is damaged or of another form, or SciPy (HDF5: h5py) is not installed.
    """
    with temporary_folder() as name:
        read_sandboxed(["matlab", str(path), name], path, DatasetError, _HINT, check)
        try:
            return _source(path, Path(name))
        except _MALFORMED as error:
            raise DatasetError("{path} is not of EMNIST's form: {reason}.", _HINT).format(
                path=path.name, reason=error
            ) from error


def _source(path: Path, folder: Path) -> ImportSource:
    if (folder / _ARRAYS).is_dir():
        files = sorted((folder / _ARRAYS).iterdir())
        arrays = {file.stem: np.array(_array(file)) for file in files}
        return named_arrays(path, "HDF5" if _is_hdf5(path) else "MATLAB", arrays)
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
        format=Message("MATLAB, EMNIST's form"),
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


def _is_hdf5(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(HDF5_START)) == HDF5_START


def unpack_matlab(path: Path, folder: Path) -> None:
    """Write the arrays of a MATLAB or HDF5 file into `folder` unchanged; limits this process.

    Raises
    ------
    DatasetError
        If it is damaged or of another form, SciPy (HDF5: h5py) is not installed, or the disk is
        full.
    """
    content = _load_hdf5(path) if _is_hdf5(path) else _load(path)
    dataset = content.get("dataset")
    try:
        if isinstance(dataset, np.ndarray) and dataset.dtype.names and dataset.size == 1:
            arrays = _arrays(dataset)
        else:
            arrays = _plain_arrays(path, content)
            (folder / _ARRAYS).mkdir()
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


def _plain_arrays(path: Path, content: Mapping[str, object]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of numbers of a file, by the names of their files."""
    arrays = {
        f"{_ARRAYS}/{name.replace('/', '_')}.npy": values
        for name, values in content.items()
        if isinstance(values, np.ndarray) and values.dtype.kind in "biufU"
    }
    if not arrays:
        raise DatasetError(
            "{path} has no structure called dataset, and no arrays of numbers.", _HINT
        ).format(path=path.name)
    return arrays


def _load_hdf5(path: Path) -> dict[str, object]:
    try:
        import h5py
    except ImportError as error:
        raise DatasetError(
            "{path} is an HDF5 file; reading it needs h5py, which is not installed.",
            missing_hint("train", "h5py"),
        ).format(path=path.name) from error
    limit_this_process(path)
    content: dict[str, object] = {}
    try:
        with h5py.File(path, "r") as archive:
            if "model_config" in archive.attrs or "model_weights" in archive:
                raise DatasetError(
                    "{path} is a Keras model, not data.", "Open it as a model, or choose the data."
                ).format(path=path.name)
            datasets: list[tuple[str, h5py.Dataset]] = []
            archive.visititems(
                lambda name, item: (
                    datasets.append((name, item)) if isinstance(item, h5py.Dataset) else None
                )
            )
            numbers = [each for each in datasets if each[1].dtype.kind in "biuf"][:_MOST_ARRAYS]
            check_inflated(sum(item.nbytes for _, item in numbers), path.stat().st_size)
            content = {name: item[()] for name, item in numbers}
    except MemoryError as error:
        raise DatasetError(out_of_memory(path), _HINT) from error
    except _MALFORMED as error:
        raise DatasetError("{path} cannot be read: {reason}.", _HINT).format(
            path=path.name, reason=error
        ) from error
    return content


def _promised(path: Path) -> int:
    """Return the bytes that the compressed variables of a file of version 5 say they unpack to."""
    total = 0
    with path.open("rb") as stream:
        order = {b"IM": "<", b"MI": ">"}.get(stream.read(_MAT5_HEADER)[-2:])
        while order and len(tag := stream.read(8)) == 8:
            kind, n_bytes = struct.unpack(f"{order}2I", tag)
            following = stream.tell() + n_bytes
            if kind == _COMPRESSED:
                inner = zlib.decompressobj().decompress(stream.read(64), 8)
                total += struct.unpack(f"{order}2I", inner)[1] if len(inner) == 8 else 0
            stream.seek(following)
    return total


def _load(path: Path) -> dict[str, object]:
    with path.open("rb") as stream:
        if stream.read(len(_HDF5_MATLAB)) == _HDF5_MATLAB:
            raise DatasetError(
                "{path} is a MATLAB file of version 7.3.",
                "Save it as version 7: save('-v7', …) in MATLAB and Octave.",
            ).format(path=path.name)
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
        check_inflated(_promised(path), path.stat().st_size)
        content: dict[str, object] = loadmat(path)
    except MemoryError as error:
        raise DatasetError(out_of_memory(path), _HINT) from error
    except (*UNREADABLE, MatReadError, TypeError, IndexError, NameError) as error:
        raise DatasetError("{path} cannot be read: {reason}.", _HINT).format(
            path=path.name, reason=error
        ) from error
    return content
