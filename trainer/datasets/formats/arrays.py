"""NumPy files: ``.npz`` with images and labels under common names, and pairs of ``.npy``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.classes import known_characters
from trainer.datasets.formats.source import (
    COLOURED,
    ImportSource,
    SourceSplit,
    array_split,
    check_image_shape,
    grey,
    grey_rows,
    image_shape,
    labels_beside,
    split_of,
    whole_labels,
)
from trainer.datasets.store import TEST, TRAIN
from trainer.errors import DatasetError
from trainer.files.npz import UNREADABLE, check_texts, members

_IMAGES = ("images", "image", "x", "data", "imgs", "arr_0")
_LABELS = ("labels", "label", "y", "targets", "target", "arr_1")


def open_npz(path: Path) -> ImportSource:
    """Open an archive of arrays.

    Raises
    ------
    DatasetError
        If it cannot be read, or has no images and labels under common names.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            names = list(archive.files)
            found = _pairs(names)
            if not found:
                raise DatasetError(
                    "Expected arrays called images and labels in {path}. Received: {names}.",
                    "x_train, y_train, x_test, y_test or X and y will do too.",
                ).format(path=path.name, names=", ".join(names)[:200] or "none")
            values = members(archive, [name for pair in found.values() for name in pair])
            arrays = {split: (values[x], values[y]) for split, (x, y) in found.items()}
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    return _source(path, "numpy archive", arrays)


def open_npy(path: Path, pairs: Iterable[tuple[Path, Path | None]]) -> ImportSource:
    """Open files of images with those of their labels; None to find them by name.

    Raises
    ------
    DatasetError
        If one is missing, cannot be read, or they do not match.
    """
    arrays = {}
    for images, given in pairs:
        labels = given or labels_beside(images)
        if labels is None:
            raise DatasetError(
                "{images} has no labels beside it.",
                "Choose the file with the labels too (--labels), or name the two alike: "
                "my_images.npy and my_labels.npy.",
            ).format(images=images.name)
        arrays[split_of(images)] = (_load(images), _load(labels))
    return _source(path, "numpy arrays", arrays)


def _load(path: Path) -> npt.NDArray[Any]:
    try:
        values: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(values, np.ndarray):
            check_texts(values)
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    if not isinstance(values, np.ndarray):
        raise DatasetError("Expected one array in {path}. Received: several.").format(
            path=path.name
        )
    return values


def _unreadable(path: Path, error: Exception) -> DatasetError:
    if "allow_pickle" in str(error) or "Python objects" in str(error):
        return DatasetError(
            "{path} holds Python objects, not plain arrays.",
            "Files that hold Python objects can run code and are never opened; save plain arrays "
            "of numbers instead.",
        ).format(path=path.name)
    return DatasetError(
        "{path} cannot be read: {reason}.", "It may be cut short; copy or fetch it again."
    ).format(path=path.name, reason=error)


def _pairs(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the names of the images and labels of each split."""
    by_lower = {name.lower(): name for name in names}
    pairs: dict[str, tuple[str, str]] = {}
    for split, mark in ((TRAIN, "train"), (TRAIN, ""), (TEST, "test")):
        images, labels = (_first(by_lower, words, mark) for words in (_IMAGES, _LABELS))
        if images and labels:
            pairs.setdefault(split, (images, labels))
    return pairs


def _first(by_lower: Mapping[str, str], words: Iterable[str], mark: str) -> str:
    patterns = ("{word}_{mark}", "{mark}_{word}", "{mark}{word}") if mark else ("{word}",)
    names = (pattern.format(word=word, mark=mark) for word in words for pattern in patterns)
    return next((by_lower[name] for name in names if name in by_lower), "")


def _source(
    path: Path, kind: str, arrays: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]
) -> ImportSource:
    splits: dict[str, SourceSplit] = {}
    shapes = set()
    for split, (images, labels) in arrays.items():
        shaped = shaped_images(images, path.name)
        splits[split] = array_split(shaped, whole_labels(np.asarray(labels), path.name), path.name)
        shapes.add((int(shaped.shape[1]), int(shaped.shape[2])))
    if len(shapes) != 1:
        raise DatasetError("The images of train and test differ in size.", "Import one of them.")
    return ImportSource(
        format=kind,
        title=path.stem.replace("_images", "").replace("-images", "") or path.stem,
        image_shape=shapes.pop(),
        splits=splits,
        characters=known_characters(path),
    )


def shaped_images(images: npt.NDArray[Any], where: str) -> npt.NDArray[Any]:
    """Return images as (n, height, width).

    Raises
    ------
    DatasetError
        If they are no numbers, or cannot be shaped so.
    """
    if images.dtype.kind not in "biuf":
        raise DatasetError(
            "Expected numbers as pixels in {where}. Received: {dtype}.",
            "Images are arrays of numbers from 0 to 1 or 0 to 255.",
        ).format(where=where, dtype=images.dtype)
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    elif images.ndim == 4 and images.shape[1] == 1:
        images = images[:, 0]
    elif images.ndim == 4 and images.shape[3] in (3, 4):
        images = grey(images[..., :3])
    elif images.ndim == 4 and images.shape[1] == 3:
        images = grey(np.moveaxis(images, 1, 3))
    elif images.ndim == 2:
        shape = image_shape(images.shape[1], where)
        images = grey_rows(images) if images.shape[1] in COLOURED else images
        images = images.reshape(len(images), *shape)
    if images.ndim != 3:
        raise DatasetError(
            "Expected images of shape (n, height, width) in {where}. Received: {shape}.",
            "(n, height, width, 1) and (n, pixels) will do too; images and labels may be swapped.",
        ).format(where=where, shape="×".join(map(str, images.shape)) or "a single number")
    check_image_shape(images.shape[1], images.shape[2], where)
    return images
