"""Where a model was wrong: which samples, filtered, ordered and written out.

``python -m trainer evaluate --out FOLDER`` leaves a report and how each sample was read.
*Rows* are places in the arrays of `Predictions`, *indices* are places of samples in their split.
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
from trainer.evaluation.metrics import ambiguous_places
from trainer.evaluation.report.predictions import Predictions
from trainer.ink.alphabet import projection
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
"""Pictures between two reports."""

Rows = npt.NDArray[np.int64]
"""Array of shape (n,), dtype=int64: places in the arrays of `Predictions`."""


class ErrorOrder(StrEnum):
    """How the mistakes follow one another."""

    SUREST = "surest"
    LEAST_SURE = "least sure"
    CLASS = "class"
    INDEX = "index"


class Alike(StrEnum):
    """Which mistakes count: all, those among characters that look alike, or the others."""

    ALL = "all"
    ONLY = "only"
    WITHOUT = "without"


@dataclass(frozen=True)
class ErrorQuery:
    """Which mistakes are asked for.

    Attributes
    ----------
    true, predicted : int or None
        Places in the characters; None for any.
    alike : Alike
    order : ErrorOrder
    """

    true: int | None = None
    predicted: int | None = None
    alike: Alike = Alike.ALL
    order: ErrorOrder = ErrorOrder.SUREST


@dataclass(frozen=True)
class Pair:
    """How often one character was taken for another."""

    true: int
    predicted: int
    count: int


def wrong(found: Predictions) -> npt.NDArray[np.bool_]:
    """Return which samples were taken for something else; shape (n,)."""
    different: npt.NDArray[np.bool_] = ~found.correct
    return different


def ambiguous(found: Predictions) -> npt.NDArray[np.bool_]:
    """Return which samples were taken for another character that looks alike; shape (n,)."""
    group = np.arange(len(found.characters))
    for places in ambiguous_places(found.characters):
        group[places] = places[0]
    alike: npt.NDArray[np.bool_] = group[found.truth] == group[found.predicted]
    return wrong(found) & alike


def ranking(found: Predictions, row: int) -> tuple[tuple[int, float], ...]:
    """Return the first three answers and the label, each once: character and probability."""
    shares: dict[int, float] = {}
    for places, probabilities in (
        (found.predicted, found.predicted_probability),
        (found.second, found.second_probability),
        (found.third, found.third_probability),
        (found.truth, found.truth_probability),
    ):
        shares.setdefault(int(places[row]), float(probabilities[row]))
    return tuple(sorted(shares.items(), key=lambda pair: -pair[1]))


def check_samples(found: Predictions, labels: Labels, alphabet: Sequence[str]) -> None:
    """Make sure that the samples are still those that the model was asked about.

    Parameters
    ----------
    found : Predictions
    labels : ndarray of shape (n,), dtype=int64
        Of the whole split.
    alphabet : sequence of str
        Of the dataset.

    Raises
    ------
    DatasetError
        If there are fewer samples, or they are other characters.
    """
    fits = not len(found) or 0 <= int(found.indices.min()) <= int(found.indices.max()) < len(labels)
    if fits:
        meant = _meant(alphabet, found.characters)
        fits = bool((meant[np.asarray(labels)[found.indices]] == found.truth).all())
    if not fits:
        raise DatasetError(
            "The dataset has changed since this model was measured on it.",
            "Look for mistakes again.",
        )


def _meant(alphabet: Sequence[str], characters: Sequence[str]) -> Labels:
    """Return which of `characters` each class of a dataset stands for; -1 for none."""
    mapped = projection(alphabet, characters)
    places = np.array([characters.index(name) for name in mapped.characters], dtype=np.int64)
    meant = np.full(len(alphabet), -1, dtype=np.int64)
    classes, columns = np.nonzero(mapped.matrix)
    meant[classes] = places[columns]
    return meant


def select(found: Predictions, query: ErrorQuery) -> Rows:
    """Return the rows of the mistakes that a query asks for, in its order.

    A character taken for itself asks for the samples that were read right.
    """
    if query.true is not None and query.true == query.predicted:
        keep = found.correct
    elif query.alike is Alike.ONLY:
        keep = ambiguous(found)
    else:
        keep = wrong(found)
        if query.alike is Alike.WITHOUT:
            keep = keep & ~ambiguous(found)
    if query.true is not None:
        keep = keep & (found.truth == query.true)
    if query.predicted is not None:
        keep = keep & (found.predicted == query.predicted)
    rows = np.flatnonzero(keep)
    return rows[np.lexsort(_keys(found, rows, query.order))]


def _keys(found: Predictions, rows: Rows, order: ErrorOrder) -> tuple[npt.NDArray[Any], ...]:
    """Return what rows are sorted by, the last first, as `numpy.lexsort` takes it."""
    index, sure = found.indices[rows], found.predicted_probability[rows]
    if order is ErrorOrder.SUREST:
        return index, -sure
    if order is ErrorOrder.LEAST_SURE:
        return index, sure
    if order is ErrorOrder.CLASS:
        return index, -sure, found.predicted[rows], found.truth[rows]
    return (index,)


def pairs(found: Predictions, alike: Alike = Alike.ALL) -> tuple[Pair, ...]:
    """Return which characters were taken for which, the most frequent first."""
    rows = select(found, ErrorQuery(alike=alike, order=ErrorOrder.INDEX))
    n = len(found.characters)
    codes, counts = np.unique(found.truth[rows] * n + found.predicted[rows], return_counts=True)
    order = np.lexsort((codes, -counts))
    return tuple(
        Pair(code // n, code % n, count)
        for code, count in zip(codes[order].tolist(), counts[order].tolist(), strict=True)
    )


def typical(found: Predictions, character: int, most: int) -> Rows:
    """Return samples of a character that were read right, taken from all over the split.

    Of a split that goes from writer to writer they are of many; the surest ones would all be of
    one odd form, which nothing else resembles.
    """
    rows = np.flatnonzero((found.truth == character) & found.correct)
    if len(rows) <= most:
        return rows
    places = np.linspace(0, len(rows) - 1, most).round().astype(np.int64)
    return rows[places]


def write_mistakes(
    found: Predictions,
    rows: Rows,
    image_of: Callable[[int], Image],
    destination: Path,
    about: str = "",
    reporting: tuple[Report, Check] = (nothing_to_report, nothing_to_check),
) -> None:
    """Write samples as PNGs with a table, ``mistakes.csv``; all or nothing.

    The names count, and say what was taken for what: ``0001-5-as-S_upper-87.png``.

    Parameters
    ----------
    found : Predictions
    rows : ndarray of shape (n,), dtype=int64
        In the order in which they are numbered.
    image_of : callable
        Returns the image at an index of the split.
    destination : Path
        A new or empty folder.
    about : str
        Where the samples are from and what may be done with them.
    reporting : tuple of two callables
        Told the share that is done; raises to end it. Called now and then.

    Raises
    ------
    DatasetError
        If there is nothing to write, the folder is not empty, or the disk does not take it.
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
            for number, record in enumerate(_records(found, rows)):
                if number % _EVERY == 0:
                    check()
                    report(number / len(rows))
                image = np.ascontiguousarray(image_of(int(record[1])))
                PillowImage.fromarray(image).save(writing / record[0])
                table.writerow(record)
            stream.flush()
            os.fsync(stream.fileno())
        check()
    report(1.0)


