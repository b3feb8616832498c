"""A classifier of a Keras file. Imports Keras."""

from __future__ import annotations

import zlib
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from trainer.errors import BundleError
from trainer.evaluation.input_range import (
    InputRange,
    padded,
    range_of_statistics,
    whole_batches,
)
from trainer.evaluation.outputs import as_probabilities, check_outputs, image_shape_of
from trainer.files.npz import check_inflated
from trainer.files.records import RecordError, parse
from trainer.ink.render import PEN_WIDTH, Images
from trainer.light_keras import keras
from trainer.processes.sandbox import limit_this_process, out_of_memory, read_sandboxed
from trainer.recognition.recognizer import Probabilities, resized

_BATCH = 512
UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    MemoryError,
    ImportError,  # a layer of another library
    BadZipFile,
    zlib.error,
)
"""What Keras raises at damaged files, by experiment."""

_HDF5 = b"\x89HDF"
_CONVERTING_SECONDS = 20.0
"""Of processor time, to build any network that a file describes."""

_CONVERT = (
    "Convert it where it was made: model = keras.models.load_model('{path}'), then "
    "model.save('{stem}.keras')."
)

_SIZES = ("units", "filters", "output_dim", "input_dim", "intermediate_dim")
_LARGEST_SIZE = 200_000
"""Of a layer; its weights are made before those of the file are looked at."""

_COARSE = 0.1
"""Factor of a rescaling below which its input has values up to 255."""

_PASSING = ("InputLayer", "Reshape", "Flatten", "ZeroPadding2D", "Permute")
"""Layers that leave the values as they are."""


