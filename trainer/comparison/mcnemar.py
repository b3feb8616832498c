"""McNemar's test: whether the difference of two models on common samples is significant.

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
from trainer.errors import DatasetError, Message, RunError, joined
from trainer.evaluation.report.report import load_report
from trainer.files.npz import UNREADABLE
from trainer.runs.list_runs import RunSummary
from trainer.runs.predictions import load_predictions

Outcomes = npt.NDArray[np.bool_]
"""Array of shape (n,), dtype=bool: whether each prediction is right."""

SIGNIFICANCE = 0.05
"""Level of significance."""

_EXACT_BELOW = 25
"""Discordant pairs below which the chi-squared distribution is too inaccurate."""

_FEW = 30
"""Fewer common samples hardly allow a conclusion."""

_LONGEST_NAME = 30
_DIGEST = 6


@dataclass(frozen=True)
class McNemar:
    """McNemar's test of two models on the same samples.

    Attributes
    ----------
    both_right, only_first, only_second, both_wrong : int
        Numbers of samples.
    p_value : float
        Two-sided: the probability of such a difference or a larger one between equal models.
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
        """The number of samples."""
        return self.both_right + self.only_first + self.only_second + self.both_wrong

    @property
    def accuracies(self) -> tuple[float, float]:
        """The accuracies of both models; NaN without samples."""
        if not self.samples:
            return math.nan, math.nan
        return (
            (self.both_right + self.only_first) / self.samples,
            (self.both_right + self.only_second) / self.samples,
        )

    @property
    def is_noise(self) -> bool:
        """Whether the difference is not significant."""
        return self.p_value >= SIGNIFICANCE


def mcnemar(first: Outcomes, second: Outcomes) -> McNemar:
    """Compare two models by the samples that only one of them predicts right.

    McNemar 1947 (Psychometrika 12, 153-157). With few such samples the exact binomial test;
    else chi-squared with the continuity correction of Edwards 1948 (Psychometrika 13, 185-187).
    Both assume independent samples; those of one writer are not, so p-values are optimistic.

    Parameters
    ----------
    first, second : ndarrays of shape (n,), dtype=bool
        For the same samples in the same order.
    """
    if first.shape != second.shape:
        raise DatasetError(
            "Expected answers about the same samples. Received: {n_first} and {n_second} answers."
        ).format(n_first=len(first), n_second=len(second))
    counts = {name: int(np.count_nonzero(each)) for name, each in _cells(first, second).items()}
    only_first, only_second = counts["only_first"], counts["only_second"]
    discordant = only_first + only_second
    if discordant < _EXACT_BELOW:
        p_value, method = _binomial(min(only_first, only_second), discordant), "exact binomial"
    else:
        statistic = max(0, abs(only_first - only_second) - 1) ** 2 / discordant
        p_value = math.erfc(math.sqrt(statistic / 2))  # of chi-squared, one degree of freedom
        method = "chi-squared with continuity correction"
    return McNemar(**counts, p_value=p_value, method=method)


def _cells(first: Outcomes, second: Outcomes) -> dict[str, Outcomes]:
    return {
        "both_right": first & second,
        "only_first": first & ~second,
        "only_second": second & ~first,
        "both_wrong": ~first & ~second,
    }


def _binomial(fewer: int, n: int) -> float:
    """Return the two-sided p-value of `fewer` heads or less among `n` tosses of a fair coin."""
    ways: int = sum(math.comb(n, k) for k in range(fewer + 1))
    return float(min(1.0, 2 * ways / 2**n))


def summary_of(test: McNemar, first: str, second: str) -> str:
    """Return the result of a test in a sentence."""
    if not test.samples:
        return Message("The two have no sample in common.")
    if test.only_first == test.only_second:
        told = Message(
            "{first} and {second} read the same number of samples rightly",
            first=first,
            second=second,
        )
    else:
        better, worse = (first, second) if test.only_first > test.only_second else (second, first)
        told = Message(
            "{better} reads {more} more of {n_samples} samples rightly than {worse}",
            better=better,
            more=f"{abs(test.only_first - test.only_second):,}",
            n_samples=f"{test.samples:,}",
            worse=worse,
        )
    verdict = Message(
        "{difference}: the difference is within noise ({chance})."
        if test.is_noise
        else "{difference}: that is more than noise ({chance}).",
        difference=told,
        chance="p < 0.001" if test.p_value < 0.001 else f"p = {test.p_value:.3f}",
    )
    few = Message("Few samples: it would take a large difference to show.")
    return joined(verdict, few if test.samples < _FEW else "")


