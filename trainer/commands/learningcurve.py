"""``python -m trainer learningcurve``: accuracy against the number of training samples.

Each size is a run; all are validated on the same data. The same command resumes the unfinished
runs. The test data are never used.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trainer.commands.options.arguments import percent
from trainer.commands.options.progress import ExperimentLines, ProgressLines
from trainer.commands.options.submitting import add_share_argument, run_experiment
from trainer.commands.options.training_options import (
    add_experiment_arguments,
    explicit_settings,
    sigterm_as_interrupt,
)
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import holdout_split
from trainer.errors import ConfigError
from trainer.files.paths import Profile
from trainer.files.records import json_text
from trainer.runs.folder import ControlReader, RunFolder
from trainer.search.experiment import (
    Experiment,
    PlannedRun,
    experiment_name,
    finished_accuracies,
    mean_and_sd,
)
from trainer.search.experiment_folder import LEARNING_CURVE, experiment_folder
from trainer.search.subsets import training_split, write_subsets

_SUBSETS, _TRAIN, _VALIDATION = "parts", "train", "validation"
"""Folder of the subsets within that of the experiment, and their names."""

_FIRST_SIZE = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: those of the curve, and all settings of a training."""
    parser.add_argument(
        "--sizes",
        type=_whole_numbers,
        default=[],
        metavar="N,N,…",
        help="numbers of training samples (default: 100,300,1000,… up to all)",
    )
    parser.add_argument(
        "--seeds",
        type=_whole_numbers,
        default=[],
        metavar="N,N,…",
        help="train each size with each seed: other samples, the same validation data "
        "(default: --seed)",
    )
    parser.add_argument(
        "--name", default="", help="name of the experiment (default: by its settings)"
    )
    add_share_argument(parser)
    add_experiment_arguments(parser)


def _whole_numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected whole numbers with commas, received {text}"
        ) from error


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def run(options: argparse.Namespace) -> int:
    """Train the unfinished runs; return 0."""
    record = explicit_settings(options)
    config = TrainingConfig.from_record(record)
    seeds = sorted(set(options.seeds)) or [config.seed]
    if seeds[0] < 0:
        raise ConfigError("Expected seeds from 0. Received: {seed}.", field="seeds").format(
            seed=seeds[0]
        )
    progress = ProgressLines(options.progress)
    progress(0, 0, "data")
    data = training_split(config, 0)
    subsets = {}
    if not config.validation:
        split = holdout_split(data.labels, data.writers, config.validation_share, config.seed)
        subsets = dict(zip((_TRAIN, _VALIDATION), split, strict=True))
    available = len(subsets.get(_TRAIN, data))
    sizes = _checked_sizes(options.sizes, available) or sizes_up_to(
        min(config.limit or available, available)
    )
    about = {"settings": record, "sizes": sizes, "seeds": seeds}
    words = f"{config.preset} {Path(config.data).stem} curve"
    name = options.name or experiment_name(words, about)
    folder = experiment_folder(Profile.locate(), LEARNING_CURVE, name)
    control = ControlReader(RunFolder(folder), options.requests_from)
    paths = {name: str(folder / _SUBSETS / name) for name in subsets}
    planned = _planned(paths, config, sizes, seeds)
    lines = ExperimentLines(progress, "trainings", _line, options.json)
    with sigterm_as_interrupt():
        experiment = Experiment(folder, about, planned, _figures, lines, control)
        if subsets:
            write_subsets(folder / _SUBSETS, data, subsets)
        command = ["learningcurve", "--sizes", _listed(sizes), "--seeds", _listed(seeds)]
        result = run_experiment(experiment, options, command)
    result |= {"classes": len(data.alphabet)}
    print(json_text(result) if options.json else _table(result))
    return 0


def sizes_up_to(n: int) -> list[int]:
    """Return 100, 300, 1000, 3000, … below `n`, and `n` itself."""
    sizes, power = [], _FIRST_SIZE
    while power < n:
        sizes += [size for size in (power, 3 * power) if size < n]
        power *= 10
    return [*sizes, n]


def _checked_sizes(sizes: Sequence[int], n: int) -> list[int]:
    """Return sizes in ascending order, each once, if all are from 2 to `n`."""
    wrong = [size for size in sizes if not 2 <= size <= n]
    if wrong:
        raise ConfigError(
            "Expected sizes from 2 to {most}, what is left to train on. Received: {size}.",
            "Leave it out, or use more data.",
            field="sizes",
        ).format(most=f"{n:,}", size=f"{wrong[0]:,}")
    return sorted(set(sizes))


def _figures(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return ``points``: of each size ``mean``, ``sd`` and number of its ``seeds``."""
    points = []
    for size in sorted({int(run["size"]) for run in runs}):
        accuracies = finished_accuracies([run for run in runs if run["size"] == size])
        points.append({"size": size, "seeds": len(accuracies), **mean_and_sd(accuracies)})
    return {"points": points}


def _planned(
    paths: dict[str, str], config: TrainingConfig, sizes: list[int], seeds: list[int]
) -> list[PlannedRun]:
    data = paths.get(_TRAIN, config.data)
    validation = paths.get(_VALIDATION, config.validation)
    return [
        PlannedRun(
            f"size-{size:07d}-seed-{seed}",
            dataclasses.replace(config, data=data, validation=validation, limit=size, seed=seed),
            {"size": size, "seed": seed},
        )
        for size in sizes
        for seed in seeds
    ]


def _line(run: dict[str, Any]) -> str:
    text = f"{run['size']:>9,} samples  seed {run['seed']}  {percent(run['accuracy'])}"
    return f"{text}  {run['message']}".rstrip()


def _table(result: dict[str, Any]) -> str:
    lines = [f"{result['name']}: seeds {_listed(result['about']['seeds'])}"]
    lines += [
        f"{point['size']:>9,} samples  {percent(point['mean'], point['sd'])}"
        for point in result["points"]
    ]
    return "\n".join(lines)
