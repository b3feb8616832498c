"""Append-only files of JSON, one record a line: neither a kill nor a second window damages them."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def append_lines(file: Path, records: Iterable[dict[str, Any]]) -> None:
    """Append records in one durable write, after ending a line that was cut short before.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    lines = (json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n" for r in records)
    data = "".join(lines).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    number = os.open(file, flags, 0o600)
    try:
        size = os.fstat(number).st_size
        if size:
            os.lseek(number, size - 1, os.SEEK_SET)
            if os.read(number, 1) != b"\n":
                data = b"\n" + data
        if os.write(number, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(number)
    finally:
        os.close(number)
