"""Parts of data that are as good as one another, for cross-validation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.errors import ConfigError, DatasetError, Message

Folds = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: the part that each sample is in, from 0."""

MOST_FOLDS = 50


def stratified_folds(labels: Labels, folds: int, seed: int) -> Folds:
    """Deal samples out at random so that every class is spread evenly.

    Parameters
    ----------
    labels : ndarray of shape (n,), dtype=int64
    folds : int
    seed : int

    Raises
    ------
    ConfigError
        If there are fewer samples than folds.
    """
    _check(folds, len(labels), Message("samples"))
    generator = np.random.default_rng(seed)
    result = np.empty(len(labels), dtype=np.int64)
    dealt = 0  # goes on from class to class, so that the parts are of one size
    for label in np.unique(labels):
        members = generator.permutation(np.flatnonzero(labels == label))
        result[members] = (dealt + np.arange(len(members))) % folds
        dealt += len(members)
    return result


def writer_folds(writers: npt.NDArray[np.int64] | None, folds: int, seed: int) -> Folds:
    """Deal writers out so that nobody stands in two parts, the parts of about one size.

    The largest come first, each to the part that holds fewest samples; equals in random order.

    Parameters
    ----------
    writers : ndarray of shape (n,), dtype=int64, or None
    folds : int
    seed : int

    Raises
    ------
    ConfigError
        If there are fewer writers than folds.
    DatasetError
        If writers are not known.
    """
    if writers is None:
        raise DatasetError(
            "The dataset does not say who wrote what.", "Leave --by-writer out, or use other data."
        )
    names, places, counts = np.unique(writers, return_inverse=True, return_counts=True)
    _check(folds, len(names), Message("writers"))
    shuffled = np.random.default_rng(seed).permutation(len(names))
    order = shuffled[np.argsort(-counts[shuffled], kind="stable")]
    sizes = np.zeros(folds, dtype=np.int64)
    of_writer = np.empty(len(names), dtype=np.int64)
    for writer in order.tolist():
        part = int(sizes.argmin())
        of_writer[writer] = part
        sizes[part] += counts[writer]
    return of_writer[places]


def _check(folds: int, available: int, what: str) -> None:
    if not 2 <= folds <= MOST_FOLDS:
        raise ConfigError("Expected 2 to {most} folds. Received: {folds}.", field="folds").format(
            most=MOST_FOLDS, folds=folds
        )
    if available < folds:
        raise ConfigError(
            "Expected at least {folds} {what} for {folds} folds. Received: {available}.",
            "Use fewer folds, or more data.",
            field="folds",
        ).format(folds=folds, what=what, available=available)
