"""Inspect a classic model: it has no layers, but a weight or importance for each pixel."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.explain.base import (
    GREATEST_GREY,
    HeatValues,
    Layer,
    LayerMaps,
    ModelInfo,
    UnsupportedViews,
    Vectors,
    View,
)
from trainer.files.records import decode_or, nested
from trainer.ink.render import Images
from trainer.recognition.bundle import Bundle
from trainer.recognition.classical_model import TRUSTED
from trainer.recognition.recognizer import Probabilities, Recognizer

_CHOOSE_NETWORK = "Look at the occlusion map, or choose a run of one of the networks."
_XGBOOST_FEATURE = "f"
"""Prefix of a pixel's index in xgboost's feature names."""


class ClassicalInspector:
    """A classic model.

    Raises
    ------
    BundleError
        If it cannot be loaded, or its package is missing.
    """

    kind = "classic"

    def __init__(self, bundle: Bundle) -> None:
        self.info = ModelInfo.of_bundle(bundle)
        self._bundle = bundle
        self._recognizer = Recognizer(bundle)
        self._recognizer.probabilities(np.zeros((1, *bundle.image_shape), dtype=np.uint8))
        self.unsupported = UnsupportedViews()
        self.unsupported[View.LAYERS] = BundleError(
            "{bundle} is a classic model and has no layers.", _CHOOSE_NETWORK
        ).format(bundle=bundle.name)
        self.unsupported[View.GRADIENT] = BundleError(
            "{bundle} is a classic model: its answer has no slope over the pixels.", _CHOOSE_NETWORK
        ).format(bundle=bundle.name)
        self._importances = self._read_importances()
        if self._importances is None:
            self.unsupported[View.FILTERS] = BundleError(
                "{bundle} weighs whole pictures against "
                "one another, not pixels: it has no "
                "weights to show.",
                _CHOOSE_NETWORK,
            ).format(bundle=bundle.name)

    @cached_property
    def graph(self) -> tuple[Layer, ...]:
        """The input and the model."""
        height, width = self.info.image_shape
        network = nested(self._bundle.card, "network")
        kind = decode_or("model", str, network.get("preset"))
        count = decode_or(0, int, network.get("parameters"))
        return (
            Layer("image", "Input", (height * width,)),
            Layer(kind, "Classic", (len(self.info.alphabet),), count, ("image",)),
        )

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities."""
        return self._recognizer.probabilities(images)

    def activations(self, image: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Raise the error that there are no layers."""
        raise self.unsupported[View.LAYERS]

    def filters(self) -> LayerMaps:
        """Return the importance of each pixel: for all classes, or one picture per class."""
        self.unsupported.check(View.FILTERS)
        assert self._importances is not None  # noqa: S101 - checked by the line above
        return self._importances

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Raise the error that there is no gradient."""
        raise self.unsupported[View.GRADIENT]

    def embedding(self, images: Images) -> Vectors:
        """Return the pixels, scaled to 0 … 1: the features of such a model."""
        values = images.reshape(len(images), -1).astype(np.float32)
        return values / np.float32(GREATEST_GREY)

    def _read_importances(self) -> LayerMaps | None:
        height, width = self.info.image_shape
        values = (
            _boosted_gains(self._bundle, height * width)
            if self._bundle.form == "xgboost"
            else _pixel_weights(self._bundle)
        )
        if values is None or values.shape[-1] != height * width:
            return None
        pictures = values.astype(np.float32).reshape(-1, height, width)
        return LayerMaps("importance of each pixel", pictures)


def _pixel_weights(bundle: Bundle) -> npt.NDArray[Any] | None:
    """Return a forest's importances or a linear model's weights; None for other models."""
    from skops import io

    model = io.load(bundle.model_file, trusted=list(TRUSTED))
    steps = getattr(model, "steps", None)
    inner = steps[-1][1] if steps else model
    for name in ("feature_importances_", "coef_"):
        values = getattr(inner, name, None)
        if values is not None:
            return np.atleast_2d(np.asarray(values))
    return None


def _boosted_gains(bundle: Bundle, n_pixels: int) -> npt.NDArray[Any]:
    """Return the total gain of the splits on each pixel, summing to 1."""
    import xgboost

    booster = xgboost.Booster(model_file=str(bundle.model_file))
    gains = np.zeros(n_pixels)
    for name, gain in booster.get_score(importance_type="total_gain").items():
        gains[int(name.removeprefix(_XGBOOST_FEATURE))] = gain
    return np.atleast_2d(gains / max(gains.sum(), 1e-12))
