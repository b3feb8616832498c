"""Augmentation that makes clean images look like cut-outs of photographed or scanned paper.

Every effect is applied to some of the images, with a random strength: another position, size and
slant; a blurred or uneven edge; thin, thick and broken pens; ruled and squared paper and the boxes
of forms; pale ink, grey paper and uneven light; noise and specks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from trainer.augmentation.images import ImageAugmentation, augmented_images
from trainer.ink.render import Images

Floats = npt.NDArray[np.float32]

THINNEST, THICKEST = 0.3, 2.6
"""Pen widths of drawings on paper, as factors of the usual one."""

_ASKEW = ImageAugmentation(shift=4.0, rotation=30.0, scale=0.35, shear=0.2, elastic=0.7)

_BLURS = np.linspace(0.3, 2.4, 8)
"""Standard deviations in pixels."""

_LIGHTEST_LINE, _DARKEST_LINE = 0.15, 0.9


def on_paper(images: Images, generator: np.random.Generator) -> Images:
    """Return the images as if they were cut out of a photograph or a scan.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        0 = paper, 255 = ink.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n, height, width), dtype=uint8
    """
    if not len(images):
        return images
    result = np.array(images)
    askew = generator.random(len(images)) < 0.5
    result[askew] = augmented_images(result[askew], _ASKEW, generator)
    values = result.astype(np.float32) / np.float32(255)
    for share, effect in _EFFECTS:
        some = np.flatnonzero(generator.random(len(values)) < share)
        if len(some):
            values[some] = effect(values[some], generator)
    rounded: Images = (np.clip(values, 0.0, 1.0) * np.float32(255) + np.float32(0.5)).astype(
        np.uint8
    )
    return rounded


def _thickened(values: Floats, generator: np.random.Generator) -> Floats:
    """Widen or narrow the strokes by up to a pixel on each side."""
    padded = np.pad(values, ((0, 0), (1, 1), (1, 1)))
    height, width = values.shape[1:]
    around = [
        padded[:, 1 + down : 1 + down + height, 1 + right : 1 + right + width]
        for down, right in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
    ]
    grows = generator.random((len(values), 1, 1)) < 0.5
    changed = np.where(grows, np.max(around, axis=0), np.min(around, axis=0))
    result: Floats = values + _amount(values, generator, 0.3, 1.0) * (changed - values)
    return result


def _blurred(values: Floats, generator: np.random.Generator) -> Floats:
    number = generator.integers(len(_BLURS), size=len(values))
    down, across = (_gaussians(side)[number] for side in values.shape[1:])
    result: Floats = (down @ values @ across).astype(np.float32)
    return result


def _gaussians(side: int) -> Floats:
    """Return matrices (n_blurs, side, side) that blur; paper is outside."""
    distance = np.subtract.outer(np.arange(side), np.arange(side))[None] / _BLURS[:, None, None]
    reach = np.arange(-side, side + 1)[None] / _BLURS[:, None]
    total = np.exp(-0.5 * reach**2).sum(axis=1)
    matrices: Floats = (np.exp(-0.5 * distance**2) / total[:, None, None]).astype(np.float32)
    return matrices


def _broken(values: Floats, generator: np.random.Generator) -> Floats:
    """Lay a rectangle of paper, thin or square, on a place of the ink."""
    n, height, width = values.shape
    chance = generator.random((n, height, width), dtype=np.float32)
    row, column = np.divmod((chance * (values > 0.5)).reshape(n, -1).argmax(axis=1), width)
    tall = generator.uniform(1.0, 0.4 * height, n)
    wide = np.where(generator.random(n) < 0.5, tall, generator.uniform(1.0, 3.0, n))
    rows, columns = np.arange(height), np.arange(width)
    covered = (np.abs(rows - row[:, None]) <= tall[:, None] / 2)[:, :, None] & (
        np.abs(columns - column[:, None]) <= wide[:, None] / 2
    )[:, None, :]
    rest: Floats = np.where(covered, np.float32(0), values)
    return rest


def _ruled(values: Floats, generator: np.random.Generator) -> Floats:
    """Draw lines across: of ruled paper, of squared paper, or of a form's box."""
    n, height, width = values.shape
    spacing = generator.uniform(7.0, 30.0, (n, 1))
    begin = generator.uniform(0.0, 1.0, (2, n, 1)) * spacing
    thickness = generator.uniform(0.4, 1.8, (n, 1))
    down, across = (
        np.clip(thickness / 2 + 0.5 - _distance(np.arange(side) + 0.5 - first, spacing), 0, 1)
        for side, first in zip((height, width), begin, strict=True)
    )
    squared = generator.random((n, 1)) < 0.5
    lines = np.maximum(down[:, :, None], (across * squared)[:, None, :])
    strength = _amount(values, generator, _LIGHTEST_LINE, _DARKEST_LINE)
    return np.maximum(values, (lines * strength).astype(np.float32))


def _distance(position: npt.NDArray[np.float64], spacing: npt.NDArray[np.float64]) -> Floats:
    """Return the distance to the nearest line."""
    distance: Floats = np.abs(position - spacing * np.round(position / spacing)).astype(np.float32)
    return distance


def _paled(values: Floats, generator: np.random.Generator) -> Floats:
    """Let the ink pale and the paper darken."""
    paper = _amount(values, generator, 0.0, 0.45)
    ink: Floats = paper + _amount(values, generator, 0.12, 1.0) * (1 - paper)
    paled: Floats = (paper + values * (ink - paper)).astype(np.float32)
    return paled


def _unevenly_lit(values: Floats, generator: np.random.Generator) -> Floats:
    n, height, width = values.shape
    towards = generator.uniform(-0.35, 0.35, (2, n, 1, 1)).astype(np.float32)
    rows = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    columns = np.linspace(-0.5, 0.5, width, dtype=np.float32)
    shade = towards[0] * rows + towards[1] * columns
    lit: Floats = (values + shade - shade.min(axis=(1, 2), keepdims=True)).astype(np.float32)
    return lit


def _noisy(values: Floats, generator: np.random.Generator) -> Floats:
    noise = generator.standard_normal(values.shape, dtype=np.float32)
    result: Floats = values + noise * _mostly_little(values, generator, 0.02, 0.5)
    return result


def _specked(values: Floats, generator: np.random.Generator) -> Floats:
    chance = generator.random(values.shape, dtype=np.float32)
    share = _mostly_little(values, generator, 0.005, 0.3)
    dark = np.where(chance < share / 2, np.float32(0), values)
    result: Floats = np.where(chance >= 1 - share / 2, np.float32(1), dark)
    return result


def _amount(values: Floats, generator: np.random.Generator, low: float, high: float) -> Floats:
    """Return a uniform number for each image, of shape (n, 1, 1)."""
    return generator.uniform(low, high, (len(values), 1, 1)).astype(np.float32)


def _mostly_little(
    values: Floats, generator: np.random.Generator, low: float, high: float
) -> Floats:
    """Return a number for each image, of shape (n, 1, 1), more often small than large."""
    share = generator.random((len(values), 1, 1)) ** 2
    amount: Floats = (low + (high - low) * share).astype(np.float32)
    return amount


_EFFECTS: tuple[tuple[float, Callable[[Floats, np.random.Generator], Floats]], ...] = (
    (0.2, _thickened),
    (0.35, _blurred),
    (0.25, _broken),
    (0.2, _ruled),
    (0.3, _paled),
    (0.2, _unevenly_lit),
    (0.3, _noisy),
    (0.2, _specked),
)
"""In this order, each for its share of the images."""
