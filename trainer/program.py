"""How a child process is started that is a trainer: the same program, told to be another."""

from __future__ import annotations

import sys


def trainer_command() -> list[str]:
    """Return the beginning of a command line; a trainer's command and its options follow.

    An executable has no Python beside it: it starts itself.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, "--trainer"]
    return [sys.executable, "-m", "trainer"]
