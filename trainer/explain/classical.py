"""Inside a classic model: no layers, but which pixels its trees and weights look at."""

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
"""Before the number of a pixel in xgboost's names."""


class ClassicalInspector:
    """A classic model.

    Parameters
    ----------
    bundle : Bundle

    Raises
    ------
    BundleError
        If it cannot be loaded, or its package is missing.
    """

    kind = "classic"

    def __init__(self, bundle: Bundle) -> None:
        self.facts = ModelInfo.of_bundle(bundle)
        self._bundle = bundle
        self._recognizer = Recognizer(bundle)
        self._recognizer.probabilities(np.zeros((1, *bundle.image_shape), dtype=np.uint8))
        self._obstacles = UnsupportedViews()
        self._obstacles.errors[View.LAYERS] = BundleError(
            "{bundle} is a classic model and has no layers.", _CHOOSE_NETWORK
        ).format(bundle=bundle.name)
        self._obstacles.errors[View.GRADIENT] = BundleError(
            "{bundle} is a classic model: its answer has no slope over the pixels.", _CHOOSE_NETWORK
        ).format(bundle=bundle.name)
        self._importances = self._read_importances()
        if self._importances is None:
            self._obstacles.errors[View.FILTERS] = BundleError(
                "{bundle} weighs whole pictures against "
                "one another, not pixels: it has no "
                "weights to show.",
                _CHOOSE_NETWORK,
            ).format(bundle=bundle.name)

    @property
    def obstacles(self) -> dict[View, BundleError]:
        """What this model cannot show."""
        return self._obstacles.errors

    @cached_property
    def graph(self) -> tuple[Layer, ...]:
        """The picture, the model and the classes."""
        height, width = self.facts.image_shape
        network = nested(self._bundle.card, "network")
        kind = decode_or("model", str, network.get("preset"))
        count = decode_or(0, int, network.get("parameters"))
        return (
            Layer("image", "Input", (height * width,)),
            Layer(kind, "Classic", (len(self.facts.alphabet),), count, ("image",)),
        )

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities."""
        return self._recognizer.probabilities(images)

    def activations(self, image: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Raise the sentence that there are none."""
        raise self._obstacles.errors[View.LAYERS]

    def filters(self) -> LayerMaps:
        """Return how much each pixel counts: of all classes, or one picture a class."""
        self._obstacles.check(View.FILTERS)
        assert self._importances is not None  # noqa: S101 - checked by the line above
        return self._importances

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Raise the sentence that there is none."""
        raise self._obstacles.errors[View.GRADIENT]

    def embedding(self, images: Images) -> Vectors:
        """Return the pixels, from 0 to 1: what such a model compares."""
        values = images.reshape(len(images), -1).astype(np.float32)
        return values / np.float32(GREATEST_GREY)

    def _read_importances(self) -> LayerMaps | None:
        height, width = self.facts.image_shape
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
    """Return how much each pixel's questions have brought, summing to 1."""
    import xgboost

    booster = xgboost.Booster(model_file=str(bundle.model_file))
    gains = np.zeros(n_pixels)
    for name, gain in booster.get_score(importance_type="total_gain").items():
        gains[int(name.removeprefix(_XGBOOST_FEATURE))] = gain
    return np.atleast_2d(gains / max(gains.sum(), 1e-12))
