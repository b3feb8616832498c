"""Ink → 28×28: the only place that converts drawings to EMNIST's format.

Every image here is ``uint8 (28, 28)``, 0 = paper, 255 = ink, upright, row 0 at the top.

Strokes are re-rendered with a round pen. Instead of painting and blurring pixels, the renderer
computes each pixel's distance *d* to the nearest stroke and sets the ink to
``255 · Φ((r − d) / σ)``: the trace of a pen of radius *r* after a Gaussian blur of σ, exact for
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

Planes = npt.NDArray[np.uint8]
"""Array of shape (n, 28, 28, n_planes), dtype=uint8: an image and how it was drawn."""

Floats = npt.NDArray[np.float32]

PLANES: Final = ("ink", "rightwards", "leftwards", "downwards", "upwards", "progress", "pen up")
"""What a pixel of a drawing tells: its ink, the ink times the components of the pen's direction,
the ink times how much of the drawing was done, from 0 to 1, and the way of the lifted pen."""

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
"""Points closer than this along a stroke, in pixels, are skipped: they are invisible."""

_PEN_UP_WIDTH: Final = 1.4
"""Width of the way of the lifted pen, in pixels."""

_NO_LENGTH: Final = 1e-6
"""Pixels; what is shorter is a dot, without direction."""

_MAX_SEGMENTS: Final = 2048
"""Segments rendered at once; bounds the memory for long scribbles."""

THINNEST_STROKE: Final = 2.1
THICKEST_STROKE: Final = 3.95
"""10th and 90th percentile of EMNIST's stroke widths, in pixels; scans are brought into between."""

_MIN_THINNING: Final = 0.45
"""A stroke keeps at least this share of its width, so that thin parts do not vanish."""

_OVERSAMPLING: Final = 4
"""Subpixels along each side of a pixel, for locating the edge of the ink."""

_GRID_SIDE: Final = 32 * _OVERSAMPLING
"""Side of the oversampled grid of a scan, with a margin for strokes to grow."""

_MAX_OVERSAMPLING: Final = 8
"""Maximum oversampling; smaller images are resampled to about the same side."""

_MAX_DEPTH: Final = 5.0
"""Maximum measured depth of the ink, in pixels of a 28×28 image."""

_SHARP_BLUR: Final = 0.455
"""EDGE_BLUR without the pixel's own area, whose variance is 1/12: √(0.54² − 1/12)."""

_EDGE_LEVEL: Final = 0.45
"""Level of the ink's edge, as a share of its strength; below half, to preserve thin strokes."""

_NORMALISED_SIDE: Final = (20.1, 25.0)
_NORMALISED_OFFSET: Final = 1.0
"""Long side and distance from the centre, in pixels, of images that have EMNIST's geometry: the 1st
to 99th percentile of NIST's digits."""

_MEASURED_AT_ONCE: Final = 64
"""Images measured at once, so that their oversampled grids stay small."""

_DEVIATIONS: Final = 4
"""Half width of the edge, in standard deviations; beyond it is full ink or bare paper."""

_TABLE_STEPS: Final = 64
"""Entries of the tables of Φ per standard deviation."""


def ink_to_image(ink: Ink, pen_width: float = PEN_WIDTH) -> Image:
    """Render an ink in EMNIST's geometry.

    Parameters
    ----------
    ink : Ink
        In any unit, position and size; an empty ink yields a blank image.
    pen_width : float
        Pen width in pixels of the result.

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


def ink_to_planes(ink: Ink, pen_widths: Sequence[float]) -> Planes:
    """Render an ink with the direction of the pen, once with each of several pen widths.

    Returns
    -------
    ndarray of shape (len(pen_widths), 28, 28, len(PLANES)), dtype=uint8
        The first plane is what `ink_to_images` returns.
    """
    points, stroke_start = ink.flat()
    if not len(points):
        shape = (len(pen_widths), IMAGE_SIZE, IMAGE_SIZE, len(PLANES))
        return np.zeros(shape, dtype=np.uint8)
    fitted = fit_points(points)
    return np.stack([render_planes(fitted, stroke_start, width) for width in pen_widths])


def with_planes(images: Images | Planes, n_planes: int) -> Planes:
    """Return images with as many planes as a network takes.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, planes), dtype=uint8
        Of images alone nobody knows how they were drawn: their other planes are 0.
    n_planes : int
        1, or `len(PLANES)`.

    Returns
    -------
    ndarray of shape (n, height, width, n_planes), dtype=uint8
    """
    images = np.asarray(images)  # those of a stored dataset are read here
    if images.ndim == 3:
        images = images[..., None]
    if images.shape[3] >= n_planes:
        return images[..., :n_planes]
    planes = np.zeros((*images.shape[:3], n_planes), dtype=np.uint8)
    planes[..., :1] = images[..., :1]
    return planes


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
        row + 1, so that (14, 14) is the centre.
    stroke_start : ndarray of shape (n_strokes + 1,), dtype=int64
    pen_width, edge_blur : float
        In pixels.

    Returns
    -------
    ndarray of shape (28, 28), dtype=uint8
    """
    return _pen(_squared_distance(points, stroke_start), pen_width, edge_blur)


