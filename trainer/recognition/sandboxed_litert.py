"""Untrusted networks: LiteRT opens them in a child before it does in this process.

LiteRT validates the structure of a file, but not the parameters of its operations: one flipped bit
in a stride or a shape can crash the process, make it hang, or exhaust its memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trainer.errors import BundleError
from trainer.files.paths import default_bundle, replacing
from trainer.processes.sandbox import limit_this_process, out_of_memory, read_sandboxed
from trainer.recognition.bundle import Bundle

_HINT = "Choose another recogniser, or ask for the file again."
_MAX_KNOWN = 1_000
_BATCHES = (1, 2)
"""Batch sizes that are run."""

_LARGEST_BATCH = 64
"""Batch size for which memory is allocated, as in `litert` and `trainer.evaluation`."""


class KnownNetworks:
    """Networks that have passed the check, so that each is checked once.

    Parameters
    ----------
    file : Path
        Their checksums, one per line. It may be missing, or removed at any time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def knows(self, card: Mapping[str, Any]) -> bool:
        """Return whether the network of a bundle's card has passed.

        Raises
        ------
        LookupError, TypeError
            If it is no card.
        """
        return _key(card) in self._keys()

    def add(self, bundle: Bundle) -> None:
        """Record the network of a bundle that `load_bundle` has just read."""
        keys = [*self._keys(), _key(bundle.card)][-_MAX_KNOWN:]
        with contextlib.suppress(OSError), replacing(self._file) as temporary:
            temporary.write_text("".join(f"{key}\n" for key in keys), encoding="ascii")

    def _keys(self) -> list[str]:
        try:
            return self._file.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return []


def _key(card: Mapping[str, Any]) -> str:
    """Return a network's checksum and input shape, which the check depends on."""
    shape = f"{card.get('image_shape', '')}{len(card.get('planes', '')) or ''}"
    return f"{card['model']['sha256']} {shape}"


def check_bundle(bundle: Bundle, known: KnownNetworks | None = None) -> None:
    """Check that the network of a bundle can be used in this process.

    The bundled recogniser is trusted; classical models have their own process anyway.

    Parameters
    ----------
    bundle : Bundle
    known : KnownNetworks, optional
        Networks that are not checked again; one that passes is added.

    Raises
    ------
    BundleError
        If LiteRT does not survive it, or it takes more memory or time than it may.
    """
    if bundle.is_classic or bundle.folder == default_bundle():
        return
    if known is None or not known.knows(bundle.card):
        check_network(bundle.model_file, (*bundle.image_shape, len(bundle.planes)))
        if known is not None:
            known.add(bundle)


def check_network(file: Path, input_shape: tuple[int, ...] | None = None) -> None:
    """Check that a ``.tflite`` file can be used in this process; takes a fraction of a second.

    Parameters
    ----------
    file : Path
    input_shape : tuple of int, optional
        Height, width and planes of its images; by default as in the file.

    Raises
    ------
    BundleError
        If LiteRT does not survive it, or it takes more memory or time than it may.
    """
    size = [] if input_shape is None else ["--size", *map(str, input_shape)]
    read_sandboxed(["check", str(file), *size], file, BundleError, _HINT)


def try_network(file: Path, input_shape: tuple[int, ...] | None) -> None:
    """Run a network on blank images, with limits on this process, which may die.

    Raises
    ------
    BundleError
        If it cannot be loaded.
    """
    from ai_edge_litert.interpreter import Interpreter

    limit_this_process(file)
    try:
        network = Interpreter(model_content=file.read_bytes(), num_threads=1)
        entry = network.get_input_details()[0]
        shape = entry["shape"][1:] if input_shape is None else input_shape
        own = int(entry["shape"][0])
        if input_shape is None:
            _try_batch(network, own, shape, is_run=True)
        for batch in (*_BATCHES, _LARGEST_BATCH):
            try:
                _try_batch(network, batch, shape, is_run=batch in _BATCHES)
            except (ValueError, RuntimeError):
                if input_shape is not None:  # a bundle's; those of files may be of a fixed size
                    raise
    except MemoryError as error:
        raise BundleError(out_of_memory(file), _HINT) from error
    except (OSError, ValueError, RuntimeError, IndexError, TypeError) as error:
        raise BundleError("{path} cannot be loaded: {reason}.", _HINT).format(
            path=file.name, reason=error
        ) from error


def _try_batch(network: Any, batch: int, shape: Sequence[int], *, is_run: bool) -> None:
    entry = network.get_input_details()[0]
    network.resize_tensor_input(entry["index"], (batch, *map(int, shape)))
    network.allocate_tensors()
    if is_run:
        network.set_tensor(entry["index"], np.zeros((batch, *shape), entry["dtype"]))
        network.invoke()
        network.get_tensor(network.get_output_details()[0]["index"])
