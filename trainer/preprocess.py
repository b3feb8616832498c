"""Ink → 28×28: the only place where a drawing takes EMNIST's form.

Every image here is ``uint8 (28, 28)``, 0 = paper, 255 = ink, upright, row 0 at the top.

The vector door renders strokes anew with a round pen. Instead of painting pixels and blurring
them, it computes for each pixel the distance *d* to the nearest stroke and takes the ink as
``255 · Φ((r − d) / σ)``: what a pen of radius *r* leaves after a Gaussian blur of σ, exact for
straight edges. One distance field serves any number of pen widths.

The constants are fitted to the digits of NIST in EMNIST's geometry (see
``bench/fit_geometry.py`` and docs/architecture.md): ink centred by its bounding box, long side
22.3 px at half maximum, strokes 2.9 px wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageFilter

from trainer.ink import Ink, Points

Image = npt.NDArray[np.uint8]
"""Array of shape (28, 28), dtype=uint8: 0 = paper, 255 = ink, upright."""

Images = npt.NDArray[np.uint8]
"""Array of shape (n, 28, 28), dtype=uint8: 0 = paper, 255 = ink, upright."""

PREPROCESSING_VERSION: Final = 1
"""Stored in every bundle; raised when the same ink would give another image."""

IMAGE_SIZE: Final = 28
LONG_SIDE: Final = 22.3
"""Long side of the ink's box at half maximum, in pixels of the 28×28 image."""

PEN_WIDTH: Final = 2.9
"""Width of a stroke at half maximum, in pixels of the 28×28 image."""

EDGE_BLUR: Final = 0.54
"""Standard deviation of a stroke's edge in pixels: a blur of 0.45 px and the pixel's own area."""

_POINT_SPACING: Final = 0.75
"""Points nearer than this along a stroke, in pixels, are left out: they cannot be seen."""

_MAX_SEGMENTS: Final = 2048
"""Segments rendered at once: bounds the memory that a scribble can take."""


def ink_to_image(ink: Ink, pen_width: float = PEN_WIDTH) -> Image:
    """Render an ink in EMNIST's geometry.

    Parameters
    ----------
    ink : Ink
        Any unit, any place, any size; an empty ink gives an empty image.
    pen_width : float
        Width of the pen in pixels of the result.

    Returns
    -------
    ndarray of shape (28, 28), dtype=uint8
    """
    image: Image = ink_to_images(ink, (pen_width,))[0]
    return image


