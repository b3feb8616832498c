"""Progress of a transfer: amount, rate and remaining time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_S = 5.0
"""Seconds over which the rate is averaged: long enough to be steady, short enough to be current."""

_SETTLED_S = 0.5
"""Minimum time for a meaningful rate."""

_INTERVAL_S = 0.1
"""Minimum time between two reports."""


@dataclass(frozen=True)
class TransferProgress:
    """The progress of a transfer.

    Attributes
    ----------
    phase : str
        "download", "store" or "make".
    done, total : int
        In units; a total of 0 is unknown.
    unit : str
        "bytes" or "samples".
    rate : float
        Current units per second; 0 while unknown.
    seconds_left : float or None
        None while unknown.
    """

    phase: str
    done: int
    total: int
    unit: str
    rate: float
    seconds_left: float | None


Report = Callable[[TransferProgress], None]
Check = Callable[[], None]
"""Raises to cancel."""


class Meter:
    """Counts the units done and reports them, at most ten times a second.

    Parameters
    ----------
    report : callable
        Receives a `TransferProgress`.
    phase, unit : str
    total : int
        0 if unknown.
    clock : callable
        Monotonic time in seconds.
    """

    def __init__(
        self,
        report: Report,
        phase: str,
        unit: str,
        total: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report = report
        self._phase = phase
        self._unit = unit
        self._total = total
        self._clock = clock
        self._done = 0
        self._advanced = 0
        self._marks = deque([(clock(), 0)])
        self._reported_at = float("-inf")

    def expect(self, total: int) -> None:
        """Set the total if it was unknown."""
        self._total = self._total or total

    def skip(self, amount: int) -> None:
        """Count units that were done before; negative for units to be done again."""
        self._done += amount
        self._send_report(self._clock())

    def reach(self, done: int) -> None:
        """Count up to `done` units."""
        self.advance(done - self._done)

    def advance(self, amount: int) -> None:
        """Count newly done units."""
        self._done += amount
        self._advanced += amount
        now = self._clock()
        self._marks.append((now, self._advanced))
        while len(self._marks) > 2 and self._marks[1][0] <= now - _WINDOW_S:
            self._marks.popleft()
        if now - self._reported_at >= _INTERVAL_S or self._done == self._total:
            self._send_report(now)

    def _send_report(self, now: float) -> None:
        self._reported_at = now
        then, before = self._marks[0]
        rate = (self._advanced - before) / (now - then) if now - then >= _SETTLED_S else 0.0
        left = max(self._total - self._done, 0) / rate if rate > 0 and self._total else None
        self._report(TransferProgress(self._phase, self._done, self._total, self._unit, rate, left))
