"""Occlusion maps: which parts of a picture a prediction depends on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import numpy.typing as npt

from trainer.errors import ConfigError
from trainer.explain.base import HeatValues
from trainer.ink.render import Images
from trainer.recognition.recognizer import Probabilities

Predict = Callable[[Images], Probabilities]

PATCH = 5
"""Side of the covering square in pixels: about two pen widths."""

STEP = 2
"""Pixels from one position to the next."""

_PAPER = 0


def occlusion_map(
    predict: Predict,
    image: npt.NDArray[np.uint8],
    target: int,
    patch: int = PATCH,
    step: int = STEP,
) -> HeatValues:
    """Return by how much a class's probability falls when a patch of paper covers the ink.

    After Zeiler and Fergus 2014 (arXiv 1311.2901). A pixel's value is the mean over all patches
    that cover it; a patch that covers nothing but paper changes nothing, and is not predicted.

    Parameters
    ----------
    predict : callable
        Takes images uint8 (n, height, width), returns probabilities (n, n_classes).
    image : ndarray of shape (height, width), dtype=uint8
    target : int
        The class.
    patch, step : int
        Pixels; the step is at most the patch, so that every pixel is covered.

    Returns
    -------
    ndarray of shape (height, width), dtype=float32
        From −1 to 1; positive where the ink speaks for the class.

    Raises
    ------
    ConfigError
        If patch or step are out of range.
    """
    height, width = image.shape
    if not 1 <= step <= patch <= min(height, width):
        raise ConfigError(
            "Expected a step of 1 to the patch, and a patch up to {largest} pixels. "
            "Received: patch {patch}, step {step}.",
            field="patch",
        ).format(largest=min(height, width), patch=patch, step=step)
    corners = list(product(range(1 - patch, height, step), range(1 - patch, width, step)))
    covered = np.zeros((len(corners), height, width), dtype=np.bool_)
    for number, (top, left) in enumerate(corners):
        rows, columns = slice(max(0, top), top + patch), slice(max(0, left), left + patch)
        covered[number, rows, columns] = True
    changes = (covered & (image > _PAPER)).any(axis=(1, 2))
    drops = np.zeros(len(corners), dtype=np.float32)
    if changes.any():
        images = np.where(covered[changes], np.uint8(_PAPER), image)
        given = predict(np.concatenate([image[None], images]))[:, target]
        drops[changes] = given[0] - given[1:]
    counts = np.maximum(covered.sum(axis=0), 1)
    values: HeatValues = (np.tensordot(drops, covered, axes=(0, 0)) / counts).astype(np.float32)
    return values
