"""Amounts of the comparison as people read them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from trainer.evaluation.leaderboard import Entry, Repeated

NOTHING = "–"

_LONGEST_NAME = 28
_LAST_PART = 10


def short_name(title: str) -> str:
    """Return a name without its middle if it is long: its beginning and its end tell it apart."""
    if len(title) <= _LONGEST_NAME:
        return title
    return f"{title[: _LONGEST_NAME - _LAST_PART - 1]}…{title[-_LAST_PART:]}"


def share_text(value: float | None) -> str:
    """Return a share: 98.6 %."""
    return NOTHING if value is None else f"{100 * value:.2f} %"


def interval_text(interval: tuple[float, float] | None) -> str:
    """Return an interval: 98.3 to 98.9 %; empty without one."""
    return "" if interval is None else f"{100 * interval[0]:.2f}–{100 * interval[1]:.2f} %"


def time_text(seconds: float) -> str:
    """Return a span of time: 4.2 s, 40 s, 3 min, 1 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 89.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def size_text(n_bytes: float | None) -> str:
    """Return an amount of data: 540 B, 33 MB, 1.2 GB."""
    if n_bytes is None:
        return NOTHING
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            value = n_bytes / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:,.0f} {unit}"
    return f"{n_bytes:.0f} B"


def parameters_text(entry: Entry) -> str:
    """Return the number of trained numbers; a dash for classic models."""
    return f"{entry.run.parameters:,}" if entry.run.parameters else NOTHING


def speed_text(microseconds: float | None) -> str:
    """Return the time to read an image: 4 µs, 1.2 ms."""
    if microseconds is None:
        return NOTHING
    if microseconds < 10:
        return f"{microseconds:.1f} µs"
    return f"{microseconds:.0f} µs" if microseconds < 1000 else f"{microseconds / 1000:.1f} ms"


def repeated_text(group: Repeated) -> str:
    """Return the mean of trainings that differ in their seed, in a line."""
    run = group.entries[0].run
    seeds = sorted({entry.run.seed for entry in group.entries})
    text = QCoreApplication.translate(
        "Compare", "{0} on {1}, {2} runs, seeds {3}: {4:.2f} ± {5:.2f} % validation"
    ).format(
        run.preset,
        run.dataset,
        len(group.entries),
        ", ".join(map(str, seeds)),
        100 * group.mean,
        100 * group.deviation,
    )
    if group.test_mean is None or group.test_deviation is None:
        return text
    test = QCoreApplication.translate("Compare", ", {0:.2f} ± {1:.2f} % test")
    return text + test.format(100 * group.test_mean, 100 * group.test_deviation)