@dataclass(frozen=True, eq=False)
class SampleOutcomes:
    """Which samples of a dataset a model predicts right.

    Attributes
    ----------
    data, split : str
        As in the run's settings, or in the report.
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in the split; each once.
    correct : ndarray of shape (n,), dtype=bool
    merges_case : bool
        Whether letters that are alike in both cases are one class.
    """

    data: str
    split: str
    indices: npt.NDArray[np.int64]
    correct: Outcomes
    merges_case: bool = False


def validation_outcomes(run: RunSummary) -> SampleOutcomes:
    """Return the outcomes of a run's best epoch on its validation samples.

    Raises
    ------
    RunError
        If its predictions are missing or damaged.
    """
    try:
        arrays, predicted = load_predictions(run.root, run.best_epoch)
        data, split = str(arrays["data"]), str(arrays["split"])
        correct = np.equal(predicted, arrays["labels"])
        return SampleOutcomes(data, split, arrays["indices"].astype(np.int64), correct)
    except UNREADABLE as error:
        raise RunError(
            "{title} has kept no answers to compare.",
            "Compare on a dataset: python -m trainer compare RUN RUN --data DATA.",
        ).format(title=run.title) from error


def report_folder(root: Path, data: str, split: str) -> Path:
    """Return the folder for a run's report on some data."""
    words = name_from(Path(data).stem)[:_LONGEST_NAME].strip("-")
    digest = hashlib.sha256(f"{data}\0{split}".encode()).hexdigest()[:_DIGEST]
    return root / "-".join(filter(None, ("report", words, split, digest)))


def report_outcomes(folder: Path) -> SampleOutcomes:
    """Return the outcomes of a report that `evaluate --out` has written.

    Raises
    ------
    DatasetError
        If the report is missing or damaged.
    """
    report = load_report(folder)
    source = report.figures.get("source", {})
    predictions = report.predictions
    return SampleOutcomes(
        str(source.get("data", "")),
        str(source.get("split", "")),
        predictions.indices,
        predictions.correct,
        bool(report.figures.get("merged_from")),
    )


@dataclass(frozen=True, eq=False)
class PairedOutcomes:
    """The outcomes of two models on common samples.

    Attributes
    ----------
    data, split : str
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in the split, ascending.
    first, second : ndarrays of shape (n,), dtype=bool
        Whether the predictions are right.
    """

    data: str
    split: str
    indices: npt.NDArray[np.int64]
    first: Outcomes
    second: Outcomes

    @property
    def test(self) -> McNemar:
        """McNemar's test of the two."""
        return mcnemar(self.first, self.second)

    def record(self, first: str, second: str) -> dict[str, Any]:
        """Return the test as plain values and a sentence; the arguments are the models' names."""
        test = self.test
        return {
            "first": first,
            "second": second,
            "samples": test.samples,
            "accuracies": list(test.accuracies),
            **asdict(test),
            "is_noise": test.is_noise,
            "sentence": summary_of(test, first, second),
        }

    def samples(self, name: str) -> npt.NDArray[np.int64]:
        """Return the indices of the samples behind a count of the test, such as "only_first"."""
        return self.indices[_cells(self.first, self.second)[name]]


def pair_outcomes(first: SampleOutcomes, second: SampleOutcomes) -> PairedOutcomes:
    """Pair the outcomes of two models on their common samples.

    Raises
    ------
    RunError
        If they are of different data, or have no common sample.
    """
    same = (first.data, first.split) == (second.data, second.split)
    common, rows, other_rows = np.intersect1d(
        first.indices, second.indices, assume_unique=True, return_indices=True
    )
    if not same or not len(common):
        raise RunError(
            "The two were not asked about the same samples.",
            "Compare on a dataset: python -m trainer compare RUN RUN --data DATA.",
        )
    return PairedOutcomes(
        first.data, first.split, common, first.correct[rows], second.correct[other_rows]
    )
