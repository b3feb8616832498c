"""Scan input: pictures of handwriting → one 28×28 image per character.

The brightness of the paper is estimated tile by tile, so that a shadow is not taken for ink;
pixels that are sufficiently darker (or, on dark paper, lighter) are ink.
`trainer.ink.segmentation` groups the ink into characters, `trainer.ink.render.scan_to_image`
normalises each to EMNIST's format. Uses numpy and Pillow only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageFilter

from trainer.ink.picture_file import Grey
from trainer.ink.render import Image, is_normalised, scan_to_image
from trainer.ink.ruling import without_ruling
from trainer.ink.segmentation import (
    Component,
    Mask,
    box_of,
    characters,
    without_frames,
    writing,
)
from trainer.ink.strokes import Ink, Stroke
from trainer.ink.tracing import trace

_WORKING_SIDE = 1600
"""Larger pictures are reduced to this long side, at which a page of writing is still legible."""

_SMALL_SIDE = 64
"""A picture up to this size is one character on evenly lit paper."""

_TILES = 14
"""Tiles along the long side in which the paper's brightness is estimated."""

_PAPER_QUANTILE = 0.8
_EDGE = 8
"""A frame along the edges is at most this part of the shorter side."""

_UNIFORM = 0.95
_CHANGED = 0.8
"""Share of a frame's outermost pixels that are alike, and of those within it that are not."""

_TRACED_HEIGHT = 72.0
"""Height in pixels to which writing is brought before it is traced."""

_SCALES = (0.4, 2.5)
_SMOOTHING = 0.4
"""Blur of enlarged writing, in pixels of the picture."""

_HALF = 128
"""Strength at the edge of the ink."""

_MIN_CONTRAST = 30.0
"""Minimum difference between ink and paper, of 255 grey levels."""

_MIN_SEPARATION = 4.2
"""Minimum difference between ink and paper in standard deviations of the paper; the halves of plain
noise differ by 2.7, of a gradient by 3.5 (Otsu's split of a normal and a uniform distribution)."""


@dataclass(frozen=True, eq=False)
class FoundCharacter:
    """A character found in a picture.

    Attributes
    ----------
    image : ndarray of shape (28, 28), dtype=uint8
        0 = paper, 255 = ink, upright.
    box : tuple of int
        x, y, width and height in pixels of the picture.
    """

    image: Image
    box: tuple[int, int, int, int]


def find_characters(grey: Grey) -> list[FoundCharacter]:
    """Find the characters in a picture, in reading order.

    Parameters
    ----------
    grey : ndarray of shape (height, width), dtype=uint8
        Dark ink on light paper or the other way round.

    Returns
    -------
    list of FoundCharacter
        Empty for a blank picture.
    """
    sample = _dataset_sample(grey)
    if sample is not None:
        return [sample]
    small, factor = _working_copy(grey)
    strength, mask = _framed_ink_of(small)
    if max(small.shape) > _SMALL_SIDE:
        return [_crop(strength, pixels, factor, grey.shape) for pixels in characters(mask)]
    return [_crop(strength, np.argwhere(mask), factor, grey.shape)] if mask.any() else []


def picture_ink(grey: Grey) -> Ink:
    """Return the strokes that were written on a picture.

    Parameters
    ----------
    grey : ndarray of shape (height, width), dtype=uint8
        Dark ink on light paper or the other way round.

    Returns
    -------
    Ink
        In pixels of the picture; empty for a blank one.
    """
    small, factor = _working_copy(grey)
    strength, mask = _framed_ink_of(small)
    mask, height = writing(mask)
    if not height:
        return Ink()
    scale = min(max(_TRACED_HEIGHT / height, _SCALES[0]), _SCALES[1])
    near = np.asarray(PillowImage.fromarray(mask).convert("L").filter(ImageFilter.MaxFilter(3)))
    sheet = PillowImage.fromarray(np.where(near > 0, strength, 0).astype(np.uint8))
    size = max(1, round(sheet.width * scale)), max(1, round(sheet.height * scale))
    if scale > 1:
        sheet = sheet.resize(size, PillowImage.Resampling.BICUBIC)
        sheet = sheet.filter(ImageFilter.GaussianBlur(_SMOOTHING * scale))
    else:
        sheet = sheet.resize(size, PillowImage.Resampling.BOX)
    ink = trace(np.asarray(sheet) >= _HALF)
    back = np.array([small.shape[1] / sheet.width, small.shape[0] / sheet.height], np.float32)
    return Ink(tuple(Stroke(stroke.points * back * factor) for stroke in ink.strokes))


