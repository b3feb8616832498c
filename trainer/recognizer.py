"""Bundle + Ink → ranked characters. LiteRT only: fit for the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.alphabet import Projection, Reading, reading_projection
from trainer.bundle import Bundle
from trainer.errors import BundleError
from trainer.ink import Ink
from trainer.preprocess import IMAGE_SIZE, Image, Images, ink_to_images

Probabilities = npt.NDArray[np.float32]
"""Array of shape (n, n_classes), dtype=float32; rows sum to 1."""

_BATCH = 64
"""Images that go through the network at once where there are many."""


@dataclass(frozen=True)
class Candidate:
    """One possible answer; `probability` is calibrated, from 0 to 1."""

    character: str
    probability: float


@dataclass(frozen=True, eq=False)
class Recognition:
    """An answer.

    Attributes
    ----------
    candidates : tuple of Candidate
        Most probable first; empty for an empty ink.
    image : ndarray of shape (28, 28), dtype=uint8
        The very image that was classified; the middle one where several were averaged.
    """

    candidates: tuple[Candidate, ...]
    image: Image

    @property
    def best(self) -> Candidate | None:
        """The most probable candidate; None for an empty ink."""
        return self.candidates[0] if self.candidates else None

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to recognise."""
        return not self.candidates


class Recognizer:
    """Reads inks and images with one bundle.

    Parameters
    ----------
    bundle : Bundle
    pen_widths : sequence of float, optional
        Widths, in pixels, at which inks are rendered instead of those of the bundle.

    Raises
    ------
    BundleError
        If the network cannot be loaded or does not fit the card.
    """

    def __init__(self, bundle: Bundle, pen_widths: Sequence[float] | None = None) -> None:
        self.bundle = bundle
        self._pen_widths = tuple(pen_widths or bundle.pen_widths)
        self._projections: dict[Reading, Projection] = {}
        try:
            self._content = bundle.model_file.read_bytes()
        except OSError as error:
            raise BundleError(
                f"The recogniser's {bundle.model_file.name} is missing: {error}.",
                "Choose another recogniser, or install the program again.",
            ) from error
        self._networks = {len(self._pen_widths): self._network(len(self._pen_widths))}

    def recognize(self, ink: Ink, reading: Reading = Reading.ALL, top: int = 5) -> Recognition:
        """Read one ink.

        Returns
        -------
        Recognition
            At most `top` candidates; none for an empty ink.
        """
        return next(self.recognize_many((ink,), reading, top))

    def recognize_many(
        self, inks: Iterable[Ink], reading: Reading = Reading.ALL, top: int = 5
    ) -> Iterator[Recognition]:
        """Read inks one after the other; several go through the network at once."""
        n_widths = len(self._pen_widths)
        waiting = iter(inks)
        while chunk := list(islice(waiting, max(1, _BATCH // n_widths))):
            images = np.concatenate([ink_to_images(ink, self._pen_widths) for ink in chunk])
            probabilities = self.probabilities(images).reshape(len(chunk), n_widths, -1)
            middle = images.reshape(len(chunk), n_widths, IMAGE_SIZE, IMAGE_SIZE)[:, n_widths // 2]
            ranked = self._ranked(probabilities.mean(axis=1), reading, top)
            for ink, image, candidates in zip(chunk, middle, ranked, strict=True):
                yield Recognition(() if ink.is_empty else candidates, image)

    def recognize_image(
        self, image: Image, reading: Reading = Reading.ALL, top: int = 5
    ) -> Recognition:
        """Read one image of shape (28, 28), dtype=uint8; blank gives no candidates."""
        if not image.any():
            return Recognition((), image)
        return Recognition(self._ranked(self.probabilities(image[None]), reading, top)[0], image)

    def probabilities(self, images: Images) -> Probabilities:
        """Return calibrated probabilities of the bundle's classes.

        Parameters
        ----------
        images : ndarray of shape (n, 28, 28), dtype=uint8

        Returns
        -------
        ndarray of shape (n, n_classes), dtype=float32
        """
        n = len(images)
        if n == 0:
            return np.zeros((0, self._n_classes), dtype=np.float32)
        if n in self._networks or n == 1:
            logits = self._logits(images)
        else:
            padded = np.zeros((-(-n // _BATCH) * _BATCH, *images.shape[1:]), dtype=np.uint8)
            padded[:n] = images
            parts = [self._logits(padded[low : low + _BATCH]) for low in range(0, n, _BATCH)]
            logits = np.concatenate(parts)[:n]
        scaled = logits / np.float32(self.bundle.temperature)
        exponential = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        result: Probabilities = exponential / exponential.sum(axis=1, keepdims=True)
        return result

    @property
    def _n_classes(self) -> int:
        return len(self.bundle.alphabet)

    def _logits(self, images: Images) -> npt.NDArray[np.float32]:
        network = self._networks.get(len(images)) or self._network(len(images))
        self._networks[len(images)] = network
        inputs, outputs = network.get_input_details()[0], network.get_output_details()[0]
        network.set_tensor(inputs["index"], images[..., None].astype(np.float32))
        network.invoke()
        logits: npt.NDArray[np.float32] = network.get_tensor(outputs["index"])
        return logits

    def _network(self, batch: int) -> Any:
        """Make an interpreter for batches of one size."""
        try:
            network = _interpreter_class()(model_content=self._content, num_threads=1)
            inputs = network.get_input_details()[0]
            network.resize_tensor_input(inputs["index"], (batch, IMAGE_SIZE, IMAGE_SIZE, 1))
            network.allocate_tensors()
            shape = tuple(map(int, network.get_output_details()[0]["shape"]))
        except (ValueError, RuntimeError, IndexError) as error:
            raise BundleError(
                f"The network of {self.bundle.name} cannot be loaded: {error}.",
                "Choose another recogniser, or install the program again.",
            ) from error
        if shape[-1:] != (self._n_classes,):
            raise BundleError(
                f"Expected a network with {self._n_classes} outputs in {self.bundle.name}. "
                f"Received: {shape[-1:]}.",
                "The network and the card do not belong together.",
            )
        return network

    def _ranked(
        self, probabilities: Probabilities, reading: Reading, top: int
    ) -> list[tuple[Candidate, ...]]:
        projection = self._projections.get(reading)
        if projection is None:
            projection = reading_projection(self.bundle.alphabet, reading)
            self._projections[reading] = projection
        projected = projection.apply(probabilities)
        order = np.argsort(-projected, axis=1, kind="stable")[:, :top]
        values = np.take_along_axis(projected, order, axis=1)
        characters = projection.characters
        return [
            tuple(Candidate(characters[i], p) for i, p in zip(row, shares, strict=True))
            for row, shares in zip(order.tolist(), values.tolist(), strict=True)
        ]


@cache
def _interpreter_class() -> Any:
    """Import LiteRT when the first network is loaded."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        raise BundleError(
            "LiteRT, which runs the recogniser, is not installed.",
            "Install it with: pip install ai-edge-litert.",
        ) from error
    return Interpreter
