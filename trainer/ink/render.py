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
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.ink.strokes import Ink, Points

Image = npt.NDArray[np.uint8]
"""Array of shape (28, 28), dtype=uint8: 0 = paper, 255 = ink, upright."""

Images = npt.NDArray[np.uint8]
"""Array of shape (n, 28, 28), dtype=uint8: 0 = paper, 255 = ink, upright."""

Floats = npt.NDArray[np.float32]

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

THINNEST_STROKE: Final = 2.1
THICKEST_STROKE: Final = 3.95
"""10th and 90th percentile of EMNIST's stroke widths, in pixels; a scan is brought between."""

_MOST_THINNED: Final = 0.45
"""A stroke keeps at least this share of its width, lest its thin places vanish."""

_OVERSAMPLING: Final = 4
"""Places for each side of a pixel, between which the edge of the ink is found."""

_SHEET_SIDE: Final = 32 * _OVERSAMPLING
"""Side of the fine sheet of a scan: room for strokes to grow around 22.3 px."""

_MOST_OVERSAMPLED: Final = 8
"""Smaller images are resampled to about the same side, but no pixel into more than so many."""

_DEEPEST: Final = 5.0
"""Distances from the edge into the ink are measured up to this, in pixels of a 28×28 image."""

_SHARP_BLUR: Final = 0.455
"""EDGE_BLUR without the pixel's own area, whose variance is 1/12: √(0.54² − 1/12)."""

_EDGE_LEVEL: Final = 0.45
"""Where ink ends, as a share of its strength; below half, for the sake of thin strokes."""

_IN_FORM_SIDE: Final = (20.1, 25.0)
_IN_FORM_ASIDE: Final = 1.0
"""Long side and distance from the middle, in pixels, of what is in EMNIST's form already: in
NIST's digits, 1st to 99th percentile."""

_MEASURED_AT_ONCE: Final = 64
"""Images of a stack, so that their fine planes stay small."""

_DEVIATIONS: Final = 4
"""Further than this from the edge, in standard deviations of it, is full ink or bare paper."""

_TABLE_STEPS: Final = 64
"""Entries of the tables of Φ for each standard deviation."""


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


def scan_to_image(strength: npt.NDArray[np.uint8]) -> Image:
    """Bring the ink of a scan into EMNIST's geometry, as the vector door does for strokes.

    The scan is resampled finely, the distance of each place to the edge of the ink taken, and the
    same edge drawn as the vector door draws, `EDGE_BLUR` wide. Moving it makes strokes that are
    far thinner or thicker than EMNIST's fall within its range. Their width is estimated as four
    times the mean distance from the edge within the ink: exact for a straight stroke, and within
    5 % for real letters drawn with a known pen.

    Parameters
    ----------
    strength : ndarray of shape (height, width), dtype=uint8
        0 = paper, 255 = ink; one character.

    Returns
    -------
    ndarray of shape (28, 28), dtype=uint8
        Blank if there is no ink.
    """
    if not strength.any():
        return np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    level = _EDGE_LEVEL * float(np.quantile(strength[strength > 0], 0.95))
    left, top, right, bottom = _edges(strength, level)
    scale = LONG_SIDE / max(right - left, bottom - top)
    middle = (left + right) / 2, (top + bottom) / 2
    ink = _resampled(strength, middle, _SHEET_SIDE / _OVERSAMPLING / scale, _SHEET_SIDE) >= level
    if not ink.any():
        return np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    depth = _distance_on_sheet(~ink, _DEEPEST)
    width = min(4.0 * float(depth[ink].mean()), 0.9 * LONG_SIDE)
    wanted = max(min(max(width, THINNEST_STROKE), THICKEST_STROKE), _MOST_THINNED * width)
    # The ink's box grows with its strokes; `shrink` brings it back to LONG_SIDE.
    growth = LONG_SIDE * (wanted - width) / (LONG_SIDE - wanted)
    shrink = LONG_SIDE / (LONG_SIDE + growth)
    blur = _SHARP_BLUR / shrink
    beyond = _distance_on_sheet(ink, max(growth, 0.0) / 2 + _DEVIATIONS * blur)
    fine = _ink(growth / 2 - np.where(ink, -depth, beyond), blur)
    half = _SHEET_SIDE / 2
    side = IMAGE_SIZE * _OVERSAMPLING / shrink
    values = _resampled(fine, (half, half), side, IMAGE_SIZE, PillowImage.Resampling.BOX)
    peak = max(1.0, float(values.max()))
    image: Image = np.round(values * np.float32(255.0 / peak)).astype(np.uint8)
    return image


def is_in_form(image: npt.NDArray[np.uint8]) -> bool:
    """Tell whether an image is in EMNIST's geometry already: its size, and its ink's.

    Parameters
    ----------
    image : ndarray of shape (height, width), dtype=uint8
        0 = paper, 255 = ink.
    """
    if image.shape != (IMAGE_SIZE, IMAGE_SIZE) or image.max() < 128:
        return False
    left, top, right, bottom = _edges(image, 127.5)
    aside = max(abs(left + right - IMAGE_SIZE), abs(top + bottom - IMAGE_SIZE)) / 2
    smallest, largest = _IN_FORM_SIDE
    return smallest <= max(right - left, bottom - top) <= largest and aside <= _IN_FORM_ASIDE


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
        peaks = images.max(axis=(1, 2), initial=0).astype(np.float32)
        ink = peaks[:, None, None] * np.interp(z, _Z, _NORMAL)
        ink[self.width == 0] = 0.0
        drawn: Images = np.round(ink).astype(np.uint8)
        return drawn


