"""Amounts and names as people read them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from trainer.datasets.store import TEST, TRAIN


def split_text(name: str) -> str:
    """Return the name of a split in the user's language; one of their own stays as it is."""
    known = {
        TRAIN: QCoreApplication.translate("FilterBar", "train"),
        TEST: QCoreApplication.translate("FilterBar", "test"),
    }
    return known.get(name, name)


def size_text(n_bytes: float) -> str:
    """Return an amount of data: 540 B, 33 MB, 1.2 GB."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            value = n_bytes / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    return f"{n_bytes:.0f} B"


def time_text(seconds: float) -> str:
    """Return a span of time: 40 s, 3 min, 1 h 05 min."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
