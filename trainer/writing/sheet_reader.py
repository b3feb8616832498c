"""A growing sheet of lines: only what has changed is read anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trainer.ink.lines import find_lines
from trainer.ink.strokes import Ink, Stroke
from trainer.recognition.line_reader import LineReader, LineReading
from trainer.recognition.recognizer import Memory
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
        self._known: dict[tuple[Strokes, Strokes], SheetLine] = {}
        self._revision: object = None

    def use(self, memory: Memory | None) -> None:
        """Read with what was learned of a person; every line anew if that is another by now."""
        revision = None if memory is None else memory.revision
        if revision is not self._revision:
            self._known.clear()
        self._revision, self._reader.recognizer.memory = revision, memory

    def read(self, ink: Ink, fixed: Sequence[SheetWord] = ()) -> tuple[SheetLine, ...]:
        """Return the lines of a sheet from top to bottom; a line whose ink is known is kept.

        No character has both ink of a fixed word and ink that was written since.
        """
        on_sheet = frozenset(ink.strokes)
        owned = frozenset(s for word in fixed if word.strokes <= on_sheet for s in word.strokes)
        known, self._known = self._known, {}
        for numbers in find_lines([stroke.points for stroke in ink.strokes]):
            strokes = tuple(ink.strokes[number] for number in numbers)
            key = (strokes, tuple(stroke for stroke in strokes if stroke in owned))
            self._known[key] = known.get(key) or self._read(strokes, owned)
        return tuple(self._known.values())

    def _read(self, strokes: Strokes, owned: frozenset[Stroke]) -> SheetLine:
        line = _line(self._reader.read_line(Ink(strokes)), strokes)
        return replace(line, words=tuple(self._parted(word, owned) for word in line.words))

    def _parted(self, word: SheetWord, owned: frozenset[Stroke]) -> SheetWord:
        """Return a word in which what mixes fixed and newer ink is two characters or more."""
        mine = [{part.stroke in owned for part in each.parts} for each in word.characters]
        if all(len(each) < 2 for each in mine):
            return word
        old = [
            replace(each, parts=tuple(part for part in each.parts if part.stroke in owned))
            for each, kinds in zip(word.characters, mine, strict=True)
            if True in kinds
        ]
        parts = [part for each in word.characters for part in each.parts]
        newer = tuple(dict.fromkeys(p.stroke for p in parts if p.stroke not in owned))
        read = _line(self._reader.read_line(Ink(newer)), newer)
        new = [each for found in read.words for each in found.characters]
        characters = sorted((*old, *new), key=lambda each: each.centre)
        return SheetWord(tuple(characters))


def _line(reading: LineReading, strokes: Strokes) -> SheetLine:
    words = tuple(
        SheetWord(
            tuple(
                SheetCharacter(
                    each.character,
                    tuple(StrokePart(strokes[n], start, stop) for n, start, stop in each.strokes),
                    each.candidates,
                    each.evidence,
                )
                for each in word.characters
            ),
            word.candidates,
        )
        for word in reading.words
    )
    return SheetLine(words, reading.baseline, reading.x_height, reading.slope)
