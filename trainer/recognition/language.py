"""How likely a character is after others: n-grams of letters, and what is usual of case and digits.

The n-grams are of small letters; capitals, digits and punctuation follow a few rules: a capital
begins a word or continues capitals, digits follow digits, and a full stop or a comma ends a word.
The table is made by ``tools/make_language.py``.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.files.npz import UNREADABLE
from trainer.ink.alphabet import DIGITS, LOWERCASE, UPPERCASE

SYMBOLS: Final = "^" + LOWERCASE + "'-"
"""Of the n-grams; "^" stands for the end of a word, and for what is before its beginning."""

CHARACTERS: Final = DIGITS + UPPERCASE + LOWERCASE + "-'.,"
"""Of a line."""

BITS: Final = 5
ORDER: Final = 6
"""Characters of the longest n-gram; a key of `ORDER` symbols of `BITS` bits fits 32 bits."""

STEP: Final = 0.0625
"""Resolution of the logarithms, which are stored in bytes."""

_CODES: Final = {symbol: code for code, symbol in enumerate(SYMBOLS)}

_LAST: Final = (1 << BITS) - 1
"""Mask of the last symbol of a key."""

_KEPT_CONTEXTS: Final = 50_000
"""Contexts whose probabilities are kept ready."""

Vector = npt.NDArray[np.float32]


class TextLanguage(StrEnum):
    """What a reader expects of the words of a line; nothing of codes."""

    BOTH = "both"
    ENGLISH = "en"
    GERMAN = "de"
    NONE = "none"


class CharacterModel:
    """The n-grams of letters of one or more languages.

    Parameters
    ----------
    path : Path
        The table; an .npz file.
    language : TextLanguage
        Not `TextLanguage.NONE`.

    Raises
    ------
    BundleError
        If the table is missing or damaged.
    """

    def __init__(self, path: Path, language: TextLanguage) -> None:
        self.language = language
        names = ("en", "de") if language is TextLanguage.BOTH else (str(language),)
        try:
            with np.load(path, allow_pickle=False) as table:
                self._tables = [
                    [
                        (
                            np.cumsum(table[f"{name}{n}_keys"], dtype=np.uint32).data,
                            table[f"{name}{n}_probability"].astype(np.float32) * -STEP,
                            table[f"{name}{n}_backoff"].astype(np.float32) * -STEP,
                        )
                        for n in range(1, ORDER + 1)
                    ]
                    for name in names
                ]
        except UNREADABLE as error:
            raise BundleError(
                "The letters of the language cannot be read from {path}: {reason}.",
                "Install the program again, or read without a language.",
            ).format(path=path.name, reason=error) from error
        self._ready: dict[tuple[int, str], Vector] = {}

    def log_probability(self, context: str, symbol: str) -> float:
        """Return the log probability of a symbol after `context`.

        Parameters
        ----------
        context : str
            Of `SYMBOLS`; the last ``ORDER - 1`` count. Begins with "^" at the beginning of a word.
        symbol : str
            One of `SYMBOLS`.
        """
        context, code = context[-(ORDER - 1) :], _CODES[symbol]
        if len(self._ready) >= _KEPT_CONTEXTS:
            self._ready.clear()
        first, *others = [self._of(n, context).item(code) for n in range(len(self._tables))]
        if not others:
            return first
        (second,) = others  # half of the words are of either language
        return max(first, second) + math.log1p(math.exp(-abs(first - second))) - math.log(2.0)

    def _of(self, number: int, context: str) -> Vector:
        """Return the log probabilities of all symbols in one language."""
        result = self._ready.get((number, context))
        if result is not None:
            return result
        table, n = self._tables[number], len(context)
        if n == 0:
            keys, probability, _ = table[0]
            result = np.full(len(SYMBOLS), -12.0, dtype=np.float32)
            result[list(keys)] = probability
        else:
            result = self._of(number, context[1:])
            key = key_of([_CODES[character] for character in context])
            known, _, backoff = table[n - 1]
            index = bisect_left(known, key)
            if index < len(known) and known[index] == key:
                longer, probability, _ = table[n]
                low = bisect_left(longer, key << BITS)
                high = bisect_left(longer, (key + 1) << BITS, low)
                result = result + backoff[index]
                result[[each & _LAST for each in longer[low:high]]] = probability[low:high]
        self._ready[number, context] = result
        return result


def key_of(symbols: list[int]) -> int:
    """Return the key of an n-gram."""
    key = 0
    for symbol in symbols:
        key = (key << BITS) | symbol
    return key
