"""IDX files, plain and gzipped: the format of MNIST and of EMNIST's archive.

Big-endian: two zero bytes, a type byte (8 for uint8), the number of axes, the axes' lengths as
32-bit integers, then the values (LeCun, yann.lecun.com/exdb/mnist). EMNIST stores its images
transposed, as MATLAB does; MNIST does not.
"""

from __future__ import annotations

import gzip
import math
import re
import struct
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset
from trainer.errors import DatasetError, Message
from trainer.files.npz import reading
from trainer.ink.alphabet import SPLIT_ALPHABETS

_UINT8 = 8
_LARGEST = 2**32
"""Maximum plausible size in bytes."""

_NAME = re.compile(
    r"(?:(?P<emnist>emnist)-(?P<kind>\w+)-)?(?P<split>train|test|t10k)-images[-.]idx3-ubyte(?:\.gz)?$"
)
_HINT = "Fetch the file again: it may be cut short or not be IDX at all."
_MNIST_TERMS = "MNIST, CC BY-SA 3.0. LeCun, Cortes, Burges."
EMNIST_TERMS = "EMNIST, NIST, public. Cohen et al. 2017, arXiv 1702.05373."


@dataclass(frozen=True)
class IdxPair:
    """The two files of a split, and the properties that their names indicate.

    Attributes
    ----------
    images, labels : Path
    kind : str
        "balanced", "byclass", …, or "mnist" for MNIST's own files.
    split : str
        "train" or "test".
    transposed : bool
        Whether rows and columns of the images are swapped, as EMNIST's are.
    """

    images: Path
    labels: Path
    kind: str
    split: str
    transposed: bool


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """Read one IDX file of bytes.

    Uncompressed files are mapped into memory.

    Returns
    -------
    ndarray of any shape, dtype=uint8

    Raises
    ------
    DatasetError
        If the file is missing, damaged, truncated or not of bytes.
    """
    with reading(path, _HINT):
        if path.suffix == ".gz":
            with gzip.open(path, "rb") as stream:
                data = stream.read()
            shape, start = _header(data[:20], path)
            values: npt.NDArray[Any] = np.frombuffer(data, dtype=np.uint8)[start:]
        else:
            with path.open("rb") as stream:
                shape, start = _header(stream.read(20), path)
            values = np.memmap(path, dtype=np.uint8, mode="r", offset=start)
    if values.size != math.prod(shape):
        raise _wrong_length(path, shape, f"{values.size:,}")
    return values.reshape(shape)


def stream_idx(
    path: Path, rows: int
) -> tuple[tuple[int, ...], Generator[npt.NDArray[np.uint8], None, None]]:
    """Read one IDX file of bytes in blocks of `rows` along its first axis.

    Returns
    -------
    shape : tuple of int
    pieces : generator of ndarrays of shape (at most rows, …), dtype=uint8

    Raises
    ------
    DatasetError
        As `read_idx`; damage after the header is raised when the generator reaches it.
    """
    with reading(path, _HINT), open_plain(path) as stream:
        shape, start = _header(stream.read(20), path)
    return shape, _pieces(path, shape, start, rows)


def _pieces(
    path: Path, shape: tuple[int, ...], start: int, rows: int
) -> Generator[npt.NDArray[np.uint8], None, None]:
    size = math.prod(shape[1:])
    with reading(path, _HINT), open_plain(path) as stream:
        stream.read(start)
        for low in range(0, shape[0], rows):
            n = min(rows, shape[0] - low)
            data = stream.read(n * size)
            if len(data) != n * size:
                raise _wrong_length(path, shape, f"{low * size + len(data):,}")
            yield np.frombuffer(data, dtype=np.uint8).reshape(n, *shape[1:])
        if stream.read(1):
            raise _wrong_length(path, shape, Message("more"))


def _wrong_length(path: Path, shape: tuple[int, ...], received: str) -> DatasetError:
    return DatasetError(
        "Expected {n_expected} values in {path}. Received: {n_received}.", _HINT
    ).format(n_expected=f"{math.prod(shape):,}", path=path.name, n_received=received)


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading, gunzipped if its name ends in ``.gz``."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _header(data: bytes, path: Path) -> tuple[tuple[int, ...], int]:
    if len(data) < 8 or data[:2] != b"\0\0" or data[2] != _UINT8 or data[3] not in (1, 3):
        raise DatasetError(
            "Expected the header of an IDX file of bytes in {path}. Received: {header}.",
            "Fetch the file again: it may be a web page saved under this name.",
        ).format(path=path.name, header=data[:4].hex(" ") or "nothing")
    n_axes = data[3]
    if len(data) < 4 + 4 * n_axes:
        raise DatasetError("{path} ends within its header.", "Fetch the file again.").format(
            path=path.name
        )
    shape = struct.unpack(f">{n_axes}I", data[4 : 4 + 4 * n_axes])
    if math.prod(shape) > _LARGEST:
        raise DatasetError("{path} promises {n_values} values.", "It is damaged.").format(
            path=path.name, n_values=f"{math.prod(shape):,}"
        )
    return shape, 4 + 4 * n_axes


def find_splits(path: Path) -> dict[str, IdxPair]:
    """Find the splits in a folder, or the split of an images file.

    Raises
    ------
    DatasetError
        If an images file has no labels file beside it.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    splits = {}
    for images in files:
        match = _NAME.search(images.name)
        if match is None:
            continue
        labels = images.with_name(images.name.replace("-images", "-labels").replace("idx3", "idx1"))
        if not labels.exists():
            raise DatasetError(
                "{images} has no labels beside it.", "Put {labels} into its folder."
            ).format(images=images.name, labels=labels.name)
        split = "train" if match["split"] == "train" else "test"
        emnist = match["emnist"] is not None
        splits[split] = IdxPair(images, labels, match["kind"] or "mnist", split, emnist)
    return splits


def read_idx_dataset(pair: IdxPair) -> Dataset:
    """Read one split, with upright images and labels from 0.

    Raises
    ------
    DatasetError
        If a file is damaged, or images and labels do not match.
    """
    images = read_idx(pair.images)
    if images.ndim != 3:
        raise DatasetError("Expected images in {images}. Received: labels.").format(
            images=pair.images.name
        )
    if pair.transposed:
        images = images.swapaxes(1, 2)
    labels = read_idx(pair.labels).astype(np.int64)
    if labels.ndim != 1:
        raise DatasetError("Expected labels in {labels}. Received: images.").format(
            labels=pair.labels.name
        )
    if pair.kind == "letters":
        labels = labels - 1
    alphabet = SPLIT_ALPHABETS.get(pair.kind)
    if alphabet is None:
        highest = int(labels.max(initial=0))
        alphabet = tuple(str(label) for label in range(highest + 1))
    name = f"{'emnist-' if pair.transposed else ''}{pair.kind}-{pair.split}"
    terms = EMNIST_TERMS if pair.transposed else _MNIST_TERMS if pair.kind == "mnist" else ""
    return Dataset(name, alphabet, images, labels, terms=terms)
