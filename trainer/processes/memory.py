"""Memory: of a process, what is free, and a size in words."""

from __future__ import annotations


def memory_of(pid: int) -> int:
    """Return the bytes of a process in memory."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0  # it has just ended


def available_memory() -> int:
    """Return the bytes that can be allocated without swapping."""
    import psutil

    return int(psutil.virtual_memory().available)


def format_bytes(n_bytes: float) -> str:
    """Return a size in readable form: "1.4 GB"."""
    for unit in ("bytes", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"
