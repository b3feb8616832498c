"""Gestures of the pen on words of writers that chose nothing: ``python -m bench gestures``.

Ink that is taken for a gesture: every stroke of ``words_validation.npz`` as it came, on the text of
the strokes before it. Gestures that are found: in the same words a character is struck out by a
scribble, all by a line, one is written over with one of the writer before, and a caret between two
makes room.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.data import data_folder
from bench.table import Row
from trainer.evaluation.lines import read_labelled_lines
from trainer.files.paths import default_bundle
from trainer.ink.strokes import Ink, Stroke
from trainer.recognition.bundle import load_bundle
from trainer.recognition.line_reader import LineReader
from trainer.recognition.recognizer import Recognizer
from trainer.writing.gestures import GestureKind, find_gesture
from trainer.writing.sheet_reader import SheetReader
from trainer.writing.sheet_text import SheetText

WORDS = int(os.environ.get("BENCH_WORDS") or 400)
Corners = npt.NDArray[np.float64]
"""Array of shape (n, 2)."""

SPLIT = os.environ.get("BENCH_SPLIT") or "validation"


@dataclass(frozen=True)
class Drawn:
    """A gesture, and the characters of the sheet's only word that it takes or moves."""

    title: str
    strokes: tuple[Stroke, ...]
    meant: frozenset[int]
    kind: GestureKind = GestureKind.STRIKE


def measure() -> list[Row]:
    reader = LineReader(Recognizer(load_bundle(default_bundle())))
    generator = np.random.default_rng(1)
    mistaken: list[bool] = []
    found: dict[str, list[bool]] = {}
    before = SheetText()
    for labelled in read_labelled_lines(data_folder("pen") / f"words_{SPLIT}.npz", WORDS):
        strokes = labelled.ink.strokes
        sheets = SheetReader(reader)
        for number in range(1, len(strokes)):
            earlier = strokes[:number]
            sheet = SheetText(earlier, sheets.read(Ink(earlier)))
            mistaken.append(find_gesture(strokes[: number + 1], sheet) is not None)
        sheet = SheetText(strokes, sheets.read(Ink(strokes)))
        if len(sheet.words) == 1:
            for drawn in _gestures(sheet, before, generator):
                found.setdefault(drawn.title, []).append(_is_understood(drawn, sheet, sheets))
        before = sheet
    return [
        Row("ink that is taken for a gesture", (100 * float(np.mean(mistaken)),), "% of strokes"),
        *(
            Row(f"{kind}: understood", (100 * float(np.mean(hits)),), f"% of {len(hits)}")
            for kind, hits in sorted(found.items())
        ),
    ]


def _is_understood(drawn: Drawn, sheet: SheetText, sheets: SheetReader) -> bool:
    """Whether the strokes, with the text read after each, do to the ink what they mean."""
    strokes, shown = sheet.strokes, sheet
    for stroke in drawn.strokes:
        strokes = (*strokes, stroke)
        gesture = find_gesture(strokes, shown)
        if gesture is not None:
            characters = [sheet.words[0].characters[index] for index in drawn.meant]
            meant = {part.stroke for each in characters for part in each.parts}
            gone = set(sheet.strokes) - set(gesture.changed(shown).strokes)
            return gesture.kind is drawn.kind and gone == meant
        shown = SheetText(strokes, sheets.read(Ink(strokes)))
    return False


def _gestures(
    sheet: SheetText, other: SheetText, generator: np.random.Generator
) -> Iterator[Drawn]:
    characters = sheet.words[0].characters
    written = [index for index, each in enumerate(characters) if each.parts]
    index = int(generator.choice(written))
    left, top, width, height = characters[index].box
    passes = np.arange(int(generator.integers(6, 10)))
    scribble = np.stack(
        [
            left + width / 2 + (passes % 2 - 0.5) * max(width, height / 3),
            top + height * (0.2 + 0.6 * passes / passes[-1]),
        ],
        axis=1,
    )
    one = frozenset({index})
    yield Drawn("a character struck out by a scribble", (_shaky(scribble, generator),), one)
    x, y, w, h = sheet.words[0].box
    if len(written) > 3:
        line = np.array([[x - 0.05 * w, y + 0.55 * h], [x + 1.05 * w, y + 0.5 * h]])
        everything = frozenset(written)
        yield Drawn("a word struck out by a line", (_shaky(line, generator),), everything)
        for title, passes, upright in (
            ("a word struck out by passes along it", int(generator.integers(3, 7)), False),
            ("a word struck out by passes up and down", 5 * len(written), True),
        ):
            drawn = _shaky(_zigzag((x, y, w, h), passes, upright=upright), generator)
            yield Drawn(title, (drawn,), everything)
    if index != written[-1]:
        yield from _written_over(sheet, other, index, generator)
        line, behind = sheet.lines[0], characters[index + 1].box
        size = line.x_height * generator.uniform(0.6, 1.0)
        apex = (left + width + behind[0]) / 2
        foot = line.baseline + line.slope * apex + size
        corners = np.array(
            [[apex - 0.4 * size, foot], [apex, foot - size], [apex + 0.4 * size, foot]]
        )
        yield Drawn(
            "room made by a caret",
            (_shaky(corners, generator),),
            frozenset(each for each in written if each > index),
            GestureKind.MAKE_ROOM,
        )


def _zigzag(box: tuple[float, float, float, float], passes: int, *, upright: bool) -> Corners:
    """Return the corners of a scribble over a word, a little wider than it."""
    x, y, w, h = box
    way, sides = np.linspace(0, 1, passes + 1), np.arange(passes + 1) % 2
    along, across = (way, sides) if upright else (sides, way)
    return np.stack([x + w * (1.1 * along - 0.05), y + h * (0.2 + 0.7 * across)], axis=1)


def _written_over(
    sheet: SheetText, other: SheetText, index: int, generator: np.random.Generator
) -> Iterator[Drawn]:
    """Yield letters of another sheet, in one stroke and in several, in the place of one."""
    left, top, width, height = sheet.words[0].characters[index].box
    inks = [each.ink.strokes for word in other.words for each in word.characters if each.parts]
    for title, those in (
        ("a character in one stroke written over", [ink for ink in inks if len(ink) == 1]),
        ("a character in several strokes written over", [ink for ink in inks if len(ink) > 1]),
    ):
        tall = [
            strokes
            for strokes in those
            if np.ptp(np.concatenate([s.points[:, 1] for s in strokes])) > 0.7 * height
        ]
        if not tall:
            continue
        strokes = tall[int(generator.integers(len(tall)))]
        every = np.concatenate([stroke.points for stroke in strokes])
        low, high = every.min(axis=0), every.max(axis=0)
        over = tuple(
            Stroke(
                (
                    (stroke.points - low)
                    / np.maximum(1.0, high - low)
                    * [max(width, 1.0), max(height, 1.0)]
                    + [left, top]
                ).astype(np.float32)
            )
            for stroke in strokes
        )
        yield Drawn(title, over, frozenset({index}), GestureKind.REPLACE)


def _shaky(corners: Corners, generator: np.random.Generator) -> Stroke:
    """Return a stroke through corners, 24 points a way, that shakes a little."""
    ways = np.linspace(0, len(corners) - 1, 24 * (len(corners) - 1))
    numbers = np.arange(len(corners))
    points = np.stack([np.interp(ways, numbers, corners[:, k]) for k in (0, 1)], axis=1)
    size = float(np.ptp(points, axis=0).max())
    return Stroke((points + generator.normal(0, 0.004 * size, points.shape)).astype(np.float32))
