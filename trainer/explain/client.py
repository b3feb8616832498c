"""The records of ``python -m trainer layers --serve``, for the service and its clients.

Light: the window reads them without importing a training library.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError
from trainer.explain.base import Layer
from trainer.files.records import decode


@dataclass(frozen=True)
class OpenedModel:
    """The first line of the service.

    Attributes
    ----------
    name : str
    kind : str
        "keras", "litert" or "classic".
    alphabet : tuple of str
    image_shape : tuple of int
        Height and width.
    pen_width : float
        At which drawings are rendered, in pixels.
    layers : tuple of Layer
    parameters : int
        Of all layers.
    cannot : mapping
        For each view that this model does not support, a sentence and a hint.
    """

    name: str
    kind: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    pen_width: float
    layers: tuple[Layer, ...]
    parameters: int
    cannot: Mapping[str, tuple[str, str]]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> OpenedModel:
        """Decode the line.

        Raises
        ------
        RecordError
            If it is another record.
        """
        said = decode(dict[str, dict[str, str]], record.get("cannot"))
        cannot = {view: (each.get("error"), each.get("hint", "")) for view, each in said.items()}
        return decode(cls, {**record, "cannot": cannot})


@dataclass(frozen=True, eq=False)
class Pictures:
    """Maps or filters of one layer as grey levels.

    Attributes
    ----------
    name : str
    levels : ndarray of shape (n_maps, height, width), dtype=uint8
        0 for the lowest value of a map, 255 for its highest.
    lows, highs : ndarray of shape (n_maps,), dtype=float32
        Of each map, in the layer's own unit.
    is_flat : bool
        Whether its units have no positions; the shape is (1, 1, n).
    """

    name: str
    levels: npt.NDArray[np.uint8]
    lows: npt.NDArray[np.float32]
    highs: npt.NDArray[np.float32]
    is_flat: bool

    @classmethod
    def from_maps(cls, name: str, maps: npt.NDArray[np.float32], *, is_flat: bool) -> Pictures:
        """Scale maps of shape (n_maps, height, width) to grey levels."""
        finite = np.nan_to_num(maps)
        lows, highs = finite.min(axis=(1, 2)), finite.max(axis=(1, 2))
        spans = np.where(highs > lows, highs - lows, 1)
        shares = (finite - lows[:, None, None]) / spans[:, None, None]
        return cls(name, np.rint(255 * shares).astype(np.uint8), lows, highs, is_flat)

    def values(self) -> npt.NDArray[np.float32]:
        """Return the maps in the layer's own unit, to 1/255 of each map's range."""
        spans = (self.highs - self.lows) / np.float32(255)
        numbers: npt.NDArray[np.float32] = (
            self.levels * spans[:, None, None] + self.lows[:, None, None]
        )
        return numbers

    def to_record(self) -> dict[str, Any]:
        """Return the maps for JSON."""
        return {
            "name": self.name,
            "shape": list(self.levels.shape),
            "levels": coded(self.levels),
            "lows": _short(self.lows),
            "highs": _short(self.highs),
            "is_flat": self.is_flat,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Pictures:
        """Decode what `to_record` returned."""
        return cls(
            record["name"],
            decoded(record["levels"], tuple(record["shape"])),
            np.array(record["lows"], dtype=np.float32),
            np.array(record["highs"], dtype=np.float32),
            bool(record["is_flat"]),
        )


def coded(values: npt.NDArray[np.uint8]) -> str:
    """Return bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def decoded(text: str, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Return the bytes that `coded` has encoded.

    Raises
    ------
    BundleError
        If it is no base64, or of another size.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise BundleError("Expected bytes in base64. Received: {reason}.").format(
            reason=error
        ) from error
    expected = int(np.prod(shape))
    if len(data) != expected:
        raise BundleError("Expected {n_bytes} bytes of a picture. Received: {n_received}.").format(
            n_bytes=expected, n_received=len(data)
        )
    return np.frombuffer(data, dtype=np.uint8).reshape(shape)


def heat_values(rows: Sequence[Sequence[float]]) -> npt.NDArray[np.float32]:
    """Decode a map over the picture, shape (height, width)."""
    return np.array(rows, dtype=np.float32)


def _short(values: npt.NDArray[np.float32]) -> list[float]:
    """Return numbers with six digits: about single precision, in half the length."""
    return [float(f"{value:.6g}") for value in values.tolist()]
