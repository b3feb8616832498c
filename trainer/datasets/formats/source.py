"""The common form of every import format: splits of samples, read in chunks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.store import TEST, TRAIN, VALIDATION
from trainer.errors import DatasetError
from trainer.ink.render import Images

RawLabels = npt.NDArray[Any]
"""Array of shape (n,): integers or strings, as in the file."""

CHUNK = 2_000
"""Samples per chunk."""

_LARGEST_SIDE = 1_024
"""Pixels; larger images are not single characters."""

_LEAST_SIDE = 7
"""Pixels; in rows of fewer, values are features of something."""

COLOURED = frozenset(3 * side * side for side in range(14, 129))
"""Numbers of values of a square image of three colours, one of which only is square itself."""

_JUDGED = 200
_MOST_DEVIATIONS = 20
"""Between paper and ink in standardised images."""

_LEAST_PAPER = 0.2
"""Share of the pixels that are paper."""

_LARGEST_LABEL = 2.0**53
"""Larger floating-point numbers have no units."""

_SPLIT_NAMES = (
    (VALIDATION, re.compile(r"valid|(?<![a-z])(?:val|dev)(?![a-z])")),
    (TEST, re.compile(r"(?<!la)test|t10k|(?<![a-z])(?:tst|tes|te)(?![a-z])|\.t(?:\.bz2)?$")),
)
"""What the names of files say of their split."""

_FULL_SCALE = 255.0
_SCALES = (1.0, 16.0, 255.0, 1023.0, 4095.0, 65535.0)
"""What full ink may be: a share, the 4×4 cells of optdigits, and 8, 10, 12 or 16 bits."""

_COUNTERPARTS = (
    ("-images-idx3", "-labels-idx1"),
    ("-images.idx3", "-labels.idx1"),
    ("images", "labels"),
    ("Images", "Labels"),
    ("image", "label"),
    ("x_", "y_"),
    ("X_", "y_"),
    ("X_", "Y_"),
    ("X.", "y."),
    ("X.", "Y."),
    ("x.", "y."),
    ("data", "target"),
    ("data", "labels"),
)


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive samples of a file.

    Attributes
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        0 to 255, in the orientation of the file.
    labels : ndarray of shape (n,)
        Integers or strings.
    writers : ndarray of shape (n,), dtype=int64, or None
    """

    images: Images
    labels: RawLabels
    writers: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class SourceSplit:
    """One split of a source.

    Attributes
    ----------
    labels : ndarray of shape (n,)
        All of them.
    sample : callable
        Returns about the requested number of samples, evenly spread where that is cheap.
    chunks : callable
        Returns all samples in order.
    full_scale : float
        The value of full ink in the file, which becomes 255.
    """

    labels: RawLabels
    sample: Callable[[int], Chunk]
    chunks: Callable[[], Iterator[Chunk]]
    full_scale: float = 255.0

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class ImportSource:
    """A file or folder of a known format.

    Attributes
    ----------
    format : str
        Display name of the format.
    title : str
    image_shape : tuple of int
        Height and width of the images in the file.
    splits : mapping of str to SourceSplit
    transposed : bool or None
        By the convention of the format; None if there is none.
    inverted : bool or None
        Likewise.
    characters : mapping of int to str
        The character of each label, where known.
    archives : mapping of str to PenArchive
        The drawings of each split, if any.
    terms, citation : str
    notes : list of str
        Sentences about skipped samples; they may grow while chunks are read.
    keeper : object
        What must live as long as the splits are read.
    """

    format: str
    title: str
    image_shape: tuple[int, int]
    splits: Mapping[str, SourceSplit]
    transposed: bool | None = None
    inverted: bool | None = None
    characters: Mapping[int, str] = field(default_factory=dict)
    archives: Mapping[str, PenArchive] = field(default_factory=dict)
    terms: str = ""
    citation: str = ""
    notes: list[str] = field(default_factory=list)
    keeper: object = None


def split_of(path: Path) -> str:
    """Return the split that a file's name indicates."""
    name = path.name.lower()
    return next((split for split, words in _SPLIT_NAMES if words.search(name)), TRAIN)


def labels_beside(path: Path) -> Path | None:
    """Return the labels file that belongs to an images file by its name; None if there is none."""
    for images, labels in _COUNTERPARTS:
        beside = path.with_name(path.name.replace(images, labels))
        if images in path.name and beside.exists():
            return beside
    return None


def is_labels_file(path: Path) -> bool:
    """Return whether a file's name says that it holds the labels of another."""
    return any(
        path.with_name(path.name.replace(labels, images)).exists()
        for images, labels in _COUNTERPARTS
        if labels in path.name
    )


def is_picture(n_values: int) -> bool:
    """Return whether a row of so many values can be a square image, grey or of three colours."""
    side = math.isqrt(max(n_values, 0))
    is_grey = side * side == n_values and _LEAST_SIDE <= side <= _LARGEST_SIDE
    return is_grey or n_values in COLOURED


