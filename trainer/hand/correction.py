"""What a person's own samples change in a network's answer: kernel logistic regression.

The logits of the network stay; added to them is a smooth function of the drawing, which is 0 far
from all samples: f(x) = log p(x) + Σ k(x, xᵢ) aᵢ (Zhu & Hastie 2005, with the network as offset).
Two drawings are alike for what the network says of them, and for the course of the pen.

The constants were chosen on the validation writers (`python -m bench hand`), where those nearby
give the same within noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from trainer.ink.alphabet import BYCLASS, class_indices
from trainer.ink.strokes import Ink
from trainer.recognition.recognizer import Probabilities

Floats = npt.NDArray[np.float32]

PATH_POINTS = 32
"""Points that stand for the course of the pen."""

_LEAST = 1e-3
"""Probabilities below are all the same to the kernel."""

_CLASS_WEIGHT = 0.02
_PATH_SCALE = 5.0
"""Squared distance, in squares of the drawing's size, at which two courses are hardly alike."""

_PENALTY = 0.1
_FURTHER = 1e-2
"""Probability of a character beyond the alphabet before any sample speaks for it."""

_SHIFT, _SHIFT_SAMPLES = 0.5, 5.0
_MANY_SAMPLES = 50
"""With so many, the shift is halfway between `_SHIFT` and 1."""

_DOUBT, _DOUBT_OF_MISREAD = 2.0, 1.5
"""Standard errors by which a correction must be better; of characters that are misread, three equal
samples suffice."""

_TRUSTS = (0.25, 0.5, 0.75, 1.0)
_LEAST_SAMPLES, _LEAST_MISREAD = 3, 2
"""Of a character, before it is trusted by itself; so many of them must have been misread."""

_TINY = 1e-12
_BLOCK, _ROUNDS = 32, 2
_ITERATIONS, _TOLERANCE = 60, 2e-3

