"""Import speed: CSV, and IDX against numpy with gzip, in the same run."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.table import Row, seconds
from trainer.datasets.formats.import_ import ImportOptions, import_dataset
from trainer.datasets.formats.source import CHUNK
from trainer.datasets.idx import read_idx, stream_idx

_ROUNDS = 3
_IDX_IMAGES = 60_000
_CSV_LINES = 60_000
_DISTINCT = 2_000
_OPTIONS = ImportOptions(transposed="yes", inverted="no")


def measure() -> list[Row]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [*_csv(folder), *_idx(folder)]


def _images() -> np.ndarray:
    generator = np.random.default_rng(1)
    ink = generator.integers(1, 256, (_DISTINCT, 784)) * (generator.random((_DISTINCT, 784)) < 0.2)
    return ink.astype(np.uint8)


def _csv(folder: Path) -> list[Row]:
    path = folder / "emnist-balanced-train.csv"
    rows = np.column_stack([np.arange(_DISTINCT) % 47, _images()])
    block = "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())
    path.write_text(block * (_CSV_LINES // _DISTINCT))
    megabytes = path.stat().st_size / 1e6

    def work() -> None:
        import_dataset(path, _OPTIONS, folder / "csv")

    speeds = [megabytes / seconds(work) for _ in range(_ROUNDS)]
    return [
        Row(f"import of a CSV of {megabytes:.0f} MB", tuple(speeds), "MB/s"),
        Row("memory that it takes", (_megabytes_taken(work),), "MB", "≤ 100"),
    ]


def _idx(folder: Path) -> list[Row]:
    path = folder / "some-images-idx3-ubyte.gz"
    values = np.tile(_images(), (_IDX_IMAGES // _DISTINCT, 1))
    header = b"\0\0\x08\x03" + struct.pack(">3I", _IDX_IMAGES, 28, 28)
    path.write_bytes(gzip.compress(header + values.tobytes(), 1))
    plain = [seconds(lambda: _plain(path)) for _ in range(_ROUNDS)]
    whole = [seconds(lambda: read_idx(path)) for _ in range(_ROUNDS)]
    pieces = [seconds(lambda: sum(map(len, stream_idx(path, CHUNK)[1]))) for _ in range(_ROUNDS)]
    megabytes = values.size / 1e6
    return [
        Row("IDX, gzipped, in pieces", tuple(megabytes / t for t in pieces), "MB/s"),
        Row("the same ÷ numpy.frombuffer(gzip…)", (min(plain) / min(pieces),), "×", "≥ 0.9"),
        Row("IDX, gzipped, whole ÷ numpy", (min(plain) / min(whole),), "×", "≥ 0.9"),
    ]


def _plain(path: Path) -> np.ndarray:
    with gzip.open(path) as stream:
        return np.frombuffer(stream.read(), dtype=np.uint8)


def _megabytes_taken(work: Callable[[], object]) -> float:
    """Return the peak memory that Python and numpy have allocated during a call."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
