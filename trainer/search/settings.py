"""The settings of a training as options of other commands that train."""

from __future__ import annotations

import argparse
import contextlib
import signal
from collections.abc import Iterator
from typing import Any

from trainer.commands import train
from trainer.commands.given import given_settings
from trainer.commands.progress import add_progress_argument

__all__ = [
    "add_setting_arguments",
    "add_steering_arguments",
    "ends_as_interrupted",
    "given_settings",
]

_OF_ONE_RUN = (
    "--run-dir", "--resume", "--requests-from", "--events", "--estimate", "--test", "--json",
)  # fmt: skip
"""Options of ``train`` that mean nothing to several runs."""


class _SettingsOnly(argparse.ArgumentParser):
    """Passes options on to a parser but those of one run."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser: argparse.ArgumentParser | None = None
        super().__init__(add_help=False)
        self._parser = parser

    def add_argument(self, *names: Any, **more: Any) -> argparse.Action:
        parser = self._parser
        if parser is None or names[0] in _OF_ONE_RUN:
            return super().add_argument(*names, **more)
        return parser.add_argument(*names, **more)


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting of a training."""
    train.add_arguments(_SettingsOnly(parser))


def add_steering_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what readers of a command that trains several runs need."""
    parser.add_argument(
        "--requests-from",
        type=int,
        metavar="BYTE",
        help="obey what stands in control.jsonl from this byte on (default: what comes later)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


@contextlib.contextmanager
def ends_as_interrupted() -> Iterator[None]:
    """Take a request of the system to end for an interruption, so that children end, too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
