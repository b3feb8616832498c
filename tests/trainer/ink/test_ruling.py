"""Printed lines are taken out of a picture, and the writing stays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from trainer.ink.picture import find_characters
from trainer.ink.picture_file import Grey

SIZE = (640, 300)
WRITING = {
    "0": [[(30 + 28 * np.cos(a), 40 + 40 * np.sin(a)) for a in np.linspace(0, 6.3, 40)]],
    "7": [[(2, 0), (58, 0), (20, 80)]],
    "X": [[(0, 0), (55, 80)], [(55, 0), (0, 80)]],
}
Draw = ImageDraw.ImageDraw


def _ruled(draw: Draw, grey: int) -> None:
    for y in (40, 140, 240):
        draw.line([(0, y), (SIZE[0], y)], fill=grey, width=2)


def _squared(draw: Draw, grey: int) -> None:
    for place in range(15, SIZE[0], 50):
        draw.line([(place, 0), (place, SIZE[1])], fill=grey, width=2)
        draw.line([(0, place), (SIZE[0], place)], fill=grey, width=2)


def _boxes(draw: Draw, grey: int) -> None:
    for column in range(4):
        left = 60 + column * 120
        draw.rectangle([(left, 40), (left + 120, 190)], outline=grey, width=3)


def _page(paper: Callable[[Draw, int], None] | None, grey: int, angle: float) -> Grey:
    page = Image.new("L", SIZE, 240)
    draw = ImageDraw.Draw(page)
    if paper is not None:
        paper(draw, grey)
    for column, name in enumerate("07X7"):
        for stroke in WRITING[name]:
            places = [(90 + column * 120 + x, 75 + y) for x, y in stroke]
            draw.line(places, fill=30, width=7, joint="curve")
    return np.asarray(page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=240))


@pytest.mark.parametrize("angle", [0.0, 3.0, -4.0])
@pytest.mark.parametrize(
    ("paper", "grey"),
    [(_ruled, 130), (_ruled, 30), (_squared, 130), (_squared, 190), (_boxes, 30), (_boxes, 120)],
)
def test_characters_are_found_on_printed_paper(
    paper: Callable[[Draw, int], None], grey: int, angle: float
) -> None:
    plain = find_characters(_page(None, grey, angle))
    found = find_characters(_page(paper, grey, angle))
    assert len(found) == len(plain) == 4
    for character, expected in zip(found, plain, strict=True):
        overlap = np.minimum(character.image, expected.image).sum() / expected.image.sum()
        assert overlap > 0.75


@pytest.mark.parametrize(
    "strokes",
    [
        [[(150, 10), (150, 290)]],
        [[(10, 40), (290, 40)], [(150, 40), (150, 290)]],
        [[(10, 20), (280, 20), (20, 280), (290, 280)]],
        [[(40, 10), (40, 290)], [(40, 12), (280, 12)], [(40, 150), (200, 150)]],
    ],
    ids=["l", "T", "Z", "F"],
)
def test_a_large_thin_character_is_no_printed_line(strokes: list[list[tuple[int, int]]]) -> None:
    page = Image.new("L", (300, 300), 245)
    for stroke in strokes:
        ImageDraw.Draw(page).line(stroke, fill=20, width=4)
    points = np.concatenate(strokes)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    boxes = [found.box for found in find_characters(np.asarray(page))]
    assert min(x for x, *_ in boxes) <= left + 3
    assert min(y for _, y, *_ in boxes) <= top + 3
    assert max(x + width for x, _, width, _ in boxes) >= right - 3
    assert max(y + height for _, y, _, height in boxes) >= bottom - 3