class KerasClassifier:
    """A classifier of a ``.keras`` file; outputs that do not sum to 1 are taken for logits.

    Parameters
    ----------
    path : Path
    alphabet : tuple of str
        The characters of the outputs.
    input_range : InputRange, optional
        What it expects of pixels; by default what its first layers suggest.

    Raises
    ------
    BundleError
        If it cannot be loaded, takes no grey images, or has another number of outputs.
    """

    kind = "keras"
    pen_widths: tuple[float, ...] = (PEN_WIDTH,)
    takes_direction = False

    def __init__(
        self, path: Path, alphabet: tuple[str, ...], input_range: InputRange | None = None
    ) -> None:
        self.network: Any = load_keras(path)
        self.folder, self.name, self.alphabet = path, path.stem, alphabet
        shape = input_shape_of(self.network, path.name)
        self.image_shape, self._input = image_shape_of(shape, path.name)
        self._fixed = shape[0]
        self.parameters: int | None = int(self.network.count_params())
        self.size_bytes = path.stat().st_size
        check_outputs(tuple(self.network.output_shape[1:]), alphabet, path.name)
        self.input_range: InputRange | None = input_range or assumed_range(self.network)

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images uint8 (n, height, width)."""
        fitted = resized(images, self.image_shape)
        parts = [np.zeros((0, len(self.alphabet)), dtype=np.float32)]
        for chosen in whole_batches(len(fitted), self._fixed, _BATCH):
            batch = (self.input_range or InputRange.BYTES).batch(fitted[chosen], self._input)
            whole = padded(batch, self._fixed)
            outputs = keras.ops.convert_to_numpy(self.network.predict_on_batch(whole))
            parts.append(as_probabilities(outputs[: len(batch)]))
        return np.concatenate(parts)


def load_keras(path: Path) -> Any:
    """Load a ``.keras`` or ``.h5`` file in safe mode: it runs no code of its own.

    An ``.h5`` file is converted in a child process with limits first.

    Raises
    ------
    BundleError
        If it cannot be loaded.
    """
    if _is_hdf5(path):
        with TemporaryDirectory() as folder:
            converted = Path(folder) / f"{path.stem}.keras"
            hint = _CONVERT.format(path=path.name, stem=path.stem)
            read_sandboxed(["check", str(path), "--keras", str(converted)], path, BundleError, hint)
            return load_keras(converted)
    from tensorflow.errors import OpError

    _check_members(path)
    _check_sizes(path)
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (*UNREADABLE, OpError) as error:
        raise BundleError(
            "{path} cannot be loaded: {reason}.",
            "Save it without layers of other libraries."
            if isinstance(error, ImportError)
            else "It may hold code; it is not opened.",
        ).format(path=path.name, reason=str(error) or type(error).__name__) from error


def convert_h5(path: Path, target: Path) -> None:
    """Write a network of an ``.h5`` file as ``.keras``, with limits on this process.

    Raises
    ------
    BundleError
        If it holds no network, or cannot be loaded.
    """
    import psutil

    limit_this_process(path, _CONVERTING_SECONDS, beyond=psutil.Process().memory_info().vms)
    try:
        check_h5(path)
        network = keras.saving.load_model(path, compile=False, safe_mode=True)
        network.save(target)
    except MemoryError as error:
        raise BundleError(out_of_memory(path), _CONVERT).format(
            path=path.name, stem=path.stem
        ) from error
    except UNREADABLE as error:
        raise BundleError("{path} cannot be loaded: {reason}.", _CONVERT).format(
            path=path.name,
            stem=path.stem,
            reason=(str(error).splitlines() or [type(error).__name__])[0],
        ) from error


def check_h5(path: Path) -> None:
    """Raise `BundleError` unless an HDF5 file describes a Keras network."""
    import h5py

    with h5py.File(path) as file:
        if "model_config" in file.attrs:
            return
        has_weights = "layer_names" in file.attrs or "layers" in file
    raise BundleError(
        "{path} holds the weights of a Keras network, but not the network."
        if has_weights
        else "{path} is a file of HDF5 data, but no Keras network.",
        "Save the whole network: model.save('{stem}.keras')",
    ).format(path=path.name, stem=path.stem)


def _is_hdf5(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_HDF5)) == _HDF5
    except OSError:
        return False


def input_shape_of(network: Any, name: str) -> Any:
    """Return the shape of a network's input, with the batch axis.

    Raises
    ------
    BundleError
        If the network does not know it.
    """
    try:
        shape = network.input_shape
    except AttributeError as error:
        raise BundleError(
            "{path} does not say what its inputs are.",
            "Call it once on a batch of images, and save it again.",
        ).format(path=name) from error
    return shape[0] if isinstance(shape, list) and len(shape) == 1 else shape


def assumed_range(network: Any) -> InputRange:
    """Return the input range that the first layers of a network suggest; 0 to 1 without any."""
    layers = [layer for layer in network.layers if type(layer).__name__ not in _PASSING]
    first: Any = layers[0] if layers else None
    kind = type(first).__name__
    if kind == "Rescaling":
        coarse = np.all(np.abs(np.asarray(first.scale, dtype=np.float64)) < _COARSE)
        return InputRange.BYTES if coarse else InputRange.UNIT
    if kind in ("Normalization", "BatchNormalization"):
        batch = kind == "BatchNormalization"
        means = np.asarray(first.moving_mean if batch else first.mean, dtype=np.float64)
        variances = np.asarray(first.moving_variance if batch else first.variance)
        return range_of_statistics(
            float(means.mean()), float(np.sqrt(variances.mean() + means.var()))
        )
    return InputRange.UNIT


def _check_members(path: Path) -> None:
    """Refuse an archive that would write files outside of its folder, or far too large ones."""
    try:
        with ZipFile(path) as archive:
            promised = sum(member.file_size for member in archive.infolist())
            check_inflated(promised, path.stat().st_size)
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


def _check_sizes(path: Path) -> None:
    """Refuse a network with a layer whose weights would fill the memory."""
    try:
        with ZipFile(path) as archive:
            waiting: list[Any] = [parse(archive.read("config.json").decode("utf-8"))]
    except (*UNREADABLE, RecordError) as error:
        raise BundleError("{path} cannot be loaded: {reason}.", "Export it again.").format(
            path=path.name, reason=error
        ) from error
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            size = max((n for name in _SIZES if isinstance(n := value.get(name), int)), default=0)
            if size > _LARGEST_SIZE:
                raise BundleError(
                    "{path} has a layer of {size} units; at most {largest} are read.",
                    "It is damaged, or no network for characters.",
                ).format(path=path.name, size=f"{size:,}", largest=f"{_LARGEST_SIZE:,}")
