"""The report of one model on one dataset: every figure, and how each sample was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.dataset import Labels
from trainer.datasets.load import Data
from trainer.errors import DatasetError
from trainer.evaluation import calibration, metrics
from trainer.evaluation.classifier import Comparable, comparable
from trainer.evaluation.report.predictions import PREDICTIONS_NAME, Predictions
from trainer.evaluation.report.schema import is_sound
from trainer.files.records import RecordError, read_object, write_json
from trainer.ink.alphabet import CharacterSet, Projection, character_set_projection, projection
from trainer.recognition.bundle import checksum
from trainer.recognition.recognizer import Probabilities

REPORT_NAME = "report.json"
REPORT_FORMAT = 1

_MOST_PAIRS = 30


@dataclass(frozen=True, eq=False)
class Report:
    """What was measured.

    Attributes
    ----------
    figures : dict
        What ``evaluate --json`` prints: plain values, in the order in which they are read.
    predictions : Predictions
    """

    figures: dict[str, Any]
    predictions: Predictions

    def save(self, folder: Path) -> None:
        """Write ``predictions.npz`` and then ``report.json``, which holds its checksum.

        Each is replaced as a whole, and a reader takes no pair that does not belong together.
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
    if not is_sound(figures):
        raise DatasetError("The report in {folder} is damaged.", "Make it again.").format(
            folder=folder.name
        )
    return figures


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
    """Compare a model's answers with the labels of a dataset.

    Where both know all 62 characters, case is merged to 47 classes. Where the data have fewer
    characters than the model, its answers are masked to theirs; ``accuracy_unmasked`` is not.

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
    common = comparable(alphabet, data)
    shown, truth, characters = common.apply(probabilities), common.truth, common.characters
    predictions = Predictions.of(shown, truth, characters)
    correct = predictions.correct
    n_right = int(correct.sum())
    confusion = metrics.confusion_matrix(predictions.predicted, truth, len(characters))
    figures = {
        "samples": len(truth),
        "writers": None if data.writers is None else len(np.unique(data.writers)),
        "classes": len(characters),
        "accuracy": float(correct.mean()),
        "interval": list(metrics.accuracy_interval(correct, data.writers)),
        "accuracy_unmasked": _unmasked(alphabet, probabilities, common),
        "top3": metrics.top_k_accuracy(shown, truth, 3),
        "correct": n_right,
        "incorrect": len(truth) - n_right,
        "forgiving": metrics.forgiving_accuracy(shown, truth, characters),
        "forgiving_groups": _groups(confusion, characters),
        "calibration_error": metrics.calibration_error(shown, truth),
        **_class_figures(confusion, characters),
        **_confidence_figures(predictions.predicted_probability, correct),
    }
    return Report(figures, predictions)


def _unmasked(alphabet: Sequence[str], probabilities: Probabilities, common: Comparable) -> float:
    """Return the accuracy with every character of the model among the answers."""
    view = character_set_projection(alphabet, CharacterSet.ALL)
    answers = view.apply(probabilities).argmax(axis=1)
    truth = _columns(projection(common.characters, view.characters), view.characters)
    return float(np.mean(answers == truth[common.truth]))


def _columns(mapping: Projection, characters: Sequence[str]) -> Labels:
    """Return for each row of a projection the place of its target in `characters`."""
    order = {character: index for index, character in enumerate(characters)}
    places = np.array([order[character] for character in mapping.characters])
    return np.where(mapping.matrix.any(axis=1), places[mapping.matrix.argmax(axis=1)], -1)


def _groups(confusion: metrics.Counts, characters: Sequence[str]) -> list[dict[str, Any]]:
    """Return the look-alikes among `characters`, with the errors that each group forgives."""
    groups = []
    for places in metrics.ambiguous_places(characters):
        within = confusion[np.ix_(places, places)]
        forgiven = int(within.sum() - np.trace(within))
        groups.append({"characters": [characters[i] for i in places], "errors": forgiven})
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


def _confidence_figures(
    confidence: npt.NDArray[np.float32], correct: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    return {
        "reliability": [asdict(found) for found in calibration.reliability(confidence, correct)],
        "coverage": [asdict(found) for found in calibration.coverage(confidence, correct)],
    }
