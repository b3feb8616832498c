"""Memory that the threads of the window use."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""

_MOST_ARENAS = 2


def share_arenas() -> None:
    """Let all threads share two heaps, where the C library (glibc) would make eight a processor.

    Each keeps what it once held: ten minutes of random use left 60 MB more in the window.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _MOST_ARENAS)
