"""A dataset in memory or in files: images, labels, alphabet and writers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import DatasetError
from trainer.ink.render import Images

Labels = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: indices into an alphabet."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples of one split.

    Attributes
    ----------
    name : str
    alphabet : tuple of str
        The character of each class.
    images : ndarray of shape (n, height, width), dtype=uint8
        0 = paper, 255 = ink, upright. Of a stored dataset a `FileArray`, which is indexed
        along its first axis only: ``numpy.asarray`` reads it all.
    labels : ndarray of shape (n,), dtype=int64
        Indices into `alphabet`.
    writers : ndarray of shape (n,), dtype=int64, or None
        The writer of each sample, if known.
    terms : str
        Terms of use in one sentence; empty if unknown.
    writer_names : tuple of str
        Of the writers, by number; empty if unknown.
    """

    name: str
    alphabet: tuple[str, ...]
    images: Images
    labels: Labels
    writers: npt.NDArray[np.int64] | None = None
    terms: str = ""
    writer_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.images)
        if self.images.ndim != 3 or self.images.dtype != np.uint8:
            raise DatasetError(
                "Expected images of type uint8 and shape (n, height, width). "
                "Received: {dtype} of shape {shape}."
            ).format(dtype=self.images.dtype, shape=self.images.shape)
        if self.labels.shape != (n,):
            raise DatasetError(
                "Expected one label for each of {n_images} images. Received: {n_labels}."
            ).format(n_images=n, n_labels=len(self.labels))
        if n and not 0 <= int(self.labels.min()) <= int(self.labels.max()) < len(self.alphabet):
            raise DatasetError(
                "Expected labels from 0 to {last}. Received: {low} to {high}.",
                "The labels and the alphabet do not belong together; EMNIST Letters starts at 1.",
            ).format(
                last=len(self.alphabet) - 1, low=int(self.labels.min()), high=int(self.labels.max())
            )

    def __len__(self) -> int:
        return len(self.images)

    def writer_name(self, number: int) -> str:
        """Return the name of a writer; the number where it is unknown."""
        return self.writer_names[number] if self.writer_names else str(number)

    def take(self, indices: npt.NDArray[Any]) -> Dataset:
        """Return the samples at `indices` (integers or a mask)."""
        return replace(
            self,
            images=self.images[indices],
            labels=self.labels[indices],
            writers=None if self.writers is None else self.writers[indices],
        )

    def fingerprint(self) -> str:
        """Return the SHA-256 of alphabet, labels and images."""
        digest = hashlib.sha256("\0".join(self.alphabet).encode())
        digest.update(np.ascontiguousarray(self.labels).tobytes())
        for low in range(0, len(self), 10_000):
            digest.update(np.ascontiguousarray(self.images[low : low + 10_000]).tobytes())
        return digest.hexdigest()


def check_classes(alphabet: Sequence[str]) -> tuple[str, ...]:
    """Return the names of classes as a tuple.

    Raises
    ------
    DatasetError
        If one is empty, not printable, or occurs twice.
    """
    unusable = [name for name in alphabet if not (name and name.isprintable())]
    if unusable or len(set(alphabet)) < len(alphabet):
        raise DatasetError(
            "Expected different printable names of the classes. Received: {names}.",
            "Rename the classes.",
        ).format(names=", ".join(ascii(name) for name in unusable) or "one twice")
    return tuple(alphabet)


def stratified_split(
    labels: Labels, share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Split at random, stratified by class.

    Parameters
    ----------
    labels : ndarray of shape (n,), dtype=int64
    share : float
        Share of each class in the second part, 0 to 1, rounded to whole samples.
    seed : int

    Returns
    -------
    first, second : ndarrays of indices, ascending
    """
    _check_share(share)
    generator = np.random.default_rng(seed)
    second = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        members = generator.permutation(np.flatnonzero(labels == label))
        second[members[: round(share * len(members))]] = True
    return np.flatnonzero(~second), np.flatnonzero(second)


def writer_split(
    writers: npt.NDArray[np.int64], share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Split at random so that no writer is in both parts.

    Writers are assigned to the second part, in random order, while it holds less than `share` of
    the samples.

    Returns
    -------
    first, second : ndarrays of indices, ascending
    """
    _check_share(share)
    generator = np.random.default_rng(seed)
    names, counts = np.unique(writers, return_counts=True)
    order = generator.permutation(len(names))
    before = np.concatenate([[0], np.cumsum(counts[order])[:-1]])
    chosen = names[order[before < share * len(writers)]]
    second = np.isin(writers, chosen)
    return np.flatnonzero(~second), np.flatnonzero(second)


MIN_WRITERS = 5
"""With fewer, a writer is too large a part to hold out."""


def holdout_split(
    labels: Labels, writers: npt.NDArray[np.int64] | None, share: float, seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Split by writer if there are at least `MIN_WRITERS`, else stratified by class.

    Returns
    -------
    first, second : ndarrays of indices, ascending
    """
    if writers is None or len(np.unique(writers)) < MIN_WRITERS:
        return stratified_split(labels, share, seed)
    return writer_split(writers, share, seed)


def _check_share(share: float) -> None:
    if not 0.0 <= share <= 1.0:
        raise DatasetError("Expected a share from 0 to 1. Received: {share}.").format(share=share)
