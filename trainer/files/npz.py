"""What numpy raises when it reads a file that is damaged or made to do harm."""

from __future__ import annotations

import tokenize
import zlib
from collections.abc import Iterable
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from trainer.errors import Message

UNREADABLE: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    MemoryError,
    zlib.error,
    BadZipFile,
    NotImplementedError,  # a zip of a newer version, or of an unknown compression
    RuntimeError,  # an encrypted zip
    SyntaxError,  # headers are pieces of Python
    tokenize.TokenError,
)


_LAST_CHARACTER = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
"""Halves of characters; alone they are none, and no file can be written with them."""


def members(archive: NpzFile, names: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
    """Return arrays of an ``.npz`` file by their names.

    Raises
    ------
    ValueError
        If one is no array (numpy gives those as they are, bytes), or holds a text that is none.
        Others of `UNREADABLE` as well.
    """
    found = {name: archive[name] for name in names}
    for name, values in found.items():
        if not isinstance(values, np.ndarray):
            raise ValueError(Message("{name} is no array", name=name))
        check_texts(values)
    return found


def check_texts(values: npt.NDArray[Any]) -> None:
    """Raise `ValueError` if an array of texts holds numbers that stand for no character."""
    if values.dtype.kind != "U" or not values.size or not values.dtype.itemsize:
        return
    codes = np.ascontiguousarray(values).view(values.dtype.str[0] + "u4")
    is_half = (codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1])
    if int(codes.max()) > _LAST_CHARACTER or is_half.any():
        raise ValueError(Message("a text in it is damaged"))
