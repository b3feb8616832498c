"""The errors of a model: filtered, sorted and exported.

``python -m trainer evaluate --out FOLDER`` writes the predictions. *Rows* are indices into the
arrays of `Predictions`, *indices* those of samples in their split.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.datasets.analysis.statistics import Check, Report, nothing_to_check, nothing_to_report
from trainer.datasets.dataset import Labels
from trainer.datasets.export import ABOUT_NAME, class_folders, new_folder, plain_disk_errors
from trainer.errors import DatasetError
from trainer.evaluation.metrics import ambiguity
from trainer.evaluation.report.predictions import Predictions
from trainer.files.tables import cell
from trainer.ink.alphabet import class_indices
from trainer.ink.render import Image

TABLE_NAME = "mistakes.csv"
COLUMNS = (
    "file",
    "index",
    "true",
    "predicted",
    "confidence",
    "second",
    "second_confidence",
    "third",
    "third_confidence",
    "true_confidence",
)
_EVERY = 64
"""Images between two progress reports."""

Rows = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: indices into the arrays of `Predictions`."""


class ErrorOrder(StrEnum):
    """Sort order of errors."""

    SUREST = "surest"
    LEAST_SURE = "least sure"
    CLASS = "class"
    INDEX = "index"


class Alike(StrEnum):
    """Which errors are selected: all, those among characters that look alike, or the others."""

    ALL = "all"
    ONLY = "only"
    WITHOUT = "without"


@dataclass(frozen=True)
class ErrorQuery:
    """A selection of errors.

    Attributes
    ----------
    true, predicted : int or None
        Indices of characters; None for any.
    alike : Alike
    order : ErrorOrder
    """

    true: int | None = None
    predicted: int | None = None
    alike: Alike = Alike.ALL
    order: ErrorOrder = ErrorOrder.SUREST


@dataclass(frozen=True)
class Pair:
    """How often one character was predicted as another."""

    true: int
    predicted: int
    count: int


def wrong(predictions: Predictions) -> npt.NDArray[np.bool_]:
    """Return which predictions are wrong; shape (n,)."""
    different: npt.NDArray[np.bool_] = ~predictions.correct
    return different


def ambiguous(predictions: Predictions) -> npt.NDArray[np.bool_]:
    """Return which predictions are wrong by a character that looks alike; shape (n,)."""
    group = ambiguity(predictions.characters)
    alike: npt.NDArray[np.bool_] = group[predictions.truth] == group[predictions.predicted]
    return wrong(predictions) & alike


def ranking(predictions: Predictions, row: int) -> tuple[tuple[int, float], ...]:
    """Return the three most probable characters and the label with their probabilities."""
    shares: dict[int, float] = {}
    for characters, probabilities in (
        (predictions.predicted, predictions.predicted_probability),
        (predictions.second, predictions.second_probability),
        (predictions.third, predictions.third_probability),
        (predictions.truth, predictions.truth_probability),
    ):
        shares.setdefault(int(characters[row]), float(probabilities[row]))
    return tuple(sorted(shares.items(), key=lambda pair: -pair[1]))


def check_samples(predictions: Predictions, labels: Labels, alphabet: Sequence[str]) -> None:
    """Check that a dataset still holds the samples that the model was measured on.

    Parameters
    ----------
    predictions : Predictions
    labels : ndarray of shape (n,), dtype=int64
        Of the whole split.
    alphabet : sequence of str
        Of the dataset.

    Raises
    ------
    DatasetError
        If there are fewer samples, or their labels differ.
    """
    fits = not len(predictions) or 0 <= int(predictions.indices.min()) <= int(
        predictions.indices.max()
    ) < len(labels)
    if fits:
        classes = class_indices(alphabet, predictions.characters)
        fits = bool((classes[np.asarray(labels)[predictions.indices]] == predictions.truth).all())
    if not fits:
        raise DatasetError(
            "The dataset has changed since this model was measured on it.",
            "Look for mistakes again.",
        )


def select(predictions: Predictions, query: ErrorQuery) -> Rows:
    """Return the rows of the errors that a query selects, in its order.

    With equal `true` and `predicted` it selects correct predictions instead.
    """
    if query.true is not None and query.true == query.predicted:
        keep = predictions.correct
    elif query.alike is Alike.ONLY:
        keep = ambiguous(predictions)
    else:
        keep = wrong(predictions)
        if query.alike is Alike.WITHOUT:
            keep = keep & ~ambiguous(predictions)
    if query.true is not None:
        keep = keep & (predictions.truth == query.true)
    if query.predicted is not None:
        keep = keep & (predictions.predicted == query.predicted)
    rows = np.flatnonzero(keep)
    return rows[np.lexsort(_keys(predictions, rows, query.order))]


