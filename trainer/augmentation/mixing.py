"""Augmentation of whole batches: images are blended with one another, or partly erased.

As in the layers MixUp, CutMix and RandomErasing of Keras, but from a given generator, so that a
resumed training sees the same batches.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Inputs = npt.NDArray[np.uint8]
Targets = npt.NDArray[np.float32]

MIXINGS = ("none", "mixup", "cutmix")

ERASED = (0.02, 0.33)
"""Least and most of each side of an image that is erased, squared."""


def mixed(
    mixing: str, strength: float, inputs: Inputs, targets: Targets, generator: np.random.Generator
) -> tuple[Inputs, Targets]:
    """Return a batch in which each image and its target are mixed with another's.

    Parameters
    ----------
    mixing : str
        "mixup" (Zhang et al. 2018, arXiv 1710.09412) blends all pixels; "cutmix" (Yun et al.
        2019, arXiv 1905.04899) takes a rectangle from the other image.
    strength : float
        Both parameters of the beta distribution from which the shares are drawn.
    inputs : ndarray of shape (n, height, width) or (n, height, width, n_planes), dtype=uint8
    targets : ndarray of shape (n, n_classes), dtype=float32
    generator : Generator
    """
    n = len(inputs)
    others = generator.permutation(n)
    share = generator.beta(strength, strength, n).astype(np.float32)
    if mixing == "cutmix":
        side = np.sqrt(1 - share)
        inside, area = _rectangles(inputs, side, side, generator)
        share = (1 - area).astype(np.float32)
        result = np.where(inside, inputs[others], inputs)
    else:
        part = share.reshape(-1, *(1,) * (inputs.ndim - 1))
        blended = part * inputs + (1 - part) * inputs[others]
        result = np.rint(blended).astype(np.uint8)
    return result, share[:, None] * targets + (1 - share[:, None]) * targets[others]


def erased(inputs: Inputs, share: float, generator: np.random.Generator) -> Inputs:
    """Return images, a share with a rectangle erased (Zhong et al. 2020, arXiv 1708.04896)."""
    height, width = np.sqrt(generator.uniform(*ERASED, (2, len(inputs))))
    inside, _ = _rectangles(inputs, height, width, generator)
    chosen = generator.random(len(inputs)) < share
    return np.where(inside & chosen.reshape(-1, *(1,) * (inputs.ndim - 1)), 0, inputs).astype(
        np.uint8
    )


def _rectangles(
    inputs: Inputs,
    height: npt.NDArray[np.floating],
    width: npt.NDArray[np.floating],
    generator: np.random.Generator,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Return where rectangles of parts of the sides lie, broadcastable, and their areas' parts."""
    within = []
    for part, size in ((height, inputs.shape[1]), (width, inputs.shape[2])):
        start = generator.random(len(inputs)) * (1 - part) * size
        place = np.arange(size)
        within.append((place >= start[:, None]) & (place < (start + part * size)[:, None]))
    inside = within[0][:, :, None] & within[1][:, None, :]
    area = inside.mean(axis=(1, 2))
    return inside.reshape(*inside.shape, *(1,) * (inputs.ndim - 3)), area
