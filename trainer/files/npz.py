"""Safe reading of ``.npz`` files that may be damaged or malicious."""

from __future__ import annotations

import os
import tokenize
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from trainer.errors import DatasetError, Message
from trainer.files.disk import DAMAGED_ZIP

UNREADABLE: tuple[type[Exception], ...] = (
    *DAMAGED_ZIP,
    KeyError,
    OverflowError,
    MemoryError,
    SyntaxError,  # headers are Python literals
    tokenize.TokenError,
)
"""What numpy raises for damaged files."""

CUT_SHORT = Message("It may be cut short; fetch it again.")

_MOST_ANYWAY = 1 << 28
"""Bytes: MNIST as floating-point numbers."""

_MOST_PER_BYTE = 32
"""Images of characters are packed to a fifth of their size, as floating-point numbers to a 30th."""

_LAST_CHARACTER = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
"""Code points that are not characters, and cannot be encoded."""


def check_inflated(n_bytes: int, packed_bytes: int) -> None:
    """Raise `ValueError` if packed data promise so much that they can only be an attack.

    Parameters
    ----------
    n_bytes : int
        Size that the headers promise.
    packed_bytes : int
        Size of the file.
    """
    if n_bytes > _MOST_ANYWAY + _MOST_PER_BYTE * packed_bytes:
        raise ValueError(
            Message(
                "it would unpack to {megabytes} MB, which is too much for its size",
                megabytes=f"{n_bytes >> 20:,}",
            )
        )


@contextmanager
def reading(path: Path, hint: str = CUT_SHORT) -> Iterator[None]:
    """Raise a `DatasetError` in the place of what damaged files raise."""
    try:
        yield
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.strerror:
            raise DatasetError("{path} cannot be read: {reason}.", "Check the path.").format(
                path=path.name, reason=error.strerror
            ) from error
        is_no_archive = str(error).startswith("This file contains pickled")
        reason = Message("it is no archive of arrays") if is_no_archive else error
        raise DatasetError("{path} cannot be read: {reason}.", hint).format(
            path=path.name, reason=reason
        ) from error


def members(archive: NpzFile, names: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
    """Return arrays of an ``.npz`` file by their names.

    Raises
    ------
    ValueError
        If one is not an array (numpy returns bytes then), holds invalid strings, or would be far
        larger than the file; see `check_inflated`.
        Others of `UNREADABLE` as well.
    """
    names = list(names)
    zipped = archive.zip
    if zipped is not None and zipped.fp is not None:
        sizes = {info.filename: info.file_size for info in zipped.infolist()}
        promised = sum(sizes.get(f"{name}.npy", sizes.get(name, 0)) for name in names)
        check_inflated(promised, os.fstat(zipped.fp.fileno()).st_size)
    arrays = {name: archive[name] for name in names}
    for name, values in arrays.items():
        if not isinstance(values, np.ndarray):
            raise ValueError(Message("{name} is no array", name=name))
        check_texts(values)
    return arrays


def check_texts(values: npt.NDArray[Any]) -> None:
    """Raise `ValueError` if an array of strings holds invalid code points."""
    if values.dtype.kind != "U" or not values.size or not values.dtype.itemsize:
        return
    codes = np.ascontiguousarray(values).view(values.dtype.str[0] + "u4")
    is_surrogate = (codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1])
    if int(codes.max()) > _LAST_CHARACTER or is_surrogate.any():
        raise ValueError(Message("a text in it is damaged"))