def single_character(grey: Grey) -> FoundCharacter | None:
    """Return all the ink of a picture as one character; None for a blank picture."""
    sample = _dataset_sample(grey)
    if sample is not None:
        return sample
    small, factor = _working_copy(grey)
    strength, mask = _framed_ink_of(small)
    return _crop(strength, np.argwhere(mask), factor, grey.shape) if mask.any() else None


def _framed_ink_of(grey: Grey) -> tuple[Grey, Mask]:
    """Separate ink from paper, and from what is printed on it."""
    strength, mask = ink_of(grey)
    return strength, without_frames(mask)


def ink_of(grey: Grey) -> tuple[Grey, Mask]:
    """Separate ink from paper.

    Returns
    -------
    strength : ndarray of the same shape, dtype=uint8
        Difference of each pixel from the paper, scaled so that the typical ink level is 255.
    mask : ndarray of the same shape, dtype=bool
        Where there is ink, without printed lines; empty for a blank picture.
    """
    values = grey.astype(np.float32)
    if _is_light_on_dark(values):
        values = 255.0 - values
    raw = np.maximum(_paper(values) - values, 0.0)
    smooth = raw
    if max(grey.shape) > _SMALL_SIDE:
        smooth = _blurred(np.clip(raw, 0, 255).astype(np.uint8)).astype(np.float32)
    threshold = _otsu(smooth)
    mask = smooth > threshold
    blank = np.zeros_like(grey), np.zeros(grey.shape, dtype=bool)
    if not mask.any() or mask.all():
        return blank
    ink, paper = smooth[mask], smooth[~mask]
    distance = float(ink.mean() - paper.mean())
    if distance < max(_MIN_CONTRAST, _MIN_SEPARATION * float(paper.std())):
        return blank
    if max(grey.shape) > _SMALL_SIDE:
        mask = without_ruling(mask, smooth, threshold)
        ink = smooth[mask]
    level = float(np.quantile(ink, 0.75))
    floor = threshold / 3  # the paper's grain is no ink
    strength = np.clip((raw - floor) * (255.0 / max(1.0, level - floor)), 0, 255)
    return strength.astype(np.uint8), mask


def _dataset_sample(grey: Grey) -> FoundCharacter | None:
    """Return a picture that already has EMNIST's geometry unchanged; None for any other."""
    image = grey if np.median(grey) < _MIN_CONTRAST else 255 - grey
    if np.median(image) >= _MIN_CONTRAST or not is_normalised(image):
        return None
    box = box_of(np.argwhere(image >= 128))
    return FoundCharacter(image, (box.left, box.top, box.width, box.height))


