"""Ink → text: words and characters with their alternatives, strokes and boxes.

The strokes of a line are cut into pieces (`trainer.ink.lines`). The recogniser sees every group of
pieces that may be a character, and a small network scores the groups by size, place and neighbours
(`trainer.recognition.line_model`); another network sees the way of the pen through whole words
(`trainer.recognition.path_reader`). A beam search finds the words that both and the language agree
on best. Of codes nothing is expected: they are read as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.files.paths import resources
from trainer.ink.alphabet import BYCLASS, DIGITS, UPPERCASE, CharacterSet
from trainer.ink.lines import Piece, TextLine, find_line, find_lines, space_odds
from trainer.ink.picture import picture_ink, single_character
from trainer.ink.picture_file import Grey
from trainer.ink.strokes import Ink
from trainer.recognition.group_scores import GroupScorer, GroupScores
from trainer.recognition.language import CharacterModel, TextLanguage
from trainer.recognition.line_model import read_line_model
from trainer.recognition.path_model import read_path_model
from trainer.recognition.path_reader import PathReader
from trainer.recognition.recognizer import Candidate, Recognizer
from trainer.recognition.spelling import SURPRISE, Spelling

LANGUAGE_WEIGHT: Final = 1.0
"""Weight of the language's log probabilities beside the scores of the groups."""

_BEAM: Final = 8
"""Readings that are followed at each place of a word."""

_NAMES: Final = 5
"""Characters that are tried for each group."""

_HOPELESS: Final = 6.0
"""A character whose score is so much lower than the best one's of its group is not tried."""

_SURE: Final = 4.0
"""Log odds above which a space is sure."""

_NO_SPACE: Final = -8.0
"""Log odds below which there is none; between both the search decides."""

_TEMPERATURE: Final = 2.0
"""Scores are divided by it for probabilities: networks that see the same ink are no independent
witnesses. Without, words of which 94 % were expected to be right were right in 60 %."""

_ALTERNATIVES: Final = 5

_OFF_BASELINE: Final = "gjpqyQ-',."
_SMALL_LETTERS: Final = "acemnorsuvwxz"
_TALL_CHARACTERS: Final = DIGITS + UPPERCASE + "bdfhkl"
_X_HEIGHT: Final = 0.6
"""Of small letters, as a share of tall ones."""

Box = tuple[float, float, float, float]
"""Left, top, width and height, in the units of the ink."""


@dataclass(frozen=True)
class ReadCharacter:
    """A character of a word.

    Attributes
    ----------
    character : str
    probability : float
        From 0 to 1.
    candidates : tuple of Candidate
        In descending order of probability; the first is `character`.
    strokes : tuple of (int, int, int)
        Its strokes: the index of a stroke of the ink, the first point, and the one after the last.
    box : tuple of float
    evidence : str
        What its size and place tell: "tall", "small" (it reaches x-height only), "descends", "low"
        (like a comma) or "raised" (like an apostrophe).
    """

    character: str
    probability: float
    candidates: tuple[Candidate, ...]
    strokes: tuple[tuple[int, int, int], ...]
    box: Box
    evidence: str = ""


@dataclass(frozen=True)
class ReadWord:
    """A word of a line.

    Attributes
    ----------
    text : str
    probability : float
        Of the word among its alternatives, from 0 to 1.
    candidates : tuple of Candidate
        Words, in descending order of probability; the first is `text`.
    characters : tuple of ReadCharacter
    box : tuple of float
    """

    text: str
    probability: float
    candidates: tuple[Candidate, ...]
    characters: tuple[ReadCharacter, ...]
    box: Box


