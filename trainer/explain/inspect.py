"""Inspect one image: the prediction, the layers' maps, and the maps over the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import ConfigError
from trainer.explain.base import HeatValues, LayerMaps, ModelInspector, View
from trainer.explain.client import Pictures, coded
from trainer.files.records import decode, encode
from trainer.ink.render import Image, Images
from trainer.recognition.recognizer import Probabilities

Record = dict[str, Any]
Predict = Callable[[Images], Probabilities]

PATCH = 5
"""Side of the covering square in pixels: about two pen widths."""

STEP = 2
"""Pixels from one position to the next."""

_PAPER = 0

TOP = 5
"""Characters of a prediction."""


@dataclass(frozen=True)
class InspectionRequest:
    """Which views of an image are requested.

    Attributes
    ----------
    layers : tuple of str, or None
        Names; None for all of them, empty for none.
    occlusion, gradient : bool
    target : str
        The character that the maps over the picture explain; empty for the predicted one.
    patch, step : int
        Of the occlusion map, in pixels.
    """

    layers: tuple[str, ...] | None = ()
    occlusion: bool = False
    gradient: bool = False
    target: str = ""
    patch: int = PATCH
    step: int = STEP

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> InspectionRequest:
        """Decode a question to the service.

        Raises
        ------
        RecordError
            If something in it is of another type.
        """
        layers = record.get("layers", ())
        return decode(
            cls,
            {
                **record,
                "layers": None if layers == "all" else layers,
                "target": record.get("target") or "",
            },
        )


@dataclass(frozen=True, eq=False)
class Inspection:
    """The views of one image.

    Attributes
    ----------
    image : ndarray of shape (height, width), dtype=uint8
    top : tuple of (str, float)
        Characters and their probabilities, the most probable first; empty for a blank image.
    target : str
        The character that the maps over the picture explain.
    layers : tuple of LayerMaps
    occlusion, gradient : ndarray of shape (height, width), dtype=float32, or None
    """

    image: Image
    top: tuple[tuple[str, float], ...]
    target: str
    layers: tuple[LayerMaps, ...] = ()
    occlusion: HeatValues | None = None
    gradient: HeatValues | None = None


def inspect_image(
    inspector: ModelInspector, image: Image, request: InspectionRequest
) -> Inspection:
    """Inspect one image of the model's size.

    Raises
    ------
    ConfigError
        If there is no such layer or character.
    BundleError
        If the model does not support a requested view.
    """
    alphabet = inspector.info.alphabet
    probabilities = inspector.probabilities(image[None])[0]
    order = np.argsort(-probabilities, kind="stable")[:TOP]
    top = tuple((alphabet[i], float(probabilities[i])) for i in order) if image.any() else ()
    target = _target(alphabet, request.target) if request.target else int(order[0])
    occlusion = gradient = None
    if request.occlusion:
        occlusion = occlusion_map(
            inspector.probabilities, image, target, request.patch, request.step
        )
    if request.gradient:
        gradient = inspector.gradient(image, target)
    layers = () if request.layers == () else _layer_maps(inspector, image, request.layers)
    return Inspection(image, top, alphabet[target], layers, occlusion, gradient)


def occlusion_map(
    predict: Predict,
    image: npt.NDArray[np.uint8],
    target: int,
    patch: int = PATCH,
    step: int = STEP,
) -> HeatValues:
    """Return by how much a class's probability falls when a patch of paper covers the ink.

    After Zeiler and Fergus 2014 (arXiv 1311.2901). A pixel's value is the mean over all patches
    that cover it; a patch that covers nothing but paper changes nothing, and is not predicted.

    Parameters
    ----------
    predict : callable
        Takes images uint8 (n, height, width), returns probabilities (n, n_classes).
    image : ndarray of shape (height, width), dtype=uint8
    target : int
        The class.
    patch, step : int
        Pixels; the step is at most the patch, so that every pixel is covered.

    Returns
    -------
    ndarray of shape (height, width), dtype=float32
        From −1 to 1; positive where the ink speaks for the class.

    Raises
    ------
    ConfigError
        If patch or step are out of range.
    """
    height, width = image.shape
    if not 1 <= step <= patch <= min(height, width):
        raise ConfigError(
            "Expected a step of 1 to the patch, and a patch up to {largest} pixels. "
            "Received: patch {patch}, step {step}.",
            field="patch",
        ).format(largest=min(height, width), patch=patch, step=step)
    corners = list(product(range(1 - patch, height, step), range(1 - patch, width, step)))
    covered = np.zeros((len(corners), height, width), dtype=np.bool_)
    for number, (top, left) in enumerate(corners):
        rows, columns = slice(max(0, top), top + patch), slice(max(0, left), left + patch)
        covered[number, rows, columns] = True
    changes = (covered & (image > _PAPER)).any(axis=(1, 2))
    drops = np.zeros(len(corners), dtype=np.float32)
    if changes.any():
        images = np.where(covered[changes], np.uint8(_PAPER), image)
        given = predict(np.concatenate([image[None], images]))[:, target]
        drops[changes] = given[0] - given[1:]
    counts = np.maximum(covered.sum(axis=0), 1)
    values: HeatValues = (np.tensordot(drops, covered, axes=(0, 0)) / counts).astype(np.float32)
    return values


def inspect_all(
    inspector: ModelInspector,
    image: Image,
    target: str = "",
    layers: tuple[str, ...] | None = None,
) -> tuple[Inspection, LayerMaps | None]:
    """Inspect one image in every view that the model supports; also return its filters.

    Parameters
    ----------
    inspector : ModelInspector
    image : ndarray of shape (height, width), dtype=uint8
    target : str
        The character that the maps explain; empty for the predicted one.
    layers : tuple of str, or None
        Names; None for all.
    """
    missing = inspector.unsupported
    if layers is None and View.LAYERS in missing:
        layers = ()
    request = InspectionRequest(
        layers, occlusion=True, gradient=View.GRADIENT not in missing, target=target
    )
    filters = None if View.FILTERS in missing else inspector.filters()
    return inspect_image(inspector, image, request), filters


def inspection_record(inspection: Inspection) -> Record:
    """Return an inspection for JSON."""
    record: Record = {
        "image": {"shape": list(inspection.image.shape), "levels": coded(inspection.image)},
        "top": [[character, round(share, 5)] for character, share in inspection.top],
        "target": inspection.target,
        "layers": [pictures_record(layer) for layer in inspection.layers],
    }
    for name, values in (("occlusion", inspection.occlusion), ("gradient", inspection.gradient)):
        if values is not None:
            record[name] = [[float(f"{v:.4g}") for v in row] for row in values.tolist()]
    return record


def pictures_record(layer: LayerMaps) -> Record:
    """Return a layer's maps for JSON, as grey levels."""
    return Pictures.from_maps(layer.name, layer.maps, is_flat=layer.is_flat).to_record()


