"""Which settings of a training harden a model against a corruption."""

from __future__ import annotations

from typing import Any

import numpy as np

from trainer.augmentation.images import IMAGE_AUGMENTATION_LIMITS, ImageAugmentation
from trainer.augmentation.strokes import StrokeAugmentation
from trainer.ink.render import EDGE_BLUR

_UNIFORM_TO_NORMAL = float(1.0 / np.sqrt(3.0))
"""A uniform distribution up to 1 has this standard deviation."""


def training_fields(name: str, strength: float, *, drawings: bool) -> dict[str, dict[str, float]]:
    """Return the augmentation that meets a corruption of a strength, at least the usual one.

    Only what differs from the usual augmentation of the field is named.

    Parameters
    ----------
    name : str
        Of a corruption.
    strength : float
        In the unit of the corruption.
    drawings : bool
        Whether the data are drawings: a corruption that only images can be trained against is
        then none.

    Returns
    -------
    dict
        Fields of `TrainingConfig` with their new values; empty if no setting corresponds.
    """
    strokes, images = _of_strokes(name, strength), _of_images(name, strength)
    if not (strokes if drawings else images):
        return {}
    fields = {"augmentation": strokes, "image_augmentation": images}
    return {field: values for field, values in fields.items() if values}


def _of_strokes(name: str, strength: float) -> dict[str, float]:
    usual = StrokeAugmentation()
    softness = float(np.hypot(EDGE_BLUR, strength)) / EDGE_BLUR - 1.0
    values: dict[str, tuple[str, float]] = {
        "shift": ("shift", max(usual.shift, strength * _UNIFORM_TO_NORMAL)),
        "rotation": ("rotation", max(usual.rotation, strength * _UNIFORM_TO_NORMAL)),
        "scale": ("scale", max(usual.scale, strength)),
        "thinner": ("thinnest", min(usual.thinnest, strength)),
        "thicker": ("thickest", max(usual.thickest, strength)),
        "blur": ("blur", max(usual.blur, softness)),
    }
    return _rounded(values.get(name))


def _of_images(name: str, strength: float) -> dict[str, float]:
    if name not in ("shift", "rotation", "scale", "noise"):
        return {}
    least = float(getattr(ImageAugmentation(), name))
    _, greatest = IMAGE_AUGMENTATION_LIMITS[name]
    return _rounded((name, min(max(least, strength), greatest)))


def _rounded(value: tuple[str, float] | None) -> dict[str, Any]:
    return {} if value is None else {value[0]: round(value[1], 3)}
