"""Augmentation of images, where there are no strokes to bend: moved, turned, warped, noisy.

Each image is sampled once, bilinearly, at the places where a random affine map and a random
smooth field put its pixels; so it is blurred once, however many changes are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from trainer.errors import ConfigError
from trainer.ink.render import Images

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class ImageAugmentation:
    """How strongly images are varied; zero everywhere leaves them as they are.

    Attributes
    ----------
    shift : float
        Greatest shift to each side, pixels; uniform.
    rotation : float
        Greatest angle either way, degrees; uniform.
    scale : float
        Greatest growing and shrinking, as a part of the size; uniform.
    shear : float
        Greatest slant: horizontal shift for each unit of height; uniform.
    elastic : float
        Standard deviation of the smooth field that moves the pixels, in pixels.
    noise : float
        Standard deviation of the Gaussian noise on each pixel, as a part of full ink.
    """

    shift: float = 1.5
    rotation: float = 10.0
    scale: float = 0.1
    shear: float = 0.15
    elastic: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in IMAGE_AUGMENTATION_LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ConfigError(
                    "Expected {name} from {low} to {high}. Received: {value}.", field=name
                ).format(name=name, low=f"{low:g}", high=f"{high:g}", value=f"{value:g}")

    @property
    def is_nothing(self) -> bool:
        """Whether images stay as they are."""
        return not any(getattr(self, field.name) for field in fields(self))


IMAGE_AUGMENTATION_LIMITS: dict[str, tuple[float, float]] = {
    "shift": (0.0, 6.0),
    "rotation": (0.0, 45.0),
    "scale": (0.0, 0.4),
    "shear": (0.0, 0.6),
    "elastic": (0.0, 2.0),
    "noise": (0.0, 0.5),
}
"""Least and greatest value of each setting; beyond, characters stop being readable."""

NO_IMAGE_AUGMENTATION = ImageAugmentation(0, 0, 0, 0, 0, 0)

_BLOCK = 128
"""Images varied at once: their planes stay in the processor's cache."""

_KNOTS = 6
"""The elastic field has a random push at so many places of each side, smooth between them."""

_LARGEST_DEVIATION = 2.5
"""Pushes are cut here, in standard deviations, so that no image is torn."""


def augmented_images(
    images: Images, how: ImageAugmentation, generator: np.random.Generator
) -> Images:
    """Vary images at random.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        0 = paper, 255 = ink; any size.
    how : ImageAugmentation
    generator : numpy.random.Generator
        The same state gives the same images.

    Returns
    -------
    ndarray of shape (n, height, width), dtype=uint8
        Paper comes in at the edges.
    """
    if how.is_nothing or not images.size:
        return np.array(images, dtype=np.uint8)
    varied = np.empty(images.shape, dtype=np.uint8)
    moves = any((how.shift, how.rotation, how.scale, how.shear, how.elastic))
    for low in range(0, len(images), _BLOCK):
        block = np.ascontiguousarray(images[low : low + _BLOCK])
        values = _sampled(block, *_places(block.shape, how, generator)) if moves else None
        if how.noise:
            values = block.astype(np.float32) if values is None else values
            noise = generator.standard_normal(values.shape, dtype=np.float32)
            noise *= np.float32(255.0 * how.noise)
            values += noise
            np.clip(values, 0.0, 255.0, out=values)
        if values is not None:
            values += np.float32(0.5)
            varied[low : low + _BLOCK] = values
    return varied