@dataclass(frozen=True)
class LineReading:
    """A line of text.

    Attributes
    ----------
    words : tuple of ReadWord
        From left to right; none for an empty ink.
    baseline : float
        y of the feet of the letters, at x = 0.
    x_height : float
        Height of small letters; judged by the capitals where there are none.
    slope : float
        Of the baseline.
    """

    words: tuple[ReadWord, ...] = ()
    baseline: float = 0.0
    x_height: float = 0.0
    slope: float = 0.0

    @property
    def text(self) -> str:
        """The words, with spaces between them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class PictureReading:
    """What is written on a picture.

    Attributes
    ----------
    ink : Ink
        The strokes as they were traced, in pixels of the picture.
    lines : tuple of LineReading
        From top to bottom; their strokes are those of `ink`.
    """

    ink: Ink = Ink()
    lines: tuple[LineReading, ...] = ()

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(line.text for line in self.lines)


_Partial = tuple[float, str, tuple[int, ...], str]
"""A reading of the first pieces of a word: score, text, the group of each character (-1 for a
space), and the state of its spelling."""


class LineReader:
    """Reads lines with one recogniser.

    Parameters
    ----------
    recognizer : Recognizer
        Of letters and digits.
    language : TextLanguage
        `TextLanguage.NONE` reads codes: nothing is expected.
    folder : Path, optional
        Of the reader's networks and of the table of letters.

    Raises
    ------
    BundleError
        If the recogniser knows other characters, or a file is missing or damaged.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        language: TextLanguage = TextLanguage.BOTH,
        folder: Path | None = None,
    ) -> None:
        self._folder = folder = folder or resources() / "lines"
        self.recognizer = recognizer
        self._scorer = GroupScorer(recognizer, read_line_model(folder / "characters.npz"))
        self._path_reader = PathReader(read_path_model(folder / "path.npz"))
        self.language = language
        self.spelling = _spelling_of(folder, language)

    def with_language(self, language: TextLanguage) -> LineReader:
        """Return a reader that expects another language, and knows what this one has recognised."""
        if language is self.language:
            return self
        other = copy(self)
        other.language, other.spelling = language, _spelling_of(self._folder, language)
        return other

    def read(self, ink: Ink) -> tuple[LineReading, ...]:
        """Read a sheet: its lines from top to bottom."""
        points = [stroke.points for stroke in ink.strokes]
        return tuple(
            self._read(find_line([points[number] for number in numbers], numbers))
            for numbers in find_lines(points)
        )

    def read_picture(self, grey: Grey) -> PictureReading:
        """Read what is written on a picture, in the same way; a single character as an image.

        Parameters
        ----------
        grey : ndarray of shape (height, width), dtype=uint8
            Dark ink on light paper or the other way round.
        """
        ink = picture_ink(grey)
        lines = self.read(ink)
        words = [word for line in lines for word in line.words]
        if len(words) != 1 or len(words[0].characters) != 1:
            return PictureReading(ink, lines)
        found = single_character(grey)
        if found is None:
            return PictureReading(ink, lines)
        character, seen = words[0].characters[0], (CharacterSet.CASED, _ALTERNATIVES)
        candidates = self.recognizer.recognize_image(found.image, *seen).candidates
        alone = _word_of_one(replace(character, evidence=""), candidates)
        return PictureReading(ink, (replace(lines[0], words=(alone,)),))

    def read_line(self, ink: Ink) -> LineReading:
        """Read an ink as one line."""
        if ink.is_empty:
            return LineReading()
        return self._read(find_line([stroke.points for stroke in ink.strokes]))

    def _read(self, line: TextLine) -> LineReading:
        line, by_path = self._path_reader.read(line, list(pairwise(_breaks(line))))
        scores = self._scorer.scores(line, by_path, is_code=self.spelling is None)
        odds = space_odds(line)
        doubtful = {
            int(place) + 1: float(odds[place])
            for place in np.flatnonzero((odds >= _NO_SPACE) & (odds <= _SURE))
        }
        words = [
            word
            for first, stop in pairwise(_breaks(line))
            for word in self._words(line, scores, (first, stop), doubtful)
        ]
        if len(words) == 1 and len(words[0].characters) == 1:
            words = [self._alone(words[0], line)]
        return _measured(words, line)

    def _alone(self, word: ReadWord, line: TextLine) -> ReadWord:
        """Return a word of one character as the recogniser reads it by itself."""
        character = word.characters[0]
        if character.character not in BYCLASS:
            return word
        ink = line.ink(int(np.flatnonzero((line.groups == (0, len(line.pieces))).all(axis=1))[0]))
        candidates = self.recognizer.recognize(ink, CharacterSet.CASED, _ALTERNATIVES).candidates
        return _word_of_one(character, candidates)

    def _words(
        self,
        line: TextLine,
        scores: GroupScores,
        pieces: tuple[int, int],
        doubtful: dict[int, float],
    ) -> list[ReadWord]:
        """Return the words of pieces between sure spaces."""
        first, stop = pieces
        readings = self._decode(line.groups, scores, pieces, doubtful)
        groups = readings[0][2]
        if -1 not in groups:
            whole = [reading for reading in readings if -1 not in reading[2]]
            return [self._word(line, scores, pieces, whole)]
        breaks = [
            int(line.groups[groups[place + 1], 0]) for place, each in enumerate(groups) if each < 0
        ]
        parts = list(pairwise([first, *breaks, stop]))
        return [
            self._word(line, scores, part, self._decode(line.groups, scores, part, {}))
            for part in parts
        ]

    def _word(
        self, line: TextLine, scores: GroupScores, pieces: tuple[int, int], readings: list[_Partial]
    ) -> ReadWord:
        _, text, groups, _ = readings[0]
        shares = _shares([score for score, *_ in readings])
        candidates = tuple(
            Candidate(each[1], share) for each, share in zip(readings, shares, strict=True)
        )[:_ALTERNATIVES]
        characters = tuple(
            self._character(line, scores, (text, groups), place) for place in range(len(text))
        )
        box = _box(line.pieces[slice(*pieces)], line.slope)
        return ReadWord(text, candidates[0].probability, candidates, characters, box)

    def _decode(
        self,
        groups: npt.NDArray[np.int64],
        scores: GroupScores,
        pieces: tuple[int, int],
        doubtful: dict[int, float],
    ) -> list[_Partial]:
        """Return the best readings of some pieces, best first.

        Parameters
        ----------
        groups : ndarray of shape (n_groups, 2), dtype=int64
        scores : GroupScores
        pieces : tuple of int
            The first, and the one after the last.
        doubtful : dict
            The log odds of a space before some pieces.
        """
        first, stop = pieces
        ways = _ways(groups, scores, pieces)
        spelling, weight = self.spelling, LANGUAGE_WEIGHT
        begin = "" if spelling is None else spelling.start
        reached: list[dict[str, _Partial]] = [{} for _ in range(stop - first + 1)]
        reached[0][""] = (0.0, "", (), begin)
        for node in range(first, stop):
            here = sorted(reached[node - first].values(), reverse=True)[:_BEAM]
            if node > first and node in doubtful:
                here = self._spaced(here, doubtful[node])
            for end, group, named in ways.get(node, ()):
                there = reached[end - first]
                for score, text, path, state in here:
                    for value, name in named:
                        total, after = score + value, ""
                        if spelling is not None:
                            gain, after = spelling.step(state, name)
                            total += weight * (gain + SURPRISE)
                        longer = text + name
                        if longer not in there or total > there[longer][0]:
                            there[longer] = (total, longer, (*path, group), after)
        final = list(reached[-1].values())
        if spelling is not None:
            final = [
                (score + weight * spelling.end(state), text, path, state)
                for score, text, path, state in final
            ]
        return sorted(final, reverse=True)[:_BEAM]

    def _spaced(self, partials: list[_Partial], odds: float) -> list[_Partial]:
        """Return partial readings, each without and with a space behind."""
        spelling = self.spelling
        with_space = [
            (
                score
                - float(np.log1p(np.exp(-odds)))
                + (0.0 if spelling is None else LANGUAGE_WEIGHT * spelling.end(state)),
                text + " ",
                (*path, -1),
                "" if spelling is None else spelling.start,
            )
            for score, text, path, state in partials
        ]
        without = float(np.log1p(np.exp(odds)))
        return with_space + [
            (score - without, text, path, state) for score, text, path, state in partials
        ]

    def _character(
        self,
        line: TextLine,
        scores: GroupScores,
        reading: tuple[str, tuple[int, ...]],
        position: int,
    ) -> ReadCharacter:
        """Return a character of a reading; the others of the word stay for its alternatives."""
        text, groups = reading
        group = groups[position]
        row, names = scores.values[group], scores.characters
        tried = [names[index] for index in np.argsort(-row)[:_NAMES].tolist()]
        tried = list(dict.fromkeys([text[position], *tried]))
        values = np.array([float(row[names.index(name)]) for name in tried])
        if self.spelling is not None:
            values += LANGUAGE_WEIGHT * np.array(
                [
                    self.spelling.log_probability(text[:position] + name + text[position + 1 :])
                    for name in tried
                ]
            )
        candidates = [Candidate(n, s) for n, s in zip(tried, _shares(values), strict=True)]
        candidates[1:] = sorted(candidates[1:], key=lambda each: -each.probability)
        candidates[0] = replace(candidates[0], is_own=scores.is_own(group, text[position]))
        first, stop = line.groups[group].tolist()
        pieces = line.pieces[first:stop]
        return ReadCharacter(
            text[position],
            candidates[0].probability,
            tuple(candidates[:_ALTERNATIVES]),
            tuple((piece.stroke, piece.start, piece.stop) for piece in pieces),
            _box(pieces, line.slope),
        )


