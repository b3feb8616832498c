"""Splitting samples that come as one into training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.duplicates import find_duplicates
from trainer.datasets.analysis.statistics import Check, nothing_to_check
from trainer.datasets.dataset import MIN_WRITERS, Dataset, writer_split
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError

_SEED = 1
"""Of every split, so that everybody with the same file has the same samples in each."""

_WHOLE = 100.0


def check_shares(shares: tuple[float, ...]) -> tuple[float, float, float]:
    """Return the shares of training, validation and test, in %.

    Raises
    ------
    DatasetError
        Unless there are three, none is negative, training has some, and they sum to 100.
    """
    if (
        len(shares) != len(SPLITS)
        or min(shares) < 0
        or shares[0] == 0
        or not np.isclose(sum(shares), _WHOLE)
    ):
        raise DatasetError(
            "Expected three shares that sum to 100. Received: {shares}.",
            "For instance 80,10,10: training, validation and test, in %.",
        ).format(shares=", ".join(f"{share:g}" for share in shares) or "none")
    train, validation, test = shares
    return train, validation, test


def split_samples(
    dataset: Dataset, shares: tuple[float, float, float], check: Check = nothing_to_check
) -> Mapping[str, npt.NDArray[np.int64]]:
    """Split samples at random into training, validation and test; the same ones always alike.

    No writer is in two splits, if there are at least `MIN_WRITERS`. Else the splits are
    stratified by class, and near copies, as `find_duplicates` finds them, are in one.

    Parameters
    ----------
    dataset : Dataset
    shares : tuple of float
        Of training, validation and test, in %; see `check_shares`.
    check : callable
        Raises to cancel.

    Returns
    -------
    mapping of str to ndarray of indices, ascending
        By split; empty ones are left out.
    """
    writers = dataset.writers
    if writers is not None and len(np.unique(writers)) >= MIN_WRITERS:
        return _with_samples(_writer_parts(writers, shares))
    copies = find_duplicates({SPLITS[0]: dataset}, check=check)
    original = np.arange(len(dataset))
    for pairs in (copies.exact, copies.near):
        for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
            one, other = original[first], original[second]
            original[original == max(one, other)] = min(one, other)
    number = np.zeros(len(dataset), dtype=np.int64)
    generator = np.random.default_rng(_SEED)
    ends = np.cumsum(shares) / _WHOLE
    for label in range(len(dataset.alphabet)):
        members = generator.permutation(np.flatnonzero(dataset.labels == label))
        # In the middle of its share of the class, so that the counts are rounded evenly.
        position = (np.arange(len(members)) + 0.5) / max(1, len(members))
        number[members] = np.searchsorted(ends, position)
    number = number[original]
    return _with_samples([np.flatnonzero(number == each) for each in range(len(SPLITS))])


def _writer_parts(
    writers: npt.NDArray[np.int64], shares: tuple[float, float, float]
) -> list[npt.NDArray[np.int64]]:
    train, validation, test = shares
    rest, last = writer_split(writers, test / _WHOLE, _SEED)
    first, second = writer_split(writers[rest], validation / (train + validation), _SEED)
    return [rest[first], rest[second], last]


def _with_samples(
    parts: Sequence[npt.NDArray[np.int64]],
) -> Mapping[str, npt.NDArray[np.int64]]:
    return {split: rows for split, rows in zip(SPLITS, parts, strict=True) if len(rows)}
