"""Stroke augmentation before rendering, which imitates other writers.

Deforming the strokes and re-rendering them keeps edges sharp, allows any pen width, and costs
less than warping images. Lengths are in units of half the ink's long side unless given in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.errors import check_range
from trainer.ink.render import (
    EDGE_BLUR,
    IMAGE_SIZE,
    LONG_SIDE,
    PEN_WIDTH,
    Image,
    fit_points,
    render,
)
from trainer.ink.strokes import Points, starts_of


@dataclass(frozen=True)
class StrokeAugmentation:
    """Strengths of the random deformations of inks; all zero leaves inks unchanged.

    Attributes
    ----------
    rotation : float
        Standard deviation of the angle, degrees.
    shear : float
        Standard deviation of the slant: horizontal shift per unit of height.
    aspect : float
        Standard deviation of the logarithm of the aspect ratio, width to height.
    scale : float
        Maximum reduction of the long side, as a fraction; it grows by at most a third of that.
    shift : float
        Standard deviation of the position, pixels.
    elastic : float
        Amplitude of each wave of the elastic deformation.
    stroke_shift : float
        Standard deviation of each stroke's position relative to the others.
    tremor : float
        Standard deviation of the jitter of each point, applied to one ink in three.
    coarse : float
        Share of inks that are subsampled, as from an input device with a low sampling rate.
    thinnest, thickest : float
        Range of the pen width, as factors of `PEN_WIDTH`; its logarithm is uniform.
    blur : float
        Maximum increase of the edge blur, as a fraction of `EDGE_BLUR`.
    """

    rotation: float = 7.0
    shear: float = 0.18
    aspect: float = 0.14
    scale: float = 0.15
    shift: float = 0.6
    elastic: float = 0.04
    stroke_shift: float = 0.03
    tremor: float = 0.015
    coarse: float = 0.25
    thinnest: float = 0.5
    thickest: float = 1.6
    blur: float = 0.8

    def __post_init__(self) -> None:
        for name, (low, high) in STROKE_AUGMENTATION_LIMITS.items():
            check_range(name, getattr(self, name), low, high)


STROKE_AUGMENTATION_LIMITS: dict[str, tuple[float, float]] = {
    "rotation": (0.0, 45.0),
    "shear": (0.0, 1.0),
    "aspect": (0.0, 1.0),
    "scale": (0.0, 0.6),
    "shift": (0.0, 6.0),
    "elastic": (0.0, 0.3),
    "stroke_shift": (0.0, 0.3),
    "tremor": (0.0, 0.2),
    "coarse": (0.0, 1.0),
    "thinnest": (0.2, 1.0),
    "thickest": (1.0, 4.0),
    "blur": (0.0, 4.0),
}
"""Minimum and maximum of each setting; beyond them characters become illegible."""

NO_AUGMENTATION = StrokeAugmentation(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0)

_WAVES = 3
"""Waves of the elastic deformation."""

_LARGEST_DEVIATION = 2.5
"""Normal deviates are clipped here, in standard deviations, to keep inks legible."""


def augmented_image(
    points: Points,
    stroke_start: npt.NDArray[np.int64],
    settings: StrokeAugmentation,
    generator: np.random.Generator,
) -> Image:
    """Deform an ink at random and render it.

    Parameters
    ----------
    points : ndarray of shape (n_points, 2), dtype=float32
        n_points >= 1; any unit.
    stroke_start : ndarray of shape (n_strokes + 1,), dtype=int64
    settings : StrokeAugmentation
    generator : numpy.random.Generator

    Returns
    -------
    ndarray of shape (28, 28), dtype=uint8
    """
    return render(*deformed(points, stroke_start, settings, generator))


def deformed(
    points: Points,
    stroke_start: npt.NDArray[np.int64],
    settings: StrokeAugmentation,
    generator: np.random.Generator,
) -> tuple[Points, npt.NDArray[np.int64], float, float]:
    """Deform an ink at random, as `augmented_image` does.

    Returns
    -------
    points, stroke_start, pen_width, edge_blur
        What `render` and `render_planes` take.
    """
    if generator.random() < settings.coarse:
        points, stroke_start = _subsampled(points, stroke_start, int(generator.integers(2, 5)))
    unit = (fit_points(points, 2.0) - np.float32(IMAGE_SIZE / 2)).astype(np.float32)
    if len(stroke_start) > 2 and settings.stroke_shift:
        shifts = _normal(generator, (len(stroke_start) - 1, 2)) * settings.stroke_shift
        unit = unit + np.repeat(shifts, np.diff(stroke_start), axis=0)
    if settings.tremor and generator.random() < 1 / 3:
        unit = unit + _normal(generator, unit.shape) * settings.tremor
    if settings.elastic:
        unit = _deformed(unit, settings.elastic, generator)
    unit = unit @ _affine(settings, generator)

    width = PEN_WIDTH * float(
        np.exp(generator.uniform(np.log(settings.thinnest), np.log(settings.thickest)))
    )
    blur = EDGE_BLUR * (1.0 + settings.blur * float(generator.random()))
    size = 1.0 + settings.scale * float(generator.uniform(-1.0, 1 / 3))
    fitted = fit_points(unit.astype(np.float32), max(4.0, LONG_SIDE * size - width))
    room = max(0.0, (IMAGE_SIZE - 1 - LONG_SIDE * size) / 2)
    shift = np.clip(_normal(generator, (2,)) * settings.shift, -room, room)
    return (fitted + shift).astype(np.float32), stroke_start, width, blur


def reordered(
    points: Points, stroke_start: npt.NDArray[np.int64], generator: np.random.Generator
) -> tuple[Points, npt.NDArray[np.int64]]:
    """Draw the same strokes as another school or hand might: backwards, or in another order.

    One time in three the whole drawing is reversed; else any stroke may be, and one time in three
    the strokes are in a random order, too.
    """
    strokes = np.split(points, stroke_start[1:-1])
    how = int(generator.integers(3))
    if how == 0:
        strokes = [stroke[::-1] for stroke in reversed(strokes)]
    else:
        backwards = generator.random(len(strokes)) < 0.5
        strokes = [s[::-1] if back else s for s, back in zip(strokes, backwards, strict=True)]
        if how == 1:
            strokes = [strokes[number] for number in generator.permutation(len(strokes))]
    return np.concatenate(strokes), starts_of([len(stroke) for stroke in strokes])


def _normal(generator: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    deviates = generator.standard_normal(shape, dtype=np.float32)
    return np.clip(deviates, -_LARGEST_DEVIATION, _LARGEST_DEVIATION)


def _subsampled(
    points: Points, stroke_start: npt.NDArray[np.int64], step: int
) -> tuple[Points, npt.NDArray[np.int64]]:
    """Keep every `step`-th point of each stroke, and its last."""
    index = np.arange(len(points)) - np.repeat(stroke_start[:-1], np.diff(stroke_start))
    keep = index % step == 0
    keep[stroke_start[1:] - 1] = True
    counts = np.add.reduceat(keep.astype(np.int64), stroke_start[:-1])
    return points[keep], np.concatenate([[0], np.cumsum(counts)])


def _deformed(unit: Points, amplitude: float, generator: np.random.Generator) -> Points:
    """Deform the plane by a few long waves in random directions."""
    waves = generator.uniform(-1.0, 1.0, (_WAVES, 2)).astype(np.float32) * np.float32(1.5 * np.pi)
    phase = generator.uniform(0.0, 2 * np.pi, _WAVES).astype(np.float32)
    push = _normal(generator, (_WAVES, 2)) * np.float32(amplitude)
    bent: Points = unit + np.sin(unit @ waves.T + phase) @ push
    return bent


def _affine(
    settings: StrokeAugmentation, generator: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Return the matrix that shears, stretches and rotates row vectors."""
    deviates = _normal(generator, (3,))
    angle = np.deg2rad(settings.rotation * deviates[0])
    stretch = np.exp(settings.aspect * deviates[2] / 2)
    shear = np.array([[1.0, 0.0], [settings.shear * deviates[1], 1.0]])
    scale = np.diag([stretch, 1.0 / stretch])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    matrix: npt.NDArray[np.float32] = (shear @ scale @ turn).astype(np.float32)
    return matrix
