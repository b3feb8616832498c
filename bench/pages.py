"""Characters on paper, found and read: ``python -m bench pages``.

Real drawings of the validation writers are written onto sheets that are made here: plain, ruled,
squared, a row of form boxes; askew, unevenly lit, with the grain of a camera, saved as JPEG.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFilter

from bench.data import data_folder
from bench.table import Row
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.evaluation.metrics import edit_distance
from trainer.files.paths import default_bundle
from trainer.ink.alphabet import CharacterSet
from trainer.ink.picture import find_characters
from trainer.ink.picture_file import picture_from_bytes
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Recognizer

SHEETS = int(os.environ.get("BENCH_SHEETS") or 40)
CHARACTERS, ROWS = 6, 2
CELL, SCALE = 90, 3
"""Pixels of a character's cell on the sheet; drawn so many times larger, then reduced."""

INK, LINE = 40, 120

Draw = ImageDraw.ImageDraw


def plain(_draw: Draw, _width: int, _height: int) -> None:
    """Nothing is printed on the sheet."""


def ruled(draw: Draw, width: int, _height: int) -> None:
    """Lines on which the characters stand."""
    for row in range(1, ROWS + 2):
        y = (row * CELL + CELL // 4) * SCALE
        draw.line([(0, y), (width, y)], fill=LINE, width=SCALE * 2)


def squared(draw: Draw, width: int, height: int) -> None:
    """Squares of half a character."""
    for place in range(0, max(width, height), CELL * SCALE // 2):
        draw.line([(place, 0), (place, height)], fill=LINE, width=SCALE * 2)
        draw.line([(0, place), (width, place)], fill=LINE, width=SCALE * 2)


def boxes(draw: Draw, _width: int, _height: int) -> None:
    """A field of a form: a box for each character."""
    for row in range(ROWS):
        for column in range(CHARACTERS):
            left, top = (CELL // 2 + column * CELL) * SCALE, (CELL // 2 + row * CELL) * SCALE
            corner = left + CELL * SCALE, top + CELL * SCALE
            draw.rectangle([(left, top), corner], outline=INK + 30, width=SCALE * 2)


PAPERS: dict[str, Callable[[Draw, int, int], None]] = {
    "plain": plain, "ruled": ruled, "squared": squared, "form boxes": boxes,
}  # fmt: skip


def sheet(
    inks: PenArchive, chosen: np.ndarray, paper: str, generator: np.random.Generator
) -> bytes:
    """Return a photograph of a sheet, as JPEG."""
    width, height = (CHARACTERS + 1) * CELL * SCALE, (ROWS + 1) * CELL * SCALE
    picture = PillowImage.new("L", (width, height), 245)
    draw = ImageDraw.Draw(picture)
    PAPERS[paper](draw, width, height)
    pen = int(generator.integers(3, 6)) * SCALE
    for place, index in enumerate(chosen.tolist()):
        points, starts = inks.strokes(index)
        low, high = points.min(axis=0), points.max(axis=0)
        size = CELL * SCALE * 0.62 * generator.uniform(0.9, 1.1)
        points = (points - (low + high) / 2) * (size / max(float((high - low).max()), 1.0))
        row, column = divmod(place, CHARACTERS)
        centre = np.array([column + 1.0, row + 0.95]) * CELL * SCALE
        for stroke in np.split(points + centre, starts[1:-1]):
            line = [tuple(point) for point in stroke.tolist()]
            draw.line(line, fill=INK, width=pen, joint="curve")
            for x, y in (line[0], line[-1]):
                draw.ellipse([x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2], fill=INK)
    small = picture.resize((width // SCALE, height // SCALE), PillowImage.Resampling.LANCZOS)
    turned = small.rotate(generator.uniform(-4, 4), PillowImage.Resampling.BICUBIC, fillcolor=245)
    values = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    across = np.linspace(-1, 1, values.shape[1]) * generator.uniform(-0.25, 0.25)
    down = np.linspace(-1, 1, values.shape[0])[:, None] * generator.uniform(-0.2, 0.2)
    values = values * (0.75 + across + down) + generator.normal(0, 4, values.shape)
    stream = io.BytesIO()
    photograph = PillowImage.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    photograph.save(stream, "JPEG", quality=80)
    return stream.getvalue()


def measure() -> list[Row]:
    inks = read_pen_archive(data_folder("pen") / "unipen_validation.npz")
    recognizer = Recognizer(load_bundle(default_bundle()))
    found = []
    for kind, high in (("digits", 10), ("digits and capitals", 36)):
        usable = np.flatnonzero(np.asarray(inks.labels) < high)
        alphabet = CharacterSet.DIGITS if high == 10 else CharacterSet.ALL
        for paper in PAPERS:
            generator = np.random.default_rng(1)
            errors = total = 0
            for _ in range(SHEETS):
                chosen = generator.choice(usable, CHARACTERS * ROWS, replace=False)
                truth = "".join(inks.alphabet[label] for label in inks.labels[chosen].tolist())
                grey = picture_from_bytes(sheet(inks, chosen, paper, generator))
                read = [
                    recognizer.recognize_image(each.image, alphabet)
                    for each in find_characters(grey)
                ]
                text = "".join(each.best.character for each in read if each.best is not None)
                errors += edit_distance(truth.upper(), text.upper())
                total += len(truth)
            share = 100 * (1 - errors / total)
            found.append(Row(f"{kind} on paper, {paper}: found and read", (share,), "%"))
    return found
