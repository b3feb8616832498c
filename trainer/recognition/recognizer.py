"""Bundle + ink → ranked characters; with LiteRT fast enough for the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.ink.alphabet import CharacterSet, Projection, character_set_projection, display_names
from trainer.ink.render import (
    Image,
    Images,
    Planes,
    ink_to_images,
    ink_to_planes,
)
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import Bundle
from trainer.recognition.several import is_several

Probabilities = npt.NDArray[np.float32]
"""Array of shape (n, n_classes), dtype=float32; rows sum to 1."""

_BATCH = 64
"""Images per call where there are many."""


@dataclass(frozen=True)
class Candidate:
    """One ranked character.

    Attributes
    ----------
    character : str
    probability : float
        Calibrated, from 0 to 1.
    name : str
        Display name where it differs: "C c" for a class of both cases.
    is_own : bool
        Whether the person's own samples made it the answer; the network says another.
    """

    character: str
    probability: float
    name: str = ""
    is_own: bool = False

    @property
    def title(self) -> str:
        """The display name."""
        return self.name or self.character


@dataclass(frozen=True, eq=False)
class Recognition:
    """The result of recognising an ink or an image.

    Attributes
    ----------
    candidates : tuple of Candidate
        In descending order of probability; empty for an empty ink.
    image : ndarray of shape (28, 28), dtype=uint8
        The image that was classified; the middle one where several were averaged.
    ink : Ink or None
        What was recognised; None for an image.
    planes : ndarray of shape (28, 28, n_planes), dtype=uint8, or None
        With the direction of the pen, if the network is shown it.
    """

    candidates: tuple[Candidate, ...]
    image: Image
    ink: Ink | None = None
    planes: Image | None = None

    @property
    def best(self) -> Candidate | None:
        """The most probable candidate; None for an empty ink."""
        return self.candidates[0] if self.candidates else None

    @cached_property
    def is_several(self) -> bool:
        """Whether the ink is hardly a single character, but a word or a scribble."""
        return self.ink is not None and is_several(self.ink)

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to recognise."""
        return not self.candidates


