"""The starter set: synthetic handwriting, for a machine without other data.

Each synthetic writer has random preferences of shape, slant, proportions and carelessness, and
each sample varies them. The same seed yields the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.datasets.analysis.statistics import nothing_to_check
from trainer.datasets.download.progress import Check, Meter, Report
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.store import TEST, TRAIN, DatasetWriter
from trainer.datasets.synthetic.about import (
    STARTER_SAMPLES,
    STARTER_SOURCE,
    STARTER_TERMS,
    STARTER_TITLE,
)
from trainer.datasets.synthetic.skeletons import Skeleton, load_skeletons
from trainer.datasets.synthetic.writers import random_writer, write
from trainer.errors import DatasetError
from trainer.ink.alphabet import BYCLASS
from trainer.ink.strokes import starts_of

_TEST_PART = 6
"""One sample in six is for testing."""

_SAMPLES_PER_WRITER = 100
_FEWEST = _TEST_PART * len(BYCLASS)
_MOST = 10_000_000
_UNITS = 10.0
"""Pen archive units per skeleton unit: capitals are 1,000 tall."""


def make_starter(
    n: int = STARTER_SAMPLES,
    seed: int = 1,
    report: Report = lambda _: None,
    check: Check = nothing_to_check,
) -> Mapping[str, PenArchive]:
    """Generate the starter set.

    Parameters
    ----------
    n : int
        Total samples, a sixth of them for testing; the classes differ by at most one sample.
    seed : int
        Not negative.
    report : callable, optional
        Receives a `TransferProgress` at most ten times a second.
    check : callable, optional
        Called often; raises to cancel.

    Returns
    -------
    mapping of str to PenArchive
        "train" and "test", by different writers; alphabet ByClass, capitals 1,000 units tall.

    Raises
    ------
    DatasetError
        If n or the seed is outside its range.
    """
    if not _FEWEST <= n <= _MOST:
        raise DatasetError(
            "Expected a starter set of {fewest} to {most} samples. Received: {n}.",
            "{n_samples} are enough to begin with.",
        ).format(
            fewest=f"{_FEWEST:,}", most=f"{_MOST:,}", n=f"{n:,}", n_samples=f"{STARTER_SAMPLES:,}"
        )
    if seed < 0:
        raise DatasetError("Expected a seed of 0 or more. Received: {seed}.").format(seed=seed)
    meter = Meter(report, "make", "samples", n)

    def step() -> None:
        check()
        meter.advance(1)

    skeletons = _shapes()
    for_test = n // _TEST_PART
    train = _SplitSpec(TRAIN, n - for_test, 0, 0)
    test = _SplitSpec(TEST, for_test, 1, _n_writers(train.n))
    return {spec.split: _archive(spec, seed, skeletons, step) for spec in (train, test)}


@cache
def _shapes() -> Mapping[str, Sequence[Skeleton]]:
    """Return the bundled shapes, which take a while to be read."""
    return load_skeletons()


def write_starter(
    folder: Path,
    n: int = STARTER_SAMPLES,
    seed: int = 1,
    report: Report = lambda _: None,
    check: Check = nothing_to_check,
) -> None:
    """Generate the starter set and store it with its images; all or nothing.

    Parameters
    ----------
    folder : Path
        Its name is the dataset's; replaced when the new set is complete.
    n, seed, report, check
        As for `make_starter`.

    Raises
    ------
    DatasetError
        If n, the seed or the folder's name is not valid.
    """
    writer = DatasetWriter(
        folder,
        title=STARTER_TITLE,
        alphabet=BYCLASS,
        source=STARTER_SOURCE,
        terms=STARTER_TERMS,
    )
    splits = make_starter(n, seed, report, check)
    meter = Meter(report, "store", "samples", n)
    with writer:
        for split, archive in splits.items():
            check()
            writer.append_inks(split, archive, check)
            meter.advance(len(archive))


@dataclass(frozen=True)
class _SplitSpec:
    split: str
    n: int
    number: int
    first_writer: int


def _n_writers(n: int) -> int:
    return max(1, round(n / _SAMPLES_PER_WRITER))


def _archive(
    spec: _SplitSpec,
    seed: int,
    skeletons: Mapping[str, Sequence[Skeleton]],
    step: Callable[[], None],
) -> PenArchive:
    """Generate one split: its writers take turns in writing the alphabet."""
    n_writers = _n_writers(spec.n)
    styles = [
        random_writer(np.random.default_rng((seed, spec.number, 0, number)), skeletons)
        for number in range(n_writers)
    ]
    index = np.arange(spec.n)
    labels = index % len(BYCLASS)
    writers = index // len(BYCLASS) % n_writers
    points: list[npt.NDArray[np.int16]] = []
    stroke_lengths: list[int] = []
    stroke_counts: list[int] = []
    for number in range(spec.n):
        step()
        generator = np.random.default_rng((seed, spec.number, 1, number))
        character = BYCLASS[labels[number]]
        drawn, lengths = write(character, styles[writers[number]], skeletons, generator)
        points.append(np.rint(drawn * _UNITS).astype(np.int16))
        stroke_lengths += lengths
        stroke_counts.append(len(lengths))
    return PenArchive(
        f"starter-{spec.split}",
        BYCLASS,
        np.concatenate(points),
        starts_of(stroke_lengths),
        starts_of(stroke_counts),
        labels.astype(np.int64),
        (writers + spec.first_writer).astype(np.int64),
        STARTER_TERMS,
    )
