"""``python -m trainer evaluate``: measure a recogniser on a dataset."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trainer.alphabet import (
    BYCLASS,
    BYMERGE,
    DIGITS,
    Projection,
    Reading,
    projection,
    reading_projection,
)
from trainer.bundle import Bundle, load_bundle
from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.load import Data, load_data
from trainer.errors import DatasetError
from trainer.evaluation import metrics
from trainer.paths import default_bundle
from trainer.preprocess import IMAGE_SIZE
from trainer.recognizer import Probabilities, Recognizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--model", type=Path, help="folder of a bundle (default: the bundled one)")
    parser.add_argument("--data", required=True, help="a pen archive, or IDX images in a folder")
    parser.add_argument("--split", default="", help="default: test where there is one, else all")
    parser.add_argument(
        "--pen-widths",
        type=float,
        nargs="+",
        metavar="PX",
        help="render inks at these widths and average (default: as the bundle says)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Measure and print; return 0."""
    bundle = load_bundle(options.model or default_bundle())
    data = load_data(options.data, options.split)
    if len(data) == 0:
        raise DatasetError(f"{options.data} has no samples.")
    recognizer = Recognizer(bundle)
    widths: Sequence[float] = options.pen_widths or bundle.pen_widths
    if isinstance(data, Dataset):
        probabilities = recognizer.probabilities(_checked(data).images)
    else:
        rendered = [recognizer.probabilities(data.render(width).images) for width in widths]
        probabilities = np.mean(rendered, axis=0)
    figures = evaluate(bundle, probabilities, data)
    figures = {"model": bundle.name, "data": data.name, **figures}
    print(json.dumps(figures) if options.json else _table(figures))
    return 0


def evaluate(bundle: Bundle, probabilities: Probabilities, data: Data) -> dict[str, Any]:
    """Compare probabilities with the labels of a dataset.

    Where the bundle knows all 62 characters and so do the data, both are merged to 47 and
    the 62-way figure is given beside. Where the data have fewer characters than the bundle,
    ``accuracy`` is masked to theirs and ``accuracy_unmasked`` is not.

    Parameters
    ----------
    bundle : Bundle
    probabilities : ndarray of shape (n, n_classes), dtype=float32
    data : Dataset or PenArchive
        With `alphabet`, `labels` and `writers`.

    Raises
    ------
    DatasetError
        If the recogniser knows none of the characters of the data, or too few of them.
    """
    present = [data.alphabet[label] for label in np.unique(data.labels).tolist()]
    targets = BYMERGE if len(data.alphabet) == len(BYCLASS) else data.alphabet
    if set(present) <= set(DIGITS):
        targets = tuple(DIGITS)
    masked = projection(bundle.alphabet, targets)
    order = {character: index for index, character in enumerate(masked.characters)}
    truth_map = projection(data.alphabet, masked.characters)
    labels = np.full(len(data.alphabet), -1, dtype=np.int64)
    for row, values in enumerate(truth_map.matrix):
        if values.any():
            labels[row] = order[truth_map.characters[int(values.argmax())]]
    truth = labels[data.labels]
    if (truth < 0).any():
        unknown = sorted({data.alphabet[i] for i in np.unique(data.labels[truth < 0]).tolist()})
        raise DatasetError(
            f"The recogniser does not know these characters of the data: {' '.join(unknown)}.",
            "Measure it on data of its own alphabet.",
        )
    shown = masked.apply(probabilities)
    correct = shown.argmax(axis=1) == truth
    unmasked_view = reading_projection(bundle.alphabet, Reading.ALL)
    unmasked = unmasked_view.apply(probabilities).argmax(axis=1)
    merged_truth = projection(masked.characters, unmasked_view.characters)
    return {
        "samples": len(truth),
        "writers": None if data.writers is None else len(np.unique(data.writers)),
        "classes": len(masked.characters),
        "accuracy": float(correct.mean()),
        "interval": list(metrics.accuracy_interval(correct, data.writers)),
        "accuracy_unmasked": float(
            np.mean(unmasked == _columns(merged_truth, unmasked_view.characters)[truth])
        ),
        "top3": metrics.top_k_accuracy(shown, truth, 3),
        "forgiving": metrics.forgiving_accuracy(shown, truth, masked.characters),
        "calibration_error": metrics.calibration_error(shown, truth),
    }


def _columns(mapping: Projection, characters: Sequence[str]) -> Labels:
    """Return for each row of a projection the place of its target in `characters`."""
    order = {character: index for index, character in enumerate(characters)}
    places = np.array([order[character] for character in mapping.characters])
    return np.where(mapping.matrix.any(axis=1), places[mapping.matrix.argmax(axis=1)], -1)


def _checked(data: Dataset) -> Dataset:
    if data.images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE):
        raise DatasetError(
            f"Expected images of {IMAGE_SIZE}×{IMAGE_SIZE} pixels. "
            f"Received: {data.images.shape[1]}×{data.images.shape[2]}."
        )
    return data


def _table(figures: dict[str, Any]) -> str:
    low, high = figures["interval"]
    by = f", by {figures['writers']} writers" if figures["writers"] else ""
    return "\n".join(
        (
            f"{figures['model']} on {figures['data']}: "
            f"{figures['samples']:,} samples, {figures['classes']} classes",
            f"accuracy           {figures['accuracy']:8.2%}   "
            f"95 % interval {low:.2%} to {high:.2%}{by}",
            f"without masking    {figures['accuracy_unmasked']:8.2%}",
            f"among the first 3  {figures['top3']:8.2%}",
            f"forgiving          {figures['forgiving']:8.2%}   "
            "0/O, 1/I/L, 5/S, 2/Z, 9/q/g, F/f count as one",
            f"calibration error  {figures['calibration_error']:8.2%}",
        )
    )
