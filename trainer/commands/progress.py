"""How a long command says how far it is, for a window that follows it."""

from __future__ import annotations

import argparse
import sys
import time

from trainer.files.records import json_text

_SECONDS_BETWEEN = 0.1


def add_progress_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--progress``."""
    parser.add_argument(
        "--progress",
        action="store_true",
        help='print lines such as {"done": 3, "total": 10, "phase": "…"} on standard error',
    )


class ProgressLines:
    """Prints how far a command is, at most ten times a second.

    Parameters
    ----------
    enabled : bool
        Whether anybody listens; silent otherwise.
    """

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._phase = ""
        self._next = 0.0

    def __call__(self, done: int, total: int, phase: str) -> None:
        """Say that `done` of `total` steps of a phase are done; `total` is 0 if unknown."""
        if not self._enabled:
            return
        now = time.monotonic()
        if phase == self._phase and now < self._next and done < total:
            return
        self._phase, self._next = phase, now + _SECONDS_BETWEEN
        line = json_text({"done": done, "total": total, "phase": phase})
        print(line, file=sys.stderr, flush=True)