_PER_MILLE = (
    *(16, 17, 16, 15, 16, 14, 15, 15, 15, 15),
    *(14, 7, 9, 8, 18, 7, 7, 9, 15, 7, 8, 10, 8, 11, 16, 9, 6, 11, 12, 12, 10, 6, 8, 6, 8, 7),
    *(39, 13, 18, 21, 60, 15, 16, 24, 37, 8, 14, 29, 18, 37, 39, 18, 10, 31, 32, 37, 22, 10),
    *(15, 9, 14, 10),
)
"""How often people write the 62 characters: shares in UNIPEN's training data."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of drawings.

    Attributes
    ----------
    log_probabilities : ndarray of shape (n, n_classes), dtype=float32
        Of the network.
    paths : ndarray of shape (n, 2 * PATH_POINTS), dtype=float32
        NaN for an image, of which nobody knows how it was drawn.
    """

    log_probabilities: Floats
    paths: Floats

    @classmethod
    def of(cls, probabilities: Probabilities, inks: Sequence[Ink | None]) -> Evidence:
        """Return the evidence of drawings and images."""
        logs = np.log(np.maximum(probabilities, _TINY), dtype=np.float32)
        paths = np.full((len(inks), 2 * PATH_POINTS), np.nan, dtype=np.float32)
        for row, ink in zip(paths, inks, strict=True):
            if ink is not None and not ink.is_empty:
                row[:] = _path(ink)
        return cls(logs, paths)

    def __len__(self) -> int:
        return len(self.log_probabilities)

    def __getitem__(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Evidence:
        return Evidence(self.log_probabilities[rows], self.paths[rows])

    def joined(self, other: Evidence) -> Evidence:
        """Return the evidence of these drawings and of others after them."""
        return Evidence(
            np.concatenate([self.log_probabilities, other.log_probabilities]),
            np.concatenate([self.paths, other.paths]),
        )

    def logits(self, n_further: int) -> Floats:
        """Return log-probabilities, shape (n, n_classes + n_further)."""
        further = np.full((len(self), n_further), np.log(_FURTHER), dtype=np.float32)
        return np.concatenate([self.log_probabilities, further], axis=1)

    @cached_property
    def classes(self) -> Floats:
        """What the network considers possible; 0 elsewhere, so that likeness is local."""
        least = np.float32(np.log(_LEAST))
        scale = np.float32(np.sqrt(_CLASS_WEIGHT))
        classes: Floats = (np.maximum(self.log_probabilities, least) - least) * scale
        return classes

    @cached_property
    def is_drawn(self) -> npt.NDArray[np.bool_]:
        """Which of them are drawings."""
        return np.isfinite(self.paths[:, 0])

    @cached_property
    def courses(self) -> Floats:
        """The paths, 0 for images."""
        return np.nan_to_num(self.paths)

    @cached_property
    def squares(self) -> Floats:
        """The squared lengths of the paths."""
        squares: Floats = np.square(self.courses).sum(axis=1)
        return squares


@dataclass(frozen=True, eq=False)
class Correction:
    """Learned weights.

    Attributes
    ----------
    weights : ndarray of shape (n, n_answers), dtype=float32
        Of each sample, for each class and each character beyond the alphabet.
    values : ndarray of shape (n, n_answers), dtype=float32
        The correction at the samples themselves.
    spread : ndarray of shape (n,), dtype=float32
        How little the other samples say of each; see `left_out`.
    trust : ndarray of shape (n_answers,), dtype=float32
        From 0 to 1: how much of the correction counts.
    """

    weights: Floats
    values: Floats
    spread: Floats
    trust: Floats

    @property
    def left_out(self) -> Floats:
        """The correction at each sample by the others alone, shape (n, n_answers).

        Exact for least squares (Rasmussen & Williams 2006, eq. 5.12), a bound here.
        """
        left_out: Floats = self.values - self.weights * self.spread[:, None]
        return left_out


def distances(a: Evidence, b: Evidence) -> Floats:
    """Return the squared distances of courses, shape (len(a), len(b)), in squares of their size.

    They are infinite between images, or an image and a drawing.
    """
    squared: Floats = np.maximum(
        a.squares[:, None] - 2.0 * (a.courses @ b.courses.T) + b.squares, 0.0
    )
    squared[~(a.is_drawn[:, None] & b.is_drawn)] = np.inf
    return squared


def kernel(a: Evidence, b: Evidence) -> Floats:
    """Return how alike drawings are, shape (len(a), len(b)), dtype=float32, at least 0."""
    likeness: Floats = np.exp(distances(a, b) * np.float32(-1 / _PATH_SCALE))
    likeness += a.classes @ b.classes.T
    return likeness


def fit(
    samples: Evidence, answers: npt.NDArray[np.int64], shift: Floats, groups: Floats
) -> Correction:
    """Learn all samples anew.

    Parameters
    ----------
    samples : Evidence
    answers : ndarray of shape (n,), dtype=int64
    shift : ndarray of shape (n_answers,), dtype=float32
        See `label_shift`.
    groups : ndarray of shape (n_answers, n_groups), dtype=float32
        Which answers count as the same character when trust is measured.
    """
    n, n_answers = len(samples), len(shift)
    if n == 0:
        nothing = np.zeros((0, n_answers), dtype=np.float32)
        return Correction(nothing, nothing, nothing[:, 0], nothing.sum(axis=0))
    likeness = kernel(samples, samples).astype(np.float64)
    inverse = np.linalg.inv(likeness + 2.0 * _PENALTY * np.eye(n))
    spread = (1.0 / np.diag(inverse) - 2.0 * _PENALTY).astype(np.float32)
    small_kernel, small_inverse = likeness.astype(np.float32), inverse.astype(np.float32)
    offset = samples.logits(n_answers - samples.log_probabilities.shape[1])
    weights = np.zeros((n, n_answers), dtype=np.float32)
    values = np.zeros_like(weights)
    for _ in range(_ITERATIONS):  # each a bound of Böhning (1992), so that none overshoots
        gradient = _gradient(offset + shift + values, answers, weights)
        if float(np.abs(gradient).max()) < _TOLERANCE:
            break
        weights += 2.0 * small_inverse @ gradient
        values = small_kernel @ weights
    trust = _trust(values - weights * spread[:, None], offset, answers, groups)
    return Correction(weights, values, spread, trust)


def fit_more(
    before: Correction,
    samples: Evidence,
    answers: npt.NDArray[np.int64],
    shift: Floats,
    groups: Floats,
) -> Correction:
    """Learn the last sample beside those before, in milliseconds.

    Its own weight and those of the samples that fit worst are improved; `fit` improves all.
    """
    n, n_answers = len(samples), len(shift)
    further = n_answers - before.weights.shape[1]
    weights = np.pad(before.weights, ((0, 1), (0, further)))
    values = np.pad(before.values, ((0, 1), (0, further)))
    last = np.array([n - 1])
    column = kernel(samples, samples[last])[:, 0]
    values[-1] = column[:-1] @ weights[:-1]
    nearest = np.argsort(-column[:-1])[:_BLOCK]
    inner = kernel(samples[nearest], samples[nearest]).astype(np.float64)
    inner[np.diag_indices(len(nearest))] += 2.0 * _PENALTY
    near = column[nearest].astype(np.float64)
    known = float(near @ np.linalg.solve(inner, near)) if len(nearest) else 0.0
    spread = np.append(before.spread, np.float32(max(float(column[-1]) - known, 0.0)))
    offset = samples.logits(n_answers - samples.log_probabilities.shape[1])
    chosen = last
    for _ in range(_ROUNDS):
        gradient = _gradient(offset + shift + values, answers, weights)
        worst = np.argsort(-np.abs(gradient).max(axis=1))[: _BLOCK - 1]
        chosen = np.union1d(worst, last)
        columns = kernel(samples, samples[chosen])
        bound = 0.5 * columns[chosen].astype(np.float64) + _PENALTY * np.eye(len(chosen))
        step = np.linalg.solve(bound, gradient[chosen].astype(np.float64)).astype(np.float32)
        weights[chosen] += step
        values += columns @ step
    trust = _trust(values - weights * spread[:, None], offset, answers, groups)
    return Correction(weights, values, spread, trust)


def usual_shares(alphabet: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return how often people write each class; 0 where that is unknown."""
    usual = np.zeros(len(alphabet))
    indices = class_indices(BYCLASS, alphabet)
    np.add.at(usual, indices[indices >= 0], np.array(_PER_MILLE)[indices >= 0] / 1000)
    return usual


def label_shift(
    answers: npt.NDArray[np.int64], usual: npt.NDArray[np.float64], n_answers: int
) -> Floats:
    """Return how much more often characters are among the samples than in writing, as logits.

    Who teaches three zeros and three o's does not say that zeros are as frequent as o's: where the
    two look the same, the network's preference stays (Menon et al. 2021, arXiv 2007.07314). Who
    corrects a few characters means these: few samples are shifted by half of it.

    Returns
    -------
    ndarray of shape (n_answers,), dtype=float32
        0 for characters without a sample or of unknown frequency.
    """
    usual = np.pad(usual, (0, n_answers - len(usual)))
    counts = np.bincount(answers, minlength=n_answers)
    smoothed = counts + _SHIFT_SAMPLES / n_answers
    shares = smoothed / (len(answers) + _SHIFT_SAMPLES)
    known = (counts > 0) & (usual > 0)
    ratio = np.divide(shares, usual, out=np.ones(n_answers), where=known)
    weight = 1.0 - (1.0 - _SHIFT) * _MANY_SAMPLES / (_MANY_SAMPLES + len(answers))
    shift: Floats = (weight * np.log(ratio)).astype(np.float32)
    return shift


def softmax(logits: Floats) -> Floats:
    """Return probabilities; rows sum to 1."""
    exponential = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = exponential / exponential.sum(axis=1, keepdims=True)
    return probabilities


def _gradient(logits: Floats, answers: npt.NDArray[np.int64], weights: Floats) -> Floats:
    gradient = -softmax(logits)
    gradient[np.arange(len(answers)), answers] += 1.0
    gradient -= np.float32(_PENALTY) * weights
    return gradient


def _trust(
    left_out: Floats, offset: Floats, answers: npt.NDArray[np.int64], groups: Floats
) -> Floats:
    """Return how much of a correction counts, by leave-one-out on the samples.

    The share with the best log-likelihood, if it is better than that of the network alone beyond
    doubt. Where the samples as a whole do not suffice, a character with at least three may be
    trusted by itself, if the network misreads it.
    """
    wanted = (groups @ groups.T)[answers]
    trust = np.zeros(offset.shape[1], dtype=np.float32)
    counts = np.bincount(answers, minlength=len(trust))
    is_misread = wanted[np.arange(len(answers)), offset.argmax(axis=1)] == 0.0
    n_misread = np.bincount(answers[is_misread], minlength=len(trust))
    is_taught = (counts >= _LEAST_SAMPLES) & (n_misread >= _LEAST_MISREAD)

    def gain(logits: Floats, doubt: float) -> float:
        """Return the sure part of what is gained."""
        gains = _log_likelihood(logits, wanted) - base
        return float(gains.sum() - doubt * np.sqrt(np.square(gains).sum()))

    base = _log_likelihood(offset, wanted)
    doubt = _DOUBT_OF_MISREAD if is_taught[counts > 0].all() else _DOUBT
    best = 0.0
    for share in _TRUSTS:
        gained = gain(offset + np.float32(share) * left_out, doubt)
        if gained > best:
            best, trust[:] = gained, share
    if best > 0.0:
        return trust
    for answer in np.flatnonzero(is_taught).tolist():
        logits = offset.copy()
        logits[:, answer] += left_out[:, answer]
        trust[answer] = gain(logits, _DOUBT_OF_MISREAD) > 0.0
    return trust


def _log_likelihood(logits: Floats, wanted: Floats) -> npt.NDArray[np.float64]:
    shares = np.einsum("ij,ij->i", softmax(logits), wanted)
    likelihood: npt.NDArray[np.float64] = np.log(np.maximum(shares, 1e-6), dtype=np.float64)
    return likelihood


def _path(ink: Ink) -> Floats:
    """Return points at equal distances along all strokes, in the drawing's size, centred."""
    points = ink.flat()[0].astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - (low + high) / 2) / max(float((high - low).max()), _TINY)
    steps = np.hypot(*np.diff(points, axis=0).T)
    way = np.append(0.0, np.cumsum(steps + 1e-9))
    at = np.linspace(0.0, way[-1], PATH_POINTS)
    path = np.stack([np.interp(at, way, points[:, axis]) for axis in (0, 1)], axis=1)
    return path.ravel().astype(np.float32)
