"""How well models read pictures that were made worse: accuracy by corruption and strength.

All models are shown the same pictures. Drawings are rendered with the usual pen, once; so the
accuracy of the untouched pictures can differ a little from what ``evaluate`` says of a model that
averages over several pens.
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
from trainer.datasets.load import Data
from trainer.errors import ConfigError, DatasetError
from trainer.evaluation import metrics
from trainer.evaluation.classifier import Classifier, Comparable, comparable
from trainer.evaluation.corruptions import N_STRENGTHS, CleanSamples, Corruption, corrupted
from trainer.ink.render import Image, Images

Correct = npt.NDArray[np.bool_]
"""Array of shape (n_conditions, n_samples), dtype=bool: which were read right."""

Report = Callable[[int, int, str], None]
"""Hears steps done, steps in all, and what is being done."""

N_EXAMPLES = 12
"""Samples whose readings are kept one by one, each of another class while there are classes."""

_BLOCK = 1000
"""Samples that are in memory at once, in all their forms."""

_LARGEST_PICTURE = 56
"""Side of the examples' pictures in a result, in pixels; larger ones are shrunk."""

_RESAMPLES = 2000
_Z95 = 1.959964


@dataclass(frozen=True)
class RobustnessPlan:
    """What to measure.

    Attributes
    ----------
    corruptions : tuple of Corruption
        At least one.
    samples : int
        How many samples, chosen at random; 0 for all.
    seed : int
    with_pictures : bool
        Whether the examples' pictures are in the result, too.

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


@dataclass(frozen=True)
class RobustnessExample:
    """What a model took a picture for, and how sure it was."""

    character: str
    probability: float


@dataclass(frozen=True, eq=False)
class _Subset:
    """The samples that are shown.

    Attributes
    ----------
    data : Dataset or PenArchive
        No others.
    numbers : ndarray of shape (n,), dtype=int64
        Of the samples in their split, ascending.
    examples : ndarray, dtype=int64
        Ascending places in `numbers`.
    pictures : list of list of ndarray
        For each example its images, filled as they are made.
    """

    data: Data
    numbers: Labels
    examples: Labels
    pictures: list[list[Image]]


@dataclass(frozen=True, eq=False)
class _Answered:
    """What one model said.

    Attributes
    ----------
    correct : ndarray of shape (1 + 5 n_corruptions, n_samples), dtype=bool
        First the untouched pictures, then each corruption at its five strengths.
    readings : list
        One list for each of the examples: a `RobustnessExample` of each condition.
    """

    correct: Correct
    readings: list[list[RobustnessExample]]


def choose(n: int, samples: int, seed: int) -> Labels:
    """Return ascending numbers of samples, chosen at random; all of them for 0."""
    if samples in range(1, n):
        chosen = np.random.default_rng(seed).choice(n, samples, replace=False)
        return np.sort(chosen).astype(np.int64)
    return np.arange(n, dtype=np.int64)


def part_of(data: Data, numbers: Labels) -> Data:
    """Return the samples with these ascending numbers."""
    if isinstance(data, Dataset):
        return data.take(numbers)
    return data.select(np.isin(np.arange(len(data)), numbers))


def robustness(
    classifiers: Sequence[Classifier], data: Data, plan: RobustnessPlan, report: Report
) -> dict[str, Any]:
    """Measure one model, or two and their difference.

    Returns
    -------
    dict
        Ready for JSON: shares from 0 to 1, intervals of 95 %.

    Raises
    ------
    DatasetError
        If the data are empty, or a model does not know their characters.
    """
    if len(data) == 0:
        raise DatasetError("{name} has no samples.").format(name=data.name)
    numbers = choose(len(data), plan.samples, plan.seed)
    chosen = part_of(data, numbers)
    common = [comparable(each.alphabet, chosen) for each in classifiers]
    examples = _examples(common[0].truth, plan.seed)
    subset = _Subset(chosen, numbers, examples, [[] for _ in examples])
    answered = _answers(classifiers, common, subset, plan, report)
    figures = [
        {
            "name": each.name,
            "path": str(each.folder),
            **_figures(said.correct, chosen.writers, plan.corruptions),
        }
        for each, said in zip(classifiers, answered, strict=True)
    ]
    result: dict[str, Any] = {
        "data": data.name,
        "drawings": not isinstance(data, Dataset),
        "samples": len(numbers),
        "writers": None if chosen.writers is None else len(np.unique(chosen.writers)),
        "seed": plan.seed,
        "corruptions": [_described(each) for each in plan.corruptions],
        "models": figures,
        "examples": {
            "numbers": numbers[examples].tolist(),
            "truth": [common[0].characters[label] for label in common[0].truth[examples].tolist()],
            "readings": [_readings(said) for said in answered],
        },
    }
    if plan.with_pictures:
        result["examples"]["pictures"] = [_strip(images) for images in subset.pictures]
    if len(answered) == 2:
        first, second = (said.correct for said in answered)
        result["difference"] = _difference(first, second, chosen.writers, plan.corruptions)
    return result


def mean_interval(
    values: npt.NDArray[np.floating], writers: npt.NDArray[np.int64] | None
) -> tuple[float, float]:
    """Return the 95 % interval of a mean of figures that samples have.

    With writers, whole writers are resampled, as in `metrics.accuracy_interval`; without, the
    normal approximation.

    Parameters
    ----------
    values : ndarray of shape (n,)
        n >= 1; such as the share of a sample's pictures that were read right, or the difference
        of two models.
    writers : ndarray of shape (n,), dtype=int64, optional
    """
    if writers is not None and len(np.unique(writers)) > 1:
        _, index = np.unique(writers, return_inverse=True)
        count = np.bincount(index).astype(np.float64)
        total = np.bincount(index, weights=values)
        drawn = np.random.default_rng(0).integers(0, len(count), (_RESAMPLES, len(count)))
        means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
        low, high = np.quantile(means, (0.025, 0.975))
        return float(low), float(high)
    middle = float(values.mean())
    half = _Z95 * float(values.std()) / float(np.sqrt(len(values)))
    return middle - half, middle + half


def _examples(truth: Labels, seed: int) -> Labels:
    """Return ascending places of samples, of as many classes as there are."""
    order = np.random.default_rng(seed).permutation(len(truth))
    _, first = np.unique(truth[order], return_index=True)
    others = np.setdiff1d(np.arange(len(order)), first)
    wanted = np.concatenate([np.sort(first), others])[:N_EXAMPLES]
    return np.sort(order[wanted])


def _conditions(originals: CleanSamples, plan: RobustnessPlan) -> Iterator[tuple[str, Images]]:
    """Yield a name and the pictures of each condition, the untouched ones first."""
    yield "untouched", originals.images
    for each in plan.corruptions:
        for strength in each.strengths:
            yield each.title, corrupted(originals, each.name, strength, plan.seed)


def _answers(
    classifiers: Sequence[Classifier],
    common: Sequence[Comparable],
    subset: _Subset,
    plan: RobustnessPlan,
    report: Report,
) -> list[_Answered]:
    """Show every model every picture."""
    n, n_conditions = len(subset.numbers), 1 + N_STRENGTHS * len(plan.corruptions)
    answered = [
        _Answered(np.zeros((n_conditions, n), dtype=bool), [[] for _ in subset.examples])
        for _ in classifiers
    ]
    done, steps = 0, -(-n // _BLOCK) * n_conditions * len(classifiers)
    for low in range(0, n, _BLOCK):
        places = np.arange(low, min(low + _BLOCK, n))
        originals = CleanSamples.from_data(part_of(subset.data, places), subset.numbers[places])
        shown = [
            (example, place - low)
            for example, place in enumerate(subset.examples.tolist())
            if low <= place < low + _BLOCK
        ]
        for row, (title, images) in enumerate(_conditions(originals, plan)):
            for example, place in shown:
                subset.pictures[example].append(images[place].copy())
            for classifier, both, said in zip(classifiers, common, answered, strict=True):
                report(done, steps, title)
                probabilities = both.apply(classifier.probabilities(images))
                best = probabilities.argmax(axis=1)
                said.correct[row, places] = best == both.truth[places]
                for example, place in shown:
                    share = float(probabilities[place, best[place]])
                    said.readings[example].append(
                        RobustnessExample(both.characters[best[place]], share)
                    )
                done += 1
    report(steps, steps, "")
    return answered


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


def _described(corruption: Corruption) -> dict[str, Any]:
    return {
        "name": corruption.name,
        "title": corruption.title,
        "unit": corruption.unit,
        "strengths": list(corruption.strengths),
    }


def _readings(said: _Answered) -> list[list[list[Any]]]:
    return [
        [[reading.character, round(reading.probability, 4)] for reading in of_example]
        for of_example in said.readings
    ]


def _figures(
    correct: Correct,
    writers: npt.NDArray[np.int64] | None,
    corruptions: Sequence[Corruption],
) -> dict[str, Any]:
    """Return the accuracies of one model with their intervals."""
    clean = float(correct[0].mean())
    by_name = {}
    for place, each in enumerate(corruptions):
        rows = _rows(correct, place)
        mean = float(rows.mean())
        by_name[each.name] = {
            "accuracy": [float(row.mean()) for row in rows],
            "interval": [list(metrics.accuracy_interval(row, writers)) for row in rows],
            "mean": mean,
            "mean_interval": _share_interval(rows, writers),
            "relative_drop": _drop(clean, mean),
        }
    mean = float(correct[1:].mean())
    return {
        "accuracy": clean,
        "interval": list(metrics.accuracy_interval(correct[0], writers)),
        "by_corruption": by_name,
        "mean_corruption_accuracy": mean,
        "mean_corruption_interval": _share_interval(correct[1:], writers),
        "relative_drop": _drop(clean, mean),
    }


def _share_interval(
    correct: npt.NDArray[np.bool_], writers: npt.NDArray[np.int64] | None
) -> list[float]:
    """Return the interval of the mean of several conditions, within 0 and 1."""
    low, high = mean_interval(correct.mean(axis=0), writers)
    return [max(0.0, low), min(1.0, high)]


def _difference(
    first: Correct,
    second: Correct,
    writers: npt.NDArray[np.int64] | None,
    corruptions: Sequence[Corruption],
) -> dict[str, Any]:
    """Return what the second model has more than the first, sample by sample."""
    gain = second.astype(np.float64) - first

    def described(rows: npt.NDArray[np.float64]) -> dict[str, Any]:
        each = rows.mean(axis=0)
        return {"accuracy": float(each.mean()), "interval": list(mean_interval(each, writers))}

    by_name = {}
    for place, each in enumerate(corruptions):
        rows = _rows(gain, place)
        strengths = [described(row[None]) for row in rows]
        by_name[each.name] = {
            "accuracy": [strength["accuracy"] for strength in strengths],
            "interval": [strength["interval"] for strength in strengths],
            "mean": float(rows.mean()),
            "mean_interval": described(rows)["interval"],
        }
    mean = described(gain[1:])
    return {
        **described(gain[:1]),
        "by_corruption": by_name,
        "mean_corruption_accuracy": mean["accuracy"],
        "mean_corruption_interval": mean["interval"],
    }


def _rows(values: npt.NDArray[Any], place: int) -> npt.NDArray[Any]:
    """Return the five rows of a corruption."""
    first = 1 + N_STRENGTHS * place
    return values[first : first + N_STRENGTHS]


def _drop(clean: float, mean: float) -> float | None:
    """Return which part of the accuracy is lost; None where there was none."""
    return (clean - mean) / clean if clean > 0 else None
