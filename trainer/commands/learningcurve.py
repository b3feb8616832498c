"""``python -m trainer learningcurve``: train on more and more samples.

Each size is a run; all are measured on the same validation data. The same command goes on with
what is not done. The test data are never touched.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from trainer.commands.progress import ProgressLines
from trainer.commands.training_options import (
    add_setting_arguments,
    add_steering_arguments,
    ends_as_interrupted,
    given_settings,
)
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import stratified_split, writer_split
from trainer.datasets.load import Data
from trainer.errors import ConfigError
from trainer.files.paths import Profile
from trainer.files.records import json_text
from trainer.runs.folder import ControlReader, RunFolder
from trainer.search.experiment import Experiment, Planned, experiment_name
from trainer.search.experiment_folder import LEARNING_CURVE, experiment_folder
from trainer.search.learning_curve import checked_sizes, curve_points, sizes_up_to
from trainer.search.statistics import percent
from trainer.search.subsets import training_split, write_parts

_PARTS, _TRAIN, _VALIDATION = "parts", "train", "validation"
_FEWEST_WRITERS = 5
"""With fewer, a writer is too large a part to set aside; as `load_training_data` has it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: those of the curve, and all settings of a training."""
    parser.add_argument(
        "--sizes",
        type=_whole_numbers,
        default=[],
        metavar="N,N,…",
        help="training samples (default: 100,300,1000,… up to all)",
    )
    parser.add_argument(
        "--seeds",
        type=_whole_numbers,
        default=[],
        metavar="N,N,…",
        help="train each size once with each seed; other samples, the same validation data "
        "(default: the one of --seed)",
    )
    parser.add_argument("--name", default="", help="of the experiment (default: made up)")
    add_steering_arguments(parser)
    add_setting_arguments(parser)


def _whole_numbers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected whole numbers with commas, received {text}"
        ) from error


def run(options: argparse.Namespace) -> int:
    """Train what is not done; return 0."""
    record = given_settings(options)
    config = TrainingConfig.from_record(record)
    seeds = sorted(set(options.seeds)) or [config.seed]
    if seeds[0] < 0:
        raise ConfigError("Expected seeds from 0. Received: {seed}.", field="seeds").format(
            seed=seeds[0]
        )
    progress = ProgressLines(options.progress)
    progress(0, 0, "data")
    data = training_split(config, 0)
    parts = {} if config.validation else _parts(data, config)
    available = len(parts.get(_TRAIN, data))
    sizes = checked_sizes(options.sizes, available) or sizes_up_to(
        min(config.limit or available, available)
    )
    about = {"settings": record, "sizes": sizes, "seeds": seeds}
    words = f"{config.preset} {Path(config.data).stem} curve"
    name = options.name or experiment_name(words, about)
    folder = experiment_folder(Profile.locate(), LEARNING_CURVE, name)
    control = ControlReader(RunFolder(folder), options.requests_from)
    paths = {name: str(folder / _PARTS / name) for name in parts}
    planned = _planned(paths, config, sizes, seeds)
    telling = _CurveProgress(progress, quiet=options.json)
    with ends_as_interrupted():
        experiment = Experiment(folder, about, planned, curve_points, telling, control)
        if parts:
            write_parts(folder / _PARTS, data, parts)
        result = {**experiment.run(), "classes": len(data.alphabet)}
    print(json_text(result) if options.json else _table(result))
    return 0


def _parts(data: Data, config: TrainingConfig) -> dict[str, Any]:
    """Return which samples are trained on, and which are set aside to validate with."""
    writers = data.writers
    first, second = (
        stratified_split(data.labels, config.validation_share, config.seed)
        if writers is None or len(np.unique(writers)) < _FEWEST_WRITERS
        else writer_split(writers, config.validation_share, config.seed)
    )
    return {_TRAIN: first, _VALIDATION: second}


def _planned(
    paths: dict[str, str], config: TrainingConfig, sizes: list[int], seeds: list[int]
) -> list[Planned]:
    data = paths.get(_TRAIN, config.data)
    validation = paths.get(_VALIDATION, config.validation)
    return [
        Planned(
            f"size-{size:07d}-seed-{seed}",
            dataclasses.replace(config, data=data, validation=validation, limit=size, seed=seed),
            {"size": size, "seed": seed},
        )
        for size in sizes
        for seed in seeds
    ]


class _CurveProgress:
    """Says how far it is, in lines for people or for a window."""

    def __init__(self, progress: ProgressLines, *, quiet: bool) -> None:
        self._progress = progress
        self._quiet = quiet
        self._told: set[str] = set()

    def __call__(self, record: dict[str, Any]) -> None:
        ended = [run for run in record["runs"] if run["state"] in ("finished", "failed")]
        self._progress(len(ended), len(record["runs"]), "trainings")
        for run in ended:
            if run["name"] not in self._told and not self._quiet:
                text = f"{run['size']:>9,} samples  seed {run['seed']}  {percent(run['accuracy'])}"
                print(f"{text}  {run['message']}".rstrip(), flush=True)
            self._told.add(run["name"])


def _table(result: dict[str, Any]) -> str:
    lines = [f"{result['name']}: {len(result['about']['seeds'])} seeds"]
    for point in result["points"]:
        sd = "" if point["sd"] is None else f" ± {percent(point['sd'])}"
        lines.append(f"{point['size']:>9,} samples  {percent(point['mean'])}{sd}")
    return "\n".join(lines)
