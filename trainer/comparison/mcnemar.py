"""Whether two models differ by more than luck: McNemar's test on the samples that both have read.

Light: no Keras, no scikit-learn, no SciPy, so that the window can import it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.store import name_from
from trainer.errors import DatasetError, RunError
from trainer.evaluation.report.report import load_report
from trainer.files.npz import UNREADABLE
from trainer.runs.list_runs import RunSummary
from trainer.runs.predictions import load_predictions

Outcomes = npt.NDArray[np.bool_]
"""Array of shape (n,), dtype=bool: whether each sample was read rightly."""

SIGNIFICANCE = 0.05
"""A difference that chance brings more rarely than this is not called noise."""

_EXACT_BELOW = 25
"""Discordant pairs up to which the chi-squared distribution is too rough."""

_FEW = 30
"""Fewer samples in common than that say next to nothing."""

_LONGEST_NAME = 30
_DIGEST = 6


@dataclass(frozen=True)
class McNemar:
    """McNemar's test of two models on the same samples.

    Attributes
    ----------
    both_right, only_first, only_second, both_wrong : int
        Samples.
    p_value : float
        Probability of a difference at least so large if both are equally good, two-sided.
    method : str
        "exact binomial" or "chi-squared with continuity correction".
    """

    both_right: int
    only_first: int
    only_second: int
    both_wrong: int
    p_value: float
    method: str

    @property
    def samples(self) -> int:
        """All of them."""
        return self.both_right + self.only_first + self.only_second + self.both_wrong

    @property
    def accuracies(self) -> tuple[float, float]:
        """The share that each reads rightly; NaN without samples."""
        if not self.samples:
            return math.nan, math.nan
        return (
            (self.both_right + self.only_first) / self.samples,
            (self.both_right + self.only_second) / self.samples,
        )

    @property
    def is_noise(self) -> bool:
        """Whether chance alone would often bring such a difference."""
        return self.p_value >= SIGNIFICANCE


def mcnemar(first: Outcomes, second: Outcomes) -> McNemar:
    """Compare two models by the samples that only one of them reads rightly.

    McNemar 1947 (Psychometrika 12, 153-157). With few such samples the exact binomial test;
    else chi-squared with the continuity correction of Edwards 1948 (Psychometrika 13, 185-187).
    Both take samples for independent; those of one hand are alike, so the truth is less certain.

    Parameters
    ----------
    first, second : ndarrays of shape (n,), dtype=bool
        Of the same samples in the same order.
    """
    if first.shape != second.shape:
        raise DatasetError(
            "Expected answers about the same samples. "
            f"Received: {len(first)} and {len(second)} answers."
        )
    only_first = int(np.count_nonzero(first & ~second))
    only_second = int(np.count_nonzero(second & ~first))
    discordant = only_first + only_second
    if discordant < _EXACT_BELOW:
        p_value, method = _binomial(min(only_first, only_second), discordant), "exact binomial"
    else:
        statistic = max(0, abs(only_first - only_second) - 1) ** 2 / discordant
        p_value = math.erfc(math.sqrt(statistic / 2))  # of chi-squared, one degree of freedom
        method = "chi-squared with continuity correction"
    return McNemar(
        both_right=int(np.count_nonzero(first & second)),
        only_first=only_first,
        only_second=only_second,
        both_wrong=int(np.count_nonzero(~first & ~second)),
        p_value=p_value,
        method=method,
    )


def _binomial(fewer: int, n: int) -> float:
    """Return the two-sided p-value of `fewer` heads or less among `n` tosses of a fair coin."""
    ways: int = sum(math.comb(n, k) for k in range(fewer + 1))
    return float(min(1.0, 2 * ways / 2**n))


def in_words(test: McNemar, first: str, second: str) -> str:
    """Return what a test says, in a sentence."""
    if not test.samples:
        return "The two have no sample in common."
    if test.only_first == test.only_second:
        told = f"{first} and {second} read the same number of samples rightly"
    else:
        better, worse = (first, second) if test.only_first > test.only_second else (second, first)
        more = abs(test.only_first - test.only_second)
        told = f"{better} reads {more:,} more of {test.samples:,} samples rightly than {worse}"
    chance = "p < 0.001" if test.p_value < 0.001 else f"p = {test.p_value:.3f}"
    verdict = "the difference is within noise" if test.is_noise else "that is more than noise"
    few = " Few samples: it would take a large difference to show." if test.samples < _FEW else ""
    return f"{told}: {verdict} ({chance}).{few}"


@dataclass(frozen=True, eq=False)
class Answered:
    """Which samples of which data a model read rightly.

    Attributes
    ----------
    data, split : str
        As the run's settings, or the report, name them.
    indices : ndarray of shape (n,), dtype=int64
        Their places in the split; each once.
    correct : ndarray of shape (n,), dtype=bool
    """

    data: str
    split: str
    indices: npt.NDArray[np.int64]
    correct: Outcomes


def validation_answers(run: RunSummary) -> Answered:
    """Return how a run's best epoch read the samples that it chose by.

    Raises
    ------
    RunError
        If the run did not keep its answers, or they are damaged.
    """
    try:
        arrays, predicted = load_predictions(run.root, run.best_epoch)
        data, split = str(arrays["data"]), str(arrays["split"])
        correct = np.equal(predicted, arrays["labels"])
        return Answered(data, split, arrays["indices"].astype(np.int64), correct)
    except UNREADABLE as error:
        raise RunError(
            f"{run.title} has kept no answers to compare.",
            "Compare on a dataset: python -m trainer compare RUN RUN --data DATA.",
        ) from error


def report_folder(root: Path, data: str, split: str) -> Path:
    """Return where a run's report on some data lies, or would lie."""
    words = name_from(Path(data).stem)[:_LONGEST_NAME].strip("-")
    digest = hashlib.sha256(f"{data}\0{split}".encode()).hexdigest()[:_DIGEST]
    return root / "-".join(filter(None, ("report", words, split, digest)))


