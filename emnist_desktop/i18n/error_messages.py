"""The trainer's messages in the window's language.

The trainer knows no Qt: its errors carry a template and values (`trainer.errors.Message`). The
template is translated, then the values are put in, of which some are messages themselves.
"""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QCoreApplication, QLocale

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.i18n.library_texts import LIBRARY_TEXTS
from trainer.errors import Message, TrainerError, filled

CONTEXT = "TrainerErrors"

_ENGLISH = (QLocale.Language.English, QLocale.Language.C)

_AMOUNT = re.compile(r"p [<=] 0\.\d+|\d{1,3}(,\d{3})+")
"""A probability, or a number of thousands, as the trainer writes them."""

_LONGEST = 4_000
"""Characters; what is longer is a log, and no sentence."""


def error_text(*parts: str) -> str:
    """Return a message of the trainer, or a message and its hint, in the window's language.

    What is no message of the trainer stays as it is. Commands and options for a shell are
    named as the window names them.
    """
    from emnist_desktop.i18n.cli_terms import without_shell

    kept = [part for part in parts if part]
    if QLocale().language() not in _ENGLISH:
        kept = [_translated(part) for part in kept]
    return " ".join(filter(None, map(without_shell, kept)))


def error_texts(error: Exception) -> tuple[str, str]:
    """Return what an error says and its hint, in the window's language."""
    if isinstance(error, TrainerError):
        return error_text(error.message), error_text(error.hint)
    return error_text(str(error)), ""


def _translated(text: str) -> str:
    template, values = text, {}
    if isinstance(text, Message):
        template, values = text.template, dict(text.values)
    if len(template) > _LONGEST or not template.isprintable():
        return text
    translated = QCoreApplication.translate(CONTEXT, template)
    if not values and translated == template:
        return _of_library(text)
    return filled(translated, {name: _value(value) for name, value in values.items()})


def _value(text: str) -> str:
    if _AMOUNT.fullmatch(text):
        locale = QLocale()
        separators = locale.groupSeparator() + locale.decimalPoint()
        return text.translate(str.maketrans(",.", separators))
    title = _settings().get(text, "")
    said = trainer_text(title) if title else ""
    return _translated(text) if said == title else said


def _of_library(text: str) -> str:
    """Translate what the system or a library says; only of these are finished texts taken apart."""
    for template, pattern in _library_texts():
        if found := pattern.fullmatch(text):
            translated = QCoreApplication.translate(CONTEXT, template)
            values = {name: _of_library(value) for name, value in found.groupdict().items()}
            return filled(translated, values)
    return text


@cache
def _library_texts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (text, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(text))))
        for text in sorted(LIBRARY_TEXTS, key=len, reverse=True)
    )


@cache
def _settings() -> dict[str, str]:
    """Return the titles of settings and layers by the names that errors give them."""
    from trainer.config.fields import FIELDS
    from trainer.models.layers import LAYER_KINDS

    layers = [title for kind in LAYER_KINDS.values() for title in (kind.title, *kind.option_titles)]
    titles = {name: field.title for name, field in FIELDS.items()}
    spaced = {name.replace("_", " "): title for name, title in titles.items()}
    shown = (*titles.values(), *layers)
    return dict(zip(layers, layers, strict=True)) | titles | spaced | {t.lower(): t for t in shown}
