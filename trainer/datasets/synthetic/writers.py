"""Synthetic writers: random handwriting styles, and the samples that they write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.datasets.synthetic.skeletons import Control, Skeleton, Style
from trainer.ink.alphabet import LOWERCASE

PenPath = npt.NDArray[np.float64]
"""Array of shape (n, 2), dtype=float64, in skeleton units."""

_LARGEST_DEVIATION = 2.5
"""Normal deviates are clipped here, in standard deviations, to keep samples legible."""

_FULL_SIZE = 100.0
"""Long side of skeletons for which carelessness is defined; it scales with the size."""

_WIDE_STEP = 0.55
"""Control points closer than this, in long sides, move less: they belong to one curve."""

_LARGEST_SHIFT = 0.75
"""Of the middle of a shape; from 1 on the shape would fold over."""

_X_HEIGHT, _BASE_LINE = 50.0, 100.0
_DOT = 20.0
"""A stroke with a smaller box is a dot, which stays small and separate."""

_JOIN = 62.0
"""Maximum gap that the pen crosses without being lifted."""


@dataclass(frozen=True, eq=False)
class WriterStyle:
    """The handwriting style of a synthetic writer.

    Attributes
    ----------
    chances : mapping of str to ndarray of shape (n_shapes,), dtype=float64
        The probability of each shape of each character.
    turn, slant, narrowness : float
        Angle in radians, horizontal shift per unit of height, logarithm of height to width.
    ascender, descender : float
        Length of ascenders and descenders, as factors.
    wobble : float
        Standard deviation of the control points; this and all following lengths are in units of
        a skeleton 100 units long.
    softness : float
        Rounding of corners, from 0 to 1.
    waist : ndarray of shape (2,), dtype=float64
        Shift of the middle of a shape, to the right and down, for large or small bowls.
    bend : ndarray of shape (3, 2, 2), dtype=float64
        Waves that deform everything this writer writes.
    bending : float
        Amplitude of the waves that deform a single sample.
    drift : float
        Standard deviation of the position of a stroke.
    overshoot : float
        Standard deviation of the length of a stroke's ends.
    joining : float
        Probability that the pen is not lifted between two strokes.
    hook : float
        Probability of a hook where the pen touches or leaves the paper.
    tremor : float
        Standard deviation of the jitter along the path.
    stride : int
        Every `stride`-th point of the path is kept, as of a fast writer or a slow tablet.
    """

    chances: Mapping[str, npt.NDArray[np.float64]]
    turn: float
    slant: float
    narrowness: float
    ascender: float
    descender: float
    wobble: float
    softness: float
    waist: npt.NDArray[np.float64]
    bend: npt.NDArray[np.float64]
    bending: float
    drift: float
    overshoot: float
    joining: float
    hook: float
    tremor: float
    stride: int


def random_writer(
    generator: np.random.Generator, skeletons: Mapping[str, Sequence[Skeleton]]
) -> WriterStyle:
    """Sample a handwriting style at random."""
    cursive = float(generator.beta(0.9, 1.1))
    loyalty = float(generator.uniform(0.5, 0.9))
    chances = {
        character: _chances(shapes, cursive, loyalty, generator)
        for character, shapes in skeletons.items()
    }
    careless = float(generator.beta(1.6, 1.6))
    return WriterStyle(
        chances=chances,
        turn=np.deg2rad(4.0) * _deviate(generator),
        slant=0.08 + 0.22 * _deviate(generator),
        narrowness=0.25 * _deviate(generator),
        ascender=float(np.exp(0.22 * _deviate(generator))),
        descender=float(np.exp(0.25 * _deviate(generator))),
        wobble=1.5 + 3.5 * careless,
        softness=max(0.0, float(generator.uniform(-0.2, 0.4))),
        waist=0.2 * _deviates(generator, (2,)),
        bend=_waves(generator, 1.6),
        bending=1.0 + 2.0 * careless,
        drift=0.8 + 3.0 * careless,
        overshoot=1.0 + 5.0 * careless,
        joining=0.22 * float(generator.random()) ** 2,
        hook=0.3 * float(generator.random()) ** 2,
        tremor=0.9 * float(generator.random()) ** 2,
        stride=int(generator.choice((1, 1, 2, 2, 3, 4))),
    )


def _chances(
    shapes: Sequence[Skeleton], cursive: float, loyalty: float, generator: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return the probability of each shape: mostly the favourite."""
    leaning = {Style.PRINT: 1.6 * (1 - cursive) + 0.2, Style.CURSIVE: 1.6 * cursive + 0.2}
    weights = np.array([shape.weight * leaning.get(shape.style, 1.0) for shape in shapes])
    weights /= weights.sum()
    favourite = np.arange(len(shapes)) == generator.choice(len(shapes), p=weights)
    chances: npt.NDArray[np.float64] = loyalty * favourite + (1 - loyalty) * weights
    return chances


