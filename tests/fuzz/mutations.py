"""Broken files, made from sound ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Mutation = Callable[[bytes, np.random.Generator], bytes]

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


MUTATIONS: tuple[Mutation, ...] = (
    _flip_bit,
    _overwrite,
    _insert_text,
    _cut,
    _drop,
    _repeat,
    _change_number,
)
