"""Sheets whose text is known, without a recogniser."""

from __future__ import annotations

from itertools import count

import numpy as np

from trainer.ink.strokes import Stroke
from trainer.recognition.recognizer import Candidate
from trainer.writing.sheet_text import (
    SheetCharacter,
    SheetLine,
    SheetText,
    SheetWord,
    StrokePart,
)

STEP, ROW = 20.0, 100.0


def sheet_of(text: str) -> SheetText:
    """Return a sheet on which every letter of a text is one stroke of three points."""
    lines, strokes = [], []
    for row, line in enumerate(text.split("\n")):
        place, words = count(), []
        for word in line.split(" "):
            characters = []
            for letter in word:
                x = next(place) * STEP
                points = np.array([[x, 0], [x + 5, 10], [x + 10, 20]], dtype=np.float32)
                strokes.append(Stroke(points + np.array([0, row * ROW], dtype=np.float32)))
                part = StrokePart(strokes[-1], 0, 3)
                characters.append(SheetCharacter(letter, (part,), (Candidate(letter, 0.9),)))
            next(place)
            words.append(SheetWord(tuple(characters), (Candidate(word, 0.8),)))
        lines.append(SheetLine(tuple(words), row * ROW + 20, 10.0))
    return SheetText(tuple(strokes), tuple(lines))
