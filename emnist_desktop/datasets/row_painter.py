"""Rows of the grid as pictures: images drawn from the data, enlarged, with their characters."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPalette

from trainer.ink.render import Images

_CACHE_BYTES = 24_000_000
"""Rows that are kept: some screens."""

_INK_COLORS = np.arange(256, dtype=np.uint32) * 0x010101 + 0xFF000000
"""Light ink on black, as the network sees it: 0xffRRGGBB."""


@dataclass(frozen=True)
class Geometry:
    """How the grid is divided, in pixels of the window.

    Attributes
    ----------
    columns : int
    image_width, image_height : int
        Of an image, enlarged.
    gap : int
        Between two images.
    label_height : int
        Of the line with the character.
    scale : float
        Pixels of the screen in one of the window.
    """

    columns: int
    image_width: int
    image_height: int
    gap: int
    label_height: int
    scale: float = 1.0

    @property
    def cell_width(self) -> int:
        """From one image to the next."""
        return self.image_width + self.gap

    @property
    def cell_height(self) -> int:
        """From one row to the next."""
        return self.image_height + self.label_height + self.gap


def weights(source: int, target: int) -> npt.NDArray[np.float32]:
    """Return the matrix that resizes a line of pixels by area.

    Enlarged, every pixel stays a square with crisp edges; made smaller, pixels are averaged.

    Returns
    -------
    ndarray of shape (target, source), dtype=float32
        Rows sum to 1.
    """
    edges = np.arange(target + 1) * (source / target)
    low, high = edges[:-1, None], edges[1:, None]
    pixels = np.arange(source)[None, :]
    overlap = np.minimum(high, pixels + 1) - np.maximum(low, pixels)
    overlap = np.clip(overlap, 0.0, None)
    result: npt.NDArray[np.float32] = overlap / overlap.sum(axis=1, keepdims=True)
    return result.astype(np.float32)


class Resizer:
    """Enlarges images of one height and width to another."""

    def __init__(self, source: tuple[int, int], target: tuple[int, int]) -> None:
        self._down = weights(source[0], target[0])
        self._across = weights(source[1], target[1]).T.copy()

    def __call__(self, images: Images) -> Images:
        """Return images of shape (n, height, width), dtype=uint8 in the wanted size."""
        wide = images.astype(np.float32) @ self._across
        enlarged: Images = (self._down @ wide + 0.5).astype(np.uint8)
        return enlarged


class RowPainter:
    """Makes the pictures of whole rows and keeps the latest."""

    def __init__(self) -> None:
        self._rows: OrderedDict[int, QImage] = OrderedDict()
        self._bytes = 0
        self._table = _INK_COLORS
        self._geometry = Geometry(1, 1, 1, 0, 0)
        self._resizer = Resizer((1, 1), (1, 1))
        self._names: tuple[str, ...] = ()
        self._palette = QPalette()
        self._font = QFont()

    def forget(self) -> None:
        """Drop all rows: the samples are others."""
        self._rows.clear()
        self._bytes = 0

    def set_look(
        self,
        geometry: Geometry,
        shape: tuple[int, int],
        names: Sequence[str],
        palette: QPalette,
        font: QFont,
    ) -> None:
        """Paint from now on like this: images of a height and width, and names of classes."""
        self.forget()
        self._geometry = geometry
        scale = geometry.scale
        target = (round(geometry.image_height * scale), round(geometry.image_width * scale))
        self._resizer = Resizer(shape, target)
        self._names = tuple(names)
        self._palette, self._font = palette, font

    def row(self, number: int, images: Images, labels: Sequence[int]) -> QImage:
        """Make the picture of a row of images (n, height, width), dtype=uint8, and keep it."""
        image = self._composed(images)
        self._write_names(image, labels)
        self._rows[number] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > _CACHE_BYTES and len(self._rows) > 1:
            _, old = self._rows.popitem(last=False)
            self._bytes -= old.sizeInBytes()
        return image

    def at_hand(self, number: int) -> QImage | None:
        """Return the picture of a row if it has been made lately."""
        image = self._rows.get(number)
        if image is not None:
            self._rows.move_to_end(number)
        return image

    def _composed(self, images: Images) -> QImage:
        """Put a row's images side by side, in pixels of the screen."""
        geometry, scale = self._geometry, self._geometry.scale
        tiles = self._resizer(images)
        n, tile_height, tile_width = tiles.shape
        height = round(geometry.cell_height * scale)
        width = round(n * geometry.cell_width * scale) + 1
        ground = self._palette.color(QPalette.ColorRole.Base).rgb()
        canvas = np.full((height, width), ground, dtype=np.uint32)
        coloured = self._table[tiles]
        for place in range(n):
            left = round(place * geometry.cell_width * scale)
            canvas[:tile_height, left : left + tile_width] = coloured[place]
        picture = QImage(canvas.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        picture.setDevicePixelRatio(scale)
        return picture

    def _write_names(self, image: QImage, labels: Sequence[int]) -> None:
        geometry = self._geometry
        if not geometry.label_height:
            return
        painter = QPainter(image)
        painter.setFont(self._font)
        painter.setPen(self._palette.color(QPalette.ColorRole.Text))
        for place, label in enumerate(labels):
            area = QRectF(
                place * geometry.cell_width,
                geometry.image_height,
                geometry.image_width,
                geometry.label_height,
            )
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._names[label])
        painter.end()
