"""Inspect a network with Keras: every layer, exact gradients. Imports Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.explain.base import (
    HeatValues,
    Layer,
    LayerMaps,
    ModelInfo,
    UnsupportedViews,
    Vectors,
    View,
    maps_of,
    weight_pictures,
)
from trainer.ink.render import PLANES, Images
from trainer.light_keras import keras
from trainer.recognition.recognizer import Probabilities

_BATCH = 64
"""Images per batch; batches are padded to it, so that the network is compiled once."""

_TINY = 1e-30
_ANOTHER = "Choose a run of one of the presets."


class KerasInspector:
    """A network in Keras.

    Parameters
    ----------
    network : keras.Model
    info : ModelInfo

    Raises
    ------
    BundleError
        If it takes no grey images, or has another number of outputs than the alphabet.
    """

    kind = "keras"

    def __init__(self, network: Any, info: ModelInfo) -> None:
        self.info = info
        self._network = network
        _, self._input = image_shape_of(network.input_shape, info.name)
        check_outputs(tuple(network.output_shape[1:]), info.alphabet, info.name)
        self.unsupported = UnsupportedViews()
        self._shown = [layer for layer in network.layers if _is_shown(layer)]
        self.graph = tuple(_described(layer) for layer in network.layers)
        if not self._shown:
            self.unsupported[View.LAYERS] = BundleError(
                "The layers of {model} form no graph.", _ANOTHER
            ).format(model=info.name)
        tensors = [_output(layer) for layer in self._shown] or network.outputs
        self._probe = keras.Model(network.inputs, tensors)
        self._weights = self._first_weights()
        if self._weights is None:
            self.unsupported[View.FILTERS] = BundleError(
                "The first layer of {model} has no weights to show.", _ANOTHER
            ).format(model=info.name)
        taken = _last_input(network)
        if taken is None:
            self.unsupported[View.EMBEDDING] = BundleError(
                "{model} has no last layer of weights.", _ANOTHER
            ).format(model=info.name)
        else:
            self._embedder = keras.Model(network.inputs, taken)
        if keras.backend.backend() != "tensorflow":
            self.unsupported[View.GRADIENT] = BundleError(
                "The gradient map needs Keras with TensorFlow. Received: {backend}.",
                "Look at the occlusion map, or set KERAS_BACKEND to tensorflow.",
            ).format(backend=keras.backend.backend())
        self._slope: Any = None

    def probabilities(self, images: Images) -> Probabilities:
        """Return calibrated probabilities."""
        outputs = self._predict_all(self._network, images)
        if not len(outputs):
            return outputs
        if self.info.temperature != 1.0:
            outputs = outputs / np.float32(self.info.temperature)
        return as_probabilities(outputs)

    def activations(self, image: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Return the output of every layer for one image."""
        self.unsupported.check(View.LAYERS)
        given = self._predicted(self._probe, self._batch(image[None]))
        values = given if isinstance(given, list) else [given]
        return tuple(
            maps_of(layer.name, np.asarray(value)[0])
            for layer, value in zip(self._shown, values, strict=True)
        )

    def filters(self) -> LayerMaps:
        """Return the weights of the first convolution or dense layer."""
        self.unsupported.check(View.FILTERS)
        assert self._weights is not None  # noqa: S101 - checked by the line above
        return self._weights

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Return the gradient of a class's logit over the picture."""
        self.unsupported.check(View.GRADIENT)
        batch = self._batch(image[None])
        if self._slope is None:
            outputs = np.asarray(self._predicted(self._network, batch), dtype=np.float32)
            self._slope = _slope_of(self._network, as_probabilities(outputs) is not outputs)
        slope = self._slope(batch, target)
        ink = np.asarray(slope, dtype=np.float32)
        if self._input[2:] == (len(PLANES),):
            ink = ink[..., 0]
        values: HeatValues = ink.reshape(self.info.image_shape)
        return values * np.float32(self.info.input_range.slope)

    def embedding(self, images: Images) -> Vectors:
        """Return the inputs of the last layer with weights."""
        self.unsupported.check(View.EMBEDDING)
        values = self._predict_all(self._embedder, images)
        return values.reshape(len(values), int(np.prod(values.shape[1:])))

    def _predict_all(self, network: Any, images: Images) -> npt.NDArray[np.float32]:
        parts = []
        for low in range(0, len(images), _BATCH):
            batch = self._batch(images[low : low + _BATCH])
            n = len(batch)
            if n not in (1, _BATCH):
                batch = np.concatenate([batch, np.repeat(batch[-1:], _BATCH - n, axis=0)])
            parts.append(np.asarray(self._predicted(network, batch), dtype=np.float32)[:n])
        if not parts:
            return np.zeros((0, *network.output_shape[1:]), dtype=np.float32)
        return np.concatenate(parts)

    def _predicted(self, network: Any, batch: npt.NDArray[np.float32]) -> Any:
        try:
            return network.predict_on_batch(batch)
        except (ValueError, TypeError, RuntimeError) as error:
            raise BundleError("{model} cannot compute: {reason}.", "Its file is damaged.").format(
                model=self.info.name, reason=error
            ) from error

    def _batch(self, images: Images) -> npt.NDArray[np.float32]:
        return self.info.input_range.batch(images, self._input)

    def _first_weights(self) -> LayerMaps | None:
        for layer in self._network.layers:
            weights = layer.get_weights()
            if weights and weights[0].ndim in (2, 4):
                return weight_pictures(layer.name, weights[0], self.info.image_shape)
        return None


def _call(layer: Any) -> Any:
    """Return the last call of a layer, with its tensors; None if it was not called.

    `layer.output` would return a nested network's own tensors, and fail for a layer that is
    called twice.
    """
    calls = layer._inbound_nodes  # noqa: SLF001 - Keras shows its graph nowhere else
    return calls[-1] if calls else None


def _output(layer: Any) -> Any:
    call = _call(layer)
    return call.output_tensors[0] if call is not None and len(call.output_tensors) == 1 else None


def _is_shown(layer: Any) -> bool:
    """Return whether a layer has one output of fixed size."""
    output = _output(layer)
    is_input = isinstance(layer, keras.layers.InputLayer)
    return output is not None and not is_input and None not in output.shape[1:]


def _described(layer: Any) -> Layer:
    call, output = _call(layer), _output(layer)
    sources = call.input_tensors if call is not None else ()
    names = [source._keras_history.operation.name for source in sources]  # noqa: SLF001 - as above
    return Layer(
        layer.name,
        type(layer).__name__,
        () if output is None else tuple(int(side or 0) for side in output.shape[1:]),
        int(layer.count_params()),
        tuple(names),
        _is_shown(layer),
    )


def _last_input(network: Any) -> Any:
    """Return the input tensor of the last layer with weights; None without one."""
    for layer in reversed(network.layers):
        if layer.get_weights():
            call = _call(layer)
            return call.input_tensors[0] if call is not None else None
    return None


def _slope_of(network: Any, are_logits: bool) -> Any:
    """Return a function that computes the gradient of a class's score, with TensorFlow."""
    import tensorflow as tf

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def slope(batch: Any, target: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(batch)
            outputs = network(batch, training=False)
            # A softmax is flat where the network is sure; its logarithm is not.
            scores = outputs if are_logits else tf.math.log(outputs + _TINY)
            score = scores[0, target]
        return tape.gradient(score, batch)

    def of_arrays(batch: npt.NDArray[np.float32], target: int) -> Any:
        return slope(tf.constant(batch), tf.constant(target, dtype=tf.int32))

    return of_arrays