def _keys(predictions: Predictions, rows: Rows, order: ErrorOrder) -> tuple[npt.NDArray[Any], ...]:
    """Return the sort keys of rows for `numpy.lexsort`, the primary key last."""
    index, sure = predictions.indices[rows], predictions.predicted_probability[rows]
    if order is ErrorOrder.SUREST:
        return index, -sure
    if order is ErrorOrder.LEAST_SURE:
        return index, sure
    if order is ErrorOrder.CLASS:
        return index, -sure, predictions.predicted[rows], predictions.truth[rows]
    return (index,)


def pairs(predictions: Predictions, alike: Alike = Alike.ALL) -> tuple[Pair, ...]:
    """Return the confused pairs of characters, the most frequent first."""
    rows = select(predictions, ErrorQuery(alike=alike, order=ErrorOrder.INDEX))
    n = len(predictions.characters)
    codes, counts = np.unique(
        predictions.truth[rows] * n + predictions.predicted[rows], return_counts=True
    )
    order = np.lexsort((codes, -counts))
    return tuple(
        Pair(code // n, code % n, count)
        for code, count in zip(codes[order].tolist(), counts[order].tolist(), strict=True)
    )


def typical(predictions: Predictions, character: int, most: int) -> Rows:
    """Return correctly predicted samples of a character, spread evenly over the split.

    In a split sorted by writers they are of many hands; the most confident ones would all have
    the same odd shape.
    """
    rows = np.flatnonzero((predictions.truth == character) & predictions.correct)
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]


def export_errors(
    predictions: Predictions,
    rows: Rows,
    image_of: Callable[[int], Image],
    destination: Path,
    about: str = "",
    reporting: tuple[Report, Check] = (nothing_to_report, nothing_to_check),
) -> None:
    """Write samples as PNGs with a table, ``mistakes.csv``; all or nothing.

    Files are named by number, label, prediction and per cent: ``0001-5-as-S_upper-87.png``.

    Parameters
    ----------
    predictions : Predictions
    rows : ndarray of shape (n,), dtype=int64
        In the order in which they are numbered.
    image_of : callable
        Returns the image at an index of the split.
    destination : Path
        A new or empty folder.
    about : str
        Source and terms of use of the samples.
    reporting : tuple of two callables
        Called with the share that is done; called to cancel, by raising.

    Raises
    ------
    DatasetError
        If there are no rows, the folder is not empty, or it cannot be written.
    """
    if not len(rows):
        raise DatasetError("There is nothing to export.", "Show at least one mistake.")
    report, check = reporting
    with plain_disk_errors(destination), new_folder(destination) as writing:
        if about:
            (writing / ABOUT_NAME).write_text(about.rstrip() + "\n", encoding="utf-8")
        with (writing / TABLE_NAME).open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(COLUMNS)
            for number, record in enumerate(_records(predictions, rows)):
                if number % _EVERY == 0:
                    check()
                    report(number / len(rows))
                image = np.ascontiguousarray(image_of(int(record[1])))
                PillowImage.fromarray(image).save(writing / record[0])
                table.writerow(map(cell, record))
            stream.flush()
            os.fsync(stream.fileno())
        check()
    report(1.0)


def _records(predictions: Predictions, rows: Rows) -> Iterator[tuple[str, ...]]:
    names = class_folders(predictions.characters)
    digits = max(4, len(str(len(rows))))
    for number, row in enumerate(rows.tolist(), start=1):
        true, predicted = int(predictions.truth[row]), int(predictions.predicted[row])
        sure = float(predictions.predicted_probability[row])
        stem = f"{number:0{digits}d}-{names[true]}-as-{names[predicted]}-{100 * sure:.0f}"
        yield (
            f"{stem}.png",
            str(int(predictions.indices[row])),
            predictions.characters[true],
            predictions.characters[predicted],
            f"{sure:.4f}",
            predictions.characters[int(predictions.second[row])],
            f"{float(predictions.second_probability[row]):.4f}",
            predictions.characters[int(predictions.third[row])],
            f"{float(predictions.third_probability[row]):.4f}",
            f"{float(predictions.truth_probability[row]):.4f}",
        )


def folder_name(predictions: Predictions, query: ErrorQuery) -> str:
    """Return a folder name for these errors that is valid on every system."""
    names = class_folders(predictions.characters)
    parts = ["mistakes"]
    parts += [names[query.true]] if query.true is not None else []
    parts += ["as", names[query.predicted]] if query.predicted is not None else []
    return "-".join(parts)
