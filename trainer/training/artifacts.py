"""What a run leaves for readers besides its events: a table, the matrices, a report."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from trainer.config.training_config import TrainingConfig
from trainer.files.paths import replacing
from trainer.files.records import write_json
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.predictions import note_samples
from trainer.training.data import TrainingData

_COLUMNS = (
    "epoch",
    "loss",
    "accuracy",
    "validation_loss",
    "validation_accuracy",
    "merged_accuracy",
    "learning_rate",
    "seconds",
    "best",
)


def note_validation(folder: RunFolder, config: TrainingConfig, data: TrainingData) -> None:
    """Note which samples the run chooses by, so that a reader can show the very images."""
    note_samples(
        folder.root,
        config.validation or config.data,
        data.validation_split,
        data.validation_indices,
        data.validation.labels,
        data.validation.images,
    )


def write_history(folder: RunFolder) -> None:
    """Write ``history.csv``: a line an epoch; of epochs that were trained twice the later."""
    epochs = {e.epoch: e for e in folder.events() if isinstance(e, events.Epoch)}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for _, epoch in sorted(epochs.items()):
        table.writerow([getattr(epoch, name) for name in _COLUMNS])
    with replacing(folder.history_file) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def write_confusion(folder: RunFolder) -> None:
    """Write ``confusion.npz``: ``epochs`` (n,), ``matrices`` (n, c, c) and ``alphabet`` (c,)."""
    matrices: dict[int, tuple[tuple[int, ...], ...]] = {}
    alphabet: tuple[str, ...] = ()
    for event in folder.events():
        if isinstance(event, events.Started):
            alphabet = event.alphabet
        elif isinstance(event, events.Confusion):
            matrices[event.epoch] = event.matrix
    with replacing(folder.confusion_file) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(
            stream,
            epochs=np.array(sorted(matrices), dtype=np.int64),
            matrices=np.array([matrices[epoch] for epoch in sorted(matrices)], dtype=np.int64),
            alphabet=np.array(alphabet),
        )


def write_report(folder: RunFolder, card: dict[str, Any]) -> None:
    """Write ``report.json``: the card of the bundle, the device, the epochs, the time taken."""
    epochs = {e.epoch: e for e in folder.events() if isinstance(e, events.Epoch)}
    started = [e for e in folder.events() if isinstance(e, events.Started)]
    last = started[-1] if started else None
    report = {
        "name": card["name"],
        "network": card["network"],
        "training": card["training"],
        "validation": card["validation"],
        "model": card["model"],
        "epochs": len(epochs),
        "seconds": sum(epoch.seconds for epoch in epochs.values()),
        "starts": len(started),
        "device": last.device if last else "",
        "device_reason": last.device_reason if last else "",
        "samples_to_train_on": last.n_train if last else 0,
    }
    write_json(folder.report_file, report, indent=2)


def accuracy_of(folder: RunFolder, epoch: int) -> float:
    """Return the validation accuracy of an epoch, as its event says; 0 if there is none."""
    done = [e for e in folder.events() if isinstance(e, events.Epoch) and e.epoch == epoch]
    return done[-1].validation_accuracy if done else 0.0