class ImageClassifier(Protocol):
    """Anything that returns the class probabilities of images."""

    def probabilities(self, images: Images | Planes) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size."""


class Memory(Protocol):
    """What was learned of one person beside the network."""

    @property
    def further(self) -> tuple[str, ...]:
        """Characters beyond the alphabet of the bundle."""

    @property
    def revision(self) -> object:
        """Another object after each change."""

    def adjusted(self, probabilities: Probabilities, inks: Sequence[Ink | None]) -> Probabilities:
        """Return probabilities of shape (n, n_classes + n_further).

        Parameters
        ----------
        probabilities : ndarray of shape (n, n_classes), dtype=float32
            Of the network.
        inks : sequence of Ink or None
            The drawings; None for an image.
        """


class Recognizer:
    """Recognises inks and images with one bundle.

    Parameters
    ----------
    bundle : Bundle
    pen_widths : sequence of float, optional
        Pen widths in pixels for rendering inks, instead of the bundle's.
    model : ImageClassifier, optional
        The model of the bundle; by default a LiteRT network or a classical model in this
        process. The window passes a `remote_recognizer.RemoteModel` for classical models.

    Attributes
    ----------
    memory : Memory or None
        What is known of the person who writes; may be set at any time.

    Raises
    ------
    BundleError
        If the model cannot be loaded or does not fit the card.
    """

    def __init__(
        self,
        bundle: Bundle,
        pen_widths: Sequence[float] | None = None,
        model: ImageClassifier | None = None,
    ) -> None:
        self.bundle = bundle
        self._pen_widths = tuple(pen_widths or bundle.pen_widths)
        self._render = ink_to_planes if len(bundle.planes) > 1 else ink_to_images
        self._projections: dict[tuple[CharacterSet, tuple[str, ...]], Projection] = {}
        self._model = model or _load(bundle, len(self._pen_widths))
        self.memory: Memory | None = None

    def recognize(
        self, ink: Ink, character_set: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        """Recognise one ink.

        Returns
        -------
        Recognition
            At most `top` candidates; none for an empty ink.
        """
        return next(self.recognize_many((ink,), character_set, top))

    def recognize_many(
        self, inks: Iterable[Ink], character_set: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Iterator[Recognition]:
        """Recognise inks in order; several go through the network at once."""
        n_widths = len(self._pen_widths)
        remaining = iter(inks)
        while chunk := list(islice(remaining, max(1, _BATCH // n_widths))):
            probabilities, shown = self._classified(chunk)
            ranked = self._ranked(probabilities, chunk, character_set, top)
            for ink, seen, candidates in zip(chunk, shown, ranked, strict=True):
                image, planes = (seen, None) if seen.ndim == 2 else (seen[..., 0], seen)
                found = () if ink.is_empty else candidates
                yield Recognition(found, image, ink, planes)

    def ink_probabilities(self, inks: Sequence[Ink]) -> Probabilities:
        """Return what the network says of inks, without the memory.

        Returns
        -------
        ndarray of shape (n, n_classes), dtype=float32
        """
        parts = [np.zeros((0, len(self.bundle.alphabet)), dtype=np.float32)]
        parts += [self._classified(inks[i : i + _BATCH])[0] for i in range(0, len(inks), _BATCH)]
        return np.concatenate(parts)

    def _classified(self, inks: Sequence[Ink]) -> tuple[Probabilities, Images | Planes]:
        n_widths = len(self._pen_widths)
        inputs = np.concatenate([self._render(ink, self._pen_widths) for ink in inks])
        probabilities = self.probabilities(inputs).reshape(len(inks), n_widths, -1)
        return probabilities.mean(axis=1), inputs[n_widths // 2 :: n_widths]

    def recognize_image(
        self, image: Image, character_set: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        """Recognise an image of shape (28, 28), dtype=uint8; a blank one has no candidates."""
        if not image.any():
            return Recognition((), image)
        probabilities = self.probabilities(image[None])
        return Recognition(self._ranked(probabilities, (None,), character_set, top)[0], image)

    def probabilities(self, images: Images | Planes) -> Probabilities:
        """Return calibrated probabilities of the bundle's classes.

        Parameters
        ----------
        images : ndarray of shape (n, height, width) or (n, 28, 28, n_planes), dtype=uint8
            Resized to the bundle's size if necessary.

        Returns
        -------
        ndarray of shape (n, n_classes), dtype=float32
        """
        if len(images) == 0:
            return np.zeros((0, len(self.bundle.alphabet)), dtype=np.float32)
        return self._model.probabilities(resized(images, self.bundle.image_shape))

    def _ranked(
        self,
        probabilities: Probabilities,
        inks: Sequence[Ink | None],
        character_set: CharacterSet,
        top: int,
    ) -> list[tuple[Candidate, ...]]:
        memory = self.memory
        if memory is None:
            return self._candidates(probabilities, (), character_set, top)
        adjusted = memory.adjusted(probabilities, inks)
        networks = self._candidates(probabilities, (), character_set, 1)
        answers = self._candidates(adjusted, memory.further, character_set, top)
        return [
            answer
            if not answer or (said and said[0].character == answer[0].character)
            else (replace(answer[0], is_own=True), *answer[1:])
            for answer, said in zip(answers, networks, strict=True)
        ]

    def _candidates(
        self,
        probabilities: Probabilities,
        further: tuple[str, ...],
        character_set: CharacterSet,
        top: int,
    ) -> list[tuple[Candidate, ...]]:
        key = character_set, further
        projection = self._projections.get(key)
        if projection is None:
            projection = character_set_projection(self.bundle.alphabet, character_set)
            projection = self._projections[key] = projection.extended(further, character_set)
        projected = projection.apply(probabilities)
        order = np.argsort(-projected, axis=1, kind="stable")[:, :top]
        values = np.take_along_axis(projected, order, axis=1)
        characters = projection.characters
        names = display_names(characters, character_set)
        return [
            tuple(Candidate(characters[i], p, names[i]) for i, p in zip(row, shares, strict=True))
            for row, shares in zip(order.tolist(), values.tolist(), strict=True)
        ]


def resized(images: Images, shape: tuple[int, int]) -> Images:
    """Resize images of shape (n, height, width), dtype=uint8."""
    if images.shape[1:3] == shape:
        return images
    height, width = shape
    result = np.empty((len(images), height, width), dtype=np.uint8)
    for image, target in zip(images, result, strict=True):
        picture = PillowImage.fromarray(image)
        target[:] = np.asarray(picture.resize((width, height), PillowImage.Resampling.BILINEAR))
    return result


def _load(bundle: Bundle, n_widths: int) -> ImageClassifier:
    if bundle.is_classic:
        from trainer.recognition.classical_model import ClassicalModel

        return ClassicalModel(bundle)
    from trainer.recognition.litert import LiteRtModel

    return LiteRtModel(bundle, n_widths)
