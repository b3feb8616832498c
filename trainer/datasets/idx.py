"""IDX files, plain and gzipped: the format of MNIST and of EMNIST's archive.

Big-endian: two zero bytes, a type byte (8 for uint8), the number of axes, the axes' lengths as
32-bit integers, then the values (LeCun, yann.lecun.com/exdb/mnist). EMNIST stores its images
transposed, as MATLAB does; MNIST does not.
"""

from __future__ import annotations

import bz2
import gzip
import math
import re
import struct
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset
from trainer.errors import DatasetError, Message
from trainer.files.npz import reading
from trainer.ink.alphabet import SPLIT_ALPHABETS

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_AXES = 4
_LARGEST = 2**32
"""Maximum plausible size in bytes."""

_LONGEST_HEADER = 4 + 4 * _MOST_AXES

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


def is_idx(start: bytes) -> bool:
    """Return whether a file begins with the header of IDX, from its first 4 bytes."""
    return start[:2] == b"\0\0" and start[2] in _TYPES and 1 <= start[3] <= _MOST_AXES


def read_idx(path: Path) -> npt.NDArray[Any]:
    """Read one IDX file.

    Uncompressed files are mapped into memory.

    Returns
    -------
    ndarray of any shape, of uint8 or what else the file holds

    Raises
    ------
    DatasetError
        If the file is missing, damaged or truncated.
    """
    with reading(path, _HINT), open_plain(path) as stream:
        shape, dtype, start = _header(stream.read(_LONGEST_HEADER), path)
        if is_packed(path):
            stream.seek(start)
            data = stream.read(math.prod(shape) * dtype.itemsize)
            n_more = len(_rest(stream))
            values: npt.NDArray[Any] = np.frombuffer(data, dtype=np.uint8)
        else:
            values, n_more = np.memmap(path, dtype=np.uint8, mode="r", offset=start), 0
    n_values = (len(values) + n_more) / dtype.itemsize
    if n_values != math.prod(shape):
        raise _wrong_length(path, shape, Message("more") if n_more else f"{int(n_values):,}")
    return values.view(dtype).reshape(shape)


def stream_idx(
    path: Path, rows: int
) -> tuple[tuple[int, ...], Generator[npt.NDArray[Any], None, None]]:
    """Read one IDX file in blocks of `rows` along its first axis.

    Returns
    -------
    shape : tuple of int
    pieces : generator of ndarrays of shape (at most rows, …), of uint8 or what the file holds

    Raises
    ------
    DatasetError
        As `read_idx`; damage after the header is raised when the generator reaches it.
    """
    with reading(path, _HINT), open_plain(path) as stream:
        shape, dtype, start = _header(stream.read(_LONGEST_HEADER), path)
    return shape, _pieces(path, shape, dtype, start, rows)


def _pieces(
    path: Path, shape: tuple[int, ...], dtype: np.dtype[Any], start: int, rows: int
) -> Generator[npt.NDArray[Any], None, None]:
    size = math.prod(shape[1:]) * dtype.itemsize
    with reading(path, _HINT), open_plain(path) as stream:
        stream.read(start)
        for low in range(0, shape[0], rows):
            n = min(rows, shape[0] - low)
            data = stream.read(n * size)
            if len(data) != n * size:
                n_values = (low * size + len(data)) // dtype.itemsize
                raise _wrong_length(path, shape, f"{n_values:,}")
            yield np.frombuffer(data, dtype=dtype).reshape(n, *shape[1:])
        if _rest(stream):
            raise _wrong_length(path, shape, Message("more"))


def _rest(stream: BinaryIO) -> bytes:
    """Return a byte if there is one more; what follows a gzip stream and is none is ignored."""
    try:
        return stream.read(1)
    except gzip.BadGzipFile as error:
        if str(error).startswith("Not a gzipped file"):
            return b""
        raise


def _wrong_length(path: Path, shape: tuple[int, ...], received: str) -> DatasetError:
    return DatasetError(
        "Expected {n_expected} values in {path}. Received: {n_received}.", _HINT
    ).format(n_expected=f"{math.prod(shape):,}", path=path.name, n_received=received)


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked if its content is packed by gzip or bzip2."""
    opened = _packer(path)
    return path.open("rb") if opened is None else cast(BinaryIO, opened(path, "rb"))


def is_packed(path: Path) -> bool:
    """Return whether a file's content is packed by gzip or bzip2."""
    return _packer(path) is not None


