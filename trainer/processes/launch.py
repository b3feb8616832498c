"""Which program this is, what it can do, and how it is started as a child that is a trainer."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from trainer.errors import Message

JSON_VARIABLE = "EMNIST_DESKTOP_JSON_ERRORS"
"""Environment variable: where it is set, a command ends a failure with a line of JSON."""

BEFORE_HINT = "Hint: "
"""How the command line begins the line after an error."""

_TRAINING = ("keras", "sklearn")
"""What every training needs; a lite executable and a bare installation lack it."""

_OF_FULL_EDITION = ("train", "xgboost")
"""Extras that the full executable holds."""


def is_executable() -> bool:
    """Tell whether this is an executable, whose user has no Python to install anything into."""
    return bool(getattr(sys, "frozen", False))


def has_package(name: str) -> bool:
    """Tell whether a package can be imported, without importing it."""
    return find_spec(name) is not None


def can_train() -> bool:
    """Tell whether this installation or executable can train."""
    return all(map(has_package, _TRAINING))


def missing_hint(extra: str, package: str | None = None) -> str:
    """Return how to get what is missing: with pip, or in an executable with another edition.

    Parameters
    ----------
    extra : str
        The extra of this program that holds it, such as "train"; empty if none does.
    package : str, optional
        What pip shall install instead of the extra.
    """
    if not is_executable():
        wanted = package or f'"emnist-desktop[{extra}]"'
        return Message("Install it with: pip install {wanted}.", wanted=wanted)
    if extra in _OF_FULL_EDITION:
        return Message("The lite edition does not have it; the full edition does.")
    return Message("No edition for download has it; the program as a Python package can have it.")


def trainer_command() -> list[str]:
    """Return the beginning of a command line; a trainer's command and its options follow.

    An executable has no Python beside it: it starts itself.
    """
    if is_executable():
        return [sys.executable, "--trainer"]
    return [sys.executable, "-m", "trainer"]