def image_shape(n_values: int, where: str) -> tuple[int, int]:
    """Return height and width of a square image of `n_values` values, grey or of three colours.

    Raises
    ------
    DatasetError
        If it is not square, or its side is out of range.
    """
    if not is_picture(n_values):
        if n_values < _LEAST_SIDE**2:
            raise DatasetError(
                "{where} is a table of {n_values} features, not of pictures.",
                "A row of a picture has a value for each pixel: 784 for 28×28, at least 49.",
            ).format(where=where, n_values=n_values)
        raise DatasetError(
            "Expected a square number of pixels for each image, such as 784, in "
            "{where}. Received: {n_values}.",
            "Only square images can be read from rows; give the others as (n, height, width). "
            "Rows of measured features are no pictures.",
        ).format(where=where, n_values=n_values)
    side = math.isqrt(n_values // 3 if n_values in COLOURED else n_values)
    return side, side


def grey_rows(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return the grey of rows of three colours, of which either pixels or planes follow.

    Parameters
    ----------
    values : ndarray of shape (n, 3 × pixels)

    Returns
    -------
    ndarray of shape (n, pixels), dtype=float32
    """
    some = values[:_JUDGED].astype(np.float32)
    pixels, planes = some.reshape(len(some), -1, 3), some.reshape(len(some), 3, -1)
    if np.ptp(pixels, axis=2).sum() <= np.ptp(planes, axis=1).sum():
        return grey(values.reshape(len(values), -1, 3))
    return grey(values.reshape(len(values), 3, -1).swapaxes(1, 2))


def grey(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return the brightness (ITU-R BT.601) of values whose last axis is red, green and blue."""
    result = np.empty(values.shape[:-1], dtype=np.float32)
    for low in range(0, len(values), CHUNK):
        block = values[low : low + CHUNK].astype(np.float32)
        result[low : low + CHUNK] = block @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return result


def check_same_length(n_images: int, n_labels: int, where: str) -> None:
    """Raise `DatasetError` unless every image has its label."""
    if n_images != n_labels:
        raise DatasetError(
            "Expected one label for each of {n_images} images in {where}. Received: {n_labels}.",
            "Images and labels do not belong together, or one of them is cut short.",
        ).format(n_images=f"{n_images:,}", where=where, n_labels=f"{n_labels:,}")
    if n_images == 0:
        raise DatasetError(
            "Expected samples in {where}. Received: none.", "The file has only a header."
        ).format(where=where)


def check_image_shape(height: int, width: int, where: str) -> tuple[int, int]:
    """Return height and width if an image of this size can show a character.

    Raises
    ------
    DatasetError
        If it is too small or too large.
    """
    if not (2 <= height <= _LARGEST_SIDE and 2 <= width <= _LARGEST_SIDE):
        raise DatasetError(
            "Expected images of 2 to {largest} pixels a side in {where}. Received: "
            "{height}×{width}.",
            "Images come as (n, height, width), (n, height, width, 1) or (n, pixels).",
        ).format(largest=_LARGEST_SIDE, where=where, height=height, width=width)
    return height, width


def spread(n: int, n_wanted: int) -> npt.NDArray[np.int64]:
    """Return up to `n_wanted` indices, evenly spaced over `n`."""
    return np.unique(np.linspace(0, n - 1, min(n, n_wanted)).astype(np.int64))


def whole_labels(values: npt.NDArray[Any], where: str) -> RawLabels:
    """Return labels as integers or strings; one-hot rows become their index.

    Raises
    ------
    DatasetError
        If they are neither.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2 and values.shape[1] > 1 and values.dtype.kind in "biuf":
        ones = (values == 1).sum(axis=1) == 1
        if not (ones & ((values == 0).sum(axis=1) == values.shape[1] - 1)).all():
            raise DatasetError(
                "Expected one label for each image in {where}. Received: {n_labels}.",
                "Rows of several numbers are read as one-hot: a single 1, all others 0.",
            ).format(where=where, n_labels=values.shape[1])
        indices: RawLabels = values.argmax(axis=1).astype(np.int64)
        return indices
    if values.ndim != 1 or values.dtype.kind not in "biufUS":
        raise DatasetError(
            "Expected a list of labels in {where}. Received: {dtype} of shape {shape}.",
            "Labels are whole numbers or characters, one for each image.",
        ).format(where=where, dtype=values.dtype, shape=values.shape)
    if values.dtype.kind in "US":
        return values.astype(str)
    if (
        values.dtype.kind == "f"
        and not ((np.abs(values) < _LARGEST_LABEL) & (values == np.rint(values))).all()
    ):
        raise DatasetError(
            "Expected whole numbers up to 2^53 as labels in {where}. Received: others, or NaN.",
            "Mend the labels; images and labels may be swapped.",
        ).format(where=where)
    if values.dtype.kind == "u" and int(values.max(initial=0)) > _LARGEST_LABEL:
        raise DatasetError(
            "Expected labels up to 2^53 in {where}. Received: {label}.", "Mend the labels."
        ).format(where=where, label=int(values.max(initial=0)))
    return values.astype(np.int64)


def whole_writers(values: npt.NDArray[Any], n: int) -> npt.NDArray[np.int64] | None:
    """Return the writers of `n` samples; None unless they are as many whole numbers from 0."""
    is_whole = values.shape == (n,) and n > 0 and values.dtype.kind in "iu"
    if is_whole and 0 <= int(values.min()) <= int(values.max()) <= np.iinfo(np.int64).max:
        return values.astype(np.int64)
    return None


def value_scale(values: npt.NDArray[Any], where: str) -> tuple[float, float]:
    """Return offset and factor that scale pixels to 0…255.

    Parameters
    ----------
    values : ndarray of shape (n, …)
        From 0 to 1, 16 or 255; from -0.5 to 0.5 or -1 to 1; integers of 10, 12 or 16 bits, if most
        images exceed 255; standardised, or signed bytes, if many are the lowest or the highest.

    Raises
    ------
    DatasetError
        If they are not finite, or of another range.
    """
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    if not math.isfinite(low) or not math.isfinite(high):
        raise DatasetError(
            "Expected finite pixels in {where}. Received: NaN or infinity.",
            "Mend the images, for instance with numpy.nan_to_num.",
        ).format(where=where)
    if low < 0.0 and max(-low, high) <= 1.0:
        half = 0.5 if math.isclose(max(-low, high), 0.5, rel_tol=1e-6) else 1.0
        return half, _FULL_SCALE / (2 * half)
    if low < 0.0 and _is_standardised(values, low, high):
        return (128.0, 1.0) if values.dtype == np.int8 else (-low, _FULL_SCALE / (high - low))
    wide = next((scale for scale in _SCALES if high <= scale), None)
    if low < 0.0 or wide is None or (high > _FULL_SCALE and not _are_wide(values)):
        raise DatasetError(
            "Expected pixels from 0 to 1 or from 0 to 255 in {where}. Received: {low} to {high}.",
            "Bring them to one of these ranges; measured features are no pictures.",
        ).format(where=where, low=f"{low:g}", high=f"{high:g}")
    return 0.0, _FULL_SCALE / wide


def _is_standardised(values: npt.NDArray[Any], low: float, high: float) -> bool:
    """Return whether pixels were moved: those of the paper are alike, at one end of the range."""
    is_small = values.dtype == np.int8 or (
        values.dtype.kind == "f" and high - low < _MOST_DEVIATIONS
    )
    paper = max(np.mean(values == end) for end in (low, high)) if is_small else 0.0
    return bool(paper > _LEAST_PAPER)


def _are_wide(values: npt.NDArray[Any]) -> bool:
    """Return whether most images exceed 255, as integers."""
    brightest = values.reshape(len(values), -1).max(axis=1)
    return values.dtype.kind in "iu" and bool(np.median(brightest) > _FULL_SCALE)


def full_scale(scale: tuple[float, float]) -> float:
    """Return the value that `value_scale` found to be full ink."""
    offset, factor = scale
    return _FULL_SCALE / factor - offset


def as_bytes(values: npt.NDArray[Any], scale: tuple[float, float]) -> npt.NDArray[np.uint8]:
    """Scale values to integers from 0 to 255 by the result of `value_scale`."""
    if values.dtype == np.uint8 and scale == (0.0, 1.0):
        return values
    offset, factor = scale
    scaled = (values.astype(np.float32) + np.float32(offset)) * np.float32(factor)
    result: npt.NDArray[np.uint8] = np.rint(scaled).clip(0, 255).astype(np.uint8)
    return result


def array_split(
    images: npt.NDArray[Any],
    labels: RawLabels,
    where: str,
    writers: npt.NDArray[np.int64] | None = None,
) -> SourceSplit:
    """Return the split of arrays in memory or mapped from a file.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), of any numbers or bool
    """
    check_same_length(len(images), len(labels), where)
    if images.dtype == np.uint8 and int(images[: 10 * CHUNK].max(initial=0)) > 16:
        scale = (0.0, 1.0)
    else:
        scale = value_scale(images, where)

    def read(indices: npt.NDArray[np.int64]) -> Chunk:
        some = None if writers is None else writers[indices]
        return Chunk(as_bytes(images[indices], scale), labels[indices], some)

    return replace(indexed_split(labels, read), full_scale=full_scale(scale))


def indexed_split(
    labels: RawLabels, read: Callable[[npt.NDArray[np.int64]], Chunk], step: int = CHUNK
) -> SourceSplit:
    """Return the split of samples that `read` gives by their indices, `step` at once."""
    indices = np.arange(len(labels))

    def chunks() -> Iterator[Chunk]:
        for low in range(0, len(labels), step):
            yield read(indices[low : low + step])

    return SourceSplit(labels, lambda n: read(spread(len(labels), n)), chunks)
