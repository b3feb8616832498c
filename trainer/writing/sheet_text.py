"""The text of a sheet: what was read in its ink, and what its writer has corrected.

Every character knows its ink, so that a correction of the text is one of the ink as well, and says
which sample it is. A corrected word is *fixed*: it stays as it is while the rest of its line is
read anew, and as long as all of its strokes are on the sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from trainer.files.records import decode_or
from trainer.ink.strokes import Ink, Points, Stroke
from trainer.recognition.line_reader import Box
from trainer.recognition.recognizer import Candidate

Strokes = tuple[Stroke, ...]

_APART, _LEAST_APART = 2.5, 0.55
"""A gap beside a fixed word is a space if it is so many times the lower quartile, and that share of
the word's height."""

_CUTS = (0.35, 0.5, 0.65)
"""Where one stroke may be cut into two characters, as shares of its width."""


@dataclass(frozen=True)
class StrokePart:
    """A stroke of the sheet or a part of it: its points from `start` to before `stop`."""

    stroke: Stroke
    start: int
    stop: int

    @property
    def points(self) -> Points:
        """The points of the part."""
        return self.stroke.points[self.start : self.stop]

    def alone(self) -> Stroke:
        """Return the part as a stroke of its own."""
        span, stroke = slice(self.start, self.stop), self.stroke
        return Stroke(
            stroke.points[span],
            None if stroke.pressure is None else stroke.pressure[span],
            None if stroke.time is None else stroke.time[span],
        )


