"""The report of one model on one dataset: all metrics, and the prediction of each sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

from trainer.datasets.samples import Data
from trainer.errors import DatasetError
from trainer.evaluation import calibration, metrics
from trainer.evaluation.classifier import SharedAlphabet, shared_alphabet
from trainer.evaluation.report.predictions import PREDICTIONS_NAME, Predictions
from trainer.files.records import (
    Count,
    RecordError,
    Share,
    decode,
    decode_or,
    read_object,
    write_json,
)
from trainer.ink.alphabet import CharacterSet, character_set_projection, class_indices
from trainer.recognition.bundle import checksum
from trainer.recognition.recognizer import Probabilities

REPORT_NAME = "report.json"
REPORT_FORMAT = 1

_MOST_PAIRS = 30
_MOST_WRITERS, _PAIRS_OF_WRITER = 500, 3


class _Average(TypedDict):
    precision: Share
    recall: Share
    f1: Share
    support: Count


class _Class(_Average):
    character: str
    accuracy: Share
    predicted: Count
    correct: Count


class _Group(TypedDict):
    characters: list[str]
    errors: Count


class _Pair(TypedDict):
    true: str
    predicted: str
    count: Count
    of: Count
    share: Share


class WriterPair(TypedDict):
    """What of one writer is read as what, and how often."""

    true: str
    predicted: str
    count: Count


class WriterFigures(TypedDict):
    """How well one writer is read."""

    writer: str
    samples: Count
    correct: Count
    accuracy: Share
    interval: tuple[Share, Share]
    most_confused: list[WriterPair]


class _Bin(TypedDict):
    low: Share
    high: Share
    samples: Count
    confidence: Share | None
    accuracy: Share | None


class _Coverage(TypedDict):
    set_aside: Share
    samples: Count
    accuracy: Share
    least_confidence: Share


class _Figures(TypedDict):
    model: str
    data: str
    samples: Count
    writers: Count | None
    classes: Count
    accuracy: Share
    interval: tuple[Share, Share]
    accuracy_unmasked: Share
    top3: Share
    correct: Count
    incorrect: Count
    forgiving: Share
    forgiving_groups: list[_Group]
    calibration_error: Share
    characters: list[str]
    macro: _Average
    weighted: _Average
    per_class: list[_Class]
    confusion: list[list[Count]]
    most_confused: list[_Pair]
    reliability: list[_Bin]
    coverage: list[_Coverage]


@dataclass(frozen=True, eq=False)
class Report:
    """The metrics and predictions of one model on one dataset.

    Attributes
    ----------
    figures : dict
        As ``evaluate --json`` prints them.
    predictions : Predictions
    """

    figures: dict[str, Any]
    predictions: Predictions

    def save(self, folder: Path) -> None:
        """Write ``predictions.npz`` and then ``report.json``, which holds its checksum.

        Each is replaced atomically; `load_report` refuses two that do not belong together.
        """
        predictions = folder / PREDICTIONS_NAME
        self.predictions.save(predictions)
        content = {
            "format": REPORT_FORMAT,
            **self.figures,
            "predictions_sha256": checksum(predictions),
        }
        write_json(folder / REPORT_NAME, content, finite=True)


def load_figures(folder: Path) -> dict[str, Any]:
    """Read the figures that `Report.save` has written.

    Raises
    ------
    DatasetError
        If they are missing, damaged or of another version.
    """
    try:
        figures = read_object(folder / REPORT_NAME)
    except RecordError as error:
        raise DatasetError(
            "The report in {folder} cannot be read. {reason}", "Make it again."
        ).format(folder=folder.name, reason=error) from error
    if figures.get("format") != REPORT_FORMAT:
        raise DatasetError(
            "The report in {folder} was made by another version.", "Make it again."
        ).format(folder=folder.name)
    if not _is_sound(figures):
        raise DatasetError("The report in {folder} is damaged.", "Make it again.").format(
            folder=folder.name
        )
    return figures


def _is_sound(figures: dict[str, Any]) -> bool:
    try:
        decode(_Figures, figures)
    except RecordError:
        return False
    characters = figures["characters"]
    n, names = len(characters), set(characters)
    confusion = figures["confusion"]
    return (
        n > 0
        and isinstance(figures.get("merged_from"), int | None)
        and len(names) == n
        and [entry["character"] for entry in figures["per_class"]] == characters
        and [len(row) for row in confusion] == [n] * n
        and all({pair["true"], pair["predicted"]} <= names for pair in figures["most_confused"])
        and all(
            found["accuracy"] is not None and found["confidence"] is not None
            for found in figures["reliability"]
            if found["samples"]
        )
        and len(figures["coverage"]) > 1
    )


def writer_figures(figures: dict[str, Any]) -> list[WriterFigures]:
    """Return the figures by writer; none in a report that was made before there were any."""
    return decode_or([], list[WriterFigures], figures.get("by_writer"))


def load_report(folder: Path) -> Report:
    """Read figures and predictions.

    Raises
    ------
    DatasetError
        If they are missing, damaged, or do not belong together.
    """
    figures = load_figures(folder)
    predictions = Predictions.load(folder / PREDICTIONS_NAME)
    if checksum(folder / PREDICTIONS_NAME) != figures.get("predictions_sha256"):
        raise DatasetError(
            "The answers in {folder} are not those of its report.", "Make it again."
        ).format(folder=folder.name)
    return Report(figures, predictions)


def make_report(alphabet: Sequence[str], probabilities: Probabilities, data: Data) -> Report:
    """Compare a model's predictions with the labels of a dataset.

    Where both know all 62 characters, case is merged to 47 classes. Where the data have fewer
    characters than the model, its predictions are masked to theirs; ``accuracy_unmasked`` is not.

    Parameters
    ----------
    alphabet : sequence of str
        The model's classes.
    probabilities : ndarray of shape (n, n_classes), dtype=float32
    data : Dataset or PenArchive
        With `alphabet`, `labels` and `writers`; n samples, at least one.

    Raises
    ------
    DatasetError
        If there are no samples, or the model does not know some of the data's characters.
    """
    if len(data) == 0:
        raise DatasetError("{name} has no samples.").format(name=data.name)
    shared = shared_alphabet(alphabet, data)
    shown, truth, characters = shared.apply(probabilities), shared.truth, shared.characters
    predictions = Predictions.of(shown, truth, characters)
    correct = predictions.correct
    n_right, sure = int(correct.sum()), predictions.predicted_probability
    confusion = metrics.confusion_matrix(predictions.predicted, truth, len(characters))
    figures = {
        "samples": len(truth),
        "writers": None if data.writers is None else len(np.unique(data.writers)),
        "classes": len(characters),
        "merged_from": len(data.alphabet) if shared.merges_case else None,
        "accuracy": float(correct.mean()),
        "interval": list(metrics.accuracy_interval(correct, data.writers)),
        "accuracy_unmasked": _unmasked(alphabet, probabilities, shared),
        "top3": metrics.top_k_accuracy(shown, truth, 3),
        "correct": n_right,
        "incorrect": len(truth) - n_right,
        "forgiving": metrics.forgiving_accuracy(shown, truth, characters),
        "forgiving_groups": _groups(confusion, characters),
        "calibration_error": metrics.calibration_error(shown, truth),
        **_class_figures(confusion, characters),
        "reliability": [asdict(found) for found in calibration.reliability(sure, correct)],
        "coverage": [asdict(found) for found in calibration.coverage(sure, correct)],
        "by_writer": _by_writer(correct, predictions, characters, data),
    }
    return Report(figures, predictions)


def _by_writer(
    correct: npt.NDArray[np.bool_], predictions: Predictions, characters: Sequence[str], data: Data
) -> list[dict[str, Any]]:
    """Return the figures of each writer, the one who is read worst first."""
    if data.writers is None:
        return []
    numbers, index, counts = np.unique(data.writers, return_inverse=True, return_counts=True)
    if not 1 < len(numbers) <= _MOST_WRITERS:
        return []
    found = []
    for row, number in enumerate(numbers.tolist()):
        own = index == row
        is_wrong = own & ~correct
        truth, given = predictions.truth[is_wrong], predictions.predicted[is_wrong]
        pairs = Counter(zip(truth.tolist(), given.tolist(), strict=True))
        found.append(
            {
                "writer": data.writer_names[number] if data.writer_names else str(number),
                "samples": int(counts[row]),
                "correct": int(correct[own].sum()),
                "accuracy": float(correct[own].mean()),
                "interval": list(metrics.accuracy_interval(correct[own])),
                "most_confused": [
                    {"true": characters[true], "predicted": characters[other], "count": count}
                    for (true, other), count in pairs.most_common(_PAIRS_OF_WRITER)
                ],
            }
        )
    return sorted(found, key=lambda each: (each["accuracy"], -each["samples"]))


def _unmasked(
    alphabet: Sequence[str], probabilities: Probabilities, shared: SharedAlphabet
) -> float:
    """Return the accuracy without restricting the model's characters."""
    view = character_set_projection(alphabet, CharacterSet.ALL)
    predicted = view.apply(probabilities).argmax(axis=1)
    truth = class_indices(shared.characters, view.characters)
    return float(np.mean(predicted == truth[shared.truth]))


