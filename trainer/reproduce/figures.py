"""The figures of a reproduced project, as SVG and PNG. Imports matplotlib."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, ScalarFormatter

from trainer.datasets.store import TEST, open_dataset
from trainer.errors import TrainerError
from trainer.explain.open import open_inspector
from trainer.files.figures import plain
from trainer.files.paths import replacing
from trainer.reproduce.plan import Project, ProjectStep
from trainer.reproduce.run import Row
from trainer.runs import events
from trainer.runs.folder import RunFolder

logger = logging.getLogger(__name__)

_COLORS = ("#2f6fde", "#c2570c", "#2a9d5c", "#b04ad0", "#c9a400", "#d0404f", "#1aa5b8", "#7d8699")
_MARKERS = "os^Dv<>P"
_MOST_CURVES = len(_COLORS)
_MOST_NAMED = 4
"""Most trials of a step that are named in the plot: the names of a grid would cover it."""

_MOST_MAPS = 8
"""Most feature maps of a layer that are drawn."""

_DRAWN = ("Conv", "Pool")
"""Kinds of layers whose feature maps are drawn; the others change little."""

_DPI = 150


def draw_figures(
    project: Project, rows: Sequence[Row], runs: Path, data: Path, folder: Path
) -> list[Path]:
    """Draw accuracy against time, the training curves, and feature maps of a sample.

    Parameters
    ----------
    project : Project
    rows : sequence of Row
        Steps without rows are skipped.
    runs, data : Path
        Folders of the runs, and of the prepared dataset.
    folder : Path
        For the files.
    """
    records = [asdict(row) for row in rows]
    paths = _draw_accuracy_time(records, project.title, folder / "accuracy-time")
    for step in project.steps:
        paths += _draw_step(step, rows, runs, data, folder)
    return paths


def _draw_step(
    step: ProjectStep, rows: Sequence[Row], runs: Path, data: Path, folder: Path
) -> Iterator[Path]:
    results = [row for row in rows if row.step == step.name and not row.error]
    if step.curves:
        trained = sorted(
            (row for row in results if not row.chosen),
            key=lambda row: row.ours or 0.0,
            reverse=True,
        )
        named = [(row.trial, runs / root) for row in trained for root in row.runs]
        yield from _draw_curves(named, step.title, folder / f"curves-{step.name}")
    if step.layers and results:
        root = runs / results[-1].runs[-1]
        title = f"{step.title}: {results[-1].trial}"
        try:
            yield from _draw_layers(root, data, title, folder / f"layers-{step.name}")
        except TrainerError as error:  # the other figures are complete without it
            logger.warning("No picture of the layers: %s", error.message)


def _draw_accuracy_time(rows: Sequence[Mapping[str, Any]], title: str, stem: Path) -> list[Path]:
    """Draw accuracy against training time, ours and the source's; nothing without figures."""
    ours = [row for row in rows if row["ours"] is not None and row["seconds"]]
    theirs = [row for row in rows if row["theirs"] is not None and row["theirs_seconds"]]
    if not ours:
        return []
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    axes.scatter(
        [row["seconds"] for row in ours], [100 * row["ours"] for row in ours], label="ours"
    )
    if theirs:
        seconds = [row["theirs_seconds"] for row in theirs]
        shares = [100 * row["theirs"] for row in theirs]
        axes.scatter(
            seconds, shares, facecolors="none", edgecolors="#c2570c", marker="s", label="theirs"
        )
    for row in theirs:
        _annotate(axes, row["step"], row["theirs_seconds"], row["theirs"])
    trials = Counter(row["step"] for row in ours)
    for row in ours:
        few = trials[row["step"]] <= _MOST_NAMED
        name = f"{row['step']}, {row['trial']}" if trials[row["step"]] > 1 else row["step"]
        if few or row["chosen"]:
            _annotate(axes, name, row["seconds"], row["ours"])
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("time to train, s")
    axes.set_ylabel("accuracy or F1, %")
    axes.set_title(plain(title))
    axes.grid(visible=True, alpha=0.4)
    axes.legend()
    return _saved(figure, stem)


def _annotate(axes: Any, name: str, seconds: float, share: float) -> None:
    axes.annotate(
        plain(name),
        (seconds, 100 * share),
        textcoords="offset points",
        xytext=(5, 5),
        fontsize="x-small",
    )


def _draw_curves(roots: Sequence[tuple[str, Path]], title: str, stem: Path) -> list[Path]:
    """Draw accuracy and loss over the epochs of named runs, best first."""
    histories = [(name, _epochs(root)) for name, root in roots[:_MOST_CURVES]]
    histories = [(name, epochs) for name, epochs in histories if epochs]
    if not histories:
        return []
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    accuracy, loss = figure.subplots(1, 2)
    for index, (name, epochs) in enumerate(histories):
        numbers = [epoch.epoch for epoch in epochs]
        style: dict[str, Any] = {"color": _COLORS[index], "marker": _MARKERS[index], "ms": 3}
        accuracy.plot(numbers, [100 * e.accuracy for e in epochs], "--", **style, alpha=0.6)
        accuracy.plot(
            numbers, [100 * e.validation_accuracy for e in epochs], label=plain(name), **style
        )
        loss.plot(numbers, [e.loss for e in epochs], "--", **style, alpha=0.6)
        loss.plot(numbers, [e.validation_loss for e in epochs], label=plain(name), **style)
    accuracy.set_ylabel("accuracy, %")
    loss.set_ylabel("loss")
    for axes in (accuracy, loss):
        axes.set_xlabel("epochs")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=True, alpha=0.4)
    figure.suptitle(f"{plain(title)}: training dashed, validation solid", fontsize="medium")
    accuracy.legend(fontsize="small")
    return _saved(figure, stem)


def _draw_layers(root: Path, data: Path, title: str, stem: Path) -> list[Path]:
    """Draw the feature maps of the first test sample in a run's network."""
    inspector = open_inspector(root)
    image = np.array(open_dataset(data).splits[TEST].images[0])
    kinds = {layer.name: layer.kind for layer in inspector.graph}
    layers = [
        layer
        for layer in inspector.activations(image)
        if any(word in kinds.get(layer.name, "") for word in _DRAWN)
    ]
    figure = Figure(figsize=(_MOST_MAPS * 1.1, 1.3 * (len(layers) + 1)), layout="constrained")
    grid = figure.subplots(len(layers) + 1, _MOST_MAPS, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    grid[0, 0].imshow(image, cmap="gray_r", vmin=0, vmax=255)
    grid[0, 0].set_title("the image", fontsize="small")
    for row, layer in enumerate(layers, start=1):
        for column, values in enumerate(layer.maps[:_MOST_MAPS]):
            grid[row, column].imshow(values, cmap="viridis")
        grid[row, 0].set_title(plain(layer.name), fontsize="small", loc="left")
    figure.suptitle(plain(title), fontsize="medium")
    return _saved(figure, stem)


def _epochs(root: Path) -> list[events.Epoch]:
    epochs = events.RunHistory.of(RunFolder(root).events()).epochs
    return [epoch for _, epoch in sorted(epochs.items())]


def _saved(figure: Figure, stem: Path) -> list[Path]:
    paths = [stem.with_name(f"{stem.name}.{form}") for form in ("svg", "png")]
    for path in paths:
        with replacing(path) as temporary:
            figure.savefig(temporary, format=path.suffix[1:], dpi=_DPI)
    return paths