@dataclass(frozen=True, eq=False)
class SheetCharacter:
    """A character of the text and its ink.

    Attributes
    ----------
    text : str
        One character; empty for ink that the text leaves out.
    parts : tuple of StrokePart
        None for a character that was typed and not written.
    candidates : tuple of Candidate
        What was read, in descending order of probability.
    evidence : str
        What its size and place tell; see `ReadCharacter`.
    """

    text: str
    parts: tuple[StrokePart, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    evidence: str = field(default="", compare=False)

    @property
    def is_corrected(self) -> bool:
        """Whether it is another one than was read."""
        return bool(self.text and self.parts) and (
            not self.candidates or self.candidates[0].character != self.text
        )

    @property
    def ink(self) -> Ink:
        """Its ink alone."""
        return Ink(tuple(part.alone() for part in self.parts))

    @cached_property
    def box(self) -> Box:
        """Left, top, width and height of its ink; zeros without any."""
        return _box(self.parts)

    @property
    def centre(self) -> float:
        """X of the middle of its ink."""
        return _centre(self.box)


@dataclass(frozen=True, eq=False)
class SheetWord:
    """A word of the text, with spaces in it where they were typed and not written.

    Attributes
    ----------
    characters : tuple of SheetCharacter
    candidates : tuple of Candidate
        Words that were read, in descending order of probability.
    is_fixed : bool
        Whether the writer has corrected it.
    """

    characters: tuple[SheetCharacter, ...]
    candidates: tuple[Candidate, ...] = ()
    is_fixed: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(character.text for character in self.characters)

    @cached_property
    def strokes(self) -> frozenset[Stroke]:
        """All strokes that it has a part in."""
        return frozenset(part.stroke for each in self.characters for part in each.parts)

    @cached_property
    def box(self) -> Box:
        """Left, top, width and height of its ink; zeros without any."""
        return _box([part for each in self.characters for part in each.parts])

    @property
    def has_its_ink(self) -> bool:
        """Whether each character has ink and all ink a character; else whose it is, is a guess."""
        return all(bool(c.parts) == bool(c.text.strip()) for c in self.characters)

    def retyped(self, text: str) -> SheetWord:
        """Return the word with another text; what is equal keeps its ink."""
        characters = list(self.characters)
        for first, stop, new in reversed(_changes(self.text, text)):
            characters = _spliced(characters, first, stop, new, joins=True)
        return replace(self, characters=tuple(characters), is_fixed=True)

    def with_character(self, index: int, *new: SheetCharacter) -> SheetWord:
        """Return the word with others in the place of one character."""
        characters = (*self.characters[:index], *new, *self.characters[index + 1 :])
        return replace(self, characters=characters, is_fixed=True)


@dataclass(frozen=True, eq=False)
class SheetLine:
    """A line of the sheet.

    Attributes
    ----------
    words : tuple of SheetWord
    baseline : float
        y of the feet of the letters, at x = 0.
    x_height : float
    slope : float
        Of the baseline.
    """

    words: tuple[SheetWord, ...]
    baseline: float = 0.0
    x_height: float = 0.0
    slope: float = 0.0

    @property
    def text(self) -> str:
        """The words, with spaces between them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, eq=False)
class SheetText:
    """The text of a sheet.

    Attributes
    ----------
    strokes : tuple of Stroke
        The ink of the sheet.
    read : tuple of SheetLine
        What was read last, from top to bottom; perhaps of older ink.
    fixed : tuple of SheetWord
        What the writer has corrected.
    lines : tuple of SheetLine
        Both together, without empty lines.
    """

    strokes: Strokes = ()
    read: tuple[SheetLine, ...] = ()
    fixed: tuple[SheetWord, ...] = ()
    lines: tuple[SheetLine, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(_composed(self)))

    @property
    def text(self) -> str:
        """The lines, with line breaks between them."""
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[SheetWord, ...]:
        """The words of all lines."""
        return tuple(word for line in self.lines for word in line.words)

    def with_text(self, text: str) -> SheetText:
        """Return the sheet with another text; what is equal keeps its ink."""
        sheet = self
        for first, stop, new in reversed(_changes(self.text, text)):
            sheet = sheet._with_change(first, stop, new)
        return sheet

    def without(self, word: SheetWord, indices: Sequence[int]) -> SheetText:
        """Return the sheet without some characters of a word, and without their ink."""
        gone = {part for index in indices for part in word.characters[index].parts}
        cut = {part.stroke for part in gone}
        new = {p: _alone(p) for p in self._parts() if p.stroke in cut and p not in gone}
        sheet, word = self._with_parts(cut, new), _with_parts(word, new)
        left = tuple(each for index, each in enumerate(word.characters) if index not in indices)
        words = [replace(word, characters=left, is_fixed=True)] if left else []
        read = tuple(_replaced(line, word, words) for line in sheet.read)
        return replace(sheet, read=read).with_words((word,), *words)

    def with_room(self, moved: Sequence[tuple[SheetWord, Sequence[int]]], room: float) -> SheetText:
        """Return the sheet with some characters of words, and their ink, moved to the right.

        A stroke that does not belong to them alone is cut. A word of which a part moves is fixed:
        what is written between belongs to it.
        """
        going = {p for word, indices in moved for i in indices for p in word.characters[i].parts}
        cut = {part.stroke for part in going}
        split = {p.stroke for p in self._parts() if p.stroke in cut and p not in going}
        whole = {stroke: _moved(stroke, room) for stroke in cut - split}
        new = {
            p: replace(p, stroke=whole[p.stroke])
            if p.stroke in whole
            else _alone(p, room if p in going else 0.0)
            for p in self._parts()
            if p.stroke in cut
        }
        sheet = self._with_parts(cut, new)
        for word, indices in moved:
            if len(indices) < sum(bool(each.parts) for each in word.characters):
                sheet = sheet.with_words((), replace(_with_parts(word, new), is_fixed=True))
        return sheet

    def _parts(self) -> Iterator[StrokePart]:
        for word in self.words:
            for each in word.characters:
                yield from each.parts

    def _with_parts(
        self, old: Collection[Stroke], new: Mapping[StrokePart, StrokePart]
    ) -> SheetText:
        """Return the sheet with the strokes of new parts in the place of old strokes."""
        made: dict[Stroke, dict[Stroke, None]] = {stroke: {} for stroke in old}
        for part in sorted(new, key=lambda part: part.start):
            made[part.stroke][new[part].stroke] = None
        read = tuple(
            replace(line, words=tuple(_with_parts(word, new) for word in line.words))
            for line in self.read
        )
        return replace(
            self,
            strokes=tuple(each for s in self.strokes for each in made.get(s, (s,))),
            read=read,
            fixed=tuple(_with_parts(word, new) for word in self.fixed),
        )

    def with_words(self, old: Sequence[SheetWord], *new: SheetWord) -> SheetText:
        """Return the sheet with other words, or none, in the place of some."""
        strokes = frozenset().union(*(word.strokes for word in (*old, *new)))
        fixed = [w for w in self.fixed if w not in old and not w.strokes & strokes]
        return replace(self, fixed=(*fixed, *new))

    def with_space(self, word: SheetWord, index: int) -> SheetText:
        """Return the sheet with a space before a character, or without the one that is there.

        The first character of a line stays where it is. The word may be of an earlier reading of
        the same strokes.
        """
        left, right = word.characters[:index], word.characters[index:]
        if left and left[-1].text.isspace():
            joined = (*left[:-1], *right)
            return self.with_words((word,), replace(word, characters=joined, is_fixed=True))
        if left:
            halves = SheetWord(left, is_fixed=True), SheetWord(right, is_fixed=True)
            if all(half.strokes for half in halves):
                return self.with_words((word,), *halves)
            spaced = (*left, SheetCharacter(" "), *right)
            return self.with_words((word,), replace(word, characters=spaced, is_fixed=True))
        is_same = {each for each in self.words if each is word} or {
            each for each in self.words if word.strokes and each.strokes == word.strokes
        }
        for line in self.lines:
            for before, here in pairwise(line.words):
                if here in is_same:
                    joined = (*before.characters, *here.characters)
                    return self.with_words((before, here), SheetWord(joined, is_fixed=True))
        return self

    def _with_change(self, first: int, stop: int, new: str) -> SheetText:
        """Return the sheet after `text[first:stop]` was replaced by a new text."""
        spans = list(self._spans())
        touched = [i for i, (_, _, a, b) in enumerate(spans) if a <= stop and b >= first]
        if not touched:  # there is no text yet
            return replace(self, fixed=(*self.fixed, SheetWord(_typed(new), is_fixed=True)))
        low, high = touched[0], touched[-1]
        if spans[low][1] != spans[high][1]:  # the rest of the line comes with its beginning
            high = max(i for i, span in enumerate(spans) if span[1] == spans[high][1])
        characters: list[SheetCharacter] = []
        words = []
        for index in range(low, high + 1):
            word, line, *_ = spans[index]
            if index > low:
                characters.append(SheetCharacter(" " if spans[index - 1][1] == line else "\n"))
            characters += word.characters
            words.append(word)
        start = spans[low][2]
        characters = _spliced(characters, first - start, stop - start, new)
        apart = [SheetWord(each, is_fixed=True) for each in _between_spaces(characters)]
        if len(apart) > 1 and all(each.strokes for each in apart):
            sheet = self.with_words(words, *apart)
            if sheet.text == self.text[:first] + new + self.text[stop:]:
                return sheet  # else ink lies in another order than the text
        candidates = words[0].candidates if len(words) == 1 else ()
        word = SheetWord(tuple(characters), candidates, is_fixed=True)
        return self.with_words(words, *([word] if characters else []))

    def _spans(self) -> Iterator[tuple[SheetWord, int, int, int]]:
        """Yield each word, the number of its line, and where in the text it begins and ends."""
        place = 0
        for number, line in enumerate(self.lines):
            for word in line.words:
                yield word, number, place, place + len(word.text)
                place += len(word.text) + 1


def _composed(sheet: SheetText) -> Iterator[SheetLine]:
    """Yield the lines of what was read, with the fixed words in their places."""
    on_sheet = frozenset(sheet.strokes)
    fixed = [word for word in sheet.fixed if word.strokes <= on_sheet]
    typed = tuple(word for word in fixed if not word.strokes)
    if typed:
        yield SheetLine(typed)
    owners = {stroke: word for word in fixed for stroke in word.strokes}
    placed: set[SheetWord] = set()
    for line in sheet.read:
        words: list[SheetWord] = []
        for word in line.words:
            mine = [
                [owners[p.stroke] for p in c.parts if p.stroke in owners] for c in word.characters
            ]
            owning = list(dict.fromkeys(owner for each in mine for owner in each))
            is_whole = word.strokes <= on_sheet
            if not owning:
                words += [word] if is_whole else []
                continue
            words += [owner for owner in owning if owner not in placed]
            placed.update(owning)
            free = [c for c, owned in zip(word.characters, mine, strict=True) if not owned]
            if not is_whole:
                continue
            if free and owning[-1] in words:
                index = words.index(owning[-1])
                words[index : index + 1] = _beside(words[index], free)
            elif free:
                words.append(replace(word, characters=tuple(free)))
        if words:
            yield replace(line, words=tuple(words))


def _moved(stroke: Stroke, room: float) -> Stroke:
    return replace(stroke, points=stroke.points + np.array([room, 0.0], dtype=np.float32))


def _alone(part: StrokePart, room: float = 0.0) -> StrokePart:
    """Return a part of a stroke as a stroke of its own, moved to the right."""
    stroke = _moved(part.alone(), room) if room else part.alone()
    return StrokePart(stroke, 0, len(stroke.points))


def _with_parts(word: SheetWord, new: Mapping[StrokePart, StrokePart]) -> SheetWord:
    """Return a word in which parts of strokes are others; the word itself where none is."""
    if not any(part in new for each in word.characters for part in each.parts):
        return word
    characters = tuple(
        replace(each, parts=tuple(new.get(part, part) for part in each.parts))
        for each in word.characters
    )
    return replace(word, characters=characters)


def _replaced(line: SheetLine, old: SheetWord, new: Sequence[SheetWord]) -> SheetLine:
    """Return a line with another word in the place of those that share ink with one."""
    shared = [each for each in line.words if each.strokes & old.strokes]
    words = [each for each in line.words if each not in shared]
    if shared:
        place = line.words.index(shared[0])
        words[place:place] = new
    return replace(line, words=tuple(words))


def _beside(word: SheetWord, new: Sequence[SheetCharacter]) -> Iterator[SheetWord]:
    """Yield a fixed word with what was written in it and beside it, and what stands apart.

    A letter that is missing in the word leaves a gap, after which a space looks like another.
    """
    old = [each for each in word.characters if each.parts]
    row = sorted((*old, *new), key=lambda each: each.centre)
    gaps = [max(0.0, b.box[0] - a.box[0] - a.box[2]) for a, b in pairwise(row)]
    least = _APART * float(np.quantile(gaps, 0.25))
    height = max(each.box[3] for each in old)
    cuts = [
        number + 1
        for number, (gap, (a, b)) in enumerate(zip(gaps, pairwise(row), strict=True))
        if gap > max(least, _LEAST_APART * height) and (a in old) != (b in old)
    ]
    bounds = [0, *cuts, len(row)]
    groups = [row[a:b] for a, b in pairwise(bounds)]
    holding = [k for k, group in enumerate(groups) if any(each in old for each in group)]
    first, last = holding[0], holding[-1]
    for group in groups[:first]:
        yield SheetWord(tuple(group))
    inner = [each for group in groups[first : last + 1] for each in group if each not in old]
    yield _longer(word, inner)
    for group in groups[last + 1 :]:
        yield SheetWord(tuple(group))


def _longer(word: SheetWord, new: Sequence[SheetCharacter]) -> SheetWord:
    """Return a fixed word with what was written beside it, each character in its place."""
    characters = list(word.characters)
    for each in new:
        behind = [i for i, c in enumerate(characters) if c.parts and c.centre > each.centre]
        characters.insert(behind[0] if behind else len(characters), each)
    return replace(word, characters=tuple(characters))


def _changes(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return what is replaced: first, stop and new text of each change, from left to right."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(a, b, new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _between_spaces(characters: Sequence[SheetCharacter]) -> list[tuple[SheetCharacter, ...]]:
    """Return the characters of each word."""
    words: list[list[SheetCharacter]] = [[]]
    for each in characters:
        if each.text.isspace():
            words.append([])
        else:
            words[-1].append(each)
    return [tuple(word) for word in words]


def _typed(text: str) -> tuple[SheetCharacter, ...]:
    return tuple(map(SheetCharacter, text))


def _spliced(
    characters: Sequence[SheetCharacter], first: int, stop: int, new: str, *, joins: bool = False
) -> list[SheetCharacter]:
    """Replace a part of a text; new characters take over ink one by one.

    Ink without a character in the new text stays, or with `joins` belongs to the last one.
    """
    ends = np.cumsum([len(each.text) for each in characters]).tolist()
    low = next((i for i, end in enumerate(ends) if end > first), len(ends))
    high = next((i for i, end in enumerate(ends) if end > stop), len(ends))
    while low and not characters[low - 1].text:
        low -= 1
    ink = [each for each in characters[low:high] if each.parts]
    made: list[SheetCharacter] = []
    last = -1
    for text in new:
        if ink and not text.isspace():
            made.append(replace(ink.pop(0), text=text))
            last = len(made) - 1
        else:
            made.append(SheetCharacter(text))
    if joins and ink and last >= 0:
        parts = made[last].parts + tuple(part for each in ink for part in each.parts)
        made[last] = SheetCharacter(made[last].text, parts)
        ink = []
    left = [replace(each, text="") for each in ink]
    return [*characters[:low], *made, *left, *characters[high:]]


def joined(one: SheetCharacter, other: SheetCharacter) -> SheetCharacter:
    """Return the ink of two characters as one; what it is has to be read."""
    return SheetCharacter(one.text, one.parts + other.parts)


def splits(character: SheetCharacter) -> list[tuple[SheetCharacter, SheetCharacter]]:
    """Return the ways to divide the ink of a character into two from left to right.

    Strokes are divided among the two; a single one is cut.
    """
    ordered = sorted(character.parts, key=lambda part: _centre(_box([part])))
    ways = [(ordered[:place], ordered[place:]) for place in range(1, len(ordered))]
    if len(ordered) == 1:
        part = ordered[0]
        x = part.points[:, 0]
        for share in _CUTS:
            beyond = np.abs(x - (x.min() + share * np.ptp(x)))
            place = part.start + int(np.argmin(beyond))
            if part.start < place < part.stop - 1:
                left = StrokePart(part.stroke, part.start, place + 1)
                right = StrokePart(part.stroke, place, part.stop)
                pair = [left], [right]
                ways.append(pair if _centre(_box([left])) <= _centre(_box([right])) else pair[::-1])
    return [
        (SheetCharacter("", tuple(left)), SheetCharacter("", tuple(right))) for left, right in ways
    ]


def _box(parts: Sequence[StrokePart]) -> Box:
    if not parts:
        return 0.0, 0.0, 0.0, 0.0
    return box_of(np.concatenate([part.points for part in parts]))


def box_of(points: Points) -> Box:
    """Return left, top, width and height of points."""
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return left, top, right - left, bottom - top


def _centre(box: Box) -> float:
    return box[0] + box[2] / 2


def fixed_record(sheet: SheetText) -> list[list[list[Any]]]:
    """Return the fixed words for `json.dumps`: each character with the parts of its strokes."""
    index = {stroke: number for number, stroke in enumerate(sheet.strokes)}
    return [
        [
            [each.text, [[index[part.stroke], part.start, part.stop] for part in each.parts]]
            for each in word.characters
        ]
        for word in sheet.fixed
        if word.strokes <= index.keys()
    ]


def fixed_words(strokes: Strokes, record: Any) -> tuple[SheetWord, ...]:
    """Return the fixed words of a record; none where it does not fit the strokes."""
    words = decode_or([], list[list[tuple[str, list[tuple[int, int, int]]]]], record)
    parts = [part for word in words for _, parts in word for part in parts]
    if not all(
        0 <= n < len(strokes) and 0 <= start < stop <= len(strokes[n].points)
        for n, start, stop in parts
    ):
        return ()
    return tuple(
        SheetWord(
            tuple(
                SheetCharacter(text, tuple(StrokePart(strokes[n], a, b) for n, a, b in parts))
                for text, parts in word
            ),
            is_fixed=True,
        )
        for word in words
    )
