"""Robustness: the accuracy of models on corrupted images, by corruption and strength.

All models get the same images. Drawings are rendered with one pen width, so that the accuracy on
clean images can differ slightly from that of ``evaluate`` for a model that averages over several.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.samples import Data, samples_at
from trainer.errors import ConfigError, DatasetError
from trainer.evaluation import metrics
from trainer.evaluation.classifier import Classifier, SharedAlphabet, shared_alphabet
from trainer.evaluation.corruptions import N_STRENGTHS, CleanSamples, Corruption, corrupted
from trainer.files.records import encode
from trainer.ink.render import Image, Images

Correct = npt.NDArray[np.bool_]
"""Array of shape (n_conditions, n_samples), dtype=bool: which predictions are right."""

Report = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and the name of the step."""

N_EXAMPLES = 12
"""Samples whose predictions are in the result, of as many classes as possible."""

_BLOCK = 1000
"""Samples per batch, to limit memory."""

_LARGEST_PICTURE = 56
"""Maximum side of the examples' images in a result, in pixels; larger ones are shrunk."""


@dataclass(frozen=True)
class RobustnessPlan:
    """What to measure.

    Attributes
    ----------
    corruptions : tuple of Corruption
        At least one.
    samples : int
        Number of random samples; 0 for all.
    seed : int
    with_pictures : bool
        Whether the result includes the examples' images.

    Raises
    ------
    ConfigError
        If a number is below 0.
    """

    corruptions: tuple[Corruption, ...]
    samples: int = 0
    seed: int = 0
    with_pictures: bool = False

    def __post_init__(self) -> None:
        for name, value in (("samples", self.samples), ("seed", self.seed)):
            if value < 0:
                raise ConfigError(
                    "Expected {name} of 0 or more. Received: {value}.", field=name
                ).format(name=name, value=value)


@dataclass(frozen=True, eq=False)
class _Subset:
    """The samples that are measured.

    Attributes
    ----------
    data : Dataset or PenArchive
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in their split, ascending.
    examples : ndarray, dtype=int64
        Ascending indices into `indices`.
    pictures : list of list of ndarray
        The images of each example by condition, appended as they are made.
    """

    data: Data
    indices: Labels
    examples: Labels
    pictures: list[list[Image]]


@dataclass(frozen=True, eq=False)
class _Predictions:
    """The predictions of one model.

    Attributes
    ----------
    correct : ndarray of shape (1 + 5 n_corruptions, n_samples), dtype=bool
        First the clean images, then each corruption at its five strengths.
    examples : list of list
        The predicted character of each example by condition, and its probability.
    """

    correct: Correct
    examples: list[list[list[str | float]]]


def choose(n: int, samples: int, seed: int) -> Labels:
    """Return ascending indices of random samples; all of them for 0."""
    if samples in range(1, n):
        chosen = np.random.default_rng(seed).choice(n, samples, replace=False)
        return np.sort(chosen).astype(np.int64)
    return np.arange(n, dtype=np.int64)


def robustness(
    classifiers: Sequence[Classifier], data: Data, plan: RobustnessPlan, report: Report
) -> dict[str, Any]:
    """Measure one model, or two and their difference.

    Returns
    -------
    dict
        For JSON: shares from 0 to 1, intervals of 95 %.

    Raises
    ------
    DatasetError
        If the data are empty, or a model does not know their characters.
    """
    if len(data) == 0:
        raise DatasetError("{name} has no samples.").format(name=data.name)
    indices = choose(len(data), plan.samples, plan.seed)
    chosen = samples_at(data, indices)
    shared = [shared_alphabet(each.alphabet, chosen) for each in classifiers]
    examples = _examples(shared[0].truth, plan.seed)
    subset = _Subset(chosen, indices, examples, [[] for _ in examples])
    predictions = _predict(classifiers, shared, subset, plan, report)
    figures = [
        {
            "name": each.name,
            "path": str(each.folder),
            **_figures(one.correct, chosen.writers, plan.corruptions),
        }
        for each, one in zip(classifiers, predictions, strict=True)
    ]
    result: dict[str, Any] = {
        "data": data.name,
        "drawings": not isinstance(data, Dataset),
        "samples": len(indices),
        "writers": None if chosen.writers is None else len(np.unique(chosen.writers)),
        "seed": plan.seed,
        "corruptions": [
            {name: value for name, value in encode(each).items() if name != "help"}
            for each in plan.corruptions
        ],
        "models": figures,
        "examples": {
            "numbers": indices[examples].tolist(),
            "truth": [shared[0].characters[label] for label in shared[0].truth[examples].tolist()],
            "readings": [one.examples for one in predictions],
        },
    }
    if plan.with_pictures:
        result["examples"]["pictures"] = [_strip(images) for images in subset.pictures]
    if len(predictions) == 2:
        first, second = (one.correct for one in predictions)
        result["difference"] = _difference(first, second, chosen.writers, plan.corruptions)
    return result


