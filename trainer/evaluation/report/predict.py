"""What a model says of every sample: LiteRT networks on several cores, the others as they do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np

from trainer.datasets.dataset import Dataset
from trainer.datasets.load import Data
from trainer.evaluation.classifier import Classifier, data_images
from trainer.recognition.recognizer import Probabilities

CHUNK = 512
"""Samples; few enough to spread over the cores, many enough for batches."""

_MOST_THREADS = 8
_WARMING = (2, 1)
"""Numbers of images whose networks are made before the threads begin: making is not theirs."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """All answers.

    Attributes
    ----------
    probabilities : ndarray of shape (n, n_classes), dtype=float32
    seconds : float
        That the model took, rendering and waiting apart; of one core for a LiteRT network.
    """

    probabilities: Probabilities
    seconds: float


def threads_for(kind: str, samples: int) -> int:
    """Return how many networks shall read side by side.

    One interpreter answers on one core and lets go of Python's lock. Keras and scikit-learn
    spread over the cores by themselves.
    """
    if kind != "litert":
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, _MOST_THREADS, -(-samples // CHUNK)))


def read_all(
    data: Data,
    classifiers: Sequence[Classifier],
    pen_widths: Sequence[float],
    report: Callable[[int, int], None],
    chunk: int = CHUNK,
) -> Predictions:
    """Ask equal classifiers, one in each thread, about all samples.

    Parameters
    ----------
    data : Dataset or PenArchive
    classifiers : sequence of Classifier
        All of the same model.
    pen_widths : sequence of float
        Pixels; drawings are rendered at each and the answers averaged.
    report : callable
        Is told the number of samples done, and of all.
    chunk : int
        Samples that are rendered and read at once.
    """
    free: SimpleQueue[Classifier] = SimpleQueue()
    for classifier in classifiers:
        if len(classifiers) > 1:
            for n in _WARMING:
                classifier.probabilities(np.zeros((n, *classifier.image_shape), dtype=np.uint8))
        free.put(classifier)

    def read(low: int) -> Predictions:
        classifier = free.get()
        try:
            return _read(_part(data, low, chunk), classifier, pen_widths)
        finally:
            free.put(classifier)

    parts: list[Predictions] = []
    report(0, len(data))
    with ThreadPoolExecutor(len(classifiers)) as threads:
        for part in threads.map(read, range(0, len(data), chunk)):
            parts.append(part)
            report(min(len(parts) * chunk, len(data)), len(data))
    return Predictions(
        np.concatenate([part.probabilities for part in parts]), sum(part.seconds for part in parts)
    )


def _read(data: Data, classifier: Classifier, pen_widths: Sequence[float]) -> Predictions:
    clock = time.thread_time if classifier.kind == "litert" else time.perf_counter
    seconds, answers = 0.0, []
    for width in (None,) if isinstance(data, Dataset) else pen_widths:
        images = data_images(data, classifier, width)
        began = clock()
        answers.append(classifier.probabilities(images))
        seconds += clock() - began
    return Predictions(np.mean(answers, axis=0), seconds)


def _part(data: Data, low: int, n: int) -> Data:
    if isinstance(data, Dataset):
        return data.take(np.arange(low, min(low + n, len(data))))
    places = np.arange(len(data))
    return data.select((places >= low) & (places < low + n))
