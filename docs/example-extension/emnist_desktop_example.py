"""A preset and an importer for EMNIST Desktop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from trainer.datasets.formats.source import ImportSource, array_split

SIDE = 28


def thin_cnn() -> dict[str, Any]:
    """Return a network as data: its texts, its layers, and settings unlike the usual ones."""
    return {
        "title": "Thin network",
        "summary": "Three convolutions with a stride instead of pooling.",
        "source": "the example in docs/extensions.md",
        "layers": [
            {"kind": "convolution", "options": {"filters": 8, "stride": 2}},
            {"kind": "convolution", "options": {"filters": 16, "stride": 2}},
            {"kind": "convolution", "options": {"filters": 32, "stride": 2}},
            {"kind": "flatten"},
        ],
        "settings": {"epochs": 10, "learning_rate": 0.002},
    }


def open_labelled_bytes(path: Path) -> ImportSource | None:
    """Open a file in which each sample is a byte for its label and 784 for its pixels."""
    if path.suffix != ".labelled":
        return None
    rows = np.fromfile(path, dtype=np.uint8).reshape(-1, 1 + SIDE * SIDE)
    images = rows[:, 1:].reshape(-1, SIDE, SIDE)
    split = array_split(images, rows[:, 0].astype(np.int64), path.name)
    return ImportSource("labelled bytes", path.stem, (SIDE, SIDE), {"train": split})
