"""Warnings about settings and data that do not prevent a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from trainer.config.fields import FIELDS, FOR_ALL_MODELS
from trainer.config.training_config import TrainingConfig
from trainer.errors import Message, joined
from trainer.models.presets import PresetKind, preset
from trainer.runs.events import Warned
from trainer.training.data import TrainingData

_MOST_CHARACTERS = 12


def setup_warning(
    config: TrainingConfig, data: TrainingData, settling: int = 0, batches: int = 0
) -> Warned | None:
    """Return all warnings about a run before its training as one; None without any.

    They are about settings without effect, batches larger than the data, too few batches for
    batch normalisation, and characters without training or validation samples.

    Parameters
    ----------
    config : TrainingConfig
    data : TrainingData
    settling : int
        Batches within which the statistics of batch normalisation settle; 0 without any.
    batches : int
        Of the whole run.
    """
    is_classic = preset(config.preset).kind is PresetKind.CLASSICAL
    usual = TrainingConfig.from_record({"preset": config.preset, "data": config.data})
    warnings = [
        *(
            _unused(config, usual)
            if is_classic
            else _augmentation_without_effect(config, usual, data)
        ),
        *(() if is_classic else _large_batches(config, data)),
        *_unsettled(settling, batches),
        *_missing(config, data),
    ]
    if not warnings:
        return None
    *others, last = warnings
    sentences = [text for each in others for text in (each.message, each.hint)]
    return Warned(joined(*sentences, last.message), last.hint)


def _unused(config: TrainingConfig, usual: TrainingConfig) -> Iterator[Warned]:
    names = [name for name in usual.differences(config) if name not in FOR_ALL_MODELS]
    if names:
        titles = [FIELDS[name].title for name in FIELDS if name in names]
        yield Warned(
            Message(
                "The model {preset} takes no account of: {options}.",
                preset=config.preset,
                options=joined(*titles, separator=", "),
            ),
            "These settings are for networks.",
        )


def _augmentation_without_effect(
    config: TrainingConfig, usual: TrainingConfig, data: TrainingData
) -> Iterator[Warned]:
    """Yield augmentations without effect; a preset's own only if no augmentation has any."""
    of_images, of_drawings = config.image_augmentation, config.augmentation
    images = of_images is not None and not of_images.is_nothing
    drawings = of_drawings is not None
    asks_for_drawings = of_drawings != usual.augmentation or not images
    if drawings and not data.has_inks and asks_for_drawings:
        yield Warned(
            "Vary drawings has no effect: the data hold images, no drawings.",
            "Vary images (--image-augmentation) is for them.",
        )
    asks_for_images = of_images != usual.image_augmentation or not drawings
    if images and not data.has_images and asks_for_images:
        yield Warned(
            "Vary images has no effect: the data hold drawings, no images.",
            "Vary drawings (--augmentation) is for them.",
        )


def _large_batches(config: TrainingConfig, data: TrainingData) -> Iterator[Warned]:
    if config.batch_size > len(data):
        yield Warned(
            Message(
                "The batch size of {batch_size} is larger than the {n_samples} "
                "samples to train on, so that each batch holds samples more than "
                "once.",
                batch_size=f"{config.batch_size:,}",
                n_samples=f"{len(data):,}",
            ),
            "Choose a smaller batch size, or more data.",
        )


def _unsettled(settling: int, batches: int) -> Iterator[Warned]:
    if batches < settling:
        yield Warned(
            Message(
                "The network normalises batches, which settles within some {settling} of them; the "
                "run has {batches}, so that it may read worse than it has learnt.",
                settling=f"{settling:,}",
                batches=f"{batches:,}",
            ),
            "Train for more epochs, or with smaller batches.",
        )


def _missing(config: TrainingConfig, data: TrainingData) -> Iterator[Warned]:
    learnt, measured = set(np.unique(data.labels)), set(np.unique(data.validation.labels))
    unmeasured, unlearnt = sorted(learnt - measured), sorted(measured - learnt)
    if unmeasured:
        hint = "Choose validation data that have them."
        if not config.validation:
            hint = "Raise the validation share, or use more data."
        yield Warned(
            Message(
                "The data to choose by have no sample of {characters}.",
                characters=_named(unmeasured, data.alphabet),
            ),
            hint,
        )
    if unlearnt:
        yield Warned(
            Message(
                "The data to train on have no sample of {characters}.",
                characters=_named(unlearnt, data.alphabet),
            ),
            "Use more data; a subset may be too small.",
        )


def _named(labels: Sequence[int], alphabet: Sequence[str]) -> str:
    shown = " ".join(alphabet[label] for label in labels[:_MOST_CHARACTERS])
    more = len(labels) - _MOST_CHARACTERS
    return Message("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown
