"""Names of classes that stand for a character: "A_upper", "Sample011", "41", "seven"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from trainer.errors import Message
from trainer.ink.alphabet import BYCLASS

UPPER = {"upper", "uppercase", "capital", "capitals", "cap", "caps", "big", "majuscule"}
LOWER = {"lower", "lowercase", "small", "minuscule"}
_KINDS = {"class", "label", "digit", "number", "num", "letter", "char", "character"}
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

_CODE = re.compile(r"(?:0x|u\+?|uni)?([0-9a-f]{2,6})(?:_[0-9a-f]{2})?", re.IGNORECASE)
"""A code, or the codes of both cases as in NIST's by_merge: the first stands for them."""

_SAMPLE = re.compile(r"sample[ _-]?0*([1-9]\d?)", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}|[^\W_]")


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case but for single characters: "testSet" → test, set."""
    return [word if len(word) == 1 else word.lower() for word in _WORDS.findall(name)]


def cases_of(words: Sequence[str]) -> set[str]:
    """Return the words that name a case: "upper", "lower"."""
    return (UPPER | LOWER).intersection(words)


def with_case_of(character: str, words: Sequence[str]) -> str:
    """Return a letter in the case that words such as "upper" name, else unchanged."""
    if len(character) == 1 and UPPER.intersection(words):
        return character.upper()
    return character.lower() if len(character) == 1 and LOWER.intersection(words) else character


def _by_code(name: str) -> str:
    match = _CODE.fullmatch(name)
    code = int(match[1], 16) if match else 0
    character = chr(code) if 0x20 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else ""
    return character if character.isprintable() else ""


def _by_sample(name: str) -> str:
    match = _SAMPLE.fullmatch(name)
    return BYCLASS[int(match[1]) - 1] if match and int(match[1]) <= len(BYCLASS) else ""


def _by_words(name: str) -> str:
    words = words_of(name)
    single = [word for word in words if len(word) == 1 or word in _NUMBERS]
    others = [word for word in words if word not in single]
    if len(single) != 1 or not (UPPER | LOWER | _KINDS).issuperset(others):
        return ""
    if single[0] in _NUMBERS:
        return str(_NUMBERS.index(single[0]))
    return with_case_of(single[0], others)


_READINGS: tuple[tuple[Callable[[str], str], Message], ...] = (
    (_by_words, Message("The labels such as {example} name a character.")),
    (_by_sample, Message("The labels such as {example} look like those of Chars74K.")),
    (_by_code, Message("The labels such as {example} look like hexadecimal character codes.")),
)


def named_alphabets(names: Sequence[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the alphabets that all names can stand for, each with a sentence that explains it."""
    for character_of, sentence in _READINGS:
        characters = tuple(map(character_of, names))
        is_new = characters != tuple(names)
        if is_new and all(characters) and len(set(characters)) == len(names):
            yield characters, Message(sentence.template, example=names[-1])


def likeness(name: str) -> int:
    """Return how much a folder's name looks like that of a class: 3, 2, 1, or 0 for not at all."""
    if len(unicodedata.normalize("NFC", name)) == 1:
        return 3
    if any(character_of(name) for character_of, _ in _READINGS):
        return 2
    return int(name.isdecimal())
