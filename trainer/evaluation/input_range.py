"""Values that networks from files expect of pixels."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from trainer.ink.render import PLANES, Images, with_planes

_MEAN_INK, _SD_INK = 0.15, 0.32
"""Mean and standard deviation of pixels from 0 to 1, about those of MNIST and EMNIST."""

_MNIST_MEAN, _MNIST_SD = 0.1307, 0.3081
"""By which the usual PyTorch examples normalise pixels from 0 to 1."""

_WIDE = 20.0
"""Width of a quantised input from which it holds whole bytes."""


class InputRange(StrEnum):
    """What a network expects for paper and for full ink."""

    BYTES = "0-255"
    UNIT = "0-1"
    SIGNED = "-1-1"
    NORMALISED = "normalised"
    BYTES_INVERTED = "0-255-inverted"
    UNIT_INVERTED = "0-1-inverted"
    SIGNED_INVERTED = "-1-1-inverted"
    NORMALISED_INVERTED = "normalised-inverted"

    @property
    def paper_and_ink(self) -> tuple[float, float]:
        """The values of paper and of full ink."""
        low, high = _LIMITS[self.removesuffix("-inverted")]
        return (high, low) if self.endswith("-inverted") else (low, high)

    @property
    def slope(self) -> float:
        """The difference between full ink and paper."""
        paper, ink = self.paper_and_ink
        return ink - paper

    def scaled(self, images: Images) -> npt.NDArray[np.float32]:
        """Return images uint8 (n, height, width), ink 255, in this range as float32."""
        paper, ink = self.paper_and_ink
        values = images.astype(np.float32) * np.float32((ink - paper) / 255.0)
        return values + np.float32(paper) if paper else values

    def batch(self, images: Images, input_shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """Return images as a network of this range takes them.

        Parameters
        ----------
        images : ndarray of shape (n, height, width), dtype=uint8
        input_shape : tuple of int
            Of one sample: flat, with a channel, or with the planes of drawings, which are empty.

        Returns
        -------
        ndarray of shape (n, *input_shape), dtype=float32
        """
        if input_shape[2:] == (len(PLANES),):
            return self.scaled(with_planes(images, len(PLANES)))
        return self.scaled(images).reshape(len(images), *input_shape)


_LIMITS = {
    "0-255": (0.0, 255.0),
    "0-1": (0.0, 1.0),
    "-1-1": (-1.0, 1.0),
    "normalised": (-_MNIST_MEAN / _MNIST_SD, (1 - _MNIST_MEAN) / _MNIST_SD),
}

_NAMES = {"signed": InputRange.SIGNED, "signed-inverted": InputRange.SIGNED_INVERTED}
"""Names that do not begin with a dash, which a shell's user would have to write after =."""


def add_input_range_argument(parser: argparse.ArgumentParser, number: str = "") -> None:
    """Add ``--input-range``; its value is an `InputRange`, or None to find it out."""
    parser.add_argument(
        f"--input-range{number}",
        type=_parsed,
        metavar="RANGE",
        help=f"pixels that {'the second' if number else 'a'} model file takes: 0-255, 0-1, "
        "signed (-1 to 1), normalised (as MNIST in PyTorch), each also with -inverted, for dark "
        "ink on light paper (default: found out)",
    )


def _parsed(text: str) -> InputRange | None:
    name = text.lower()
    if name == "auto":
        return None
    try:
        return _NAMES.get(name) or InputRange(name)
    except ValueError:
        known = ", ".join(["auto", *InputRange, *_NAMES])
        raise argparse.ArgumentTypeError(f"expected one of {known}; received {text!r}") from None


def range_of_statistics(mean: float, sd: float) -> InputRange:
    """Return the range in which handwriting has about this mean and standard deviation."""

    def distance(each: InputRange) -> float:
        paper, _ = each.paper_and_ink
        width = abs(each.slope)
        off = abs(mean - paper - _MEAN_INK * each.slope) / width
        return off + abs(float(np.log(max(sd, 1e-9) / (_SD_INK * width))))

    return min(InputRange, key=distance)


def range_of_limits(low: float, high: float) -> InputRange:
    """Return the range that a quantised input from `low` to `high` holds."""
    if high - low > _WIDE:
        return InputRange.BYTES
    if low > -0.2:
        return InputRange.UNIT
    return InputRange.SIGNED if high < 1.5 else InputRange.NORMALISED


def whole_batches(n: int, fixed: int | None, most: int) -> Sequence[slice]:
    """Return slices of `n` samples, of the size of a network's fixed batch or `most`."""
    size = fixed or most
    return [slice(low, low + size) for low in range(0, n, size)]


def padded(batch: npt.NDArray[np.float32], fixed: int | None) -> npt.NDArray[np.float32]:
    """Return a batch filled up to a network's fixed batch size with copies of its last sample."""
    lacking = 0 if fixed is None else fixed - len(batch)
    return np.concatenate([batch, np.repeat(batch[-1:], lacking, axis=0)]) if lacking else batch
