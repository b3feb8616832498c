"""The eight orientations of images and drawings, and which of them the recogniser reads best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.datasets.ink_archive import PenArchive
from trainer.errors import BundleError
from trainer.files.paths import default_bundle
from trainer.ink.render import Images, scan_to_image
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer

TURNS = (0, 90, 180, 270)
"""Degrees clockwise."""

_MIN_SAMPLES = 12
"""Minimum number of samples with known characters for a judgement."""


@dataclass(frozen=True)
class Orientation:
    """How images are made upright: rows and columns are swapped, then they are turned.

    Attributes
    ----------
    transposed : bool
    turn : int
        Degrees clockwise: one of `TURNS`.
    """

    transposed: bool = False
    turn: int = 0

    def images(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return images of shape (n, height, width), upright, as a view."""
        upright = images.swapaxes(1, 2) if self.transposed else images
        return np.rot90(upright, -self.turn // 90, axes=(1, 2))

    def archive(self, archive: PenArchive) -> PenArchive:
        """Return drawings, upright, as `images` does."""
        points: npt.NDArray[Any] = archive.points.astype(np.int32)
        if self.transposed:
            points = points[:, ::-1]
        for _ in range(self.turn // 90):
            points = np.stack([-points[:, 1], points[:, 0]], axis=1)
        return replace(archive, points=points.clip(-(2**15), 2**15 - 1).astype(np.int16))


UPRIGHT = Orientation()
TRANSPOSED = Orientation(transposed=True)
ORIENTATIONS = tuple(Orientation(swapped, turn) for turn in TURNS for swapped in (False, True))
"""All eight, the usual ones first."""


_READING = Lock()
"""One preview reads at a time."""


class OrientationProbe:
    """The bundled recogniser's answers for samples in each orientation.

    Raises `BundleError` if the recogniser cannot be loaded.
    """

    def __init__(self, images: Images) -> None:
        self._recognizer = _recognizer(default_bundle())
        self._characters = np.array([c.upper() for c in self._recognizer.bundle.alphabet])
        self._scans = images
        self._probabilities: dict[Orientation, Probabilities] = {}

    def agreement(self, names: Sequence[str], orientation: Orientation) -> float | None:
        """Return the share of samples recognised as their name, ignoring case.

        None if too few names are characters of the recogniser.
        """
        wanted = np.array([name.upper() for name in names])
        readable = np.isin(wanted, self._characters)
        if readable.sum() < _MIN_SAMPLES:
            return None
        possible = np.isin(self._characters, wanted)
        probabilities = self._read(orientation)[readable][:, possible]
        read = self._characters[possible][probabilities.argmax(axis=1)]
        return float((read == wanted[readable]).mean())

    @cached_property
    def _images(self) -> Images:
        return np.stack([scan_to_image(np.ascontiguousarray(image)) for image in self._scans])

    def _read(self, orientation: Orientation) -> Probabilities:
        """Return the answers in an orientation; who asks for one that is turned asks for all."""
        if orientation not in self._probabilities:
            unread = (
                (UPRIGHT,)
                if orientation == UPRIGHT
                else tuple(each for each in ORIENTATIONS if each not in self._probabilities)
            )
            images = np.concatenate([each.images(self._images) for each in unread])
            with _READING:
                answers = np.split(self._recognizer.probabilities(images), len(unread))
            self._probabilities.update(zip(unread, answers, strict=True))
        return self._probabilities[orientation]


@cache
def _recognizer(bundle: Path) -> Recognizer:
    """Return the recogniser of all previews, which are made anew with every choice."""
    return Recognizer(load_bundle(bundle))


def make_probe(images: Images) -> OrientationProbe | None:
    """Return a probe of the orientation; None without samples or a recogniser."""
    try:
        return OrientationProbe(images) if len(images) else None
    except BundleError:
        return None