def _word_of_one(character: ReadCharacter, candidates: tuple[Candidate, ...]) -> ReadWord:
    """Return a word of one character with other candidates."""
    best = candidates[0]
    alone = replace(
        character, character=best.character, probability=best.probability, candidates=candidates
    )
    return ReadWord(best.character, best.probability, candidates, (alone,), character.box)


def _spelling_of(folder: Path, language: TextLanguage) -> Spelling | None:
    if language is TextLanguage.NONE:
        return None
    return Spelling(CharacterModel(folder / "language.npz", language))


def _breaks(line: TextLine) -> list[int]:
    """Return the first piece of each word between sure spaces, and how many pieces there are."""
    return [0, *(np.flatnonzero(space_odds(line) > _SURE) + 1).tolist(), len(line.pieces)]


def _ways(
    groups: npt.NDArray[np.int64], scores: GroupScores, pieces: tuple[int, int]
) -> dict[int, list[tuple[int, int, list[tuple[float, str]]]]]:
    """Return where groups of some pieces lead from each: their end, number and characters."""
    first, stop = pieces
    order = np.argsort(-scores.values, axis=1)[:, :_NAMES]
    values = np.take_along_axis(scores.values, order, axis=1).tolist()
    ways: dict[int, list[tuple[int, int, list[tuple[float, str]]]]] = {}
    for number, (start, end) in enumerate(groups.tolist()):
        if start >= first and end <= stop:
            least = values[number][0] - _HOPELESS
            named = [
                (value, scores.characters[index])
                for value, index in zip(values[number], order[number].tolist(), strict=True)
                if value > least
            ]
            ways.setdefault(start, []).append((end, number, named))
    return ways


def _shares(scores: npt.ArrayLike) -> list[float]:
    """Return probabilities in the ratio of the exponentials of tempered scores."""
    values = np.asarray(scores, dtype=np.float64) / _TEMPERATURE
    shares = np.exp(values - values.max())
    result: list[float] = (shares / shares.sum()).tolist()
    return result


def _box(pieces: Sequence[Piece], slope: float) -> Box:
    """Return the box of pieces where they were drawn."""
    points = np.concatenate([piece.points for piece in pieces])
    left, right = float(points[:, 0].min()), float(points[:, 0].max())
    y = points[:, 1] + slope * points[:, 0]
    top, bottom = float(y.min()), float(y.max())
    return left, top, right - left, bottom - top


def _measured(words: Sequence[ReadWord], line: TextLine) -> LineReading:
    """Return the line with the baseline and x-height of its letters, and what sizes tell."""
    characters = [character for word in words for character in word.characters]

    def heights(those: str) -> list[float]:
        return [each.box[3] for each in characters if each.character in those]

    feet = [
        top + height - line.slope * (left + width / 2)
        for left, top, width, height in (
            each.box for each in characters if each.character not in _OFF_BASELINE
        )
    ]
    baseline = float(np.median(feet)) if feet else line.baseline
    small, tall = heights(_SMALL_LETTERS), heights(_TALL_CHARACTERS)
    if small:
        x_height = float(np.median(small))
    else:
        x_height = _X_HEIGHT * float(np.median(tall)) if tall else line.height
    x_height = max(x_height, 1e-6)

    def evidence(character: ReadCharacter) -> str:
        if not small and not tall:
            return ""  # there is nothing to compare with
        left, top, width, height = character.box
        foot = baseline + line.slope * (left + width / 2)
        low, high = (foot - top - height) / x_height, (foot - top) / x_height
        if low > 0.5:
            return "raised"
        if low < -0.3:
            return "descends" if high > 0.5 else "low"
        return "tall" if high > 1.35 else "small"

    told = tuple(
        replace(word, characters=tuple(replace(c, evidence=evidence(c)) for c in word.characters))
        for word in words
    )
    return LineReading(told, baseline, x_height, line.slope)