def report_answers(folder: Path) -> Answered:
    """Return how a model read the samples of a report that `evaluate --out` has kept.

    Raises
    ------
    DatasetError
        If the report is missing or damaged.
    """
    report = load_report(folder)
    source = report.figures.get("source", {})
    predictions = report.predictions
    return Answered(
        str(source.get("data", "")),
        str(source.get("split", "")),
        predictions.indices,
        predictions.correct,
    )


@dataclass(frozen=True, eq=False)
class Pairing:
    """Two models on the samples that both were asked about.

    Attributes
    ----------
    data, split : str
    indices : ndarray of shape (n,), dtype=int64
        Their places in the split, ascending.
    first, second : ndarrays of shape (n,), dtype=bool
        Whether each read them rightly.
    """

    data: str
    split: str
    indices: npt.NDArray[np.int64]
    first: Outcomes
    second: Outcomes

    @property
    def test(self) -> McNemar:
        """Whether they differ by more than luck."""
        return mcnemar(self.first, self.second)

    def record(self, first: str, second: str) -> dict[str, Any]:
        """Return the test as plain values, and in words; the texts name the two."""
        test = self.test
        return {
            "first": first,
            "second": second,
            "samples": test.samples,
            "accuracies": list(test.accuracies),
            **asdict(test),
            "is_noise": test.is_noise,
            "sentence": in_words(test, first, second),
        }

    def samples(self, name: str) -> npt.NDArray[np.int64]:
        """Return the places of the samples behind a count of the test, such as "only_first"."""
        first, second = self.first, self.second
        chosen = {
            "both_right": first & second,
            "only_first": first & ~second,
            "only_second": second & ~first,
            "both_wrong": ~first & ~second,
        }[name]
        return self.indices[chosen]


def paired(first: Answered, second: Answered) -> Pairing:
    """Bring two models' answers about the same samples together.

    Raises
    ------
    RunError
        If they were asked about different data, or have no sample in common.
    """
    same = (first.data, first.split) == (second.data, second.split)
    common, places, others = np.intersect1d(
        first.indices, second.indices, assume_unique=True, return_indices=True
    )
    if not same or not len(common):
        raise RunError(
            "The two were not asked about the same samples.",
            "Compare on a dataset: python -m trainer compare RUN RUN --data DATA.",
        )
    right, others_right = first.correct[places], second.correct[others]
    return Pairing(first.data, first.split, common, right, others_right)
