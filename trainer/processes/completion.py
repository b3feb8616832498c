"""Completion in shells: the script that bash, zsh or tcsh reads."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

SHELLS = ("bash", "zsh", "tcsh")

_PATHS = frozenset(("BUNDLE", "CONFIG", "DATA", "DIR", "FILE", "FOLDER", "MODEL", "RUN", "RUN_DIR"))
"""What options that take a path call it."""


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script with which one of `SHELLS` completes the options of a program."""
    import shtab

    for action in _actions(parser):
        name = action.metavar or action.dest
        if action.choices is None and str(name).upper() in _PATHS:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return str(shtab.complete(parser, shell))


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public list
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for each in action.choices.values():
                yield from _actions(each)
