"""What the layers of a model see, whatever kind of model it is: the words that all kinds share.

`open_inspector` opens a model to look into it. A run's bundle is opened with Keras, a bundle
without a Keras file with LiteRT, a classic model with scikit-learn. What a kind of model cannot
show is a sentence that says why and what to choose instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.ink.render import PEN_WIDTH, Images
from trainer.recognition.bundle import Bundle
from trainer.recognition.recognizer import Probabilities

Maps = npt.NDArray[np.float32]
"""Array of shape (n_maps, height, width), dtype=float32: any range, row 0 at the top."""

HeatValues = npt.NDArray[np.float32]
"""Array of shape (height, width), dtype=float32: signed, row 0 at the top."""

Vectors = npt.NDArray[np.float32]
"""Array of shape (n, n_features), dtype=float32."""

GREATEST_GREY = 255.0


class View(StrEnum):
    """What can be asked of a model."""

    LAYERS = "layers"
    FILTERS = "filters"
    OCCLUSION = "occlusion"
    GRADIENT = "gradient"
    EMBEDDING = "embedding"


@dataclass(frozen=True)
class Layer:
    """A row of the model's graph.

    Attributes
    ----------
    name, kind : str
    shape : tuple of int
        Of its output, without the batch.
    parameters : int
    inputs : tuple of str
        Names of the layers that it takes from.
    is_shown : bool
        Whether `ModelInspector.activations` has it.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int = 0
    inputs: tuple[str, ...] = ()
    is_shown: bool = False


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """Values of one layer, or the filters of one.

    Attributes
    ----------
    name : str
    maps : ndarray of shape (n_maps, height, width), dtype=float32
        A layer of n units without places has shape (1, 1, n).
    is_flat : bool
        Whether its units have no places.
    """

    name: str
    maps: Maps
    is_flat: bool = False


@dataclass(frozen=True)
class ModelInfo:
    """What is known of a model before it is asked.

    Attributes
    ----------
    name : str
        As shown to the user.
    alphabet : tuple of str
    image_shape : tuple of int
        Height and width.
    pen_width : float
        At which drawings are rendered, in pixels.
    temperature : float
        Logits are divided by it.
    full_ink : float
        The value of a pixel full of ink.
    """

    name: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    pen_width: float = PEN_WIDTH
    temperature: float = 1.0
    full_ink: float = GREATEST_GREY

    @classmethod
    def of_bundle(cls, bundle: Bundle) -> ModelInfo:
        """Return what a bundle's card says."""
        middle = bundle.pen_widths[len(bundle.pen_widths) // 2]
        return cls(bundle.name, bundle.alphabet, bundle.image_shape, middle, bundle.temperature)


class ModelInspector(Protocol):
    """A model that can be looked into.

    Attributes
    ----------
    facts : ModelInfo
    kind : str
        "keras", "litert" or "classic".
    graph : tuple of Layer
        In the order of computation.
    obstacles : mapping
        For each `View` that this model does not have, the error that says why.
    """

    @property
    def facts(self) -> ModelInfo: ...  # noqa: D102 - described above
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def graph(self) -> tuple[Layer, ...]: ...  # noqa: D102
    @property
    def obstacles(self) -> Mapping[View, BundleError]: ...  # noqa: D102

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for uint8 images of the model's size."""

    def activations(self, image: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Return what every shown layer gives for one image of the model's size."""

    def filters(self) -> LayerMaps:
        """Return the weights of the first layer, as pictures."""

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Return how the score of a class grows with ink, by pixel.

        The saliency of Simonyan et al. 2014 (arXiv 1312.6034), signed: the slope of the class's
        logit, for a pixel that goes from paper to full ink.
        """

    def embedding(self, images: Images) -> Vectors:
        """Return what the last layer takes, flattened, for images of the model's size."""


@dataclass
class UnsupportedViews:
    """What a model cannot show; raises the sentence where it is asked all the same."""

    errors: dict[View, BundleError] = field(default_factory=dict)

    def check(self, view: View) -> None:
        """Raise the error of a view that is not to be had."""
        if view in self.errors:
            raise self.errors[view]


def maps_of(name: str, values: npt.NDArray[Any]) -> LayerMaps:
    """Return a layer's values for one image as pictures.

    Parameters
    ----------
    name : str
    values : ndarray of shape (n,), (rows, columns) or (height, width, n_maps)
        More axes are joined into the last.
    """
    numbers = np.asarray(values, dtype=np.float32)
    if numbers.ndim <= 1:
        return LayerMaps(name, numbers.reshape(1, 1, -1), is_flat=True)
    if numbers.ndim == 2:
        return LayerMaps(name, numbers[None])
    joined = numbers.reshape(*numbers.shape[:2], -1)
    return LayerMaps(name, np.ascontiguousarray(joined.transpose(2, 0, 1)))


def weight_pictures(
    name: str, kernel: npt.NDArray[Any], image_shape: tuple[int, int]
) -> LayerMaps | None:
    """Return the weights of a first layer as pictures; None where they are none.

    Parameters
    ----------
    name : str
    kernel : ndarray of shape (height, width, n_inputs, n_outputs) or (n_pixels, n_outputs)
        As Keras keeps them; several inputs are averaged.
    image_shape : tuple of int
    """
    numbers = np.asarray(kernel, dtype=np.float32)
    if numbers.ndim == 4:
        return LayerMaps(name, np.ascontiguousarray(numbers.mean(axis=2).transpose(2, 0, 1)))
    if numbers.ndim == 2 and numbers.shape[0] == image_shape[0] * image_shape[1]:
        return LayerMaps(name, np.ascontiguousarray(numbers.T.reshape(-1, *image_shape)))
    return None
