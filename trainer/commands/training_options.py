"""The settings of a training that were given to a command: in a file, and as options."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trainer.commands.progress import add_progress_argument
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError
from trainer.files.records import RecordError, parse, read_object

_NESTED = ("augmentation", "image_augmentation", "preset_options")


def given_settings(
    options: argparse.Namespace, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the settings that were given, and no defaults, as `TrainingConfig.from_record` reads.

    Parameters
    ----------
    options : Namespace
    before : mapping, optional
        Settings to begin with where no file of settings is given.

    Raises
    ------
    ConfigError
        If the file of settings cannot be read.
    """
    record = dict(before or {})
    if options.config is not None:
        try:
            record = read_object(options.config)
        except RecordError as error:
            raise ConfigError(error.message, field="config") from error
    given = vars(options)
    names = {field.name for field in dataclasses.fields(TrainingConfig)}
    record |= {name: value for name, value in given.items() if name in names}
    record |= {name: dict(given[name]) for name in _NESTED if name in given}
    if options.no_augmentation:
        record |= {"augmentation": None, "image_augmentation": None}
    return record


__all__ = [
    "add_setting_arguments",
    "add_steering_arguments",
    "ends_as_interrupted",
    "given_settings",
]

_OF_ONE_RUN = (
    "--run-dir", "--begin", "--resume", "--requests-from", "--events", "--estimate", "--test",
    "--json",
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
    add_arguments(_SettingsOnly(parser))


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


_TYPES = {"int": int, "float": float, "text": str, "data": str, "bundle": str, "choice": str}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: one for each setting, and those of the run."""
    defaults = {field.name: field.default for field in dataclasses.fields(TrainingConfig)}
    for name, each in FIELDS.items():
        if each.kind in _TYPES:
            parser.add_argument(
                "--" + name.replace("_", "-"),
                type=_TYPES[each.kind],
                default=argparse.SUPPRESS,
                choices=each.choices or None,
                metavar=None if each.choices else each.unit.upper() or each.kind.upper(),
                help=f"{each.help} (default: the model's, else {defaults[name]!r})".replace(
                    "%", "%%"
                ),
            )
    parser.add_argument(
        "--extra",
        nargs="*",
        default=argparse.SUPPRESS,
        metavar="DATA",
        help=FIELDS["extra"].help,
    )
    parser.add_argument(
        "--option",
        dest="preset_options",
        action="append",
        type=_pair,
        default=argparse.SUPPRESS,
        metavar="NAME=VALUE",
        help=FIELDS["preset_options"].help,
    )
    _add_augmentations(parser)
    _add_run_options(parser)


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, help="settings as JSON; options go before it")
    parser.add_argument("--run-dir", type=Path, help="folder of the run (default: a new one)")
    parser.add_argument(
        "--begin",
        action="store_true",
        help="begin the run that waits in --run-dir, with the settings that lie there",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument(
        "--requests-from",
        type=int,
        metavar="BYTE",
        help="obey what stands in control.jsonl from this byte on (default: what comes later)",
    )
    parser.add_argument("--events", action="store_true", help="print events as JSON lines")
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="say how large the model is and how long an epoch takes, and train nothing",
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="load the libraries, then read on standard input what to train",
    )
    parser.add_argument(
        "--test",
        action="store_true",
        help="measure the finished run in --run-dir on its test data, once, and train nothing",
    )
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    parser.add_argument(
        "--leave-at-once",
        action="store_true",
        help="end the process when the run has ended, without the second in which TensorFlow "
        "puts itself away",
    )


def _add_augmentations(parser: argparse.ArgumentParser) -> None:
    for name in ("augmentation", "image_augmentation"):
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            nargs="*",
            type=_pair,
            default=argparse.SUPPRESS,
            metavar="NAME=VALUE",
            help=f"{FIELDS[name].help} Without a name the usual strength.",
        )
    parser.add_argument(
        "--no-augmentation",
        action="store_true",
        help="train on drawings and images as they are",
    )


def _pair(text: str) -> tuple[str, object]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, received {text}")
    try:
        return name, parse(value)
    except RecordError:
        return name, value
