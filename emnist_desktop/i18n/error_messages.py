"""The trainer's sentences in the window's language.

The trainer knows no Qt and its children send finished English texts. Each is found again among
the templates of its source, which `tools/translate.py` lists, and its values are put into the
translation.
"""

from __future__ import annotations

import json
import re
import string
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QCoreApplication, QLocale

from emnist_desktop.i18n.cli_terms import without_shell
from emnist_desktop.i18n.language import trainer_text
from trainer.config.fields import FIELDS
from trainer.files.paths import resources

TEMPLATES = "trainer-errors.json"
"""The file beside the translations; Qt cannot list what it translates."""

CONTEXT = "TrainerErrors"

_ENGLISH = (QLocale.Language.English, QLocale.Language.C)

_LONGEST = 4_000
"""Characters; what is longer is a log, and no sentence."""

_DEEPEST = 3
"""Messages within messages."""


@dataclass(frozen=True)
class Template:
    """A sentence with numbered places.

    Attributes
    ----------
    source : str
        "{0} cannot be read: {1}."
    literals : tuple of str
        What stands before, between and after the places.
    letters : int
        How many it has of its own.
    """

    source: str
    literals: tuple[str, ...]
    letters: int

    @classmethod
    def of(cls, source: str) -> Template:
        """Read a template."""
        literals = [""]
        for literal, place, _, _ in string.Formatter().parse(source):
            literals[-1] += literal
            if place is not None:
                literals.append("")
        return cls(source, tuple(literals), sum(map(len, literals)))

    def values(self, text: str) -> list[str] | None:
        """Return what stands at the places of a whole text; None if it is another sentence."""
        first, *between = self.literals
        if not between:
            return [] if text == first else None
        if not text.startswith(first):
            return None
        values, at = [], len(first)
        for literal in between[:-1]:
            found = text.find(literal, at)
            if found < 0:
                return None
            values.append(text[at:found])
            at = found + len(literal)
        end = len(text) - len(between[-1])
        if end < at or not text.endswith(between[-1]):
            return None
        return [*values, text[at:end]]


def error_text(*parts: str) -> str:
    """Return a message of the trainer, or a message and its hint, in the window's language.

    What is no sentence of the trainer stays as it is. Commands and options for a shell are
    named as the window names them.
    """
    kept = [part for part in parts if part]
    if QLocale().language() not in _ENGLISH:
        kept = [_Reading().told(part)[1] for part in kept]
    return " ".join(filter(None, map(without_shell, kept)))


@cache
def _templates() -> tuple[Template, ...]:
    listed = json.loads((resources() / "translations" / TEMPLATES).read_text(encoding="utf-8"))
    return tuple(map(Template.of, listed))


@cache
def _settings() -> dict[str, str]:
    """Return the titles of the settings by the names that errors give them."""
    titles = {name: field.title for name, field in FIELDS.items()}
    spaced = {name.replace("_", " "): title for name, title in titles.items()}
    return titles | spaced | {title.lower(): title for title in titles.values()}


class _Reading:
    """Finds the templates of one text; what explains most of its letters wins."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[int, str]] = {}

    def told(self, text: str, depth: int = _DEEPEST) -> tuple[int, str]:
        """Return how many letters are explained, and the text in the window's language."""
        if not depth or len(text) > _LONGEST:
            return 0, text
        if (text, depth) not in self._known:
            found = max(self._alone(text, depth), self._side_by_side(text, depth), key=_letters)
            if not found[0]:  # may follow what it is about, such as the title of a run
                about, colon, rest = text.partition(": ")
                letters, said = self.told(rest, depth - 1)
                found = letters, self._alone(about, depth)[1] + colon + said
            self._known[text, depth] = found
        return self._known[text, depth]

    def _alone(self, text: str, depth: int) -> tuple[int, str]:
        best = 0, text
        for template in _templates():
            values = template.values(text)
            if values is not None:
                inner = [self._value(value, depth - 1) for value in values]
                letters = template.letters + sum(map(_letters, inner))
                translated = QCoreApplication.translate(CONTEXT, template.source)
                if letters > best[0] and translated != template.source:
                    best = letters, translated.format(*(said for _, said in inner))
        return best

    def _side_by_side(self, text: str, depth: int) -> tuple[int, str]:
        """Read several sentences, such as a message and its hint; all must be known."""
        best = 0, text
        for end in re.finditer(r"(?<=[.!?])\s+", text):
            left = self._alone(text[: end.start()], depth)
            right = self.told(text[end.end() :], depth) if left[0] else left
            letters = left[0] + right[0]
            if right[0] and letters > best[0]:
                best = letters, f"{left[1]}{end[0]}{right[1]}"
        return best

    def _value(self, text: str, depth: int) -> tuple[int, str]:
        title = _settings().get(text)
        return self.told(text, depth) if title is None else (len(text), trainer_text(title))


def _letters(found: tuple[int, str]) -> int:
    return found[0]