def render_planes(
    points: Points,
    stroke_start: npt.NDArray[np.int64],
    pen_width: float = PEN_WIDTH,
    edge_blur: float = EDGE_BLUR,
) -> Planes:
    """Render strokes as `render` does, and how they were drawn.

    A pixel has the direction and the progress of the nearest segment of the pen's way. A dot has
    no direction.

    Returns
    -------
    ndarray of shape (28, 28, len(PLANES)), dtype=uint8
    """
    before = _arc_lengths(points, stroke_start)
    starts, ends = _thinned(points, stroke_start, before)
    segments = _Segments.between(points[starts], points[ends])
    nearest = _nearest(segments, pen_width / 2 + _DEVIATIONS * edge_blur)
    ink = _ink(pen_width / 2 - np.sqrt(nearest.squared_distance), edge_blur)
    towards = ink[:, None] * segments.direction[nearest.segment]
    progress = before[starts[nearest.segment]] + nearest.along
    progress /= max(float(before[-1]), _NO_LENGTH)
    values = np.empty((len(ink), len(PLANES) - 1), dtype=np.float32)
    values[:, 0] = ink
    values[:, 1:5:2] = towards
    values[:, 2:5:2] = -towards
    values[:, 5] = ink * progress
    planes = np.zeros((IMAGE_SIZE * IMAGE_SIZE, len(PLANES)), dtype=np.uint8)
    planes[nearest.pixel, :-1] = np.clip(values, 0.0, 255.0, out=values)
    if len(stroke_start) > 2:
        way = _Segments.between(points[stroke_start[1:-1] - 1], points[stroke_start[1:-1]])
        squared = np.maximum(_distances(way[:_MAX_SEGMENTS])[0].min(axis=0), 0.0)
        planes[:, -1] = _ink(_PEN_UP_WIDTH / 2 - np.sqrt(squared), EDGE_BLUR)
    return planes.reshape(IMAGE_SIZE, IMAGE_SIZE, len(PLANES))


def fit_points(points: Points, long_side: float = LONG_SIDE - PEN_WIDTH) -> Points:
    """Fit points into EMNIST's frame: box centred, long side `long_side` px.

    Coinciding points (a dot) are centred.

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
    """Normalise the ink of a scan to EMNIST's geometry, as `render` does for strokes.

    The scan is oversampled, and its edge redrawn from each subpixel's distance to it, `EDGE_BLUR`
    wide. Shifting the edge brings strokes that are much thinner or thicker than EMNIST's into its
    range. Their width is estimated as four times the mean depth of the ink: exact for a straight
    stroke, and within 5 % for real letters drawn with a known pen.

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
    centre = (left + right) / 2, (top + bottom) / 2
    ink = _resampled(strength, centre, _GRID_SIDE / _OVERSAMPLING / scale, _GRID_SIDE) >= level
    if not ink.any():
        return np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    depth = _distance_on_grid(~ink, _MAX_DEPTH)
    width = min(4.0 * float(depth[ink].mean()), 0.9 * LONG_SIDE)
    wanted = max(min(max(width, THINNEST_STROKE), THICKEST_STROKE), _MIN_THINNING * width)
    # The ink's box grows with its strokes; `shrink` restores LONG_SIDE.
    growth = LONG_SIDE * (wanted - width) / (LONG_SIDE - wanted)
    shrink = LONG_SIDE / (LONG_SIDE + growth)
    blur = _SHARP_BLUR / shrink
    beyond = _distance_on_grid(ink, max(growth, 0.0) / 2 + _DEVIATIONS * blur)
    fine = _ink(growth / 2 - np.where(ink, -depth, beyond), blur)
    half = _GRID_SIDE / 2
    side = IMAGE_SIZE * _OVERSAMPLING / shrink
    values = _resampled(fine, (half, half), side, IMAGE_SIZE, PillowImage.Resampling.BOX)
    peak = max(1.0, float(values.max()))
    image: Image = np.round(values * np.float32(255.0 / peak)).astype(np.uint8)
    return image


