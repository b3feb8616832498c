"""Incremental writing of ``.npy`` files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from trainer.errors import Message

_HEADER_BYTES = 128
"""Size of the header of an .npy file (NumPy Enhancement Proposal 1, version 1.0)."""


class GrowingArray:
    """An array that grows along its first axis; `close` writes the header with its length."""

    def __init__(self, path: Path) -> None:
        self._stream: BinaryIO = path.open("wb")
        self._stream.write(b"\0" * _HEADER_BYTES)
        self._length = 0
        self._row_type: tuple[tuple[int, ...], np.dtype[Any]] | None = None

    def __len__(self) -> int:
        return self._length

    def append(self, values: npt.NDArray[Any]) -> None:
        """Append `values`, which share their type and shape except for the first axis."""
        self._row_type = (values.shape[1:], values.dtype)
        self._stream.write(np.ascontiguousarray(values).data)
        self._length += len(values)

    def close(self) -> None:
        """Write the header and close the file."""
        with self._stream as stream:
            if self._row_type is not None:
                shape, dtype = self._row_type
                stream.seek(0)
                stream.write(_header((self._length, *shape), dtype))


def map_array(path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Map the file of a `GrowingArray`.

    The shape is known, so the header is compared, not parsed: numpy evaluates it as Python.

    Raises
    ------
    OSError
        If the file is missing or cannot be mapped.
    ValueError
        If it is not an array of this shape and type.
    """
    expected = _header(shape, np.dtype(dtype))
    with path.open("rb") as stream:
        if stream.read(_HEADER_BYTES) != expected:
            raise ValueError(
                Message(
                    "expected {shape} of {dtype}, received another header",
                    shape=shape,
                    dtype=np.dtype(dtype),
                )
            )
    mapped: npt.NDArray[Any] = np.memmap(path, dtype, "r", _HEADER_BYTES, shape)
    return mapped


def _header(shape: tuple[int, ...], dtype: np.dtype[Any]) -> bytes:
    description = {
        "descr": np.lib.format.dtype_to_descr(dtype),
        "fortran_order": False,
        "shape": shape,
    }
    room = _HEADER_BYTES - 10
    text = repr(description).encode("latin1").ljust(room - 1) + b"\n"
    return np.lib.format.magic(1, 0) + room.to_bytes(2, "little") + text