def write(
    character: str,
    style: WriterStyle,
    skeletons: Mapping[str, Sequence[Skeleton]],
    generator: np.random.Generator,
) -> tuple[PenPath, list[int]]:
    """Write a character once.

    Returns
    -------
    points : ndarray of shape (n_points, 2), dtype=float64
        In skeleton units, centred at 0.
    lengths : list of int
        Points of each stroke.
    """
    shapes = skeletons[character]
    skeleton = shapes[int(generator.choice(len(shapes), p=style.chances[character]))]
    size = float(np.ptp(skeleton.control, axis=0).max()) / _FULL_SIZE
    control = skeleton.control + size * _displacements(skeleton, size, style, generator)
    path = skeleton.path(control, min(1.0, style.softness * float(generator.uniform(0.4, 1.6))))
    path = _with_shifted_middle(path, style.waist + 0.2 * _deviates(generator, (2,)))
    if character in LOWERCASE:
        path[:, 1] = _proportioned(path[:, 1], style)
    middle = (path.min(axis=0) + path.max(axis=0)) / 2
    strokes = np.split((path - middle) / size, skeleton.point_start[1:-1])
    strokes = [_with_hooks(_sampled(s, style, generator), style, generator) for s in strokes]
    strokes = _joined(strokes, style, generator)
    points = _deformed(np.concatenate(strokes), style, generator)
    return points @ (size * _affine(style, generator)), [len(stroke) for stroke in strokes]


def _displacements(
    skeleton: Skeleton, size: float, style: WriterStyle, generator: np.random.Generator
) -> Control:
    """Return the displacements of the control points, with overshooting ends."""
    starts = skeleton.control_start
    counts = np.diff(starts)
    first, last = starts[:-1], starts[1:] - 1
    ends, inner = np.concatenate([first, last]), np.concatenate([first + 1, last - 1])
    steps = np.hypot(*np.diff(skeleton.control, axis=0).T) / (size * _FULL_SIZE * _WIDE_STEP)
    steps = np.minimum(1.0, np.concatenate([[1.0], steps, [1.0]]))
    room = np.minimum(steps[:-1], steps[1:])
    room[ends] = np.maximum(room[ends], 0.6)
    displacements: Control = (
        style.wobble * room[:, None] * _deviates(generator, skeleton.control.shape)
    )
    if len(counts) > 1:
        shift = style.drift * _deviates(generator, (len(counts), 2))
        displacements += np.repeat(shift, counts, axis=0)
    way = (skeleton.control[ends] - skeleton.control[inner]) / size
    length = np.hypot(way[:, 0], way[:, 1])
    push = style.overshoot * _deviates(generator, (len(ends),))
    displacements[ends] += way * np.clip(push / length, -0.4, 0.6)[:, None]
    return displacements


def _with_shifted_middle(path: PenPath, amount: npt.NDArray[np.float64]) -> PenPath:
    """Shift the middle of a shape within its box."""
    low, extent = path.min(axis=0), np.maximum(np.ptp(path, axis=0), 1e-9)
    position = (path - low) / extent
    amount = np.clip(amount, -_LARGEST_SHIFT, _LARGEST_SHIFT)
    shifted: PenPath = low + extent * (position + amount * position * (1.0 - position))
    return shifted


