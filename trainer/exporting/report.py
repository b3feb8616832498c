"""What became of a run, as one HTML file that needs nothing else: figures, tables, settings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.config.fields import FIELDS
from trainer.errors import RunError
from trainer.evaluation.metrics import most_confused, per_class
from trainer.exporting.figures import confusion_figure, curves_figure
from trainer.files.pages import render_page
from trainer.files.paths import replacing
from trainer.files.records import decode_or, nested, object_or_empty
from trainer.recognition.bundle import CARD_NAME
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, list_runs, summarize

_WORST_PAIRS = 10


@dataclass
class _RunStory:
    """What the events of a run say."""

    started: events.Started | None = None
    epochs: dict[int, events.Epoch] = field(default_factory=dict)
    matrices: dict[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def write_report_page(root: Path, file: Path) -> None:
    """Write the report of a run.

    Raises
    ------
    RunError
        If no epoch of it is done.
    """
    told = _read(RunFolder(root))
    if not told.epochs:
        raise RunError(
            "{root} has nothing to report: no epoch is done.",
            "Export its report when the first epoch is done.",
        ).format(root=root.name)
    run = next((r for r in list_runs(root.parent) if r.root == root), None) or summarize(root)
    card = object_or_empty(RunFolder(root).bundle / CARD_NAME)
    with replacing(file) as temporary:
        temporary.write_text(_page(run, told, card), encoding="utf-8")


def _read(folder: RunFolder) -> _RunStory:
    told = _RunStory()
    for event in folder.events():
        match event:
            case events.Started():
                told.started = event
                for kept in (told.epochs, told.matrices):
                    for epoch in [number for number in kept if number >= event.first_epoch]:
                        del kept[epoch]
            case events.Epoch():
                told.epochs[event.epoch] = event
            case events.Confusion():
                told.matrices[event.epoch] = np.array(event.matrix, dtype=np.int64)
            case events.Warned():
                told.warnings.append(f"{event.message} {event.hint}".strip())
    return told


def _page(run: RunSummary, told: _RunStory, card: dict[str, Any]) -> str:
    return render_page(
        "run.html",
        title=run.title,
        begun=time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created)),
        status=run.status.value,
        note=run.note,
        chosen_after=run.chosen_after,
        summary=list(_summary(run, told, card)),
        warnings=told.warnings,
        curves_drawing=curves_figure(list(told.epochs.values())),
        best_epoch=run.best_epoch,
        **_confusion(run, told),
        settings=list(_settings(run.config)),
        **_made_with(card),
    )


def _summary(run: RunSummary, told: _RunStory, card: dict[str, Any]) -> Iterable[tuple[str, str]]:
    started = told.started
    yield "Model", run.preset + (f", {run.parameters:,} parameters" if run.parameters else "")
    yield "Dataset", run.dataset
    if started is not None:
        yield "Samples", f"{started.n_train:,} to train on, {started.n_validation:,} to choose by"
    if run.accuracy is not None:
        text = f"{run.accuracy:.2%} in epoch {run.best_epoch}"
        yield "Best validation accuracy", text + _interval(run.interval)
    if run.test_result is not None:
        tested = run.test_result
        text = f"{tested.accuracy:.2%} of {tested.samples:,}"
        yield "Test accuracy", text + _interval((tested.low, tested.high))
    validation = nested(card, "validation")
    calibration_error = decode_or(None, float, validation.get("calibration_error"))
    if calibration_error is not None:
        yield "Calibration error", f"{calibration_error:.2%}"
    yield "Epochs", f"{run.epochs_done} of {run.epochs}"
    yield "Time", f"{run.seconds:,.0f} s"
    if started is not None:
        yield "Device", " – ".join(filter(None, (started.device, started.device_reason)))
    yield "Seed", str(run.seed)


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" (95 % interval {interval[0]:.2%} to {interval[1]:.2%})"


def _confusion(run: RunSummary, told: _RunStory) -> dict[str, Any]:
    matrix = told.matrices.get(run.best_epoch)
    if matrix is None or told.started is None:
        return {"matrix_drawing": ""}
    alphabet = told.started.alphabet
    figures = per_class(matrix)
    rows = zip(
        alphabet, figures.precision, figures.recall, figures.f1, figures.support, strict=True
    )
    return {
        "matrix_drawing": confusion_figure(matrix, alphabet),
        "worst": [
            (alphabet[true], alphabet[read], f"{matrix[true, read]:,}", f"{matrix[true].sum():,}")
            for true, read in most_confused(matrix, _WORST_PAIRS)
        ],
        "per_class": [
            (name, f"{precision:.1%}", f"{recall:.1%}", f"{f1:.1%}", f"{support:,}")
            for name, precision, recall, f1, support in rows
        ],
    }


def _settings(config: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in config.items():
        title = FIELDS[name].title if name in FIELDS else name.replace("_", " ").capitalize()
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield title, shown or "–"


def _made_with(card: dict[str, Any]) -> dict[str, Any]:
    training = card.get("training")
    training = training if isinstance(training, dict) else {}
    data, versions = training.get("data"), training.get("versions")
    names = ("use", "name", "samples", "terms", "sha256")
    entries = [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
    return {
        "data": [[entry.get(name) or "–" for name in names] for entry in entries],
        "versions": [f"{k} {v}" for k, v in versions.items()] if isinstance(versions, dict) else [],
    }
