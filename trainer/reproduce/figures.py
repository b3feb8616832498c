"""The figures of a repeated project, as files: SVG and PNG. Imports matplotlib."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, ScalarFormatter

from trainer.datasets.store import TEST, open_dataset
from trainer.explain.open import open_inspector
from trainer.files.paths import replacing
from trainer.runs import events
from trainer.runs.folder import RunFolder

_COLORS = ("#2f6fde", "#c2570c", "#2a9d5c", "#b04ad0", "#c9a400", "#d0404f", "#1aa5b8", "#7d8699")
_MARKERS = "os^Dv<>P"
_MOST_CURVES = len(_COLORS)
_MOST_NAMED = 4
"""Trials of a step that are named in the plot: the names of a grid would cover all."""

_MOST_MAPS = 8
"""Maps of a layer that are drawn."""

_DRAWN = ("Conv", "Pool")
"""Kinds of layers whose maps are drawn: between them, the others change little."""

_DPI = 150


def draw_accuracy_time(rows: Sequence[Mapping[str, Any]], title: str, stem: Path) -> list[Path]:
    """Draw accuracy against training time, the source's beside ours; nothing without figures.

    Parameters
    ----------
    rows : sequence of mappings
        As in the table's record.
    stem : Path
        Of the files, without an ending.
    """
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
    axes.set_title(title)
    axes.grid(visible=True, alpha=0.4)
    axes.legend()
    return _saved(figure, stem)


def _annotate(axes: Any, name: str, seconds: float, share: float) -> None:
    axes.annotate(
        name,
        (seconds, 100 * share),
        textcoords="offset points",
        xytext=(5, 5),
        fontsize="x-small",
    )


def draw_curves(roots: Sequence[tuple[str, Path]], title: str, stem: Path) -> list[Path]:
    """Draw accuracy and loss over the epochs: training dashed, validation drawn through.

    Parameters
    ----------
    roots : sequence of (str, Path)
        A name and a run's folder for each, the best first; those after the eighth are left out.
    """
    histories = [(name, _epochs(root)) for name, root in roots[:_MOST_CURVES]]
    histories = [(name, epochs) for name, epochs in histories if epochs]
    if not histories:
        return []
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    accuracy, loss = figure.subplots(1, 2)
    for number, (name, epochs) in enumerate(histories):
        places = [epoch.epoch for epoch in epochs]
        style: dict[str, Any] = {"color": _COLORS[number], "marker": _MARKERS[number], "ms": 3}
        accuracy.plot(places, [100 * e.accuracy for e in epochs], "--", **style, alpha=0.6)
        accuracy.plot(places, [100 * e.validation_accuracy for e in epochs], label=name, **style)
        loss.plot(places, [e.loss for e in epochs], "--", **style, alpha=0.6)
        loss.plot(places, [e.validation_loss for e in epochs], label=name, **style)
    accuracy.set_ylabel("accuracy, %")
    loss.set_ylabel("loss")
    for axes in (accuracy, loss):
        axes.set_xlabel("epochs")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=True, alpha=0.4)
    figure.suptitle(f"{title}: training dashed, validation drawn through", fontsize="medium")
    accuracy.legend(fontsize="small")
    return _saved(figure, stem)


def draw_layers(root: Path, data: Path, title: str, stem: Path) -> list[Path]:
    """Draw what the layers of a run's network make of the first test sample.

    Parameters
    ----------
    root : Path
        The run's folder.
    data : Path
        The dataset's folder.
    """
    inside = open_inspector(root)
    image = np.array(open_dataset(data).splits[TEST].images[0])
    kinds = {layer.name: layer.kind for layer in inside.graph}
    layers = [
        found
        for found in inside.activations(image)
        if any(word in kinds.get(found.name, "") for word in _DRAWN)
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
        grid[row, 0].set_title(layer.name, fontsize="small", loc="left")
    figure.suptitle(title, fontsize="medium")
    return _saved(figure, stem)


def _epochs(root: Path) -> list[events.Epoch]:
    found = {e.epoch: e for e in RunFolder(root).events() if isinstance(e, events.Epoch)}
    return [epoch for _, epoch in sorted(found.items())]


def _saved(figure: Figure, stem: Path) -> list[Path]:
    paths = [stem.with_name(f"{stem.name}.{form}") for form in ("svg", "png")]
    for path in paths:
        with replacing(path) as temporary:
            figure.savefig(temporary, format=path.suffix[1:], dpi=_DPI)
    return paths
