"""Images of numbers: grey levels, colour tables, heat over a drawing, as Qt's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage, QPalette, qRgb

from emnist_desktop.ui.colors import AGAINST, FOR, channels, for_and_against
from trainer.errors import PictureError
from trainer.ink.picture_file import colors_of

_WARM = (
    (13, 8, 50),
    (74, 12, 107),
    (137, 34, 106),
    (191, 57, 82),
    (236, 105, 38),
    (249, 164, 20),
    (252, 252, 176),
)
"""From low to high, each lighter than the one before: told apart without colour too."""

_SIGNED = ((33, 102, 172), (146, 197, 222), (247, 247, 247), (253, 174, 97), (179, 70, 0))
"""From below zero to above: blue, white, orange."""

_INK_SHARE = 0.4
"""How dark the drawing is below a map."""

Table = tuple[int, ...]
_Numbers = npt.NDArray[np.floating[Any]]


@cache
def warm_table() -> Table:
    """Return 256 colours for values without a sign."""
    return _table(_WARM)


@cache
def signed_table() -> Table:
    """Return 256 colours for values around zero, which is in the middle."""
    return _table(_SIGNED)


@cache
def over_table(*, dark: bool) -> Table:
    """Return 256 colours of a map over a picture: against, nothing, for."""
    paper = (20, 22, 26) if dark else (255, 255, 255)
    above, against = (QColor(pair[dark]) for pair in (FOR, AGAINST))
    return _table((channels(against), paper, channels(above)))


def grey_image(image: npt.NDArray[np.uint8]) -> QImage:
    """Return an image of shape (height, width), dtype=uint8 as Qt's, which owns its pixels."""
    height, width = image.shape
    shared = QImage(image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return shared.copy()


def picture_image(source: Path | bytes) -> QImage:
    """Return a picture, from a file or its content, as Qt's; a null one if it is no picture."""
    try:
        return rgb_image(colors_of(source))
    except PictureError:
        return QImage()


def colored(levels: npt.NDArray[np.uint8], table: Table) -> QImage:
    """Return levels of shape (height, width), dtype=uint8 in the colours of a table."""
    height, width = levels.shape
    shared = QImage(levels.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
    shared.setColorTable(list(table))
    return shared.copy()


def grey(image: npt.NDArray[np.uint8], palette: QPalette) -> QImage:
    """Return an image of shape (height, width), dtype=uint8: ink on the paper of the theme."""
    share = image[..., None].astype(np.float32) / 255
    return rgb_image(_blended(_part(palette, QPalette.ColorRole.Base), _ink(palette), share))


def direction_image(planes: npt.NDArray[np.uint8]) -> QImage:
    """Return the planes of a drawing in colours: the hue is the direction of the pen.

    Right is red, down yellow-green, left cyan, up violet; the way of the lifted pen is grey.

    Parameters
    ----------
    planes : ndarray of shape (height, width, n_planes), dtype=uint8
        As `trainer.ink.render.PLANES` names them.
    """
    ink, right, left, down, up, _, lifted = np.moveaxis(planes.astype(np.float32), 2, 0)
    angle = np.arctan2(down - up, right - left)[..., None]
    thirds = 2 * np.pi / 3 * np.arange(3)
    hue = np.clip(0.5 + np.cos(angle - thirds), 0, 1)
    return rgb_image(np.maximum(ink[..., None] * hue, 0.35 * lifted[..., None]))


def heat_over(
    image: npt.NDArray[np.uint8],
    values: npt.NDArray[np.float32],
    greatest: float,
    palette: QPalette,
) -> QImage:
    """Return a drawing with values of shape (height, width) over it, `greatest` fully coloured."""
    ink = _INK_SHARE * image[..., None].astype(np.float32) / 255
    below = _blended(_part(palette, QPalette.ColorRole.Base), _ink(palette), ink)
    above, against = (
        np.array(channels(color), dtype=np.float32) for color in for_and_against(palette)
    )
    colors = np.where(values[..., None] >= 0, above, against)
    share = np.clip(np.abs(values)[..., None] / max(greatest, 1e-12), 0, 1)
    return rgb_image(_blended(below, colors, share))


def signed_levels(values: npt.NDArray[np.float32], greatest: float) -> npt.NDArray[np.uint8]:
    """Return levels for `signed_table`: 128 for zero, 0 and 255 for the greatest values."""
    shares = np.clip(values / max(greatest, 1e-12), -1, 1)
    levels: npt.NDArray[np.uint8] = np.rint(127.5 + 127.5 * shares).astype(np.uint8)
    return levels


def _table(anchors: tuple[tuple[int, int, int], ...]) -> Table:
    places = np.linspace(0, 255, len(anchors))
    channels = [np.interp(np.arange(256), places, [a[c] for a in anchors]) for c in range(3)]
    return tuple(
        qRgb(*(round(float(channel[level])) for channel in channels)) for level in range(256)
    )


def _part(palette: QPalette, role: QPalette.ColorRole) -> npt.NDArray[np.float32]:
    return np.array(channels(palette.color(role)), dtype=np.float32)


def _ink(palette: QPalette) -> npt.NDArray[np.float32]:
    return _part(palette, QPalette.ColorRole.Text)


def _blended(below: _Numbers, above: _Numbers, share: _Numbers) -> _Numbers:
    return (1 - share) * below + share * above


def rgb_image(values: npt.NDArray[Any]) -> QImage:
    """Return colours of shape (height, width, 3), 0 to 255, as an image."""
    levels = np.ascontiguousarray(np.rint(values).astype(np.uint8))
    height, width, _ = levels.shape
    shared = QImage(levels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return shared.copy()
