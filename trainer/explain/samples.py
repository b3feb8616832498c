"""Samples of a dataset for model inspectors: single ones, or a random selection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.load import load_data
from trainer.datasets.samples import Data
from trainer.errors import DatasetError
from trainer.explain.base import ModelInfo
from trainer.ink.render import Images, ink_to_image
from trainer.recognition.recognizer import resized


@dataclass(frozen=True, eq=False)
class SelectedSamples:
    """Samples as the model takes them.

    Attributes
    ----------
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in the data.
    images : ndarray of shape (n, height, width), dtype=uint8
        Of the model's size.
    labels : ndarray of shape (n,), dtype=int64
    """

    indices: npt.NDArray[np.int64]
    images: Images
    labels: Labels


class ExplainedData:
    """The samples of a dataset for one model.

    Parameters
    ----------
    name, split : str
        As `trainer.datasets.load.load_data` takes them.
    info : ModelInfo
        Of the model.

    Raises
    ------
    DatasetError
        If nothing is there, or it is empty.
    """

    def __init__(self, name: str, split: str, info: ModelInfo) -> None:
        self.data: Data = load_data(name, split)
        if len(self.data) == 0:
            raise DatasetError("{name} has no samples.", "Choose another dataset.").format(
                name=name
            )
        self._info = info

    def __len__(self) -> int:
        return len(self.data)

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The characters of the labels."""
        return tuple(self.data.alphabet)

    def one(self, index: int) -> SelectedSamples:
        """Return one sample.

        Raises
        ------
        DatasetError
            If there is no such sample.
        """
        if not 0 <= index < len(self):
            raise DatasetError("Expected a sample of 0 to {last}. Received: {index}.").format(
                last=len(self) - 1, index=index
            )
        return self.at(np.array([index], dtype=np.int64))

    def some(self, n: int, seed: int = 0) -> SelectedSamples:
        """Return at most `n` random samples, in ascending order."""
        generator = np.random.default_rng(seed)
        chosen = generator.choice(len(self), size=min(n, len(self)), replace=False)
        return self.at(np.sort(chosen).astype(np.int64))

    def at(self, indices: npt.NDArray[np.int64]) -> SelectedSamples:
        """Return the samples at `indices`; drawings are rendered with the model's pen width."""
        if isinstance(self.data, Dataset):
            images = np.asarray(self.data.images[indices])
        else:
            archive = self.data
            images = np.stack(
                [ink_to_image(archive.ink(int(i)), self._info.pen_width) for i in indices]
            )
        labels = np.asarray(self.data.labels[indices], dtype=np.int64)
        return SelectedSamples(indices, resized(images, self._info.image_shape), labels)
