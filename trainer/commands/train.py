"""``python -m trainer train``: train a model in the folder of a run."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import errno
import importlib
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.commands.options.progress import TrainingLines
from trainer.commands.options.training_options import (
    add_run_arguments,
    add_setting_arguments,
    explicit_settings,
)
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, Message, RunError, TrainerError
from trainer.files.paths import TEMPORARY_NAME, Profile
from trainer.files.records import json_text
from trainer.models.presets import PresetKind, preset
from trainer.processes.launch import missing_hint
from trainer.processes.memory import format_bytes
from trainer.runs import events
from trainer.runs.control import Report, RunCancelledError, run_lock
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import LOG_NAME
from trainer.runs.standby import exit_fast, redirect_output, wait_for_order
from trainer.runs.test_result import measure_test
from trainer.training.data import check_data

if TYPE_CHECKING:
    from trainer.training.classical import ClassicalTraining
    from trainer.training.network import Training


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: one for each setting, and those of the run."""
    add_setting_arguments(parser)
    add_run_arguments(parser)


def train(arguments: Sequence[str]) -> int:
    """Run the command in this process, with the arguments of ``python -m trainer train``.

    Returns what `run` returns.

    Raises
    ------
    TrainerError
        If the run failed.
    """
    parser = argparse.ArgumentParser(prog="trainer train")
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> int:
    """Train; return 0 if the run finished, 1 if it failed, 3 if it was cancelled."""
    if options.wait:
        return _wait()
    status = _run(options)
    if options.leave_at_once:
        exit_fast(status)
    return status


def _run(options: argparse.Namespace) -> int:
    if options.test:
        return _test(options.run_dir, as_json=options.json)
    config = _config(options)
    if options.estimate:
        return _estimate(config, as_json=options.json)
    folder, is_new = _folder(options, config)
    report = _print_event if options.events else TrainingLines()
    if options.run_dir is None and not options.events:
        print(f"The run is in {folder.root}", flush=True)
    try:
        with (
            run_lock(folder),
            _temporary_files(folder.root / TEMPORARY_NAME),
            _library_lines_in(folder.root / LOG_NAME),
            _logged(folder, config, report) as logged,
        ):
            return _train(folder, config, logged, options.requests_from)
    except TrainerError:
        if is_new:
            folder.forget()
        raise


@contextlib.contextmanager
def _logged(folder: RunFolder, config: TrainingConfig, report: Report) -> Iterator[Report]:
    """Send events to the tracker of the settings, too; a tracker that fails ends no run."""
    if config.log == "none":
        yield report
        return
    from trainer.exporting.tracking import open_tracking

    run = open_tracking(config.log, folder, config)
    is_lost = False

    def attempt(action: Callable[[], None]) -> None:
        nonlocal is_lost
        try:
            action()
        except Exception as error:  # noqa: BLE001 - anything that a tracker raises
            if not is_lost:
                is_lost = True
                lost = Message(
                    "{tracker} is not written any more: {reason}.",
                    tracker=config.log,
                    reason=error,
                )
                warned = events.Warned(lost, "Export the run to it when it is over.")
                _end(folder, warned, report)

    def logged(event: events.Event) -> None:
        report(event)
        if not is_lost:
            attempt(partial(run.add, event))

    try:
        yield logged
    finally:
        attempt(run.close)


def _folder(options: argparse.Namespace, config: TrainingConfig) -> tuple[RunFolder, bool]:
    if options.run_dir is None:
        return RunFolder.create(Profile.locate().runs, config), True
    folder = RunFolder(options.run_dir)
    return folder, not options.begin and folder.open(config, resume=options.resume)


def _wait() -> int:
    with _packages():
        for name in ("network", "export_bundle"):
            importlib.import_module(f"trainer.training.{name}")
    order = wait_for_order(sys.stdin)
    if order is None:
        return 0
    if order.log is not None:
        redirect_output(order.log)
    return train(order.arguments)


def _estimate(config: TrainingConfig, *, as_json: bool) -> int:
    check_data(config)
    with _packages():
        from trainer.training.estimate import estimate
    figures = dataclasses.asdict(estimate(config))
    if as_json:
        print(json_text(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):20} {_formatted(name, value)}")
    return 0


