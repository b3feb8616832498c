"""One look at one image: the answer, the layers' maps, and the maps over the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import ConfigError
from trainer.explain.base import HeatValues, LayerMaps, ModelInspector, View
from trainer.explain.client import Pictures, coded
from trainer.explain.occlusion import PATCH, STEP, occlusion_map
from trainer.files.records import decode

Record = dict[str, Any]

TOP = 5
"""Characters of an answer."""


@dataclass(frozen=True)
class InspectionRequest:
    """What is to be looked at.

    Attributes
    ----------
    layers : tuple of str, or None
        Names; None for all of them, empty for none.
    occlusion, gradient : bool
    target : str
        The character that the maps over the picture are about; empty for the one that is read.
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
        """Read a question of the service.

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
class Look:
    """What was seen.

    Attributes
    ----------
    image : ndarray of shape (height, width), dtype=uint8
    top : tuple of (str, float)
        Characters and their probabilities, the most probable first; empty for a blank image.
    target : str
        What the maps over the picture are about.
    layers : tuple of LayerMaps
    occlusion, gradient : ndarray of shape (height, width), dtype=float32, or None
    """

    image: npt.NDArray[np.uint8]
    top: tuple[tuple[str, float], ...]
    target: str
    layers: tuple[LayerMaps, ...] = ()
    occlusion: HeatValues | None = None
    gradient: HeatValues | None = None


def look_at(inside: ModelInspector, image: npt.NDArray[np.uint8], wish: InspectionRequest) -> Look:
    """Look at one image of the model's size.

    Raises
    ------
    ConfigError
        If there is no such layer or character.
    BundleError
        If this model does not have what is wished.
    """
    alphabet = inside.facts.alphabet
    probabilities = inside.probabilities(image[None])[0]
    order = np.argsort(-probabilities, kind="stable")[:TOP]
    top = tuple((alphabet[i], float(probabilities[i])) for i in order) if image.any() else ()
    target = _target(alphabet, wish.target) if wish.target else int(order[0])
    occlusion = gradient = None
    if wish.occlusion:
        occlusion = occlusion_map(inside.probabilities, image, target, wish.patch, wish.step)
    if wish.gradient:
        gradient = inside.gradient(image, target)
    layers = () if wish.layers == () else _wished(inside, image, wish.layers)
    return Look(image, top, alphabet[target], layers, occlusion, gradient)


def look_at_everything(
    inside: ModelInspector,
    image: npt.NDArray[np.uint8],
    target: str = "",
    layers: tuple[str, ...] | None = None,
) -> tuple[Look, LayerMaps | None]:
    """Look at one image in every way that this model has; also return its filters.

    Parameters
    ----------
    inside : ModelInspector
    image : ndarray of shape (height, width), dtype=uint8
    target : str
        The character that the maps are about; empty for the one that is read.
    layers : tuple of str, or None
        Names; None for all that there are.
    """
    missing = inside.obstacles
    if layers is None and View.LAYERS in missing:
        layers = ()
    wish = InspectionRequest(
        layers, occlusion=True, gradient=View.GRADIENT not in missing, target=target
    )
    filters = None if View.FILTERS in missing else inside.filters()
    return look_at(inside, image, wish), filters


def look_record(look: Look) -> Record:
    """Return a look for JSON."""
    record: Record = {
        "image": {"shape": list(look.image.shape), "levels": coded(look.image)},
        "top": [[character, round(share, 5)] for character, share in look.top],
        "target": look.target,
        "layers": [pictures_record(layer) for layer in look.layers],
    }
    for name, values in (("occlusion", look.occlusion), ("gradient", look.gradient)):
        if values is not None:
            record[name] = [[float(f"{v:.4g}") for v in row] for row in values.tolist()]
    return record


def pictures_record(layer: LayerMaps) -> Record:
    """Return a layer's maps for JSON, as grey levels."""
    return Pictures.from_maps(layer.name, layer.maps, is_flat=layer.is_flat).to_record()


def introduction(inside: ModelInspector) -> Record:
    """Return what the model is: its graph, and what it cannot show."""
    facts = inside.facts
    return {
        "ready": True,
        "name": facts.name,
        "kind": inside.kind,
        "alphabet": list(facts.alphabet),
        "image_shape": list(facts.image_shape),
        "pen_width": facts.pen_width,
        "layers": [
            {
                "name": layer.name,
                "kind": layer.kind,
                "shape": list(layer.shape),
                "parameters": layer.parameters,
                "inputs": list(layer.inputs),
                "is_shown": layer.is_shown,
            }
            for layer in inside.graph
        ],
        "parameters": sum(layer.parameters for layer in inside.graph),
        "cannot": {
            view.value: {"error": error.message, "hint": error.hint}
            for view, error in inside.obstacles.items()
        },
    }


def _wished(
    inside: ModelInspector, image: npt.NDArray[np.uint8], names: Sequence[str] | None
) -> tuple[LayerMaps, ...]:
    if View.LAYERS in inside.obstacles:
        raise inside.obstacles[View.LAYERS]
    shown = [layer.name for layer in inside.graph if layer.is_shown]
    unknown = [name for name in names or () if name not in shown]
    if unknown:
        raise ConfigError(
            "Expected layers of: {shown}. Received: {unknown}.", field="layers"
        ).format(shown=", ".join(shown), unknown=", ".join(unknown))
    found = inside.activations(image)
    return tuple(layer for layer in found if names is None or layer.name in names)


def _target(alphabet: Sequence[str], character: str) -> int:
    if character not in alphabet:
        raise ConfigError(
            "Expected one of {alphabet}. Received: {character}.", field="target"
        ).format(alphabet=" ".join(alphabet), character=character)
    return list(alphabet).index(character)
