"""Networks of somebody else: LiteRT opens them in a child before it does in this process.

LiteRT checks how a file is built, but not what its operations are told: one bit of a stride or of a
shape can end the process, keep it busy, or take all memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from trainer.errors import BundleError
from trainer.files.paths import default_bundle, replacing
from trainer.processes.sandbox import limit_this_process, out_of_memory, read_guarded
from trainer.recognition.bundle import Bundle

_HINT = "Choose another recogniser, or ask for the file again."
_MOST_KNOWN = 1_000
_BATCHES = (1, 2)
"""Images that are read at once."""

_LARGEST_BATCH = 64
"""Images for which memory is taken, as `trainer.recognition.litert` and `trainer.evaluation` do."""


class KnownNetworks:
    """Which networks LiteRT has survived, so that each is looked at once.

    Parameters
    ----------
    file : Path
        Remembers their checksums, a line each. It may be missing, or removed at any time.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def knows(self, card: Mapping[str, Any]) -> bool:
        """Tell whether the network of a bundle's card is remembered.

        Raises
        ------
        LookupError, TypeError
            If it is no card.
        """
        return _mark(card) in self._marks()

    def add(self, bundle: Bundle) -> None:
        """Remember the network of a bundle that `load_bundle` has just read."""
        marks = [*self._marks(), _mark(bundle.card)][-_MOST_KNOWN:]
        with contextlib.suppress(OSError), replacing(self._file) as temporary:
            temporary.write_text("".join(f"{mark}\n" for mark in marks), encoding="ascii")

    def _marks(self) -> list[str]:
        try:
            return self._file.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return []


def _mark(card: Mapping[str, Any]) -> str:
    """Return a network's checksum, and what else decides about how it is used."""
    return f"{card['model']['sha256']} {card.get('image_shape', '')}"


def check_bundle(bundle: Bundle, known: KnownNetworks | None = None) -> None:
    """See whether the network of a bundle can be used in this process.

    The recogniser that travels with the program is known; classic models have a process of
    their own anyway.

    Parameters
    ----------
    bundle : Bundle
    known : KnownNetworks, optional
        Networks that are not looked at again; a sound one is added.

    Raises
    ------
    BundleError
        If LiteRT does not survive it, or it takes more memory or time than it may.
    """
    if bundle.is_classic or bundle.folder == default_bundle():
        return
    if known is None or not known.knows(bundle.card):
        check_network(bundle.model_file, bundle.image_shape)
        if known is not None:
            known.add(bundle)


def check_network(file: Path, image_shape: tuple[int, int] | None = None) -> None:
    """See whether a ``.tflite`` file can be used in this process; takes a fraction of a second.

    Parameters
    ----------
    file : Path
    image_shape : tuple of int, optional
        Height and width of the images that it will be given; by default as the file says.

    Raises
    ------
    BundleError
        If LiteRT does not survive it, or it takes more memory or time than it may.
    """
    size = [] if image_shape is None else ["--size", *map(str, image_shape)]
    read_guarded(["check", str(file), *size], file, BundleError, _HINT)


def try_network(file: Path, image_shape: tuple[int, int] | None) -> None:
    """Load a network and let it read blank images; limits this process, which may die.

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
        shape = entry["shape"][1:] if image_shape is None else (*image_shape, 1)
        for batch in (*_BATCHES, _LARGEST_BATCH):
            network.resize_tensor_input(entry["index"], (batch, *map(int, shape)))
            network.allocate_tensors()
            if batch in _BATCHES:
                given = np.zeros((batch, *shape), dtype=entry["dtype"])
                network.set_tensor(entry["index"], given)
                network.invoke()
                network.get_tensor(network.get_output_details()[0]["index"])
    except MemoryError as error:
        raise BundleError(out_of_memory(file), _HINT) from error
    except (OSError, ValueError, RuntimeError, IndexError, TypeError) as error:
        raise BundleError("{path} cannot be loaded: {reason}.", _HINT).format(
            path=file.name, reason=error
        ) from error
