"""Small pen archives for tests: a few easily told characters by a few writers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

SHAPES = {
    "1": [[(0, 0), (0, 10)]],
    "7": [[(0, 0), (6, 0), (2, 10)]],
    "L": [[(0, 0), (0, 10), (6, 10)]],
    "O": [[(3, 0), (0, 3), (0, 7), (3, 10), (6, 7), (6, 3), (3, 0)]],
    "T": [[(0, 0), (8, 0)], [(4, 0), (4, 10)]],
    "x": [[(0, 0), (8, 10)], [(8, 0), (0, 10)]],
}


def write_archive(path: Path, n: int = 120, seed: int = 0, n_writers: int = 8) -> Path:
    """Write `n` samples of six characters, shaken, by `n_writers` writers."""
    generator = np.random.default_rng(seed)
    points, strokes, samples, labels = [], [0], [0], []
    for index in range(n):
        label = list(SHAPES)[index % len(SHAPES)]
        for stroke in SHAPES[label]:
            shaken = np.array(stroke) * 100 + generator.normal(0, 25, (len(stroke), 2))
            points.append(shaken.astype(np.int16))
            strokes.append(strokes[-1] + len(stroke))
        samples.append(len(strokes) - 1)
        labels.append(label)
    np.savez(
        path,
        points=np.concatenate(points),
        stroke_start=np.array(strokes, dtype=np.int64),
        sample_start=np.array(samples, dtype=np.int64),
        label=np.array(labels),
        writer=(np.arange(n) // 6 % n_writers).astype(np.int32),
        writer_names=np.array([f"w{i}" for i in range(n_writers)]),
    )
    return path