def _proportioned(y: npt.NDArray[np.float64], style: WriterStyle) -> npt.NDArray[np.float64]:
    """Stretch ascenders and descenders."""
    above, below = np.minimum(y - _X_HEIGHT, 0.0), np.maximum(y - _BASE_LINE, 0.0)
    stretched: npt.NDArray[np.float64] = (
        y + (style.ascender - 1.0) * above + (style.descender - 1.0) * below
    )
    return stretched


def _sampled(stroke: PenPath, style: WriterStyle, generator: np.random.Generator) -> PenPath:
    """Subsample the points and add jitter."""
    points = stroke[:: style.stride]
    if (len(stroke) - 1) % style.stride:
        points = np.concatenate([points, stroke[-1:]])
    return points + style.tremor * _deviates(generator, points.shape)


def _with_hooks(stroke: PenPath, style: WriterStyle, generator: np.random.Generator) -> PenPath:
    """Add hooks at random where the pen touches and leaves the paper."""
    at_start, at_end = generator.random(2) < style.hook
    if np.ptp(stroke, axis=0).max() < _DOT:
        return stroke
    if at_start:
        stroke = np.concatenate([stroke[:1] + 3.5 * _deviates(generator, (1, 2)), stroke])
    if at_end:
        stroke = np.concatenate([stroke, stroke[-1:] + 3.5 * _deviates(generator, (1, 2))])
    return stroke


def _joined(
    strokes: list[PenPath], style: WriterStyle, generator: np.random.Generator
) -> list[PenPath]:
    """Join strokes at random, except dots."""
    joined = strokes[:1]
    for stroke in strokes[1:]:
        gap = np.hypot(*(stroke[0] - joined[-1][-1]))
        is_dot = min(np.ptp(s, axis=0).max() for s in (stroke, joined[-1])) < _DOT
        if generator.random() < style.joining and gap < _JOIN and not is_dot:
            joined[-1] = np.concatenate([joined[-1], stroke])
        else:
            joined.append(stroke)
    return joined


def _waves(generator: np.random.Generator, amplitude: float) -> npt.NDArray[np.float64]:
    """Return three long waves: their wave vectors and displacements."""
    wave_vectors = generator.uniform(-0.045, 0.045, (3, 2))
    displacement = amplitude * _deviates(generator, (3, 2))
    return np.stack([wave_vectors, displacement], axis=1)


def _deformed(points: PenPath, style: WriterStyle, generator: np.random.Generator) -> PenPath:
    """Deform the plane by the writer's waves and the sample's own."""
    waves = np.concatenate([style.bend, _waves(generator, style.bending)])
    phase = np.repeat(generator.uniform(0.0, 2 * np.pi, 3), 2)
    phase[:3] = 0.0
    bent: PenPath = points + np.sin(points @ waves[:, 0].T + phase) @ waves[:, 1]
    return bent


def _affine(style: WriterStyle, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    turn = style.turn + np.deg2rad(2.5) * _deviate(generator)
    slant = style.slant + 0.05 * _deviate(generator)
    wide = np.exp(-(style.narrowness + 0.12 * _deviate(generator)) / 2)
    cosine, sine = np.cos(turn), np.sin(turn)
    rotated = np.array([[cosine, sine], [-sine, cosine]])
    # A positive slant leans to the right, since y points down.
    slanted = np.array([[wide, 0.0], [-slant / wide, 1 / wide]])
    matrix: npt.NDArray[np.float64] = slanted @ rotated
    return matrix


def _deviate(generator: np.random.Generator) -> float:
    return float(np.clip(generator.standard_normal(), -_LARGEST_DEVIATION, _LARGEST_DEVIATION))


def _deviates(generator: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    deviates = generator.standard_normal(shape)
    return np.clip(deviates, -_LARGEST_DEVIATION, _LARGEST_DEVIATION)
