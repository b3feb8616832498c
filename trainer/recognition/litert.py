"""LiteRT networks: a millisecond per image, in the window's thread."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.ink.render import Images, Planes, with_planes
from trainer.native_lines import silent_stderr
from trainer.processes.launch import is_executable, missing_hint
from trainer.recognition.bundle import Bundle

_BATCHES = (64, 16, 4, 1)
"""Batch sizes that there are networks for; any number of images is divided into these."""


class LiteRtModel:
    """The LiteRT network of a bundle.

    Parameters
    ----------
    bundle : Bundle
    expected : int
        Usual number of images per call.

    Raises
    ------
    BundleError
        If the network cannot be loaded or does not fit the card.
    """

    def __init__(self, bundle: Bundle, expected: int = 1) -> None:
        self._bundle = bundle
        self._input_shape = (*bundle.image_shape, len(bundle.planes))
        try:
            self._content = bundle.model_file.read_bytes()
        except OSError as error:
            raise BundleError(
                "The recogniser's {path} is missing: {reason}.",
                "Choose another recogniser, or install the program again.",
            ).format(path=bundle.model_file.name, reason=error) from error
        self._batches = sorted({*_BATCHES, expected}, reverse=True)
        self._networks = {expected: self._network(expected)}

    def probabilities(self, images: Images | Planes) -> npt.NDArray[np.float32]:
        """Return calibrated probabilities.

        Parameters
        ----------
        images : ndarray of shape (n, height, width) or (n, height, width, n_planes), dtype=uint8
            n >= 1; of the bundle's size.

        Returns
        -------
        ndarray of shape (n, n_classes), dtype=float32
        """
        bias = self._bundle.image_bias if images.ndim == 3 else ()
        images = with_planes(images, len(self._bundle.planes))
        parts, low = [], 0
        while low < len(images):
            batch = next(size for size in self._batches if size <= len(images) - low)
            parts.append(self._logits(images[low : low + batch]))
            low += batch
        logits = np.concatenate(parts)
        scaled = logits / np.float32(self._bundle.temperature)
        if bias:
            scaled = scaled + np.array(bias, dtype=np.float32)
        exponential = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        result: npt.NDArray[np.float32] = exponential / exponential.sum(axis=1, keepdims=True)
        return result

    def _logits(self, images: Planes) -> npt.NDArray[np.float32]:
        network = self._networks.get(len(images)) or self._network(len(images))
        self._networks[len(images)] = network
        inputs, outputs = network.get_input_details()[0], network.get_output_details()[0]
        network.set_tensor(inputs["index"], images.astype(np.float32))
        network.invoke()
        logits: npt.NDArray[np.float32] = network.get_tensor(outputs["index"])
        return logits

    def _network(self, batch: int) -> Any:
        try:
            with silent_stderr():
                network = _interpreter_class()(model_content=self._content, num_threads=1)
                inputs = network.get_input_details()[0]
                network.resize_tensor_input(inputs["index"], (batch, *self._input_shape))
                network.allocate_tensors()
            shape = tuple(map(int, network.get_output_details()[0]["shape"]))
        except (ValueError, RuntimeError, IndexError) as error:
            raise BundleError(
                "The network of {bundle} cannot be loaded: {reason}.",
                "Choose another recogniser, or install the program again.",
            ).format(bundle=self._bundle.name, reason=error) from error
        n_classes = len(self._bundle.alphabet)
        if shape[-1:] != (n_classes,):
            raise BundleError(
                "Expected a network with {n_classes} outputs in {bundle}. Received: {shape}.",
                "The network and the card do not belong together.",
            ).format(n_classes=n_classes, bundle=self._bundle.name, shape=shape[-1:])
        return network


@cache
def _interpreter_class() -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        raise BundleError(
            "LiteRT, which runs the recogniser, is not installed.",
            "Install EMNIST Desktop again."
            if is_executable()
            else missing_hint("", "ai-edge-litert"),
        ) from error
    return Interpreter
