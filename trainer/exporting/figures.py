"""Figures of a report, as SVG that stands in a page. Imports matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from trainer.runs import events

_TRAIN, _VALIDATION = "#2f6fde", "#c4560e"
"""Told apart by readers of all kinds of colour vision."""

_MOST_NAMES = 70
"""Classes whose characters fit beside a matrix."""


def curves_figure(epochs: Sequence[events.Epoch]) -> str:
    """Return loss and accuracy against the epochs."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    ordered = sorted(epochs, key=lambda epoch: epoch.epoch)
    numbers = [epoch.epoch for epoch in ordered]
    _curve(loss, numbers, [e.loss for e in ordered], "training", _TRAIN)
    _curve(loss, numbers, [e.validation_loss for e in ordered], "validation", _VALIDATION)
    _curve(accuracy, numbers, [100 * e.accuracy for e in ordered], "training", _TRAIN)
    validation = [100 * e.validation_accuracy for e in ordered]
    _curve(accuracy, numbers, validation, "validation", _VALIDATION)
    for axes, title in ((loss, "loss"), (accuracy, "accuracy, %")):
        axes.set_xlabel("epoch")
        axes.set_title(title, fontsize="medium", loc="left")
        axes.grid(visible=True, linewidth=0.4)
        axes.legend(fontsize="small")
    return _svg(figure)


def confusion_figure(matrix: npt.NDArray[np.int64], alphabet: Sequence[str]) -> str:
    """Return a confusion matrix: rows true, columns taken for, in per cent of the row."""
    shares = 100 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(7.4, 6.6), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="viridis", vmin=0, vmax=100, interpolation="nearest")
    if len(alphabet) <= _MOST_NAMES:
        size = 9 if len(alphabet) <= 26 else 6
        axes.set_xticks(range(len(alphabet)), alphabet, fontsize=size)
        axes.set_yticks(range(len(alphabet)), alphabet, fontsize=size)
    axes.set_xlabel("taken for")
    axes.set_ylabel("is")
    figure.colorbar(image, label="% of the class", shrink=0.8)
    return _svg(figure)


def _curve(
    axes: Axes, numbers: Sequence[int], values: Sequence[float], label: str, color: str
) -> None:
    axes.plot(numbers, values, "o-", markersize=3, color=color, label=label)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    make_canvas: Any = FigureCanvasSVG  # matplotlib's canvas has no types
    make_canvas(figure).print_svg(text, metadata={"Date": None})
    drawn = text.getvalue()
    return drawn[drawn.index("<svg") :]