def _test(root: Path | None, *, as_json: bool) -> int:
    if root is None:
        raise ConfigError(
            "Expected the folder of a finished run. Received: none.",
            "Name it with --run-dir.",
            field="run_dir",
        )
    with _packages():
        result = measure_test(RunFolder(root))
    if as_json:
        print(json_text(result))
        return 0
    seen = time.strftime("%Y-%m-%d %H:%M", time.localtime(result.seen))
    print(f"test accuracy        {result.accuracy:.2%}")
    print(f"95 % interval        {result.low:.2%} to {result.high:.2%}")
    print(f"samples              {result.samples:,} of {result.data}")
    print(f"first measured       {seen}")
    return 0


def _formatted(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name.endswith("bytes"):
        return format_bytes(int(value))
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
        check_data(config)
        with _packages():
            if preset(config.preset).kind is PresetKind.CLASSICAL:
                from trainer.training.classical import ClassicalTraining

                training = ClassicalTraining(folder, config, report, requests_from)
            else:
                _check_address_space()
                from trainer.training.network import Training

                training = Training(folder, config, report, requests_from)
        training.run()
    except RunCancelledError:
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


def _check_address_space() -> None:
    """Raise where TensorFlow would abort the process without a word."""
    if sys.platform == "win32":
        return
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _ADDRESS_SPACE:
        raise RunError(
            "Training a network needs {needed} of address space. Received: {received}.",
            "Raise the limit (ulimit -v), or choose a classic model.",
        ).format(needed=format_bytes(_ADDRESS_SPACE), received=format_bytes(limit))


@contextlib.contextmanager
def _library_lines_in(log: Path) -> Iterator[None]:
    """Let native libraries write into the run's log, and Python on standard error as before."""
    try:
        saved = os.dup(2)
        with log.open("ab") as stream:
            os.dup2(stream.fileno(), 2)
    except OSError:  # no standard error, or a full disk
        yield
        return
    before = sys.stderr
    is_native = getattr(before, "name", "") == "<stderr>"
    if is_native:
        sys.stderr = open(saved, "w", buffering=1, closefd=False, errors="replace")  # noqa: SIM115 - a descriptor
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = before
        os.dup2(saved, 2)
        os.close(saved)


@contextlib.contextmanager
def _temporary_files(place: Path) -> Iterator[None]:
    """Let libraries write into the run, where a kill leaves nothing that nobody finds."""
    before = tempfile.tempdir
    with contextlib.suppress(OSError):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        tempfile.tempdir = str(place)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _packages() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise RunError(
            "Training needs a package that is not installed: {package}.", missing_hint("train")
        ).format(package=error.name) from error


_ADDRESS_SPACE = 4_000_000_000
"""Bytes that TensorFlow maps for a small network: most of them are never used."""

_MEMORY = RunError(
    "There is not enough memory for this training.",
    "Try a smaller --batch-size, a smaller model, or fewer samples with --limit.",
)


def _explained(error: Exception) -> TrainerError:  # noqa: PLR0911 - one for each reason
    """Return the error to report for the end of a run."""
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
                "The run's folder cannot be used: {reason}.",
                "Check that it can be written to, then add --resume to go on.",
            ).format(reason=error)
        case _ if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's, not imported
            return _MEMORY
        case _:
            logging.getLogger(__name__).error("A run failed", exc_info=error)
            return RunError(
                "Unexpected {name}: {reason}.",
                "This is a fault of the program; the lines above help to mend it.",
            ).format(name=type(error).__name__, reason=error)


def _config(options: argparse.Namespace) -> TrainingConfig:
    if options.begin:
        return _settings_to_begin(options.run_dir)
    base = {}
    if options.config is None and options.resume and options.run_dir is not None:
        folder = RunFolder(options.run_dir)
        base = dataclasses.asdict(folder.config()) if folder.config_file.is_file() else {}
    return TrainingConfig.from_record(explicit_settings(options, base))


def _settings_to_begin(root: Path | None) -> TrainingConfig:
    """Return the settings of a run that waits to be started."""
    if root is None:
        raise ConfigError(
            "Expected the folder of a run that waits. Received: none.",
            "Name it with --run-dir.",
            field="run_dir",
        )
    folder = RunFolder(root)
    if folder.has_begun:
        raise RunError(
            "The run in {root} has begun already.", "Add --resume to go on with it."
        ).format(root=root.name)
    return folder.config()


def _end(folder: RunFolder, event: events.Event, report: Report) -> None:
    with contextlib.suppress(OSError):  # the disk may be what failed; the exit status tells
        folder.append(event)
    report(event)


def _print_event(event: events.Event) -> None:
    print(events.to_line(event), flush=True)
