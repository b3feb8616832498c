"""Arrays in files: indexed as numpy's are, and an error where a mapped file ends the process."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainer.errors import DatasetError
from trainer.files.file_array import FileArray

_OFFSET = 16
_MASK = np.arange(10) % 3 == 0


def _stored(path: Path, *, transposed: bool = False) -> tuple[FileArray[Any], np.ndarray]:
    values = np.arange(10 * 4 * 3, dtype=np.uint8).reshape(10, 4, 3)
    path.write_bytes(b"\0" * _OFFSET + values.tobytes())
    array = FileArray[np.uint8](path, values.shape, np.uint8, _OFFSET, transposed=transposed)
    return array, values.swapaxes(1, 2) if transposed else values


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(
    "key",
    [
        3,
        -1,
        np.int64(2),
        slice(None),
        slice(2, 5),
        slice(8, 2, -2),
        slice(5, 5),
        [4, 5, 6, 1, -1, 4],
        np.array([], dtype=np.int64),
        np.array([[0, 1], [9, 3]]),
        _MASK,
        (slice(1, 4), ..., None),
        (slice(None), 2),
        (7, 1, 2),
        ([3, 0], slice(0, 2)),
    ],
)
def test_it_is_indexed_as_an_array_is(tmp_path: Path, key: Any, *, transposed: bool) -> None:
    array, values = _stored(tmp_path / "x", transposed=transposed)
    np.testing.assert_array_equal(array[key], values[key])
    assert array[key].dtype == values.dtype


def test_it_describes_itself_as_an_array_does(tmp_path: Path) -> None:
    array, values = _stored(tmp_path / "x", transposed=True)
    assert (array.shape, array.ndim, array.size) == (values.shape, values.ndim, values.size)
    assert (array.nbytes, array.dtype, len(array)) == (values.nbytes, values.dtype, len(values))
    np.testing.assert_array_equal(np.asarray(array), values)
    np.testing.assert_array_equal(np.concatenate([array, array]), np.concatenate([values, values]))
    np.testing.assert_array_equal(list(array), list(values))


@pytest.mark.parametrize("key", [10, -11, [10], [True, False]])
def test_no_rows_beyond_its_end(tmp_path: Path, key: Any) -> None:
    with pytest.raises(IndexError):
        _stored(tmp_path / "x")[0][key]


def test_it_goes_to_another_process_without_its_values(tmp_path: Path) -> None:
    array, values = _stored(tmp_path / "x", transposed=True)
    sent = pickle.dumps(array)
    assert values[:5].tobytes() not in sent
    np.testing.assert_array_equal(pickle.loads(sent), values)


def test_a_file_that_becomes_shorter_is_an_error(tmp_path: Path) -> None:
    array, values = _stored(tmp_path / "x")
    os.truncate(tmp_path / "x", _OFFSET + 30)
    np.testing.assert_array_equal(array[:2], values[:2])
    for key in (2, slice(None), [0, 5]):
        with pytest.raises(DatasetError, match="has become shorter"):
            array[key]


def test_a_short_file_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(20))
    with pytest.raises(ValueError, match="expected 21 bytes, found 20"):
        FileArray(tmp_path / "x", (3, 7), np.uint8, 0)


def test_a_file_that_is_removed_stays_open(tmp_path: Path) -> None:
    array, values = _stored(tmp_path / "x")
    (tmp_path / "x").rename(tmp_path / "y")
    np.testing.assert_array_equal(array[:], values)
