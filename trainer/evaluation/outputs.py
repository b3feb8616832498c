"""Input and output formats of networks from files."""

from __future__ import annotations

from typing import Any

import numpy as np

from trainer.errors import BundleError
from trainer.ink.render import IMAGE_SIZE, PLANES
from trainer.recognition.recognizer import Probabilities

_SUM_TOLERANCE = 1e-2
_HINT = "Choose a network that takes grey images and has one output per character."


def as_probabilities(outputs: Probabilities) -> Probabilities:
    """Return outputs as they are if they are probabilities, else their softmax."""
    if outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=_SUM_TOLERANCE):
        return outputs
    exponential = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    normalized: Probabilities = exponential / exponential.sum(axis=1, keepdims=True)
    return normalized


def check_outputs(shape: tuple[int, ...], alphabet: tuple[str, ...], name: str) -> None:
    """Raise `BundleError` unless there is one output per character."""
    if shape != (len(alphabet),):
        raise BundleError(
            "Expected {n_outputs} outputs, one per character, in {name}. Received: {shape}.",
            "Give the alphabet that it was trained with.",
        ).format(n_outputs=len(alphabet), name=name, shape=shape)


def image_shape_of(shape: Any, name: str) -> tuple[tuple[int, int], tuple[int, ...]]:
    """Return height and width, and the shape of one sample, from an input's shape.

    The first axis is the batch. Flat inputs are square images; the axis of one channel may be
    the last or the first; networks that are shown the direction of the pen have several planes.

    Raises
    ------
    BundleError
        If it is not that of a grey image.
    """
    if isinstance(shape, list) and len(shape) == 1:  # a functional model of one named input
        shape = shape[0]
    if not isinstance(shape, tuple) or None in shape[1:] or len(shape) < 2:
        raise BundleError("{name} has inputs of no fixed size: {shape}.", _HINT).format(
            name=name, shape=shape
        )
    inner = tuple(int(side) for side in shape[1:])
    if len(inner) in (2, 3) and inner[2:] in ((), (1,), (len(PLANES),)):
        return (inner[0], inner[1]), inner
    if len(inner) == 3 and inner[0] == 1:
        return (inner[1], inner[2]), inner
    side = round(inner[0] ** 0.5) if len(inner) == 1 else 0
    if side and side * side == inner[0]:
        return (side, side), inner
    raise BundleError(
        "Expected inputs such as {image_size}×{image_size}×1 in {name}. Received: {inner}.", _HINT
    ).format(image_size=IMAGE_SIZE, name=name, inner=inner)