def is_normalised(image: npt.NDArray[np.uint8]) -> bool:
    """Return whether an image already has EMNIST's geometry: its size, and its ink's.

    Parameters
    ----------
    image : ndarray of shape (height, width), dtype=uint8
        0 = paper, 255 = ink.
    """
    if image.shape != (IMAGE_SIZE, IMAGE_SIZE) or image.max() < 128:
        return False
    left, top, right, bottom = _edges(image, 127.5)
    offset = max(abs(left + right - IMAGE_SIZE), abs(top + bottom - IMAGE_SIZE)) / 2
    smallest, largest = _NORMALISED_SIDE
    return smallest <= max(right - left, bottom - top) <= largest and offset <= _NORMALISED_OFFSET


@dataclass(frozen=True, eq=False)
class StrokeEdges:
    """Distances to the edge of the ink in images.

    Attributes
    ----------
    distance : ndarray of shape (n, height, width), dtype=float32
        From each pixel's centre to the edge, in pixels; negative within the ink.
    width : ndarray of shape (n,), dtype=float32
        Stroke width in pixels; 0 for a blank image.
    """

    distance: Floats
    width: Floats

    def with_pen(self, images: Images, factor: float) -> Images:
        """Redraw the images with a pen `factor` times as wide; blank ones stay blank.

        Parameters
        ----------
        images : ndarray of shape (n, height, width), dtype=uint8
            Those that were measured; the ink keeps its strength.
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
    """Measure the stroke edges of images of shape (n, height, width), dtype=uint8."""
    n, height, width = images.shape
    distance = np.empty(images.shape, dtype=np.float32)
    widths = np.zeros(n, dtype=np.float32)
    oversampling = max(
        1, min(_MAX_OVERSAMPLING, round(_OVERSAMPLING * IMAGE_SIZE / max(height, width)))
    )
    down, across = (
        _oversampling_matrix(height, oversampling),
        _oversampling_matrix(width, oversampling),
    )
    reach = int(np.ceil(_MAX_DEPTH * oversampling * max(height, width) / IMAGE_SIZE)) + 1
    for low in range(0, n, _MEASURED_AT_ONCE):
        some = slice(low, low + _MEASURED_AT_ONCE)
        block = np.asarray(images[some], dtype=np.float32)
        level = np.maximum(block.max(axis=(1, 2)), 1.0) / 2
        ink = down @ block @ across.T >= level[:, None, None]
        depth = _distance_to(~ink, reach) / oversampling
        beyond = _distance_to(ink, reach) / oversampling
        area = ink.sum(axis=(1, 2))
        total = np.where(ink, depth, 0.0).sum(axis=(1, 2))
        widths[some] = 4.0 * total / np.maximum(area, 1)
        distance[some] = _at_centres(np.where(ink, -depth, beyond), oversampling)
    return StrokeEdges(distance, widths)


def _pixel_basis() -> Floats:
    centre = np.arange(IMAGE_SIZE, dtype=np.float32) + 0.5 - IMAGE_SIZE / 2
    y, x = np.meshgrid(centre, centre, indexing="ij")
    return np.stack([x.ravel(), y.ravel(), np.ones(x.size, np.float32), (x * x + y * y).ravel()])


def _normal_distribution(z: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return Φ at equidistant z, symmetric about 0, by integrating the normal density."""
    density = np.exp(-0.5 * z * z)
    total = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    result: npt.NDArray[np.float64] = total / total[-1]
    return result


_PIXEL_BASIS: Final = _pixel_basis()
_NOTHING: Final = np.zeros(IMAGE_SIZE * IMAGE_SIZE, dtype=np.float32)
_Z: Final = np.linspace(-_DEVIATIONS, _DEVIATIONS, 2 * _DEVIATIONS * _TABLE_STEPS + 1)
_NORMAL: Final = _normal_distribution(_Z)
_INK: Final = np.round(255.0 * _NORMAL).astype(np.uint8)


