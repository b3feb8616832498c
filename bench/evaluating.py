"""Evaluate 18,800 images of 47 classes: through LiteRT, and against Keras with batches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from bench.analysis import strokes
from bench.table import Row, seconds
from trainer.datasets.dataset import Dataset
from trainer.datasets.store import TEST, DatasetWriter
from trainer.evaluation.classifier import Classifier, open_classifier
from trainer.evaluation.report.predict import predict_all, threads_for
from trainer.evaluation.report.report import make_report
from trainer.files.paths import PROFILE_VARIABLE, Profile
from trainer.ink.alphabet import BALANCED
from trainer.recognition.recognizer import Probabilities

SAMPLES = 18_800
"""Test images of EMNIST Balanced."""

NAME = "balanced-size"
ROUNDS = 2


def measure() -> list[Row]:
    images, labels = strokes(SAMPLES)
    data = Dataset("bench", BALANCED, images, labels)
    threads = threads_for("litert", SAMPLES)
    classifiers = [open_classifier() for _ in range(threads)]
    answers = [_read(data, classifiers[:n]) for n in (1, threads) for _ in range(ROUNDS)]
    alone, together = answers[:ROUNDS], answers[ROUNDS:]
    report = [
        1000 * seconds(lambda: make_report(classifiers[0].alphabet, alone[0].probabilities, data))
        for _ in range(ROUNDS)
    ]
    rows = [
        Row("read 18,800 images through LiteRT, one core", _rates(alone), "images/s"),
        Row(f"the same, {threads} cores", _rates(together), "images/s"),
        Row("every figure of their report", tuple(report), "ms"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "images.npy", images)
        theirs = [_keras(Path(folder)) for _ in range(ROUNDS)]
        rows += _ratios(together, [times for times in theirs if times is not None])
        rows.append(_command(data, Path(folder)))
    return rows


@dataclass(frozen=True)
class Times:
    """Time of one prediction of all images."""

    seconds: float
    processor_seconds: float
    probabilities: Probabilities | None = None


def _rates(taken: Sequence[Times]) -> tuple[float, ...]:
    return tuple(SAMPLES / times.seconds for times in taken)


def _ratios(ours: Sequence[Times], theirs: Sequence[Times]) -> list[Row]:
    """Ratios to Keras, on all cores; the second does not depend on the load of the machine."""
    if not theirs:
        return []
    keras = "keras.Model.predict in batches of 256"
    rate = np.median(_rates(ours)) / np.median(_rates(theirs))
    work = np.median([t.processor_seconds for t in theirs]) / np.median(
        [t.processor_seconds for t in ours]
    )
    return [
        Row(f"images/s through LiteRT ÷ {keras}", (float(rate),), "×"),
        Row(f"processor time of {keras} ÷ LiteRT", (float(work),), "×"),
    ]


def _read(data: Dataset, classifiers: Sequence[Classifier]) -> Times:
    began, worked = perf_counter(), process_time()
    answers = predict_all(data, classifiers, (), _ignore_progress)
    return Times(perf_counter() - began, process_time() - worked, answers.probabilities)


def _ignore_progress(done: int, total: int) -> None:
    """Discard the progress."""


def _keras(folder: Path) -> Times | None:
    """The same network in Keras, in a child; None where there is no Keras."""
    command = [sys.executable, "-m", "bench.evaluating_child", str(folder)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError:
        return None
    record = json.loads(done.stdout.splitlines()[-1])
    return Times(record["seconds"], record["processor_seconds"])


def _command(data: Dataset, folder: Path) -> Row:
    """The whole command, including its start and its files."""
    profile = Profile(folder / "profile")
    profile.datasets.mkdir(parents=True)
    with DatasetWriter(profile.datasets / NAME, title="Bench", alphabet=BALANCED) as writer:
        writer.append(TEST, data.images, data.labels)
    command = [sys.executable, "-m", "trainer", "evaluate", "--data", NAME, "--json"]
    times = []
    for number in range(ROUNDS):
        began = perf_counter()
        subprocess.run(
            [*command, "--out", str(folder / f"report{number}")],
            check=True,
            capture_output=True,
            env={**os.environ, PROFILE_VARIABLE: str(profile.root)},
        )
        times.append(perf_counter() - began)
    return Row("python -m trainer evaluate on them, report and predictions kept", tuple(times), "s")
