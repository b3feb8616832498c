"""Text read in pictures of writing: ``python -m bench pictures``.

Words of writers that chose nothing (``words_validation.npz``) are written on paper that is made
here: two lines of three words of one writer, on plain, ruled or squared paper, with a shadow,
grain, soft edges and a pen of any width. "One by one" are the characters that the finder finds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from time import process_time

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.data import data_folder
from bench.table import Row
from bench.words import report
from trainer.evaluation.lines import LabelledLine, ReadLine, line_figures, read_labelled_lines
from trainer.files.paths import default_bundle
from trainer.ink.lines import find_line
from trainer.ink.picture import find_characters
from trainer.ink.picture_file import Grey
from trainer.ink.strokes import Ink, Points
from trainer.recognition.bundle import load_bundle
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer

PAGES = int(os.environ.get("BENCH_PAGES") or 60)
WORDS_A_LINE = 3
OVERSAMPLING = 3


def pages(n: int) -> Iterator[tuple[LabelledLine, Grey]]:
    """Yield what is written on each page, and its picture."""
    generator = np.random.default_rng(3)
    of_writer: dict[tuple[str, bool | None], list[LabelledLine]] = {}
    for word in read_labelled_lines(data_folder("pen") / "words_validation.npz"):
        of_writer.setdefault((word.writer, word.printed), []).append(word)
    hands = [words for words in of_writer.values() if len(words) >= 2 * WORDS_A_LINE]
    for _ in range(n):
        words = hands[int(generator.integers(len(hands)))]
        chosen = generator.choice(len(words), 2 * WORDS_A_LINE, replace=False).tolist()
        some = [words[index] for index in chosen]
        height = generator.uniform(22, 40)
        strokes = written([word.ink for word in some], height, generator)
        rows = some[:WORDS_A_LINE], some[WORDS_A_LINE:]
        text = "\n".join(" ".join(word.text for word in row) for row in rows)
        yield (
            replace(some[0], ink=Ink.from_points(strokes), text=text),
            paper(strokes, height, generator),
        )


def written(inks: list[Ink], height: float, generator: np.random.Generator) -> list[Points]:
    """Return the strokes of two lines in pixels; `height` is that of the writer's usual move."""
    lines = [find_line([stroke.points for stroke in ink.strokes]) for ink in inks]
    factor = height / float(np.median([line.height for line in lines]))
    strokes: list[Points] = []
    y = generator.uniform(3.5, 4.5) * height
    for row in range(2):
        x = generator.uniform(40, 90)
        for index in range(row * WORDS_A_LINE, (row + 1) * WORDS_A_LINE):
            parts = [stroke.points for stroke in inks[index].strokes]
            corner = np.array([min(part[:, 0].min() for part in parts), lines[index].baseline])
            placed = [(part - corner) * factor + (x, y) for part in parts]
            x = max(part[:, 0].max() for part in placed) + height * generator.uniform(0.9, 1.5)
            strokes += placed
        y += height * generator.uniform(4.2, 5.2)
    low = np.concatenate(strokes).min(axis=0)
    return [part + np.maximum(30 - low, 0) for part in strokes]


def paper(strokes: list[Points], height: float, generator: np.random.Generator) -> Grey:
    """Return a picture of strokes on plain, ruled or squared paper."""
    right, bottom = np.concatenate(strokes).max(axis=0).tolist()
    size = int(right + 50), int(bottom + 60)
    sheet = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
    pen, width = ImageDraw.Draw(sheet), generator.uniform(0.09, 0.2) * height * OVERSAMPLING
    for part in strokes:
        way = [tuple(point) for point in (part * OVERSAMPLING).tolist()]
        pen.line(way, fill=255, width=round(width), joint="curve")
        for x, y in way:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)
    ink = np.asarray(sheet.resize(size, Image.Resampling.BOX)) / 255
    values = np.full(ink.shape, generator.uniform(205, 250))
    kind, tone = int(generator.integers(3)), generator.uniform(20, 70)
    step = height * (generator.uniform(1.0, 1.3) if kind == 2 else generator.uniform(2.2, 3.2))
    thickness = generator.uniform(0.8, 1.8)
    for axis in range(kind):  # rules across, then down
        place = np.arange(ink.shape[axis]) - generator.uniform(0, step)
        distance = np.abs(place - step * np.round(place / step))
        rule = tone * np.clip(thickness / 2 + 0.5 - distance, 0, 1)
        values -= rule[:, None] if axis == 0 else rule
    grain = generator.normal(0, 1, (size[1] // 4 + 1, size[0] // 4 + 1)).astype(np.float32)
    values += np.asarray(Image.fromarray(grain).resize(size)) * generator.uniform(0, 4)
    values = values * (1 - ink) + ink * generator.uniform(15, 90)
    values *= 1 - generator.uniform(0, 0.3) * np.linspace(0, 1, size[0])
    values *= 1 - generator.uniform(0, 0.25) * np.linspace(0, 1, size[1])[:, None]
    values += generator.normal(0, generator.uniform(1, 7), ink.shape)
    picture = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(generator.uniform(0.3, 1.1))))


def measure() -> list[Row]:
    recognizer = Recognizer(load_bundle(default_bundle()))
    reader = LineReader(recognizer)
    one_by_one, traced, drawn, times = [], [], [], []
    for line, grey in pages(PAGES):
        found = [recognizer.recognize_image(each.image).best for each in find_characters(grey)]
        text = "".join(best.character for best in found if best is not None)
        one_by_one.append(ReadLine(line, text, 0.0))
        began = process_time()
        traced.append(ReadLine(line, reader.read_picture(grey).text, 0.0))
        times.append(process_time() - began)
        text = "\n".join(each.text for each in reader.read(line.ink))
        drawn.append(ReadLine(line, text, 0.0))
    rows = []
    for title, read in (
        ("characters found one by one", one_by_one),
        ("traced and read as lines", traced),
        ("the same strokes as a pen drew them", drawn),
    ):
        printed = [each for each in read if each.line.printed]
        rows += report(f"pictures, {title}: printed", line_figures(printed))
        rows += report(f"pictures, {title}: all", line_figures(read))
    return [*rows, Row("read a picture of two lines, processor time", tuple(times), "s", "")]