def stroke_edges(images: Images) -> StrokeEdges:
    """Measure images of shape (n, height, width), dtype=uint8."""
    n, height, width = images.shape
    distance = np.empty(images.shape, dtype=np.float32)
    widths = np.zeros(n, dtype=np.float32)
    fineness = max(
        1, min(_MOST_OVERSAMPLED, round(_OVERSAMPLING * IMAGE_SIZE / max(height, width)))
    )
    down, across = _finer(height, fineness), _finer(width, fineness)
    reach = int(np.ceil(_DEEPEST * fineness * max(height, width) / IMAGE_SIZE)) + 1
    for low in range(0, n, _MEASURED_AT_ONCE):
        some = slice(low, low + _MEASURED_AT_ONCE)
        block = np.asarray(images[some], dtype=np.float32)
        level = np.maximum(block.max(axis=(1, 2)), 1.0) / 2
        ink = down @ block @ across.T >= level[:, None, None]
        depth = _distance_to(~ink, reach) / fineness
        beyond = _distance_to(ink, reach) / fineness
        area = ink.sum(axis=(1, 2))
        total = np.where(ink, depth, 0.0).sum(axis=(1, 2))
        widths[some] = 4.0 * total / np.maximum(area, 1)
        distance[some] = _at_middles(np.where(ink, -depth, beyond), fineness)
    return StrokeEdges(distance, widths)


def _pixel_basis() -> Floats:
    middle = np.arange(IMAGE_SIZE, dtype=np.float32) + 0.5 - IMAGE_SIZE / 2
    y, x = np.meshgrid(middle, middle, indexing="ij")
    return np.stack([x.ravel(), y.ravel(), np.ones(x.size, np.float32), (x * x + y * y).ravel()])


def _normal_distribution(z: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return Φ at even steps from -z to z, by the integral of the normal density."""
    density = np.exp(-0.5 * z * z)
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    result: npt.NDArray[np.float64] = total / total[-1]
    return result


_PIXEL_BASIS: Final = _pixel_basis()
_Z: Final = np.linspace(-_DEVIATIONS, _DEVIATIONS, 2 * _DEVIATIONS * _TABLE_STEPS + 1)
_NORMAL: Final = _normal_distribution(_Z)
_INK: Final = np.round(255.0 * _NORMAL).astype(np.uint8)


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


def _pen(squared_distance: Floats, width: float, edge_blur: float = EDGE_BLUR) -> Image:
    ink = _ink(width / 2 - np.sqrt(squared_distance), edge_blur)
    return ink.reshape(IMAGE_SIZE, IMAGE_SIZE)


def _ink(depth: npt.NDArray[np.floating], blur: float) -> npt.NDArray[np.uint8]:
    """Return the ink at places so deep behind an edge of this standard deviation."""
    place = depth * (_TABLE_STEPS / blur) + _DEVIATIONS * _TABLE_STEPS + 0.5
    ink: npt.NDArray[np.uint8] = _INK[np.clip(place, 0, len(_INK) - 1).astype(np.intp)]
    return ink


def _edges(strength: npt.NDArray[np.uint8], level: float) -> tuple[float, float, float, float]:
    """Return where the ink begins and ends, to fractions of a pixel: left, top, right, bottom."""
    found = []
    for axis in (0, 1):
        profile = np.pad(strength.max(axis=axis), 1).astype(np.float64)
        inside = np.flatnonzero(profile >= level)
        first, last = inside[0], inside[-1]
        # Between two pixels' middles the strength is taken as linear.
        before = (profile[first] - level) / (profile[first] - profile[first - 1])
        after = (profile[last] - level) / (profile[last] - profile[last + 1])
        found.append((float(first - 0.5 - before), float(last - 0.5 + after)))
    return found[0][0], found[1][0], found[0][1], found[1][1]


def _resampled(
    strength: npt.NDArray[np.uint8],
    middle: tuple[float, float],
    side: float,
    n: int,
    resampling: PillowImage.Resampling = PillowImage.Resampling.BICUBIC,
) -> npt.NDArray[np.float32]:
    """Cut a square out, with paper where it reaches over the edge, and resize it.

    Returns
    -------
    ndarray of shape (n, n), dtype=float32
    """
    height, width = strength.shape
    (x, y), half = middle, side / 2
    margin = max(0, int(np.ceil(max(half - x, half - y, x + half - width, y + half - height))))
    sheet = PillowImage.fromarray(np.pad(strength, margin).astype(np.float32))
    box = (x - half + margin, y - half + margin, x + half + margin, y + half + margin)
    return np.asarray(sheet.resize((n, n), resampling, box=box))


def _distance_on_sheet(mask: npt.NDArray[np.bool_], most: float) -> Floats:
    """Return each place's distance to a mask of a scan's sheet; both in pixels of the image."""
    reach = int(np.ceil(most * _OVERSAMPLING)) + 1
    distance: Floats = _distance_to(mask[None], reach)[0] / _OVERSAMPLING
    return distance


def _distance_to(mask: npt.NDArray[np.bool_], reach: int) -> Floats:
    """Return each place's distance to the edge of a mask, in places.

    Exact below `reach`, and at most that: along the rows first, then the least of the parabolas
    from the rows around (Felzenszwalb & Huttenlocher 2012, Theory of Computing 8).

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
