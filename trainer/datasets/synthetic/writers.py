"""Invented hands: how somebody writes, drawn at random, and what they write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainer.datasets.synthetic.skeletons import Control, Skeleton, Style
from trainer.ink.alphabet import LOWERCASE

PenPath = npt.NDArray[np.float64]
"""Array of shape (n, 2), dtype=float64, in units of a skeleton."""

_LARGEST_DEVIATION = 2.5
"""Normal deviates are cut here, in standard deviations, so that no sample becomes unreadable."""

_FULL_SIZE = 100.0
"""Long side of the skeletons that carelessness is given for; it shrinks with smaller ones."""

_WIDE_STEP = 0.55
"""Control points nearer than this, in long sides, move less: they belong to one curve."""

_LARGEST_SHIFT = 0.75
"""Of the middle of a shape; from 1 on it would fold over."""

_X_HEIGHT, _BASE_LINE = 50.0, 100.0
_DOT = 20.0
"""A stroke whose box is smaller than this is a dot: it stays small, and apart."""

_JOIN = 62.0
"""Across a longer gap the pen is always lifted."""


@dataclass(frozen=True, eq=False)
class Hand:
    """How one invented person writes.

    Attributes
    ----------
    chances : mapping of str to ndarray of shape (n_shapes,), dtype=float64
        For each character how likely each of its shapes is.
    turn, slant, narrowness : float
        Angle in radians, horizontal shift a unit of height, logarithm of height : width.
    ascender, descender : float
        Length of small letters above and below, as factors.
    wobble : float
        Standard deviation of the control points, units; as all that follow in units, of a
        skeleton 100 units long.
    softness : float
        How much corners are rounded off, from 0 to 1.
    waist : ndarray of shape (2,), dtype=float64
        How far the middle of a shape is moved, to the right and down: large bowls or small.
    bend : ndarray of shape (3, 2, 2), dtype=float64
        Waves that bend everything this hand writes.
    bending : float
        Amplitude of the waves that bend a single sample, units.
    drift : float
        Standard deviation of the place of a stroke, units.
    overshoot : float
        Standard deviation of the length of a stroke's ends, units.
    joining : float
        How often the pen is not lifted between two strokes.
    hook : float
        How often the pen leaves a hook where it touches or leaves the paper.
    tremor : float
        Amplitude of the fast shaking along the path, units.
    stride : int
        Of the path every so many points are kept: a fast hand, a slow tablet.
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