def _examples(truth: Labels, seed: int) -> Labels:
    """Return ascending indices of samples, of as many classes as there are."""
    order = np.random.default_rng(seed).permutation(len(truth))
    _, first = np.unique(truth[order], return_index=True)
    others = np.setdiff1d(np.arange(len(order)), first)
    wanted = np.concatenate([np.sort(first), others])[:N_EXAMPLES]
    return np.sort(order[wanted])


def _conditions(originals: CleanSamples, plan: RobustnessPlan) -> Iterator[tuple[str, Images]]:
    """Yield the name and the images of each condition, the clean ones first."""
    yield "untouched", originals.images
    for each in plan.corruptions:
        for strength in each.strengths:
            yield each.title, corrupted(originals, each.name, strength, plan.seed)


def _predict(
    classifiers: Sequence[Classifier],
    shared: Sequence[SharedAlphabet],
    subset: _Subset,
    plan: RobustnessPlan,
    report: Report,
) -> list[_Predictions]:
    n, n_conditions = len(subset.indices), 1 + N_STRENGTHS * len(plan.corruptions)
    predictions = [
        _Predictions(np.zeros((n_conditions, n), dtype=bool), [[] for _ in subset.examples])
        for _ in classifiers
    ]
    done, steps = 0, -(-n // _BLOCK) * n_conditions * len(classifiers)
    for low in range(0, n, _BLOCK):
        block = np.arange(low, min(low + _BLOCK, n))
        originals = CleanSamples.from_data(samples_at(subset.data, block), subset.indices[block])
        shown = [
            (example, index - low)
            for example, index in enumerate(subset.examples.tolist())
            if low <= index < low + _BLOCK
        ]
        for row, (title, images) in enumerate(_conditions(originals, plan)):
            for example, index in shown:
                subset.pictures[example].append(images[index].copy())
            for classifier, both, one in zip(classifiers, shared, predictions, strict=True):
                report(done, steps, title)
                probabilities = both.apply(classifier.probabilities(images))
                best = probabilities.argmax(axis=1)
                one.correct[row, block] = best == both.truth[block]
                for example, index in shown:
                    label = best[index]
                    share = round(float(probabilities[index, label]), 4)
                    one.examples[example].append([both.characters[label], share])
                done += 1
    report(steps, steps, "")
    return predictions


def _strip(images: Sequence[Image]) -> str:
    """Return images beside one another as a PNG, in base64."""
    side = max(images[0].shape)
    strip = PillowImage.fromarray(np.hstack(images))
    if side > _LARGEST_PICTURE:
        shape = [max(1, length * _LARGEST_PICTURE // side) for length in images[0].shape]
        shape[1] *= len(images)
        strip = strip.resize((shape[1], shape[0]), PillowImage.Resampling.BOX)
    stream = io.BytesIO()
    strip.save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _summary(
    values: npt.NDArray[Any],
    corruptions: Sequence[Corruption],
    interval: Callable[[npt.NDArray[Any]], list[float]],
) -> dict[str, Any]:
    """Return means over the samples with their intervals, of each condition and of several."""
    by_name = {}
    for index, each in enumerate(corruptions):
        rows = values[1:][N_STRENGTHS * index :][:N_STRENGTHS]
        by_name[each.name] = {
            "accuracy": [float(row.mean()) for row in rows],
            "interval": [interval(row) for row in rows],
            "mean": float(rows.mean()),
            "mean_interval": interval(rows.mean(axis=0)),
        }
    return {
        "accuracy": float(values[0].mean()),
        "interval": interval(values[0]),
        "by_corruption": by_name,
        "mean_corruption_accuracy": float(values[1:].mean()),
        "mean_corruption_interval": interval(values[1:].mean(axis=0)),
    }


def _figures(
    correct: Correct, writers: Labels | None, corruptions: Sequence[Corruption]
) -> dict[str, Any]:
    def interval(shares: npt.NDArray[Any]) -> list[float]:
        if shares.dtype == np.bool_:
            return list(metrics.accuracy_interval(shares, writers))
        low, high = metrics.mean_interval(shares, writers)
        return [max(0.0, low), min(1.0, high)]

    figures = _summary(correct, corruptions, interval)
    clean = figures["accuracy"]
    for each in figures["by_corruption"].values():
        each["relative_drop"] = _drop(clean, each["mean"])
    return figures | {"relative_drop": _drop(clean, figures["mean_corruption_accuracy"])}


def _difference(
    first: Correct, second: Correct, writers: Labels | None, corruptions: Sequence[Corruption]
) -> dict[str, Any]:
    """Return the gain of the second model over the first, paired by sample."""
    gain = second.astype(np.float64) - first
    return _summary(gain, corruptions, lambda row: list(metrics.mean_interval(row, writers)))


def _drop(clean: float, mean: float) -> float | None:
    """Return the share of the accuracy that is lost; None if there was none."""
    return (clean - mean) / clean if clean > 0 else None
