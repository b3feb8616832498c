"""What the Errors page shows: how each sample was read, and the samples themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trainer.datasets.analysis.statistics import Indices
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.load import ALL, is_path, load_data
from trainer.datasets.samples import Data
from trainer.datasets.store import CARD_NAME, TEST, DatasetCard, StoredDataset, open_dataset
from trainer.errors import DatasetError
from trainer.evaluation.errors import check_samples
from trainer.evaluation.report.predictions import Predictions
from trainer.evaluation.report.report import load_report
from trainer.ink.render import PEN_WIDTH, Image, fit_points, render


@dataclass(frozen=True, eq=False)
class ErrorSplit:
    """One split: images, or drawings that are rendered when they are shown."""

    split: str
    data: Data


@dataclass(frozen=True, eq=False)
class ErrorSamples:
    """The samples that a model was evaluated on.

    Attributes
    ----------
    title : str
        Of the dataset.
    about : str
        Where they are from and what may be done with them.
    name : str
        In the catalogue; empty for data that are not in it.
    parts : tuple of ErrorSplit
        Several where all splits of a dataset were asked for; their indices count on.
    """

    title: str
    about: str
    name: str
    parts: tuple[ErrorSplit, ...]

    @property
    def alphabet(self) -> tuple[str, ...]:
        """The character of each class."""
        return self.parts[0].data.alphabet

    @property
    def labels(self) -> Labels:
        """Of all parts; shape (n,)."""
        return np.concatenate([np.asarray(part.data.labels) for part in self.parts])

    def image(self, index: int) -> Image:
        """Return a sample as an image."""
        part, position = self._find(index)
        data = part.data
        if isinstance(data, Dataset):
            return np.asarray(data.images[position])
        points, starts = data.strokes(position)
        return render(fit_points(points), starts, PEN_WIDTH)

    def writer(self, index: int) -> int | None:
        """Return who wrote a sample; None where that is not known."""
        part, position = self._find(index)
        return None if part.data.writers is None else int(part.data.writers[position])

    def in_one_split(self, indices: Indices) -> tuple[str, Indices]:
        """Return the split of the first sample, and which of its samples are meant.

        Parameters
        ----------
        indices : ndarray of shape (n,), dtype=int64
            At least one.
        """
        first, _ = self._find(int(indices[0]))
        low = 0
        for part in self.parts:
            if part is first:
                break
            low += len(part.data)
        inside = indices[(indices >= low) & (indices < low + len(first.data))]
        return first.split, inside - low

    def _find(self, index: int) -> tuple[ErrorSplit, int]:
        for part in self.parts:
            if index < len(part.data):
                return part, index
            index -= len(part.data)
        raise IndexError(index)


def open_samples(catalog: Catalog, name: str, split: str) -> ErrorSamples:
    """Open what ``--data`` and ``--split`` mean; images are read when they are shown.

    Raises
    ------
    DatasetError
        If the data are gone or damaged, or have no such split.
    """
    path = Path(name).expanduser()
    if not path.exists() and not is_path(name):
        return _of_stored(catalog.open(name), split, name)
    if (path / CARD_NAME).is_file():
        return _of_stored(open_dataset(path), split, "")
    data = load_data(name, split)
    return ErrorSamples(path.name, data.terms, "", (ErrorSplit(split, data),))


def _of_stored(stored: StoredDataset, split: str, name: str) -> ErrorSamples:
    chosen: Sequence[str] = tuple(stored.splits)
    if split != ALL:
        first = TEST if TEST in stored.splits else chosen[0]
        chosen = (split or first,)
    missing = [part for part in chosen if part not in stored.splits]
    if missing:
        raise DatasetError(
            "{name} has no split {split}. Found: {splits}.", "Choose another split."
        ).format(name=stored.card.title, split=repr(missing[0]), splits=", ".join(stored.splits))
    parts = tuple(ErrorSplit(part, stored.splits[part]) for part in chosen)
    return ErrorSamples(stored.card.title, _about(stored.card), name, parts)


def _about(card: DatasetCard) -> str:
    facts = (("Source", card.source), ("Terms", card.terms), ("Citation", card.citation))
    return "\n".join([card.title, *(f"{name}: {text}" for name, text in facts if text)])


@dataclass(frozen=True, eq=False)
class ErrorSource:
    """How each sample was read, and the samples.

    Attributes
    ----------
    predictions : Predictions
    samples : ErrorSamples
    figures : dict
        Of the report.
    """

    predictions: Predictions
    samples: ErrorSamples
    figures: dict[str, Any]

    def image(self, row: int) -> Image:
        """Return the image of a row of the predictions."""
        return self.samples.image(int(self.predictions.indices[row]))

    def names(self, row: int) -> tuple[str, str]:
        """Return the true and the predicted character of a row of the predictions."""
        found = self.predictions
        return found.characters[found.truth[row]], found.characters[found.predicted[row]]


class DataGoneError(DatasetError):
    """The samples cannot be opened: measuring again would not help."""


def open_source(folder: Path, catalog: Catalog, data: str, split: str) -> ErrorSource:
    """Open a report and the samples that it is about.

    Raises
    ------
    DatasetError
        If the report is damaged, or the samples are gone or have changed since.
    """
    report = load_report(folder)
    try:
        samples = open_samples(catalog, data, split)
    except DatasetError as error:
        raise DataGoneError(error.message, error.hint) from error
    check_samples(report.predictions, samples.labels, samples.alphabet)
    return ErrorSource(report.predictions, samples, report.figures)
