"""A ``.tflite`` file: its tensors while it computes, and its graph as it lies in the file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError, Message

_LARGEST = 1 << 30
_MOST_THREADS = 4
_REPAIR = "Choose another recogniser, or install the program again."


@dataclass(frozen=True)
class Operation:
    """One step of the network: tensors in, one tensor out."""

    kind: str
    inputs: tuple[int, ...]
    output: int


class LiteRtNetwork:
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
            raise BundleError("{path} cannot be loaded: {reason}.", _REPAIR).format(
                path=name, reason=error
            ) from error
        self._name = name
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
        return tuple(int(side) for side in self._about(tensor)["shape"])

    def is_weight(self, tensor: int) -> bool:
        """Tell whether a tensor holds real numbers, or integers that stand for such."""
        details = self._about(tensor)
        is_scaled = bool(details["quantization_parameters"]["scales"].size)
        return is_scaled or details["dtype"] in (np.float32, np.float16)

    def run(self, batch: npt.NDArray[np.float32]) -> None:
        """Compute.

        Raises
        ------
        BundleError
            If the network cannot: its file is damaged.
        """
        scale, zero = self._entry["quantization"]
        values: Any = batch
        if scale:
            limits = np.iinfo(self._entry["dtype"])
            values = np.clip(np.rint(batch / scale + zero), limits.min, limits.max)
        try:
            if len(batch) != self._n_prepared:
                self._network.resize_tensor_input(self.input_index, batch.shape)
                self._network.allocate_tensors()
                self._n_prepared = len(batch)
            self._network.set_tensor(self.input_index, values.astype(self._entry["dtype"]))
            self._network.invoke()
        except (ValueError, RuntimeError) as error:
            raise self._damaged(error) from error

    def outputs(self) -> npt.NDArray[np.float32]:
        """Return what the network gave, of shape (n, n_classes)."""
        return self.values(int(self._result["index"]))

    def values(self, tensor: int) -> npt.NDArray[np.float32]:
        """Return a tensor as real numbers."""
        how = self._about(tensor)["quantization_parameters"]
        try:
            real: npt.NDArray[np.float32] = self._network.get_tensor(tensor).astype(np.float32)
        except (ValueError, RuntimeError) as error:
            raise self._damaged(error) from error
        scales, zeros = how["scales"].astype(np.float32), how["zero_points"].astype(np.float32)
        if not scales.size:
            return real
        # One scale for all, or one for each channel.
        shape = [1] * real.ndim
        shape[how["quantized_dimension"] if scales.size > 1 else 0] = scales.size
        real -= zeros.reshape(shape)
        real *= scales.reshape(shape)
        return real

    def _about(self, tensor: int) -> Any:
        if tensor not in self._details:
            raise self._damaged(Message("it has no tensor {tensor}", tensor=tensor))
        return self._details[tensor]

    def _damaged(self, why: object) -> BundleError:
        return BundleError("The network of {name} is damaged: {why}.", _REPAIR).format(
            name=self._name, why=why
        )


def _threads() -> int:
    return min(_MOST_THREADS, os.cpu_count() or 1)


def read_content(path: Path) -> bytes:
    """Read a file.

    Raises
    ------
    BundleError
        If it cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise BundleError("{path} is larger than 1 GB.", "It is not loaded.").format(
                path=path.name
            )
        return path.read_bytes()
    except OSError as error:
        raise BundleError("{path} cannot be read: {reason}.").format(
            path=path.name, reason=error
        ) from error


def read_operations(content: bytes, name: str) -> list[Operation]:
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
