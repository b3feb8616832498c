"""Recognition of a whole picture: the job of a task, without a widget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as PillowImage
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from emnist_desktop.draw.picture_text import ReadBox, ink_within
from emnist_desktop.draw.recognizer_source import Opener, release
from emnist_desktop.ui.task import Context
from trainer.errors import BundleError, PictureError
from trainer.ink.alphabet import CharacterSet
from trainer.ink.picture import find_characters, picture_ink
from trainer.ink.picture_file import Grey, check_size, grey_of, open_picture
from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink, Stroke
from trainer.recognition.recognizer import Recognizer

if TYPE_CHECKING:  # it is loaded when a picture is read
    from trainer.recognition.line_reader import LineReader, PictureReading

SHOWN_SIDE = 1600
"""A larger picture is shown shrunk to this long side, in pixels."""

_WITH_LINES = (CharacterSet.ALL, CharacterSet.CASED)

_MARGIN = 0.1
"""A box is so much larger than the strokes in it, in x-heights: half a pen's width."""

Source = Path | QImage
"""A file, or what was pasted; nobody draws on it any more."""


@dataclass(frozen=True, eq=False)
class OpenedPicture:
    """A picture that another window is to show again.

    Attributes
    ----------
    source : Path or QImage
    page : int
    texts : mapping
        Of corrected pages.
    entries : mapping
        In the history, of each page.
    """

    source: Source
    page: int
    texts: Mapping[int, str]
    entries: Mapping[int, str]


@dataclass(frozen=True, eq=False)
class RecognizedPicture:
    """A picture and what was recognised in it.

    Attributes
    ----------
    shown : ndarray of shape (height, width), dtype=uint8
        The picture's brightness, at most `SHOWN_SIDE` long.
    size : tuple of int
        Width and height of the picture itself.
    ink : Ink
        The strokes, traced, in pixels of the picture itself.
    boxes : tuple of ReadBox
        In reading order.
    text : str
        With spaces and lines where they were read.
    slots : tuple of ReadBox or None
        The box of each character of the text.
    x_height : float
        Height of small letters, in pixels of the picture; 0 if it was not read as lines.
    page, n_pages : int
        Of a PDF.
    """

    shown: Grey
    size: tuple[int, int]
    ink: Ink
    boxes: tuple[ReadBox, ...]
    text: str
    slots: tuple[ReadBox | None, ...]
    x_height: float = 0.0
    page: int = 1
    n_pages: int = 1


def recognize_picture(
    source: Source, page: int, opener: Opener, character_set: CharacterSet, context: Context
) -> RecognizedPicture:
    """Open a picture, or a page of a PDF, and read its lines of text; a job for a task.

    Where the character set or the recogniser are of a few characters only, each character is read
    by itself. A recogniser of its own is opened, since that of the window may only be used there.
    """
    grey, n_pages = _opened(source, page, context)
    context.check()
    recognizer = opener()
    try:
        reader = _line_reader(recognizer) if character_set in _WITH_LINES else None
        x_height = 0.0
        if reader is None:
            ink, found = picture_ink(grey), _characters(grey, recognizer, character_set, context)
        else:
            reading = reader.read_picture(grey)
            ink, found = reading.ink, list(_boxes_of_lines(reading))
            x_height = float(np.median([line.x_height for line in reading.lines] or [0.0]))
    finally:
        release(recognizer)
    if reader is None:
        found = [
            (character, box and replace(box, ink=ink_within(ink, box.rect)))
            for character, box in found
        ]
    height, width = grey.shape
    slots = tuple(box for _, box in found)
    boxes = tuple(box for box in slots if box is not None)
    text = "".join(character for character, _ in found)
    shown = _shrunk(grey)
    return RecognizedPicture(
        shown, (width, height), ink, boxes, text, slots, x_height, page, n_pages
    )


def _opened(source: Source, page: int, context: Context) -> tuple[Grey, int]:
    """Return the brightness of a picture, and how many there are."""
    if not isinstance(source, Path):
        return grey_from_image(source), 1
    from trainer.recognition.pdf_page import is_pdf, open_page

    if is_pdf(source):
        drawn = open_page(source, page, context.check)
        return drawn.picture, drawn.n_pages
    return open_picture(source), 1


_Found = list[tuple[str, ReadBox | None]]
"""The characters of a text with their boxes; spaces have none."""


def _line_reader(recognizer: Recognizer) -> LineReader | None:
    from trainer.recognition.line_reader import LineReader

    try:
        return LineReader(recognizer)
    except BundleError:  # it knows digits only, say
        return None


def _boxes_of_lines(reading: PictureReading) -> Iterator[tuple[str, ReadBox | None]]:
    for number, line in enumerate(reading.lines):
        margin = _MARGIN * line.x_height
        for index, word in enumerate(line.words):
            if index or number:
                yield (" " if index else "\n"), None
            for character in word.characters:
                strokes = (
                    Stroke(reading.ink.strokes[stroke].points[start:stop])
                    for stroke, start, stop in character.strokes
                )
                ink = Ink(tuple(strokes))
                x, y, width, height = character.box
                rect = (x - margin, y - margin, width + 2 * margin, height + 2 * margin)
                yield (
                    character.character,
                    ReadBox(rect, ink, ink_to_image(ink), character.candidates),
                )


def _characters(
    grey: Grey, recognizer: Recognizer, character_set: CharacterSet, context: Context
) -> _Found:
    found: _Found = []
    for character in find_characters(grey):
        context.check()
        candidates = recognizer.recognize_image(character.image, character_set).candidates
        box = ReadBox(character.box, Ink(), character.image, candidates)
        last = found[-1][1] if found else None
        if last is not None and character.box[1] > last.rect[1] + last.rect[3]:
            found.append(("\n", None))
        found.append((box.character or "?", box))
    return found


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
