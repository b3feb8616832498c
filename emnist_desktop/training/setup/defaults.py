"""What a form says until somebody changes it: the settings that come with a model."""

from __future__ import annotations

import dataclasses
from typing import Any

from emnist_desktop.training.setup.augmentation_fields import IMAGES, STROKES
from trainer.augmentation.images import ImageAugmentation
from trainer.augmentation.strokes import StrokeAugmentation
from trainer.config.training_config import TrainingConfig
from trainer.models.presets import Preset


def defaults_of(chosen: Preset, device: str) -> dict[str, Any]:
    """Return the value of each setting that a model is trained with, and of the strengths.

    Parameters
    ----------
    chosen : Preset
    device : str
        What new runs compute on: "auto", "cpu" or "gpu".

    Returns
    -------
    dict
        By the names of the form's rows: switches for augmentations, their strengths beside.
    """
    plain = {
        field.name: field.default
        for field in dataclasses.fields(TrainingConfig)
        if field.default is not dataclasses.MISSING
    }
    if STROKES not in chosen.defaults:
        plain[STROKES] = StrokeAugmentation()
    values = {**plain, **chosen.defaults, "device": device}
    strengths = {
        f"{name}.{key}": value
        for name in (STROKES, IMAGES)
        for key, value in _strengths_of(values[name]).items()
    }
    return {**values, **strengths, **{name: values[name] is not None for name in (STROKES, IMAGES)}}


def _strengths_of(chosen: object) -> dict[str, float]:
    """Return the strengths of an augmentation that is a preset's default, in any of its forms."""
    if isinstance(chosen, StrokeAugmentation | ImageAugmentation):
        return dataclasses.asdict(chosen)
    return {}
