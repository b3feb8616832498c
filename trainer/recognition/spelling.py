"""The probability of a word's spelling: its letters, its capitals, its digits and its stops."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache
from typing import Final

from trainer.ink.alphabet import DIGITS
from trainer.recognition.language import ORDER, SYMBOLS, CharacterModel, TextLanguage

_BEGIN: Final = {"small": 0.62, "capital": 0.33, "digit": 0.04, "stop": 0.01}
"""What a word begins with."""

_CAPITAL_AFTER: Final = {"small": 0.004, "first": 0.16, "capitals": 0.97, "digit": 0.5, "stop": 0.1}
"""Share of capitals among letters: after small letters, a first capital, several, …"""

_ENGLISH_OF_ONE_LETTER: Final = {
    ("small", "a"): math.log(0.019),
    ("first", "a"): math.log(0.004),
    ("first", "i"): math.log(0.012),
}
"""Shares of all words, by wordfreq. The n-grams are of different words, and say little of these."""

_DIGIT_AFTER_LETTER: Final = 0.004
_LETTER_AFTER_DIGIT: Final = 0.05
_END_AFTER_DIGITS: Final = 0.3
_STOP_AFTER_LETTER: Final = 0.01
_STOP_AFTER_DIGIT: Final = 0.08
_END_AFTER_STOP: Final = 0.8
_KEPT_STEPS: Final = 1 << 16

SURPRISE: Final = 2.5
"""What a character costs on the average: readers give it back, for otherwise readings of few
characters would win. One of which the language knows nothing costs as much."""

_MARKS: Final = "'-"
_STOPS: Final = ".,"


class Spelling:
    """Probabilities of words, character by character.

    A state is a string: what came last ("small", "capitals", …), and the letters before.
    """

    def __init__(self, model: CharacterModel) -> None:
        self._model = model
        is_english = model.language is not TextLanguage.GERMAN
        self._of_one_letter = _ENGLISH_OF_ONE_LETTER if is_english else {}
        self.start = "begin ^"
        self.step = lru_cache(_KEPT_STEPS)(self._step)  # a line takes the same steps many times

    def _step(self, state: str, character: str) -> tuple[float, str]:
        """Return the log probability of a character after a state, and the state after it."""
        last, _, context = state.partition(" ")
        if not (character.isalpha() or character in _MARKS):
            return _no_letter(last, character)
        value, after = self._letter(context, _plain(character))
        if last == "digit":
            value += math.log(_LETTER_AFTER_DIGIT)
        elif last == "stop":
            value += math.log(1.0 - _END_AFTER_STOP)
        if character in _MARKS:
            return value, f"{'mark' if last != 'capitals' else 'capitals'} {after}"
        if last == "begin":
            share = _BEGIN["capital" if character.isupper() else "small"]
            return value + math.log(share), f"{'first' if character.isupper() else 'small'} {after}"
        share = 0.3 if last == "mark" else _CAPITAL_AFTER[last]
        if character.isupper():
            is_first = last in ("mark", "stop")
            return value + math.log(share), f"{'first' if is_first else 'capitals'} {after}"
        return value + math.log(1.0 - share), f"small {after}"

    def _letter(self, context: str, letter: str) -> tuple[float, str]:
        """Return the log probability of a small letter or a mark, and the context after it."""
        if letter not in SYMBOLS:
            return -SURPRISE, ""  # what comes after it is judged by itself
        after = (context + letter)[-(ORDER - 1) :]
        return self._model.log_probability(context, letter), after

    def end(self, state: str) -> float:
        """Return the log probability that a word ends after a state."""
        last, _, context = state.partition(" ")
        if last == "digit":
            return math.log(_END_AFTER_DIGITS)
        if last == "stop":
            return math.log(_END_AFTER_STOP)
        alone = self._of_one_letter.get((last, context[1:])) if context[:1] == "^" else None
        if alone is not None:
            letter = context[1:].upper() if last == "first" else context[1:]
            return alone - self.step(self.start, letter)[0]
        return self._model.log_probability(context, "^")

    def log_probability(self, word: str) -> float:
        """Return the log probability of a word."""
        total, state = 0.0, self.start
        for character in word:
            gain, state = self.step(state, character)
            total += gain
        return total + self.end(state)


def _no_letter(last: str, character: str) -> tuple[float, str]:
    """Return the log probability of a digit, a stop or a sign, and the state after it."""
    if character in DIGITS:
        share = {
            "begin": _BEGIN["digit"],
            "digit": 1.0 - _END_AFTER_DIGITS - _LETTER_AFTER_DIGIT - _STOP_AFTER_DIGIT,
            "stop": 0.15,
        }.get(last, _DIGIT_AFTER_LETTER)
        return math.log(share / 10), "digit ^"
    if character not in _STOPS:
        return -SURPRISE, "stop ^"
    stops = {"begin": _BEGIN["stop"], "digit": _STOP_AFTER_DIGIT, "stop": 0.02}
    return math.log(stops.get(last, _STOP_AFTER_LETTER) / 2), "stop ^"


def _plain(character: str) -> str:
    """Return a small letter without marks, as the language has them: "Ä" is "a"."""
    return unicodedata.normalize("NFD", character.lower())[0]
