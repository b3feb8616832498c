"""How each validation sample was read in each epoch, so that a reader can show the very images.

``predictions/samples.npz`` names the data and the places of the samples in their split;
``predictions/epoch-0003.npy`` holds the class that each was taken for.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

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
class Found:
    """Samples of a cell of a confusion matrix.

    Attributes
    ----------
    data : str
        The dataset, as the run's settings name it.
    split : str
    indices : ndarray of shape (n,), dtype=int64
        Their places in the split.
    checksums : ndarray of shape (n,), dtype=uint32
        Of their images, as the run saw them.
    """

    data: str
    split: str
    indices: Indices
    checksums: Checksums

    def are_in(self, images: Images) -> bool:
        """Tell whether a split, uint8 (n, height, width), still holds the images of the run."""
        if len(self.indices) and self.indices.max() >= len(images):
            return False
        return bool((checksums_of(images[self.indices]) == self.checksums).all())


def checksums_of(images: Images) -> Checksums:
    """Return a CRC-32 of each image."""
    return np.array([zlib.crc32(i.tobytes()) for i in images], dtype=np.uint32)


def note_samples(
    root: Path, data: str, split: str, indices: Indices, labels: Indices, images: Images
) -> None:
    """Note which samples a run validates on, in the order in which they are predicted."""
    (root / _FOLDER).mkdir(exist_ok=True)
    with replacing(root / _FOLDER / _SAMPLES) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(
            stream,
            data=data,
            split=split,
            indices=indices,
            labels=labels,
            checksums=checksums_of(images),
        )


def note_predictions(root: Path, epoch: int, predicted: Indices) -> None:
    """Note which class each sample was taken for in an epoch."""
    with replacing(_epoch_file(root, epoch)) as temporary, temporary.open("wb") as stream:
        np.save(stream, predicted.astype(np.uint16))


def samples_of_cell(root: Path, epoch: int, true: int, predicted: int) -> Found:
    """Return the validation samples of class `true` that were taken for `predicted`.

    Raises
    ------
    LookupError
        If the run did not note them, or the notes are damaged.
    """
    try:
        with (root / _FOLDER / _SAMPLES).open("rb") as stream, np.load(stream) as noted:
            found = members(noted, ("data", "split", "indices", "labels", "checksums"))
        with _epoch_file(root, epoch).open("rb") as stream:
            read = np.load(stream)
        chosen = np.atleast_1d((found["labels"] == true) & (read == predicted))
        indices = found["indices"].astype(np.int64)[chosen]
        names = str(found["data"]), str(found["split"])
        return Found(*names, indices, found["checksums"][chosen])
    except _DAMAGED as error:
        raise LookupError(str(error)) from error


def _epoch_file(root: Path, epoch: int) -> Path:
    return root / _FOLDER / f"epoch-{epoch:04d}.npy"
