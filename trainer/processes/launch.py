"""The edition of this program, its capabilities, and its command as a trainer."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from trainer.errors import Message

JSON_VARIABLE = "EMNIST_DESKTOP_JSON_ERRORS"
"""Environment variable that makes commands report a failure as a line of JSON."""

BEFORE_HINT = "Hint: "
"""Prefix of the line after an error on the command line."""

_TRAINING = ("keras", "sklearn")
"""Packages of every training, which a lite executable or a bare installation lacks."""

_OF_FULL_EDITION = ("train", "xgboost", "pdf")
"""Extras of the full executable."""


def is_executable() -> bool:
    """Return whether this is an executable, into which no package can be installed."""
    return bool(getattr(sys, "frozen", False))


def has_package(name: str) -> bool:
    """Return whether a package is installed, without importing it."""
    return find_spec(name) is not None


def can_train() -> bool:
    """Return whether this installation or executable can train."""
    return all(map(has_package, _TRAINING))


def missing_hint(extra: str, package: str | None = None) -> str:
    """Return how to install a missing package, or which edition has it.

    Parameters
    ----------
    extra : str
        The extra of this program that includes it, such as "train"; empty if none does.
    package : str, optional
        What to install with pip instead of the extra.
    """
    if not is_executable():
        wanted = package or f'"emnist-desktop[{extra}]"'
        return Message("Install it with: pip install {wanted}.", wanted=wanted)
    if extra in _OF_FULL_EDITION:
        return Message("The lite edition does not have it; the full edition does.")
    return Message("No edition for download has it; the program as a Python package can have it.")


def trainer_command() -> list[str]:
    """Return the start of a trainer's command line: Python, or an executable itself."""
    if is_executable():
        return [sys.executable, "--trainer"]
    return [sys.executable, "-m", "trainer"]
