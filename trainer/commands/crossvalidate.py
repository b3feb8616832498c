"""``python -m trainer crossvalidate``: train on every part but one, in turn.

Each fold is a run, chosen and measured by the part that it has not seen. The same command goes
on with the folds that are not done. The test data are never touched.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
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
from trainer.datasets.load import Data, as_images
from trainer.errors import ConfigError
from trainer.files.paths import Profile
from trainer.files.records import json_text
from trainer.models.presets import PresetKind, preset
from trainer.runs.folder import ControlReader, RunFolder
from trainer.search.experiment import (
    Experiment,
    Planned,
    experiment_name,
    keep_answer,
    known_answer,
)
from trainer.search.experiment_folder import CROSS_VALIDATION, experiment_folder
from trainer.search.folds import Folds, stratified_folds, writer_folds
from trainer.search.statistics import finished_accuracies, percent, spread_of
from trainer.search.subsets import training_split, write_parts

_FOLDS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: those of the folds, and all settings of a training."""
    parser.add_argument(
        "--folds", type=int, default=_FOLDS, metavar="K", help="parts (default: %(default)s)"
    )
    parser.add_argument(
        "--by-writer",
        action="store_true",
        help="no writer stands in two parts: how well it reads people it has never seen "
        "(default: every part has as much of every class)",
    )
    parser.add_argument(
        "--side-by-side",
        action="store_true",
        help="classic models: all parts at once with scikit-learn's cross_validate, which uses "
        "every core; keeps no models",
    )
    parser.add_argument("--name", default="", help="of the experiment (default: made up)")
    add_steering_arguments(parser)
    add_setting_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Train the folds that are not done; return 0."""
    record = given_settings(options)
    config = TrainingConfig.from_record(record)
    _check(config, side_by_side=options.side_by_side)
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
    with ends_as_interrupted():
        if options.side_by_side:
            result = _at_once(folder, about, config, data, fold_of)
        else:
            telling = _FoldProgress(progress, quiet=options.json)
            planned = _planned(folder, config, options.folds)
            experiment = Experiment(folder, about, planned, _figures, telling, control)
            write_parts(folder / _PARTS, data, _parts(fold_of, options.folds))
            result = experiment.run()
    result |= _facts(data)
    print(json_text(result) if options.json else _table(result))
    return 0


_PARTS = "parts"


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


def _at_once(
    folder: Path, about: dict[str, Any], config: TrainingConfig, data: Data, fold_of: Folds
) -> dict[str, Any]:
    """Return the record of all folds, trained by scikit-learn; what is known is not done again."""
    before = known_answer(folder, about)
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
    return {**keep_answer(folder, about, runs, _figures), "stopped": False}


def _parts(fold_of: Folds, folds: int) -> dict[str, Any]:
    return {f"fold-{fold + 1}": np.flatnonzero(fold_of == fold) for fold in range(folds)}


def _planned(folder: Path, config: TrainingConfig, folds: int) -> list[Planned]:
    names = [f"fold-{fold + 1}" for fold in range(folds)]
    paths = {name: str(folder / _PARTS / name) for name in names}
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
        planned.append(Planned(name, settings, {"fold": number}))
    return planned


def _figures(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    accuracies = finished_accuracies(runs)
    seconds = sum(float(run["seconds"]) for run in runs)
    return {**spread_of(accuracies), "finished": len(accuracies), "seconds": seconds}


def _facts(data: Data) -> dict[str, Any]:
    writers = None if data.writers is None else len(np.unique(data.writers))
    return {"data_samples": len(data), "data_writers": writers, "classes": len(data.alphabet)}


class _FoldProgress:
    """Says how far it is, in lines for people or for a window."""

    def __init__(self, progress: ProgressLines, *, quiet: bool) -> None:
        self._progress = progress
        self._quiet = quiet
        self._told: set[str] = set()

    def __call__(self, record: dict[str, Any]) -> None:
        ended = [run for run in record["runs"] if run["state"] in ("finished", "failed")]
        self._progress(len(ended), len(record["runs"]), "folds")
        for run in ended:
            if run["name"] not in self._told and not self._quiet:
                text = f"{run['name']}  {percent(run['accuracy'])}  {run['seconds']:.1f} s"
                print(f"{text}  {run['message']}".rstrip(), flush=True)
            self._told.add(run["name"])


def _table(result: dict[str, Any]) -> str:
    by = "by writer" if result["about"]["by_writer"] else "stratified"
    lines = [f"{result['name']}: {len(result['runs'])} folds, {by}"]
    lines += [
        f"{run['name']:8}  {run['state']:11}  {percent(run['accuracy']):>7}  "
        f"{run['samples']:>8,} to train on  {run['validation_samples']:>7,} to measure"
        for run in result["runs"]
    ]
    sd = "" if result["sd"] is None else f" ± {percent(result['sd'])}"
    lines.append(f"mean      {percent(result['mean'])}{sd} over {result['finished']} folds")
    return "\n".join(lines)
