"""The settings of a training as options of a command, and in a file."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trainer.commands.options.progress import add_progress_argument
from trainer.config.fields import FIELDS
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, TrainerError
from trainer.files.records import RecordError, decode, encode, parse, read_json, read_object
from trainer.models.preset_layers import layers_of_preset
from trainer.models.presets import PRESETS

_NESTED = ("augmentation", "image_augmentation", "preset_options")


def explicit_settings(
    options: argparse.Namespace, base: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the settings without defaults, for `TrainingConfig.from_record`.

    Parameters
    ----------
    options : Namespace
    base : mapping, optional
        Settings that the options override, unless they name a file of settings.

    Raises
    ------
    ConfigError
        If the file of settings cannot be read.
    """
    record = dict(base or {})
    if options.config is not None:
        try:
            record = read_object(options.config)
        except RecordError as error:
            raise ConfigError(error.message, field="config") from error
    values = vars(options)
    names = {field.name for field in dataclasses.fields(TrainingConfig)}
    record |= {name: value for name, value in values.items() if name in names}
    record |= {name: dict(values[name]) for name in _NESTED if name in values}
    given = [name for name in _NESTED if name in values]
    if options.no_augmentation and any("augmentation" in name for name in given):
        raise ConfigError(
            "--no-augmentation and an augmentation contradict one another.",
            "Leave one of them out.",
            field="augmentation",
        )
    if options.no_augmentation:
        record |= {"augmentation": None, "image_augmentation": None}
    return record


def add_experiment_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a command with several runs: those of its readers, and all settings."""
    _add_requests_argument(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)
    add_setting_arguments(parser)


@contextlib.contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Handle SIGTERM like an interruption, so that children end, too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


_TYPES = {"int": int, "float": float, "text": str, "data": str, "bundle": str, "choice": str}


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting of a training, and ``--config``."""
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
    parser.add_argument(
        "--layers",
        type=_layers,
        default=argparse.SUPPRESS,
        metavar="FILE|PRESET",
        help=f"{FIELDS['layers'].help} A JSON file of a list, or the preset whose layers to take.",
    )
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
        "--no-augmentation", action="store_true", help="train on unmodified drawings and images"
    )
    parser.add_argument("--config", type=Path, help="settings as JSON; options override them")


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a single run."""
    parser.add_argument("--run-dir", type=Path, help="folder of the run (default: a new one)")
    parser.add_argument(
        "--begin",
        action="store_true",
        help="start the run that waits in --run-dir, with its settings",
    )
    parser.add_argument("--resume", action="store_true", help="resume from the last checkpoint")
    _add_requests_argument(parser)
    parser.add_argument("--events", action="store_true", help="print events as JSON lines")
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="print the size of the model and the time of an epoch, and do not train",
    )
    parser.add_argument(
        "--wait",
        action="store_true",
        help="load the libraries, then read what to train from standard input",
    )
    parser.add_argument(
        "--test",
        action="store_true",
        help="test the finished run in --run-dir on its test data, once, and do not train",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument(
        "--leave-at-once",
        action="store_true",
        help="end the process at once after the run, without TensorFlow's shutdown of a second",
    )


def _add_requests_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--requests-from",
        type=int,
        metavar="BYTE",
        help="obey the requests in control.jsonl from this byte on (default: new ones only)",
    )


def _layers(text: str) -> list[Any]:
    try:
        if text in PRESETS:
            return [encode(each) for each in layers_of_preset(text)]
        layers: list[Any] = decode(list[Any], read_json(Path(text)))
    except TrainerError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return layers


def _pair(text: str) -> tuple[str, object]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, received {text}")
    try:
        return name, parse(value)
    except RecordError:
        return name, value
