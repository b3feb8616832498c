"""Bundle + Ink → ranked characters. With LiteRT fit for the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.ink.alphabet import CharacterSet, Projection, character_set_projection, reading_names
from trainer.ink.render import IMAGE_SIZE, Image, Images, ink_to_images
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import Bundle

Probabilities = npt.NDArray[np.float32]
"""Array of shape (n, n_classes), dtype=float32; rows sum to 1."""

_BATCH = 64
"""Images that are asked about at once where there are many."""


@dataclass(frozen=True)
class Candidate:
    """One possible answer.

    Attributes
    ----------
    character : str
    probability : float
        Calibrated, from 0 to 1.
    name : str
        How it is shown where that differs: "C c" for a class of both cases.
    """

    character: str
    probability: float
    name: str = ""

    @property
    def title(self) -> str:
        """How it is shown."""
        return self.name or self.character


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


class ImageClassifier(Protocol):
    """What knows the classes of images."""

    def probabilities(self, images: Images) -> Probabilities:
        """Return probabilities of shape (n, n_classes) for images of the bundle's size."""


class Recognizer:
    """Reads inks and images with one bundle.

    Parameters
    ----------
    bundle : Bundle
    pen_widths : sequence of float, optional
        Widths, in pixels, at which inks are rendered instead of those of the bundle.
    answers : ImageClassifier, optional
        Who answers for the bundle; by default LiteRT, or for a classic model scikit-learn,
        in this process. The window hands in a `remote_recognizer.Served` for those.

    Raises
    ------
    BundleError
        If the model cannot be loaded or does not fit the card.
    """

    def __init__(
        self,
        bundle: Bundle,
        pen_widths: Sequence[float] | None = None,
        answers: ImageClassifier | None = None,
    ) -> None:
        self.bundle = bundle
        self._pen_widths = tuple(pen_widths or bundle.pen_widths)
        self._projections: dict[CharacterSet, Projection] = {}
        self._answers = answers or _answers_of(bundle, len(self._pen_widths))

    def recognize(
        self, ink: Ink, reading: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        """Read one ink.

        Returns
        -------
        Recognition
            At most `top` candidates; none for an empty ink.
        """
        return next(self.recognize_many((ink,), reading, top))

    def recognize_many(
        self, inks: Iterable[Ink], reading: CharacterSet = CharacterSet.ALL, top: int = 5
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
        self, image: Image, reading: CharacterSet = CharacterSet.ALL, top: int = 5
    ) -> Recognition:
        """Read one image of shape (28, 28), dtype=uint8; blank gives no candidates."""
        if not image.any():
            return Recognition((), image)
        return Recognition(self._ranked(self.probabilities(image[None]), reading, top)[0], image)

    def probabilities(self, images: Images) -> Probabilities:
        """Return calibrated probabilities of the bundle's classes.

        Parameters
        ----------
        images : ndarray of shape (n, height, width), dtype=uint8
            Brought to the size of the bundle where they have another.

        Returns
        -------
        ndarray of shape (n, n_classes), dtype=float32
        """
        if len(images) == 0:
            return np.zeros((0, len(self.bundle.alphabet)), dtype=np.float32)
        return self._answers.probabilities(resized(images, self.bundle.image_shape))

    def _ranked(
        self, probabilities: Probabilities, reading: CharacterSet, top: int
    ) -> list[tuple[Candidate, ...]]:
        projection = self._projections.get(reading)
        if projection is None:
            projection = character_set_projection(self.bundle.alphabet, reading)
            self._projections[reading] = projection
        projected = projection.apply(probabilities)
        order = np.argsort(-projected, axis=1, kind="stable")[:, :top]
        values = np.take_along_axis(projected, order, axis=1)
        characters = projection.characters
        names = reading_names(characters, reading)
        return [
            tuple(Candidate(characters[i], p, names[i]) for i, p in zip(row, shares, strict=True))
            for row, shares in zip(order.tolist(), values.tolist(), strict=True)
        ]


def resized(images: Images, shape: tuple[int, int]) -> Images:
    """Bring images of shape (n, height, width), dtype=uint8 to another size."""
    if images.shape[1:] == shape:
        return images
    height, width = shape
    result = np.empty((len(images), height, width), dtype=np.uint8)
    for number, image in enumerate(images):
        picture = PillowImage.fromarray(image)
        result[number] = np.asarray(
            picture.resize((width, height), PillowImage.Resampling.BILINEAR)
        )
    return result


def _answers_of(bundle: Bundle, n_widths: int) -> ImageClassifier:
    if bundle.is_classic:
        from trainer.recognition.classical_model import ClassicAnswers

        return ClassicAnswers(bundle)
    from trainer.recognition.litert import LiteRtAnswers

    return LiteRtAnswers(bundle, n_widths)
