"""Division of samples that come as one: into training, validation and test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.duplicates import find_duplicates
from trainer.datasets.analysis.statistics import Check, nothing_to_check
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import SPLITS
from trainer.errors import DatasetError

_SEED = 1
"""Of all divisions, so that everybody with the same file has the same parts."""

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


def divided(
    dataset: Dataset, shares: tuple[float, float, float], check: Check = nothing_to_check
) -> Mapping[str, npt.NDArray[np.int64]]:
    """Divide samples at random into training, validation and test.

    Stratified by class. Near copies, as `find_duplicates` finds them, are in one part. The same
    samples always give the same parts.

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
    copies = find_duplicates({SPLITS[0]: dataset}, check=check)
    original = np.arange(len(dataset))
    for pairs in (copies.exact, copies.near):
        for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
            one, other = original[first], original[second]
            original[original == max(one, other)] = min(one, other)
    part = np.zeros(len(dataset), dtype=np.int64)
    generator = np.random.default_rng(_SEED)
    ends = np.cumsum(shares) / _WHOLE
    for label in range(len(dataset.alphabet)):
        members = generator.permutation(np.flatnonzero(dataset.labels == label))
        # In the middle of its share of the class, so that the counts are rounded evenly.
        position = (np.arange(len(members)) + 0.5) / max(1, len(members))
        part[members] = np.searchsorted(ends, position)
    part = part[original]
    return dict(_parts(part))


def _parts(part: npt.NDArray[np.int64]) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    for number, split in enumerate(SPLITS):
        indices = np.flatnonzero(part == number)
        if len(indices):
            yield split, indices
