"""A map of samples by what the last layer takes: made once, and asked where a drawing belongs."""

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
from trainer.explain.samples import ExplainedData, Picked
from trainer.ink.render import Images

Record = dict[str, Any]
Embed = Callable[[Images], Vectors]
Report = Callable[[int, int, str], None]
Check = Callable[[], None]

DEFAULT_SAMPLES = 2000
MOST_SAMPLES = 20_000
METHODS = ("pca", "tsne")

_AT_ONCE = 128
"""Images that are embedded before a question in between is answered."""


@dataclass(frozen=True)
class MapRequest:
    """Which map.

    Attributes
    ----------
    method : str
        "pca" or "tsne".
    samples : int
    seed : int
        Of the choice of samples, and of t-SNE.
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
class Atlas:
    """A map.

    Attributes
    ----------
    key : tuple of int
        Samples and seed that it was made of.
    picked : Picked
    vectors : ndarray of shape (n, n_features), dtype=float32
    plane : PrincipalPlane
    flat : ndarray of shape (n, 2), dtype=float32
        The samples in that plane.
    neighbours : ndarray of shape (n, 2), dtype=float32, or None
        The map of t-SNE, once it is made.
    """

    key: tuple[int, int]
    picked: Picked
    vectors: Vectors
    plane: PrincipalPlane
    flat: Plane
    neighbours: Plane | None = None


def make_atlas(
    wish: MapRequest,
    samples: ExplainedData,
    embed: Embed,
    before: Atlas | None,
    report: Report,
    check: Check,
) -> Atlas:
    """Make a map.

    Parameters
    ----------
    wish : MapRequest
    samples : ExplainedData
    embed : callable
        Takes images uint8 (n, height, width), gives vectors (n, n_features).
    before : Atlas or None
        An earlier one of the same samples; what it has is not made again.
    report : callable
        Told done, total and phase.
    check : callable
        Raises what shall end the work.

    Raises
    ------
    ConfigError
        If there are too few samples, or the perplexity is out of range.
    BundleError
        If scikit-learn is missing.
    """
    key = (wish.samples, wish.seed)
    atlas = before if before is not None and before.key == key else None
    if atlas is None:
        picked = samples.some(wish.samples, wish.seed)
        parts, n = [], len(picked.images)
        for low in range(0, n, _AT_ONCE):
            check()
            report(low, n, "embedding")
            parts.append(embed(picked.images[low : low + _AT_ONCE]))
        vectors = np.concatenate(parts)
        report(n, n, "embedding")
        plane = principal_plane(vectors, wish.seed)
        atlas = Atlas(key, picked, vectors, plane, plane.place(vectors))
    if wish.method == "tsne":

        def tell(done: int, total: int) -> None:
            report(done, total, "t-SNE")

        places = neighbour_map(atlas.vectors, tell, check, wish.seed, wish.perplexity)
        atlas = replace(atlas, neighbours=places)
    check()
    return atlas


def atlas_record(atlas: Atlas, method: str, alphabet: tuple[str, ...]) -> Record:
    """Return a map for JSON, with its samples' pictures."""
    places = atlas.flat if method == "pca" or atlas.neighbours is None else atlas.neighbours
    return {
        "method": method,
        "points": [rounded(place) for place in places],
        "explained": [round(share, 4) for share in atlas.plane.explained],
        "indices": atlas.picked.indices.tolist(),
        "labels": atlas.picked.labels.tolist(),
        "alphabet": list(alphabet),
        "images": {
            "shape": list(atlas.picked.images.shape),
            "levels": coded(atlas.picked.images),
        },
    }


def places_record(atlas: Atlas, vector: Vectors) -> Record:
    """Return where a vector of shape (n_features,) belongs in each map, and its nearest samples.

    They are counted among the samples of the map.
    """
    around = Neighbourhood.of(vector, atlas.vectors)
    place = atlas.plane.place(vector[None])[0]
    record: Record = {"pca": rounded(place), "nearest": list(around.nearest)}
    if atlas.neighbours is not None:
        record["tsne"] = rounded(around.place_in(atlas.neighbours))
    return record


def rounded(place: Plane) -> list[float]:
    """Return a place with as many digits as a screen can show."""
    return [float(f"{value:.5g}") for value in place.tolist()]
