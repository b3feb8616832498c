"""Looking at data: nearest neighbours, copies, statistics, and augmentation of images."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

from bench.table import Row, seconds
from trainer.augmentation.images import ImageAugmentation, augmented_images
from trainer.datasets.analysis.duplicates import find_duplicates
from trainer.datasets.analysis.neighbours import NeighbourSearch, find_label_issues
from trainer.datasets.analysis.statistics import pixel_statistics
from trainer.datasets.dataset import Dataset
from trainer.ink.render import Images

SAMPLES = 112_800
"""Training images of EMNIST Balanced."""

CLASSES = 47
QUERIES = 30
AUGMENTED = 20_000


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.npy"
        images, labels = strokes(SAMPLES)
        np.save(path, images)
        del images
        mapped = np.load(path, mmap_mode="r")
        return _neighbours(mapped, labels) + _analysis(mapped, labels) + _augmentation(mapped)


def strokes(n: int) -> tuple[Images, np.ndarray]:
    """Return images with about as much ink as letters have: three bars each, by class."""
    generator = np.random.default_rng(0)
    labels = np.arange(n) % CLASSES
    shapes = generator.uniform(6, 22, (CLASSES, 3, 4))
    y, x = np.mgrid[0:28, 0:28].astype(np.float32) + 0.5
    images = np.empty((n, 28, 28), dtype=np.uint8)
    for low in range(0, n, 512):
        ends = shapes[labels[low : low + 512]]
        ends = (ends + generator.normal(0, 1.5, ends.shape)).astype(np.float32)
        ink = np.zeros((len(ends), 28, 28), dtype=np.float32)
        for bar in range(3):
            ax, ay, bx, by = (ends[:, bar, k, None, None] for k in range(4))
            length = np.maximum((bx - ax) ** 2 + (by - ay) ** 2, 1e-3)
            along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1)
            distance = np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))
            np.maximum(ink, np.clip(2.0 - distance, 0, 1), out=ink)
        images[low : low + 512] = 255 * ink
    return images, labels


def _neighbours(images: Images, labels: np.ndarray) -> list[Row]:
    search = NeighbourSearch(images)
    first = seconds(lambda: search.nearest(images[0], 12))
    times = [
        seconds(lambda i=index: search.nearest_by_class(images[i], int(labels[i]), labels, 12, i))
        for index in range(QUERIES)
    ]
    goal = "≤ 300"
    return [
        Row(f"nearest of {SAMPLES:,} images, the first time", (1000 * first,), "ms", goal),
        Row(
            f"nearest of {SAMPLES:,}, same and other class",
            tuple(1000 * time for time in times),
            "ms",
            goal,
        ),
    ]


def _analysis(images: Images, labels: np.ndarray) -> list[Row]:
    names = tuple(str(label) for label in range(CLASSES))
    splits = {"train": Dataset("bench", names, images, labels)}
    statistics = pixel_statistics(images, labels, CLASSES)
    return [
        Row(
            f"means and deviations of {SAMPLES:,} images",
            (seconds(lambda: pixel_statistics(images, labels, CLASSES)),),
            "s",
        ),
        Row(
            f"exact and near copies among {SAMPLES:,} images",
            (seconds(lambda: find_duplicates(splits)),),
            "s",
        ),
        Row(
            f"labels in doubt among {SAMPLES:,} images",
            (seconds(lambda: find_label_issues(images, labels, statistics)),),
            "s",
        ),
    ]


def _augmentation(images: Images) -> list[Row]:
    some = np.array(images[:AUGMENTED])
    how = ImageAugmentation(noise=0.1)
    generator = np.random.default_rng(0)
    rates = [AUGMENTED / seconds(lambda: augmented_images(some, how, generator)) for _ in range(5)]
    cores = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    title = f"augment images: affine, elastic, noise; {cores} core"
    return [Row(title, tuple(rates), "images/s", "≥ 20,000")]
