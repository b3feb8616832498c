"""Lines that native libraries write on standard error, past Python."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Silence native code on standard error: LiteRT and TensorFlow have no option to stop it."""
    try:
        saved = os.dup(2)
    except OSError:  # a window without a console has none
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
