"""What is probably wrong with a drawing that was asked for: worth one question, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from trainer.hand.correction import PATH_POINTS, Evidence
from trainer.ink.alphabet import merged
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Recognizer

_SMALLEST = 6.0
"""Pixels of the screen: what is smaller was hardly meant to be a character."""

_SAME = 0.01
"""Mean distance of the points of two drawings, in their size, below which they are the same."""

_SURE, _UNLIKELY = 0.8, 0.05
"""Probability of another character from which, and of the one asked for up to which, to ask."""

_RIGHT = 0.9
"""Probability from which the drawing is finished, as far as the network sees."""


class Doubt(StrEnum):
    """What may be wrong."""

    EMPTY = "empty"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True)
class Quality:
    """What was seen in a drawing.

    Attributes
    ----------
    doubt : Doubt or None
    looks_like : str
        The other character that it looks like; else empty.
    is_sure : bool
        Whether the network reads what was asked for, and surely.
    """

    doubt: Doubt | None = None
    looks_like: str = ""
    is_sure: bool = False


def quality(
    ink: Ink, character: str, earlier: Sequence[Ink], recognizer: Recognizer | None
) -> Quality:
    """Look at a drawing.

    Parameters
    ----------
    ink : Ink
        In pixels of the screen.
    character : str
        What it should show.
    earlier : sequence of Ink
        Drawings of the same character.
    recognizer : Recognizer or None
        None leaves out what needs one. The case of letters makes no difference to it.
    """
    points, _ = ink.flat()
    if not len(points) or float(np.ptp(points, axis=0).max()) < _SMALLEST:
        return Quality(Doubt.EMPTY)
    if earlier:
        nothing = np.zeros((1 + len(earlier), 0), dtype=np.float32)
        paths = Evidence.of(nothing, (ink, *earlier)).paths.reshape(-1, PATH_POINTS, 2)
        distances = np.hypot(*np.moveaxis(paths[1:] - paths[0], 2, 0)).mean(axis=1)
        if float(distances.min()) < _SAME:
            return Quality(Doubt.SAME)
    if recognizer is None:
        return Quality()
    names = [merged(name) for name in recognizer.bundle.alphabet]
    shares: dict[str, float] = dict.fromkeys(names, 0.0)
    for name, share in zip(names, recognizer.ink_probabilities((ink,))[0].tolist(), strict=True):
        shares[name] += share
    best = max(shares, key=lambda name: shares[name])
    wanted = merged(character)
    if wanted not in shares:
        return Quality()
    if shares[best] >= _SURE and shares[wanted] <= _UNLIKELY:
        return Quality(Doubt.OTHER, best)
    return Quality(is_sure=shares[wanted] >= _RIGHT)
