"""Begin a wide network with a narrow one: more maps and neurons, the same answers at first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.floating[Any]]

_OTHERS = "Expected the same layers, as wide or narrower."


def widened(narrow: Sequence[Weights], fresh: Sequence[Weights]) -> list[Weights]:
    """Return the weights of a narrow network in the shapes of a wider one.

    New maps begin with fresh weights. Nothing that was there before listens to them yet, so that
    the wide network answers as the narrow one does (in the manner of Chen et al. 2016,
    arXiv 1511.05641, who split maps in two instead).

    Parameters
    ----------
    narrow : sequence of ndarray
        Of a chain of layers; kernels end in the axes (maps in, maps out), all else has one axis.
    fresh : sequence of ndarray
        Of the same layers with as many maps and neurons, or more.

    Raises
    ------
    ValueError
        If the layers are not the same.
    """
    if len(narrow) != len(fresh):
        raise ValueError(_OTHERS)
    if all(old.shape == new.shape for old, new in zip(narrow, fresh, strict=True)):
        return list(narrow)
    result = []
    maps, fresh_maps = 0, 0  # that the layer before gives
    for old, new in zip(narrow, fresh, strict=True):
        if old.ndim == 1:
            grown = _vector(old, new)
        else:
            grown = _kernel(old, new, maps or old.shape[-2], fresh_maps or new.shape[-2])
            maps, fresh_maps = old.shape[-1], new.shape[-1]
        result.append(grown)
    return result


def _vector(old: Weights, new: Weights) -> Weights:
    if new.ndim != 1 or len(new) < len(old):
        raise ValueError(_OTHERS)
    grown = new.copy()
    grown[: len(old)] = old
    return grown


def _kernel(old: Weights, new: Weights, maps: int, fresh_maps: int) -> Weights:
    """Return a kernel; behind flattened maps its second to last axis is (positions, maps)."""
    positions = old.shape[-2] // maps
    old = old.reshape(*old.shape[:-2], positions, maps, old.shape[-1])
    grown = new.copy().reshape(*new.shape[:-2], positions, fresh_maps, new.shape[-1])
    fits = old.shape[:-2] == grown.shape[:-2] and maps <= fresh_maps
    if not fits or old.shape[-1] > grown.shape[-1]:
        raise ValueError(_OTHERS)
    grown[..., maps:, : old.shape[-1]] = 0
    grown[..., :maps, : old.shape[-1]] = old
    return grown.reshape(new.shape)
