"""``python -m trainer finetune``: go on training a recogniser with a person's own samples.

The slow way beside a hand (``trainer hand``): the weights themselves change, with other data
rehearsed so that the rest is not forgotten, and some own samples held out to measure by.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.commands.options.arguments import aligned, percent, positive
from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.commands.train import train
from trainer.config.training_config import TrainingConfig
from trainer.datasets.dataset import holdout_split
from trainer.datasets.ink_archive import PenArchive, write_pen_archive
from trainer.datasets.load import load_data
from trainer.datasets.samples import Data, inks_of, sample_ids, samples_at
from trainer.datasets.store import TRAIN
from trainer.errors import DatasetError, RunError, TrainerError
from trainer.evaluation.report.report import make_report
from trainer.files.disk import writing_to
from trainer.files.paths import Profile, default_bundle
from trainer.files.records import json_text, write_json
from trainer.ink.alphabet import class_indices
from trainer.recognition.bundle import Bundle, load_bundle
from trainer.recognition.recognizer import Recognizer
from trainer.recognition.sandboxed_litert import check_bundle
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.titles import set_label
from trainer.search.worker import TrainingWorker

RESULT_NAME = "finetune.json"
"""In the folder of the run: what was measured before and after."""

OWN_SAMPLES_NAME = "own-samples.npz"
"""In the folder of the run: what it learns, so that it can resume, and that goes when it goes."""

_FEWEST = 20
"""Own samples with which it is worth the time."""

_HELD_OUT = 0.25
_BATCH_SIZE = 64
_MOST_MEASURED = 2_000
"""Samples of the rehearsed data that are measured."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--data", default="my-samples", help="own samples (default: my-samples)")
    parser.add_argument(
        "--rehearsal", default="starter", help="data of all characters (default: starter)"
    )
    parser.add_argument(
        "--start-from", type=Path, help="folder of a bundle (default: the bundled one)"
    )
    parser.add_argument("--epochs", type=positive, default=3, help="default: 3")
    parser.add_argument("--learning-rate", type=float, default=3e-4, help="default: 0.0003")
    parser.add_argument(
        "--own-share", type=float, default=0.3, help="share of own samples in training (0.3)"
    )
    parser.add_argument(
        "--limit", type=int, default=0, help="most samples to rehearse; 0 for all (default)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Train, measure and print; return 0."""
    progress = ProgressLines(options.progress)
    progress(0, 0, "Loading")
    start = options.start_from or default_bundle()
    bundle = load_bundle(start)
    if bundle.is_classic:
        raise RunError(
            "A classic model cannot go on learning.", "Start from a recogniser that is a network."
        )
    own = _own(options.data, bundle)
    learned, held = (samples_at(own, rows) for rows in _own_parts(own))
    if not isinstance(learned, PenArchive):
        raise RunError("The own samples are no drawings.", "Draw them in the Draw tab.")
    settings = bundle.card.get("training", {}).get("settings", {})
    chosen = {
        **{name: value for name, value in settings.items() if name in _KEPT},
        "preset": bundle.card["network"]["preset"],
        "data": options.rehearsal,
        "start_from": str(Path(start).absolute()),
        "epochs": options.epochs,
        "batch_size": _BATCH_SIZE,
        "learning_rate": options.learning_rate,
        "warmup_epochs": min(0.3, options.epochs),
        "limit": options.limit,
    }
    validation = _validation(TrainingConfig.from_record(chosen))
    before = _measured(bundle, {"own": held, "validation": validation})
    folder = RunFolder.reserve(Profile.locate().runs, "finetune")
    archive = folder.root / OWN_SAMPLES_NAME
    try:
        with writing_to(folder.root):
            write_pen_archive(archive, learned)
        config = TrainingConfig.from_record(
            {**chosen, "extra": [str(archive)], "extra_share": options.own_share}
        )
    except TrainerError:
        folder.forget()
        raise

    def watch(event: events.Event | None) -> None:
        if isinstance(event, events.Batch):
            total = event.batches * options.epochs
            progress((event.epoch - 1) * event.batches + event.batch, total, "Training")

    with TrainingWorker(train) as worker:
        ending = worker.train(folder.root, config, watch)
    if ending.state != "finished":
        raise RunError(ending.message or "The training was cancelled.", ending.hint)
    set_label(folder.root, f"{bundle.name} + {options.data}", "")
    progress(0, 0, "Measuring")
    tuned = load_bundle(folder.bundle)
    record = {
        "bundle": str(tuned.folder),
        "start_from": str(start),
        "learned": len(learned),
        "before": before,
        "after": _measured(tuned, {"own": held, "validation": validation}),
    }
    write_json(folder.root / RESULT_NAME, record)
    print(json_text(record) if options.json else _text(record))
    return 0


_KEPT = (
    *("optimizer", "schedule", "weight_decay", "clip_norm", "label_smoothing"),
    *("direction_share", "unusual_share", "paper_share", "dropout", "seed", "average_epochs"),
    *("augmentation", "image_augmentation", "validation_share", "preset_options"),
)
"""Settings of the recogniser's own training that are taken over."""


def _own(name: str, bundle: Bundle) -> PenArchive:
    """Return the drawings that the recogniser can learn, in its alphabet."""
    data = load_data(name, TRAIN)
    if not isinstance(data, PenArchive):
        raise DatasetError("{name} holds no drawings.", "Draw samples first.").format(name=name)
    classes = class_indices(data.alphabet, bundle.alphabet)[data.labels]
    known = data.select(classes >= 0)
    known = replace(known, labels=classes[classes >= 0], alphabet=bundle.alphabet)
    if len(known) < _FEWEST:
        raise DatasetError(
            "Expected {fewest} own samples or more. Received: {n}.",
            "Collect more; until then the recogniser learns your hand without a training.",
        ).format(fewest=_FEWEST, n=len(known))
    return known


def _own_parts(own: PenArchive) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the drawings to learn and those to measure by, which stay so as more are collected.

    A recogniser that was tuned before has so never learned what it is measured by now.
    """
    chance = np.array([int(name[:8], 16) for name in sample_ids(own)]) / 2**32
    is_held = (chance < _HELD_OUT) | (chance == chance.min())
    return np.flatnonzero(~is_held), np.flatnonzero(is_held)


def _validation(config: TrainingConfig) -> Data:
    """Return samples of the rehearsed data that the run holds out as well."""
    data = load_data(config.data, TRAIN)
    rows = holdout_split(data.labels, data.writers, config.validation_share, config.seed)[1]
    if not len(rows):
        raise DatasetError(
            "{name} is too small: no sample can be held out.", "Rehearse a larger dataset."
        ).format(name=config.data)
    return samples_at(data, rows[:: -(-len(rows) // _MOST_MEASURED)])


def _measured(bundle: Bundle, parts: dict[str, Data]) -> dict[str, Any]:
    check_bundle(bundle)
    recognizer, found = Recognizer(bundle), {}
    for name, data in parts.items():
        inks = [ink for ink in inks_of(data) if ink is not None]
        said = (
            recognizer.ink_probabilities(inks)
            if isinstance(data, PenArchive)
            else recognizer.probabilities(np.asarray(data.images))
        )
        figures = make_report(bundle.alphabet, said, data).figures
        found[name] = {key: figures[key] for key in ("samples", "accuracy", "interval")}
    return found


def _text(record: dict[str, Any]) -> str:
    rows = [("", "samples", "before", "after", "95 % interval")]
    own, rehearsed = "own samples, held out", "rehearsed data, not learned now"
    for key, title in (("own", own), ("validation", rehearsed)):
        before, after = record["before"][key], record["after"][key]
        low, high = after["interval"]
        shares = (percent(before["accuracy"]), percent(after["accuracy"]))
        rows.append((title, f"{after['samples']:,}", *shares, f"{low:.1%} to {high:.1%}"))
    return "\n".join([*aligned(rows), f"Use it: {record['bundle']}"])
