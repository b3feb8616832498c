"""Samples of either kind: images, or inks that can be rendered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset
from trainer.datasets.ink_archive import PenArchive
from trainer.errors import DatasetError, Message
from trainer.ink.render import PEN_WIDTH, Images, Planes
from trainer.ink.strokes import Ink

Data = Dataset | PenArchive

_SHOWN_WRITERS = 30


def samples_at(data: Data, indices: npt.NDArray[np.int64]) -> Data:
    """Return the samples at `indices`, in ascending order."""
    if isinstance(data, PenArchive):
        keep = np.zeros(len(data), dtype=bool)
        keep[indices] = True
        return data.select(keep)
    return data.take(indices)


def of_writer(data: Data, name: str) -> Data:
    """Return the samples of one writer, by name or number.

    Raises
    ------
    DatasetError
        If there is none, or nobody knows who wrote what.
    """
    numbers = np.zeros(0, np.int64) if data.writers is None else np.unique(data.writers)
    names = [data.writer_names[n] if data.writer_names else str(n) for n in numbers.tolist()]
    if name not in names:
        shown = ", ".join(names[:_SHOWN_WRITERS]) or Message("it is not known who wrote what")
        raise DatasetError("{data} has no writer {name}.", "Its writers: {names}.").format(
            data=data.name, name=repr(name), names=shown
        )
    return samples_at(data, np.flatnonzero(data.writers == numbers[names.index(name)]))


def inks_of(data: Data) -> list[Ink | None]:
    """Return the drawing of each sample; None for images."""
    if isinstance(data, PenArchive):
        return [data.ink(index) for index in range(len(data))]
    return [None] * len(data)


def sample_ids(data: Data) -> list[str]:
    """Return what tells samples apart: equal drawings, or equal images, have equal ids."""
    if isinstance(data, PenArchive):
        contents = [data.ink(index).to_json().encode() for index in range(len(data))]
    else:
        contents = [image.tobytes() for image in data.images]
    return [hashlib.sha256(content).hexdigest()[:32] for content in contents]


def as_images(data: Data) -> Dataset:
    """Return data as images: a pen archive is rendered, a dataset unchanged."""
    return data.render() if isinstance(data, PenArchive) else data


def as_inputs(data: Data, n_planes: int, pen_width: float = PEN_WIDTH) -> Images | Planes:
    """Return data as a network with `n_planes` takes them: inks with their direction, or images.

    Returns
    -------
    ndarray of shape (n, height, width) or (n, 28, 28, n_planes), dtype=uint8
    """
    if isinstance(data, Dataset):
        return data.images
    return data.render_planes(pen_width) if n_planes > 1 else data.render(pen_width).images


def concatenated(name: str, parts: Sequence[Dataset]) -> Dataset:
    """Return splits of one alphabet as one, in memory; with writers if all have them."""
    writers = [part.writers for part in parts if part.writers is not None]
    names = {part.writer_names for part in parts}
    return replace(
        parts[0],
        name=name,
        images=np.concatenate([part.images for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        writers=np.concatenate(writers) if len(writers) == len(parts) else None,
        writer_names=names.pop() if len(names) == 1 else (),
    )
