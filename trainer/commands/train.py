"""``python -m trainer train``: fill a run's folder."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import logging
import os
import sys
import time
from pathlib import Path

from trainer.config import PRECISIONS, TrainingConfig
from trainer.errors import ConfigError, RunError, TrainerError
from trainer.paths import Profile
from trainer.runs import events
from trainer.runs.folder import RunFolder

_TYPES = {"int": int, "float": float, "str": str}
_HELP = {
    "preset": "the network",
    "data": "training data: a pen archive, or IDX images in a folder",
    "validation": "data to choose by (default: a part of --data)",
    "validation_share": "part of the data set aside to choose by",
    "limit": "train on at most so many samples (0: all)",
    "epochs": "passes over the data",
    "batch_size": "samples a step",
    "learning_rate": "highest learning rate",
    "warmup_epochs": "epochs until the learning rate is highest",
    "weight_decay": "weight decay of AdamW",
    "label_smoothing": "share of the target spread over all classes",
    "average_epochs": "time constant of the averaged weights, epochs (0: none)",
    "balance": "0: classes as they come, 1: all alike",
    "screen_after": "set wrong labels aside after so many epochs (0: never)",
    "screen_below": "probability below which a label counts as wrong",
    "dropout": "share of features dropped before the last layer",
    "teacher": "bundle whose answers are mixed into the targets",
    "teacher_share": "share of the teacher in the targets",
    "start_from": "bundle with the weights to begin with",
    "precision": "number format while training",
    "seed": "start of all random numbers",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: one for each setting, and those of the run."""
    for field in dataclasses.fields(TrainingConfig):
        if field.name == "augmentation":
            continue
        parser.add_argument(
            "--" + field.name.replace("_", "-"),
            type=_TYPES[str(field.type)],
            default=argparse.SUPPRESS,
            choices=PRECISIONS if field.name == "precision" else None,
            help=f"{_HELP[field.name]} (default: {field.default})",
        )
    parser.add_argument(
        "--no-augmentation",
        dest="augmentation",
        action="store_const",
        const=None,
        default=argparse.SUPPRESS,
        help="train on the inks as they are",
    )
    parser.add_argument("--config", type=Path, help="settings as JSON; options go before it")
    parser.add_argument("--run-dir", type=Path, help="folder of the run (default: a new one)")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--events", action="store_true", help="print events as JSON lines")


def run(options: argparse.Namespace) -> int:
    """Train; return 0 if the run finished, 1 if it failed, 3 if it was cancelled."""
    config = _config(options)
    root = options.run_dir or Profile.locate().runs / time.strftime(
        f"%Y-%m-%d-%H%M%S-{config.preset}"
    )
    folder = RunFolder(root)
    folder.open(config, resume=options.resume)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    report = _print_event if options.events else Progress()
    try:
        from trainer.runs.training import CancelledError, Training
    except ImportError as error:
        raise RunError(
            f"Training needs a package that is not installed: {error.name}.",
            'Install it with: pip install "emnist-desktop[train]".',
        ) from error
    try:
        Training(folder, config, report).run()
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


def _explained(error: Exception) -> TrainerError:
    """Return what to tell of the end of a run."""
    match error:
        case TrainerError():
            return error
        case MemoryError():
            return RunError("There is not enough memory.", "Try a smaller --batch-size.")
        case OSError():
            return RunError(
                f"The run's folder cannot be used: {error}.",
                "Free some space, then add --resume to go on from the last checkpoint.",
            )
        case _:
            logging.getLogger(__name__).error("A run failed", exc_info=error)
            return RunError(
                f"Unexpected {type(error).__name__}: {error}.",
                "This is a fault of the program; the lines above help to mend it.",
            )


def _config(options: argparse.Namespace) -> TrainingConfig:
    record = {}
    if options.config is not None:
        try:
            record = json.loads(options.config.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"The settings in {options.config} cannot be read: {error}.", field="config"
            ) from error
        if not isinstance(record, dict):
            raise ConfigError(f"Expected a JSON object in {options.config}.", field="config")
    names = {field.name for field in dataclasses.fields(TrainingConfig)}
    record |= {name: value for name, value in vars(options).items() if name in names}
    return TrainingConfig.from_record(record)


def _end(folder: RunFolder, event: events.Event, report: object) -> None:
    with contextlib.suppress(OSError):  # the disk may be what failed; the exit status tells
        folder.append(event)
    if callable(report):
        report(event)


def _print_event(event: events.Event) -> None:
    print(events.to_line(event), flush=True)


class Progress:
    """Prints a line an epoch, and on a terminal one that moves."""

    def __init__(self) -> None:
        self._moving = sys.stdout.isatty()

    def __call__(self, event: events.Event) -> None:
        """Print what a person wants to see of an event."""
        match event:
            case events.Started():
                self._line(
                    f"{event.preset}: {event.parameters:,} parameters, {event.n_train:,} samples "
                    f"to train on, {event.n_validation:,} to choose by, on {event.device}"
                )
            case events.Batch() if self._moving:
                print(
                    f"\r\x1b[Kepoch {event.epoch}  batch {event.batch}/{event.batches}  "
                    f"loss {event.loss:.3f}  accuracy {event.accuracy:.1%}  "
                    f"{event.images_per_second:,.0f} images/s  "
                    f"{_duration(event.seconds_left)} left",
                    end="",
                    flush=True,
                )
            case events.Epoch():
                self._line(
                    f"epoch {event.epoch}  loss {event.loss:.3f}  accuracy {event.accuracy:.1%}  "
                    f"validation {event.validation_accuracy:.2%} "
                    f"(merged {event.merged_accuracy:.2%}), {event.seconds:.0f} s"
                    + ("  best" if event.best else "")
                )
            case events.Screened():
                self._line(f"{event.set_aside:,} of {event.of:,} samples set aside")
            case events.Finished():
                self._line(
                    f"finished: epoch {event.best_epoch} is best, "
                    f"validation accuracy {event.validation_accuracy:.2%}"
                )
            case events.Cancelled():
                self._line("cancelled")

    def _line(self, text: str) -> None:
        print(f"\r\x1b[K{text}" if self._moving else text, flush=True)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{round(seconds)} s" if seconds < 90 else f"{minutes // 60}:{minutes % 60:02d} h"
