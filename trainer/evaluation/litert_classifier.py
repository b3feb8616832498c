"""A LiteRT network from a file: its tensors, and a classifier of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError, Message
from trainer.evaluation.input_range import (
    InputRange,
    padded,
    range_of_limits,
    whole_batches,
)
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.ink.render import PEN_WIDTH, Images
from trainer.native_lines import silent_stderr
from trainer.recognition.recognizer import Probabilities, resized
from trainer.recognition.sandboxed_litert import check_network

_BATCH = 64
_LARGEST = 1 << 30
_REPAIR = "Choose another recogniser, or install the program again."


class LiteRtNetwork:
    """A LiteRT interpreter of one network, for batches of any size.

    Quantised inputs and outputs are converted.

    Parameters
    ----------
    path : Path
        A ``.tflite`` file.
    threads : int
    keep_all : bool
        Whether tensors between the layers are kept; slower, since it works without XNNPACK.

    Raises
    ------
    BundleError
        If it cannot be read or loaded, or is too large.
    """

    def __init__(self, path: Path, *, threads: int, keep_all: bool = False) -> None:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType

        self._name = path.name
        try:
            if path.stat().st_size > _LARGEST:
                raise BundleError("{path} is larger than 1 GB.", "It is not loaded.").format(
                    path=path.name
                )
            self.content = path.read_bytes()
        except OSError as error:
            raise BundleError("{path} cannot be read: {reason}.").format(
                path=path.name, reason=error
            ) from error
        plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        try:
            with silent_stderr():
                self._network: Any = Interpreter(
                    model_content=self.content,
                    num_threads=threads,
                    experimental_preserve_all_tensors=keep_all,
                    experimental_op_resolver_type=plain if keep_all else OpResolverType.AUTO,
                )
                self._network.allocate_tensors()
            self._entry = self._network.get_input_details()[0]
            self._result = self._network.get_output_details()[0]
        except (ValueError, RuntimeError, IndexError) as error:
            raise BundleError("{path} cannot be loaded: {reason}.", _REPAIR).format(
                path=path.name, reason=error
            ) from error
        self._n_prepared = int(self._entry["shape"][0])
        details = self._network.get_tensor_details()
        self._details = {int(each["index"]): each for each in details}

    @property
    def input_index(self) -> int:
        """The index of the input tensor."""
        return int(self._entry["index"])

    @property
    def input_shape(self) -> tuple[int, ...]:
        """With the batch axis."""
        return tuple(int(side) for side in self._entry["shape"])

    @property
    def output_shape(self) -> tuple[int, ...]:
        """With the batch axis."""
        return tuple(int(side) for side in self._result["shape"])

    @property
    def input_limits(self) -> tuple[float, float] | None:
        """The least and the greatest value of a quantised input; None for others."""
        scale, zero = self._entry["quantization"]
        if not scale:
            return None
        limits = np.iinfo(self._entry["dtype"])
        return float(scale * (limits.min - zero)), float(scale * (limits.max - zero))

    def fixed_batch(self) -> int | None:
        """Return the only batch size that the network takes; None if it takes any."""
        given = self.input_shape[0]
        blank = np.zeros((given + 1, *self.input_shape[1:]), dtype=np.float32)
        try:
            with silent_stderr():
                self.run(blank)
        except BundleError:
            is_fixed = True
        else:
            is_fixed = len(self.outputs()) != len(blank)
        if is_fixed:
            self._network.resize_tensor_input(self.input_index, self.input_shape)
            self._network.allocate_tensors()
            self._n_prepared = given
        return given if is_fixed else None

    def shape(self, tensor: int) -> tuple[int, ...]:
        """Return the shape of a tensor for one image, with the batch."""
        return tuple(int(side) for side in self._details_of(tensor)["shape"])

    def is_weight(self, tensor: int) -> bool:
        """Return whether a tensor holds real numbers or quantised ones."""
        details = self._details_of(tensor)
        is_scaled = bool(details["quantization_parameters"]["scales"].size)
        return is_scaled or details["dtype"] in (np.float32, np.float16)

    def run(self, batch: npt.NDArray[np.float32]) -> None:
        """Run the network on a batch of its input shape.

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
        """Return the outputs, shape (n, n_classes)."""
        return self.values(int(self._result["index"]))

    def values(self, tensor: int) -> npt.NDArray[np.float32]:
        """Return a tensor as real numbers."""
        how = self._details_of(tensor)["quantization_parameters"]
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

    def _details_of(self, tensor: int) -> Any:
        if tensor not in self._details:
            raise self._damaged(Message("it has no tensor {tensor}", tensor=tensor))
        return self._details[tensor]

    def _damaged(self, why: object) -> BundleError:
        return BundleError("The network of {name} is damaged: {why}.", _REPAIR).format(
            name=self._name, why=why
        )


class LiteRtClassifier:
    """A classifier of a ``.tflite`` file; outputs that do not sum to 1 are taken for logits.

    Parameters
    ----------
    path : Path
    alphabet : tuple of str
        The characters of the outputs.
    input_range : InputRange, optional
        What it expects of pixels; by default that of a quantised input, else 0 to 255.

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "litert"
    parameters: int | None = None
    pen_widths: tuple[float, ...] = (PEN_WIDTH,)
    takes_direction = False

    def __init__(
        self, path: Path, alphabet: tuple[str, ...], input_range: InputRange | None = None
    ) -> None:
        check_network(path)
        self._network = LiteRtNetwork(path, threads=1)
        self.folder, self.name, self.alphabet = path, path.stem, alphabet
        self.size_bytes = path.stat().st_size
        self.image_shape, self._input = image_shape_of(self._network.input_shape, path.name)
        check_outputs(self._network.output_shape[1:], alphabet, path.name)
        limits = self._network.input_limits
        assumed = InputRange.BYTES if limits is None else range_of_limits(*limits)
        self.input_range: InputRange | None = input_range or assumed
        self._fixed = self._network.fixed_batch()

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images uint8 (n, height, width)."""
        fitted = resized(images, self.image_shape)
        parts = [np.zeros((0, len(self.alphabet)), dtype=np.float32)]
        for chosen in whole_batches(len(fitted), self._fixed, _BATCH):
            batch = (self.input_range or InputRange.BYTES).batch(fitted[chosen], self._input)
            self._network.run(padded(batch, self._fixed))
            outputs = self._network.outputs()[: len(batch)]
            check_outputs(outputs.shape[1:], self.alphabet, self.folder.name)
            parts.append(as_probabilities(outputs))
        return np.concatenate(parts)
