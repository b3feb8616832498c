"""Inspect a network without Keras: LiteRT can keep every intermediate tensor.

The graph is read from the file in LiteRT's own schema. Batch normalisation and activations are
folded into the convolutions there, so it has fewer layers than the trained network.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.evaluation.litert_classifier import LiteRtNetwork
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
from trainer.ink.render import Images
from trainer.recognition.recognizer import Probabilities

_BATCH = 64
_MOST_THREADS = 4
_SLOPE_STEP = 4.0
"""Grey levels by which a pixel is changed to estimate the gradient."""

_LEAST_PROBABILITY = 1e-12

_PLUMBING = frozenset({"DEQUANTIZE", "QUANTIZE", "SHAPE", "STRIDED_SLICE", "PACK", "CAST", "FILL"})
"""Operations that only move or convert numbers."""

_WEIGHTED = {
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "FULLY_CONNECTED": "Dense",
}


@dataclass(frozen=True)
class Operation:
    """One step of the network: indices of its input tensors and of its output."""

    kind: str
    inputs: tuple[int, ...]
    output: int


class LiteRtInspector:
    """A network in LiteRT.

    Parameters
    ----------
    path : Path
        The ``.tflite`` file.
    info : ModelInfo

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "litert"

    def __init__(self, path: Path, info: ModelInfo) -> None:
        self.info = info
        self._tensors = LiteRtNetwork(path, threads=_threads(), keep_all=True)
        self._fast = LiteRtNetwork(path, threads=_threads())
        _, self._input = image_shape_of(self._fast.input_shape, path.name)
        check_outputs(self._fast.output_shape[1:], info.alphabet, path.name)
        self.unsupported = UnsupportedViews()
        self._operations = self._read_graph(path.name)
        self._names = _names(self._operations)
        self._weights = self._first_weights()
        if self._weights is None:
            self.unsupported[View.FILTERS] = BundleError(
                "The first layer of {model} has no weights to show.",
                "Choose a run of one of the networks.",
            ).format(model=info.name)
        if self._last_weighted is None:
            self.unsupported[View.EMBEDDING] = BundleError(
                "{model} has no last layer of weights.", "Choose a run of one of the networks."
            ).format(model=info.name)

    @cached_property
    def graph(self) -> tuple[Layer, ...]:
        """The input, and the operations that compute something."""
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
        """Return the output of every operation for one image."""
        self.unsupported.check(View.LAYERS)
        self._tensors.run(self._batch(image[None]))
        return tuple(
            maps_of(self._names[operation.output], self._tensors.values(operation.output)[0])
            for operation in self._operations
        )

    def filters(self) -> LayerMaps:
        """Return the weights of the first convolution or dense layer."""
        self.unsupported.check(View.FILTERS)
        assert self._weights is not None  # noqa: S101 - checked by the line above
        return self._weights

    def gradient(self, image: npt.NDArray[np.uint8], target: int) -> HeatValues:
        """Return the gradient of a class's logit over the picture, by finite differences."""
        flat = image.reshape(-1).astype(np.int16)
        # In the direction in which a grey level can still change.
        steps = np.where(flat + _SLOPE_STEP <= GREATEST_GREY, _SLOPE_STEP, -_SLOPE_STEP)
        changed = np.repeat(flat[None], len(flat), axis=0)
        np.fill_diagonal(changed, flat + steps)
        images = changed.astype(np.uint8).reshape(-1, *image.shape)
        scores = self._logits(np.concatenate([image[None], images]))[:, target]
        slope = (scores[1:] - scores[0]) / steps * GREATEST_GREY
        values: HeatValues = slope.astype(np.float32).reshape(image.shape)
        return values

    def embedding(self, images: Images) -> Vectors:
        """Return the inputs of the last layer with weights."""
        self.unsupported.check(View.EMBEDDING)
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
        parts = [np.zeros((0, len(self.info.alphabet)), dtype=np.float32)]
        for low in range(0, len(images), _BATCH):
            self._fast.run(self._batch(images[low : low + _BATCH]))
            parts.append(self._fast.outputs())
        return np.concatenate(parts)

    def _probabilities(self, scores: npt.NDArray[np.float32]) -> Probabilities:
        if not len(scores):
            return scores
        return as_probabilities(
            scores if self.info.temperature == 1.0 else scores / np.float32(self.info.temperature)
        )

    def _logits(self, images: Images) -> npt.NDArray[np.float32]:
        scores = self._scores(images)
        are_logits = as_probabilities(scores) is not scores
        return scores if are_logits else np.log(np.maximum(scores, _LEAST_PROBABILITY))

    def _batch(self, images: Images) -> npt.NDArray[np.float32]:
        return self.info.input_range.batch(images, self._input)

    def _read_graph(self, name: str) -> tuple[Operation, ...]:
        """Return the operations whose output has a batch axis."""
        self._producers: dict[int, Operation] = {}
        for operation in _read_operations(self._tensors.content, name):
            self._producers[operation.output] = operation
        return tuple(
            operation
            for operation in self._producers.values()
            if operation.kind not in _PLUMBING
            and 2 <= len(self._tensors.shape(operation.output)) <= 4
            and self._tensors.shape(operation.output)[0] == 1
        )

    def _source(self, tensor: int) -> str:
        """Return the layer that a tensor comes from; empty for weights."""
        if tensor == self._tensors.input_index:
            return "image"
        if tensor in self._names:
            return self._names[tensor]
        producer = self._producers.get(tensor)
        found = [self._source(each) for each in producer.inputs] if producer else []
        return next((name for name in found if name), "")

    def _n_weights(self, tensor: int) -> int:
        """Return the number of weights in a tensor; 0 if it is computed from an image."""
        if tensor < 0 or self._source(tensor):
            return 0
        is_number = self._tensors.is_weight(tensor)
        return int(np.prod(self._tensors.shape(tensor))) if is_number else 0

    def _first_weights(self) -> LayerMaps | None:
        for operation in self._operations:
            if operation.kind not in _WEIGHTED:
                continue
            self._tensors.run(self._batch(np.zeros((1, *self.info.image_shape), dtype=np.uint8)))
            kernel = self._tensors.values(operation.inputs[1])
            # LiteRT puts the outputs first, and a depthwise layer's last.
            if operation.kind == "CONV_2D":
                kernel = kernel.transpose(1, 2, 3, 0)
            elif operation.kind == "DEPTHWISE_CONV_2D":
                kernel = kernel.transpose(1, 2, 0, 3)
            else:
                kernel = kernel.T
            name = self._names[operation.output]
            return weight_pictures(name, kernel, self.info.image_shape)
        return None


