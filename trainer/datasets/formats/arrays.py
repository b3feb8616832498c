"""NumPy files: ``.npz`` with images and labels under common names, and pairs of ``.npy``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from trainer.datasets.formats.classes import MOST_CLASSES, known_characters
from trainer.datasets.formats.source import (
    COLOURED,
    ImportSource,
    RawLabels,
    SourceSplit,
    array_split,
    check_image_shape,
    grey,
    grey_rows,
    image_shape,
    is_picture,
    labels_beside,
    split_of,
    whole_labels,
    whole_writers,
)
from trainer.datasets.store import SPLITS, TEST, TRAIN, VALIDATION
from trainer.errors import DatasetError, Message
from trainer.files.file_array import FileArray
from trainer.files.npz import UNREADABLE, check_texts, members

_IMAGES = ("images", "image", "x", "data", "imgs", "features", "inputs")
_LABELS = ("labels", "label", "y", "targets", "target", "classes")
_MARKS = (
    (TRAIN, ("train", "training", "tr")),
    (TRAIN, ("",)),
    (TEST, ("test", "testing", "te")),
    (VALIDATION, ("val", "valid", "validation", "dev")),
)

_FACTS = ("alphabet", "writers", "split", "terms")
"""What an export says of its samples, beside images and labels."""

_Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]


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
            pairs = _pairs_by_name(names)
            used = [name for pair in pairs.values() for name in pair]
            arrays = members(archive, used or names)
            for name in _FACTS:
                with suppress(*UNREADABLE):  # a foreign one may be anything
                    arrays |= members(archive, [name])
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    return named_arrays(path, Message("numpy archive"), arrays, names)


def named_arrays(
    path: Path, kind: str, arrays: _Arrays, names: Sequence[str] | None = None
) -> ImportSource:
    """Return the source of arrays with images and labels, known by their names or shapes.

    Parameters
    ----------
    path : Path
    kind : str
        Display name of the format.
    arrays : mapping of str to ndarray
    names : sequence of str, optional
        All arrays of the file; what is not used is noted.

    Raises
    ------
    DatasetError
        If there are none, or they do not match.
    """
    names = list(arrays) if names is None else names
    pairs = _pairs_by_name(arrays) or _pairs_by_shape(arrays)
    if not pairs:
        raise DatasetError(
            "Expected arrays called images and labels in {path}. Received: {names}.",
            "x_train, y_train, x_test, y_test or X and y will do too.",
        ).format(path=path.name, names=", ".join(names)[:200] or "none")
    found = {split: _aligned(arrays[x], arrays[y]) for split, (x, y) in pairs.items()}
    facts: _Arrays = {}
    if len(found) == 1:
        ((split, (images, labels)),) = found.items()
        labels = whole_labels(np.asarray(labels), path.name)
        facts = _facts(arrays, labels)
        found = {str(facts.get("split", split)): (images, labels)}
    source = _source(path, kind, found, facts.get("writers"))
    used = {*facts, *(name for pair in pairs.values() for name in pair)}
    left_out = [name for name in names if name not in used]
    notes: list[str] = []
    if left_out:
        sentence = "Arrays that are left out: {names}."
        notes.append(Message(sentence, names=", ".join(left_out)[:200]))
    if any(map(_are_coloured, (arrays[images] for images, _ in pairs.values()))):
        sentence = "The pixels of {path} have three colours; they become grey."
        notes.append(Message(sentence, path=path.name))
    characters = dict(enumerate(facts.get("alphabet", np.array([])).tolist()))
    return replace(
        source,
        characters=characters or source.characters,
        terms=str(facts.get("terms", "")),
        notes=notes,
    )


def _facts(arrays: _Arrays, labels: RawLabels) -> dict[str, npt.NDArray[Any]]:
    """Return those of `_FACTS` that are there and fit the labels."""
    found = {name: arrays[name] for name in _FACTS if name in arrays}
    writers = whole_writers(found.pop("writers", np.array(0)), len(labels))
    if not _are_classes(found.get("alphabet", np.array(0)), labels):
        found.pop("alphabet", None)
    for name in ("split", "terms"):
        if name in found and (found[name].ndim or found[name].dtype.kind != "U"):
            del found[name]
    if str(found.get("split")) not in SPLITS:
        found.pop("split", None)
    return found if writers is None else {**found, "writers": writers}


def _are_classes(values: npt.NDArray[Any], labels: RawLabels) -> bool:
    """Return whether an array holds the names of the classes of labels."""
    if values.ndim != 1 or values.dtype.kind != "U" or labels.dtype.kind != "i":
        return False
    if not len(labels) or not 0 <= labels.min() <= labels.max() < len(values) <= MOST_CLASSES:
        return False
    names = values.tolist()
    return len(set(names)) == len(names) and all(each and each.isprintable() for each in names)


def _are_coloured(images: npt.NDArray[Any]) -> bool:
    shape = images.shape
    return (len(shape) == 2 and shape[1] in COLOURED) or (len(shape) == 4 and 1 not in shape[1:])


def _aligned(
    images: npt.NDArray[Any], labels: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return images and labels with the samples in the first axis, as MATLAB may not have it."""
    if labels.ndim == 2 and labels.shape[0] == 1:
        labels = labels[0]
    if images.ndim > 1 and labels.ndim and images.shape[0] != len(labels) == images.shape[-1]:
        images = np.moveaxis(images, -1, 0)
    return images, labels


