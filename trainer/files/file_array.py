"""Arrays in files, read when they are indexed.

A mapped file that becomes shorter ends the process that reads it with SIGBUS, and so does one on a
network disk that goes away. These reads fail with an error instead.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from trainer.errors import DatasetError, Message

T = TypeVar("T", bound=np.generic)

_HINT = Message("Another program has changed it. Fetch or import the data again.")


class FileArray(Generic[T]):
    """An array in a file, which is indexed along its first axis as numpy's arrays are.

    What is indexed is read into memory: a row, a slice, or the rows at some indices or of a mask;
    ``numpy.asarray`` reads it all. The file stays open: it may be renamed or removed meanwhile, but
    on Windows, where nobody may until the array is gone.

    Parameters
    ----------
    path : Path
    shape : tuple of int
        At least one axis.
    dtype : dtype
    offset : int
        Where the first value begins, in bytes.
    transposed : bool
        Whether the second and third axis of `shape` are swapped in the file.

    Raises
    ------
    OSError
        If the file cannot be opened.
    ValueError
        If it is too short.
    """

    def __init__(
        self,
        path: Path,
        shape: tuple[int, ...],
        dtype: npt.DTypeLike,
        offset: int,
        *,
        transposed: bool = False,
    ) -> None:
        self.path = path
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self._in_file = shape
        self._offset = offset
        self._transposed = transposed
        self.shape = (shape[0], *reversed(shape[1:])) if transposed else shape
        self.ndim = len(shape)
        self.size = int(np.prod(shape, dtype=object))
        self.nbytes = self.size * self.dtype.itemsize
        self._row_bytes = self.nbytes // shape[0] if shape[0] else 0
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, descriptor)
        self._read_into = _reader(descriptor)
        length = os.fstat(descriptor).st_size
        if length < offset + self.nbytes:
            text = "expected {expected} bytes, found {found}"
            raise ValueError(Message(text, expected=offset + self.nbytes, found=length))

    def __len__(self) -> int:
        return self.shape[0]

    def __reduce__(self) -> tuple[Callable[..., FileArray[T]], tuple[Any, ...]]:
        return _again, (self.path, self._in_file, self.dtype, self._offset, self._transposed)

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        return self[:].astype(self.dtype if dtype is None else dtype, copy=False)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the whole array, which is read for it."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self[:], name)

    def __getitem__(self, key: Any) -> npt.NDArray[T]:
        """Read rows; the other axes are indexed afterwards.

        Raises
        ------
        IndexError
            As numpy does.
        DatasetError
            If the file has become shorter, or cannot be read any more.
        """
        first, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(first, int | np.integer):
            row = range(len(self))[int(first)]
            rows: npt.NDArray[T] = self._rows([(0, row, 1)], 1)[0]
            return rows[tuple(rest)] if rest else rows
        rows = self._chosen(first)
        return rows[(slice(None), *rest)] if rest else rows

    def _chosen(self, key: Any) -> npt.NDArray[T]:
        if isinstance(key, slice):
            low, high, step = key.indices(len(self))
            if step == 1:
                n = max(0, high - low)
                return self._rows([(0, low, n)], n)
        indices = self._indices(key)
        flat = indices.reshape(-1)
        starts = np.flatnonzero(np.diff(flat, prepend=-2) != 1)
        lengths = np.diff(starts, append=len(flat))
        runs = zip(starts.tolist(), flat[starts].tolist(), lengths.tolist(), strict=True)
        rows = self._rows(list(runs), len(flat))
        return rows.reshape(*indices.shape, *rows.shape[1:])

    def _indices(self, key: Any) -> npt.NDArray[np.int64]:
        if isinstance(key, slice):
            return np.arange(*key.indices(len(self)))
        indices = np.asarray(key)
        if indices.dtype.kind not in "iu":  # a mask, or what numpy refuses
            chosen: npt.NDArray[np.int64] = np.arange(len(self))[key]
            return chosen
        low, high = indices.min(initial=0), indices.max(initial=-1)
        if low < -len(self) or high >= len(self):
            raise IndexError(high if high >= len(self) else low)
        return np.where(indices < 0, indices + len(self), indices) if low < 0 else indices

    def _rows(self, runs: list[tuple[int, int, int]], n: int) -> npt.NDArray[T]:
        """Read runs of consecutive rows: where each goes, its first row, and its length."""
        rows = np.empty((n, *self._in_file[1:]), dtype=self.dtype)
        size = self._row_bytes
        if rows.size:
            target = memoryview(rows.reshape(-1).view(np.uint8).data)
            for to, row, length in runs:
                self._fill(target[to * size : (to + length) * size], self._offset + row * size)
        return rows.swapaxes(1, 2) if self._transposed else rows

    def _fill(self, target: memoryview, position: int) -> None:
        while target:
            try:
                n = self._read_into(target, position)
            except OSError as error:
                raise DatasetError("{path} cannot be read: {reason}.", _HINT).format(
                    path=self.path, reason=error.strerror or error
                ) from error
            if n <= 0:
                raise DatasetError("{path} has become shorter.", _HINT).format(path=self.path)
            target, position = target[n:], position + n


def _again(
    path: Path, shape: tuple[int, ...], dtype: npt.DTypeLike, offset: int, transposed: bool
) -> FileArray[Any]:
    return FileArray(path, shape, dtype, offset, transposed=transposed)


def _reader(descriptor: int) -> Callable[[memoryview, int], int]:
    """Return a function that reads at a position, and may be called by several threads."""
    if hasattr(os, "preadv"):
        return lambda target, position: os.preadv(descriptor, [target], position)
    lock = Lock()

    def read(target: memoryview, position: int) -> int:
        with lock:
            os.lseek(descriptor, position, os.SEEK_SET)
            data = os.read(descriptor, min(len(target), _AT_ONCE))
        target[: len(data)] = data
        return len(data)

    return read


_AT_ONCE = 1 << 24
"""Bytes read by one call where there is no reading into memory."""


def is_in_file(values: object) -> bool:
    """Return whether what is indexed is read from a disk, which may stall."""
    return isinstance(values, FileArray)
