"""``python -m trainer train``: fill a run's folder."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import errno
import importlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.commands.given import given_settings
from trainer.commands.train_progress import Progress
from trainer.config import TrainingConfig
from trainer.config_fields import FIELDS
from trainer.errors import ConfigError, RunError, TrainerError
from trainer.models.presets import PresetKind, preset
from trainer.paths import Profile
from trainer.program import missing_hint
from trainer.runs import events
from trainer.runs.alone import alone
from trainer.runs.folder import RunFolder
from trainer.runs.leaving import leave_at_once
from trainer.runs.memory import in_words
from trainer.runs.steering import CancelledError, Report
from trainer.runs.tested import measure_test
from trainer.runs.waiting import redirect_output, wait_for_order

if TYPE_CHECKING:
    from trainer.runs.classical_training import ClassicalTraining
    from trainer.runs.training import Training

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
        return name, json.loads(value)
    except ValueError:
        return name, value


def run(options: argparse.Namespace) -> int:
    """Train; return 0 if the run finished, 1 if it failed, 3 if it was cancelled."""
    if options.wait:
        return _wait()
    status = _run(options)
    if options.leave_at_once:
        leave_at_once(status)
    return status


def _run(options: argparse.Namespace) -> int:
    if options.test:
        return _test(options.run_dir, as_json=options.json)
    config = _config(options)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if options.estimate:
        return _estimate(config, as_json=options.json)
    root = options.run_dir or Profile.locate().runs / time.strftime(
        f"%Y-%m-%d-%H%M%S-{config.preset}"
    )
    folder = RunFolder(root)
    is_new = folder.open(config, resume=options.resume)
    report = _print_event if options.events else Progress()
    try:
        with alone(folder):
            return _train(folder, config, report, options.requests_from)
    except TrainerError:
        if is_new:
            folder.forget()
        raise


def _wait() -> int:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _packages():
        for name in ("training", "export"):
            importlib.import_module(f"trainer.runs.{name}")
    order = wait_for_order(sys.stdin)
    if order is None:
        return 0
    if order.log is not None:
        redirect_output(order.log)
    parser = argparse.ArgumentParser(prog="trainer train")
    add_arguments(parser)
    return run(parser.parse_args(order.arguments))


def _estimate(config: TrainingConfig, *, as_json: bool) -> int:
    with _packages():
        from trainer.runs.estimate import estimate
    return _print_figures(dataclasses.asdict(estimate(config)), as_json=as_json)


def _test(root: Path | None, *, as_json: bool) -> int:
    if root is None:
        raise ConfigError(
            "Expected the folder of a finished run. Received: none.",
            "Name it with --run-dir.",
            field="run_dir",
        )
    with _packages():
        tested = measure_test(RunFolder(root))
    if as_json:
        print(json.dumps(dataclasses.asdict(tested)))
        return 0
    seen = time.strftime("%Y-%m-%d %H:%M", time.localtime(tested.seen))
    print(f"test accuracy        {tested.accuracy:.2%}")
    print(f"95 % interval        {tested.low:.2%} to {tested.high:.2%}")
    print(f"samples              {tested.samples:,} of {tested.data}")
    print(f"first seen           {seen}")
    return 0


def _print_figures(figures: dict[str, Any], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):20} {_in_words(name, value)}")
    return 0


def _in_words(name: str, value: Any) -> str:
    """Return a figure with its unit."""
    if value is None:
        return "–"
    if name.endswith("bytes"):
        return in_words(int(value))
    if name.startswith("seconds"):
        return f"{value:.3g}"
    if name in ("accuracy", "validation_accuracy"):
        return f"{value:.2%}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _train(
    folder: RunFolder, config: TrainingConfig, report: Report, requests_from: int | None
) -> int:
    try:
        training: Training | ClassicalTraining
        with _packages():
            if preset(config.preset).kind is PresetKind.CLASSICAL:
                from trainer.runs.classical_training import ClassicalTraining

                training = ClassicalTraining(folder, config, report, requests_from)
            else:
                from trainer.runs.training import Training

                training = Training(folder, config, report, requests_from)
        training.run()
    except CancelledError:
        _end(folder, events.Cancelled(0), report)
        return 3
    except KeyboardInterrupt:
        print("Interrupted; add --resume to go on from the last checkpoint.", file=sys.stderr)
        return 130
    except Exception as error:
        failed = _explained(error)
        _end(folder, events.Failed(failed.message, failed.hint), report)
        raise failed from error
    return 0


@contextlib.contextmanager
def _packages() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise RunError(
            f"Training needs a package that is not installed: {error.name}.",
            missing_hint("train"),
        ) from error


_MEMORY = RunError(
    "There is not enough memory for this training.",
    "Try a smaller --batch-size, a smaller model, or fewer samples with --limit.",
)


def _explained(error: Exception) -> TrainerError:  # noqa: PLR0911 - one for each reason
    """Return what to tell of the end of a run."""
    match error:
        case TrainerError():
            return error
        case MemoryError():
            return _MEMORY
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return RunError(
                "The disk is full.",
                "Free some space, then add --resume to go on from the last checkpoint.",
            )
        case BrokenPipeError():
            return RunError(
                "The program that started the training has ended.",
                "Start it again, or add --resume to go on from the last checkpoint.",
            )
        case OSError():
            return RunError(
                f"The run's folder cannot be used: {error}.",
                "Check that it can be written to, then add --resume to go on.",
            )
        case _ if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's, not imported
            return _MEMORY
        case _:
            logging.getLogger(__name__).error("A run failed", exc_info=error)
            return RunError(
                f"Unexpected {type(error).__name__}: {error}.",
                "This is a fault of the program; the lines above help to mend it.",
            )


def _config(options: argparse.Namespace) -> TrainingConfig:
    is_resumed = options.config is None and options.resume and options.run_dir is not None
    before = _settings_of(RunFolder(options.run_dir)) if is_resumed else None
    return TrainingConfig.from_record(given_settings(options, before))


def _settings_of(folder: RunFolder) -> dict[str, Any]:
    """Return the settings of a run to go on with; none where there is no run yet."""
    if not folder.config_file.is_file():
        return {}
    config = TrainingConfig.from_json(folder.config_file.read_text(encoding="utf-8"))
    return dataclasses.asdict(config)


def _end(folder: RunFolder, event: events.Event, report: Report) -> None:
    with contextlib.suppress(OSError):  # the disk may be what failed; the exit status tells
        folder.append(event)
    report(event)


def _print_event(event: events.Event) -> None:
    print(events.to_line(event), flush=True)
