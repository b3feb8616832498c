"""Embed samples in a plane, similar ones near one another: PCA and t-SNE."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError, ConfigError
from trainer.explain.base import Vectors
from trainer.processes.launch import missing_hint

Plane = npt.NDArray[np.float32]
"""Array of shape (n, 2), dtype=float32."""

Report = Callable[[int, int], None]
"""Called with steps done and steps in all."""

Check = Callable[[], None]
"""Raises an exception to stop the work."""

FEWEST = 5
"""Samples that a map needs."""

PERPLEXITY = 30.0
_STEPS = 1000
_DIRECTIONS = 50
"""Principal components that t-SNE gets: the others are noise, and cost time."""

_NEIGHBOURS = 5
_STEP_LINE = re.compile(r"\[t-SNE\] Iteration (\d+):")


@dataclass(frozen=True, eq=False)
class PrincipalPlane:
    """The plane of the first two principal components.

    Attributes
    ----------
    mean : ndarray of shape (n_features,), dtype=float32
    axes : ndarray of shape (2, n_features), dtype=float32
    explained : tuple of float
        The share of the variance along each axis.
    """

    mean: npt.NDArray[np.float32]
    axes: npt.NDArray[np.float32]
    explained: tuple[float, float]

    def project(self, vectors: Vectors) -> Plane:
        """Return the positions of vectors in the plane."""
        positions: Plane = ((vectors - self.mean) @ self.axes.T).astype(np.float32)
        return positions


def principal_plane(vectors: Vectors, seed: int = 0) -> PrincipalPlane:
    """Fit the principal plane (PCA).

    Raises
    ------
    ConfigError
        If there are too few vectors.
    BundleError
        If scikit-learn is missing.
    """
    _check_enough(vectors)
    found = _decomposition(2, seed).fit(_wide_enough(vectors))
    n_features = vectors.shape[1]
    shares = np.nan_to_num(found.explained_variance_ratio_)
    return PrincipalPlane(
        found.mean_[:n_features].astype(np.float32),
        found.components_[:, :n_features].astype(np.float32),
        (float(shares[0]), float(shares[1])),
    )


def neighbour_map(
    vectors: Vectors,
    report: Report,
    check: Check,
    seed: int = 0,
    perplexity: float = PERPLEXITY,
) -> Plane:
    """Return the t-SNE map of samples (van der Maaten and Hinton 2008).

    Parameters
    ----------
    vectors : ndarray of shape (n, n_features), dtype=float32
    report : callable
        Called after every 50 of at most 1000 steps.
    check : callable
        Called as often; may raise to stop.
    seed : int
        The same seed gives the same map.
    perplexity : float
        Effective number of neighbours; lowered where there are few samples.

    Raises
    ------
    ConfigError
        If there are too few vectors, or the perplexity is out of range.
    BundleError
        If scikit-learn is missing.
    """
    _check_enough(vectors)
    if not 1.0 <= perplexity <= 500.0:
        raise ConfigError(
            "Expected a perplexity of 1 to 500. Received: {perplexity}.", field="perplexity"
        ).format(perplexity=f"{perplexity:g}")
    reduced = vectors
    if min(vectors.shape) > _DIRECTIONS:
        reduced = _decomposition(_DIRECTIONS, seed).fit_transform(vectors)
    check()
    report(0, _STEPS)
    layout, one_thread = _layout(min(perplexity, (len(vectors) - 1) / 3), seed)
    # scikit-learn reports progress on standard output only; what `check` raises there comes out
    # of `fit_transform`.
    with one_thread(limits=1), contextlib.redirect_stdout(_ProgressReader(report, check)):
        positions: Plane = layout.fit_transform(_wide_enough(reduced)).astype(np.float32)
    check()
    report(_STEPS, _STEPS)
    return positions


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The nearest neighbours of a new sample.

    Attributes
    ----------
    nearest : tuple of int
        Indices of the samples, the nearest first.
    weights : ndarray of shape (n_nearest,), dtype=float32
        Weight of each.
    """

    nearest: tuple[int, ...]
    weights: npt.NDArray[np.float32]

    @classmethod
    def of(cls, vector: Vectors, vectors: Vectors) -> Neighbourhood:
        """Find the neighbours of a vector of shape (n_features,) among others."""
        distances = np.linalg.norm(vectors - vector, axis=1)
        nearest = np.argsort(distances, kind="stable")[:_NEIGHBOURS]
        least = 1e-9 + 1e-3 * float(distances.max())
        weights = (1.0 / np.maximum(distances[nearest], least)).astype(np.float32)
        return cls(tuple(int(index) for index in nearest), weights)

    def position_in(self, positions: Plane) -> Plane:
        """Return the position of the new sample in a finished map.

        t-SNE does not map new samples: it is the weighted mean of the neighbours' positions.
        """
        mean: Plane = np.average(positions[list(self.nearest)], axis=0, weights=self.weights)
        return mean.astype(np.float32)


class _ProgressReader(io.TextIOBase):
    def __init__(self, report: Report, check: Check) -> None:
        super().__init__()
        self._report, self._check = report, check

    def write(self, text: str) -> int:
        self._check()
        step = _STEP_LINE.search(text)
        if step:
            self._report(int(step.group(1)), _STEPS)
        return len(text)


def _check_enough(vectors: Vectors) -> None:
    if len(vectors) < FEWEST:
        raise ConfigError(
            "Expected at least {fewest} samples for a map. Received: {n_samples}.",
            "Choose a larger dataset.",
            field="samples",
        ).format(fewest=FEWEST, n_samples=len(vectors))


def _wide_enough(vectors: Vectors) -> Vectors:
    """Pad vectors to two features at least."""
    missing = max(0, 2 - vectors.shape[1])
    return np.pad(vectors, ((0, 0), (0, missing))) if missing else vectors


def _decomposition(n_components: int, seed: int) -> Any:
    try:
        from sklearn.decomposition import PCA
    except ImportError as error:
        raise _missing() from error
    return PCA(n_components, random_state=seed)


def _layout(perplexity: float, seed: int) -> tuple[Any, Any]:
    """Return t-SNE, and a context manager that limits its threads.

    Several threads wait for one another after each of its small steps: 2,000 samples took 7 s on
    one free core, and 168 s with four threads on busy cores.
    """
    try:
        from sklearn.manifold import TSNE
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    except ImportError as error:
        raise _missing() from error
    layout = TSNE(
        2, perplexity=perplexity, max_iter=_STEPS, init="pca", random_state=seed, verbose=2
    )
    return layout, threadpool_limits


def _missing() -> BundleError:
    return BundleError(
        "The map of samples needs scikit-learn, which is not installed.",
        missing_hint("train"),
    )
