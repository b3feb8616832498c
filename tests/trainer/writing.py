"""Texts as ink, of the shapes that the starter set is made of."""

from __future__ import annotations

import numpy as np

from trainer.datasets.synthetic.skeletons import load_skeletons
from trainer.ink.strokes import Ink


def written(text: str, y: float = 0.0) -> Ink:
    """Return the commonest shapes of characters beside one another."""
    shapes = load_skeletons(characters=sorted(set(text) - {" "}))
    x, strokes = 0.0, []
    for character in text:
        if character == " ":
            x += 70.0
            continue
        shape = max(shapes[character], key=lambda each: each.weight)
        path = shape.path(shape.control)
        placed = path + np.array([x - path[:, 0].min(), y])
        strokes += np.split(placed, shape.point_start[1:-1])
        x = placed[:, 0].max() + 16.0
    return Ink.from_points(strokes)
