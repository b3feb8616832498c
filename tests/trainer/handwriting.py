"""Files of handwriting as other programs write them."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.ink.render import ink_to_image
from trainer.ink.strokes import Ink

_STROKES: dict[int, list[list[tuple[float, float]]]] = {
    0: [[(5, 0), (1, 3), (0, 8), (2, 13), (5, 14), (8, 12), (10, 7), (8, 2), (5, 0)]],
    1: [[(2, 3), (5, 0), (5, 14)]],
    2: [[(0, 3), (3, 0), (7, 0), (9, 3), (7, 7), (0, 14), (10, 14)]],
    3: [[(0, 1), (5, 0), (9, 3), (4, 6), (9, 9), (8, 13), (3, 14), (0, 12)]],
    4: [[(2, 0), (0, 8), (9, 8)], [(7, 3), (7, 14)]],
    5: [[(9, 0), (1, 0), (0, 6), (5, 5), (9, 8), (8, 13), (3, 14), (0, 12)]],
    6: [[(7, 0), (2, 4), (0, 10), (3, 14), (8, 13), (8, 8), (4, 7), (1, 10)]],
    7: [[(0, 0), (9, 0), (4, 14)]],
    8: [[(8, 2), (4, 0), (1, 3), (8, 9), (8, 13), (4, 14), (0, 12), (2, 8), (8, 2)]],
    9: [[(8, 3), (4, 0), (0, 4), (4, 7), (8, 3), (8, 14)]],
}


def digit_inks(n: int) -> list[Ink]:
    """Return `n` digits as drawings, in turn, each a little different."""
    generator = np.random.default_rng(5)
    return [
        Ink.from_points(
            [
                np.array(stroke) + generator.normal(0, 0.25, (len(stroke), 2))
                for stroke in _STROKES[index % 10]
            ]
        )
        for index in range(n)
    ]


def digits(n: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return `n` digits, (n, 28, 28) upright, as `digit_inks` draws them, and labels."""
    images = np.stack([ink_to_image(ink) for ink in digit_inks(n)])
    return images, np.arange(n, dtype=np.int64) % 10


def idx(values: npt.NDArray[np.generic]) -> bytes:
    header = b"\0\0\x08" + bytes([values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return header + values.astype(np.uint8).tobytes()


def write_idx(
    folder: Path, start: str, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]
) -> Path:
    """Write a gzipped pair; return the images file."""
    (folder / f"{start}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    path = folder / f"{start}-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(idx(images)))
    return path


def write_csv(path: Path, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> Path:
    """Write labels and pixels, a sample a line."""
    rows = np.column_stack([labels, images.reshape(len(images), -1)])
    np.savetxt(path, rows, fmt="%d", delimiter=",")
    return path
