"""Files that are what they are said to be: size and sha256, while they are written."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from trainer.datasets.download.errors import ANOTHER_ADDRESS, AddressError, web_page
from trainer.datasets.download.progress import Check
from trainer.errors import Message
from trainer.files.disk import writing_to
from trainer.files.paths import replacing

_CHUNK = 256 * 1024
_GZIP = b"\x1f\x8b"
_IDX = b"\0\0\x08"


class DamagedError(AddressError):
    """A file that arrived, but is not the one that was wanted."""


def write_verified(
    target: Path, pieces: Iterable[bytes], size: int, sha256: str, origin: str
) -> None:
    """Write a file if it is the right one; else leave nothing.

    Parameters
    ----------
    target : Path
    pieces : iterable of bytes
    size : int
        Bytes.
    sha256 : str
        Empty: the size must do.
    origin : str
        Where it came from, for the error.

    Raises
    ------
    DamagedError
        If it has another size or sum.
    DiskError
        If it cannot be written.
    """
    digest = hashlib.sha256()
    written = 0
    with writing_to(target.parent), replacing(target) as temporary:
        with temporary.open("wb") as stream:
            for piece in pieces:
                written += len(piece)
                if written > size:
                    break
                digest.update(piece)
                stream.write(piece)
        if written != size or (sha256 and digest.hexdigest() != sha256):
            raise _wrong(target.name, written, size, origin)


def is_verified(path: Path, size: int, sha256: str) -> bool:
    """Tell whether a file is there and the right one."""
    if not path.is_file() or path.stat().st_size != size:
        return False
    with path.open("rb") as stream:
        return not sha256 or hashlib.file_digest(stream, "sha256").hexdigest() == sha256


def _wrong(name: str, written: int, size: int, origin: str) -> DamagedError:
    if written > size:
        received: str = Message("more")
    elif written < size:
        received = f"{written:,}"
    else:
        received = Message("as many, but others: the sha256 differs")
    return DamagedError(
        "Expected the {n_bytes} bytes of {name} from {url}. Received: {received}.",
        "The file is damaged or another one. Fetch again. {another_address}",
    ).format(
        n_bytes=f"{size:,}",
        name=name,
        url=origin,
        received=received,
        another_address=ANOTHER_ADDRESS,
    )


def contents(path: Path, check: Check) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            check()
            yield piece


def gunzipped(path: Path, origin: str, check: Check) -> Iterator[bytes]:
    """Yield the IDX file in a gzip file; one that a server has unpacked already, as it is.

    Raises
    ------
    DamagedError
        If it is neither.
    """
    with path.open("rb") as stream:
        start = stream.read(64)
    if start.startswith(_IDX):
        yield from contents(path, check)
        return
    if start.lstrip().startswith(b"<"):
        raise web_page(origin, Message("a gzip file"))
    if not start.startswith(_GZIP):
        raise DamagedError(
            "Expected a gzip file from {origin}. Received: something else.", ANOTHER_ADDRESS
        ).format(origin=origin)
    try:
        with gzip.open(path, "rb") as stream:
            while piece := stream.read(_CHUNK):
                check()
                yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedError(
            "{path} from {origin} is damaged: {reason}.", "Fetch again. {another_address}"
        ).format(
            path=path.name, origin=origin, reason=error, another_address=ANOTHER_ADDRESS
        ) from error