def _arc_lengths(points: Points, stroke_start: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return how far the pen had drawn at each point, in pixels."""
    steps = np.zeros(len(points), dtype=np.float32)
    delta = points[1:] - points[:-1]
    np.hypot(delta[:, 0], delta[:, 1], out=steps[1:])
    steps[stroke_start[:-1]] = 0.0
    return np.cumsum(steps, dtype=np.float64)


def _thinned(
    points: Points, stroke_start: npt.NDArray[np.int64], arc_lengths: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first and last point of all segments, without invisibly close points.

    A stroke of one point yields one segment of length 0.
    """
    first = stroke_start[:-1]
    last = stroke_start[1:] - 1
    cell = (arc_lengths / _POINT_SPACING).astype(np.int64)
    keep = np.empty(len(points), dtype=bool)
    keep[0] = True
    np.not_equal(cell[1:], cell[:-1], out=keep[1:])
    keep[first] = True
    keep[last] = True
    kept = np.flatnonzero(keep)
    is_first = np.zeros(len(points), dtype=bool)
    is_first[first] = True
    # A segment ends at each kept point but a stroke's first; a one-point stroke is its own end.
    later = np.flatnonzero(~is_first[kept])
    single = first[first == last]
    return np.concatenate([kept[later - 1], single]), np.concatenate([kept[later], single])


@dataclass(frozen=True, eq=False)
class _Segments:
    """Straight parts of the pen's way: starts about the centre, unit directions, lengths."""

    start: Points
    direction: Floats
    length: Floats

    @classmethod
    def between(cls, starts: Points, ends: Points) -> _Segments:
        a = starts - np.float32(IMAGE_SIZE / 2)
        u = ends - np.float32(IMAGE_SIZE / 2) - a
        length = np.hypot(u[:, 0], u[:, 1])
        u /= np.maximum(length, np.float32(_NO_LENGTH))[:, None]
        return cls(a, u, length)

    def __getitem__(self, some: slice) -> _Segments:
        return _Segments(self.start[some], self.direction[some], self.length[some])


@dataclass(frozen=True, eq=False)
class _Nearest:
    """Of the pixels near the pen's way: the nearest segment, and the place along it."""

    pixel: npt.NDArray[np.int64]
    squared_distance: Floats
    segment: npt.NDArray[np.int64]
    along: Floats


def _nearest(segments: _Segments, most: float) -> _Nearest:
    """Return the nearest segments of the pixel centres that are nearer than `most`."""
    n_pixels = IMAGE_SIZE * IMAGE_SIZE
    squared = np.full(n_pixels, most * most, np.float32)
    segment, along = np.zeros(n_pixels, np.int64), np.zeros(n_pixels, np.float32)
    for low in range(0, len(segments.start), _MAX_SEGMENTS):
        distances, places = _distances(segments[low : low + _MAX_SEGMENTS])
        near = np.flatnonzero(distances.min(axis=0) < squared)
        distances = distances[:, near]
        number = distances.argmin(axis=0)
        squared[near] = distances[number, np.arange(len(near))]
        segment[near], along[near] = number + low, places[number, near]
    pixel = np.flatnonzero(squared < np.float32(most * most))
    return _Nearest(pixel, np.maximum(squared[pixel], 0.0), segment[pixel], along[pixel])


def _distances(segments: _Segments) -> tuple[Floats, Floats]:
    """Return squared distances of the pixel centres, and their places along the segments.

    For a segment from *a* in the unit direction *u* of length *L*, and a pixel *p*, with
    ``s = (p - a)·u`` and ``t = clip(s, 0, L)``: ``d² = |p - a|² - t (2 s - t)``.

    Returns
    -------
    squared, along : ndarrays of shape (n_segments, 784), dtype=float32
    """
    a, u = segments.start, segments.direction
    # (p - a)·u and |p - a|² are linear in [x, y, 1, x² + y²]: two small matrix products.
    along, square = np.zeros((2, len(a), 4), dtype=np.float32)
    along[:, :2] = u
    along[:, 2] = -np.einsum("ij,ij->i", a, u)
    square[:, :2] = -2.0 * a
    square[:, 2] = np.einsum("ij,ij->i", a, a)
    square[:, 3] = 1.0
    s = along @ _PIXEL_BASIS
    d = square @ _PIXEL_BASIS
    t = np.maximum(s, _NOTHING)  # several times as fast as np.clip
    np.minimum(t, segments.length[:, None], out=t)
    s *= 2.0
    s -= t
    s *= t
    d -= s
    return d, t


def _squared_distance(points: Points, stroke_start: npt.NDArray[np.int64]) -> Floats:
    """Return the squared distance of each of the 784 pixel centres to the nearest stroke."""
    starts, ends = _thinned(points, stroke_start, _arc_lengths(points, stroke_start))
    segments = _Segments.between(points[starts], points[ends])
    nearest = np.full(IMAGE_SIZE * IMAGE_SIZE, np.inf, dtype=np.float32)
    for low in range(0, len(starts), _MAX_SEGMENTS):
        squared, _ = _distances(segments[low : low + _MAX_SEGMENTS])
        np.minimum(nearest, squared.min(axis=0), out=nearest)
    return np.maximum(nearest, 0.0)


def _pen(squared_distance: Floats, width: float, edge_blur: float = EDGE_BLUR) -> Image:
    ink = _ink(width / 2 - np.sqrt(squared_distance), edge_blur)
    return ink.reshape(IMAGE_SIZE, IMAGE_SIZE)


def _ink(depth: npt.NDArray[np.floating], blur: float) -> npt.NDArray[np.uint8]:
    """Return the ink at depths behind an edge of this standard deviation."""
    index = depth * (_TABLE_STEPS / blur) + _DEVIATIONS * _TABLE_STEPS + 0.5
    ink: npt.NDArray[np.uint8] = _INK[np.clip(index, 0, len(_INK) - 1).astype(np.intp)]
    return ink


def _edges(strength: npt.NDArray[np.uint8], level: float) -> tuple[float, float, float, float]:
    """Return the subpixel bounds of the ink: left, top, right, bottom."""
    bounds = []
    for axis in (0, 1):
        profile = np.pad(strength.max(axis=axis), 1).astype(np.float64)
        inside = np.flatnonzero(profile >= level)
        first, last = inside[0], inside[-1]
        # The strength is interpolated linearly between pixel centres.
        before = (profile[first] - level) / (profile[first] - profile[first - 1])
        after = (profile[last] - level) / (profile[last] - profile[last + 1])
        bounds.append((float(first - 0.5 - before), float(last - 0.5 + after)))
    (left, right), (top, bottom) = bounds
    return left, top, right, bottom


def _resampled(
    strength: npt.NDArray[np.uint8],
    centre: tuple[float, float],
    side: float,
    n: int,
    resampling: PillowImage.Resampling = PillowImage.Resampling.BICUBIC,
) -> npt.NDArray[np.float32]:
    """Crop a square around `centre`, padded with paper, and resize it to (n, n)."""
    height, width = strength.shape
    (x, y), half = centre, side / 2
    margin = max(0, int(np.ceil(max(half - x, half - y, x + half - width, y + half - height))))
    sheet = PillowImage.fromarray(np.pad(strength, margin).astype(np.float32))
    box = (x - half + margin, y - half + margin, x + half + margin, y + half + margin)
    return np.asarray(sheet.resize((n, n), resampling, box=box))


def _distance_on_grid(mask: npt.NDArray[np.bool_], most: float) -> Floats:
    """Return each subpixel's distance to a mask of a scan's grid, in pixels of the image."""
    reach = int(np.ceil(most * _OVERSAMPLING)) + 1
    distance: Floats = _distance_to(mask[None], reach)[0] / _OVERSAMPLING
    return distance


def _distance_to(mask: npt.NDArray[np.bool_], reach: int) -> Floats:
    """Return the distance of each element of masks (n, height, width) to the mask's edge.

    Exact below `reach`, and clipped there: along the rows first, then the lower envelope of the
    parabolas from the neighbouring rows (Felzenszwalb & Huttenlocher 2012, Theory of Computing 8).
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


def _oversampling_matrix(n: int, oversampling: int) -> Floats:
    """Return the matrix of shape (oversampling * n, n) that resamples a side bicubically."""
    unit = PillowImage.fromarray(np.eye(n, dtype=np.float32))
    return np.asarray(unit.resize((n, oversampling * n), PillowImage.Resampling.BICUBIC))


def _at_centres(fine: Floats, oversampling: int) -> Floats:
    """Return the value at each pixel's centre: the mean of the subpixels around it."""
    n, height, width = fine.shape
    cells = fine.reshape(
        n, height // oversampling, oversampling, width // oversampling, oversampling
    )
    centre = slice((oversampling - 1) // 2, oversampling // 2 + 1)
    result: Floats = cells[:, :, centre, :, centre].mean(axis=(2, 4))
    return result