def _working_copy(grey: Grey) -> tuple[Grey, int]:
    """Reduce a large picture by an integer factor; return it with the factor."""
    factor = max(1, -(-max(grey.shape) // _WORKING_SIDE))
    if factor == 1 or min(grey.shape) < factor:
        return grey, 1
    return np.asarray(PillowImage.fromarray(grey).reduce(factor)), factor


def _is_light_on_dark(values: npt.NDArray[np.float32]) -> bool:
    """Return the polarity, judged by the border, which is mostly paper."""
    darkest, lightest = np.quantile(values, (0.005, 0.995))
    middle = (darkest + lightest) / 2
    values = _within_edge(values, middle)
    rim = max(1, min(values.shape) // 40)
    edges = values[:rim], values[-rim:], values[:, :rim], values[:, -rim:]
    border = np.concatenate([edge.ravel() for edge in edges])
    return bool(np.median(border) < middle)


def _within_edge(values: npt.NDArray[np.float32], middle: float) -> npt.NDArray[np.float32]:
    """Return a picture without a frame, or a table beneath the paper, along all its edges."""
    dark = values < middle
    shares = _shares_at(dark, 0)
    if max(shares) <= 1 - _UNIFORM:
        dark = ~dark
    elif min(shares) < _UNIFORM:
        return values
    for depth in range(1, min(values.shape) // _EDGE + 1):
        if max(_shares_at(dark, depth)) <= 1 - _CHANGED:
            if dark[depth:-depth, depth:-depth].mean() > 0.5:  # a line, and more of the same
                return values
            return values[depth:-depth, depth:-depth]
    return values


def _shares_at(dark: Mask, depth: int) -> list[float]:
    """Return how much is dark of the four edges of what is left without `depth` pixels."""
    left = dark[depth : len(dark) - depth, depth : dark.shape[1] - depth]
    return [float(edge.mean()) for edge in (left[0], left[-1], left[:, 0], left[:, -1])]


def _paper(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Estimate the brightness of the paper at every pixel."""
    height, width = values.shape
    if max(height, width) <= _SMALL_SIDE:
        return np.full_like(values, np.quantile(values, 0.9))
    side = max(8, -(-max(height, width) // _TILES))
    high, wide = min(side, height), min(side, width)  # a strip is not padded to whole tiles
    rows, columns = -(-height // high), -(-width // wide)
    padded = np.pad(values, ((0, rows * high - height), (0, columns * wide - width)), mode="edge")
    tiles = padded.reshape(rows, high, columns, wide).swapaxes(1, 2).reshape(rows, columns, -1)
    bright = np.quantile(tiles, _PAPER_QUANTILE, axis=2).astype(np.float32)
    # A tile full of ink takes the paper brightness of its neighbours.
    around = np.pad(bright, 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, (3, 3)).reshape(rows, columns, 9)
    bright = np.maximum(bright, np.quantile(windows, 0.7, axis=2)).astype(np.float32)
    sheet = PillowImage.fromarray(bright).resize(
        (columns * wide, rows * high), PillowImage.Resampling.BILINEAR
    )
    paper: npt.NDArray[np.float32] = np.asarray(sheet)[:height, :width]
    return paper


def _blurred(values: Grey) -> Grey:
    return np.asarray(PillowImage.fromarray(values).filter(ImageFilter.GaussianBlur(1.0)))


def _otsu(values: npt.NDArray[np.float32]) -> float:
    """Return the threshold that best separates two classes (Otsu 1979)."""
    counts = np.bincount(values.astype(np.int64).ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    above = below[-1] - below
    moment = np.cumsum(counts * np.arange(len(counts)))
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = moment / below - (moment[-1] - moment) / above
        between = np.nan_to_num(below * above * difference**2)
    return float(np.argmax(between)) + 0.5


def _crop(strength: Grey, pixels: Component, factor: int, full: tuple[Any, ...]) -> FoundCharacter:
    """Crop one character from a picture, without its neighbours."""
    box = box_of(pixels)
    margin = 2
    top, left = max(0, box.top - margin), max(0, box.left - margin)
    bottom = min(strength.shape[0], box.bottom + margin)
    right = min(strength.shape[1], box.right + margin)
    own = np.zeros((bottom - top, right - left), dtype=np.uint8)
    own[pixels[:, 0] - top, pixels[:, 1] - left] = 255
    # The soft rim of the strokes lies just outside the mask.
    near = np.asarray(PillowImage.fromarray(own).filter(ImageFilter.MaxFilter(3))) > 0
    cut = np.where(near, strength[top:bottom, left:right], 0).astype(np.uint8)
    x, y = box.left * factor, box.top * factor
    width = min(box.width * factor, int(full[1]) - x)
    height = min(box.height * factor, int(full[0]) - y)
    return FoundCharacter(scan_to_image(cut), (x, y, width, height))
