"""Texts as ink, of the shapes that the starter set is made of."""

from __future__ import annotations

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFilter

from trainer.datasets.synthetic.skeletons import load_skeletons
from trainer.ink.picture_file import Grey
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


def on_paper(ink: Ink, paper: str = "plain", size: float = 1.0) -> Grey:
    """Return an ink written on "plain", "ruled" or "squared" paper, 40 pixels from the corner.

    The picture has a shadow, grain and soft edges.
    """
    points, _ = ink.flat()
    low = np.minimum(points.min(axis=0), 0) * size
    width, height = (points.max(axis=0) * size - low + 80).astype(int).tolist()
    values = np.full((height, width), 235.0)
    if paper != "plain":
        values[20::45] = 190
    if paper == "squared":
        values[:, 15::45] = 190
    values *= np.linspace(0.8, 1.0, width)
    sheet = PillowImage.fromarray(values.astype(np.uint8))
    pen = ImageDraw.Draw(sheet)
    for stroke in ink.strokes:
        way = [tuple(point) for point in (stroke.points * size - low + 40).tolist()]
        pen.line(way, fill=40, width=max(2, round(7 * size)), joint="curve")
    noise = np.random.default_rng(0).normal(0, 3, (height, width))
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float64)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)
