"""``python -m trainer lr-find``: sweep the learning rate and suggest one."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from trainer.commands.options.arguments import positive
from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.commands.options.training_options import add_setting_arguments, explicit_settings
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, RunError
from trainer.files.paths import replacing
from trainer.files.records import json_text
from trainer.models.presets import PresetKind, preset
from trainer.processes.launch import missing_hint
from trainer.training.data import check_data

_LINES = 20
"""Of the printed curve."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: those of the sweep, and all settings of a training."""
    parser.add_argument("--from", dest="low", type=float, default=1e-6, metavar="RATE")
    parser.add_argument("--until", dest="high", type=float, default=1.0, metavar="RATE")
    parser.add_argument("--batches", type=positive, default=100, help="batches (default: 100)")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="save the curve as PNG or SVG")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)
    add_setting_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Sweep and print; return 0."""
    config = TrainingConfig.from_record(explicit_settings(options))
    if preset(config.preset).kind is not PresetKind.NETWORK:
        raise ConfigError("Expected a network. Received: {name}.", field="preset").format(
            name=config.preset
        )
    progress = ProgressLines(options.progress)
    check_data(config)
    try:
        from trainer.training.rate_finder import RateSweep, find_rate
    except ImportError as error:
        raise RunError(
            "Training needs a package that is not installed: {package}.", missing_hint("train")
        ).format(package=error.name) from error
    sweep: RateSweep = find_rate(
        config,
        options.low,
        options.high,
        options.batches,
        lambda done, total: progress(done, total, "Training at rising rates"),
    )
    if options.plot is not None:
        _plot(sweep.rates, sweep.losses, sweep.suggestion, options.plot)
    if options.json:
        print(json_text(asdict(sweep)))
        return 0
    for rate, loss in list(zip(sweep.rates, sweep.losses, strict=True))[
        :: len(sweep.rates) // _LINES or 1
    ]:
        print(f"{rate:10.2e}  {loss:8.4f}")
    found = sweep.suggestion
    print("The loss never falls." if found is None else f"Suggestion: --learning-rate {found:.2g}")
    return 0


def _plot(
    rates: tuple[float, ...], losses: tuple[float, ...], suggestion: float | None, file: Path
) -> None:
    from matplotlib.figure import Figure

    if file.suffix.lower() not in (".png", ".svg"):
        raise ConfigError("Expected a file that ends in .png or .svg. Received: {file}.").format(
            file=file.name
        )
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(rates, losses)
    axes.set(xscale="log", xlabel="learning rate", ylabel="loss, smoothed")
    if suggestion is not None:
        axes.axvline(suggestion, linestyle="--", label=f"{suggestion:.2g}")
        axes.legend()
    with replacing(file) as temporary:
        figure.savefig(temporary, format=file.suffix[1:].lower(), dpi=150)
