"""What the corruptions do to a few samples of a dataset, before anything is measured."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image as PillowImage

from emnist_desktop.i18n.language import trainer_text
from emnist_desktop.models.page import ModelContext
from emnist_desktop.models.robustness.result import RobustnessExample, RobustnessResult, splits_of
from emnist_desktop.ui.task import Context
from trainer.datasets.catalog import Catalog
from trainer.datasets.dataset import Dataset, Labels
from trainer.evaluation.corruptions import CORRUPTIONS, CleanSamples, corrupted
from trainer.ink.render import Images

_SAMPLES = 6


def preview(catalog: Catalog, subject: ModelContext, context: Context) -> RobustnessResult:
    """Return a result without models: pictures of some samples in all conditions.

    Raises
    ------
    DatasetError
        If the dataset cannot be opened.
    """
    stored, splits = splits_of(catalog, subject)
    inks = stored.inks(splits[0])
    data = stored.splits[splits[0]] if inks is None else inks
    numbers = _of_different_classes(np.asarray(data.labels))
    if isinstance(data, Dataset):
        originals = CleanSamples.from_data(data.take(numbers), numbers)
    else:
        is_chosen = np.isin(np.arange(len(data)), numbers)
        originals = CleanSamples.from_data(data.select(is_chosen), numbers)
    conditions = [originals.images]
    for corruption in CORRUPTIONS.values():
        for strength in corruption.strengths:
            context.check()
            conditions.append(corrupted(originals, corruption.name, strength))
    strips = np.concatenate(conditions, axis=2)
    truth = [data.alphabet[label] for label in data.labels[numbers].tolist()]
    return RobustnessResult(
        stored.card.title,
        inks is not None,
        len(numbers),
        tuple(
            replace(each, title=trainer_text(each.title), unit=trainer_text(each.unit))
            for each in CORRUPTIONS.values()
        ),
        (),
        None,
        tuple(
            RobustnessExample(number, character, (), _png(strip))
            for number, character, strip in zip(numbers.tolist(), truth, strips, strict=True)
        ),
    )


def _of_different_classes(labels: Labels) -> Labels:
    """Return ascending numbers of samples, spread over the classes."""
    _, first = np.unique(labels, return_index=True)
    places = np.linspace(0, len(first) - 1, min(_SAMPLES, len(first))).round().astype(np.int64)
    return np.sort(first[places]).astype(np.int64)


def _png(image: Images) -> bytes:
    stream = io.BytesIO()
    PillowImage.fromarray(image).save(stream, "PNG")
    return stream.getvalue()
