"""Bundle + ink → ranked characters; with LiteRT fast enough for the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
    """

    character: str
    probability: float
    name: str = ""

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
    is_several : bool
        Whether the ink is hardly a single character, but a word or a scribble.
    planes : ndarray of shape (28, 28, n_planes), dtype=uint8, or None
        With the direction of the pen, if the network is shown it.
    """

    candidates: tuple[Candidate, ...]
    image: Image
    is_several: bool = False
    planes: Image | None = None

    @property
    def best(self) -> Candidate | None:
        """The most probable candidate; None for an empty ink."""
        return self.candidates[0] if self.candidates else None

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to recognise."""
        return not self.candidates


class ImageClassifier(Protocol):
    """Anything that returns the class probabilities of images."""

    def probabilities(self, images: Images | Planes) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size."""


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
        self._projections: dict[CharacterSet, Projection] = {}
        self._model = model or _load(bundle, len(self._pen_widths))

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
            inputs = np.concatenate([self._render(ink, self._pen_widths) for ink in chunk])
            probabilities = self.probabilities(inputs).reshape(len(chunk), n_widths, -1)
            middle = inputs[n_widths // 2 :: n_widths]
            ranked = self._ranked(probabilities.mean(axis=1), character_set, top)
            for ink, seen, candidates in zip(chunk, middle, ranked, strict=True):
                image, planes = (seen, None) if seen.ndim == 2 else (seen[..., 0], seen)
                found = () if ink.is_empty else candidates
                yield Recognition(found, image, is_several(ink), planes)

    def recognize_image(
        self, image: Image, character_set: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        """Recognise an image of shape (28, 28), dtype=uint8; a blank one has no candidates."""
        if not image.any():
            return Recognition((), image)
        return Recognition(
            self._ranked(self.probabilities(image[None]), character_set, top)[0], image
        )

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
        self, probabilities: Probabilities, character_set: CharacterSet, top: int
    ) -> list[tuple[Candidate, ...]]:
        projection = self._projections.get(character_set)
        if projection is None:
            projection = character_set_projection(self.bundle.alphabet, character_set)
            self._projections[character_set] = projection
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
