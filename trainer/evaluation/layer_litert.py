"""Inside a network without Keras: LiteRT keeps every intermediate tensor when it is asked to.

The graph is read from the file itself, in LiteRT's own schema; batch normalisation and activations
are folded into the convolutions there, so it has fewer layers than the network that was trained.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.evaluation.layers import (
    GREATEST_GREY,
    Facts,
    HeatValues,
    Layer,
    LayerMaps,
    Obstacles,
    Vectors,
    View,
    maps_of,
    weight_pictures,
)
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.preprocess import Images
from trainer.recognizer import Probabilities

_BATCH = 64
_SLOPE_STEP = 16.0
"""Grey levels by which a pixel is changed to find the slope."""

_LEAST_PROBABILITY = 1e-12
_LARGEST = 1 << 30
_MOST_THREADS = 4

_PLUMBING = frozenset({"DEQUANTIZE", "QUANTIZE", "SHAPE", "STRIDED_SLICE", "PACK", "CAST", "FILL"})
"""Operations that move numbers about and compute nothing."""

_WEIGHTED = {
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "FULLY_CONNECTED": "Dense",
}


@dataclass(frozen=True)
class Operation:
    """One step of the network: tensors in, one tensor out."""

    kind: str
    inputs: tuple[int, ...]
    output: int


class LiteRtInside:
    """A network in LiteRT.

    Parameters
    ----------
    path : Path
        The ``.tflite`` file.
    facts : Facts

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "litert"

    def __init__(self, path: Path, facts: Facts) -> None:
        self.facts = facts
        self._content = _content_of(path)
        self._tensors = _Interpreter(self._content, path.name, keep_all=True)
        self._fast = _Interpreter(self._content, path.name, keep_all=False)
        _, self._input = image_shape_of(self._fast.input_shape, path.name)
        check_outputs(self._fast.output_shape[1:], facts.alphabet, path.name)
        self._obstacles = Obstacles()
        self._operations = self._read_graph(path.name)
        self._names = _names(self._operations)
        self._weights = self._first_weights()
        if self._weights is None:
            self._obstacles.add(
                View.FILTERS,
                f"The first layer of {facts.name} has no weights to show.",
                "Choose a run of one of the networks.",
            )
        if self._last_weighted is None:
            self._obstacles.add(
                View.EMBEDDING,
                f"{facts.name} has no last layer of weights.",
                "Choose a run of one of the networks.",
            )

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
        for operation in _operations(self._content, name):
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


def litert_file_facts(path: Path, alphabet: tuple[str, ...]) -> Facts:
    """Return what can be told of a network that somebody exported.

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """
    network = _Interpreter(_content_of(path), path.name, keep_all=False)
    shape, _ = image_shape_of(network.input_shape, path.name)
    check_outputs(network.output_shape[1:], alphabet, path.name)
    return Facts(path.stem, alphabet, shape)


class _Interpreter:
    """LiteRT with one network; made ready for another batch when one comes.

    Parameters
    ----------
    content : bytes
    name : str
    keep_all : bool
        Whether tensors between the layers are kept; slower, since it works without XNNPACK.
    """

    def __init__(self, content: bytes, name: str, *, keep_all: bool) -> None:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        try:
            self._network: Any = Interpreter(
                model_content=content,
                num_threads=_threads(),
                experimental_preserve_all_tensors=keep_all,
                experimental_op_resolver_type=plain if keep_all else OpResolverType.AUTO,
            )
            self._network.allocate_tensors()
            self._entry = self._network.get_input_details()[0]
            self._result = self._network.get_output_details()[0]
        except (ValueError, RuntimeError, IndexError) as error:
            raise BundleError(
                f"{name} cannot be loaded: {error}.",
                "Choose another recogniser, or install the program again.",
            ) from error
        self._n_prepared = int(self._entry["shape"][0])
        details = self._network.get_tensor_details()
        self._details = {int(each["index"]): each for each in details}

    @property
    def input_index(self) -> int:
        """The tensor of the image."""
        return int(self._entry["index"])

    @property
    def input_shape(self) -> tuple[int, ...]:
        """With the batch."""
        return tuple(int(side) for side in self._entry["shape"])

    @property
    def output_shape(self) -> tuple[int, ...]:
        """With the batch."""
        return tuple(int(side) for side in self._result["shape"])

    def shape(self, tensor: int) -> tuple[int, ...]:
        """Return the shape of a tensor for one image, with the batch."""
        return tuple(int(side) for side in self._details[tensor]["shape"])

    def is_weight(self, tensor: int) -> bool:
        """Tell whether a tensor holds real numbers, or integers that stand for such."""
        details = self._details[tensor]
        return details["dtype"] in (np.float32, np.float16) or bool(details["quantization"][0])

    def run(self, batch: npt.NDArray[np.float32]) -> None:
        """Compute."""
        if len(batch) != self._n_prepared:
            self._network.resize_tensor_input(self.input_index, batch.shape)
            self._network.allocate_tensors()
            self._n_prepared = len(batch)
        scale, zero = self._entry["quantization"]
        values: Any = batch
        if scale:
            limits = np.iinfo(self._entry["dtype"])
            values = np.clip(np.rint(batch / scale + zero), limits.min, limits.max)
        self._network.set_tensor(self.input_index, values.astype(self._entry["dtype"]))
        self._network.invoke()

    def outputs(self) -> npt.NDArray[np.float32]:
        """Return what the network gave, of shape (n, n_classes)."""
        return self.values(int(self._result["index"]))

    def values(self, tensor: int) -> npt.NDArray[np.float32]:
        """Return a tensor as real numbers."""
        given = self._network.get_tensor(tensor)
        scale, zero = self._details[tensor]["quantization"]
        real: npt.NDArray[np.float32] = given.astype(np.float32)
        return (real - np.float32(zero)) * np.float32(scale) if scale else real


def _threads() -> int:
    return min(_MOST_THREADS, os.cpu_count() or 1)


def _content_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise BundleError(f"{path.name} is larger than 1 GB.", "It is not loaded.")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path.name} cannot be read: {error}.") from error


def _operations(content: bytes, name: str) -> list[Operation]:
    """Read the operations of a file that LiteRT has loaded."""
    from ai_edge_litert import schema_py_generated as schema

    kinds = {value: key for key, value in vars(schema.BuiltinOperator).items()}
    model = schema.Model.GetRootAs(content)
    if model.SubgraphsLength() < 1:
        raise BundleError(f"{name} holds no network.")
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
