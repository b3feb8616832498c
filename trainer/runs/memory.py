"""How much memory the computer has left."""

from __future__ import annotations

import sys
from pathlib import Path


def available_memory() -> int | None:
    """Return the bytes that can be had without swapping; None where the system does not tell."""
    if sys.platform == "win32":
        return _windows()
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


if sys.platform == "win32":
    import ctypes

    class _Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("total", "free", "pages", "free_pages", "virtual", "left", "extended")
            ),
        )

    def _windows() -> int | None:
        status = _Status()
        status.length = ctypes.sizeof(_Status)
        done = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.free) if done else None

else:

    def _windows() -> int | None:
        return None


def in_words(n_bytes: float) -> str:
    """Return a size for people: "1.4 GB"."""
    for unit in ("bytes", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"
