"""Inside a network without Keras: LiteRT keeps every intermediate tensor when it is asked to.

The graph is read from the file itself, in LiteRT's own schema; batch normalisation and activations
are folded into the convolutions there, so it has fewer layers than the network that was trained.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.explain.base import (
    GREATEST_GREY,
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
from trainer.explain.tflite_graph import LiteRtNetwork, Operation, read_content, read_operations
from trainer.ink.render import Images
from trainer.recognition.recognizer import Probabilities

_BATCH = 64
_SLOPE_STEP = 4.0
"""Grey levels by which a pixel is changed to find the slope."""

_LEAST_PROBABILITY = 1e-12

_PLUMBING = frozenset({"DEQUANTIZE", "QUANTIZE", "SHAPE", "STRIDED_SLICE", "PACK", "CAST", "FILL"})
"""Operations that move numbers about and compute nothing."""

_WEIGHTED = {
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "FULLY_CONNECTED": "Dense",
}


class LiteRtInspector:
    """A network in LiteRT.

    Parameters
    ----------
    path : Path
        The ``.tflite`` file.
    facts : ModelInfo

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "litert"

    def __init__(self, path: Path, facts: ModelInfo) -> None:
        self.facts = facts
        self._content = read_content(path)
        self._tensors = LiteRtNetwork(self._content, path.name, keep_all=True)
        self._fast = LiteRtNetwork(self._content, path.name, keep_all=False)
        _, self._input = image_shape_of(self._fast.input_shape, path.name)
        check_outputs(self._fast.output_shape[1:], facts.alphabet, path.name)
        self._obstacles = UnsupportedViews()
        self._operations = self._read_graph(path.name)
        self._names = _names(self._operations)
        self._weights = self._first_weights()
        if self._weights is None:
            self._obstacles.errors[View.FILTERS] = BundleError(
                "The first layer of {facts} has no weights to show.",
                "Choose a run of one of the networks.",
            ).format(facts=facts.name)
        if self._last_weighted is None:
            self._obstacles.errors[View.EMBEDDING] = BundleError(
                "{facts} has no last layer of weights.", "Choose a run of one of the networks."
            ).format(facts=facts.name)

    @property
    def obstacles(self) -> dict[View, BundleError]:
        """What this network cannot show."""
        return self._obstacles.errors

    @cached_property
    def graph(self) -> tuple[Layer, ...]:
        """The operations that compute something, after the input."""
        rows = [Layer("image", "Input", self._input)]
        for operation in self._operations:
            sources = dict.fromkeys(self._source(tensor) for tensor in operation.inputs)
            rows.append(
                Layer(
                    self._names[operation.output],
                    _WEIGHTED.get(operation.kind, _title(operation.kind)),
                    self._tensors.shape(operation.output)[1:],
                    sum(self._n_weights(tensor) for tensor in operation.inputs),
                    tuple(name for name in sources if name),
                    is_shown=True,
                )
            )
        return tuple(rows)

    def probabilities(self, images: Images) -> Probabilities:
        """Return calibrated probabilities."""
        return self._probabilities(self._scores(images))

    def activations(self, image: npt.NDArray[np.uint8]) -> tuple[LayerMaps, ...]:
        """Return what every operation gives for one image."""
        self._obstacles.check(View.LAYERS)
        self._tensors.run(self._batch(image[None]))
        return tuple(
            maps_of(self._names[operation.output], self._tensors.values(operation.output)[0])
            for operation in self._operations
        )

    def filters(self) -> LayerMaps:
        """Return the weights of the first convolution or dense layer."""
        self._obstacles.check(View.FILTERS)
        assert self._weights is not None  # noqa: S101 - checked by the line above
        return self._weights

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Return the slope of a class's logit over the picture.

        LiteRT has no gradients: every pixel is changed by a little, one after the other.
        """
        flat = image.reshape(-1).astype(np.int16)
        # Towards the side where there is room.
        steps = np.where(flat + _SLOPE_STEP <= GREATEST_GREY, _SLOPE_STEP, -_SLOPE_STEP)
        changed = np.repeat(flat[None], len(flat), axis=0)
        np.fill_diagonal(changed, flat + steps)
        images = changed.astype(np.uint8).reshape(-1, *image.shape)
        scores = self._logits(np.concatenate([image[None], images]))[:, target]
        slope = (scores[1:] - scores[0]) / steps * GREATEST_GREY
        values: HeatValues = slope.astype(np.float32).reshape(image.shape)
        return values

    def embedding(self, images: Images) -> Vectors:
        """Return what the last layer of weights takes."""
        self._obstacles.check(View.EMBEDDING)
        assert self._last_weighted is not None  # noqa: S101 - checked by the line above
        taken = self._last_weighted.inputs[0]
        parts = []
        for low in range(0, len(images), _BATCH):
            batch = images[low : low + _BATCH]
            self._tensors.run(self._batch(batch))
            parts.append(self._tensors.values(taken).reshape(len(batch), -1))
        return np.concatenate(parts) if parts else np.zeros((0, 0), dtype=np.float32)

    @property
    def _last_weighted(self) -> Operation | None:
        found = [operation for operation in self._operations if operation.kind in _WEIGHTED]
        return found[-1] if found else None

    def _scores(self, images: Images) -> npt.NDArray[np.float32]:
        parts = [np.zeros((0, len(self.facts.alphabet)), dtype=np.float32)]
        for low in range(0, len(images), _BATCH):
            self._fast.run(self._batch(images[low : low + _BATCH]))
            parts.append(self._fast.outputs())
        return np.concatenate(parts)

    def _probabilities(self, scores: npt.NDArray[np.float32]) -> Probabilities:
        if not len(scores):
            return scores
        return as_probabilities(
            scores if self.facts.temperature == 1.0 else scores / np.float32(self.facts.temperature)
        )

    def _logits(self, images: Images) -> npt.NDArray[np.float32]:
        scores = self._scores(images)
        are_logits = as_probabilities(scores) is not scores
        return scores if are_logits else np.log(np.maximum(scores, _LEAST_PROBABILITY))

    def _batch(self, images: Images) -> npt.NDArray[np.float32]:
        values = images.astype(np.float32) * np.float32(self.facts.full_ink / GREATEST_GREY)
        return values.reshape(len(images), *self._input)

    def _read_graph(self, name: str) -> tuple[Operation, ...]:
        """Return the operations whose output has a place for each image of a batch."""
        self._producers: dict[int, Operation] = {}
        for operation in read_operations(self._content, name):
            self._producers[operation.output] = operation
        return tuple(
            operation
            for operation in self._producers.values()
            if operation.kind not in _PLUMBING
            and 2 <= len(self._tensors.shape(operation.output)) <= 4
            and self._tensors.shape(operation.output)[0] == 1
        )

    def _source(self, tensor: int) -> str:
        """Return which layer a tensor comes from; empty for weights."""
        if tensor == self._tensors.input_index:
            return "image"
        if tensor in self._names:
            return self._names[tensor]
        producer = self._producers.get(tensor)
        found = [self._source(each) for each in producer.inputs] if producer else []
        return next((name for name in found if name), "")

    def _n_weights(self, tensor: int) -> int:
        """Return how many trained numbers a tensor holds; 0 for what is computed from an image."""
        if tensor < 0 or self._source(tensor):
            return 0
        is_number = self._tensors.is_weight(tensor)
        return int(np.prod(self._tensors.shape(tensor))) if is_number else 0

    def _first_weights(self) -> LayerMaps | None:
        for operation in self._operations:
            if operation.kind not in _WEIGHTED:
                continue
            self._tensors.run(self._batch(np.zeros((1, *self.facts.image_shape), dtype=np.uint8)))
            kernel = self._tensors.values(operation.inputs[1])
            # LiteRT puts the outputs first, and a depthwise layer's last.
            if operation.kind == "CONV_2D":
                kernel = kernel.transpose(1, 2, 3, 0)
            elif operation.kind == "DEPTHWISE_CONV_2D":
                kernel = kernel.transpose(1, 2, 0, 3)
            else:
                kernel = kernel.T
            name = self._names[operation.output]
            return weight_pictures(name, kernel, self.facts.image_shape)
        return None


def litert_file_facts(path: Path, alphabet: tuple[str, ...]) -> ModelInfo:
    """Return what can be told of a network that somebody exported.

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """
    network = LiteRtNetwork(read_content(path), path.name, keep_all=False)
    shape, _ = image_shape_of(network.input_shape, path.name)
    check_outputs(network.output_shape[1:], alphabet, path.name)
    return ModelInfo(path.stem, alphabet, shape)


def _names(operations: tuple[Operation, ...]) -> dict[int, str]:
    """Return a name for each output: what it is, and the how manieth of its kind."""
    counts: dict[str, int] = {}
    names = {}
    for operation in operations:
        counts[operation.kind] = counts.get(operation.kind, 0) + 1
        names[operation.output] = f"{operation.kind.lower()} {counts[operation.kind]}"
    return names


def _title(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))
