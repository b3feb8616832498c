"""``python -m trainer crossvalidate``: k-fold cross-validation.

Each fold is a run that is validated on the fold that it was not trained on. The same command
resumes the unfinished folds. The test data are never used.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trainer.commands.options.arguments import percent
from trainer.commands.options.progress import ExperimentLines, ProgressLines
from trainer.commands.options.submitting import add_share_argument, run_experiment
from trainer.commands.options.training_options import (
    add_experiment_arguments,
    explicit_settings,
    sigterm_as_interrupt,
)
from trainer.config.training_config import TrainingConfig
from trainer.datasets.samples import Data, as_images
from trainer.errors import ConfigError
from trainer.files.paths import Profile
from trainer.files.records import json_text
from trainer.models.presets import PresetKind, preset
from trainer.runs.folder import ControlReader, RunFolder
from trainer.search.experiment import (
    Experiment,
    PlannedRun,
    existing_record,
    experiment_name,
    finished_accuracies,
    mean_and_sd,
    save_record,
)
from trainer.search.experiment_folder import CROSS_VALIDATION, experiment_folder
from trainer.search.folds import Folds, stratified_folds, writer_folds
from trainer.search.subsets import training_split, write_subsets

_FOLDS = 5
_SUBSETS = "parts"
"""Folder of the folds within that of the experiment."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: those of the folds, and all settings of a training."""
    parser.add_argument(
        "--folds",
        type=int,
        default=_FOLDS,
        metavar="K",
        help="number of folds (default: %(default)s)",
    )
    parser.add_argument(
        "--by-writer",
        action="store_true",
        help="keep each writer in one fold, so that each is new to the model "
        "(default: stratified by class)",
    )
    parser.add_argument(
        "--side-by-side",
        action="store_true",
        help="classic models: all folds in parallel with scikit-learn's cross_validate; the models "
        "are not saved",
    )
    parser.add_argument(
        "--name", default="", help="name of the experiment (default: by its settings)"
    )
    add_share_argument(parser)
    add_experiment_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Train the unfinished folds; return 0."""
    record = explicit_settings(options)
    config = TrainingConfig.from_record(record)
    _check(config, side_by_side=options.side_by_side)
    if options.side_by_side and options.submit:
        raise ConfigError(
            "Expected either jobs or one process for all folds. Received: both.",
            "Leave --side-by-side or --submit out.",
            field="submit",
        )
    about = {"settings": record, "folds": options.folds, "by_writer": options.by_writer}
    about |= {"side_by_side": True} if options.side_by_side else {}
    words = f"{config.preset} {Path(config.data).stem} {options.folds} folds"
    name = options.name or experiment_name(words, about)
    folder = experiment_folder(Profile.locate(), CROSS_VALIDATION, name)
    control = ControlReader(RunFolder(folder), options.requests_from)
    progress = ProgressLines(options.progress)
    progress(0, 0, "data")
    data = training_split(config, config.limit)
    fold_of = (
        writer_folds(data.writers, options.folds, config.seed)
        if options.by_writer
        else stratified_folds(data.labels, options.folds, config.seed)
    )
    with sigterm_as_interrupt():
        if options.side_by_side:
            result = _parallel(folder, about, config, data, fold_of)
        else:
            lines = ExperimentLines(progress, "folds", _line, options.json)
            planned = _planned(folder, config, options.folds)
            experiment = Experiment(folder, about, planned, _figures, lines, control)
            subsets = {f"fold-{k + 1}": np.flatnonzero(fold_of == k) for k in range(options.folds)}
            write_subsets(folder / _SUBSETS, data, subsets)
            by_writer = ["--by-writer"] if options.by_writer else []
            command = ["crossvalidate", "--folds", str(options.folds), *by_writer]
            result = run_experiment(experiment, options, command)
    writers = None if data.writers is None else len(np.unique(data.writers))
    result |= {"data_samples": len(data), "data_writers": writers, "classes": len(data.alphabet)}
    print(json_text(result) if options.json else _table(result))
    return 0


def _check(config: TrainingConfig, *, side_by_side: bool) -> None:
    if side_by_side and (preset(config.preset).kind is PresetKind.NETWORK or config.extra):
        raise ConfigError(
            "Expected a classic model and one dataset to train side by side. Received: {received}.",
            "Leave --side-by-side out.",
            field="preset",
        ).format(received=", ".join((config.preset, *config.extra)))
    if config.validation:
        raise ConfigError(
            "Expected no validation data: each part is validated in turn. Received: {validation}.",
            "Leave --validation out.",
            field="validation",
        ).format(validation=config.validation)
    if config.extra_share:
        raise ConfigError(
            "Expected no share of added data. Received: {extra_share}.",
            "Leave --extra-share out: in a cross-validation every sample counts the same.",
            field="extra_share",
        ).format(extra_share=f"{config.extra_share:g}")


def _parallel(
    folder: Path, about: dict[str, Any], config: TrainingConfig, data: Data, fold_of: Folds
) -> dict[str, Any]:
    """Return the record of all folds, trained by scikit-learn unless there is one."""
    before = existing_record(folder, about)
    if before is not None:
        return {**before, "stopped": False}
    from trainer.search.sklearn_cv import fold_results

    runs = [
        {
            "name": f"fold-{number}",
            "fold": number,
            "state": "finished",
            "accuracy": accuracy,
            "samples": int((fold_of != number - 1).sum()),
            "validation_samples": int((fold_of == number - 1).sum()),
            "epochs": [],
            "seconds": seconds,
            "run": "",
            "message": "",
            "hint": "",
        }
        for number, (accuracy, seconds) in enumerate(
            fold_results(config, as_images(data), fold_of), 1
        )
    ]
    return {**save_record(folder, about, runs, _figures), "stopped": False}


def _planned(folder: Path, config: TrainingConfig, folds: int) -> list[PlannedRun]:
    names = [f"fold-{fold + 1}" for fold in range(folds)]
    paths = {name: str(folder / _SUBSETS / name) for name in names}
    planned = []
    for number, name in enumerate(names, 1):
        first, *others = [paths[other] for other in names if other != name]
        settings = dataclasses.replace(
            config,
            data=first,
            extra=(*others, *config.extra),
            validation=paths[name],
            limit=0,
        )
        planned.append(PlannedRun(name, settings, {"fold": number}))
    return planned


def _figures(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    accuracies = finished_accuracies(runs)
    seconds = sum(float(run["seconds"]) for run in runs)
    return {**mean_and_sd(accuracies), "finished": len(accuracies), "seconds": seconds}


def _line(run: dict[str, Any]) -> str:
    text = f"{run['name']}  {percent(run['accuracy'])}  {run['seconds']:.1f} s"
    return f"{text}  {run['message']}".rstrip()


def _table(result: dict[str, Any]) -> str:
    by = "by writer" if result["about"]["by_writer"] else "stratified"
    lines = [f"{result['name']}: {len(result['runs'])} folds, {by}"]
    lines += [
        f"{run['name']:8}  {run['state']:11}  {percent(run['accuracy']):>7}  "
        f"{run['samples']:>8,} training  {run['validation_samples']:>7,} validation samples"
        for run in result["runs"]
    ]
    mean = percent(result["mean"], result["sd"])
    lines.append(f"mean      {mean} over {result['finished']} folds")
    return "\n".join(lines)
