"""Corruptions of images: ten kinds with five strengths, as a recogniser may meet them in practice.

In the manner of Hendrycks and Dietterich (2019, arXiv 1903.12261), for ink on paper. Everything is
deterministic: the result for a sample depends on the seed, the corruption and the sample's index
alone, not on the other samples. The five strengths of a corruption use the same random numbers, so
that a stronger one continues the weaker one: the same noise louder, the same square larger.

Lengths are given in pixels of a 28×28 image and scale with the longer side of larger ones; grains
of noise are 1/28 of a side. So images of all sizes look alike.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from trainer.datasets.dataset import Dataset, Labels
from trainer.datasets.ink_archive import PenArchive
from trainer.datasets.samples import Data
from trainer.errors import ConfigError
from trainer.ink.render import IMAGE_SIZE, PEN_WIDTH, Image, Images, StrokeEdges, stroke_edges

_Value = TypeVar("_Value", np.float32, np.float64)

N_STRENGTHS = 5


@dataclass(frozen=True)
class Corruption:
    """A kind of corruption.

    Attributes
    ----------
    name : str
        As on the command line.
    title : str
    strengths : tuple of float
        Five, the weakest first.
    unit : str
        Of the strengths; lengths in pixels of a 28×28 image.
    help : str
        The effect, in one sentence.
    """

    name: str
    title: str
    strengths: tuple[float, ...]
    unit: str
    help: str


_ALL = (
    Corruption("noise", "Gaussian noise", (0.1, 0.2, 0.3, 0.4, 0.5), "of full ink",
               "Normal noise on every grain; the strength is its standard deviation."),
    Corruption("blur", "Blur", (0.5, 1.0, 1.5, 2.0, 2.5), "px",
               "Out of focus; the strength is the standard deviation of the Gaussian."),
    Corruption("shift", "Shift", (1.0, 2.0, 3.0, 4.0, 5.0), "px",
               "Moved to one of the four sides; what leaves the picture is cut off."),
    Corruption("rotation", "Rotation", (8.0, 16.0, 24.0, 32.0, 40.0), "°",
               "Turned about the middle, to the left or to the right."),
    Corruption("scale", "Scale", (0.08, 0.16, 0.24, 0.32, 0.4), "of the size",
               "Grown or shrunk by this part of the size; what leaves the picture is cut off."),
    Corruption("thinner", "Thinner pen", (0.85, 0.7, 0.55, 0.4, 0.3), "× the width",
               "Drawings are rendered with a thinner pen; in images the edge of the ink is moved "
               "inwards."),
    Corruption("thicker", "Thicker pen", (1.3, 1.6, 1.9, 2.2, 2.6), "× the width",
               "Drawings are rendered with a thicker pen; in images the edge of the ink is moved "
               "outwards."),
    Corruption("contrast", "Contrast", (0.8, 0.6, 0.4, 0.25, 0.15), "of full contrast",
               "The ink pales and the paper darkens towards the same grey."),
    Corruption("occlusion", "Occlusion", (4.0, 6.0, 8.0, 10.0, 12.0), "px",
               "A square of paper lies on the ink; the strength is its side."),
    Corruption("salt-and-pepper", "Salt and pepper", (0.02, 0.05, 0.1, 0.2, 0.3), "of all grains",
               "So many grains become full ink or bare paper, half of them each."),
)  # fmt: skip

CORRUPTIONS: Mapping[str, Corruption] = {each.name: each for each in _ALL}
"""All corruptions by name, in the order of a table."""

PEN_CORRUPTIONS = ("thinner", "thicker")
"""Those that render drawings again instead of changing their images."""


def named(names: Sequence[str]) -> tuple[Corruption, ...]:
    """Return corruptions by name, each once; all of them for no names.

    Raises
    ------
    ConfigError
        If there is no such corruption.
    """
    unknown = [name for name in names if name not in CORRUPTIONS]
    if unknown:
        raise ConfigError(
            "Expected corruptions of {corruptions}. Received: {unknown}.",
            "Leave --corruptions out for all of them.",
            field="corruptions",
        ).format(corruptions=", ".join(CORRUPTIONS), unknown=", ".join(unknown))
    return tuple(CORRUPTIONS[name] for name in dict.fromkeys(names or CORRUPTIONS))


@dataclass(frozen=True, eq=False)
class CleanSamples:
    """Samples before corruption.

    Attributes
    ----------
    images : ndarray of shape (n, height, width), dtype=uint8
        Drawings are rendered with the usual pen.
    indices : ndarray of shape (n,), dtype=int64
        Of the samples in their split: from 0 to 2³² − 1.
    inks : PenArchive or None
        The drawings.
    """

    images: Images
    indices: Labels
    inks: PenArchive | None = None

    @classmethod
    def from_data(cls, data: Data, indices: Labels) -> CleanSamples:
        """Take all samples of `data`, which have these indices in their split."""
        if isinstance(data, Dataset):
            return cls(np.asarray(data.images), indices)
        return cls(data.render(PEN_WIDTH).images, indices, data)

    @cached_property
    def edges(self) -> StrokeEdges:
        """Distance of each pixel from the edge of the ink, computed on first use."""
        return stroke_edges(self.images)


def corrupted(originals: CleanSamples, name: str, strength: float, seed: int = 0) -> Images:
    """Apply a corruption.

    Parameters
    ----------
    originals : CleanSamples
    name : str
        Of a corruption.
    strength : float
        In the corruption's unit; any, not only one of the five.
    seed : int
        0 or more.

    Returns
    -------
    ndarray of shape (n, height, width), dtype=uint8
    """
    if name in PEN_CORRUPTIONS:
        if originals.inks is not None:
            return originals.inks.render(PEN_WIDTH * strength).images
        return originals.edges.with_pen(originals.images, strength)
    if name == "blur":
        return _blurred(originals.images, strength)
    if name == "contrast":
        return _rounded(127.5 + strength * (originals.images.astype(np.float32) - 127.5))
    change = _CHANGES[name]
    corrupt = [
        change(image, strength, _generator(seed, name, index))
        for image, index in zip(originals.images, originals.indices.tolist(), strict=True)
    ]
    return np.array(corrupt, dtype=np.uint8).reshape(originals.images.shape)


def _generator(seed: int, name: str, index: int) -> np.random.Generator:
    """Return the generator of one sample, which is cheap to seed: Philox (Salmon et al. 2011)."""
    key = np.array([seed % 2**64, (zlib.crc32(name.encode()) << 32) | index], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def _pixels(image: Image, length: float) -> float:
    """Convert a length from pixels of a 28×28 image to those of an image."""
    height, width = image.shape
    return float(length * max(height, width) / IMAGE_SIZE)


def _rounded(values: npt.NDArray[np.floating]) -> Image:
    clipped: Image = np.clip(values + 0.5, 0.0, 255.0).astype(np.uint8)
    return clipped


def _in_grains(field: npt.NDArray[_Value], shape: tuple[int, ...]) -> npt.NDArray[_Value]:
    """Spread a field of 28×28 grains over an image."""
    rows, columns = ((np.arange(n) * IMAGE_SIZE + IMAGE_SIZE // 2) // n for n in shape)
    return field[np.ix_(rows, columns)]


def _noisy(image: Image, deviation: float, generator: np.random.Generator) -> Image:
    noise = generator.standard_normal((IMAGE_SIZE, IMAGE_SIZE), dtype=np.float32)
    return _rounded(image + 255.0 * deviation * _in_grains(noise, image.shape))


def _salted(image: Image, share: float, generator: np.random.Generator) -> Image:
    chance = _in_grains(generator.random((IMAGE_SIZE, IMAGE_SIZE)), image.shape)
    result = image.copy()
    result[chance < share / 2] = 0
    result[chance >= 1.0 - share / 2] = 255
    return result


def _occluded(image: Image, side: float, generator: np.random.Generator) -> Image:
    """Lay a square of paper on the image, centred on a random pixel of the ink."""
    ink = np.argwhere(image >= max(1, int(image.max())) / 2)
    chance = generator.random()
    row, column = ink[int(chance * len(ink))] if len(ink) else np.array(image.shape) // 2
    length = max(1, round(_pixels(image, side)))
    top, left = max(0, row - length // 2), max(0, column - length // 2)
    result = image.copy()
    result[top : row - length // 2 + length, left : column - length // 2 + length] = 0
    return result


def _shifted(image: Image, distance: float, generator: np.random.Generator) -> Image:
    right, down = ((1, 0), (-1, 0), (0, 1), (0, -1))[int(generator.integers(4))]
    length = _pixels(image, distance)
    return _mapped(image, (1.0, 0.0, 0.0, 1.0), (right * length, down * length))


def _turned(image: Image, degrees: float, generator: np.random.Generator) -> Image:
    angle = np.deg2rad(degrees) * (1 if generator.random() < 0.5 else -1)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return _mapped(image, (cos, sin, -sin, cos))


def _scaled(image: Image, part: float, generator: np.random.Generator) -> Image:
    size = 1.0 + part * (1 if generator.random() < 0.5 else -1)
    return _mapped(image, (1.0 / size, 0.0, 0.0, 1.0 / size))


def _mapped(
    image: Image,
    back: tuple[float, float, float, float],
    shift: tuple[float, float] = (0.0, 0.0),
) -> Image:
    """Transform an image affinely about its centre, with bicubic sampling and paper outside.

    Parameters
    ----------
    image : ndarray of shape (height, width), dtype=uint8
    back : tuple of float
        Rows of the matrix from a position (x, y) of the result back to the image.
    shift : tuple of float
        x and y in pixels.
    """
    height, width = image.shape
    x, y = width / 2 + shift[0], height / 2 + shift[1]
    a, b, c, d = back
    offsets = width / 2 - a * x - b * y, height / 2 - c * x - d * y
    moved = PillowImage.fromarray(image).transform(
        (width, height),
        PillowImage.Transform.AFFINE,
        (a, b, offsets[0], c, d, offsets[1]),
        PillowImage.Resampling.BICUBIC,
    )
    return np.asarray(moved)


def _blurred(images: Images, deviation: float) -> Images:
    """Blur by two matrix products, with paper outside.

    In double precision no order of summation moves a value across the edge of two grey levels.
    """
    _, height, width = images.shape
    sigma = deviation * max(height, width) / IMAGE_SIZE
    down, across = (_gaussians(n, sigma) for n in (height, width))
    return _rounded(down @ images.astype(np.float64) @ across)


def _gaussians(n: int, sigma: float) -> npt.NDArray[np.float64]:
    """Return a symmetric matrix of shape (n, n) that blurs; columns are Gaussians of sum 1."""
    reach = np.arange(-n, n + 1)
    total = np.exp(-0.5 * (reach / sigma) ** 2).sum()
    distance = np.subtract.outer(np.arange(n), np.arange(n)) / sigma
    matrix: npt.NDArray[np.float64] = np.exp(-0.5 * distance**2) / total
    return matrix


_Change = Callable[[Image, float, np.random.Generator], Image]

_CHANGES: Mapping[str, _Change] = {
    "noise": _noisy,
    "shift": _shifted,
    "rotation": _turned,
    "scale": _scaled,
    "occlusion": _occluded,
    "salt-and-pepper": _salted,
}
"""The functions that corrupt one image."""
