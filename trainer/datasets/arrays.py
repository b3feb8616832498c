"""What numpy raises when it reads a file that is damaged or made to do harm."""

from __future__ import annotations

import tokenize
import zlib
from zipfile import BadZipFile

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
