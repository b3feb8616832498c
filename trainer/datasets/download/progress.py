"""How far a long piece of work is: amounts, rate and time left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_S = 5.0
"""The rate is that of the last so many seconds: long enough to be calm, short enough to be true."""

_SETTLED_S = 0.5
"""A rate over less time than that says nothing."""

_INTERVAL_S = 0.1
"""Between two reports: nobody reads faster."""


@dataclass(frozen=True)
class TransferProgress:
    """How far a piece of work is.

    Attributes
    ----------
    phase : str
        "download", "store" or "make".
    done, total : int
        In units; a total of 0 is unknown.
    unit : str
        "bytes" or "samples".
    rate : float
        Units a second, lately; 0 while unknown.
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
"""Raises to end the work."""


class Meter:
    """Counts what is done and reports it, at most ten times a second.

    Parameters
    ----------
    report : callable
        Receives a `TransferProgress`.
    phase, unit : str
    total : int
        0 if unknown.
    clock : callable
        Seconds, never going back.
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
        """Say how much it will be, if that was not known."""
        self._total = self._total or total

    def skip(self, amount: int) -> None:
        """Count what was there already; negative if it has to be done again."""
        self._done += amount
        self._tell(self._clock())

    def reach(self, done: int) -> None:
        """Count up to so much."""
        self.advance(done - self._done)

    def advance(self, amount: int) -> None:
        """Count what was just done."""
        self._done += amount
        self._advanced += amount
        now = self._clock()
        self._marks.append((now, self._advanced))
        while len(self._marks) > 2 and self._marks[1][0] <= now - _WINDOW_S:
            self._marks.popleft()
        if now - self._reported_at >= _INTERVAL_S or self._done == self._total:
            self._tell(now)

    def _tell(self, now: float) -> None:
        self._reported_at = now
        then, before = self._marks[0]
        rate = (self._advanced - before) / (now - then) if now - then >= _SETTLED_S else 0.0
        left = (self._total - self._done) / rate if rate > 0 and self._total else None
        if left is not None:
            left = max(left, 0.0)
        self._report(TransferProgress(self._phase, self._done, self._total, self._unit, rate, left))
