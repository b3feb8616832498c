"""Model inspectors: what the layers of a model see, in the terms that all kinds of models share.

`open_inspector` opens a model: a run's bundle with Keras, a bundle without a Keras file with
LiteRT, a classic model with scikit-learn. For each view that a kind of model does not support, an
error says why and what to choose instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.evaluation.input_range import InputRange
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
    """The views of a model."""

    LAYERS = "layers"
    FILTERS = "filters"
    OCCLUSION = "occlusion"
    GRADIENT = "gradient"
    EMBEDDING = "embedding"


@dataclass(frozen=True)
class Layer:
    """A layer of the model's graph.

    Attributes
    ----------
    name, kind : str
    shape : tuple of int
        Of its output, without the batch.
    parameters : int
    inputs : tuple of str
        Names of the layers that it takes its inputs from.
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
        A layer of n units without positions has shape (1, 1, n).
    is_flat : bool
        Whether its units have no positions.
    """

    name: str
    maps: Maps
    is_flat: bool = False


@dataclass(frozen=True)
class ModelInfo:
    """A model's name, alphabet and input format.

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
        By which logits are divided.
    input_range : InputRange
        What the network is given for pixels.
    """

    name: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    pen_width: float = PEN_WIDTH
    temperature: float = 1.0
    input_range: InputRange = InputRange.BYTES

    @classmethod
    def of_bundle(cls, bundle: Bundle) -> ModelInfo:
        """Return the description on a bundle's card."""
        middle = bundle.pen_widths[len(bundle.pen_widths) // 2]
        return cls(bundle.name, bundle.alphabet, bundle.image_shape, middle, bundle.temperature)


class ModelInspector(Protocol):
    """A model that can be inspected.

    Attributes
    ----------
    info : ModelInfo
    kind : str
        "keras", "litert" or "classic".
    graph : tuple of Layer
        In the order of computation.
    unsupported : UnsupportedViews
    """

    info: ModelInfo
    kind: str
    unsupported: UnsupportedViews

    @property
    def graph(self) -> tuple[Layer, ...]: ...  # noqa: D102 - described above

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for uint8 images of the model's size."""

    def activations(self, image: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Return the output of every shown layer for one image of the model's size."""

    def filters(self) -> LayerMaps:
        """Return the weights of the first layer as pictures."""

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Return the gradient of a class's logit by pixel, from paper to full ink.

        The saliency of Simonyan et al. 2014 (arXiv 1312.6034), signed.
        """

    def embedding(self, images: Images) -> Vectors:
        """Return the inputs of the last layer, flattened, for images of the model's size."""


class UnsupportedViews(dict[View, BundleError]):
    """The views that a model does not support, with the errors that say why."""

    def check(self, view: View) -> None:
        """Raise the error of an unsupported view."""
        if view in self:
            raise self[view]


def maps_of(name: str, values: npt.NDArray[Any]) -> LayerMaps:
    """Return a layer's output for one image as maps.

    Parameters
    ----------
    name : str
    values : ndarray of shape (n,), (rows, columns) or (height, width, n_maps)
        Further axes are joined into the last.
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
    """Return the weights of a first layer as pictures; None if they have another shape.

    Parameters
    ----------
    name : str
    kernel : ndarray of shape (height, width, n_inputs, n_outputs) or (n_pixels, n_outputs)
        As Keras stores them; several inputs are averaged.
    image_shape : tuple of int
    """
    numbers = np.asarray(kernel, dtype=np.float32)
    if numbers.ndim == 4:
        return LayerMaps(name, np.ascontiguousarray(numbers.mean(axis=2).transpose(2, 0, 1)))
    if numbers.ndim == 2 and numbers.shape[0] == image_shape[0] * image_shape[1]:
        return LayerMaps(name, np.ascontiguousarray(numbers.T.reshape(-1, *image_shape)))
    return None