def _groups(confusion: metrics.Counts, characters: Sequence[str]) -> list[dict[str, Any]]:
    """Return the groups of look-alikes with the number of errors within each."""
    groups = []
    for classes in metrics.ambiguous_classes(characters):
        within = confusion[np.ix_(classes, classes)]
        forgiven = int(within.sum() - np.trace(within))
        groups.append({"characters": [characters[i] for i in classes], "errors": forgiven})
    return groups


def _class_figures(confusion: metrics.Counts, characters: Sequence[str]) -> dict[str, Any]:
    found = metrics.per_class(confusion)
    columns = {
        "precision": found.precision.tolist(),
        "recall": found.recall.tolist(),
        "f1": found.f1.tolist(),
        "support": found.support.tolist(),
        "accuracy": found.recall.tolist(),
        "predicted": found.predicted.tolist(),
        "correct": np.diag(confusion).tolist(),
    }
    total = int(found.support.sum())
    return {
        "characters": list(characters),
        "macro": {**found.average(), "support": total},
        "weighted": {**found.average(found.support.astype(np.float64)), "support": total},
        "per_class": [
            {"character": character, **{name: values[i] for name, values in columns.items()}}
            for i, character in enumerate(characters)
        ],
        "confusion": confusion.tolist(),
        "most_confused": [
            {
                "true": characters[true],
                "predicted": characters[predicted],
                "count": int(confusion[true, predicted]),
                "of": int(found.support[true]),
                "share": float(confusion[true, predicted] / found.support[true]),
            }
            for true, predicted in metrics.most_confused(confusion, _MOST_PAIRS)
        ],
    }
