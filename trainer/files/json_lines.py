"""Append-only files of JSON, one record a line: neither a kill nor a second window damages them."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from trainer.files.paths import flush_names


def json_line(record: dict[str, Any]) -> str:
    """Return a record as one line of JSON, without the line's end."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def append_lines(
    file: Path, lines: Iterable[str], *, durable: bool = True, mode: int = 0o600
) -> None:
    """Append lines in one write, after ending a line that was cut short before.

    Parameters
    ----------
    file : Path
        Its folder must exist.
    lines : iterable of str
        Without their ends.
    durable : bool
        Whether to sync them to the disk.
    mode : int
        Rights of a new file, less those that the umask takes.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    data = "".join(f"{line}\n" for line in lines).encode()
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    number = os.open(file, flags, mode)
    try:
        size = os.fstat(number).st_size
        if size:
            os.lseek(number, size - 1, os.SEEK_SET)
            if os.read(number, 1) != b"\n":
                data = b"\n" + data
        if os.write(number, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if durable:
            os.fsync(number)
    finally:
        os.close(number)
    if durable and not size:
        flush_names(file.parent)