def _names(operations: tuple[Operation, ...]) -> dict[int, str]:
    """Return a name for each output: its operation, and its ordinal among those."""
    counts: dict[str, int] = {}
    names = {}
    for operation in operations:
        counts[operation.kind] = counts.get(operation.kind, 0) + 1
        names[operation.output] = f"{operation.kind.lower()} {counts[operation.kind]}"
    return names


def _title(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))


def _threads() -> int:
    return min(_MOST_THREADS, os.cpu_count() or 1)


def _read_operations(content: bytes, name: str) -> list[Operation]:
    """Return the operations of a file that LiteRT has loaded, in their order.

    Raises
    ------
    BundleError
        If it holds no network.
    """
    from ai_edge_litert import schema_py_generated as schema

    kinds = {value: key for key, value in vars(schema.BuiltinOperator).items()}
    model = schema.Model.GetRootAs(content)
    if model.SubgraphsLength() < 1:
        raise BundleError("{name} holds no network.").format(name=name)
    graph = model.Subgraphs(0)
    found = []
    for number in range(graph.OperatorsLength()):
        step = graph.Operators(number)
        code = model.OperatorCodes(step.OpcodeIndex())
        # Files from before 2020 keep the code in one byte.
        kind = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        inputs = tuple(step.Inputs(each) for each in range(step.InputsLength()))
        if step.OutputsLength():
            found.append(Operation(kinds.get(kind, "CUSTOM"), inputs, step.Outputs(0)))
    return found
