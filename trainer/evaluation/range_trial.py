"""The input range of a network from a file, found by trying all on labelled samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trainer.datasets.samples import Data, samples_at
from trainer.evaluation.classifier import Classifier, data_images, shared_alphabet
from trainer.evaluation.input_range import InputRange

_TRIED = 500
"""Samples on which the ranges are tried."""

_LEAST_LEAD = 0.1
"""Accuracy above chance from which the result of a trial means something."""

_SIMILAR = 1.1
"""Ratio of losses up to which the range that the first layers suggest is preferred."""

_LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True)
class FoundRange:
    """An input range, and how it was found.

    Attributes
    ----------
    name : InputRange
    how : str
        "given", "tried", or "assumed" from the first layers.
    samples : int
        On which it was tried.
    accuracy : float
        On them, from 0 to 1.
    """

    name: InputRange
    how: str
    samples: int = 0
    accuracy: float = 0.0


def settle_input_range(
    classifier: Classifier, data: Data, given: InputRange | None
) -> FoundRange | None:
    """Set the input range of a classifier of a file to the given one, or to what data show.

    Where none reads the data clearly better than chance, the assumed one stays.

    Parameters
    ----------
    classifier : Classifier
    data : Dataset or PenArchive
        With labels in an alphabet that the classifier knows.
    given : InputRange or None

    Returns
    -------
    FoundRange or None
        None for a bundle, whose input is known.

    Raises
    ------
    DatasetError
        If the classifier does not know characters of the data.
    """
    assumed = classifier.input_range
    if assumed is None:
        return None
    if given is not None:
        classifier.input_range = given
        return FoundRange(given, "given")
    shared = shared_alphabet(classifier.alphabet, data)
    indices = np.unique(np.linspace(0, len(data) - 1, min(len(data), _TRIED)).astype(np.int64))
    images, truth = data_images(samples_at(data, indices), classifier), shared.truth[indices]
    scores = {}
    for each in InputRange:
        classifier.input_range = each
        probabilities = shared.apply(classifier.probabilities(images))
        right = probabilities[np.arange(len(truth)), truth]
        loss = -np.log(np.maximum(np.nan_to_num(right), _LEAST_PROBABILITY)).mean()
        scores[each] = (float((probabilities.argmax(axis=1) == truth).mean()), float(loss))
    best = _best(scores, assumed, len(indices))
    is_clear = scores[best][0] > 1 / len(shared.characters) + _LEAST_LEAD
    classifier.input_range = best if is_clear else assumed
    how = "tried" if is_clear else "assumed"
    return FoundRange(classifier.input_range, how, len(indices), scores[classifier.input_range][0])


def _best(scores: dict[InputRange, tuple[float, float]], assumed: InputRange, n: int) -> InputRange:
    """Return the range of least loss among those whose accuracy is the best but for chance.

    A network without rescaling often decides alike in several ranges; the loss tells them apart.
    """
    highest = max(accuracy for accuracy, _ in scores.values())
    noise = 2 * float(np.sqrt((highest * (1 - highest) + 1 / n) / n))
    close = {each: loss for each, (accuracy, loss) in scores.items() if accuracy >= highest - noise}
    least = min(close.values())
    return assumed if close.get(assumed, np.inf) <= _SIMILAR * least else min(close, key=close.get)  # type: ignore[arg-type]
