"""Broken files, made from sound ones."""

from __future__ import annotations

import io
import json
import stat
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Mutation = Callable[[bytes, np.random.Generator], bytes]
Member = tuple[zipfile.ZipInfo, bytes]

_INTERESTING = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"\x7f\xff\xff\xff",
)
_TEXTS = (b"NaN", b"1e999", b"-1", b"null", b"[]", b"{}", b'"', b"\\ud800", b"../x", b"[" * 2000)

_VALUES: tuple[Any, ...] = (
    *(None, True, "", "x", "../../x", "\ud800", "a" * 10_000, [], {}, [[]], {"a": None}, [None]),
    *(0, -1, 1.5, 1e308, 10**10, 2**63, 10**400, float("inf"), float("nan")),
)

OUTSIDE = Path(tempfile.gettempdir()) / "emnist-desktop-escaped"
"""What an absolute name in an archive asks for: outside of everything that a hunt writes."""

_ESCAPES = ("../escaped", "../../escaped", "a/../../../escaped", "..\\escaped", str(OUTSIDE))
_TABLE_BYTES = 16_384
"""The end of a ``.tflite`` file, behind its weights: how the network is built."""


def mutated(data: bytes, generator: np.random.Generator) -> bytes:
    """Return `data` with one to four mutations, chosen at random."""
    for _ in range(int(generator.integers(1, 5))):
        mutation = MUTATIONS[int(generator.integers(len(MUTATIONS)))]
        data = mutation(data, generator)
    return data


def _place(data: bytes, generator: np.random.Generator) -> int:
    # Headers lie at the start: half of the changes go there.
    end = len(data) + 1 if generator.random() < 0.5 else min(len(data), 64) + 1
    return int(generator.integers(end))


def _flip_bit(data: bytes, generator: np.random.Generator) -> bytes:
    if not data:
        return data
    at = min(_place(data, generator), len(data) - 1)
    flipped = data[at] ^ (1 << int(generator.integers(8)))
    return data[:at] + bytes([flipped]) + data[at + 1 :]


def _overwrite(data: bytes, generator: np.random.Generator) -> bytes:
    at = _place(data, generator)
    piece = _INTERESTING[int(generator.integers(len(_INTERESTING)))]
    return data[:at] + piece + data[at + len(piece) :]


def _insert_text(data: bytes, generator: np.random.Generator) -> bytes:
    at = _place(data, generator)
    return data[:at] + _TEXTS[int(generator.integers(len(_TEXTS)))] + data[at:]


def _cut(data: bytes, generator: np.random.Generator) -> bytes:
    return data[: _place(data, generator)]


def _drop(data: bytes, generator: np.random.Generator) -> bytes:
    at = _place(data, generator)
    return data[:at] + data[at + int(generator.integers(1, 64)) :]


def _repeat(data: bytes, generator: np.random.Generator) -> bytes:
    at = _place(data, generator)
    piece = data[at : at + int(generator.integers(1, 64))]
    return data[:at] + piece * int(generator.integers(2, 50)) + data[at:]


def _change_number(data: bytes, generator: np.random.Generator) -> bytes:
    digits = [place for place, byte in enumerate(data[:4096]) if 48 <= byte <= 57]
    if not digits:
        return data
    at = digits[int(generator.integers(len(digits)))]
    number = (b"9999999999", b"-3", b"0", b"1.5", b"1e40")[int(generator.integers(5))]
    return data[:at] + number + data[at + 1 :]


def _change_json(data: bytes, generator: np.random.Generator) -> bytes:
    """Put an odd value into a JSON text, or into one line of several."""
    lines = data.split(b"\n") if data.count(b"\n") > 1 else [data]
    number = int(generator.integers(len(lines)))
    try:
        record = json.loads(lines[number])
    except (ValueError, RecursionError):
        return data
    value = _VALUES[int(generator.integers(len(_VALUES)))]
    places = _places(record)
    if places:
        owner, key = places[int(generator.integers(len(places)))]
        owner[key] = value
    lines[number] = json.dumps(record if places else value).encode()
    return b"\n".join(lines)


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


MUTATIONS: tuple[Mutation, ...] = (
    _flip_bit,
    _overwrite,
    _insert_text,
    _cut,
    _drop,
    _repeat,
    _change_number,
    _change_json,
)


def mutated_archive(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a zip file that is broken as any file, or is whole with something odd in it."""
    if generator.random() < 0.4:
        return mutated(data, generator)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(zipfile.ZipInfo(name), archive.read(name)) for name in archive.namelist()]
    number = int(generator.integers(len(members)))
    head, content = members[number]
    escape = zipfile.ZipInfo(_ESCAPES[int(generator.integers(len(_ESCAPES)))])
    match int(generator.integers(6)):
        case 0:
            members[number] = escape, content
        case 1:
            members.append((escape, b"escaped"))
        case 2:
            head.external_attr = (stat.S_IFLNK | 0o777) << 16
            members[number] = head, str(OUTSIDE).encode()
        case 3:
            del members[number]
        case _:
            members[number] = head, mutated(content, generator)
    return packed_archive(members)


def packed_archive(members: Sequence[Member]) -> bytes:
    """Return a zip file; the same each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for head, content in members:
            archive.writestr(head, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def mutated_tables(data: bytes, generator: np.random.Generator) -> bytes:
    """Return a ``.tflite`` file with a few numbers of its graph changed, or broken as any file."""
    if generator.random() < 0.2:
        return mutated(data, generator)
    broken = bytearray(data)
    for _ in range(int(generator.integers(1, 4))):
        at = len(data) - _TABLE_BYTES + int(generator.integers(_TABLE_BYTES - 4))
        if generator.random() < 0.5:
            broken[at] ^= 1 << int(generator.integers(8))
        else:
            at -= at % 4  # most numbers have four bytes
            piece = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\1\0\0\0", b"\xff\xff\xff\x7f")
            broken[at : at + 4] = piece[int(generator.integers(4))]
    return bytes(broken)
