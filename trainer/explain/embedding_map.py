"""Embedding maps: samples laid out by the inputs of the last layer, and where a drawing belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trainer.errors import ConfigError
from trainer.explain.base import Vectors
from trainer.explain.client import coded
from trainer.explain.embedding import (
    PERPLEXITY,
    Neighbourhood,
    Plane,
    PrincipalPlane,
    neighbour_map,
    principal_plane,
)
from trainer.explain.samples import ExplainedData, SelectedSamples
from trainer.ink.render import Images

Record = dict[str, Any]
Embed = Callable[[Images], Vectors]
Report = Callable[[int, int, str], None]
Check = Callable[[], None]

DEFAULT_SAMPLES = 2000
MOST_SAMPLES = 20_000
METHODS = ("pca", "tsne")

_AT_ONCE = 128
"""Images per batch; questions are answered between two batches."""


@dataclass(frozen=True)
class MapRequest:
    """The method and the samples of a map.

    Attributes
    ----------
    method : str
        "pca" or "tsne".
    samples : int
    seed : int
        Of the sampling, and of t-SNE.
    perplexity : float
        Of t-SNE.
    """

    method: str = "pca"
    samples: int = DEFAULT_SAMPLES
    seed: int = 0
    perplexity: float = PERPLEXITY

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ConfigError("Expected {methods}. Received: {method}.", field="method").format(
                methods=" or ".join(METHODS), method=self.method
            )
        if not 1 <= self.samples <= MOST_SAMPLES:
            raise ConfigError(
                "Expected 1 to {most} samples. Received: {n_samples}.", field="samples"
            ).format(most=MOST_SAMPLES, n_samples=self.samples)
        if not 0 <= self.seed < 2**32:
            raise ConfigError(
                "Expected a seed from 0 to {highest}. Received: {seed}.", field="seed"
            ).format(highest=2**32 - 1, seed=self.seed)


@dataclass(frozen=True, eq=False)
class EmbeddingMap:
    """An embedding map.

    Attributes
    ----------
    key : tuple of int
        Requested samples and seed.
    selected : SelectedSamples
    vectors : ndarray of shape (n, n_features), dtype=float32
    plane : PrincipalPlane
    flat : ndarray of shape (n, 2), dtype=float32
        Positions of the samples in that plane.
    neighbours : ndarray of shape (n, 2), dtype=float32, or None
        Their positions in the t-SNE map, once it is made.
    """

    key: tuple[int, int]
    selected: SelectedSamples
    vectors: Vectors
    plane: PrincipalPlane
    flat: Plane
    neighbours: Plane | None = None

    def positions(self, method: str) -> Plane:
        """Return the map of a method, "pca" or "tsne"."""
        return self.flat if method == "pca" or self.neighbours is None else self.neighbours


def make_embedding_map(
    request: MapRequest,
    samples: ExplainedData,
    embed: Embed,
    before: EmbeddingMap | None,
    report: Report,
    check: Check,
) -> EmbeddingMap:
    """Make a map, or add t-SNE to the one before.

    Parameters
    ----------
    request : MapRequest
    samples : ExplainedData
    embed : callable
        Takes images uint8 (n, height, width), returns vectors (n, n_features).
    before : EmbeddingMap or None
        An earlier map; reused where samples and seed are the same.
    report : callable
        Called with steps done, steps in all and phase.
    check : callable
        Raises an exception to stop the work.

    Raises
    ------
    ConfigError
        If there are too few samples, or the perplexity is out of range.
    BundleError
        If scikit-learn is missing.
    """
    key = (request.samples, request.seed)
    embedding_map = before if before is not None and before.key == key else None
    if embedding_map is None:
        selected = samples.some(request.samples, request.seed)
        parts, n = [], len(selected.images)
        for low in range(0, n, _AT_ONCE):
            check()
            report(low, n, "embedding")
            parts.append(embed(selected.images[low : low + _AT_ONCE]))
        vectors = np.concatenate(parts)
        report(n, n, "embedding")
        plane = principal_plane(vectors, request.seed)
        embedding_map = EmbeddingMap(key, selected, vectors, plane, plane.project(vectors))
    if request.method == "tsne":
        neighbours = neighbour_map(
            embedding_map.vectors,
            lambda done, total: report(done, total, "t-SNE"),
            check,
            request.seed,
            request.perplexity,
        )
        embedding_map = replace(embedding_map, neighbours=neighbours)
    check()
    return embedding_map


def map_record(embedding_map: EmbeddingMap, method: str, alphabet: tuple[str, ...]) -> Record:
    """Return a map for JSON, with the images of its samples."""
    return {
        "method": method,
        "points": [rounded(position) for position in embedding_map.positions(method)],
        "explained": [round(share, 4) for share in embedding_map.plane.explained],
        "indices": embedding_map.selected.indices.tolist(),
        "labels": embedding_map.selected.labels.tolist(),
        "alphabet": list(alphabet),
        "images": {
            "shape": list(embedding_map.selected.images.shape),
            "levels": coded(embedding_map.selected.images),
        },
    }


def position_record(embedding_map: EmbeddingMap, vector: Vectors) -> Record:
    """Return where a vector of shape (n_features,) belongs in each map, and its nearest samples.

    Those are indices into the samples of the map.
    """
    around = Neighbourhood.of(vector, embedding_map.vectors)
    position = embedding_map.plane.project(vector[None])[0]
    record: Record = {"pca": rounded(position), "nearest": list(around.nearest)}
    if embedding_map.neighbours is not None:
        record["tsne"] = rounded(around.position_in(embedding_map.neighbours))
    return record


def rounded(position: Plane) -> list[float]:
    """Return a position with as many digits as a screen can show."""
    return [float(f"{value:.5g}") for value in position.tolist()]
