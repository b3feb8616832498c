"""The report of a run as one self-contained HTML file. Imports matplotlib."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from trainer.config.fields import FIELDS
from trainer.errors import RunError
from trainer.evaluation.metrics import most_confused, per_class
from trainer.files.figures import plain
from trainer.files.pages import render_page
from trainer.files.paths import replacing
from trainer.files.records import decode_or, nested, object_or_empty
from trainer.recognition.bundle import CARD_NAME
from trainer.runs import events
from trainer.runs.folder import RunFolder
from trainer.runs.list_runs import RunSummary, list_runs, summarize

_WORST_PAIRS = 10

_TRAIN, _VALIDATION = "#2f6fde", "#c4560e"
"""Colours that can be told apart with every kind of colour vision."""

_MAX_NAMES = 70
"""Most classes whose characters fit beside a matrix."""


def write_report_page(root: Path, file: Path) -> None:
    """Write the report of a run.

    Raises
    ------
    RunError
        If the run has no finished epoch.
    """
    history = events.RunHistory.of(RunFolder(root).events())
    if not history.epochs:
        raise RunError(
            "{root} has nothing to report: no epoch is done.",
            "Export its report when the first epoch is done.",
        ).format(root=root.name)
    run = next((r for r in list_runs(root.parent) if r.root == root), None) or summarize(root)
    card = object_or_empty(RunFolder(root).bundle / CARD_NAME)
    with replacing(file) as temporary:
        temporary.write_text(_page(run, history, card), encoding="utf-8")


def _page(run: RunSummary, history: events.RunHistory, card: dict[str, Any]) -> str:
    return render_page(
        "run.html",
        title=run.title,
        begun=time.strftime("%Y-%m-%d %H:%M", time.localtime(run.created)),
        status=run.status.value,
        note=run.note,
        chosen_after=run.chosen_after,
        summary=list(_summary(run, history, card)),
        warnings=[f"{each.message} {each.hint}".strip() for each in history.warnings],
        curves_drawing=_curves_figure(list(history.epochs.values())),
        best_epoch=run.best_epoch,
        **_confusion(run, history),
        settings=list(_settings(run.config)),
        **_made_with(card),
    )


def _summary(
    run: RunSummary, history: events.RunHistory, card: dict[str, Any]
) -> Iterable[tuple[str, str]]:
    started = history.started
    yield "Model", run.preset + (f", {run.parameters:,} parameters" if run.parameters else "")
    yield "Dataset", run.trained_on()
    if started is not None:
        yield "Samples", f"{started.n_train:,} training, {started.n_validation:,} validation"
    if run.accuracy is not None:
        text = f"{run.accuracy:.2%} in epoch {run.best_epoch}"
        yield "Best validation accuracy", text + _interval(run.interval)
    if run.merged_accuracy is not None:
        yield "The same with case merged", f"{run.merged_accuracy:.2%}"
    if run.test_result is not None:
        tested = run.test_result
        text = f"{tested.accuracy:.2%} of {tested.samples:,}"
        title = "Test accuracy" if run.merged_accuracy is None else "Test accuracy, case merged"
        yield title, text + _interval((tested.low, tested.high))
    validation = nested(card, "validation")
    calibration_error = decode_or(None, float, validation.get("calibration_error"))
    if calibration_error is not None:
        yield "Calibration error", f"{calibration_error:.2%}"
    growth = run.growth
    if growth is None:
        yield "Epochs", f"{run.epochs_done} of {run.epochs}"
    elif growth.planned:
        yield growth.unit.capitalize(), f"{growth.done} of {growth.planned}"
    yield "Time", f"{run.seconds:,.0f} s"
    if started is not None:
        yield "Device", " – ".join(filter(None, (started.device, started.device_reason)))
    yield "Seed", str(run.seed)


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" (95 % interval {interval[0]:.2%} to {interval[1]:.2%})"


def _confusion(run: RunSummary, history: events.RunHistory) -> dict[str, Any]:
    matrix = history.matrices.get(run.best_epoch)
    if matrix is None or history.started is None:
        return {"matrix_drawing": ""}
    alphabet = history.started.alphabet
    figures = per_class(matrix)
    rows = zip(
        alphabet, figures.precision, figures.recall, figures.f1, figures.support, strict=True
    )
    return {
        "matrix_drawing": _confusion_figure(matrix, alphabet),
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
    training = nested(card, "training")
    entries = decode_or([], list[dict[str, Any]], training.get("data"))
    names = ("use", "name", "samples", "terms", "sha256")
    return {
        "data": [[entry.get(name) or "–" for name in names] for entry in entries],
        "versions": [f"{k} {v}" for k, v in nested(training, "versions").items()],
    }


def _curves_figure(epochs: Sequence[events.Epoch]) -> str:
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    ordered = sorted(epochs, key=lambda epoch: epoch.epoch)
    numbers = [epoch.epoch for epoch in ordered]
    for axes, values, label, color in (
        (loss, [e.loss for e in ordered], "training", _TRAIN),
        (loss, [e.validation_loss for e in ordered], "validation", _VALIDATION),
        (accuracy, [100 * e.accuracy for e in ordered], "training", _TRAIN),
        (accuracy, [100 * e.validation_accuracy for e in ordered], "validation", _VALIDATION),
    ):
        axes.plot(numbers, values, "o-", markersize=3, color=color, label=label)
    for axes, title in ((loss, "loss"), (accuracy, "accuracy, %")):
        axes.set_xlabel("epoch")
        axes.set_title(title, fontsize="medium", loc="left")
        axes.grid(visible=True, linewidth=0.4)
        axes.legend(fontsize="small")
    return _svg(figure)


def _confusion_figure(matrix: npt.NDArray[np.int64], alphabet: Sequence[str]) -> str:
    """Return a confusion matrix as SVG: rows true, columns predicted, in per cent of the row."""
    shares = 100 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(7.4, 6.6), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="viridis", vmin=0, vmax=100, interpolation="nearest")
    if len(alphabet) <= _MAX_NAMES:
        size = 9 if len(alphabet) <= 26 else 6
        names = [plain(name) for name in alphabet]
        axes.set_xticks(range(len(alphabet)), names, fontsize=size)
        axes.set_yticks(range(len(alphabet)), names, fontsize=size)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    figure.colorbar(image, label="% of the class", shrink=0.8)
    return _svg(figure)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    make_canvas: Any = FigureCanvasSVG  # matplotlib's canvas has no types
    make_canvas(figure).print_svg(text, metadata={"Date": None})
    drawn = text.getvalue()
    return drawn[drawn.index("<svg") :]