def invent_hand(
    generator: np.random.Generator, skeletons: Mapping[str, Sequence[Skeleton]]
) -> Hand:
    """Draw a hand at random."""
    cursive = float(generator.beta(0.9, 1.1))
    loyalty = float(generator.uniform(0.5, 0.9))
    chances = {
        character: _chances(shapes, cursive, loyalty, generator)
        for character, shapes in skeletons.items()
    }
    careless = float(generator.beta(1.6, 1.6))
    return Hand(
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
    """Return how likely a hand takes each shape: mostly its favourite."""
    leaning = {Style.PRINT: 1.6 * (1 - cursive) + 0.2, Style.CURSIVE: 1.6 * cursive + 0.2}
    weights = np.array([shape.weight * leaning.get(shape.style, 1.0) for shape in shapes])
    weights /= weights.sum()
    favourite = np.arange(len(shapes)) == generator.choice(len(shapes), p=weights)
    chances: npt.NDArray[np.float64] = loyalty * favourite + (1 - loyalty) * weights
    return chances


def write(
    character: str,
    hand: Hand,
    skeletons: Mapping[str, Sequence[Skeleton]],
    generator: np.random.Generator,
) -> tuple[PenPath, list[int]]:
    """Let a hand write a character once.

    Returns
    -------
    points : ndarray of shape (n_points, 2), dtype=float64
        In units of a skeleton, around 0.
    lengths : list of int
        Points of each stroke.
    """
    shapes = skeletons[character]
    skeleton = shapes[int(generator.choice(len(shapes), p=hand.chances[character]))]
    size = float(np.ptp(skeleton.control, axis=0).max()) / _FULL_SIZE
    control = skeleton.control + size * _moves(skeleton, size, hand, generator)
    path = skeleton.path(control, min(1.0, hand.softness * float(generator.uniform(0.4, 1.6))))
    path = _shifted(path, hand.waist + 0.2 * _deviates(generator, (2,)))
    if character in LOWERCASE:
        path[:, 1] = _proportioned(path[:, 1], hand)
    middle = (path.min(axis=0) + path.max(axis=0)) / 2
    strokes = np.split((path - middle) / size, skeleton.point_start[1:-1])
    strokes = [_hooked(_sampled(s, hand, generator), hand, generator) for s in strokes]
    strokes = _joined(strokes, hand, generator)
    points = _bent(np.concatenate(strokes), hand, generator)
    return points @ (size * _affine(hand, generator)), [len(stroke) for stroke in strokes]


def _moves(skeleton: Skeleton, size: float, hand: Hand, generator: np.random.Generator) -> Control:
    """Return how far control points, ends of strokes, and whole strokes move."""
    starts = skeleton.control_start
    counts = np.diff(starts)
    ends, inner = _ends(starts)
    steps = np.hypot(*np.diff(skeleton.control, axis=0).T) / (size * _FULL_SIZE * _WIDE_STEP)
    steps = np.minimum(1.0, np.concatenate([[1.0], steps, [1.0]]))
    room = np.minimum(steps[:-1], steps[1:])
    room[ends] = np.maximum(room[ends], 0.6)
    moves: Control = hand.wobble * room[:, None] * _deviates(generator, skeleton.control.shape)
    if len(counts) > 1:
        shift = hand.drift * _deviates(generator, (len(counts), 2))
        moves += np.repeat(shift, counts, axis=0)
    way = (skeleton.control[ends] - skeleton.control[inner]) / size
    length = np.hypot(way[:, 0], way[:, 1])
    push = hand.overshoot * _deviates(generator, (len(ends),))
    moves[ends] += way * np.clip(push / length, -0.4, 0.6)[:, None]
    return moves


def _ends(
    starts: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the places of the strokes' first and last points, and of those next to them."""
    first, last = starts[:-1], starts[1:] - 1
    return np.concatenate([first, last]), np.concatenate([first + 1, last - 1])


def _shifted(path: PenPath, amount: npt.NDArray[np.float64]) -> PenPath:
    """Move the middle of a shape, and leave its box."""
    low, extent = path.min(axis=0), np.maximum(np.ptp(path, axis=0), 1e-9)
    place = (path - low) / extent
    amount = np.clip(amount, -_LARGEST_SHIFT, _LARGEST_SHIFT)
    shifted: PenPath = low + extent * (place + amount * place * (1.0 - place))
    return shifted


def _proportioned(y: npt.NDArray[np.float64], hand: Hand) -> npt.NDArray[np.float64]:
    """Stretch what is above the small letters and what is below the line."""
    above, below = np.minimum(y - _X_HEIGHT, 0.0), np.maximum(y - _BASE_LINE, 0.0)
    stretched: npt.NDArray[np.float64] = (
        y + (hand.ascender - 1.0) * above + (hand.descender - 1.0) * below
    )
    return stretched


def _sampled(stroke: PenPath, hand: Hand, generator: np.random.Generator) -> PenPath:
    """Keep some of the points, and shake them."""
    kept = stroke[:: hand.stride]
    if (len(stroke) - 1) % hand.stride:
        kept = np.concatenate([kept, stroke[-1:]])
    return kept + hand.tremor * _deviates(generator, kept.shape)


def _hooked(stroke: PenPath, hand: Hand, generator: np.random.Generator) -> PenPath:
    """Perhaps add the small hooks that a pen leaves on its way to and from the paper."""
    at_start, at_end = generator.random(2) < hand.hook
    if np.ptp(stroke, axis=0).max() < _DOT:
        return stroke
    if at_start:
        stroke = np.concatenate([stroke[:1] + 3.5 * _deviates(generator, (1, 2)), stroke])
    if at_end:
        stroke = np.concatenate([stroke, stroke[-1:] + 3.5 * _deviates(generator, (1, 2))])
    return stroke


def _joined(strokes: list[PenPath], hand: Hand, generator: np.random.Generator) -> list[PenPath]:
    """Perhaps do not lift the pen between strokes; a dot stays apart."""
    joined = strokes[:1]
    for stroke in strokes[1:]:
        gap = np.hypot(*(stroke[0] - joined[-1][-1]))
        is_dot = min(np.ptp(s, axis=0).max() for s in (stroke, joined[-1])) < _DOT
        if generator.random() < hand.joining and gap < _JOIN and not is_dot:
            joined[-1] = np.concatenate([joined[-1], stroke])
        else:
            joined.append(stroke)
    return joined


def _waves(generator: np.random.Generator, amplitude: float) -> npt.NDArray[np.float64]:
    """Return three long waves: how their phase grows with the place, and where they push."""
    growth = generator.uniform(-0.045, 0.045, (3, 2))
    push = amplitude * _deviates(generator, (3, 2))
    return np.stack([growth, push], axis=1)


def _bent(points: PenPath, hand: Hand, generator: np.random.Generator) -> PenPath:
    """Add the hand's waves and the sample's own to the plane."""
    waves = np.concatenate([hand.bend, _waves(generator, hand.bending)])
    phase = np.repeat(generator.uniform(0.0, 2 * np.pi, 3), 2)
    phase[:3] = 0.0
    bent: PenPath = points + np.sin(points @ waves[:, 0].T + phase) @ waves[:, 1]
    return bent


def _affine(hand: Hand, generator: np.random.Generator) -> npt.NDArray[np.float64]:
    turn = hand.turn + np.deg2rad(2.5) * _deviate(generator)
    slant = hand.slant + 0.05 * _deviate(generator)
    wide = np.exp(-(hand.narrowness + 0.12 * _deviate(generator)) / 2)
    cosine, sine = np.cos(turn), np.sin(turn)
    rotated = np.array([[cosine, sine], [-sine, cosine]])
    # A positive slant leans to the right: y points down.
    slanted = np.array([[wide, 0.0], [-slant / wide, 1 / wide]])
    matrix: npt.NDArray[np.float64] = slanted @ rotated
    return matrix


def _deviate(generator: np.random.Generator) -> float:
    return float(np.clip(generator.standard_normal(), -_LARGEST_DEVIATION, _LARGEST_DEVIATION))


def _deviates(generator: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    deviates = generator.standard_normal(shape)
    return np.clip(deviates, -_LARGEST_DEVIATION, _LARGEST_DEVIATION)