def open_npy(path: Path, pairs: Iterable[tuple[Path, Path | None]]) -> ImportSource:
    """Open files of images with those of their labels; None to find them by name.

    Raises
    ------
    DatasetError
        If one is missing, cannot be read, or they do not match.
    """
    arrays: dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]] = {}
    notes: list[str] = []
    chosen = [(images, given or labels_beside(images)) for images, given in pairs]
    for images, labels in chosen:
        if labels is None and any(other for _, other in chosen):
            sentence = "{path} has no labels beside it and is left out."
            notes.append(Message(sentence, path=images.name))
            continue
        if labels is None:
            raise DatasetError(
                "{images} has no labels beside it.",
                "Choose the file with the labels too (--labels), or name the two alike: "
                "my_images.npy and my_labels.npy.",
            ).format(images=images.name)
        split = split_of(images)
        if split in arrays:
            raise DatasetError(
                "{path} has several arrays for {split}.", "Import them one by one."
            ).format(path=path.name, split=split)
        arrays[split] = (_load(images), _load(labels))
    return replace(_source(path, "numpy arrays", arrays), notes=notes)


def _load(path: Path) -> npt.NDArray[Any]:
    try:
        values: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(values, np.memmap):  # for its header only: the file may become shorter
            content = FileArray[Any](path, (values.size,), values.dtype, values.offset)[:]
            order: Literal["C", "F"] = "C" if values.flags.c_contiguous else "F"
            values = content.reshape(values.shape, order=order)
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


def _pairs_by_name(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the names of the images and labels of each split."""
    by_lower = {name.lower(): name for name in names}
    pairs: dict[str, tuple[str, str]] = {}
    for split, marks in _MARKS:
        images, labels = (_first(by_lower, words, marks) for words in (_IMAGES, _LABELS))
        if images and labels:
            pairs.setdefault(split, (images, labels))
    return pairs


def _first(by_lower: Mapping[str, str], words: Iterable[str], marks: Iterable[str]) -> str:
    patterns = ("{word}_{mark}", "{mark}_{word}", "{mark}{word}", "{word}{mark}")
    names = (
        (pattern if mark else "{word}").format(word=word, mark=mark)
        for word in words
        for mark in marks
        for pattern in patterns
    )
    return next((by_lower[name] for name in names if name in by_lower), "")


def _pairs_by_shape(arrays: _Arrays) -> dict[str, tuple[str, str]]:
    """Return what can be images with labels of the same number: train first, test second."""
    images = [name for name, values in arrays.items() if _are_images(values)]
    labels = [name for name, values in arrays.items() if name not in images and values.ndim]
    pairs: dict[str, tuple[str, str]] = {}
    for name in images:
        split = TEST if pairs else TRAIN
        match = next((each for each in labels if len(arrays[each]) == len(arrays[name])), None)
        if match is not None and split not in pairs:
            pairs[split] = (name, match)
            labels.remove(match)
    return pairs


def _are_images(values: npt.NDArray[Any]) -> bool:
    return values.ndim in (3, 4) or (values.ndim == 2 and is_picture(values.shape[1]))


def _source(
    path: Path,
    kind: str,
    arrays: Mapping[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]],
    writers: npt.NDArray[np.int64] | None = None,
) -> ImportSource:
    splits: dict[str, SourceSplit] = {}
    shapes = set()
    for split, (images, labels) in arrays.items():
        shaped = shaped_images(images, path.name)
        whole = whole_labels(np.asarray(labels), path.name)
        splits[split] = array_split(shaped, whole, path.name, writers)
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
