"""Image augmentation for data without strokes: affine maps, elastic deformation and noise.

Each image is resampled bilinearly once, with the affine map and the elastic field combined, so
that it is blurred only once whatever the number of transformations.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from trainer.errors import check_range
from trainer.ink.render import Images

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class ImageAugmentation:
    """Strengths of the random transformations of images; all zero leaves images unchanged.

    Attributes
    ----------
    shift : float
        Maximum shift in each direction, pixels; uniform.
    rotation : float
        Maximum angle in either direction, degrees; uniform.
    scale : float
        Maximum enlargement and reduction, as a fraction of the size; uniform.
    shear : float
        Maximum slant: horizontal shift per unit of height; uniform.
    elastic : float
        Standard deviation of the smooth displacement field, in pixels.
    noise : float
        Standard deviation of the Gaussian noise on each pixel, as a fraction of full ink.
    """

    shift: float = 1.5
    rotation: float = 10.0
    scale: float = 0.1
    shear: float = 0.15
    elastic: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in IMAGE_AUGMENTATION_LIMITS.items():
            check_range(name, getattr(self, name), low, high)

    @property
    def is_nothing(self) -> bool:
        """Whether images stay unchanged."""
        return not any(getattr(self, field.name) for field in fields(self))


IMAGE_AUGMENTATION_LIMITS: dict[str, tuple[float, float]] = {
    "shift": (0.0, 6.0),
    "rotation": (0.0, 45.0),
    "scale": (0.0, 0.4),
    "shear": (0.0, 0.6),
    "elastic": (0.0, 2.0),
    "noise": (0.0, 0.5),
}
"""Minimum and maximum of each setting; beyond them characters become illegible."""

_BLOCK = 128
"""Images transformed at once, so that their arrays stay in the processor's cache."""

_KNOTS = 6
"""Control points of the elastic field along each side; it is interpolated between them."""

_LARGEST_DEVIATION = 2.5
"""Displacements are clipped here, in standard deviations, so that no image is torn."""


def augmented_images(
    images: Images, settings: ImageAugmentation, generator: np.random.Generator
) -> Images:
    """Transform images at random.

    Parameters
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        0 = paper, 255 = ink; any size.
    settings : ImageAugmentation
    generator : numpy.random.Generator
        The same state yields the same images.

    Returns
    -------
    ndarray of shape (n, height, width), dtype=uint8
        Paper fills in at the edges.
    """
    if settings.is_nothing or not images.size:
        return np.array(images, dtype=np.uint8)
    result = np.empty(images.shape, dtype=np.uint8)
    moves = any(
        (settings.shift, settings.rotation, settings.scale, settings.shear, settings.elastic)
    )
    for low in range(0, len(images), _BLOCK):
        block = np.ascontiguousarray(images[low : low + _BLOCK])
        values = (
            _interpolated(block, *_coordinates(block.shape, settings, generator)) if moves else None
        )
        if settings.noise:
            values = block.astype(np.float32) if values is None else values
            noise = generator.standard_normal(values.shape, dtype=np.float32)
            noise *= np.float32(255.0 * settings.noise)
            values += noise
            np.clip(values, 0.0, 255.0, out=values)
        if values is not None:
            values += np.float32(0.5)
            result[low : low + _BLOCK] = values
    return result


def _coordinates(
    shape: tuple[int, ...], settings: ImageAugmentation, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the source row and column of each pixel, each (n, height, width); 0 = first centre."""
    n, height, width = shape
    inverse, shift = _affine(n, settings, generator)
    rows = np.arange(height, dtype=np.float32) - np.float32((height - 1) / 2)
    columns = np.arange(width, dtype=np.float32) - np.float32((width - 1) / 2)
    dy, dx = rows - shift[:, 1:], columns - shift[:, :1]
    y = (inverse[:, 1, 0, None] * dx)[:, None, :] + (inverse[:, 1, 1, None] * dy)[:, :, None]
    x = (inverse[:, 0, 0, None] * dx)[:, None, :] + (inverse[:, 0, 1, None] * dy)[:, :, None]
    y += np.float32((height - 1) / 2)
    x += np.float32((width - 1) / 2)
    if settings.elastic:
        displacements = generator.standard_normal((2, n, _KNOTS, _KNOTS), dtype=np.float32)
        np.clip(displacements, -_LARGEST_DEVIATION, _LARGEST_DEVIATION, out=displacements)
        displacements *= np.float32(settings.elastic)
        down, across = _interpolation(height), _interpolation(width)
        y += down @ displacements[0] @ across.T
        x += down @ displacements[1] @ across.T
    return y, x


def _affine(
    n: int, settings: ImageAugmentation, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return the inverse maps (n, 2, 2) of (x, y) about the centre, and the shifts (n, 2)."""
    uniform = generator.uniform(-1.0, 1.0, (n, 5))
    angle = np.deg2rad(settings.rotation) * uniform[:, 0]
    cos, sin = np.cos(angle), np.sin(angle)
    slant = settings.shear * uniform[:, 1]
    size = 1.0 + settings.scale * uniform[:, 2]
    # Forward: shear, rotate, scale; so the inverse unscales, rotates back and shears back.
    rotation = np.array([[cos, sin], [-sin, cos]]).transpose(2, 0, 1)
    shear = np.tile(np.eye(2), (n, 1, 1))
    shear[:, 0, 1] = slant
    inverse = (shear @ rotation) / size[:, None, None]
    return inverse.astype(np.float32), (settings.shift * uniform[:, 3:]).astype(np.float32)


def _interpolation(size: int) -> Floats:
    """Return the (size, _KNOTS) matrix that interpolates displacements between the knots.

    Its rows are Gaussians around the knots, of unit length, so that the field has the same
    standard deviation everywhere (Simard et al. 2003 smooth noise on every pixel; a smooth field
    needs only a few knots).
    """
    spacing = size / _KNOTS
    knots = (np.arange(_KNOTS) + 0.5) * spacing
    distance = (np.arange(size)[:, None] + 0.5 - knots) / spacing
    weights = np.exp(-0.5 * distance**2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return weights.astype(np.float32)


def _interpolated(images: Images, y: Floats, x: Floats) -> Floats:
    """Interpolate images bilinearly at `y` and `x`, which are overwritten; paper is outside."""
    n, height, width = images.shape
    # With two pixels of paper around, clipped coordinates have four neighbours, all of paper.
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
