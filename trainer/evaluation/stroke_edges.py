"""The edge of the ink in images: what another pen would have made of them.

The ink of each image is resampled finely and cut at half its strength; every pixel gets its
distance to that edge, and the width of the strokes is taken as four times the mean depth of the
ink, as in `trainer.preprocess.scan_to_image`. Another pen moves the edge, and the ink is drawn
anew as the vector door draws it: ``255 · Φ((growth − distance) / σ)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.preprocess import EDGE_BLUR, IMAGE_SIZE, Images

Floats = npt.NDArray[np.float32]

_FINE_SIDE = 112
_MOST_FINE = 8
"""Images are resampled to about this side, but no pixel becomes more than so many."""

_REACH = 5.0
"""Distances are exact up to this, in pixels of a 28×28 picture."""

_BLOCK = 64
"""Images measured at once, so that their fine planes stay small."""

_DEVIATIONS = 4.0
"""Further than this from the edge, in standard deviations of it, is full ink or bare paper."""


@dataclass(frozen=True, eq=False)
class StrokeEdges:
    """Where the ink of images ends.

    Attributes
    ----------
    distance : ndarray of shape (n, height, width), dtype=float32
        From each pixel's middle to the edge, in pixels; below 0 within the ink.
    width : ndarray of shape (n,), dtype=float32
        Of the strokes, in pixels; 0 where there is no ink.
    """

    distance: Floats
    width: Floats

    def with_pen(self, images: Images, factor: float) -> Images:
        """Draw the images anew with a pen `factor` times as wide; blank ones stay blank.

        Parameters
        ----------
        images : ndarray of shape (n, height, width), dtype=uint8
            Those that were measured: the ink keeps its strength.
        factor : float
            Above 0.

        Returns
        -------
        ndarray of shape (n, height, width), dtype=uint8
        """
        blur = EDGE_BLUR * max(images.shape[1:]) / IMAGE_SIZE
        growth = (factor - 1.0) * self.width / 2
        z = (growth[:, None, None] - self.distance) / np.float32(blur)
        places, shares = _normal_table()
        peaks = images.max(axis=(1, 2), initial=0).astype(np.float32)
        ink = peaks[:, None, None] * np.interp(z, places, shares)
        ink[self.width == 0] = 0.0
        drawn: Images = np.round(ink).astype(np.uint8)
        return drawn


def stroke_edges(images: Images) -> StrokeEdges:
    """Measure images of shape (n, height, width), dtype=uint8."""
    n, height, width = images.shape
    distance = np.empty(images.shape, dtype=np.float32)
    widths = np.zeros(n, dtype=np.float32)
    fineness = max(1, min(_MOST_FINE, round(_FINE_SIDE / max(height, width))))
    down, across = _finer(height, fineness), _finer(width, fineness)
    reach = int(np.ceil(_REACH * fineness * max(height, width) / IMAGE_SIZE)) + 1
    for low in range(0, n, _BLOCK):
        block = np.asarray(images[low : low + _BLOCK], dtype=np.float32)
        level = np.maximum(block.max(axis=(1, 2)), 1.0) / 2
        ink = down @ block @ across.T >= level[:, None, None]
        depth = _distance_to(~ink, reach) / fineness
        beyond = _distance_to(ink, reach) / fineness
        area = ink.sum(axis=(1, 2))
        total = np.where(ink, depth, 0.0).sum(axis=(1, 2))
        widths[low : low + _BLOCK] = 4.0 * total / np.maximum(area, 1)
        distance[low : low + _BLOCK] = _at_middles(np.where(ink, -depth, beyond), fineness)
    return StrokeEdges(distance, widths)


def _finer(n: int, fineness: int) -> Floats:
    """Return the matrix of shape (fineness * n, n) that resamples a side bicubically."""
    unit = PillowImage.fromarray(np.eye(n, dtype=np.float32))
    return np.asarray(unit.resize((n, fineness * n), PillowImage.Resampling.BICUBIC))


def _at_middles(fine: Floats, fineness: int) -> Floats:
    """Return the values in the middle of each pixel: of the fine places around it."""
    n, height, width = fine.shape
    cells = fine.reshape(n, height // fineness, fineness, width // fineness, fineness)
    middle = slice((fineness - 1) // 2, fineness // 2 + 1)
    result: Floats = cells[:, :, middle, :, middle].mean(axis=(2, 4))
    return result


def _distance_to(mask: npt.NDArray[np.bool_], reach: int) -> Floats:
    """Return the distance to the edge of a mask, in its own places; at most `reach`.

    Along the rows first, then the least of the parabolas from the rows around (Felzenszwalb and
    Huttenlocher 2012, Theory of Computing 8).

    Parameters
    ----------
    mask : ndarray of shape (n, height, width), dtype=bool
    reach : int

    Returns
    -------
    ndarray of shape (n, height, width), dtype=float32
    """
    height, width = mask.shape[1:]
    far = 2 * width + reach
    column = np.arange(width, dtype=np.int32)
    before = np.maximum.accumulate(np.where(mask, column, -far), axis=2)
    after = np.minimum.accumulate(np.where(mask, column, far)[:, :, ::-1], axis=2)[:, :, ::-1]
    along = np.minimum(np.minimum(column - before, after - column), reach).astype(np.float32) ** 2
    squared = along.copy()
    for step in range(1, min(reach, height)):
        square = np.float32(step * step)
        np.minimum(squared[:, step:], along[:, :-step] + square, out=squared[:, step:])
        np.minimum(squared[:, :-step], along[:, step:] + square, out=squared[:, :-step])
    result: Floats = np.maximum(np.sqrt(squared) - np.float32(0.5), 0.0)
    return result


def _normal_table() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return Φ at places from -4 to 4, by the integral of the normal density."""
    z = np.linspace(-_DEVIATIONS, _DEVIATIONS, 513)
    density = np.exp(-0.5 * z * z)
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return z, total / total[-1]