def model_record(inspector: ModelInspector) -> Record:
    """Return the model for JSON: its graph, and the views that it does not support."""
    info = inspector.info
    return {
        "ready": True,
        "name": info.name,
        "kind": inspector.kind,
        "alphabet": list(info.alphabet),
        "image_shape": list(info.image_shape),
        "pen_width": info.pen_width,
        "layers": encode(inspector.graph),
        "parameters": sum(layer.parameters for layer in inspector.graph),
        "cannot": {
            view.value: {"error": error.message, "hint": error.hint}
            for view, error in inspector.unsupported.items()
        },
    }


def _layer_maps(
    inspector: ModelInspector, image: Image, names: Sequence[str] | None
) -> tuple[LayerMaps, ...]:
    inspector.unsupported.check(View.LAYERS)
    shown = [layer.name for layer in inspector.graph if layer.is_shown]
    unknown = [name for name in names or () if name not in shown]
    if unknown:
        raise ConfigError(
            "Expected layers of: {shown}. Received: {unknown}.", field="layers"
        ).format(shown=", ".join(shown), unknown=", ".join(unknown))
    maps = inspector.activations(image)
    return tuple(layer for layer in maps if names is None or layer.name in names)


def _target(alphabet: Sequence[str], character: str) -> int:
    if character not in alphabet:
        raise ConfigError(
            "Expected one of {alphabet}. Received: {character}.", field="target"
        ).format(alphabet=" ".join(alphabet), character=character)
    return list(alphabet).index(character)
