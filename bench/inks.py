"""Inks for measurements: real ones if the data are available, else noisy copies of a few."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from bench.data import VARIABLE
from emnist_desktop.app.self_test import KNOWN_STROKES
from trainer.datasets.ink_archive import read_pen_archive
from trainer.ink.strokes import Ink


def some_inks(n: int) -> tuple[list[Ink], str]:
    """Return `n` inks and their origin."""
    archive_file = Path(os.environ.get(VARIABLE, "")) / "pen" / "unipen_validation.npz"
    if archive_file.exists():
        archive = read_pen_archive(archive_file)
        return [archive.ink(index % len(archive)) for index in range(n)], "real pen inks"
    generator = np.random.default_rng(0)
    inks = []
    for _ in range(n):
        strokes = []
        for stroke in KNOWN_STROKES:
            points = np.array(stroke, dtype=np.float64)
            positions = np.linspace(0, len(points) - 1, 20)
            dense = [
                np.interp(positions, np.arange(len(points)), points[:, axis]) for axis in (0, 1)
            ]
            strokes.append(np.stack(dense, axis=1) + generator.normal(0, 3, (20, 2)))
        inks.append(Ink.from_points(strokes))
    return inks, "generated inks"
