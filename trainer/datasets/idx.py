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
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset
from trainer.errors import DatasetError, Message
from trainer.files.file_array import FileArray
from trainer.files.npz import check_inflated, reading
from trainer.ink.alphabet import SPLIT_ALPHABETS
from trainer.ink.render import Images

_UINT8 = 8
_IMAGE_AXES = 3
_HEADER_BYTES = 20
"""Of the longest header."""
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

    Returns
    -------
    ndarray of any shape, dtype=uint8

    Raises
    ------
    DatasetError
        If the file is missing, damaged, truncated, too large or not of bytes.
    """
    with reading(path, _HINT), open_plain(path) as stream:
        shape, start = _header(stream.read(_HEADER_BYTES), path)
        stream.seek(start)
        n_values = math.prod(shape)
        check_inflated(n_values, path.stat().st_size)
        values = np.frombuffer(stream.read(n_values + 1), dtype=np.uint8)
    if values.size != n_values:
        received = Message("more") if values.size > n_values else f"{values.size:,}"
        raise _wrong_length(path, shape, received)
    return values.reshape(shape)


def _idx_images(path: Path, *, transposed: bool) -> Images:
    """Return images upright; those of an uncompressed file are read when they are needed."""
    if path.suffix != ".gz":
        with reading(path, _HINT):
            with path.open("rb") as stream:
                shape, start = _header(stream.read(_HEADER_BYTES), path)
            if len(shape) == _IMAGE_AXES:
                _check_length(path, shape, start)
                images = FileArray[np.uint8](path, shape, np.uint8, start, transposed=transposed)
                return cast(Images, images)
    values = read_idx(path)
    if values.ndim != _IMAGE_AXES:
        raise DatasetError("Expected images in {images}. Received: labels.").format(
            images=path.name
        )
    return values.swapaxes(1, 2) if transposed else values


def _check_length(path: Path, shape: tuple[int, ...], start: int) -> None:
    n_values = path.stat().st_size - start
    if n_values != math.prod(shape):
        raise _wrong_length(path, shape, f"{n_values:,}")


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
        shape, start = _header(stream.read(_HEADER_BYTES), path)
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


def _wrong_length(path: Path, shape: tuple[int, ...], received: str | Message) -> DatasetError:
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
    images = _idx_images(pair.images, transposed=pair.transposed)
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
