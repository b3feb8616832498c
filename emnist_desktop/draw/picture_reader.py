"""Recognition of a whole picture: the job of a task, without a widget."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from emnist_desktop.draw.recognizer_source import Opener, release
from emnist_desktop.ui.task import Context
from trainer.errors import PictureError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.picture import find_characters
from trainer.ink.picture_file import Grey, check_size, grey_of, open_picture
from trainer.recognition.recognizer import Recognition

SHOWN_SIDE = 1600
"""A larger picture is shown shrunk to this long side, in pixels."""

Source = Path | QImage
"""A file, or what was pasted; nobody draws on it any more."""


@dataclass(frozen=True, eq=False)
class RecognizedPicture:
    """A picture and what was recognised in it.

    Attributes
    ----------
    shown : ndarray of shape (height, width), dtype=uint8
        The picture's brightness, at most `SHOWN_SIDE` long.
    size : tuple of int
        Width and height of the picture itself.
    boxes : tuple of (x, y, width, height)
        In pixels of the picture itself, in reading order.
    recognitions : tuple of Recognition
        One for each box.
    """

    shown: Grey
    size: tuple[int, int]
    boxes: tuple[tuple[int, int, int, int], ...]
    recognitions: tuple[Recognition, ...]

    @property
    def characters(self) -> tuple[str, ...]:
        """The best character of each box, ``?`` where there is none."""
        return tuple(r.best.character if r.best else "?" for r in self.recognitions)

    @property
    def text(self) -> str:
        """All characters in reading order."""
        return "".join(self.characters)


def recognize_picture(
    source: Source, opener: Opener, character_set: CharacterSet, context: Context
) -> RecognizedPicture:
    """Open a picture, find its characters and recognise each; a job for a task.

    It opens a recogniser of its own, since that of the window may only be used there.
    """
    grey = open_picture(source) if isinstance(source, Path) else grey_from_image(source)
    context.check()
    characters = find_characters(grey)
    recognizer = opener()
    recognitions = []
    try:
        for character in characters:
            context.check()
            recognitions.append(recognizer.recognize_image(character.image, character_set))
    finally:
        release(recognizer)
    height, width = grey.shape
    boxes = tuple(character.box for character in characters)
    return RecognizedPicture(_shrunk(grey), (width, height), boxes, tuple(recognitions))


def picture_in(data: QMimeData) -> Source | None:
    """Return the first local file, else the picture, of what is dropped or pasted."""
    if data.hasUrls():
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            return Path(files[0])
    if data.hasImage():
        return QImage(data.imageData())
    return None


def grey_from_image(image: QImage) -> Grey:
    """Return brightness of shape (height, width), dtype=uint8; transparent parts as `open_picture`.

    Raises
    ------
    PictureError
        If it has no pixels, or too many.
    """
    if image.isNull():
        raise PictureError("The picture on the clipboard is empty.", "Copy it again.")
    check_size(image.width(), image.height())
    pixels = image.convertToFormat(QImage.Format.Format_RGBA8888)  # four bytes each: no padding
    size = pixels.width(), pixels.height()
    return grey_of(PillowImage.frombuffer("RGBA", size, bytes(pixels.constBits())))


def _shrunk(grey: Grey) -> Grey:
    factor = -(-max(grey.shape) // SHOWN_SIDE)
    if factor <= 1:
        return grey
    return np.asarray(PillowImage.fromarray(grey).reduce(factor))
