"""Orientation and polarity of samples, judged by the bundled recogniser."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.files.paths import default_bundle
from trainer.ink.render import Images, scan_to_image
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer

_MIN_SAMPLES = 12
"""Minimum number of samples with known characters for a judgement."""

_LIGHT = 127


def is_inverted(images: Images) -> bool:
    """Return whether ink is dark on light paper, judged by the border.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    """
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], 1)
    return bool(len(images)) and float(np.median(border.mean(axis=1))) > _LIGHT


class OrientationProbe:
    """The bundled recogniser's answers for samples, as they are and transposed.

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
        self._probabilities: dict[bool, Probabilities] = {
            False: recognizer.probabilities(_normalised(images)),
            True: recognizer.probabilities(_normalised(images.swapaxes(1, 2))),
        }

    def agreement(self, names: Sequence[str], *, transposed: bool) -> float | None:
        """Return the share of samples recognised as their name, ignoring case.

        Parameters
        ----------
        names : sequence of str
            The character of each sample.
        transposed : bool
            Whether to use the transposed samples.

        Returns
        -------
        float or None
            None if too few names are characters of the recogniser.
        """
        wanted = np.array([name.upper() for name in names])
        readable = np.isin(wanted, self._characters)
        if readable.sum() < _MIN_SAMPLES:
            return None
        possible = np.isin(self._characters, wanted)
        probabilities = self._probabilities[transposed][readable][:, possible]
        read = self._characters[possible][probabilities.argmax(axis=1)]
        return float((read == wanted[readable]).mean())


def make_probe(images: Images) -> OrientationProbe | None:
    """Return a probe of the orientation; None without a recogniser."""
    try:
        return OrientationProbe(images)
    except BundleError:
        return None


def _normalised(images: npt.NDArray[np.uint8]) -> Images:
    return np.stack([scan_to_image(np.ascontiguousarray(image)) for image in images])