def _places(
    shape: tuple[int, ...], how: ImageAugmentation, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return where each pixel of the result is taken from.

    Returns
    -------
    y, x : ndarrays of shape (n, height, width), dtype=float32
        Rows and columns of the images, 0 = middle of the first.
    """
    n, height, width = shape
    inverse, shift = _affine(n, how, generator)
    rows = np.arange(height, dtype=np.float32) - np.float32((height - 1) / 2)
    columns = np.arange(width, dtype=np.float32) - np.float32((width - 1) / 2)
    dy, dx = rows - shift[:, 1:], columns - shift[:, :1]
    y = (inverse[:, 1, 0, None] * dx)[:, None, :] + (inverse[:, 1, 1, None] * dy)[:, :, None]
    x = (inverse[:, 0, 0, None] * dx)[:, None, :] + (inverse[:, 0, 1, None] * dy)[:, :, None]
    y += np.float32((height - 1) / 2)
    x += np.float32((width - 1) / 2)
    if how.elastic:
        pushes = generator.standard_normal((2, n, _KNOTS, _KNOTS), dtype=np.float32)
        np.clip(pushes, -_LARGEST_DEVIATION, _LARGEST_DEVIATION, out=pushes)
        pushes *= np.float32(how.elastic)
        down, across = _smooth(height), _smooth(width)
        y += down @ pushes[0] @ across.T
        x += down @ pushes[1] @ across.T
    return y, x


def _affine(
    n: int, how: ImageAugmentation, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the maps from the result back to the images, and how far they are shifted.

    Returns
    -------
    inverse : ndarray of shape (n, 2, 2), dtype=float32
        For columns (x, y), about the middle.
    shift : ndarray of shape (n, 2), dtype=float32
        x, y in pixels.
    """
    uniform = generator.uniform(-1.0, 1.0, (n, 5))
    angle = np.deg2rad(how.rotation) * uniform[:, 0]
    cos, sin = np.cos(angle), np.sin(angle)
    slant = how.shear * uniform[:, 1]
    size = 1.0 + how.scale * uniform[:, 2]
    # Forward: slanted, then turned, then stretched; so back: shrunk, turned back, leant back.
    turn_back = np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1)
    lean_back = np.zeros((n, 2, 2))
    lean_back[:, 0, 0] = lean_back[:, 1, 1] = 1.0
    lean_back[:, 0, 1] = slant
    inverse = (lean_back @ turn_back) / size[:, None, None]
    return inverse.astype(np.float32), (how.shift * uniform[:, 3:]).astype(np.float32)


def _smooth(size: int) -> Floats:
    """Return what spreads pushes at the knots over all pixels of a side.

    Rows are Gaussians around the knots of unit length, so that the field's standard deviation
    is that of the pushes everywhere (Simard et al. 2003 smooth noise on every pixel; a smooth
    field needs no more than a few knots).

    Returns
    -------
    ndarray of shape (size, _KNOTS), dtype=float32
    """
    spacing = size / _KNOTS
    knots = (np.arange(_KNOTS) + 0.5) * spacing
    distance = (np.arange(size)[:, None] + 0.5 - knots) / spacing
    weights = np.exp(-0.5 * distance**2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return weights.astype(np.float32)


def _sampled(images: Images, y: Floats, x: Floats) -> Floats:
    """Return the images' values between their pixels, paper outside.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
    y, x : ndarrays of shape (n, height, width), dtype=float32
        Changed on the way.

    Returns
    -------
    ndarray of shape (n, height, width), dtype=float32
    """
    n, height, width = images.shape
    # With two pixels of paper around, clipped places have all four neighbours, all of paper.
    padded = np.zeros((n, height + 4, width + 4), dtype=np.float32)
    padded[:, 2:-2, 2:-2] = images
    flat, stride = padded.ravel(), width + 4
    y += np.float32(2.0)
    x += np.float32(2.0)
    np.clip(y, 0.0, height + 2, out=y)
    np.clip(x, 0.0, width + 2, out=x)
    row, column = y.astype(np.int32), x.astype(np.int32)
    y -= row
    x -= column
    row *= stride
    row += column
    row += np.arange(n, dtype=np.int32)[:, None, None] * np.int32((height + 4) * stride)
    upper, right = flat[row], flat[row + 1]
    right -= upper
    right *= x
    upper += right
    row += stride
    lower, right = flat[row], flat[row + 1]
    right -= lower
    right *= x
    lower += right
    lower -= upper
    lower *= y
    upper += lower
    return upper
