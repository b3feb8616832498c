"""Predict all samples of a dataset: LiteRT networks in several threads, other models in one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np

from trainer.datasets.dataset import Dataset
from trainer.datasets.samples import Data, samples_at
from trainer.evaluation.classifier import Classifier, data_images
from trainer.recognition.recognizer import Probabilities

CHUNK = 512
"""Samples; few enough to spread over the cores, many enough for batches."""

_MOST_THREADS = 8
_WARMING = (2, 1)
"""Batch sizes that are prepared before the threads start, so that it is not timed."""


@dataclass(frozen=True, eq=False)
class TimedProbabilities:
    """Probabilities of all samples, and the time they took.

    Attributes
    ----------
    probabilities : ndarray of shape (n, n_classes), dtype=float32
    seconds : float
        Of the model, without rendering and waiting; on one core for a LiteRT network.
    """

    probabilities: Probabilities
    seconds: float


def threads_for(kind: str, samples: int) -> int:
    """Return how many classifiers run in parallel.

    A LiteRT interpreter uses one core and releases the GIL. Keras and scikit-learn use several
    cores by themselves.
    """
    if kind != "litert":
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, _MOST_THREADS, -(-samples // CHUNK)))


def predict_all(
    data: Data,
    classifiers: Sequence[Classifier],
    pen_widths: Sequence[float],
    report: Callable[[int, int], None],
    chunk: int = CHUNK,
) -> TimedProbabilities:
    """Predict all samples with equal classifiers, one per thread.

    Parameters
    ----------
    data : Dataset or PenArchive
    classifiers : sequence of Classifier
        All of the same model.
    pen_widths : sequence of float
        In pixels; drawings are rendered with each, and the probabilities averaged.
    report : callable
        Called with samples done and samples in all.
    chunk : int
        Samples per batch.
    """
    free: SimpleQueue[Classifier] = SimpleQueue()
    for classifier in classifiers:
        if len(classifiers) > 1:
            for n in _WARMING:
                classifier.probabilities(np.zeros((n, *classifier.image_shape), dtype=np.uint8))
        free.put(classifier)

    def predict(low: int) -> TimedProbabilities:
        classifier = free.get()
        indices = np.arange(low, min(low + chunk, len(data)))
        try:
            return _predict(samples_at(data, indices), classifier, pen_widths)
        finally:
            free.put(classifier)

    parts: list[TimedProbabilities] = []
    report(0, len(data))
    with ThreadPoolExecutor(len(classifiers)) as threads:
        for part in threads.map(predict, range(0, len(data), chunk)):
            parts.append(part)
            report(min(len(parts) * chunk, len(data)), len(data))
    return TimedProbabilities(
        np.concatenate([part.probabilities for part in parts]), sum(part.seconds for part in parts)
    )


def _predict(data: Data, classifier: Classifier, pen_widths: Sequence[float]) -> TimedProbabilities:
    clock = time.thread_time if classifier.kind == "litert" else time.perf_counter
    seconds, parts = 0.0, []
    for width in (None,) if isinstance(data, Dataset) else pen_widths:
        images = data_images(data, classifier, width)
        began = clock()
        parts.append(classifier.probabilities(images))
        seconds += clock() - began
    return TimedProbabilities(np.mean(parts, axis=0), seconds)
