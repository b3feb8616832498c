"""What a hand gains on the validation writers, and what it costs: ``python -m bench hand``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt

from bench.data import data_folder
from bench.table import Row
from trainer.datasets.ink_archive import PenArchive, read_pen_archive
from trainer.evaluation.metrics import calibration_error
from trainer.files.paths import default_bundle
from trainer.hand.hand import Hand, OwnSample
from trainer.ink.alphabet import BYMERGE, class_indices, projection
from trainer.ink.strokes import Ink
from trainer.recognition.bundle import load_bundle
from trainer.recognition.recognizer import Probabilities, Recognizer

DRAWS = 4
MOST_TESTED = 1000
"""Samples of a writer; the largest has 4,885."""

WORSE = 0.005
GOALS = {1: ("≥ 89.3", "0"), 3: ("≥ 91.8", "≤ 1"), 5: ("≥ 93.0", "≤ 1")}
SEQUENCE, PARTS = 400, {(0, 50): "≥ 0", (200, 400): "≥ 2"}
MANY, TIMED = 2000, 100


@dataclass(frozen=True, eq=False)
class Writing:
    """All samples, and what the network says of them."""

    archive: PenArchive
    inks: list[Ink]
    probabilities: Probabilities
    recognizer: Recognizer

    @property
    def truth(self) -> npt.NDArray[np.int64]:
        return class_indices(self.archive.alphabet, BYMERGE)[self.archive.labels]

    def learn(self, hand: Hand, indices: npt.NDArray[np.int64]) -> None:
        names, labels = self.archive.alphabet, self.archive.labels
        samples = [OwnSample(str(i), names[labels[i]], self.inks[i]) for i in indices.tolist()]
        hand.learn(samples, self.probabilities[indices])

    def answers(self, hand: Hand | None, indices: npt.NDArray[np.int64]) -> Probabilities:
        probabilities = self.probabilities[indices]
        if hand is not None:
            probabilities = hand.adjusted(probabilities, [self.inks[i] for i in indices.tolist()])
        return projection(self.recognizer.bundle.alphabet, BYMERGE).apply(probabilities)


def measure() -> list[Row]:
    path = data_folder("pen") / "unipen_validation.npz"
    if not path.exists():
        return []
    archive = read_pen_archive(path)
    recognizer = Recognizer(load_bundle(default_bundle()))
    inks = [archive.ink(index) for index in range(len(archive))]
    writing = Writing(archive, inks, recognizer.ink_probabilities(inks), recognizer)
    rows = [row for n in GOALS for row in _learned(writing, n)]
    return [*rows, *_sequence(writing), *_times(writing)]


def _writers(writing: Writing) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    for writer in np.unique(writing.archive.writers).tolist():
        yield writer, np.flatnonzero(writing.archive.writers == writer)


def _learned(writing: Writing, n: int) -> list[Row]:
    """Draw n samples of each character of a writer, and test on the rest."""
    labels, truth = writing.archive.labels, writing.truth
    before, after, total = np.zeros(DRAWS), np.zeros(DRAWS), np.zeros(DRAWS)
    changes: list[float] = []
    pooled: list[list[Probabilities]] = [[] for _ in range(DRAWS)]
    pooled_truth: list[list[npt.NDArray[np.int64]]] = [[] for _ in range(DRAWS)]
    for writer, all_of in _writers(writing):
        gains = []
        for draw in range(DRAWS):
            random = np.random.default_rng((writer, draw))
            own = [
                random.permutation(all_of[labels[all_of] == label])
                for label in np.unique(labels[all_of])
            ]
            chosen = np.sort(np.concatenate([each[: min(n, len(each) - 1)] for each in own]))
            rest = np.setdiff1d(all_of, chosen)
            if len(chosen) == 0:
                continue
            weight = len(rest)
            rest = np.sort(random.permutation(rest)[:MOST_TESTED])
            hand = Hand.of(writing.recognizer)
            writing.learn(hand, chosen)
            with_hand = writing.answers(hand, rest)
            right = with_hand.argmax(axis=1) == truth[rest]
            alone = writing.answers(None, rest).argmax(axis=1) == truth[rest]
            before[draw] += weight * alone.mean()
            after[draw] += weight * right.mean()
            total[draw] += weight
            gains.append(right.mean() - alone.mean())
            pooled[draw].append(with_hand)
            pooled_truth[draw].append(truth[rest])
        if gains:
            changes.append(float(np.mean(gains)))
    errors = [
        100 * calibration_error(np.concatenate(p), np.concatenate(t))
        for p, t in zip(pooled, pooled_truth, strict=True)
    ]
    mean, worse = GOALS[n]
    what = f"{n} samples a character" if n > 1 else "1 sample a character"
    n_worse = float(sum(change < -WORSE for change in changes))
    return [
        Row(f"{what}: network alone", tuple(100 * before / total), "%"),
        Row(f"{what}: with the hand", tuple(100 * after / total), "%", mean),
        Row(f"{what}: writers worse by more than 0.5 points", (n_worse,), "", worse),
        Row(f"{what}: calibration error", tuple(errors), "%", "≤ 2"),
    ]


def _sequence(writing: Writing) -> list[Row]:
    """Samples one after another; those that are misread are learned."""
    truth, gains = writing.truth, {part: [0, 0] for part in PARTS}
    for writer, all_of in _writers(writing):
        order = np.random.default_rng(writer).permutation(all_of)[:SEQUENCE]
        hand = Hand.of(writing.recognizer)
        for place, index in enumerate(order.tolist()):
            one = np.array([index])
            alone = writing.answers(None, one)[0].argmax() == truth[index]
            right = writing.answers(hand, one)[0].argmax() == truth[index]
            for low, high in PARTS:
                if low <= place < high:
                    gains[low, high][0] += int(right) - int(alone)
                    gains[low, high][1] += 1
            if not right:
                writing.learn(hand, one)
    return [
        Row(
            f"drawings {low} to {high}, only misread ones learned: gain",
            (100 * gains[low, high][0] / gains[low, high][1],),
            "points",
            goal,
        )
        for (low, high), goal in PARTS.items()
    ]


def _times(writing: Writing) -> list[Row]:
    counts = np.bincount(writing.archive.writers)
    indices = np.flatnonzero(writing.archive.writers == counts.argmax())
    hand = Hand.of(writing.recognizer)
    writing.learn(hand, indices[:MANY])
    answering, learning = [], []
    for index in indices[MANY : MANY + TIMED].tolist():
        probabilities, ink = writing.probabilities[[index]], writing.inks[index]
        began = perf_counter()
        hand.adjusted(probabilities, [ink])
        answering.append(1000 * (perf_counter() - began))
    for index in indices[MANY : MANY + TIMED].tolist():
        began = perf_counter()
        writing.learn(hand, np.array([index]))
        learning.append(1000 * (perf_counter() - began))
    return [
        Row("answer with a hand of 2,000 samples, added", tuple(answering), "ms", "≤ 0.5"),
        Row("learn one sample more", tuple(learning), "ms", "≤ 20"),
    ]
