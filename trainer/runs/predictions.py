"""The predictions of each validation sample in each epoch, so that their images can be shown.

``predictions/samples.npz`` names the data and the indices of the samples in their split;
``predictions/epoch-0003.npy`` holds the predicted class of each.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.files.npz import UNREADABLE, members
from trainer.files.paths import replacing
from trainer.ink.render import Images

_FOLDER = "predictions"
_SAMPLES = "samples.npz"
_DAMAGED: tuple[type[Exception], ...] = (*UNREADABLE, LookupError, TypeError)

Indices = npt.NDArray[np.int64]
Checksums = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class ConfusionSamples:
    """Validation samples of one entry of a confusion matrix.

    Attributes
    ----------
    data : str
        The dataset, as the run's settings name it.
    split : str
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in the split.
    checksums : ndarray of shape (n,), dtype=uint32
        CRC-32 of their images, as the run saw them.
    """

    data: str
    split: str
    indices: Indices
    checksums: Checksums

    def match(self, images: Images) -> bool:
        """Return whether a split, uint8 (n, height, width), still holds the images of the run."""
        if len(self.indices) and self.indices.max() >= len(images):
            return False
        return bool((_checksums(images[self.indices]) == self.checksums).all())


def _checksums(images: Images) -> Checksums:
    return np.array([zlib.crc32(i.tobytes()) for i in images], dtype=np.uint32)


def save_samples(
    root: Path, data: str, split: str, indices: Indices, labels: Indices, images: Images
) -> None:
    """Save which samples a run validates on, in the order of their predictions."""
    (root / _FOLDER).mkdir(exist_ok=True)
    with replacing(root / _FOLDER / _SAMPLES) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(
            stream,
            data=data,
            split=split,
            indices=indices,
            labels=labels,
            checksums=_checksums(images),
        )


def save_predictions(root: Path, epoch: int, predicted: Indices) -> None:
    """Save the class that each sample was predicted as in an epoch."""
    with replacing(_epoch_file(root, epoch)) as temporary, temporary.open("wb") as stream:
        np.save(stream, predicted.astype(np.uint16))


def confusion_samples(root: Path, epoch: int, true: int, predicted: int) -> ConfusionSamples:
    """Return the validation samples of class `true` that were predicted as `predicted`.

    Raises
    ------
    LookupError
        If the run has not saved them, or they are damaged.
    """
    try:
        arrays, predictions = load_predictions(root, epoch, "checksums")
        chosen = np.atleast_1d((arrays["labels"] == true) & (predictions == predicted))
        return ConfusionSamples(
            str(arrays["data"]),
            str(arrays["split"]),
            arrays["indices"].astype(np.int64)[chosen],
            arrays["checksums"][chosen],
        )
    except _DAMAGED as error:
        raise LookupError(str(error)) from error


def load_predictions(
    root: Path, epoch: int, *more: str
) -> tuple[dict[str, npt.NDArray[Any]], Indices]:
    """Return arrays of ``samples.npz`` by name, and the predicted classes of an epoch.

    Raises
    ------
    Exception
        Any of `trainer.files.npz.UNREADABLE`, if the files are missing or damaged.
    """
    with (root / _FOLDER / _SAMPLES).open("rb") as stream, np.load(stream) as archive:
        arrays = members(archive, ("data", "split", "indices", "labels", *more))
    with _epoch_file(root, epoch).open("rb") as stream:
        return arrays, np.load(stream)


def _epoch_file(root: Path, epoch: int) -> Path:
    return root / _FOLDER / f"epoch-{epoch:04d}.npy"
