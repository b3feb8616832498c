"""Gestures of the pen on words of writers that chose nothing: ``python -m bench gestures``.

Ink that is taken for a gesture: every stroke of ``words_validation.npz`` as it came, on the text of
the strokes before it. Gestures that are found: in the same words a character is struck out by a
scribble, all by a line, and one is written over with one of the writer before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.table import Row
from trainer.evaluation.lines import read_labelled_lines
from trainer.files.paths import default_bundle
from trainer.ink.strokes import Ink, Stroke
from trainer.recognition.bundle import load_bundle
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer
from trainer.writing.gestures import find_gesture
from trainer.writing.sheet_reader import SheetReader
from trainer.writing.sheet_text import SheetText

PEN = Path(os.environ.get("EMNIST_DESKTOP_DATA") or "../shared/data") / "pen"
WORDS = int(os.environ.get("BENCH_WORDS") or 400)
SPLIT = os.environ.get("BENCH_SPLIT") or "validation"


@dataclass(frozen=True)
class Drawn:
    """A gesture, and the characters of the sheet's only word that it means."""

    kind: str
    stroke: Stroke
    meant: frozenset[int]
    is_replacement: bool = False


def measure() -> list[Row]:
    reader = LineReader(Recognizer(load_bundle(default_bundle())))
    generator = np.random.default_rng(1)
    mistaken: list[bool] = []
    found: dict[str, list[bool]] = {}
    before: tuple[Stroke, ...] = ()
    for labelled in read_labelled_lines(PEN / f"words_{SPLIT}.npz", WORDS):
        strokes = labelled.ink.strokes
        sheets = SheetReader(reader)
        for number in range(1, len(strokes)):
            earlier = strokes[:number]
            sheet = SheetText(earlier, sheets.read(Ink(earlier)))
            mistaken.append(find_gesture(strokes[number], sheet) is not None)
        sheet = SheetText(strokes, sheets.read(Ink(strokes)))
        if len(sheet.words) == 1:
            for drawn in _gestures(sheet, before, generator):
                gesture = find_gesture(drawn.stroke, sheet)
                is_meant = (
                    gesture is not None
                    and gesture.is_replacement == drawn.is_replacement
                    and {i for _, indices in gesture.struck for i in indices} == drawn.meant
                )
                found.setdefault(drawn.kind, []).append(is_meant)
        before = strokes
    return [
        Row("ink that is taken for a gesture", (100 * float(np.mean(mistaken)),), "% of strokes"),
        *(
            Row(f"{kind}: understood", (100 * float(np.mean(hits)),), f"% of {len(hits)}")
            for kind, hits in sorted(found.items())
        ),
    ]


def _gestures(
    sheet: SheetText, others: tuple[Stroke, ...], generator: np.random.Generator
) -> Iterator[Drawn]:
    characters = sheet.words[0].characters
    written = [index for index, each in enumerate(characters) if each.parts]
    index = int(generator.choice(written))
    left, top, width, height = characters[index].box
    passes = np.arange(int(generator.integers(5, 9)))
    scribble = np.stack(
        [
            left + width / 2 + (passes % 2 - 0.5) * max(width, height / 3),
            top + height * (0.2 + 0.6 * passes / passes[-1]),
        ],
        axis=1,
    )
    one = frozenset({index})
    yield Drawn("a character struck out by a scribble", _shaky(scribble, generator), one)
    x, y, w, h = sheet.words[0].box
    if len(written) > 3:
        line = np.array([[x - 0.05 * w, y + 0.55 * h], [x + 1.05 * w, y + 0.5 * h]])
        yield Drawn("a word struck out by a line", _shaky(line, generator), frozenset(written))
    tall = [s for s in others if np.ptp(s.points[:, 1]) > 0.7 * height and len(s.points) > 5]
    if tall and index != written[-1]:
        points = tall[int(generator.integers(len(tall)))].points
        low, high = points.min(axis=0), points.max(axis=0)
        share = (points - low) / np.maximum(1.0, high - low)
        over = share * [max(width, 1.0), max(height, 1.0)] + [left, top]
        yield Drawn(
            "a character written over", Stroke(over.astype(np.float32)), one, is_replacement=True
        )


def _shaky(corners: npt.NDArray[np.float64], generator: np.random.Generator) -> Stroke:
    """Return a stroke through corners, 24 points a way, that shakes a little."""
    ways = np.linspace(0, len(corners) - 1, 24 * (len(corners) - 1))
    numbers = np.arange(len(corners))
    points = np.stack([np.interp(ways, numbers, corners[:, k]) for k in (0, 1)], axis=1)
    size = float(np.ptp(points, axis=0).max())
    return Stroke((points + generator.normal(0, 0.004 * size, points.shape)).astype(np.float32))