def _packer(path: Path) -> Callable[..., Any] | None:
    with path.open("rb") as stream:
        start = stream.read(4)
    if start[:2] == b"\x1f\x8b":
        return gzip.open
    return bz2.open if start[:3] == b"BZh" and start[3:].isdigit() else None


def _header(data: bytes, path: Path) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    if len(data) < 8 or not is_idx(data):
        raise DatasetError(
            "Expected the header of an IDX file in {path}. Received: {header}.",
            "Fetch the file again: it may be a web page saved under this name.",
        ).format(path=path.name, header=data[:4].hex(" ") or "nothing")
    n_axes, dtype = data[3], np.dtype(_TYPES[data[2]])
    if len(data) < 4 + 4 * n_axes:
        raise DatasetError("{path} ends within its header.", "Fetch the file again.").format(
            path=path.name
        )
    shape = struct.unpack(f">{n_axes}I", data[4 : 4 + 4 * n_axes])
    if math.prod(shape) * dtype.itemsize > _LARGEST:
        raise DatasetError("{path} promises {n_values} values.", "It is damaged.").format(
            path=path.name, n_values=f"{math.prod(shape):,}"
        )
    return shape, dtype, 4 + 4 * n_axes


def find_splits(path: Path) -> dict[str, IdxPair]:
    """Find the splits in a folder, or the split of an images file.

    A folder may hold folders named like the files, as unpacked by some programs, or be the root
    of torchvision's data sets.

    Raises
    ------
    DatasetError
        If an images file has no labels file beside it, or a folder holds several data sets.
    """
    splits: dict[str, IdxPair] = {}
    for entry in _entries(path):
        match, images = _NAME.search(entry.name), _file_of(entry)
        if match is None or images is None:
            continue
        labels = labels_of(images)
        if labels is None:
            raise DatasetError(
                "{images} has no labels beside it.", "Put {labels} into its folder."
            ).format(images=images.name, labels=_labels_name(images))
        split = "train" if match["split"] == "train" else "test"
        emnist = match["emnist"] is not None
        pair = IdxPair(images, labels, match["kind"] or "mnist", split, emnist)
        if any(found.kind != pair.kind for found in splits.values()):
            raise DatasetError(
                "{folder} holds several data sets: {first} and {second}.",
                "Import an images file of one of them.",
            ).format(folder=path.name, first=next(iter(splits.values())).kind, second=pair.kind)
        splits[split] = pair
    return splits


def _entries(path: Path) -> list[Path]:
    """Return the files and folders among which pairs are looked for: those of the raw folder."""
    if not path.is_dir():
        return [path]
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    if any(_NAME.search(entry.name) for entry in entries):
        return entries
    folders = [entry for entry in entries if entry.is_dir()]
    roots = [
        root for root in (path / "raw", *(folder / "raw" for folder in folders)) if root.is_dir()
    ]
    if len(roots) > 1:
        raise DatasetError(
            "{folder} holds several data sets: {first} and {second}.", "Choose one of the folders."
        ).format(folder=path.name, first=roots[0].parent.name, second=roots[1].parent.name)
    return sorted(roots[0].iterdir()) if roots else []


def _file_of(entry: Path) -> Path | None:
    """Return a file, or the file of the same name in a folder."""
    found = entry / entry.name if entry.is_dir() else entry
    return found if found.is_file() else None


def labels_of(images: Path) -> Path | None:
    """Return the labels file that belongs to an images file by its name, packed or not."""
    plain = _labels_name(images).removesuffix(".gz")
    for name in (_labels_name(images), plain, f"{plain}.gz"):
        for place in (images.with_name(name), images.parent.parent / name):
            if (found := _file_of(place)) is not None:
                return found
    return None


def _labels_name(images: Path) -> str:
    return images.name.replace("-images", "-labels").replace("idx3", "idx1")


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
    if images.dtype != np.uint8:
        raise DatasetError(
            "Expected bytes as pixels in {images}. Received: {dtype}.",
            "Import the file into a dataset, which brings them to bytes.",
        ).format(images=pair.images.name, dtype=images.dtype)
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
