"""A classifier of a Keras file. Imports Keras."""

from __future__ import annotations

import zlib
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from trainer.errors import BundleError
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.ink.render import PEN_WIDTH, Images
from trainer.light_keras import keras
from trainer.recognition.recognizer import Probabilities, resized

_BATCH = 512
UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    BadZipFile,
    zlib.error,
)
"""What Keras raises at damaged files, by experiment."""

_RESCALING = ("Rescaling", "Normalization")


class KerasClassifier:
    """A classifier of a ``.keras`` file; outputs that do not sum to 1 are taken for logits.

    Parameters
    ----------
    path : Path
    alphabet : tuple of str
        The characters of the outputs.
    full_ink : float, optional
        The value of a pixel full of ink; by default 255 if the network begins by rescaling or
        normalising, else 1.

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "keras"
    pen_widths: tuple[float, ...] = (PEN_WIDTH,)

    def __init__(
        self, path: Path, alphabet: tuple[str, ...], full_ink: float | None = None
    ) -> None:
        self._network: Any = load_keras(path)
        self.folder, self.name, self.alphabet = path, path.stem, alphabet
        self.image_shape, self._input = image_shape_of(self._network.input_shape, path.name)
        self.parameters: int | None = int(self._network.count_params())
        self.size_bytes = path.stat().st_size
        check_outputs(tuple(self._network.output_shape[1:]), alphabet, path.name)
        self._full_ink = full_ink or default_full_ink(self._network)

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images uint8 (n, height, width)."""
        fitted = resized(images, self.image_shape)
        parts = [np.zeros((0, len(self.alphabet)), dtype=np.float32)]
        for low in range(0, len(fitted), _BATCH):
            batch = fitted[low : low + _BATCH].astype(np.float32) * (self._full_ink / 255.0)
            outputs = self._network.predict_on_batch(batch.reshape(len(batch), *self._input))
            parts.append(as_probabilities(keras.ops.convert_to_numpy(outputs)))
        return np.concatenate(parts)


def load_keras(path: Path) -> Any:
    """Load a ``.keras`` file in safe mode: it runs no code of its own.

    Raises
    ------
    BundleError
        If it cannot be loaded.
    """
    _check_names(path)
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except UNREADABLE as error:
        raise BundleError(
            "{path} cannot be loaded: {reason}.", "It may hold code; it is not opened."
        ).format(path=path.name, reason=error) from error


def default_full_ink(network: Any) -> float:
    """Return 255 for a network that begins by rescaling or normalising, else 1."""
    return 255.0 if any(type(layer).__name__ in _RESCALING for layer in network.layers[:3]) else 1.0


def _check_names(path: Path) -> None:
    """Refuse an archive that would write files outside of its folder."""
    try:
        with ZipFile(path) as archive:
            names = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
    except UNREADABLE as error:
        raise BundleError("{path} cannot be loaded: {reason}.", "Export it again.").format(
            path=path.name, reason=error
        ) from error
    for name in names:
        if name.is_absolute() or ".." in name.parts:
            raise BundleError("{path} holds a file called {name}.", "It is not opened.").format(
                path=path.name, name=name
            )
