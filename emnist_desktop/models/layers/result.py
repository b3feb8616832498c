"""What the child answers, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.explain.client import Pictures, decoded, heat_values

Heat = npt.NDArray[np.float32]
"""Array of shape (height, width), dtype=float32: signed."""

Points = npt.NDArray[np.float32]
"""Array of shape (n, 2), dtype=float32: any unit, y up."""


@dataclass(frozen=True, eq=False)
class InspectionResult:
    """The inspection of one image; what was not requested is None or empty.

    Attributes
    ----------
    image : ndarray of shape (height, width), dtype=uint8
    top : tuple of (str, float)
        Characters and probabilities, the most probable first; empty for a blank image.
    target : str
        What `occlusion` and `gradient` are about.
    layers : tuple of Pictures
    occlusion, gradient : ndarray of shape (height, width), dtype=float32, or None
    positions : mapping
        Where the image belongs in each map of samples: "pca", "tsne".
    nearest : tuple of int
        The samples of the map that are most like it.
    sample : int or None
        Its number in the dataset; None for a drawing.
    character : str
        The label of that sample.
    """

    image: npt.NDArray[np.uint8]
    top: tuple[tuple[str, float], ...]
    target: str
    layers: tuple[Pictures, ...]
    occlusion: Heat | None
    gradient: Heat | None
    positions: Mapping[str, tuple[float, float]]
    nearest: tuple[int, ...]
    sample: int | None
    character: str

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> InspectionResult:
        """Read an answer of the child."""
        occlusion, gradient = record.get("occlusion"), record.get("gradient")
        positions = record.get("places", {})
        return cls(
            decoded(record["image"]["levels"], tuple(record["image"]["shape"])),
            tuple((character, float(share)) for character, share in record["top"]),
            record["target"],
            tuple(Pictures.from_record(layer) for layer in record["layers"]),
            None if occlusion is None else heat_values(occlusion),
            None if gradient is None else heat_values(gradient),
            {name: (xy[0], xy[1]) for name, xy in positions.items() if name != "nearest"},
            tuple(positions.get("nearest", ())),
            record.get("sample"),
            record.get("character", ""),
        )


@dataclass(frozen=True, eq=False)
class SampleMap:
    """Samples laid out in a plane.

    Attributes
    ----------
    method : str
        "pca" or "tsne".
    points : ndarray of shape (n, 2), dtype=float32
    labels : ndarray of shape (n,), dtype=int64
        Places in `alphabet`.
    indices : ndarray of shape (n,), dtype=int64
        In the dataset.
    alphabet : tuple of str
    images : ndarray of shape (n, height, width), dtype=uint8
    explained : tuple of float
        The share of the variance along each direction of PCA.
    """

    method: str
    points: Points
    labels: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int64]
    alphabet: tuple[str, ...]
    images: npt.NDArray[np.uint8]
    explained: tuple[float, float]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> SampleMap:
        """Read an answer of the child."""
        images = record["images"]
        first, second = record["explained"]
        return cls(
            record["method"],
            np.array(record["points"], dtype=np.float32).reshape(-1, 2),
            np.array(record["labels"], dtype=np.int64),
            np.array(record["indices"], dtype=np.int64),
            tuple(record["alphabet"]),
            decoded(images["levels"], tuple(images["shape"])),
            (float(first), float(second)),
        )