def ink_to_images(ink: Ink, pen_widths: Sequence[float]) -> Images:
    """Render an ink once with each of several pen widths.

    Returns
    -------
    ndarray of shape (len(pen_widths), 28, 28), dtype=uint8
    """
    points, stroke_start = ink.flat()
    if not len(points):
        return np.zeros((len(pen_widths), IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    squared = _squared_distance(fit_points(points), stroke_start)
    return np.stack([_pen(squared, width) for width in pen_widths])


def render(
    points: Points,
    stroke_start: npt.NDArray[np.int64],
    pen_width: float = PEN_WIDTH,
    edge_blur: float = EDGE_BLUR,
) -> Image:
    """Render strokes that are already in pixels of the image.

    Parameters
    ----------
    points : ndarray of shape (n_points, 2), dtype=float32
        n_points >= 1; pixel (row, column) covers x from column to column + 1, y from row to
        row + 1, so that (14, 14) is the middle.
    stroke_start : ndarray of shape (n_strokes + 1,), dtype=int64
    pen_width, edge_blur : float
        In pixels.

    Returns
    -------
    ndarray of shape (28, 28), dtype=uint8
    """
    return _pen(_squared_distance(points, stroke_start), pen_width, edge_blur)


def fit_points(points: Points, long_side: float = LONG_SIDE - PEN_WIDTH) -> Points:
    """Bring points into EMNIST's frame: box centred, longer side of the path `long_side` px.

    Points that all coincide (a dot) land in the middle.

    Parameters
    ----------
    points : ndarray of shape (n_points, 2), dtype=float32
        n_points >= 1.
    long_side : float
        Long side of the box around the *points*, in pixels; the pen adds its width.

    Returns
    -------
    ndarray of shape (n_points, 2), dtype=float32
    """
    low = points.min(axis=0).astype(np.float64)
    high = points.max(axis=0).astype(np.float64)
    extent = float((high - low).max())
    smallest = np.finfo(np.float32).eps * max(1e-30, float(np.abs(points).max()))
    scale = long_side / extent if extent > 4 * smallest else 0.0
    fitted = (points - (low + high) / 2) * scale + IMAGE_SIZE / 2
    result: Points = fitted.astype(np.float32)
    return result


def _thinned(points: Points, stroke_start: npt.NDArray[np.int64]) -> tuple[Points, Points]:
    """Return the segments of all strokes, without points too near to be seen.

    Returns
    -------
    starts, ends : ndarrays of shape (n_segments, 2), dtype=float32
        A stroke of one point gives one segment of no length.
    """
    n_points = len(points)
    first = stroke_start[:-1]
    last = stroke_start[1:] - 1
    steps = np.zeros(n_points, dtype=np.float32)
    delta = points[1:] - points[:-1]
    np.hypot(delta[:, 0], delta[:, 1], out=steps[1:])
    steps[first] = 0.0
    cell = (np.cumsum(steps, dtype=np.float64) / _POINT_SPACING).astype(np.int64)
    keep = np.empty(n_points, dtype=bool)
    keep[0] = True
    np.not_equal(cell[1:], cell[:-1], out=keep[1:])
    keep[first] = True
    keep[last] = True
    kept = np.flatnonzero(keep)
    is_first = np.zeros(n_points, dtype=bool)
    is_first[first] = True
    # A segment ends at each kept point but a stroke's first; a one-point stroke is its own end.
    ends = kept[~is_first[kept]]
    starts = kept[np.flatnonzero(~is_first[kept]) - 1]
    single = first[first == last]
    return (
        np.concatenate([points[starts], points[single]]),
        np.concatenate([points[ends], points[single]]),
    )


def _squared_distance(
    points: Points, stroke_start: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Return for each pixel's middle the squared distance to the nearest stroke.

    For a segment from *a* in the unit direction *u* of length *L*, and a pixel *p*, with
    ``s = (p - a)·u`` and ``t = clip(s, 0, L)``: ``d² = |p - a|² - t (2 s - t)``.

    Returns
    -------
    ndarray of shape (784,), dtype=float32, pixels squared
    """
    all_starts, all_ends = _thinned(points, stroke_start)
    nearest = np.full(IMAGE_SIZE * IMAGE_SIZE, np.inf, dtype=np.float32)
    for low in range(0, len(all_starts), _MAX_SEGMENTS):
        a = all_starts[low : low + _MAX_SEGMENTS] - np.float32(IMAGE_SIZE / 2)
        u = all_ends[low : low + _MAX_SEGMENTS] - np.float32(IMAGE_SIZE / 2) - a
        length = np.hypot(u[:, 0], u[:, 1])
        u /= np.maximum(length, np.float32(1e-6))[:, None]
        # (p - a)·u and |p - a|² are linear in [x, y, 1, x² + y²]: two small matrix products.
        along = np.empty((len(a), 4), dtype=np.float32)
        along[:, :2] = u
        along[:, 2] = -(a * u).sum(axis=1)
        along[:, 3] = 0.0
        square = np.empty((len(a), 4), dtype=np.float32)
        square[:, :2] = -2.0 * a
        square[:, 2] = (a * a).sum(axis=1)
        square[:, 3] = 1.0
        s = along @ _PIXEL_BASIS
        d = square @ _PIXEL_BASIS
        t = np.clip(s, 0.0, length[:, None])
        s *= 2.0
        s -= t
        s *= t
        d -= s
        np.minimum(nearest, d.min(axis=0), out=nearest)
    return np.maximum(nearest, 0.0)


def _pixel_basis() -> npt.NDArray[np.float32]:
    middle = np.arange(IMAGE_SIZE, dtype=np.float32) + 0.5 - IMAGE_SIZE / 2
    y, x = np.meshgrid(middle, middle, indexing="ij")
    return np.stack([x.ravel(), y.ravel(), np.ones(x.size, np.float32), (x * x + y * y).ravel()])


_PIXEL_BASIS: Final = _pixel_basis().astype(np.float32)
_TABLE_STEPS: Final = 64
"""Entries of the ink table for each standard deviation of the edge."""


def _ink_table() -> npt.NDArray[np.uint8]:
    """Return 255 Φ(z) for z from -4 to 4, by the integral of the normal density."""
    z = np.linspace(-4.0, 4.0, 8 * _TABLE_STEPS + 1)
    density = np.exp(-0.5 * z * z)
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    table: npt.NDArray[np.uint8] = np.round(255.0 * total / total[-1]).astype(np.uint8)
    return table


_INK_TABLE: Final = _ink_table()


def _pen(
    squared_distance: npt.NDArray[np.float32], width: float, edge_blur: float = EDGE_BLUR
) -> Image:
    z = (width / 2 - np.sqrt(squared_distance)) * (_TABLE_STEPS / edge_blur)
    index = np.clip(z + 4 * _TABLE_STEPS + 0.5, 0, 8 * _TABLE_STEPS)
    image: Image = _INK_TABLE[index.astype(np.intp)].reshape(IMAGE_SIZE, IMAGE_SIZE)
    return image


THINNEST_STROKE: Final = 2.1
THICKEST_STROKE: Final = 3.95
"""10th and 90th percentile of EMNIST's stroke widths, in pixels; a scan is brought between."""

_OVERSAMPLING: Final = 4
_SCAN_BLUR: Final = 0.45
"""Blur in pixels that gives a sharp scan the soft edges of EMNIST; EDGE_BLUR without the pixel."""

_SHARP_SCALE: Final = 0.5
"""A scan that shrinks by more than this is sharp; one that hardly shrinks is soft already."""


def scan_to_image(strength: npt.NDArray[np.uint8]) -> Image:
    """Bring the ink of a scan into EMNIST's geometry, as the vector door does for strokes.

    The width of the strokes is estimated as twice the area over the perimeter, and strokes far
    thinner or thicker than EMNIST's are brought within its range.

    Parameters
    ----------
    strength : ndarray of shape (height, width), dtype=uint8
        0 = paper, 255 = ink; one character.

    Returns
    -------
    ndarray of shape (28, 28), dtype=uint8
        Blank if there is no ink.
    """
    ink = strength >= 128
    if not ink.any():
        return np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    long_side = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    stroke = _stroke_width(strength) * LONG_SIDE / long_side
    growth = min(max(stroke, THINNEST_STROKE), THICKEST_STROKE) - stroke
    growth = max(growth, -0.45 * stroke)
    scale = (LONG_SIDE - growth) / long_side

    fine = IMAGE_SIZE * _OVERSAMPLING
    factor = scale * _OVERSAMPLING
    # Output pixel p shows the source at middle + (p - fine / 2) / factor.
    middle_y, middle_x = (rows[0] + rows[-1] + 1) / 2, (columns[0] + columns[-1] + 1) / 2
    half = fine / 2 / factor
    sheet = _resampled(
        strength, (middle_x - half, middle_y - half, middle_x + half, middle_y + half), fine
    )
    steps = round(abs(growth) * _OVERSAMPLING / 2)
    if steps:
        filters = ImageFilter.MaxFilter if growth > 0 else ImageFilter.MinFilter
        sheet = sheet.filter(filters(2 * steps + 1))
    if scale < _SHARP_SCALE:
        sheet = sheet.filter(ImageFilter.GaussianBlur(_SCAN_BLUR * _OVERSAMPLING))
    values = np.asarray(sheet.reduce(_OVERSAMPLING), dtype=np.float32)
    peak = max(1.0, float(values.max()))
    image: Image = np.round(values * (255.0 / peak)).astype(np.uint8)
    return image


def _resampled(
    strength: npt.NDArray[np.uint8], box: tuple[float, float, float, float], side: int
) -> PillowImage.Image:
    """Cut a square out of a scan, with paper where it reaches over the edge, and resize it."""
    margin = (
        int(
            np.ceil(
                max(0.0, -box[0], -box[1], box[2] - strength.shape[1], box[3] - strength.shape[0])
            )
        )
        + 1
    )
    padded = PillowImage.fromarray(np.pad(strength, margin))
    moved = (box[0] + margin, box[1] + margin, box[2] + margin, box[3] + margin)
    resized: PillowImage.Image = padded.resize(
        (side, side), PillowImage.Resampling.BICUBIC, box=moved, reducing_gap=3.0
    )
    return resized


def _stroke_width(strength: npt.NDArray[np.uint8]) -> float:
    """Return twice the area over the perimeter; the perimeter is the total variation."""
    values = np.pad(strength.astype(np.float32) / 255.0, 1)
    down, across = np.diff(values, axis=0)[:, :-1], np.diff(values, axis=1)[:-1]
    perimeter = float(np.hypot(down, across).sum())
    return 2.0 * float(values.sum()) / max(perimeter, 1e-6)