def _records(found: Predictions, rows: Rows) -> Iterator[tuple[str, ...]]:
    """Return what the table says of each sample: the columns of `COLUMNS`."""
    names = class_folders(found.characters)
    digits = max(4, len(str(len(rows))))
    for number, row in enumerate(rows.tolist(), start=1):
        true, predicted = int(found.truth[row]), int(found.predicted[row])
        sure = float(found.predicted_probability[row])
        stem = f"{number:0{digits}d}-{names[true]}-as-{names[predicted]}-{100 * sure:.0f}"
        yield (
            f"{stem}.png",
            str(int(found.indices[row])),
            found.characters[true],
            found.characters[predicted],
            f"{sure:.4f}",
            found.characters[int(found.second[row])],
            f"{float(found.second_probability[row]):.4f}",
            found.characters[int(found.third[row])],
            f"{float(found.third_probability[row]):.4f}",
            f"{float(found.truth_probability[row]):.4f}",
        )


def folder_name(found: Predictions, query: ErrorQuery) -> str:
    """Return a name for a folder with these mistakes, safe on every system."""
    names = class_folders(found.characters)
    parts = ["mistakes"]
    parts += [names[query.true]] if query.true is not None else []
    parts += ["as", names[query.predicted]] if query.predicted is not None else []
    return "-".join(parts)
