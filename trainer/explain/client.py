"""The other end of ``python -m trainer layers --serve``: its words, and a client that waits.

The words are light: the window reads answers with them and imports nothing of a network.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.errors import BundleError, Message
from trainer.files.records import RecordError, decode
from trainer.processes.json_child import JsonChild, answer_of


@dataclass(frozen=True)
class LayerRow:
    """A row of the model's graph; as `trainer.evaluation.layers.Layer`."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    inputs: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True)
class OpenedModel:
    """The first line of the child.

    Attributes
    ----------
    name : str
    kind : str
        "keras", "litert" or "classic".
    alphabet : tuple of str
    image_shape : tuple of int
        Height and width.
    pen_width : float
        At which drawings are to be rendered, in pixels.
    layers : tuple of LayerRow
    parameters : int
        Of all layers.
    cannot : mapping
        For each view that this model does not have, a sentence and a hint.
    """

    name: str
    kind: str
    alphabet: tuple[str, ...]
    image_shape: tuple[int, int]
    pen_width: float
    layers: tuple[LayerRow, ...]
    parameters: int
    cannot: Mapping[str, tuple[str, str]]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> OpenedModel:
        """Read the line.

        Raises
        ------
        RecordError
            If it is another one.
        """
        said = decode(dict[str, dict[str, str]], record.get("cannot"))
        cannot = {view: (each.get("error"), each.get("hint", "")) for view, each in said.items()}
        return decode(cls, {**record, "cannot": cannot})


@dataclass(frozen=True, eq=False)
class Pictures:
    """Values of one layer, or its filters, as grey levels.

    Attributes
    ----------
    name : str
    levels : ndarray of shape (n_maps, height, width), dtype=uint8
        0 for the lowest value of a map, 255 for its highest.
    lows, highs : ndarray of shape (n_maps,), dtype=float32
        Of each map, in the layer's own unit.
    is_flat : bool
        Whether it is a layer of units without places; its shape is (1, 1, n).
    """

    name: str
    levels: npt.NDArray[np.uint8]
    lows: npt.NDArray[np.float32]
    highs: npt.NDArray[np.float32]
    is_flat: bool

    @classmethod
    def from_maps(cls, name: str, maps: npt.NDArray[np.float32], *, is_flat: bool) -> Pictures:
        """Bring maps of shape (n_maps, height, width) to grey levels."""
        finite = np.nan_to_num(maps)
        lows, highs = finite.min(axis=(1, 2)), finite.max(axis=(1, 2))
        spans = np.where(highs > lows, highs - lows, 1)
        shares = (finite - lows[:, None, None]) / spans[:, None, None]
        return cls(name, np.rint(255 * shares).astype(np.uint8), lows, highs, is_flat)

    def values(self) -> npt.NDArray[np.float32]:
        """Return the maps in the layer's own unit, to 1/255 of each one's range."""
        spans = (self.highs - self.lows) / np.float32(255)
        numbers: npt.NDArray[np.float32] = (
            self.levels * spans[:, None, None] + self.lows[:, None, None]
        )
        return numbers

    def to_record(self) -> dict[str, Any]:
        """Return what `from_record` reads."""
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
        """Read what `to_record` gave."""
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
    """Return what `coded` was given.

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
    """Return a map over the picture, shape (height, width), as the child has sent it."""
    return np.array(rows, dtype=np.float32)


class LayerServer(JsonChild):
    """A child that answers; blocks, so it is for shells, tests and measurements.

    Parameters
    ----------
    arguments : sequence of str
        Of the command, such as ``--model`` and a folder.
    command : sequence of str, optional
        What starts the trainer.

    Attributes
    ----------
    model : OpenedModel

    Raises
    ------
    BundleError
        If the child cannot open the model.
    """

    def __init__(self, arguments: Sequence[str], command: Sequence[str] | None = None) -> None:
        super().__init__(
            ["layers", "--serve", *arguments],
            command,
            Message("the model"),
            hint="Choose the model again.",
        )
        self._last_id = 0
        try:
            self.model = OpenedModel.from_record(self._receive())
        except (BundleError, RecordError):
            self.close()
            raise

    def ask(
        self,
        question: Mapping[str, Any],
        heard: Callable[[int, int], None] | None = None,
    ) -> dict[str, Any]:
        """Send one question and wait for its answer.

        Parameters
        ----------
        question : mapping
            As ``trainer.commands.layers`` describes; without a number.
        heard : callable, optional
            Told how many of how many steps are done.

        Raises
        ------
        BundleError
            If the child cannot answer, or has ended.
        """
        number = self.send(question)
        for record in self.records():
            if record.get("id") != number:
                continue
            if "done" not in record:
                return answer_of(record)
            if heard is not None:
                heard(record["done"], record["total"])
        raise self._ended()

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield what the child says, as it comes, without end.

        Raises
        ------
        BundleError
            If the child has ended.
        """
        while True:
            yield self._receive()

    def send(self, question: Mapping[str, Any]) -> int:
        """Send one question; return its number."""
        self._last_id += 1
        self._send({"id": self._last_id, **question})
        return self._last_id


def _short(values: npt.NDArray[np.float32]) -> list[float]:
    """Return numbers with six digits: as exact as single precision, and half as long."""
    return [float(f"{value:.6g}") for value in values.tolist()]
