"""Which way up samples lie: the bundled recogniser reads them as they are and turned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.files.paths import default_bundle
from trainer.ink.render import Images, scan_to_image
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer

_ENOUGH = 12
"""Samples with readable names; fewer prove nothing."""

_LIGHT = 127


def is_inverted(images: Images) -> bool:
    """Tell whether ink is dark and paper light, by the border, where paper is.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    """
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], 1)
    return bool(len(images)) and float(np.median(border.mean(axis=1))) > _LIGHT


class Reader:
    """What the bundled recogniser reads in samples, as they are and transposed.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        0 = paper, 255 = ink.

    Raises
    ------
    BundleError
        If the recogniser cannot be loaded.
    """

    def __init__(self, images: Images) -> None:
        recognizer = Recognizer(load_bundle(default_bundle()))
        self._characters = np.array([c.upper() for c in recognizer.bundle.alphabet])
        self._read: dict[bool, Probabilities] = {
            False: recognizer.probabilities(_in_form(images)),
            True: recognizer.probabilities(_in_form(images.swapaxes(1, 2))),
        }

    def agreement(self, names: Sequence[str], *, transposed: bool) -> float | None:
        """Return in which share of the samples the reading is the name, case aside.

        Parameters
        ----------
        names : sequence of str
            The character of each sample.
        transposed : bool
            Whether to look at the samples turned.

        Returns
        -------
        float or None
            None where too few names are characters that can be read.
        """
        wanted = np.array([name.upper() for name in names])
        readable = np.isin(wanted, self._characters)
        if readable.sum() < _ENOUGH:
            return None
        possible = np.isin(self._characters, wanted)
        probabilities = self._read[transposed][readable][:, possible]
        read = self._characters[possible][probabilities.argmax(axis=1)]
        return float((read == wanted[readable]).mean())


def make_reader(images: Images) -> Reader | None:
    """Return a reader; None where there is no recogniser."""
    try:
        return Reader(images)
    except BundleError:
        return None


def _in_form(images: npt.NDArray[np.uint8]) -> Images:
    return np.stack([scan_to_image(np.ascontiguousarray(image)) for image in images])
