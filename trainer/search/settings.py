"""The settings of a training as options of other commands that train."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import signal
from collections.abc import Iterator
from typing import Any

from trainer.commands import train
from trainer.commands.progress import add_progress_argument
from trainer.config import TrainingConfig
from trainer.errors import ConfigError

_OF_ONE_RUN = (
    "--run-dir", "--resume", "--requests-from", "--events", "--estimate", "--test", "--json",
)  # fmt: skip
"""Options of ``train`` that mean nothing to several runs."""

_NESTED = ("augmentation", "image_augmentation", "preset_options")


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


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that were given, and no defaults, as `TrainingConfig.from_record` reads.

    Raises
    ------
    ConfigError
        If the file of settings cannot be read.
    """
    record: dict[str, Any] = {}
    if options.config is not None:
        try:
            record = json.loads(options.config.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"The settings in {options.config} cannot be read: {error}.", field="config"
            ) from error
        if not isinstance(record, dict):
            raise ConfigError(f"Expected a JSON object in {options.config}.", field="config")
    given = vars(options)
    names = {field.name for field in dataclasses.fields(TrainingConfig)}
    record |= {name: value for name, value in given.items() if name in names}
    record |= {name: dict(given[name]) for name in _NESTED if name in given}
    if options.no_augmentation:
        record |= {"augmentation": None, "image_augmentation": None}
    return record


@contextlib.contextmanager
def ends_as_interrupted() -> Iterator[None]:
    """Take a request of the system to end for an interruption, so that children end, too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
