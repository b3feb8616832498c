"""Hints of the trainer for a shell, reworded for the window: tabs instead of commands.

Its hints name commands (``python -m trainer datasets fetch mnist``) and options
(``--batch-size``). They are found in the finished text, whatever its language.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from emnist_desktop.i18n.language import trainer_text
from trainer.config.fields import FIELDS

_COMMAND = re.compile(r"[^.!?\n]*\bpython -m trainer (?P<command>[^\n]+?)\.(?=\s|$)")
"""A sentence that ends with a command."""

_ASIDE = re.compile(r" \(--[a-z][a-z-]*\)")
_OPTION = re.compile(r"(?<!\S)--(?P<name>[a-z][a-z0-9-]*)")


def without_shell(text: str) -> str:
    """Return a text with tabs and titles in place of commands and options."""
    if "python -m trainer" in text:
        text = _COMMAND.sub(_in_the_window, text).strip()
    if "--" in text:
        text = _OPTION.sub(_titled, _ASIDE.sub("", text))
    return text


def _in_the_window(found: re.Match[str]) -> str:
    sentence = _where(found["command"])
    if sentence is None:
        return found[0]
    leading = found[0][: len(found[0]) - len(found[0].lstrip())]
    return f"{leading}{sentence}" if sentence else ""


def _where(command: str) -> str | None:  # noqa: PLR0911 - one for each command
    """Return where a command is in the window; empty for nowhere, None for an unknown one."""
    match command.split():
        case ["datasets", "fetch", *_, "--mirror", _]:
            return ""
        case ["datasets", "fetch", "starter"]:
            return QCoreApplication.translate(
                "ShellWords", "The starter set is made in the Datasets tab, without a network."
            )
        case ["datasets", "fetch", _]:
            return QCoreApplication.translate("ShellWords", "Fetch it in the Datasets tab.")
        case ["datasets", "list"]:
            return QCoreApplication.translate("ShellWords", "The Datasets tab shows them all.")
        case ["presets"]:
            return QCoreApplication.translate("ShellWords", "The Training tab offers them all.")
        case ["compare"]:
            return QCoreApplication.translate("ShellWords", "The Training tab lists the runs.")
        case ["compare", *_]:
            return QCoreApplication.translate("ShellWords", "Compare them on a dataset.")
        case ["evaluate"]:
            return QCoreApplication.translate("ShellWords", "Measure it in the Models tab.")
    return None


def _titled(found: re.Match[str]) -> str:
    field = FIELDS.get(found["name"].replace("-", "_"))
    if field is None:
        return found[0]
    return QCoreApplication.translate("ShellWords", "“{0}”").format(trainer_text(field.title))
