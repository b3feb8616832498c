"""A growing sheet of lines: only what has changed is read anew."""

from __future__ import annotations

from trainer.ink.lines import find_lines
from trainer.ink.strokes import Ink
from trainer.recognition.line_reader import LineReader, LineReading
from trainer.writing.sheet_text import (
    SheetCharacter,
    SheetLine,
    SheetWord,
    StrokePart,
    Strokes,
)


class SheetReader:
    """Reads a sheet again and again; for one thread at a time.

    Parameters
    ----------
    reader : LineReader
    """

    def __init__(self, reader: LineReader) -> None:
        self._reader = reader
        self._known: dict[Strokes, SheetLine] = {}

    def read(self, ink: Ink) -> tuple[SheetLine, ...]:
        """Return the lines of a sheet from top to bottom; a line whose ink is known is kept."""
        known, self._known = self._known, {}
        for numbers in find_lines([stroke.points for stroke in ink.strokes]):
            strokes = tuple(ink.strokes[number] for number in numbers)
            line = known.get(strokes)
            self._known[strokes] = line or _line(self._reader.read_line(Ink(strokes)), strokes)
        return tuple(self._known.values())


def _line(reading: LineReading, strokes: Strokes) -> SheetLine:
    words = tuple(
        SheetWord(
            tuple(
                SheetCharacter(
                    each.character,
                    tuple(StrokePart(strokes[n], start, stop) for n, start, stop in each.strokes),
                    each.candidates,
                )
                for each in word.characters
            ),
            word.candidates,
        )
        for word in reading.words
    )
    return SheetLine(words, reading.baseline, reading.x_height, reading.slope)
