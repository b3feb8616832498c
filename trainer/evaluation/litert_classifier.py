"""A LiteRT network that somebody exported, to be measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from trainer.errors import BundleError
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.ink.render import PEN_WIDTH, Images
from trainer.recognition.litert import silent_stderr
from trainer.recognition.recognizer import Probabilities, resized
from trainer.recognition.sandboxed_litert import check_network

_BATCH = 64
_LARGEST = 1 << 30


class LiteRtClassifier:
    """Answers with a ``.tflite`` file.

    Quantised inputs and outputs are converted as the file says. Outputs that do not sum to 1 are
    taken for logits.

    Parameters
    ----------
    path : Path
    alphabet : tuple of str
        The characters of the outputs.
    full_ink : float
        The value of a pixel full of ink: 255, or 1 for networks trained on values up to 1.

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "litert"
    parameters: int | None = None
    pen_widths = (PEN_WIDTH,)

    def __init__(self, path: Path, alphabet: tuple[str, ...], full_ink: float = 255.0) -> None:
        from ai_edge_litert.interpreter import Interpreter

        if path.stat().st_size > _LARGEST:
            raise BundleError("{path} is larger than 1 GB.", "It is not loaded.").format(
                path=path.name
            )
        check_network(path)
        try:
            with silent_stderr():
                self._network: Any = Interpreter(model_content=path.read_bytes(), num_threads=1)
                self._network.allocate_tensors()
            shape = tuple(int(side) for side in self._network.get_input_details()[0]["shape"])
            outputs = tuple(int(n) for n in self._network.get_output_details()[0]["shape"])
        except (OSError, ValueError, RuntimeError, IndexError) as error:
            raise BundleError("{path} cannot be loaded: {reason}.").format(
                path=path.name, reason=error
            ) from error
        self.folder, self.name, self.alphabet = path, path.stem, alphabet
        self.size_bytes = path.stat().st_size
        self.image_shape, self._input = image_shape_of(shape, path.name)
        check_outputs(outputs[1:], alphabet, path.name)
        self._full_ink = full_ink
        self._prepared = 0

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images uint8 (n, height, width)."""
        fitted = resized(images, self.image_shape)
        parts = [np.zeros((0, len(self.alphabet)), dtype=np.float32)]
        parts += [
            as_probabilities(self._outputs(fitted[low : low + _BATCH]))
            for low in range(0, len(fitted), _BATCH)
        ]
        return np.concatenate(parts)

    def _outputs(self, images: Images) -> Probabilities:
        n, network = len(images), self._network
        if n != self._prepared:
            network.resize_tensor_input(network.get_input_details()[0]["index"], (n, *self._input))
            network.allocate_tensors()
            self._prepared = n
        entry, result = network.get_input_details()[0], network.get_output_details()[0]
        values = images.reshape(n, *self._input).astype(np.float32) * (self._full_ink / 255.0)
        network.set_tensor(entry["index"], _quantized(values, entry))
        network.invoke()
        answers = network.get_tensor(result["index"])
        check_outputs(answers.shape[1:], self.alphabet, self.folder.name)
        return _real(answers, result)


def _quantized(values: Any, details: Any) -> Any:
    scale, zero = details["quantization"]
    if not scale:
        return values.astype(details["dtype"])
    limits = np.iinfo(details["dtype"])
    return np.clip(np.rint(values / scale + zero), limits.min, limits.max).astype(details["dtype"])


def _real(values: Any, details: Any) -> Probabilities:
    scale, zero = details["quantization"]
    real = values.astype(np.float32)
    result: Probabilities = (real - np.float32(zero)) * np.float32(scale) if scale else real
    return result
