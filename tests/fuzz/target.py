"""What a target of the hunt is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.fuzz.mutations import Mutation, mutated


@dataclass(frozen=True)
class Target:
    """One reader. It may succeed or raise a `TrainerError`; everything else is a fault of ours.

    Attributes
    ----------
    name : str
    make : callable
        Writes a sound file (or folder) into a folder and returns the file to break. What it
        writes is the same each time, byte for byte.
    read : callable
        Reads the file, as the program does.
    cost : int
        How many inputs of a quick reader it takes as long as; one that starts children takes
        longer than the rest.
    mutate : callable
        Breaks the content of the file.
    """

    name: str
    make: Callable[[Path], Path]
    read: Callable[[Path], object]
    cost: int = 1
    mutate: Mutation = mutated


def some_images() -> np.ndarray:
    """Return images of shape (5, 28, 28), dtype=uint8."""
    return np.random.default_rng(0).integers(0, 256, (5, 28, 28)).astype(np.uint8)
