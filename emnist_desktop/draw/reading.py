"""Reading a whole picture: the work of a task, without a widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from trainer.picture import find_characters, open_picture

from emnist_desktop.task import Context
from trainer.alphabet import Reading
from trainer.bundle import Bundle
from trainer.recognizer import Recognition, Recognizer

Grey = npt.NDArray[np.uint8]
"""Array of shape (height, width), dtype=uint8, as the picture shows it."""


@dataclass(frozen=True, eq=False)
class PictureReading:
    """What was read.

    Attributes
    ----------
    grey : ndarray of shape (height, width), dtype=uint8
    boxes : tuple of (x, y, width, height)
        In pixels of the picture, in reading order.
    recognitions : tuple of Recognition
        One for each box.
    """

    grey: Grey
    boxes: tuple[tuple[int, int, int, int], ...]
    recognitions: tuple[Recognition, ...]

    @property
    def text(self) -> str:
        """The best characters, one for each box."""
        return "".join(r.best.character if r.best else "?" for r in self.recognitions)


def picture_work(
    picture: Path | Grey, bundle: Bundle, reading: Reading
) -> Callable[[Context], PictureReading]:
    """Return work for a task: open, find, recognise.

    The recogniser is made anew, since that of the window may only be used there.
    """

    def work(context: Context) -> PictureReading:
        grey = open_picture(picture) if isinstance(picture, Path) else picture
        context.check()
        found = find_characters(grey)
        recognizer = Recognizer(bundle)
        recognitions = []
        for character in found:
            context.check()
            recognitions.append(recognizer.recognize_image(character.image, reading))
        return PictureReading(grey, tuple(c.box for c in found), tuple(recognitions))

    return work
