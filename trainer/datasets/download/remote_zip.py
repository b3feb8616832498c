"""Single members of a remote zip archive.

The archive's directory is at its end, so one short request locates each member. A member is then
downloaded as a span of bytes: its header, its name, its data (PKWARE, APPNOTE 4.3.7).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from remotezip import OutOfBound, PartialBuffer, RemoteZip, RemoteZipError

from trainer.datasets.download.download import Client
from trainer.datasets.download.errors import ANOTHER_ADDRESS, AddressError
from trainer.datasets.download.progress import Check
from trainer.errors import Message

_CHUNK = 256 * 1024
_SIGNATURE = b"PK\x03\x04"
_HEADER_BYTES = 30

DAMAGED: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # an unknown compression
    RuntimeError,  # an encrypted member
    OutOfBound,
    RemoteZipError,
)
"""Exceptions of reading a damaged archive."""


@dataclass(frozen=True)
class Member:
    """The position of a member in an archive.

    Attributes
    ----------
    name : str
    start, length : int
        The span of bytes of its header and data.
    packed_bytes, plain_bytes : int
    is_packed : bool
        Deflated, else stored uncompressed.
    """

    name: str
    start: int
    length: int
    packed_bytes: int
    plain_bytes: int
    is_packed: bool

    @classmethod
    def of(cls, info: zipfile.ZipInfo, end: int = 0) -> Member:
        """Return a member that ends at byte `end` of its archive."""
        start, packed = info.header_offset, info.compress_type == zipfile.ZIP_DEFLATED
        length = max(0, end - start)
        return cls(info.filename, start, length, info.compress_size, info.file_size, packed)


class _Ranges:
    """Ranges of the archive for `RemoteZip`, with our retries and errors."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._url = url
        self._size = client.size(url)

    def fetch(self, data_range: tuple[int, int | None], stream: bool = False) -> Any:
        """Return a range as `RemoteZip` expects it.

        A negative start, which not every server supports, is converted to a position.
        """
        first, last = data_range
        if first < 0:
            first = max(0, self._size + first)
        data = self._client.read(self._url, first, self._size - 1 if last is None else last)
        return PartialBuffer(io.BytesIO(data), first, len(data), stream=False)


def read_directory(client: Client, url: str) -> dict[str, Member]:
    """Return the members of a remote archive.

    Raises
    ------
    NoRangesError
        If the server sends only whole files.
    AddressError
        If there is no such archive.
    """
    ranges = _Ranges(client, url)
    try:
        with RemoteZip(url, fetcher=lambda *_, **__: ranges) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
            ends = [*(info.header_offset for info in infos[1:]), archive.start_dir]
    except DAMAGED as error:
        raise not_an_archive(url) from error
    return {
        info.filename: Member.of(info, end)
        for info, end in zip(infos, ends, strict=True)
        if info.compress_type in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)
    }


def not_an_archive(url: str) -> AddressError:
    """Return the error for anything but a zip archive."""
    return AddressError(
        "Expected a zip archive from {url}. Received: something else, or a damaged one.",
        ANOTHER_ADDRESS,
    ).format(url=url)


def unpacked(span: Path, check: Check, *, member: Member) -> Iterator[bytes]:
    """Yield the content of a member that was downloaded as a span; `check` raises to cancel.

    Raises
    ------
    zipfile.BadZipFile, zlib.error
        If the span is not that member.
    """
    with span.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES or not header.startswith(_SIGNATURE):
            raise zipfile.BadZipFile(Message("no member begins here"))
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        stream.seek(names, io.SEEK_CUR)
        data = _limited(stream, member.packed_bytes)
        for piece in _inflated(data) if member.is_packed else data:
            check()
            yield piece


def _limited(stream: BinaryIO, amount: int) -> Iterator[bytes]:
    while amount > 0 and (piece := stream.read(min(_CHUNK, amount))):
        amount -= len(piece)
        yield piece


def _inflated(data: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in data:
        yield inflater.decompress(piece, _CHUNK)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, _CHUNK)
    yield inflater.flush()
