"""The predictions of each sample, on which a report is based."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.errors import DatasetError
from trainer.files.npz import UNREADABLE, members
from trainer.files.paths import replacing
from trainer.recognition.recognizer import Probabilities

PREDICTIONS_NAME = "predictions.npz"

_INTEGERS = ("indices", "truth", "predicted", "second", "third")
_SHARES = (
    "truth_probability",
    "predicted_probability",
    "second_probability",
    "third_probability",
)


@dataclass(frozen=True, eq=False)
class Predictions:
    """The predictions of one model for the samples of one split.

    Attributes
    ----------
    characters : tuple of str
        The alphabet in which model and data were compared.
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in the split.
    truth, predicted, second, third : ndarrays of shape (n,), dtype=int64
        Indices in `characters`: the label, the most probable character, and the next two
        (any, of probability 0, where there are fewer than three characters).
    truth_probability, predicted_probability, second_probability, third_probability : ndarrays
        of shape (n,), dtype=float32; the probabilities of these four, 0 to 1.
    """

    characters: tuple[str, ...]
    indices: Labels
    truth: Labels
    predicted: Labels
    second: Labels
    third: Labels
    truth_probability: npt.NDArray[np.float32]
    predicted_probability: npt.NDArray[np.float32]
    second_probability: npt.NDArray[np.float32]
    third_probability: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """Whether each prediction is right; shape (n,)."""
        return np.equal(self.predicted, self.truth)

    @classmethod
    def of(
        cls, probabilities: Probabilities, truth: Labels, characters: Sequence[str]
    ) -> Predictions:
        """Take the three most probable characters of each sample.

        Parameters
        ----------
        probabilities : ndarray of shape (n, n_characters), dtype=float32
        truth : ndarray of shape (n,), dtype=int64
            Indices in `characters`.
        """
        rows = np.arange(len(probabilities))
        predicted = probabilities.argmax(axis=1)
        others = probabilities.copy()
        others[rows, predicted] = -1.0
        second = others.argmax(axis=1)
        second_probability = np.maximum(others[rows, second], 0.0)
        others[rows, second] = -1.0
        third = others.argmax(axis=1)
        return cls(
            tuple(characters),
            rows,
            truth,
            predicted,
            second,
            third,
            probabilities[rows, truth],
            probabilities[rows, predicted],
            second_probability,
            np.maximum(others[rows, third], 0.0),
        )

    def save(self, path: Path) -> None:
        """Write an ``.npz`` file, all or nothing."""
        arrays = {name: getattr(self, name) for name in (*_INTEGERS, *_SHARES)}
        with replacing(path) as temporary, temporary.open("wb") as stream:
            np.savez_compressed(stream, characters=np.array(self.characters), **arrays)

    @classmethod
    def load(cls, path: Path) -> Predictions:
        """Read what `save` has written.

        Raises
        ------
        DatasetError
            If the file is missing, damaged or of another format.
        """
        names = [field.name for field in fields(cls)]
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
                arrays = members(archive, names)
        except UNREADABLE as error:
            raise DatasetError(
                "The answers in {path} cannot be read: {reason}.", "Make the report again."
            ).format(path=path.name, reason=error) from error
        characters = tuple(map(str, arrays.pop("characters").tolist()))
        found = cls(characters, **arrays)
        if not _is_sound(found):
            raise DatasetError(
                "The answers in {path} are damaged.", "Make the report again."
            ).format(path=path.name)
        return found


def _is_sound(found: Predictions) -> bool:
    integers = [getattr(found, name) for name in _INTEGERS]
    shares = [getattr(found, name) for name in _SHARES]
    if any(values.shape != found.indices.shape or values.ndim != 1 for values in integers + shares):
        return False
    if any(values.dtype != np.int64 for values in integers):
        return False
    if any(values.dtype != np.float32 for values in shares):
        return False
    classes = np.concatenate([found.truth, found.predicted, found.second, found.third])
    return not classes.size or 0 <= int(classes.min()) <= int(classes.max()) < len(found.characters)
